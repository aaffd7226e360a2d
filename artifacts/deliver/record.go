package deliver

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"assay/artifacts"
	"assay/artifacts/store"
)

// What assay put into a folder outside the store is remembered, so that its own
// files are told from those of the person whose folder it is:
//
//	assay published 1
//	folder "/home/ada/project/out"
//	by "recipes/quick.yaml --set n=2"
//	list <SHA-256 of what follows the empty line>
//
//	<digest>  report.html
//
// While files are being replaced, a name is there twice: with the content that
// it had and the one that it gets. A damaged record is ignored.
const recordHead = "assay published 1"

// recordPath is the path of the record of a folder, which is named by its [RealPath].
func recordPath(s *store.Store, folder string) string {
	return filepath.Join(s.Dir(), "published", artifacts.Of([]byte(folder)).String()[:32])
}

// readRecord returns the text of the record of a folder; nil if there is none, or one
// that assay did not write.
func readRecord(s *store.Store, folder string) []byte {
	path := recordPath(s, folder)
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() || st.Size() > artifacts.MaxTreeText {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return text
}

func recordText(folder, by string, files artifacts.Tree) []byte {
	list := files.Text()
	return append([]byte(recordTop(folder, by, list)+"\n\n"), list...)
}

// recordTop is the text before the empty line. It leaves out what put the files there if
// that is unknown.
func recordTop(folder, by string, list []byte) string {
	if by != "" {
		by = byWord + strconv.Quote(by) + "\n"
	}
	return fmt.Sprintf("%s\nfolder %s\n%slist %s", recordHead, strconv.Quote(folder), by, artifacts.Of(list))
}

const byWord = "by "

// parseRecord returns the files in the record of a folder, and what put them there. It
// reports whether the text is such a record and undamaged.
func parseRecord(folder string, text []byte) (files artifacts.Tree, by string, ok bool) {
	top, list, _ := bytes.Cut(text, []byte("\n\n"))
	for line := range strings.Lines(string(top)) {
		if quoted, is := strings.CutPrefix(strings.TrimSuffix(line, "\n"), byWord); is {
			by, _ = strconv.Unquote(quoted)
		}
	}
	if string(top) != recordTop(folder, by, list) {
		return nil, "", false
	}
	for line := range strings.Lines(string(list)) {
		sum, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		d, err := artifacts.ParseDigest(sum)
		if err != nil || artifacts.CheckName(name) != nil {
			return nil, "", false
		}
		files = append(files, artifacts.File{Name: name, Digest: d})
	}
	return files, by, true
}

// both returns what a folder may hold while b replaces a: the files of both, so a name
// may occur twice.
func both(a, b artifacts.Tree) artifacts.Tree {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(f, g artifacts.File) int {
		return cmp.Or(cmp.Compare(f.Name, g.Name), bytes.Compare(f.Digest[:], g.Digest[:]))
	})
	return slices.Compact(all)
}
