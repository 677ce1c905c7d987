package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/services/catalog"
)

// dies does a job in processes that die after each commit, one after the other, until it has ended.
func (r room) dies(t *testing.T, which string) (deaths int) {
	t.Helper()
	dead := errors.New("power cut")
	for ; deaths < 100; deaths++ {
		at := func() time.Time { return time.Now().Add(time.Duration(deaths) * time.Minute) } // the lease of the last has run out
		if _, err := r.with(t, at, func(context.Context, string) error { return dead }).RunJob(r.ctx); err != nil && !errors.Is(err, dead) {
			t.Fatal(err)
		}
		if s := r.job(t, which).GetStatus(); s != catalogv1.JobStatus_JOB_STATUS_RUNNING && s != catalogv1.JobStatus_JOB_STATUS_QUEUED {
			return deaths
		}
	}
	t.Fatalf("the job %s does not end", which)
	return deaths
}

// Everything of a product comes through files of many chunks, whoever dies between which of them: a bundle finds what it is made
// of in chunks before its own, and an export goes on where the last process was.
func TestWholeFilesOutliveTheirProcesses(t *testing.T) {
	t.Parallel()
	r := open(t)
	const n = 1200
	var file strings.Builder
	for i := range n {
		fmt.Fprintf(&file, `{"slug":"p-%d","title":"Product %d","translations":{"de":{"title":"Produkt %d"}},"variants":[{"sku":"SKU-%d","price":{"amount":%d,"currency":"EUR"},"prices":[{"price":{"amount":%d,"currency":"SEK"}}]}]}`+"\n", i, i, i, i, i+1, i+11)
	}
	for i := range 3 {
		fmt.Fprintf(&file, `{"slug":"set-%d","title":"Set %d","kind":"bundle","variants":[{"price":{"amount":9,"currency":"EUR"},"components":[{"sku":"SKU-%d","quantity":2},{"sku":"SKU-%d","quantity":1}]}]}`+"\n", i, i, i, n-1-i)
	}
	dry := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: ndjson, DryRun: true}, strings.NewReader(file.String()))
	r.work(t)
	counts(t, r.job(t, dry.GetId()), isDone, n+3, 0, 0, 0)
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: ndjson}, strings.NewReader(file.String()))
	if deaths := r.dies(t, j.GetId()); deaths < 2 {
		t.Fatalf("only %d processes died", deaths)
	}
	counts(t, r.job(t, j.GetId()), isDone, n+3, 0, 0, 0)
	if err := catalog.CheckDocuments(r.ctx, r.db.DB); err != nil {
		t.Error(err)
	}
	for _, format := range []catalogv1.FileFormat{csv, ndjson} {
		want := r.export(t, format)
		if strings.Count(want, "Produkt") != n || strings.Count(want, "SKU-1199") < 2 {
			t.Fatal("the export is not whole")
		}
		job := must(r.jobs.CreateExport(r.ctx, &catalogv1.CreateExportRequest{Format: format}))(t).GetJob()
		r.dies(t, job.GetId())
		var got strings.Builder
		for number := int32(0); ; number++ {
			piece := must(r.jobs.ReadOutput(r.ctx, &catalogv1.ReadOutputRequest{Id: job.GetId(), Number: number}))(t).GetData()
			if len(piece) == 0 {
				break
			}
			got.Write(piece)
		}
		if got.String() != want {
			t.Errorf("the export of processes that died has %d bytes, the other %d", got.Len(), len(want))
		}
	}
}

// An address in a language goes to a file or to a person, whoever comes first, and never to two products.
func TestTextsTakenByFilesAndPeopleAtOnce(t *testing.T) {
	t.Parallel()
	s := openWhole(t)
	const n = 24
	var file strings.Builder
	var hand []*catalogv1.Product
	for i := range n {
		fmt.Fprintf(&file, `{"slug":"file-%d","title":"File %d","translations":{"de":{"title":"Datei","slug":"name-%d"}}}`+"\n", i, i, i)
		hand = append(hand, s.create(t, shirt(fmt.Sprint("Hand ", i), "S")))
	}
	job := s.send(t, s.ctx, &catalogv1.CreateImportRequest{Format: ndjson}, strings.NewReader(file.String()))
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.svc.RunJob(s.ctx); err != nil {
			t.Error(err)
		}
	})
	for i := range n {
		wg.Go(func() {
			_, err := s.translations.SetProductTranslation(s.ctx, &catalogv1.SetProductTranslationRequest{ProductId: hand[i].GetId(), Translation: &catalogv1.ProductTranslation{
				Locale: "de", Title: new("Hand"), Slug: new(fmt.Sprint("name-", i)),
			}})
			if err != nil && !errors.Is(err, catalog.ErrSlugTaken) {
				t.Errorf("by hand: %v", err)
			}
		})
	}
	wg.Wait()
	j := s.job(t, job.GetId())
	if j.GetStatus() != isDone || j.GetCreated()+j.GetFailed() != n {
		t.Fatalf("the job is %v", j)
	}
	for _, e := range j.GetErrors() {
		if e.GetCode() != "slug_taken" {
			t.Errorf("a line is refused as %v", e)
		}
	}
	file.Reset()
	file.WriteString(s.export(t, ndjson))
	for i := range n {
		if had := strings.Count(file.String(), fmt.Sprintf(`"slug":"name-%d"`, i)); had != 1 {
			t.Errorf("name-%d leads to %d products", i, had)
		}
	}
	s.documents(t, "names in a language at once")
}

// Files compose bundles while staff compose them, and delete what they are made of: nobody waits for ever, nothing ends up in a
// circle, and what is shown of each bundle is what it is made of.
func TestBundlesFromFilesUnderFire(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	var parts, bundles []*catalogv1.Product
	for i := range 4 {
		bundles = append(bundles, l.bundle(t, fmt.Sprint("Bundle ", i))) // older than what they are made of
	}
	for i := range 4 {
		parts = append(parts, l.create(t, shirt(fmt.Sprint("Part ", i), "S")))
	}
	for round := range 4 {
		var file strings.Builder
		for i, b := range bundles {
			a, c := parts[(i+round)%4].GetVariants()[0].GetSku(), parts[(i+round+1)%4].GetVariants()[0].GetSku()
			fmt.Fprintf(&file, `{"slug":%q,"variants":[{"sku":%q,"components":[{"sku":%q,"quantity":%d},{"sku":%q,"quantity":1}]}]}`+"\n", b.GetSlug(), b.GetVariants()[0].GetSku(), a, round+1, c)
			fmt.Fprintf(&file, `{"slug":%q,"title":"Part %d in round %d"}`+"\n", parts[i].GetSlug(), i, round)
		}
		j := l.send(t, l.ctx, &catalogv1.CreateImportRequest{Format: ndjson}, strings.NewReader(file.String()))
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := l.svc.RunJob(l.ctx); err != nil {
				t.Errorf("the file: %v", err)
			}
		})
		for i := range bundles {
			wg.Go(func() {
				_, err := l.compose(bundles[i], of(parts[(i+2)%4].GetVariants()[0], 1))
				if err != nil && !errors.Is(err, catalog.ErrComponent) {
					t.Errorf("composing: %v", err)
				}
			})
			wg.Go(func() { l.stock(t, parts[i].GetVariants()[0].GetId(), round%2 == 0) })
		}
		wg.Go(func() {
			if _, err := l.DeleteProduct(l.ctx, &catalogv1.DeleteProductRequest{Id: parts[3].GetId()}); err != nil &&
				!errors.Is(err, catalog.ErrInBundle) && !errors.Is(err, catalog.ErrProductNotFound) {
				t.Errorf("deleting: %v", err)
			}
		})
		wg.Wait()
		for _, e := range l.job(t, j.GetId()).GetErrors() {
			if c := e.GetCode(); c != "component_unknown" && c != "required" { // the part that was deleted
				t.Errorf("a line is refused as %v", e)
			}
		}
		l.documents(t, fmt.Sprint("files and people, round ", round))
	}
}

// At the edges of int64 every amount is refused with its field, whoever takes it, and nothing is written.
func TestPricesAtTheEdge(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	prices := catalogv1connect.PriceServiceHandler(l.svc)
	p := l.create(t, shirt("Shirt", "S"))
	v := p.GetVariants()[0].GetId()
	list := must(prices.CreatePriceList(l.ctx, &catalogv1.CreatePriceListRequest{Name: "List", Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE}))(t).GetPriceList().GetId()
	before := l.read(t, p.GetId()).GetVersion()
	for _, amount := range []int64{math.MinInt64, math.MinInt64 + 1, -1, 1_000_000_000_001, math.MaxInt64 - 1, math.MaxInt64} {
		money := func(currency string) *typev1.Money { return &typev1.Money{Amount: amount, Currency: currency} }
		for what, call := range map[string]func() error{
			"a new price": func() error {
				_, err := l.CreateProduct(l.ctx, &catalogv1.CreateProductRequest{Title: "New", Variants: []*catalogv1.VariantInput{{Price: money("EUR")}}})
				return err
			},
			"a price to strike through": func() error {
				_, err := l.CreateProduct(l.ctx, &catalogv1.CreateProductRequest{Title: "New", Variants: []*catalogv1.VariantInput{{Price: euros(1), CompareAtPrice: money("EUR")}}})
				return err
			},
			"a price in crowns": func() error {
				_, err := l.CreateProduct(l.ctx, &catalogv1.CreateProductRequest{Title: "New", Variants: []*catalogv1.VariantInput{{Price: euros(1), Prices: []*catalogv1.BasePriceInput{{Price: money("SEK")}}}}})
				return err
			},
			"a variant more": func() error {
				_, err := l.CreateVariant(l.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: &catalogv1.VariantInput{Options: map[string]string{"size": "XL"}, Price: money("EUR")}})
				return err
			},
			"another price": func() error {
				_, err := l.UpdateVariant(l.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: v, Price: money("EUR")})
				return err
			},
			"a price of a list": func() error {
				_, err := prices.PutListPrices(l.ctx, &catalogv1.PutListPricesRequest{PriceListId: list, Prices: []*catalogv1.ListPriceInput{{VariantId: v, Currency: "EUR", Amount: amount}}})
				return err
			},
		} {
			if f := fault.From(call()); f == nil || f.Kind() != fault.KindInvalid || len(f.Fields()) == 0 {
				t.Errorf("%s of %d: %v", what, amount, f)
			}
		}
		// Of many products each says for itself that the sum cannot be.
		res, err := l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: []string{p.GetId()}, Price: &catalogv1.PriceShift{Amount: money("EUR")}})
		if amount == -1 {
			continue // one cent less is a price
		}
		if err == nil && res.GetChanged() != 0 {
			t.Errorf("all prices by %d: %v", amount, res)
		}
		for _, filter := range []*catalogv1.ListStoreProductsRequest{{MinPrice: &amount}, {MaxPrice: &amount}} {
			if _, err := l.ListStoreProducts(l.ctx, filter); err != nil && fault.From(err).Kind() == fault.KindInternal {
				t.Errorf("a filter of %d: %v", amount, err)
			}
		}
	}
	same(t, "versions", l.read(t, p.GetId()).GetVersion(), before+1)
	same(t, "products", must(l.ListProducts(l.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 1)
	l.documents(t, "the edges of prices")
}

// A product that is too large as a whole, of parts that each are not, is refused alone: the file goes on.
func TestLargeProductsInFiles(t *testing.T) {
	t.Parallel()
	s := openWhole(t)
	s.attributesOfShop(t)
	many := func(n int, one func(i int) string) string {
		var list []string
		for i := range n {
			list = append(list, one(i))
		}
		return strings.Join(list, ",")
	}
	title, price := strings.Repeat("日", 512), `"price":{"amount":1,"currency":"EUR"}`
	large := map[string]string{
		"titles of variants": `"variants":[` + many(650, func(i int) string { return fmt.Sprintf(`{"sku":"T-%d","title":%q,%s}`, i, title, price) }) + `]`,
		"attributes": `"variants":[` + many(600, func(i int) string {
			return fmt.Sprintf(`{"sku":"A-%d",%s,"attributes":{"note":%q}}`, i, price, strings.Repeat("日", 900))
		}) + `]`,
		"warnings and options": `"gpsr":{"warnings":{` + many(26, func(i int) string { return fmt.Sprintf(`"a%c":%q`, 'a'+i, strings.Repeat("日", 5000)) }) + `}},"description":"` + strings.Repeat("日", 100_000) +
			`","options":[` + many(3, func(o int) string {
			return fmt.Sprintf(`{"name":"n%d","values":[%s]}`, o, many(200, func(i int) string { return fmt.Sprintf(`"%d %s"`, i, strings.Repeat("日", 240)) }))
		}) + `],"variants":[{` + price + `}]`,
	}
	for what, line := range large {
		j := s.load(t, ndjson, `{"slug":"large","title":"Large",`+line+"}\n"+`{"slug":"after","title":"After"}`)
		if j.GetStatus() != isDone || j.GetFailed() != 1 || len(j.GetErrors()) != 1 || j.GetErrors()[0].GetCode() != "product_too_large" && what != "attributes" {
			t.Errorf("%s: the job is %s, %v %v", what, j.GetStatus(), j.GetFailure(), j.GetErrors())
		}
	}
	for what, line := range map[string]string{
		"a currency of signs":   `"variants":[{"price":{"amount":1,"currency":"€"}}]`,
		"a currency in letters": `"variants":[{"price":{"amount":1,"currency":"eur"}}]`,
		"another such":          `"variants":[{` + price + `,"prices":[{"price":{"amount":1,"currency":"€"}}]}]`,
		"money of all lands": `"variants":[{` + price + `,"prices":[` + many(101, func(i int) string {
			return fmt.Sprintf(`{"price":{"amount":1,"currency":"A%c%c"}}`, 'A'+i/26, 'A'+i%26)
		}) + `]}]`,
		"a long text of a picture": `"images":[{"mediaId":"01890000-0000-7000-8000-000000000000","alt":"` + strings.Repeat("日", 1001) + `"}]`,
	} {
		if j := s.load(t, ndjson, `{"slug":"odd","title":"Odd",`+line+`}`); j.GetStatus() != isDone || j.GetFailed() != 1 {
			t.Errorf("%s: the job is %s, %v", what, j.GetStatus(), j.GetErrors())
		}
	}
	same(t, "products", len(must(s.ExportProducts(s.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 1)
	s.documents(t, "large products")
}
