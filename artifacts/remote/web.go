package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// web is the plain files of a web server.
type web struct {
	client *http.Client
	base   string
}

func newWeb(a Address, o Options) *web {
	scheme := "http://"
	if a.Secure {
		scheme = "https://"
	}
	return &web{&http.Client{Transport: newTransport(o.Stall), CheckRedirect: follow}, scheme + a.Host}
}

// maxRedirects is how many times a server may say that a file is elsewhere.
const maxRedirects = 5

// follow refuses to leave TLS, or to go on for ever.
func follow(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errors.New("the server sends on and on to other addresses")
	}
	if via[0].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errors.New("the server sends on to an address without TLS")
	}
	return nil
}

func (w *web) open(ctx context.Context, key string, from int64) (*object, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/"+key, nil)
	if err != nil {
		return nil, err
	}
	if from > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	resp, err := w.client.Do(req)
	if err != nil {
		var why *url.Error
		if errors.As(err, &why) {
			err = why.Err
		}
		return nil, err
	}
	switch resp.StatusCode {
	case http.StatusOK, http.StatusPartialContent:
		return newObject(resp.Body, resp.ContentLength, resp.Header), nil
	}
	resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		return nil, ErrAbsent
	case http.StatusForbidden, http.StatusUnauthorized:
		return nil, fmt.Errorf("%w (%d); a plain address has no credentials: use s3+https://HOST/BUCKET/PREFIX if there are "+
			"some, or ask whoever owns the bucket to make it public", ErrDenied, resp.StatusCode)
	}
	return nil, fmt.Errorf("the server answered %d", resp.StatusCode)
}
