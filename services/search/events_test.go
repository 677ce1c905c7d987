package search

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

func productEvent(t testing.TB, p *catalogv1.Product, what string) bus.Event {
	t.Helper()
	return bus.Event{ID: id.New(), Subject: "evt.catalog.product." + what, Tenant: tenant.Default(), Aggregate: must(id.Parse(p.GetId()))(t),
		Sequence: p.GetVersion()}
}

func (r room) total(t testing.TB, q string) int64 {
	t.Helper()
	return r.search(t, &searchv1.SearchProductsRequest{Q: q}).GetPage().GetTotal()
}

func TestEventsReachTheIndex(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js, r.Consumers()...)

	p := product("Linen shirt", priced(false, 100))
	p.Variants[0].Sku = "LS-1"
	change := func(what string, change func()) {
		change()
		p.Version++
		r.shelf.put(tenant.Default(), p)
		e := productEvent(t, p, what)
		bustest.Publish(t, js, e)
	}
	change("created", func() {})
	eventually(t, "a new product is found", func() bool { return r.total(t, "linen") == 1 })
	started := time.Now()
	change("updated", func() { p.Title = "Hemp shirt" })
	eventually(t, "the new title is found", func() bool { return r.total(t, "hemp") == 1 })
	lag := time.Since(started)
	t.Logf("lag %s", lag)
	if lag > time.Second {
		t.Errorf("a change is seen after %s, the contract says a second", lag)
	}
	// The word is in the lexicon still, and must not lead anywhere.
	if r.total(t, "linen") != 0 {
		t.Error("the old title is found")
	}
	change("availability_changed", func() { p.Variants[0].Available = true; p.Version-- })
	eventually(t, "it is in stock", func() bool {
		return r.search(t, &searchv1.SearchProductsRequest{Q: "hemp"}).GetFacets().GetInStock() == 1
	})
	change("updated", func() { p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED })
	eventually(t, "an archived product is gone", func() bool { return r.total(t, "hemp") == 0 })
	change("updated", func() { p.Status = catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED })
	eventually(t, "a published product is back", func() bool { return r.total(t, "hemp") == 1 })
	r.shelf.drop(tenant.Default(), p.GetId())
	bustest.Publish(t, js, productEvent(t, p, "deleted"))
	eventually(t, "a deleted product is gone", func() bool { return r.total(t, "") == 0 })
	if n := r.number(t, "select count(*) from bodies"); n != 0 {
		t.Errorf("%d bodies are left", n)
	}

	// A tenant that was never heard of.
	other := id.New()
	theirs := product("Foreign cup")
	r.shelf.put(other, theirs)
	e := productEvent(t, theirs, "created")
	e.Tenant = other
	bustest.Publish(t, js, e)
	eventually(t, "a new tenant's product is found", func() bool {
		res, err := r.client.SearchProducts(tenant.With(t.Context(), other), &searchv1.SearchProductsRequest{Q: "cup"})
		return err == nil && len(res.GetHits()) == 1
	})
	if r.total(t, "cup") != 0 {
		t.Error("it is found by another tenant")
	}
}

func TestTaxonomyEventsRefreshTheirProducts(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	shirts := category("shirts", "Shirts")
	a, b, c := product("A", in(shirts)), product("B", in(shirts)), product("C")
	r.stock(t, a, b, c)
	bustest.Run(t, r.db, js, r.Consumers()...)
	for _, p := range []*catalogv1.Product{a, b} {
		p.Categories[0] = &catalogv1.CategoryRef{Id: shirts.GetId(), Slug: "tops", Name: "Tops"}
	}
	r.shelf.put(tenant.Default(), a, b)
	body := must(proto.Marshal(&catalogv1.TaxonomyUpdated{CategoryId: shirts.GetId()}))(t)
	bustest.Publish(t, js, bus.Event{ID: id.New(), Subject: "evt.catalog.taxonomy.updated", Tenant: tenant.Default(),
		Aggregate: must(id.Parse(shirts.GetId()))(t), Sequence: 2, Body: body})
	eventually(t, "the category has its new name", func() bool {
		f := r.search(t, &searchv1.SearchProductsRequest{Categories: []string{"tops"}}).GetFacets().GetCategories()
		return len(f) == 1 && f[0].GetName() == "Tops" && f[0].GetCount() == 2
	})
	r.finds(t, &searchv1.SearchProductsRequest{Categories: []string{"shirts"}})
}

// brandEvent says that a brand has changed.
func brandEvent(t testing.TB, b *catalogv1.BrandRef) bus.Event {
	t.Helper()
	return bus.Event{
		ID: id.New(), Subject: "evt.catalog.taxonomy.updated", Tenant: tenant.Default(), Aggregate: must(id.Parse(b.GetId()))(t), Sequence: 2,
		Body: must(proto.Marshal(&catalogv1.TaxonomyUpdated{BrandId: b.GetId()}))(t),
	}
}

func TestARenamedBrandIsFound(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	maison := brand("maison", "Maison")
	a, b := product("A", branded(maison)), product("B")
	r.stock(t, a, b)
	bustest.Run(t, r.db, js, r.Consumers()...)
	a.Brand = &catalogv1.BrandRef{Id: maison.GetId(), Slug: "casa", Name: "Casa"}
	r.shelf.put(tenant.Default(), a)
	bustest.Publish(t, js, brandEvent(t, maison))
	eventually(t, "the brand has its new name", func() bool {
		f := r.search(t, &searchv1.SearchProductsRequest{Brands: []string{"casa"}}).GetFacets().GetBrands()
		return len(f) == 1 && f[0].GetName() == "Casa" && f[0].GetCount() == 1
	})
	r.finds(t, &searchv1.SearchProductsRequest{Brands: []string{"maison"}})
	r.finds(t, &searchv1.SearchProductsRequest{Q: "casa"}, "A")
}

// The brand is renamed while a product that shows it has been read and is not yet written: whoever looks for the brand's
// products then does not find it.
func TestARenameThatMeetsANewProduct(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	maison := brand("maison", "Maison")
	p := product("A", branded(maison))
	r.shelf.put(tenant.Default(), p)
	renamed := proto.CloneOf(p)
	renamed.Brand.Slug, renamed.Brand.Name = "casa", "Casa"
	rename := brandEvent(t, maison)
	overtaken := make(chan struct{})
	consumers := r.Consumers()
	for i := range consumers {
		after := consumers[i].After
		consumers[i].After = func(ctx context.Context, e bus.Event) {
			if after != nil {
				after(ctx, e)
			}
			if e.ID == rename.ID {
				close(overtaken)
			}
		}
	}
	var once sync.Once
	r.shelf.hook(nil, func(*catalogv1.ExportProductsRequest) {
		once.Do(func() {
			r.shelf.put(tenant.Default(), renamed)
			bustest.Publish(t, js, rename)
			select {
			case <-overtaken:
			case <-time.After(200 * time.Millisecond): // it waits for its turn, as it should
			}
		})
	})
	bustest.Run(t, r.db, js, consumers...)
	bustest.Publish(t, js, productEvent(t, p, "created"))
	eventually(t, "the brand has its new name", func() bool {
		f := r.search(t, &searchv1.SearchProductsRequest{}).GetFacets().GetBrands()
		return len(f) == 1 && f[0].GetName() == "Casa"
	})
}

// The same, with a product that only the first rebuild knows of.
func TestARenameThatMeetsTheFirstRebuild(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	js := bustest.Start(t)
	maison := brand("maison", "Maison")
	p := product("A", branded(maison))
	r.shelf.put(tenant.Default(), p)
	renamed := proto.CloneOf(p)
	renamed.Brand.Slug, renamed.Brand.Name = "casa", "Casa"
	handled := make(chan struct{})
	consumers := r.Consumers()
	consumers[0].After = func(context.Context, bus.Event) { close(handled) }
	bustest.Run(t, r.db, js, consumers...)
	var once sync.Once
	r.shelf.hook(nil, func(*catalogv1.ExportProductsRequest) {
		once.Do(func() {
			r.shelf.put(tenant.Default(), renamed)
			bustest.Publish(t, js, brandEvent(t, maison))
			<-handled
		})
	})
	r.rebuild(t)
	r.run(t)
	eventually(t, "the brand has its new name", func() bool {
		f := r.search(t, &searchv1.SearchProductsRequest{}).GetFacets().GetBrands()
		return len(f) == 1 && f[0].GetName() == "Casa"
	})
}

// With too many products the event asks for a rebuild, and Run does it.
func TestALargeCategoryIsRebuilt(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.cfg.ExportPage = 1000
	js := bustest.Start(t)
	shirts := category("shirts", "Shirts")
	var all []*catalogv1.Product
	for range refreshed + 1 {
		all = append(all, product("A", in(shirts)))
	}
	r.stock(t, all...)
	bustest.Run(t, r.db, js, r.Consumers()...)
	r.run(t)
	for _, p := range all {
		p.Categories[0] = &catalogv1.CategoryRef{Id: shirts.GetId(), Slug: "tops", Name: "Tops"}
	}
	r.shelf.put(tenant.Default(), all...)
	body := must(proto.Marshal(&catalogv1.TaxonomyUpdated{CategoryId: shirts.GetId()}))(t)
	bustest.Publish(t, js, bus.Event{ID: id.New(), Subject: "evt.catalog.taxonomy.updated", Tenant: tenant.Default(),
		Aggregate: must(id.Parse(shirts.GetId()))(t), Sequence: 2, Body: body})
	eventually(t, "all have the new category", func() bool {
		return r.search(t, &searchv1.SearchProductsRequest{Categories: []string{"tops"}}).GetPage().GetTotal() == refreshed+1
	})
}

// run runs the room until the test ends.
func (r room) run(t testing.TB) {
	t.Helper()
	done := make(chan error, 1)
	ctx := t.Context() // ends before the clean-up
	go func() { done <- r.Run(ctx) }()
	t.Cleanup(func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestConsumerNames(t *testing.T) {
	t.Parallel()
	var names []string
	for _, c := range newRoom(t).Consumers() {
		names = append(names, c.Name)
	}
	if want := []string{"search-index", "search-tenants"}; !slices.Equal(names, want) {
		t.Errorf("durable names are %q; renaming one reads 30 days of events again", names)
	}
}
