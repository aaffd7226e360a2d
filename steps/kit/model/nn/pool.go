package nn

import "assay/steps/kit/kernel/f32"

// mean is the mean of a window's points.
type mean struct{ points, cols int }

// meanMax is the mean and the largest value of each column.
type meanMax struct{ points, cols int }

// lastMean is the last point and the mean of a piece that lies as points × windows.
type lastMean struct{ points, cols int }

func (mean) parts() []*weight     { return nil }
func (meanMax) parts() []*weight  { return nil }
func (lastMean) parts() []*weight { return nil }
func (mean) pack(bool)            {}
func (meanMax) pack(bool)         {}
func (lastMean) pack(bool)        {}

func (p mean) op(int) op     { return &meanOp{mean: p} }
func (p meanMax) op(int) op  { return &meanMaxOp{meanMax: p} }
func (p lastMean) op(int) op { return &lastMeanOp{lastMean: p} }

type meanOp struct {
	mean
	y, dx buffer
}

func (o *meanOp) forward(_ *call, x []float32, n int) []float32 {
	y := o.y.zeroed(n * o.cols)
	size := o.points * o.cols
	for i := range n {
		f32.ColSums(y[i*o.cols:(i+1)*o.cols], x[i*size:(i+1)*size])
	}
	f32.Scale(y, 1/float32(o.points))
	return y
}

func (o *meanOp) backward(_ *call, dy []float32, n int) []float32 {
	f32.Scale(dy, 1/float32(o.points))
	dx := o.dx.get(n * o.points * o.cols)
	for i := range n {
		for t := range o.points {
			copy(dx[(i*o.points+t)*o.cols:], dy[i*o.cols:(i+1)*o.cols])
		}
	}
	return dx
}

type meanMaxOp struct {
	meanMax
	top   []int32 // which point is the largest, the first of equals
	y, dx buffer
}

func (o *meanMaxOp) forward(_ *call, x []float32, n int) []float32 {
	y := o.y.zeroed(n * 2 * o.cols)
	if len(o.top) < n*o.cols {
		o.top = make([]int32, n*o.cols)
	}
	size := o.points * o.cols
	for i := range n {
		window := x[i*size : (i+1)*size]
		out := y[i*2*o.cols:]
		f32.ColSums(out[:o.cols], window)
		f32.Scale(out[:o.cols], 1/float32(o.points))
		highest(out[o.cols:2*o.cols], o.top[i*o.cols:(i+1)*o.cols], window)
	}
	return y
}

// highest sets the largest value of each column, and its row.
func highest(most []float32, at []int32, x []float32) {
	at = at[:len(most)]
	copy(most, x)
	clear(at)
	for t := 1; t*len(most) < len(x); t++ {
		row := x[t*len(most):][:len(most)]
		for j, v := range row {
			if v > most[j] {
				most[j], at[j] = v, int32(t)
			}
		}
	}
}

func (o *meanMaxOp) backward(_ *call, dy []float32, n int) []float32 {
	dx := o.dx.get(n * o.points * o.cols)
	for i := range n {
		d := dy[i*2*o.cols:]
		f32.Scale(d[:o.cols], 1/float32(o.points))
		to := dx[i*o.points*o.cols:]
		for t := range o.points {
			copy(to[t*o.cols:], d[:o.cols])
		}
		for j, t := range o.top[i*o.cols : (i+1)*o.cols] {
			to[int(t)*o.cols+j] += d[o.cols+j]
		}
	}
	return dx
}

type lastMeanOp struct {
	lastMean
	sum   buffer
	y, dx buffer
}

func (o *lastMeanOp) forward(_ *call, x []float32, n int) []float32 {
	size := n * o.cols
	sum := o.sum.zeroed(size)
	f32.ColSums(sum, x)
	f32.Scale(sum, 1/float32(o.points))
	y := o.y.get(2 * size)
	last := x[(o.points-1)*size:]
	for i := range n {
		copy(y[i*2*o.cols:], last[i*o.cols:(i+1)*o.cols])
		copy(y[(i*2+1)*o.cols:], sum[i*o.cols:(i+1)*o.cols])
	}
	return y
}

func (o *lastMeanOp) backward(_ *call, dy []float32, n int) []float32 {
	size := n * o.cols
	dx := o.dx.get(o.points * size)
	for i := range n {
		copy(dx[i*o.cols:(i+1)*o.cols], dy[(i*2+1)*o.cols:])
	}
	f32.Scale(dx[:size], 1/float32(o.points))
	for t := 1; t < o.points; t++ {
		copy(dx[t*size:(t+1)*size], dx[:size])
	}
	last := dx[(o.points-1)*size:]
	for i := range n {
		f32.Add(last[i*o.cols:(i+1)*o.cols], dy[i*2*o.cols:(i*2+1)*o.cols])
	}
	return dx
}
