package catalog

import (
	"context"
	"slices"
	"strconv"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
)

// exportLimit is how many products an export page has when the caller does not say.
const exportLimit = 200

// ResolveVariants reads what a cart needs of variants: one statement, one round trip. Unknown ids are left out. Of those that
// the caller knows, it first reads whether they are what they were, and then only the others.
func (s *Service) ResolveVariants(ctx context.Context, req *catalogv1.ResolveVariantsRequest) (*catalogv1.ResolveVariantsResponse, error) {
	ids, err := id.ParseAll(req.GetIds())
	if err != nil {
		return nil, rpc.ErrInvalid.WithField("ids", "string_uuid", "A variant's id is not a UUID in lower case.")
	}
	who, err := contextFromProto(req.GetCurrency(), req.GetCountry(), req.GetChannel(), req.GetCustomerGroups())
	if err != nil {
		return nil, err
	}
	quantities, err := quantitiesOf(ids, req.GetQuantities())
	if err != nil {
		return nil, err
	}
	res := &catalogv1.ResolveVariantsResponse{}
	if len(req.GetRevisions()) > 0 {
		if res.Unchanged, err = s.unchanged(ctx, req); err != nil {
			return nil, err
		}
		for _, at := range slices.Backward(res.GetUnchanged()) {
			ids = slices.Delete(ids, int(at), int(at)+1)
		}
		if len(ids) == 0 {
			return res, nil
		}
	}
	found, err := resolveVariants(ctx, s.db, ids, req.GetLocales())
	if err != nil {
		return nil, err
	}
	res.Variants = make([]*catalogv1.ResolvedVariant, len(found))
	for i, r := range found {
		res.Variants[i] = &catalogv1.ResolvedVariant{
			Id: r.id.String(), ProductId: r.product.String(), ProductSlug: r.slug, ProductTitle: r.prodTitle, VariantTitle: r.title,
			Sku: r.sku, Options: r.options, Price: moneyToProto(r.price), Sellable: r.sellable, WeightGrams: r.weight,
			VatClass: vatClassToProto(r.vatClass), Goods: goodsToProto(r.goods), Digital: r.digital, Unshipped: r.unshipped, Components: resolvedComponents(r.shares), Revision: r.revision,
		}
		tellPrice(res.Variants[i], r, who, quantities[r.id])
		titleResolved(res.Variants[i], r)
		if r.image != nil {
			res.Variants[i].Image = imageToProto(*r.image)
			tellPicture(res.GetVariants()[i].GetImage(), req.GetLocales())
		}
	}
	return res, nil
}

// unchanged are the places of the variants that are as the caller knows them, in order.
func (s *Service) unchanged(ctx context.Context, req *catalogv1.ResolveVariantsRequest) ([]int32, error) {
	if len(req.GetRevisions()) != len(req.GetIds()) || len(req.GetProductIds()) != len(req.GetIds()) {
		return nil, ErrPriceContext.WithField("revisions", "mismatch", "There have to be one product and one revision for each id, or none.")
	}
	var known []id.ID
	for i, revision := range req.GetRevisions() {
		if revision == 0 {
			continue
		}
		product, err := id.Parse(req.GetProductIds()[i])
		if err != nil {
			return nil, rpc.ErrInvalid.WithField("productIds", "string_uuid", "A product's id is not a UUID in lower case.")
		}
		known = append(known, product)
	}
	now, err := revisions(ctx, s.db, known)
	if err != nil {
		return nil, err
	}
	var out []int32
	var at int
	for i, revision := range req.GetRevisions() {
		if revision == 0 {
			continue
		}
		if now[known[at]] == revision {
			out = append(out, int32(i))
		}
		at++
	}
	return out, nil
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
	exported, prices := make([]id.ID, len(docs)), make([][]*catalogv1.PriceView, len(docs))
	told := map[nameOf]bool{}
	for i, doc := range docs {
		var names []*catalogv1.LocalNames
		if res.Products[i], names, err = parseWhole(doc); err != nil {
			return nil, err
		}
		for _, n := range names {
			if of := (nameOf{n.GetId(), n.GetValue()}); !told[of] {
				told[of] = true
				res.LocalNames = append(res.LocalNames, n)
			}
		}
		if exported[i], err = id.Parse(res.GetProducts()[i].GetId()); err != nil {
			return nil, ErrProductNotFound.WithCause(err)
		}
		forReadModels(res.Products[i]) // an archived variant has no price anybody pays
		if prices[i], err = priceViews(res.Products[i]); err != nil {
			return nil, err
		}
		// A read model shows and finds what everybody pays.
		if err := showPrices(res.Products[i], priceContext{}); err != nil {
			return nil, err
		}
	}
	return res, s.addExtras(ctx, res, exported, prices)
}

// quantitiesOf is how many units of each variant are asked for; 1 when the request does not say.
func quantitiesOf(ids []id.ID, quantities []int64) (map[id.ID]int64, error) {
	if len(quantities) > 0 && len(quantities) != len(ids) {
		return nil, ErrPriceContext.WithField("quantities", "mismatch", "There has to be one quantity for each id, or none.")
	}
	out := make(map[id.ID]int64, len(ids))
	for i, which := range ids {
		out[which] = 1
		if len(quantities) > 0 {
			if quantities[i] < 0 {
				return nil, rpc.ErrInvalid.WithField("quantities["+strconv.Itoa(i)+"]", "int64_gte", "It must not be below zero.")
			}
			out[which] = max(quantities[i], 1)
		}
	}
	return out, nil
}

// tellPrice says what whoever asks pays for one unit when they take a quantity.
func tellPrice(out *catalogv1.ResolvedVariant, r resolved, who priceContext, quantity int64) {
	if who.currency == "" {
		who.currency = r.price.Currency
	}
	if q, ok := priceFor(r.prices, who, quantity); ok {
		out.Price = moneyToProto(q.price)
	}
	if one, ok := priceFor(r.prices, who, 1); ok {
		out.CompareAtPrice, out.PriorPrice = optionalMoney(one.compareAt, one.price.Currency), optionalMoney(one.prior, one.price.Currency)
	}
	out.PriceTiers = tiersToProto(tiers(r.prices, who))
	out.PriceCountries = countriesOf(r.prices)
}

// ListCustomerGroupUses says which price lists are for a group of customers.
func (s *Service) ListCustomerGroupUses(ctx context.Context, req *catalogv1.ListCustomerGroupUsesRequest) (*catalogv1.ListCustomerGroupUsesResponse, error) {
	uses, err := listsFor(ctx, s.db, storable(req.GetCode()), req.GetLimit())
	return &catalogv1.ListCustomerGroupUsesResponse{Uses: uses}, err
}

// ListSoldFiles reads the files that buyers of variants get.
func (s *Service) ListSoldFiles(ctx context.Context, req *catalogv1.ListSoldFilesRequest) (*catalogv1.ListSoldFilesResponse, error) {
	variants, err := id.ParseAll(req.GetVariantIds())
	if err != nil {
		return nil, ErrVariantNotFound
	}
	files, err := soldFiles(ctx, s.db, variants)
	return &catalogv1.ListSoldFilesResponse{Files: files}, err
}
