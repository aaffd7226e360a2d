package spool

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	"assay/engine/step"
)

// A Line is what a job says: a message of its step, or how it is.
type Line struct {
	At      time.Time     `json:"at"`
	Message *step.Message `json:"m,omitempty"`
	Beat    *Beat         `json:"beat,omitempty"`
}

// A Beat says that a job is alive, and what it takes.
type Beat struct {
	Host string `json:"host"`
	RSS  int64  `json:"rss"` // bytes
}

// Limits on what one try says: as many bytes of lines, and the newest ones after that.
const (
	maxSaid   = 2 << 20
	maxNewest = 100
	pace      = time.Second // between two reports of progress
)

// A Speaker writes what a try of a job says. It implements [step.Sink].
type Speaker struct {
	mu       sync.Mutex
	f        *os.File
	wrote    int
	lost     int
	newest   []step.Message // ring of lines that were not written
	progress time.Time      // when the newest was written
	status   time.Time
}

// Speak starts the file of what a try says.
func (s *Set) Speak(r Ref) (*Speaker, error) {
	f, err := os.OpenFile(filepath.Join(s.Dir, "said", r.name()), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	return &Speaker{f: f}, nil
}

// Emit implements [step.Sink]. Counts are left out, since the record of the result has them.
func (s *Speaker) Emit(m step.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Count != "" {
		return
	}
	if m.Log == "" && m.Warning == "" {
		last := &s.progress
		if m.Status != "" {
			last = &s.status
		}
		if time.Since(*last) < pace && (m.Total == 0 || m.Done < m.Total) {
			return
		}
		*last = time.Now()
	}
	if s.wrote > maxSaid {
		if s.lost++; len(s.newest) == maxNewest {
			s.newest = s.newest[1:]
		}
		s.newest = append(s.newest, m)
		return
	}
	s.write(Line{Message: &m})
}

// Beat says that the job is alive.
func (s *Speaker) Beat(b Beat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(Line{Beat: &b})
}

// write appends a line. That it cannot be written, as on a full disk, must not stop the job.
func (s *Speaker) write(l Line) {
	l.At = time.Now().UTC()
	text, err := json.Marshal(l)
	if err != nil {
		return
	}
	n, _ := s.f.Write(append(text, '\n'))
	s.wrote += n
}

// Close writes the newest lines that did not fit, and closes the file.
func (s *Speaker) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if left := s.lost - len(s.newest); left > 0 {
		s.write(Line{Message: &step.Message{Log: "… many lines were not kept; the last ones follow"}})
	}
	for i := range s.newest {
		s.write(Line{Message: &s.newest[i]})
	}
	return s.f.Close()
}

// maxRead is how much Next reads at once.
const maxRead = 4 * maxSaid
