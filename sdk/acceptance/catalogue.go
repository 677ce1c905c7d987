package acceptance

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// newProductIsSeen makes the product that most checks buy, and holds the shop to showing it at once.
func (s *suite) newProductIsSeen(t *testing.T) { s.openShop(t, visible) }

// openShop makes the product that most checks look at or buy, and waits until it can be seen and bought.
func (s *suite) openShop(t *testing.T, seen time.Duration) {
	t.Helper()
	p, body := newProduct(1_000_000, 4900, 5900)
	p, a := s.create(t, p, body)
	s.shape(t, a, "data", "adminProduct")
	if location := a.header.Get("Location"); !strings.HasSuffix(location, "/admin/v1/products/"+p.id) {
		t.Errorf("Location is %q", location)
	}
	for _, path := range []string{"/store/v1/products?q=" + p.word, "/store/v1/search?q=" + p.word} {
		s.eventually(t, seen, path+" shows it", func() error {
			list := s.want(t, http.StatusOK, request{method: "GET", path: path})
			if id, _ := lookup(list.doc, "data.0.id"); id != p.id {
				return fmt.Errorf("got %s", clip(list.body))
			}
			return nil
		})
	}
	s.stocked(t, p, 1_000_000)
	s.eventually(t, settled, "it can be bought", func() error {
		detail := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + p.slug})
		for i := range p.variants {
			if available, _ := lookup(detail.doc, fmt.Sprintf("data.variants.%d.available", i)); available != true {
				return fmt.Errorf("got %s", clip(detail.body))
			}
		}
		return nil
	})
	s.shirt = p
}

// catalogue checks what shoppers read.
func (s *suite) catalogue(t *testing.T) {
	t.Run("a product by slug and by id is the same document", func(t *testing.T) {
		t.Parallel()
		bySlug := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + s.shirt.slug})
		s.shape(t, bySlug, "data", "product")
		bySlug.equal(t, "data.title", s.shirt.title)
		bySlug.equal(t, "data.options.0.name", "size")
		bySlug.equal(t, "data.variants.0.options.size", "S0")
		bySlug.equal(t, "data.variants.0.price.amount", 4900)
		bySlug.equal(t, "data.variants.0.price.currency", "EUR")
		byID := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + s.shirt.id})
		if string(bySlug.body) != string(byID.body) {
			t.Errorf("by slug %s\nby id %s", clip(bySlug.body), clip(byID.body))
		}
	})
	t.Run("the list holds the same object", func(t *testing.T) {
		t.Parallel()
		list := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products?q=" + s.shirt.word})
		s.shape(t, list, "meta", "meta")
		s.shape(t, list, "data.0", "product")
		list.equal(t, "meta.total", 1)
		list.equal(t, "meta.page", 1)
		list.equal(t, "meta.limit", 20)
		detail := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + s.shirt.slug})
		if show(list.get(t, "data.0")) != show(detail.get(t, "data")) {
			t.Errorf("list %s\ndetail %s", clip(list.body), clip(detail.body))
		}
	})
	t.Run("nothing of the back room is shown", func(t *testing.T) {
		t.Parallel()
		for _, path := range []string{"/store/v1/products/" + s.shirt.slug, "/store/v1/products?q=" + s.shirt.word, "/store/v1/search?q=" + s.shirt.word} {
			body := strings.ToLower(string(s.want(t, http.StatusOK, request{method: "GET", path: path}).body))
			for _, secret := range []string{`"sku"`, `"stock`, `"cost"`, `"weight`, `"metadata"`, `"tenant`, `"onhand"`, `"version"`, "acc-" + s.shirt.word} {
				if strings.Contains(body, secret) {
					t.Errorf("%s shows %s", path, secret)
				}
			}
		}
	})
	t.Run("search", func(t *testing.T) {
		t.Parallel()
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/search?q=" + s.shirt.word})
		s.shape(t, a, "meta", "searchMeta")
		s.shape(t, a, "data.0", "product")
		a.equal(t, "meta.total", 1)
		a.equal(t, "data.0.id", s.shirt.id)
		none := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/search?q=" + unique()})
		if len(none.list(t, "data")) != 0 {
			t.Errorf("a word that nothing has finds %s", clip(none.body))
		}
		s.shape(t, none, "meta", "searchMeta")
	})
	t.Run("filters", s.filters)
	t.Run("paging neither skips nor repeats", s.paging)
	t.Run("categories and tags", s.taxonomy)
	t.Run("the way down a tree and its order", s.tree)
	t.Run("brands", s.brands)
	t.Run("collections", s.collections)
	t.Run("drafts and archived products are not shown", s.hiddenProducts)
	t.Run("any text can be searched for", func(t *testing.T) {
		t.Parallel()
		for _, text := range []string{"%", "_", `\`, "'", `"`, "''; drop table products; --", "\x00", "\xff\xfe", "日本語", "a & | ! ( )", "*:*", strings.Repeat("x", 200)} {
			for _, path := range []string{"/store/v1/products?q=", "/store/v1/search?q="} {
				a := s.do(t, request{method: "GET", path: path + url.QueryEscape(text)})
				isText := utf8.ValidString(text) && !strings.Contains(text, "\x00")
				refused := a.status == http.StatusBadRequest || a.status == http.StatusUnprocessableEntity
				if a.status != http.StatusOK && (isText || !refused) {
					t.Errorf("%q: got %d: %s", text, a.status, clip(a.body))
				}
			}
		}
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products?q=" + url.QueryEscape("%"+unique())})
		a.equal(t, "meta.total", 0)
	})
}

func (s *suite) filters(t *testing.T) {
	t.Parallel()
	cheap, dear := s.sell(t, 5, 1000), s.sell(t, 0, 9000)
	// Both carry one word, so that other products do not disturb.
	word := unique()
	for _, p := range []product{cheap, dear} {
		s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + p.id, token: s.admin, body: object{"title": p.title + " " + word}})
	}
	for query, want := range map[string][]string{
		"sort=price":                   {cheap.id, dear.id},
		"sort=-price":                  {dear.id, cheap.id},
		"sort=createdAt":               {cheap.id, dear.id},
		"sort=-createdAt":              {dear.id, cheap.id},
		"sort=title&maxPrice=1000":     {cheap.id},
		"minPrice=1001":                {dear.id},
		"minPrice=1000&maxPrice=9000":  {dear.id, cheap.id},
		"minPrice=1001&maxPrice=8999":  {},
		"maxPrice=0":                   {},
		"inStock=true":                 {cheap.id},
		"inStock=false":                {dear.id},
		"sort=price&page=2&limit=1":    {dear.id},
		"sort=price&page=3&limit=1":    {},
		"sort=-price&page=1&limit=100": {dear.id, cheap.id},
	} {
		path := "/store/v1/products?q=" + word + "&" + query
		s.eventually(t, settled, path, func() error {
			a := s.want(t, http.StatusOK, request{method: "GET", path: path})
			if got := ids(a.list(t, "data")); fmt.Sprint(got) != fmt.Sprint(want) {
				return fmt.Errorf("got %v, want %v", got, want)
			}
			return nil
		})
	}
}

func ids(list []any) []string {
	out := make([]string, len(list))
	for i, item := range list {
		id, _ := lookup(item, "id")
		out[i], _ = id.(string)
	}
	return out
}

func (s *suite) paging(t *testing.T) {
	t.Parallel()
	word, want := unique(), map[string]bool{}
	for range 5 {
		p, body := newProduct(1, 100)
		body["title"] = p.title + " " + word
		p, _ = s.create(t, p, body)
		want[p.id] = true
	}
	first := "/store/v1/products?limit=2&q=" + word
	s.eventually(t, settled, "all five are listed", func() error {
		if total := s.want(t, http.StatusOK, request{method: "GET", path: first}).number(t, "meta.total"); total != 5 {
			return fmt.Errorf("total is %d", total)
		}
		return nil
	})
	for path, pages := first, 1; path != ""; pages++ {
		a := s.want(t, http.StatusOK, request{method: "GET", path: path})
		for _, id := range ids(a.list(t, "data")) {
			if !want[id] {
				t.Errorf("%s came twice or is a stranger", id)
			}
			delete(want, id)
		}
		path = ""
		if cursor, ok := a.get(t, "meta.nextCursor").(string); ok {
			path = first + "&cursor=" + url.QueryEscape(cursor)
		}
		if pages > 3 {
			t.Fatal("five products at two a page make three pages, and there is a fourth")
		}
	}
	if len(want) > 0 {
		t.Errorf("never listed: %v", want)
	}
	forged := s.want(t, http.StatusBadRequest, request{method: "GET", path: first + "&cursor=forged"})
	if !forged.names("cursor") {
		t.Errorf("the error does not name cursor: %s", clip(forged.body))
	}
}

func (s *suite) taxonomy(t *testing.T) {
	t.Parallel()
	name := "Acceptance " + unique()
	top := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/categories", token: s.admin, body: object{"name": name}})
	parent := top.text(t, "data.id")
	below := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/categories", token: s.admin, body: object{"name": name + " below", "parentId": parent}})
	tag := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/tags", token: s.admin, body: object{"name": name}})
	p, body := newProduct(1, 100)
	body["categoryIds"], body["tagIds"] = []string{parent}, []string{tag.text(t, "data.id")}
	p, _ = s.create(t, p, body)

	detail := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + p.slug})
	detail.equal(t, "data.categories.0.id", parent)
	detail.equal(t, "data.tags.0.slug", tag.text(t, "data.slug"))
	for _, filter := range []string{"categoryId=" + parent, "tag=" + tag.text(t, "data.slug")} {
		s.eventually(t, settled, filter, func() error {
			a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products?" + filter})
			if got := ids(a.list(t, "data")); len(got) != 1 || got[0] != p.id {
				return fmt.Errorf("got %v, want %s", got, p.id)
			}
			return nil
		})
	}
	s.eventually(t, settled, "the category counts its product", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/categories/" + top.text(t, "data.slug")})
		s.shape(t, a, "data", "category")
		if n := a.number(t, "data.productCount"); n != 1 {
			return fmt.Errorf("it counts %d", n)
		}
		return nil
	})
	s.eventually(t, settled, "the tree nests", func() error {
		return s.nested(t, parent, below.text(t, "data.id"))
	})
	tags := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/tags?limit=100"})
	s.shape(t, tags, "meta", "meta")
	for i := range tags.list(t, "data") {
		s.shape(t, tags, fmt.Sprintf("data.%d", i), "ref")
	}
}

// nested looks for the child under its parent on some page of the tree.
func (s *suite) nested(t *testing.T, parent, child string) error {
	t.Helper()
	for page := 1; ; page++ {
		a := s.want(t, http.StatusOK, request{method: "GET", path: fmt.Sprintf("/store/v1/categories?tree=true&limit=100&page=%d", page)})
		list := a.list(t, "data")
		for _, item := range list {
			if id, _ := lookup(item, "id"); id != parent {
				continue
			}
			if below, _ := lookup(item, "children.0.id"); below != child {
				return fmt.Errorf("its children are %s", show(item))
			}
			return nil
		}
		if len(list) == 0 {
			return fmt.Errorf("the category is not in the tree")
		}
	}
}

func (s *suite) hiddenProducts(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"draft", "archived"} {
		p, body := newProduct(1, 100)
		body["status"] = status
		p, _ = s.create(t, p, body)
		for _, name := range []string{p.slug, p.id} {
			s.want(t, http.StatusNotFound, request{method: "GET", path: "/store/v1/products/" + name})
		}
		s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products?q=" + p.word}).equal(t, "meta.total", 0)
		// What is not shown cannot be bought either.
		c := s.newCart(t)
		s.want(t, http.StatusNotFound, request{method: "POST", path: c.path("/items"), cart: c.token,
			body: object{"variantId": p.variants[0].id, "quantity": 1}})
	}
}
