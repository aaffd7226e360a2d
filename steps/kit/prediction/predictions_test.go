package prediction

import (
	"bytes"
	"math"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"assay/steps/kit/channel"
	"assay/steps/kit/table"
)

// sample returns predictions of three episodes.
func sample() *Set {
	p := &Set{About: About{Model: "gbt", View: "oracle", Rounds: 3, Features: 9, Schema: "s", Classes: channel.Phases()}}
	for i, episode := range []string{"v", "a", "a", "b", "b"} {
		r := table.Prediction{
			Key: table.Key{Host: "h", Episode: episode}, Profile: "x", Part: table.Test,
			Center: float64(5 + 5*i), Phase: int32(i), P: [6]float32{0.5, 0.25, 0.25},
		}
		if episode == "v" {
			r.Part = table.Validation
		}
		r.Predicted = r.Best()
		p.Rows = append(p.Rows, r)
	}
	return p
}

func write(t testing.TB, p *Set) (fsys fstest.MapFS) {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := Write(root, p); err != nil {
		t.Fatal(err)
	}
	fsys = fstest.MapFS{}
	for _, name := range []string{table.PredictionsFile, AboutFile} {
		b, err := root.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fsys[name] = &fstest.MapFile{Data: b}
	}
	return fsys
}

func TestPredictionsRoundTrip(t *testing.T) {
	p := sample()
	got, err := Read(write(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, p) {
		t.Errorf("read %+v, want %+v", got, p)
	}
}

// TestPredictionsBytes writes a table of several pages on one and on many
// processors.
func TestPredictionsBytes(t *testing.T) {
	p := sample()
	for len(p.Rows) < 20_000 {
		r := p.Rows[len(p.Rows)%5]
		r.Episode += "-more"
		r.Center = float64(len(p.Rows))
		p.Rows = append(p.Rows, r)
	}
	was := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(was)
	one := write(t, p)[table.PredictionsFile].Data
	runtime.GOMAXPROCS(8)
	if !bytes.Equal(one, write(t, p)[table.PredictionsFile].Data) {
		t.Error("the bytes depend on the number of processors")
	}
	if got, err := Read(write(t, p)); err != nil || len(got.Rows) != len(p.Rows) {
		t.Errorf("read back: %v", err)
	}
}

func TestWritePredictionsRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Set){
		"the classes are":                 func(p *Set) { p.About.Classes = p.About.Classes[1:] },
		"a class is -1":                   func(p *Set) { p.Rows[2].Phase = -1 },
		"the probability of armed is NaN": func(p *Set) { p.Rows[1].P[1] = float32(math.NaN()) },
	} {
		p := sample()
		spoil(p)
		root, err := os.OpenRoot(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := Write(root, p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
		root.Close()
	}
}

func TestReadPredictionsRefuses(t *testing.T) {
	p := sample()
	good := write(t, p)
	for want, spoil := range map[string]func(fstest.MapFS){
		"predictions.json":    func(f fstest.MapFS) { delete(f, AboutFile) },
		"predictions.parquet": func(f fstest.MapFS) { delete(f, table.PredictionsFile) },
		"the classes are":     func(f fstest.MapFS) { f[AboutFile] = &fstest.MapFile{Data: []byte(`{}`)} },
		"predictions.parquet: ": func(f fstest.MapFS) {
			f[table.PredictionsFile] = &fstest.MapFile{Data: f[table.PredictionsFile].Data[:200]}
		},
		"column": func(f fstest.MapFS) {
			var b bytes.Buffer
			if err := table.WriteAssignment(&b, []table.AssignmentRow{{Key: table.Key{Host: "a", Episode: "b"}, Part: table.Test}}); err != nil {
				t.Fatal(err)
			}
			f[table.PredictionsFile] = &fstest.MapFile{Data: b.Bytes()}
		},
	} {
		bad := fstest.MapFS{}
		for k, v := range good {
			bad[k] = v
		}
		spoil(bad)
		if _, err := Read(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
