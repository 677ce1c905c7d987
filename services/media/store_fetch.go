package media

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// addressKey is what is kept of a foreign address.
func addressKey(address string) []byte {
	sum := sha256.Sum256([]byte(address))
	return sum[:]
}

// fetched reads the asset that came from an address.
func (s store) fetched(ctx context.Context, key []byte) (asset, bool, error) {
	found, err := s.fetchedAll(ctx, [][]byte{key})
	a, ok := found[string(key)]
	return a, ok, err
}

// fetchedAll reads the assets that came from addresses, by what is kept of those.
func (s store) fetchedAll(ctx context.Context, keys [][]byte) (map[string]asset, error) {
	from := map[string]id.ID{}
	var assets []asset
	err := s.db.Read(ctx, func(b *pg.Batch) {
		clear(from)
		assets = nil
		pg.Each(b.Queue("select url_sha256, asset_id from fetched_assets where url_sha256 = any($1)", keys), func(rows pgx.Rows) error {
			var key []byte
			var which id.ID
			err := rows.Scan(&key, &which)
			from[string(key)] = which
			return err
		})
		pg.Each(b.Queue("select "+columns+tables+" where a.id in (select asset_id from fetched_assets where url_sha256 = any($1))", keys), into(&assets))
	})
	out := map[string]asset{}
	for _, a := range assets {
		for key, which := range from {
			if which == a.id {
				out[key] = a
			}
		}
	}
	return out, err
}

// rememberFetched says which asset came from an address. An asset that was deleted meanwhile is not remembered.
func (s store) rememberFetched(ctx context.Context, key []byte, which id.ID, now time.Time) error {
	return s.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`insert into fetched_assets (url_sha256, asset_id, fetched_at) select $1, id, $3 from assets where id = $2
			on conflict (url_sha256, tenant_id) do update set asset_id = excluded.asset_id, fetched_at = excluded.fetched_at`, key, which, now)
		return nil
	})
}
