package gateway

import (
	"context"
	"sync"
	"time"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// team remembers which sessions of staff are good, and in which role. An access token says so for 15 minutes; who is locked
// out, deleted or given another role must not go on for that long. What is remembered is dropped by the events of the
// identity room, and asked for again after a moment even so.
type team struct {
	mu         sync.Mutex
	sessions   map[teamKey]teamMember
	generation map[id.ID]uint64 // grows with every drop in a shop, so that an answer from before a drop is not kept
	all        uint64           // the same, of drops in all shops
}

type teamKey struct{ tenant, session id.ID }

type teamMember struct {
	role    string
	checked time.Time
}

const (
	teamTTL     = 10 * time.Second       // while events are heard
	teamUnheard = 900 * time.Millisecond // while they are not
	teamAway    = time.Minute            // while identity is away, which can lock nobody out either
	teamMost    = 4096
)

func newTeam() *team {
	return &team{sessions: map[teamKey]teamMember{}, generation: map[id.ID]uint64{}}
}

// forget drops what is remembered of a shop.
func (t *team) forget(shop id.ID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.generation[shop]++
	for key := range t.sessions {
		if key.tenant == shop {
			delete(t.sessions, key)
		}
	}
}

// forgetAll drops everything: events were missed.
func (t *team) forgetAll() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all++
	clear(t.sessions)
}

func (t *team) mark(shop id.ID) uint64 { return t.all + t.generation[shop] }

func (t *team) get(key teamKey) (known teamMember, ok bool, mark uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok = t.sessions[key]
	return known, ok, t.mark(key.tenant)
}

func (t *team) put(key teamKey, m teamMember, mark uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mark(key.tenant) != mark {
		return
	}
	if len(t.sessions) >= teamMost {
		clear(t.sessions)
	}
	t.sessions[key] = m
}

// member is who holds a valid access token, in the role of now, unless locked out or signed out. ctx carries the shop.
func (t *team) member(ctx context.Context, who auth.Principal, shop id.ID, now time.Time, ttl time.Duration, identity identityv1connect.IdentityServiceClient) (auth.Principal, error) {
	key := teamKey{shop, who.Session}
	known, ok, mark := t.get(key)
	age := now.Sub(known.checked)
	if !ok || age < 0 || age >= ttl {
		answer, err := identity.GetMe(auth.With(ctx, who), &identityv1.GetMeRequest{})
		switch {
		case err == nil:
			known = teamMember{role: answer.GetStaff().GetRole(), checked: now}
			t.put(key, known, mark)
		case ok && age < teamAway && fault.From(err).Kind() == fault.KindUnavailable:
		default:
			return auth.Principal{}, err
		}
	}
	who.Role = known.role
	return who, nil
}
