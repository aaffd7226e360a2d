package logistic

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"assay/steps/kit/model"
)

// TestGolden: the same windows make the same bytes on every machine. The windows are made
// of integers, so that they are the same themselves.
func TestGolden(t *testing.T) {
	made := func(n int) (s model.Set) {
		state := uint32(7)
		next := func() int {
			state = state*1664525 + 1013904223
			return int(state >> 20)
		}
		for i := range n {
			y := i * i % 5
			s.Y = append(s.Y, int32(y))
			for f := range 3 {
				s.X = append(s.X, float32(next()+1500*((y+f)%3))/float32(1+f*f))
			}
		}
		return s
	}
	fit, err := Train(t.Context(), settings(), schema(), made(500), made(90), quiet)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(save(t, fit.Model))
	const want = "41bf285c3ccc5fa2b8b0462d70964b942c521108489d7b8c4aed66e7cb3d4954"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("the model is %s, want %s", got, want)
	}
}
