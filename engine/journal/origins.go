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

// An Origin says for what an action was executed.
type Origin struct {
	Node   string
	Recipe string   // the file, as the command line named it
	With   []string // what the command line changed in it: "--set params.seed=8"
	ran    bool     // the run executed it, and did not only find it
}

// maxScan is how many bytes of one journal are read.
const maxScan = 64 << 20

// Origins returns the origins of actions, by their keys. The newest run below dir that
// executed an action counts, or else the newest one that found it. Actions that no readable
// journal knows are not in the result.
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

// origins adds the actions of one run to out. It returns for how many of them no newer run
// gave an execution.
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

// origin returns the origin of an action of a node.
func (r *Run) origin(node string, ran bool) Origin {
	o := Origin{Node: node, Recipe: r.Recipe, ran: ran}
	if ran { // a run that only found it may have changed something else
		o.With = slices.DeleteFunc(slices.Clone(r.Args), func(arg string) bool {
			return !strings.HasPrefix(arg, "--set ") && !strings.HasPrefix(arg, "--params ")
		})
	}
	return o
}
