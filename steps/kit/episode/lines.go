package episode

import (
	"bytes"
	"io"
)

// A lineReader cuts a stream into pieces of whole lines. It needs the memory of a
// few lines of the largest size, however long the lines are.
type lineReader struct {
	in   io.Reader
	max  int // bytes of a line; a longer one is not kept
	buf  []byte
	rest []byte // of buf: what follows the last piece
	end  bool   // in is at its end
}

// next returns some whole lines with their breaks; the last may lack it. long says
// that a line longer than max was passed over instead, which is not blank. The end is
// io.EOF.
func (l *lineReader) next() (lines []byte, long bool, err error) {
	if l.buf == nil {
		l.buf = make([]byte, l.max+256<<10)
	}
	used := copy(l.buf, l.rest)
	l.rest = nil
	for {
		if used < len(l.buf) && !l.end {
			n, err := l.in.Read(l.buf[used:])
			used += n
			if l.end = err == io.EOF; err != nil && !l.end {
				return nil, false, err
			}
			if used < len(l.buf) && !l.end {
				continue
			}
		}
		data := l.buf[:used]
		if l.end {
			if len(data) == 0 {
				return nil, false, io.EOF
			}
			return data, false, nil
		}
		if k := bytes.LastIndexByte(data, '\n'); k >= 0 {
			l.rest = data[k+1:]
			return data[:k+1], false, nil
		}
		blank, err := l.passOver()
		if err != nil {
			return nil, false, err
		}
		if !blank {
			return nil, true, nil
		}
		return []byte{'\n'}, false, nil
	}
}

// passOver goes to the end of the line that fills the buffer, and reports whether it
// is blank.
func (l *lineReader) passOver() (blank bool, err error) {
	blank = isBlank(l.buf)
	for {
		n, err := l.in.Read(l.buf)
		data := l.buf[:n]
		k := bytes.IndexByte(data, '\n')
		if k >= 0 {
			l.rest = data[k+1:]
			data = data[:k]
		}
		blank = blank && isBlank(data)
		if l.end = err == io.EOF; err != nil && !l.end {
			return false, err
		}
		if k >= 0 || l.end {
			return blank, nil
		}
	}
}
