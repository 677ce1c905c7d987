package door

import (
	"log/slog"
	"time"
)

const (
	// DefaultTimeout is the deadline of a call that was made without one.
	DefaultTimeout = 30 * time.Second
	// DefaultMaxPayload is the largest encoded message, in bytes, metadata not counted.
	DefaultMaxPayload = 4 << 20
	// DefaultMaxInFlight is the number of calls a room runs at once.
	DefaultMaxInFlight = 1024
)

// Option changes a default of a door. An option that concerns the other side of a door only is ignored.
type Option func(*settings)

// WithTimeout sets the deadline of calls made without one. Zero and below mean [DefaultTimeout].
func WithTimeout(d time.Duration) Option { return func(s *settings) { s.timeout = d } }

// WithMaxPayload sets the largest encoded message in bytes. Zero and below mean [DefaultMaxPayload].
func WithMaxPayload(bytes int) Option { return func(s *settings) { s.maxPayload = bytes } }

// WithMaxInFlight sets how many calls the room behind this door runs at once. Zero and below mean [DefaultMaxInFlight].
func WithMaxInFlight(calls int) Option { return func(s *settings) { s.maxInFlight = calls } }

// WithGifts names procedures whose handlers make every answer anew and never touch it again once they have returned it.
// The memory door hands such an answer over instead of copying it; other doors encode it anyway.
func WithGifts(procedures ...string) Option {
	return func(s *settings) { s.gifts = append(s.gifts, procedures...) }
}

// WithLogger sets where panics and undeliverable answers are reported; the default is slog.Default.
func WithLogger(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

type settings struct {
	timeout     time.Duration
	maxPayload  int
	maxInFlight int
	gifts       []string
	log         *slog.Logger
}

func settle(options []Option) settings {
	var s settings
	for _, option := range options {
		option(&s)
	}
	return s.withDefaults()
}

func (s settings) withDefaults() settings {
	if s.timeout <= 0 {
		s.timeout = DefaultTimeout
	}
	if s.maxPayload <= 0 {
		s.maxPayload = DefaultMaxPayload
	}
	if s.maxInFlight <= 0 {
		s.maxInFlight = DefaultMaxInFlight
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s
}
