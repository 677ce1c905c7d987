package catalog

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// exportLimit is how many products an export page has when the caller does not say.
const exportLimit = 200

// ResolveVariants reads what a cart needs of variants: one statement, one round trip. Unknown ids are left out.
func (s *Service) ResolveVariants(ctx context.Context, req *catalogv1.ResolveVariantsRequest) (*catalogv1.ResolveVariantsResponse, error) {
	ids, err := id.ParseAll(req.GetIds())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	found, err := resolveVariants(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	res := &catalogv1.ResolveVariantsResponse{Variants: make([]*catalogv1.ResolvedVariant, len(found))}
	for i, r := range found {
		res.Variants[i] = &catalogv1.ResolvedVariant{
			Id: r.id.String(), ProductId: r.product.String(), ProductSlug: r.slug, ProductTitle: r.prodTitle, VariantTitle: r.title,
			Sku: r.sku, Options: r.options, Price: moneyToProto(r.price), Sellable: r.sellable, WeightGrams: r.weight, Components: resolvedComponents(r.shares),
		}
		if r.image != nil {
			res.Variants[i].Image = imageToProto(*r.image)
		}
	}
	return res, nil
}

// ExportProducts reads products of every status in id order, for whoever keeps a read model. A page may hold fewer
// than were asked for, so that it fits through a door; only an empty one is the end.
func (s *Service) ExportProducts(ctx context.Context, req *catalogv1.ExportProductsRequest) (*catalogv1.ExportProductsResponse, error) {
	ids, err := id.ParseAll(req.GetIds())
	if err != nil {
		return nil, ErrProductNotFound
	}
	var after id.ID
	if req.GetAfterId() != "" {
		if after, err = id.Parse(req.GetAfterId()); err != nil {
			return nil, ErrProductNotFound
		}
	}
	limit := int(req.GetLimit())
	if limit == 0 {
		limit = exportLimit
	}
	docs, err := exportDocuments(ctx, s.db, ids, after, limit)
	if err != nil {
		return nil, err
	}
	res := &catalogv1.ExportProductsResponse{Products: make([]*catalogv1.Product, len(docs))}
	for i, doc := range docs {
		if res.Products[i], err = parseDocument(doc); err != nil {
			return nil, err
		}
		forReadModels(res.Products[i])
	}
	return res, nil
}
