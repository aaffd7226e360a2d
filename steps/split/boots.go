package split

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"assay/steps/kit/table"
)

// findBoots separates the boots of each host's VM. It goes through the episodes in the
// order of their starts; an uptime that is shorter than the one before begins a new
// boot. Episodes that are not usable are ignored, since their data may be wrong. Merging
// two boots by mistake only costs some choice; splitting one would leak. An episode of
// unknown uptime joins a neighbour, see [unknownBoots].
func (d *data) findBoots() {
	order := make([]int, len(d.eps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &d.eps[a], &d.eps[b]
		return cmp.Or(cmp.Compare(x.Host, y.Host), cmp.Compare(x.StartNs, y.StartNs))
	})
	d.boot = make([]int, len(d.eps))
	for len(order) > 0 {
		host := d.eps[order[0]].Host
		n := slices.IndexFunc(order, func(i int) bool { return d.eps[i].Host != host })
		if n < 0 {
			n = len(order)
		}
		d.hostBoots(host, order[:n])
		order = order[n:]
	}
}

// hostBoots numbers the boots of one host. Its episodes are given in the order of time.
func (d *data) hostBoots(host string, order []int) {
	known := func(i int) bool { return hasUptime(&d.eps[i]) }
	none := !slices.ContainsFunc(order, known)
	d.bootless = d.bootless || none
	for _, i := range order {
		if none || d.eps[i].StartNs == 0 {
			d.noBoot = append(d.noBoot, i)
		}
	}
	local := make([]int, len(order)) // by index in order
	boots, up := 0, 0.0
	for k, i := range order {
		e := &d.eps[i]
		switch {
		case !known(i):
			local[k] = -1
			continue
		case boots == 0 || e.Uptime < up:
			boots++
		}
		local[k], up = boots-1, e.Uptime
	}
	boots = unknownBoots(d.eps, order, local, boots)
	d.nameBoots(host, order, local, boots)
}

// unknownBoots assigns a boot to the episodes of unknown uptime, which are -1 in local,
// and returns the number of boots. The next known episode decides. If its VM was up
// before this episode began, both belong to one boot; if the VM was started in between,
// this episode belongs to the boot before. Episodes before the first known boot count as
// one boot. If no uptime of a host is known, each of its episodes is a boot of its own;
// these are listed in [data.noBoot], and so are those whose start is not known.
func unknownBoots(eps []table.Episode, order, local []int, boots int) int {
	if boots == 0 {
		for k := range local {
			local[k] = k
		}
		return len(local)
	}
	next, earlier := -1, -1
	for k := len(order) - 1; k >= 0; k-- {
		if local[k] >= 0 {
			next = k
			continue
		}
		if eps[order[k]].StartNs == 0 {
			local[k] = boots
			boots++
			continue
		}
		if next >= 0 && upSince(&eps[order[next]]) <= float64(eps[order[k]].StartNs) {
			local[k] = local[next]
			continue
		}
		before := k - 1
		for before >= 0 && (local[before] < 0 || eps[order[before]].StartNs == 0) {
			before--
		}
		switch {
		case before >= 0:
			local[k] = local[before]
		case earlier < 0:
			earlier = boots
			boots++
			local[k] = earlier
		default:
			local[k] = earlier
		}
	}
	return boots
}

// nameBoots numbers the boots of a host in the order in which they begin.
func (d *data) nameBoots(host string, order, local []int, boots int) {
	number := make([]int, boots) // the boot's index in d.boots, plus one
	ordinal := 0
	for k, i := range order {
		b := &number[local[k]]
		if *b == 0 {
			ordinal++
			d.boots = append(d.boots, nil)
			d.bootNames = append(d.bootNames, fmt.Sprintf("%s/%d", host, ordinal))
			*b = len(d.boots)
		}
		d.boot[i] = *b - 1
		d.boots[*b-1] = append(d.boots[*b-1], i)
	}
}

// hasUptime reports whether an episode says how long its VM had been up, and when.
func hasUptime(e *table.Episode) bool {
	return e.StartNs != 0 && !math.IsNaN(e.Uptime) && !math.IsInf(e.Uptime, 0) && e.Uptime >= 0
}

// upSince returns when the VM of an episode was started, Unix ns.
func upSince(e *table.Episode) float64 { return float64(e.StartNs) - float64(e.Uptime*1e9) }
