// Package saved opens models that a trainer saved, whatever their family. Call [Open].
//
// A family is added by a line in families.
package saved

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
)

// A family recognizes its models by the name of their file.
type family struct {
	file string
	load func(fs.File) (model.Model, error)
}

func families() []family {
	return []family{
		{gbt.File, func(f fs.File) (model.Model, error) { return gbt.Load(f) }},
	}
}

// Open reads the model of an artifact. It fails if the artifact has no file of a known
// family, and names those, or if the file is not what its family writes.
func Open(fsys fs.FS) (model.Model, error) {
	var names []string
	for _, fam := range families() {
		f, err := fsys.Open(fam.file)
		if errors.Is(err, fs.ErrNotExist) {
			names = append(names, fam.file)
			continue
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		m, err := fam.load(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fam.file, err)
		}
		return m, nil
	}
	return nil, fmt.Errorf("there is no model: a model is a file %s; connect the output \"model\" of a step that trains", strings.Join(names, " or "))
}
