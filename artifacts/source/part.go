package source

import (
	"context"
	"fmt"
	"os"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// Part opens the files of want, a sub-tree of the source at root that another process has
// scanned. It looks at no other file of the source, and hashes what it opens, since stamps of
// two machines cannot be compared. If a file is not what want says, the error wraps
// [ErrChanged].
func Part(ctx context.Context, root string, want artifacts.Tree) (*Source, error) {
	st, err := os.Stat(root)
	if err != nil {
		return nil, fmt.Errorf("the source %s is not there; is it on a file system that this machine shares? %w", root, err)
	}
	src := &Source{Root: root, file: !st.IsDir(), part: true, Tree: make(artifacts.Tree, len(want)),
		stamps: make([]disk.Stamp, len(want))}
	copy(src.Tree, want)
	all := make([]int, len(want))
	l := looker{src: src}
	defer l.close()
	for i, f := range want {
		all[i] = i
		if src.stamps[i], err = l.look(f.Name); err != nil {
			return nil, fmt.Errorf("%s %w", src.path(f.Name), ErrChanged)
		}
	}
	if err := src.hash(ctx, all); err != nil {
		return nil, err
	}
	return src, src.Is(want)
}

// Is returns an error that wraps [ErrChanged] if the files of a source are not those of want.
func (src *Source) Is(want artifacts.Tree) error {
	if len(src.Tree) != len(want) {
		return fmt.Errorf("%s %w", src.Root, ErrChanged)
	}
	for i, f := range src.Tree {
		if f != want[i] {
			return fmt.Errorf("%s %w", src.path(want[i].Name), ErrChanged)
		}
	}
	return nil
}
