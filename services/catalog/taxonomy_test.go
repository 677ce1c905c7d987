package catalog_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/catalog"
)

func TestCategories(t *testing.T) {
	t.Parallel()
	r := open(t)
	chain := []*catalogv1.Category{r.category(t, "Shirts", "")}
	for range 4 {
		chain = append(chain, r.category(t, "Shirts", chain[len(chain)-1].GetId()))
	}
	same(t, "slug", chain[0].GetSlug(), "shirts")
	same(t, "slug of the second", chain[1].GetSlug(), "shirts-2")
	_, err := r.CreateCategory(r.ctx, &catalogv1.CreateCategoryRequest{Name: "Sixth", ParentId: chain[4].GetId()})
	wants(t, "a sixth level", err, catalog.ErrCategoryTooDeep)
	_, err = r.CreateCategory(r.ctx, &catalogv1.CreateCategoryRequest{Name: "Lost", ParentId: id.New().String()})
	wants(t, "an unknown parent", err, catalog.ErrParentNotFound)
	_, err = r.CreateCategory(r.ctx, &catalogv1.CreateCategoryRequest{Name: "Other", Slug: "Shirts"})
	wants(t, "a taken slug", err, catalog.ErrSlugTaken)
	move := func(c *catalogv1.Category, parent string) error {
		_, err := r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: c.GetId(), ParentId: &catalogv1.TextPatch{Value: parent, Clear: parent == ""}})
		return err
	}
	wants(t, "a circle", move(chain[0], chain[4].GetId()), catalog.ErrCategoryCircle)
	wants(t, "under itself", move(chain[0], chain[0].GetId()), catalog.ErrCategoryCircle)
	second := r.category(t, "日本", "")
	wants(t, "too deep with what is below", move(chain[1], second.GetId()), nil)
	wants(t, "too deep with what is below", move(second, chain[0].GetId()), catalog.ErrCategoryTooDeep)
	wants(t, "an unknown parent", move(chain[1], id.New().String()), catalog.ErrParentNotFound)
	_, err = r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: second.GetId()})
	wants(t, "deleting what has children", err, catalog.ErrCategoryHasChildren)
	_, err = r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: second.GetId(), IfVersion: 9, Name: new("X")})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	changed := must(r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: chain[4].GetId(), IfVersion: 1, Name: new("Leaf"), Position: new(int32(7)),
		Description: &catalogv1.TextPatch{Value: "D"}, ParentId: &catalogv1.TextPatch{Clear: true}}))(t).GetCategory()
	if changed.GetVersion() != 2 || changed.ParentId != nil || changed.GetDescription() != "D" || changed.GetPosition() != 7 {
		t.Errorf("got %v", changed)
	}

	req := shirt("Shirt", "S")
	req.CategoryIds = []string{changed.GetId(), second.GetId()}
	p := r.create(t, req)
	r.create(t, &catalogv1.CreateProductRequest{Title: "Draft", CategoryIds: []string{changed.GetId()}})
	got := must(r.GetStoreCategory(r.ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: changed.GetSlug()}))(t).GetCategory()
	same(t, "published products", got.GetProductCount(), 1)
	for status, want := range map[catalogv1.ProductStatus]int64{catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED: 0, catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED: 1} {
		must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: status}))(t)
		got = must(r.GetStoreCategory(r.ctx, &catalogv1.GetStoreCategoryRequest{SlugOrId: changed.GetId()}))(t).GetCategory()
		same(t, "products after "+status.String(), got.GetProductCount(), want)
	}
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}))(t)
	tree := must(r.ListStoreCategories(r.ctx, &catalogv1.ListStoreCategoriesRequest{}))(t).GetCategories()
	same(t, "categories", len(tree), 6)
	same(t, "the last by position", tree[5].GetId(), changed.GetId())
	same(t, "its count", tree[5].GetProductCount(), 1)
	var walked int
	list := &catalogv1.ListCategoriesRequest{Page: &typev1.PageRequest{Limit: 4}}
	for range 3 {
		res := must(r.ListCategories(r.ctx, list))(t)
		walked += len(res.GetCategories())
		same(t, "total", res.GetPage().GetTotal(), 6)
		if list.Page.After = res.GetPage().GetNext(); len(list.GetPage().GetAfter()) == 0 {
			break
		}
	}
	same(t, "categories walked", walked, 6)
	same(t, "found by name", len(must(r.ListCategories(r.ctx, &catalogv1.ListCategoriesRequest{Q: "LEA"}))(t).GetCategories()), 1)

	must(r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: changed.GetId(), IfVersion: 2}))(t)
	same(t, "categories of the product", len(r.read(t, p.GetId()).GetCategories()), 1)
	_, err = r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: changed.GetId()})
	wants(t, "deleting it twice", err, catalog.ErrCategoryNotFound)
}

// TestTwoMoves moves two categories under each other at the same time, again and again.
func TestTwoMoves(t *testing.T) {
	t.Parallel()
	r := open(t)
	for range 10 {
		a, b := r.category(t, "A", ""), r.category(t, "B", "")
		var wg sync.WaitGroup
		var failed [2]error
		for i, pair := range [][2]string{{a.GetId(), b.GetId()}, {b.GetId(), a.GetId()}} {
			wg.Go(func() {
				_, failed[i] = r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: pair[0], ParentId: &catalogv1.TextPatch{Value: pair[1]}})
			})
		}
		wg.Wait()
		if (failed[0] == nil) == (failed[1] == nil) || !errors.Is(errors.Join(failed[:]...), catalog.ErrCategoryCircle) {
			t.Fatalf("one of the two has to be refused: %v", failed)
		}
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 5 {
		r.tag(t, fmt.Sprint("Tag ", i))
	}
	tag := r.tag(t, "Tag 1")
	same(t, "slug", tag.GetSlug(), "tag-1-2")
	_, err := r.CreateTag(r.ctx, &catalogv1.CreateTagRequest{Name: "X", Slug: "tag-1"})
	wants(t, "a taken slug", err, catalog.ErrSlugTaken)
	_, err = r.UpdateTag(r.ctx, &catalogv1.UpdateTagRequest{Id: tag.GetId(), Slug: new("tag-1")})
	wants(t, "a change to a taken slug", err, catalog.ErrSlugTaken)
	_, err = r.UpdateTag(r.ctx, &catalogv1.UpdateTagRequest{Id: tag.GetId(), IfVersion: 2, Name: new("X")})
	wants(t, "an old version", err, catalog.ErrVersionConflict)
	p := shirt("Shirt", "S")
	p.TagIds = []string{tag.GetId()}
	product := r.create(t, p)
	changed := must(r.UpdateTag(r.ctx, &catalogv1.UpdateTagRequest{Id: tag.GetId(), IfVersion: 1, Name: new("Zebra")}))(t).GetTag()
	same(t, "version", changed.GetVersion(), 2)
	same(t, "name with the product", r.read(t, product.GetId()).GetTags()[0].GetName(), "Zebra")
	walked := ""
	req := &catalogv1.ListStoreTagsRequest{Page: &typev1.PageRequest{Limit: 4}}
	for range 2 {
		res := must(r.ListStoreTags(r.ctx, req))(t)
		for _, x := range res.GetTags() {
			walked += x.GetName() + "|"
		}
		req.Page.After = res.GetPage().GetNext()
	}
	same(t, "by name", walked, "Tag 0|Tag 1|Tag 2|Tag 3|Tag 4|Zebra|")
	same(t, "found", len(must(r.ListTags(r.ctx, &catalogv1.ListTagsRequest{Q: "zeb"}))(t).GetTags()), 1)
	must(r.DeleteTag(r.ctx, &catalogv1.DeleteTagRequest{Id: tag.GetId()}))(t)
	_, err = r.GetTag(r.ctx, &catalogv1.GetTagRequest{Id: tag.GetId()})
	wants(t, "a deleted tag", err, catalog.ErrTagNotFound)
	same(t, "tags of the product", len(r.read(t, product.GetId()).GetTags()), 0)
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		"Linen Shirt": "linen-shirt", "  --Écharpe à Pois!  ": "echarpe-a-pois", "Straße 7 & Søn": "strasse-7-son", "Łódź": "lodz", "日本": "", "İstanbul": "istanbul",
	} {
		same(t, "slug of "+title, catalog.Slugify(title), want)
	}
	same(t, "folded", catalog.Fold("ÉCHARPE 한국"), "echarpe 한국")
	of := id.New()
	if slug := catalog.MakeSlug("日本", of); slug != "c-"+of.String()[28:] {
		t.Errorf("got %s", slug)
	}
	if slug := catalog.MakeSlug(of.String(), of); slug == of.String() {
		t.Error("a title made a slug that is read as an id")
	}
	rapid.Check(t, func(t *rapid.T) {
		slug := catalog.Slugify(rapid.String().Draw(t, "title"))
		if again := catalog.Slugify(slug); again != slug {
			t.Fatalf("%q becomes %q", slug, again)
		}
	})
}

// TestTreeRules compares the rule with what a tree is: whatever is admitted has no circle and at most five levels.
func TestTreeRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tree := map[id.ID]id.ID{}
		var ids []id.ID
		for range 12 {
			ids = append(ids, id.New())
		}
		for range rapid.IntRange(1, 60).Draw(t, "moves") {
			child := ids[rapid.IntRange(0, 11).Draw(t, "child")]
			parent := id.ID{}
			if i := rapid.IntRange(0, 12).Draw(t, "parent"); i < 12 {
				parent = ids[i]
			}
			if catalog.Admits(tree, child, parent) == nil {
				tree[child] = parent
			}
			for at := range tree {
				levels := 0
				for ; !at.IsZero(); at = tree[at] {
					if levels++; levels > 5 {
						t.Fatalf("a circle, or too deep")
					}
				}
			}
		}
	})
}
