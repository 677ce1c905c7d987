package catalog

import (
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// schedule is what is to happen to a product by itself. A moment that has passed is taken out again.
type schedule struct {
	publishAt   *time.Time
	unpublishAt *time.Time
	failed      *scheduleError
}

// scheduleError says why a product was not published when its time came.
type scheduleError struct {
	code    string
	message string
	at      time.Time // the moment it was meant for
}

// timePatch changes a moment that may be absent.
type timePatch struct {
	set   bool
	value *time.Time
}

func (t timePatch) apply(to **time.Time) {
	if t.set {
		*to = t.value
	}
}

// change sets and clears moments. A new time to publish makes the last failure history.
func (s *schedule) change(publishAt, unpublishAt timePatch) error {
	publishAt.apply(&s.publishAt)
	unpublishAt.apply(&s.unpublishAt)
	if publishAt.set {
		s.failed = nil
	}
	if (publishAt.set || unpublishAt.set) && s.publishAt != nil && s.unpublishAt != nil && !s.unpublishAt.After(*s.publishAt) {
		return ErrScheduleInvalid.WithField("unpublishAt", "too_early", "It must be after publishAt.")
	}
	return nil
}

// dueAt is the next moment at which something happens; nil when nothing will.
func (s *schedule) dueAt() *time.Time {
	if s.publishAt != nil {
		return s.publishAt // it is the earlier one
	}
	return s.unpublishAt
}

func (s *schedule) equal(t schedule) bool {
	sameFailure := s.failed == nil && t.failed == nil ||
		s.failed != nil && t.failed != nil && s.failed.code == t.failed.code && s.failed.message == t.failed.message && s.failed.at.Equal(t.failed.at)
	return sameFailure && sameTime(s.publishAt, t.publishAt) && sameTime(s.unpublishAt, t.unpublishAt)
}

func sameTime(a, b *time.Time) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// keepSchedule does what is due by now, in order. A product that is not fit for sale is not published; it says why, once,
// and goes on waiting for nothing. Taking down makes a draft of what is published and leaves the rest alone.
func (p *product) keepSchedule(now time.Time) {
	if at := p.schedule.publishAt; at != nil && !at.After(now) {
		p.schedule.publishAt, p.schedule.failed = nil, nil
		before, was := p.status, p.clone()
		p.status = published
		err := p.fitForSale()
		if err == nil {
			_, err = p.factsHold(&was)
		}
		if err != nil && before != published {
			f := fault.From(err)
			p.status, p.schedule.failed = before, &scheduleError{code: f.Code(), message: f.Message(), at: *at}
		}
	}
	if at := p.schedule.unpublishAt; at != nil && !at.After(now) {
		p.schedule.unpublishAt = nil
		if p.status == published {
			p.status = draft
		}
	}
}

// live is how many variants there are that shoppers can see.
func (p *product) live() (n int) {
	for i := range p.variants {
		if !p.variants[i].archived {
			n++
		}
	}
	return n
}

// retire is what becomes of a product that is deleted after it was sold: nobody can buy it, and nothing brings it back by
// itself.
func (p *product) retire() {
	p.status, p.schedule = archived, schedule{}
}

// anySold reports whether an order was placed for any variant.
func (p *product) anySold() bool {
	for i := range p.variants {
		if p.variants[i].sold {
			return true
		}
	}
	return false
}

// orderVariants puts the variants that are not archived in order; it has to name each of them once. Archived ones follow.
func (p *product) orderVariants(ids []id.ID) error {
	rank := make(map[id.ID]int32, len(ids))
	for i, which := range ids {
		v := p.variant(which)
		if _, double := rank[which]; double || v == nil || v.archived {
			return ErrOrderMismatch.WithField(indexed("variantIds", i), "mismatch", ErrOrderMismatch.Message())
		}
		rank[which] = int32(i)
	}
	if len(ids) != p.live() {
		return ErrOrderMismatch.WithField("variantIds", "mismatch", ErrOrderMismatch.Message())
	}
	next := int32(len(ids))
	for i := range p.variants {
		v := &p.variants[i]
		at, named := rank[v.id]
		if !named {
			at = next
			next++
		}
		v.position = at
	}
	p.sortVariants()
	return nil
}
