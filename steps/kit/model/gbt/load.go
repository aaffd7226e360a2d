package gbt

import (
	"fmt"
	"io"

	"assay/steps/kit/model/gbt/xgb"
)

// Load reads a classifier that [Model.Save] wrote, or XGBoost: JSON or UBJSON, of any release
// since 1.7. Whatever the bytes, it returns an error or a model that [Model.Predict] can
// evaluate. Its margins are those of XGBoost to the bit.
//
// Without our attributes the classes are named by their numbers, "0" and on, and the
// features' names must be in the file. With them, names that do not match the hash of the
// schema are refused. Compare the schema with that of the data by [Schema.Match].
//
// The file of a scikit-learn classifier that stopped early is cut after its best round, as that
// classifier predicts; that of a Booster is not, as a Booster predicts with all rounds. The
// objectives are multi:softprob and multi:softmax, and binary:logistic, whose trees are those
// of the second of two classes; the first class has margin 0. Refused by name: other
// objectives, other boosters than gbtree, splits by category, leaves of several values.
func Load(r io.Reader) (*Model, error) {
	x, err := xgb.Read(r)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	m, err := fromXGB(&x.Learner)
	if err == nil {
		err = x.NotFinite // last, as what is refused by name may have such numbers
	}
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

// fromXGB checks the contents of a file and builds the model.
func fromXGB(l *xgb.Learner) (*Model, error) {
	shape, err := shapeOf(l)
	if err != nil {
		return nil, err
	}
	m := &Model{}
	if m.Schema, err = schemaOf(l, shape); err != nil {
		return nil, err
	}
	if m.Start, err = shape.starts(string(l.Param.BaseScore)); err != nil {
		return nil, err
	}
	order, err := shape.order(l)
	if err != nil {
		return nil, err
	}
	for _, i := range order {
		if i < 0 {
			m.Trees = append(m.Trees, Tree{{}})
			continue
		}
		t, err := nodes(&l.Booster.Model.Trees[i], len(m.Features))
		if err != nil {
			return nil, fmt.Errorf("tree %d: %w", i, err)
		}
		m.Trees = append(m.Trees, t)
	}
	return m, nil
}
