package catalog_test

import (
	"context"
	stdcsv "encoding/csv"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

// odd is a shop in which nothing is plain.
func (r room) odd(t *testing.T, pictures ...*catalogv1.ImageInput) {
	t.Helper()
	home := r.category(t, "Home > Garden | Sale", "")
	below := r.category(t, `Back\slash`, home.GetId())
	twin := r.category(t, `Back\slash`, home.GetId())
	label, spaced, sum := r.tag(t, "A|B, c"), r.tag(t, " two  spaces  "), r.category(t, "=1+1", "")
	full := &catalogv1.CreateProductRequest{
		Title: `=1+1 "quoted", with; all	sorts`, Slug: "odd", Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED,
		Description: new("  spaces stay \r\nand lines\nand 👩‍👩‍👧 emoji "), SeoTitle: new("@SUM(A1)"), SeoDescription: new("'=guarded already"), BrandId: r.brand(t, "-Maison").GetId(),
		Options:     []*catalogv1.Option{{Name: "+size", Values: []string{" S", "=M"}}, {Name: "Title", Values: []string{"x", "y"}}},
		CategoryIds: []string{twin.GetId(), home.GetId()}, TagIds: []string{label.GetId(), spaced.GetId()},
		Images: pictures,
		Variants: []*catalogv1.VariantInput{
			{Sku: "0001", Options: map[string]string{"+size": " S", "Title": "x"}, Price: euros(1), CompareAtPrice: euros(100), WeightGrams: new(int64(0))},
			{Sku: "=0002", Options: map[string]string{"+size": "=M", "Title": "y"}, Price: euros(1_000_000_000_000), Title: "''-own"},
			{Sku: " +3 ", Options: map[string]string{"+size": " S"}, Price: euros(5)},
		},
	}
	r.create(t, full)
	full.Title, full.Slug, full.CategoryIds, full.Variants = " Below ", "below", []string{below.GetId(), sum.GetId()}, full.Variants[:1]
	full.Variants[0].Sku, full.Description = "0003", new("")
	r.create(t, full)
	r.create(t, &catalogv1.CreateProductRequest{Title: "Yen", Variants: []*catalogv1.VariantInput{{Price: &typev1.Money{Amount: 1500, Currency: "JPY"}}}})
	r.create(t, &catalogv1.CreateProductRequest{Title: "Dinar", Variants: []*catalogv1.VariantInput{{Price: &typev1.Money{Amount: 1505, Currency: "KWD"}}}})
	r.create(t, &catalogv1.CreateProductRequest{Title: "Bare"})
}

// What is exported imports again as unchanged, and into an empty shop it makes the same products.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, format := range []catalogv1.FileFormat{csv, ndjson} {
		r := open(t)
		r.odd(t, &catalogv1.ImageInput{Id: id.New().String(), Url: "/media/a|b.webp", Alt: "Alt", Width: 1, Height: 2})
		file := r.export(t, format)
		counts(t, r.load(t, format, file), isDone, 0, 0, 5, 0)
		if again := r.export(t, format); again != file {
			t.Errorf("the second export differs:\n%s\n%s", file, again)
		}
		if format == csv {
			safe(t, file)
		}
		fresh := open(t)
		counts(t, fresh.load(t, format, file), isDone, 5, 0, 0, 0)
		was, is := r.bySlug(t, "odd"), fresh.bySlug(t, "odd")
		for what, pair := range map[string][2]string{
			"title": {is.GetTitle(), was.GetTitle()}, "description": {is.GetDescription(), was.GetDescription()}, "brand": {is.GetBrand().GetName(), was.GetBrand().GetName()},
			"SEO title": {is.GetSeoTitle(), was.GetSeoTitle()}, "SEO description": {is.GetSeoDescription(), was.GetSeoDescription()},
			"options": {fmt.Sprint(is.GetOptions()), fmt.Sprint(was.GetOptions())}, "tag": {is.GetTags()[0].GetName(), was.GetTags()[0].GetName()},
		} {
			same(t, what, pair[0], pair[1])
		}
		same(t, "variants", len(is.GetVariants()), len(was.GetVariants()))
		for i, v := range is.GetVariants() {
			w := was.GetVariants()[i]
			same(t, "SKU", v.GetSku(), w.GetSku())
			same(t, "title", v.GetTitle(), w.GetTitle())
			same(t, "price", v.GetPrice().String(), w.GetPrice().String())
			same(t, "options", fmt.Sprint(v.GetOptions()), fmt.Sprint(w.GetOptions()))
			same(t, "weight", fmt.Sprint(v.WeightGrams == nil, v.GetWeightGrams()), fmt.Sprint(w.WeightGrams == nil, w.GetWeightGrams()))
		}
		same(t, "yen", fresh.bySlug(t, "yen").GetVariants()[0].GetPrice().GetAmount(), 1500)
		same(t, "dinar", fresh.bySlug(t, "dinar").GetVariants()[0].GetPrice().GetAmount(), 1505)
		if err := catalog.CheckDocuments(fresh.ctx, fresh.db.DB); err != nil {
			t.Error(err)
		}
	}
}

// safe checks that a spreadsheet would calculate with no cell of a file.
func safe(t *testing.T, file string) {
	t.Helper()
	for _, row := range must(stdcsv.NewReader(strings.NewReader(file)).ReadAll())(t) {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would calculate %q", cell)
			}
		}
	}
}

func TestExportOfAFilter(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.load(t, csv, shirts)
	j := must(r.jobs.CreateExport(r.ctx, &catalogv1.CreateExportRequest{Format: ndjson, Filter: &catalogv1.ListProductsRequest{Q: "sock"}}))(t).GetJob()
	r.work(t)
	out := string(must(r.jobs.ReadOutput(r.ctx, &catalogv1.ReadOutputRequest{Id: j.GetId()}))(t).GetData())
	if strings.Count(out, "\n") != 1 || !strings.Contains(out, `"slug":"socks"`) {
		t.Errorf("got %s", out)
	}
	j = r.job(t, j.GetId())
	same(t, "total", j.GetTotal(), 1)
	same(t, "done", j.GetDone(), 1)
}

const elsewhere = `Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Image Src,Cost per item,SEO Title,SEO Description,Status
tee,Tee,"<p>A ""tee"", washed.</p>",Acme,Apparel > Tops,T-Shirts,"cotton, summer, cotton",true,Size,S,Color,Red,'0001,180.0,shopify,4,deny,19.99,25.00,https://cdn.example/1.jpg,false,Tee SEO,Tee text,active
tee,,,,,,,,,M,,Red,'0002,190.0,shopify,-2,continue,19.99,,https://cdn.example/2.jpg,,,,
tee,,,,,,,,,,,,,,,,,,,https://cdn.example/3.jpg,,,,
mug,Mug,,Acme,,Home,,false,Title,Default Title,,,,0.0,,0,deny,8.00,,,false,,,active
old,Old,,Acme,,,,true,Title,Default Title,,,OLD,0.0,,1,deny,1.00,,,false,,,archived
`

// The export of another shop system imports as it is, and again as unchanged.
func TestImportFromElsewhere(t *testing.T) {
	t.Parallel()
	r := open(t)
	j := r.load(t, csv, elsewhere)
	counts(t, j, isDone, 3, 0, 0, 0)
	same(t, "ignored", strings.Join(j.GetIgnoredColumns(), "|"), "Cost per item")
	p := r.bySlug(t, "tee")
	same(t, "description", p.GetDescription(), `<p>A "tee", washed.</p>`)
	same(t, "brand", p.GetBrand().GetName(), "Acme")
	same(t, "categories", len(p.GetCategories()), 2)
	same(t, "category of the taxonomy", p.GetCategories()[1].GetName()+p.GetCategories()[0].GetName(), "TopsT-Shirts")
	same(t, "tags", len(p.GetTags()), 2)
	same(t, "status", p.GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED)
	same(t, "variants", len(p.GetVariants()), 2)
	same(t, "SKU", p.GetVariants()[0].GetSku(), "0001")
	same(t, "weight", p.GetVariants()[1].GetWeightGrams(), 190)
	same(t, "option", p.GetVariants()[1].GetOptions()["Size"], "M")
	same(t, "price", p.GetVariants()[0].GetPrice().GetAmount(), 1999)
	same(t, "to strike through", p.GetVariants()[0].GetCompareAtPrice().GetAmount(), 2500)
	same(t, "on backorder", p.GetVariants()[1].GetAvailable(), true)
	mug := r.bySlug(t, "mug")
	same(t, "hidden", mug.GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT)
	same(t, "options of a single variant", len(mug.GetOptions()), 0)
	same(t, "archived", r.bySlug(t, "old").GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED)
	counts(t, r.load(t, csv, elsewhere), isDone, 0, 0, 3, 0)
	// A real SKU takes the place of a made-up one.
	counts(t, r.load(t, csv, strings.Replace(elsewhere, "Default Title,,,,0.0", "Default Title,,,MUG-1,0.0", 1)), isDone, 0, 1, 2, 0)
	same(t, "variants of the mug", len(r.bySlug(t, "mug").GetVariants()), 1)
}

// announced reads what waits in the outbox under a subject.
func (r room) announced(t *testing.T, subject string) (bodies [][]byte) {
	t.Helper()
	if err := r.db.Read(r.ctx, func(b *pg.Batch) {
		bodies = nil
		pg.Each(b.Queue("select body from outbox where subject = $1 order by seq", subject), func(rows pgx.Rows) error {
			var body []byte
			err := rows.Scan(&body)
			bodies = append(bodies, body)
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return bodies
}

// Every change is announced once, a new variant with its stock; what is unchanged, and a dry run, announce nothing.
func TestImportAnnounces(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv, DryRun: true}, strings.NewReader(shirts))
	r.work(t)
	same(t, "announced by a dry run", len(r.announced(t, "evt.catalog.product.created")), 0)
	r.load(t, csv, shirts)
	r.load(t, csv, shirts)
	created := r.announced(t, "evt.catalog.product.created")
	same(t, "created", len(created), 2)
	var event catalogv1.ProductCreated
	if err := proto.Unmarshal(created[0], &event); err != nil {
		t.Fatal(err)
	}
	same(t, "slug", event.GetSlug(), "linen-shirt")
	same(t, "stock of the first variant", event.GetVariants()[0].GetInitialStock(), 3)
	same(t, "updated", len(r.announced(t, "evt.catalog.product.updated")), 0)
	same(t, "categories, tags and the brand", len(r.announced(t, "evt.catalog.taxonomy.updated")), 6)

	r.load(t, csv, "product_slug,variant_sku,option1_value,option2_value,price,stock\nlinen-shirt,0001,,,39,7\nlinen-shirt,0003,L,Red,49,9\n")
	updated := r.announced(t, "evt.catalog.product.updated")
	same(t, "updated", len(updated), 1)
	var change catalogv1.ProductUpdated
	if err := proto.Unmarshal(updated[0], &change); err != nil {
		t.Fatal(err)
	}
	same(t, "prices changed", len(change.GetPriceChanges()), 1)
	same(t, "variants added", len(change.GetVariantsAdded()), 1)
	same(t, "stock of the new variant", change.GetVariantsAdded()[0].GetInitialStock(), 9)
	if err := catalog.CheckDocuments(r.ctx, r.db.DB); err != nil {
		t.Error(err)
	}
}

// Rows of a product that stand apart, and files that only hold a few columns, find what is there.
func TestRowsThatStandApart(t *testing.T) {
	t.Parallel()
	r := open(t)
	file := "product_slug,title,option1_name,option1_value,variant_sku,price\na,A,size,S,A-S,1\nb,B,size,S,B-S,1\na,,,M,A-M,2\n"
	counts(t, r.load(t, csv, file), isDone, 2, 0, 0, 0)
	same(t, "variants", len(r.bySlug(t, "a").GetVariants()), 2)
	counts(t, r.load(t, csv, "product_slug,title,option1_name,option1_value,variant_sku,price\na,,,L,A-L,3\n"), isDone, 0, 1, 0, 0)
	same(t, "value added", strings.Join(r.bySlug(t, "a").GetOptions()[0].GetValues(), ""), "SML")
	same(t, "title kept", r.bySlug(t, "a").GetTitle(), "A")
	// By option values when the file has no SKUs; the made-up ones do not get in each other's way.
	counts(t, r.load(t, csv, "product_slug,option1_name,option1_value,price\na,size,M,5\nb,size,S,6\n"), isDone, 0, 2, 0, 0)
	same(t, "price", r.find(t, "A-M").GetVariants()[1].GetPrice().GetAmount(), 500)
	counts(t, r.load(t, csv, "product_slug,title,option1_name,option1_value,price\nx-y,X,,,1\nx,X,n,y default,1\nx-y-2,X,,,1\n"), isDone, 3, 0, 0, 0)
	// A status and the price it needs may come in one file.
	counts(t, r.load(t, csv, "product_slug,title,price\nlate,Late,0\n"), isDone, 1, 0, 0, 0)
	counts(t, r.load(t, csv, "product_slug,status,price\nlate,published,4\n"), isDone, 0, 1, 0, 0)
	if err := catalog.CheckDocuments(r.ctx, r.db.DB); err != nil {
		t.Error(err)
	}
}

// A whole shop's export from elsewhere is read back field by field.
func TestAWholeShopFromElsewhere(t *testing.T) {
	t.Parallel()
	r := open(t)
	head, _, _ := strings.Cut(elsewhere, "\n")
	const n = 1500
	var file strings.Builder
	file.WriteString(head + "\n")
	for i := range n {
		fmt.Fprintf(&file, "p%d,\"Product, %d\",\"<p>Line %d\nof \"\"text\"\"</p>\",Maker %d,,Type %d,\"tag %d, all\",true,Size,S,Colour,C%d,SKU-%d-S,%d.0,shopify,%d,deny,%d.%02d,,,false,SEO %d,,active\n", i, i, i, i%7, i%5, i%11, i%3, i, i, i, i+1, i%100, i)
		fmt.Fprintf(&file, "p%d,,,,,,,,,M,,C%d,SKU-%d-M,,shopify,1,deny,%d.50,,,,,,\n", i, i%3, i, i+2)
	}
	counts(t, r.load(t, csv, file.String()), isDone, n, 0, 0, 0)
	seen, after := 0, ""
	for {
		page := must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{AfterId: after}))(t).GetProducts()
		if len(page) == 0 {
			break
		}
		for _, p := range page {
			var i int
			must(fmt.Sscanf(p.GetSlug(), "p%d", &i))(t)
			s, m := p.GetVariants()[0], p.GetVariants()[1]
			got := fmt.Sprint(p.GetTitle(), p.GetDescription(), p.GetBrand().GetName(), p.GetCategories()[0].GetName(), p.GetTags()[0].GetName(), p.GetTags()[1].GetName(), p.GetSeoTitle(), p.GetStatus(),
				s.GetSku(), s.GetOptions()["Size"], s.GetOptions()["Colour"], s.GetWeightGrams(), s.GetPrice().GetAmount(), s.GetAvailable(), m.GetSku(), m.GetOptions()["Size"], m.GetPrice().GetAmount())
			want := fmt.Sprint(fmt.Sprintf("Product, %d", i), fmt.Sprintf("<p>Line %d\nof \"text\"</p>", i), fmt.Sprintf("Maker %d", i%7), fmt.Sprintf("Type %d", i%5), "all", fmt.Sprintf("tag %d", i%11),
				fmt.Sprintf("SEO %d", i), catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED,
				fmt.Sprintf("SKU-%d-S", i), "S", fmt.Sprintf("C%d", i%3), i, (i+1)*100+i%100, i > 0, fmt.Sprintf("SKU-%d-M", i), "M", (i+2)*100+50)
			same(t, p.GetSlug(), got, want)
			seen++
		}
		after = page[len(page)-1].GetId()
	}
	same(t, "products read back", seen, n)
	counts(t, r.load(t, csv, file.String()), isDone, 0, 0, n, 0)
	counts(t, r.load(t, csv, r.export(t, csv)), isDone, 0, 0, n, 0)
}

// gallery plays the media room: it has a few pictures.
type gallery struct {
	mediav1connect.UnimplementedMediaServiceHandler

	assets []*mediav1.Asset
}

func (g gallery) ListAssets(_ context.Context, req *mediav1.ListAssetsRequest) (*mediav1.ListAssetsResponse, error) {
	res := &mediav1.ListAssetsResponse{}
	for _, a := range g.assets {
		if slices.Contains(req.GetIds(), a.GetId()) || slices.Contains(req.GetSha256(), a.GetSha256()) {
			res.Assets = append(res.Assets, a)
		}
	}
	return res, nil
}

func asset(sum, alt string) *mediav1.Asset {
	return &mediav1.Asset{Id: id.New().String(), Sha256: sum, Url: "/media/" + tenant.Default().String() + "/" + sum + ".webp", Alt: alt, Width: 16, Height: 9}
}

// withPictures is the room beside a media room that has these.
func (r room) withPictures(t *testing.T, assets ...*mediav1.Asset) room {
	t.Helper()
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	mediav1connect.RegisterMediaServiceHandler(server, gallery{assets: assets})
	r.svc = must(catalog.New(catalog.DefaultConfig(), catalog.Deps{
		DB: r.db.DB, Logger: deps.Logger, Now: time.Now, Media: mediav1connect.NewMediaServiceClient(must(rpc.NewClient(door.Memory(server), deps))(t)),
	}))(t)
	return r
}

// Pictures of another system's file that are this shop's come in their place and with their text.
func TestPicturesFromElsewhere(t *testing.T) {
	t.Parallel()
	front, back, detail := asset(strings.Repeat("a1", 32), "Front"), asset(strings.Repeat("b2", 32), "Back"), asset(strings.Repeat("c3", 32), "Detail")
	r := open(t).withPictures(t, front, back, detail)
	file := "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image\n" +
		"tee,Tee,Size,S,T-S,1,https://shop.example" + back.GetUrl() + ",2,\"The back, \"\"worn\"\"\",https://shop.example" + detail.GetUrl() + "\n" +
		"tee,,,M,T-M,1,https://cdn.example/elsewhere.jpg,3,Elsewhere,https://shop.example" + front.GetUrl() + "\n" +
		"tee,,,,,,https://shop.example" + front.GetUrl() + ",1,,\n"
	counts(t, r.load(t, csv, file), isDone, 1, 0, 0, 0)
	shown := func(slug string) (out []string) {
		for _, img := range r.bySlug(t, slug).GetImages() {
			out = append(out, img.GetAlt())
		}
		return out
	}
	if got := shown("tee"); !slices.Equal(got, []string{"Front", `The back, "worn"`, "Detail"}) {
		t.Errorf("the pictures are %q", got)
	}
	counts(t, r.load(t, csv, file), isDone, 0, 0, 1, 0)
	woo := "ID,Type,SKU,Name,Published,Visibility in catalog,Regular price,Images,Parent\n7,simple,W,Mug,1,visible,1,\"https://shop.example" +
		back.GetUrl() + ", https://elsewhere.example/x.jpg, https://shop.example" + front.GetUrl() + "\",\n"
	counts(t, r.load(t, csv, woo), isDone, 1, 0, 0, 0)
	if got := shown("mug-7"); !slices.Equal(got, []string{"Back", "Front"}) {
		t.Errorf("the pictures are %q", got)
	}
	counts(t, r.load(t, csv, woo), isDone, 0, 0, 1, 0)
}

// Only pictures that were uploaded to this shop are shown; the others are passed over.
func TestPicturesOfThisShop(t *testing.T) {
	t.Parallel()
	r := open(t)
	sum := strings.Repeat("ab", 32)
	own := asset(sum, "A shirt")
	r = r.withPictures(t, own)

	file := "product_slug,title,price,image_urls\na,A,1,https://elsewhere.example/1.jpg|https://shop.example" + own.GetUrl() + "|/media/" + id.New().String() + "/" + sum + ".webp\nb,B,1,https://elsewhere.example/1.jpg\n"
	counts(t, r.load(t, csv, file), isDone, 2, 0, 0, 0)
	images := r.bySlug(t, "a").GetImages()
	if len(images) != 1 || images[0].GetId() != own.GetId() || images[0].GetUrl() != own.GetUrl() || images[0].GetAlt() != "A shirt" || images[0].GetWidth() != 16 {
		t.Errorf("the pictures are %v", images)
	}
	same(t, "pictures of elsewhere", len(r.bySlug(t, "b").GetImages()), 0)
	counts(t, r.load(t, csv, file), isDone, 0, 0, 2, 0)
	counts(t, r.load(t, csv, "product_slug,image_urls\na,\n"), isDone, 0, 0, 1, 0)
	line := `{"slug":"b","images":[{"mediaId":"` + own.GetId() + `","alt":"Mine"},{"mediaId":"` + id.New().String() + `"}]}`
	counts(t, r.load(t, ndjson, line), isDone, 0, 1, 0, 0)
	same(t, "text of the picture", r.bySlug(t, "b").GetImages()[0].GetAlt(), "Mine")
	// CSV carries the text as well.
	alts := "product_slug,image_alts,image_urls\na,\"[\"\"=Yours\"\",null,\"\"of none\"\"]\"," + own.GetUrl() + "\n"
	counts(t, r.load(t, csv, alts), isDone, 0, 1, 0, 0)
	same(t, "text by CSV", r.bySlug(t, "a").GetImages()[0].GetAlt(), "=Yours")
	counts(t, r.load(t, csv, alts), isDone, 0, 0, 1, 0)
	if file := r.export(t, csv); !strings.Contains(file, `"[""=Yours""]"`) {
		t.Errorf("the export says nothing of it: %s", file)
	}
	counts(t, r.load(t, csv, r.export(t, csv)), isDone, 0, 0, 2, 0)
	refused := r.load(t, csv, "product_slug,image_alts\na,Front\n")
	counts(t, refused, isDone, 0, 0, 0, 1)
	same(t, "what is no JSON", refused.GetErrors()[0].GetCode(), "not_json")
	counts(t, r.load(t, ndjson, r.export(t, ndjson)), isDone, 0, 0, 2, 0)
}
