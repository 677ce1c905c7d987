package search

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// Bounds of one document, so that one product cannot weigh down the index.
const (
	maxWords     = 4000 // in all
	maxPositions = 16   // of one word
)

// document is one published product, ready to be stored.
type document struct {
	product   id.ID
	words     string   // in the syntax of tsvector
	lexicon   []string // its words that may be meant by mistyped ones, sorted
	facets    []facetValue
	refs      []id.ID
	prices    []int64
	minPrice  *int64
	maxPrice  *int64
	available bool
	newest    int64
	price     int64
	priceDesc int64
	body      []byte
}

// describe makes the document of a product; nil when shoppers do not see the product.
func describe(p *catalogv1.Product) (*document, error) {
	if p.GetStatus() != catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED {
		return nil, nil //nolint:nilnil // no document is a regular answer
	}
	product, err := id.Parse(p.GetId())
	if err != nil {
		return nil, fmt.Errorf("search: product %q: %w", p.GetId(), err)
	}
	d := &document{
		product: product, refs: []id.ID{}, prices: []int64{},
		newest: -p.GetCreatedAt().AsTime().UnixMicro(),
	}
	v := vector{places: map[string][]string{}}
	v.add('A', p.GetTitle())
	if b := p.GetBrand(); b != nil {
		d.facets = append(d.facets, newFacet("brand", b.GetSlug(), b.GetName()))
		d.refer(b.GetId())
		v.add('B', b.GetName())
		v.filter(brandLexeme(b.GetSlug()))
	}
	for _, c := range p.GetCategories() {
		d.facets = append(d.facets, newFacet("category", c.GetSlug(), c.GetName()))
		d.refer(c.GetId())
		v.add('B', c.GetName())
		v.filter(categoryLexeme(c.GetSlug()))
	}
	for _, t := range p.GetTags() {
		d.facets = append(d.facets, newFacet("tag", t.GetSlug(), t.GetName()))
		d.refer(t.GetId())
		v.add('B', t.GetName())
		v.filter(tagLexeme(t.GetSlug()))
	}
	for _, variant := range p.GetVariants() {
		v.add('B', variant.GetSku())
		v.add('B', joined(variant.GetSku()))
		d.available = d.available || variant.GetAvailable()
		if variant.GetPrice() != nil {
			d.prices = append(d.prices, variant.GetPrice().GetAmount())
		}
	}
	for _, o := range p.GetOptions() {
		for _, value := range o.GetValues() {
			v.add('C', value)
		}
	}
	v.add('C', withoutMarkup(p.GetDescription()))
	d.words, d.lexicon = v.String(), v.lexicon()
	d.sortPrices()
	deterministic := proto.MarshalOptions{Deterministic: true}
	if d.body, err = deterministic.Marshal(shown(p)); err != nil {
		return nil, fmt.Errorf("search: product %s: %w", p.GetId(), err)
	}
	return d, nil
}

// facetValue is something documents can be narrowed by.
type facetValue struct {
	number           int64
	kind, slug, name string
}

func newFacet(kind, slug, name string) facetValue {
	sum := sha256.Sum256([]byte(kind + "/" + slug))
	return facetValue{int64(binary.BigEndian.Uint64(sum[:8])), kind, clean(slug), clean(name)} // any 64 bits will do
}

// numbers of the document's facets, each once.
func (d *document) numbers() []int64 {
	out := make([]int64, len(d.facets))
	for i, f := range d.facets {
		out[i] = f.number
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (d *document) refer(ref string) {
	if r, err := id.Parse(ref); err == nil {
		d.refs = append(d.refs, r)
	}
}

// sortPrices sets what is compared. A product without a price comes last in both directions.
func (d *document) sortPrices() {
	slices.Sort(d.prices)
	d.prices = slices.Compact(d.prices)
	d.price, d.priceDesc = math.MaxInt64, math.MaxInt64
	if n := len(d.prices); n > 0 {
		d.minPrice, d.maxPrice = &d.prices[0], &d.prices[n-1]
		d.price, d.priceDesc = d.prices[0], -d.prices[0]
	}
}

// shown is the product without what shoppers have no business with.
func shown(p *catalogv1.Product) *catalogv1.Product {
	out := proto.CloneOf(p)
	for _, v := range out.GetVariants() {
		v.Sku, v.WeightGrams = "", nil
	}
	return out
}

// clean takes out the one character PostgreSQL cannot store.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// joined is an article number without its separators, as it is typed from memory.
func joined(sku string) string {
	if !strings.ContainsAny(sku, "-_./ ") {
		return ""
	}
	return strings.NewReplacer("-", "", "_", "", ".", "", "/", "", " ", "").Replace(sku)
}

// vector collects the words of a document with their weights and places.
type vector struct {
	places  map[string][]string
	order   []string
	filters []string
	n       int
}

func (v *vector) add(weight byte, text string) {
	for _, w := range words(text, maxWords-v.n) {
		v.n++
		if _, ok := v.places[w]; !ok {
			v.order = append(v.order, w)
		}
		if len(v.places[w]) < maxPositions {
			v.places[w] = append(v.places[w], strconv.Itoa(v.n)+string(weight))
		}
	}
	v.n = min(v.n+8, maxWords) // a gap, so that words of two fields are no neighbours
}

func (v *vector) filter(lexeme string) { v.filters = append(v.filters, lexeme) }

func (v *vector) String() string {
	var b strings.Builder
	for _, w := range v.order {
		b.WriteString(quote(w))
		b.WriteByte(':')
		b.WriteString(strings.Join(v.places[w], ","))
		b.WriteByte(' ')
	}
	for _, f := range v.filters {
		b.WriteString(quote(f))
		b.WriteByte(' ')
	}
	return b.String()
}

// lexicon is the distinct words, sorted, so that writers of several documents lock them in one order.
func (v *vector) lexicon() []string {
	out := slices.Clone(v.order)
	slices.Sort(out)
	return out
}
