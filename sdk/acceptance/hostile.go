package acceptance

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// hostile gives the catalogue what it must not take. Every refusal is a clear error, and nothing is half done or lost.
func (s *suite) hostile(t *testing.T) {
	t.Run("files that are broken", s.brokenFiles)
	t.Run("circles", s.circles)
	t.Run("one name for many", s.oneName)
	t.Run("ten thousand variants", s.manyVariants)
	t.Run("prices at the edge of int64", s.edgePrices)
	t.Run("what is in carts and orders is deleted", s.deletedInCarts)
}

// imports sends a file and waits for its end.
func (s *suite) imports(t *testing.T, file string) answer {
	t.Helper()
	return s.ended(t, s.do(t, request{method: "POST", path: "/admin/v1/imports/products", token: s.admin, body: file, header: map[string]string{"Content-Type": "text/csv"}}))
}

func (s *suite) brokenFiles(t *testing.T) {
	t.Parallel()
	w := unique()
	head := "product_slug,title,variant_sku,price\n"
	for name, file := range map[string]string{
		"UTF-16":      "\xff\xfep\x00r\x00o\x00",
		"Latin-1":     head + "a-" + w + ",\xc9t\xe9,X-" + w + ",1\n",
		"a NUL":       head + "a-" + w + ",A\x00B,X-" + w + ",1\n",
		"open quote":  head + "a-" + w + ",\"A,X-" + w + ",1\n",
		"no header":   "a-" + w + ",A,X-" + w + ",1\n",
		"a stranger":  "product_slug,title,prize\na-" + w + ",A,1\n",
		"a program":   "MZ\x90\x00\x03\x00\x00\x00\x04\x00",
		"empty lines": "\n\n\n",
	} {
		a := s.imports(t, file)
		a.equal(t, "data.status", "failed")
		a.equal(t, "data.failure.code", "catalog.file_unreadable")
		if a.text(t, "data.failure.message") == "" {
			t.Errorf("%s: no reason is given", name)
		}
	}
	// Ragged rows fail alone, each by its number; the others are taken.
	a := s.imports(t, head+"r1-"+w+",One,R1-"+w+",1\nr2-"+w+",Two\nr3-"+w+",Three,R3-"+w+",1,surplus\nr4-"+w+",Four,R4-"+w+",1\n")
	a.equal(t, "data.status", "succeeded")
	a.equal(t, "data.created", 2)
	a.equal(t, "data.failed", 2)
	for i, row := range []int{3, 4} {
		a.equal(t, fmt.Sprintf("data.errors.%d.row", i), row)
		a.equal(t, fmt.Sprintf("data.errors.%d.code", i), "ragged")
	}
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=R4-" + w, token: s.admin}).equal(t, "meta.total", 1)
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=X-" + w, token: s.admin}).equal(t, "meta.total", 0)
}

func (s *suite) circles(t *testing.T) {
	t.Parallel()
	w := unique()
	create := func(name, parent string) string {
		body := object{"name": name + " " + w}
		if parent != "" {
			body["parentId"] = parent
		}
		return s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/categories", token: s.admin, body: body}).text(t, "data.id")
	}
	top := create("Top", "")
	middle := create("Middle", top)
	bottom := create("Bottom", middle)
	move := func(which, under string) request {
		return request{method: "PATCH", path: "/admin/v1/categories/" + which, token: s.admin, body: object{"parentId": under}}
	}
	for _, under := range []string{top, middle, bottom} {
		s.want(t, http.StatusUnprocessableEntity, move(top, under)).equal(t, "error.code", "catalog.category_circle")
	}
	// Two moves that are right by themselves and a circle together: one of them is refused.
	left, right := create("Left", ""), create("Right", "")
	answers := s.together(t, 2, func(i int) request {
		if i == 0 {
			return move(left, right)
		}
		return move(right, left)
	})
	codes := []int{answers[0].status, answers[1].status}
	slices.Sort(codes)
	if !slices.Equal(codes, []int{http.StatusOK, http.StatusUnprocessableEntity}) {
		t.Errorf("two moves against each other got %v", codes)
	}

	bundle := func() (path, variant string) {
		_, body := newProduct(0, 900)
		body["kind"], body["title"], body["status"] = "bundle", "Circle "+unique(), "draft"
		made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/products", token: s.admin, body: body})
		variant = made.text(t, "data.variants.0.id")
		return "/admin/v1/products/" + made.text(t, "data.id") + "/variants/" + variant + "/components", variant
	}
	path, own := bundle()
	_, other := bundle()
	for _, part := range []string{own, other} {
		s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: path, token: s.admin,
			body: object{"components": []object{{"variantId": part, "quantity": 1}}}}).equal(t, "error.code", "catalog.bundle_cycle")
	}
}

// oneName makes the same slug and the same SKU many times at once, by hand and by file: one wins, the others are told.
func (s *suite) oneName(t *testing.T) {
	t.Parallel()
	w := unique()
	const people = 12
	body := func(slug, sku string) object {
		return object{"title": "Contested " + w, "slug": slug, "status": "draft", "variants": []object{{"sku": sku, "price": euros(100)}}}
	}
	for _, c := range []struct {
		what, code string
		body       func(i int) object
	}{
		{"a slug", "catalog.slug_taken", func(i int) object { return body("contested-"+w, fmt.Sprintf("C-%s-%d", w, i)) }},
		{"a SKU", "catalog.sku_taken", func(i int) object { return body(fmt.Sprintf("contested-%s-%d", w, i), "C-"+w) }},
	} {
		won := 0
		for _, a := range s.together(t, people, func(i int) request {
			return request{method: "POST", path: "/admin/v1/products", token: s.admin, body: c.body(i)}
		}) {
			switch {
			case a.status == http.StatusCreated:
				won++
			case a.status != http.StatusConflict || a.failed() != c.code:
				t.Errorf("%s for many: %d %s", c.what, a.status, clip(a.body))
			}
		}
		if won != 1 {
			t.Errorf("%d products got %s", won, c.what)
		}
	}
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=C-" + w, token: s.admin}).equal(t, "meta.total", 1)

	// A file that wants the SKU of somebody else's product is told in its report.
	a := s.imports(t, "product_slug,title,variant_sku,price\nthief-"+w+",Thief,C-"+w+",1\n")
	a.equal(t, "data.failed", 1)
	a.equal(t, "data.errors.0.code", "sku_taken")
	a.equal(t, "data.errors.0.value", "C-"+w)
}

func (s *suite) manyVariants(t *testing.T) {
	t.Parallel()
	w := unique()
	variants := make([]string, 10_000)
	for i := range variants {
		variants[i] = fmt.Sprintf(`{"sku":"%d%s","price":{"amount":1,"currency":"EUR"}}`, i, w)
	}
	many := request{method: "POST", path: "/admin/v1/products", token: s.admin,
		body: `{"title":"Many ` + w + `","status":"draft","variants":[` + strings.Join(variants, ",") + `]}`}
	if a := s.want(t, http.StatusUnprocessableEntity, many); !a.names("variants") {
		t.Errorf("ten thousand variants: %s", clip(a.body))
	}
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=0" + w, token: s.admin}).equal(t, "meta.total", 0)
	var file strings.Builder
	file.WriteString("product_slug,title,option1_name,option1_value,variant_sku,price\n")
	for i := range 10_000 {
		fmt.Fprintf(&file, "file-%s,Many,n,%d,f%d%s,1\n", w, i, i, w)
	}
	a := s.imports(t, file.String()+"after-"+w+",After,,,after"+w+",1\n")
	a.equal(t, "data.status", "succeeded")
	a.equal(t, "data.created", 1)
	a.equal(t, "data.failed", 1)
	a.equal(t, "data.errors.0.code", "too_many")
}

func (s *suite) edgePrices(t *testing.T) {
	t.Parallel()
	w := unique()
	p := s.sell(t, 1000, 1000)
	v := "/admin/v1/products/" + p.id + "/variants/" + p.variants[0].id
	list := "/admin/v1/price-lists/" + s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin,
		body: object{"name": "Edge " + w, "type": "sale"}}).text(t, "data.id") + "/prices"
	money := func(amount string) string { return `{"amount":` + amount + `,"currency":"EUR"}` }
	for _, amount := range []string{"-1", "1000000000001", fmt.Sprint(math.MaxInt64), fmt.Sprint(math.MinInt64), "9223372036854775808", "1e300", "1.5", `"1"`} {
		for _, c := range []struct{ what, method, path, body, field string }{
			{"a new product", "POST", "/admin/v1/products", `{"title":"E","status":"draft","variants":[{"price":` + money(amount) + `}]}`, "variants[0].price.amount"},
			{"a price", "PATCH", v, `{"price":` + money(amount) + `}`, "price.amount"},
			{"a former price", "PATCH", v, `{"compareAtPrice":` + money(amount) + `}`, "compareAtPrice.amount"},
			{"another currency", "PATCH", v, `{"prices":[{"price":{"amount":` + amount + `,"currency":"SEK"}}]}`, "prices[0].price.amount"},
			{"a price list", "PUT", list, `{"prices":[{"variantId":"` + p.variants[0].id + `","currency":"EUR","amount":` + amount + `}]}`, "prices[0].amount"},
		} {
			if a := s.want(t, http.StatusUnprocessableEntity, request{method: c.method, path: c.path, token: s.admin, body: c.body}); !a.names(c.field) {
				t.Errorf("%s of %s: the error does not name %s: %s", c.what, amount, c.field, clip(a.body))
			}
		}
	}
	s.want(t, http.StatusOK, request{method: "GET", path: v[:strings.LastIndex(v, "/variants")], token: s.admin}).equal(t, "data.variants.0.price.amount", 1000)
	for _, query := range []string{"minPrice=9223372036854775808", "minPrice=9223372036854775807", "maxPrice=1e5", "minPrice=-1"} {
		if a := s.do(t, request{method: "GET", path: "/store/v1/products?" + query}); a.status != http.StatusBadRequest && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s got %d", query, a.status)
		}
	}

	// The highest price there is, in the largest quantity, is still counted to the unit.
	s.want(t, http.StatusOK, request{method: "PATCH", path: v, token: s.admin, body: object{"price": euros(1_000_000_000_000)}})
	s.eventually(t, settled, "the highest price in a cart", func() error {
		c := s.newCart(t)
		a := s.do(t, request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": p.variants[0].id, "quantity": 1000}})
		if n, _ := lookup(a.doc, "data.totals.total.amount"); show(n) != "1000000000000000" {
			return fmt.Errorf("got %d %s", a.status, clip(a.body))
		}
		return nil
	})
}

func (s *suite) deletedInCarts(t *testing.T) {
	t.Parallel()
	remove := func(p product) {
		t.Helper()
		s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/products/" + p.id, token: s.admin})
	}
	// In a cart only: it is gone, the checkout names the line, and the cart can be ordered without it.
	gone, stays := s.sell(t, 10, 1000), s.sell(t, 10, 500)
	c := s.readyCart(t, gone.variants[0], 1)
	s.add(t, c, stays.variants[0], 2)
	remove(gone)
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/admin/v1/products/" + gone.id, token: s.admin})
	refused := s.want(t, http.StatusConflict, checkout(c, unique()))
	refused.equal(t, "error.code", "cart.item_unavailable")
	refused.equal(t, "error.details.0.variantId", gone.variants[0].id)
	kept := s.want(t, http.StatusOK, request{method: "GET", path: c.path(""), cart: c.token})
	if len(kept.list(t, "data.items")) != 2 {
		t.Fatalf("a line was dropped silently: %s", clip(kept.body))
	}
	s.want(t, http.StatusOK, request{method: "DELETE", path: c.path("/items/" + refused.text(t, "error.details.0.itemId")), cart: c.token})
	s.want(t, http.StatusCreated, checkout(c, unique())).equal(t, "data.totals.subtotal.amount", 1000)

	// In an order: the product is archived or, should the order not have been heard of yet, gone; the order stays whole.
	sold := s.sell(t, 5, 700)
	ordered := s.order(t, sold.variants[0], 2)
	a, err := s.exchange(t.Context(), request{method: "DELETE", path: "/admin/v1/products/" + sold.id, token: s.admin})
	switch {
	case err != nil:
		t.Fatal(err)
	case a.status == http.StatusOK:
		a.equal(t, "data.status", "archived")
	case a.status != http.StatusNoContent:
		t.Errorf("deleting what was sold got %d %s", a.status, clip(a.body))
	}
	path := "/admin/v1/orders/" + ordered.text(t, "data.id")
	read := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
	read.equal(t, "data.items.0.title", sold.title)
	read.equal(t, "data.items.0.quantity", 2)
	s.want(t, http.StatusOK, request{method: "POST", path: path + "/cancel", token: s.admin, body: object{}})
}
