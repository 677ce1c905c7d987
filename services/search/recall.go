package search

import (
	"context"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// recall remembers the vocabulary of each shop for a moment, so that a search need not ask for it.
type recall struct {
	mu    sync.Mutex
	known map[id.ID]*remembered
}

// remembered is a vocabulary and until when it holds. Its lock is held while it is read anew, so that those who come
// meanwhile do not read it too.
type remembered struct {
	mu    sync.Mutex
	v     *vocabulary
	until time.Time
}

const recallFor = time.Second // what staff set holds everywhere after that

// recallMost shops are remembered.
const recallMost = 4096

func newRecall() *recall { return &recall{known: map[id.ID]*remembered{}} }

func (r *recall) of(shop id.ID) *remembered {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.known[shop]
	if m == nil {
		if len(r.known) >= recallMost {
			clear(r.known)
		}
		m = &remembered{}
		r.known[shop] = m
	}
	return m
}

// forget makes the next search of the shop read its vocabulary anew.
func (r *recall) forget(shop id.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, shop)
}

// vocabulary is what is known of the shop that is asked.
func (s *Service) vocabulary(ctx context.Context) (*vocabulary, error) {
	shop, _ := tenant.From(ctx)
	m := s.recall.of(shop)
	m.mu.Lock()
	defer m.mu.Unlock()
	now := s.now()
	if m.v != nil && now.Before(m.until) {
		return m.v, nil
	}
	v, err := s.store.vocabulary(ctx, s.engineName())
	if err != nil {
		return nil, err
	}
	m.v, m.until = v, now.Add(recallFor)
	return v, nil
}
