package catalog_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/services/catalog"
)

// importProducts is how many products BenchmarkImport sends: go test -bench Import ./services/catalog -args -products 20000.
var importProducts = flag.Int("products", 100_000, "products of BenchmarkImport") //nolint:gochecknoglobals // a flag of this test

// BenchmarkImport sends a file of new products, then one that changes the price, the title and the description of each of
// them, then the same again, which changes nothing. It prints the time of each and its ratio to that of catalog.Load, which
// writes as many products of about that size with nothing to look up, decide, announce or report.
func BenchmarkImport(b *testing.B) {
	n := *importProducts
	bare := open(b)
	began := time.Now()
	must(catalog.Load(bare.ctx, bare.db.DB, n, time.Now))(b)
	load := time.Since(began)

	r := open(b)
	for _, pass := range []struct {
		name string
		file string
		want []int64 // created, updated, unchanged, failed
	}{
		{"new", importFile(n, 0), []int64{int64(n), 0, 0, 0}},
		{"updates", importFile(n, 1), []int64{0, int64(n), 0, 0}},
		{"unchanged", importFile(n, 1), []int64{0, 0, int64(n), 0}},
	} {
		began := time.Now()
		counts(b, r.load(b, csv, pass.file), catalogv1.JobStatus_JOB_STATUS_SUCCEEDED, pass.want...)
		took := time.Since(began)
		b.Logf("%-9s %d products, %d rows: %6.1f s, %5.0f products/s, %.1f times catalog.Load", pass.name, n, strings.Count(pass.file, "\n")-1,
			took.Seconds(), float64(n)/took.Seconds(), took.Seconds()/load.Seconds())
		b.ReportMetric(took.Seconds()/load.Seconds(), pass.name+"/load")
	}
	b.Logf("%-9s %d products: %6.1f s", "Load", n, load.Seconds())
}

// importFile is a file of n products with one to three variants, in ten categories and with tags; edition changes what it says.
func importFile(n, edition int) string {
	var f strings.Builder
	f.WriteString("product_slug,title,description,status,brand,categories,tags,option1_name,option1_value,variant_sku,price,currency,stock,weight_grams\n")
	for i := range n {
		for v := range i%3 + 1 {
			if v > 0 {
				fmt.Fprintf(&f, "import-%06d,,,,,,,,Size %d,IMP-%06d-%d,%d.%02d,EUR,5,200\n", i, v, i, v, 10+i%90+edition, v)
				continue
			}
			fmt.Fprintf(&f, "import-%06d,Product %d of edition %d,\"Made in small batches in a workshop that signs its work, number %d, edition %d.\",published,Brand %d,Home > Room %d,Tag %d|Tag %d,size,Size 0,IMP-%06d-0,%d.00,EUR,5,200\n",
				i, i, edition, i, edition, i%20, i%10, i%40, (i+7)%40, i, 10+i%90+edition)
		}
	}
	return f.String()
}
