package idem

import (
	"context"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// The table, for the migrations of the schema that holds it:
//
//	create table idempotency (
//	    key         bytea       not null,
//	    tenant_id   uuid        not null default current_tenant() references tenants (id),
//	    request     bytea       not null,
//	    claim       uuid        not null,
//	    claimed_at  timestamptz not null,
//	    status      integer,
//	    header      bytea,
//	    body        bytea,
//	    expires_at  timestamptz not null,
//	    primary key (tenant_id, key)
//	);
//	create index idempotency_expires_at on idempotency (expires_at);
//	call protect('idempotency', true);

type row struct {
	request []byte
	done    bool
	answer  Answer
}

// claim takes the key, or reads who has it, in one statement. A claim without an answer lapses after the lease.
func (s *Store) claim(ctx context.Context, key, request []byte, claim id.ID, keep time.Duration) (row, bool, error) {
	now := s.now()
	var r row
	var owner id.ID
	var status *int
	var found bool
	err := s.db.Read(ctx, func(b *pg.Batch) {
		// It need not wait for the disk: what is done under the key commits later, and waits if it has to last. The row is
		// returned in either case: the update of a foreign row sets nothing new.
		pg.Row(b.Queue(`insert into idempotency as i (key, request, claim, claimed_at, expires_at) values ($1, $2, $3, $4, $5)
			on conflict (tenant_id, key) do update set
				claim      = case when i.status is null and i.claimed_at < $6 or i.expires_at < $4 then excluded.claim else i.claim end,
				request    = case when i.status is null and i.claimed_at < $6 or i.expires_at < $4 then excluded.request else i.request end,
				claimed_at = case when i.status is null and i.claimed_at < $6 or i.expires_at < $4 then excluded.claimed_at else i.claimed_at end,
				status     = case when i.expires_at < $4 then null else i.status end,
				expires_at = case when i.expires_at < $4 then excluded.expires_at else i.expires_at end
			returning request, claim, status, coalesce(header, ''), coalesce(body, ''), `+pg.Soon,
			key, request, claim, now, now.Add(keep), now.Add(-s.cfg.Lease)), &found,
			&r.request, &owner, &status, &r.answer.Header, &r.answer.Body, nil)
	})
	if err != nil {
		return row{}, false, err
	}
	if r.done = status != nil; r.done {
		r.answer.Status = *status
	}
	return r, owner == claim, nil
}

// patience bounds what is written about work that is done, and for which nobody waits any more.
const patience = 5 * time.Second

func (s *Store) renew(ctx context.Context, key []byte, claim id.ID) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`update idempotency set claimed_at = $3 where key = $1 and claim = $2 and status is null`, key, claim, s.now())
		return nil
	})
}

func (s *Store) release(ctx context.Context, key []byte, claim id.ID) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`delete from idempotency where key = $1 and claim = $2 and status is null`, key, claim)
		return nil
	})
}

const (
	sweepEvery = time.Minute
	sweepBatch = 1000
)

// Run removes what has expired, until ctx ends. It returns once all answers are stored that were given out before.
func (s *Store) Run(ctx context.Context) error {
	defer s.flush()
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for ctx.Err() == nil {
			n, err := s.Sweep(ctx)
			if err != nil || n < sweepBatch {
				break // an outage: the next tick tries again
			}
		}
	}
}

// Sweep removes one batch of expired rows of all tenants and says how many there were.
func (s *Store) Sweep(ctx context.Context) (removed int64, err error) {
	err = s.db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		pg.Affected(b.Queue(`delete from idempotency where (tenant_id, key) in
			(select tenant_id, key from idempotency where expires_at < $1 limit $2)`, s.now(), sweepBatch), &removed)
	})
	return removed, err
}
