package training

import (
	"context"
	"encoding/json"
	"testing"

	"assay/steps/kit/model"
)

// params are the least that a family has.
type params struct {
	Common
	Rounds int `json:"rounds" doc:"rounds"`
}

func (p *params) Check() error { return p.View.Check() }

// TestSharedParametersAreTheKindsOwn has the parameters of all families decoded
// and written beside those of one.
func TestSharedParametersAreTheKindsOwn(t *testing.T) {
	k := Kind(Family[params]{
		Name: "train/none", Version: "1", Defaults: params{Common{model.Oracle, 3}, 7},
		Fit: func(context.Context, *params, *model.Data) (*Fit, error) { return nil, nil },
	})
	p := k.Params()
	if err := json.Unmarshal([]byte(`{"seed": 4}`), p); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil || string(text) != `{"view":"oracle","seed":4,"rounds":7}` {
		t.Errorf("%s, %v", text, err)
	}
	if k.Params().(*params).Seed != 3 {
		t.Error("the defaults changed")
	}
}
