package search

import (
	"errors"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
)

var (
	// ErrRebuilding is what a rebuild gets while another one runs that does not end within the caller's deadline.
	ErrRebuilding = fault.Unavailable("search.rebuild_running", "The search index is being rebuilt already. Please try again later.").
			WithRetryAfter(10 * time.Second)
	// ErrLagUnknown is what the state of the index gets while the stream of events does not answer.
	ErrLagUnknown = fault.Unavailable("search.lag_unknown", "The stream of events does not answer, so nobody knows how far the index is behind. Please try again.").
			WithRetryAfter(5 * time.Second)
	// ErrTooDeep is what a page far behind the first gets.
	ErrTooDeep = fault.Invalid("search.too_deep", "A search is not walked further than 1000 products. Narrow it, or sort it and follow nextCursor.")
	// ErrBadFilter names filters that cannot be.
	ErrBadFilter = fault.Invalid("search.bad_filter", "Some filters are not valid.")
	// ErrInvalid names fields of what staff set.
	ErrInvalid = fault.Invalid("search.invalid", "Some fields are not valid.")
	// ErrStale is what a change gets whose caller has not seen the newest version.
	ErrStale = fault.Stale("search.stale", "It has changed since you read it. Read it again.")
	// ErrTooMany bounds how much of one kind a shop has.
	ErrTooMany = fault.Conflict("search.too_many", "There are as many of these as a shop can have.")

	ErrSynonymNotFound = fault.NotFound("search.synonym_not_found", "There is no such synonym.")
	ErrRuleNotFound    = fault.NotFound("search.rule_not_found", "There is no such rule.")
	ErrRebuildNotFound = fault.NotFound("search.rebuild_not_found", "There is no such rebuild.")
)

// errLostBuild ends a rebuild that another one has taken over or begun anew.
var errLostBuild = errors.New("search: another rebuild has taken over")
