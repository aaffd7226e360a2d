package store

import (
	"fmt"
	"path/filepath"

	"assay/artifacts/work"
)

// usedAbroad returns an error that wraps [ErrBusy] if processes of other machines are at work in
// the store, or jobs of a cluster may be. Kernel locks do not tell on every file system.
func (s *Store) usedAbroad() error {
	if list := work.Abroad(filepath.Join(s.dir, "tmp")); len(list) > 0 {
		return fmt.Errorf("%w; it is on another machine, as tmp/%s in the store says (one that was killed counts for %s)",
			ErrBusy, list[0], work.Silent)
	}
	open, err := filepath.Glob(filepath.Join(s.dir, ClusterDir, "*", "open"))
	if err != nil || len(open) == 0 {
		return err
	}
	return fmt.Errorf("%w; jobs on a cluster may be: see assay status. Run their recipe again to its end, or if none of "+
		"them is left, remove %s", ErrBusy, filepath.Dir(open[0]))
}
