package webhook

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// The dispatcher sees the rows of all shops, so the policies cannot be searched by tenant. Statements over many rows
// therefore name the tenant as well, for the index.

const subscriptionColumns = `id, url, events, description, active, disabled_reason, version, created_at, updated_at`

func (s *subscription) fields() []any {
	return []any{&s.id, &s.url, &s.events, &s.description, &s.active, &s.disabledReason, &s.version, &s.createdAt, &s.updatedAt}
}

func (s *Service) readSubscription(ctx context.Context, which id.ID) (subscription, error) {
	var sub subscription
	var found bool
	err := s.db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+subscriptionColumns+` from subscriptions where id = $1`, which), &found, sub.fields()...)
	})
	if err == nil && !found {
		err = ErrSubscriptionNotFound
	}
	return sub, err
}

// lockSubscription loads a subscription for a change.
func lockSubscription(ctx context.Context, tx *pg.Tx, which id.ID) (subscription, error) {
	var sub subscription
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select `+subscriptionColumns+` from subscriptions where id = $1 for update`, which), &found, sub.fields()...)
	})
	if err == nil && !found {
		err = ErrSubscriptionNotFound
	}
	return sub, err
}

// listed is one page of a list.
type listed[T any] struct {
	rows  []T
	total int64
	more  bool
}

// listSubscriptions reads newest first; ids are in the order of time.
func (s *Service) listSubscriptions(ctx context.Context, req page.Request, before *id.ID) (listed[subscription], error) {
	var out listed[subscription]
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = listed[subscription]{}
		pg.Each(b.Queue(`select `+subscriptionColumns+` from subscriptions
			where tenant_id = current_tenant() and ($1::uuid is null or id < $1) order by id desc limit $2 offset $3`, before, req.Limit+1, req.Offset()),
			func(rows pgx.Rows) error {
				var sub subscription
				if err := rows.Scan(sub.fields()...); err != nil {
					return err
				}
				out.rows = append(out.rows, sub)
				return nil
			})
		var counted bool
		pg.Row(b.Queue(`select count(*) from (select from subscriptions where tenant_id = current_tenant() limit $1) t`, page.CountLimit+1), &counted, &out.total)
	})
	out.cut(req.Limit)
	return out, err
}

// cut takes off the row that only told whether there is more.
func (l *listed[T]) cut(limit int) {
	if len(l.rows) > limit {
		l.rows, l.more = l.rows[:limit], true
	}
}

func insertSubscription(w *pg.Writes, sub subscription, limit int) {
	w.Must(ErrTooManySubscriptions, `insert into subscriptions (id, url, events, description, created_at, updated_at)
		select $1, $2, $3, $4, $5, $5 where (select count(*) from subscriptions where tenant_id = current_tenant()) < $6`,
		sub.id, sub.url, sub.events, sub.description, sub.createdAt, limit)
}

// updateSubscription saves a changed subscription; a new URL or a new start forgets past failures. When it is switched
// on, what has waited gets a whole round of attempts.
func updateSubscription(w *pg.Writes, sub subscription, activated bool) {
	w.Exec(`update subscriptions set url = $2, events = $3, description = $4, active = $5, disabled_reason = $6, version = $7,
			updated_at = $8, failing_since = case when url = $2 and not $9 then failing_since end where id = $1`,
		sub.id, sub.url, sub.events, sub.description, sub.active, sub.disabledReason, sub.version, sub.updatedAt, activated)
	if activated {
		w.Exec(`update deliveries set next_attempt_at = $2, tries = 0, updated_at = $2
			where subscription_id = $1 and next_attempt_at is not null`, sub.id, sub.updatedAt)
	}
}

// deleteSubscription takes its secrets and deliveries along.
func deleteSubscription(w *pg.Writes, which id.ID) {
	w.Must(ErrSubscriptionNotFound, `delete from subscriptions where id = $1`, which)
}

func insertSecret(w *pg.Writes, secret, sub id.ID, sealed []byte, now time.Time) {
	w.Exec(`insert into secrets (id, subscription_id, sealed, created_at) values ($1, $2, $3, $4)`, secret, sub, sealed, now)
}

// retireSecrets lets those that sign now sign on until the given time, and forgets those that have ended.
func retireSecrets(w *pg.Writes, sub id.ID, now, until time.Time) {
	w.Exec(`delete from secrets where subscription_id = $1 and expires_at <= $2`, sub, now)
	w.Exec(`update secrets set expires_at = $2 where subscription_id = $1 and expires_at is null`, sub, until)
}

func countSecrets(ctx context.Context, tx *pg.Tx, sub id.ID, now time.Time) (int, error) {
	var n int
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*) from secrets where subscription_id = $1 and (expires_at is null or expires_at > $2)`, sub, now), &found, &n)
	})
	return n, err
}
