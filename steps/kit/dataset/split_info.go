package dataset

import (
	"fmt"
	"maps"
	"slices"
)

// agree returns an error if split.json says anything else than the rows of its
// table. What it does not say is not compared.
func (info *SplitInfo) agree(rows []AssignmentRow) error {
	episodes, boots := map[Part]int{}, map[Part]int{}
	profiles := map[Part]map[string]int{Train: {}, Validation: {}, Test: {}, Excluded: {}}
	type boot struct {
		part Part
		name string
	}
	seen := map[boot]bool{}
	for _, r := range rows {
		episodes[r.Part]++
		profiles[r.Part][r.Profile]++
		if b := (boot{r.Part, r.Boot}); !seen[b] {
			seen[b] = true
			boots[r.Part]++
		}
	}
	for _, part := range slices.Sorted(maps.Keys(info.Episodes)) {
		if n := info.Episodes[part]; n != episodes[part] {
			return contradiction("%d episodes are in the part %s", n, part, episodes[part])
		}
	}
	for _, part := range slices.Sorted(maps.Keys(info.Boots)) {
		if n := info.Boots[part]; n != boots[part] {
			return contradiction("%d boots are in the part %s", n, part, boots[part])
		}
	}
	for _, part := range slices.Sorted(maps.Keys(info.Profiles)) {
		if !maps.Equal(info.Profiles[part], profiles[part]) {
			return contradiction("the profiles of the episodes are %v in the part %s", info.Profiles[part], part, profiles[part])
		}
	}
	if info.UntestedProfiles != nil {
		said, want := slices.Sorted(slices.Values(info.UntestedProfiles)), untested(profiles)
		if !slices.Equal(said, want) {
			return fmt.Errorf("%s says that the untested profiles are %q, by %s they are %q", SplitInfoFile, said, AssignmentFile, want)
		}
	}
	return info.holds(rows)
}

func contradiction(format string, said any, part Part, found any) error {
	return fmt.Errorf("%s says that "+format+", but %s has %v", SplitInfoFile, said, part, AssignmentFile, found)
}

// untested lists the profiles of the training part that the test part lacks.
func untested(profiles map[Part]map[string]int) []string {
	var list []string
	for name := range profiles[Train] {
		if profiles[Test][name] == 0 {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
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
// a model learns from.
func (info *SplitInfo) holds(rows []AssignmentRow) error {
	held := info.Held
	if len(held) == 0 {
		held = []HeldOut{{By: info.By, Names: info.Test}}
	}
	for _, h := range held {
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
				if name := a.name(r); r.Part != Excluded && out[name] != (r.Part == Test) {
					return fmt.Errorf("%s holds out %s %q, but %s has episode %s of host %s, which is of %s %s, in the part %s",
						SplitInfoFile, a.by, h.Names, AssignmentFile, r.Episode, r.Host, a.by, name, r.Part)
				}
			}
		}
	}
	return nil
}
