// Package saved opens models that a trainer saved, whatever their family. Call [Open].
//
// A family is added by a line in families.
package saved

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"assay/steps/kit/channel"
	"assay/steps/kit/model"
	"assay/steps/kit/model/gbt"
	"assay/steps/kit/model/knn"
	"assay/steps/kit/model/logistic"
	"assay/steps/kit/model/nn"
	"assay/steps/kit/model/rocket"
)

// A family recognizes its models by the name of their file.
type family struct {
	file string
	load func(fs.FS) (model.Model, error)
}

func families() []family {
	return []family{
		{gbt.File, openGBT},
		{logistic.File, func(fsys fs.FS) (model.Model, error) { return logistic.Open(fsys) }},
		{nn.File, func(fsys fs.FS) (model.Model, error) { return nn.Open(fsys) }},
		{rocket.File, func(fsys fs.FS) (model.Model, error) { return rocket.Open(fsys) }},
		{knn.File, func(fsys fs.FS) (model.Model, error) { return knn.Open(fsys) }},
	}
}

// Open reads the model of an artifact. It fails if the artifact has no file of a known
// family, and names those, or if the file is not what its family writes.
func Open(fsys fs.FS) (model.Model, error) {
	var names []string
	for _, fam := range families() {
		if _, err := fs.Stat(fsys, fam.file); errors.Is(err, fs.ErrNotExist) {
			names = append(names, fam.file)
			continue
		}
		return fam.load(fsys)
	}
	return nil, fmt.Errorf("there is no model: a model is a file %s; connect the output \"model\" of a step that trains", strings.Join(names, " or "))
}

// openGBT opens trees. XGBoost knows classes by number alone: those are the phases in their
// order, if there are as many.
func openGBT(fsys fs.FS) (model.Model, error) {
	f, err := fsys.Open(gbt.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := gbt.Load(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", gbt.File, err)
	}
	if len(m.Classes) == channel.NumPhases && m.Numbered() {
		m.Classes = channel.Phases()
	}
	return m, nil
}
