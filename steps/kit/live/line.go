package live

import (
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

// sourceOf returns the source of a line: the value of its first key "source". The rest of the line
// is not looked at.
func sourceOf(line []byte) (string, error) {
	i := pyjson.SkipSpace(line, 0)
	if i >= len(line) || line[i] != '{' {
		return "", errors.New("a line is no JSON object")
	}
	i = pyjson.SkipSpace(line, i+1)
	for more := i < len(line) && line[i] == '"'; more; {
		end := pyjson.SkipString(line, i)
		if end < 0 {
			break
		}
		found := string(line[i:end]) == `"source"`
		if i = pyjson.Colon(line, end); i < 0 {
			break
		}
		if end = pyjson.SkipValue(line, i, 1); end < 0 {
			break
		}
		if found && line[i] == '"' {
			return pyjson.Unquote(line[i:end]), nil
		}
		if i, more = pyjson.Next(line, end, '}'); i < 0 {
			break
		}
	}
	return "", errors.New(`a line has no "source": write {"source": "guest", …} before the row`)
}

// sourceIndex returns the source of telemetry of this name, its own or what its recorder calls it;
// false if it is none.
func sourceIndex(name string) (channel.Source, bool) {
	switch name {
	case "host_proc":
		return channel.Proc, true
	case "guest_agent":
		return channel.Guest, true
	case "host_qmp":
		return channel.QMP, true
	case "bridge_pcap":
		return channel.Netflow, true
	}
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
