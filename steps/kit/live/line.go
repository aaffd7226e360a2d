package live

import (
	"bytes"
	"errors"
	"fmt"

	"assay/steps/kit/channel"
	"assay/steps/kit/pyjson"
)

// The sources of lines that are no rows of telemetry.
const (
	Labels = "labels" // as in labels.jsonl
	Meta   = "meta"   // as in meta.json
	Events = "events" // as in events.jsonl; ignored
)

// Sources lists the words that a line's source may be.
func Sources() []string {
	var list []string
	for s := range channel.Source(channel.NumSources) {
		list = append(list, s.String())
	}
	return append(list, Labels, Meta, Events)
}

// sourceOf returns the source of a line: the value of its key "source". Where that comes first, as
// it should, nothing else of the line is looked at.
func sourceOf(line []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(line, []byte(`{"source":`)); ok {
		rest = bytes.TrimLeft(rest, " ")
		if len(rest) > 0 && rest[0] == '"' {
			name, _, ok := bytes.Cut(rest[1:min(len(rest), 32)], []byte{'"'})
			if ok && !bytes.Contains(name, []byte{'\\'}) {
				return string(name), nil
			}
		}
	}
	m, err := pyjson.ParseObject(line)
	if err != nil {
		return "", errors.New("a line is no JSON object")
	}
	name, ok := m["source"].(string)
	if !ok {
		return "", errors.New(`a line has no "source": write {"source": "guest", …} before the row`)
	}
	return name, nil
}

// sourceIndex returns the source of telemetry of this name; false if it is none.
func sourceIndex(name string) (channel.Source, bool) {
	for s := range channel.Source(channel.NumSources) {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

func unknownSource(name string) error {
	return fmt.Errorf("a line has the source %.40q, want one of %v", name, Sources())
}
