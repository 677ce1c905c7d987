package catalog_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/services/catalog"
)

// names are what a product shows of its brand, categories and tags.
func names(p *catalogv1.Product) string {
	var out []string
	if b := p.GetBrand(); b != nil {
		out = append(out, b.GetName())
	}
	for _, c := range p.GetCategories() {
		out = append(out, c.GetName())
	}
	for _, one := range p.GetTags() {
		out = append(out, one.GetName())
	}
	return strings.Join(out, ", ")
}

// TestNamesAreNeverOlder renames through one process and reads through another, which remembers names: what a change has
// answered is what the next read shows, whatever is remembered.
func TestNamesAreNeverOlder(t *testing.T) {
	t.Parallel()
	r := open(t)
	var ticks atomic.Int64 // so much time goes by between any two reads that names may be learned again
	later := func() time.Time { return time.Now().Add(time.Duration(ticks.Add(1)) * time.Second) }
	other := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: r.db.DB, Logger: slog.New(slog.DiscardHandler), Now: later}))(t)
	first, second := r.category(t, "Shirts", ""), r.category(t, "Summer", "")
	brand := must(r.CreateBrand(r.ctx, &catalogv1.CreateBrandRequest{Name: "Maison"}))(t).GetBrand()
	tag := must(r.CreateTag(r.ctx, &catalogv1.CreateTagRequest{Name: "linen"}))(t).GetTag()
	req := shirt("Linen shirt", "S")
	req.CategoryIds, req.TagIds, req.BrandId = []string{second.GetId(), first.GetId()}, []string{tag.GetId()}, brand.GetId()
	p := r.create(t, req)
	shows := func(want string) {
		t.Helper()
		for range 2 { // from the database, and from memory
			for _, svc := range []*catalog.Service{r.svc, other} {
				one := must(svc.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}))(t).GetProduct()
				same(t, "the product", names(one), want)
				spoken := must(svc.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug(), Locales: []string{"fr"}}))(t).GetProduct()
				same(t, "the product in French", names(spoken), want)
				list := must(svc.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{}))(t).GetProducts()
				same(t, "the list", names(list[0]), want)
			}
			if !catalog.Remembers(r.ctx, other) {
				t.Error("names are not remembered")
			}
		}
	}
	shows("Maison, Shirts, Summer, linen")
	for i := range 12 {
		name := fmt.Sprint("Shirts ", i)
		must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: first.GetId(), Name: &name}))(t)
		shows("Maison, " + name + ", Summer, linen")
	}
	must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: first.GetId(), Position: new(int32(7))}))(t)
	shows("Maison, Summer, Shirts 11, linen")
	linen := "flax"
	must(r.UpdateTag(r.ctx, &catalogv1.UpdateTagRequest{Id: tag.GetId(), Name: &linen}))(t)
	house := "House"
	must(r.UpdateBrand(r.ctx, &catalogv1.UpdateBrandRequest{Id: brand.GetId(), Name: &house}))(t)
	shows("House, Summer, Shirts 11, flax")
	must(catalog.FoldCounts(r.ctx, r.svc))(t)
	shows("House, Summer, Shirts 11, flax")
	must(r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: second.GetId()}))(t)
	must(r.DeleteTag(r.ctx, &catalogv1.DeleteTagRequest{Id: tag.GetId()}))(t)
	shows("House, Shirts 11")
	// Another shop has names of its own.
	elsewhere := r.elsewhere(t)
	if list := must(other.ListStoreProducts(elsewhere, &catalogv1.ListStoreProductsRequest{}))(t).GetProducts(); len(list) != 0 {
		t.Errorf("another shop sees %d products", len(list))
	}
}

// TestMoreNamesThanAreRemembered reads a product of a shop with very many tags: they are not gone through at every read.
func TestMoreNamesThanAreRemembered(t *testing.T) {
	t.Parallel()
	var ticks atomic.Int64
	r := openAt(t, func() time.Time { return time.Now().Add(time.Duration(ticks.Add(1)) * time.Millisecond) })
	p := r.create(t, shirt("Linen shirt", "S"))
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec(`insert into tags (id, slug, name, name_key, ref, version, created_at, updated_at)
			select gen_random_uuid(), 'tag-' || n, 'Tag ' || n, 'tag ' || n, ''::bytea, 1, now(), now() from generate_series(1, 20001) n`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	read := func() {
		must(r.svc.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}))(t)
		ticks.Add(1000) // long enough to learn them again, were they few
	}
	read()
	before := r.db.Statements()
	for range 5 {
		read()
	}
	if n := r.db.Statements() - before; n > 5 {
		t.Errorf("5 reads take %d statements", n)
	}
	if catalog.Remembers(r.ctx, r.svc) {
		t.Error("they are remembered")
	}
}
