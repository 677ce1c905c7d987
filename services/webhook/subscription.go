package webhook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// subscription sends the events it names to its URL.
type subscription struct {
	id             id.ID
	url            string
	events         []string
	description    *string
	active         bool
	disabledReason string
	version        int64
	createdAt      time.Time
	updatedAt      time.Time
}

// change is what an update asks for; nil leaves.
type change struct {
	ifVersion        int64
	url              *string
	events           []string
	description      *string
	clearDescription bool
	active           *bool
	rotate           bool
}

// effect is what a change means beyond the subscription's own row.
type effect struct {
	changed   bool
	activated bool // what waits can go
}

// apply changes the subscription and counts the change. Asking for what is so already changes nothing.
func (s *subscription) apply(c change, now time.Time) (effect, error) {
	if c.ifVersion != 0 && c.ifVersion != s.version {
		return effect{}, ErrVersion
	}
	var e effect
	if c.url != nil && *c.url != s.url {
		s.url, e.changed = *c.url, true
	}
	if len(c.events) > 0 && !slices.Equal(c.events, s.events) {
		s.events, e.changed = c.events, true
	}
	switch {
	case c.clearDescription:
		e.changed = e.changed || s.description != nil
		s.description = nil
	case c.description != nil && (s.description == nil || *s.description != *c.description):
		s.description, e.changed = c.description, true
	}
	if c.active != nil && *c.active != s.active {
		s.active, s.disabledReason, e.changed, e.activated = *c.active, "", true, *c.active
	}
	e.changed = e.changed || c.rotate
	if e.changed {
		s.version++
		s.updatedAt = now
	}
	return e, nil
}

// known refuses names that are no events.
func (c catalogue) known(events []string) error {
	var fields []fault.Field
	for i, name := range events {
		if !c.names[name] {
			fields = append(fields, fault.Field{
				Field: fmt.Sprintf("events[%d]", i), Code: "unknown_event", Message: fmt.Sprintf("There is no event %q, but %s.", name, strings.Join(slices.Sorted(maps.Keys(c.names)), ", ")),
			})
		}
	}
	if len(fields) > 0 {
		return ErrUnknownEvent.WithFields(fields...)
	}
	return nil
}
