package catalog

import (
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/money"
)

// The two kinds of a product, as files name them.
const (
	kindStandard = "standard"
	kindBundle   = "bundle"
)

// priceWish is a price in a further currency.
type priceWish struct {
	currency  string
	price     amount
	compareAt *amount
}

// componentWish is a part of a bundle.
type componentWish struct {
	sku      string
	quantity int64
}

// offerColumns are what kind of product it is, when it is published, what it costs in further currencies and what a bundle is
// made of.
func offerColumns() []column {
	return []column{
		{name: "kind", product: readKind, write: ofProduct(kindOf)},
		momentColumn("publish_at", func(w *wish) *timePatch { return &w.patch.publishAt }, (*catalogv1.Product).GetPublishAt),
		momentColumn("unpublish_at", func(w *wish) *timePatch { return &w.patch.unpublishAt }, (*catalogv1.Product).GetUnpublishAt),
		{name: "prices", variant: readPrices, write: ofVariant(func(v *catalogv1.Variant) string {
			cells := make([]string, len(v.GetPrices()))
			for i, p := range v.GetPrices() {
				cells[i] = p.GetPrice().GetCurrency() + " " + decimal(p.GetPrice().GetAmount(), p.GetPrice().GetCurrency())
				if c := p.GetCompareAtPrice(); c != nil {
					cells[i] += "/" + decimal(c.GetAmount(), c.GetCurrency())
				}
			}
			return strings.Join(cells, separator)
		})},
		{name: "components", variant: readComponents, write: func(x exported, _ bool) string {
			cells := make([]string, len(x.variant.GetComponents()))
			for i, c := range x.variant.GetComponents() {
				cells[i] = strconv.FormatInt(c.GetQuantity(), 10) + times + escape(x.skus[c.GetVariantId()])
			}
			return guarded(strings.Join(cells, separator))
		}},
	}
}

// times stands between how many of a part a bundle has and the SKU of the part: "2 x SHIRT-S".
const times = " x "

func kindOf(p *catalogv1.Product) string {
	if p.GetKind() == catalogv1.ProductKind_PRODUCT_KIND_BUNDLE {
		return kindBundle
	}
	return kindStandard
}

func readKind(w *wish, text string) *rowError {
	switch strings.ToLower(text) {
	case "":
	case kindStandard:
		w.bundle = new(false)
	case kindBundle:
		w.bundle = new(true)
	default:
		return problem("kind", "not_allowed", "A kind is standard or bundle.", text)
	}
	return nil
}

func momentColumn(name string, of func(w *wish) *timePatch, get func(p *catalogv1.Product) *timestamppb.Timestamp) column {
	return column{name: name, product: func(w *wish, text string) *rowError { return readMoment(name, text, of(w)) },
		write: ofProduct(func(p *catalogv1.Product) string { return momentOf(get(p)) })}
}

// readMoment reads an instant; an empty text is none.
func readMoment(column, text string, to *timePatch) *rowError {
	to.set, to.value = true, nil
	if text == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.Year() < 1970 || at.UTC().Year() > 9999 {
		return problem(column, "out_of_range", "A moment is written as RFC 3339 says, such as 2026-03-01T12:00:00Z.", text)
	}
	at = at.UTC().Truncate(time.Microsecond)
	to.value = &at
	return nil
}

// momentOf writes an instant as exactly as it is kept; empty for none.
func momentOf(at *timestamppb.Timestamp) string {
	if at == nil {
		return ""
	}
	return at.AsTime().Format(time.RFC3339Nano)
}

// readPrices reads "SEK 199.00|NOK 210.00/250.00".
func readPrices(_ *wish, v *variantWish, text string) *rowError {
	v.prices = &[]priceWish{}
	for _, cell := range parseNames(text) {
		currency, rest, ok := strings.Cut(cell, " ")
		currency = strings.ToUpper(currency)
		if !ok || !money.IsCurrency(currency) {
			return problem("prices", "invalid", "A price in a further currency is written like SEK 199.00, or SEK 199.00/249.00 with one to strike through.", cell)
		}
		price, compareAt, struck := strings.Cut(rest, "/")
		one := priceWish{currency: currency, price: amount{strings.TrimSpace(price), false, "prices"}}
		if struck {
			one.compareAt = &amount{strings.TrimSpace(compareAt), false, "prices"}
		}
		*v.prices = append(*v.prices, one)
	}
	v.said = v.said || text != ""
	return nil
}

// readComponents reads "2 x SHIRT-S|1 x MUG".
func readComponents(_ *wish, v *variantWish, text string) *rowError {
	v.components = &[]componentWish{}
	for _, cell := range parseNames(text) {
		one := componentWish{sku: cell, quantity: 1}
		if count, sku, ok := strings.Cut(cell, times); ok {
			n, err := strconv.ParseInt(count, 10, 64)
			if err != nil {
				return problem("components", "invalid", "A part is written like 2 x SHIRT-S: how many, and its SKU.", cell)
			}
			one.sku, one.quantity = sku, n
		}
		*v.components = append(*v.components, one)
	}
	v.said = v.said || text != ""
	return nil
}
