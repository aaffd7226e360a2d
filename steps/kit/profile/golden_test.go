package profile

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assay/steps/kit/channel"
	"assay/steps/kit/episode"
	"assay/steps/kit/episode/episodetest"
	"assay/steps/kit/signal"
)

// TestGolden compares with the bundled arrays, which the original Python wrote of some
// recorded and some made-up episodes.
func TestGolden(t *testing.T) {
	compareStore(t, []string{episodetest.Golden, episodetest.Corpus}, "testdata/golden")
}

// TestGoldenStore compares a whole store, when the environment names one and the directory
// that golden.py made of it; .ci/golden.sh does.
func TestGoldenStore(t *testing.T) {
	store, golden := os.Getenv("ASSAY_GOLDEN_STORE"), os.Getenv("ASSAY_GOLDEN_DIR")
	if store == "" || golden == "" {
		t.Skip("ASSAY_GOLDEN_STORE and ASSAY_GOLDEN_DIR are not set; .ci/golden.sh sets them")
	}
	compareStore(t, []string{store}, golden)
}

// A goldenEpisode is an entry of the original's index. What it has of curves is null if
// the original says that there is none, and an error's text if it raised.
type goldenEpisode map[string]any

func (g goldenEpisode) name() string { return fmt.Sprintf("%v/%v", g["host_id"], g["episode_id"]) }

// raised reports whether the original raises on an episode.
func (g goldenEpisode) raised(channel string) bool {
	return g["open_error"] != nil || g["curve_"+channel+"_error"] != nil
}

// A comparison compares one store.
type comparison struct {
	*testing.T
	stores  []string
	golden  string
	reader  *episode.Reader
	aligner Aligner
	set     signal.Set

	curves, points, without int
}

func compareStore(t *testing.T, stores []string, golden string) {
	reader, err := episode.NewReader(episode.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	layout, err := NewLayout(Points)
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{T: t, stores: stores, golden: golden, reader: reader, aligner: Aligner{Layout: layout}}
	var index []goldenEpisode
	c.json("index.json", &index)
	for _, s := range Defaults() {
		c.profile(s, index)
	}
	t.Logf("%d curves, %d points of envelopes, %d episodes without a curve", c.curves, c.points, c.without)
	if c.curves == 0 || c.points == 0 {
		t.Error("nothing was compared")
	}
}

// profile compares the curves of a profile's episodes, and what is made of them. The
// curves of the other profiles are compared as well, where the original has them.
func (c *comparison) profile(s Subject, index []goldenEpisode) {
	var curves [][]float64
	var used []string
	for _, g := range index {
		if g.raised(s.Channel) {
			continue
		}
		curve := c.episode(s, g)
		if g["profile"] == s.Profile && curve != nil {
			curves, used = append(curves, curve), append(used, g.name())
		}
	}
	var want []string
	c.json("envelopes/"+s.Profile+".used.json", &want)
	if !slices.Equal(used, want) {
		c.Errorf("%s: used are %q, want %q", s.Profile, used, want)
		return
	}
	if len(used) == 0 {
		return
	}
	if all := c.npy("envelopes/" + s.Profile + ".curves.npy"); !episodetest.AllSame(slices.Concat(curves...), all) {
		c.Errorf("%s: the curves differ", s.Profile)
	}
	c.curves += len(curves)
	e := Aggregate(s, curves, false)
	for name, got := range map[string][]float64{"median": e.Median, "p25": e.P25, "p75": e.P75} {
		if !episodetest.AllSame(got, c.npy("envelopes/"+s.Profile+"."+name+".npy")) {
			c.Errorf("%s: %s differs", s.Profile, name)
		}
		c.points += len(got)
	}
	if got := Aggregate(s, curves, true).Median; !episodetest.AllSame(got, c.npy("envelopes/"+s.Profile+".median_nan.npy")) {
		c.Errorf("%s: the median with missing points differs", s.Profile)
	}
	c.envelope(e)
}

// episode returns our curve, nil if there is none, and compares it with the original's if
// it is there by itself.
func (c *comparison) episode(s Subject, g goldenEpisode) []float64 {
	e := c.read(g.name())
	c.set.Load(e)
	i, err := ChannelIndex(s.Channel)
	if err != nil {
		c.Fatal(err)
	}
	curve := make([]float64, Points)
	if err := c.aligner.Curve(e, c.set.Series(i), curve); err != nil {
		c.without++
		curve = nil
	}
	name := filepath.Join(g.name(), "curve_"+s.Channel+".npy")
	_, err = os.Stat(filepath.Join(c.golden, name))
	if there := err == nil; there && !episodetest.AllSame(curve, c.npy(name)) {
		c.Errorf("%s: the curve of %s is %v, want %v", g.name(), s.Channel, curve, c.npy(name))
	}
	if none, said := g["curve_"+s.Channel]; said && none == nil && curve != nil {
		c.Errorf("%s: there is a curve of %s, the original has none", g.name(), s.Channel)
	}
	return curve
}

func (c *comparison) read(name string) *episode.Episode {
	for _, store := range c.stores {
		if e, err := c.reader.Read(os.DirFS(store), name+episode.Suffix); err == nil {
			return e
		}
	}
	c.Fatalf("%s is in none of %q", name, c.stores)
	return nil
}

// envelope compares with what the original's own function returns, as it is in the file.
func (c *comparison) envelope(e *Envelope) {
	var all map[string]struct {
		Profile, Channel string
		Used             int       `json:"n_episodes_used"`
		Attempted        int       `json:"n_episodes_attempted"`
		Scaled           []float64 `json:"median"`
		Median           []float64 `json:"median_raw"`
		P25              []float64 `json:"p25_raw"`
		P75              []float64 `json:"p75_raw"`
		Low              float64   `json:"median_min_raw"`
		High             float64   `json:"median_max_raw"`
	}
	c.json("envelopes/envelope.json", &all)
	want, ok := all[e.Profile]
	if !ok {
		c.Errorf("%s: the original has no envelope", e.Profile)
		return
	}
	got := reread(c, e)
	if got.Profile != want.Profile || got.Channel != want.Channel || got.Used != want.Used || got.Attempted != want.Attempted ||
		got.Low != want.Low || got.High != want.High || !slices.Equal(got.Scaled, want.Scaled) ||
		!slices.Equal(got.Median, want.Median) || !slices.Equal(got.P25, want.P25) || !slices.Equal(got.P75, want.P75) {
		c.Errorf("%s: the table has\n%+v, want\n%+v", e.Profile, got, want)
	}
}

func (c *comparison) json(name string, v any) {
	c.Helper()
	b, err := os.ReadFile(filepath.Join(c.golden, name))
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		c.Fatal(err)
	}
}

// npy reads a little-endian array of doubles, of version 1.0.
func (c *comparison) npy(name string) []float64 {
	c.Helper()
	b, err := os.ReadFile(filepath.Join(c.golden, name))
	if err != nil {
		c.Fatal(err)
	}
	body := b[10+int(binary.LittleEndian.Uint16(b[8:])):]
	if !strings.Contains(string(b[:len(b)-len(body)]), "<f8") {
		c.Fatalf("%s is not of doubles", name)
	}
	list := make([]float64, len(body)/8)
	if _, err := binary.Decode(body, binary.LittleEndian, list); err != nil {
		c.Fatal(err)
	}
	return list
}

// TestDefaults: the channels are in the registry, and each profile is there once.
func TestDefaults(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Defaults() {
		if i, err := ChannelIndex(s.Channel); err != nil || channel.At(i).Name != s.Channel || seen[s.Profile] {
			t.Errorf("%+v: %v", s, err)
		}
		seen[s.Profile] = true
	}
}
