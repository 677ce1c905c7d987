package media

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// signer makes and checks addresses that allow one thing until a moment: an HMAC-SHA256 over method, path and moment, with
// the name of its key.
type signer struct {
	current string
	keys    map[string][]byte
}

func newSigner(key []byte) signer {
	name := keyID(key)
	return signer{name, map[string][]byte{name: key}}
}

// Parameters of a signed address. All of them are required.
const (
	paramExpires   = "expires"
	paramKey       = "key"
	paramSignature = "signature"
)

// sign returns the address under which method may be used on path until a moment.
func (s signer) sign(method, path string, until time.Time) string {
	expires := strconv.FormatInt(until.Unix(), 10)
	query := url.Values{paramExpires: {expires}, paramKey: {s.current}, paramSignature: {s.mac(s.current, method, path, expires)}}
	return (&url.URL{Path: path, RawQuery: query.Encode()}).String()
}

// check says whether an address is signed and not too old.
func (s signer) check(method, path string, query url.Values, now time.Time) error {
	for _, name := range []string{paramExpires, paramKey, paramSignature} {
		if len(query[name]) != 1 {
			return ErrSignature
		}
	}
	key, expires := query.Get(paramKey), query.Get(paramExpires)
	if _, known := s.keys[key]; !known || !hmac.Equal([]byte(query.Get(paramSignature)), []byte(s.mac(key, method, path, expires))) {
		return ErrSignature
	}
	if until, err := strconv.ParseInt(expires, 10, 64); err != nil || now.Unix() >= until {
		return ErrSignature
	}
	return nil
}

func (s signer) mac(key, method, path, expires string) string {
	h := hmac.New(sha256.New, s.keys[key])
	h.Write([]byte(strings.Join([]string{method, path, expires}, "\n")))
	return hex.EncodeToString(h.Sum(nil))
}
