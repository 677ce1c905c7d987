package inventory

import (
	"context"

	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

// GetStock returns the balance of one variant.
func (s *Service) GetStock(ctx context.Context, req *inventoryv1.GetStockRequest) (*inventoryv1.GetStockResponse, error) {
	variant, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrStockNotFound
	}
	stocks, err := readStocks(ctx, s.db, []id.ID{variant})
	if err != nil {
		return nil, err
	}
	if len(stocks) == 0 {
		return nil, ErrStockNotFound
	}
	return &inventoryv1.GetStockResponse{Stock: stockToProto(stocks[0])}, nil
}

// GetLevels returns the balances of those variants that are known.
func (s *Service) GetLevels(ctx context.Context, req *inventoryv1.GetLevelsRequest) (*inventoryv1.GetLevelsResponse, error) {
	variants, err := id.ParseAll(req.GetVariantIds())
	if err != nil {
		return nil, rpc.ErrInvalid.WithField("variantIds", "string_uuid", "A variant's id is not a UUID in lower case.")
	}
	if len(variants) == 0 {
		return &inventoryv1.GetLevelsResponse{}, nil
	}
	stocks, err := readStocks(ctx, s.db, variants)
	if err != nil {
		return nil, err
	}
	return &inventoryv1.GetLevelsResponse{Stocks: stocksToProto(stocks)}, nil
}

// AdjustStock adds a line to the ledger on behalf of the member of staff who asks.
func (s *Service) AdjustStock(ctx context.Context, req *inventoryv1.AdjustStockRequest) (*inventoryv1.AdjustStockResponse, error) {
	variant, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrStockNotFound
	}
	if req.GetDelta() == 0 {
		return nil, rpc.ErrInvalid.WithField("delta", "zero", "At least one unit has to come or go.")
	}
	m := Movement{
		ID: id.New(), VariantID: variant, Delta: req.GetDelta(), Reason: reasonFromProto(req.GetReason()), Note: req.GetNote(),
	}
	if p := auth.From(ctx); p.Kind == auth.Staff {
		m.ActorID = p.ID
	}
	var after Stock
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		before, err := lockStock(ctx, tx, variant)
		if err != nil {
			return err
		}
		if after, err = before.adjust(m.Delta); err != nil {
			return err
		}
		now := s.now()
		saveChanges(&tx.Writes, []change{{variant: variant, onHand: m.Delta}}, now)
		saveMovements(&tx.Writes, []Movement{m}, now)
		return announceFlip(ctx, tx, before, after)
	})
	if err != nil {
		return nil, err
	}
	return &inventoryv1.AdjustStockResponse{Stock: stockToProto(after)}, nil
}

// UpdateStockSettings changes how a variant is sold.
func (s *Service) UpdateStockSettings(
	ctx context.Context, req *inventoryv1.UpdateStockSettingsRequest,
) (*inventoryv1.UpdateStockSettingsResponse, error) {
	variant, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrStockNotFound
	}
	var after Stock
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		before, err := lockStock(ctx, tx, variant)
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != before.Version {
			return ErrVersionConflict
		}
		after = before
		if req.AllowBackorder != nil {
			after = before.allowBackorder(req.GetAllowBackorder())
		}
		if after.Version == before.Version {
			return nil
		}
		saveBackorder(&tx.Writes, after, s.now())
		return announceFlip(ctx, tx, before, after)
	})
	if err != nil {
		return nil, err
	}
	return &inventoryv1.UpdateStockSettingsResponse{Stock: stockToProto(after)}, nil
}

func announceFlip(ctx context.Context, tx *pg.Tx, before, after Stock) error {
	if before.ShortOf() == after.ShortOf() {
		return nil
	}
	return announce(ctx, &tx.Writes, []Stock{after})
}

// ListMovements walks the ledger of one variant, newest line first.
func (s *Service) ListMovements(ctx context.Context, req *inventoryv1.ListMovementsRequest) (*inventoryv1.ListMovementsResponse, error) {
	variant, err := id.Parse(req.GetVariantId())
	if err != nil {
		return nil, ErrStockNotFound
	}
	r := page.FromProto(req.GetPage())
	var before id.ID
	if len(r.After) > 0 {
		parts, err := page.ParseKey(r.After, 1)
		if err != nil {
			return nil, err
		}
		if before, err = id.Parse(parts[0]); err != nil {
			return nil, page.ErrBadCursor
		}
	}
	found, err := readMovements(ctx, s.db, variant, before, r)
	if err != nil {
		return nil, err
	}
	if !found.known {
		return nil, ErrStockNotFound
	}
	shown, more, last := found.movements, len(found.movements) > r.Limit, []byte(nil)
	if more {
		shown = shown[:r.Limit]
		last = page.Key(shown[len(shown)-1].ID.String())
	}
	return &inventoryv1.ListMovementsResponse{Movements: movementsToProto(shown), Page: page.Info(found.total, more, last)}, nil
}

// OpenStock opens stock of variants that have none yet, and leaves the others as they are.
func (s *Service) OpenStock(ctx context.Context, req *inventoryv1.OpenStockRequest) (*inventoryv1.OpenStockResponse, error) {
	items, err := newStocksFromProto(req.GetItems())
	if err != nil {
		return nil, err
	}
	var stocks []Stock
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		stocks, err = s.open(ctx, tx, items)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &inventoryv1.OpenStockResponse{Stocks: stocksToProto(stocks)}, nil
}

// open opens stock inside a transaction and returns the balances of all items.
func (s *Service) open(ctx context.Context, tx *pg.Tx, items []NewStock) ([]Stock, error) {
	if len(items) == 0 {
		return nil, nil
	}
	variants := make([]id.ID, len(items))
	for i, item := range items {
		variants[i] = item.VariantID
	}
	now := s.now()
	var opened []id.ID
	var stocks []Stock
	if err := tx.Read(ctx, func(b *pg.Batch) {
		openStock(b, items, &now, &opened)
		queueStocks(b, &stocks, byVariants, variants)
	}); err != nil {
		return nil, err
	}
	fresh := make(map[id.ID]bool, len(opened))
	for _, variant := range opened {
		fresh[variant] = true
	}
	// What was never there could not be bought.
	var flips []Stock
	for _, stock := range stocks {
		if fresh[stock.VariantID] && stock.Buyable() {
			flips = append(flips, stock)
		}
	}
	return stocks, announce(ctx, &tx.Writes, flips)
}
