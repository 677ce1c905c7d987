package webhook

import (
	"fmt"
	"net/http"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// status of a delivery.
type status string

const (
	pending   status = "pending"
	delivered status = "delivered"
	failed    status = "failed"    // and will be tried again
	exhausted status = "exhausted" // and will not, by itself
)

// delivery is one event on its way to one receiver, as the log shows it.
type delivery struct {
	id             id.ID
	subscription   id.ID
	event          id.ID
	eventType      string
	status         status
	attempts       int
	lastAttemptAt  *time.Time
	nextAttemptAt  *time.Time
	leasedUntil    *time.Time
	responseStatus int
	responseBody   string
	err            string
	duration       time.Duration
	createdAt      time.Time
}

// retryable says whether somebody may ask for another round of attempts.
func (d delivery) retryable(now time.Time, subscriptionActive bool) error {
	switch {
	case d.status != failed && d.status != exhausted:
		return ErrNotRetryable
	case d.leasedUntil != nil && d.leasedUntil.After(now):
		return ErrInProgress
	case !subscriptionActive:
		return ErrSubscriptionInactive
	}
	return nil
}

// schedule is how long is waited after the first, second, … failure: quick at first, for a receiver that restarts, and
// about three days in all, for one that nobody looks after on a weekend.
func schedule() []time.Duration {
	return []time.Duration{
		5 * time.Second, 20 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
	}
}

const (
	maxRetryAfter = 24 * time.Hour
	goneReason    = "The receiver answered 410 Gone."
)

// outcome is what came of one attempt.
type outcome struct {
	responseStatus int // 0: no answer
	responseBody   string
	err            string // one sentence for people; empty when accepted
	duration       time.Duration
	retryAfter     time.Duration // the receiver's wish
	interrupted    bool          // this process is stopping: nothing can be said about the receiver
}

func (o outcome) accepted() bool { return o.responseStatus >= 200 && o.responseStatus < 300 }

// verdict is what becomes of a delivery after an attempt.
type verdict struct {
	status status
	next   *time.Time // nil: closed
	gone   bool       // the receiver wants nothing any more
}

// judge decides by the outcome of the attempt that follows `tries` others. spread, from 0 to 1, moves the next attempt
// by up to a tenth either way, so that what failed together does not come back together.
func judge(o outcome, tries int, now time.Time, spread float64) verdict {
	if o.accepted() {
		return verdict{status: delivered}
	}
	if o.responseStatus == http.StatusGone {
		return verdict{status: exhausted, gone: true}
	}
	waits := schedule()
	if tries >= len(waits) {
		return verdict{status: exhausted}
	}
	wait := time.Duration(float64(waits[tries]) * (0.9 + 0.2*spread))
	next := now.Add(max(wait, min(o.retryAfter, maxRetryAfter)))
	return verdict{status: failed, next: &next}
}

func deadReason(since time.Time) string {
	return fmt.Sprintf("Every delivery has failed since %s.", since.UTC().Format(time.DateOnly))
}
