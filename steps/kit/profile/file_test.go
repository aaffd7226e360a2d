package profile

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/episode/episodetest"
)

func encode(t testing.TB, list ...*Envelope) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reread writes an envelope and reads it again.
func reread(t testing.TB, e *Envelope) *Envelope {
	t.Helper()
	list, err := Read(fstest.MapFS{File: {Data: encode(t, e)}})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d envelopes, %v", len(list), err)
	}
	return list[0]
}

// example is an envelope of so many points, the first of them missing.
func example(points int) *Envelope {
	curve := make([]float64, points)
	for i := range curve {
		curve[i] = float64(i) / 3
	}
	if points > 0 {
		curve[0] = math.NaN()
	}
	return Aggregate(Subject{"p", "guest.cpu_user"}, [][]float64{curve, curve}, true)
}

// TestFile: what is written is read again; lists in single precision, missing points
// missing.
func TestFile(t *testing.T) {
	e := example(20)
	e.Attempted = 5
	got := reread(t, e)
	if got.Subject != e.Subject || got.Used != 2 || got.Attempted != 5 || got.Low != e.Low || got.High != e.High {
		t.Errorf("read again: %+v", got)
	}
	for i, v := range e.Median {
		if !episodetest.Same(got.Median[i], float64(float32(v))) || !episodetest.Same(got.Scaled[i], float64(float32(e.Scaled[i]))) {
			t.Errorf("point %d is %v, want %v", i, got.Median[i], v)
		}
	}
	if !bytes.Equal(encode(t, e), encode(t, e)) {
		t.Error("a second file has other bytes")
	}
	e.P75[3] = 1e300
	if v := reread(t, e).P75[3]; v != math.MaxFloat32 {
		t.Errorf("1e300 becomes %v", v)
	}
}

// TestBadFile: what is wrong is said with its place.
func TestBadFile(t *testing.T) {
	change := func(do func(e *Envelope)) []byte {
		e := example(20)
		do(e)
		return encode(t, e)
	}
	for want, file := range map[string][]byte{
		`row 0 (the first is 0), profile "p": points is 3`:         encode(t, example(3)),
		"have 20, 20, 0 and 20 points":                             change(func(e *Envelope) { e.P25 = nil }),
		"n_episodes_used is 7 of 2":                                change(func(e *Envelope) { e.Used = 7 }),
		"did you mean guest.cpu_user?":                             change(func(e *Envelope) { e.Channel = "guest.cpu_use" }),
		"the profile has no name":                                  change(func(e *Envelope) { e.Profile = "" }),
		`the profile "p" is there twice`:                           encode(t, example(16), example(16)),
		"column n_episodes_attempted: -1 is not a count":           change(func(e *Envelope) { e.Attempted = -1 }),
		"column median_min_raw: NaN where a number is needed":      change(func(e *Envelope) { e.Low = math.NaN() }),
		"profiles: attack_profiles_v1.parquet: no Parquet file at": nil,
	} {
		list, err := Read(fstest.MapFS{File: {Data: file}})
		if strings.HasPrefix(want, "profiles:") {
			want = "profiles: "
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%d envelopes, %v, want %q", len(list), err, want)
		}
	}
	if _, err := Read(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), File) {
		t.Errorf("no file: %v", err)
	}
}

// FuzzRead: whatever the file holds, what is read has a layout.
func FuzzRead(f *testing.F) {
	f.Add(encode(f, example(16)))
	f.Add(encode(f))
	f.Fuzz(func(t *testing.T, file []byte) {
		list, err := Read(fstest.MapFS{File: {Data: file}})
		if err != nil {
			return
		}
		for _, e := range list {
			if l, err := e.Layout(); err != nil || l.Len() != len(e.P75) {
				t.Fatalf("%+v: %v", e, err)
			}
		}
	})
}
