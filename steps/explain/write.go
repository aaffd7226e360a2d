package explain

import (
	"io"
	"os"

	"assay/steps/kit/channel"
	"assay/steps/kit/files"
	"assay/steps/kit/matrix"
	"assay/steps/kit/table"
)

// The columns of shap.parquet before those of the features.
const (
	host = iota
	episode
	center
	phase
	class
)

// layout returns the columns of shap.parquet. The features are in the order of the ranking.
func layout(features []string, others bool) matrix.Layout {
	l := matrix.Layout{Table: "shap", IDs: []matrix.Column{
		{Name: "host_id", Kind: matrix.Text}, {Name: "episode_id", Kind: matrix.Text},
		{Name: "t_center_s", Kind: matrix.Double}, {Name: "phase", Kind: matrix.Text}, {Name: "class", Kind: matrix.Text},
	}}
	for _, id := range l.IDs {
		l.Reserved = append(l.Reserved, id.Name)
	}
	l.Features = append([]string{"margin", "bias"}, features...)
	if others {
		l.Features = append(l.Features, "others")
	}
	return l
}

// writeValues writes shap.parquet: a row for each window and class, a column for each of the
// top features. The margin is the sum of the bias, the features and the others.
func writeValues(root *os.Root, top int, list ranking, values []float32, w *table.Windows, rows []int) error {
	if top == 0 || top > len(list) {
		top = len(list)
	}
	var names []string
	for _, r := range list[:top] {
		names = append(names, r.Feature)
	}
	return files.Write(root, "shap.parquet", func(out io.Writer) error {
		m := matrix.New(out, layout(names, top < len(list)))
		width := len(list) + 1
		for i, row := range rows {
			for k := range channel.NumPhases {
				at := (i*channel.NumPhases + k) * width
				x := list.shown(values[at:at+width], top)
				if err := m.Do(func() error { return writeRow(m, w, row, k, x) }); err != nil {
					return err
				}
			}
		}
		return m.Close()
	})
}

// shown returns the margin, the bias, the values of the top features, and the sum of the
// others if there are any.
func (l ranking) shown(values []float32, top int) []float32 {
	bias := values[len(l)]
	x := append(make([]float32, 0, top+3), 0, bias)
	margin, others := float64(bias), 0.0
	for i, r := range l {
		v := values[r.column]
		margin += float64(v)
		if i < top {
			x = append(x, v)
		} else {
			others += float64(v)
		}
	}
	x[0] = float32(margin)
	if top < len(l) {
		x = append(x, float32(others))
	}
	return x
}

func writeRow(m *matrix.Writer, w *table.Windows, row, k int, x []float32) error {
	e := w.Episodes[w.Episode[row]]
	m.Text(host, e.Host)
	m.Text(episode, e.Episode)
	m.Double(center, w.Center[row])
	m.Text(phase, channel.PhaseName(int(w.Phase[row])))
	m.Text(class, channel.PhaseName(k))
	return m.Row(x)
}
