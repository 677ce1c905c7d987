package catalog

import (
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// pricesToProto puts into a variant's document what its price is told from, beside the price itself.
func pricesToProto(out *catalogv1.Variant, v *variant) {
	out.PriorPrice, out.Prices, out.PriceEntries = optionalMoney(v.prior, v.price.Currency), nil, nil
	for _, b := range v.more {
		out.Prices = append(out.Prices, &catalogv1.BasePrice{
			Price: moneyToProto(b.price), CompareAtPrice: optionalMoney(b.compareAt, b.price.Currency), PriorPrice: optionalMoney(b.prior, b.price.Currency),
		})
	}
	for _, e := range v.entries {
		list := e.list
		out.PriceEntries = append(out.PriceEntries, &catalogv1.PriceEntry{
			ListId: list[:], Type: listKindToProto(e.kind), Priority: e.priority, CustomerGroup: e.scope.group, Channel: e.scope.channel,
			Country: e.scope.country, Currency: e.currency, MinQuantity: e.minQuantity, Amount: e.amount, Prior: e.prior,
		})
	}
}

func optionalMoney(amount *int64, currency string) *typev1.Money {
	if amount == nil {
		return nil
	}
	return moneyToProto(money.Of(*amount, currency))
}

// offersOf is the column offers of a variant; nil when there is nothing beside its price.
func offersOf(v *variant) ([]byte, error) {
	out := new(catalogv1.Variant)
	pricesToProto(out, v)
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("catalog: offers of %s: %w", v.id, err)
	}
	if len(b) == 0 {
		return nil, nil
	}
	return b, nil
}

// readOffers reads the column offers into a variant.
func readOffers(offers []byte, v *variant) error {
	if len(offers) == 0 {
		return nil
	}
	from := new(catalogv1.Variant)
	if err := proto.Unmarshal(offers, from); err != nil {
		return fmt.Errorf("catalog: read what a variant is offered at: %w", err)
	}
	return pricesFromProto(from, v)
}

func pricesFromProto(from *catalogv1.Variant, v *variant) error {
	v.prior, v.more, v.entries = amountOf(from.GetPriorPrice()), nil, nil
	for _, b := range from.GetPrices() {
		v.more = append(v.more, basePrice{*moneyFromProto(b.GetPrice()), amountOf(b.GetCompareAtPrice()), amountOf(b.GetPriorPrice())})
	}
	for _, e := range from.GetPriceEntries() {
		entry := listPrice{
			kind: listKindFromProto(e.GetType()), priority: e.GetPriority(),
			scope:    scope{e.GetCustomerGroup(), e.GetChannel(), e.GetCountry()},
			currency: e.GetCurrency(), minQuantity: e.GetMinQuantity(), amount: e.GetAmount(), prior: e.Prior, // absent is not zero
		}
		if len(e.GetListId()) != len(entry.list) {
			return fmt.Errorf("catalog: a price in force names no list: %x", e.GetListId())
		}
		copy(entry.list[:], e.GetListId())
		v.entries = append(v.entries, entry)
	}
	return nil
}

// entriesFrom reads the prices in force of lists from the column offers.
func entriesFrom(offers []byte) ([]listPrice, error) {
	var v variant
	err := readOffers(offers, &v)
	return v.entries, err
}

func amountOf(m *typev1.Money) *int64 {
	if m == nil {
		return nil
	}
	amount := m.GetAmount()
	return &amount
}

// reprinted is a product's document with the prices its variants have now, byte for byte what render would give.
func reprinted(p *pricedProduct) ([]byte, error) {
	doc := new(catalogv1.Product)
	if err := proto.Unmarshal(p.doc, doc); err != nil {
		return nil, fmt.Errorf("catalog: read the document of %s: %w", p.id, err)
	}
	for _, out := range doc.GetVariants() {
		which, err := id.Parse(out.GetId())
		if err != nil {
			return nil, fmt.Errorf("catalog: the document of %s: %w", p.id, err)
		}
		if v := p.variant(which); v != nil {
			pricesToProto(out, v)
		}
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("catalog: render product %s: %w", p.id, err)
	}
	if len(b) > maxDocument {
		return nil, ErrProductTooLarge
	}
	return b, nil
}

// showPrices replaces what prices are told from by what whoever asks pays. It changes p, which must be the caller's own.
func showPrices(p *catalogv1.Product, who priceContext) error {
	for _, out := range p.GetVariants() {
		v := variant{price: *moneyFromProto(out.GetPrice()), compareAt: amountOf(out.GetCompareAtPrice())}
		if err := pricesFromProto(out, &v); err != nil {
			return err
		}
		out.Prices, out.PriceEntries, out.PriceTiers = nil, nil, nil
		c := who
		if c.currency == "" {
			c.currency = v.price.Currency
		}
		q, ok := priceFor(v.priced(), c, 1)
		if !ok {
			continue
		}
		out.Price = moneyToProto(q.price)
		out.CompareAtPrice, out.PriorPrice = optionalMoney(q.compareAt, q.price.Currency), optionalMoney(q.prior, q.price.Currency)
		out.PriceTiers = tiersToProto(tiers(v.priced(), c))
	}
	return nil
}

func tiersToProto(list []priceTier) []*catalogv1.PriceTier {
	var out []*catalogv1.PriceTier
	for _, t := range list {
		out = append(out, &catalogv1.PriceTier{MinQuantity: t.minQuantity, Price: moneyToProto(t.price)})
	}
	return out
}

// contextFromProto reads what a request says of whoever asks for prices.
func contextFromProto(currency, country, channel string, groups []string) (priceContext, error) {
	c := priceContext{currency: currency, scope: scope{channel: channel, country: country}}
	if groups = slices.Compact(slices.Sorted(slices.Values(groups))); len(groups) > 0 {
		c.group, c.further = groups[0], groups[1:]
	}
	switch {
	case c.currency != "" && !money.IsCurrency(c.currency):
		return c, ErrPriceContext.WithField("currency", "invalid", "A currency is an ISO 4217 code in upper case.")
	case c.country != "" && !isCountry(c.country):
		return c, ErrPriceContext.WithField("country", "unknown_country", "It has to be the ISO 3166-1 alpha-2 code of a country, such as FR.")
	}
	return c, nil
}

func statedPrices(list []*catalogv1.BasePriceInput) []statedPrice {
	out := make([]statedPrice, len(list))
	for i, in := range list {
		out[i] = statedPrice{money.Of(in.GetPrice().GetAmount(), in.GetPrice().GetCurrency()), moneyFromProto(in.GetCompareAtPrice())}
	}
	return out
}

func recordToProto(e priceEvent) *catalogv1.PriceRecord {
	out := &catalogv1.PriceRecord{
		Type: listKindToProto(e.kind), Currency: e.currency, MinQuantity: e.minQuantity, Amount: e.amount, Prior: e.prior,
		CustomerGroup: textOrNil(e.scope.group), Channel: textOrNil(e.scope.channel), Country: textOrNil(e.scope.country),
		EffectiveAt: timestamppb.New(e.at),
	}
	if !e.list.IsZero() {
		out.PriceListId = proto.String(e.list.String())
	}
	return out
}

func textOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func priceListToProto(l *priceList) *catalogv1.PriceList {
	return &catalogv1.PriceList{
		Id: l.id.String(), Name: l.name, Code: l.code, Type: listKindToProto(l.kind), Status: listStatusToProto(l.status), Priority: l.priority,
		StartsAt: timestampOrNil(l.startsAt), EndsAt: timestampOrNil(l.endsAt), AnnouncedAt: timestampOrNil(l.announcedAt),
		CustomerGroup: textOrNil(l.scope.group), Channel: textOrNil(l.scope.channel), Country: textOrNil(l.scope.country),
		Version: l.version, CreatedAt: timestamppb.New(l.createdAt), UpdatedAt: timestamppb.New(l.updatedAt),
	}
}

func timestampOrNil(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

func listKindToProto(k listKind) catalogv1.PriceListType {
	switch k {
	case sale:
		return catalogv1.PriceListType_PRICE_LIST_TYPE_SALE
	case override:
		return catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE
	}
	return catalogv1.PriceListType_PRICE_LIST_TYPE_UNSPECIFIED
}

// listKindFromProto gives the empty kind for an unspecified one.
func listKindFromProto(t catalogv1.PriceListType) listKind {
	switch t {
	case catalogv1.PriceListType_PRICE_LIST_TYPE_SALE:
		return sale
	case catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE:
		return override
	case catalogv1.PriceListType_PRICE_LIST_TYPE_UNSPECIFIED:
	}
	return ""
}

func listStatusToProto(s listStatus) catalogv1.PriceListStatus {
	if s == listActive {
		return catalogv1.PriceListStatus_PRICE_LIST_STATUS_ACTIVE
	}
	return catalogv1.PriceListStatus_PRICE_LIST_STATUS_DRAFT
}

// listStatusFromProto gives the empty status for an unspecified one.
func listStatusFromProto(s catalogv1.PriceListStatus) listStatus {
	switch s {
	case catalogv1.PriceListStatus_PRICE_LIST_STATUS_DRAFT:
		return listDraft
	case catalogv1.PriceListStatus_PRICE_LIST_STATUS_ACTIVE:
		return listActive
	case catalogv1.PriceListStatus_PRICE_LIST_STATUS_UNSPECIFIED:
	}
	return ""
}
