// Package id makes and reads the identifiers of the house: UUIDv7 (RFC 9562), lower case, sortable by time.
package id

import (
	"encoding/hex"
	"errors"

	"github.com/google/uuid"
)

// ID is a UUID. The zero value is no id.
type ID [16]byte

// ErrMalformed is returned for text that is not a lower-case UUID in its canonical form.
var ErrMalformed = errors.New("id: not a canonical UUID")

// New makes a UUIDv7. It fails only when the system has no randomness, and then nothing else works either.
func New() ID {
	return ID(uuid.Must(uuid.NewV7()))
}

// Parse reads the canonical form: 36 characters, lower-case hexadecimal.
func Parse(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, ErrMalformed
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'A' && c <= 'F' {
			return id, ErrMalformed
		}
	}
	packed := s[0:8] + s[9:13] + s[14:18] + s[19:23] + s[24:36]
	if _, err := hex.Decode(id[:], []byte(packed)); err != nil {
		return ID{}, ErrMalformed
	}
	return id, nil
}

// ParseAll reads several ids; it fails at the first that is malformed.
func ParseAll(texts []string) ([]ID, error) {
	out := make([]ID, len(texts))
	for i, s := range texts {
		var err error
		if out[i], err = Parse(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// String is the canonical form.
func (id ID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], id[0:4])
	b[8] = '-'
	hex.Encode(b[9:13], id[4:6])
	b[13] = '-'
	hex.Encode(b[14:18], id[6:8])
	b[18] = '-'
	hex.Encode(b[19:23], id[8:10])
	b[23] = '-'
	hex.Encode(b[24:36], id[10:16])
	return string(b[:])
}

// IsZero reports whether id is no id.
func (id ID) IsZero() bool { return id == ID{} }

// Ptr returns nil for no id, for columns and fields that may be absent.
func (id ID) Ptr() *ID {
	if id.IsZero() {
		return nil
	}
	return &id
}

// MarshalText writes the canonical form.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the canonical form.
func (id *ID) UnmarshalText(text []byte) error {
	var err error
	*id, err = Parse(string(text))
	return err
}
