package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/services/catalog"
)

func titles(products []*catalogv1.Product) string {
	var out []string
	for _, p := range products {
		out = append(out, p.GetTitle())
	}
	return strings.Join(out, ", ")
}

func TestListStoreProducts(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Clothing", "")
	below := r.category(t, "Shirts", top.GetId())
	tag := r.tag(t, "Linen")
	for i, p := range []struct {
		title    string
		prices   []int64
		stock    int64
		category string
		tags     []string
	}{
		{"Écharpe rouge", []int64{500, 9000}, 1, top.GetId(), nil},
		{"Blue 100%_shirt", []int64{1000}, 0, below.GetId(), []string{tag.GetId()}},
		{"Apron", []int64{3000}, 1, "", []string{tag.GetId()}},
	} {
		req := &catalogv1.CreateProductRequest{Title: p.title, Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, TagIds: p.tags}
		if p.category != "" {
			req.CategoryIds = []string{p.category}
		}
		for j, price := range p.prices {
			req.Variants = append(req.Variants, &catalogv1.VariantInput{Sku: fmt.Sprint(i, "-", j), Price: euros(price), InitialStock: p.stock, WeightGrams: new(int64(5))})
		}
		r.create(t, req)
	}
	r.create(t, &catalogv1.CreateProductRequest{Title: "Draft", TagIds: []string{tag.GetId()}})
	for name, try := range map[string]struct {
		req  *catalogv1.ListStoreProductsRequest
		want string
	}{
		"newest":                   {&catalogv1.ListStoreProductsRequest{}, "Apron, Blue 100%_shirt, Écharpe rouge"},
		"oldest":                   {&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_OLDEST}, "Écharpe rouge, Blue 100%_shirt, Apron"},
		"title":                    {&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE}, "Apron, Blue 100%_shirt, Écharpe rouge"},
		"title descending":         {&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE_DESC}, "Écharpe rouge, Blue 100%_shirt, Apron"},
		"price":                    {&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_PRICE}, "Écharpe rouge, Blue 100%_shirt, Apron"},
		"price descending":         {&catalogv1.ListStoreProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_PRICE_DESC}, "Apron, Blue 100%_shirt, Écharpe rouge"},
		"words in any order":       {&catalogv1.ListStoreProductsRequest{Q: "ROUGE echarp"}, "Écharpe rouge"},
		"signs for themselves":     {&catalogv1.ListStoreProductsRequest{Q: "%_"}, "Blue 100%_shirt"},
		"a nul":                    {&catalogv1.ListStoreProductsRequest{Q: "\x00"}, ""},
		"a category and below":     {&catalogv1.ListStoreProductsRequest{CategoryId: top.GetId()}, "Blue 100%_shirt, Écharpe rouge"},
		"a category":               {&catalogv1.ListStoreProductsRequest{CategoryId: below.GetId()}, "Blue 100%_shirt"},
		"an unknown category":      {&catalogv1.ListStoreProductsRequest{CategoryId: id.New().String()}, ""},
		"a tag":                    {&catalogv1.ListStoreProductsRequest{Tag: "linen"}, "Apron, Blue 100%_shirt"},
		"a tag and a price":        {&catalogv1.ListStoreProductsRequest{Tag: "linen", MinPrice: new(int64(1001))}, "Apron"},
		"a range one price is in":  {&catalogv1.ListStoreProductsRequest{MinPrice: new(int64(501)), MaxPrice: new(int64(8999))}, "Apron, Blue 100%_shirt"},
		"at least":                 {&catalogv1.ListStoreProductsRequest{MinPrice: new(int64(9000))}, "Écharpe rouge"},
		"at most":                  {&catalogv1.ListStoreProductsRequest{MaxPrice: new(int64(0))}, ""},
		"in stock":                 {&catalogv1.ListStoreProductsRequest{InStock: new(true)}, "Apron, Écharpe rouge"},
		"not in stock":             {&catalogv1.ListStoreProductsRequest{InStock: new(false)}, "Blue 100%_shirt"},
		"the second page":          {&catalogv1.ListStoreProductsRequest{Page: &typev1.PageRequest{Page: 2, Limit: 2}}, "Écharpe rouge"},
		"a page behind the end":    {&catalogv1.ListStoreProductsRequest{Page: &typev1.PageRequest{Page: 9, Limit: 2}}, ""},
		"everything at once":       {&catalogv1.ListStoreProductsRequest{Q: "shirt", CategoryId: top.GetId(), Tag: "linen", MinPrice: new(int64(1)), MaxPrice: new(int64(1000)), InStock: new(false)}, "Blue 100%_shirt"},
		"statements do not escape": {&catalogv1.ListStoreProductsRequest{Q: "'; drop table products; --", Tag: "' or true --"}, ""},
	} {
		res, err := r.ListStoreProducts(pgtest.Context(t), try.req)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := titles(res.GetProducts()); got != try.want {
			t.Errorf("%s: got %q, want %q", name, got, try.want)
		}
		for _, p := range res.GetProducts() {
			for _, v := range p.GetVariants() {
				if v.GetSku() != "" || v.WeightGrams != nil {
					t.Errorf("%s: shoppers see %v", name, v)
				}
			}
		}
	}
}

// TestWalking walks every order by position while products come and go: nothing is skipped and nothing comes twice.
func TestWalking(t *testing.T) {
	t.Parallel()
	r := open(t)
	want := map[string]bool{}
	for i := range 7 {
		// Equal titles and prices, and products without any price, are where positions go wrong.
		p := r.create(t, &catalogv1.CreateProductRequest{Title: fmt.Sprint("T", i/3), Variants: []*catalogv1.VariantInput{{Price: euros(int64(i / 4))}}})
		if i%3 == 0 {
			must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId()}))(t)
		}
		want[p.GetId()] = true
	}
	must(0, r.db.Write(r.ctx, func(w *pg.Writes) error { // and so is what was made in one moment, or nearly
		w.Exec("update products set created_at = $1::timestamptz + (('x' || right(id::text, 1))::bit(4)::int % 2) * interval '1 microsecond'", time.Now())
		return nil
	}))(t)
	for sort := range catalogv1.ProductSort_name {
		seen := map[string]bool{}
		var prices []int64
		req := &catalogv1.ListProductsRequest{Sort: catalogv1.ProductSort(sort), Page: &typev1.PageRequest{Limit: 2}}
		for pages := 0; ; pages++ {
			res := must(r.ListProducts(r.ctx, req))(t)
			for _, p := range res.GetProducts() {
				if seen[p.GetId()] {
					t.Errorf("sort %d: %s came twice", sort, p.GetId())
				}
				seen[p.GetId()] = true
				if v := p.GetVariants(); len(v) > 0 {
					prices = append(prices, v[0].GetPrice().GetAmount())
				} else {
					prices = append(prices, -1)
				}
			}
			if len(res.GetPage().GetNext()) == 0 || pages > 5 {
				break
			}
			req.Page.After = res.GetPage().GetNext()
		}
		for p := range want {
			if !seen[p] {
				t.Errorf("sort %d: %s never came", sort, p)
			}
		}
		ascending := slices.DeleteFunc(slices.Clone(prices), func(n int64) bool { return n < 0 })
		if sort == int32(catalogv1.ProductSort_PRODUCT_SORT_PRICE) && (!slices.IsSorted(ascending) || prices[len(prices)-1] != -1) {
			t.Errorf("by price: %v", prices)
		}
		slices.Reverse(ascending)
		if sort == int32(catalogv1.ProductSort_PRODUCT_SORT_PRICE_DESC) && (!slices.IsSorted(ascending) || prices[len(prices)-1] != -1) {
			t.Errorf("by price descending: %v", prices)
		}
	}
	first := must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{Page: &typev1.PageRequest{Limit: 2}}))(t)
	_, err := r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE, Page: &typev1.PageRequest{After: first.GetPage().GetNext()}})
	wants(t, "a position of another order", err, page.ErrBadCursor)
	same(t, "total", first.GetPage().GetTotal(), 7)
}

func TestListProductsForStaff(t *testing.T) {
	t.Parallel()
	r := open(t)
	c := r.category(t, "Clothing", "")
	below := r.category(t, "Shirts", c.GetId())
	tag := r.tag(t, "Linen")
	a := r.create(t, &catalogv1.CreateProductRequest{Title: "Alpha one", CategoryIds: []string{c.GetId()}, TagIds: []string{tag.GetId()}})
	req := shirt("Beta two", "S")
	req.CategoryIds = []string{below.GetId()}
	b := r.create(t, req)
	for name, try := range map[string]struct {
		req  *catalogv1.ListProductsRequest
		want string
	}{
		"all":      {&catalogv1.ListProductsRequest{}, "Beta two, Alpha one"},
		"status":   {&catalogv1.ListProductsRequest{Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT}, "Alpha one"},
		"part":     {&catalogv1.ListProductsRequest{Q: "A ONE"}, "Alpha one"},
		"phrase":   {&catalogv1.ListProductsRequest{Q: "one alpha"}, ""},
		"sku":      {&catalogv1.ListProductsRequest{Sku: b.GetVariants()[0].GetSku()}, "Beta two"},
		"category": {&catalogv1.ListProductsRequest{CategoryId: c.GetId()}, "Alpha one"},
		"tag":      {&catalogv1.ListProductsRequest{TagId: tag.GetId()}, "Alpha one"},
	} {
		if got := titles(must(r.ListProducts(r.ctx, try.req))(t).GetProducts()); got != try.want {
			t.Errorf("%s: got %q, want %q", name, got, try.want)
		}
	}
	same(t, "SKU for staff", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{Sku: a.GetVariants()[0].GetSku()}))(t).GetProducts()[0].GetVariants()[0].GetSku(), a.GetVariants()[0].GetSku())
}

func TestOneRoundTrip(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, shirt("Linen shirt", "S"))
	ctx := pgtest.Context(t)
	pool := r.db
	count := func(what string, most int64, call func() error) {
		t.Helper()
		if err := call(); err != nil { // a connection that has to be told the tenant first
			t.Fatal(err)
		}
		before := pool.Statements()
		if err := call(); err != nil {
			t.Fatal(err)
		}
		if n := pool.Statements() - before; n > most {
			t.Errorf("%s takes %d statements, want %d", what, n, most)
		}
	}
	count("a product by slug", 1, func() error {
		_, err := r.GetStoreProduct(ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()})
		return err
	})
	count("a list", 2, func() error {
		_, err := r.ListStoreProducts(ctx, &catalogv1.ListStoreProductsRequest{Q: "linen"})
		return err
	})
	must(r.svc.CreateAttribute(ctx, &catalogv1.CreateAttributeRequest{Code: "width", Name: "Width", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER, Filterable: true}))(t)
	widths := []*catalogv1.AttributeFilter{{Code: "width", Min: new("1")}}
	for range 2 { // also once the total is known
		count("a list with a filter", 2, func() error {
			_, err := r.ListStoreProducts(ctx, &catalogv1.ListStoreProductsRequest{Attributes: widths})
			return err
		})
	}
	count("variants in a language", 1, func() error {
		_, err := r.ResolveVariants(ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[0].GetId()}, Locales: []string{"de", "fr"}})
		return err
	})
	count("variants", 1, func() error {
		_, err := r.ResolveVariants(ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[0].GetId()}})
		return err
	})
}

func TestResolveAndExport(t *testing.T) {
	t.Parallel()
	r := open(t)
	req := shirt("Linen shirt", "S", "M")
	req.Images = []*catalogv1.ImageInput{picture("front"), picture("back")}
	req.Variants[1].WeightGrams = new(int64(200))
	p := r.create(t, req)
	hidden := r.create(t, &catalogv1.CreateProductRequest{Title: "Draft"})
	res := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{
		Ids: []string{p.GetVariants()[1].GetId(), hidden.GetVariants()[0].GetId(), id.New().String()},
	}))(t)
	same(t, "variants", len(res.GetVariants()), 2)
	for _, v := range res.GetVariants() {
		if v.GetId() == hidden.GetVariants()[0].GetId() {
			if v.GetSellable() || v.GetImage() != nil {
				t.Errorf("got %v", v)
			}
			continue
		}
		if !v.GetSellable() || v.GetProductId() != p.GetId() || v.GetProductSlug() != p.GetSlug() || v.GetProductTitle() != "Linen shirt" || v.GetVariantTitle() != "M" ||
			v.GetSku() != "linen-shirt-m" || v.GetOptions()["size"] != "M" || v.GetPrice().GetAmount() != 2000 || v.GetWeightGrams() != 200 || v.GetImage().GetAlt() != "front" {
			t.Errorf("got %v", v)
		}
	}

	// A page that would not fit through a door ends early, and the next goes on behind it.
	for i := range 15 {
		r.create(t, &catalogv1.CreateProductRequest{Title: fmt.Sprint("Long ", i), Description: new(strings.Repeat("日", 99_000))})
	}
	var seen []string
	after := ""
	for {
		export := must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{AfterId: after, Limit: 1000}))(t)
		if proto.Size(export) > 4<<20 {
			t.Errorf("a page of %d bytes", proto.Size(export))
		}
		if len(export.GetProducts()) == 0 {
			break
		}
		for _, e := range export.GetProducts() {
			seen = append(seen, e.GetId())
			after = e.GetId()
		}
	}
	if len(seen) != 17 || !slices.IsSorted(seen) {
		t.Errorf("exported %d, sorted %v", len(seen), slices.IsSorted(seen))
	}
	some := must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{Ids: []string{hidden.GetId(), id.New().String()}}))(t)
	same(t, "products by id", titles(some.GetProducts()), "Draft")
}

func TestLoad(t *testing.T) {
	t.Parallel()
	r := open(t)
	first := must(catalog.Load(r.ctx, r.db.DB, 30, time.Now))(t)
	again := must(catalog.Load(r.ctx, r.db.DB, 30, time.Now))(t)
	if len(first) == 0 || !slices.Equal(first, again) {
		t.Errorf("%d variants, then %d", len(first), len(again))
	}
	must(catalog.Load(r.ctx, r.db.DB, 1500, time.Now))(t)
	r.documents(t, "loading")
	list := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Tag: "bench-tag-01"}))(t)
	same(t, "all products", must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{}))(t).GetPage().GetTotal(), 1500)
	if list.GetPage().GetTotal() == 0 || len(list.GetProducts()[0].GetCategories()) != 1 {
		t.Errorf("got %v", list.GetProducts())
	}
}
