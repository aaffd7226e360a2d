package rocket

// An extractor computes the features of up to three windows at a time.
type extractor struct {
	*convolver
	thresholds []threshold // by feature
	block      []int64     // inputs × points
	sums       []int64     // of a pair, by bias
}

func newExtractor(p *plan, thresholds []threshold) *extractor {
	most := 0
	for _, n := range p.Biases {
		most = max(most, n)
	}
	return &extractor{newConvolver(p), thresholds, make([]int64, p.Inputs*p.Points), make([]int64, most)}
}

// take makes a window, points × inputs, the first of the block, which is empty otherwise.
func (e *extractor) take(window []float32) {
	clear(e.block)
	pack(e.block, window, e.Inputs, 0)
}

// add puts a window into a lane of the block.
func (e *extractor) add(window []float32, lane int) { pack(e.block, window, e.Inputs, lane) }

// features sets the features of the first windows of the block: to has a row for each of them, 1
// to 3. A feature is the number of points at which a pair is above a bias.
func (e *extractor) features(to [][]float32) {
	at := 0
	for i := range e.Channels {
		n := e.Biases[i/kernels]
		if n == 0 {
			continue
		}
		from, end := e.counted(i)
		made := e.pair(e.block, i)[from:end]
		sums := e.sums[:n]
		count(sums, e.thresholds[at:at+n], made)
		for lane, row := range to {
			row = row[at : at+n]
			for k, s := range sums {
				row[k] = float32(len(made) - int(s>>(lane*laneBits)&laneMask))
			}
		}
		at += n
	}
}
