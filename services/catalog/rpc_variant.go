package catalog

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// CreateVariant adds a variant at the end. A value its option does not have yet is added to the option.
func (s *Service) CreateVariant(ctx context.Context, req *catalogv1.CreateVariantRequest) (*catalogv1.CreateVariantResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	var made id.ID
	var p *catalogv1.Product
	var err error
	for range madeNameTries {
		p, err = s.changeProduct(ctx, req.GetProductId(), 0, func(ctx context.Context, tx *pg.Tx, p *product) error {
			v, err := p.addVariant("", newVariantFromProto(req.GetVariant()), true, s.time())
			if err != nil {
				return err
			}
			made = v.id
			if err := p.pictures("imageId", v); err != nil {
				return err
			}
			if err := changeVariantFacts(ctx, tx, v, req.GetVariant().GetFacts(), req.GetVariant().GetAttributes()); err != nil {
				return err
			}
			given := v.sku != ""
			if !given {
				p.makeSKUs()
			}
			known, err := loadTaken(ctx, tx, nil, []string{v.sku}, nil, nil)
			switch {
			case err != nil:
				return err
			case len(known.skus) > 0 && given:
				return ErrSKUTaken.WithField("sku", "taken", ErrSKUTaken.Message())
			case len(known.skus) > 0:
				v.sku = firstFree([]string{v.sku}, known.skus)
			}
			return p.fitForSale()
		})
		if !isTaken(err) || req.GetVariant().GetSku() != "" {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return &catalogv1.CreateVariantResponse{Variant: variantIn(p, made.String())}, nil
}

// variantKey marks the positions of ListVariants.
const variantKey = "variant"

// ListVariants reads a page of a product's variants, by position: one statement, whatever else the product has.
func (s *Service) ListVariants(ctx context.Context, req *catalogv1.ListVariantsRequest) (*catalogv1.ListVariantsResponse, error) {
	p, err := s.document(ctx, req.GetProductId(), false)
	if err != nil {
		return nil, err
	}
	all := p.GetVariants()
	order := func(v *catalogv1.Variant, position int32, which string) int {
		return cmp.Or(cmp.Compare(v.GetPosition(), position), cmp.Compare(v.GetId(), which))
	}
	slices.SortFunc(all, func(a, b *catalogv1.Variant) int { return order(a, b.GetPosition(), b.GetId()) })
	asked := page.FromProto(req.GetPage())
	from := min(asked.Offset(), len(all))
	if len(asked.After) > 0 {
		parts, err := page.ParseKey(asked.After, 3)
		if err != nil {
			return nil, err
		}
		position, err := strconv.ParseInt(parts[1], 10, 32)
		if err != nil || parts[0] != variantKey {
			return nil, page.ErrBadCursor
		}
		from = len(all)
		if next := slices.IndexFunc(all, func(v *catalogv1.Variant) bool { return order(v, int32(position), parts[2]) > 0 }); next >= 0 {
			from = next
		}
	}
	shown := all[from:min(from+asked.Limit, len(all))]
	var last []byte
	more := from+len(shown) < len(all)
	if more {
		end := shown[len(shown)-1]
		last = page.Key(variantKey, strconv.FormatInt(int64(end.GetPosition()), 10), end.GetId())
	}
	return &catalogv1.ListVariantsResponse{Variants: shown, Page: page.Info(int64(len(all)), more, last)}, nil
}

// GetVariant reads one variant.
func (s *Service) GetVariant(ctx context.Context, req *catalogv1.GetVariantRequest) (*catalogv1.GetVariantResponse, error) {
	p, err := s.document(ctx, req.GetProductId(), false)
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	v := variantIn(p, req.GetId())
	if v == nil {
		return nil, ErrVariantNotFound
	}
	return &catalogv1.GetVariantResponse{Variant: v}, nil
}

// UpdateVariant changes what is given and leaves the rest.
func (s *Service) UpdateVariant(ctx context.Context, req *catalogv1.UpdateVariantRequest) (*catalogv1.UpdateVariantResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	patch := variantPatch{
		sku: req.Sku, title: req.Title, options: req.GetOptions(), price: moneyFromProto(req.GetPrice()), // absent is not empty
		compareAt: moneyFromProto(req.GetCompareAtPrice()), clearCompareAt: req.GetClearCompareAtPrice(),
		weight: req.WeightGrams, clearWeight: req.GetClearWeightGrams(), position: req.Position, // absent is not zero
	}
	if req.ImageId != nil || req.GetClearImage() { // absent is not empty
		patch.image = new(imageID(req.GetImageId()))
	}
	if req.GetPrices() != nil {
		prices := statedPrices(req.GetPrices().GetPrices())
		patch.prices = &prices
	}
	p, err := s.changeProduct(ctx, req.GetProductId(), 0, func(ctx context.Context, tx *pg.Tx, p *product) error {
		if err := p.sawVariant(which, req.GetIfVersion()); err != nil {
			return err
		}
		if err := changeVariantFacts(ctx, tx, p.variant(which), req.GetFacts(), req.GetAttributes()); err != nil {
			return err
		}
		return p.changeVariant(which, patch)
	})
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	return &catalogv1.UpdateVariantResponse{Variant: variantIn(p, req.GetId())}, nil
}

// DeleteVariant removes a variant for good; one that was sold is archived instead. The last one of a published product
// stays.
func (s *Service) DeleteVariant(ctx context.Context, req *catalogv1.DeleteVariantRequest) (*catalogv1.DeleteVariantResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	p, err := s.changeProduct(ctx, req.GetProductId(), 0, func(ctx context.Context, tx *pg.Tx, p *product) error {
		if err := p.sawVariant(which, req.GetIfVersion()); err != nil {
			return err
		}
		if inBundle, err := lockBooks(ctx, tx, p, []id.ID{which}); err != nil {
			return err
		} else if inBundle {
			return ErrInBundle
		}
		return p.removeVariant(which)
	})
	if err != nil {
		return nil, noProductNoVariant(err)
	}
	return &catalogv1.DeleteVariantResponse{Archived: variantIn(p, req.GetId())}, nil
}

// sawVariant refuses a caller who saw another version of the variant; 0 is a caller who does not say.
func (p *product) sawVariant(which id.ID, version int64) error {
	v := p.variant(which)
	switch {
	case v == nil:
		return ErrVariantNotFound
	case version != 0 && version != v.version:
		return ErrVersionConflict
	}
	return nil
}

// noProductNoVariant: whoever asked for a variant is told about the variant.
func noProductNoVariant(err error) error {
	if errors.Is(err, ErrProductNotFound) {
		return ErrVariantNotFound
	}
	return err
}

func variantIn(p *catalogv1.Product, which string) *catalogv1.Variant {
	for _, v := range p.GetVariants() {
		if v.GetId() == which {
			return v
		}
	}
	return nil
}
