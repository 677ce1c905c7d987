package catalog

import (
	"context"
	"fmt"
	"regexp"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListPriceLists lists price lists, newest first.
func (s *Service) ListPriceLists(ctx context.Context, req *catalogv1.ListPriceListsRequest) (*catalogv1.ListPriceListsResponse, error) {
	lists, info, err := listPriceLists(ctx, s.db, storable(req.GetQ()), listStatusFromProto(req.GetStatus()), listKindFromProto(req.GetType()), page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListPriceListsResponse{PriceLists: lists, Page: info}, nil
}

// GetPriceList reads one price list.
func (s *Service) GetPriceList(ctx context.Context, req *catalogv1.GetPriceListRequest) (*catalogv1.GetPriceListResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrPriceListNotFound
	}
	l, err := readPriceList(which, "", func(build func(b *pg.Batch)) error { return s.db.Read(ctx, build) })
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetPriceListResponse{PriceList: priceListToProto(l)}, nil
}

// CreatePriceList makes a price list, still without prices.
func (s *Service) CreatePriceList(ctx context.Context, req *catalogv1.CreatePriceListRequest) (*catalogv1.CreatePriceListResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	at := s.time()
	l := &priceList{
		id: id.New(), name: req.GetName(), code: req.GetCode(), kind: listKindFromProto(req.GetType()), status: listStatusFromProto(req.GetStatus()),
		priority: req.GetPriority(), scope: scope{req.GetCustomerGroup(), req.GetChannel(), req.GetCountry()},
		version: 1, changedAt: at, createdAt: at, updatedAt: at,
	}
	if l.status == "" {
		l.status = listDraft
	}
	if l.code == "" {
		l.code = cut(slugify(l.name), 55) + "-" + shortID(l.id)
	}
	var err error
	if l.startsAt, err = timeFromProto("startsAt", req.GetStartsAt(), ErrPriceListInvalid); err != nil {
		return nil, err
	}
	if l.endsAt, err = timeFromProto("endsAt", req.GetEndsAt(), ErrPriceListInvalid); err != nil {
		return nil, err
	}
	if l.announcedAt, err = timeFromProto("announcedAt", req.GetAnnouncedAt(), ErrPriceListInvalid); err != nil {
		return nil, err
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := s.groupThere(ctx, l.scope.group); err != nil {
		return nil, err
	}
	l.dueAt = l.next(at)
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		insertPriceList(w, l)
		return announceList(ctx, w, subjectListCreated, l, l.version)
	})
	if err != nil {
		return nil, explainPrices(err)
	}
	return &catalogv1.CreatePriceListResponse{PriceList: priceListToProto(l)}, nil
}

// UpdatePriceList changes what is given and leaves the rest. What that does to prices is done product by product: at once
// for a list of ordinary size, in the background for the rest of a large one.
func (s *Service) UpdatePriceList(ctx context.Context, req *catalogv1.UpdatePriceListRequest) (*catalogv1.UpdatePriceListResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrPriceListNotFound
	}
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	if group := req.GetCustomerGroup(); !group.GetClear() {
		if err := s.groupThere(ctx, group.GetValue()); err != nil {
			return nil, err
		}
	}
	var l *priceList
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if l, err = loadPriceList(ctx, tx, which, "for update"); err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != l.version {
			return ErrVersionConflict
		}
		before, at := *l, s.time()
		if err := l.change(req); err != nil {
			return err
		}
		if !l.settle(&before, at) {
			return nil
		}
		l.dueAt = l.next(at)
		updatePriceList(&tx.Writes, l)
		// Whoever moves the next instant on answers for the one that has passed unnoticed.
		passed := before.dueAt != nil && !before.dueAt.After(at)
		if passed || !l.does(&before) && (l.inForce(at) || before.status == listActive) {
			queueList(&tx.Writes, l.id, at)
		}
		return announceList(ctx, &tx.Writes, subjectListUpdated, l, l.version)
	})
	if err != nil {
		return nil, explainPrices(err)
	}
	s.settleSome(ctx)
	return &catalogv1.UpdatePriceListResponse{PriceList: priceListToProto(l)}, nil
}

// groupThere refuses the code of a customer group that there is not. One that is deleted at the same moment leaves a list
// that is for nobody.
func (s *Service) groupThere(ctx context.Context, code string) error {
	if code == "" || s.identity == nil || !regexp.MustCompile(codeForm).MatchString(code) {
		return nil // what is no code is refused with the rest of the list
	}
	known, err := s.identity.FindCustomerGroups(ctx, &identityv1.FindCustomerGroupsRequest{Codes: []string{code}})
	if err == nil && len(known.GetCodes()) == 0 {
		err = ErrPriceListInvalid.WithField("customerGroup", "unknown", "There is no customer group with this code.")
	}
	return err
}

// change applies a request.
func (l *priceList) change(req *catalogv1.UpdatePriceListRequest) error {
	if req.Name != nil { // absent is not empty
		l.name = req.GetName()
	}
	if req.Code != nil { // absent is not empty
		l.code = req.GetCode()
	}
	if kind := listKindFromProto(req.GetType()); kind != "" {
		l.kind = kind
	}
	if status := listStatusFromProto(req.GetStatus()); status != "" {
		l.status = status
	}
	if req.Priority != nil { // absent is not zero
		l.priority = req.GetPriority()
	}
	for _, t := range []struct {
		field string
		to    **time.Time
		patch *catalogv1.TimePatch
	}{{"startsAt", &l.startsAt, req.GetStartsAt()}, {"endsAt", &l.endsAt, req.GetEndsAt()}, {"announcedAt", &l.announcedAt, req.GetAnnouncedAt()}} {
		switch {
		case t.patch == nil:
		case t.patch.GetClear():
			*t.to = nil
		default:
			at, err := timeFromProto(t.field, t.patch.GetValue(), ErrPriceListInvalid)
			if err != nil {
				return err
			}
			*t.to = at
		}
	}
	for _, d := range []struct {
		to    *string
		patch *catalogv1.ScopePatch
	}{{&l.scope.group, req.GetCustomerGroup()}, {&l.scope.channel, req.GetChannel()}, {&l.scope.country, req.GetCountry()}} {
		if d.patch != nil {
			*d.to = d.patch.GetValue()
			if d.patch.GetClear() {
				*d.to = ""
			}
		}
	}
	return l.check()
}

// DeletePriceList removes a price list with its prices. Those in force end with it.
func (s *Service) DeletePriceList(ctx context.Context, req *catalogv1.DeletePriceListRequest) (*catalogv1.DeletePriceListResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrPriceListNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		l, err := loadPriceList(ctx, tx, which, "for update")
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != l.version {
			return ErrVersionConflict
		}
		queueList(&tx.Writes, l.id, s.time())
		deletePriceList(&tx.Writes, l.id)
		return announceList(ctx, &tx.Writes, subjectListDeleted, l, l.version+1)
	})
	if err != nil {
		return nil, err
	}
	s.settleSome(ctx)
	return &catalogv1.DeletePriceListResponse{}, nil
}

// ListListPrices lists the prices of a list.
func (s *Service) ListListPrices(ctx context.Context, req *catalogv1.ListListPricesRequest) (*catalogv1.ListListPricesResponse, error) {
	f, err := priceFilterFromProto(req.GetPriceListId(), req.GetVariantId(), req.GetCurrency(), 0)
	if err != nil {
		return nil, err
	}
	prices, info, err := pricesOfList(ctx, s.db, f, page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListListPricesResponse{Prices: prices, Page: info}, nil
}

func priceFilterFromProto(list, variant, currency string, quantity int64) (f priceFilter, err error) {
	if f.list, err = id.Parse(list); err != nil {
		return f, ErrPriceListNotFound
	}
	if variant != "" {
		if f.variant, err = id.Parse(variant); err != nil {
			return f, ErrVariantNotFound
		}
	}
	if currency != "" && !money.IsCurrency(currency) {
		return f, ErrPriceContext.WithField("currency", "invalid", "A currency is an ISO 4217 code in upper case.")
	}
	f.currency, f.quantity = currency, quantity
	return f, nil
}

// PutListPrices writes prices of a list, all or none: those that are there get the amount, others are added. Writing them
// again changes nothing.
func (s *Service) PutListPrices(ctx context.Context, req *catalogv1.PutListPricesRequest) (*catalogv1.PutListPricesResponse, error) {
	which, err := id.Parse(req.GetPriceListId())
	if err != nil {
		return nil, ErrPriceListNotFound
	}
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	wanted, ids, skus, err := putPricesFromProto(req.GetPrices())
	if err != nil {
		return nil, err
	}
	var changed int64
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		l, err := loadPriceList(ctx, tx, which, "for share")
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != l.version {
			return ErrVersionConflict
		}
		known, err := loadNamed(ctx, tx, ids, skus)
		if err != nil {
			return err
		}
		prices, err := namePrices(req.GetPrices(), wanted, known)
		if err != nil {
			return err
		}
		at := s.time()
		var products []id.ID
		if changed, products, err = upsertPrices(ctx, tx, l.id, prices, at); err != nil {
			return err
		}
		if l.inForce(at) && len(products) > 0 {
			queueProducts(&tx.Writes, products, at)
		}
		if changed == 0 {
			return nil
		}
		return announceRepriced(ctx, &tx.Writes, l)
	})
	if err != nil {
		return nil, explainPrices(err)
	}
	if changed > 0 {
		s.settleSome(ctx)
	}
	return &catalogv1.PutListPricesResponse{Changed: changed, Unchanged: int64(len(req.GetPrices())) - changed}, nil
}

// putPricesFromProto checks what can be checked without the catalogue.
func putPricesFromProto(list []*catalogv1.ListPriceInput) (out []putPrice, ids []id.ID, skus []string, err error) {
	for i, in := range list {
		at := indexed("prices", i)
		p := putPrice{currency: in.GetCurrency(), quantity: in.GetMinQuantity(), amount: in.GetAmount()}
		if p.quantity == 0 {
			p.quantity = 1
		}
		switch {
		case (in.GetVariantId() == "") == (in.GetSku() == ""):
			return nil, nil, nil, ErrListPriceInvalid.WithField(at+".variantId", "required", "Name the variant by its id or by its SKU, not by both.")
		case !money.IsCurrency(p.currency):
			return nil, nil, nil, ErrListPriceInvalid.WithField(at+".currency", "invalid", "A currency is an ISO 4217 code in upper case.")
		case p.quantity < 1 || p.quantity > maxMinQuantity:
			return nil, nil, nil, ErrListPriceInvalid.WithField(at+".minQuantity", "out_of_range", "A quantity is 1 to 1000000.")
		}
		if err := checkPrice(at, money.Of(p.amount, p.currency)); err != nil {
			return nil, nil, nil, err
		}
		if in.GetSku() != "" {
			skus = append(skus, in.GetSku())
		} else {
			if p.variant, err = id.Parse(in.GetVariantId()); err != nil {
				return nil, nil, nil, ErrListPriceInvalid.WithField(at+".variantId", "unknown", "There is no such variant.")
			}
			ids = append(ids, p.variant)
		}
		out = append(out, p)
	}
	return out, ids, skus, nil
}

// namePrices finds the variant of each price and refuses unknown ones, doubles, and more than a variant can have.
func namePrices(list []*catalogv1.ListPriceInput, prices []putPrice, known []namedVariant) ([]putPrice, error) {
	byID, bySKU := map[id.ID]namedVariant{}, map[string]namedVariant{}
	for _, v := range known {
		byID[v.id], bySKU[v.sku] = v, v
	}
	type key struct {
		variant  id.ID
		currency string
		quantity int64
	}
	seen, perVariant := map[key]int{}, map[id.ID]int64{}
	for i := range prices {
		p, at := &prices[i], indexed("prices", i)
		v, ok := byID[p.variant]
		field := ".variantId"
		if sku := list[i].GetSku(); sku != "" {
			v, ok = bySKU[sku]
			field = ".sku"
		}
		if !ok {
			return nil, ErrListPriceInvalid.WithField(at+field, "unknown", "There is no such variant.")
		}
		p.variant, p.product = v.id, v.product
		k := key{p.variant, p.currency, p.quantity}
		if first, double := seen[k]; double {
			return nil, ErrListPriceInvalid.WithField(at+field, "duplicate", fmt.Sprintf("prices[%d] is for the same variant, currency and quantity.", first))
		}
		seen[k] = i
		if perVariant[p.variant]++; v.prices+perVariant[p.variant] > maxOfVariant {
			return nil, ErrListPriceInvalid.WithField(at+field, "too_many", "A variant has at most 500 prices in all lists.")
		}
	}
	return prices, nil
}

// DeleteListPrices removes prices of a list: those of a variant, a currency, a quantity, or all.
func (s *Service) DeleteListPrices(ctx context.Context, req *catalogv1.DeleteListPricesRequest) (*catalogv1.DeleteListPricesResponse, error) {
	f, err := priceFilterFromProto(req.GetPriceListId(), req.GetVariantId(), req.GetCurrency(), req.GetMinQuantity())
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		l, err := loadPriceList(ctx, tx, f.list, "for share")
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != l.version {
			return ErrVersionConflict
		}
		products, err := deletePrices(ctx, tx, f)
		if err != nil || len(products) == 0 {
			return err
		}
		if l.status == listActive {
			queueProducts(&tx.Writes, products, s.time())
		}
		return announceRepriced(ctx, &tx.Writes, l)
	})
	if err != nil {
		return nil, err
	}
	s.settleSome(ctx)
	return &catalogv1.DeleteListPricesResponse{}, nil
}

// ListPriceHistory lists what was in force of a variant when, newest first, also after the variant is gone.
func (s *Service) ListPriceHistory(ctx context.Context, req *catalogv1.ListPriceHistoryRequest) (*catalogv1.ListPriceHistoryResponse, error) {
	ids, err := id.ParseAll([]string{req.GetProductId(), req.GetVariantId()})
	if err != nil {
		return nil, ErrVariantNotFound
	}
	records, info, err := historyOf(ctx, s.db, ids[0], ids[1], page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	if records == nil {
		return nil, ErrVariantNotFound
	}
	return &catalogv1.ListPriceHistoryResponse{Records: records, Page: info}, nil
}

// explainPrices turns a violated constraint into what it means to a caller.
func explainPrices(err error) error {
	switch {
	case pg.IsUnique(err, "price_lists_code"):
		return ErrPriceListCodeTaken.WithField("code", "taken", ErrPriceListCodeTaken.Message()).WithCause(err)
	case pg.IsForeignKey(err, "price_list_prices_variant"):
		return ErrListPriceInvalid.WithField("prices", "unknown", "One of the variants was deleted meanwhile.").WithCause(err)
	}
	return err
}
