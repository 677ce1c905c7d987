package webhook

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const deliveryColumns = `d.id, d.subscription_id, d.event_id, d.event_type, d.status, d.attempts, d.last_attempt_at, d.next_attempt_at,
	d.leased_until, d.response_status, d.response_body, d.error, d.duration_ms, d.created_at`

func (d *delivery) scan(row pgx.Row, more ...any) error {
	var ms int64
	err := row.Scan(append([]any{
		&d.id, &d.subscription, &d.event, &d.eventType, &d.status, &d.attempts, &d.lastAttemptAt, &d.nextAttemptAt,
		&d.leasedUntil, &d.responseStatus, &d.responseBody, &d.err, &ms, &d.createdAt,
	}, more...)...)
	d.duration = time.Duration(ms) * time.Millisecond
	return err
}

// insertDeliveries queues an event for the active subscriptions that asked for it, and counts them. It only writes, so
// that an event without a subscriber costs no round trip of its own. A subscription that is switched off meanwhile is
// waited for. Behind an earlier event of the same aggregate that waits for its retry, it waits as well: it could not go
// before it anyway.
func (s *Service) insertDeliveries(w *pg.Writes, queued *int64, name string, e bus.Event, body []byte) {
	ids := make([]id.ID, s.cfg.MaxSubscriptions)
	for i := range ids {
		ids[i] = id.New()
	}
	w.Count(queued, `with asked as (select id from subscriptions
			where tenant_id = current_tenant() and active and $2 = any(events) order by id for key share),
		numbered as (select id, row_number() over (order by id) as n from asked)
		insert into deliveries (id, subscription_id, event_id, event_type, aggregate_id, sequence, body, status, next_attempt_at, created_at, updated_at)
		select ($1::uuid[])[t.n], t.id, $3, $2, $4, $5, $6, 'pending', greatest($7, (select max(o.next_attempt_at) from deliveries o
				where o.subscription_id = t.id and o.aggregate_id = $4 and o.sequence <= $5 and o.next_attempt_at is not null)), $7, $7
		from numbered t
		on conflict on constraint deliveries_once do nothing`,
		ids, name, e.ID, e.Aggregate, e.Sequence, body, s.now())
}

// listDeliveries reads newest first. No subscription and no status mean any.
func (s *Service) listDeliveries(ctx context.Context, req page.Request, before *id.ID, sub id.ID, st status) (listed[delivery], error) {
	filter, args := ` from deliveries d where d.tenant_id = current_tenant()`, []any{}
	and := func(condition string, value any) {
		args = append(args, value)
		filter += " and " + condition + " $" + strconv.Itoa(len(args))
	}
	if !sub.IsZero() {
		and("d.subscription_id =", sub)
	}
	if st != "" {
		and("d.status =", string(st))
	}
	count, countArgs := `select count(*) from (select`+filter+` limit `+strconv.Itoa(page.CountLimit+1)+`) t`, slices.Clone(args)
	if before != nil {
		and("d.id <", *before)
	}
	rowLimit, offset := "$"+strconv.Itoa(len(args)+1), "$"+strconv.Itoa(len(args)+2)
	args = append(args, req.Limit+1, req.Offset())
	filter += ` order by d.id desc limit ` + rowLimit + ` offset ` + offset
	var out listed[delivery]
	err := s.db.Read(ctx, func(b *pg.Batch) {
		out = listed[delivery]{}
		pg.Each(b.Queue(`select `+deliveryColumns+filter, args...), func(rows pgx.Rows) error {
			var d delivery
			if err := d.scan(rows); err != nil {
				return err
			}
			out.rows = append(out.rows, d)
			return nil
		})
		var counted bool
		pg.Row(b.Queue(count, countArgs...), &counted, &out.total)
	})
	out.cut(req.Limit)
	return out, err
}

// lockDelivery loads a delivery for a change, and whether its subscription is active.
func lockDelivery(ctx context.Context, tx *pg.Tx, which id.ID) (delivery, bool, error) {
	var d delivery
	var active, found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select `+deliveryColumns+`, s.active from deliveries d
			join subscriptions s on s.tenant_id = d.tenant_id and s.id = d.subscription_id where d.id = $1 for update of d`, which),
			func(rows pgx.Rows) error {
				found = true
				return d.scan(rows, &active)
			})
	})
	if err == nil && !found {
		err = ErrDeliveryNotFound
	}
	return d, active, err
}

// requeue starts a new round of attempts.
func requeue(w *pg.Writes, which id.ID, now time.Time) {
	w.Exec(`update deliveries set status = 'pending', tries = 0, next_attempt_at = $2, lease = null, leased_until = null, updated_at = $2
		where id = $1`, which, now)
}

// span says which deliveries of a subscription are meant: by when their events were queued, and by name; no name means any.
type span struct {
	from, to time.Time
	events   []string
}

// closedIn ends the WHERE of what a replay is about: $1 is the subscription, $2 to $4 the span.
const closedIn = ` where subscription_id = $1 and tenant_id = current_tenant() and created_at >= $2 and created_at < $3
	and (cardinality($4::text[]) = 0 or event_type = any($4)) and next_attempt_at is null`

func countClosed(ctx context.Context, tx *pg.Tx, sub id.ID, s span) (n int64, err error) {
	var found bool
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*) from (select from deliveries`+closedIn+` limit $5) t`, sub, s.from, s.to, s.events, maxReplay+1), &found, &n)
	})
	return n, err
}

// requeueClosed starts a new round of attempts at all of them.
func requeueClosed(w *pg.Writes, sub id.ID, s span, now time.Time) {
	w.Exec(`update deliveries set status = 'pending', tries = 0, next_attempt_at = $5, lease = null, leased_until = null, updated_at = $5`+closedIn,
		sub, s.from, s.to, s.events, now)
}

// job is a delivery that this process has claimed.
type job struct {
	id           id.ID
	tenant       id.ID
	subscription id.ID
	event        id.ID
	eventType    string
	aggregate    id.ID
	sequence     int64
	arrival      int64
	body         []byte
	tries        int
	url          string
	secrets      []id.ID
	sealed       [][]byte
	lease        id.ID
	leasedUntil  time.Time
}

// claim takes up to limit deliveries that are due, of all shops, under a lease. Subscriptions come in random order and
// have at most PerReceiver under way, so that a slow receiver leaves room for the others. What has an open delivery of
// the same aggregate before it stays. Rows that another process claims at the same time are passed over.
func (s *Service) claim(ctx context.Context, limit int) ([]job, error) {
	now := s.now()
	lease, until := id.New(), now.Add(s.leaseTime())
	var jobs []job
	err := s.db.Tx(tenant.WithSystem(ctx), func(ctx context.Context, tx *pg.Tx) error {
		jobs = nil
		return tx.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue(claimSQL, now, limit, s.cfg.PerReceiver, lease, until), func(rows pgx.Rows) error {
				j := job{lease: lease, leasedUntil: until}
				if err := rows.Scan(&j.id, &j.tenant, &j.subscription, &j.event, &j.eventType, &j.aggregate, &j.sequence, &j.arrival,
					&j.body, &j.tries, &j.url, &j.secrets, &j.sealed); err != nil {
					return err
				}
				jobs = append(jobs, j)
				return nil
			})
		})
	})
	return jobs, err
}

const claimSQL = `
with due as (
	select d.id, s.url,
		array(select k.id from secrets k where k.tenant_id = s.tenant_id and k.subscription_id = s.id
			and (k.expires_at is null or k.expires_at > $1) order by k.id desc) as secrets,
		array(select k.sealed from secrets k where k.tenant_id = s.tenant_id and k.subscription_id = s.id
			and (k.expires_at is null or k.expires_at > $1) order by k.id desc) as sealed
	from (select id, tenant_id, url from subscriptions where active order by random()) s
	cross join lateral (
		select d.id from deliveries d
		where d.subscription_id = s.id and d.next_attempt_at <= $1 and (d.leased_until is null or d.leased_until <= $1)
			and not exists (select from deliveries o where o.subscription_id = d.subscription_id and o.aggregate_id = d.aggregate_id
				and o.next_attempt_at is not null and (o.sequence, o.arrival) < (d.sequence, d.arrival))
		order by d.next_attempt_at, d.arrival
		limit greatest(0, $3 - (select count(*) from deliveries l
			where l.subscription_id = s.id and l.lease is not null and l.leased_until > $1))
		for update of d skip locked
	) d
	limit $2
)
update deliveries u set lease = $4, leased_until = $5 from due where u.id = due.id
returning u.id, u.tenant_id, u.subscription_id, u.event_id, u.event_type, u.aggregate_id, u.sequence, u.arrival, u.body, u.tries,
	due.url, due.secrets, due.sealed`

// record writes down what came of a claimed delivery, if the lease is still ours. Locks are taken as everywhere in the
// room: the subscription, then its deliveries.
func (s *Service) record(ctx context.Context, j job, o outcome, v verdict, now time.Time) (disabled bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		disabled = false
		switch {
		case v.status == delivered:
			tx.Exec(`update subscriptions set failing_since = null where id = $1 and failing_since is not null`, j.subscription)
		case v.status == exhausted:
			if err := s.giveUp(ctx, tx, j, v, now, &disabled); err != nil {
				return err
			}
		default:
			tx.Exec(`update subscriptions set failing_since = $2 where id = $1 and failing_since is null`, j.subscription, now)
		}
		tx.Must(errLeaseLost, `update deliveries set status = $3, attempts = attempts + 1, tries = tries + 1, last_attempt_at = $4,
				next_attempt_at = $5, lease = null, leased_until = null, response_status = $6, response_body = $7, error = $8,
				duration_ms = $9, updated_at = $4
			where id = $1 and lease = $2`,
			j.id, j.lease, string(v.status), now, v.next, o.responseStatus, o.responseBody, o.err, o.duration.Milliseconds())
		moveFollowers(&tx.Writes, j, v, now)
		return nil
	})
	return disabled, err
}

// giveUp switches the subscription off when its receiver is gone, or has been deaf for long.
func (s *Service) giveUp(ctx context.Context, tx *pg.Tx, j job, v verdict, now time.Time, disabled *bool) error {
	var active, found bool
	var since *time.Time
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select active, failing_since from subscriptions where id = $1 for update`, j.subscription), &found, &active, &since)
	}); err != nil {
		return err
	}
	var reason string
	switch {
	case !found || !active:
		return nil
	case v.gone:
		reason = goneReason
	case s.cfg.DisableAfter > 0 && since != nil && !since.After(now.Add(-s.cfg.DisableAfter)):
		reason = deadReason(*since)
	default:
		return nil
	}
	*disabled = true
	tx.Exec(`update subscriptions set active = false, disabled_reason = $2, version = version + 1, updated_at = $3 where id = $1`,
		j.subscription, reason, now)
	return nil
}

// moveFollowers lets the events behind this one become due together with it, or now that it is out of the way.
func moveFollowers(w *pg.Writes, j job, v verdict, now time.Time) {
	const line = ` where subscription_id = $1 and aggregate_id = $2 and next_attempt_at is not null and tries = 0
		and (sequence, arrival) > ($3, $4) and next_attempt_at `
	if v.next != nil {
		w.Exec(`update deliveries set next_attempt_at = $5`+line+`< $5`, j.subscription, j.aggregate, j.sequence, j.arrival, *v.next)
		return
	}
	w.Exec(`update deliveries set next_attempt_at = $5`+line+`> $5`, j.subscription, j.aggregate, j.sequence, j.arrival, now)
}

// release gives a claimed delivery back untried.
func (s *Service) release(ctx context.Context, j job) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`update deliveries set lease = null, leased_until = null where id = $1 and lease = $2`, j.id, j.lease)
		return nil
	})
}

const sweepSize = 1000 // rows per statement

// sweep deletes what nobody needs: closed deliveries past their retention, secrets that have ended. Deliveries that have
// waited for the whole retention at a subscription that is off are given up.
func (s *Service) sweep(ctx context.Context) (int64, error) {
	now := s.now()
	cutoff := now.Add(-s.cfg.Retention)
	var total int64
	for {
		var deleted int64
		err := s.db.Tx(tenant.WithSystem(ctx), func(ctx context.Context, tx *pg.Tx) error {
			return tx.Read(ctx, func(b *pg.Batch) {
				pg.Affected(b.Queue(`delete from deliveries where id in (select id from deliveries
					where next_attempt_at is null and updated_at < $1 limit $2 for update skip locked)`, cutoff, sweepSize), &deleted)
			})
		})
		if err != nil {
			return total, err
		}
		total += deleted
		if deleted < sweepSize {
			break
		}
	}
	return total, s.db.Write(tenant.WithSystem(ctx), func(w *pg.Writes) error {
		w.Exec(`delete from secrets where expires_at <= $1`, now)
		w.Exec(`update deliveries d set status = 'exhausted', next_attempt_at = null, lease = null, leased_until = null, updated_at = $2,
				error = 'The subscription was switched off for too long.'
			from subscriptions s where s.tenant_id = d.tenant_id and s.id = d.subscription_id and not s.active
				and d.next_attempt_at is not null and d.created_at < $1`, cutoff, now)
		return nil
	})
}
