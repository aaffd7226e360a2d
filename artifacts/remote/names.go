package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"assay/artifacts"
)

// Objects have the names that files have in a store, below the prefix of the address:
//
//	format            says what this is
//	blobs/ab/abcd…    files, and the texts of trees, by digest
//	actions/ab/abcd…  records, by action key
//
// So "aws s3 sync .assay s3://BUCKET/PREFIX" makes a remote, and so does a web server that shows a store.
const (
	formatName = "format"
	formatText = "assay store 1\n"
	blobs      = "blobs/"
	records    = "actions/"
)

func (r *Remote) blobKey(d artifacts.Digest) string   { return r.addr.key(nameIn(blobs, d)) }
func (r *Remote) recordKey(d artifacts.Digest) string { return r.addr.key(nameIn(records, d)) }

func nameIn(folder string, d artifacts.Digest) string {
	name := d.String()
	return folder + name[:2] + "/" + name
}

// digestOf reads the digest off the name of an object. Names of another form are somebody's.
func digestOf(key string) (artifacts.Digest, bool) {
	name := key[strings.LastIndexByte(key, '/')+1:]
	d, err := artifacts.ParseDigest(name)
	return d, err == nil && d.String() == name && strings.HasSuffix(key, "/"+name[:2]+"/"+name)
}

// look says what is at the address. Where nothing is, a remote can be made.
func (r *Remote) look(ctx context.Context) error {
	text, err := r.small(ctx, r.addr.key(formatName), maxFormat)
	switch {
	case errors.Is(err, ErrAbsent):
		r.empty = true
		return nil
	case err != nil:
		return err
	case string(text) != formatText:
		return fmt.Errorf("%w: %s is no store of assay's, or of another version: its format says %.40q", errBad, r.addr.Text,
			text)
	}
	return nil
}

// maxFormat bounds the object format.
const maxFormat = 64

// claim writes the format of a remote that has none yet, once.
func (r *Remote) claim(ctx context.Context) error {
	if err := r.ready(ctx); err != nil {
		return err
	}
	r.claimed.Do(func() {
		if r.empty {
			r.claimErr = r.bucket.putText(ctx, r.addr.key(formatName), []byte(formatText))
		}
	})
	return r.claimErr
}
