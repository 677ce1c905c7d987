package catalog

import (
	"regexp"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	maxListPrices   = 1000 // of one request
	maxOfVariant    = 500  // prices of one variant in all lists
	maxMinQuantity  = 1_000_000
	maxListPriority = 1_000_000
)

// listStatus of a price list.
type listStatus string

const (
	listDraft  listStatus = "draft"
	listActive listStatus = "active"
)

// priceList is a set of prices that hold for some, for some time.
type priceList struct {
	id          id.ID
	name        string
	code        string
	kind        listKind
	status      listStatus
	priority    int32
	startsAt    *time.Time
	endsAt      *time.Time
	announcedAt *time.Time // of its reductions, when earlier than they begin
	scope       scope
	version     int64
	changedAt   time.Time  // when what it does was last changed
	dueAt       *time.Time // when it begins or ends next, as far as was noticed
	createdAt   time.Time
	updatedAt   time.Time
}

// inForce reports whether its prices hold at an instant. It begins at startsAt and is over at endsAt. What one process has
// noticed is so for all, also for one whose clock is behind.
func (l *priceList) inForce(at time.Time) bool {
	begun := l.startsAt == nil || !at.Before(*l.startsAt) || l.dueAt == nil || l.dueAt.After(*l.startsAt)
	return l.status == listActive && begun && !l.over(at)
}

func (l *priceList) over(at time.Time) bool {
	return l.endsAt != nil && (!at.Before(*l.endsAt) || l.dueAt == nil)
}

// next is when it begins or ends next; nil when it does neither.
func (l *priceList) next(now time.Time) *time.Time {
	switch {
	case l.status != listActive:
		return nil
	case l.startsAt != nil && now.Before(*l.startsAt):
		return l.startsAt
	case l.endsAt != nil && now.Before(*l.endsAt):
		return l.endsAt
	}
	return nil
}

// begun is the instant from which a price of the list holds, the price having been set at set.
func (l *priceList) begun(set time.Time) time.Time {
	at := later(l.changedAt, set)
	if l.startsAt != nil {
		at = later(at, *l.startsAt)
	}
	return at
}

// ended is the instant at which it ceased to be in force.
func (l *priceList) ended(now time.Time) time.Time {
	if l.status == listActive && l.over(now) {
		return later(l.changedAt, *l.endsAt)
	}
	return l.changedAt
}

// announced is when a reduction that begins at an instant was announced.
func (l *priceList) announced(begins time.Time) time.Time {
	if l.announcedAt != nil && l.startsAt != nil && begins.Equal(*l.startsAt) {
		return *l.announcedAt
	}
	return begins
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// codeForm is what a code of a list, a customer group or a channel looks like.
const codeForm = `^[a-z0-9]+(?:[-_][a-z0-9]+)*$`

// check is what a list has to satisfy, whatever was changed.
func (l *priceList) check() error {
	code := regexp.MustCompile(codeForm)
	switch {
	case strings.TrimSpace(l.name) == "":
		return ErrTextInvalid.WithField("name", "required", "It must not be empty.")
	case !code.MatchString(l.code) || len(l.code) > 64:
		return ErrPriceListInvalid.WithField("code", "invalid", "A code consists of at most 64 lower case Latin letters and digits, with single hyphens or underscores between.")
	case l.scope.group != "" && !code.MatchString(l.scope.group):
		return ErrPriceListInvalid.WithField("customerGroup", "invalid", "The code of a customer group consists of lower case Latin letters and digits, with single hyphens or underscores between.")
	case l.scope.channel != "" && !code.MatchString(l.scope.channel):
		return ErrPriceListInvalid.WithField("channel", "invalid", "The code of a channel consists of lower case Latin letters and digits, with single hyphens or underscores between.")
	case l.scope.country != "" && !isCountry(l.scope.country):
		return ErrPriceListInvalid.WithField("country", "unknown_country", "It has to be the ISO 3166-1 alpha-2 code of a country, such as FR.")
	case l.endsAt != nil && l.startsAt != nil && !l.endsAt.After(*l.startsAt):
		return ErrPriceListInvalid.WithField("endsAt", "before_start", "The list ends before it begins.")
	case l.announcedAt != nil && l.startsAt == nil:
		return ErrPriceListInvalid.WithField("announcedAt", "without_start", "Only a list with a beginning can be announced before it.")
	case l.announcedAt != nil && l.announcedAt.After(*l.startsAt):
		return ErrPriceListInvalid.WithField("announcedAt", "after_start", "The list is announced after it begins.")
	}
	return nil
}

// does reports whether both lists do the same to prices.
func (l *priceList) does(m *priceList) bool {
	return l.kind == m.kind && l.status == m.status && l.priority == m.priority && l.scope == m.scope &&
		sameTime(l.startsAt, m.startsAt) && sameTime(l.endsAt, m.endsAt) && sameTime(l.announcedAt, m.announcedAt)
}

// settle counts a change, or reports that there is none.
func (l *priceList) settle(before *priceList, at time.Time) bool {
	if l.does(before) && l.name == before.name && l.code == before.code {
		return false
	}
	l.version++
	l.updatedAt = at
	if !l.does(before) {
		l.changedAt = at
	}
	return true
}
