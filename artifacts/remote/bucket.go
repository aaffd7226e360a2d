package remote

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"assay/artifacts"
)

// An object is one that is being read.
type object struct {
	body io.ReadCloser
	size int64 // of the whole object; -1 if the server does not say
	from int64 // where body begins
	date string
}

// shelf is where objects are read from.
type shelf interface {
	// open opens an object at an offset. The body may begin earlier, see object.from.
	open(ctx context.Context, key string, from int64) (*object, error)
}

// bucket is a bucket of a server that speaks S3.
type bucket struct {
	core *minio.Core
	name string
}

// tries is how often a request is sent before it counts as failed.
const tries = 4

func newBucket(a Address, o Options) (*bucket, error) {
	core, err := minio.NewCore(a.Host, &minio.Options{
		Creds: newCredentials(a), Secure: a.Secure, Region: a.Region,
		Transport: newTransport(o.Stall), MaxRetries: tries,
	})
	if err != nil {
		return nil, fmt.Errorf("the remote %s: %w", a.Text, err)
	}
	return &bucket{core, a.Bucket}, nil
}

// anonymous reports whether there are no credentials.
func (b *bucket) anonymous() bool {
	v, err := b.core.GetCreds()
	return err != nil || v.AccessKeyID == ""
}

func (b *bucket) open(ctx context.Context, key string, from int64) (*object, error) {
	var opts minio.GetObjectOptions
	if from > 0 {
		if err := opts.SetRange(from, 0); err != nil {
			return nil, err
		}
	}
	body, info, header, err := b.core.GetObject(ctx, b.name, key, opts)
	if err != nil {
		return nil, judge(err)
	}
	return newObject(body, info.Size, header), nil
}

// newObject makes an object of an answer. length is that of the body.
func newObject(body io.ReadCloser, length int64, header http.Header) *object {
	o := &object{body: body, size: length, date: header.Get("Date")}
	if r := header.Get("Content-Range"); r != "" {
		o.from, o.size = parseRange(r)
	}
	return o
}

// parseRange reads "bytes 5-9/10". What it cannot read is an object of unknown size from its beginning.
func parseRange(text string) (from, size int64) {
	rest, ok := strings.CutPrefix(text, "bytes ")
	span, total, ok2 := strings.Cut(rest, "/")
	first, _, ok3 := strings.Cut(span, "-")
	from, err := strconv.ParseInt(first, 10, 64)
	if !ok || !ok2 || !ok3 || err != nil || from < 0 {
		return 0, -1
	}
	if size, err = strconv.ParseInt(total, 10, 64); err != nil || size < from {
		size = -1
	}
	return from, size
}

// stat returns the size of an object.
func (b *bucket) stat(ctx context.Context, key string) (int64, error) {
	info, err := b.core.StatObject(ctx, b.name, key, minio.StatObjectOptions{})
	return info.Size, judge(err)
}

// partSize is the size of the parts of a large object. Those above it are sent in parts, some at once.
const partSize = 16 << 20

// put sends an object whose digest is d. It is there at once when it is whole, never before. The server gets the
// digest too, and refuses what is something else when it arrives. Objects in parts have no such digest; of those the
// size is asked for afterwards.
func (b *bucket) put(ctx context.Context, key string, d artifacts.Digest, r io.ReadSeeker, size int64) error {
	return b.putWith(ctx, key, d, r, size, putOptions())
}

func putOptions() minio.PutObjectOptions {
	return minio.PutObjectOptions{ContentType: "application/octet-stream", PartSize: partSize, NumThreads: 4,
		DisableContentSha256: true}
}

// putText sends a small object.
func (b *bucket) putText(ctx context.Context, key string, text []byte) error {
	return b.put(ctx, key, artifacts.Of(text), bytes.NewReader(text), int64(len(text)))
}

// putNew is putText that replaces nothing: the error is errThere if something is there.
func (b *bucket) putNew(ctx context.Context, key string, text []byte) error {
	opts := putOptions()
	opts.SetMatchETagExcept("*")
	return b.putWith(ctx, key, artifacts.Of(text), bytes.NewReader(text), int64(len(text)), opts)
}

func (b *bucket) putWith(ctx context.Context, key string, d artifacts.Digest, r io.ReadSeeker, size int64,
	opts minio.PutObjectOptions) error {
	if size <= partSize {
		_, err := b.core.PutObject(ctx, b.name, key, r, size, "", d.String(), opts)
		return judge(err)
	}
	if _, err := b.core.Client.PutObject(ctx, b.name, key, r, size, opts); err != nil {
		return judge(err)
	}
	got, err := b.stat(ctx, key)
	if err == nil && got != size {
		err = fmt.Errorf("%w: of %d bytes that were sent it keeps %d", errBad, size, got)
	}
	return err
}

func (b *bucket) remove(ctx context.Context, key string) error {
	return judge(b.core.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
}

// listed is an object of a list.
type listed struct {
	key      string
	size     int64
	modified time.Time
}

// maxListed bounds how many objects of one prefix are looked at.
const maxListed = 10_000_000

// list lists the objects whose names begin with prefix, sorted.
func (b *bucket) list(ctx context.Context, prefix string) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		n := 0
		opts := minio.ListObjectsOptions{Prefix: prefix, Recursive: true}
		for o := range b.core.ListObjectsIter(ctx, b.name, opts) {
			if n++; n > maxListed {
				yield(listed{}, fmt.Errorf("%w: a list of more than %d objects", errBad, maxListed))
				return
			}
			if !yield(listed{o.Key, o.Size, o.LastModified}, judge(o.Err)) || o.Err != nil {
				return
			}
		}
	}
}
