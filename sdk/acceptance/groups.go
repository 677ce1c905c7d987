package acceptance

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// groups: customers in groups see and pay their groups' prices, and nobody else does.
func (s *suite) groups(t *testing.T) {
	p := s.sell(t, 100, 1000)
	code := "trade-" + p.word
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/customer-groups", token: s.admin, body: object{"code": code, "name": "Trade"}})
	s.shape(t, made, "data", "customerGroup")
	group, path := made.text(t, "data.id"), "/admin/v1/customer-groups/"+made.text(t, "data.id")
	s.want(t, http.StatusConflict, request{method: "POST", path: "/admin/v1/customer-groups", token: s.admin, body: object{"code": code, "name": "Again"}})
	s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/admin/v1/customer-groups", token: s.admin, body: object{"code": "Not a code", "name": "X"}}).
		equal(t, "error.details.0.field", "code")
	renamed := s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"name": "The trade"}, header: map[string]string{"If-Match": made.header.Get("ETag")}})
	renamed.equal(t, "data.name", "The trade")
	s.want(t, http.StatusPreconditionFailed, request{method: "PATCH", path: path, token: s.admin, body: object{"name": "X"}, header: map[string]string{"If-Match": made.header.Get("ETag")}})
	s.want(t, http.StatusUnprocessableEntity, request{method: "PATCH", path: path, token: s.admin, body: object{"code": "other"}})
	s.shape(t, s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/customer-groups?q=" + code, token: s.admin}), "data.0", "customerGroup")

	s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin,
		body: object{"name": "X", "type": "override", "customerGroup": "nobody-" + p.word}}).equal(t, "error.details.0.field", "customerGroup")
	list := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin,
		body: object{"name": "Trade " + p.word, "type": "override", "status": "active", "customerGroup": code}}).text(t, "data.id")
	s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/price-lists/" + list + "/prices", token: s.admin,
		body: object{"prices": []object{{"sku": p.variants[0].sku, "currency": "EUR", "amount": 700}}}})

	email := unique() + "@example.com"
	registered := s.want(t, http.StatusCreated, request{method: "POST", path: "/store/v1/customers/register", body: object{"email": email, "password": password}})
	customer := "/admin/v1/customers/" + registered.text(t, "data.id")
	join := func(ids ...string) {
		s.shape(t, s.want(t, http.StatusOK, request{method: "PUT", path: customer + "/groups", token: s.admin, body: object{"groupIds": append([]string{}, ids...)}}), "data", "adminCustomer")
	}
	s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: customer + "/groups", token: s.admin, body: object{"groupIds": []string{list}}}).
		equal(t, "error.details.0.field", "groupIds[0]")
	join(group, group)
	found := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/customers?groupId=" + group, token: s.admin})
	found.equal(t, "meta.total", 1)
	found.equal(t, "data.0.groups.0.code", code)
	s.want(t, http.StatusConflict, request{method: "DELETE", path: path, token: s.admin}).equal(t, "error.code", "identity.customer_group_in_use")

	login := func() (token, cookie string) {
		in := s.want(t, http.StatusOK, request{method: "POST", path: "/store/v1/customers/login", body: object{"email": email, "password": password}})
		return in.text(t, "data.accessToken"), refreshCookie(t, in)
	}
	token, cookie := login()
	t.Run("pages do not mix", func(t *testing.T) { s.groupPages(t, p, token) })
	t.Run("searches are narrowed by the group's price", func(t *testing.T) {
		s.eventually(t, settled, "only the group finds it at the group's price", func() error {
			for who, want := range map[string]string{"": "0", token: "1"} {
				a := s.do(t, request{method: "GET", path: "/store/v1/search?sort=price&minPrice=650&maxPrice=750&q=" + p.word, token: who})
				if got, _ := lookup(a.doc, "meta.total"); fmt.Sprint(got) != want {
					return fmt.Errorf("signed in %t: %v are found", who != "", got)
				}
			}
			return nil
		})
	})
	t.Run("a forged group is none", func(t *testing.T) {
		parts := strings.Split(token, ".")
		claims, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		forged := strings.Replace(string(claims), code, "other-group", 1)
		if forged == string(claims) {
			t.Fatalf("the token does not name the group: %s", claims)
		}
		parts[1] = base64.RawURLEncoding.EncodeToString([]byte(forged))
		for _, bad := range []string{strings.Join(parts, "."), s.admin, "x"} {
			s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + p.slug, token: bad}).equal(t, "data.variants.0.price.amount", 1000)
		}
	})

	// A guest's cart that is taken over costs what the group pays; once the group is left, the buyer sees the new price first.
	c := s.newCart(t)
	s.want(t, http.StatusCreated, request{method: "POST", path: c.path("/items"), cart: c.token, body: object{"variantId": p.variants[0].id, "quantity": 2}}).
		equal(t, "data.items.0.unitPrice.amount", 1000)
	taken := s.want(t, http.StatusOK, request{method: "PATCH", path: c.path(""), cart: c.token, token: token, body: object{}})
	taken.equal(t, "data.items.0.unitPrice.amount", 700)
	s.makeReady(t, c) // by the token alone, as everybody
	s.want(t, http.StatusOK, request{method: "PATCH", path: c.path(""), token: token, body: object{}}).equal(t, "data.totals.subtotal.amount", 1400)
	join()
	renewed := s.want(t, http.StatusOK, request{method: "POST", path: "/store/v1/customers/refresh", header: map[string]string{"Cookie": cookie}})
	token = renewed.text(t, "data.accessToken")
	order := request{method: "POST", path: c.path("/checkout"), token: token, body: object{"paymentMethod": "manual"}}
	order.key = unique()
	s.want(t, http.StatusConflict, order).equal(t, "error.details.0.now", 1000)
	order.key = unique()
	s.want(t, http.StatusCreated, order).equal(t, "data.totals.subtotal.amount", 2000)

	kept := s.want(t, http.StatusConflict, request{method: "DELETE", path: path, token: s.admin})
	kept.equal(t, "error.details.0.priceListId", list)
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/price-lists/" + list, token: s.admin})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "GET", path: path, token: s.admin})
}

// groupPages reads the same pages as everybody and as the group, over and over, so that kept bytes are read as well.
func (s *suite) groupPages(t *testing.T, p product, token string) {
	t.Helper()
	for _, page := range []struct{ path, at string }{
		{"/store/v1/products/" + p.slug, "data.variants.0.price.amount"},
		{"/store/v1/products?q=" + p.word, "data.0.variants.0.price.amount"},
		{"/store/v1/search?q=" + p.word, "data.0.variants.0.price.amount"},
	} {
		read := func(token, match string) answer {
			return s.do(t, request{method: "GET", path: page.path, token: token, header: map[string]string{"If-None-Match": match}})
		}
		s.eventually(t, settled, page.path+" shows the price of each", func() error {
			all, trade := read("", ""), read(token, "")
			for range 2 {
				all, trade = read("", trade.header.Get("ETag")), read(token, all.header.Get("ETag"))
				for who, a := range map[string]answer{"everybody": all, "the group": trade} {
					want, audience := 1000, "public"
					if who == "the group" {
						want, audience = 700, "private"
					}
					if got, _ := lookup(a.doc, page.at); fmt.Sprint(got) != fmt.Sprint(want) {
						return fmt.Errorf("%s got %d with the price %v, want %d", who, a.status, got, want)
					}
					if !strings.HasPrefix(a.header.Get("Cache-Control"), audience) || !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Authorization") {
						return fmt.Errorf("%s got Cache-Control %q and Vary %q", who, a.header.Get("Cache-Control"), a.header.Values("Vary"))
					}
				}
				if read(token, trade.header.Get("ETag")).status != http.StatusNotModified || read("", all.header.Get("ETag")).status != http.StatusNotModified {
					return fmt.Errorf("a page is not revalidated")
				}
			}
			return nil
		})
	}
}
