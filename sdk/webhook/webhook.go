// Package webhook signs and verifies webhooks per Standard Webhooks 1.0, and says what the events of a shop look like.
//
// A receiver reads the body whole, verifies it, and only then believes it:
//
//	secret, err := webhook.ParseSecret(os.Getenv("WEBHOOK_SECRET"))
//	…
//	event, err := webhook.Read(request, time.Now(), secret)
//	if err != nil { … 400 … }
//	switch event.Type {
//	case webhook.TypeOrderPaid:
//		paid, err := webhook.Data[webhook.OrderPaid](event)
//
// Delivery is at least once and in order per aggregate: remember Event.ID, which is the same on every attempt and every
// replay, and answer 2xx to what is already known. Answer within ten seconds; anything else is tried again for days.
package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a webhook.
const (
	HeaderID        = "Webhook-Id"        // id of the event, the same on every attempt
	HeaderTimestamp = "Webhook-Timestamp" // Unix seconds of the attempt
	HeaderSignature = "Webhook-Signature" // one or more "v1,<base64>", separated by spaces
)

// Tolerance is how far a timestamp may be from the receiver's clock, either way. It bounds replays.
const Tolerance = 5 * time.Minute

// MaxBody is how much Read reads at most; a shop's events stay far below.
const MaxBody = 1 << 20

const (
	secretPrefix = "whsec_"
	version      = "v1"
	minKey       = 24 // bytes, as the standard asks
	maxKey       = 64
)

// What Verify refuses.
var (
	ErrMissingHeader = errors.New("the request lacks one of the headers webhook-id, webhook-timestamp and webhook-signature")
	ErrTimestamp     = errors.New("the webhook's timestamp is not within five minutes of now")
	ErrSignature     = errors.New("no signature of the webhook matches")
	ErrTooLarge      = errors.New("the webhook's body is larger than 1 MiB")
)

// Secret signs webhooks. It prints as a placeholder, so that it does not end in a log. The zero Secret signs nothing
// and matches nothing, so that a receiver which failed to read its secret is closed, not open.
type Secret struct{ key []byte }

// NewSecret makes a random secret of 192 bits.
func NewSecret() Secret {
	key := make([]byte, minKey)
	_, _ = rand.Read(key) // never fails: see its documentation
	return Secret{key}
}

// ParseSecret reads "whsec_" and the base64 of 24 to 64 bytes.
func ParseSecret(text string) (Secret, error) {
	encoded, ok := strings.CutPrefix(text, secretPrefix)
	if !ok {
		return Secret{}, errors.New("a webhook secret starts with whsec_")
	}
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return Secret{}, errors.New("a webhook secret is base64 after whsec_")
	}
	if len(key) < minKey || len(key) > maxKey {
		return Secret{}, fmt.Errorf("a webhook secret holds %d to %d bytes, this one %d", minKey, maxKey, len(key))
	}
	return Secret{key}, nil
}

// Reveal returns the secret as ParseSecret reads it. Show it once, to the one who subscribes.
func (s Secret) Reveal() string { return secretPrefix + base64.StdEncoding.EncodeToString(s.key) }

// String hides the secret.
func (s Secret) String() string { return secretPrefix + "[hidden]" }

// GoString hides the secret.
func (s Secret) GoString() string { return s.String() }

// Sign returns the headers of one attempt to deliver body. With several secrets it signs with each, which is how a
// secret is changed without losing an event: the old one signs beside the new for a while.
func Sign(id string, at time.Time, body []byte, secrets ...Secret) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, s := range secrets {
		if len(s.key) > 0 {
			signatures = append(signatures, version+","+base64.StdEncoding.EncodeToString(s.sum(id, timestamp, body)))
		}
	}
	return http.Header{
		HeaderID:        {id},
		HeaderTimestamp: {timestamp},
		HeaderSignature: {strings.Join(signatures, " ")},
	}
}

// Verify checks that body was signed with one of the secrets within Tolerance of now. It returns ErrMissingHeader,
// ErrTimestamp or ErrSignature.
func Verify(header http.Header, body []byte, now time.Time, secrets ...Secret) error {
	id, timestamp, signatures := header.Get(HeaderID), header.Get(HeaderTimestamp), header.Get(HeaderSignature)
	if id == "" || timestamp == "" || signatures == "" {
		return ErrMissingHeader
	}
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > Tolerance {
		return ErrTimestamp
	}
	for _, s := range secrets {
		if len(s.key) > 0 && anySignature(signatures, s.sum(id, timestamp, body)) {
			return nil
		}
	}
	return ErrSignature
}

func anySignature(signatures string, want []byte) bool {
	for text := range strings.FieldsSeq(signatures) {
		scheme, encoded, _ := strings.Cut(text, ",")
		got, err := base64.StdEncoding.DecodeString(encoded)
		if scheme == version && err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}

func (s Secret) sum(id, timestamp string, body []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	_, _ = io.WriteString(mac, id+"."+timestamp+".")
	_, _ = mac.Write(body)
	return mac.Sum(nil)
}

// Read reads a webhook from a request and verifies it. It returns what Verify returns, ErrTooLarge, or an error that
// says why the body could not be read.
func Read(r *http.Request, now time.Time, secrets ...Secret) (Event, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	if err != nil {
		return Event{}, fmt.Errorf("read the webhook: %w", err)
	}
	if len(body) > MaxBody {
		return Event{}, ErrTooLarge
	}
	if err := Verify(r.Header, body, now, secrets...); err != nil {
		return Event{}, err
	}
	return ParseEvent(body)
}
