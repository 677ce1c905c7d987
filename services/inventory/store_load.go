package inventory

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// loadChunk is how many variants are committed together.
const loadChunk = 5000

// Load opens stock of many variants of the context's tenant, onHand units each, for a large catalogue that is loaded at
// once, through COPY. Variants that have stock stay as they are, so it may be repeated; when somebody else opens stock of one
// of them at the same moment it fails and has to be. It announces nothing: whoever loads a catalogue this way writes its
// availability as well.
func Load(ctx context.Context, db *pg.DB, variants []id.ID, onHand int64) error {
	variants = slices.Clone(variants)
	slices.SortFunc(variants, compareIDs)
	variants = slices.Compact(variants)
	for chunk := range slices.Chunk(variants, loadChunk) {
		if err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error { return loadStock(ctx, tx, chunk, onHand) }); err != nil {
			return err
		}
	}
	return db.Analyze(ctx)
}

// loadStock writes what openStock would, of those variants that have no stock yet.
func loadStock(ctx context.Context, tx *pg.Tx, variants []id.ID, onHand int64) error {
	have := map[id.ID]bool{}
	if err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue("select variant_id from stock where variant_id = any($1)", variants), func(rows pgx.Rows) error {
			var one id.ID
			err := rows.Scan(&one)
			have[one] = true
			return err
		})
	}); err != nil {
		return err
	}
	var stock, movements [][]any
	for _, one := range variants {
		if !have[one] {
			stock = append(stock, []any{one, onHand})
			movements = append(movements, []any{id.New(), one, onHand, "initial"})
		}
	}
	if err := tx.CopyIn(ctx, "stock", []string{"variant_id", "on_hand"}, stock); err != nil {
		return err
	}
	return tx.CopyIn(ctx, "stock_movements", []string{"id", "variant_id", "delta", "reason"}, movements)
}
