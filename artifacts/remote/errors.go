package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"
)

// The errors of a remote, which [errors.Is] finds.
var (
	ErrAbsent   = errors.New("it is not in the remote")
	ErrDenied   = errors.New("the remote denies it")
	ErrReadOnly = errors.New("the remote can only be read")
	errOff      = errors.New("the remote is not asked any more")
	errBad      = errors.New("what the remote sent is wrong")
)

// remedy is what to do about a remote that denies something.
const remedy = "give other credentials by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE and ~/.aws/credentials, or " +
	"~/.mc/config.json, or ask whoever owns the bucket for the right"

// judge turns an error of minio-go into one of this package. Texts of servers are bounded; their
// messages are left out, since some repeat what was asked.
func judge(err error) error {
	if err == nil {
		return nil
	}
	var said minio.ErrorResponse
	if !errors.As(err, &said) {
		return err
	}
	code := firstWord(said.Code)
	switch {
	case code == "NoSuchBucket":
		return errNoBucket
	case said.StatusCode == http.StatusPreconditionFailed || code == "PreconditionFailed":
		return errThere
	case isDenial(code) || said.StatusCode == http.StatusForbidden || said.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("%w (%d %s); %s", ErrDenied, said.StatusCode, code, remedy)
	case code == "NoSuchKey" || said.StatusCode == http.StatusNotFound && (code == "NotFound" || code == ""):
		return ErrAbsent
	case code == "AuthorizationHeaderMalformed" || said.StatusCode == http.StatusMovedPermanently:
		return fmt.Errorf("%w (%d %s)", errRegion, said.StatusCode, code)
	}
	if said.StatusCode == 0 {
		return fmt.Errorf("the server's answer cannot be understood (%s)", code)
	}
	return fmt.Errorf("the server answered %d %s", said.StatusCode, code)
}

var (
	errNoBucket = errors.New("the bucket does not exist; make it, or name another one")
	errRegion   = errors.New("the bucket is in another region; name it by AWS_REGION")
	errThere    = errors.New("an object of that name exists")
)

// isDenial reports whether a code means that the credentials are not good enough. The last one is a
// gateway's word for a name that it does not know, which comes with the status 404.
func isDenial(code string) bool {
	switch code {
	case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "XAdminUserNotFound":
		return true
	}
	return false
}

// firstWord keeps letters and digits of a word that a server sent.
func firstWord(text string) string {
	const most = 40
	text = text[:min(len(text), most)]
	return strings.TrimFunc(strings.Map(func(r rune) rune {
		if isOdd(r) {
			return -1
		}
		return r
	}, text), isOdd)
}

// passes reports whether an error may go away by itself, so that another try makes sense.
func passes(ctx context.Context, err error) bool {
	var own *localError
	switch {
	case err == nil || ctx.Err() != nil || errors.As(err, &own):
		return false
	}
	final := []error{ErrAbsent, ErrDenied, ErrReadOnly, errOff, errBad, errNoBucket, errRegion, errThere}
	for _, final := range final {
		if errors.Is(err, final) {
			return false
		}
	}
	return true
}

// localError is an error of this machine, such as a full disk. Another try does not help.
type localError struct{ error }

// Unwrap returns the error.
func (e *localError) Unwrap() error { return e.error }
