package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// tree holds breadcrumbs, totals and the order of categories to each other.
func (s *suite) tree(t *testing.T) {
	t.Parallel()
	made := func(name, parent string) answer {
		body := object{"name": name + " " + unique()}
		if parent != "" {
			body["parentId"] = parent
		}
		return s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/categories", token: s.admin, body: body})
	}
	top := made("Top", "")
	parent := top.text(t, "data.id")
	a, b := made("A", parent), made("B", parent)
	p, body := newProduct(1, 100)
	body["categoryIds"] = []string{a.text(t, "data.id"), b.text(t, "data.id")}
	s.create(t, p, body)
	s.eventually(t, settled, "a product below counts once", func() error {
		c := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/categories/" + parent})
		if direct, total := c.number(t, "data.productCount"), c.number(t, "data.totalProductCount"); direct != 0 || total != 1 {
			return fmt.Errorf("it counts %d and %d", direct, total)
		}
		return nil
	})
	below := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/categories/" + a.text(t, "data.slug")})
	s.shape(t, below, "data", "category")
	below.equal(t, "data.breadcrumbs.0.id", parent)
	below.equal(t, "data.breadcrumbs.1.id", a.text(t, "data.id"))
	s.wholeList(t, "/store/v1/categories", a.text(t, "data.id"))
	path := "/admin/v1/categories/" + parent + "/children"
	order := func(ids ...string) answer {
		return s.do(t, request{method: "PUT", path: path, token: s.admin, body: object{"categoryIds": ids}})
	}
	if got := order(b.text(t, "data.id"), a.text(t, "data.id")); got.status != http.StatusNoContent {
		t.Errorf("an order got %d: %s", got.status, clip(got.body))
	}
	if got := order(b.text(t, "data.id")); got.status != http.StatusUnprocessableEntity || !got.names("categoryIds") {
		t.Errorf("half an order got %d: %s", got.status, clip(got.body))
	}
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/categories/" + b.text(t, "data.id"), token: s.admin}).equal(t, "data.position", 0)
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/categories/" + a.text(t, "data.id"), token: s.admin}).equal(t, "data.position", 1)
}

// wholeList walks a list by its cursors and wants to have seen every item of it once, and the one named among them.
func (s *suite) wholeList(t *testing.T, path, wanted string) {
	t.Helper()
	seen := map[string]bool{}
	for next := path + "?limit=2"; next != ""; {
		a := s.want(t, http.StatusOK, request{method: "GET", path: next})
		for i := range a.list(t, "data") {
			which := a.text(t, fmt.Sprintf("data.%d.id", i))
			if seen[which] {
				t.Errorf("%s shows %s twice", path, which)
			}
			seen[which] = true
		}
		cursor, _ := a.get(t, "meta.nextCursor").(string)
		if next = ""; cursor != "" {
			next = path + "?limit=2&cursor=" + cursor
		}
	}
	if !seen[wanted] {
		t.Errorf("the pages of %s end before %s: %d items", path, wanted, len(seen))
	}
}

func (s *suite) brands(t *testing.T) {
	t.Parallel()
	name := "Maison " + unique()
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/brands", token: s.admin, body: object{"name": name, "website": "https://maison.example"}})
	s.shape(t, made, "data", "adminBrand")
	which, path := made.text(t, "data.id"), "/admin/v1/brands/"+made.text(t, "data.id")
	p, body := newProduct(1, 100)
	body["brandId"] = which
	p, _ = s.create(t, p, body)
	renamed := "Casa " + unique()
	stale := s.do(t, request{method: "PATCH", path: path, token: s.admin, body: object{"name": renamed}, header: map[string]string{"If-Match": `"9"`}})
	if stale.status != http.StatusPreconditionFailed {
		t.Errorf("a stale If-Match got %d: %s", stale.status, clip(stale.body))
	}
	s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"name": renamed}, header: map[string]string{"If-Match": made.header.Get("ETag")}})
	s.eventually(t, settled, "the new name is seen with the product", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + p.slug})
		if got := a.text(t, "data.brand.name"); got != renamed {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
	slug := made.text(t, "data.slug")
	for _, list := range []string{"/store/v1/products?brand=", "/store/v1/search?brand="} {
		s.eventually(t, settled, list, func() error {
			a := s.want(t, http.StatusOK, request{method: "GET", path: list + slug})
			if got := ids(a.list(t, "data")); len(got) != 1 || got[0] != p.id {
				return fmt.Errorf("got %v, want %s", got, p.id)
			}
			return nil
		})
	}
	s.eventually(t, settled, "the facet has the new name", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/search?q=" + p.word})
		if len(a.list(t, "meta.facets.brands")) != 1 || a.text(t, "meta.facets.brands.0.name") != renamed {
			return fmt.Errorf("got %s", clip(a.body))
		}
		return nil
	})
	shown := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/brands/" + slug})
	s.shape(t, shown, "data", "brand")
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?brandId=" + which, token: s.admin}).equal(t, "data.0.id", p.id)
	if got := s.do(t, request{method: "DELETE", path: path, token: s.admin}); got.status != http.StatusConflict {
		t.Errorf("deleting a brand that a product carries got %d: %s", got.status, clip(got.body))
	}
	unknown := s.do(t, request{method: "PATCH", path: "/admin/v1/products/" + p.id, token: s.admin, body: object{"brandId": nowhere}})
	if unknown.status != http.StatusUnprocessableEntity || !unknown.names("brandId") {
		t.Errorf("an unknown brand got %d: %s", unknown.status, clip(unknown.body))
	}
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id, token: s.admin, body: object{"brandId": nil}}).equal(t, "data.brand", nil)
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "GET", path: path, token: s.admin})
}

func (s *suite) collections(t *testing.T) {
	t.Parallel()
	one, two := s.sell(t, 1, 1000), s.sell(t, 1, 2000)
	list := func(slug, query string) string {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products?collection=" + slug + query})
		return strings.Join(ids(a.list(t, "data")), " ")
	}
	holds := func(slug string, want ...string) {
		t.Helper()
		s.eventually(t, settled, "the collection holds "+strings.Join(want, " "), func() error {
			if got := list(slug, ""); got != strings.Join(want, " ") {
				return fmt.Errorf("it holds %q", got)
			}
			return nil
		})
	}
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/collections", token: s.admin, body: object{"name": "By hand " + unique(), "status": "published"}})
	s.shape(t, made, "data", "adminCollection")
	path, slug := "/admin/v1/collections/"+made.text(t, "data.id"), made.text(t, "data.slug")
	s.want(t, http.StatusOK, request{method: "PUT", path: path + "/products", token: s.admin, body: object{"productIds": []string{two.id}}, header: map[string]string{"If-Match": made.header.Get("ETag")}})
	s.want(t, http.StatusOK, request{method: "POST", path: path + "/products", token: s.admin, body: object{"productIds": []string{one.id, two.id}}})
	holds(slug, two.id, one.id)
	if got := list(slug, "&sort=price"); got != one.id+" "+two.id {
		t.Errorf("in another order it holds %q", got)
	}
	staff := s.want(t, http.StatusOK, request{method: "GET", path: path + "/products?limit=1", token: s.admin})
	s.shape(t, staff, "data.0", "adminProduct")
	next := s.want(t, http.StatusOK, request{method: "GET", path: path + "/products?limit=1&cursor=" + staff.text(t, "meta.nextCursor"), token: s.admin})
	next.equal(t, "data.0.id", one.id)
	unknown := s.do(t, request{method: "PUT", path: path + "/products", token: s.admin, body: object{"productIds": []string{one.id, nowhere}}})
	if unknown.status != http.StatusUnprocessableEntity || !unknown.names("productIds[1]") {
		t.Errorf("an unknown product got %d: %s", unknown.status, clip(unknown.body))
	}
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path + "/products/" + two.id, token: s.admin})
	holds(slug, one.id)
	s.shape(t, s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/collections/" + slug}), "data", "collection")

	tag := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/tags", token: s.admin, body: object{"name": "Rule " + unique()}})
	tagID := tag.text(t, "data.id")
	ruled := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/collections", token: s.admin, body: object{
		"name": "By rules " + unique(), "status": "published", "kind": "rules", "sort": "price",
		"rules": []object{{"field": "tag", "operator": "is", "value": tagID}, {"field": "price", "operator": "lte", "value": "2000"}},
	}})
	s.shape(t, ruled, "data", "adminCollection")
	for _, p := range []product{two, one} {
		s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/products/" + p.id + "/tags", token: s.admin, body: object{"tagIds": []string{tagID}}})
	}
	holds(ruled.text(t, "data.slug"), one.id, two.id)
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + two.id + "/variants/" + two.variants[0].id, token: s.admin,
		body: object{"price": object{"amount": 2001, "currency": "EUR"}}})
	holds(ruled.text(t, "data.slug"), one.id)
	if got := s.do(t, request{method: "DELETE", path: "/admin/v1/tags/" + tagID, token: s.admin}); got.status != http.StatusConflict {
		t.Errorf("deleting a tag that a rule names got %d: %s", got.status, clip(got.body))
	}
	for what, body := range map[string]object{
		"a contradiction": {"rules": []object{{"field": "price", "operator": "gte", "value": "2"}, {"field": "price", "operator": "lte", "value": "1"}}},
		"no comparison":   {"rules": []object{{"field": "price", "operator": "contains", "value": "2"}}},
		"no rules":        {"rules": []object{}},
		"no rules at all": {"rules": nil},
	} {
		if got := s.do(t, request{method: "PATCH", path: "/admin/v1/collections/" + ruled.text(t, "data.id"), token: s.admin, body: body}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s got %d: %s", what, got.status, clip(got.body))
		}
	}
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/collections/" + ruled.text(t, "data.id"), token: s.admin, body: object{"status": "draft"}})
	s.eventually(t, settled, "a draft is not shown", func() error {
		if a := s.do(t, request{method: "GET", path: "/store/v1/collections/" + ruled.text(t, "data.slug")}); a.status != http.StatusNotFound {
			return fmt.Errorf("it got %d", a.status)
		}
		return nil
	})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
}
