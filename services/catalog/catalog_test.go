package catalog_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// room is the catalogue behind a memory door, on a database of the test's own.
type room struct {
	catalogv1connect.CatalogServiceClient
	catalogv1connect.TaxonomyServiceClient

	ctx context.Context // of staff in the default tenant
	db  *pgtest.DB
	svc *catalog.Service
}

func open(t testing.TB) room {
	t.Helper()
	return openAt(t, time.Now)
}

// openAt is open with a clock of the test's own.
func openAt(t testing.TB, now func() time.Time) room {
	t.Helper()
	db := pgtest.New(t, "catalog", catalog.Migrations())
	svc := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: db.DB, Logger: slog.New(slog.DiscardHandler), Now: now}))(t)
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	svc.Mount(server)
	client := must(rpc.NewClient(door.Memory(server), deps))(t)
	return room{catalogv1connect.NewCatalogServiceClient(client), catalogv1connect.NewTaxonomyServiceClient(client), staff(pgtest.Context(t)), db, svc}
}

func staff(ctx context.Context) context.Context {
	return auth.With(ctx, auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "owner"})
}

// elsewhere is staff of another shop.
func (r room) elsewhere(t *testing.T) context.Context {
	t.Helper()
	other := id.New()
	if err := r.db.Write(tenant.WithSystem(t.Context()), func(w *pg.Writes) error {
		w.Exec("insert into tenants (id) values ($1)", other)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return staff(tenant.With(t.Context(), other))
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

func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func euros(cents int64) *typev1.Money { return &typev1.Money{Amount: cents, Currency: "EUR"} }

func sized(size string, cents int64) *catalogv1.VariantInput {
	return &catalogv1.VariantInput{Options: map[string]string{"size": size}, Price: euros(cents), InitialStock: 1}
}

// shirt is a published product with one variant per size.
func shirt(title string, sizes ...string) *catalogv1.CreateProductRequest {
	req := &catalogv1.CreateProductRequest{Title: title, Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}
	for i, size := range sizes {
		req.Variants = append(req.Variants, sized(size, 1000*int64(i+1)))
	}
	if len(sizes) > 0 {
		req.Options = []*catalogv1.Option{{Name: "size", Values: sizes}}
	}
	return req
}

func (r room) create(t *testing.T, req *catalogv1.CreateProductRequest) *catalogv1.Product {
	t.Helper()
	return must(r.CreateProduct(r.ctx, req))(t).GetProduct()
}

func (r room) read(t *testing.T, product string) *catalogv1.Product {
	t.Helper()
	return must(r.GetProduct(r.ctx, &catalogv1.GetProductRequest{Id: product}))(t).GetProduct()
}

func (r room) category(t *testing.T, name, parent string) *catalogv1.Category {
	t.Helper()
	return must(r.CreateCategory(r.ctx, &catalogv1.CreateCategoryRequest{Name: name, ParentId: parent}))(t).GetCategory()
}

func (r room) tag(t *testing.T, name string) *catalogv1.Tag {
	t.Helper()
	return must(r.CreateTag(r.ctx, &catalogv1.CreateTagRequest{Name: name}))(t).GetTag()
}

func TestIsolation(t *testing.T) {
	t.Parallel()
	r := open(t)
	c, tg := r.category(t, "Shirts", ""), r.tag(t, "Linen")
	req := shirt("Linen shirt", "S")
	req.CategoryIds, req.TagIds = []string{c.GetId()}, []string{tg.GetId()}
	p := r.create(t, req)
	pgtest.Isolation(t, r.db)

	other := r.elsewhere(t)
	_, err := r.GetProduct(other, &catalogv1.GetProductRequest{Id: p.GetId()})
	wants(t, "another shop's product", err, catalog.ErrProductNotFound)
	_, err = r.GetStoreProduct(other, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()})
	wants(t, "another shop's slug", err, catalog.ErrProductNotFound)
	_, err = r.UpdateProduct(other, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("Mine")})
	wants(t, "changing another shop's product", err, catalog.ErrProductNotFound)
	_, err = r.DeleteVariant(other, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId()})
	wants(t, "deleting another shop's variant", err, catalog.ErrVariantNotFound)
	_, err = r.GetCategory(other, &catalogv1.GetCategoryRequest{Id: c.GetId()})
	wants(t, "another shop's category", err, catalog.ErrCategoryNotFound)
	_, err = r.DeleteTag(other, &catalogv1.DeleteTagRequest{Id: tg.GetId()})
	wants(t, "another shop's tag", err, catalog.ErrTagNotFound)

	// The same slug and SKU are free there, and nothing of here can be linked to.
	req = shirt("Linen shirt", "S")
	req.Variants[0].Sku = p.GetVariants()[0].GetSku()
	theirs := must(r.CreateProduct(other, req))(t).GetProduct()
	same(t, "slug", theirs.GetSlug(), p.GetSlug())
	_, err = r.SetProductCategories(other, &catalogv1.SetProductCategoriesRequest{ProductId: theirs.GetId(), CategoryIds: []string{c.GetId()}})
	wants(t, "another shop's category on a product", err, catalog.ErrCategoryUnknown)
	_, err = r.SetProductTags(other, &catalogv1.SetProductTagsRequest{ProductId: theirs.GetId(), TagIds: []string{tg.GetId()}})
	wants(t, "another shop's tag on a product", err, catalog.ErrTagUnknown)
	_, err = r.CreateCategory(other, &catalogv1.CreateCategoryRequest{Name: "Under", ParentId: c.GetId()})
	wants(t, "a category under another shop's", err, catalog.ErrParentNotFound)
	list := must(r.ListStoreProducts(other, &catalogv1.ListStoreProductsRequest{}))(t)
	same(t, "products listed there", list.GetPage().GetTotal(), 1)
	found := must(r.ResolveVariants(other, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[0].GetId()}}))(t)
	same(t, "variants resolved there", len(found.GetVariants()), 0)
	same(t, "products exported there", len(must(r.ExportProducts(other, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 1)
}
