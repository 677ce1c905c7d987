package idem

import (
	"context"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// gathering is for how long answers are collected before they are stored together. Nobody waits for that: the caller has
// the answer, and the claim lives on until it is stored.
const gathering = 3 * time.Millisecond

// finished is an answer on its way to the table.
type finished struct {
	ctx    context.Context // of the work, without its end: it carries the tenant
	key    []byte
	claim  id.ID
	answer Answer
	alive  func() // ends the signs of life of the claim
}

// finisher stores answers behind the back of those who got them.
type finisher struct {
	mu      sync.Mutex
	waiting []finished
	idle    chan struct{} // closed when all is stored; nil when nothing is under way
}

func (s *Store) finishSoon(f finished) {
	s.finisher.mu.Lock()
	defer s.finisher.mu.Unlock()
	s.finisher.waiting = append(s.finisher.waiting, f)
	if s.finisher.idle == nil {
		s.finisher.idle = make(chan struct{})
		go s.finishAll()
	}
}

func (s *Store) finishAll() {
	tick := time.NewTicker(gathering)
	defer tick.Stop()
	for range tick.C {
		s.finisher.mu.Lock()
		waiting := s.finisher.waiting
		s.finisher.waiting = nil
		if len(waiting) == 0 {
			close(s.finisher.idle)
			s.finisher.idle = nil
			s.finisher.mu.Unlock()
			return
		}
		s.finisher.mu.Unlock()
		for _, group := range byTenant(waiting) {
			s.finish(group)
		}
	}
}

// byTenant keeps the order. There is one tenant more often than not.
func byTenant(all []finished) [][]finished {
	var out [][]finished
	place := map[id.ID]int{}
	for _, f := range all {
		t, _ := tenant.From(f.ctx)
		i, ok := place[t]
		if !ok {
			i = len(out)
			place[t] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}

// finish stores answers of one tenant. If that fails the keys are freed, and a repetition does work again that is safe to
// repeat.
func (s *Store) finish(group []finished) {
	ctx, cancel := context.WithTimeout(group[0].ctx, patience)
	defer cancel()
	err := s.db.Write(ctx, func(w *pg.Writes) error {
		for _, f := range group {
			// A crash of the database that forgets this leaves what a crash of this process before this line would leave.
			w.Exec(`update idempotency set status = $3, header = $4, body = $5 where key = $1 and claim = $2 returning `+pg.Soon,
				f.key, f.claim, f.answer.Status, f.answer.Header, f.answer.Body)
		}
		return nil
	})
	for _, f := range group {
		f.alive()
		if err != nil {
			_ = s.release(f.ctx, f.key, f.claim) // else the lease frees it
		}
	}
}

// flush waits until every answer is stored that was given out.
func (s *Store) flush() {
	s.finisher.mu.Lock()
	idle := s.finisher.idle
	s.finisher.mu.Unlock()
	if idle != nil {
		<-idle
	}
}
