package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

const indexed = 2 * time.Minute

// filled is a shop with n products of one word, which its search has all heard of. It rebuilds in small steps.
func filled(t *testing.T, n int) *shop {
	t.Helper()
	s := &shop{t: t, binary: housetest.Binary(t), ground: housetest.NewGround(t), client: housetest.HTTP(t, 64)}
	s.Shop = s.ground.Start(s.binary, []string{"all"}, "SOVECOM_SEARCH_EXPORT_PAGE=50")
	s.admin = housetest.Admin(t, s.URL, s.client)
	job, err := s.admin.ImportProducts(t.Context(), adminv1.ImportQuery{}, heap(n, 100))
	if err != nil {
		t.Fatal(err)
	}
	housetest.Within(t, indexed, "the import ends", func() error {
		now, err := s.admin.Job(t.Context(), job.ID)
		if err == nil && (now.Status != adminv1.JobSucceeded || now.Created != int64(n)) {
			err = fmt.Errorf("it is %+v", now)
		}
		return err
	})
	s.applied(n)
	return s
}

// heap is a file of n products, each at another price from the lowest on.
func heap(n, lowest int) io.Reader {
	var file strings.Builder
	file.WriteString("product_slug,title,description,status,brand,categories,tags,variant_sku,price_amount,currency,stock\n")
	for i := range n {
		fmt.Fprintf(&file, "heap-%d,Heap %d,Number %d of the heap,published,Brand %d,Heaps > Heap %d,tag %d|heaps,HEAP-%d,%d,EUR,%d\n", i, i, i, i%5, i%7, i%3, i, lowest+i, i%4)
	}
	return strings.NewReader(file.String())
}

func (s *shop) index() adminv1.SearchIndex {
	s.t.Helper()
	i, err := s.admin.SearchIndex(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

// applied waits until the search has heard of everything, and has n products.
func (s *shop) applied(n int) {
	s.t.Helper()
	conn := s.connect()
	defer conn.Close(context.WithoutCancel(s.t.Context()))
	housetest.Within(s.t, indexed, "the search has heard of everything", func() error {
		var waiting int
		if err := conn.QueryRow(s.t.Context(), "select (select count(*) from catalog.outbox) + (select count(*) from inventory.outbox)").Scan(&waiting); err != nil {
			return err
		}
		i, err := s.admin.SearchIndex(s.t.Context())
		if err == nil && (waiting > 0 || i.Pending > 0 || n > 0 && i.Products != int64(n)) {
			err = fmt.Errorf("%d wait in outboxes, the index is %+v", waiting, i)
		}
		return err
	})
}

func (s *shop) connect() *pgx.Conn {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.ground.AdminURL())
	if err != nil {
		s.t.Fatal(err)
	}
	return conn
}

// searching asks again and again until stop is called. Whenever there is an answer it is the whole index; there is none
// only while the process is down.
func (s *shop) searching(want int) (stop func()) {
	ctx, cancel := context.WithCancel(s.t.Context())
	var group sync.WaitGroup
	var answers atomic.Int64
	api := storev1.Client{BaseURL: s.URL, HTTP: s.client}
	for i := range 2 {
		group.Go(func() {
			for n := i; ctx.Err() == nil; n++ {
				found, err := api.Search(ctx, storev1.SearchQuery{Q: "heap", PageQuery: storev1.PageQuery{Limit: 1 + n%100}}) // the edge keeps pages
				var refused *storev1.APIError
				switch {
				case err == nil && found.Meta.Total != want:
					s.t.Errorf("%d are found", found.Meta.Total)
				case err == nil:
					answers.Add(1)
				case errors.As(err, &refused) && refused.Status != http.StatusServiceUnavailable:
					s.t.Errorf("an answer: %v", err)
				}
			}
		})
	}
	return func() {
		cancel()
		group.Wait()
		if answers.Load() < 20 {
			s.t.Errorf("%d searches were answered", answers.Load())
		}
		s.t.Logf("%d searches were answered meanwhile", answers.Load())
	}
}

// leftovers are rows of the search that belong to no generation that is searched.
func (s *shop) leftovers(ctx context.Context, conn *pgx.Conn) error {
	for _, table := range []string{"documents", "bodies", "lexicon", "facet_values"} {
		var n int
		if err := conn.QueryRow(ctx, "select count(*) from search."+table+" d where d.generation <> (select live from search.indexes i where i.tenant_id = d.tenant_id)").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%d rows in %s", n, table)
		}
	}
	var removed, building int
	err := conn.QueryRow(ctx, "select (select count(*) from search.documents where removed), (select count(*) from search.indexes where building is not null or wanted)").Scan(&removed, &building)
	if err == nil && removed+building > 0 {
		err = fmt.Errorf("%d tombstones, %d builds", removed, building)
	}
	return err
}

// The process is killed at several points of a rebuild. Started again, it goes on where it was: searches are answered from
// what was there before until one swap, which shows the same.
func TestKillInTheMiddleOfARebuild(t *testing.T) { //nolint:tparallel // one shop that dies again and again
	t.Parallel()
	const n = 2000
	s := filled(t, n)
	conn := s.connect()
	defer conn.Close(context.WithoutCancel(t.Context()))
	var swaps int64
	for _, part := range []int64{1, n / 2, n} {
		t.Run(fmt.Sprintf("after %d", part), func(t *testing.T) {
			s.t = t
			before := s.index()
			stop := s.searching(n)
			job, err := s.admin.StartSearchRebuild(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			housetest.Within(t, indexed, "the rebuild has come so far", func() error {
				var done int64
				var building *int64
				if err := conn.QueryRow(t.Context(), "select done, building from search.indexes").Scan(&done, &building); err != nil {
					return err
				}
				if building == nil || done < part {
					return fmt.Errorf("at %d of %v", done, building)
				}
				return nil
			})
			s.Room("all").Kill()
			var after *string
			var written, live int64
			if err := conn.QueryRow(t.Context(), `select after_id::text, live, (select count(*) from search.documents d where d.generation = i.building)
				from search.indexes i`).Scan(&after, &live, &written); err != nil {
				t.Fatal(err)
			}
			if after == nil || live != before.Generation || written < part {
				t.Fatalf("it was not killed in the middle: %d written, generation %d", written, live)
			}
			s.Launch("all")
			s.AwaitReady("all")
			if i := s.index(); i.Generation != before.Generation || i.ContentHash != before.ContentHash {
				t.Errorf("half an index is searched: %+v", i)
			}
			housetest.Within(t, indexed, "the rebuild ends", func() error {
				now, err := s.admin.SearchRebuild(t.Context(), job.ID)
				if err == nil && now.Status != "done" {
					err = fmt.Errorf("it is %+v", now)
				}
				job = now
				return err
			})
			stop()
			i := s.index()
			if i.Generation != before.Generation+1 || i.ContentHash != before.ContentHash || job.HashBefore != before.ContentHash || job.HashAfter != before.ContentHash ||
				job.Documents != before.Documents || job.Done != n || i.Products != n {
				t.Errorf("before %+v\nafter %+v\nthe job %+v", before, i, job)
			}
			if !strings.Contains(s.Room("all").Log(), `"resumed":true`) {
				t.Error("it began anew")
			}
			housetest.Within(t, indexed, "nothing is left over", func() error { return s.leftovers(t.Context(), conn) })
			swaps++
		})
	}
	s.t = t
	list, err := s.admin.SearchRebuilds(t.Context(), adminv1.PageQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	done := len(slices.DeleteFunc(slices.Clone(list.Data), func(j adminv1.SearchRebuild) bool { return j.Status != "done" }))
	if int64(done) != swaps || len(list.Data) != done {
		t.Errorf("%d swaps, rebuilds %+v", swaps, list.Data)
	}
}

// Every price changes, and the process is killed while the search is on its way through the events. Started again, it ends
// with what the catalogue says.
func TestKillWhileTheSearchCatchesUp(t *testing.T) {
	t.Parallel()
	const n = 2000
	s := filled(t, n)
	conn := s.connect()
	defer conn.Close(context.WithoutCancel(t.Context()))
	handled := func() (events int) {
		if err := conn.QueryRow(t.Context(), "select count(*) from search.inbox where consumer = 'search-index'").Scan(&events); err != nil {
			t.Fatal(err)
		}
		return events
	}
	for _, lowest := range []int{10_000, 20_000} {
		before := handled()
		job, err := s.admin.ImportProducts(t.Context(), adminv1.ImportQuery{}, heap(n, lowest))
		if err != nil {
			t.Fatal(err)
		}
		housetest.Within(t, indexed, "the search has begun", func() error {
			if handled() == before {
				return errors.New("it has not")
			}
			return nil
		})
		s.Room("all").Kill()
		if got := handled() - before; got >= n {
			t.Errorf("it was not killed in the middle: %d were handled", got)
		}
		s.Launch("all")
		s.AwaitReady("all")
		housetest.Within(t, indexed, "the import ends", func() error {
			now, err := s.admin.Job(t.Context(), job.ID)
			if err == nil && (now.Status != adminv1.JobSucceeded || now.Done != n || now.Failed > 0) {
				err = fmt.Errorf("it is %+v", now)
			}
			return err
		})
	}
	s.applied(n)
	s.compare()
	before := s.index()
	job, err := s.admin.StartSearchRebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	housetest.Within(t, indexed, "the rebuild ends", func() error {
		now, err := s.admin.SearchRebuild(t.Context(), job.ID)
		if err == nil && now.Status != "done" {
			err = fmt.Errorf("it is %+v", now)
		}
		return err
	})
	if after := s.index(); after.ContentHash != before.ContentHash {
		t.Errorf("the rebuild changed the index\nbefore %+v\nafter  %+v", before, after)
	}
}

// kept is what a search knows of a product.
type kept struct {
	Title, Description, Brand string
	Categories, Tags, SKUs    []string
	Filters                   []string `json:"-"`
	Prices                    []int64  `json:"-"`
	Available                 bool     `json:"-"`
}

// The index is rebuilt, and the process killed, while staff change products through the API. When all is quiet it says of
// every product what the catalogue says, and a rebuild of it changes nothing.
func TestRebuildWhileStaffWrite(t *testing.T) {
	t.Parallel()
	const n, writers, rebuilds = 300, 2, 3
	s := filled(t, n)
	products := s.published()
	categories := list(t, s.admin.Categories, adminv1.CategoryQuery{})
	tags := list(t, s.admin.Tags, adminv1.TagQuery{})
	brands := list(t, s.admin.Brands, adminv1.BrandQuery{})
	var group sync.WaitGroup
	var changes atomic.Int64
	enough := make(chan struct{})
	for w := range writers {
		group.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 1))
			for i := 0; ; i++ {
				select {
				case <-enough:
					return
				default:
				}
				p := products[(random.IntN(len(products)/writers))*writers+w] // each its own, so that nobody is stale
				retry(t, func(ctx context.Context) error { return s.change(ctx, random, p, i, categories, tags, brands) })
				changes.Add(1)
			}
		})
	}
	for i := range rebuilds {
		var job adminv1.SearchRebuild
		retry(t, func(ctx context.Context) (err error) { job, err = s.admin.StartSearchRebuild(ctx); return err })
		if i == 1 {
			housetest.Within(t, indexed, "the rebuild is under way", func() error {
				now, err := s.admin.SearchRebuild(t.Context(), job.ID)
				if err == nil && now.Done == 0 {
					err = fmt.Errorf("it is %+v", now)
				}
				return err
			})
			s.Room("all").Kill()
			s.Launch("all")
			s.AwaitReady("all")
		}
		housetest.Within(t, indexed, "the rebuild ends", func() error {
			now, err := s.admin.SearchRebuild(t.Context(), job.ID)
			if err == nil && now.Status != "done" {
				err = fmt.Errorf("it is %+v", now)
			}
			return err
		})
	}
	close(enough)
	group.Wait()
	t.Logf("%d rebuilds while %d changes were made", rebuilds, changes.Load())
	s.applied(0)
	before := s.index()
	s.compare()
	job, err := s.admin.StartSearchRebuild(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	housetest.Within(t, indexed, "the last rebuild ends", func() error {
		now, err := s.admin.SearchRebuild(t.Context(), job.ID)
		if err == nil && now.Status != "done" {
			err = fmt.Errorf("it is %+v", now)
		}
		return err
	})
	if i := s.index(); i.ContentHash != before.ContentHash || i.Generation != before.Generation+1 {
		t.Errorf("before %+v\nafter %+v", before, i)
	}
	s.compare()
}

// list reads all of what a list holds.
func list[Q, T any](t *testing.T, read func(context.Context, Q) (adminv1.List[T], error), q Q) []T {
	t.Helper()
	found, err := read(t.Context(), q)
	if err != nil || len(found.Data) == 0 {
		t.Fatalf("%d, %v", len(found.Data), err)
	}
	return found.Data
}

// change does one of the things that staff do with a product.
func (s *shop) change(ctx context.Context, random *rand.Rand, p adminv1.Product, turn int, categories []adminv1.Category, tags []adminv1.Tag, brands []adminv1.Brand) error {
	var err error
	set := adminv1.Some[string]
	switch random.IntN(9) {
	case 0:
		_, err = s.admin.UpdateProduct(ctx, p.ID, adminv1.UpdateProduct{Title: set(fmt.Sprintf("Pile %d of %s", turn, p.Slug))})
	case 1:
		_, err = s.admin.UpdateProduct(ctx, p.ID, adminv1.UpdateProduct{Description: set(fmt.Sprintf("Told %d times", turn))})
	case 2:
		_, err = s.admin.UpdateProduct(ctx, p.ID, adminv1.UpdateProduct{Status: set([]string{"draft", "published", "published"}[turn%3])})
	case 3:
		_, err = s.admin.UpdateVariant(ctx, p.ID, p.Variants[0].ID, adminv1.UpdateVariant{Price: adminv1.Some(adminv1.MoneyInput{Amount: int64(100 + turn), Currency: "EUR"})})
	case 4:
		_, err = s.admin.Adjust(ctx, p.Variants[0].ID, adminv1.Adjust{Delta: 5, Reason: "correction"})
	case 5:
		_, err = s.admin.SetCategories(ctx, p.ID, adminv1.SetCategories{CategoryIDs: []string{categories[random.IntN(len(categories))].ID}})
	case 6:
		_, err = s.admin.SetTags(ctx, p.ID, adminv1.SetTags{TagIDs: []string{tags[random.IntN(len(tags))].ID}})
	case 7:
		_, err = s.admin.UpdateProduct(ctx, p.ID, adminv1.UpdateProduct{BrandID: set(brands[random.IntN(len(brands))].ID)})
	case 8:
		b := brands[random.IntN(len(brands))] // a name that many products show
		_, err = s.admin.UpdateBrand(ctx, b.ID, adminv1.UpdateBrand{Name: set(fmt.Sprintf("%s %d", b.Slug, turn))})
	}
	return err
}

// published are all products shoppers see, as staff see them.
func (s *shop) published() []adminv1.Product {
	s.t.Helper()
	var out []adminv1.Product
	q := adminv1.ProductQuery{Status: "published"}
	for q.Limit = 100; ; {
		page, err := s.admin.Products(s.t.Context(), q)
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, page.Data...)
		if page.Meta.NextCursor == nil {
			return out
		}
		q.Cursor = *page.Meta.NextCursor
	}
}

// compare holds the index to the catalogue, field by field.
func (s *shop) compare() {
	s.t.Helper()
	conn := s.connect()
	defer conn.Close(context.WithoutCancel(s.t.Context()))
	have := map[string]kept{}
	rows, err := conn.Query(s.t.Context(), `select d.product_id::text, b.body, d.prices, d.available from search.documents d
		join search.bodies b using (product_id, edition, generation, tenant_id) join search.indexes i on i.live = d.generation and i.tenant_id = d.tenant_id where not d.removed`)
	if err != nil {
		s.t.Fatal(err)
	}
	for rows.Next() {
		var product string
		var body []byte
		var k kept
		if err := rows.Scan(&product, &body, &k.Prices, &k.Available); err != nil {
			s.t.Fatal(err)
		}
		if err := json.Unmarshal(body, &k); err != nil {
			s.t.Fatal(err)
		}
		have[product] = k
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	parents := map[string]adminv1.Category{}
	for _, c := range list(s.t, s.admin.Categories, adminv1.CategoryQuery{}) {
		parents[c.ID] = c
	}
	all := s.published()
	if len(all) != len(have) {
		s.t.Errorf("%d products are published, the index has %d", len(all), len(have))
	}
	for _, p := range all {
		want := kept{Title: p.Title}
		if p.Description != nil {
			want.Description = *p.Description
		}
		if p.Brand != nil {
			want.Brand = p.Brand.Name
		}
		for _, c := range p.Categories {
			for at, ok := parents[c.ID]; ok; {
				want.Categories = append(want.Categories, at.Name)
				if at.ParentID == nil {
					break
				}
				at, ok = parents[*at.ParentID]
			}
		}
		for _, t := range p.Tags {
			want.Tags = append(want.Tags, t.Name)
		}
		for _, v := range p.Variants {
			want.SKUs, want.Prices, want.Available = append(want.SKUs, v.SKU), append(want.Prices, v.Price.Amount), want.Available || v.Available
		}
		got := have[p.ID]
		for _, k := range []*kept{&want, &got} {
			slices.Sort(k.Categories)
			k.Categories = slices.Compact(k.Categories)
			slices.Sort(k.Tags)
			slices.Sort(k.SKUs)
			slices.Sort(k.Prices)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			s.t.Errorf("product %s\nindex     %v\ncatalogue %v", p.ID, got, want)
		}
	}
}
