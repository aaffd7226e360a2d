package step

import (
	"reflect"
	"testing"
)

type shared struct {
	View string `json:"view" oneof:"realistic oracle" doc:"what it sees"`
}

// TestFields checks that the parameters of an embedded struct are listed at its position.
func TestFields(t *testing.T) {
	p := struct {
		First int `json:"first,omitempty"`
		shared
		Named   shared `json:"named"`
		Hidden  int    `json:"-"`
		private int
	}{}
	p.private, p.Hidden = 1, 1
	var keys []string
	for _, f := range Fields(reflect.ValueOf(&p).Elem()) {
		keys = append(keys, f.Key)
		if f.Key == "view" {
			f.Value.SetString("oracle")
			if !reflect.DeepEqual(f.OneOf, []string{"realistic", "oracle"}) || f.Doc != "what it sees" {
				t.Errorf("%+v", f)
			}
		}
	}
	if !reflect.DeepEqual(keys, []string{"first", "view", "named"}) || p.View != "oracle" {
		t.Errorf("keys %v, view %q", keys, p.View)
	}
}
