package identity

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// account is what a login needs to know.
type account struct {
	found    bool
	id       id.ID
	hash     string
	role     string
	disabled bool
	groups   []string // codes of a customer's groups
}

func (in realm) accountQuery() string {
	if in == staffRealm {
		return "select id, password_hash, role, disabled_at is not null, '{}'::text[] from staff where email = $1"
	}
	return "select a.id, a.password_hash, '', false, " + codesOf + " from customers a where a.email = $1"
}

// readAccount looks an account up, together with the counters of attempts.
func readAccount(ctx context.Context, db *pg.DB, in realm, email string, buckets []bucket, now time.Time) (account, map[string]hits, error) {
	var a account
	var counted map[string]hits
	err := db.Read(ctx, func(b *pg.Batch) {
		a = account{}
		pg.Row(b.Queue(in.accountQuery(), email), &a.found, &a.id, &a.hash, &a.role, &a.disabled, &a.groups)
		counted = queueHits(b, buckets, now)
	})
	return a, counted, err
}

func queueHits(b *pg.Batch, buckets []bucket, now time.Time) map[string]hits {
	counted := map[string]hits{}
	pg.Each(b.Queue("select bucket, hits, resets_at from throttles where bucket = any($1) and resets_at > $2", keysOf(buckets), now),
		func(rows pgx.Rows) error {
			var key []byte
			var h hits
			if err := rows.Scan(&key, &h.count, &h.resetsAt); err != nil {
				return err
			}
			counted[string(key)] = h
			return nil
		})
	return counted
}

func readHits(ctx context.Context, db *pg.DB, buckets []bucket, now time.Time) (map[string]hits, error) {
	var counted map[string]hits
	err := db.Read(ctx, func(b *pg.Batch) { counted = queueHits(b, buckets, now) })
	return counted, err
}

// countHit adds one to each bucket; a window that is over starts again. The addition sits in the statement, so that
// parallel guesses are all counted.
func countHit(ctx context.Context, db *pg.DB, buckets []bucket, now time.Time) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		byKey := map[string]bucket{}
		for _, b := range buckets {
			byKey[string(b.key)] = b
		}
		for _, key := range keysOf(buckets) {
			writeHit(w, byKey[string(key)], now)
		}
		return nil
	})
}

func writeHit(w *pg.Writes, b bucket, now time.Time) {
	w.Exec(`insert into throttles as t (bucket, hits, resets_at) values ($1, 1, $2)
		on conflict (tenant_id, bucket) do update set
			hits = case when t.resets_at > $3 then t.hits + 1 else 1 end,
			resets_at = case when t.resets_at > $3 then t.resets_at else excluded.resets_at end`,
		b.key, now.Add(b.window), now)
}

// opening is a session about to begin.
type opening struct {
	id        id.ID
	in        realm
	account   id.ID
	token     refreshToken
	expiresAt time.Time
	endsAt    time.Time
	rehash    string // when the password was hashed at an older cost
	forget    []byte // bucket that a success empties
}

// openSession begins a session, unless the account was disabled or removed meanwhile.
func openSession(ctx context.Context, db *pg.DB, o opening, now time.Time) error {
	return db.Write(ctx, func(w *pg.Writes) error {
		var staffID, customerID id.ID
		if o.in == staffRealm {
			staffID = o.account
			w.Must(ErrLoginFailed, `update staff set last_login_at = $2, password_hash = coalesce(nullif($3, ''), password_hash)
				where id = $1 and disabled_at is null`, o.account, now, o.rehash)
		} else {
			customerID = o.account
			w.Must(ErrLoginFailed, `update customers set password_hash = coalesce(nullif($2, ''), password_hash) where id = $1`, o.account, o.rehash)
		}
		w.Exec("insert into sessions (id, staff_id, customer_id, created_at, expires_at, ends_at) values ($1, $2, $3, $4, $5, $6)",
			o.id, staffID.Ptr(), customerID.Ptr(), now, o.expiresAt, o.endsAt)
		insertToken(w, o.token, o.id, now, o.expiresAt)
		w.Exec("delete from throttles where bucket = $1", o.forget)
		return nil
	})
}

func insertToken(w *pg.Writes, t refreshToken, session id.ID, now, expiresAt time.Time) {
	w.Exec("insert into refresh_tokens (token_hash, session_id, created_at, expires_at) values ($1, $2, $3, $4)", t.hash, session, now, expiresAt)
}

func (in realm) presentedQuery() string {
	const head = "select t.used_at is not null, t.expires_at, s.id, s.ends_at, s.revoked_at is not null, a.id, "
	const from = " from refresh_tokens t join sessions s on s.tenant_id = t.tenant_id and s.id = t.session_id"
	if in == staffRealm {
		return head + "a.role, a.disabled_at is not null, '{}'::text[]" + from +
			" join staff a on a.tenant_id = s.tenant_id and a.id = s.staff_id where t.token_hash = $1 for update of t"
	}
	return head + "'', false, " + codesOf + from +
		" join customers a on a.tenant_id = s.tenant_id and a.id = s.customer_id where t.token_hash = $1 for update of t"
}

// lockToken looks at a token, then locks it and looks again: the two looks tell an overlap from a reuse.
func lockToken(ctx context.Context, tx *pg.Tx, in realm, hash []byte) (presented, error) {
	var p presented
	err := tx.Read(ctx, func(b *pg.Batch) {
		var seen bool
		pg.Row(b.Queue("select used_at is not null from refresh_tokens where token_hash = $1", hash), &seen, &p.usedOnArrival)
		pg.Row(b.Queue(in.presentedQuery(), hash), &p.found,
			&p.used, &p.expiresAt, &p.session, &p.endsAt, &p.revoked, &p.subject, &p.role, &p.disabled, &p.groups)
	})
	return p, err
}

// rotateToken replaces a token that is locked, unless the session was ended meanwhile.
func rotateToken(w *pg.Writes, old []byte, next refreshToken, session id.ID, now, expiresAt time.Time) {
	w.Exec("update refresh_tokens set used_at = $2 where token_hash = $1", old, now)
	w.Must(ErrSessionEnded, "update sessions set expires_at = $2 where id = $1 and revoked_at is null", session, expiresAt)
	insertToken(w, next, session, now, expiresAt)
}

func revokeSession(w *pg.Writes, session id.ID, now time.Time) {
	w.Exec("update sessions set revoked_at = $2 where id = $1 and revoked_at is null", session, now)
}

// revokeByToken ends the session a token belongs to, used or not, in its own realm.
func revokeByToken(ctx context.Context, db *pg.DB, in realm, hash []byte, now time.Time) error {
	column := "customer_id"
	if in == staffRealm {
		column = "staff_id"
	}
	return db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`update sessions set revoked_at = $2 where revoked_at is null and `+column+` is not null
			and id = (select session_id from refresh_tokens where token_hash = $1)`, hash, now)
		return nil
	})
}

const sweepBatch = 1000

// sweep removes, in every tenant, sessions that cannot be refreshed any more and counters whose window is over.
func (s *Service) sweep(ctx context.Context) error {
	ctx, now := tenant.WithSystem(ctx), s.now()
	for {
		var gone int64
		if err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			return tx.Read(ctx, func(b *pg.Batch) {
				pg.Affected(b.Queue(`delete from sessions where (tenant_id, id) in
					(select tenant_id, id from sessions where expires_at < $1 order by expires_at limit $2 for update skip locked)`, now, sweepBatch), &gone)
			})
		}); err != nil {
			return err
		}
		if gone < sweepBatch {
			break
		}
	}
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec("delete from throttles where (tenant_id, bucket) in (select tenant_id, bucket from throttles where resets_at < $1 for update skip locked)", now)
		return nil
	})
}
