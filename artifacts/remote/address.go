package remote

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// An Address says where a remote is.
//
//	s3://BUCKET/PREFIX             Amazon S3, or the server that AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL names
//	s3+https://HOST/BUCKET/PREFIX  another server that speaks S3
//	s3+http://HOST/BUCKET/PREFIX   the same without TLS
//	https://HOST/PREFIX            plain files, read only: a public bucket, or a store that a web server shows
type Address struct {
	Text   string // as it was written
	Host   string // with the port, if one is written
	Secure bool   // TLS
	Bucket string // empty for plain files
	Prefix string // without slashes at its ends
	Region string // empty if the client is to find it out
}

const (
	amazon     = "s3.amazonaws.com"
	maxAddress = 2048
	forms      = "want s3://BUCKET/PREFIX, s3+https://HOST/BUCKET/PREFIX or, to read only, https://HOST/PREFIX"
)

// bucketName is what S3 allows as the name of a bucket.
var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// ParseAddress reads an address. An address with a password is refused, since addresses are shown.
func ParseAddress(text string) (Address, error) {
	if len(text) > maxAddress {
		return Address{}, fmt.Errorf("the address of the remote has %d bytes; at most %d are allowed", len(text),
			maxAddress)
	}
	u, err := url.Parse(text)
	if err != nil {
		var why *url.Error
		if errors.As(err, &why) { // its text repeats the address, which may have a password
			err = why.Err
		}
		return Address{}, fmt.Errorf("the address of the remote cannot be read: %w; %s", err, forms)
	}
	switch {
	case u.User != nil:
		return Address{}, errors.New("the address of the remote holds a name or password, and addresses are shown; " +
			"give them by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials or ~/.mc/config.json")
	case u.RawQuery != "" || u.Fragment != "" || u.Opaque != "":
		return Address{}, fmt.Errorf("the address of the remote %q has more than a path; %s", cut(text, "?#"), forms)
	case u.Host == "" || strings.HasPrefix(u.Host, ":"):
		return Address{}, fmt.Errorf("the address of the remote %q names no host or bucket; %s", text, forms)
	}
	a := Address{Text: text, Host: u.Host, Secure: true, Prefix: strings.Trim(u.Path, "/")}
	switch u.Scheme {
	case "http", "https":
		a.Secure = u.Scheme == "https"
	case "s3+http", "s3+https":
		a.Secure = u.Scheme == "s3+https"
		a.Bucket, a.Prefix, _ = strings.Cut(a.Prefix, "/")
		a.Region = cmp.Or(region(), "us-east-1")
	case "s3":
		a.Bucket, a.Region = u.Host, region()
		err = a.findHost()
	default:
		err = fmt.Errorf("the address of the remote %q is of an unknown kind; %s", text, forms)
	}
	if err != nil {
		return Address{}, err
	}
	a.Prefix = strings.Trim(a.Prefix, "/")
	return a, a.check()
}

// findHost finds the server of an address that names only a bucket.
func (a *Address) findHost() error {
	at := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"))
	if at == "" {
		a.Host = amazon
		return nil
	}
	u, err := url.Parse(at)
	if err != nil || u.User != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" ||
		u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is not the address of a server, such as " +
			"https://s3.example.org")
	}
	a.Host, a.Secure, a.Region = u.Host, u.Scheme == "https", cmp.Or(a.Region, "us-east-1")
	return nil
}

// check refuses names that S3 would refuse, or that mean something else on the way there.
func (a *Address) check() error {
	if strings.HasPrefix(a.Text, "s3") && !bucketName.MatchString(a.Bucket) {
		return fmt.Errorf("the address of the remote %q names no bucket that S3 allows (%.80q); %s", a.Text, a.Bucket,
			forms)
	}
	for part := range strings.SplitSeq(a.Prefix, "/") {
		if part == "." || part == ".." || part == "" && a.Prefix != "" || strings.ContainsFunc(part, isOdd) {
			return fmt.Errorf("the prefix of the remote %q has a part %.80q, which servers understand in different ways; "+
				"use letters, digits, \"-\", \"_\" and \".\"", a.Text, part)
		}
	}
	return nil
}

// isOdd reports whether a rune may be changed on its way to a server.
func isOdd(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.=~", r)
}

// Plain reports whether the remote is files of a web server, not S3.
func (a Address) Plain() bool { return a.Bucket == "" }

// key returns the full name of an object.
func (a Address) key(name string) string {
	if a.Prefix == "" {
		return name
	}
	return a.Prefix + "/" + name
}

func region() string { return cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")) }

// cut returns the text before the first of the marks.
func cut(text, marks string) string {
	if at := strings.IndexAny(text, marks); at >= 0 {
		return text[:at]
	}
	return text
}
