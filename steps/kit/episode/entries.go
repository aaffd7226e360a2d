package episode

import (
	"fmt"
	"path"
	"strings"

	"assay/steps/kit/channel"
)

// A Finding is something in the tar that has no business there.
type Finding struct {
	Rule   string // one of the Entry constants
	Detail string // what was found, for people
}

// The rules of findings.
const (
	EntryPath      = "entry_path"      // a name that leaves the folder
	EntryLink      = "entry_link"      // a symbolic or hard link
	EntrySpecial   = "entry_special"   // a FIFO, a device, a sparse file that is read
	EntryDuplicate = "entry_duplicate" // a name for the second time
	EntryCount     = "entry_count"     // more than Limits.Entries; the rest was not read
	EntryUnknown   = "entry_unknown"   // a file that no episode has; harmless
)

// entryName is the name of an entry as an episode knows it.
func entryName(h tarHeader) string { return strings.TrimPrefix(h.Name, "./") }

// entry judges an entry by its header and reports whether its content is read. What
// is in the episode but not read is in entries without content.
func (c *container) entry(h tarHeader) (read bool) {
	name := entryName(h)
	switch {
	case path.IsAbs(name) || leaves(name):
		c.find(EntryPath, "%s leaves the episode's folder", Clip(h.Name))
	case h.Type == tarFolder:
	case h.Type == tarSymlink || h.Type == tarLink:
		c.find(EntryLink, "%s is a link to %s", Clip(h.Name), Clip(h.Link))
	case h.Sparse && (isRead(name) || name == "done"):
		c.find(EntrySpecial, "%s is a sparse file, which is not unfolded; pack it without --sparse", Clip(h.Name))
	case h.Type != tarRegular:
		c.find(EntrySpecial, "%s is no plain file (tar type %q)", Clip(h.Name), h.Type)
	default:
		if !known(name) {
			c.find(EntryUnknown, "%s is no entry of an episode", Clip(h.Name))
		}
		if _, ok := c.entries[name]; ok {
			c.find(EntryDuplicate, "%s is there more than once; the last one counts", Clip(h.Name))
		}
		if name == "done" {
			c.doneSize = h.Size
		}
		c.entries[name] = nil
		return isRead(name)
	}
	return false
}

func (c *container) find(rule, format string, args ...any) {
	c.findings = append(c.findings, Finding{rule, fmt.Sprintf(format, args...)})
}

func leaves(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// known reports whether an episode has an entry of this name.
func known(name string) bool {
	return isRead(name) || name == "events.jsonl" || name == "done" || name == "capture.pcap"
}

// isRead reports whether the content of an entry is read.
func isRead(name string) bool {
	if name == "meta.json" || name == "labels.jsonl" {
		return true
	}
	for s := range channel.Source(channel.NumSources) {
		if name == s.Entry() {
			return true
		}
	}
	return false
}

// Clip quotes a text from an episode and bounds it.
func Clip(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return fmt.Sprintf("%q", s)
}
