package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"assay/engine/event"
)

// An Origin is what an action was once for.
type Origin struct {
	Node   string
	Recipe string   // the file, as it was named then
	With   []string // what was changed of it for that run: "--set params.seed=8"
	ran    bool     // it was executed then, and not only found
}

// maxScan bounds what is read of one journal.
const maxScan = 64 << 20

// Origins says of actions, by their keys, what they were for. The newest run below dir that
// executed one tells, or else the newest that found it. Of what no journal
// knows, and of journals that cannot be read, nothing is said.
func Origins(dir string, keys map[string]bool) (map[string]Origin, error) {
	runs, err := List(dir, 0)
	if err != nil {
		return nil, err
	}
	out, left := map[string]Origin{}, len(keys)
	for _, r := range runs {
		if left == 0 {
			break
		}
		left -= r.origins(keys, out)
	}
	return out, nil
}

// origins enters what a run did, and returns how many of the actions it was
// the first to have executed.
func (r *Run) origins(keys map[string]bool, out map[string]Origin) (found int) {
	f, err := os.Open(filepath.Join(r.dir, eventsFile))
	if err != nil {
		return 0
	}
	defer f.Close()
	b := bufio.NewReaderSize(io.LimitReader(f, maxScan), 64<<10)
	for {
		line, long, err := readLine(b)
		if err != nil {
			return found
		}
		var ev event.Event
		if long || !bytes.Contains(line, []byte(`"key":`)) || bytes.Contains(line, []byte(`"what":"logged"`)) ||
			json.Unmarshal(line, &ev) != nil || !keys[ev.Key] || ev.What != event.Running && ev.What != event.Cached {
			continue
		}
		ran := ev.What == event.Running
		if old, ok := out[ev.Key]; old.ran || ok && !ran {
			continue
		}
		out[ev.Key] = r.origin(ev.Node, ran)
		if ran {
			found++
		}
	}
}

func (r *Run) origin(node string, ran bool) Origin {
	o := Origin{Node: node, Recipe: r.Recipe, ran: ran}
	if ran { // what was found may be of a run without these
		o.With = slices.DeleteFunc(slices.Clone(r.Args), func(arg string) bool {
			return !strings.HasPrefix(arg, "--set ") && !strings.HasPrefix(arg, "--params ")
		})
	}
	return o
}
