package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

// documents holds the room to its documents being what its rows say.
func (r room) documents(t *testing.T, after string) {
	t.Helper()
	if err := catalog.CheckDocuments(r.ctx, r.db.DB); err != nil {
		t.Errorf("after %s: %v", after, err)
	}
}

func picture(alt string) *catalogv1.ImageInput {
	return &catalogv1.ImageInput{Id: id.New().String(), Url: "/media/" + alt, Alt: alt, Width: 4, Height: 3}
}

// TestProductLife walks a product through every command, and after each holds the documents, the version and the
// answers of staff and shop to each other.
func TestProductLife(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Clothing", "")
	shirts := r.category(t, "Shirts", top.GetId())
	linen := r.tag(t, "Linen")
	req := shirt("Écharpe à Pois", "S", "M")
	maison := r.brand(t, "Maison")
	req.Description, req.BrandId = new("Long."), maison.GetId()
	req.Images = []*catalogv1.ImageInput{picture("front"), picture("back")}
	req.CategoryIds, req.TagIds = []string{shirts.GetId(), top.GetId(), shirts.GetId()}, []string{linen.GetId()}
	req.Variants[0].CompareAtPrice, req.Variants[0].WeightGrams = euros(2000), new(int64(120))
	p := r.create(t, req)
	same(t, "slug", p.GetSlug(), "echarpe-a-pois")
	same(t, "SKU", p.GetVariants()[1].GetSku(), "echarpe-a-pois-m")
	same(t, "title of a variant", p.GetVariants()[1].GetTitle(), "M")
	same(t, "brand", p.GetBrand().GetSlug(), "maison")
	same(t, "version", p.GetVersion(), 1)
	same(t, "categories", len(p.GetCategories()), 2)
	same(t, "pictures", p.GetImages()[1].GetAlt(), "back")
	same(t, "tag", p.GetTags()[0].GetSlug(), "linen")
	version := p.GetVersion()

	check := func(what string, changed bool) *catalogv1.Product {
		t.Helper()
		r.documents(t, what)
		now := r.read(t, p.GetId())
		if changed {
			version++
		}
		same(t, "version after "+what, now.GetVersion(), version)
		shop := must(r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: now.GetSlug()}))(t).GetProduct()
		for _, v := range now.GetVariants() {
			v.Sku, v.WeightGrams = "", nil
		}
		if !proto.Equal(shop, now) {
			t.Errorf("after %s the shop shows\n%v\nand staff see\n%v", what, shop, now)
		}
		return r.read(t, p.GetId())
	}
	check("create", false)

	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{
		Id: p.GetId(), IfVersion: version, Title: new("Scarf"), Slug: new("The Scarf"), BrandId: &catalogv1.TextPatch{Clear: true},
		SeoTitle: &catalogv1.TextPatch{Value: "Buy it"},
	}))(t)
	now := check("a change", true)
	if now.Brand != nil || now.GetSlug() != "the-scarf" || now.GetDescription() != "Long." || now.GetSeoTitle() != "Buy it" {
		t.Errorf("got %v", now)
	}
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("Scarf")}))(t)
	check("a change that changes nothing", false)

	added := must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: sized("XL", 500)}))(t).GetVariant()
	now = check("a new variant", true)
	same(t, "options", strings.Join(now.GetOptions()[0].GetValues(), " "), "S M XL")
	same(t, "its place", now.GetVariants()[2].GetId(), added.GetId())
	changed := must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{
		ProductId: p.GetId(), Id: added.GetId(), IfVersion: 1, Price: euros(450), CompareAtPrice: euros(600), Position: new(int32(0)), Options: map[string]string{"size": "XXL"},
	}))(t).GetVariant()
	same(t, "version of the variant", changed.GetVersion(), 2)
	now = check("a changed variant", true)
	if v := now.GetVariants()[1]; v.GetId() != added.GetId() || v.GetPrice().GetAmount() != 450 || v.GetCompareAtPrice().GetAmount() != 600 || v.GetOptions()["size"] != "XXL" {
		t.Errorf("got %v", v)
	}
	must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: added.GetId(), ClearCompareAtPrice: true, WeightGrams: new(int64(9))}))(t)
	if now = check("a cleared price", true); now.GetVariants()[1].CompareAtPrice != nil {
		t.Error("the price to strike through stayed")
	}
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: added.GetId()}))(t)
	check("a deleted variant", true)
	_, err := r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: added.GetId()})
	wants(t, "deleting it twice", err, catalog.ErrVariantNotFound)

	side := picture("side")
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{side}, Append: true}))(t)
	now = check("one picture more", true)
	same(t, "pictures", len(now.GetImages()), 3)
	_, err = r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{side}, Append: true})
	wants(t, "the same picture again", err, catalog.ErrImageAttached)
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{side, picture("top"), side}}))(t)
	now = check("other pictures", true)
	same(t, "cover", now.GetImages()[0].GetAlt(), "side")
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), RemoveIds: []string{side.GetId()}}))(t)
	now = check("one picture less", true)
	same(t, "pictures", len(now.GetImages()), 1)
	_, err = r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), RemoveIds: []string{side.GetId()}})
	wants(t, "a picture it does not show", err, catalog.ErrImageNotFound)

	must(r.SetProductCategories(r.ctx, &catalogv1.SetProductCategoriesRequest{ProductId: p.GetId(), CategoryIds: []string{top.GetId(), top.GetId()}}))(t)
	now = check("other categories", true)
	same(t, "categories", len(now.GetCategories()), 1)
	must(r.SetProductTags(r.ctx, &catalogv1.SetProductTagsRequest{ProductId: p.GetId()}))(t)
	now = check("no tags", true)
	same(t, "tags", len(now.GetTags()), 0)
	_, err = r.SetProductTags(r.ctx, &catalogv1.SetProductTagsRequest{ProductId: p.GetId(), TagIds: []string{linen.GetId(), id.New().String()}})
	wants(t, "an unknown tag", err, catalog.ErrTagUnknown)
	if f := fault.From(err).Fields(); len(f) != 1 || f[0].Field != "tagIds[1]" {
		t.Errorf("it names %v", f)
	}

	// Renaming a category is seen with the product, which is not written for it.
	must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: top.GetId(), Name: new("Garments")}))(t)
	now = check("a renamed category", false)
	same(t, "category", now.GetCategories()[0].GetName(), "Garments")

	_, err = r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), IfVersion: 1, Title: new("Late")})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	_, err = r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId(), IfVersion: 1})
	wants(t, "deleting an old version", err, catalog.ErrVersionConflict)
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId(), IfVersion: version}))(t)
	_, err = r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()})
	wants(t, "deleting it twice", err, catalog.ErrProductNotFound)
	_, err = r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetId()})
	wants(t, "reading it", err, catalog.ErrProductNotFound)
}

func TestWhatAProductMayNotBe(t *testing.T) {
	t.Parallel()
	r := open(t)
	taken := r.create(t, shirt("Taken", "S"))
	for name, try := range map[string]struct {
		change func(req *catalogv1.CreateProductRequest)
		want   error
		field  string
	}{
		"no title":           {func(req *catalogv1.CreateProductRequest) { req.Title = "" }, rpc.ErrInvalid, "title"},
		"a blank title":      {func(req *catalogv1.CreateProductRequest) { req.Title = " " }, catalog.ErrTextInvalid, "title"},
		"a title with a nul": {func(req *catalogv1.CreateProductRequest) { req.Title = "a\x00b" }, catalog.ErrTextInvalid, "title"},
		"an option with a nul": {func(req *catalogv1.CreateProductRequest) {
			req.Variants[0].Options = map[string]string{"si\x00ze": "S"}
		}, catalog.ErrTextInvalid, "options"},
		"a taken slug":          {func(req *catalogv1.CreateProductRequest) { req.Slug = "TAKEN" }, catalog.ErrSlugTaken, "slug"},
		"a slug of nothing":     {func(req *catalogv1.CreateProductRequest) { req.Slug = "日本" }, catalog.ErrSlugInvalid, "slug"},
		"a slug like an id":     {func(req *catalogv1.CreateProductRequest) { req.Slug = taken.GetId() }, catalog.ErrSlugInvalid, "slug"},
		"a taken SKU":           {func(req *catalogv1.CreateProductRequest) { req.Variants[1].Sku = taken.GetVariants()[0].GetSku() }, catalog.ErrSKUTaken, "variants[1].sku"},
		"one SKU twice":         {func(req *catalogv1.CreateProductRequest) { req.Variants[0].Sku, req.Variants[1].Sku = "A", "A" }, catalog.ErrSKUTaken, "variants[1].sku"},
		"a negative price":      {func(req *catalogv1.CreateProductRequest) { req.Variants[1].Price = euros(-1) }, catalog.ErrPriceInvalid, "variants[1].price.amount"},
		"an absurd price":       {func(req *catalogv1.CreateProductRequest) { req.Variants[1].Price = euros(1e12 + 1) }, catalog.ErrPriceInvalid, "variants[1].price.amount"},
		"published for nothing": {func(req *catalogv1.CreateProductRequest) { req.Variants[1].Price = euros(0) }, catalog.ErrPriceMissing, "variants[1].price.amount"},
		"published and bare":    {func(req *catalogv1.CreateProductRequest) { req.Variants = nil }, catalog.ErrPriceMissing, "variants[0].price.amount"},
		"two currencies": {func(req *catalogv1.CreateProductRequest) {
			req.Variants[1].Price = &typev1.Money{Amount: 1, Currency: "SEK"}
		}, catalog.ErrCurrencyMixed, "variants[1].price.currency"},
		"a former price in SEK": {func(req *catalogv1.CreateProductRequest) {
			req.Variants[0].CompareAtPrice = &typev1.Money{Amount: 1, Currency: "SEK"}
		}, catalog.ErrPriceInvalid, "variants[0].compareAtPrice.currency"},
		"an unknown option": {func(req *catalogv1.CreateProductRequest) {
			req.Variants[0].Options = map[string]string{"colour": "red"}
		}, catalog.ErrOptionInvalid, "variants[0].options.colour"},
		"an unknown value": {func(req *catalogv1.CreateProductRequest) { req.Variants[0].Options = map[string]string{"size": "XXS"} }, catalog.ErrOptionInvalid, "variants[0].options.size"},
		"an option twice": {func(req *catalogv1.CreateProductRequest) {
			req.Options = append(req.Options, &catalogv1.Option{Name: "Size", Values: []string{"1"}})
		}, catalog.ErrOptionInvalid, "options[1].name"},
		"an option of no values": {func(req *catalogv1.CreateProductRequest) {
			req.Options = append(req.Options, &catalogv1.Option{Name: "colour"})
		}, catalog.ErrOptionInvalid, "options[1].values"},
		"two variants of the same values": {func(req *catalogv1.CreateProductRequest) {
			req.Variants[1].Options = map[string]string{"size": "S"}
		}, catalog.ErrOptionInvalid, "variants[1].options"},
		"a currency there is not": {func(req *catalogv1.CreateProductRequest) {
			for _, v := range req.Variants {
				v.Price = &typev1.Money{Amount: 1, Currency: "XXZ"}
			}
		}, catalog.ErrPriceInvalid, "variants[0].price.currency"},
		"a further price in a currency there is not": {func(req *catalogv1.CreateProductRequest) {
			req.Variants[0].Prices = []*catalogv1.BasePriceInput{{Price: &typev1.Money{Amount: 1, Currency: "EUU"}}}
		}, catalog.ErrPriceInvalid, "variants[0].prices[0].price.currency"},
		"an unknown category": {func(req *catalogv1.CreateProductRequest) { req.CategoryIds = []string{id.New().String()} }, catalog.ErrCategoryUnknown, "categoryIds[0]"},
		"texts without measure": {func(req *catalogv1.CreateProductRequest) {
			req.Description = new(strings.Repeat("日", 100_000))
			for i := range 100 {
				req.Images = append(req.Images, picture(strings.Repeat("日", 999)))
				req.Images[i].Url = strings.Repeat("u", 2048)
			}
			req.Variants = nil
			req.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
			for i := range 1000 {
				req.Variants = append(req.Variants, &catalogv1.VariantInput{Sku: fmt.Sprint(i), Title: strings.Repeat("日", 512), Price: euros(1)})
			}
		}, catalog.ErrProductTooLarge, ""},
	} {
		req := shirt("Shirt", "S", "M")
		try.change(req)
		_, err := r.CreateProduct(r.ctx, req)
		wants(t, name, err, try.want)
		if f := fault.From(err).Fields(); try.field != "" && (len(f) == 0 || f[0].Field != try.field) {
			t.Errorf("%s: it names %v, want %s", name, f, try.field)
		}
	}
	same(t, "products left behind", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 1)
}

// TestPagesOfVariants walks the variants of one product, also while they come and go.
func TestPagesOfVariants(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, shirt("Shirt", "A", "B", "C", "D", "E"))
	titlesOf := func(variants []*catalogv1.Variant) (out string) {
		for _, v := range variants {
			out += v.GetTitle()
		}
		return out
	}
	list := func(in *typev1.PageRequest) *catalogv1.ListVariantsResponse {
		t.Helper()
		return must(r.ListVariants(r.ctx, &catalogv1.ListVariantsRequest{ProductId: p.GetId(), Page: in}))(t)
	}
	first := list(&typev1.PageRequest{Limit: 2})
	same(t, "first page", titlesOf(first.GetVariants()), "AB")
	same(t, "total", first.GetPage().GetTotal(), 5)
	same(t, "second page by number", titlesOf(list(&typev1.PageRequest{Page: 2, Limit: 2}).GetVariants()), "CD")
	same(t, "behind the end", titlesOf(list(&typev1.PageRequest{Page: 9, Limit: 2}).GetVariants()), "")
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[1].GetId()}))(t)
	second := list(&typev1.PageRequest{Limit: 2, After: first.GetPage().GetNext()})
	same(t, "behind one that is gone", titlesOf(second.GetVariants()), "CD")
	last := list(&typev1.PageRequest{Limit: 2, After: second.GetPage().GetNext()})
	same(t, "last page", titlesOf(last.GetVariants()), "E")
	same(t, "behind it", len(last.GetPage().GetNext()), 0)
	_, err := r.ListVariants(r.ctx, &catalogv1.ListVariantsRequest{ProductId: p.GetId(), Page: &typev1.PageRequest{After: page.Key("variant", "x", "y")}})
	wants(t, "a broken position", err, page.ErrBadCursor)
	_, err = r.ListVariants(r.elsewhere(t), &catalogv1.ListVariantsRequest{ProductId: p.GetId()})
	wants(t, "from another shop", err, catalog.ErrProductNotFound)
	one := must(r.GetVariant(r.ctx, &catalogv1.GetVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[2].GetId()}))(t).GetVariant()
	same(t, "one", one.GetTitle(), "C")
	other := r.create(t, shirt("Other", "S"))
	_, err = r.GetVariant(r.ctx, &catalogv1.GetVariantRequest{ProductId: other.GetId(), Id: one.GetId()})
	wants(t, "through another product", err, catalog.ErrVariantNotFound)
}

// TestVariantsAreToldApart: what a shopper chooses leads to one variant.
func TestVariantsAreToldApart(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, shirt("Shirt", "S", "M"))
	_, err := r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: sized("M", 100)})
	wants(t, "a second M", err, catalog.ErrOptionInvalid)
	signed := sized("M", 100)
	signed.Title = "M, signed"
	other := must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: signed}))(t).GetVariant()
	change := func(req *catalogv1.UpdateVariantRequest) error {
		req.ProductId = p.GetId()
		_, err := r.UpdateVariant(r.ctx, req)
		return err
	}
	wants(t, "it becomes a second M", change(&catalogv1.UpdateVariantRequest{Id: other.GetId(), Title: new("M")}), catalog.ErrOptionInvalid)
	small := &catalogv1.UpdateVariantRequest{Id: p.GetVariants()[0].GetId(), Options: map[string]string{"size": "M"}}
	wants(t, "S becomes a second M", change(small), catalog.ErrOptionInvalid)
	must(0, change(&catalogv1.UpdateVariantRequest{Id: p.GetVariants()[1].GetId(), Options: map[string]string{"size": "L"}}))(t)
	must(0, change(small))(t)
	must(0, change(small))(t)
	same(t, "a title that was made from the values", r.read(t, p.GetId()).GetVariants()[0].GetTitle(), "M")
	same(t, "a title of its own", r.read(t, p.GetId()).GetVariants()[2].GetTitle(), "M, signed")
	// Without options titles tell them apart, and what says that nothing is to be paid is no choice.
	must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: &catalogv1.VariantInput{Title: "One", Price: euros(1)}}))(t)
	must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: &catalogv1.VariantInput{Title: "Two", Price: euros(1)}}))(t)
	gift := &catalogv1.CreateProductRequest{Title: "Gift", Variants: []*catalogv1.VariantInput{
		{Title: "One", Price: euros(0), Options: map[string]string{"free": "true"}}, {Title: "Two", Price: euros(0), Options: map[string]string{"free": "true"}},
	}}
	same(t, "free variants", len(r.create(t, gift).GetVariants()), 2)
}

func TestPublishing(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, &catalogv1.CreateProductRequest{Title: "Bare"})
	same(t, "status", p.GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT)
	same(t, "SKU", p.GetVariants()[0].GetSku(), "bare-default")
	same(t, "title", p.GetVariants()[0].GetTitle(), "Default")
	same(t, "currency", p.GetVariants()[0].GetPrice().GetCurrency(), "EUR")
	publish := &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}
	_, err := r.UpdateProduct(r.ctx, publish)
	wants(t, "publishing what costs nothing", err, catalog.ErrPriceMissing)
	_, err = r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()})
	wants(t, "a draft in the shop", err, catalog.ErrProductNotFound)

	variant := p.GetVariants()[0].GetId()
	must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: variant, Options: map[string]string{"free": "true"}}))(t)
	must(r.UpdateProduct(r.ctx, publish))(t) // meant to be free
	_, err = r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: variant, Options: map[string]string{"free": "false"}})
	wants(t, "dropping the mark", err, catalog.ErrPriceMissing)
	same(t, "the mark", r.read(t, p.GetId()).GetVariants()[0].GetOptions()["free"], "true")
	must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: variant, Options: map[string]string{"free": "false"}, Price: euros(5)}))(t)

	_, err = r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: variant})
	wants(t, "deleting the last variant", err, catalog.ErrVariantRequired)
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED}))(t)
	_, err = r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetId()})
	wants(t, "an archived product in the shop", err, catalog.ErrProductNotFound)
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: variant}))(t)
	_, err = r.UpdateProduct(r.ctx, publish)
	wants(t, "publishing nothing", err, catalog.ErrVariantRequired)
	r.documents(t, "publishing")

	// A variant is reached through its own product only.
	other := r.create(t, shirt("Other", "S"))
	_, err = r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: other.GetVariants()[0].GetId(), Title: new("X")})
	wants(t, "a variant of another product", err, catalog.ErrVariantNotFound)
	_, err = r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: other.GetId(), Variant: &catalogv1.VariantInput{Sku: other.GetVariants()[0].GetSku(), Price: euros(1)}})
	wants(t, "its SKU once more", err, catalog.ErrSKUTaken)
}

// As many variants as a product may have, and one more by every way there is.
func TestAsManyVariantsAsThereMayBe(t *testing.T) {
	t.Parallel()
	r := open(t)
	const most = 2000
	req := &catalogv1.CreateProductRequest{Title: "Many"}
	for i := range most {
		req.Variants = append(req.Variants, &catalogv1.VariantInput{Sku: fmt.Sprint("MANY-", i), Price: euros(1)})
	}
	p := r.create(t, req)
	same(t, "variants", len(p.GetVariants()), most)
	_, err := r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: &catalogv1.VariantInput{Sku: "ONE-MORE", Price: euros(1)}})
	wants(t, "one more", err, catalog.ErrTooMany)
	req.Title = "More"
	for len(req.GetVariants()) < 10_000 {
		req.Variants = append(req.Variants, &catalogv1.VariantInput{Price: euros(1)})
	}
	_, err = r.CreateProduct(r.ctx, req)
	wants(t, "ten thousand", err, rpc.ErrInvalid)
	if f := fault.From(err).Fields(); len(f) == 0 || f[0].Field != "variants" {
		t.Errorf("it names %v", f)
	}
	j := r.load(t, csv, "product_slug,variant_sku,variant_title,price\nmany,ONE-MORE,More,1\n")
	counts(t, j, isDone, 0, 0, 0, 1)
	same(t, "by a file", j.GetErrors()[0].GetCode(), "too_many")
	same(t, "variants in the end", len(r.read(t, p.GetId()).GetVariants()), most)
	same(t, "products", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 1)
}

// TestManyAtOnce lets many people make and change the same things at the same time.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	const people = 12
	var slugs sync.Map
	var won, stale atomic.Int64
	p := r.create(t, shirt("One", "S"))
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			made, err := r.CreateProduct(r.ctx, shirt("Same title", "S"))
			if err != nil {
				t.Errorf("the same title: %v", err)
				return
			}
			if _, double := slugs.LoadOrStore(made.GetProduct().GetSlug(), true); double {
				t.Errorf("%s was given twice", made.GetProduct().GetSlug())
			}
		})
		wg.Go(func() {
			_, err := r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), IfVersion: p.GetVersion(), SeoTitle: &catalogv1.TextPatch{Value: fmt.Sprint("B", i)}})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, catalog.ErrVersionConflict):
				stale.Add(1)
			default:
				t.Errorf("one version: %v", err)
			}
		})
	}
	wg.Wait()
	same(t, "changes of one version that won", won.Load(), 1)
	same(t, "that were stale", stale.Load(), people-1)
	for i := range people {
		wg.Go(func() {
			if _, err := r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: sized(fmt.Sprint("X", i), 700)}); err != nil {
				t.Errorf("a variant: %v", err)
			}
		})
	}
	wg.Wait()
	same(t, "variants", len(r.read(t, p.GetId()).GetVariants()), people+1)
	r.documents(t, "many at once")
}

func TestProductEvents(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js, r.svc.Consumers()...)
	req := shirt("Linen shirt", "S", "M")
	req.Variants[0].InitialStock, req.Variants[1].InitialStock = 3, 0
	p := r.create(t, req)
	if v := p.GetVariants(); !v[0].GetAvailable() || v[1].GetAvailable() {
		t.Errorf("available at first: %v", v)
	}
	events := bustest.Published(t, js, "evt.catalog.product.created", 1)
	var created catalogv1.ProductCreated
	open1(t, events[0], &created)
	if created.GetSlug() != p.GetSlug() || len(created.GetVariants()) != 2 || created.GetVariants()[0].GetInitialStock() != 3 ||
		created.GetVariants()[0].GetVariantId() != p.GetVariants()[0].GetId() {
		t.Errorf("got %v", &created)
	}

	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Slug: new("shirt")}))(t)
	must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId(), Price: euros(900)}))(t)
	must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: sized("L", 1000)}))(t)
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[1].GetId()}))(t)
	events = bustest.Published(t, js, "evt.catalog.product.updated", 4)
	var updated [4]catalogv1.ProductUpdated
	for i, e := range events {
		open1(t, e, &updated[i])
		same(t, "sequence", e.Sequence, int64(i+2))
		same(t, "aggregate", e.Aggregate.String(), p.GetId())
	}
	same(t, "previous slug", updated[0].GetPreviousSlug(), p.GetSlug())
	if c := updated[1].GetPriceChanges(); len(c) != 1 || c[0].GetOldPrice().GetAmount() != 1000 || c[0].GetNewPrice().GetAmount() != 900 {
		t.Errorf("got %v", c)
	}
	if a := updated[2].GetVariantsAdded(); len(a) != 1 || a[0].GetInitialStock() != 1 || a[0].GetSku() != "shirt-l" {
		t.Errorf("got %v", a)
	}
	if gone := updated[3].GetVariantsRemoved(); len(gone) != 1 || gone[0] != p.GetVariants()[1].GetId() {
		t.Errorf("got %v", gone)
	}

	c := r.category(t, "Shirts", "")
	must(r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: c.GetId()}))(t)
	for i, e := range bustest.Published(t, js, "evt.catalog.taxonomy.updated", 2) {
		var body catalogv1.TaxonomyUpdated
		open1(t, e, &body)
		same(t, "category", body.GetCategoryId(), c.GetId())
		same(t, "sequence", e.Sequence, int64(i+1))
	}
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()}))(t)
	var deleted catalogv1.ProductDeleted
	gone := bustest.Published(t, js, "evt.catalog.product.deleted", 1)[0]
	open1(t, gone, &deleted)
	same(t, "variants gone", len(deleted.GetVariantIds()), 2)
	same(t, "sequence", gone.Sequence, 6)
}

func open1(t *testing.T, e bus.Event, into proto.Message) {
	t.Helper()
	if err := e.Unmarshal(into); err != nil {
		t.Fatal(err)
	}
	same(t, "tenant", e.Tenant, tenant.Default())
}

// TestStockIsShown lets inventory say what can be bought.
func TestStockIsShown(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js, r.svc.Consumers()...)
	p := r.create(t, shirt("Linen shirt", "S", "M"))
	small := must(id.Parse(p.GetVariants()[0].GetId()))(t)
	say := func(variant id.ID, sequence int64, available bool) {
		t.Helper()
		body := must(proto.Marshal(&inventoryv1.StockChanged{VariantId: variant.String(), Available: available}))(t)
		bustest.Publish(t, js, bus.Event{
			ID: id.New(), Subject: "evt.inventory.stock.changed", Tenant: tenant.Default(), Aggregate: variant, Sequence: sequence, Body: body,
		})
	}
	say(small, 2, false)
	say(small, 1, true)    // older
	say(id.New(), 1, true) // deleted here meanwhile
	medium := must(id.Parse(p.GetVariants()[1].GetId()))(t)
	say(medium, 1, true) // nothing new
	say(medium, 2, false)
	events := bustest.Published(t, js, "evt.catalog.product.availability_changed", 2)
	var first, second catalogv1.ProductAvailabilityChanged
	open1(t, events[0], &first)
	open1(t, events[1], &second)
	if gone := first.GetUnavailableVariantIds(); len(gone) != 1 || gone[0] != small.String() || first.GetSlug() != p.GetSlug() {
		t.Errorf("got %v", &first)
	}
	if gone := second.GetUnavailableVariantIds(); len(gone) != 1 || gone[0] != medium.String() {
		t.Errorf("got %v", &second)
	}
	same(t, "sequence", events[1].Sequence, 3)
	now := r.read(t, p.GetId())
	if now.GetVariants()[0].GetAvailable() || now.GetVariants()[1].GetAvailable() {
		t.Errorf("got %v", now.GetVariants())
	}
	same(t, "version, which is for changes by staff", now.GetVersion(), p.GetVersion())
	r.documents(t, "stock")
	left := must(r.ListStoreProducts(pgtest.Context(t), &catalogv1.ListStoreProductsRequest{InStock: new(true)}))(t)
	same(t, "products in stock", left.GetPage().GetTotal(), 0)
	// A change by staff afterwards keeps what inventory said, and its event comes later.
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("Sold out")}))(t)
	same(t, "sequence", bustest.Published(t, js, "evt.catalog.product.updated", 1)[0].Sequence, 4)
	r.documents(t, "a change of a product that is sold out")
}
