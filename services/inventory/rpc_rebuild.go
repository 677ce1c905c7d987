package inventory

import (
	"context"
	"slices"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// rebuildBatch is how many balances are put right in one transaction, and are locked as long.
const rebuildBatch = 500

// RebuildBalances compares every balance of the tenant with the ledger and the live holds, and puts right what differs.
// Balances that somebody settles in between are looked at again under their lock, so nothing is reported that is only in
// motion.
func (s *Service) RebuildBalances(ctx context.Context, req *inventoryv1.RebuildBalancesRequest) (*inventoryv1.RebuildBalancesResponse, error) {
	checked, drifts, err := readDrifts(ctx, s.db)
	if err != nil {
		return nil, err
	}
	if !req.GetDryRun() {
		if drifts, err = s.rebuild(ctx, drifts); err != nil {
			return nil, err
		}
	}
	return &inventoryv1.RebuildBalancesResponse{Checked: checked, Drifts: driftsToProto(drifts)}, nil
}

// rebuild puts balances right and returns those that needed it.
func (s *Service) rebuild(ctx context.Context, drifts []drift) ([]drift, error) {
	var fixed []drift
	for chunk := range slices.Chunk(drifts, rebuildBatch) {
		variants := make([]id.ID, len(chunk))
		for i, d := range chunk {
			variants[i] = d.was.VariantID
		}
		var found []drift
		err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			var err error
			if found, err = lockDrifts(ctx, tx, variants); err != nil || len(found) == 0 {
				return err
			}
			saveRecounted(&tx.Writes, found, s.now())
			var flips []Stock
			for _, d := range found {
				if is := d.is(); is.ShortOf() != d.was.ShortOf() {
					flips = append(flips, is)
				}
			}
			return announce(ctx, &tx.Writes, flips)
		})
		if err != nil {
			return nil, err
		}
		fixed = append(fixed, found...)
	}
	return fixed, nil
}

// is the balance as it follows from the ledger and the live holds.
func (d drift) is() Stock {
	s := d.was
	s.OnHand, s.Reserved = d.onHand, d.reserved
	s.Version++
	return s
}
