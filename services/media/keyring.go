package media

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// keyring remembers the keys of shops for a moment: what is signed and asked for comes in bursts.
type keyring struct {
	mu    sync.Mutex
	known map[id.ID]knownRing
}

type knownRing struct {
	ring ring
	at   time.Time
}

const (
	// ringAge is how long a process may sign by a key, or accept one, after another process has changed that.
	ringAge = 10 * time.Second
	// strangeAge is how old what is known has to be before a key that is not among it makes this process look again:
	// whoever makes keys up must not cost a statement each time.
	strangeAge = time.Second
	// mostRings is of how many shops keys are remembered.
	mostRings = 10_000
	// keySlack is how long a key outlives the last address that it can have signed, for clocks that differ.
	keySlack = time.Minute
)

// keys are those of the shop of the context, as they were at most maxAge ago.
func (s *Service) keys(ctx context.Context, shop id.ID, maxAge time.Duration) (ring, error) {
	now := s.time()
	s.ring.mu.Lock()
	known, ok := s.ring.known[shop]
	s.ring.mu.Unlock()
	if ok && !now.Before(known.at) && now.Sub(known.at) < maxAge {
		return known.ring, nil
	}
	found, err := s.store.keys(ctx, now)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if found[i], err = found[i].derived(s.secret, shop); err != nil {
			return nil, err
		}
	}
	s.ring.mu.Lock()
	defer s.ring.mu.Unlock()
	if len(s.ring.known) >= mostRings {
		clear(s.ring.known)
	}
	s.ring.known[shop] = knownRing{found, now}
	return found, nil
}

// sign returns the address under which method may be used on a path of the shop of the context until a moment.
func (s *Service) sign(ctx context.Context, method, path string, until time.Time) (string, error) {
	shop, ok := tenant.From(ctx)
	if !ok {
		return "", ErrNoTenant
	}
	keys, err := s.keys(ctx, shop, ringAge)
	if err == nil && keys.due(s.time(), s.cfg.KeyAge) {
		if _, err = s.rotate(ctx, func(r ring) bool { return r.due(s.time(), s.cfg.KeyAge) }, s.lastAddress()); err == nil {
			keys, err = s.keys(ctx, shop, 0)
		}
	}
	if err != nil {
		return "", err
	}
	k, ok := keys.current()
	if !ok {
		return "", ErrStorage.WithRetryAfter(retryStorage).WithMessage("There is no key to sign an address with right now.")
	}
	return k.sign(method, path, until), nil
}

// checkAddress says whether an address of a shop was signed for this.
func (s *Service) checkAddress(ctx context.Context, shop id.ID, method, path string, query map[string][]string) error {
	now := s.time()
	said, err := signatureOf(query, now)
	if err != nil {
		return err
	}
	ctx = tenant.With(ctx, shop)
	keys, err := s.keys(ctx, shop, ringAge)
	if err == nil && !keys.knows(said.key) {
		keys, err = s.keys(ctx, shop, strangeAge) // another process may just have made it
	}
	if err != nil {
		return err
	}
	return keys.check(method, path, said, now)
}

// lastAddress is when the last address that is signed from now on by a key which no longer signs has run out.
func (s *Service) lastAddress() time.Time {
	return s.time().Add(max(s.cfg.LinkTTL, s.cfg.UploadTTL) + ringAge + keySlack)
}

// rotate lets a new key sign if due says so.
func (s *Service) rotate(ctx context.Context, due func(r ring) bool, ends time.Time) (id.ID, error) {
	next := signingKey{id: id.New(), salt: make([]byte, 32), createdAt: s.time()}
	_, _ = rand.Read(next.salt) // it never fails
	return s.store.rotate(ctx, next, due, ends)
}

// RotateSigningKey lets a new key sign addresses. What was signed before goes on working until it runs out, unless it is to
// be revoked.
func (s *Service) RotateSigningKey(ctx context.Context, req *mediav1.RotateSigningKeyRequest) (*mediav1.RotateSigningKeyResponse, error) {
	shop, ok := tenant.From(ctx)
	if !ok {
		return nil, ErrNoTenant
	}
	ends := s.lastAddress()
	if req.GetRevoke() {
		ends = s.time()
	}
	made, err := s.rotate(ctx, func(ring) bool { return true }, ends)
	if err != nil {
		return nil, err
	}
	_, err = s.keys(ctx, shop, 0)
	return &mediav1.RotateSigningKeyResponse{KeyId: made.String()}, err
}

// rotateOld lets a new key sign for every shop whose key has grown old, also for one that signs nothing meanwhile.
func (s *Service) rotateOld(ctx context.Context) error {
	if s.cfg.KeyAge == 0 {
		return nil
	}
	shops, err := s.store.oldKeys(ctx, s.time().Add(-s.cfg.KeyAge))
	if err != nil {
		return err
	}
	for _, shop := range shops {
		if _, err := s.rotate(tenant.With(ctx, shop), func(r ring) bool { return r.due(s.time(), s.cfg.KeyAge) }, s.lastAddress()); err != nil {
			return err
		}
	}
	return nil
}
