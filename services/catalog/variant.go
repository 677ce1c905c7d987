package catalog

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

const (
	maxVariants = 2000
	maxPrice    = 1_000_000_000_000 // minor units; with the largest quantity it stays far from overflow
	maxSKU      = 255
	maxPosition = 100_000

	// defaultTitle is the title of a variant that differs from no other.
	defaultTitle = "Default"
)

// variant is the thing that is bought: a product in one combination of its options.
type variant struct {
	id        id.ID
	sku       string
	title     string
	options   map[string]string
	price     money.Money
	compareAt *int64 // in the currency of price
	weight    *int64 // grams
	position  int32
	available bool
	shortOf   int64 // the smallest quantity that bundles take of it and that is not there; 0: all are
	version   int64
	createdAt time.Time
	updatedAt time.Time
	facts     variantFacts
	sold      bool // an order was placed for it
	archived  bool // deleted after it had been sold
	// What it is made of, in a bundle.
	components []component
	image      id.ID // of the product's pictures, the one that shows it; zero: none in particular

	// Told to inventory once, when the variant is made; not kept here.
	initialStock   int64
	allowBackorder bool

	prior   *int64      // frozen when price was reduced: see price.go
	more    []basePrice // in further currencies
	entries []listPrice // of price lists in force
}

// newVariant is what a caller asks for. Empty texts are made.
type newVariant struct {
	sku            string
	title          string
	options        map[string]string
	price          money.Money
	compareAt      *money.Money
	weight         *int64
	initialStock   int64
	allowBackorder bool
	image          id.ID

	prices []statedPrice // in further currencies
}

// variantPatch changes a variant; nil leaves.
type variantPatch struct {
	sku            *string
	title          *string
	options        map[string]string // empty leaves
	price          *money.Money
	compareAt      *money.Money
	clearCompareAt bool
	weight         *int64
	clearWeight    bool
	position       *int32
	image          *id.ID // zero clears

	prices *[]statedPrice // replaces those in further currencies
}

// addVariant adds a variant. grow says whether it may bring values the product does not have yet.
func (p *product) addVariant(field string, in newVariant, grow bool, at time.Time) (*variant, error) {
	if len(p.variants) >= maxVariants {
		return nil, ErrTooMany.WithField("variants", "too_many", "A product has at most 2000 variants.")
	}
	if p.bundle && (in.initialStock > 0 || in.allowBackorder) {
		return nil, ErrBundleStock.WithField(join(field, "stock"), "not_allowed", ErrBundleStock.Message())
	}
	if err := p.chosen(join(field, "options"), in.options, grow); err != nil {
		return nil, err
	}
	if err := checkPrice(join(field, "price"), in.price); err != nil {
		return nil, err
	}
	v := variant{
		id: id.New(), sku: in.sku, title: in.title, options: maps.Clone(in.options), price: in.price, weight: in.weight,
		position: p.nextPosition(), available: !p.bundle && (in.initialStock > 0 || in.allowBackorder),
		version: 1, createdAt: at, updatedAt: at, initialStock: in.initialStock, allowBackorder: in.allowBackorder,
		image: in.image,
	}
	if in.compareAt != nil {
		if err := v.setCompareAt(join(field, "compareAtPrice"), *in.compareAt); err != nil {
			return nil, err
		}
	}
	if err := v.setPrices(join(field, "prices"), in.prices); err != nil {
		return nil, err
	}
	if v.title == "" {
		v.title = p.variantTitle(v.options)
	}
	if err := p.apart(join(field, "options"), &v); err != nil {
		return nil, err
	}
	p.variants = append(p.variants, v)
	if err := p.oneCurrency(join(field, "price.currency")); err != nil {
		return nil, err
	}
	return &p.variants[len(p.variants)-1], nil
}

// changeVariant applies a patch to one variant. The product keeps its rules or the change is refused.
func (p *product) changeVariant(which id.ID, patch variantPatch) error {
	v := p.variant(which)
	if v == nil {
		return ErrVariantNotFound
	}
	if v.archived {
		return ErrVariantArchived
	}
	was := *v
	if patch.sku != nil {
		v.sku = *patch.sku
	}
	if patch.title != nil {
		v.title = *patch.title
	}
	if len(patch.options) > 0 {
		if err := p.chosen("options", patch.options, true); err != nil {
			return err
		}
		v.options = maps.Clone(patch.options)
		if patch.title == nil && v.title == p.variantTitle(was.options) {
			v.title = p.variantTitle(v.options) // it was made from them
		}
	}
	if was.title != v.title || !maps.Equal(was.options, v.options) {
		if err := p.apart("options", v); err != nil {
			return err
		}
	}
	if patch.price != nil {
		if err := checkPrice("price", *patch.price); err != nil {
			return err
		}
		if v.compareAt != nil && patch.price.Currency != v.price.Currency && patch.compareAt == nil && !patch.clearCompareAt {
			return ErrPriceInvalid.WithField("compareAtPrice", "currency", "The price to strike through is in the old currency.")
		}
		v.price = *patch.price
	}
	switch {
	case patch.clearCompareAt:
		v.compareAt = nil
	case patch.compareAt != nil:
		if err := v.setCompareAt("compareAtPrice", *patch.compareAt); err != nil {
			return err
		}
	}
	if patch.prices != nil {
		if err := v.setPrices("prices", *patch.prices); err != nil {
			return err
		}
	}
	if err := v.currencyOnce("prices"); err != nil {
		return err
	}
	switch {
	case patch.clearWeight:
		v.weight = nil
	case patch.weight != nil:
		v.weight = patch.weight
	}
	if patch.image != nil {
		v.image = *patch.image
		if err := p.pictures("imageId", v); err != nil {
			return err
		}
	}
	if patch.position != nil { // last: it moves variants
		if *patch.position > maxPosition {
			return ErrTextInvalid.WithField("position", "too_large", "A position is at most 100000.")
		}
		v.position = *patch.position
		p.sortVariants()
	}
	if err := p.oneCurrency("price.currency"); err != nil {
		return err
	}
	return p.fitForSale()
}

// removeVariant takes a variant out, or archives it when it was sold. A published product keeps at least one.
func (p *product) removeVariant(which id.ID) error {
	v := p.variant(which)
	if v == nil {
		return ErrVariantNotFound
	}
	if v.sold {
		v.archived = true
		return p.fitForSale()
	}
	p.variants = slices.DeleteFunc(p.variants, func(v variant) bool { return v.id == which })
	return p.fitForSale()
}

func (p *product) variant(which id.ID) *variant {
	for i := range p.variants {
		if p.variants[i].id == which {
			return &p.variants[i]
		}
	}
	return nil
}

func (p *product) nextPosition() int32 {
	next := int32(0)
	for _, v := range p.variants {
		next = max(next, v.position+1)
	}
	return next
}

func (p *product) sortVariants() {
	slices.SortStableFunc(p.variants, func(a, b variant) int {
		if a.position != b.position {
			return int(a.position - b.position)
		}
		return slices.Compare(a.id[:], b.id[:])
	})
}

// oneCurrency holds the variants to one currency, which is what carts and orders count in.
func (p *product) oneCurrency(field string) error {
	first := slices.IndexFunc(p.variants, func(v variant) bool { return !v.archived })
	for _, v := range p.variants {
		if !v.archived && v.price.Currency != p.variants[first].price.Currency {
			return ErrCurrencyMixed.WithField(field, "currency_mixed", ErrCurrencyMixed.Message())
		}
	}
	return nil
}

func (v *variant) setCompareAt(field string, m money.Money) error {
	if err := checkPrice(field, m); err != nil {
		return err
	}
	if m.Currency != v.price.Currency {
		return ErrPriceInvalid.WithField(field+".currency", "currency", "It must be in the currency of the price.")
	}
	v.compareAt = &m.Amount
	return nil
}

// freeOption is not chosen by a shopper: with the value "true" it says that a price of nothing is meant.
const freeOption = "free"

// free reports whether the variant is meant to cost nothing.
func (v *variant) free() bool { return v.options[freeOption] == "true" }

func checkPrice(field string, m money.Money) error {
	if m.Amount < 0 || m.Amount > maxPrice {
		return ErrPriceInvalid.WithField(field+".amount", "out_of_range", "A price is 0 to 10^12 minor units.")
	}
	if !money.IsCurrency(m.Currency) {
		return ErrPriceInvalid.WithField(field+".currency", "invalid", "A currency is an ISO 4217 code in upper case, such as EUR.")
	}
	return nil
}

// makeSKU makes the SKU of a variant whose caller gave none, from the product's slug and the variant's values.
func (p *product) makeSKU(v variant) string {
	base := cut(p.slug, maxSKU-80)
	end := "default"
	if len(v.options) > 0 {
		end = slugify(p.variantTitle(v.options))
	}
	if end == "" || len(end) > 60 {
		end = strconv.Itoa(int(v.position) + 1)
	}
	return base + "-" + end
}

func join(prefix, field string) string {
	if prefix == "" {
		return field
	}
	return prefix + "." + field
}

func indexed(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
