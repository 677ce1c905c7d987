package catalog_test

import (
	"context"
	"crypto/sha256"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/services/catalog"
)

const (
	csv    = catalogv1.FileFormat_FILE_FORMAT_CSV
	ndjson = catalogv1.FileFormat_FILE_FORMAT_NDJSON
)

// send gives a file to a new import.
func (r room) send(t testing.TB, ctx context.Context, req *catalogv1.CreateImportRequest, file io.Reader) *catalogv1.Job { //nolint:revive // t first, as everywhere here
	t.Helper()
	j := must(r.jobs.CreateImport(ctx, req))(t).GetJob()
	sum, size, n := sha256.New(), int64(0), int32(0)
	piece := make([]byte, 1<<20)
	for {
		k, err := io.ReadFull(file, piece)
		if k > 0 {
			must(r.jobs.AppendInput(ctx, &catalogv1.AppendInputRequest{Id: j.GetId(), Number: n, Data: piece[:k]}))(t)
			sum.Write(piece[:k])
			size, n = size+int64(k), n+1
		}
		if err != nil {
			break
		}
	}
	return must(r.jobs.CompleteInput(ctx, &catalogv1.CompleteInputRequest{Id: j.GetId(), Chunks: n, Size: size, Sha256: sum.Sum(nil)}))(t).GetJob()
}

// work does all jobs that wait.
func (r room) work(t testing.TB) {
	t.Helper()
	for {
		did, err := r.svc.RunJob(r.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			return
		}
	}
}

func (r room) job(t testing.TB, of string) *catalogv1.Job {
	t.Helper()
	return must(r.jobs.GetJob(r.ctx, &catalogv1.GetJobRequest{Id: of}))(t).GetJob()
}

// load imports a file and gives the finished job.
func (r room) load(t testing.TB, format catalogv1.FileFormat, file string) *catalogv1.Job {
	t.Helper()
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: format}, strings.NewReader(file))
	r.work(t)
	return r.job(t, j.GetId())
}

// export gives the file an export makes.
func (r room) export(t *testing.T, format catalogv1.FileFormat) string {
	t.Helper()
	j := must(r.jobs.CreateExport(r.ctx, &catalogv1.CreateExportRequest{Format: format}))(t).GetJob()
	r.work(t)
	var out strings.Builder
	for n := int32(0); ; n++ {
		piece := must(r.jobs.ReadOutput(r.ctx, &catalogv1.ReadOutputRequest{Id: j.GetId(), Number: n}))(t)
		if len(piece.GetData()) == 0 {
			same(t, "size of the file", piece.GetSize(), int64(out.Len()))
			return out.String()
		}
		out.Write(piece.GetData())
	}
}

// counts checks how a job ended: created, updated, unchanged, failed.
func counts(t testing.TB, j *catalogv1.Job, status catalogv1.JobStatus, want ...int64) {
	t.Helper()
	got := []int64{j.GetCreated(), j.GetUpdated(), j.GetUnchanged(), j.GetFailed()}
	if j.GetStatus() != status || !slices.Equal(got, want) {
		t.Fatalf("the job is %s with %v (created, updated, unchanged, failed), want %s %v\n%v %v", j.GetStatus(), got, status, want, j.GetFailure(), j.GetErrors())
	}
}

const (
	isDone      = catalogv1.JobStatus_JOB_STATUS_SUCCEEDED
	isFailed    = catalogv1.JobStatus_JOB_STATUS_FAILED
	isCancelled = catalogv1.JobStatus_JOB_STATUS_CANCELLED
)

func (r room) bySlug(t *testing.T, slug string) *catalogv1.Product {
	t.Helper()
	for _, p := range must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts() {
		if p.GetSlug() == slug {
			return p
		}
	}
	t.Fatalf("there is no product %s", slug)
	return nil
}

const shirts = "\xef\xbb\xbfproduct_slug,title,description,status,brand,categories,tags,option1_name,option1_value,option2_name,option2_value,variant_sku,price,currency,compare_at_price,stock,weight_grams,seo_title,seo_description\r\n" +
	"linen-shirt,Linen shirt,\"Soft, \"\"airy\"\"\nand light 👕\",published,Maison,Home > Shirts|Sale,Linen|Summer,size,S,colour,Red,0001,49.00,EUR,59.00,3,200,SEO,Long\r\n" +
	"linen-shirt,,,,,,,,M,,Red,0002,49.5,EUR,,0,,,\r\n" +
	"socks,Socks,,,,Home,,,,,,,\"4,90\",,,5,,,\r\n"

func TestImport(t *testing.T) {
	t.Parallel()
	r := open(t)
	j := r.load(t, csv, shirts)
	counts(t, j, isDone, 2, 0, 0, 0)
	same(t, "rows", j.GetTotal(), 3)
	same(t, "rows done", j.GetDone(), 3)
	same(t, "percent", j.GetPercent(), 100)
	p := r.bySlug(t, "linen-shirt")
	same(t, "description", p.GetDescription(), "Soft, \"airy\"\nand light 👕")
	same(t, "status", p.GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED)
	same(t, "brand", p.GetBrand().GetName(), "Maison")
	same(t, "SEO title", p.GetSeoTitle(), "SEO")
	same(t, "categories", len(p.GetCategories()), 2)
	same(t, "tags", len(p.GetTags()), 2)
	same(t, "first option", p.GetOptions()[0].GetName(), "size")
	same(t, "second option", p.GetOptions()[1].GetName(), "colour")
	if !slices.Equal(p.GetOptions()[0].GetValues(), []string{"S", "M"}) {
		t.Errorf("the sizes are %v", p.GetOptions()[0].GetValues())
	}
	v := p.GetVariants()[1]
	same(t, "SKU with leading zeros", v.GetSku(), "0002")
	same(t, "price", v.GetPrice().GetAmount(), 4950)
	same(t, "title", v.GetTitle(), "M / Red")
	same(t, "available without stock", v.GetAvailable(), false)
	if !maps.Equal(v.GetOptions(), map[string]string{"size": "M", "colour": "Red"}) {
		t.Errorf("the options are %v", v.GetOptions())
	}
	same(t, "price to strike through", p.GetVariants()[0].GetCompareAtPrice().GetAmount(), 5900)
	same(t, "weight", p.GetVariants()[0].GetWeightGrams(), 200)
	socks := r.bySlug(t, "socks")
	same(t, "made-up SKU", socks.GetVariants()[0].GetSku(), "socks-default")
	same(t, "decimal comma", socks.GetVariants()[0].GetPrice().GetAmount(), 490)
	same(t, "default currency", socks.GetVariants()[0].GetPrice().GetCurrency(), "EUR")
	if err := catalog.CheckDocuments(r.ctx, r.db.DB); err != nil {
		t.Error(err)
	}

	counts(t, r.load(t, csv, shirts), isDone, 0, 0, 2, 0)
	same(t, "version after the same file", r.bySlug(t, "linen-shirt").GetVersion(), p.GetVersion())

	// Only what the file speaks of changes.
	counts(t, r.load(t, csv, "variant_sku;price\n0002;60\n"), isDone, 0, 1, 0, 0)
	now := r.bySlug(t, "linen-shirt")
	same(t, "changed price", now.GetVariants()[1].GetPrice().GetAmount(), 6000)
	same(t, "title", now.GetTitle(), "Linen shirt")
	same(t, "categories kept", len(now.GetCategories()), 2)
	counts(t, r.load(t, csv, "handle\tdescription\tcategories\nlinen-shirt\t\tSale\n"), isDone, 0, 1, 0, 0)
	now = r.bySlug(t, "linen-shirt")
	if now.Description != nil {
		t.Errorf("the description is %q, not cleared", now.GetDescription())
	}
	same(t, "categories", len(now.GetCategories()), 1)
	if err := catalog.CheckDocuments(r.ctx, r.db.DB); err != nil {
		t.Error(err)
	}
}
