// Package scale holds whole shops to costs that do not grow with what is in them.
package scale

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/test/housetest"
)

// Lists are measured with few of everything, and with many.
const (
	few  = 3
	many = 24
)

// TestListsCostTheSame reads every list of both surfaces with few and with many of everything: what is listed, and what hangs
// on it, is read by as many statements. The lists are those of the OpenAPI documents, so a new one has to be filled here.
func TestListsCostTheSame(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.grow(0, few)
	small := s.measure()
	s.grow(few, many)
	large := s.measure()
	for _, path := range slices.Sorted(maps.Keys(large)) {
		t.Logf("%-66s %3d items %2d statements, %3d items %2d statements", path, small[path].items, small[path].statements, large[path].items, large[path].statements)
		if large[path].statements > small[path].statements {
			t.Errorf("%s takes %d statements for %d items and %d for %d", path, small[path].statements, small[path].items, large[path].statements, large[path].items)
		}
		if !mayStaySmall(path) && large[path].items <= small[path].items {
			t.Errorf("%s lists %d items of few and %d of many: nothing was measured", path, small[path].items, large[path].items)
		}
	}
	s.pages()
}

// mayStaySmall are the lists that this test does not fill, or fills from the beginning.
func mayStaySmall(path string) bool {
	return slices.Contains([]string{
		"/admin/v1/jobs/{id}/pictures", "/admin/v1/products/{id}/variants", "/admin/v1/products/{id}/variants/{variantId}/files",
		"/admin/v1/search/rebuilds",
		"/store/v1/carts/{id}/shipping-rates", "/store/v1/orders/{id}/downloads",
	}, path)
}

type shop struct {
	t        *testing.T
	pid      int // of the first process
	url      string
	client   *http.Client
	admin    string // access tokens
	customer string
	ids      map[string]string // by the beginning of a path
	variants map[string]string
	cart     [2]string // id and token
	lists    []string
}

type cost struct{ items, statements int64 }

func open(t *testing.T) *shop {
	t.Helper()
	return openAs(t, []string{"all"})
}

func openAs(t *testing.T, targets []string) *shop {
	t.Helper()
	house := housetest.NewGround(t).Start(housetest.Binary(t), targets, "SOVECOM_GATEWAY_CACHE_MIB=0")
	s := &shop{t: t, pid: house.Room(targets[0]).PID(), url: house.URL, client: housetest.HTTP(t, 4), ids: map[string]string{}, variants: map[string]string{}}
	s.admin = s.post("/admin/v1/auth/login", "", object{"email": housetest.Email, "password": housetest.Password}).text("accessToken")
	for _, surface := range []string{"admin", "store"} {
		var document struct {
			Paths map[string]map[string]struct {
				Parameters []struct{ Name string }
			}
		}
		must(json.Unmarshal(s.read("/openapi/"+surface+".v1.json", ""), &document))(t)
		for path, operations := range document.Paths {
			if slices.ContainsFunc(operations["get"].Parameters, func(p struct{ Name string }) bool { return p.Name == "cursor" }) {
				s.lists = append(s.lists, path)
			}
		}
	}
	return s
}

type object map[string]any

// answer is the data of an answer.
type answer struct {
	t *testing.T
	object
}

func (a answer) text(name string) string {
	a.t.Helper()
	text, ok := a.object[name].(string)
	if !ok {
		a.t.Fatalf("no %s in %v", name, a.object)
	}
	return text
}

// send makes a call and returns the data of its answer, which has to be one of success.
func (s *shop) send(method, path, token string, contentType string, body io.Reader, header ...string) answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	must(err)(s.t)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	must(err)(s.t)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(err)(s.t)
	if res.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, raw)
	}
	var doc struct{ Data object }
	if res.StatusCode != http.StatusNoContent {
		must(json.Unmarshal(raw, &doc))(s.t)
	}
	return answer{s.t, doc.Data}
}

func (s *shop) json(method, path, token string, body object, header ...string) answer {
	s.t.Helper()
	raw, err := json.Marshal(body)
	must(err)(s.t)
	return s.send(method, path, token, "application/json", bytes.NewReader(raw), header...)
}

func (s *shop) post(path, token string, body object, header ...string) answer {
	s.t.Helper()
	return s.json("POST", path, token, body, header...)
}

func (s *shop) read(path, token string, header ...string) []byte {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), "GET", s.url+path, http.NoBody)
	must(err)(s.t)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	must(err)(s.t)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(err)(s.t)
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d %s", path, res.StatusCode, raw)
	}
	return raw
}

func locales() []string {
	return strings.Fields("de fr es it nl pl pt sv da fi cs sk sl hu ro bg el hr et lv lt ga mt nb is sq mk sr")
}

// grow fills the shop with everything from the first-th to the last.
func (s *shop) grow(first, last int) {
	s.t.Helper()
	admin := func(method, path string, body object) answer { return s.json(method, "/admin/v1"+path, s.admin, body) }
	if first == 0 {
		s.begin(admin)
	}
	categories, tags := []string{}, []string{}
	for i := first; i < last; i++ {
		n := strconv.Itoa(i)
		categories = append(categories, admin("POST", "/categories", object{"name": "Category " + n, "parentId": s.ids["/admin/v1/categories"]}).text("id"))
		tags = append(tags, admin("POST", "/tags", object{"name": "Tag " + n}).text("id"))
		brand := admin("POST", "/brands", object{"name": "Brand " + n}).text("id")
		admin("POST", "/pages", object{"title": "Page " + n, "key": "page-" + n, "body": "# Page " + n, "locale": "en", "status": "published"})
		admin("POST", "/collections", object{"name": "Collection " + n, "status": "published"})
		admin("POST", "/attributes", object{"code": "attribute_" + n, "name": "A", "type": "select", "filterable": true, "options": []object{{"value": "a", "label": "A"}, {"value": "b", "label": "B"}}})
		group := admin("POST", "/customer-groups", object{"code": "group-" + n, "name": "Group " + n}).text("code")
		admin("POST", "/users", object{"email": "staff" + n + "@example.com", "name": "Staff", "role": "staff", "password": housetest.Password})
		admin("POST", "/price-lists", object{"name": "List " + n, "type": "override", "customerGroup": group})
		admin("POST", "/search/synonyms", object{"terms": []string{"word" + n, "other" + n}})
		admin("POST", "/search/rules", object{"name": "Rule " + n, "query": "query " + n, "pinned": []string{s.ids["/admin/v1/products"]}})
		admin("PUT", "/search/stop-words/"+locales()[i], object{"words": []string{"stop" + n}})
		text := "T " + n
		for _, of := range []string{"products", "categories", "collections", "tags", "brands", "attributes"} {
			name := "name"
			if of == "products" {
				name = "title"
			}
			admin("PUT", "/"+of+"/"+s.ids["/admin/v1/"+of]+"/translations/"+locales()[i], object{name: text})
		}
		admin("POST", "/inventory/"+s.variants["/admin/v1/inventory"]+"/adjustments", object{"delta": 1, "reason": "received"})
		admin("PATCH", "/products/"+s.ids["/admin/v1/products"]+"/variants/"+s.variants["/admin/v1/products"], object{"price": object{"amount": 2000 + i, "currency": "EUR"}})
		s.upload(n)
		var variants []object
		for _, size := range []string{"S", "M", "L"} {
			variants = append(variants, object{"sku": "P" + n + size, "options": object{"size": size}, "price": object{"amount": 1000 + i, "currency": "EUR"}, "stock": 5,
				"attributes": object{"attribute_0": "a"}})
		}
		p := admin("POST", "/products", object{
			"title": "Product " + n, "status": "published", "options": []object{{"name": "size", "values": []string{"S", "M", "L"}}}, "variants": variants,
			"categoryIds": categories, "tagIds": tags, "brandId": brand, "attributes": object{"attribute_0": "a", "attribute_" + n: "b"},
		}).text("id")
		admin("POST", "/collections/"+s.ids["/admin/v1/collections"]+"/products", object{"productIds": []string{p}})
		s.buy(i)
		s.post("/store/v1/customers/register", "", object{"email": "customer" + n + "@example.com", "password": housetest.Password})
		s.send("POST", "/admin/v1/exports/products", s.admin, "", http.NoBody)
		// Another address for each: nobody listens there, and nothing is sent of what does not happen.
		admin("POST", "/webhooks/subscriptions", object{"url": "http://127.0.0.1:9/hook-" + n, "events": []string{"order.refunded"}})
	}
	s.load(last)
	admin("PUT", "/price-lists/"+s.ids["/admin/v1/price-lists"]+"/prices", object{"prices": s.prices(last)})
	housetest.Within(s.t, time.Minute, "the search index follows", func() error {
		if n := s.items("/store/v1/search?limit=100"); n < int64(last) {
			return fmt.Errorf("%d products are found", n)
		}
		return nil
	})
}

// begin makes what the lists of one thing belong to: a product of very many variants, a category, a collection, a list of
// prices, a cart and a customer.
func (s *shop) begin(admin func(method, path string, body object) answer) {
	s.t.Helper()
	s.speak()
	// Nobody listens there; deliveries wait.
	admin("POST", "/webhooks/subscriptions", object{"url": "http://127.0.0.1:9/hook", "events": []string{"product.created"}})
	s.ids["/admin/v1/categories"] = admin("POST", "/categories", object{"name": "All"}).text("id")
	s.ids["/admin/v1/collections"] = admin("POST", "/collections", object{"name": "Chosen", "status": "published"}).text("id")
	s.ids["/admin/v1/tags"] = admin("POST", "/tags", object{"name": "Chosen"}).text("id")
	s.ids["/admin/v1/brands"] = admin("POST", "/brands", object{"name": "Chosen"}).text("id")
	s.ids["/admin/v1/attributes"] = admin("POST", "/attributes", object{"code": "chosen", "name": "Chosen", "type": "text"}).text("id")
	s.ids["/admin/v1/price-lists"] = admin("POST", "/price-lists", object{"name": "Wide", "type": "override", "channel": "wide"}).text("id")
	var variants []object
	for i := range 150 {
		variants = append(variants, object{"sku": fmt.Sprint("WIDE-", i), "options": object{"size": fmt.Sprint(i)}, "price": object{"amount": 1000 + i, "currency": "EUR"}, "stock": 100})
	}
	wide := admin("POST", "/products", object{"title": "Wide", "status": "published", "variants": variants})
	s.ids["/admin/v1/products"] = wide.text("id")
	one, _ := wide.object["variants"].([]any)[0].(map[string]any)
	id, _ := one["id"].(string)
	s.variants["/admin/v1/products"], s.variants["/admin/v1/inventory"] = id, id
	who := object{"email": "ada@example.com", "password": housetest.Password}
	s.post("/store/v1/customers/register", "", who)
	s.customer = s.post("/store/v1/customers/login", "", who).text("accessToken")
	housetest.Within(s.t, time.Minute, "the stock is booked", func() error {
		if level := admin("GET", "/inventory/"+id, nil); level.object["onHand"] != 100.0 {
			return fmt.Errorf("it is %v", level.object)
		}
		return nil
	})
}

// speak lets the shop speak many languages.
func (s *shop) speak() {
	s.t.Helper()
	current := s.send("GET", "/admin/v1/settings/locales", s.admin, "", http.NoBody)
	var others []object
	for _, code := range locales() {
		others = append(others, object{"code": code})
	}
	s.json("PUT", "/admin/v1/settings/locales", s.admin, object{"defaultLocale": current.text("defaultLocale"), "locales": others})
}

// prices are those of a list, of the first n variants of the wide product.
func (s *shop) prices(n int) []object {
	var out []object
	for i := range n {
		out = append(out, object{"sku": fmt.Sprint("WIDE-", i), "currency": "EUR", "amount": 500 + i})
	}
	return out
}

func (s *shop) upload(n string) {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "picture-"+n+".png")
	must(err)(s.t)
	number, err := strconv.Atoi(n)
	must(err)(s.t)
	must(png.Encode(part, image.NewGray(image.Rect(0, 0, 40+number, 30))))(s.t) // none like another
	must(form.Close())(s.t)
	s.send("POST", "/admin/v1/media", s.admin, form.FormDataContentType(), &body)
}

// load sends a file with as many wrong lines.
func (s *shop) load(wrong int) {
	s.t.Helper()
	file := "product_slug,title,variant_sku,price\n" + strings.Repeat("bad,Bad,SKU,none\n", wrong)
	job := s.send("POST", "/admin/v1/imports/products", s.admin, "text/csv", strings.NewReader(file)).text("id")
	s.ids["/admin/v1/jobs"] = job
	housetest.Within(s.t, time.Minute, "the file is read", func() error {
		if status := s.send("GET", "/admin/v1/jobs/"+job, s.admin, "", http.NoBody).text("status"); status == "queued" || status == "running" {
			return fmt.Errorf("the job is %s", status)
		}
		return nil
	})
}

// buy places an order of the customer.
func (s *shop) buy(i int) {
	s.t.Helper()
	made := s.post("/store/v1/carts", s.customer, object{"currency": "EUR"})
	path, token := "/store/v1/carts/"+made.text("id"), made.text("token")
	cart := []string{"X-Cart-Token", token}
	s.post(path+"/items", s.customer, object{"variantId": s.variants["/admin/v1/products"], "quantity": 1}, cart...)
	s.json("PUT", path+"/email", s.customer, object{"email": "ada@example.com"}, cart...)
	s.json("PUT", path+"/shipping-address", s.customer, object{"name": "Ada", "line1": "1 rue du Test", "city": "Paris", "postalCode": "75001", "country": "FR"}, cart...)
	var rates struct{ Data []struct{ ID string } }
	must(json.Unmarshal(s.read(path+"/shipping-rates", s.customer, cart...), &rates))(s.t)
	s.json("PUT", path+"/shipping-method", s.customer, object{"shippingRateId": rates.Data[0].ID}, cart...)
	if s.cart[0] == "" {
		s.cart = [2]string{made.text("id"), token} // stays a cart
		s.buy(i)
		return
	}
	s.ids["/store/v1/orders"] = s.post(path+"/checkout", s.customer, object{"paymentMethod": "manual"}, append(cart, "Idempotency-Key", made.text("id"))...).text("id")
}

var metric = regexp.MustCompile(`(?m)^sovecom_sql_statements_total\{[^}]*\} ([0-9.e+]+)$`)

// statements is how many the shop has sent since its start.
func (s *shop) statements() int64 {
	s.t.Helper()
	var sum int64
	for _, m := range metric.FindAllSubmatch(s.read("/metrics", ""), -1) {
		n, err := strconv.ParseFloat(string(m[1]), 64)
		must(err)(s.t)
		sum += int64(n)
	}
	return sum
}

// address is where a list is of the documents, with who may read it.
func (s *shop) address(path string) (at, token string, header []string) {
	s.t.Helper()
	at = strings.ReplaceAll(path, "{variantId}", s.variants[strings.Join(strings.Split(path, "/")[:4], "/")])
	if strings.Contains(at, "{id}") {
		of := strings.Join(strings.Split(path, "/")[:4], "/")
		which := s.ids[of]
		if of == "/store/v1/carts" {
			which, header = s.cart[0], []string{"X-Cart-Token", s.cart[1]}
		}
		at = strings.ReplaceAll(at, "{id}", which)
	}
	switch {
	case strings.HasPrefix(path, "/admin"):
		token = s.admin
	case strings.HasPrefix(path, "/store/v1/orders"), strings.HasPrefix(path, "/store/v1/carts"):
		token = s.customer
	}
	return at, token, header
}

type listed struct {
	Data []map[string]any
	Meta struct {
		Total      int
		NextCursor *string
	}
}

func (s *shop) list(at, token string, header ...string) listed {
	s.t.Helper()
	var out listed
	must(json.Unmarshal(s.read(at, token, header...), &out))(s.t)
	return out
}

func (s *shop) items(at string) int64 { return int64(len(s.list(at, "").Data)) }

// measure reads every list. Rooms have work of their own, too, so the least of several readings counts.
func (s *shop) measure() map[string]cost {
	s.t.Helper()
	out := map[string]cost{}
	for _, path := range s.lists {
		at, token, header := s.address(path)
		c := cost{statements: 1 << 30}
		for range 12 {
			before := s.statements()
			c.items = int64(len(s.list(at+"?limit=100", token, header...).Data))
			c.statements = min(c.statements, s.statements()-before)
		}
		out[path] = c
	}
	return out
}

// pages walks every list in pages of two: none holds more, and the cursor leads on to others. No product shows more variants
// in a list than a hundred.
func (s *shop) pages() {
	s.t.Helper()
	for _, path := range s.lists {
		at, token, header := s.address(path)
		first := s.list(at+"?limit=2", token, header...)
		if len(first.Data) > 2 || (first.Meta.NextCursor == nil) != (first.Meta.Total <= 2) {
			s.t.Errorf("%s shows %d of %d on a page of 2, and goes on: %v", path, len(first.Data), first.Meta.Total, first.Meta.NextCursor != nil)
		}
		if first.Meta.NextCursor != nil {
			second := s.list(at+"?limit=2&cursor="+*first.Meta.NextCursor, token, header...)
			if len(second.Data) == 0 || fmt.Sprint(first.Data[0]) == fmt.Sprint(second.Data[0]) {
				s.t.Errorf("%s: the second page is %v", path, second.Data)
			}
		}
		for _, one := range s.list(at+"?limit=100", token, header...).Data {
			if variants, _ := one["variants"].([]any); len(variants) > 100 {
				s.t.Errorf("%s shows %d variants of one product", path, len(variants))
			}
		}
	}
}

func must(err error) func(t testing.TB) {
	return func(t testing.TB) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}
