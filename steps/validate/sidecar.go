package validate

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"assay/steps/kit/episode"
)

const (
	sidecarSuffix = ".sha256"
	maxSidecar    = 1 << 20 // a folder's checksums, and far more
)

// sidecar compares the file with the checksum beside it, in any form that sha256sum
// writes. Of several lines, the one that names the file counts. If a single line names
// another file, only the digest counts: a file that was renamed on its way has the same
// content.
func (c *checker) sidecar(name string) error {
	text, err := readSmall(c.store, name+sidecarSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		c.v.rule(c.p.MissingSidecar, "sidecar_missing", "there is no %s; an upload still under way looks like this too",
			path.Base(name)+sidecarSuffix)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the checksum of an episode: %w", err)
	}
	sum, ok := c.reader.Sum()
	got := hex.EncodeToString(sum[:])
	list, bad := checksums(text)
	line, named := choose(list, path.Base(name), got)
	switch {
	case strings.TrimSpace(text) == "":
		c.v.reject("sidecar_malformed", "the .sha256 is empty, want 64 hexadecimal digits")
	case line == nil && len(list) > 1:
		c.v.reject("sidecar_malformed", "none of the %d lines of the .sha256 names %s", len(list),
			episode.Clip(path.Base(name)))
	case line == nil:
		c.v.reject("sidecar_malformed", "the .sha256 begins with %s, want 64 hexadecimal digits", episode.Clip(bad))
	case !ok: // too large to be read, which was said
	case got != line.digest:
		c.v.reject("sidecar_mismatch", "the .sha256 says %.12s…, the file is %.12s…", line.digest, got)
	case !named && line.file != "":
		c.v.remark("sidecar_name", "the .sha256 holds the right digest, but for %s", episode.Clip(line.file))
	}
	return nil
}

// A checksum is one line that sha256sum wrote.
type checksum struct{ digest, file string }

// choose returns the line that names the file, or the only line. If two lines name it,
// the right one wins: a file of checksums may have been appended to.
func choose(list []checksum, file, digest string) (line *checksum, named bool) {
	for i := range list {
		if l := &list[i]; path.Base(l.file) == file && (line == nil || l.digest == digest) {
			line = l
		}
	}
	if line == nil && len(list) == 1 {
		return &list[0], false
	}
	return line, line != nil
}

// checksums reads the lines of a file that sha256sum wrote. It also returns the
// beginning of a line that sha256sum cannot have written, if there is one.
func checksums(text string) (list []checksum, bad string) {
	text = strings.TrimPrefix(text, "\ufeff")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if c, ok := parseChecksum(line); ok {
			list = append(list, c)
		} else if bad == "" {
			bad, _, _ = strings.Cut(line, " ")
		}
	}
	return list, bad
}

// parseChecksum reads one line: "DIGEST  NAME", "DIGEST *NAME" in binary mode, a
// digest alone, or "SHA256 (NAME) = DIGEST" as with --tag. A backslash in front says
// that the name is escaped.
func parseChecksum(line string) (c checksum, ok bool) {
	line, escaped := strings.CutPrefix(line, `\`)
	if rest, tagged := strings.CutPrefix(line, "SHA256 ("); tagged {
		i := strings.LastIndex(rest, ")")
		if i < 0 {
			return c, false
		}
		after, equals := strings.CutPrefix(strings.TrimSpace(rest[i+1:]), "=")
		if !equals {
			return c, false
		}
		c.file, c.digest = rest[:i], strings.TrimSpace(after)
	} else {
		n := strings.IndexAny(line, " \t")
		if n < 0 {
			n = len(line)
		}
		c.digest = line[:n]
		c.file = strings.TrimPrefix(strings.TrimLeft(line[n:], " \t"), "*")
	}
	if escaped {
		c.file = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(c.file)
	}
	b, err := hex.DecodeString(c.digest)
	c.digest = strings.ToLower(c.digest)
	return c, err == nil && len(b) == 32
}

// readSmall reads the beginning of a file, far more than a checksum needs.
func readSmall(fsys fs.FS, name string) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return "", err // counts as malformed
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSidecar))
	return string(b), err
}
