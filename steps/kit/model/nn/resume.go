package nn

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"assay/steps/kit/model/safetensors"
)

// A Progress keeps the state of a training between two epochs, so that one that was
// killed goes on where it was.
type Progress interface {
	// Load returns what Save was given last, or nil if that is lost.
	Load() ([]byte, error)
	Save(state []byte) error
}

// A resumeHead is the part of a state that is no weight.
type resumeHead struct {
	Curve []Epoch `json:"curve"`
	Best  int     `json:"best"`
	Step  int     `json:"step"`
}

// save keeps the state, if anybody does: its SHA-256, the length of its head, the
// head as JSON, and the weights and moments in the safetensors format.
func (t *training) save(p Progress) error {
	if p == nil {
		return nil
	}
	head, err := json.Marshal(resumeHead{Curve: t.curve, Best: t.best, Step: t.opt.step})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.Write(make([]byte, sha256.Size))
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(head))))
	b.Write(head)
	if err := safetensors.Write(&b, t.tensors()); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes()[sha256.Size:])
	copy(b.Bytes(), sum[:])
	if err := p.Save(b.Bytes()); err != nil {
		return fmt.Errorf("cannot keep the state of the training: %w", err)
	}
	return nil
}

// tensors returns everything that changes: the weights now and those of the best
// epoch, and the moments.
func (t *training) tensors() []safetensors.Tensor {
	var list []safetensors.Tensor
	add := func(name string, data []float32) {
		list = append(list, safetensors.Tensor{Name: name, Shape: []int{len(data)}, Data: data})
	}
	for i, w := range t.net.saved() {
		add("now."+w.name, w.data)
		add("best."+w.name, t.kept[i])
	}
	add("m", t.opt.m)
	add("v", t.opt.v)
	return list
}

// resume continues from a state that was kept. It ignores a state that is damaged or
// belongs to another training, so training starts at the first epoch.
func (t *training) resume(p Progress) error {
	if p == nil {
		return nil
	}
	state, err := p.Load()
	if err != nil {
		return fmt.Errorf("cannot read the state of the training: %w", err)
	}
	head, tensors, err := parse(state)
	if err != nil || !t.fits(head, tensors) {
		return nil
	}
	for i, own := range t.tensors() {
		copy(own.Data, tensors[i].Data)
	}
	t.curve, t.best, t.opt.step = head.Curve, head.Best, head.Step
	return nil
}

var errState = errors.New("it is no whole state of a training")

// parse takes a state apart.
func parse(state []byte) (head resumeHead, list []safetensors.Tensor, err error) {
	if len(state) < sha256.Size+4 || sha256.Sum256(state[sha256.Size:]) != [sha256.Size]byte(state) {
		return head, nil, errState
	}
	rest := state[sha256.Size:]
	n := int64(binary.LittleEndian.Uint32(rest))
	rest = rest[4:]
	if n > int64(len(rest)) {
		return head, nil, errState
	}
	if err := json.Unmarshal(rest[:n], &head); err != nil {
		return head, nil, err
	}
	list, err = safetensors.Read(bytes.NewReader(rest[n:]), int64(len(rest)))
	return head, list, err
}

// fits reports whether a state is of this training.
func (t *training) fits(head resumeHead, tensors []safetensors.Tensor) bool {
	own := t.tensors()
	epochs := len(head.Curve)
	if len(own) != len(tensors) || head.Step != epochs*t.steps() ||
		epochs == 0 || epochs > t.settings.Epochs || head.Best < 0 || head.Best >= epochs {
		return false
	}
	for i, o := range own {
		if o.Name != tensors[i].Name || len(o.Data) != len(tensors[i].Data) {
			return false
		}
	}
	return true
}
