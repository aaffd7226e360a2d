package files

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestWritten(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a.json": {WriteJSON(root, "a.json", map[string]int{"b": 2, "a": 1}), "{\n  \"a\": 1,\n  \"b\": 2\n}\n"},
		"a.csv":  {WriteCSV(root, "a.csv", [][]string{{"x", "y"}, {"a,b", ""}}), "x,y\n\"a,b\",\n"},
	} {
		got, err := root.ReadFile(name)
		if err := errors.Join(c.err, err); err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
	full := func(io.Writer) error { return errors.New("no room") }
	if err := Write(root, "a", full); err == nil || err.Error() != "a: no room" {
		t.Errorf("a failure is %v", err)
	}
}

func TestReadJSONRefuses(t *testing.T) {
	for want, text := range map[string]string{
		"f: unexpected end of JSON input":          `{"a": `,
		"f: the file has more than 67108864 bytes": strings.Repeat(" ", maxJSON+1),
	} {
		var v any
		err := ReadJSON(fstest.MapFS{"f": {Data: []byte(text)}}, "f", &v)
		if err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
