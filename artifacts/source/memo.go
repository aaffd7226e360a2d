package source

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"assay/artifacts"
	"assay/artifacts/disk"
)

// A memo is what the store remembers of the files of a source between runs. Losing it
// only costs time.
type memo struct {
	hashed time.Time    // when the scan that wrote it began
	files  []remembered // sorted by name
}

type remembered struct {
	artifacts.File
	stamp disk.Stamp
}

// recall sets the digests of the files whose stamps have not changed, and returns the
// indexes of the others. Both lists are sorted, so one pass is enough.
func (m *memo) recall(src *Source) (stale []int) {
	known := m.files
	for i := range src.Tree {
		for len(known) > 0 && known[0].Name < src.Tree[i].Name {
			known = known[1:]
		}
		if len(known) == 0 || known[0].Name != src.Tree[i].Name || known[0].stamp != src.stamps[i] ||
			IsRacy(known[0].stamp, m.hashed.UnixNano()) {
			stale = append(stale, i)
			continue
		}
		src.Tree[i].Digest = known[0].Digest
	}
	return stale
}

// MemoHead begins the text of a memo.
const MemoHead = "assay source 1"

// readMemo parses a memo; the result is empty if that fails.
func readMemo(b []byte) *memo {
	if m, ok := ParseMemo(b); ok {
		return m
	}
	return &memo{}
}

// ParseMemo parses a memo. It reports whether the text is one.
func ParseMemo(b []byte) (*memo, bool) {
	head, body, _ := strings.Cut(string(b), "\n")
	var when int64
	if _, err := fmt.Sscanf(head, MemoHead+" %d", &when); err != nil {
		return nil, false
	}
	m := &memo{time.Unix(0, when), make([]remembered, 0, strings.Count(body, "\n"))}
	for line := range strings.Lines(body) {
		r, ok := parseMemoLine(strings.TrimSuffix(line, "\n"))
		if !ok || len(m.files) > 0 && m.files[len(m.files)-1].Name >= r.Name {
			return nil, false
		}
		m.files = append(m.files, r)
	}
	return m, true
}

// parseMemoLine reads the digest and the stamp of a file. The name comes last, since it
// may contain spaces.
func parseMemoLine(line string) (r remembered, ok bool) {
	var word [5]string
	rest := line
	for i := range word {
		if word[i], rest, ok = strings.Cut(rest, " "); !ok {
			return r, false
		}
	}
	d, err0 := artifacts.ParseDigest(word[0])
	size, err1 := strconv.ParseInt(word[1], 10, 64)
	mtime, err2 := strconv.ParseInt(word[2], 10, 64)
	ctime, err3 := strconv.ParseInt(word[3], 10, 64)
	inode, err4 := strconv.ParseUint(word[4], 10, 64)
	ok = err0 == nil && err1 == nil && err2 == nil && err3 == nil && err4 == nil
	return remembered{artifacts.File{Name: rest, Digest: d}, disk.Stamp{Size: size, Mtime: mtime, Ctime: ctime,
		Inode: inode}}, ok
}

// memoText returns the memo of a source. began is the time when its scan began.
func memoText(src *Source, began time.Time) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %d %s\n", MemoHead, began.UnixNano(), src.Root)
	for i, f := range src.Tree {
		st := src.stamps[i]
		fmt.Fprintf(&b, "%s %d %d %d %d %s\n", f.Digest, st.Size, st.Mtime, st.Ctime, st.Inode, f.Name)
	}
	return b.Bytes()
}
