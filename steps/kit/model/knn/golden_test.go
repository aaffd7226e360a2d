package knn

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"assay/steps/kit/model"
)

// TestGolden has the digests of a saved model and of its predictions, which must be the
// same on every machine, whatever its kernels. The data are made of integers, so that they
// are the same as well. A change of the digest of the rows needs a raised version of
// train/knn.
func TestGolden(t *testing.T) {
	const columns, rows = 100, 1200
	rng := rand.New(rand.NewPCG(1, 2))
	window := func() []float32 {
		x := make([]float32, columns)
		for factor := range 10 {
			v := rng.IntN(2001) - 1000
			for c := range x {
				x[c] += float32(v * ((c*c+factor*31)%17 - 8))
			}
		}
		for c := range x {
			if x[c] += float32(rng.IntN(501)); rng.IntN(50) == 0 {
				x[c] = nan
			}
		}
		return x
	}
	var train model.Set
	for i := range rows {
		train.X, train.Y = append(train.X, window()...), append(train.Y, int32(i%3))
	}
	m := fitted(t, Params{5, Distance}, columns, 3, train)
	p := make([]float32, 3)
	said := sha256.New()
	for range 50 {
		m.Predict(p, window())
		for _, v := range p {
			binary.Write(said, binary.LittleEndian, v)
		}
	}
	kept := sha256.Sum256(saved(t, m)[RowsFile].Data)
	if got := hex.EncodeToString(kept[:8]); got != "67eced5341a243d9" {
		t.Errorf("the rows have the digest %s", got)
	}
	if got := hex.EncodeToString(said.Sum(nil)[:8]); got != "ed1cec1839814cc8" {
		t.Errorf("the predictions have the digest %s", got)
	}
}
