package serve

import (
	"sync"
	"time"
)

// A bucket lets so many events a second through, and twice that at once after a pause.
type bucket struct {
	rate float64
	now  func() time.Time

	mu   sync.Mutex
	left float64
	at   time.Time
}

func newBucket(rate float64, now func() time.Time) *bucket {
	return &bucket{rate: rate, now: now, left: 2 * rate, at: now()}
}

// take reports whether n events may pass.
func (b *bucket) take(n int) bool {
	if b.rate <= 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.left = min(b.left+now.Sub(b.at).Seconds()*b.rate, 2*b.rate)
	b.at = now
	if b.left < float64(n) {
		return false
	}
	b.left -= float64(n)
	return true
}
