package catalog

import (
	"bytes"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// taxa are the names of a shop's brands, categories, tags and attributes as they were at one generation: each change of
// any of them makes the next one.
type taxa struct {
	generation int64
	size       int
	brands     map[id.ID]*catalogv1.BrandRef
	categories map[id.ID]placedRef[*catalogv1.CategoryRef]
	tags       map[id.ID]placedRef[*catalogv1.TagRef]
	attributes map[string]*catalogv1.AttributeRef
	labels     map[[2]string]string // of options, by attribute and value
	names      localNames           // in other languages
}

// placedRef is a ref and its place among its kind.
type placedRef[R any] struct {
	ref   R
	place int64
}

func newTaxa() *taxa {
	return &taxa{
		brands: map[id.ID]*catalogv1.BrandRef{}, categories: map[id.ID]placedRef[*catalogv1.CategoryRef]{},
		tags: map[id.ID]placedRef[*catalogv1.TagRef]{}, attributes: map[string]*catalogv1.AttributeRef{}, labels: map[[2]string]string{},
		names: localNames{},
	}
}

// learn takes in what a ref says: catalog.v1.Product in the wire form, with nothing but itself.
func (t *taxa) learn(which id.ID, place int64, ref []byte) error {
	p := new(catalogv1.Product)
	if err := proto.Unmarshal(ref, p); err != nil {
		return fmt.Errorf("catalog: read the ref of %s: %w", which, err)
	}
	t.size++
	if b := p.GetBrand(); b != nil {
		t.brands[which] = b
	}
	for _, c := range p.GetCategories() {
		t.categories[which] = placedRef[*catalogv1.CategoryRef]{c, place}
	}
	for _, one := range p.GetTags() {
		t.tags[which] = placedRef[*catalogv1.TagRef]{one, place}
	}
	for _, a := range p.GetAttributeRefs() {
		t.attributes[a.GetId()] = a
	}
	for _, o := range p.GetAttributeOptionRefs() {
		t.labels[[2]string{o.GetAttributeId(), o.GetValue()}] = o.GetLabel()
	}
	t.names.learn(p.GetLocalNames())
	for _, n := range p.GetLocalNames() {
		t.size += len(n.GetNames())
	}
	return nil
}

// parse is parseIn the shop's own language.
func (t *taxa) parse(doc []byte) (*catalogv1.Product, error) { return t.parseIn(doc, nil) }

// parseIn reads a stored document and gives it the names, of brands, tags and attributes in languages, the one wanted most
// first. What the taxa do not know is there no more. Without taxa it reads one to which the names are appended.
func (t *taxa) parseIn(doc []byte, locales []string) (*catalogv1.Product, error) {
	if t == nil {
		return parseDocumentIn(doc, locales)
	}
	p := new(catalogv1.Product)
	if err := proto.Unmarshal(doc, p); err != nil {
		return nil, fmt.Errorf("catalog: read a product's document: %w", err)
	}
	if b, ok := t.brands[idOf(p.GetTaxa().GetBrand())]; ok {
		p.Brand = proto.CloneOf(b)
	}
	for _, c := range known(p.GetTaxa().GetCategories(), t.categories) {
		p.Categories = append(p.Categories, &catalogv1.CategoryRef{Id: c.GetId(), Slug: c.GetSlug(), Name: c.GetName()})
	}
	for _, one := range known(p.GetTaxa().GetTags(), t.tags) {
		p.Tags = append(p.Tags, &catalogv1.TagRef{Id: one.GetId(), Slug: one.GetSlug(), Name: one.GetName()})
	}
	nameValues(p.GetAttributes(), t.attributes, t.labels)
	for _, v := range p.GetVariants() {
		nameValues(v.GetAttributes(), t.attributes, t.labels)
	}
	p.Taxa = nil
	localizeNames(p, t.names, locales)
	return p, nil
}

// known are the refs of those ids that have one, in their places.
func known[R any](ids []byte, of map[id.ID]placedRef[R]) []R {
	if len(ids) == 0 {
		return nil
	}
	found := make([]placedRef[R], 0, len(ids)/16)
	for one := range slices.Chunk(ids, 16) {
		if r, ok := of[idOf(one)]; ok {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b placedRef[R]) int { return int(a.place - b.place) })
	out := make([]R, len(found))
	for i, r := range found {
		out[i] = r.ref
	}
	return out
}

func idOf(b []byte) (out id.ID) {
	copy(out[:], b)
	return out
}

// taxaOf are the ids of where a product stands.
func taxaOf(p *product) *catalogv1.TaxonIds {
	out := &catalogv1.TaxonIds{Categories: joinedIDs(p.categories), Tags: joinedIDs(p.tags)}
	if !p.brand.IsZero() {
		out.Brand = bytes.Clone(p.brand[:])
	}
	return out
}

func joinedIDs(ids []id.ID) []byte {
	var out []byte
	for _, one := range ids {
		out = append(out, one[:]...)
	}
	return out
}
