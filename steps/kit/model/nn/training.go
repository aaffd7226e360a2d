package nn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"assay/steps/kit/kernel/f32"
	"assay/steps/kit/measure"
	"assay/steps/kit/model"
)

// A training is the state of one.
type training struct {
	net      *Net
	settings Settings
	data     Data
	inputs   *model.Series // of the network
	team     *f32.Team
	run      *runner
	opt      *optimiser
	passes   sync.Pool // of the validation
	logits   []float32

	curve []Epoch
	best  int
	kept  [][]float32 // the state of the best epoch
}

func newTraining(n Network, s Settings, d Data, inputs *model.Series, team *f32.Team) *training {
	t := &training{net: New(n, s.Seed), settings: s, data: d, inputs: inputs, team: team}
	loss := Loss{Weights: Balance(d.Train.Counts()[:d.Classes], s.Balance), Smoothing: s.Smoothing}
	t.run = newRunner(t.net, team, min(s.Batch, len(d.Train.Y)), loss)
	t.opt = newOptimiser(t.net, s, s.Epochs*t.steps())
	t.passes.New = func() any { return t.net.newPass(t.net.pieceOf()) }
	t.logits = make([]float32, len(d.Validation.Y)*t.net.logits())
	t.kept = t.net.state()
	return t
}

// steps returns the steps of an epoch.
func (t *training) steps() int {
	return (len(t.data.Train.Y) + t.settings.Batch - 1) / t.settings.Batch
}

// errDiverged is an error for people.
var errDiverged = errors.New("training diverged; take a lower rate, a lower clip, or look for values that " +
	"are far off in the training windows")

// epoch walks through the training part once, and scores the validation part.
func (t *training) epoch(ctx context.Context) error {
	number := len(t.curve)
	e := Epoch{}
	train := t.data.Train
	order := rand.New(rand.NewPCG(t.settings.Seed, uint64(number))).Perm(len(train.Y))
	steps := t.steps()
	for i := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := order[i*t.settings.Batch : min((i+1)*t.settings.Batch, len(order))]
		loss := t.run.gradients(t.batch(rows), chanceOf(t.settings.Seed, t.opt.step))
		norm := t.opt.move(t.run)
		if loss-loss != 0 || norm-norm != 0 {
			return fmt.Errorf("epoch %d, step %d of %d: the loss is %v and the norm of its gradient %v: %w",
				number+1, i+1, steps, loss, norm, errDiverged)
		}
		e.Train += float64(loss*float64(len(rows))) / float64(len(order))
		e.Norm += norm / float64(steps)
	}
	e.Rate = t.opt.rate(t.opt.step)
	e.Validation, e.MacroF1 = t.validate()
	if v := e.Validation; v-v != 0 {
		return fmt.Errorf("epoch %d: the loss of the validation part is %v: %w", number+1, v, errDiverged)
	}
	t.curve = append(t.curve, e)
	if number == 0 || e.MacroF1 > t.curve[t.best].MacroF1 {
		t.best, t.kept = number, t.net.state()
	}
	return nil
}

// dropping is who draws the channels that a window lacks.
const dropping = 0

// batch returns the windows of some rows of the training part, each without some of
// its inputs.
func (t *training) batch(rows []int) Batch {
	b := Batch{Y: make([]int32, len(rows))}
	for i, r := range rows {
		b.Y[i] = t.data.Train.Y[r]
	}
	below := uint64(t.settings.DropChannels * (1 << 16))
	b.Fill = func(to []float32, i int) {
		copy(to, t.inputs.Window(t.data.Train.Rows[rows[i]]))
		if below > 0 {
			drop(to, t.inputs.Columns, below, t.run.chance.stream(dropping, i))
		}
	}
	return b
}

// drop sets some columns of a window to 0.
func drop(window []float32, columns int, below uint64, s stream) {
	for c := range columns {
		if s.next()&0xffff < below {
			for at := c; at < len(window); at += columns {
				window[at] = 0
			}
		}
	}
}

// validate returns the mean cross-entropy and the macro F1 of the validation part.
func (t *training) validate() (loss, macro float64) {
	net, set := t.net, t.data.Validation
	net.ready()
	piece := net.pieceOf()
	t.team.Do((len(set.Y)+piece-1)/piece, func(i int) {
		p := t.passes.Get().(*pass)
		defer t.passes.Put(p)
		from := i * piece
		p.n, p.call = min(piece, len(set.Y)-from), call{first: from}
		net.fill(p, Batch{Fill: func(to []float32, i int) { copy(to, t.inputs.Window(set.Rows[i])) }})
		copy(t.logits[from*net.logits():], net.apply(p))
	})
	plain := Loss{}
	counts := measure.NewCounts(net.Classes)
	p := make([]float64, net.Classes)
	for i, y := range set.Y {
		row := t.logits[i*net.logits():][:net.Classes]
		loss += plain.entropy(p, row, int(y)) / float64(len(set.Y))
		counts.Add(y, largest(row))
	}
	return loss, counts.MacroF1()
}

// largest returns the index of the largest number, the first of equals.
func largest(x []float32) int32 {
	at := int32(0)
	for i, v := range x {
		if v > x[at] {
			at = int32(i)
		}
	}
	return at
}
