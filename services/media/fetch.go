package media

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/sovecom/sovecom/kit/outbound"
)

const (
	// maxRedirects is how often an address may lead to another one.
	maxRedirects = 5
	// maxFetches is how many pictures are fetched at a time by one process.
	maxFetches = 8
	fetchAgent = "SovEcom-Media/1"
)

// fetcher gets pictures from foreign addresses. Every address is checked before it is asked, also one that a redirect leads
// to, and every connection again when it is made.
type fetcher struct {
	guard   outbound.Guard
	client  *http.Client
	timeout time.Duration
	turns   chan struct{}
}

func newFetcher(g outbound.Guard, timeout time.Duration) fetcher {
	return fetcher{
		guard: g, timeout: timeout, turns: make(chan struct{}, maxFetches),
		client: &http.Client{
			Transport: g.Transport(timeout),
			CheckRedirect: func(req *http.Request, via []*http.Request) error {
				if len(via) > maxRedirects {
					return errTooManyRedirects
				}
				req.URL.Fragment, req.URL.RawFragment = "", ""
				req.Header.Del("Referer") // the address may hold a secret that is for its own host
				return g.Check(req.Context(), req.URL.String())
			},
		},
	}
}

var errTooManyRedirects = errors.New("media: too many redirects")

// foreignAddress is an address as it is asked: a fragment stays with who wrote it.
func foreignAddress(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// turn waits until fewer than maxFetches are under way. The caller calls done.
func (f fetcher) turn(ctx context.Context) (done func(), err error) {
	select {
	case f.turns <- struct{}{}:
		return func() { <-f.turns }, nil
	case <-ctx.Done():
		return nil, ErrBusy.WithCause(ctx.Err())
	}
}

// get asks an address. The caller closes the answer's body, which is at most as long to come as the context lives.
func (f fetcher) get(ctx context.Context, address string) (*http.Response, error) {
	if err := f.guard.Check(ctx, address); err != nil {
		return nil, fetchError(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, ErrFetchAddress.WithField("url", "malformed", "The address of the picture cannot be used.").WithCause(err)
	}
	req.Header.Set("Accept", "image/*")
	req.Header.Set("User-Agent", fetchAgent)
	res, err := f.client.Do(req)
	if err != nil {
		return nil, fetchError(err)
	}
	if err := statusError(res.StatusCode); err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	if res.ContentLength > maxBytes {
		_ = res.Body.Close()
		return nil, ErrTooLarge
	}
	return res, nil
}

// statusError is why an answer is not taken: for good, or for now.
func statusError(status int) error {
	switch {
	case status == http.StatusOK:
		return nil
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return ErrFetchLater.WithMessage("%s", fmt.Sprintf("The address of the picture answered %d.", status))
	}
	return ErrFetch.WithMessage("%s", fmt.Sprintf("The address of the picture answered %d.", status))
}

// fetchError is why nothing came of an address: for good, or for now.
func fetchError(err error) error {
	var refusal *outbound.Refusal
	var dns *net.DNSError
	switch {
	case errors.As(err, &refusal):
		return ErrFetchAddress.WithField("url", refusal.Code, refusal.Message)
	case errors.Is(err, outbound.ErrNotPublic):
		return ErrFetchAddress.WithField("url", "private_address", "The URL must lead to a public address.")
	case errors.Is(err, errTooManyRedirects):
		return ErrFetch.WithMessage("The address of the picture leads from one to another without end.")
	case errors.As(err, &dns) && dns.IsNotFound:
		return ErrFetch.WithMessage("The host name of the picture's address is not known.").WithCause(dns)
	}
	return ErrFetchLater.WithCause(plain(err))
}

// plain is the error without the address, which may hold a secret.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// nameIn is what the last part of an address calls the picture.
func nameIn(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if name := path.Base(u.Path); name != "/" && name != "." {
		return name
	}
	return ""
}
