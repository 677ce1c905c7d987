package scale

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/test/housetest"
)

// TestLargestProductsAreListed lists and searches products whose descriptions are as long as they may be, over the mesh, whose
// messages have a limit: whatever the limit of the page, an answer comes, and its cursor leads to all of them.
func TestLargestProductsAreListed(t *testing.T) {
	t.Parallel()
	s := openAs(t, housetest.Rooms())
	const products = 14 // which are 5.6 MB
	s.speak()
	category := s.json("POST", "/admin/v1/categories", s.admin, object{"name": "Large"}).text("id")
	for i := range products {
		p := s.json("POST", "/admin/v1/products", s.admin, object{
			"title": fmt.Sprint("Grand ", i), "description": strings.Repeat("𠮷", 100_000), "status": "published", "categoryIds": []string{category},
			"variants": []object{{"sku": fmt.Sprint("GRAND-", i), "price": object{"amount": 1000 + i, "currency": "EUR"}, "stock": 1}},
		}).text("id")
		for _, locale := range locales()[:10*min(max(0, 2-i), 1)] { // of two of them, 4 MB each
			s.json("PUT", "/admin/v1/products/"+p+"/translations/"+locale, s.admin, object{"title": fmt.Sprint("Grand ", locale, i), "description": strings.Repeat("𠮷", 100_000)})
		}
	}
	// What shoppers search follows them through events, and through a rebuild.
	s.json("PATCH", "/admin/v1/categories/"+category, s.admin, object{"slug": "larger"})
	found := func() error {
		if total := s.list("/store/v1/search?category=larger&limit=1", "").Meta.Total; total != products {
			return fmt.Errorf("%d are found", total)
		}
		return nil
	}
	housetest.Within(t, time.Minute, "a category of large products has its new address", found)
	job := s.json("POST", "/admin/v1/search/rebuilds", s.admin, object{}).text("id")
	housetest.Within(t, time.Minute, "the index is rebuilt", func() error {
		if status := s.send("GET", "/admin/v1/search/rebuilds/"+job, s.admin, "", http.NoBody).text("status"); status != "done" {
			return fmt.Errorf("it is %s", status)
		}
		return found()
	})
	for _, path := range []string{
		"/store/v1/products?sort=price", "/store/v1/products?q=grand", "/store/v1/search?q=grand", "/store/v1/search?q=grand&sort=price", "/admin/v1/products?q=grand",
	} {
		token := ""
		if strings.HasPrefix(path, "/admin") {
			token = s.admin
		}
		housetest.Within(t, time.Minute, path+" knows all of them", func() error {
			if total := s.list(path+"&limit=1", token).Meta.Total; total != products {
				return fmt.Errorf("it knows %d", total)
			}
			return nil
		})
		for _, limit := range []string{"", "&limit=5", "&limit=100"} {
			seen := map[any]bool{}
			var sizes []int
			for at := path + limit; ; {
				page := s.list(at, token)
				for _, p := range page.Data {
					seen[p["id"]] = true
				}
				sizes = append(sizes, len(page.Data))
				if page.Meta.NextCursor == nil || len(sizes) > products {
					break
				}
				at = path + limit + "&cursor=" + url.QueryEscape(*page.Meta.NextCursor)
			}
			t.Logf("%s%s: pages of %v", path, limit, sizes)
			if len(seen) != products {
				t.Errorf("%s%s: %d of %d products on pages of %v", path, limit, len(seen), products, sizes)
			}
		}
	}
}
