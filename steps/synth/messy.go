package synth

import (
	"bytes"
	"fmt"

	"assay/steps/kit/channel"
)

// A wreck is a recorded episode while things go wrong with it.
type wreck struct {
	e      *plan
	meta   *meta
	labels []label
	tables [channel.NumSources][]byte

	missing   [channel.NumSources]bool
	noDone    bool
	capture   bool
	noSidecar bool
	wrongSum  bool
	cut       int // bytes missing at the end of the file
}

// A trait is one thing that goes wrong or is unusual.
type trait struct {
	name  string
	share int // how often it is drawn, relative to the others
	do    func(*wreck)
}

// traits returns the faults of real producers: first those that cost an episode nothing,
// then those that cost it rows, then those that cost all of it.
func traits() []trait {
	return []trait{
		{"rows_unordered", 6, (*wreck).unorder},
		{"rows_twice", 6, (*wreck).repeat},
		{"spaced", 4, (*wreck).space},
		{"crlf", 3, (*wreck).crlf},
		{"capture", 6, func(w *wreck) { w.capture = true }},

		{"rows_torn", 6, (*wreck).tear},
		{"clock_null", 4, (*wreck).nullClock},
		{"number_text", 5, (*wreck).quote},
		{"number_not_finite", 4, (*wreck).infinite},
		{"counter_reset", 5, (*wreck).reset},
		{"gap", 6, (*wreck).gap},
		{"tail_lost", 5, (*wreck).loseTail},
		{"source_missing", 4, (*wreck).loseSource},
		{"source_empty", 3, (*wreck).emptySource},
		{"sample_unknown", 2, func(w *wreck) { w.meta.Sample = metaSample{Kind: "synth"} }},

		{"clock_jump", 2, (*wreck).jump},
		{"labels_phase", 2, (*wreck).oddPhase},
		{"labels_order", 2, (*wreck).swapLabels},
		{"labels_torn", 1, func(w *wreck) { w.labels = nil }},
		{"done_missing", 2, func(w *wreck) { w.noDone = true }},
		{"other_host", 1, func(w *wreck) { w.meta.HostID = "elsewhere" }},
		{"sidecar_missing", 1, func(w *wreck) { w.noSidecar = true }},
		{"sidecar_mismatch", 1, func(w *wreck) { w.wrongSum = true }},
		{"cut", 2, func(w *wreck) { w.cut = 1 + w.e.rng.below(4000) }},
	}
}

// spoil draws one to three traits and applies them in their order.
func (w *wreck) spoil() {
	all := traits()
	total := 0
	for _, t := range all {
		total += t.share
	}
	drawn := make([]bool, len(all))
	for range 1 + w.e.rng.below(3) {
		at := w.e.rng.below(total)
		for i, t := range all {
			if at -= t.share; at < 0 {
				drawn[i] = true
				break
			}
		}
	}
	for i, t := range all {
		if drawn[i] {
			w.meta.Host.Traits = append(w.meta.Host.Traits, t.name)
			t.do(w)
		}
	}
}

// entries returns the files of the episode, in the order of recorded ones.
func (w *wreck) entries() []entry {
	list := []entry{
		{"meta.json", append(text(w.meta), '\n')},
		{"labels.jsonl", lines(w.labels)},
		{"events.jsonl", fmt.Appendf(nil, "{\"t_mono_ns\":0,\"t_wall_ns\":%d,\"event\":\"episode_start\"}\n",
			w.e.startNs)},
	}
	for s, table := range w.tables {
		if !w.missing[s] {
			list = append(list, entry{channel.Source(s).Entry(), table})
		}
	}
	if w.capture {
		packets := make([]byte, 24+w.e.rng.below(40000))
		for i := range packets {
			packets[i] = byte(w.e.rng.src.Uint64() >> 56)
		}
		list = append(list, entry{"capture.pcap", packets})
	}
	if !w.noDone {
		list = append(list, entry{"done", nil})
	}
	return list
}

// edit applies f to the lines of one source, which is drawn.
func (w *wreck) edit(f func(rows [][]byte) [][]byte) {
	w.editOf(w.e.rng.below(channel.NumSources), f)
}

func (w *wreck) editOf(s int, f func(rows [][]byte) [][]byte) {
	rows := bytes.SplitAfter(w.tables[s], []byte{'\n'})
	w.tables[s] = bytes.Join(f(rows[:len(rows)-1]), nil)
}

// some applies a change to a random part of the rows of one source.
func (w *wreck) some(part float64, f func(row []byte) []byte) {
	w.edit(func(rows [][]byte) [][]byte {
		for i, row := range rows {
			if w.e.rng.chance(part) {
				rows[i] = f(row)
			}
		}
		return rows
	})
}

func (w *wreck) unorder() {
	w.edit(func(rows [][]byte) [][]byte {
		for i := 1; i < len(rows); i++ {
			if w.e.rng.chance(0.1) {
				rows[i], rows[i-1] = rows[i-1], rows[i]
			}
		}
		return rows
	})
}

func (w *wreck) repeat() {
	w.some(0.03, func(row []byte) []byte { return bytes.Repeat(row, 2) })
}

// space writes rows as Python's json does by default.
func (w *wreck) space() {
	w.some(1, func(row []byte) []byte {
		return bytes.ReplaceAll(bytes.ReplaceAll(row, []byte(`,"`), []byte(`, "`)), []byte(`":`), []byte(`": `))
	})
}

func (w *wreck) crlf() {
	w.some(1, func(row []byte) []byte { return append(bytes.TrimSuffix(row, []byte("\n")), "\r\n"...) })
}

// tear cuts rows in the middle, as happens when a recorder is killed.
func (w *wreck) tear() {
	w.some(0.02, func(row []byte) []byte { return append(bytes.Clone(row[:len(row)/2]), '\n') })
}

func (w *wreck) nullClock() {
	w.some(0.03, func(row []byte) []byte { return replaceNumber(row, `"t_wall_ns":`, "null") })
}

// quote writes a number as a string.
func (w *wreck) quote() {
	w.some(0.2, func(row []byte) []byte {
		for _, key := range telling() {
			row = replaceNumber(row, key, `"12"`)
		}
		return row
	})
}

func (w *wreck) infinite() {
	w.some(0.04, func(row []byte) []byte {
		for _, key := range telling() {
			row = replaceNumber(row, key, "NaN")
		}
		return row
	})
}

// telling returns, for each source, the key of a number that features read.
func telling() []string {
	return []string{`"rss_bytes":`, `"mem_available_bytes":`, `"wr_ops":`, `"pkts_in":`}
}

// reset makes a counter of the process start again in the middle of the episode.
func (w *wreck) reset() {
	w.editOf(int(channel.Proc), func(rows [][]byte) [][]byte {
		for i := len(rows) / 2; i < len(rows); i++ {
			rows[i] = replaceNumber(rows[i], `"minor_faults":`, fmt.Sprint(i-len(rows)/2))
		}
		return rows
	})
}

// gap removes the middle third of a source.
func (w *wreck) gap() {
	w.edit(func(rows [][]byte) [][]byte {
		return append(rows[:len(rows)/3:len(rows)/3], rows[len(rows)*2/3:]...)
	})
}

func (w *wreck) loseTail() {
	w.edit(func(rows [][]byte) [][]byte { return rows[:len(rows)*3/4] })
}

func (w *wreck) loseSource()  { w.missing[w.e.rng.below(channel.NumSources)] = true }
func (w *wreck) emptySource() { w.tables[w.e.rng.below(channel.NumSources)] = nil }

// jump sets the wall clock of a source back by 8 s in the middle of the episode.
func (w *wreck) jump() {
	w.edit(func(rows [][]byte) [][]byte {
		for i := len(rows) / 2; i < len(rows); i++ {
			rows[i] = replaceNumber(rows[i], `"t_wall_ns":`, fmt.Sprint(w.e.startNs-8e9+
				int64(float64(i)*w.e.length/float64(len(rows))*1e3)*1e6))
		}
		return rows
	})
}

func (w *wreck) oddPhase() {
	if n := len(w.labels); n > 0 {
		w.labels[n-1].Phase = "warmup"
	}
}

func (w *wreck) swapLabels() {
	if n := len(w.labels); n > 1 {
		w.labels[n-1], w.labels[n-2] = w.labels[n-2], w.labels[n-1]
	}
}

// replaceNumber returns a copy of a row in which the number after a key is replaced, or
// the row itself if it has no such key.
func replaceNumber(row []byte, key, with string) []byte {
	before, after, ok := bytes.Cut(row, []byte(key))
	if !ok {
		return row
	}
	end := bytes.IndexAny(after, ",}]")
	if end < 0 {
		return row
	}
	return fmt.Appendf(nil, "%s%s%s%s", before, key, with, after[end:])
}
