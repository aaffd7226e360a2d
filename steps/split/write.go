package split

import (
	"errors"
	"io"
	"os"
	"slices"

	"assay/steps/kit/files"
	"assay/steps/kit/table"
)

// summary counts what is in the parts.
func summary(rows []table.AssignmentRow) table.SplitInfo {
	info := table.SplitInfo{
		UntestedProfiles: []string{},
		Episodes:         map[table.Part]int{}, Boots: map[table.Part]int{},
		Profiles: map[table.Part]map[string]int{},
	}
	for _, p := range parts() {
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
	for profile := range info.Profiles[table.Train] {
		if info.Profiles[table.Test][profile] == 0 {
			info.UntestedProfiles = append(info.UntestedProfiles, profile)
		}
	}
	slices.Sort(info.UntestedProfiles)
	return info
}

// write leaves the three files of the artifact.
func write(root *os.Root, a *table.Assignment, index []table.Episode) error {
	return errors.Join(
		files.Write(root, table.AssignmentFile, func(w io.Writer) error {
			return table.WriteAssignment(w,
				a.Rows)
		}),
		files.Write(root, table.SplitInfoFile, func(w io.Writer) error { return table.WriteSplitInfo(w, a.Info) }),
		files.Write(root, CountsFile, func(w io.Writer) error { return writeCounts(w, a.Rows, index) }),
	)
}
