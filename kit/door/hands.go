package door

import (
	"sync"
	"time"
)

// handsRest is how long a goroutine without work waits for some before it ends.
const handsRest = 200 * time.Millisecond

// hands are goroutines that run one call after the other. A new goroutine starts on a small stack that is copied several
// times on its way down to the database, which cost a third of a call between two rooms; one that has run calls before has
// the room it needs.
type hands struct {
	mu   sync.Mutex
	idle []chan func() // last rested first: its stack is the warmest
}

// do runs work on a goroutine of its own, now.
func (h *hands) do(work func()) {
	h.mu.Lock()
	if n := len(h.idle); n > 0 {
		hand := h.idle[n-1]
		h.idle = h.idle[:n-1]
		h.mu.Unlock()
		hand <- work
		return
	}
	h.mu.Unlock()
	go h.live(work)
}

// live works until there has been none for a while. Should work end the goroutine, nothing is lost: it is not among the idle.
func (h *hands) live(work func()) {
	hand := make(chan func(), 1) // whoever takes it off the idle need not wait until it listens
	rest := time.NewTimer(handsRest)
	defer rest.Stop()
	for {
		work()
		h.mu.Lock()
		h.idle = append(h.idle, hand)
		h.mu.Unlock()
		rest.Reset(handsRest)
		select {
		case work = <-hand:
		case <-rest.C:
			if h.retire(hand) {
				return
			}
			work = <-hand // it was asked for at the last moment
		}
	}
}

// retire takes a hand off the idle; false when somebody has done so.
func (h *hands) retire(hand chan func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, one := range h.idle {
		if one == hand {
			h.idle = append(h.idle[:i], h.idle[i+1:]...)
			return true
		}
	}
	return false
}
