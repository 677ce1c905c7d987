package identity

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// refreshToken is 32 random bytes, shown once; only its hash is kept.
type refreshToken struct {
	text string
	hash []byte
}

func newRefreshToken() refreshToken {
	text := base64.RawURLEncoding.EncodeToString(random(32))
	return refreshToken{text, hashToken(text)}
}

func hashToken(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// presented is a refresh token somebody came with, as the database knows it once its row is locked.
type presented struct {
	found         bool
	usedOnArrival bool // before the lock was asked for
	used          bool // with the lock held
	expiresAt     time.Time
	session       id.ID
	endsAt        time.Time
	revoked       bool
	subject       id.ID
	role          string // of staff
	disabled      bool
	groups        []string // codes of a customer's groups
}

type verdict int

const (
	refuse verdict = iota // unknown, expired, ended
	rotate
	overlap // another request used it while this one was under way
	reuse   // somebody has a copy
)

// judge decides what happens to a presented token. A used token counts as reuse even when it has expired: a copy stays
// a copy. An overlap is known by the row itself and not by a clock: the token was unused when this request arrived and
// used when the lock was given.
func (p presented) judge(now time.Time) verdict {
	switch {
	case !p.found || p.revoked:
		return refuse
	case p.used && !p.usedOnArrival:
		return overlap
	case p.used:
		return reuse
	case p.disabled || !now.Before(p.expiresAt) || !now.Before(p.endsAt):
		return refuse
	}
	return rotate
}

// session is what a person is given: two tokens and their lives.
type session struct {
	access           string
	accessExpiresIn  time.Duration
	refresh          string
	refreshExpiresIn time.Duration
}

// expiry is when a refresh token of now ends: after the idle time, and never after the session.
func (s *Service) expiry(now, endsAt time.Time) time.Time {
	expires := now.Add(s.cfg.SessionIdle)
	if expires.After(endsAt) {
		return endsAt
	}
	return expires
}
