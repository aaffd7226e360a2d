package split

import (
	"errors"
	"io"
	"os"
	"slices"

	"assay/steps/kit/dataset"
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
		create(root, dataset.AssignmentFile, func(w io.Writer) error { return dataset.WriteAssignment(w, a.Rows) }),
		create(root, dataset.SplitInfoFile, func(w io.Writer) error { return dataset.WriteSplitInfo(w, a.Info) }),
		create(root, CountsFile, func(w io.Writer) error { return writeCounts(w, a.Rows, index) }),
	)
}

func create(root *os.Root, name string, write func(io.Writer) error) error {
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
