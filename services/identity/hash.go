package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
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
	h.dummy = h.cost.encode(random(saltLength), random(hashLength))
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
func (h *hasher) make(password string) string {
	salt := random(saltLength)
	return h.cost.encode(salt, h.cost.key(password, salt, hashLength))
}

// check compares a password with a hash; an empty hash costs the same and never fits. aged says that the hash was made
// at another cost than today's. The caller has a turn.
func (h *hasher) check(password, encoded string) (ok, aged bool, err error) {
	known := encoded != ""
	if !known {
		encoded = h.dummy
	}
	cost, salt, want, err := decodeHash(encoded)
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(cost.key(password, salt, len(want)), want) == 1
	return same && known, cost != h.cost, nil
}

func (c hashCost) key(password string, salt []byte, length int) []byte {
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, uint32(length))
}

func (c hashCost) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errBadHash = errors.New("identity: a stored password hash cannot be read")

func decodeHash(encoded string) (c hashCost, salt, key []byte, err error) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errBadHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes); err != nil {
		return c, nil, nil, errBadHash
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) < 16 || c.memory > maxHashMemory || c.passes < 1 || c.passes > maxHashPasses || c.lanes < 1 {
		return c, nil, nil, errBadHash
	}
	return c, salt, key, nil
}

// random bytes; the system always has some.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return b
}
