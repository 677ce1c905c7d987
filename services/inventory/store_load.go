package inventory

import (
	"context"
	"slices"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// loadChunk is how many variants travel in one statement.
const loadChunk = 5000

// Load opens stock of many variants of the context's tenant, onHand units each, for a large catalogue that is loaded at
// once. Variants that have stock stay as they are, so it may be repeated. It announces nothing: whoever loads a
// catalogue this way writes its availability as well.
//
// It does not use COPY, which PostgreSQL refuses on tables under row-level security; arrays are about as fast.
func Load(ctx context.Context, db *pg.DB, variants []id.ID, onHand int64) error {
	variants = slices.Clone(variants)
	slices.SortFunc(variants, compareIDs)
	variants = slices.Compact(variants)
	for chunk := range slices.Chunk(variants, loadChunk) {
		items := make([]NewStock, len(chunk))
		for i, variant := range chunk {
			items[i] = NewStock{VariantID: variant, OnHand: onHand}
		}
		if err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			var opened []id.ID
			return tx.Read(ctx, func(b *pg.Batch) { openStock(b, items, nil, &opened) })
		}); err != nil {
			return err
		}
	}
	return db.Analyze(ctx)
}
