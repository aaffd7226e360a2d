package artifacts

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// removeAll is [os.RemoveAll] for what is assay's own: folders that a command
// made read-only, as Go does with its module cache, are opened up. It follows no
// links.
func removeAll(dir string) error {
	err := os.RemoveAll(dir)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	openUpAll(dir)
	return os.RemoveAll(dir)
}

// openUpAll opens up a folder and those below it, as far as they are this user's.
func openUpAll(dir string) {
	if openUp(dir) != nil {
		return
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			openUpAll(filepath.Join(dir, e.Name()))
		}
	}
}
