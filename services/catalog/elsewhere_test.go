package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// What law, customs and trade want known goes into files and comes back.
func TestFactsInFiles(t *testing.T) {
	t.Parallel()
	r := open(t)
	const head = "product_slug,title,goods,vat_class,variant_sku,price,gtin,mpn,hs_code,country_of_origin,length_mm,width_mm,height_mm,unit_quantity,unit,base_quantity,base_unit\n"
	const tea = "tea,Tea,,reduced,TEA,9.90,4006381333931,T-250,09021000,CN,100,200,0,0250.50,g,1,kg\n"
	counts(t, r.load(t, csv, head+tea+"song,Song,digital,digital,SONG,1,,,,,,,,,,,\n"), isDone, 2, 0, 0, 0)
	p := r.find(t, "TEA")
	f := p.GetVariants()[0].GetFacts()
	same(t, "facts", fmt.Sprint(f.GetGtin(), f.GetMpn(), f.GetHsCode(), f.GetCountryOfOrigin(), f.GetLengthMm(), f.GetWidthMm(), f.GetHeightMm(), f.HeightMm != nil),
		fmt.Sprint("4006381333931", "T-250", "09021000", "CN", 100, 200, 0, true))
	m := f.GetUnitPrice()
	same(t, "measure", fmt.Sprint(m.GetQuantity(), m.GetUnit(), m.GetBaseQuantity(), m.GetBaseUnit()), fmt.Sprint("250.5", "g", 1, "kg"))
	same(t, "VAT class", p.GetFacts().GetVatClass(), catalogv1.VatClass_VAT_CLASS_REDUCED)
	same(t, "goods", r.find(t, "SONG").GetFacts().GetGoods(), catalogv1.GoodsKind_GOODS_KIND_DIGITAL)
	counts(t, r.load(t, csv, head+tea), isDone, 0, 0, 1, 0)
	asCSV, asLines := r.export(t, csv), r.export(t, ndjson)
	counts(t, r.load(t, csv, asCSV), isDone, 0, 0, 2, 0)
	counts(t, r.load(t, ndjson, asLines), isDone, 0, 0, 2, 0)
	for _, file := range []struct {
		format catalogv1.FileFormat
		text   string
	}{{csv, asCSV}, {ndjson, asLines}} { // another shop takes them over whole
		there := open(t)
		counts(t, there.load(t, file.format, file.text), isDone, 2, 0, 0, 0)
		same(t, "taken over", there.export(t, csv), asCSV)
	}
	for _, bad := range []struct{ row, column, code string }{
		{"x,X,gas,,X,1,,,,,,,,,,,\n", "goods", "not_allowed"},
		{"x,X,,half,X,1,,,,,,,,,,,\n", "vat_class", "not_allowed"},
		{"x,X,,,X,1,4006381333930,,,,,,,,,,\n", "gtin", "fact_invalid"},
		{"x,X,,,X,1,,,12,,,,,,,,\n", "hs_code", "fact_invalid"},
		{"x,X,,,X,1,,,,XX,,,,,,,\n", "country_of_origin", "fact_invalid"},
		{"x,X,,,X,1,,,,,-1,,,,,,\n", "length_mm", "out_of_range"},
		{"x,X,,,X,1,,,,,,,,250,g,1,\n", "unit_quantity", "fact_invalid"},
		{"x,X,,,X,1,,,,,,,,250,g,a,kg\n", "base_quantity", "invalid"},
		{"x,X,,,X,1,,,,,,,,250,g,1,l\n", "unit_quantity", "fact_invalid"},
	} {
		j := r.load(t, csv, head+bad.row)
		counts(t, j, isDone, 0, 0, 0, 1)
		first(t, j, 2, bad.column, bad.code)
	}
	// An empty cell clears, a missing column leaves.
	counts(t, r.load(t, csv, "variant_sku,gtin,unit_quantity\nTEA,,\n"), isDone, 0, 1, 0, 0)
	counts(t, r.load(t, csv, "product_slug,vat_class\ntea,\n"), isDone, 0, 1, 0, 0)
	p = r.find(t, "TEA")
	f = p.GetVariants()[0].GetFacts()
	if f.Gtin != nil || f.GetUnitPrice() != nil || f.GetMpn() != "T-250" || p.GetFacts().GetVatClass() != catalogv1.VatClass_VAT_CLASS_UNSPECIFIED {
		t.Errorf("left are %v and %v", f, p.GetFacts())
	}
	r.documents(t, "facts")
}

// wooFile is a shop of WooCommerce: n products with two variations each, which stand all behind all products.
func wooFile(n int) string {
	var products, variations strings.Builder
	products.WriteString("ID,Type,SKU,Name,Published,Visibility in catalog,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n")
	for i := range n {
		fmt.Fprintf(&products, "%d,variable,P-%d,\"Product\nnumber %d\",1,visible,,,Size,\"S, M\"\n", i, i, i)
		fmt.Fprintf(&variations, "%d,variation,V-%d-S,x,1,visible,%d,id:%d,Size,S\n\n%d,variation,V-%d-M,x,1,visible,%d.5,P-%d,Size,M\n", n+2*i, i, i+1, i, n+2*i+1, i, i+1, i)
	}
	return products.String() + variations.String()
}

// Variations that stand anywhere in the file come with their product, also when the process dies in between.
func TestVariationsThatStandApart(t *testing.T) {
	t.Parallel()
	r := open(t)
	const n = 1300
	text := wooFile(n)
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(text))
	dead := errors.New("power cut")
	cut := r.with(t, time.Now, func(context.Context, string) error { return dead })
	if _, err := cut.RunJob(r.ctx); !errors.Is(err, dead) {
		t.Fatalf("got %v", err)
	}
	same(t, "created by the first", r.job(t, j.GetId()).GetCreated(), 500)
	later := r.with(t, func() time.Time { return time.Now().Add(time.Minute) }, nil)
	must(later.RunJob(r.ctx))(t)
	done := r.job(t, j.GetId())
	counts(t, done, isDone, n, 0, 0, 0)
	same(t, "rows", done.GetTotal(), 3*n)
	same(t, "rows done", done.GetDone(), 3*n)
	for _, i := range []int{0, 499, 500, n - 1} {
		p := r.find(t, fmt.Sprintf("V-%d-M", i))
		same(t, "slug", p.GetSlug(), fmt.Sprintf("product-number-%d-%d", i, i))
		if len(p.GetVariants()) != 2 || p.GetVariants()[0].GetSku() != fmt.Sprintf("V-%d-S", i) || p.GetVariants()[1].GetPrice().GetAmount() != int64(i+1)*100+50 || p.GetVariants()[1].GetTitle() != "M" {
			t.Errorf("product %d has %v", i, p.GetVariants())
		}
	}
	counts(t, r.load(t, csv, text), isDone, 0, 0, n, 0)
	// An error names the row it stands in, wherever that is.
	bad := r.load(t, csv, strings.Replace(text, fmt.Sprintf(",%d.5,P-%d,", 3, 2), ",none,P-2,", 1))
	counts(t, bad, isDone, 0, 0, n-1, 1)
	lines := strings.Split(text, "\n")
	row := int64(0)
	for i, line := range lines {
		if strings.Contains(line, "V-2-M") {
			row = int64(i + 1 - n) // the names of the products have a line break each
		}
	}
	first(t, bad, row, "Regular price", "price_invalid")
	r.documents(t, "variations")
}

// The index of a file with large texts holds places, not texts.
func TestALargeFileOfVariationsInBoundedMemory(t *testing.T) { //nolint:paralleltest // it measures the heap, which others would share
	r := open(t)
	const n = 12_000
	long := strings.Repeat("x", 8000) // 190 MB of them
	reader, writer := io.Pipe()
	go func() {
		fmt.Fprint(writer, "ID,Type,SKU,Name,Published,Visibility in catalog,Regular price,Parent,Description,Attribute 1 name,Attribute 1 value(s)\n")
		for i := range n {
			fmt.Fprintf(writer, "%d,variable,P-%d,Product %d,1,visible,,,%s,Size,S\n", i, i, i, long)
		}
		for i := range n {
			fmt.Fprintf(writer, "%d,variation,V-%d,x,1,visible,none,id:%d,%s,Size,S\n", n+i, i, i, long)
		}
		writer.Close()
	}()
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, reader)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	svc := r.with(t, time.Now, func(context.Context, string) error {
		runtime.GC()
		runtime.ReadMemStats(&now)
		most.Store(max(most.Load(), now.HeapAlloc))
		return nil
	})
	for did := true; did; {
		did = must(svc.RunJob(r.ctx))(t)
	}
	counts(t, r.job(t, j.GetId()), isDone, 0, 0, 0, n)
	if grown := int64(most.Load()) - int64(before.HeapAlloc); grown > 64<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}
