package measure

import (
	"assay/steps/kit/bootstrap"
	"assay/steps/kit/kernel"
)

// Totals are sums over the windows of a sample, or of a resample. They are kept in one
// row: the confusion, K×K, by truth, then the losses, then a gap for each bin of confidence.
type Totals struct {
	classes int
	row     []float64
}

// NewTotals returns totals that view a row of sums made for k classes.
func NewTotals(k int, row []float64) *Totals { return &Totals{k, row} }

// NewCounts returns the totals of no window of k classes, for [Totals.Add].
func NewCounts(k int) *Totals { return &Totals{k, make([]float64, columns(k))} }

// Add counts a window by its class and the one that was predicted. It leaves the losses
// and the bins alone.
func (t *Totals) Add(truth, predicted int32) { t.row[int(truth)*t.classes+int(predicted)]++ }

// Whole returns the totals of all units of a tally of k classes, each once.
func Whole(tally *bootstrap.Sums, k int) *Totals {
	t := NewCounts(k)
	once := make([]int32, tally.Units())
	for i := range once {
		once[i] = 1
	}
	tally.Total(once, t.row)
	return t
}

func columns(k int) int { return k*k + 2 + Bins }

// Row returns the sums that the totals view.
func (t *Totals) Row() []float64 { return t.row }

// Columns returns the length of a row of totals of k classes.
func Columns(k int) int { return columns(k) }

// leastP is what probabilities are clipped to before their logarithm is taken, from below
// and, as 1-leastP, from above: scikit-learn's bound.
const leastP = 0x1p-52

func addWindow(sums *bootstrap.Sums, k int, truth, predicted int32, p []float64) {
	sums.Add(int(truth)*k+int(predicted), 1)
	loss, square := Losses(p, int(truth))
	sums.Add(k*k, loss)
	sums.Add(k*k+1, square)
	gap, top := 0.0, p[predicted]
	if truth == predicted {
		gap = 1
	}
	sums.Add(k*k+2+binOf(top), gap-top)
}

// A Cell is windows of one class that were predicted as one, with the sums of their
// losses.
type Cell struct {
	Truth, Predicted        int
	Windows, LogLoss, Brier float64
}

// AddCell adds a cell of k classes to the open unit of sums of [Columns]. It says nothing
// of confidence, so the calibration error of such sums has no meaning.
func AddCell(sums *bootstrap.Sums, k int, c Cell) {
	sums.Add(c.Truth*k+c.Predicted, c.Windows)
	sums.Add(k*k, c.LogLoss)
	sums.Add(k*k+1, c.Brier)
}

// Losses returns the log loss and the Brier score of the probabilities of one window.
func Losses[P float32 | float64](p []P, truth int) (loss, square float64) {
	for c, v := range p {
		d := float64(v)
		if c == truth {
			loss = -kernel.Log(min(max(d, leastP), 1-leastP))
			d--
		}
		square += float64(d * d)
	}
	return loss, square
}

// Classes returns K.
func (t *Totals) Classes() int { return t.classes }

// Count returns how many windows of a class were predicted as another, or the same.
func (t *Totals) Count(truth, predicted int) float64 { return t.row[truth*t.classes+predicted] }

// Support returns the number of windows of a class.
func (t *Totals) Support(class int) float64 {
	sum := 0.0
	for j := range t.classes {
		sum += t.Count(class, j)
	}
	return sum
}

// Predicted returns the number of windows that were predicted as a class.
func (t *Totals) Predicted(class int) float64 {
	sum := 0.0
	for j := range t.classes {
		sum += t.Count(j, class)
	}
	return sum
}

// Windows returns the number of windows.
func (t *Totals) Windows() float64 {
	sum := 0.0
	for _, n := range t.row[:t.classes*t.classes] {
		sum += n
	}
	return sum
}

// Seen reports whether a class occurs, as truth or as prediction.
func (t *Totals) Seen(class int) bool { return t.Support(class) > 0 || t.Predicted(class) > 0 }

func (t *Totals) logLoss() float64 { return t.row[t.classes*t.classes] }
func (t *Totals) brier() float64   { return t.row[t.classes*t.classes+1] }

// gap returns the windows of a bin that are right, less the sum of their confidence.
func (t *Totals) gap(bin int) float64 { return t.row[t.classes*t.classes+2+bin] }
