package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
)

// hasher computes Argon2id (RFC 9106), a fixed number at a time: each takes its full memory.
type hasher struct {
	cost  hashCost
	slots *semaphore.Weighted
	wait  time.Duration
	// dummy is a hash no password has. Checking against it is what an unknown e-mail costs.
	dummy string
}

type hashCost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

const (
	saltLength    = 16
	hashLength    = 32
	maxHashMemory = 4 << 20 // KiB
	maxHashPasses = 100
)

func newHasher(cfg Config) *hasher {
	h := &hasher{
		cost:  hashCost{uint32(cfg.HashMemoryKiB), uint32(cfg.HashPasses), uint8(cfg.HashThreads)},
		slots: semaphore.NewWeighted(int64(cfg.HashConcurrency)), wait: cfg.HashWait,
	}
	// Made, not computed: at the start of a process nobody should wait for a password nobody has.
	b64 := base64.RawStdEncoding
	h.dummy = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", h.cost.memory, h.cost.passes, h.cost.lanes,
		b64.EncodeToString(random(saltLength)), b64.EncodeToString(random(hashLength)))
	return h
}

// turn waits for one of the slots; done gives it back. Everything between is done by at most so many callers at a time.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, h.wait)
	defer cancel()
	if err := h.slots.Acquire(waiting, 1); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err() //nolint:wrapcheck // a context that ended is known everywhere
		}
		return nil, ErrBusy.WithCause(err)
	}
	return func() { h.slots.Release(1) }, nil
}

// make hashes a password, in the PHC string format. The caller has a turn.
func (h *hasher) make(password string) (string, error) {
	encoded, err := argon2id.CreateHash(password, h.cost.params())
	if err != nil {
		return "", fmt.Errorf("identity: hash a password: %w", err)
	}
	return encoded, nil
}

// check compares a password with a hash; an empty hash costs the same and never fits. aged says that the hash was made
// at another cost than today's. The caller has a turn.
func (h *hasher) check(password, encoded string) (ok, aged bool, err error) {
	known := encoded != ""
	if !known {
		encoded = h.dummy
	}
	// What it costs is looked at first: a hash that was tampered with must not take all memory.
	if cost, _, _, err := argon2id.DecodeHash(encoded); err != nil || cost.Memory > maxHashMemory || cost.Iterations > maxHashPasses ||
		cost.Iterations < 1 || cost.Parallelism < 1 || cost.KeyLength < 16 {
		return false, false, errBadHash
	}
	same, cost, err := argon2id.CheckHash(password, encoded)
	if err != nil {
		return false, false, errBadHash
	}
	return same && known, hashCost{cost.Memory, cost.Iterations, cost.Parallelism} != h.cost, nil
}

var errBadHash = errors.New("identity: a stored password hash cannot be read")

func (c hashCost) params() *argon2id.Params {
	return &argon2id.Params{Memory: c.memory, Iterations: c.passes, Parallelism: c.lanes, SaltLength: saltLength, KeyLength: hashLength}
}

// random bytes; the system always has some.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return b
}
