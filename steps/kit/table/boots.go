package table

import (
	"fmt"
	"strings"
)

// TornBoots says which boots of a VM have episodes in two parts, "" if none. Splits
// that this program makes have none; one that somebody else made may have, and what
// is tested then resembles what was trained on. Boots are known by their name alone, and a
// boot without a name is not known.
func (a *Assignment) TornBoots() string {
	first := map[string]Part{}
	seen := map[string]bool{}
	var torn []string
	for _, r := range a.Rows {
		if r.Boot == "" || r.Part == Excluded {
			continue
		}
		name := r.Boot
		if !strings.HasPrefix(name, r.Host+"/") {
			name = r.Host + "/" + name // a name may be that of a boot on its host
		}
		had, ok := first[name]
		if !ok {
			first[name] = r.Part
		}
		if ok && had != r.Part && !seen[name] {
			seen[name] = true
			torn = append(torn, name)
		}
	}
	if len(torn) == 0 {
		return ""
	}
	return fmt.Sprintf("boots of VMs that have episodes in two parts: %d, such as %s; "+
		"what is tested resembles what was trained on, since a boot's episodes have much in common", len(torn), torn[0])
}
