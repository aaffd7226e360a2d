package deliver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assay/artifacts/filetest"
	"assay/artifacts/store/storetest"
)

// TestFile writes one file where there may be something already.
func TestFile(t *testing.T) {
	s, _ := storetest.Open(t)
	for _, c := range []struct {
		script string // what the person does before
		force  bool
		want   string // whether it was written, and what lies there then; or the error
	}{
		{"", false, "true to/f=new"},
		{"mkdir to; echo > to/other", false, "true to/f=new to/other=\n"},
		{"mkdir to; printf new > to/f", false, "false to/f=new"},
		{"mkdir to; printf new > to/f", true, "false to/f=new"},
		{"mkdir to; printf mine > to/f", false, "f exists and differs; nothing was written (--force replaces it)"},
		{"mkdir to; printf mine > to/f", true, "true to/f=new"},
		{"mkdir to; printf mine > x; ln -s ../x to/f", true, "f exists and is a link, not a plain file"},
		{"mkdir -p to/f", true, "f exists and is a folder, not a plain file"},
		{"printf mine > to", true, "to (a file in place of a folder) is in the way"},
		{"mkdir x; ln -s x to", false, "true to= x/f=new"}, // the person's own wish
	} {
		base := t.TempDir()
		filetest.Shell(t, base, c.script)
		before := lying(t, base)
		wrote, err := File(t.Context(), s, filepath.Join(base, "to", "f"), []byte("new"), c.force)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) || lying(t, base) != before {
				t.Errorf("%s: %v, want %s; there lies %s", c.script, err, c.want, lying(t, base))
			}
			continue
		}
		got := map[bool]string{true: "true ", false: "false "}[wrote] + lying(t, base)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.script, got, c.want)
		}
	}
	inside := filepath.Join(s.Dir(), "format")
	_, err := File(t.Context(), s, inside, nil, true)
	if err == nil || !strings.Contains(err.Error(), "lies in the store") {
		t.Errorf("a file in the store: %v", err)
	}
	if b, err := os.ReadFile(inside); err != nil || len(b) == 0 {
		t.Errorf("the store's format holds %q, %v", b, err)
	}
}
