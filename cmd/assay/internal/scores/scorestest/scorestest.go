// Package scorestest has evaluations for tests of what reads them.
package scorestest

import (
	"bytes"
	"fmt"
	"testing"

	"assay/artifacts"
	"assay/artifacts/store"
	"assay/artifacts/store/storetest"
	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/measure"
	"assay/steps/kit/score"
	"assay/steps/kit/table"
)

// An Eval says what an evaluation is: a model that is right in some of the ten windows of
// each episode. Every other episode is clean and the others run malware.
type Eval struct {
	Model, View string
	Episodes    int
	Right       func(episode int) int
	Level       float64
}

// Files returns the files of the evaluation's artifact.
func (e Eval) Files(t *testing.T) map[string]string {
	t.Helper()
	var rows []score.EpisodeCount
	right, all := 0, 0
	for i := range e.Episodes {
		truth, other := channel.PhaseName(0), channel.Running
		if i%2 == 1 {
			truth, other = other, truth
		}
		for k, n := range []int{e.Right(i), 10 - e.Right(i)} {
			if n > 0 {
				rows = append(rows, score.EpisodeCount{
					Key: table.Key{Host: "h", Episode: fmt.Sprintf("%03d", i)}, Phase: truth,
					Predicted: []string{truth, other}[k], Windows: int32(n), LogLoss: float64(n), Brier: float64(n),
				})
			}
		}
		right, all = right+e.Right(i), all+10
	}
	share := score.Number(float64(right) / float64(all))
	m := &score.Metrics{
		Model: e.Model, View: e.View, Windows: all, Episodes: e.Episodes,
		Split:     score.Split{By: "host", Test: []string{"h"}},
		Bootstrap: score.Bootstrap{Unit: score.ByEpisode, Resamples: 100, Level: e.Level, Seed: 1},
	}
	for _, name := range []string{measure.Primary, "log_loss"} {
		m.Measures = append(m.Measures, score.Estimate{
			Name: name, Value: share, BCa: [2]score.Number{share - 0.1, share + 0.1}, Percentile: [2]score.Number{0, 1},
		})
	}
	var metrics, episodes bytes.Buffer
	if err := files.EncodeJSON(&metrics, m); err != nil {
		t.Fatal(err)
	}
	if err := score.WriteEpisodes(&episodes, rows); err != nil {
		t.Fatal(err)
	}
	return map[string]string{score.MetricsFile: metrics.String(), score.EpisodesFile: episodes.String()}
}

// Artifact puts files into the store and returns what a lock says of them. The action has
// some parameters and one input.
func Artifact(t *testing.T, s *store.Store, name, kind, params, input string, content map[string]string,
) artifacts.LockedArtifact {
	t.Helper()
	text := fmt.Sprintf("assay action 1\nkind %s\nparams %s\ninput in[x=y] %s\noutput out\n", kind, params,
		artifacts.Of([]byte(input)))
	tree := storetest.CommitFiles(t, s, content)
	outputs := []store.Output{{Port: "out", Tree: tree}}
	r := &store.Result{Key: artifacts.Of([]byte(text)), Text: []byte(text), Outputs: outputs}
	if err := s.PutResult(r); err != nil {
		t.Fatal(err)
	}
	return artifacts.LockedArtifact{Name: name, Kind: kind, Key: r.Key, Digest: tree.Digest()}
}
