package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/services/catalog"
)

func trail(c *catalogv1.Category) string {
	var out []string
	for _, b := range c.GetBreadcrumbs() {
		out = append(out, b.GetSlug())
	}
	return strings.Join(out, "/")
}

func TestBreadcrumbsAndTotals(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Clothing", "")
	shirts, trousers := r.category(t, "Shirts", top.GetId()), r.category(t, "Trousers", top.GetId())
	linen := r.category(t, "Linen", shirts.GetId())
	same(t, "the way to a new one", trail(linen), "clothing/shirts/linen")
	for _, in := range [][]string{{linen.GetId(), trousers.GetId(), top.GetId()}, {linen.GetId()}, {top.GetId()}} {
		req := shirt("Product", "S")
		req.CategoryIds = in
		r.create(t, req)
	}
	draft := &catalogv1.CreateProductRequest{Title: "Draft", CategoryIds: []string{linen.GetId()}}
	r.create(t, draft)
	check := func(what string, want map[string]string) {
		t.Helper()
		flat := map[string]*catalogv1.Category{}
		for _, c := range must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t).GetCategories() {
			flat[c.GetSlug()] = c
		}
		listed := map[string]*catalogv1.Category{}
		for _, c := range must(r.ListCategories(r.ctx, &catalogv1.ListCategoriesRequest{}))(t).GetCategories() {
			listed[c.GetSlug()] = c
		}
		for slug, want := range want {
			one := must(r.GetStoreCategory(r.ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: slug}))(t).GetCategory()
			for from, c := range map[string]*catalogv1.Category{"one": one, "the page": listed[slug]} {
				same(t, what+": "+slug+" from "+from, fmt.Sprint(trail(c), " ", c.GetProductCount(), " ", c.GetTotalProductCount()), want)
			}
			same(t, what+": "+slug+" from the tree", fmt.Sprint(flat[slug].GetProductCount(), " ", flat[slug].GetTotalProductCount()), want[strings.IndexByte(want, ' ')+1:])
		}
	}
	check("at first", map[string]string{
		"clothing": "clothing 2 3", "shirts": "clothing/shirts 0 2", "trousers": "clothing/trousers 1 1", "linen": "clothing/shirts/linen 2 2",
	})
	moved := must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: shirts.GetId(), ParentId: &catalogv1.TextPatch{Clear: true}, Name: new("Tops"), Slug: new("tops")}))(t).GetCategory()
	same(t, "the way after a move", trail(moved), "tops")
	check("after a move", map[string]string{"clothing": "clothing 2 2", "tops": "tops 0 2", "linen": "tops/linen 2 2"})
}

// TestALargeTree reads a tree of thousands of categories: the statements do not grow with it, and every way of reading
// it says the same.
func TestALargeTree(t *testing.T) {
	t.Parallel()
	r := open(t)
	const wide, below = 60, 70 // 60 at the top, 70 below each, in chains of four
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
		var ids, parents []id.ID
		for range wide {
			top := id.New()
			ids, parents = append(ids, top), append(parents, id.ID{})
			above := top
			for i := range below {
				if i%4 == 0 {
					above = top
				}
				one := id.New()
				ids, parents = append(ids, one), append(parents, above)
				above = one
			}
		}
		w.Exec(`insert into categories (id, slug, name, name_key, parent_id, position, ref, version, created_at, updated_at)
			select i, 'c-' || n, 'C ' || n, 'c ' || n, p, 0, ''::bytea, 1, now(), now() from unnest($1::uuid[], $2::uuid[]) with ordinality t (i, p, n)`, ids, parents)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	must(catalog.Load(r.ctx, r.db.DB, 300, time.Now))(t)
	if err := r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec(`insert into product_categories (product_id, category_id, published)
			select p.id, c.id, true from (select id, row_number() over (order by id) as n from products) p
			join (select id, row_number() over (order by id) as n from categories) c on c.n % 300 = p.n % 300 or c.n % 301 = p.n % 301 on conflict do nothing`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var all []*catalogv1.Category
	statements := func(what string, most int64, call func()) {
		t.Helper()
		call()
		before := r.db.Statements()
		call()
		if n := r.db.Statements() - before; n > most {
			t.Errorf("%s takes %d statements, want %d", what, n, most)
		}
	}
	statements("the tree", 2, func() {
		all = must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t).GetCategories()
	})
	if len(all) < wide*(below+1) {
		t.Fatalf("%d categories", len(all))
	}
	counts, top := map[string][2]int64{}, ""
	for _, c := range all {
		counts[c.GetId()] = [2]int64{c.GetProductCount(), c.GetTotalProductCount()}
		if c.GetSlug() == "c-1" {
			top = c.GetId()
		}
	}
	list := &catalogv1.ListCategoriesRequest{Page: &typev1.PageRequest{Limit: 100}}
	statements("a page", 2, func() {
		for _, c := range must(r.ListCategories(r.ctx, list))(t).GetCategories() {
			same(t, "counts of "+c.GetSlug(), [2]int64{c.GetProductCount(), c.GetTotalProductCount()}, counts[c.GetId()])
		}
	})
	statements("one", 1, func() {
		c := must(r.GetCategory(r.ctx, &catalogv1.GetCategoryRequest{Id: top}))(t).GetCategory()
		same(t, "counts", [2]int64{c.GetProductCount(), c.GetTotalProductCount()}, counts[c.GetId()])
		if c.GetTotalProductCount() <= c.GetProductCount() {
			t.Errorf("nothing stands below: %v", c)
		}
	})
}

func TestOrderCategories(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Top", "")
	var ids []string
	for _, name := range []string{"A", "B", "C"} {
		ids = append(ids, r.category(t, name, top.GetId()).GetId())
	}
	stranger := r.category(t, "Stranger", "")
	order := func(ids ...string) error {
		_, err := r.OrderCategories(r.ctx, &catalogv1.OrderCategoriesRequest{ParentId: top.GetId(), CategoryIds: ids})
		return err
	}
	names := func() string {
		var out []string
		for _, c := range must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t).GetCategories() {
			if c.GetParentId() == top.GetId() {
				out = append(out, c.GetName())
			}
		}
		return strings.Join(out, "")
	}
	for range 2 { // it may be repeated
		wants(t, "an order", order(ids[2], ids[0], ids[1]), nil)
		same(t, "order", names(), "CAB")
	}
	same(t, "version of one that moved once", must(r.GetCategory(r.ctx, &catalogv1.GetCategoryRequest{Id: ids[1]}))(t).GetCategory().GetVersion(), 2)
	for what, wrong := range map[string][]string{
		"one missing": {ids[0], ids[1]}, "one twice": {ids[0], ids[1], ids[1]}, "none": {},
		"one of elsewhere": {ids[0], ids[1], stranger.GetId()}, "one that is not there": {ids[0], ids[1], id.New().String()},
		"one too many": append(slices.Clone(ids), stranger.GetId()), "the parent": {ids[0], ids[1], top.GetId()},
	} {
		wants(t, what, order(wrong...), catalog.ErrChildrenUnequal)
	}
	same(t, "order after refusals", names(), "CAB")
	_, err := r.OrderCategories(r.ctx, &catalogv1.OrderCategoriesRequest{ParentId: id.New().String()})
	wants(t, "an unknown parent", err, catalog.ErrCategoryNotFound)
	_, err = r.OrderCategories(r.ctx, &catalogv1.OrderCategoriesRequest{ParentId: top.GetId(), IfVersion: 9, CategoryIds: ids})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	_, err = r.OrderCategories(r.elsewhere(t), &catalogv1.OrderCategoriesRequest{ParentId: top.GetId(), CategoryIds: ids})
	wants(t, "another shop's", err, catalog.ErrCategoryNotFound)
}

// TestCountsSurviveFolding writes and folds at once: nothing is counted twice or forgotten.
func TestCountsSurviveFolding(t *testing.T) {
	t.Parallel()
	r := open(t)
	top := r.category(t, "Top", "")
	below := r.category(t, "Below", top.GetId())
	const writers, each = 4, 12
	var g sync.WaitGroup
	for w := range writers {
		g.Go(func() {
			for i := range each {
				req := shirt(fmt.Sprintf("Product %d %d", w, i), "S")
				req.CategoryIds = []string{below.GetId()}
				p, err := r.CreateProduct(r.ctx, req)
				if err != nil {
					t.Error(err)
					return
				}
				if i%3 == 0 {
					if _, err := r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: p.GetProduct().GetId(), IfVersion: p.GetProduct().GetVersion()}); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for range 20 {
		if _, err := catalog.FoldCounts(r.ctx, r.svc); err != nil {
			t.Fatal(err)
		}
	}
	g.Wait()
	parts := must(catalog.FoldCounts(r.ctx, r.svc))(t)
	if parts > 4 {
		t.Errorf("a count is in %d parts after it was put together", parts)
	}
	const left = writers * each * 2 / 3
	for _, c := range must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t).GetCategories() {
		want := fmt.Sprint(left, " ", left)
		if c.GetId() == top.GetId() {
			want = fmt.Sprint(0, " ", left)
		}
		same(t, c.GetName(), fmt.Sprint(c.GetProductCount(), " ", c.GetTotalProductCount()), want)
	}
}
