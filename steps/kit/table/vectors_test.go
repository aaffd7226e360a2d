package table

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/matrix"
)

// vectorsBytes takes the first row of each block for its episode.
func vectorsBytes(t testing.TB, features []string, hash string, blocks []block) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewVectorsWriter(&b, features, hash)
	for _, k := range blocks {
		if err := w.Append(k.ep, k.x[:len(features)]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// checkVectors compares a table with the blocks it was made of, in key order.
func checkVectors(t *testing.T, v *Vectors, blocks []block) {
	t.Helper()
	if len(v.Episodes) != len(blocks) || len(v.X) != len(blocks)*len(v.Features) {
		t.Fatalf("%d episodes and %d values, want %d episodes", len(v.Episodes), len(v.X), len(blocks))
	}
	for i, b := range blocks {
		same := func(a, b float32) bool { return a == b || a != a && b != b }
		if v.Episodes[i] != b.ep || !slices.EqualFunc(v.Row(i), b.x[:len(v.Features)], same) {
			t.Fatalf("episode %d is %+v with %v", i, v.Episodes[i], v.Row(i))
		}
	}
}

func TestVectorsRoundTrip(t *testing.T) {
	for _, c := range []struct{ episodes, features int }{{0, 3}, {1, 3}, {40, 7}, {matrix.GroupRows + 1, 2}, {5, 0}, {7, channel.NumFeatures}} {
		f := featureNames(c.features)
		blocks := sampleBlocks(c.episodes, c.features)
		file := file(vectorsBytes(t, f, "abc", blocks))
		v, err := ReadVectors(fstest.MapFS{"shard-01/" + VectorsFile: file})
		if err != nil {
			t.Fatal(err)
		}
		hash := "abc"
		if c.features < channel.NumFeatures {
			hash = "" // it is of other features
		}
		if v.SchemaHash != hash || !slices.Equal(v.Features, f) {
			t.Errorf("%+v: hash %q, features %v", c, v.SchemaHash, v.Features)
		}
		checkVectors(t, v, blocks)
	}
}

func TestVectorsParts(t *testing.T) {
	f := featureNames(4)
	blocks := sampleBlocks(60, 4)
	mixed := slices.Clone(blocks)
	rand.New(rand.NewPCG(3, 9)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	parts := fstest.MapFS{"7/" + VectorsFile: file(vectorsBytes(t, f, "h", nil))}
	for i := range 6 {
		parts[fmt.Sprintf("%d/%s", i, VectorsFile)] = file(vectorsBytes(t, f, "h", mixed[i*10:(i+1)*10]))
	}
	v, err := ReadVectors(parts)
	if err != nil {
		t.Fatal(err)
	}
	checkVectors(t, v, blocks)
}

func TestVectorsMistakes(t *testing.T) {
	f := featureNames(2)
	blocks := sampleBlocks(3, 2)
	a := file(vectorsBytes(t, f, "one", blocks))
	for want, b := range map[string][]byte{
		"there twice":        vectorsBytes(t, f, "one", blocks[1:2]),
		"schema hash":        vectorsBytes(t, f, "two", nil),
		"3 features are not": vectorsBytes(t, featureNames(3), "one", nil),
		"windows table":      windowsBytes(t, f, "one", blocks),
	} {
		_, err := ReadVectors(fstest.MapFS{"a.parquet": a, "b.parquet": file(b)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := ReadWindows(fstest.MapFS{"a.parquet": a}); err == nil {
		t.Error("vectors are read as windows")
	}
	w := NewVectorsWriter(&bytes.Buffer{}, f, "")
	if err := w.Append(blocks[0].ep, []float32{1}); err == nil || w.Close() == nil {
		t.Error("one value for two features is accepted")
	}
	if err := NewVectorsWriter(&bytes.Buffer{}, []string{"a", "a"}, "").Close(); err == nil {
		t.Error("a feature may be there twice")
	}
}

// TestVectorsDamage flips bits and cuts the file.
func TestVectorsDamage(t *testing.T) {
	good := vectorsBytes(t, featureNames(3), "h", sampleBlocks(30, 3))
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		bad := bytes.Clone(good)
		bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
		for _, b := range [][]byte{bad, good[:rng.IntN(len(good))]} {
			if n := allocated(func() { ReadVectors(fstest.MapFS{"v.parquet": file(b)}) }); n > 512<<20 {
				t.Fatalf("reading it takes %d MB", n>>20)
			}
		}
	}
}

func FuzzReadVectors(f *testing.F) {
	f.Add(vectorsBytes(f, featureNames(3), "h", sampleBlocks(10, 3)))
	fuzz(f, func(t *testing.T, b []byte) error {
		v, err := ReadVectors(fstest.MapFS{"v.parquet": file(b)})
		if err == nil && len(v.X) != len(v.Episodes)*len(v.Features) {
			return fmt.Errorf("%d values for %d episodes of %d features", len(v.X), len(v.Episodes), len(v.Features))
		}
		return nil
	})
}
