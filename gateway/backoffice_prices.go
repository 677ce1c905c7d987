package gateway

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func priceTier(t *catalogv1.PriceTier) storev1.PriceTier {
	return storev1.PriceTier{MinQuantity: t.GetMinQuantity(), Price: money(t.GetPrice())}
}

func variantPrice(b *catalogv1.BasePrice) adminv1.VariantPrice {
	return adminv1.VariantPrice{Price: money(b.GetPrice()), CompareAtPrice: moneyPtr(b.GetCompareAtPrice()), PriorPrice: moneyPtr(b.GetPriorPrice())}
}

func variantPrices(list []adminv1.SetVariantPrice) []*catalogv1.BasePriceInput {
	return each(list, func(p adminv1.SetVariantPrice) *catalogv1.BasePriceInput {
		return &catalogv1.BasePriceInput{Price: toMoney(p.Price), CompareAtPrice: toMoneyPtr(p.CompareAtPrice)}
	})
}

type priceListAnswer = adminv1.Envelope[adminv1.PriceList]

func (c *call) priceList(l *catalogv1.PriceList, err error) (priceListAnswer, error) {
	if err != nil {
		return priceListAnswer{}, err
	}
	c.version(l.GetVersion())
	return priceListAnswer{Data: priceList(l)}, nil
}

func priceList(l *catalogv1.PriceList) adminv1.PriceList {
	return adminv1.PriceList{
		ID: l.GetId(), Name: l.GetName(), Code: l.GetCode(), Type: wireName(l.GetType(), "PRICE_LIST_TYPE_"), Status: wireName(l.GetStatus(), "PRICE_LIST_STATUS_"),
		Priority: int(l.GetPriority()), StartsAt: atPtr(l.GetStartsAt()), EndsAt: atPtr(l.GetEndsAt()), AnnouncedAt: atPtr(l.GetAnnouncedAt()),
		CustomerGroup: l.CustomerGroup, Channel: l.Channel, Country: l.Country, Version: l.GetVersion(),
		CreatedAt: at(l.GetCreatedAt()), UpdatedAt: at(l.GetUpdatedAt()),
	}
}

func listType(name string) catalogv1.PriceListType {
	return catalogv1.PriceListType(number(catalogv1.PriceListType_value, "PRICE_LIST_TYPE_", name))
}

func listStatus(name string) catalogv1.PriceListStatus {
	return catalogv1.PriceListStatus(number(catalogv1.PriceListStatus_value, "PRICE_LIST_STATUS_", name))
}

func listPriceLists(ctx context.Context, in *in[adminv1.PriceListQuery, none]) (adminv1.List[adminv1.PriceList], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.PriceList]{}, err
	}
	answer, err := in.deps.Prices.ListPriceLists(ctx, &catalogv1.ListPriceListsRequest{Page: paging, Q: q.Q, Status: listStatus(q.Status), Type: listType(q.Type)})
	if err != nil {
		return adminv1.List[adminv1.PriceList]{}, err
	}
	return adminv1.List[adminv1.PriceList]{Data: each(answer.GetPriceLists(), priceList), Meta: in.meta(q.PageQuery, answer.GetPage())}, nil
}

func createPriceList(ctx context.Context, in *in[none, adminv1.CreatePriceList]) (priceListAnswer, error) {
	b := in.Body
	answer, err := in.deps.Prices.CreatePriceList(ctx, &catalogv1.CreatePriceListRequest{
		Name: b.Name, Code: b.Code, Type: listType(b.Type), Status: listStatus(b.Status), Priority: int32(b.Priority), // at most a million
		StartsAt: toTime(b.StartsAt), EndsAt: toTime(b.EndsAt), AnnouncedAt: toTime(b.AnnouncedAt),
		CustomerGroup: deref(b.CustomerGroup), Channel: deref(b.Channel), Country: deref(b.Country),
	})
	if err == nil {
		in.created("price-lists", answer.GetPriceList().GetId())
	}
	return in.priceList(answer.GetPriceList(), err)
}

func getPriceList(ctx context.Context, in *in[none, none]) (priceListAnswer, error) {
	answer, err := in.deps.Prices.GetPriceList(ctx, &catalogv1.GetPriceListRequest{Id: in.path("id")})
	return in.priceList(answer.GetPriceList(), err)
}

func updatePriceList(ctx context.Context, in *in[none, adminv1.UpdatePriceList]) (priceListAnswer, error) {
	b := in.Body
	request := &catalogv1.UpdatePriceListRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Code: b.Code.Ptr(),
		Type: listType(deref(b.Type.Ptr())), Status: listStatus(deref(b.Status.Ptr())),
		StartsAt: instantPatch(b.StartsAt), EndsAt: instantPatch(b.EndsAt), AnnouncedAt: instantPatch(b.AnnouncedAt),
		CustomerGroup: scopePatch(b.CustomerGroup), Channel: scopePatch(b.Channel), Country: scopePatch(b.Country),
	}
	if p := b.Priority.Ptr(); p != nil {
		priority := int32(*p) // at most a million
		request.Priority = &priority
	}
	answer, err := in.deps.Prices.UpdatePriceList(ctx, request)
	return in.priceList(answer.GetPriceList(), err)
}

func instantPatch(o adminv1.Optional[time.Time]) *catalogv1.TimePatch {
	switch {
	case o.IsZero():
		return nil
	case o.IsNull():
		return &catalogv1.TimePatch{Clear: true}
	}
	return &catalogv1.TimePatch{Value: timestamppb.New(o.Value)}
}

func scopePatch(o adminv1.Optional[string]) *catalogv1.ScopePatch {
	if o.IsZero() {
		return nil
	}
	return &catalogv1.ScopePatch{Clear: o.IsNull(), Value: o.Value}
}

func deletePriceList(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Prices.DeletePriceList(ctx, &catalogv1.DeletePriceListRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func listListPrices(ctx context.Context, in *in[adminv1.ListPriceQuery, none]) (adminv1.List[adminv1.ListPrice], error) {
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.ListPrice]{}, err
	}
	answer, err := in.deps.Prices.ListListPrices(ctx, &catalogv1.ListListPricesRequest{PriceListId: in.call.path("id"), Page: paging, VariantId: q.VariantID, Currency: q.Currency})
	if err != nil {
		return adminv1.List[adminv1.ListPrice]{}, err
	}
	return adminv1.List[adminv1.ListPrice]{
		Data: each(answer.GetPrices(), func(p *catalogv1.ListPrice) adminv1.ListPrice {
			return adminv1.ListPrice{
				VariantID: p.GetVariantId(), SKU: p.GetSku(), Currency: p.GetCurrency(), MinQuantity: p.GetMinQuantity(), Amount: p.GetAmount(), UpdatedAt: at(p.GetUpdatedAt()),
			}
		}),
		Meta: in.meta(q.PageQuery, answer.GetPage()),
	}, nil
}

func putListPrices(ctx context.Context, in *in[none, adminv1.SetListPrices]) (adminv1.Envelope[adminv1.ListPricesWritten], error) {
	answer, err := in.deps.Prices.PutListPrices(ctx, &catalogv1.PutListPricesRequest{
		PriceListId: in.path("id"), IfVersion: in.ifVersion,
		Prices: each(in.Body.Prices, func(p adminv1.SetListPrice) *catalogv1.ListPriceInput {
			return &catalogv1.ListPriceInput{VariantId: p.VariantID, Sku: p.SKU, Currency: p.Currency, MinQuantity: p.MinQuantity, Amount: p.Amount}
		}),
	})
	if err != nil {
		return adminv1.Envelope[adminv1.ListPricesWritten]{}, err
	}
	return adminv1.Envelope[adminv1.ListPricesWritten]{Data: adminv1.ListPricesWritten{Changed: answer.GetChanged(), Unchanged: answer.GetUnchanged()}}, nil
}

func deleteListPrices(ctx context.Context, in *in[adminv1.DeleteListPrices, none]) (none, error) {
	_, err := in.deps.Prices.DeleteListPrices(ctx, &catalogv1.DeleteListPricesRequest{
		PriceListId: in.path("id"), IfVersion: in.ifVersion, VariantId: in.Query.VariantID, Currency: in.Query.Currency, MinQuantity: in.Query.MinQuantity,
	})
	return none{}, err
}

func priceHistory(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.PriceRecord], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.PriceRecord]{}, err
	}
	answer, err := in.deps.Prices.ListPriceHistory(ctx, &catalogv1.ListPriceHistoryRequest{ProductId: in.path("id"), VariantId: in.path("variantId"), Page: paging})
	if err != nil {
		return adminv1.List[adminv1.PriceRecord]{}, err
	}
	return adminv1.List[adminv1.PriceRecord]{
		Data: each(answer.GetRecords(), func(r *catalogv1.PriceRecord) adminv1.PriceRecord {
			return adminv1.PriceRecord{
				PriceListID: r.PriceListId, Type: textPtr(wireName(r.GetType(), "PRICE_LIST_TYPE_")), Currency: r.GetCurrency(), MinQuantity: r.GetMinQuantity(),
				Amount: r.Amount, PriorAmount: r.Prior, CustomerGroup: r.CustomerGroup, Channel: r.Channel, Country: r.Country, EffectiveAt: at(r.GetEffectiveAt()),
			}
		}),
		Meta: in.meta(in.Query, answer.GetPage()),
	}, nil
}
