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
		return fmt.Errorf("the bucket does not exist; make it, or name another one: %w", errNoBucket)
	case said.StatusCode == http.StatusNotFound || code == "NoSuchKey":
		return ErrAbsent
	case said.StatusCode == http.StatusPreconditionFailed || code == "PreconditionFailed":
		return errThere
	case said.StatusCode == http.StatusForbidden || said.StatusCode == http.StatusUnauthorized || isDenial(code):
		return fmt.Errorf("%w (%d %s); %s", ErrDenied, said.StatusCode, code, remedy)
	}
	return fmt.Errorf("the server answered %d %s", said.StatusCode, code)
}

var (
	errNoBucket = errors.New("no such bucket")
	errThere    = errors.New("an object of that name exists")
)

func isDenial(code string) bool {
	switch code {
	case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken":
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
	for _, final := range []error{ErrAbsent, ErrDenied, ErrReadOnly, errOff, errBad, errNoBucket, errThere} {
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
