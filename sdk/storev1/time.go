package storev1

import "time"

// timeLayout is RFC 3339 in UTC with exactly three digits of fraction, so that times of one surface sort as text.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is an instant on the wire: RFC 3339, UTC, milliseconds, "Z". It reads any RFC 3339 offset and turns it to UTC.
type Time struct{ time.Time }

// At makes a Time of t.
func At(t time.Time) Time { return Time{t.UTC()} }

// AtOrNil makes a Time of t, and null of the zero instant.
func AtOrNil(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	at := At(t)
	return &at
}

// AppendText appends the wire form to b.
func (t Time) AppendText(b []byte) ([]byte, error) {
	return t.UTC().Truncate(time.Millisecond).AppendFormat(b, timeLayout), nil
}

// MarshalText returns the wire form.
func (t Time) MarshalText() ([]byte, error) { return t.AppendText(nil) }

// MarshalJSON returns the wire form in quotes.
func (t Time) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, len(timeLayout)+2)
	b, err := t.AppendText(append(b, '"'))
	return append(b, '"'), err
}

// UnmarshalText reads RFC 3339.
func (t *Time) UnmarshalText(b []byte) error {
	if err := t.Time.UnmarshalText(b); err != nil {
		return err
	}
	t.Time = t.UTC()
	return nil
}

// UnmarshalJSON reads RFC 3339 in quotes. Null changes nothing, as is the custom of encoding/json.
func (t *Time) UnmarshalJSON(b []byte) error {
	if err := t.Time.UnmarshalJSON(b); err != nil {
		return err
	}
	t.Time = t.UTC()
	return nil
}

// String returns the wire form.
func (t Time) String() string { return t.UTC().Truncate(time.Millisecond).Format(timeLayout) }
