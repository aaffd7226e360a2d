package model

import (
	"fmt"

	"assay/steps/kit/channel"
)

// A View says which channels a model may see.
type View string

// The views.
const (
	Realistic View = "realistic" // the channels that exist in deployment
	Oracle    View = "oracle"    // all of them
)

// Check returns an error if v is not a view.
func (v View) Check() error {
	if v != Realistic && v != Oracle {
		return fmt.Errorf("view is %q, want %s (channels of the deployment) or %s (all channels)", string(v),
			Realistic, Oracle)
	}
	return nil
}

// sees returns the indices of the features, or channels, that the view shows.
func (v View) sees(features []string) []int {
	var list []int
	for i, f := range features {
		if v == Oracle || channel.Deployed(f) {
			list = append(list, i)
		}
	}
	return list
}
