package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/catalog"
)

func (r room) brand(t *testing.T, name string) *catalogv1.Brand {
	t.Helper()
	return must(r.CreateBrand(r.ctx, &catalogv1.CreateBrandRequest{Name: name}))(t).GetBrand()
}

func TestBrands(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 5 {
		r.brand(t, fmt.Sprint("Maison ", i))
	}
	b := r.brand(t, "Maison 1")
	same(t, "slug", b.GetSlug(), "maison-1-2")
	same(t, "version", b.GetVersion(), 1)
	for what, try := range map[string]struct {
		req  *catalogv1.CreateBrandRequest
		want error
	}{
		"a taken slug":         {&catalogv1.CreateBrandRequest{Name: "X", Slug: "Maison 1"}, catalog.ErrSlugTaken},
		"an empty name":        {&catalogv1.CreateBrandRequest{Name: "  "}, catalog.ErrTextInvalid},
		"a script as website":  {&catalogv1.CreateBrandRequest{Name: "X", Website: new("javascript:alert(1)")}, catalog.ErrWebsiteInvalid},
		"a path as website":    {&catalogv1.CreateBrandRequest{Name: "X", Website: new("/x")}, catalog.ErrWebsiteInvalid},
		"a password in it":     {&catalogv1.CreateBrandRequest{Name: "X", Website: new("https://a:b@x.example")}, catalog.ErrWebsiteInvalid},
		"a slug like an id":    {&catalogv1.CreateBrandRequest{Name: "X", Slug: id.New().String()}, catalog.ErrSlugInvalid},
		"what cannot be saved": {&catalogv1.CreateBrandRequest{Name: "X\x00"}, catalog.ErrTextInvalid},
	} {
		_, err := r.CreateBrand(r.ctx, try.req)
		wants(t, what, err, try.want)
	}
	_, err := r.UpdateBrand(r.ctx, &catalogv1.UpdateBrandRequest{Id: b.GetId(), Slug: new("maison-1")})
	wants(t, "a change to a taken slug", err, catalog.ErrSlugTaken)
	_, err = r.UpdateBrand(r.ctx, &catalogv1.UpdateBrandRequest{Id: b.GetId(), IfVersion: 2, Name: new("X")})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	_, err = r.UpdateBrand(r.ctx, &catalogv1.UpdateBrandRequest{Id: id.New().String(), Name: new("X")})
	wants(t, "an unknown brand", err, catalog.ErrBrandNotFound)

	req := shirt("Shirt", "S")
	req.BrandId = b.GetId()
	p := r.create(t, req)
	same(t, "brand of the product", p.GetBrand().GetName(), "Maison 1")
	r.documents(t, "a product with a brand")
	changed := must(r.UpdateBrand(r.ctx, &catalogv1.UpdateBrandRequest{Id: b.GetId(), IfVersion: 1, Name: new("Zebra"), Slug: new("zebra"),
		Website: &catalogv1.TextPatch{Value: "https://zebra.example/"}, Description: &catalogv1.TextPatch{Value: "Stripes."}}))(t).GetBrand()
	same(t, "version", changed.GetVersion(), 2)
	same(t, "website", changed.GetWebsite(), "https://zebra.example/")
	again := must(r.UpdateBrand(r.ctx, &catalogv1.UpdateBrandRequest{Id: b.GetId(), Name: new("Zebra")}))(t).GetBrand()
	same(t, "version after a change that changes nothing", again.GetVersion(), 2)
	shop := must(r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}))(t).GetProduct()
	same(t, "name with the product", shop.GetBrand().GetName(), "Zebra")
	same(t, "version of the product", r.read(t, p.GetId()).GetVersion(), 1)
	exported := must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()
	same(t, "name for read models", exported[0].GetBrand().GetSlug(), "zebra")

	r.create(t, shirt("Other", "S"))
	same(t, "found by brand", titles(must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Brand: "zebra"}))(t).GetProducts()), "Shirt")
	same(t, "found by the old slug", titles(must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Brand: "maison-1-2"}))(t).GetProducts()), "")
	same(t, "found by staff", titles(must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{BrandId: b.GetId()}))(t).GetProducts()), "Shirt")
	for _, name := range []string{"zebra", b.GetId()} {
		same(t, "the brand by "+name, must(r.GetStoreBrand(r.ctx, &catalogv1.GetStoreBrandRequest{SlugOrId: name}))(t).GetBrand().GetName(), "Zebra")
	}
	walked := ""
	page := &catalogv1.ListStoreBrandsRequest{Page: &typev1.PageRequest{Limit: 4}}
	for range 2 {
		res := must(r.ListStoreBrands(r.ctx, page))(t)
		for _, x := range res.GetBrands() {
			walked += x.GetName() + "|"
		}
		page.Page.After = res.GetPage().GetNext()
	}
	same(t, "by name", walked, "Maison 0|Maison 1|Maison 2|Maison 3|Maison 4|Zebra|")
	same(t, "found", len(must(r.ListBrands(r.ctx, &catalogv1.ListBrandsRequest{Q: "ZEB"}))(t).GetBrands()), 1)

	_, err = r.DeleteBrand(r.ctx, &catalogv1.DeleteBrandRequest{Id: b.GetId()})
	wants(t, "deleting a brand in use", err, catalog.ErrBrandInUse)
	var f *fault.Fault
	if !errors.As(err, &f) || len(f.Objects()) != 1 || fmt.Sprint(f.Objects()[0]["products"]) != "1" {
		t.Errorf("the refusal does not say how many: %v", err)
	}
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), BrandId: &catalogv1.TextPatch{Clear: true}}))(t)
	if now := r.read(t, p.GetId()); now.GetBrand() != nil || now.GetVersion() != 2 {
		t.Errorf("got %v", now)
	}
	must(r.DeleteBrand(r.ctx, &catalogv1.DeleteBrandRequest{Id: b.GetId(), IfVersion: 2}))(t)
	_, err = r.GetStoreBrand(r.ctx, &catalogv1.GetStoreBrandRequest{SlugOrId: "zebra"})
	wants(t, "a deleted brand", err, catalog.ErrBrandNotFound)
	for _, brand := range []string{b.GetId(), id.New().String()} {
		_, err = r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), BrandId: &catalogv1.TextPatch{Value: brand}})
		wants(t, "a brand that is not there", err, catalog.ErrBrandUnknown)
		if !errors.As(err, &f) || len(f.Fields()) != 1 || f.Fields()[0].Field != "brandId" {
			t.Errorf("the refusal does not name the field: %v", err)
		}
		req := shirt("Orphan", "S")
		req.BrandId = brand
		_, err = r.CreateProduct(r.ctx, req)
		wants(t, "a product of a brand that is not there", err, catalog.ErrBrandUnknown)
	}
	same(t, "products", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 2)
}

// TestBrandsOfOthers asks for everything of a brand from another shop.
func TestBrandsOfOthers(t *testing.T) {
	t.Parallel()
	r := open(t)
	b, other := r.brand(t, "Maison"), r.elsewhere(t)
	_, err := r.GetBrand(other, &catalogv1.GetBrandRequest{Id: b.GetId()})
	wants(t, "reading it", err, catalog.ErrBrandNotFound)
	_, err = r.UpdateBrand(other, &catalogv1.UpdateBrandRequest{Id: b.GetId(), Name: new("Mine")})
	wants(t, "changing it", err, catalog.ErrBrandNotFound)
	_, err = r.DeleteBrand(other, &catalogv1.DeleteBrandRequest{Id: b.GetId()})
	wants(t, "deleting it", err, catalog.ErrBrandNotFound)
	req := shirt("Shirt", "S")
	req.BrandId = b.GetId()
	_, err = r.CreateProduct(other, req)
	wants(t, "a product of it", err, catalog.ErrBrandUnknown)
	same(t, "brands there", len(must(r.ListStoreBrands(other, &catalogv1.ListStoreBrandsRequest{}))(t).GetBrands()), 0)
	same(t, "the same slug there", must(r.CreateBrand(other, &catalogv1.CreateBrandRequest{Name: "Maison"}))(t).GetBrand().GetSlug(), "maison")
}

// TestBrandsAtOnce makes brands of one name and gives brands to products while they are deleted.
func TestBrandsAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	const people = 8
	var wg sync.WaitGroup
	var slugs sync.Map
	for range people {
		wg.Go(func() {
			made, err := r.CreateBrand(r.ctx, &catalogv1.CreateBrandRequest{Name: "One name"})
			if err != nil {
				t.Errorf("one name: %v", err)
				return
			}
			if _, double := slugs.LoadOrStore(made.GetBrand().GetSlug(), true); double {
				t.Errorf("%s was given twice", made.GetBrand().GetSlug())
			}
		})
	}
	wg.Wait()
	for range 5 {
		b, p := r.brand(t, "Doomed"), r.create(t, shirt("Shirt", "S"))
		var taken, deleted error
		wg.Go(func() {
			_, taken = r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), BrandId: &catalogv1.TextPatch{Value: b.GetId()}})
		})
		wg.Go(func() { _, deleted = r.DeleteBrand(r.ctx, &catalogv1.DeleteBrandRequest{Id: b.GetId()}) })
		wg.Wait()
		switch {
		case taken == nil && errors.Is(deleted, catalog.ErrBrandInUse):
			same(t, "brand", r.read(t, p.GetId()).GetBrand().GetId(), b.GetId())
		case deleted == nil && errors.Is(taken, catalog.ErrBrandUnknown):
			same(t, "brand", r.read(t, p.GetId()).GetBrand().GetId(), "")
		default:
			t.Fatalf("one of the two has to be refused: %v, %v", taken, deleted)
		}
	}
	if long := r.brand(t, strings.Repeat("é", 512)); len(long.GetSlug()) > 512 {
		t.Errorf("a slug of %d characters", len(long.GetSlug()))
	}
}
