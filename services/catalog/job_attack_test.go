package catalog_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/services/catalog"
)

// first checks the first error of a job.
func first(t *testing.T, j *catalogv1.Job, row int64, column, code string) {
	t.Helper()
	if len(j.GetErrors()) == 0 {
		t.Fatalf("no error is reported, want %s in row %d", code, row)
	}
	if e := j.GetErrors()[0]; e.GetRow() != row || e.GetColumn() != column || e.GetCode() != code || e.GetMessage() == "" {
		t.Errorf("the first error is %v, want row %d, column %q, code %q", e, row, column, code)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, bad := range []struct {
		name, file, column, code, says string
		row                            int64
	}{
		{"latin-1", "product_slug,title,price\na,Plain,1\nb,\xe9charpe,1\n", "", "encoding", "byte 37, in line 3", 0},
		{"UTF-16 with a mark", "\xff\xfep\x00r\x00", "", "encoding", "UTF-16", 0},
		{"UTF-16 without", "p\x00r\x00", "", "encoding", "byte 1", 0},
		{"NUL", "product_slug,title,price\na,A\x00B,1\n", "", "encoding", "byte 28", 0},
		{"a character cut off", "product_slug,title,price\na,A,1\nb,\xc3", "", "encoding", "byte 33", 0},
		{"an open quote", "product_slug,title,price\na,A,1\nb,\"B,1\nc,C,1\n", "title", "quote_open", "row 3", 3},
		{"an unknown column", "product_slug,titel,price\na,A,1\n", "titel", "unknown_column", "titel", 1},
		{"a column twice", "product_slug,title,Title\na,A,1\n", "Title", "duplicate_column", "2 and 3", 1},
		{"no name", "title,price\nA,1\n", "product_slug", "required", "product_slug", 1},
		{"nothing", "", "", "empty", "empty", 1},
	} {
		j := r.load(t, csv, bad.file)
		if j.GetStatus() != isFailed || j.GetFailure().GetCode() != catalog.ErrFileUnreadable.Code() || !strings.Contains(j.GetFailure().GetMessage(), bad.says) {
			t.Errorf("%s: the job is %s, %v", bad.name, j.GetStatus(), j.GetFailure())
		}
		first(t, j, bad.row, bad.column, bad.code)
	}
	same(t, "products", len(must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 0)
}

func TestRowsThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	r := open(t)
	other := shirt("Other", "S")
	other.Variants[0].Sku = "TAKEN"
	r.create(t, other)
	const head = "product_slug,title,status,option1_name,option1_value,variant_sku,price,currency,stock,weight_grams,categories\n"
	for _, bad := range []struct{ name, rows, column, code string }{
		{"too few fields", "a,A,draft\n", "", "ragged"},
		{"too many fields", "a,A,draft,,,,1,EUR,1,1,,,\n", "", "ragged"},
		{"a quote in the middle", "a,A \"b\",draft,,,,1,EUR,1,1,\n", "", "quote"},
		{"no title", "a,,draft,,,X,1,EUR,1,1,\n", "title", "required"},
		{"a long title", "a," + strings.Repeat("x", 513) + ",draft,,,,1,EUR,1,1,\n", "title", "too_long"},
		{"no slug and no SKU", ",A,draft,,,,1,EUR,1,1,\n", "product_slug", "required"},
		{"a slug of signs", "!!!,A,draft,,,,1,EUR,1,1,\n", "product_slug", "slug_invalid"},
		{"a status", "a,A,sold,,,,1,EUR,1,1,\n", "status", "not_allowed"},
		{"a price in words", "a,A,draft,,,,ten,EUR,1,1,\n", "price", "price_invalid"},
		{"a price with thousands", "a,A,draft,,,,\"1,000.00\",EUR,1,1,\n", "price", "price_invalid"},
		{"half a cent", "a,A,draft,,,,1.005,EUR,1,1,\n", "price", "price_invalid"},
		{"below nothing", "a,A,draft,,,,-1,EUR,1,1,\n", "price", "out_of_range"},
		{"the edge of int64", "a,A,draft,,,,92233720368547758.07,EUR,1,1,\n", "price", "price_invalid"},
		{"beyond int64", "a,A,draft,,,,92233720368547758080000,EUR,1,1,\n", "price", "price_invalid"},
		{"more than prices go", "a,A,draft,,,,10000000000.01,EUR,1,1,\n", "price", "out_of_range"},
		{"a currency", "a,A,draft,,,,1,€,1,1,\n", "currency", "invalid"},
		{"two currencies", "a,A,draft,size,S,A,1,EUR,1,1,\na,,,,M,B,1,USD,1,1,\n", "currency", "currency_mixed"},
		{"published for nothing", "a,A,published,,,,0,EUR,1,1,\n", "price", "price_missing"},
		{"a stock", "a,A,draft,,,,1,EUR,many,1,\n", "stock", "out_of_range"},
		{"a weight", "a,A,draft,,,,1,EUR,1,1.5,\n", "weight_grams", "out_of_range"},
		{"a value without an option", "a,A,draft,,S,,1,EUR,1,1,\n", "option_name", "required"},
		{"a deep category", "a,A,draft,,,,1,EUR,1,1,1>2>3>4>5>6\n", "categories", "category_too_deep"},
		{"another's SKU", "a,A,draft,,,TAKEN,1,EUR,1,1,\n", "variant_sku", "sku_taken"},
		{"a SKU twice", "a,A,draft,size,S,X,1,EUR,1,1,\na,,,,M,X,1,EUR,1,1,\n", "variant_sku", "sku_taken"},
		{"an unknown SKU without a slug", ",,,,,NEW,1,EUR,1,1,\n", "product_slug", "required"},
	} {
		j := r.load(t, csv, head+bad.rows)
		if j.GetStatus() != isDone || j.GetFailed() != 1 || j.GetCreated() != 0 {
			t.Errorf("%s: the job is %s with %d refused: %v", bad.name, j.GetStatus(), j.GetFailed(), j.GetErrors())
			continue
		}
		row := int64(2)
		if strings.Count(bad.rows, "\n") > 1 {
			row = 3
		}
		first(t, j, row, bad.column, bad.code)
	}
	same(t, "products", len(must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 1)

	// The largest price there is, and the same SKU in two products of one file: the first has it.
	j := r.load(t, csv, head+"a,A,draft,,,X,10000000000,EUR,1,1,\nb,B,draft,,,X,1,EUR,1,1,\n")
	counts(t, j, isDone, 1, 0, 0, 1)
	first(t, j, 3, "variant_sku", "sku_taken")

	// Ten thousand variants on one product are one clear error.
	var many strings.Builder
	many.WriteString(head + "many,Many,draft,n,0,,1,EUR,1,1,\n")
	for i := range 10_000 {
		fmt.Fprintf(&many, "many,,,,%d,,1,EUR,1,1,\n", i+1)
	}
	many.WriteString("after,After,draft,,,,1,EUR,1,1,\n")
	j = r.load(t, csv, many.String())
	counts(t, j, isDone, 1, 0, 0, 1)
	same(t, "errors", j.GetErrorCount(), 1)
	first(t, j, 2002, "variant_sku", "too_many")
	same(t, "rows", j.GetDone(), 10_002)
}

func TestLinesThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	r := open(t)
	for _, bad := range []struct{ line, column, code string }{
		{`not json`, "", "not_json"},
		{`[]`, "", "not_json"},
		{`"slug"`, "", "not_json"},
		{`{"slug":"a","title":"A"} {}`, "", "not_json"},
		{`{"slug":"a","title":"A","colour":"red"}`, "colour", "unknown_key"},
		{`{"slug":"a","title":5}`, "title", "wrong_type"},
		{`{"slug":"a","title":"A","variants":[{"price":{"amount":9223372036854775808,"currency":"EUR"}}]}`, "variants.price.amount", "wrong_type"},
		{`{"slug":"a","title":"A","variants":[{"price":{"amount":9223372036854775807,"currency":"EUR"}}]}`, "variants[0].price", "out_of_range"},
		{`{"slug":"a","title":"A\u0000B"}`, "", "invalid_character"},
		{`{"title":"A"}`, "slug", "required"},
		{`{"slug":"a","title":"A","categoryIds":["` + id.New().String() + `"]}`, "categoryIds", "category_unknown"},
		{`{"slug":"a","title":"A","tagIds":["` + id.New().String() + `"]}`, "tagIds", "tag_unknown"},
		{`{"slug":"a","title":"A","description":"` + strings.Repeat("x", 5<<20) + `"}`, "", "too_long"},
	} {
		j := r.load(t, ndjson, "\n"+bad.line+"\n")
		if j.GetStatus() != isDone || j.GetFailed() != 1 {
			t.Errorf("%.60s: the job is %s with %v", bad.line, j.GetStatus(), j.GetErrors())
			continue
		}
		first(t, j, 2, bad.column, bad.code)
	}
	same(t, "products", len(must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 0)
}

func TestStopAtTheFirstError(t *testing.T) {
	t.Parallel()
	r := open(t)
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv, StopOnError: true}, strings.NewReader("product_slug,title,price\na,A,1\nb,B,x\nc,C,1\n"))
	r.work(t)
	j = r.job(t, j.GetId())
	counts(t, j, isFailed, 1, 0, 0, 1)
	same(t, "why", j.GetFailure().GetCode(), catalog.ErrJobStopped.Code())
	same(t, "products", len(must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 1)
}

func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	r := open(t)
	var file strings.Builder
	file.WriteString("product_slug,title,variant_sku,price,categories,tags\n")
	for i := range 1200 { // more than two chunks, so that the SKU is seen in another one
		fmt.Fprintf(&file, "p-%d,P,SKU-%d,1,Home > Away,New\n", i, i)
	}
	file.WriteString("last,Last,SKU-0,1,,\n")
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv, DryRun: true}, strings.NewReader(file.String()))
	r.work(t)
	j = r.job(t, j.GetId())
	counts(t, j, isDone, 1200, 0, 0, 1)
	first(t, j, 1202, "variant_sku", "sku_taken")
	same(t, "products", len(must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 0)
	same(t, "categories", len(must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t).GetCategories()), 0)
	same(t, "tags", must(r.ListTags(r.ctx, &catalogv1.ListTagsRequest{}))(t).GetPage().GetTotal(), 0)
}

// generated is a CSV file that is never held: n small rows.
func generated(n int, row func(i int) string) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, "product_slug,title,variant_sku,price\n")
		var b strings.Builder
		for i := range n {
			b.WriteString(row(i))
			if b.Len() > 1<<16 || i == n-1 {
				if _, err := io.WriteString(writer, b.String()); err != nil {
					return
				}
				b.Reset()
			}
		}
		writer.Close()
	}()
	return reader
}

// A file is read in bounded memory, and of a million mistakes the first ten thousand are kept and all are counted.
func TestManyRowsInBoundedMemory(t *testing.T) {
	t.Parallel()
	r := open(t)
	const n = 1_000_000
	var before, now runtime.MemStats
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, generated(n, func(i int) string { return fmt.Sprintf("p-%d,Product number %d,SKU-%d,none\n", i, i, i) }))
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	svc := r.with(t, time.Now, func(context.Context, string) error {
		runtime.ReadMemStats(&now)
		most.Store(max(most.Load(), now.HeapAlloc))
		return nil
	})
	for did := true; did; { // it lets others in from time to time
		did = must(svc.RunJob(r.ctx))(t)
	}
	j = r.job(t, j.GetId())
	counts(t, j, isDone, 0, 0, 0, n)
	same(t, "errors counted", j.GetErrorCount(), n)
	same(t, "rows", j.GetTotal(), n)
	report := must(r.jobs.ListJobErrors(r.ctx, &catalogv1.ListJobErrorsRequest{Id: j.GetId(), Page: &typev1.PageRequest{Limit: 100}}))(t)
	same(t, "errors kept", report.GetPage().GetTotal(), 10_000)
	seen := len(report.GetErrors())
	for len(report.GetPage().GetNext()) > 0 {
		report = must(r.jobs.ListJobErrors(r.ctx, &catalogv1.ListJobErrorsRequest{Id: j.GetId(), Page: &typev1.PageRequest{Limit: 100, After: report.GetPage().GetNext()}}))(t)
		seen += len(report.GetErrors())
	}
	same(t, "errors shown", seen, 10_000)
	// Other tests run beside this one, so the bound is loose; the file is 12 MB and its rows as values ten times that.
	if grown := int64(most.Load()) - int64(before.HeapAlloc); grown > 128<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}

// with is the room in another process: its own leases, its own clock.
func (r room) with(t *testing.T, now func() time.Time, interrupt func(context.Context, string) error) *catalog.Service {
	t.Helper()
	return must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: r.db.DB, Logger: slog.New(slog.DiscardHandler), Now: now, Interrupt: interrupt}))(t)
}

func products(n int) string {
	var file strings.Builder
	file.WriteString("product_slug,title,variant_sku,price,stock\n")
	for i := range n {
		fmt.Fprintf(&file, "p-%d,\"Product\nnumber %d\",SKU-%d,1,%d\n", i, i, i, i)
	}
	return file.String()
}

// A process that dies between two chunks leaves a job that another one ends: no row is lost, none is there twice.
func TestAnotherProcessTakesOver(t *testing.T) {
	t.Parallel()
	r := open(t)
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(products(1700)))
	dead := errors.New("power cut")
	cut := r.with(t, time.Now, func(context.Context, string) error { return dead })
	if _, err := cut.RunJob(r.ctx); !errors.Is(err, dead) {
		t.Fatalf("got %v", err)
	}
	half := r.job(t, j.GetId())
	same(t, "created by the first", half.GetCreated(), 500)
	same(t, "status", half.GetStatus(), catalogv1.JobStatus_JOB_STATUS_RUNNING)
	if did := must(r.svc.RunJob(r.ctx))(t); did {
		t.Error("the lease of the first was not respected")
	}
	// The second comes when the lease has run out; the first wakes up in the middle of it and must have no effect.
	second := r.with(t, func() time.Time { return time.Now().Add(time.Minute) }, func(context.Context, string) error {
		_, err := cut.RunJob(r.ctx)
		return err
	})
	must(second.RunJob(r.ctx))(t)
	done := r.job(t, j.GetId())
	counts(t, done, isDone, 1700, 0, 0, 0)
	same(t, "rows", done.GetDone(), 1700)
	same(t, "products", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 1700)
	same(t, "title of the last", r.find(t, "SKU-1699").GetTitle(), "Product\nnumber 1699")
}

func (r room) find(t *testing.T, sku string) *catalogv1.Product {
	t.Helper()
	list := must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{Sku: sku}))(t).GetProducts()
	if len(list) != 1 {
		t.Fatalf("%d products have the SKU %s", len(list), sku)
	}
	return list[0]
}

// Two imports of one file at once end with every product once.
func TestTwoImportsAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	file := products(1200)
	var jobs []string
	var wg sync.WaitGroup
	for range 2 {
		jobs = append(jobs, r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(file)).GetId())
	}
	for range 2 {
		svc := r.with(t, time.Now, nil)
		wg.Go(func() {
			if _, err := svc.RunJob(r.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	a, b := r.job(t, jobs[0]), r.job(t, jobs[1])
	same(t, "first", a.GetStatus(), isDone)
	same(t, "second", b.GetStatus(), isDone)
	same(t, "created together", a.GetCreated()+b.GetCreated(), 1200)
	same(t, "unchanged together", a.GetUnchanged()+b.GetUnchanged(), 1200)
	same(t, "products", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 1200)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	r := open(t)
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(products(1200)))
	svc := r.with(t, time.Now, func(context.Context, string) error {
		_, err := r.jobs.CancelJob(r.ctx, &catalogv1.CancelJobRequest{Id: j.GetId()})
		return err
	})
	must(svc.RunJob(r.ctx))(t)
	j = r.job(t, j.GetId())
	counts(t, j, isCancelled, 500, 0, 0, 0)
	if j.GetFinishedAt() == nil {
		t.Error("a cancelled job does not say when it ended")
	}
	r.work(t)
	same(t, "products", must(r.ListProducts(r.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 500)
	must(r.jobs.CancelJob(r.ctx, &catalogv1.CancelJobRequest{Id: j.GetId()}))(t) // again changes nothing
	done := r.load(t, csv, products(1))
	_, err := r.jobs.CancelJob(r.ctx, &catalogv1.CancelJobRequest{Id: done.GetId()})
	wants(t, "cancelling what is done", err, catalog.ErrJobOver)
}

func TestInputIsSafeToRepeat(t *testing.T) {
	t.Parallel()
	r := open(t)
	order := &catalogv1.CreateImportRequest{Format: csv, Key: "one"}
	j := must(r.jobs.CreateImport(r.ctx, order))(t).GetJob()
	same(t, "job of the same key", must(r.jobs.CreateImport(r.ctx, order))(t).GetJob().GetId(), j.GetId())
	_, err := r.jobs.CreateImport(r.ctx, &catalogv1.CreateImportRequest{Format: csv, DryRun: true, Key: "one"})
	wants(t, "the key for something else", err, catalog.ErrJobKeyReused)

	head, tail := []byte("product_slug,title,price\n"), []byte("a,A,1\n")
	part := func(n int32, data []byte) error {
		_, err := r.jobs.AppendInput(r.ctx, &catalogv1.AppendInputRequest{Id: j.GetId(), Number: n, Data: data})
		return err
	}
	complete := func(chunks int32, data []byte) error {
		sum := sha256.Sum256(data)
		_, err := r.jobs.CompleteInput(r.ctx, &catalogv1.CompleteInputRequest{Id: j.GetId(), Chunks: chunks, Size: int64(len(data)), Sha256: sum[:]})
		return err
	}
	whole := append(append([]byte{}, head...), tail...)
	wants(t, "first piece", part(0, head), nil)
	wants(t, "first piece again", part(0, head), nil)
	wants(t, "another first piece", part(0, tail), catalog.ErrJobKeyReused)
	wants(t, "end before the end", complete(2, whole), catalog.ErrInputIncomplete)
	same(t, "a job without its input is not begun", must(r.svc.RunJob(r.ctx))(t), false)
	wants(t, "second piece", part(1, tail), nil)
	wants(t, "end", complete(2, whole), nil)
	wants(t, "end again", complete(2, whole), nil)
	wants(t, "another end", complete(1, head), catalog.ErrJobKeyReused)
	r.work(t)
	counts(t, r.job(t, j.GetId()), isDone, 1, 0, 0, 0)
	wants(t, "a piece when all is done", part(1, tail), nil)
	wants(t, "end when all is done", complete(2, whole), nil)
	counts(t, r.job(t, j.GetId()), isDone, 1, 0, 0, 0)
	same(t, "jobs", must(r.jobs.ListJobs(r.ctx, &catalogv1.ListJobsRequest{Kind: catalogv1.JobKind_JOB_KIND_IMPORT_PRODUCTS, Status: isDone}))(t).GetPage().GetTotal(), 1)
}

func TestJobsOfAnotherShop(t *testing.T) {
	t.Parallel()
	r := open(t)
	other := r.elsewhere(t)
	j := r.load(t, csv, shirts)
	x := must(r.jobs.CreateExport(r.ctx, &catalogv1.CreateExportRequest{Format: csv}))(t).GetJob()
	_, err := r.jobs.ReadOutput(r.ctx, &catalogv1.ReadOutputRequest{Id: x.GetId()})
	wants(t, "a file that is not made yet", err, catalog.ErrJobNotDone)
	r.work(t)
	_, err = r.jobs.GetJob(other, &catalogv1.GetJobRequest{Id: j.GetId()})
	wants(t, "job", err, catalog.ErrJobNotFound)
	_, err = r.jobs.ListJobErrors(other, &catalogv1.ListJobErrorsRequest{Id: j.GetId()})
	wants(t, "errors", err, catalog.ErrJobNotFound)
	_, err = r.jobs.CancelJob(other, &catalogv1.CancelJobRequest{Id: j.GetId()})
	wants(t, "cancel", err, catalog.ErrJobNotFound)
	_, err = r.jobs.ReadOutput(other, &catalogv1.ReadOutputRequest{Id: x.GetId()})
	wants(t, "file", err, catalog.ErrJobNotFound)
	_, err = r.jobs.AppendInput(other, &catalogv1.AppendInputRequest{Id: j.GetId(), Data: []byte("x")})
	wants(t, "input", err, catalog.ErrJobNotFound)
	_, err = r.jobs.CompleteInput(other, &catalogv1.CompleteInputRequest{Id: j.GetId(), Sha256: make([]byte, 32)})
	wants(t, "end of the input", err, catalog.ErrJobNotFound)
	same(t, "jobs listed there", len(must(r.jobs.ListJobs(other, &catalogv1.ListJobsRequest{}))(t).GetJobs()), 0)
	_, err = r.jobs.ReadOutput(r.ctx, &catalogv1.ReadOutputRequest{Id: j.GetId()})
	wants(t, "the file of an import", err, catalog.ErrJobNotFound)

	// The worker serves every shop, each in its own.
	theirs := r.send(t, other, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(shirts))
	r.work(t)
	counts(t, must(r.jobs.GetJob(other, &catalogv1.GetJobRequest{Id: theirs.GetId()}))(t).GetJob(), isDone, 2, 0, 0, 0)
	same(t, "products there", must(r.ListProducts(other, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 2)
}

// A long job does not keep the others waiting: they take turns.
func TestJobsTakeTurns(t *testing.T) {
	t.Parallel()
	r := open(t)
	long := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(products(1700)))
	other := r.elsewhere(t)
	short := must(r.jobs.CreateExport(other, &catalogv1.CreateExportRequest{Format: csv}))(t).GetJob()
	var clock atomic.Int64
	svc := r.with(t, func() time.Time { return time.Now().Add(time.Duration(clock.Load())) }, func(context.Context, string) error {
		clock.Add(int64(11 * time.Second))
		return nil
	})
	must(svc.RunJob(r.ctx))(t)
	same(t, "the long one after its turn", r.job(t, long.GetId()).GetCreated(), 500)
	must(svc.RunJob(r.ctx))(t)
	same(t, "the short one", must(r.jobs.GetJob(other, &catalogv1.GetJobRequest{Id: short.GetId()}))(t).GetJob().GetStatus(), catalogv1.JobStatus_JOB_STATUS_RUNNING)
	for must(svc.RunJob(r.ctx))(t) {
	}
	counts(t, r.job(t, long.GetId()), isDone, 1700, 0, 0, 0)
	same(t, "the short one", must(r.jobs.GetJob(other, &catalogv1.GetJobRequest{Id: short.GetId()}))(t).GetJob().GetStatus(), isDone)
}

// A job that never gets on is given up.
func TestAJobThatNeverGetsOn(t *testing.T) {
	t.Parallel()
	r := open(t)
	j := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(products(1)))
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error { w.Exec("update jobs set attempts = 10"); return nil }); err != nil {
		t.Fatal(err)
	}
	r.work(t)
	j = r.job(t, j.GetId())
	counts(t, j, isFailed, 0, 0, 0, 0)
	same(t, "why", j.GetFailure().GetCode(), catalog.ErrJobBroken.Code())
}

// Files and people take the same slugs and SKUs at once: each name has one owner, nobody waits for ever, and who comes late
// is told.
func TestNamesTakenByFilesAndPeopleAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	const n = 60
	var file strings.Builder
	file.WriteString("product_slug,title,variant_sku,price\n")
	for i := range n {
		fmt.Fprintf(&file, "name-%d,By file,SKU-%d,1\n", i, i)
	}
	job := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv}, strings.NewReader(file.String()))
	var wg sync.WaitGroup
	var bySlug, bySKU atomic.Int64
	wg.Go(func() {
		if _, err := r.svc.RunJob(r.ctx); err != nil {
			t.Error(err)
		}
	})
	for i := range n {
		wg.Go(func() {
			req := shirt("By hand", "S")
			req.Slug, req.Variants[0].Sku = fmt.Sprint("name-", i), fmt.Sprint("HAND-", i)
			switch _, err := r.CreateProduct(r.ctx, req); {
			case err == nil:
				bySlug.Add(1)
			case !errors.Is(err, catalog.ErrSlugTaken):
				t.Errorf("a slug: %v", err)
			}
		})
		wg.Go(func() {
			req := shirt("By hand", "S")
			req.Slug, req.Variants[0].Sku = fmt.Sprint("other-", i), fmt.Sprint("SKU-", i)
			switch _, err := r.CreateProduct(r.ctx, req); {
			case err == nil:
				bySKU.Add(1)
			case !errors.Is(err, catalog.ErrSKUTaken):
				t.Errorf("a SKU: %v", err)
			}
		})
	}
	wg.Wait()
	j := r.job(t, job.GetId())
	if j.GetStatus() != isDone || j.GetCreated()+j.GetUpdated()+j.GetFailed() != n {
		t.Fatalf("the job is %v", j)
	}
	for _, e := range j.GetErrors() {
		if e.GetCode() != "sku_taken" && e.GetCode() != "slug_taken" && e.GetCode() != "ambiguous" {
			t.Errorf("a row is refused as %v", e)
		}
	}
	slugs, skus := map[string]int{}, map[string]int{}
	for _, p := range must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts() {
		slugs[p.GetSlug()]++
		for _, v := range p.GetVariants() {
			skus[v.GetSku()]++
		}
	}
	for i := range n {
		if slugs[fmt.Sprint("name-", i)] != 1 || skus[fmt.Sprint("SKU-", i)] != 1 {
			t.Errorf("name %d: %d products, %d variants", i, slugs[fmt.Sprint("name-", i)], skus[fmt.Sprint("SKU-", i)])
		}
	}
	same(t, "products", int64(len(slugs)), j.GetCreated()+bySlug.Load()+bySKU.Load())
	r.documents(t, "names at once")
}
