package score

import "assay/steps/kit/channel"

// A Confusion counts windows by true and predicted class.
type Confusion [channel.NumPhases][channel.NumPhases]int

// Add counts one window.
func (c *Confusion) Add(phase, predicted int32) { c[phase][predicted]++ }

// A ClassScore is the scores of one class.
type ClassScore struct {
	Class     string  `json:"class"`
	Precision float64 `json:"precision"` // correct among those predicted; 0 if none was
	Recall    float64 `json:"recall"`    // found among those that exist; 0 if there is none
	F1        float64 `json:"f1"`        // 2 tp / (2 tp + fp + fn)
	Support   int     `json:"support"`   // windows of the class
	Predicted int     `json:"predicted"` // windows it was predicted for
}

// Seen returns the classes that occur, as truth or as prediction.
func (c *Confusion) Seen() []int {
	var list []int
	for k := range c {
		if row, column := c.totals(k); row+column > 0 {
			list = append(list, k)
		}
	}
	return list
}

// totals returns how many windows are of a class, and how many are predicted as it.
func (c *Confusion) totals(k int) (support, predicted int) {
	for j := range c {
		support += c[k][j]
		predicted += c[j][k]
	}
	return support, predicted
}

// Class returns the scores of a class.
func (c *Confusion) Class(k int) ClassScore {
	support, predicted := c.totals(k)
	right := c[k][k]
	return ClassScore{
		Class:     channel.PhaseName(k),
		Precision: ratio(right, predicted),
		Recall:    ratio(right, support),
		F1:        ratio(2*right, support+predicted),
		Support:   support, Predicted: predicted,
	}
}

// Windows returns the number of windows counted.
func (c *Confusion) Windows() int {
	n := 0
	for k := range c {
		support, _ := c.totals(k)
		n += support
	}
	return n
}

// Accuracy returns the share of windows whose class is predicted; 0 if there is none.
func (c *Confusion) Accuracy() float64 {
	right := 0
	for k := range c {
		right += c[k][k]
	}
	return ratio(right, c.Windows())
}

// MacroF1 returns the mean F1 of the classes that occur, as scikit-learn's
// f1_score(average="macro") does by default; 0 if none does.
func (c *Confusion) MacroF1() float64 {
	seen := c.Seen()
	if len(seen) == 0 {
		return 0
	}
	sum := 0.0
	for _, k := range seen {
		sum += c.Class(k).F1
	}
	return sum / float64(len(seen))
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
