package search

import (
	"slices"
	"strings"
	"testing"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// stepsSQL are the lexemes of prices as PostgreSQL numbers their steps.
func stepsSQL(prices string) string {
	return "(select array_to_tsvector(array(select distinct l from unnest(" + prices + `) p cross join lateral (select step_of(p) as s) x
		cross join lateral (values ('/p/' || x.s), ('/p//' || x.s / 16), ('/p///' || x.s / 256)) y (l))))`
}

// TestSteps: what has a price in a span has one of the steps of that span; what is a tenth away from it has none.
func TestSteps(t *testing.T) {
	t.Parallel()
	r := room{db: pgtest.New(t, "steps", Migrations())}
	var amounts []int64
	for x := int64(0); x <= 40; x += 3 {
		amounts = append(amounts, x)
	}
	for b := 1; b <= 61; b += 4 {
		amounts = append(amounts, 1<<b, 1<<b-1)
	}
	for b := 8; b <= 60; b += 9 {
		for f := int64(3); f <= 97; f += 23 {
			amounts = append(amounts, (1<<b)/100*(100+f))
		}
	}
	lexemes := make([]string, len(amounts))
	for i, x := range amounts {
		lexemes[i] = stepsOf([]int64{x})
	}
	for _, most := range []int{1_000_000, 48, 24} {
		count := func(which string) int64 {
			return r.number(t, `with amounts as materialized (select x, steps::tsvector from unnest($1::bigint[], $2::text[]) a (x, steps)),
				spans as materialized (select a.x as low, b.x as high, steps_between(a.x, b.x, $3)::tsquery as steps from amounts a join amounts b on a.x <= b.x)
				select count(*) from spans s, amounts a where `+which, amounts, lexemes, most)
		}
		if n := count("a.x between s.low and s.high and not a.steps @@ s.steps"); n != 0 {
			t.Errorf("of at most %d steps: %d prices are not found in spans they lie in", most, n)
		}
		if n := count("a.x > 20 and (a.x > s.high / 10 * 11 + 20 or a.x < s.low / 10 * 9 - 20) and a.steps @@ s.steps"); n != 0 && most > 48 {
			t.Errorf("%d prices are found far from the span", n)
		}
	}
	for _, prices := range [][]int64{{}, {0}, {-1, 1}, {15, 16, 17, 255, 256, 257}, {999, 1000, 1000, 1024}, {1<<40 - 1, 1 << 40, 1<<62 + 1}} {
		if n := r.number(t, "select count(*) where "+stepsSQL("$1::bigint[]")+" = $2::text::tsvector", prices, stepsOf(prices)); n != 1 {
			t.Errorf("the steps of %v are others in PostgreSQL", prices)
		}
	}
	for want, sql := range map[int64]string{
		1: "select count(*) where steps_between(null, null, 100) is null and steps_between(2, 1, 100) is null and steps_between(0, 9000000000000000000, 10) is null",
		2: "select count(*) from (values (null::bigint, 100::bigint), (100, null)) x (low, high) where '" + strings.ReplaceAll(stepsOf([]int64{100}), "'", "''") + "'::tsvector @@ steps_between(low, high, 1000)::tsquery",
	} {
		if n := r.number(t, sql); n != want {
			t.Errorf("%s: %d", sql, n)
		}
	}
}

// TestByPriceAmongVeryMany: the cheapest are the cheapest of all, and not of those looked at, page after page.
func TestByPriceAmongVeryMany(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	shirt, other := product("Linen shirt", priced(true, 4000)), product("Sandals", priced(true, 4000))
	r.shelf.put(tenant.Default(), shirt, other)
	r.rebuild(t)
	r.multiply(t, shirt, 2_000)
	r.multiply(t, other, 10_000)
	ctx := pgtest.Context(t)
	// Prices of two variants each, some of many products, and one product in a hundred without any.
	if err := r.db.Write(ctx, func(w *pg.Writes) error {
		w.Exec(`update documents d set prices = x.prices, min_price = x.prices[1], max_price = x.prices[2],
				by_price = coalesce(x.prices[1], 9223372036854775807), by_price_desc = coalesce(-x.prices[2], 9223372036854775807),
				words = ts_delete(words, tsvector_to_array(` + stepsSQL("d.prices") + `)) || ` + stepsSQL("x.prices") + `
			from (select product_id, case when h % 100 = 0 then '{}'::bigint[] else array[500 + h % 700 * 10, 500 + h % 700 * 10 + h % 5 * 900] end as prices
				from (select product_id, abs(hashtext(product_id::text)::bigint) as h from documents) x) x
			where x.product_id = d.product_id`)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, among := range []string{"no others", "a generation that is being built"} {
		if among != "no others" {
			if err := r.db.Write(ctx, func(w *pg.Writes) error {
				w.Exec("update indexes set building = last + 1, last = last + 1, lease_until = now() + interval '1 hour'")
				w.Exec(`insert into documents (product_id, slice, generation, words, covers, prices, min_price, max_price, by_price, by_price_desc)
					select product_id, slice, (select building from indexes), ts_delete(words, '@' || tenant_id || '/' || generation || '/') || scoped((select building from indexes), covers), covers, prices, min_price, max_price, by_price, by_price_desc
					from documents`)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			req   *searchv1.SearchProductsRequest
			key   string
			where string
		}{
			{&searchv1.SearchProductsRequest{Q: "linen shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE}, "by_price", ""},
			{&searchv1.SearchProductsRequest{Q: "linen shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE_DESC}, "by_price_desc", ""},
			{&searchv1.SearchProductsRequest{Q: "linen shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE, MinPrice: new(int64(2000)), MaxPrice: new(int64(5000))}, "by_price",
				" and exists (select from unnest(prices) p where p between 2000 and 5000)"},
			{&searchv1.SearchProductsRequest{Q: "linen shirt", Sort: searchv1.SearchSort_SEARCH_SORT_PRICE_DESC, MaxPrice: new(int64(900))}, "by_price_desc", " and min_price <= 900"},
		} {
			want := r.list(t, "select product_id::text from documents where generation = (select live from indexes) and words @@ 'linen & shirt'"+c.where+" order by "+c.key+", product_id")
			var got []string
			page := &typev1.PageRequest{Limit: 37}
			for n := 0; n < 12; n++ {
				c.req.Page = page
				res := must(r.client.SearchProducts(ctx, c.req))(t)
				for _, h := range res.GetHits() {
					got = append(got, h.GetProductId())
				}
				if !tells(res.GetPage(), len(want)) {
					t.Errorf("among %s, %v: %v are said to match, and %d do", among, c.req, res.GetPage(), len(want))
				}
				if len(res.GetPage().GetNext()) == 0 {
					break
				}
				page = &typev1.PageRequest{Limit: 37, After: res.GetPage().GetNext()}
			}
			if len(got) != min(len(want), 12*37) || !slices.Equal(got, want[:len(got)]) {
				t.Errorf("among %s, %v: %d rows of %d are not the first ones", among, c.req, len(got), len(want))
			}
		}
	}
}
