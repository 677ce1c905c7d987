package media

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// signingKey makes and checks addresses that allow one thing until a moment: an HMAC-SHA256 over method, path and moment,
// with the id of its key. A shop has one that signs, and those that did before, until what they signed has run out.
type signingKey struct {
	id        id.ID
	salt      []byte
	createdAt time.Time
	endsAt    *time.Time // nil for the one that signs
	secret    []byte     // never stored
}

// derived gives a key its secret, which follows from that of the installation.
func (k signingKey) derived(secret []byte, shop id.ID) (signingKey, error) {
	var err error
	k.secret, err = hkdf.Key(sha256.New, secret, k.salt, "media addresses/"+shop.String()+"/"+k.id.String(), sha256.Size)
	if err != nil {
		return k, fmt.Errorf("media: key: %w", err)
	}
	return k, nil
}

// String names the key and does not give it away, however it is printed.
func (k signingKey) String() string { return "key " + k.id.String() }

// GoString is String.
func (k signingKey) GoString() string { return k.String() }

// ring are the keys of a shop.
type ring []signingKey

// current is the key that signs.
func (r ring) current() (signingKey, bool) {
	for _, k := range r {
		if k.endsAt == nil {
			return k, true
		}
	}
	return signingKey{}, false
}

// due says whether another key ought to sign: there is none, or it is older than age. Age 0 is never. A key that seems to
// be from the future is young: somebody's clock was wrong.
func (r ring) due(now time.Time, age time.Duration) bool {
	k, ok := r.current()
	return !ok || age > 0 && now.Sub(k.createdAt) >= age
}

// valid is the key with an id, if it may still have signed an address that runs out at a moment.
func (r ring) valid(which string, until, now time.Time) (signingKey, bool) {
	for _, k := range r {
		if k.id.String() == which {
			return k, k.endsAt == nil || now.Before(*k.endsAt) && !until.After(*k.endsAt)
		}
	}
	return signingKey{}, false
}

// knows reports whether there is a key with an id, valid or not.
func (r ring) knows(which string) bool {
	for _, k := range r {
		if k.id.String() == which {
			return true
		}
	}
	return false
}

// Parameters of a signed address. All of them are required.
const (
	paramExpires   = "expires"
	paramKey       = "key"
	paramSignature = "signature"
)

// sign returns the address under which method may be used on path until a moment.
func (k signingKey) sign(method, path string, until time.Time) string {
	expires := strconv.FormatInt(until.Unix(), 10)
	query := url.Values{paramExpires: {expires}, paramKey: {k.id.String()}, paramSignature: {k.mac(method, path, expires)}}
	return (&url.URL{Path: path, RawQuery: query.Encode()}).String()
}

// signature is what the parameters of an address say.
type signature struct {
	key, expires, mac string
	until             time.Time
}

// signatureOf reads the parameters of an address that has not run out.
func signatureOf(query url.Values, now time.Time) (signature, error) {
	for _, name := range []string{paramExpires, paramKey, paramSignature} {
		if len(query[name]) != 1 {
			return signature{}, ErrSignature
		}
	}
	s := signature{key: query.Get(paramKey), expires: query.Get(paramExpires), mac: query.Get(paramSignature)}
	seconds, err := strconv.ParseInt(s.expires, 10, 64)
	if err != nil || now.Unix() >= seconds {
		return signature{}, ErrSignature
	}
	s.until = time.Unix(seconds, 0)
	return s, nil
}

// check says whether an address was signed by one of the keys.
func (r ring) check(method, path string, s signature, now time.Time) error {
	k, ok := r.valid(s.key, s.until, now)
	if !ok || !hmac.Equal([]byte(s.mac), []byte(k.mac(method, path, s.expires))) {
		return ErrSignature
	}
	return nil
}

func (k signingKey) mac(method, path, expires string) string {
	h := hmac.New(sha256.New, k.secret)
	h.Write([]byte(strings.Join([]string{method, path, expires}, "\n")))
	return hex.EncodeToString(h.Sum(nil))
}
