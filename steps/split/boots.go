package split

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"assay/steps/kit/table"
)

// findBoots tells the boots of each host's VM apart: among its episodes in the
// order of their starts, one whose VM has been up for less long than at the one
// before is of a new boot. Episodes that are not usable have no say: what they tell
// may be wrong, and two boots that are taken for one cost some choice, while one
// taken for two would leak. An episode of unknown uptime joins a neighbour, see
// [unknownBoots].
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

// hostBoots numbers the boots of one host, whose episodes are given in the order of
// time.
func (d *data) hostBoots(host string, order []int) {
	known := func(i int) bool { return hasUptime(&d.eps[i]) }
	none := !slices.ContainsFunc(order, known)
	d.bootless = d.bootless || none
	for _, i := range order {
		if none || d.eps[i].StartNs == 0 {
			d.noBoot = append(d.noBoot, i)
		}
	}
	local := make([]int, len(order)) // by place in order
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

// unknownBoots gives the episodes of unknown uptime, which are -1 in local, a boot,
// and returns the number of boots. The next known episode decides: its VM was up
// before this episode began, so both are of one boot, or it was started since, and
// then this episode is of the boot before. Those before the first known boot may be of one
// boot and are taken for one. Where nothing is known of a host, neither can this be
// known: each episode is a boot of its own; these are in [data.noBoot], and so are those whose
// start is not known.
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
