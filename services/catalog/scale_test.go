package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/services/catalog"
)

// cost is what a call took: statements, and bytes the whole process allocated meanwhile.
func (r room) cost(t *testing.T, call func()) (statements, allocated int64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	sent := r.db.Statements()
	call()
	statements = r.db.Statements() - sent
	runtime.ReadMemStats(&after)
	return statements, int64(after.TotalAlloc - before.TotalAlloc)
}

func manyVariants(n int) *catalogv1.CreateProductRequest {
	req := &catalogv1.CreateProductRequest{Title: fmt.Sprint("Of ", n), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}
	for i := range n {
		req.Variants = append(req.Variants, &catalogv1.VariantInput{Sku: fmt.Sprintf("V%d-%d", n, i), Price: euros(int64(1000 + i)), InitialStock: 1})
	}
	return req
}

// A product of two thousand variants is deleted, and written in every other way, by as many statements as one of two, and
// the memory it takes is that of its document and not of an object graph.
func TestManyVariantsAreWrittenInFewStatements(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	r := open(t)
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: r.create(t, manyVariants(2)).GetId()}))(t) // which warms everything
	type costs map[string][2]int64
	of := func(n int) costs {
		out := costs{}
		var p *catalogv1.Product
		did := func(what string, call func()) {
			statements, allocated := r.cost(t, call)
			out[what] = [2]int64{statements, allocated}
			t.Logf("%d variants: to %s takes %d statements and %d KiB", n, what, statements, allocated>>10)
		}
		did("create", func() { p = r.create(t, manyVariants(n)) })
		did("rename", func() {
			must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("Renamed")}))(t)
		})
		did("change a variant", func() {
			must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId(), Price: euros(7)}))(t)
		})
		did("delete", func() { must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()}))(t) })
		return out
	}
	few, many := of(2), of(2000)
	for what, c := range many {
		if c[0] > few[what][0] {
			t.Errorf("to %s takes %d statements with 2 variants, %d with 2000", what, few[what][0], c[0])
		}
		// Some 20 KiB for each variant is far from what a copy of every row, event and answer may take; an object graph of a
		// comparable system took 4 MiB for each.
		if c[1] > 40<<20 {
			t.Errorf("to %s allocates %d MiB", what, c[1]>>20)
		}
	}
}

// Pictures are rows of their own: lists of products with very many of them take no more statements, and no cartesian product
// of pictures and variants is read.
func TestVeryManyPictures(t *testing.T) {
	t.Parallel()
	r := open(t)
	pictures := func(n int) []*catalogv1.ImageInput {
		out := make([]*catalogv1.ImageInput, n)
		for i := range out {
			out[i] = picture(fmt.Sprint("front ", i))
		}
		return out
	}
	req := manyVariants(100)
	req.Images = pictures(100)
	full := r.create(t, req)
	same(t, "pictures", len(full.GetImages()), 100)
	for name, call := range map[string]func() error{
		"five hundred at once": func() error {
			_, err := r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: full.GetId(), Images: pictures(500)})
			return err
		},
		"one more": func() error {
			_, err := r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: full.GetId(), Images: pictures(1), Append: true})
			return err
		},
	} {
		if call() == nil {
			t.Errorf("%s: taken", name)
		}
		same(t, name+" leaves", len(r.read(t, full.GetId()).GetImages()), 100)
	}
	bare := r.create(t, manyVariants(1))
	for name, call := range map[string]func(which string) (images int){
		"a product for shoppers": func(which string) int {
			return len(must(r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: which}))(t).GetProduct().GetImages())
		},
		"a product for staff": func(which string) int {
			return len(must(r.GetProduct(r.ctx, &catalogv1.GetProductRequest{Id: which}))(t).GetProduct().GetImages())
		},
	} {
		call(full.GetId())
		wide, _ := r.cost(t, func() { same(t, name, call(full.GetId()), 100) })
		thin, _ := r.cost(t, func() { same(t, name, call(bare.GetId()), 0) })
		if wide > thin {
			t.Errorf("%s takes %d statements without pictures, %d with 100", name, thin, wide)
		}
	}
	list := must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{}))(t)
	same(t, "listed once", len(list.GetProducts()), 2)
}

// What is known of prices is one statement, however many variants are asked for and however many lists have prices of them.
func TestPricesOfManyVariantsAreOneStatement(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	p := r.create(t, manyVariants(200))
	var ids []string
	var rows []*catalogv1.ListPriceInput
	for i, v := range p.GetVariants() {
		ids = append(ids, v.GetId())
		rows = append(rows, row(v.GetId(), int64(500+i)))
	}
	for i := range 3 {
		l := r.list(t, &catalogv1.CreatePriceListRequest{Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE, Priority: int32(i), Channel: fmt.Sprint("c", i)})
		r.put(t, l.GetId(), rows...)
		r.turn(t, l.GetId(), on)
	}
	resolve := func(n int) {
		res := must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: ids[:n], Currency: "EUR", Channel: "c2"}))(t)
		for i, v := range res.GetVariants() {
			if v.GetPrice().GetAmount() >= 1000 {
				t.Errorf("variant %d costs %d", i, v.GetPrice().GetAmount())
			}
		}
		same(t, "resolved", len(res.GetVariants()), n)
	}
	resolve(1)
	for _, n := range []int{1, 3, 200} {
		if statements, _ := r.cost(t, func() { resolve(n) }); statements != 1 {
			t.Errorf("prices of %d variants take %d statements", n, statements)
		}
	}
}

// A shop may sell through a thousand channels: none of them is loaded to show one of them.
func TestAThousandChannels(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	r := openPrices(t)
	for i := range 20 {
		r.create(t, shirt(fmt.Sprint("Shirt ", i), "S", "M"))
	}
	reads := map[string]func(){
		"list": func() {
			must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Channel: "channel-7", Currency: "EUR"}))(t)
		},
		"product": func() {
			must(r.GetStoreProduct(r.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: "shirt-1", Channel: "channel-7"}))(t)
		},
		"lists of prices": func() { must(r.ListPriceLists(r.ctx, &catalogv1.ListPriceListsRequest{}))(t) },
	}
	measure := func() map[string][2]int64 {
		out := map[string][2]int64{}
		for name, read := range reads {
			read()
			statements, allocated := r.cost(t, func() {
				for range 20 {
					read()
				}
			})
			out[name] = [2]int64{statements, allocated / 20}
		}
		return out
	}
	before := measure()
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec(`insert into price_lists (id, name, code, type, status, priority, customer_group, channel, country, version, changed_at, created_at, updated_at)
			select gen_random_uuid(), 'Channel ' || n, 'list-' || n, 'override', 'active', 0, '', 'channel-' || n, '', 1, now(), now(), now() from generate_series(1, 1000) n`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for name, c := range measure() {
		if c[0] > before[name][0] {
			t.Errorf("%s takes %d statements without channels, %d with a thousand", name, before[name][0], c[0])
		}
		t.Logf("%s: %d KiB before, %d KiB with a thousand channels", name, before[name][1]>>10, c[1]>>10)
		if name != "lists of prices" && c[1] > before[name][1]*3/2+64<<10 {
			t.Errorf("%s allocates %d KiB without channels, %d KiB with a thousand", name, before[name][1]>>10, c[1]>>10)
		}
	}
	res := must(r.ListPriceLists(r.ctx, &catalogv1.ListPriceListsRequest{Page: &typev1.PageRequest{Limit: 100}}))(t)
	same(t, "a page of lists", len(res.GetPriceLists()), 100)
	same(t, "lists of prices", res.GetPage().GetTotal(), 1000)
}

// The root of a tree of thousands is renamed by writing that one row: nothing below it, and no product, is touched, and
// whoever sells meanwhile does not wait.
func TestRenamingTheRootOfALargeTree(t *testing.T) {
	t.Parallel()
	r := open(t)
	root := r.category(t, "Root", "")
	const below = 4000
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
		var ids, parents []id.ID
		top := must(id.Parse(root.GetId()))(t)
		for i := range below {
			parent := top
			if i%50 > 0 {
				parent = ids[i-i%50]
			}
			ids, parents = append(ids, id.New()), append(parents, parent)
		}
		w.Exec(`insert into categories (id, slug, name, name_key, parent_id, position, ref, version, created_at, updated_at)
			select i, 'c-' || n, 'C ' || n, 'c ' || n, p, 0, ''::bytea, 1, now(), now() from unnest($1::uuid[], $2::uuid[]) with ordinality t (i, p, n)`, ids, parents)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	must(catalog.Load(r.ctx, r.db.DB, 3000, time.Now))(t)
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec(`insert into product_categories (product_id, category_id, published)
			select p.id, c.id, true from (select id, row_number() over (order by id) as n from products) p
			join (select id, row_number() over (order by id) as n from categories where slug like 'c-%') c on c.n = p.n`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	// Every row that a transaction writes carries its number.
	written := func() (categories, products, links int64) {
		must(0, r.db.Read(r.ctx, func(b *pg.Batch) {
			pg.Each(b.Queue(`select (select count(*) from categories where xmin = x.at), (select count(*) from products where xmin = x.at),
				(select count(*) from product_categories where xmin = x.at) from (select xmin as at from categories where id = $1) x`, root.GetId()),
				func(rows pgx.Rows) error { return rows.Scan(&categories, &products, &links) })
		}))(t)
		return categories, products, links
	}
	for _, change := range []struct {
		name string
		req  *catalogv1.UpdateCategoryRequest
	}{
		{"rename", &catalogv1.UpdateCategoryRequest{Name: new("Trunk")}},
		{"new address", &catalogv1.UpdateCategoryRequest{Slug: new("trunk")}},
		{"new description", &catalogv1.UpdateCategoryRequest{Description: &catalogv1.TextPatch{Value: "All of it"}}},
	} {
		// A sale holds a product and a category below meanwhile; the change does not wait for it.
		ctx, cancel := context.WithTimeout(r.ctx, 20*time.Second)
		held := errors.New("held")
		err := r.db.Tx(r.ctx, func(txCtx context.Context, tx *pg.Tx) error {
			if err := tx.Read(txCtx, func(b *pg.Batch) {
				b.Queue("select 1 from products for update")
				b.Queue("select 1 from categories where id <> $1 for update", root.GetId())
			}); err != nil {
				return err
			}
			change.req.Id = root.GetId()
			if _, err := r.UpdateCategory(ctx, change.req); err != nil {
				return fmt.Errorf("%s: %w", change.name, err)
			}
			return held
		})
		cancel()
		if !errors.Is(err, held) {
			t.Fatal(err)
		}
		if categories, products, links := written(); categories != 1 || products != 0 || links != 0 {
			t.Errorf("%s writes %d categories, %d products and %d places of products", change.name, categories, products, links)
		}
	}
	statements, _ := r.cost(t, func() {
		must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: root.GetId(), Name: new("Stem")}))(t)
	})
	if statements > 12 {
		t.Errorf("a root of %d takes %d statements", below, statements)
	}
	shown := must(r.GetStoreCategory(pgtest.Context(t), &catalogv1.GetStoreCategoryRequest{SlugOrId: "c-4000"}))(t).GetCategory()
	same(t, "seen at once below", shown.GetBreadcrumbs()[0].GetName(), "Stem")
}

// An export takes as much memory of 12 000 products as of 3 000: it is written page by page.
func TestExportInBoundedMemory(t *testing.T) { //nolint:paralleltest // it measures the heap, which others would share
	r := open(t)
	peak := func(n int) int64 {
		must(catalog.Load(r.ctx, r.db.DB, n, time.Now))(t)
		must(r.jobs.CreateExport(r.ctx, &catalogv1.CreateExportRequest{Format: csv}))(t)
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var most atomic.Int64
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-stop:
					return
				case <-tick.C:
					runtime.GC() // what is live, and not what waits to be collected
					runtime.ReadMemStats(&now)
					most.Store(max(most.Load(), int64(now.HeapAlloc)-int64(before.HeapAlloc)))
				}
			}
		}()
		svc := must(catalog.New(catalog.DefaultConfig(), catalog.Deps{DB: r.db.DB, Logger: slog.New(slog.DiscardHandler), Now: time.Now}))(t)
		for did := true; did; {
			did = must(svc.RunJob(r.ctx))(t)
		}
		close(stop)
		<-stopped
		t.Logf("an export of %d products holds %d KiB at most", n, most.Load()>>10)
		return most.Load()
	}
	few, many := peak(3_000), peak(12_000)
	if many > few+few/2+8<<20 {
		t.Errorf("of 3000 products %d MiB, of 12000 %d MiB", few>>20, many>>20)
	}
}
