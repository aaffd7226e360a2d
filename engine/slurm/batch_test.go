package slurm

import (
	"testing"
	"time"
)

// In no minute are there more submissions than allowed.
func TestBucket(t *testing.T) {
	for _, most := range []int{1, 2, 20, 600} {
		b, now := newBucket(most), time.Unix(0, 0)
		var at []time.Time
		for now.Before(time.Unix(600, 0)) {
			wait := b.take(now)
			if wait == 0 {
				at = append(at, now)
			}
			now = now.Add(wait)
		}
		for i := range at {
			n := 0
			for _, u := range at[i:] {
				if u.Sub(at[i]) < time.Minute {
					n++
				}
			}
			if n > max(most, 2) {
				t.Fatalf("%d in a minute, allowed are %d", n, most)
			}
		}
		if len(at) < 10*most/2 {
			t.Errorf("only %d in ten minutes, of %d a minute", len(at), most)
		}
	}
}
