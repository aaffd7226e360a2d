package table

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// agree returns an error if split.json says anything else than the rows of its
// table. What it does not say is not compared.
func (info *SplitInfo) agree(rows []AssignmentRow) error {
	found := CountParts(rows)
	for _, part := range slices.Sorted(maps.Keys(info.Episodes)) {
		if n := info.Episodes[part]; n != found.Episodes[part] {
			return contradiction("%d episodes are in the part %s", n, part, found.Episodes[part])
		}
	}
	for _, part := range slices.Sorted(maps.Keys(info.Boots)) {
		if n := info.Boots[part]; n != found.Boots[part] {
			return contradiction("%d boots are in the part %s", n, part, found.Boots[part])
		}
	}
	for _, part := range slices.Sorted(maps.Keys(info.Profiles)) {
		if !maps.Equal(info.Profiles[part], found.Profiles[part]) {
			return contradiction("the profiles of the episodes are %v in the part %s", info.Profiles[part], part,
				found.Profiles[part])
		}
	}
	if info.UntestedProfiles != nil {
		said, want := slices.Sorted(slices.Values(info.UntestedProfiles)), found.UntestedProfiles
		if !slices.Equal(said, want) {
			return fmt.Errorf("%s says that the untested profiles are %q, by %s they are %q", SplitInfoFile, said,
				AssignmentFile, want)
		}
	}
	if err := info.agreeItself(); err != nil {
		return err
	}
	return info.holds(rows)
}

func contradiction(format string, said any, part Part, found any) error {
	return fmt.Errorf("%s says that "+format+", but %s has %v", SplitInfoFile, said, part, AssignmentFile, found)
}

// CountParts counts what is in the parts of a split, and leaves out what is held out.
func CountParts(rows []AssignmentRow) SplitInfo {
	info := SplitInfo{Episodes: map[Part]int{}, Boots: map[Part]int{}, Profiles: map[Part]map[string]int{}}
	for _, p := range Parts() {
		info.Episodes[p], info.Boots[p], info.Profiles[p] = 0, 0, map[string]int{}
	}
	seen := map[[2]string]bool{}
	for _, r := range rows {
		info.Episodes[r.Part]++
		info.Profiles[r.Part][r.Profile]++
		if b := [2]string{string(r.Part), r.Boot}; !seen[b] {
			seen[b] = true
			info.Boots[r.Part]++
		}
	}
	info.UntestedProfiles = info.ProfilesOnlyIn(Train, Test)
	return info
}

// ProfilesOnlyIn lists the profiles of one part that another part lacks, sorted. The
// list is never nil.
func (info *SplitInfo) ProfilesOnlyIn(part, other Part) []string {
	list := []string{}
	for name := range info.Profiles[part] {
		if info.Profiles[other][name] == 0 {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// agreeItself compares what is held out with its two shorter forms, by and test.
func (info *SplitInfo) agreeItself() error {
	if len(info.Held) == 0 {
		return nil
	}
	var by, names []string
	for _, h := range info.Held {
		by, names = append(by, h.By), append(names, h.Names...)
	}
	said := strings.Split(info.By, "+")
	if !slices.Equal(slices.Sorted(slices.Values(said)), slices.Sorted(slices.Values(by))) {
		return fmt.Errorf("%s says that the split is by %s, but it holds out by %s", SplitInfoFile, info.By,
			strings.Join(by, "+"))
	}
	if info.Test != nil && !slices.Equal(slices.Sorted(slices.Values(info.Test)), slices.Sorted(slices.Values(names))) {
		return fmt.Errorf("%s says that %q is held out in test, and %q in held", SplitInfoFile, info.Test, names)
	}
	return nil
}

// aspects say what an episode's name is, where names are held out. By time, no
// names are.
var aspects = [...]struct {
	by   string
	name func(*AssignmentRow) string
}{
	{"host", func(r *AssignmentRow) string { return r.Host }},
	{"sample", func(r *AssignmentRow) string { return r.Profile + "/" + r.Sample }},
	{"boot", func(r *AssignmentRow) string { return r.Boot }},
}

// holds checks that what is held out is in the test part and nowhere else that
// a model learns from, and that nothing is trained on that validation holds out.
func (info *SplitInfo) holds(rows []AssignmentRow) error {
	held := info.Held
	if len(held) == 0 {
		held = []HeldOut{{By: info.By, Names: info.Test}}
	}
	for _, h := range held {
		if err := h.find(rows, func(p Part, out bool) bool { return p != Excluded && out != (p == Test) }); err != nil {
			return err
		}
	}
	for _, h := range info.Validation {
		if err := h.find(rows, func(p Part, out bool) bool { return p == Train && out }); err != nil {
			return fmt.Errorf("for validation, %w", err)
		}
	}
	return nil
}

// find returns an error that names the first episode in a part that is wrong for it,
// as it is held out or not.
func (h HeldOut) find(rows []AssignmentRow, wrong func(p Part, out bool) bool) error {
	for _, a := range aspects {
		if a.by != h.By || len(h.Names) == 0 {
			continue
		}
		out := map[string]bool{}
		for _, name := range h.Names {
			out[name] = true
		}
		for i := range rows {
			r := &rows[i]
			if name := a.name(r); wrong(r.Part, out[name]) {
				return fmt.Errorf("%s holds out %s %q, but %s has episode %s of host %s, which is of %s %s, in the part %s",
					SplitInfoFile, a.by, h.Names, AssignmentFile, r.Episode, r.Host, a.by, name, r.Part)
			}
		}
	}
	return nil
}
