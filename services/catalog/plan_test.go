package catalog_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/services/catalog"
)

// node is a step of a plan that ran.
type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []node  `json:"Plans"`
}

// TestPlans runs what shoppers' lists ask of a catalogue of some ten thousand products, as the room's role, with the plan
// for any values, which is what rooms use: no table of products is read from end
// to end, nothing is sorted but the page, and little is passed over, also where few products are what is asked for.
func TestPlans(t *testing.T) {
	t.Parallel()
	r := open(t)
	must(catalog.Load(r.ctx, r.db.DB, 12_000, time.Now))(t)
	admin := must(pg.Connect(r.ctx, r.db.AdminURL))(t)
	colour := must(r.svc.CreateAttribute(r.ctx, &catalogv1.CreateAttributeRequest{
		Code: "colour", Name: "Colour", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, Shown: true,
		Options: []*catalogv1.AttributeOption{{Value: "red", Label: "Red"}, {Value: "blue", Label: "Blue"}},
	}))(t).GetAttribute()
	must(admin.Exec(r.ctx, `insert into catalog.attribute_values (tenant_id, product_id, owner_id, attribute_id, position, option_value)
		select tenant_id, id, id, $1, 0, case when slug < 'bench-006' then 'red' else 'blue' end from catalog.products`, colour.GetId()))(t)
	must(catalog.FoldCounts(r.ctx, r.svc))(t)
	// And what few of them are: each seven others.
	rare := must(r.svc.CreateBrand(r.ctx, &catalogv1.CreateBrandRequest{Name: "Rare"}))(t).GetBrand()
	corner := must(r.svc.CreateCategory(r.ctx, &catalogv1.CreateCategoryRequest{Name: "Corner"}))(t).GetCategory()
	label := must(r.svc.CreateTag(r.ctx, &catalogv1.CreateTagRequest{Name: "Label"}))(t).GetTag()
	must(admin.Exec(r.ctx, "set search_path = catalog; set app.tenant_id = '00000000-0000-7000-8000-000000000001'"))(t)
	for i, change := range []string{
		"update catalog.products set status = 'draft' where ",
		"update catalog.products set status = 'archived' where ",
		"update catalog.products set available = false where ",
		"update catalog.products set brand_id = '" + rare.GetId() + "' where ",
		"insert into catalog.product_categories (tenant_id, product_id, category_id, published) select tenant_id, id, '" + corner.GetId() + "', true from catalog.products where ",
		"insert into catalog.product_tags (tenant_id, product_id, tag_id) select tenant_id, id, '" + label.GetId() + "' from catalog.products where ",
		"update catalog.products set max_price = 9000000, min_price = 9000000 where ",
		"update catalog.variants set price = 9000000, price_now = null where product_id in (select id from catalog.products where max_price = 9000000) and ",
	} {
		must(admin.Exec(r.ctx, change+fmt.Sprintf("%s in (select id from catalog.products where slug like 'bench-%03d%%' order by slug limit 7)",
			map[bool]string{true: "product_id", false: "id"}[strings.Contains(change, "update catalog.variants")], min(i, 6))))(t)
	}
	// What a vacuum has not seen is read from the table, and whoever began before the last change keeps it from seeing.
	for seen := false; !seen; {
		must(admin.Exec(r.ctx, "vacuum analyze"))(t)
		must(0, admin.QueryRow(r.ctx, "select bool_and(relallvisible > relpages * 0.9) from pg_class where oid in ('products'::regclass, 'variants'::regclass)").Scan(&seen))(t)
	}
	must(0, admin.Close(r.ctx))(t)
	conn := must(pg.Connect(r.ctx, r.db.URL))(t)
	t.Cleanup(func() { must(0, conn.Close(r.ctx))(t) })
	must(conn.Exec(r.ctx, "set search_path = catalog; set app.tenant_id = '00000000-0000-7000-8000-000000000001'; set plan_cache_mode = force_generic_plan"))(t)

	explain := func(query string, args []any) node {
		t.Helper()
		var values []string
		for _, arg := range args {
			values = append(values, literal(arg))
		}
		must(conn.Exec(r.ctx, "prepare q as "+query))(t)
		defer func() { must(conn.Exec(r.ctx, "deallocate q"))(t) }()
		var plan string
		call := "q(" + strings.Join(values, ", ") + ")"
		if len(values) == 0 {
			call = "q"
		}
		must(0, conn.QueryRow(r.ctx, "explain (analyze, format json) execute "+call).Scan(&plan))(t)
		var parsed []struct{ Plan node }
		must(0, json.Unmarshal([]byte(plan), &parsed))(t)
		return parsed[0].Plan
	}
	top := must(r.GetStoreCategory(pgtest.Context(t), &catalogv1.GetStoreCategoryRequest{SlugOrId: "bench-category-00"}))(t).GetCategory().GetId()
	leaf := must(r.GetStoreCategory(pgtest.Context(t), &catalogv1.GetStoreCategoryRequest{SlugOrId: "bench-category-01"}))(t).GetCategory().GetId()
	for name, filter := range map[string]*catalogv1.ListStoreProductsRequest{
		"everything":         {},
		"a category":         {CategoryId: leaf},
		"categories below":   {CategoryId: top},
		"a tag":              {Tag: "bench-tag-03"},
		"in stock":           {InStock: new(true)},
		"in stock below":     {InStock: new(true), CategoryId: top},
		"sold out":           {InStock: new(false)},
		"a rare brand":       {Brand: rare.GetSlug()},
		"and in a category":  {Brand: rare.GetSlug(), CategoryId: top},
		"dear":               {MinPrice: new(int64(8000000))},
		"dear in a category": {MinPrice: new(int64(8000000)), CategoryId: top},
		"a rare price":       {MinPrice: new(int64(8000000)), MaxPrice: new(int64(9900000))},
		"a text":             {Q: "000123"},
		"a text of none":     {Q: "zebra", MinPrice: new(int64(100))},
		"for nothing":        {MaxPrice: new(int64(1))},
	} {
		for sort := range catalogv1.ProductSort_name {
			req := &catalogv1.ListStoreProductsRequest{
				Q: filter.GetQ(), CategoryId: filter.GetCategoryId(), Tag: filter.GetTag(), InStock: filter.InStock, Brand: filter.GetBrand(), MinPrice: filter.MinPrice, MaxPrice: filter.MaxPrice, // absent is not zero
				Sort: catalogv1.ProductSort(sort), Page: &typev1.PageRequest{Limit: 20},
			}
			for range 2 { // the first page, and one that is continued from it
				query, args, count, countArgs, err := catalog.ListStatements(req)
				must(0, err)(t)
				for what, root := range map[string]node{"page": explain(query, args), "total": explain(count, countArgs)} {
					name := fmt.Sprintf("%s, %s, %s", name, catalogv1.ProductSort(sort), what)
					most := 21.0
					if what == "total" {
						most = page.CountLimit
					}
					root.check(t, name, most)
				}
				if req.Page.After = must(r.ListStoreProducts(pgtest.Context(t), req))(t).GetPage().GetNext(); len(req.Page.After) == 0 {
					break
				}
			}
		}
	}

	// And what staff look through.
	for name, filter := range map[string]*catalogv1.ListProductsRequest{
		"staff, everything":        {},
		"staff, published":         {Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED},
		"staff, an SKU":            {Sku: "BENCH-000007-S"},
		"staff, drafts":            {Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT},
		"staff, archived":          {Status: catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED},
		"staff, sold out":          {InStock: new(false)},
		"staff, a rare brand":      {BrandId: rare.GetId()},
		"staff, a small category":  {CategoryId: corner.GetId()},
		"staff, a rare tag":        {TagId: label.GetId()},
		"staff, dear":              {MinPrice: new(int64(8000000))},
		"staff, a rare price":      {MinPrice: new(int64(8000000)), MaxPrice: new(int64(9900000))},
		"staff, a text":            {Q: "shirt 00012"},
		"staff, drafts of a brand": {Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT, BrandId: rare.GetId()},
	} {
		for sort := range catalogv1.ProductSort_name {
			req := proto.CloneOf(filter)
			req.Sort, req.Page = catalogv1.ProductSort(sort), &typev1.PageRequest{Limit: 20}
			for range 2 {
				query, args, count, countArgs, err := catalog.StaffListStatements(req)
				must(0, err)(t)
				name := fmt.Sprintf("%s, %s", name, catalogv1.ProductSort(sort))
				explain(query, args).check(t, name+", page", 21)
				explain(count, countArgs).check(t, name+", total", page.CountLimit)
				if req.Page.After = must(r.ListProducts(r.ctx, req))(t).GetPage().GetNext(); len(req.Page.After) == 0 {
					break
				}
			}
		}
	}
}

// check refuses reading a table from end to end, sorting more rows than shown, and passing over more than a few.
func (n node) check(t *testing.T, name string, most float64) {
	t.Helper()
	if n.Loops == 0 { // it was not needed
		return
	}
	few := slices.Contains([]string{"categories", "tags", "tag_translations", "brands", "brand_translations", "attributes", "attribute_options", "taxonomy_changes", "list_counts"}, n.Table)
	if n.Type == "Seq Scan" && !few {
		t.Errorf("%s: %s is read from end to end", name, n.Table)
	}
	if strings.Contains(n.Type, "Sort") && n.Rows > most {
		t.Errorf("%s: %.0f rows are sorted for %.0f", name, n.Rows, most)
	}
	titles := n.Type == "Index Only Scan" && strings.Contains(name, "text") // which are all read, but no product is
	if !few && !titles && (n.Rows+n.Removed)*n.Loops > 3*most {
		t.Errorf("%s: %s reads %.0f rows of %s for %.0f", name, n.Type, (n.Rows+n.Removed)*n.Loops, n.Table, most)
	}
	for _, child := range n.Plans {
		if strings.Contains(n.Type, "Sort") && child.Rows > most {
			t.Errorf("%s: %.0f rows are sorted for %.0f", name, child.Rows, most)
		}
		child.check(t, name, most)
	}
}

// literal writes an argument as SQL.
func literal(arg any) string {
	switch v := arg.(type) {
	case bool, int64:
		return fmt.Sprint(v)
	case []string:
		return "'{" + strings.Join(v, ",") + "}'"
	case id.ID:
		return "'" + v.String() + "'"
	case time.Time:
		return "'" + v.Format(time.RFC3339Nano) + "'"
	default:
		return "'" + strings.ReplaceAll(fmt.Sprint(v), "'", "''") + "'"
	}
}
