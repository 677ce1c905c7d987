package page

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

const macSize = 12 // bytes: enough against guessing, for something that gives no access by itself

// Signer turns raw positions into cursors for callers, and back.
type Signer struct{ key []byte }

// NewSigner makes a Signer. Replicas that share the key read each other's cursors.
func NewSigner(key []byte) Signer { return Signer{key: append([]byte(nil), key...)} }

// Seal makes the cursor for a raw position. scope says which list, of whom, under which filters; a cursor opens under
// the same one only. No position gives no cursor.
func (s Signer) Seal(scope string, raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(s.mac(scope, raw), raw...))
}

// Open reads a cursor; the error is [ErrBadCursor].
func (s Signer) Open(scope, cursor string) ([]byte, error) {
	if cursor == "" {
		return nil, nil
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(data) <= macSize || !hmac.Equal(data[:macSize], s.mac(scope, data[macSize:])) {
		return nil, ErrBadCursor
	}
	return data[macSize:], nil
}

func (s Signer) mac(scope string, raw []byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write(Key(scope))
	h.Write(raw)
	return h.Sum(nil)[:macSize]
}
