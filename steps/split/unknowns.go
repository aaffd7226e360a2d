package split

import (
	"fmt"
	"strings"

	"assay/steps/kit/table"
)

// checkBoots refuses to hold out boots where the index does not tell them apart.
func (d *data) checkBoots(h held) error {
	if !d.bootless || !h.has(ByBoot) {
		return nil
	}
	return fmt.Errorf("hold: by boot, but the boots of %d episodes of %s are not known, since the index lacks the "+
		"uptime of their VM or their start; "+
		"hold out hosts, samples or time", len(d.noBoot), d.noBootHosts())
}

// noBootHosts lists the first hosts of the episodes whose boot cannot be known.
func (d *data) noBootHosts() string {
	var list []string
	for _, i := range d.noBoot {
		list = append(list, d.eps[i].Host)
	}
	if list = sortedSet(list); len(list) > table.MaxListed {
		list = append(list[:table.MaxListed], "…")
	}
	return strings.Join(list, ", ")
}

// unknowns says what the index leaves open that a split relies on.
func (d *data) unknowns() []string {
	var list []string
	if n := len(d.noBoot); n > 0 {
		list = append(list, fmt.Sprintf("the boots of %d episodes of %s are not known, since the index lacks the "+
			"uptime of their VM or their start: "+
			"episodes of one boot may be in two parts", n, d.noBootHosts()))
	}
	if d.noDigest > 0 {
		list = append(list, fmt.Sprintf("sample_sha256 of %d episodes is not a SHA-256 of any content; the split treats it as missing", d.noDigest))
	}
	if shared, first := d.sharedContents(); shared > 0 {
		list = append(list, fmt.Sprintf("%d sample contents are recorded under two profiles or more, such as %s: "+
			"one of the profiles is wrong, or the digest is", shared, first))
	}
	return list
}

// sharedContents counts the sample contents that occur under two or more profiles, and
// names the first.
func (d *data) sharedContents() (n int, first string) {
	seen := map[string]sampleName{} // the first of each content; without a profile once it is counted
	for i := range d.eps {
		e := &d.eps[i]
		had, ok := seen[e.SampleSHA]
		switch {
		case e.SampleSHA == "" || e.Profile == "" || ok && had.profile == "":
		case !ok:
			seen[e.SampleSHA] = sampleName{e.Profile, e.SampleName}
		case had.profile != e.Profile:
			if n++; n == 1 {
				first = fmt.Sprintf("%.12s… as %s and %s/%s", e.SampleSHA, had, e.Profile, e.SampleName)
			}
			seen[e.SampleSHA] = sampleName{}
		}
	}
	return n, first
}
