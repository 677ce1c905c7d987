package media

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

const keysSQL = `select id, salt, created_at, ends_at from signing_keys where ends_at is null or ends_at > $1 order by id desc`

// keys reads the keys of the shop that have not ended, without their secrets.
func (s store) keys(ctx context.Context, now time.Time) (out ring, err error) {
	err = s.db.Read(ctx, func(b *pg.Batch) { queueKeys(b, now, &out) })
	return out, err
}

func queueKeys(b *pg.Batch, now time.Time, out *ring) {
	*out = nil
	pg.Each(b.Queue(keysSQL, now), func(rows pgx.Rows) error {
		var k signingKey
		err := rows.Scan(&k.id, &k.salt, &k.createdAt, &k.endsAt)
		*out = append(*out, k)
		return err
	})
}

// rotate lets another key sign, if due says so, and returns which that is; the zero id when none is due. Those that signed
// before end at a moment. Two at once make one.
func (s store) rotate(ctx context.Context, next signingKey, due func(r ring) bool, ends time.Time) (made id.ID, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		made = id.ID{}
		var have ring
		if err := tx.Read(ctx, func(b *pg.Batch) {
			b.Queue("select pg_advisory_xact_lock(hashtext('media.signing_keys'), hashtext(current_tenant()::text))")
			queueKeys(b, next.createdAt, &have)
		}); err != nil || !due(have) {
			return err
		}
		made = next.id
		tx.Exec("update signing_keys set ends_at = least(coalesce(ends_at, $1), $1) where ends_at is null or ends_at > $1", ends)
		tx.Exec("delete from signing_keys where ends_at <= $1", next.createdAt)
		tx.Exec("insert into signing_keys (id, salt, created_at) values ($1, $2, $3)", next.id, next.salt, next.createdAt)
		return announceRotated(ctx, &tx.Writes, next)
	})
	return made, err
}

// oldKeys are the shops whose key signs since before a moment.
func (s store) oldKeys(ctx context.Context, before time.Time) (shops []id.ID, err error) {
	err = s.db.Read(tenant.WithSystem(ctx), func(b *pg.Batch) {
		shops = nil
		pg.Each(b.Queue("select tenant_id from signing_keys where ends_at is null and created_at <= $1", before), func(rows pgx.Rows) error {
			var shop id.ID
			err := rows.Scan(&shop)
			shops = append(shops, shop)
			return err
		})
	})
	return shops, err
}
