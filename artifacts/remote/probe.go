package remote

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A Finding is one thing that a server can do, or not.
type Finding struct {
	What   string // "read", "write", "list", "delete", "conditional put", "ranges", "clock"
	OK     bool
	Needed bool   // to read through, or to push where there are credentials
	Says   string // what was found
	Remedy string // what to do if it is not OK
}

// Probe says what the server at an address can do. It writes an object below "probe/" and removes it again,
// if there are credentials. It takes at most as long as ctx allows.
func Probe(ctx context.Context, address string, o Options) ([]Finding, error) {
	addr, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	o = o.withDefaults()
	if addr.Plain() {
		return probeShelf(ctx, newWeb(addr, o), addr), nil
	}
	b, err := newBucket(addr, o)
	if err != nil {
		return nil, err
	}
	list := probeShelf(ctx, b, addr)
	for _, err := range b.list(ctx, addr.key(formatName)) {
		if err != nil {
			list = append(list, Finding{"list", false, false, err.Error(), "give the right to list (s3:ListBucket), or push " +
				"little at a time"})
		}
		break
	}
	if list[len(list)-1].What != "list" {
		list = append(list, Finding{What: "list", OK: true, Says: "yes"})
	}
	if b.anonymous() {
		return append(list, Finding{What: "write", OK: true, Says: "not tried: there are no credentials, so the remote is only read"}),
			nil
	}
	return append(list, (&probe{b: b, key: addr.key("probe/" + strings.ToLower(rand.Text()))}).run(ctx)...), nil
}

// probeShelf reads the format, and with it the server's clock.
func probeShelf(ctx context.Context, s shelf, addr Address) []Finding {
	f := Finding{What: "read", OK: true, Needed: true, Says: "yes"}
	obj, err := s.open(ctx, addr.key(formatName), 0)
	switch {
	case errors.Is(err, ErrAbsent):
		f.Says = "yes, but no store is there yet"
		if addr.Plain() {
			f.OK, f.Remedy = false, "check the address: it must end where the object \"format\" lies"
		}
		return []Finding{f}
	case err != nil:
		return []Finding{{"read", false, true, err.Error(), "check the address, the network and the credentials"}}
	}
	defer obj.body.Close()
	text, err := io.ReadAll(io.LimitReader(obj.body, maxFormat+1))
	if err != nil || string(text) != formatText {
		f.OK, f.Says, f.Remedy = false, "another thing than a store is there", "name another prefix"
	}
	return append([]Finding{f}, clock(obj.date)...)
}

// maxSkew is how far clocks may be apart before S3 refuses requests.
const maxSkew = 5 * time.Minute

// clock compares the server's clock with this machine's.
func clock(date string) []Finding {
	at, err := http.ParseTime(date)
	if err != nil {
		return nil
	}
	off := time.Since(at).Round(time.Second)
	f := Finding{What: "clock", OK: off.Abs() < maxSkew, Needed: true, Says: fmt.Sprintf("%s from the server's", off.Abs())}
	if !f.OK {
		f.Remedy = "set this machine's clock (chrony or ntpd); S3 refuses requests that are 15 minutes off"
	}
	return []Finding{f}
}

// probe tries what changes a bucket, on an object of its own.
type probe struct {
	b   *bucket
	key string
}

const probeText = "assay doctor\n"

func (p *probe) run(ctx context.Context) []Finding {
	if err := p.b.putText(ctx, p.key, []byte(probeText)); err != nil {
		return []Finding{{"write", false, true, err.Error(), "to push, " + remedy + "; to only read, use no credentials"}}
	}
	list := []Finding{{What: "write", OK: true, Needed: true, Says: "yes"}, p.ranges(ctx)}
	cond := Finding{What: "conditional put", OK: true, Says: "yes"}
	if err := p.b.putNew(ctx, p.key, []byte(probeText)); err == nil {
		cond.Says = "no: the server ignores If-None-Match (assay does not need it)"
	} else if !errors.Is(err, errThere) {
		cond.Says = "no: " + err.Error() + " (assay does not need it)"
	}
	list = append(list, cond)
	del := Finding{What: "delete", OK: true, Says: "yes"}
	if err := p.b.remove(ctx, p.key); err != nil {
		del = Finding{"delete", false, false, err.Error(), "remove " + p.key + " by hand; assay itself deletes nothing"}
	}
	return append(list, del)
}

// ranges asks for the end of the object.
func (p *probe) ranges(ctx context.Context) Finding {
	const from = 6
	f := Finding{What: "ranges", Says: "no: a broken transfer begins again", OK: true}
	obj, err := p.b.open(ctx, p.key, from)
	if err != nil {
		return f
	}
	defer obj.body.Close()
	text, err := io.ReadAll(io.LimitReader(obj.body, int64(len(probeText))))
	if err == nil && obj.from == from && bytes.Equal(text, []byte(probeText[from:])) {
		f.Says = "yes: a broken transfer goes on where it was"
	}
	return f
}
