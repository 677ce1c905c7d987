package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sovecom/sovecom/kit/outbound"
)

const (
	readAnswer = 8 << 10 // bytes of an answer that are read
	keepAnswer = 1 << 10 // bytes of it that are kept
	maxError   = 500     // bytes of an error in the log
	userAgent  = "SovEcom-Webhooks/1"
)

// courier posts webhooks.
type courier struct {
	client  *http.Client
	timeout time.Duration
	now     func() time.Time
}

func newCourier(g guard, timeout time.Duration, now func() time.Time) courier {
	return courier{timeout: timeout, now: now, client: &http.Client{
		Transport:     g.Transport(timeout),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post makes one attempt. Whatever goes wrong is an outcome.
func (c courier) post(ctx context.Context, address, event string, body []byte, keys [][]byte) outcome {
	started := c.now()
	stopping := ctx
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return outcome{err: clip("The URL cannot be used: " + plain(err))}
	}
	req.Header = sign(event, started, body, keys)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
	res, err := c.client.Do(req)
	if err != nil {
		return outcome{err: clip(c.explain(err)), duration: c.now().Sub(started), interrupted: stopping.Err() != nil}
	}
	defer res.Body.Close()
	// The status has come: an answer that breaks off or never ends takes nothing back.
	answer, _ := io.ReadAll(io.LimitReader(res.Body, readAnswer))
	o := outcome{responseStatus: res.StatusCode, responseBody: text(answer), duration: c.now().Sub(started)}
	switch {
	case o.accepted():
	case res.StatusCode >= 300 && res.StatusCode < 400:
		o.err = fmt.Sprintf("The receiver answered %d. Redirects are not followed.", res.StatusCode)
	default:
		o.err = fmt.Sprintf("The receiver answered %d.", res.StatusCode)
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		o.retryAfter = c.retryAfter(res.Header.Get("Retry-After"))
	}
	return o
}

// retryAfter reads seconds or an HTTP date (RFC 9110, 10.2.3).
func (c courier) retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(c.now()), 0)
	}
	return 0
}

func (c courier) explain(err error) string {
	var dns *net.DNSError
	var timeout net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, outbound.ErrNotPublic):
		return "The host name of the receiver leads to an address that is not public."
	case errors.As(err, &certificate):
		return "The certificate of the receiver is not valid: " + plain(certificate.Err)
	case errors.As(err, &dns):
		return "The host name of the receiver cannot be resolved."
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("The receiver did not answer within %s.", c.timeout)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "The receiver refuses connections."
	}
	return "The receiver cannot be reached: " + plain(err)
}

// plain is the error without the URL, which may hold a token of the receiver's.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}

func clip(s string) string {
	if len(s) > maxError {
		s = s[:maxError]
	}
	return strings.ToValidUTF8(s, "")
}

// text is the beginning of an answer as the database can keep it.
func text(answer []byte) string {
	if len(answer) > keepAnswer {
		answer = answer[:keepAnswer]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(string(answer), ""), "\x00", "")
}
