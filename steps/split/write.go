package split

import (
	"errors"
	"io"
	"os"
	"slices"

	"assay/steps/kit/dataset"
	"assay/steps/kit/files"
)

// summary counts what is in the parts.
func summary(rows []dataset.AssignmentRow) dataset.SplitInfo {
	info := dataset.SplitInfo{
		UntestedProfiles: []string{},
		Episodes:         map[dataset.Part]int{}, Boots: map[dataset.Part]int{},
		Profiles: map[dataset.Part]map[string]int{},
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
	for profile := range info.Profiles[dataset.Train] {
		if info.Profiles[dataset.Test][profile] == 0 {
			info.UntestedProfiles = append(info.UntestedProfiles, profile)
		}
	}
	slices.Sort(info.UntestedProfiles)
	return info
}

// write leaves the three files of the artifact.
func write(root *os.Root, a *dataset.Assignment, index []dataset.Episode) error {
	return errors.Join(
		files.Write(root, dataset.AssignmentFile, func(w io.Writer) error {
			return dataset.WriteAssignment(w,
				a.Rows)
		}),
		files.Write(root, dataset.SplitInfoFile, func(w io.Writer) error { return dataset.WriteSplitInfo(w, a.Info) }),
		files.Write(root, CountsFile, func(w io.Writer) error { return writeCounts(w, a.Rows, index) }),
	)
}
