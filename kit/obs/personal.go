package obs

import (
	"fmt"
	"log/slog"
)

// Redacted stands where something personal would be shown.
const Redacted = "[redacted]"

// Personal is a text about a person (name, e-mail, phone, address) on its way past a logger: slog, fmt with any verb and JSON see
// "[redacted]", so it also stays out of error texts. It is for what is passed around inside, not for the fields of a response.
type Personal string

// Reveal is the text itself.
func (p Personal) Reveal() string { return string(p) }

// LogValue is the redacted form.
func (p Personal) LogValue() slog.Value { return slog.StringValue(Redacted) }

// String is the redacted form.
func (p Personal) String() string { return Redacted }

// Format answers every verb of fmt with the redacted form.
func (p Personal) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(Redacted)) }

// MarshalJSON is the redacted form: slog marshals structs through encoding/json.
func (p Personal) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText is the redacted form.
func (p Personal) MarshalText() ([]byte, error) { return []byte(Redacted), nil }
