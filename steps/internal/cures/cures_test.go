package cures

import (
	"reflect"
	"testing"
	"time"

	"assay/engine/step"
	"assay/steps/kit/channel"
)

// TestEveryCure switches each field on by itself: it must reach the field of the
// same name, and no other.
func TestEveryCure(t *testing.T) {
	if (Params{}).InSeconds() != (channel.Cures{}) {
		t.Error("a cure is on by default")
	}
	for i := range reflect.TypeFor[Params]().NumField() {
		var p Params
		f := reflect.ValueOf(&p).Elem().Field(i)
		if f.Kind() == reflect.Bool {
			f.SetBool(true)
		} else {
			f.SetInt(int64(3 * time.Second))
		}
		name := reflect.TypeFor[Params]().Field(i).Name
		got := reflect.ValueOf(p.InSeconds())
		for k := range got.NumField() {
			on := !got.Field(k).IsZero()
			if on != (got.Type().Field(k).Name == name) {
				t.Errorf("with %s, %s is %v", name, got.Type().Field(k).Name, got.Field(k))
			}
		}
	}
	if p := (Params{MaxGap: step.Duration(3 * time.Second)}); p.InSeconds().MaxGap != 3 || p.Check() != nil {
		t.Errorf("3s are %v s (%v)", p.InSeconds().MaxGap, p.Check())
	}
	if (Params{MaxGap: -1}).Check() == nil {
		t.Error("a negative gap is accepted")
	}
}
