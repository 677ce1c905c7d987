package gateway

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// paging is what a room is asked for, from what the caller asked for.
func (c *call) paging(q storev1.PageQuery) (*typev1.PageRequest, error) {
	after, err := c.cursors.Open(c.scope(), q.Cursor)
	if err != nil {
		return nil, errCursor()
	}
	return &typev1.PageRequest{Page: int32(min(q.Page, math.MaxInt32)), Limit: int32(min(q.Limit, 100)), After: after}, nil // bounded
}

func errCursor() error {
	return errQuery.WithField("cursor", "not_allowed", "The cursor does not belong to this list.")
}

// scope binds a cursor to one list of one shop under one set of filters.
func (c *call) scope() string {
	values, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return ""
	}
	for _, name := range []string{"page", "limit", "cursor"} {
		values.Del(name)
	}
	return c.tenant.String() + " " + c.r.URL.Path + "?" + values.Encode()
}

// meta says where the page stands.
func (c *call) meta(q storev1.PageQuery, info *typev1.PageInfo) storev1.Meta {
	m := storev1.Meta{Total: int(info.GetTotal()), Page: max(q.Page, 1), Limit: q.Limit, TotalIsEstimate: info.GetTotalIsEstimate()}
	if next := c.cursors.Seal(c.scope(), info.GetNext()); next != "" {
		m.NextCursor = &next
	}
	return m
}

// shown is how many of a collection that a room gives in one piece stand before the page, which its cursor says.
func (c *call) shown(q storev1.PageQuery) (int, error) {
	after, err := c.cursors.Open(c.scope(), q.Cursor)
	if err != nil {
		return 0, errCursor()
	}
	if len(after) == 0 {
		return min(max(q.Page-1, 0), math.MaxInt32/100) * q.Limit, nil
	}
	n, err := strconv.Atoi(string(after))
	if err != nil {
		return 0, errCursor()
	}
	return n, nil
}

// whole pages a collection that a room gives in one piece. There may be fewer than the limit on a page.
func whole[T any](c *call, q storev1.PageQuery, all []T, most int) (storev1.List[T], error) {
	start, err := c.shown(q)
	if err != nil {
		return storev1.List[T]{}, err
	}
	start = min(start, len(all))
	end := min(start+min(q.Limit, most), len(all))
	meta := storev1.Meta{Total: len(all), Page: max(q.Page, 1), Limit: q.Limit}
	if end < len(all) {
		next := c.cursors.Seal(c.scope(), strconv.AppendInt(nil, int64(end), 10))
		meta.NextCursor = &next
	}
	return storev1.List[T]{Data: append([]T{}, all[start:end]...), Meta: meta}, nil
}

// each turns every message into a document. The result is never nil.
func each[M, D any](messages []M, convert func(M) D) []D {
	out := make([]D, 0, len(messages))
	for _, m := range messages {
		out = append(out, convert(m))
	}
	return out
}

func money(m *typev1.Money) storev1.Money {
	return storev1.Money{Amount: m.GetAmount(), Currency: m.GetCurrency()}
}

func moneyPtr(m *typev1.Money) *storev1.Money {
	if m == nil {
		return nil
	}
	out := money(m)
	return &out
}

func toMoney(m storev1.MoneyInput) *typev1.Money {
	return &typev1.Money{Amount: m.Amount, Currency: m.Currency}
}

func toMoneyPtr(m *storev1.MoneyInput) *typev1.Money {
	if m == nil {
		return nil
	}
	return toMoney(*m)
}

func at(t *timestamppb.Timestamp) storev1.Time { return storev1.At(t.AsTime()) }

func atPtr(t *timestamppb.Timestamp) *storev1.Time {
	if t == nil {
		return nil
	}
	return storev1.AtOrNil(t.AsTime())
}

// textPtr is null for an empty text.
func textPtr(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func address(a *typev1.Address) *storev1.Address {
	if a == nil {
		return nil
	}
	return &storev1.Address{
		Name: a.GetName(), Company: a.Company, Line1: a.GetLine1(), Line2: a.Line2, City: a.GetCity(), PostalCode: a.GetPostalCode(),
		Region: a.Region, Country: a.GetCountry(), Phone: a.Phone,
	}
}

func toAddress(a storev1.Address) *typev1.Address {
	return &typev1.Address{
		Name: a.Name, Company: a.Company, Line1: a.Line1, Line2: a.Line2, City: a.City, PostalCode: a.PostalCode,
		Region: a.Region, Country: a.Country, Phone: a.Phone,
	}
}

func totals(t *typev1.Totals) storev1.Totals {
	return storev1.Totals{
		Subtotal: money(t.GetSubtotal()), Discount: money(t.GetDiscount()), Shipping: money(t.GetShipping()), Tax: money(t.GetTax()),
		Total: money(t.GetTotal()), TaxInclusive: t.GetTaxInclusive(),
		TaxLines: each(t.GetTaxLines(), func(l *typev1.TaxLine) storev1.TaxLine {
			return storev1.TaxLine{Rate: l.GetRate(), Treatment: l.GetTreatment(), Country: l.GetCountry(), Amount: money(l.GetAmount())}
		}),
	}
}

// wireName is an enum value as the API writes it: ORDER_STATUS_PENDING_PAYMENT is pending_payment.
func wireName(e fmt.Stringer, prefix string) string { return lower(e.String(), prefix) }

func lower(name, prefix string) string {
	name = strings.ToLower(strings.TrimPrefix(name, prefix))
	if name == "unspecified" {
		return ""
	}
	return name
}

// number is the enum value of a name of the API; 0 when it is empty.
func number(values map[string]int32, prefix, name string) int32 {
	return values[prefix+strings.ToUpper(name)]
}
