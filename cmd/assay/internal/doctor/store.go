package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"assay/artifacts"
	"assay/artifacts/store"
)

// checkStore opens the store, or looks whether a run could make one, and tries its file system there.
func checkStore(ctx context.Context, p Patient) []Line {
	is, err := store.IsStore(p.Store)
	if err != nil {
		return []Line{{"store", Broken, err.Error(), "name another store with --store, or mend this one"}}
	}
	if !is {
		return checkNoStore(p)
	}
	var warned []string
	st, err := store.Open(p.Store, func(text string) { warned = append(warned, text) })
	if err != nil {
		return []Line{{"store", Broken, err.Error(), "see that this user may read and write " + p.Store}}
	}
	defer st.Close()
	line := Line{Check: "store", State: OK, Found: filepath.ToSlash(p.Store)}
	if len(warned) > 0 {
		line.State, line.Found, line.Remedy = Note, warned[0], "assay fsck"
	}
	place, err := st.Scratch()
	if err != nil {
		return []Line{line, {"store is writable", Broken, err.Error(), "see that this user may write to " + p.Store}}
	}
	defer place.Release()
	return append(append([]Line{line}, checkLocks(ctx, st, p)), checkFiles(place.Dir)...)
}

// checkNoStore tries the folder in which a run would make the store.
func checkNoStore(p Patient) []Line {
	dir := filepath.Dir(p.Store)
	place, err := os.MkdirTemp(dir, ".assay-doctor-")
	if err != nil {
		return []Line{{"store", Broken, "there is none, and none can be made: " + err.Error(),
			"run assay in a folder that you may write to, or name one with --store"}}
	}
	defer os.RemoveAll(place)
	line := Line{Check: "store", State: OK, Found: "none at " + filepath.ToSlash(p.Store) + "; the first run makes one"}
	return append([]Line{line}, checkFiles(place)...)
}

// checkLocks sees that locks keep processes apart: whoever else has the store open must be noticed.
func checkLocks(ctx context.Context, st *store.Store, p Patient) Line {
	const remedy = "move the store to a local disk, or mount the file system with locks (NFS: local_lock=none, and lockd)"
	unlock, err := st.LockAction(ctx, artifacts.Of([]byte("assay doctor")))
	if err != nil {
		return Line{"locks", Broken, err.Error(), remedy}
	}
	unlock()
	other, err := store.Open(p.Store, func(string) {})
	if err != nil {
		return Line{"locks", Broken, err.Error(), remedy}
	}
	defer other.Close()
	release, err := other.Exclusive()
	switch {
	case err == nil:
		release()
		return Line{"locks", Broken, "two processes can have the store alone at the same time", remedy}
	case !errors.Is(err, store.ErrBusy):
		return Line{"locks", Note, fmt.Sprintf("not tried: %v", err), ""}
	}
	return Line{"locks", OK, "the kernel keeps processes apart", ""}
}
