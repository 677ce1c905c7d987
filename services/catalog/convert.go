package catalog

import (
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protopath"
	"google.golang.org/protobuf/reflect/protorange"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/money"
)

// maxDocument bounds a product's document, so that one always passes a door.
const maxDocument = 1 << 20

// render makes a product's document: catalog.v1.Product in the wire form, with the ids of brand, categories and tags, whose
// names come from memory when it is read, or are appended from their own ref (fields of the wire form add up when bytes are
// put together). The same product always gives the same bytes.
func render(p *product) ([]byte, error) {
	out := productToProto(p)
	out.Taxa = taxaOf(p)
	doc, err := proto.MarshalOptions{Deterministic: true}.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("catalog: render product %s: %w", p.id, err)
	}
	if len(doc) > maxDocument {
		return nil, ErrProductTooLarge
	}
	return doc, nil
}

// parseDocument reads a document with its appended refs.
func parseDocument(doc []byte) (*catalogv1.Product, error) { return parseDocumentIn(doc, nil) }

// parseDocumentIn is parseDocument with the names of its brand, tags and attributes in languages, the one wanted most first.
func parseDocumentIn(doc []byte, locales []string) (*catalogv1.Product, error) {
	p, names, err := parseWhole(doc)
	if err == nil && len(locales) > 0 {
		of := localNames{}
		of.learn(names)
		localizeNames(p, of, locales)
	}
	return p, err
}

// parseWhole is parseDocument, and what its brand, tags and attributes are called in other languages.
func parseWhole(doc []byte) (*catalogv1.Product, []*catalogv1.LocalNames, error) {
	p := new(catalogv1.Product)
	if err := proto.Unmarshal(doc, p); err != nil {
		return nil, nil, fmt.Errorf("catalog: read a product's document: %w", err)
	}
	nameAttributes(p)
	names := p.GetLocalNames()
	p.Taxa, p.LocalNames = nil, nil
	return p, names, nil
}

// forShoppers takes away what shoppers have no business with, and says of pictures what there is to say in their
// languages. It changes p, which must be the caller's own.
func forShoppers(p *catalogv1.Product, locales []string) *catalogv1.Product {
	forReadModels(p)
	for _, img := range p.GetImages() {
		tellPicture(img, locales)
	}
	for _, v := range p.GetVariants() {
		v.Sku, v.WeightGrams = "", nil
	}
	factsForShoppers(p)
	return p
}

func categoryRef(c *category) ([]byte, error) {
	return proto.Marshal(&catalogv1.Product{Categories: []*catalogv1.CategoryRef{{Id: c.id.String(), Slug: c.slug, Name: c.name}}})
}

func tagRef(t *tag) ([]byte, error) {
	return proto.Marshal(&catalogv1.Product{Tags: []*catalogv1.TagRef{{Id: t.id.String(), Slug: t.slug, Name: t.name}}})
}

func productToProto(p *product) *catalogv1.Product {
	out := &catalogv1.Product{
		Id: p.id.String(), Slug: p.slug, Title: p.title, Description: p.description, Status: statusToProto(p.status),
		SeoTitle: p.seoTitle, SeoDescription: p.seoDescription,
		Version: p.version, CreatedAt: timestamppb.New(p.createdAt), UpdatedAt: timestamppb.New(p.updatedAt),
	}
	for _, img := range p.images {
		out.Images = append(out.Images, imageToProto(img))
	}
	for _, o := range p.options {
		out.Options = append(out.Options, &catalogv1.Option{Name: o.name, Values: o.values})
	}
	for i := range p.variants {
		out.Variants = append(out.Variants, variantToProto(&p.variants[i]))
	}
	out.Attributes, out.Facts = attributeValuesToProto(p.facts.attributes), productFactsToProto(p.facts)
	lifecycleToProto(p, out)
	return out
}

func variantToProto(v *variant) *catalogv1.Variant {
	out := &catalogv1.Variant{
		Id: v.id.String(), Sku: v.sku, Title: v.title, Options: maps.Clone(v.options), Price: moneyToProto(v.price),
		Available: v.available, WeightGrams: v.weight, Position: v.position, Version: v.version,
		CreatedAt: timestamppb.New(v.createdAt), UpdatedAt: timestamppb.New(v.updatedAt),
		Archived: v.archived, Components: componentsToProto(v.components),
	}
	if !v.image.IsZero() {
		out.ImageId = v.image.String()
	}
	if v.compareAt != nil {
		out.CompareAtPrice = moneyToProto(money.Of(*v.compareAt, v.price.Currency))
	}
	out.Attributes, out.Facts = attributeValuesToProto(v.facts.attributes), variantFactsToProto(v.facts)
	pricesToProto(out, v)
	return out
}

func moneyToProto(m money.Money) *typev1.Money {
	return &typev1.Money{Amount: m.Amount, Currency: m.Currency}
}

func moneyFromProto(m *typev1.Money) *money.Money {
	if m == nil {
		return nil
	}
	out := money.Of(m.GetAmount(), m.GetCurrency())
	return &out
}

func statusToProto(s status) catalogv1.ProductStatus {
	switch s {
	case draft:
		return catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
	case published:
		return catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED
	case archived:
		return catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED
	}
	return catalogv1.ProductStatus_PRODUCT_STATUS_UNSPECIFIED
}

// statusFromProto gives the empty status for an unspecified one.
func statusFromProto(s catalogv1.ProductStatus) status {
	switch s {
	case catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT:
		return draft
	case catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED:
		return published
	case catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED:
		return archived
	case catalogv1.ProductStatus_PRODUCT_STATUS_UNSPECIFIED:
	}
	return ""
}

func categoryToProto(c *category, at place) *catalogv1.Category {
	out := &catalogv1.Category{
		Id: c.id.String(), Slug: c.slug, Name: c.name, Description: c.description, Position: c.position,
		SeoTitle: c.seoTitle, SeoDescription: c.seoDescription, ProductCount: at.products, TotalProductCount: at.total, Version: c.version,
		SoldByMeasure: c.byMeasure,
		CreatedAt:     timestamppb.New(c.createdAt), UpdatedAt: timestamppb.New(c.updatedAt),
	}
	if !c.parent.IsZero() {
		out.ParentId = proto.String(c.parent.String())
	}
	return out
}

func tagToProto(t *tag) *catalogv1.Tag {
	return &catalogv1.Tag{
		Id: t.id.String(), Slug: t.slug, Name: t.name, Version: t.version,
		CreatedAt: timestamppb.New(t.createdAt), UpdatedAt: timestamppb.New(t.updatedAt),
	}
}

func optionsFromProto(list []*catalogv1.Option) []option {
	out := make([]option, len(list))
	for i, o := range list {
		out[i] = option{name: o.GetName(), values: o.GetValues()}
	}
	return out
}

func newVariantFromProto(v *catalogv1.VariantInput) newVariant {
	return newVariant{
		sku: v.GetSku(), title: v.GetTitle(), options: v.GetOptions(), price: money.Of(v.GetPrice().GetAmount(), v.GetPrice().GetCurrency()),
		compareAt: moneyFromProto(v.GetCompareAtPrice()), prices: statedPrices(v.GetPrices()), weight: v.WeightGrams, // absent is not zero
		initialStock: v.GetInitialStock(), allowBackorder: v.GetAllowBackorder(), image: imageID(v.GetImageId()),
	}
}

// textFromProto reads a change of a text of at most limit characters that may be absent.
func textFromProto(field string, p *catalogv1.TextPatch, limit int) (textPatch, error) {
	switch {
	case p == nil:
		return textPatch{}, nil
	case p.GetClear():
		return textPatch{set: true}, nil
	case utf8.RuneCountInString(p.GetValue()) > limit:
		return textPatch{}, ErrTextInvalid.WithField(field, "too_long", fmt.Sprintf("It has at most %d characters.", limit))
	}
	return textPatch{set: true, value: proto.String(p.GetValue())}, nil
}

// storableRequest refuses the one character PostgreSQL cannot hold, wherever in a request it stands.
func storableRequest(req proto.Message) error {
	return protorange.Range(req.ProtoReflect(), func(path protopath.Values) error {
		last := path.Index(-1)
		text, ok := last.Value.Interface().(string)
		if key, isMap := mapKey(last.Step); isMap {
			text += key
			ok = true
		}
		if !ok || !strings.Contains(text, "\x00") {
			return nil
		}
		return ErrTextInvalid.WithField(fieldName(path), "invalid_character", "The character U+0000 cannot be stored.")
	})
}

func mapKey(step protopath.Step) (string, bool) {
	if step.Kind() != protopath.MapIndexStep {
		return "", false
	}
	key, ok := step.MapIndex().Interface().(string)
	return key, ok
}

// fieldName is the JSON name of the innermost named field of a path.
func fieldName(path protopath.Values) string {
	for i := path.Len() - 1; i >= 0; i-- {
		if step := path.Index(i).Step; step.Kind() == protopath.FieldAccessStep {
			return step.FieldDescriptor().JSONName()
		}
	}
	return ""
}
