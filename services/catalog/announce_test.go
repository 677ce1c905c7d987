package catalog_test

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

// writesOf are the methods for the outside that change something, by name: those that do not say that they have no side
// effects.
func writesOf(pkg string) (names []string) {
	protoregistry.GlobalFiles.RangeFilesByPackage(protoreflect.FullName(pkg), func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			for j := range f.Services().Get(i).Methods().Len() {
				m := f.Services().Get(i).Methods().Get(j)
				options, _ := m.Options().(*descriptorpb.MethodOptions)
				reads := options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
				if rpc.PolicyOf(m).Audience != apiv1.Audience_AUDIENCE_INTERNAL && !reads {
					names = append(names, string(m.Name()))
				}
			}
		}
		return true
	})
	slices.Sort(names)
	return names
}

// Whatever a shop's staff change is announced in the transaction that changes it: every method that writes is called here,
// and leaves its event in the outbox; what carts know of its products is told again. A new method that is not in this table fails.
func TestEveryWriteAnnounces(t *testing.T) {
	t.Parallel()
	s := openWhole(t)
	revisionsMove(t, s.db)
	log := slog.New(slog.DiscardHandler)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	s.svc.Mount(server)
	prices := catalogv1connect.NewPriceServiceClient(must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log}))(t))
	ctx := s.ctx
	serial := 0
	name := func(what string) string {
		serial++
		return what + " " + strings.Repeat("i", serial)
	}
	product := func() *catalogv1.Product { return s.create(t, shirt(name("Shirt"), "S", "M")) }
	list := func() string {
		return must(prices.CreatePriceList(ctx, &catalogv1.CreatePriceListRequest{Name: name("List"), Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE}))(t).GetPriceList().GetId()
	}
	file := func(p *catalogv1.Product) string {
		return must(s.AddVariantFile(ctx, &catalogv1.AddVariantFileRequest{ProductId: p.GetId(), VariantId: p.GetVariants()[0].GetId(), Key: new("a/b"), Name: "b"}))(t).GetFile().GetId()
	}
	collection := func() string {
		return must(s.CreateCollection(ctx, &catalogv1.CreateCollectionRequest{Name: name("Collection"), Kind: catalogv1.CollectionKind_COLLECTION_KIND_MANUAL}))(t).GetCollection().GetId()
	}
	texts := func(p *catalogv1.Product) {
		must(s.translations.SetProductTranslation(ctx, &catalogv1.SetProductTranslationRequest{ProductId: p.GetId(), Translation: &catalogv1.ProductTranslation{Locale: "de", Title: new("Hemd")}}))(t)
	}
	taxon := func() *catalogv1.TaxonTranslation {
		return &catalogv1.TaxonTranslation{Locale: "de", Name: new("Name")}
	}
	const (
		created, updated, deleted = "product.created", "product.updated", "product.deleted"
		taxonomy                  = "taxonomy.updated"
	)
	// Each prepares what it needs, and gives the call that is looked at.
	table := map[string]struct {
		subject string
		prepare func() (call func() error)
	}{
		"CreateProduct": {created, func() func() error { return func() error { product(); return nil } }},
		"UpdateProduct": {updated, func() func() error {
			p := product()
			return func() error {
				_, err := s.UpdateProduct(ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("New")})
				return err
			}
		}},
		"DeleteProduct": {deleted, func() func() error {
			p := product()
			return func() error {
				_, err := s.DeleteProduct(ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()})
				return err
			}
		}},
		"CreateVariant": {updated, func() func() error {
			p := product()
			return func() error {
				_, err := s.CreateVariant(ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: &catalogv1.VariantInput{Options: map[string]string{"size": "L"}, Price: euros(1)}})
				return err
			}
		}},
		"UpdateVariant": {updated, func() func() error {
			p := product()
			return func() error {
				_, err := s.UpdateVariant(ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId(), Price: euros(77)})
				return err
			}
		}},
		"DeleteVariant": {updated, func() func() error {
			p := product()
			return func() error {
				_, err := s.DeleteVariant(ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId()})
				return err
			}
		}},
		"SetProductImages": {updated, func() func() error {
			p := product()
			return func() error {
				_, err := s.SetProductImages(ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{{Id: id.New().String(), Url: "/media/a.webp", Width: 1, Height: 1}}})
				return err
			}
		}},
		"SetProductCategories": {updated, func() func() error {
			p, c := product(), s.category(t, name("Category"), "")
			return func() error {
				_, err := s.SetProductCategories(ctx, &catalogv1.SetProductCategoriesRequest{ProductId: p.GetId(), CategoryIds: []string{c.GetId()}})
				return err
			}
		}},
		"SetProductTags": {updated, func() func() error {
			p, tag := product(), s.tag(t, name("Tag"))
			return func() error {
				_, err := s.SetProductTags(ctx, &catalogv1.SetProductTagsRequest{ProductId: p.GetId(), TagIds: []string{tag.GetId()}})
				return err
			}
		}},
		"CreateCategory": {taxonomy, func() func() error { return func() error { s.category(t, name("Category"), ""); return nil } }},
		"UpdateCategory": {taxonomy, func() func() error {
			c := s.category(t, name("Category"), "")
			return func() error {
				_, err := s.UpdateCategory(ctx, &catalogv1.UpdateCategoryRequest{Id: c.GetId(), Name: new("New")})
				return err
			}
		}},
		"DeleteCategory": {taxonomy, func() func() error {
			c := s.category(t, name("Category"), "")
			return func() error {
				_, err := s.DeleteCategory(ctx, &catalogv1.DeleteCategoryRequest{Id: c.GetId()})
				return err
			}
		}},
		"OrderCategories": {taxonomy, func() func() error {
			top := s.category(t, name("Category"), "")
			a, b := s.category(t, name("Below"), top.GetId()), s.category(t, name("Below"), top.GetId())
			return func() error {
				_, err := s.OrderCategories(ctx, &catalogv1.OrderCategoriesRequest{ParentId: top.GetId(), CategoryIds: []string{b.GetId(), a.GetId()}})
				return err
			}
		}},
		"CreateTag": {taxonomy, func() func() error { return func() error { s.tag(t, name("Tag")); return nil } }},
		"UpdateTag": {taxonomy, func() func() error {
			tag := s.tag(t, name("Tag"))
			return func() error {
				_, err := s.UpdateTag(ctx, &catalogv1.UpdateTagRequest{Id: tag.GetId(), Name: new("New")})
				return err
			}
		}},
		"DeleteTag": {taxonomy, func() func() error {
			tag := s.tag(t, name("Tag"))
			return func() error { _, err := s.DeleteTag(ctx, &catalogv1.DeleteTagRequest{Id: tag.GetId()}); return err }
		}},
		"CreateBrand": {taxonomy, func() func() error { return func() error { s.brand(t, name("Brand")); return nil } }},
		"UpdateBrand": {taxonomy, func() func() error {
			b := s.brand(t, name("Brand"))
			return func() error {
				_, err := s.UpdateBrand(ctx, &catalogv1.UpdateBrandRequest{Id: b.GetId(), Name: new("New")})
				return err
			}
		}},
		"DeleteBrand": {taxonomy, func() func() error {
			b := s.brand(t, name("Brand"))
			return func() error { _, err := s.DeleteBrand(ctx, &catalogv1.DeleteBrandRequest{Id: b.GetId()}); return err }
		}},
		"CreateAttribute": {taxonomy, func() func() error {
			return func() error { s.attribute(t, "first", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT); return nil }
		}},
		"UpdateAttribute": {taxonomy, func() func() error {
			a := s.attribute(t, "second", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
			return func() error {
				_, err := s.UpdateAttribute(ctx, &catalogv1.UpdateAttributeRequest{Id: a.GetId(), Name: new("New")})
				return err
			}
		}},
		"DeleteAttribute": {taxonomy, func() func() error {
			a := s.attribute(t, "third", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
			return func() error {
				_, err := s.DeleteAttribute(ctx, &catalogv1.DeleteAttributeRequest{Id: a.GetId()})
				return err
			}
		}},
		"UpdateMarkets": {"markets.updated", func() func() error {
			return func() error {
				_, err := s.UpdateMarkets(ctx, &catalogv1.UpdateMarketsRequest{Markets: []*catalogv1.Market{{Country: "DE", Enforcement: catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_WARN}}})
				return err
			}
		}},
		"AddVariantFile": {updated, func() func() error { p := product(); return func() error { file(p); return nil } }},
		"UpdateVariantFile": {updated, func() func() error {
			p := product()
			f := file(p)
			return func() error {
				_, err := s.UpdateVariantFile(ctx, &catalogv1.UpdateVariantFileRequest{ProductId: p.GetId(), VariantId: p.GetVariants()[0].GetId(), Id: f, Name: new("c")})
				return err
			}
		}},
		"DeleteVariantFile": {updated, func() func() error {
			p := product()
			f := file(p)
			return func() error {
				_, err := s.DeleteVariantFile(ctx, &catalogv1.DeleteVariantFileRequest{ProductId: p.GetId(), VariantId: p.GetVariants()[0].GetId(), Id: f})
				return err
			}
		}},
		"CreateImport": {"job.created", func() func() error {
			return func() error {
				_, err := s.jobs.CreateImport(ctx, &catalogv1.CreateImportRequest{Format: csv})
				return err
			}
		}},
		"CreateExport": {"job.created", func() func() error {
			return func() error {
				_, err := s.jobs.CreateExport(ctx, &catalogv1.CreateExportRequest{Format: csv})
				return err
			}
		}},
		"CancelJob": {"job.ended", func() func() error {
			j := must(s.jobs.CreateImport(ctx, &catalogv1.CreateImportRequest{Format: csv}))(t).GetJob()
			return func() error { _, err := s.jobs.CancelJob(ctx, &catalogv1.CancelJobRequest{Id: j.GetId()}); return err }
		}},
		"DuplicateProduct": {created, func() func() error {
			p := product()
			return func() error {
				_, err := s.lifecycle.DuplicateProduct(ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId()})
				return err
			}
		}},
		"EditProducts": {updated, func() func() error {
			p, tag := product(), s.tag(t, name("Tag"))
			return func() error {
				_, err := s.lifecycle.EditProducts(ctx, &catalogv1.EditProductsRequest{Ids: []string{p.GetId()}, AddTagIds: []string{tag.GetId()}})
				return err
			}
		}},
		"OrderVariants": {updated, func() func() error {
			p := product()
			return func() error {
				_, err := s.lifecycle.OrderVariants(ctx, &catalogv1.OrderVariantsRequest{ProductId: p.GetId(), VariantIds: []string{p.GetVariants()[1].GetId(), p.GetVariants()[0].GetId()}})
				return err
			}
		}},
		"SetOptions": {updated, func() func() error {
			p := product()
			return func() error {
				var values []*catalogv1.OptionValueInput
				for _, v := range p.GetOptions()[0].GetValues() {
					values = append(values, &catalogv1.OptionValueInput{Value: v})
				}
				_, err := s.lifecycle.SetOptions(ctx, &catalogv1.SetOptionsRequest{ProductId: p.GetId(), Options: []*catalogv1.OptionInput{{Name: "Fit", Was: p.GetOptions()[0].GetName(), Values: values}}})
				return err
			}
		}},
		"SetComponents": {updated, func() func() error {
			p := product()
			set := s.create(t, &catalogv1.CreateProductRequest{Title: name("Set"), Kind: catalogv1.ProductKind_PRODUCT_KIND_BUNDLE, Variants: []*catalogv1.VariantInput{{Price: euros(1)}}})
			return func() error {
				_, err := s.lifecycle.SetComponents(ctx, &catalogv1.SetComponentsRequest{ProductId: set.GetId(), VariantId: set.GetVariants()[0].GetId(), Components: []*catalogv1.ComponentInput{{VariantId: p.GetVariants()[0].GetId(), Quantity: 1}}})
				return err
			}
		}},
		"CreatePriceList": {"price_list.created", func() func() error { return func() error { list(); return nil } }},
		"UpdatePriceList": {"price_list.updated", func() func() error {
			l := list()
			return func() error {
				_, err := prices.UpdatePriceList(ctx, &catalogv1.UpdatePriceListRequest{Id: l, Name: new("New")})
				return err
			}
		}},
		"DeletePriceList": {"price_list.deleted", func() func() error {
			l := list()
			return func() error {
				_, err := prices.DeletePriceList(ctx, &catalogv1.DeletePriceListRequest{Id: l})
				return err
			}
		}},
		"PutListPrices": {"price_list.repriced", func() func() error {
			l, p := list(), product()
			return func() error {
				_, err := prices.PutListPrices(ctx, &catalogv1.PutListPricesRequest{PriceListId: l, Prices: []*catalogv1.ListPriceInput{{VariantId: p.GetVariants()[0].GetId(), Currency: "EUR", Amount: 5}}})
				return err
			}
		}},
		"DeleteListPrices": {"price_list.repriced", func() func() error {
			l, p := list(), product()
			must(prices.PutListPrices(ctx, &catalogv1.PutListPricesRequest{PriceListId: l, Prices: []*catalogv1.ListPriceInput{{VariantId: p.GetVariants()[0].GetId(), Currency: "EUR", Amount: 5}}}))(t)
			return func() error {
				_, err := prices.DeleteListPrices(ctx, &catalogv1.DeleteListPricesRequest{PriceListId: l})
				return err
			}
		}},
		"CreateCollection": {taxonomy, func() func() error { return func() error { collection(); return nil } }},
		"UpdateCollection": {taxonomy, func() func() error {
			c := collection()
			return func() error {
				_, err := s.TaxonomyServiceClient.UpdateCollection(ctx, &catalogv1.UpdateCollectionRequest{Id: c, Name: new("New")})
				return err
			}
		}},
		"DeleteCollection": {taxonomy, func() func() error {
			c := collection()
			return func() error {
				_, err := s.TaxonomyServiceClient.DeleteCollection(ctx, &catalogv1.DeleteCollectionRequest{Id: c})
				return err
			}
		}},
		"SetCollectionProducts": {taxonomy, func() func() error {
			c, p := collection(), product()
			return func() error {
				_, err := s.SetCollectionProducts(ctx, &catalogv1.SetCollectionProductsRequest{Id: c, ProductIds: []string{p.GetId()}})
				return err
			}
		}},
		"AddCollectionProducts": {taxonomy, func() func() error {
			c, p := collection(), product()
			return func() error {
				_, err := s.AddCollectionProducts(ctx, &catalogv1.AddCollectionProductsRequest{Id: c, ProductIds: []string{p.GetId()}})
				return err
			}
		}},
		"RemoveCollectionProduct": {taxonomy, func() func() error {
			c, p := collection(), product()
			must(s.AddCollectionProducts(ctx, &catalogv1.AddCollectionProductsRequest{Id: c, ProductIds: []string{p.GetId()}}))(t)
			return func() error {
				_, err := s.RemoveCollectionProduct(ctx, &catalogv1.RemoveCollectionProductRequest{Id: c, ProductId: p.GetId()})
				return err
			}
		}},
		"UpdateLocales": {"locales.updated", func() func() error {
			return func() error {
				have := must(s.translations.GetLocales(ctx, &catalogv1.GetLocalesRequest{}))(t).GetLocales()
				have.Locales = append(have.Locales, &catalogv1.Locale{Code: "ga"})
				_, err := s.translations.UpdateLocales(ctx, &catalogv1.UpdateLocalesRequest{Locales: have})
				return err
			}
		}},
		"SetProductTranslation": {updated, func() func() error { p := product(); return func() error { texts(p); return nil } }},
		"DeleteProductTranslation": {updated, func() func() error {
			p := product()
			texts(p)
			return func() error {
				_, err := s.translations.DeleteProductTranslation(ctx, &catalogv1.DeleteProductTranslationRequest{ProductId: p.GetId(), Locale: "de"})
				return err
			}
		}},
		"SetCategoryTranslation": {taxonomy, func() func() error {
			c := s.category(t, name("Category"), "")
			return func() error {
				_, err := s.translations.SetCategoryTranslation(ctx, &catalogv1.SetCategoryTranslationRequest{CategoryId: c.GetId(), Translation: taxon()})
				return err
			}
		}},
		"DeleteCategoryTranslation": {taxonomy, func() func() error {
			c := s.category(t, name("Category"), "")
			must(s.translations.SetCategoryTranslation(ctx, &catalogv1.SetCategoryTranslationRequest{CategoryId: c.GetId(), Translation: taxon()}))(t)
			return func() error {
				_, err := s.translations.DeleteCategoryTranslation(ctx, &catalogv1.DeleteCategoryTranslationRequest{CategoryId: c.GetId(), Locale: "de"})
				return err
			}
		}},
		"SetCollectionTranslation": {taxonomy, func() func() error {
			c := collection()
			return func() error {
				_, err := s.translations.SetCollectionTranslation(ctx, &catalogv1.SetCollectionTranslationRequest{CollectionId: c, Translation: taxon()})
				return err
			}
		}},
		"DeleteCollectionTranslation": {taxonomy, func() func() error {
			c := collection()
			must(s.translations.SetCollectionTranslation(ctx, &catalogv1.SetCollectionTranslationRequest{CollectionId: c, Translation: taxon()}))(t)
			return func() error {
				_, err := s.translations.DeleteCollectionTranslation(ctx, &catalogv1.DeleteCollectionTranslationRequest{CollectionId: c, Locale: "de"})
				return err
			}
		}},
		"SetTagTranslation": {taxonomy, func() func() error {
			of := s.tag(t, name("Tag")).GetId()
			return func() error {
				_, err := s.translations.SetTagTranslation(ctx, &catalogv1.SetTagTranslationRequest{TagId: of, Translation: taxon()})
				return err
			}
		}},
		"DeleteTagTranslation": {taxonomy, func() func() error {
			of := s.tag(t, name("Tag")).GetId()
			must(s.translations.SetTagTranslation(ctx, &catalogv1.SetTagTranslationRequest{TagId: of, Translation: taxon()}))(t)
			return func() error {
				_, err := s.translations.DeleteTagTranslation(ctx, &catalogv1.DeleteTagTranslationRequest{TagId: of, Locale: "de"})
				return err
			}
		}},
		"SetBrandTranslation": {taxonomy, func() func() error {
			of := s.brand(t, name("Brand")).GetId()
			return func() error {
				_, err := s.translations.SetBrandTranslation(ctx, &catalogv1.SetBrandTranslationRequest{BrandId: of, Translation: taxon()})
				return err
			}
		}},
		"DeleteBrandTranslation": {taxonomy, func() func() error {
			of := s.brand(t, name("Brand")).GetId()
			must(s.translations.SetBrandTranslation(ctx, &catalogv1.SetBrandTranslationRequest{BrandId: of, Translation: taxon()}))(t)
			return func() error {
				_, err := s.translations.DeleteBrandTranslation(ctx, &catalogv1.DeleteBrandTranslationRequest{BrandId: of, Locale: "de"})
				return err
			}
		}},
		"SetAttributeTranslation": {taxonomy, func() func() error {
			of := s.attribute(t, "set_named", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT).GetId()
			return func() error {
				_, err := s.translations.SetAttributeTranslation(ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: of, Translation: &catalogv1.AttributeTranslation{Locale: "de", Name: new("Name")}})
				return err
			}
		}},
		"DeleteAttributeTranslation": {taxonomy, func() func() error {
			of := s.attribute(t, "delete_named", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT).GetId()
			must(s.translations.SetAttributeTranslation(ctx, &catalogv1.SetAttributeTranslationRequest{AttributeId: of, Translation: &catalogv1.AttributeTranslation{Locale: "de", Name: new("Name")}}))(t)
			return func() error {
				_, err := s.translations.DeleteAttributeTranslation(ctx, &catalogv1.DeleteAttributeTranslationRequest{AttributeId: of, Locale: "de"})
				return err
			}
		}},
	}
	if have, want := slices.Sorted(maps.Keys(table)), writesOf("sovecom.catalog.v1"); !slices.Equal(have, want) {
		t.Fatalf("the table has %v\nwhat writes is %v", have, want)
	}
	for _, method := range slices.Sorted(maps.Keys(table)) {
		row := table[method]
		call := row.prepare()
		before := s.announcements(t)
		if err := call(); err != nil {
			t.Errorf("%s: %v", method, err)
			continue
		}
		subject := "evt.catalog." + row.subject
		after := s.announcements(t)
		if after[subject] <= before[subject] {
			t.Errorf("%s announces no %s: %v", method, subject, after)
		}
	}
}

// announcements counts what waits in the outbox, by subject.
func (r room) announcements(t *testing.T) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	if err := r.db.Read(r.ctx, func(b *pg.Batch) {
		clear(out)
		pg.Each(b.Queue("select subject, count(*) from outbox group by subject"), func(rows pgx.Rows) error {
			var subject string
			var n int64
			err := rows.Scan(&subject, &n)
			out[subject] = n
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
