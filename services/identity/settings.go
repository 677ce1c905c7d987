package identity

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
)

// settings of one shop; a section that is nil has its defaults.
type settings struct {
	id       id.ID
	version  int64
	store    *storeSection
	tax      *taxSection
	shipping *shippingSection
}

type storeSection struct {
	name, currency, country string
	currencies              []string // it sells in besides currency, sorted
}

func (s storeSection) equal(other storeSection) bool {
	return s.name == other.name && s.currency == other.currency && s.country == other.country && slices.Equal(s.currencies, other.currencies)
}

type taxSection struct {
	rate             money.Rate
	pricesIncludeTax bool
	country          string
}

type shippingSection struct {
	rates []flatRate
}

type flatRate struct {
	id, name  string
	amount    money.Money
	countries []string // where it ships; empty is everywhere
}

// What a shop is until somebody says otherwise.
const (
	defaultCurrency   = "EUR"
	defaultCountry    = "FR"
	defaultRateID     = "standard"
	defaultRateName   = "Standard"
	defaultRateAmount = 490
)

// filled gives every section that is absent its defaults; those of tax and shipping follow from the store.
func (s settings) filled(shopName string) settings {
	if s.store == nil {
		s.store = &storeSection{name: shopName, currency: defaultCurrency, country: defaultCountry}
	}
	if s.tax == nil {
		s.tax = &taxSection{standardRate(s.store.country), true, s.store.country}
	}
	if s.shipping == nil {
		s.shipping = &shippingSection{[]flatRate{{defaultRateID, defaultRateName, money.Of(defaultRateAmount, s.store.currency), nil}}}
	}
	return s
}

// merged replaces the sections that are present and reports whether anything is different.
func (s settings) merged(with settings) (settings, bool) {
	changed := false
	if with.store != nil && (s.store == nil || !s.store.equal(*with.store)) {
		s.store, changed = with.store, true
	}
	if with.tax != nil && (s.tax == nil || *s.tax != *with.tax) {
		s.tax, changed = with.tax, true
	}
	if with.shipping != nil && (s.shipping == nil || !slices.EqualFunc(s.shipping.rates, with.shipping.rates, flatRate.equal)) {
		s.shipping, changed = with.shipping, true
	}
	if changed {
		s.version++
	}
	return s, changed
}

func (r flatRate) equal(other flatRate) bool {
	return r.id == other.id && r.name == other.name && r.amount == other.amount && slices.Equal(r.countries, other.countries)
}

// checker collects what is wrong, so that one answer names it all.
type checker []fault.Field

func (c *checker) add(field, code, message string) {
	*c = append(*c, fault.Field{Field: field, Code: code, Message: message})
}

func (c *checker) text(field, s string) string {
	clean, err := cleanText(field, s)
	switch {
	case err != nil:
		c.add(field, "characters", "It holds characters that are not allowed.")
	case clean == "":
		c.add(field, "required", "It must not be empty.")
	}
	return clean
}

func (c *checker) country(field, code string) {
	if !isCountry(code) {
		c.add(field, "unknown_country", "It has to be the ISO 3166-1 alpha-2 code of a country, such as FR.")
	}
}

func (c *checker) currency(field, code string) {
	if !money.IsCurrency(code) {
		c.add(field, "unknown_currency", "It has to be the ISO 4217 code of a currency, such as EUR.")
	}
}

// check cleans the sections that are present and says everything that is wrong with them.
func (s settings) check() (settings, error) {
	var c checker
	if s.store != nil {
		store := *s.store
		store.name = c.text("settings.store.name", store.name)
		c.currency("settings.store.defaultCurrency", store.currency)
		c.country("settings.store.country", store.country)
		for i, code := range store.currencies {
			c.currency(fmt.Sprintf("settings.store.currencies[%d]", i), code)
		}
		store.currencies = slices.Compact(slices.Sorted(slices.Values(store.currencies)))
		store.currencies = slices.DeleteFunc(store.currencies, func(code string) bool { return code == store.currency })
		s.store = &store
	}
	if s.tax != nil {
		c.country("settings.tax.country", s.tax.country)
	}
	if s.shipping != nil {
		s.shipping = &shippingSection{c.rates(s.shipping.rates)}
	}
	if len(c) > 0 {
		return s, ErrBadSettings.WithFields(c...)
	}
	return s, nil
}

// maxRateAmount keeps sums far from overflow.
const maxRateAmount = 1_000_000_000_000

func (c *checker) rates(in []flatRate) []flatRate {
	out := make([]flatRate, len(in))
	ids := map[string]bool{}
	for i, r := range in {
		if r.id != "" {
			ids[r.id] = true
		}
		out[i] = r
	}
	seen := map[string]bool{}
	for i, r := range in {
		at := fmt.Sprintf("settings.shipping.rates[%d].", i)
		r.name = c.text(at+"name", r.name)
		if r.id == "" {
			r.id = freeID(r.name, ids)
			ids[r.id] = true
		}
		if r.id = c.text(at+"id", r.id); seen[r.id] {
			c.add(at+"id", "duplicate", "Another rate has this id.")
		}
		seen[r.id] = true
		if r.amount.Amount < 0 || r.amount.Amount > maxRateAmount {
			c.add(at+"amount.amount", "range", "It has to be from 0 to 1 000 000 000 000 minor units.")
		}
		c.currency(at+"amount.currency", r.amount.Currency)
		for j, code := range r.countries {
			c.country(fmt.Sprintf("%scountries[%d]", at, j), code)
		}
		r.countries = slices.Compact(slices.Sorted(slices.Values(r.countries)))
		out[i] = r
	}
	return out
}

// freeID makes an id from a name, the same whenever the same rates are sent again.
func freeID(name string, taken map[string]bool) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	base := strings.Trim(b.String()[:min(b.Len(), 48)], "-")
	if base == "" {
		base = "rate"
	}
	for free, n := base, 2; ; n++ {
		if !taken[free] {
			return free
		}
		free = base + "-" + strconv.Itoa(n)
	}
}
