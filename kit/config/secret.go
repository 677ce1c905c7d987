package config

import (
	"fmt"
	"log/slog"
)

// Redacted stands where a secret would be shown.
const Redacted = "[redacted]"

// Secret is a text that shows itself to nobody: fmt with any verb, JSON, YAML, text encoding and slog all see "[redacted]", or nothing
// if it is empty. Keep it in exported fields (fmt does not call methods on unexported ones) and never make it the key of a map
// (encoding/json writes string keys as they are).
type Secret string

// Reveal is the secret itself. A call to it is a place to look at in a review.
func (s Secret) Reveal() string { return string(s) }

// String is the redacted form.
func (s Secret) String() string { return redact(string(s)) }

// Format answers every verb of fmt, %x and %#v included, with the redacted form.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText covers XML and every other text encoding.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON is the redacted form as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalYAML is the redacted form.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// LogValue is the redacted form.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

func redact(s string) string {
	if s == "" {
		return ""
	}
	return Redacted
}
