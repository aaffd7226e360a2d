// Package files writes and reads single files of artifacts. Call [Write],
// [WriteJSON] and [WriteCSV] to write, [ReadJSON] to read.
package files

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Write writes a file of an artifact, buffered.
func Write(root *os.Root, name string, write func(io.Writer) error) error {
	f, err := root.Create(name)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	if err := errors.Join(write(b), b.Flush(), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// WriteJSON writes v as a file of an artifact, indented, with a line end.
func WriteJSON(root *os.Root, name string, v any) error {
	return Write(root, name, func(w io.Writer) error { return EncodeJSON(w, v) })
}

// EncodeJSON writes v as [WriteJSON] does: keys of maps are sorted.
func EncodeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// WriteCSV writes rows as a file of an artifact.
func WriteCSV(root *os.Root, name string, rows [][]string) error {
	return Write(root, name, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
}

// maxJSON is the size in bytes above which a JSON file is not read.
const maxJSON = 64 << 20

// ReadJSON reads a JSON file of an artifact into v. One of more than 64 MiB is an error.
func ReadJSON(fsys fs.FS, name string, v any) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxJSON+1))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if len(b) > maxJSON {
		return fmt.Errorf("%s: the file has more than %d bytes", name, maxJSON)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
