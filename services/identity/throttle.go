package identity

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"slices"
	"time"
)

// bucket counts one kind of attempt.
type bucket struct {
	key    []byte // keyed hash of what is counted
	limit  int
	window time.Duration
}

// hits is how often a bucket was hit in its current window.
type hits struct {
	count    int
	resetsAt time.Time
}

const (
	perAccount = 10 // times login_attempts, from all addresses together
	perAddress = 20 // times login_attempts, to all accounts together
)

// loginBuckets are what a failed login counts against. Between them they bound guessing at one account, from many
// addresses, and at many accounts, without letting one address lock out an account for everybody.
func (s *Service) loginBuckets(in realm, email, ip string) []bucket {
	buckets := []bucket{
		s.bucket(s.cfg.LoginAttempts, s.cfg.LoginWindow, "login", string(in), email, ip),
		s.bucket(s.cfg.LoginAttempts*perAccount, s.cfg.LoginWindow, "account", string(in), email),
	}
	if ip != "" {
		buckets = append(buckets, s.bucket(s.cfg.LoginAttempts*perAddress, s.cfg.LoginWindow, "address", string(in), ip))
	}
	return buckets
}

func (s *Service) bucket(limit int, window time.Duration, parts ...string) bucket {
	mac := hmac.New(sha256.New, s.pepper)
	for _, part := range parts {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return bucket{mac.Sum(nil), limit, window}
}

// keys of buckets, in the order in which rows are locked everywhere.
func keysOf(buckets []bucket) [][]byte {
	keys := make([][]byte, len(buckets))
	for i, b := range buckets {
		keys[i] = b.key
	}
	slices.SortFunc(keys, bytes.Compare)
	return keys
}

// allow refuses when a bucket is full, and says how long it stays so.
func allow(buckets []bucket, counted map[string]hits, now time.Time) error {
	var wait time.Duration
	for _, b := range buckets {
		if h := counted[string(b.key)]; h.count >= b.limit {
			wait = max(wait, h.resetsAt.Sub(now))
		}
	}
	if wait > 0 {
		return ErrTooManyAttempts.WithRetryAfter(wait)
	}
	return nil
}
