package inventory

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
)

func stockToProto(s Stock) *inventoryv1.Stock {
	return &inventoryv1.Stock{
		VariantId: s.VariantID.String(), OnHand: s.OnHand, Reserved: s.Reserved, Available: s.Available(),
		AllowBackorder: s.AllowBackorder, Version: s.Version,
	}
}

func stocksToProto(stocks []Stock) []*inventoryv1.Stock {
	out := make([]*inventoryv1.Stock, len(stocks))
	for i, s := range stocks {
		out[i] = stockToProto(s)
	}
	return out
}

func holdFromProto(req *inventoryv1.ReserveRequest) (Hold, error) {
	malformed := rpc.ErrInvalid.WithField("orderId", "string_uuid", "The ids of orders and variants have to be UUIDs in lower case.")
	order, err := id.Parse(req.GetOrderId())
	if err != nil {
		return Hold{}, malformed
	}
	lines := make([]Line, len(req.GetLines()))
	for i, l := range req.GetLines() {
		variant, err := id.Parse(l.GetVariantId())
		if err != nil {
			return Hold{}, malformed
		}
		lines[i] = Line{VariantID: variant, Quantity: l.GetQuantity()}
	}
	return Hold{OrderID: order, Lines: mergeLines(lines), ExpiresAt: req.GetExpiresAt().AsTime()}, nil
}

// newStocksFromProto reads items, each variant once: the first counts.
func newStocksFromProto(items []*inventoryv1.NewStock) ([]NewStock, error) {
	out := make([]NewStock, 0, len(items))
	seen := make(map[id.ID]bool, len(items))
	for _, item := range items {
		variant, err := id.Parse(item.GetVariantId())
		if err != nil {
			return nil, rpc.ErrInvalid.WithField("items.variantId", "string_uuid", "A variant's id is not a UUID in lower case.")
		}
		if seen[variant] {
			continue
		}
		seen[variant] = true
		out = append(out, NewStock{VariantID: variant, OnHand: item.GetOnHand(), AllowBackorder: item.GetAllowBackorder()})
	}
	return out, nil
}

// newStocksFromCatalog reads what the catalogue says about variants it added.
func newStocksFromCatalog(added []*catalogv1.VariantAdded) ([]NewStock, error) {
	items := make([]*inventoryv1.NewStock, len(added))
	for i, v := range added {
		items[i] = &inventoryv1.NewStock{VariantId: v.GetVariantId(), OnHand: v.GetInitialStock(), AllowBackorder: v.GetAllowBackorder()}
	}
	return newStocksFromProto(items)
}

func reasons() []Reason {
	return []Reason{"", Received, Stocktake, Damaged, Lost, Returned, Correction, Initial, Sold, Restocked}
}

func reasonFromProto(r inventoryv1.Reason) Reason {
	if all := reasons(); int(r) >= 0 && int(r) < len(all) {
		return all[r]
	}
	return ""
}

func reasonToProto(r Reason) inventoryv1.Reason {
	return inventoryv1.Reason(max(slices.Index(reasons(), r), 0))
}

func movementsToProto(movements []Movement) []*inventoryv1.Movement {
	out := make([]*inventoryv1.Movement, len(movements))
	for i, m := range movements {
		out[i] = &inventoryv1.Movement{
			Id: m.ID.String(), VariantId: m.VariantID.String(), Delta: m.Delta, Reason: reasonToProto(m.Reason), Note: m.Note,
			OrderId: textOf(m.OrderID), ActorId: textOf(m.ActorID), CreatedAt: timestamppb.New(m.CreatedAt),
		}
	}
	return out
}

func textOf(i id.ID) string {
	if i.IsZero() {
		return ""
	}
	return i.String()
}

func driftsToProto(drifts []drift) []*inventoryv1.Drift {
	out := make([]*inventoryv1.Drift, len(drifts))
	for i, d := range drifts {
		out[i] = &inventoryv1.Drift{
			VariantId: d.was.VariantID.String(), OnHandWas: d.was.OnHand, OnHandIs: d.onHand, ReservedWas: d.was.Reserved, ReservedIs: d.reserved,
		}
	}
	return out
}
