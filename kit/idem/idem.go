// Package idem makes writes safe to repeat: the first request with a key does the work, the others get its answer.
//
//	claim row ─▶ work ─▶ answer ─▶ stored       the same key again: the stored answer, byte for byte
//	    │                                       while it runs: wait for it
//	    └─ the process dies: the claim lapses, the next one with the key does the work
//
// The claim is written before the work runs, so two requests at once cannot both do it. What is claimed must itself be
// safe to repeat, because a process may die after the work and before the answer is stored: commands behind a key carry
// it down to the room that does the work.
package idem

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// Faults of a key.
var (
	// ErrKeyReused is for a key that was used with another request.
	ErrKeyReused = fault.Invalid("idempotency.key_reused", "This Idempotency-Key was used with another request. Use a new key for a new request.")
	// ErrInProgress is for a repetition that outlived the patience of its caller.
	ErrInProgress = fault.Conflict("idempotency.in_progress", "The first request with this Idempotency-Key is still being worked on.")
)

// Scope says whose key it is and for what. Keys of different scopes have nothing to do with each other.
type Scope struct {
	Caller string // principal, or the secret of a cart
	Route  string // method and pattern, with the ids of the path
	Key    string
}

// digest keeps secrets and long keys out of the table.
func (s Scope) digest() []byte {
	h := sha256.New()
	for _, part := range []string{s.Caller, s.Route, s.Key} {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	return h.Sum(nil)
}

// Answer is what is replayed.
type Answer struct {
	Status int
	Header []byte // opaque to this package
	Body   []byte
}

// Config of a Store. Zero values mean the defaults named here.
type Config struct {
	Lease time.Duration // how long a claim holds without a sign of life; 4 s. One is given while the work runs
}

// Store keeps claims and answers in one table of the owner's schema (see Table). Rows carry the tenant.
type Store struct {
	db  *pg.DB
	now func() time.Time
	cfg Config

	finisher finisher
}

// New makes a Store on a schema that holds the table idempotency.
func New(cfg Config, db *pg.DB, now func() time.Time) *Store {
	if cfg.Lease == 0 {
		cfg.Lease = 4 * time.Second
	}
	return &Store{db: db, now: now, cfg: cfg}
}

const (
	firstPoll = 10 * time.Millisecond
	lastPoll  = 250 * time.Millisecond
)

// Do runs work once for the scope and body, and stores what it returns for keep. Everybody else with the same scope and
// body gets that answer, and replayed is true. An answer that store refuses (an outage, say) frees the key again, so that
// a repetition tries anew.
func (s *Store) Do(ctx context.Context, scope Scope, body []byte, keep time.Duration, work func(ctx context.Context) (answer Answer, store bool)) (answer Answer, replayed bool, err error) {
	key, request, claim := scope.digest(), sha256.Sum256(body), id.New()
	pause := firstPoll
	for {
		row, mine, err := s.claim(ctx, key, request[:], claim, keep)
		switch {
		case err != nil:
			return Answer{}, false, err
		case mine:
			return s.work(ctx, key, claim, work), false, nil
		case string(row.request) != string(request[:]):
			return Answer{}, false, ErrKeyReused
		case row.done:
			return row.answer, true, nil
		}
		timer := time.NewTimer(pause)
		pause = min(pause*2, lastPoll)
		select {
		case <-ctx.Done():
			timer.Stop()
			return Answer{}, false, ErrInProgress.WithRetryAfter(time.Second)
		case <-timer.C:
		}
	}
}

// work runs the work and has its answer stored, also when the caller has gone away meanwhile: the work is done.
func (s *Store) work(ctx context.Context, key []byte, claim id.ID, work func(ctx context.Context) (Answer, bool)) Answer {
	after := context.WithoutCancel(ctx)
	alive := s.keepAlive(ctx, key, claim)
	stored := false
	defer func() {
		if !stored { // also when work panicked
			alive()
			_ = s.release(after, key, claim) // else the lease frees it
		}
	}()
	answer, store := work(ctx)
	if stored = store; store {
		s.finishSoon(finished{after, key, claim, answer, alive})
	}
	return answer
}

// keepAlive renews the claim while the work runs, so that a lease can be short: a shopper whose request died with its
// process need not wait long for the next one.
func (s *Store) keepAlive(ctx context.Context, key []byte, claim id.ID) (done func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(s.cfg.Lease / 4)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				_ = s.renew(ctx, key, claim) // the next tick tries again; if none gets through, the lease ends
			}
		}
	}()
	return func() { cancel(); <-ended }
}
