package catalog

import (
	"context"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/pg"
)

// SetOptions renames, orders, adds and takes away options of a product and their values. Variants and translations follow
// in the same transaction.
func (s *Service) SetOptions(ctx context.Context, req *catalogv1.SetOptionsRequest) (*catalogv1.SetOptionsResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	stated := make([]statedOption, len(req.GetOptions()))
	for i, o := range req.GetOptions() {
		stated[i].renamed = renamed{o.GetName(), o.GetWas()}
		for _, v := range o.GetValues() {
			stated[i].values = append(stated[i].values, renamed{v.GetValue(), v.GetWas()})
		}
	}
	p, err := s.changeProduct(ctx, req.GetProductId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		before := p.clone()
		names, err := p.setOptions(stated)
		if err != nil {
			return err
		}
		if slices.EqualFunc(p.options, before.options, func(a, b option) bool { return a.name == b.name && slices.Equal(a.values, b.values) }) {
			return nil
		}
		replaceOptions(&tx.Writes, p)
		texts, err := loadTranslations[catalogv1.ProductTranslation](ctx, tx, productTexts, p.id)
		if err != nil {
			return err
		}
		for _, t := range texts {
			if !names.translate(t) {
				continue
			}
			p.translated = true
			if err := putTranslation(&tx.Writes, productTexts, p.id, t.GetLocale(), t.Slug, fold(t.GetTitle()), t, s.time()); err != nil {
				return err
			}
		}
		return p.fitForSale()
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetOptionsResponse{Product: p}, nil
}
