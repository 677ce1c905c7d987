package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

const (
	rulesKind = catalogv1.CollectionKind_COLLECTION_KIND_RULES
	anyMatch  = catalogv1.CollectionMatch_COLLECTION_MATCH_ANY
	shown     = catalogv1.CollectionStatus_COLLECTION_STATUS_PUBLISHED
)

func rule(field, operator, value string) *catalogv1.CollectionRule {
	return &catalogv1.CollectionRule{Field: field, Operator: operator, Value: value}
}

// ruled makes a published collection with rules.
func (r room) ruled(t testing.TB, name string, match catalogv1.CollectionMatch, rules ...*catalogv1.CollectionRule) *catalogv1.Collection {
	t.Helper()
	return must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: name, Kind: rulesKind, Match: match, Rules: rules, Status: shown}))(t).GetCollection()
}

// in lists the titles of a published collection as shoppers see it.
func (r room) in(t testing.TB, collection string) string {
	t.Helper()
	return titles(must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Collection: collection}))(t).GetProducts())
}

// consistent compares all collections with their rules.
func (r room) consistent(t testing.TB, what string) {
	t.Helper()
	if err := catalog.CheckCollections(r.ctx, r.db.DB, time.Now()); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	tag, category, brand := id.New(), id.New(), id.New()
	at := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	p := catalog.Traits{Title: "Écharpe à Pois", SKU: "ECH-1", Created: "2026-06-23T12:00:01Z", Price: 4900, Available: true, Tag: tag, Category: category, Brand: brand}
	for _, c := range []struct {
		field, operator, value string
		want                   bool
	}{
		{"tag", "is", tag.String(), true}, {"tag", "is", category.String(), false},
		{"category", "is", category.String(), true}, {"category", "is", tag.String(), false},
		{"brand", "is", brand.String(), true}, {"brand", "is", tag.String(), false},
		{"price", "gte", "4900", true}, {"price", "gte", "4901", false}, {"price", "lte", "4900", true}, {"price", "lte", "4899", false},
		{"title", "contains", "echarpe A", true}, {"title", "contains", "%", false},
		{"available", "is", "true", true}, {"available", "is", "false", false},
		{"createdAt", "withinDays", "7", true}, {"createdAt", "withinDays", "6", false},
		{"createdAt", "before", "2026-06-23T12:00:02Z", true}, {"createdAt", "before", "2026-06-23T12:00:01Z", false},
		{"createdAt", "after", "2026-06-23T12:00:00+00:00", true}, {"createdAt", "after", "2026-06-23T12:00:01Z", false},
		{"sku", "startsWith", "ECH", true}, {"sku", "startsWith", "ech", false}, {"sku", "startsWith", "CH", false},
	} {
		one := catalog.Rule{Field: c.field, Operator: c.operator, Value: c.value}
		yes, no := catalog.Rule{Field: "price", Operator: "gte", Value: "0"}, catalog.Rule{Field: "price", Operator: "gte", Value: "99999"}
		for what, try := range map[string]struct {
			all  bool
			list []catalog.Rule
			want bool
		}{
			"alone": {true, []catalog.Rule{one}, c.want}, "alone, any": {false, []catalog.Rule{one}, c.want},
			"and one that holds": {true, []catalog.Rule{yes, one}, c.want}, "or one that does not": {false, []catalog.Rule{no, one}, c.want},
			"or one that holds": {false, []catalog.Rule{one, yes}, true}, "or, the other way": {false, []catalog.Rule{yes, one}, true},
		} {
			if got, err := catalog.Holds(try.all, try.list, p, at); err != nil || got != try.want {
				t.Errorf("%+v %s: got %v, %v, want %v", one, what, got, err, try.want)
			}
		}
	}
	for _, absurd := range []catalog.Rule{
		{Field: "price", Operator: "gte", Value: "-1"}, {Field: "price", Operator: "gte", Value: "1e3"}, {Field: "price", Operator: "gte", Value: "1000000000001"},
		{Field: "price", Operator: "gte", Value: "99999999999999999999"}, {Field: "price", Operator: "is", Value: "1"}, {Field: "price", Operator: "gte", Value: ""},
		{Field: "tag", Operator: "is", Value: "linen"}, {Field: "tag", Operator: "is", Value: "00000000-0000-0000-0000-000000000000"}, {Field: "brand", Operator: "is"},
		{Field: "title", Operator: "contains", Value: "  "}, {Field: "title", Operator: "contains", Value: strings.Repeat("x", 3000)}, {Field: "available", Operator: "is", Value: "yes"},
		{Field: "createdAt", Operator: "withinDays", Value: "0"}, {Field: "createdAt", Operator: "withinDays", Value: "99999999"}, {Field: "createdAt", Operator: "before", Value: "tomorrow"},
		{Field: "sku", Operator: "startsWith", Value: " "}, {Field: "weight", Operator: "gte", Value: "1"}, {},
	} {
		if _, err := catalog.Holds(false, []catalog.Rule{absurd}, p, at); !errors.Is(err, catalog.ErrRuleInvalid) {
			t.Errorf("%+v: got %v", absurd, err)
		}
	}
	many := slices.Repeat([]catalog.Rule{{Field: "price", Operator: "gte", Value: "1"}}, 21)
	if _, err := catalog.Holds(false, many, p, at); !errors.Is(err, catalog.ErrRuleInvalid) {
		t.Errorf("21 rules: got %v", err)
	}
	if _, err := catalog.Holds(false, nil, p, at); !errors.Is(err, catalog.ErrRulesRequired) {
		t.Errorf("no rule: got %v", err)
	}
	for _, against := range [][]catalog.Rule{
		{{Field: "price", Operator: "gte", Value: "2"}, {Field: "price", Operator: "lte", Value: "1"}},
		{{Field: "available", Operator: "is", Value: "true"}, {Field: "available", Operator: "is", Value: "false"}},
		{{Field: "brand", Operator: "is", Value: brand.String()}, {Field: "brand", Operator: "is", Value: tag.String()}},
		{{Field: "createdAt", Operator: "after", Value: "2026-01-02T00:00:00Z"}, {Field: "createdAt", Operator: "before", Value: "2026-01-02T00:00:00Z"}},
	} {
		if _, err := catalog.Holds(true, against, p, at); !errors.Is(err, catalog.ErrRulesContradict) {
			t.Errorf("%+v: got %v", against, err)
		}
		if _, err := catalog.Holds(false, against, p, at); err != nil {
			t.Errorf("any of %+v: got %v", against, err)
		}
	}
}

// TestRuledCollections changes everything rules look at, and holds the members to the rules after each step.
func TestRuledCollections(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Clothing", "")
	shirts := r.category(t, "Shirts", top.GetId())
	elsewhere := r.category(t, "Home", "")
	linen, maison := r.tag(t, "Linen"), r.brand(t, "Maison")
	before := r.create(t, shirt("Linen shirt", "S"))
	all := map[string]*catalogv1.Collection{
		"tag":       r.ruled(t, "Linen", 0, rule("tag", "is", linen.GetId())),
		"category":  r.ruled(t, "Clothes", 0, rule("category", "is", top.GetId())),
		"brand":     r.ruled(t, "By Maison", 0, rule("brand", "is", maison.GetId())),
		"cheap":     r.ruled(t, "Cheap", 0, rule("price", "lte", "999")),
		"title":     r.ruled(t, "Shirts", 0, rule("title", "contains", "SHIRT")),
		"available": r.ruled(t, "In stock", 0, rule("available", "is", "true")),
		"new":       r.ruled(t, "New", 0, rule("createdAt", "withinDays", "30")),
		"sku":       r.ruled(t, "Range", 0, rule("sku", "startsWith", "RANGE-")),
		"either":    r.ruled(t, "Either", anyMatch, rule("sku", "startsWith", "RANGE-"), rule("brand", "is", maison.GetId())),
		"both":      r.ruled(t, "Both", 0, rule("sku", "startsWith", "RANGE-"), rule("brand", "is", maison.GetId())),
	}
	check := func(what string, want ...string) {
		t.Helper()
		r.consistent(t, what)
		var got []string
		for name, c := range all {
			if r.in(t, c.GetSlug()) != "" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		same(t, "collections after "+what, strings.Join(got, " "), strings.Join(want, " "))
	}
	for name, c := range all {
		if c.GetBuilding() || c.GetVersion() != 1 {
			t.Errorf("collection %s of a small shop is %v", name, c)
		}
	}
	check("a product that was there before", "available", "new", "title")
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: before.GetId()}))(t)
	check("a delete")

	p := r.create(t, shirt("Linen shirt", "S"))
	check("a new product", "available", "new", "title")
	must(r.SetProductTags(r.ctx, &catalogv1.SetProductTagsRequest{ProductId: p.GetId(), TagIds: []string{linen.GetId()}}))(t)
	check("a tag", "available", "new", "title", "tag")
	must(r.SetProductCategories(r.ctx, &catalogv1.SetProductCategoriesRequest{ProductId: p.GetId(), CategoryIds: []string{shirts.GetId()}}))(t)
	check("a category below", "available", "new", "title", "tag", "category")
	move := func(parent string) {
		t.Helper()
		must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: shirts.GetId(), ParentId: &catalogv1.TextPatch{Value: parent}}))(t)
		must(true, r.svc.Tend(t.Context()))(t)
	}
	move(elsewhere.GetId())
	check("its category's move", "available", "new", "title", "tag")
	move(top.GetId())
	check("its way back", "available", "new", "title", "tag", "category")
	must(r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: shirts.GetId()}))(t)
	must(true, r.svc.Tend(t.Context()))(t)
	check("its category's end", "available", "new", "title", "tag")
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), BrandId: &catalogv1.TextPatch{Value: maison.GetId()}}))(t)
	check("a brand", "available", "new", "title", "tag", "brand", "either")
	v := must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: &catalogv1.VariantInput{Sku: "RANGE-1", Options: map[string]string{"size": "M"}, Price: euros(900), InitialStock: 1}}))(t).GetVariant()
	check("a cheap variant", "available", "new", "title", "tag", "brand", "either", "cheap", "sku", "both")
	must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: v.GetId(), Price: euros(1000)}))(t)
	check("a price", "available", "new", "title", "tag", "brand", "either", "sku", "both")
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("Blouse")}))(t)
	check("a title", "available", "new", "tag", "brand", "either", "sku", "both")
	for _, available := range []bool{false, true} {
		for i, v := range r.read(t, p.GetId()).GetVariants() {
			r.stockChanged(t, v.GetId(), available, int64(i))
		}
		if !available {
			check("the last unit", "new", "tag", "brand", "either", "sku", "both")
		}
	}
	check("new stock", "available", "new", "tag", "brand", "either", "sku", "both")
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: v.GetId()}))(t)
	check("a variant's end", "available", "new", "tag", "brand", "either")
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED}))(t)
	check("archiving it")
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}))(t)
	changed := must(r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: all["cheap"].GetId(), Rules: &catalogv1.CollectionRules{Rules: []*catalogv1.CollectionRule{rule("price", "lte", "1000")}}}))(t).GetCollection()
	same(t, "version of a collection with new rules", changed.GetVersion(), 2)
	check("new rules", "available", "new", "tag", "brand", "either", "cheap")
}

// stockChanged is what inventory announces, as it reaches the room.
func (r room) stockChanged(t testing.TB, variant string, available bool, sequence int64) {
	t.Helper()
	body := must(proto.Marshal(&inventoryv1.StockChanged{VariantId: variant, Available: available}))(t)
	if err := r.db.Tx(r.ctx, func(ctx context.Context, tx *pg.Tx) error {
		for _, c := range r.svc.Consumers() {
			if c.Name == "catalog-stock" {
				return c.Handle(ctx, tx, bus.Event{ID: id.New(), Subject: "evt.inventory.stock.changed", Tenant: tenant.Default(), Sequence: sequence, Body: body}, nil)
			}
		}
		return errors.New("nobody listens")
	}); err != nil {
		t.Fatal(err)
	}
}

func TestManualCollections(t *testing.T) {
	t.Parallel()
	r := open(t)
	var ids []string
	for _, title := range []string{"A", "B", "C", "D"} {
		ids = append(ids, r.create(t, shirt(title, "S")).GetId())
	}
	c := must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Été"}))(t).GetCollection()
	same(t, "slug", c.GetSlug(), "ete")
	same(t, "status", c.GetStatus(), catalogv1.CollectionStatus_COLLECTION_STATUS_DRAFT)
	set := func(version int64, ids ...string) (*catalogv1.Collection, error) {
		res, err := r.SetCollectionProducts(r.ctx, &catalogv1.SetCollectionProductsRequest{Id: c.GetId(), IfVersion: version, ProductIds: ids})
		return res.GetCollection(), err
	}
	now := must(set(1, ids[2], ids[0], ids[2]))(t)
	same(t, "version", now.GetVersion(), 2)
	_, err := set(1, ids[1])
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	_, err = set(0, ids[1], id.New().String())
	wants(t, "a product that is not there", err, catalog.ErrProductUnknown)
	staff := func() string {
		return titles(must(r.ListCollectionProducts(r.ctx, &catalogv1.ListCollectionProductsRequest{Id: c.GetId()}))(t).GetProducts())
	}
	same(t, "products", staff(), "C, A")
	same(t, "products of a draft in the shop", r.in(t, "ete"), "")
	_, err = r.GetStoreCollection(r.ctx, &catalogv1.GetStoreCollectionRequest{SlugOrId: "ete"})
	wants(t, "a draft in the shop", err, catalog.ErrCollectionNotFound)
	must(r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: c.GetId(), Status: shown}))(t)
	same(t, "in the shop", must(r.GetStoreCollection(r.ctx, &catalogv1.GetStoreCollectionRequest{SlugOrId: c.GetId()}))(t).GetCollection().GetName(), "Été")
	for range 2 { // it may be repeated
		must(r.AddCollectionProducts(r.ctx, &catalogv1.AddCollectionProductsRequest{Id: c.GetId(), ProductIds: []string{ids[3], ids[0], ids[1]}}))(t)
		same(t, "products after adding", r.in(t, "ete"), "C, A, D, B")
	}
	must(r.RemoveCollectionProduct(r.ctx, &catalogv1.RemoveCollectionProductRequest{Id: c.GetId(), ProductId: ids[0]}))(t)
	_, err = r.RemoveCollectionProduct(r.ctx, &catalogv1.RemoveCollectionProductRequest{Id: c.GetId(), ProductId: ids[0]})
	wants(t, "taking it out twice", err, catalog.ErrMemberNotFound)
	same(t, "products after taking one out", r.in(t, c.GetId()), "C, D, B")
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: ids[3], Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT}))(t)
	same(t, "products in the shop", r.in(t, "ete"), "C, B")
	same(t, "products for staff", staff(), "C, D, B")
	list := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Collection: "ete", Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE}))(t)
	same(t, "in an order that was asked for", titles(list.GetProducts()), "B, C")
	list = must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Collection: "ete", Q: "b"}))(t)
	same(t, "with another filter", titles(list.GetProducts()), "B")
	same(t, "total", list.GetPage().GetTotal(), 1)
	same(t, "an unknown collection", r.in(t, "'; drop table collections; --"), "")
	for sort, want := range map[catalogv1.CollectionSort]string{
		catalogv1.CollectionSort_COLLECTION_SORT_TITLE: "B, C", catalogv1.CollectionSort_COLLECTION_SORT_NEWEST: "C, B",
		catalogv1.CollectionSort_COLLECTION_SORT_OLDEST: "B, C", catalogv1.CollectionSort_COLLECTION_SORT_POSITION: "C, B",
	} {
		must(r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: c.GetId(), Sort: sort}))(t)
		same(t, sort.String(), r.in(t, "ete"), want)
	}
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: ids[2]}))(t)
	same(t, "products after one was deleted", r.in(t, "ete"), "B")

	for what, try := range map[string]struct {
		req  *catalogv1.CreateCollectionRequest
		want error
	}{
		"rules by hand":      {&catalogv1.CreateCollectionRequest{Name: "X", Rules: []*catalogv1.CollectionRule{rule("price", "gte", "1")}}, catalog.ErrRuleInvalid},
		"no rules":           {&catalogv1.CreateCollectionRequest{Name: "X", Kind: rulesKind}, catalog.ErrRulesRequired},
		"an unknown tag":     {&catalogv1.CreateCollectionRequest{Name: "X", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{rule("tag", "is", id.New().String())}}, catalog.ErrRuleUnknown},
		"an unknown brand":   {&catalogv1.CreateCollectionRequest{Name: "X", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{rule("brand", "is", id.New().String())}}, catalog.ErrRuleUnknown},
		"positions by rules": {&catalogv1.CreateCollectionRequest{Name: "X", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{rule("price", "gte", "1")}, Sort: catalogv1.CollectionSort_COLLECTION_SORT_POSITION}, catalog.ErrSortInvalid},
		"a taken slug":       {&catalogv1.CreateCollectionRequest{Name: "X", Slug: "ete"}, catalog.ErrSlugTaken},
		"an empty name":      {&catalogv1.CreateCollectionRequest{Name: " "}, catalog.ErrTextInvalid},
	} {
		_, err := r.CreateCollection(r.ctx, try.req)
		wants(t, what, err, try.want)
	}
	_, err = r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "X", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{rule("price", "gte", "1"), rule("category", "is", id.New().String())}})
	var f *fault.Fault
	if !errors.As(err, &f) || len(f.Fields()) != 1 || f.Fields()[0].Field != "rules[1].value" {
		t.Errorf("the refusal does not name the rule: %v", err)
	}
	auto := r.ruled(t, "Auto", 0, rule("price", "gte", "1"))
	_, err = r.SetCollectionProducts(r.ctx, &catalogv1.SetCollectionProductsRequest{Id: auto.GetId(), ProductIds: ids[:1]})
	wants(t, "products by hand into rules", err, catalog.ErrCollectionRuled)
	_, err = r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: auto.GetId(), Rules: &catalogv1.CollectionRules{}})
	wants(t, "taking all rules away", err, catalog.ErrRulesRequired)
	must(r.DeleteCollection(r.ctx, &catalogv1.DeleteCollectionRequest{Id: c.GetId()}))(t)
	_, err = r.DeleteCollection(r.ctx, &catalogv1.DeleteCollectionRequest{Id: c.GetId()})
	wants(t, "deleting it twice", err, catalog.ErrCollectionNotFound)
	same(t, "collections in the shop", len(must(r.ListStoreCollections(r.ctx, &catalogv1.ListStoreCollectionsRequest{}))(t).GetCollections()), 1)
	same(t, "found by staff", len(must(r.ListCollections(r.ctx, &catalogv1.ListCollectionsRequest{Q: "AUT"}))(t).GetCollections()), 1)
}

// TestWhatRulesName: it cannot be deleted while a rule names it, and nobody else's can be named.
func TestWhatRulesName(t *testing.T) {
	t.Parallel()
	r := open(t)
	c, tag, b := r.category(t, "Shirts", ""), r.tag(t, "Linen"), r.brand(t, "Maison")
	one := r.ruled(t, "One", anyMatch, rule("category", "is", c.GetId()), rule("tag", "is", tag.GetId()), rule("brand", "is", b.GetId()), rule("tag", "is", tag.GetId()))
	remove := func() (errs []error) {
		_, err1 := r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: c.GetId()})
		_, err2 := r.DeleteTag(r.ctx, &catalogv1.DeleteTagRequest{Id: tag.GetId()})
		_, err3 := r.DeleteBrand(r.ctx, &catalogv1.DeleteBrandRequest{Id: b.GetId()})
		return []error{err1, err2, err3}
	}
	for _, err := range remove() {
		wants(t, "deleting what a rule names", err, catalog.ErrNamedByRules)
		if told := fault.From(err).Objects(); len(told) != 1 || told[0]["collectionId"] != one.GetId() || told[0]["slug"] != one.GetSlug() || told[0]["name"] != "One" {
			t.Errorf("told is %v", told)
		}
	}
	other := r.elsewhere(t)
	for _, foreign := range []*catalogv1.CollectionRule{rule("category", "is", c.GetId()), rule("tag", "is", tag.GetId()), rule("brand", "is", b.GetId())} {
		_, err := r.CreateCollection(other, &catalogv1.CreateCollectionRequest{Name: "Theirs", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{foreign}})
		wants(t, "naming another shop's "+foreign.GetField(), err, catalog.ErrRuleUnknown)
	}
	for what, err := range map[string]error{
		"reading": func() error {
			_, err := r.GetCollection(other, &catalogv1.GetCollectionRequest{Id: one.GetId()})
			return err
		}(),
		"changing": func() error {
			_, err := r.UpdateCollection(other, &catalogv1.UpdateCollectionRequest{Id: one.GetId(), Name: new("X")})
			return err
		}(),
		"deleting": func() error {
			_, err := r.DeleteCollection(other, &catalogv1.DeleteCollectionRequest{Id: one.GetId()})
			return err
		}(),
		"listing": func() error {
			_, err := r.ListCollectionProducts(other, &catalogv1.ListCollectionProductsRequest{Id: one.GetId()})
			return err
		}(),
	} {
		wants(t, what+" another shop's collection", err, catalog.ErrCollectionNotFound)
	}
	p := r.create(t, shirt("Shirt", "S"))
	theirs := must(r.CreateCollection(other, &catalogv1.CreateCollectionRequest{Name: "Theirs"}))(t).GetCollection()
	_, err := r.AddCollectionProducts(other, &catalogv1.AddCollectionProductsRequest{Id: theirs.GetId(), ProductIds: []string{p.GetId()}})
	wants(t, "another shop's product", err, catalog.ErrProductUnknown)
	must(r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: one.GetId(), Rules: &catalogv1.CollectionRules{Rules: []*catalogv1.CollectionRule{rule("price", "gte", "1")}}}))(t)
	for _, err := range remove() {
		wants(t, "deleting it afterwards", err, nil)
	}
}

// TestALargeShopIsBuiltInSteps: a request does not wait for it, what was cut off goes on, and meanwhile changes count.
func TestALargeShopIsBuiltInSteps(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(catalog.Load(r.ctx, r.db.DB, 1700, time.Now))(t)
	c := r.ruled(t, "Linen", 0, rule("title", "contains", "linen"))
	if !c.GetBuilding() {
		t.Fatal("a large shop was built in the request")
	}
	which := must(id.Parse(c.GetId()))(t)
	late := r.create(t, shirt("Linen latecomer", "S"))
	if done := must(r.svc.BuildChunk(r.ctx, which))(t); done {
		t.Fatal("it was done after two steps")
	}
	early := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Q: "linen shirt 000000"}))(t).GetProducts()[0]
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: early.GetId(), Title: new("Something else")}))(t)
	must(true, r.svc.Tend(t.Context()))(t)
	r.consistent(t, "Run")
	same(t, "building", must(r.GetCollection(r.ctx, &catalogv1.GetCollectionRequest{Id: c.GetId()}))(t).GetCollection().GetBuilding(), false)
	got := must(r.ListCollectionProducts(r.ctx, &catalogv1.ListCollectionProductsRequest{Id: c.GetId(), Page: &typev1.PageRequest{Limit: 5}}))(t)
	same(t, "the first, newest first", got.GetProducts()[0].GetId(), late.GetId())
	if n := got.GetPage().GetTotal(); n < 200 {
		t.Errorf("only %d members", n)
	}
	// New rules begin anew, also when they come in the middle of a build.
	for _, word := range []string{"wool", "oak"} {
		must(r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: c.GetId(), Rules: &catalogv1.CollectionRules{Rules: []*catalogv1.CollectionRule{rule("title", "contains", word)}}}))(t)
	}
	must(true, r.svc.Tend(t.Context()))(t)
	r.consistent(t, "new rules")
	must(true, r.svc.Tend(t.Context()))(t) // nothing to do does nothing
}

// TestTimeTakesProductsOut moves the clock.
func TestTimeTakesProductsOut(t *testing.T) {
	t.Parallel()
	var late atomic.Int64
	r := openAt(t, func() time.Time { return time.Now().Add(time.Duration(late.Load()) * 24 * time.Hour) })
	r.create(t, shirt("Old", "S"))
	c := r.ruled(t, "New", 0, rule("createdAt", "withinDays", "10"))
	either := r.ruled(t, "Either", anyMatch, rule("createdAt", "withinDays", "10"), rule("title", "contains", "old"))
	late.Store(9)
	r.create(t, shirt("Young", "S"))
	must(true, r.svc.Tend(t.Context()))(t)
	same(t, "after nine days", r.in(t, c.GetSlug()), "Young, Old")
	late.Store(11)
	for range 2 {
		must(true, r.svc.Tend(t.Context()))(t)
		same(t, "after eleven days", r.in(t, c.GetSlug()), "Young")
		same(t, "kept by another rule", r.in(t, either.GetSlug()), "Young, Old")
	}
	late.Store(20)
	must(true, r.svc.Tend(t.Context()))(t)
	same(t, "after twenty days", r.in(t, c.GetSlug()), "")
	same(t, "kept by another rule", r.in(t, either.GetSlug()), "Old")
}

// TestCollectionsAtOnce changes products, rules and categories at the same time while collections are built. When all
// is quiet, every collection holds exactly what its rules hold of.
func TestCollectionsAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	tops := []*catalogv1.Category{r.category(t, "A", ""), r.category(t, "B", "")}
	leaf := r.category(t, "Leaf", tops[0].GetId())
	linen := r.tag(t, "Linen")
	var products []*catalogv1.Product
	for i := range 12 {
		products = append(products, r.create(t, shirt(fmt.Sprint("P", i), "S")))
	}
	byTop := r.ruled(t, "By top", 0, rule("category", "is", tops[0].GetId()))
	byTag := r.ruled(t, "By tag", 0, rule("tag", "is", linen.GetId()))
	var wg sync.WaitGroup
	do := func(times int, what func(i int) error) {
		wg.Go(func() {
			for i := range times {
				if err := what(i); err != nil {
					t.Errorf("at once: %v", err)
				}
			}
		})
	}
	for worker := range 4 {
		do(25, func(i int) error {
			p := products[(worker*7+i)%len(products)].GetId()
			var tags, categories []string
			if i%2 == 0 {
				tags, categories = []string{linen.GetId()}, []string{leaf.GetId()}
			}
			_, err1 := r.SetProductTags(r.ctx, &catalogv1.SetProductTagsRequest{ProductId: p, TagIds: tags})
			_, err2 := r.SetProductCategories(r.ctx, &catalogv1.SetProductCategoriesRequest{ProductId: p, CategoryIds: categories})
			return errors.Join(err1, err2)
		})
	}
	do(15, func(i int) error {
		_, err := r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: leaf.GetId(), ParentId: &catalogv1.TextPatch{Value: tops[(i+1)%2].GetId()}})
		return err
	})
	do(15, func(i int) error {
		rules := []*catalogv1.CollectionRule{rule("tag", "is", linen.GetId())}
		if i%2 == 0 {
			rules = []*catalogv1.CollectionRule{rule("category", "is", leaf.GetId())}
		}
		_, err := r.UpdateCollection(r.ctx, &catalogv1.UpdateCollectionRequest{Id: byTag.GetId(), Rules: &catalogv1.CollectionRules{Rules: rules}})
		return err
	})
	do(10, func(i int) error {
		made, err := r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Brief", Kind: rulesKind, Rules: []*catalogv1.CollectionRule{rule("tag", "is", linen.GetId())}})
		if err != nil {
			return err
		}
		_, err = r.DeleteCollection(r.ctx, &catalogv1.DeleteCollectionRequest{Id: made.GetCollection().GetId()})
		return err
	})
	do(20, func(int) error { return r.svc.Tend(t.Context()) })
	wg.Wait()
	must(true, r.svc.Tend(t.Context()))(t)
	r.consistent(t, "all at once")
	if byTop.GetId() == byTag.GetId() {
		t.Error("two collections have one id")
	}
}

// TestTenThousandMembers fills a collection to its brim and walks it.
func TestTenThousandMembers(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(catalog.Load(r.ctx, r.db.DB, 10_001, time.Now))(t)
	var ids []string
	for after := ""; ; {
		page := must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{AfterId: after, Limit: 1000}))(t).GetProducts()
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			ids = append(ids, p.GetId())
		}
		after = ids[len(ids)-1]
	}
	c := must(r.CreateCollection(r.ctx, &catalogv1.CreateCollectionRequest{Name: "Everything", Status: shown}))(t).GetCollection()
	add := func(ids []string) error {
		_, err := r.AddCollectionProducts(r.ctx, &catalogv1.AddCollectionProductsRequest{Id: c.GetId(), ProductIds: ids})
		return err
	}
	for chunk := range slices.Chunk(ids[:10_000], 1000) {
		wants(t, "a thousand", add(chunk), nil)
	}
	wants(t, "one more", add(ids[10_000:]), catalog.ErrCollectionFull)
	wants(t, "one that is in it", add(ids[:1]), nil)
	req := &catalogv1.ListStoreProductsRequest{Collection: "everything", Page: &typev1.PageRequest{Limit: 100}}
	at := 0
	for pages := 0; pages < 12; pages++ {
		before := r.db.Statements()
		res := must(r.ListStoreProducts(r.ctx, req))(t)
		if n := r.db.Statements() - before; n > 3 { // and one that tells a connection the tenant
			t.Errorf("page %d takes %d statements", pages, n)
		}
		same(t, "total", res.GetPage().GetTotal(), 10_000)
		for _, p := range res.GetProducts() {
			if p.GetId() != ids[at] {
				t.Fatalf("number %d is %s, want %s", at, p.GetId(), ids[at])
			}
			at++
		}
		req.Page.After = res.GetPage().GetNext()
	}
	same(t, "products walked", at, 1200)
	req.Page = &typev1.PageRequest{Limit: 100, Page: 100}
	last := must(r.ListStoreProducts(r.ctx, req))(t)
	same(t, "the last", last.GetProducts()[len(last.GetProducts())-1].GetId(), ids[9999])
	same(t, "behind the last", len(last.GetPage().GetNext()), 0)
	_, err := r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Collection: "everything", Page: &typev1.PageRequest{After: []byte("x")}})
	if err == nil {
		t.Error("a position of another list was taken")
	}
	if _, err := r.SetCollectionProducts(r.ctx, &catalogv1.SetCollectionProductsRequest{Id: c.GetId(), ProductIds: ids[:1001]}); err == nil {
		t.Error("1001 products at once were taken")
	}
}

// TestRunBuilds: Run builds what is asked for without being asked twice.
func TestRunBuilds(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(catalog.Load(r.ctx, r.db.DB, 1200, time.Now))(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.svc.Run(ctx) }()
	c := r.ruled(t, "Wool", 0, rule("title", "contains", "wool"))
	deadline, look := time.NewTimer(20*time.Second), time.NewTicker(5*time.Millisecond)
	defer deadline.Stop()
	defer look.Stop()
	for must(r.GetCollection(r.ctx, &catalogv1.GetCollectionRequest{Id: c.GetId()}))(t).GetCollection().GetBuilding() {
		select {
		case <-look.C:
		case <-deadline.C:
			t.Fatal("it was never built")
		}
	}
	r.consistent(t, "Run")
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
