package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

const (
	asDraft     = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
	asPublished = catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED
	asArchived  = catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED
)

// living is a room whose clock can be moved.
type living struct {
	room
	catalogv1connect.LifecycleServiceClient

	taxonomy     catalogv1connect.TaxonomyServiceClient
	translations catalogv1connect.TranslationServiceClient
	clock        *atomic.Int64 // microseconds
}

func openLiving(t *testing.T) living {
	t.Helper()
	l := living{room: open(t), clock: new(atomic.Int64)}
	l.clock.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixMicro())
	log := slog.New(slog.DiscardHandler)
	l.svc = must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: l.db.DB, Logger: log, Now: l.now}))(t)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	l.svc.Mount(server)
	client := must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log}))(t)
	l.CatalogServiceClient, l.LifecycleServiceClient = catalogv1connect.NewCatalogServiceClient(client), catalogv1connect.NewLifecycleServiceClient(client)
	l.taxonomy = catalogv1connect.NewTaxonomyServiceClient(client)
	l.translations = catalogv1connect.NewTranslationServiceClient(client)
	return l
}

func (l living) now() time.Time { return time.UnixMicro(l.clock.Load()).UTC() }

func (l living) forward(d time.Duration) { l.clock.Add(d.Microseconds()) }

func (l living) in(d time.Duration) *timestamppb.Timestamp { return timestamppb.New(l.now().Add(d)) }

// sweep is one round of the sweeper, which serves all tenants.
func (l living) sweep(t *testing.T) {
	t.Helper()
	if err := l.svc.KeepSchedules(tenant.WithSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func (l living) shown(t *testing.T, slugOrID string) bool {
	t.Helper()
	_, err := l.GetStoreProduct(pgtest.Context(t), &catalogv1.GetStoreProductRequest{SlugOrId: slugOrID})
	if err != nil && !errors.Is(err, catalog.ErrProductNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	js := bustest.Start(t)
	bustest.Run(t, l.db, js)
	req := shirt("Summer shirt", "S")
	req.Status, req.PublishAt, req.UnpublishAt = asDraft, l.in(time.Hour), l.in(2*time.Hour)
	p := l.create(t, req)
	other := l.elsewhere(t)
	theirs := must(l.CreateProduct(other, req))(t).GetProduct()
	if p.GetPublishAt().AsTime() != l.now().Add(time.Hour) || p.GetUnpublishAt() == nil {
		t.Errorf("got %v", p)
	}
	l.documents(t, "a schedule")
	l.forward(time.Hour - time.Microsecond)
	l.sweep(t)
	same(t, "shown a moment before", l.shown(t, p.GetSlug()), false)

	// The moment comes, to many replicas at once.
	l.forward(time.Microsecond)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { l.sweep(t) })
	}
	wg.Wait()
	l.sweep(t) // what another replica held back
	same(t, "shown at the moment", l.shown(t, p.GetSlug()), true)
	now := l.read(t, p.GetId())
	same(t, "version", now.GetVersion(), p.GetVersion()+1)
	if now.GetPublishAt() != nil || now.GetUnpublishAt() == nil || now.GetStatus() != asPublished {
		t.Errorf("got %v", now)
	}
	same(t, "status in the other shop", must(l.GetProduct(other, &catalogv1.GetProductRequest{Id: theirs.GetId()}))(t).GetProduct().GetStatus(), asPublished)
	shop := must(l.GetStoreProduct(l.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}))(t).GetProduct()
	if shop.GetUnpublishAt() != nil {
		t.Errorf("shoppers are told the end: %v", shop)
	}
	l.documents(t, "publishing")
	l.forward(time.Hour)
	l.sweep(t)
	same(t, "shown at the end", l.shown(t, p.GetSlug()), false)
	same(t, "status at the end", l.read(t, p.GetId()).GetStatus(), asDraft)
	l.documents(t, "taking down")
	same(t, "announced", len(bustest.Published(t, js, "evt.catalog.product.updated", 4)), 4) // two shops

	// Both moments went by unseen.
	p = l.create(t, req)
	must(l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{
		Id: p.GetId(), PublishAt: &catalogv1.TimePatch{Value: l.in(time.Minute)}, UnpublishAt: &catalogv1.TimePatch{Value: l.in(2 * time.Minute)},
	}))(t)
	l.forward(time.Hour)
	l.sweep(t)
	now = l.read(t, p.GetId())
	if now.GetStatus() != asDraft || now.GetPublishAt() != nil || now.GetUnpublishAt() != nil {
		t.Errorf("got %v", now)
	}
	l.documents(t, "both at once")
}

func TestWhatCannotBeScheduled(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	req := shirt("Shirt", "S")
	req.Status, req.PublishAt, req.UnpublishAt = asDraft, l.in(time.Hour), l.in(time.Hour)
	_, err := l.CreateProduct(l.ctx, req)
	wants(t, "an end at the beginning", err, catalog.ErrScheduleInvalid)
	same(t, "field", field(err), "unpublishAt")
	req.UnpublishAt, req.PublishAt = nil, &timestamppb.Timestamp{Seconds: 1 << 60}
	_, err = l.CreateProduct(l.ctx, req)
	wants(t, "a time that is none", err, catalog.ErrScheduleInvalid)
	req.PublishAt, req.UnpublishAt = l.in(time.Hour), l.in(2*time.Hour)
	p := l.create(t, req)
	_, err = l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), PublishAt: &catalogv1.TimePatch{Value: l.in(3 * time.Hour)}})
	wants(t, "a beginning after the end that is set", err, catalog.ErrScheduleInvalid)
	same(t, "version after refusals", l.read(t, p.GetId()).GetVersion(), 1)
	must(l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), UnpublishAt: &catalogv1.TimePatch{}}))(t)
	if now := l.read(t, p.GetId()); now.GetUnpublishAt() != nil || now.GetPublishAt() == nil {
		t.Errorf("got %v", now)
	}

	// What is not fit for sale says so, once, and does not hold up the others.
	bare := l.create(t, &catalogv1.CreateProductRequest{Title: "Bare", PublishAt: l.in(time.Hour)})
	l.forward(time.Hour)
	l.sweep(t)
	now := l.read(t, bare.GetId())
	if e := now.GetScheduleError(); now.GetStatus() != asDraft || e.GetCode() != "catalog.price_missing" || e.GetMessage() == "" || !e.GetAt().AsTime().Equal(l.now()) {
		t.Errorf("got %v", now)
	}
	same(t, "the other product", l.read(t, p.GetId()).GetStatus(), asPublished)
	l.forward(time.Hour)
	l.sweep(t)
	same(t, "version a round later", l.read(t, bare.GetId()).GetVersion(), now.GetVersion())
	l.documents(t, "an error")
	must(l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{Id: bare.GetId(), PublishAt: &catalogv1.TimePatch{Value: l.in(time.Hour)}}))(t)
	if l.read(t, bare.GetId()).GetScheduleError() != nil {
		t.Error("the error outlives a new time")
	}
	l.documents(t, "a new time")
}

// TestRunKeepsTheTime holds the running sweeper to the second.
func TestRunKeepsTheTime(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	js := bustest.Start(t)
	bustest.Run(t, l.db, js)
	ctx, cancel := context.WithCancel(tenant.WithSystem(t.Context()))
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := l.svc.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	defer wg.Wait()
	defer cancel()
	req := shirt("Shirt", "S")
	req.Status, req.PublishAt = asDraft, l.in(time.Hour)
	p := l.create(t, req)
	l.forward(time.Hour)
	moved := time.Now()
	bustest.Published(t, js, "evt.catalog.product.updated", 1)
	same(t, "shown", l.shown(t, p.GetSlug()), true)
	if d := time.Since(moved); d > 5*time.Second { // a second of its own, and a machine under load
		t.Errorf("it took %s", d)
	}
}

func TestDuplicate(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	c, tg := l.category(t, "Shirts", ""), l.tag(t, "Linen")
	req := shirt("Linen shirt", "S", "M")
	req.Description = new("Long.")
	req.Images = []*catalogv1.ImageInput{picture("front"), picture("back")}
	req.CategoryIds, req.TagIds = []string{c.GetId()}, []string{tg.GetId()}
	req.Variants[0].CompareAtPrice, req.Variants[0].WeightGrams = euros(2000), new(int64(120))
	req.UnpublishAt = l.in(time.Hour)
	p := l.create(t, req)
	german := &catalogv1.ProductTranslation{
		Locale: "de", Title: new("Leinenhemd"), Slug: new("leinenhemd"), Variants: []*catalogv1.VariantTranslation{{Id: p.GetVariants()[0].GetId(), Title: "Klein"}},
	}
	must(l.translations.SetProductTranslation(l.ctx, &catalogv1.SetProductTranslationRequest{ProductId: p.GetId(), Translation: german}))(t)
	p = l.read(t, p.GetId())
	twin := must(l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId()}))(t).GetProduct()
	texts := must(l.translations.ListProductTranslations(l.ctx, &catalogv1.ListProductTranslationsRequest{ProductId: twin.GetId()}))(t).GetTranslations()
	if len(texts) != 1 || texts[0].GetTitle() != "Leinenhemd" || texts[0].Slug != nil || texts[0].GetVariants()[0].GetId() != twin.GetVariants()[0].GetId() {
		t.Errorf("its translations: %v", texts)
	}
	same(t, "title", twin.GetTitle(), "Linen shirt (copy)")
	same(t, "slug", twin.GetSlug(), "linen-shirt-copy")
	same(t, "status", twin.GetStatus(), asDraft)
	same(t, "version", twin.GetVersion(), 1)
	same(t, "SKU", twin.GetVariants()[0].GetSku(), p.GetVariants()[0].GetSku()+"-copy")
	if twin.GetUnpublishAt() != nil || twin.GetVariants()[0].GetAvailable() {
		t.Errorf("it has a schedule or stock: %v", twin)
	}
	// But for what has to be its own, it is the same.
	strip := func(p *catalogv1.Product) *catalogv1.Product {
		p = proto.CloneOf(p)
		p.Version, p.Id, p.Slug, p.Title, p.Status, p.CreatedAt, p.UpdatedAt, p.UnpublishAt = 0, "", "", "", 0, nil, nil, nil
		for _, v := range p.GetVariants() {
			v.Id, v.Sku, v.Available, v.CreatedAt, v.UpdatedAt = "", "", false, nil, nil
		}
		return p
	}
	if !proto.Equal(strip(p), strip(twin)) {
		t.Errorf("got\n%v\nwant\n%v", strip(twin), strip(p))
	}
	named := must(l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId(), Title: "Other", Slug: "other", Status: asPublished}))(t).GetProduct()
	if named.GetTitle() != "Other" || named.GetSlug() != "other" || named.GetStatus() != asPublished {
		t.Errorf("got %v", named)
	}
	_, err := l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId(), Slug: "other"})
	wants(t, "a taken slug", err, catalog.ErrSlugTaken)
	_, err = l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId(), Title: " "})
	wants(t, "no title", err, catalog.ErrTextInvalid)
	_, err = l.DuplicateProduct(l.elsewhere(t), &catalogv1.DuplicateProductRequest{Id: p.GetId()})
	wants(t, "from another shop", err, catalog.ErrProductNotFound)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId()}); err != nil {
				t.Errorf("many at once: %v", err)
			}
		})
	}
	wg.Wait()
	same(t, "products", must(l.ListProducts(l.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 9)
	l.documents(t, "copies")
}

func TestOrderOfVariants(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	p := l.create(t, shirt("Shirt", "S", "M", "L"))
	order := variantIDs(p)
	slices.Reverse(order)
	now := must(l.OrderVariants(l.ctx, &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: order}))(t).GetProduct()
	if !slices.Equal(variantIDs(now), order) {
		t.Errorf("got %v, want %v", variantIDs(now), order)
	}
	same(t, "version", now.GetVersion(), 2)
	same(t, "version of the middle one, which stays", now.GetVariants()[1].GetVersion(), 1)
	l.documents(t, "another order")
	for name, bad := range map[string][]string{
		"too few": order[:2], "one twice": {order[0], order[1], order[1]}, "a stranger": {order[0], order[1], id.New().String()}, "none": nil,
	} {
		_, err := l.OrderVariants(l.ctx, &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: bad})
		wants(t, name, err, catalog.ErrOrderMismatch)
	}
	_, err := l.OrderVariants(l.ctx, &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: order, IfVersion: 1})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	_, err = l.OrderVariants(l.elsewhere(t), &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: order})
	wants(t, "from another shop", err, catalog.ErrProductNotFound)
	must(l.OrderVariants(l.ctx, &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: order}))(t)
	same(t, "version after the same order", l.read(t, p.GetId()).GetVersion(), 2)
}

func variantIDs(p *catalogv1.Product) []string {
	var out []string
	for _, v := range p.GetVariants() {
		out = append(out, v.GetId())
	}
	return out
}

func TestPricesMove(t *testing.T) {
	t.Parallel()
	for _, c := range [][4]int64{
		{1000, -1000, 0, 900}, {999, -1000, 0, 899}, {995, -1000, 0, 896}, {1, -5000, 0, 1}, {1999, 0, 100, 2000}, {1949, 1000, 50, 2150},
		{1000, -10000, 0, 0}, {1_000_000_000_000, -9999, 1, 100_000_000}, {49, 0, 100, 0}, {50, 0, 100, 100},
	} {
		got, err := catalog.ShiftPrice(c[0], c[1], c[2])
		if err != nil || got != c[3] {
			t.Errorf("%d by %d in steps of %d: got %d, %v, want %d", c[0], c[1], c[2], got, err, c[3])
		}
	}
	if _, err := catalog.ShiftPrice(1_000_000_000_000, 1_000_000, 1); !errors.Is(err, catalog.ErrPriceInvalid) {
		t.Errorf("a price without measure: %v", err)
	}
}

func TestEditMany(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	js := bustest.Start(t)
	bustest.Run(t, l.db, js)
	old, fresh, tg := l.category(t, "Old", ""), l.category(t, "New", ""), l.tag(t, "Sale")
	var ids []string
	for i := range 3 {
		req := shirt(fmt.Sprint("Shirt ", i), "S", "M")
		req.CategoryIds = []string{old.GetId()}
		ids = append(ids, l.create(t, req).GetId())
	}
	bare := l.create(t, &catalogv1.CreateProductRequest{Title: "Bare"}).GetId()
	stranger := id.New().String()
	req := &catalogv1.EditProductsRequest{
		Ids: []string{ids[0], bare, ids[1], stranger, ids[0]}, Status: asPublished, AddCategoryIds: []string{fresh.GetId()},
		RemoveCategoryIds: []string{old.GetId()}, AddTagIds: []string{tg.GetId()}, Price: &catalogv1.PriceShift{BasisPoints: -1000}, DryRun: true,
	}
	check := func(what string, res *catalogv1.EditProductsResponse) {
		t.Helper()
		got := res.GetProducts()
		if len(got) != 4 || got[0].GetVersion() != 2 || got[1].GetErrorCode() != "catalog.price_missing" || got[1].GetErrorMessage() == "" ||
			got[2].GetVersion() != 2 || got[3].GetErrorCode() != "catalog.product_not_found" || res.GetChanged() != 2 || res.GetFailed() != 2 {
			t.Errorf("%s: got %v", what, res)
		}
	}
	check("a rehearsal", must(l.EditProducts(l.ctx, req))(t))
	same(t, "version after a rehearsal", l.read(t, ids[0]).GetVersion(), 1)
	req.DryRun, req.Key = false, "once"
	check("the change", must(l.EditProducts(l.ctx, req))(t))
	check("its repetition", must(l.EditProducts(l.ctx, req))(t))
	now := l.read(t, ids[0])
	same(t, "version after the repetition", now.GetVersion(), 2)
	same(t, "price", now.GetVariants()[1].GetPrice().GetAmount(), 1800)
	if c, tags := now.GetCategories(), now.GetTags(); len(c) != 1 || c[0].GetId() != fresh.GetId() || len(tags) != 1 {
		t.Errorf("got %v %v", c, tags)
	}
	failed := l.read(t, bare)
	if failed.GetVersion() != 1 || failed.GetStatus() != asDraft || len(failed.GetCategories()) != 0 {
		t.Errorf("a refused product has changed: %v", failed)
	}
	same(t, "version of who was not named", l.read(t, ids[2]).GetVersion(), 1)
	l.documents(t, "a change of many")
	for _, e := range bustest.Published(t, js, "evt.catalog.product.updated", 2) {
		var body catalogv1.ProductUpdated
		open1(t, e, &body)
		same(t, "sequence", e.Sequence, 2)
		same(t, "prices told", len(body.GetPriceChanges()), 2)
	}
	same(t, "counted in the category", must(l.GetCategory(l.ctx, &catalogv1.GetCategoryRequest{Id: fresh.GetId()}))(t).GetCategory().GetProductCount(), 2)
	must(l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids, Status: asArchived}))(t)
	same(t, "counted in the category once archived", must(l.GetCategory(l.ctx, &catalogv1.GetCategoryRequest{Id: fresh.GetId()}))(t).GetCategory().GetProductCount(), 0)
	l.documents(t, "archiving many")

	amount := func(cents int64, currency string) *catalogv1.PriceShift {
		return &catalogv1.PriceShift{Amount: &typev1.Money{Amount: cents, Currency: currency}, Rounding: 100}
	}
	must(l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids[2:], Price: amount(-149, "EUR")}))(t)
	same(t, "price by an amount", l.read(t, ids[2]).GetVariants()[0].GetPrice().GetAmount(), 900)
	res := must(l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids[2:], Price: amount(1, "SEK")}))(t)
	same(t, "another currency", res.GetProducts()[0].GetErrorCode(), "catalog.price_invalid")
	_, err := l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids, Price: &catalogv1.PriceShift{}})
	wants(t, "a change of nothing", err, catalog.ErrPriceShift)
	_, err = l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids, AddTagIds: []string{stranger}})
	wants(t, "an unknown tag", err, catalog.ErrTagUnknown)
	same(t, "field", field(err), "addTagIds[0]")
	res = must(l.EditProducts(l.elsewhere(t), &catalogv1.EditProductsRequest{Ids: ids[:1], Status: asDraft}))(t)
	same(t, "from another shop", res.GetProducts()[0].GetErrorCode(), "catalog.product_not_found")
}

// Brand and VAT class of many products are set and cleared like the rest: each product whole or not at all, and what does not
// change counts as nothing.
func TestEditBrandAndVATClass(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	house := l.brand(t, "House").GetId()
	l.ruled(t, "Of the house", 0, rule("brand", "is", house))
	var ids []string
	for i := range 3 {
		ids = append(ids, l.create(t, shirt(fmt.Sprint("Shirt ", i), "S", "M")).GetId())
	}
	stranger := id.New().String()
	edit := func(req *catalogv1.EditProductsRequest) *catalogv1.EditProductsResponse {
		t.Helper()
		return must(l.EditProducts(l.ctx, req))(t)
	}
	reduced, unknown := catalogv1.VatClass_VAT_CLASS_REDUCED, catalogv1.VatClass_VAT_CLASS_UNSPECIFIED
	req := &catalogv1.EditProductsRequest{Ids: []string{ids[0], stranger, ids[1]}, BrandId: &house, VatClass: &reduced, DryRun: true}
	check := func(what string, res *catalogv1.EditProductsResponse) {
		t.Helper()
		got := res.GetProducts()
		if len(got) != 3 || got[0].GetVersion() != 2 || got[1].GetErrorCode() != "catalog.product_not_found" || got[2].GetVersion() != 2 || res.GetChanged() != 2 || res.GetFailed() != 1 {
			t.Errorf("%s: got %v", what, res)
		}
	}
	check("a rehearsal", edit(req))
	same(t, "brand after a rehearsal", l.read(t, ids[0]).GetBrand().GetId(), "")
	req.DryRun, req.Key = false, "once"
	check("the change", edit(req))
	check("its repetition", edit(req))
	for i, want := range []string{"House REDUCED", "House REDUCED", " UNSPECIFIED"} {
		p := l.read(t, ids[i])
		same(t, "product", p.GetBrand().GetName()+" "+strings.TrimPrefix(p.GetFacts().GetVatClass().String(), "VAT_CLASS_"), want)
	}
	same(t, "in the collection", len(must(l.ListStoreProducts(l.ctx, &catalogv1.ListStoreProductsRequest{Collection: "of-the-house"}))(t).GetProducts()), 2)
	l.documents(t, "brands of many")
	l.consistent(t, "brands of many")
	same(t, "what is the same already", edit(&catalogv1.EditProductsRequest{Ids: ids[:2], BrandId: &house, VatClass: &reduced}).GetChanged(), 0)

	// Leaving one alone while the other is cleared.
	edit(&catalogv1.EditProductsRequest{Ids: ids[:1], VatClass: &unknown})
	p := l.read(t, ids[0])
	same(t, "left", p.GetBrand().GetName()+" "+p.GetFacts().GetVatClass().String(), "House VAT_CLASS_UNSPECIFIED")
	edit(&catalogv1.EditProductsRequest{Ids: ids[1:2], BrandId: new("")})
	p = l.read(t, ids[1])
	same(t, "left", p.GetBrand().GetName()+" "+p.GetFacts().GetVatClass().String(), " VAT_CLASS_REDUCED")
	l.documents(t, "clearing of many")
	l.consistent(t, "clearing of many")

	for what, brand := range map[string]string{"an unknown brand": stranger, "no id": "House", "the zero id": id.ID{}.String()} {
		_, err := l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids, BrandId: &brand})
		wants(t, what, err, catalog.ErrBrandUnknown)
		same(t, "field", field(err), "brandId")
	}
	elsewhere := l.elsewhere(t)
	_, err := l.EditProducts(elsewhere, &catalogv1.EditProductsRequest{Ids: ids[:1], BrandId: &house})
	wants(t, "another shop's brand", err, catalog.ErrBrandUnknown)
	same(t, "another shop's product", must(l.EditProducts(elsewhere, &catalogv1.EditProductsRequest{Ids: ids[:1], VatClass: &reduced}))(t).GetProducts()[0].GetErrorCode(), "catalog.product_not_found")

	// A brand that is deleted while products get it: either they have it and it stays, or it is gone.
	doomed := l.brand(t, "Doomed").GetId()
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = l.DeleteBrand(l.ctx, &catalogv1.DeleteBrandRequest{Id: doomed}) })
	wg.Go(func() { _, _ = l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: ids, BrandId: &doomed}) })
	wg.Wait()
	_, err = l.GetBrand(l.ctx, &catalogv1.GetBrandRequest{Id: doomed})
	for _, one := range ids {
		same(t, "who has the brand", l.read(t, one).GetBrand().GetId() == doomed, err == nil)
	}
	l.documents(t, "a brand that went")
}

// TestEditPricesInAllCurrencies: a share moves every price of a variant, an amount that in its own currency, and each
// reduction is measured in its own.
func TestEditPricesInAllCurrencies(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	crowns := func(amount int64) *typev1.Money { return &typev1.Money{Amount: amount, Currency: "SEK"} }
	req := shirt("Shirt", "S")
	req.Variants[0].Prices = []*catalogv1.BasePriceInput{{Price: &typev1.Money{Amount: 50, Currency: "DKK"}}, {Price: crowns(9990), CompareAtPrice: crowns(12000)}}
	p := l.create(t, req)
	euro := p.GetVariants()[0].GetPrice().GetAmount()
	edit := func(shift *catalogv1.PriceShift) *catalogv1.Variant {
		t.Helper()
		l.forward(time.Hour)
		res := must(l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: []string{p.GetId()}, Price: shift}))(t)
		if res.GetChanged() != 1 {
			t.Errorf("got %v", res)
		}
		l.documents(t, "an edit of prices")
		return l.read(t, p.GetId()).GetVariants()[0]
	}
	v := edit(&catalogv1.PriceShift{BasisPoints: -1000})
	same(t, "euros", v.GetPrice().GetAmount(), euro*9/10)
	same(t, "danish crowns", v.GetPrices()[0].GetPrice().GetAmount(), 45)
	same(t, "swedish crowns", v.GetPrices()[1].GetPrice().GetAmount(), 8991)
	same(t, "what was paid in them before", v.GetPrices()[1].GetPriorPrice().GetAmount(), 9990)
	same(t, "what is struck through", v.GetPrices()[1].GetCompareAtPrice().GetAmount(), 12000)
	v = edit(&catalogv1.PriceShift{Amount: crowns(-991)})
	same(t, "swedish crowns, less an amount", v.GetPrices()[1].GetPrice().GetAmount(), 8000)
	same(t, "euros, which it is not in", v.GetPrice().GetAmount(), euro*9/10)
	same(t, "danish crowns, neither", v.GetPrices()[0].GetPrice().GetAmount(), 45)
}

// TestEditManyIsFewStatements holds a change of many to a number of statements that does not grow with how many there are.
func TestEditManyIsFewStatements(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	must(catalog.Load(l.ctx, l.db.DB, 500, time.Now))(t)
	c, tg := l.category(t, "New", ""), l.tag(t, "New")
	var ids []string
	for after := ""; len(ids) < 500; after = ids[len(ids)-1] {
		for _, p := range must(l.ExportProducts(l.ctx, &catalogv1.ExportProductsRequest{AfterId: after, Limit: 1000}))(t).GetProducts() {
			ids = append(ids, p.GetId())
		}
	}
	statements := func(n int) int64 {
		before := l.db.Statements()
		res := must(l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{
			Ids: ids[:n], AddCategoryIds: []string{c.GetId()}, AddTagIds: []string{tg.GetId()}, Status: asArchived, Price: &catalogv1.PriceShift{BasisPoints: 500},
			Key: fmt.Sprint(n),
		}))(t)
		same(t, "failed", res.GetFailed(), 0)
		same(t, "changed", int(res.GetChanged()), n)
		return l.db.Statements() - before
	}
	statements(2) // connections that have to be told the tenant first
	few, chunk, all := statements(10), statements(100), statements(500)
	if chunk > few || chunk > 50 || all > 5*chunk {
		t.Errorf("10 products take %d statements, 100 take %d, 500 take %d", few, chunk, all)
	}
	l.documents(t, "a change of 500")
}

// TestTwoEditsAtOnce moves prices of the same products from two sides: none is lost.
func TestTwoEditsAtOnce(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	var ids []string
	for i := range 10 {
		ids = append(ids, l.create(t, shirt(fmt.Sprint("Shirt ", i), "S")).GetId())
	}
	var wg sync.WaitGroup
	for i := range 8 {
		order := slices.Clone(ids)
		if i%2 == 1 {
			slices.Reverse(order)
		}
		wg.Go(func() {
			res, err := l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: order, Price: &catalogv1.PriceShift{Amount: euros(1)}})
			if err != nil || res.GetChanged() != 10 {
				t.Errorf("got %v, %v", res, err)
			}
		})
	}
	wg.Wait()
	for _, one := range ids {
		same(t, "price", l.read(t, one).GetVariants()[0].GetPrice().GetAmount(), 1008)
	}
	l.documents(t, "two edits at once")
}

// sell lets checkout announce an order.
func (l living) sell(t *testing.T, variants ...string) {
	t.Helper()
	order := id.New()
	body := must(proto.Marshal(&checkoutv1.OrderCreated{OrderId: order.String(), VariantIds: variants}))(t)
	l.hear(t, "catalog-sold", bus.Event{ID: id.New(), Subject: "evt.checkout.order.created", Tenant: tenant.Default(), Aggregate: order, Sequence: 1, Time: l.now(), Body: body})
}

// stock lets inventory announce what can be bought.
func (l living) stock(t *testing.T, variant string, available bool) {
	t.Helper()
	l.short(t, variant, available, 0)
}

// short lets inventory announce that so many units of a variant cannot be had at once.
func (l living) short(t *testing.T, variant string, available bool, of int64) {
	t.Helper()
	body := must(proto.Marshal(&inventoryv1.StockChanged{VariantId: variant, Available: available, ShortOf: of}))(t)
	l.hear(t, "catalog-stock", bus.Event{
		ID: id.New(), Subject: "evt.inventory.stock.changed", Tenant: tenant.Default(), Aggregate: must(id.Parse(variant))(t), Sequence: 1, Time: l.now(), Body: body,
	})
}

// hear hands an event to a consumer of the room, in its transaction.
func (l living) hear(t *testing.T, consumer string, e bus.Event) {
	t.Helper()
	consumers := l.svc.Consumers()
	i := slices.IndexFunc(consumers, func(c bus.Consumer) bool { return c.Name == consumer && slices.Contains(c.Subjects, e.Subject) })
	if i < 0 {
		t.Fatalf("%s does not listen to %s", consumer, e.Subject)
	}
	if err := l.db.Tx(pgtest.Context(t), func(ctx context.Context, tx *pg.Tx) error { return consumers[i].Handle(ctx, tx, e, nil) }); err != nil {
		t.Errorf("%s: %v", consumer, err)
	}
}

func TestDeletingWhatWasSold(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	req := shirt("Linen shirt", "S", "M")
	req.PublishAt = l.in(time.Hour)
	p := l.create(t, req)
	small, medium := p.GetVariants()[0], p.GetVariants()[1]
	l.sell(t, small.GetId(), id.New().String())
	l.sell(t, small.GetId()) // and again

	// The variant is hidden, not removed.
	res := must(l.DeleteVariant(l.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: small.GetId()}))(t)
	same(t, "archived", res.GetArchived().GetArchived(), true)
	l.documents(t, "archiving a variant")
	shop := must(l.GetStoreProduct(l.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetId()}))(t).GetProduct()
	if got := variantIDs(shop); len(got) != 1 || got[0] != medium.GetId() {
		t.Errorf("shoppers see %v", got)
	}
	same(t, "variants for staff", len(l.read(t, p.GetId()).GetVariants()), 2)
	same(t, "variants in a read model", len(must(l.ExportProducts(l.ctx, &catalogv1.ExportProductsRequest{Ids: []string{p.GetId()}}))(t).GetProducts()[0].GetVariants()), 1)
	for _, v := range must(l.ResolveVariants(l.ctx, &catalogv1.ResolveVariantsRequest{Ids: variantIDs(p)}))(t).GetVariants() {
		same(t, "sellable "+v.GetVariantTitle(), v.GetSellable(), v.GetId() == medium.GetId())
	}
	cheap := must(l.ListStoreProducts(l.ctx, &catalogv1.ListStoreProductsRequest{MaxPrice: new(int64(1500))}))(t)
	same(t, "found by the price of what is hidden", cheap.GetPage().GetTotal(), 0)
	cheap = must(l.ListStoreProducts(l.ctx, &catalogv1.ListStoreProductsRequest{MinPrice: new(int64(500)), MaxPrice: new(int64(1500))}))(t)
	same(t, "found by a range around the price of what is hidden", cheap.GetPage().GetTotal(), 0)
	_, err := l.CreateProduct(l.ctx, &catalogv1.CreateProductRequest{Title: "New", Variants: []*catalogv1.VariantInput{{Sku: small.GetSku(), Price: euros(1)}}})
	wants(t, "its SKU for another", err, catalog.ErrSKUTaken)
	_, err = l.UpdateVariant(l.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: small.GetId(), Title: new("X")})
	wants(t, "changing it", err, catalog.ErrVariantArchived)
	version := l.read(t, p.GetId()).GetVersion()
	must(l.DeleteVariant(l.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: small.GetId()}))(t)
	same(t, "version after deleting it twice", l.read(t, p.GetId()).GetVersion(), version)
	_, err = l.DeleteVariant(l.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: medium.GetId()})
	wants(t, "deleting the last one shoppers see", err, catalog.ErrVariantRequired)
	must(l.OrderVariants(l.ctx, &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: []string{medium.GetId()}}))(t)

	// The product is archived, and its schedule does not bring it back.
	gone := must(l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()}))(t).GetArchived()
	same(t, "status", gone.GetStatus(), asArchived)
	if gone.GetPublishAt() != nil {
		t.Error("it would be published again")
	}
	same(t, "shown", l.shown(t, p.GetId()), false)
	l.forward(2 * time.Hour)
	l.sweep(t)
	same(t, "status later", l.read(t, p.GetId()).GetStatus(), asArchived)
	again := must(l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()}))(t).GetArchived()
	same(t, "version after deleting it twice", again.GetVersion(), gone.GetVersion())
	l.documents(t, "archiving a product")

	fresh := l.create(t, shirt("Never sold", "S"))
	if must(l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: fresh.GetId()}))(t).GetArchived() != nil {
		t.Error("what was never sold is kept")
	}
	l.sell(t, fresh.GetVariants()[0].GetId()) // the order came at the same moment
	_, err = l.GetProduct(l.ctx, &catalogv1.GetProductRequest{Id: fresh.GetId()})
	wants(t, "reading what is gone", err, catalog.ErrProductNotFound)
}

// TestDeletedAndSoldAtOnce lets an order be heard of while its product is deleted: it is either archived or gone.
func TestDeletedAndSoldAtOnce(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	for i := range 12 {
		p := l.create(t, shirt(fmt.Sprint("Shirt ", i), "S", "M"))
		var wg sync.WaitGroup
		var kept *catalogv1.Product
		wg.Go(func() { l.sell(t, variantIDs(p)...) })
		wg.Go(func() {
			res, err := l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()})
			if err != nil {
				t.Error(err)
			}
			kept = res.GetArchived()
		})
		wg.Wait()
		now, err := l.GetProduct(l.ctx, &catalogv1.GetProductRequest{Id: p.GetId()})
		if kept == nil {
			wants(t, "reading what is gone", err, catalog.ErrProductNotFound)
		} else if err != nil || now.GetProduct().GetStatus() != asArchived {
			t.Errorf("got %v, %v", now, err)
		}
	}
	l.documents(t, "sales and deletions")
}

// bundle is a draft of a bundle of one variant.
func (l living) bundle(t *testing.T, title string) *catalogv1.Product {
	t.Helper()
	return l.create(t, &catalogv1.CreateProductRequest{
		Title: title, Kind: catalogv1.ProductKind_PRODUCT_KIND_BUNDLE, Variants: []*catalogv1.VariantInput{{Price: euros(2500)}},
	})
}

func (l living) compose(p *catalogv1.Product, of ...*catalogv1.ComponentInput) (*catalogv1.SetComponentsResponse, error) {
	return l.SetComponents(l.ctx, &catalogv1.SetComponentsRequest{ProductId: p.GetId(), VariantId: p.GetVariants()[0].GetId(), Components: of})
}

func (l living) become(t *testing.T, p *catalogv1.Product, status catalogv1.ProductStatus) {
	t.Helper()
	must(l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: status}))(t)
}

func of(variant *catalogv1.Variant, quantity int64) *catalogv1.ComponentInput {
	return &catalogv1.ComponentInput{VariantId: variant.GetId(), Quantity: quantity}
}

func TestBundles(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	shirts, mug := l.create(t, shirt("Shirt", "S", "M")), l.create(t, shirt("Mug", "S"))
	b := l.bundle(t, "Set")
	one := b.GetVariants()[0]
	if one.GetAvailable() || b.GetKind() != catalogv1.ProductKind_PRODUCT_KIND_BUNDLE {
		t.Errorf("got %v", b)
	}
	resolve := func() *catalogv1.ResolvedVariant {
		t.Helper()
		return must(l.ResolveVariants(l.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{one.GetId()}}))(t).GetVariants()[0]
	}
	same(t, "an empty bundle for sale", resolve().GetSellable(), false)
	_, err := l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{Id: b.GetId(), Status: asPublished})
	wants(t, "publishing an empty bundle", err, catalog.ErrBundleEmpty)
	_, err = l.CreateProduct(l.ctx, &catalogv1.CreateProductRequest{
		Title: "Born empty", Status: asPublished, Kind: catalogv1.ProductKind_PRODUCT_KIND_BUNDLE, Variants: []*catalogv1.VariantInput{{Price: euros(2500)}},
	})
	wants(t, "a bundle born empty and published", err, catalog.ErrBundleEmpty)
	v := must(l.compose(b, of(shirts.GetVariants()[1], 2), of(mug.GetVariants()[0], 1)))(t).GetVariant()
	l.become(t, b, asPublished)
	same(t, "available", v.GetAvailable(), true)
	same(t, "version", v.GetVersion(), 2)
	shop := must(l.GetStoreProduct(l.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: "set"}))(t).GetProduct().GetVariants()[0]
	if c := shop.GetComponents(); len(c) != 2 || c[0].GetProductSlug() != "shirt" || c[0].GetTitle() != "Shirt" || c[0].GetVariantTitle() != "M" || c[0].GetQuantity() != 2 ||
		c[1].GetVariantId() != mug.GetVariants()[0].GetId() {
		t.Errorf("got %v", c)
	}
	if r := resolve(); !r.GetSellable() || len(r.GetComponents()) != 2 || r.GetComponents()[0].GetQuantity() != 2 || r.GetComponents()[0].GetVariantId() != shirts.GetVariants()[1].GetId() {
		t.Errorf("got %v", r)
	}
	l.documents(t, "a bundle")

	// What it is made of goes and comes, and it follows.
	js := bustest.Start(t)
	bustest.Run(t, l.db, js)
	l.stock(t, one.GetId(), false) // has no stock of its own
	l.stock(t, shirts.GetVariants()[0].GetId(), false)
	same(t, "available without what is not in it", l.read(t, b.GetId()).GetVariants()[0].GetAvailable(), true)
	l.stock(t, mug.GetVariants()[0].GetId(), false)
	same(t, "available without a part", l.read(t, b.GetId()).GetVariants()[0].GetAvailable(), false)
	l.documents(t, "a part that is sold out")
	l.stock(t, mug.GetVariants()[0].GetId(), true)
	same(t, "available again", l.read(t, b.GetId()).GetVariants()[0].GetAvailable(), true)
	told := 0
	for _, e := range bustest.Published(t, js, "evt.catalog.product.availability_changed", 5) {
		if e.Aggregate.String() == b.GetId() {
			told++
		}
	}
	same(t, "how often it was announced", told, 2)
	must(l.UpdateProduct(l.ctx, &catalogv1.UpdateProductRequest{Id: mug.GetId(), Title: new("Cup"), Slug: new("cup")}))(t)
	now := l.read(t, b.GetId())
	if c := now.GetVariants()[0].GetComponents()[1]; c.GetTitle() != "Cup" || c.GetProductSlug() != "cup" {
		t.Errorf("got %v", c)
	}
	same(t, "version of the bundle", now.GetVersion(), 3)
	l.documents(t, "a renamed part")

	// What is not allowed.
	other := l.bundle(t, "Other")
	for name, try := range map[string]struct {
		of   []*catalogv1.ComponentInput
		want error
	}{
		"itself":         {[]*catalogv1.ComponentInput{of(other.GetVariants()[0], 1)}, catalog.ErrBundleCycle},
		"another bundle": {[]*catalogv1.ComponentInput{of(one, 1)}, catalog.ErrBundleCycle},
		"one twice":      {[]*catalogv1.ComponentInput{of(mug.GetVariants()[0], 1), of(mug.GetVariants()[0], 2)}, catalog.ErrComponent},
		"a stranger":     {[]*catalogv1.ComponentInput{{VariantId: id.New().String(), Quantity: 1}}, catalog.ErrComponent},
		"none of it":     {[]*catalogv1.ComponentInput{of(mug.GetVariants()[0], 0)}, rpc.ErrInvalid},
	} {
		_, err := l.compose(other, try.of...)
		wants(t, name, err, try.want)
	}
	_, err = l.compose(mug, of(shirts.GetVariants()[0], 1))
	wants(t, "no bundle", err, catalog.ErrNotABundle)
	_, err = l.SetComponents(l.elsewhere(t), &catalogv1.SetComponentsRequest{ProductId: b.GetId(), VariantId: one.GetId()})
	wants(t, "from another shop", err, catalog.ErrVariantNotFound)
	_, err = l.SetComponents(l.ctx, &catalogv1.SetComponentsRequest{ProductId: b.GetId(), VariantId: one.GetId(), IfVersion: 1})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	_, err = l.CreateVariant(l.ctx, &catalogv1.CreateVariantRequest{ProductId: b.GetId(), Variant: sized("L", 1)})
	wants(t, "stock of a bundle", err, catalog.ErrBundleStock)
	_, err = l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: mug.GetId()})
	wants(t, "deleting a part", err, catalog.ErrInBundle)
	_, err = l.DeleteVariant(l.ctx, &catalogv1.DeleteVariantRequest{ProductId: shirts.GetId(), Id: shirts.GetVariants()[1].GetId()})
	wants(t, "deleting a variant that is a part", err, catalog.ErrInBundle)
	twin := must(l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: b.GetId()}))(t).GetProduct()
	if v := twin.GetVariants()[0]; len(v.GetComponents()) != 2 || !v.GetAvailable() || twin.GetKind() != b.GetKind() {
		t.Errorf("a copy: %v", twin)
	}
	must(l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: twin.GetId()}))(t)
	_, err = l.compose(b)
	wants(t, "emptying a published bundle", err, catalog.ErrBundleEmpty)
	l.become(t, b, asDraft)
	must(l.compose(b))(t)
	must(l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: mug.GetId()}))(t)
	pgtest.Isolation(t, l.db)
	l.documents(t, "bundles")
}

// TestBundlesUnderFire composes bundles while their parts sell out and are deleted.
// TestBundlesTakeSeveral: one unit of a part does not make a bundle that takes two of it.
func TestBundlesTakeSeveral(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	js := bustest.Start(t)
	bustest.Run(t, l.db, js)
	made := l.create(t, shirt("Shirt", "S"))
	part := made.GetVariants()[0]
	pair, single, crate := l.bundle(t, "Pair"), l.bundle(t, "Single"), l.bundle(t, "Crate")
	must(l.compose(pair, of(part, 2)))(t)
	must(l.compose(single, of(part, 1)))(t)
	must(l.compose(crate, of(part, 5)))(t)
	var updated catalogv1.ProductUpdated
	for _, e := range bustest.Published(t, js, "evt.catalog.product.updated", 3) {
		if e.Aggregate.String() == pair.GetId() {
			open1(t, e, &updated)
		}
	}
	if parts := updated.GetBundle().GetParts(); len(parts) != 1 || parts[0].GetVariantId() != part.GetId() || parts[0].GetQuantity() != 2 {
		t.Errorf("inventory is told of %v", parts)
	}
	check := func(what string, p, s, c bool) {
		t.Helper()
		same(t, what+": the part", l.read(t, made.GetId()).GetVariants()[0].GetAvailable(), s)
		for name, of := range map[*catalogv1.Product]bool{pair: p, single: s, crate: c} {
			same(t, what+": "+name.GetTitle(), l.read(t, name.GetId()).GetVariants()[0].GetAvailable(), of)
		}
		l.documents(t, what)
	}
	check("plenty", true, true, true)
	l.short(t, part.GetId(), true, 5)
	check("four", true, true, false)
	l.short(t, part.GetId(), true, 2)
	check("one", false, true, false)
	late := l.bundle(t, "Late")
	same(t, "made of what is short", must(l.compose(late, of(part, 3)))(t).GetVariant().GetAvailable(), false)
	l.short(t, part.GetId(), false, 1)
	check("none", false, false, false)
	l.short(t, part.GetId(), true, 5)
	check("four again", true, true, false)
	l.short(t, part.GetId(), true, 0)
	check("plenty again", true, true, true)
}

func TestBundlesUnderFire(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	var parts, bundles []*catalogv1.Product
	for i := range 4 {
		parts, bundles = append(parts, l.create(t, shirt(fmt.Sprint("Part ", i), "S"))), append(bundles, l.bundle(t, fmt.Sprint("Bundle ", i)))
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for round := range 5 {
				_, err := l.compose(bundles[i], of(parts[round%4].GetVariants()[0], 1), of(parts[(round+i+1)%4].GetVariants()[0], 1))
				if err != nil && !errors.Is(err, catalog.ErrComponent) { // deleted, or the same one twice
					t.Errorf("composing: %v", err)
				}
			}
		})
		wg.Go(func() {
			for round := range 5 {
				l.stock(t, parts[i].GetVariants()[0].GetId(), round%2 == 1)
			}
		})
		wg.Go(func() {
			if _, err := l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: parts[3].GetId()}); err != nil &&
				!errors.Is(err, catalog.ErrInBundle) && !errors.Is(err, catalog.ErrProductNotFound) {
				t.Errorf("deleting: %v", err)
			}
		})
	}
	wg.Wait()
	l.documents(t, "fire")
	available := map[string]bool{}
	for _, p := range append(must(l.ExportProducts(l.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts(), nil) {
		for _, v := range p.GetVariants() {
			available[v.GetId()] = v.GetAvailable()
		}
	}
	for _, b := range bundles {
		v := l.read(t, b.GetId()).GetVariants()[0]
		want := len(v.GetComponents()) > 0
		for _, c := range v.GetComponents() {
			want = want && available[c.GetVariantId()]
		}
		same(t, "available "+b.GetTitle(), v.GetAvailable(), want)
	}
}
