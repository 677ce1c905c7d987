// Package freshness holds the edge's kept pages against the catalogue: whatever staff do, a page that outlives the
// event must be what would be rendered anew.
package freshness

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gateway"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

type landlord struct {
	identityv1connect.UnimplementedIdentityServiceHandler
}

func (landlord) ResolveTenant(context.Context, *identityv1.ResolveTenantRequest) (*identityv1.ResolveTenantResponse, error) {
	return &identityv1.ResolveTenantResponse{TenantId: tenant.Default().String()}, nil
}

// world is a catalogue that staff change at random, and two edges before it: one that keeps pages and one that does not.
type world struct {
	catalogv1connect.CatalogServiceClient
	translate catalogv1connect.TranslationServiceClient

	t     *testing.T
	ctx   context.Context
	db    *pgtest.DB
	room  *catalog.Service
	kept  *gateway.Gateway
	fresh *gateway.Gateway
	rand  *rand.Rand

	products, categories, tags []string
	slugs                      map[string]string
	brand, attribute           string
}

func open(t *testing.T) *world {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	w := &world{t: t, db: pgtest.New(t, "catalog", catalog.Migrations()), slugs: map[string]string{}}
	w.ctx = auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "owner"})
	w.room = must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: w.db.DB, Logger: log, Now: time.Now}))(t)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	w.room.Mount(server)
	identityv1connect.RegisterIdentityServiceHandler(server, landlord{})
	client := must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log}))(t)
	w.CatalogServiceClient, w.translate = catalogv1connect.NewCatalogServiceClient(client), catalogv1connect.NewTranslationServiceClient(client)
	edge := func(mib int) *gateway.Gateway {
		cfg := gateway.DefaultConfig()
		cfg.RateLimit, cfg.CacheMiB, cfg.CacheTTL = 0, mib, time.Hour
		return must(gateway.New(cfg, gateway.Deps{
			Logger: log, Now: time.Now, Secret: []byte("0123456789abcdef0123456789abcdef"),
			Catalog: w.CatalogServiceClient, Translation: w.translate, Identity: identityv1connect.NewIdentityServiceClient(client), Taxonomy: catalogv1connect.NewTaxonomyServiceClient(client),
		}))(t)
	}
	w.kept, w.fresh = edge(64), edge(0)
	w.kept.Following(true)
	must(w.translate.UpdateLocales(w.ctx, &catalogv1.UpdateLocalesRequest{Locales: &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "de"}}}}))(t)
	w.brand = must(w.room.CreateBrand(w.ctx, &catalogv1.CreateBrandRequest{Name: "House"}))(t).GetBrand().GetId()
	w.attribute = must(w.room.CreateAttribute(w.ctx, &catalogv1.CreateAttributeRequest{
		Code: "colour", Name: "Colour", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, Shown: true, Filterable: true, Options: []*catalogv1.AttributeOption{{Value: "red", Label: "Red"}},
	}))(t).GetAttribute().GetId()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	w.rand = rand.New(rand.NewPCG(seed, 0))
	return w
}

func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func one[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

func (w *world) some(of []string, most int) []string {
	var out []string
	for range w.rand.IntN(most + 1) {
		if len(of) > 0 {
			out = append(out, one(w.rand, of))
		}
	}
	return out
}

func (w *world) title() string {
	words := []string{"Linen", "Wool", "shirt", "Écharpe", "stool", "bowl"}
	return one(w.rand, words) + " " + one(w.rand, words)
}

func (w *world) price() *typev1.Money {
	return &typev1.Money{Amount: 100 * (1 + w.rand.Int64N(8)), Currency: "EUR"}
}

func (w *world) category(parent string) {
	c := must(w.CreateCategory(w.ctx, &catalogv1.CreateCategoryRequest{Name: fmt.Sprint("Category ", len(w.categories)), ParentId: parent}))(w.t).GetCategory()
	w.categories, w.slugs[c.GetId()] = append(w.categories, c.GetId()), c.GetSlug()
}

func (w *world) tag() {
	tg := must(w.CreateTag(w.ctx, &catalogv1.CreateTagRequest{Name: fmt.Sprint("Tag ", len(w.tags))}))(w.t).GetTag()
	w.tags, w.slugs[tg.GetId()] = append(w.tags, tg.GetId()), tg.GetSlug()
}

// nameElsewhere gives a tag, the brand or the attribute another name in German.
func (w *world) nameElsewhere() {
	name := fmt.Sprint("Name ", w.rand.IntN(9))
	switch w.rand.IntN(4) {
	case 0:
		must(w.room.SetBrandTranslation(w.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: w.brand, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: &name}}))(w.t)
	case 1:
		must(w.room.SetAttributeTranslation(w.ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: w.attribute, Translation: &catalogv1.AttributeTranslation{
			Locale: "de", Name: &name, Options: map[string]string{"red": name},
		}}))(w.t)
	case 2:
		must(w.room.DeleteTagTranslation(w.ctx, &catalogv1.DeleteTagTranslationRequest{TagId: one(w.rand, w.tags), Locale: "de"}))(w.t)
	default: // the slug may be another's already
		slug := fmt.Sprint("etikett-", w.rand.IntN(3))
		_, _ = w.room.SetTagTranslation(w.ctx, &catalogv1.SetTagTranslationRequest{TagId: one(w.rand, w.tags), Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: &name, Slug: &slug}})
	}
}

func (w *world) create() {
	req := &catalogv1.CreateProductRequest{
		Title: w.title(), CategoryIds: w.some(w.categories, 2), TagIds: w.some(w.tags, 2),
		Status: one(w.rand, []catalogv1.ProductStatus{catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT, catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}),
	}
	if w.rand.IntN(2) == 0 {
		req.BrandId = w.brand
		req.Attributes = []*catalogv1.AttributeInput{{Code: "colour", Value: &catalogv1.AttributeInput_Text{Text: "red"}}}
	}
	for i := range 1 + w.rand.IntN(3) {
		req.Variants = append(req.Variants, &catalogv1.VariantInput{
			Sku: fmt.Sprint("S-", len(w.slugs), "-", i), Options: map[string]string{"size": fmt.Sprint(i)}, Price: w.price(), InitialStock: int64(w.rand.IntN(2)),
		})
	}
	p := must(w.CreateProduct(w.ctx, req))(w.t).GetProduct()
	w.products, w.slugs[p.GetId()] = append(w.products, p.GetId()), p.GetSlug()
}

func (w *world) stock(variant string, available bool) {
	body := must(proto.Marshal(&inventoryv1.StockChanged{VariantId: variant, Available: available}))(w.t)
	if err := w.db.Tx(w.ctx, func(ctx context.Context, tx *pg.Tx) error {
		return w.room.Consumers()[0].Handle(ctx, tx, bus.Event{Subject: "evt.inventory.stock.changed", Tenant: tenant.Default(), Body: body}, nil)
	}); err != nil {
		w.t.Fatal(err)
	}
}

// step does one thing that staff or stock may do; a refusal is fine, it changes nothing.
func (w *world) step() string {
	which := w.products[w.rand.IntN(len(w.products))]
	read, err := w.GetProduct(w.ctx, &catalogv1.GetProductRequest{Id: which})
	p := read.GetProduct()
	if err != nil || len(p.GetVariants()) == 0 { // deleted, or a draft without anything to price
		w.create()
		return "a product was created"
	}
	variant := p.GetVariants()[w.rand.IntN(len(p.GetVariants()))]
	update := &catalogv1.UpdateProductRequest{Id: which}
	var what string
	switch w.rand.IntN(14) {
	case 0:
		w.create()
		what = "created"
	case 1:
		_, err = w.DeleteProduct(w.ctx, &catalogv1.DeleteProductRequest{Id: which})
		what = "deleted"
	case 2:
		update.Title = proto.String(w.title())
		_, err = w.UpdateProduct(w.ctx, update)
		what = "retitled"
	case 3:
		update.Description = &catalogv1.TextPatch{Value: fmt.Sprint(w.rand.Uint64())}
		_, err = w.UpdateProduct(w.ctx, update)
		what = "described"
	case 4:
		update.Status = catalogv1.ProductStatus(1 + w.rand.Int32N(3))
		_, err = w.UpdateProduct(w.ctx, update)
		what = "given another status"
	case 5:
		update.Slug = proto.String(fmt.Sprint("slug-", w.rand.IntN(20)))
		_, err = w.UpdateProduct(w.ctx, update)
		what = "given another slug"
	case 6, 7:
		_, err = w.UpdateVariant(w.ctx, &catalogv1.UpdateVariantRequest{ProductId: which, Id: variant.GetId(), Price: w.price()})
		what = "priced"
	case 8:
		_, err = w.CreateVariant(w.ctx, &catalogv1.CreateVariantRequest{ProductId: which, Variant: &catalogv1.VariantInput{
			Options: map[string]string{"size": fmt.Sprint(10 + w.rand.IntN(90))}, Price: w.price(), InitialStock: int64(w.rand.IntN(2)),
		}})
		what = "given a variant"
	case 9:
		_, err = w.DeleteVariant(w.ctx, &catalogv1.DeleteVariantRequest{ProductId: which, Id: variant.GetId()})
		what = "robbed of a variant"
	case 10:
		_, err = w.SetProductCategories(w.ctx, &catalogv1.SetProductCategoriesRequest{ProductId: which, CategoryIds: w.some(w.categories, 3)})
		what = "put elsewhere"
	case 11:
		_, err = w.SetProductTags(w.ctx, &catalogv1.SetProductTagsRequest{ProductId: which, TagIds: w.some(w.tags, 3)})
		what = "tagged"
	case 12:
		w.stock(variant.GetId(), !variant.GetAvailable())
		what = "stocked"
	case 13:
		text := &catalogv1.ProductTranslation{Locale: "de", Title: proto.String(w.title())}
		if w.rand.IntN(2) == 0 {
			text.Slug = proto.String(fmt.Sprint("slug-", w.rand.IntN(20)))
		}
		_, err = w.translate.SetProductTranslation(w.ctx, &catalogv1.SetProductTranslationRequest{ProductId: which, Translation: text})
		what = "translated"
		if w.rand.IntN(3) == 0 {
			_, err = w.translate.DeleteProductTranslation(w.ctx, &catalogv1.DeleteProductTranslationRequest{ProductId: which, Locale: "de"})
			what = "left untranslated"
		}
	}
	if w.rand.IntN(25) == 0 {
		req := &catalogv1.UpdateCategoryRequest{Id: one(w.rand, w.categories), ParentId: &catalogv1.TextPatch{Value: one(w.rand, w.categories)}}
		_, _ = w.UpdateCategory(w.ctx, req) // a circle is refused
		what += ", a category moved"
	}
	if w.rand.IntN(20) == 0 {
		w.nameElsewhere()
		what += ", something is called otherwise in German"
	}
	if err != nil {
		what += " (refused)"
	}
	return which + " was " + what
}

// hear hands the events to the edge as the bus would.
func (w *world) hear() {
	for {
		var seq int64
		var subject string
		var body []byte
		var found bool
		if err := w.db.Read(w.ctx, func(b *pg.Batch) {
			pg.Row(b.Queue("select seq, subject, body from outbox order by seq limit 1"), &found, &seq, &subject, &body)
		}); err != nil {
			w.t.Fatal(err)
		}
		if !found {
			return
		}
		w.kept.Dropped(subject, tenant.Default(), body)
		if err := w.db.Write(w.ctx, func(wr *pg.Writes) error {
			wr.Exec("delete from outbox where seq = $1", seq)
			return nil
		}); err != nil {
			w.t.Fatal(err)
		}
	}
}

func get(g *gateway.Gateway, path string) (int, string, string) {
	a := httptest.NewRecorder()
	g.Handler().ServeHTTP(a, httptest.NewRequest(http.MethodGet, path, nil))
	return a.Code, a.Body.String(), a.Header().Get("ETag")
}

// paths are what shoppers ask for: every filter with every order, and pages behind the first.
func (w *world) paths() []string {
	out := []string{"/store/v1/categories", "/store/v1/categories?tree=true", "/store/v1/tags", "/store/v1/tags?locale=de", "/store/v1/brands?locale=de", "/store/v1/brands/house?locale=de"}
	for i := range 3 {
		out = append(out, fmt.Sprintf("/store/v1/products?limit=3&tag=etikett-%d", i), fmt.Sprintf("/store/v1/products?limit=3&sort=price&locale=de&tag=etikett-%d", i))
	}
	for _, p := range w.products[:4] {
		out = append(out, "/store/v1/products/"+p, "/store/v1/products/"+w.slugs[p])
	}
	for i := range 5 {
		out = append(out, fmt.Sprint("/store/v1/products/slug-", i), fmt.Sprintf("/store/v1/products/slug-%d?locale=de", i))
	}
	for _, c := range w.categories[:3] {
		out = append(out, "/store/v1/categories/"+w.slugs[c])
	}
	for _, sort := range []string{"-createdAt", "createdAt", "title", "-title", "price", "-price"} {
		out = append(out, "/store/v1/products?limit=3&sort="+sort, "/store/v1/products?limit=3&page=2&sort="+sort)
		for range 6 {
			path := fmt.Sprintf("/store/v1/products?limit=%d&sort=%s", 1+w.rand.IntN(4), sort)
			if w.rand.IntN(2) == 0 {
				path += "&categoryId=" + one(w.rand, w.categories)
			}
			if w.rand.IntN(3) == 0 {
				path += "&tag=" + w.slugs[one(w.rand, w.tags)]
			}
			if w.rand.IntN(3) == 0 {
				path += fmt.Sprintf("&minPrice=%d", 100*w.rand.IntN(9))
			}
			if w.rand.IntN(3) == 0 {
				path += fmt.Sprintf("&maxPrice=%d", 100*w.rand.IntN(9))
			}
			if w.rand.IntN(3) == 0 {
				path += fmt.Sprint("&inStock=", w.rand.IntN(2) == 0)
			}
			if w.rand.IntN(4) == 0 {
				path += "&q=" + one(w.rand, []string{"li", "shirt", "echarpe", "nothing"})
			}
			if w.rand.IntN(3) == 0 {
				path += "&locale=de"
			}
			out = append(out, path)
		}
	}
	return out
}

func TestKeptPagesAreFresh(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 4 {
		w.category("")
	}
	for i := range 5 {
		w.category(w.categories[i])
	}
	for range 4 {
		w.tag()
	}
	for range 25 {
		w.create()
	}
	for range 8 {
		w.nameElsewhere()
	}
	w.hear()
	paths := w.paths()
	for _, path := range paths {
		get(w.kept, path)
	}
	var kept, all int
	for step := range 120 {
		what := w.step()
		w.hear()
		for _, path := range paths {
			before := w.db.Statements()
			status, body, etag := get(w.kept, path)
			all++
			if w.db.Statements() == before {
				kept++
			}
			wantStatus, want, wantETag := get(w.fresh, path)
			if status != wantStatus || strings.ReplaceAll(body, "\n", "") != strings.ReplaceAll(want, "\n", "") || etag != wantETag {
				t.Fatalf("step %d: %s, and %s shows\n%s\nwant\n%s", step, what, path, body, want)
			}
		}
	}
	t.Logf("%d of %d pages outlived an event that did not concern them", kept, all)
	if kept*2 < all {
		t.Errorf("only %d of %d pages were kept: events drop more than they have to", kept, all)
	}
}

// A language that is taken away from the shop is not shown any more, and is shown again when it comes back: of names as of
// titles, at once, also where pages are kept. Slugs of it lead where they led.
func TestALanguageThatGoes(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.tag()
	must(w.CreateProduct(w.ctx, &catalogv1.CreateProductRequest{
		Title: "Shirt", Slug: "shirt", Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, TagIds: w.tags, BrandId: w.brand,
		Attributes: []*catalogv1.AttributeInput{{Code: "colour", Value: &catalogv1.AttributeInput_Text{Text: "red"}}},
		Variants:   []*catalogv1.VariantInput{{Price: w.price(), InitialStock: 1}},
	}))(t)
	must(w.room.SetBrandTranslation(w.ctx, &catalogv1.SetBrandTranslationRequest{BrandId: w.brand, Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("Haus")}}))(t)
	must(w.room.SetTagTranslation(w.ctx, &catalogv1.SetTagTranslationRequest{TagId: w.tags[0], Translation: &catalogv1.TaxonTranslation{Locale: "de", Name: new("Etikett")}}))(t)
	must(w.room.SetAttributeTranslation(w.ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: w.attribute, Translation: &catalogv1.AttributeTranslation{
		Locale: "de", Name: new("Farbe"), Options: map[string]string{"red": "Rot"},
	}}))(t)
	speaks := func(locales ...*catalogv1.Locale) {
		t.Helper()
		must(w.translate.UpdateLocales(w.ctx, &catalogv1.UpdateLocalesRequest{Locales: &catalogv1.Locales{DefaultLocale: "en", Locales: locales}}))(t)
		w.hear()
	}
	shows := func(path string, german bool) {
		t.Helper()
		for _, edge := range []*gateway.Gateway{w.kept, w.kept} {
			status, body, _ := get(edge, path)
			for _, name := range []string{`"Haus"`, `"Etikett"`, `"Farbe"`, `"Rot"`} {
				if status != http.StatusOK || strings.Contains(body, name) != german {
					t.Errorf("%s is %d, and that it shows %s is not %t: %s", path, status, name, german, body)
				}
			}
		}
	}
	paths := []string{"/store/v1/products/shirt?locale=de", "/store/v1/products?tag=etikett&locale=de", "/store/v1/products?brand=haus&locale=de-AT"}
	for _, step := range []struct {
		locales []*catalogv1.Locale
		german  bool
	}{
		{[]*catalogv1.Locale{{Code: "de"}, {Code: "fr"}}, true}, {[]*catalogv1.Locale{{Code: "fr"}}, false}, {nil, false},
		{[]*catalogv1.Locale{{Code: "de-AT", Fallbacks: []string{"de"}}, {Code: "de"}}, true},
	} {
		speaks(step.locales...)
		for _, path := range paths {
			shows(path, step.german)
		}
	}
}
