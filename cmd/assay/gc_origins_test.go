package main

import (
	"strings"
	"testing"

	"assay/engine/journal"
)

func TestOriginText(t *testing.T) {
	for _, test := range []struct {
		o    journal.Origin
		want string
	}{
		{journal.Origin{Node: "fit[by=one]", Recipe: "r.yaml"}, "fit[by=one] of r.yaml"},
		{journal.Origin{Node: "fit", Recipe: "r.yaml", With: []string{"--set a=1", "--params p.yaml"}}, "fit of r.yaml --set a=1 --params p.yaml"},
		{journal.Origin{Node: "fit", Recipe: "r.yaml", With: []string{"--set a=\x1b[1m\nb"}}, "fit of r.yaml --set a=[1m"},
		{journal.Origin{Node: strings.Repeat("é", 100), Recipe: "r"}, strings.Repeat("é", maxOrigin-1) + "…"},
	} {
		if got := originText(test.o); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
