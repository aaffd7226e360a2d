package doctor

import (
	"context"

	"assay/artifacts/remote"
)

// checkRemote tries what the server of the remote can do, if one is named.
func checkRemote(ctx context.Context, p Patient) []Line {
	if p.Remote == "" {
		return []Line{{"remote", None, "not named (--remote, ASSAY_REMOTE)", ""}}
	}
	found, err := remote.Probe(ctx, p.Remote, remote.Options{})
	if err != nil {
		return []Line{{"remote", Broken, err.Error(), "mend the address"}}
	}
	var out []Line
	for _, f := range found {
		l := Line{Check: "remote: " + f.What, State: OK, Found: f.Says, Remedy: f.Remedy}
		switch {
		case !f.OK && f.Needed:
			l.State = Broken
		case !f.OK:
			l.State = Note
		}
		out = append(out, l)
	}
	return out
}
