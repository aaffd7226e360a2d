package validate

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"assay/steps/internal/telemetry"
)

const (
	sidecarSuffix = ".sha256"
	maxSidecar    = 4 << 10
)

// sidecar compares the file with the checksum beside it, in the form that
// sha256sum writes: "<hex>  <name>". Only the digest binds; a file that was
// renamed on its way is still the file.
func (c *checker) sidecar(name string) error {
	text, err := readSmall(c.store, name+sidecarSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		c.v.rule(c.p.MissingSidecar, "sidecar_missing", "there is no %s; an upload still under way looks like this too", path.Base(name)+sidecarSuffix)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the checksum of an episode: %w", err)
	}
	digest, file, _ := strings.Cut(strings.TrimSpace(text), " ")
	want, err := hex.DecodeString(digest)
	if err != nil || len(want) != 32 {
		c.v.reject("sidecar_malformed", "the .sha256 begins with %s, want 64 hexadecimal digits", clip(digest))
		return nil
	}
	sum, ok := c.reader.Sum()
	if !ok { // too large to be read, which was said
		return nil
	}
	if got := hex.EncodeToString(sum[:]); got != hex.EncodeToString(want) {
		c.v.reject("sidecar_mismatch", "the .sha256 says %.12s…, the file is %.12s…", strings.ToLower(digest), got)
		return nil
	}
	file, _, _ = strings.Cut(file, "\n")
	if file = strings.TrimLeft(file, " *"); file != "" && path.Base(file) != path.Base(name) {
		c.v.remark("sidecar_name", "the .sha256 holds the right digest, but for %s", clip(file))
	}
	return nil
}

// readSmall reads the first bytes of a file, far more than a checksum has.
func readSmall(fsys fs.FS, name string) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return "", err // as good as empty: malformed
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSidecar))
	return string(b), err
}

// entries judges what lies in the tar.
func (c *checker) entries() {
	details := map[string][]string{}
	for _, f := range c.e.Findings {
		details[f.Rule] = append(details[f.Rule], f.Detail)
	}
	for _, rule := range slices.Sorted(maps.Keys(details)) {
		list := details[rule]
		what := list[0]
		if more := len(list) - 1; more > 0 {
			what += fmt.Sprintf(", and %d more like it", more)
		}
		if rule == telemetry.EntryUnknown {
			c.v.remark(rule, "%s", what)
		} else {
			c.v.reject(rule, "%s", what)
		}
	}
	if !c.e.Done {
		c.v.rule(c.p.MissingDone, "done_missing", "the recorder left no done marker: it was stopped, or the tar is not complete")
	}
	if c.e.DoneSize > 0 {
		c.v.remark("done_content", "the done marker holds %d bytes, want none", c.e.DoneSize)
	}
	if !c.e.Events {
		c.v.remark("events_missing", "there is no events.jsonl; nothing reads it")
	}
}

// clip quotes text from a file and bounds it.
func clip(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return fmt.Sprintf("%q", s)
}
