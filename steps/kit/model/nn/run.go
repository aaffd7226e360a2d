package nn

import "assay/steps/kit/kernel/f32"

// A shard is a part of a batch that one worker computes: which one, and when, is
// left to chance, and shows nowhere.
type shard struct {
	passes []*pass // one for each piece, or one for all where no joint makes them wait
	grads  []float32
	tally  tally
	loss   float64

	first, n int // its windows, within the batch
}

// A runner computes the gradients of batches of a network.
type runner struct {
	net    *Net
	team   *f32.Team
	shards []*shard
	per    int // windows of a shard, of a full batch
	piece  int // windows of a piece
	loss   Loss
	batch  Batch
	chance chance
}

// A Batch is some windows with their classes.
type Batch struct {
	Fill func(to []float32, i int) // copies window i: points × inputs
	Y    []int32                   // N: classes
}

// newRunner returns a runner for batches of at most so many windows.
func newRunner(net *Net, team *f32.Team, batch int, loss Loss) *runner {
	r := &runner{net: net, team: team, loss: loss, per: (batch + net.arch.shards - 1) / net.arch.shards}
	r.piece = r.per
	if p := net.arch.piece; p > 0 {
		r.piece = min(p, r.per)
	}
	pieces := 1
	if len(net.joints) > 0 {
		pieces = (r.per + r.piece - 1) / r.piece
	}
	for range (batch + r.per - 1) / r.per {
		s := &shard{grads: make([]float32, len(net.all))}
		for range pieces {
			s.passes = append(s.passes, net.newPass(r.piece))
		}
		r.shards = append(r.shards, s)
	}
	return r
}

// gradients computes the loss of a batch and its gradients, which the first shard
// has afterwards.
func (r *runner) gradients(b Batch, c chance) float64 {
	r.batch, r.chance = b, c
	r.team.Do(len(r.net.layers), func(i int) { r.net.layers[i].pack(true) })
	shards := r.cut(len(b.Y))
	last := len(r.net.spans) - 1
	for k := 0; k < last; k++ {
		r.there(shards, k)
	}
	r.each(shards, func(s *shard, p *pass) { r.turn(s, p, last) })
	for k := last - 1; k >= 0; k-- {
		r.again(shards, k)
	}
	return r.sum(shards)
}

// cut gives the shards their windows, and returns those that have some.
func (r *runner) cut(windows int) []*shard {
	used := r.shards[:(windows+r.per-1)/r.per]
	for i, s := range used {
		s.first = i * r.per
		s.n = min(r.per, windows-s.first)
		s.loss = 0
	}
	r.team.Do(len(used), func(i int) { clear(used[i].grads) })
	return used
}

// each calls do for the pieces of each shard, in their order. A shard has one pass
// for all pieces, or one for each.
func (r *runner) each(shards []*shard, do func(s *shard, p *pass)) {
	r.team.Do(len(shards), func(i int) {
		s := shards[i]
		for k := 0; k*r.piece < s.n; k++ {
			p := s.passes[min(k, len(s.passes)-1)]
			p.n = min(r.piece, s.n-k*r.piece)
			p.call.first = s.first + k*r.piece
			do(s, p)
		}
	})
}

// enter puts the windows of a piece in front of the first span.
func (r *runner) enter(s *shard, p *pass, span int) {
	if span > 0 {
		return
	}
	p.call.train, p.call.grads, p.call.chance = true, s.grads, r.chance
	r.net.fill(p, r.batch)
}

// fill copies the windows of a piece.
func (n *Net) fill(p *pass, b Batch) {
	for i := range p.n {
		if n.arch.timeMajor {
			b.Fill(p.window, p.call.first+i)
			n.across(p, i)
		} else {
			b.Fill(p.input[i*n.width():(i+1)*n.width()], p.call.first+i)
		}
	}
}

// across puts a window whose points lie apart in the input into its place.
func (n *Net) across(p *pass, i int) {
	for t := range n.Points {
		copy(p.input[(t*p.n+i)*n.Inputs:], p.window[t*n.Inputs:(t+1)*n.Inputs])
	}
}

// turn takes a piece through the last span, to the loss and back.
func (r *runner) turn(s *shard, p *pass, last int) {
	r.enter(s, p, last)
	p.forward(last)
	s.loss += r.loss.back(p.value, r.batch.Y[p.call.first:p.call.first+p.n], r.net.Classes, len(r.batch.Y))
	p.backward(last)
	if last > 0 {
		r.gather(s, p, last)
	}
}

// sumChunk is how many weights are added up and moved together.
const sumChunk = 1 << 13

// sum adds up the shards in their order: the gradients into those of the first.
func (r *runner) sum(shards []*shard) float64 {
	total := shards[0].grads
	r.chunks(0, len(total), func(from, to int) {
		for _, s := range shards[1:] {
			f32.Add(total[from:to], s.grads[from:to])
		}
	})
	loss := 0.0
	for _, s := range shards {
		loss += s.loss
	}
	return loss
}

// chunks calls do for the parts of from ≤ i < to, side by side.
func (r *runner) chunks(from, to int, do func(from, to int)) {
	r.team.Do((to-from+sumChunk-1)/sumChunk, func(i int) {
		at := from + i*sumChunk
		do(at, min(at+sumChunk, to))
	})
}
