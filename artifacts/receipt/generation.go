package receipt

import (
	"fmt"
	"os"
	"path/filepath"

	"assay/artifacts/disk"
	"assay/artifacts/store"
)

// Generation names the folder of records as it is. It is another once that
// folder or one in it was removed or made again, so whoever remembers that all is
// recorded learns with one stat that it may no longer be. The first record
// under two digits changes it too: what needs it unchanged is to ask at the end of its
// work.
func Generation(s *store.Store) string {
	st, err := os.Stat(filepath.Join(s.Dir(), "actions"))
	if err != nil {
		return "none"
	}
	at := disk.StampOf(st)
	return fmt.Sprintf("%d %d", at.Inode, at.Mtime)
}
