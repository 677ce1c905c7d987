package attack

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gateway"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// trusting believes the forwarding headers of the tests' own address.
func trusting() options {
	return options{config: func(c *gateway.Config) { c.TrustedProxies = []string{"127.0.0.1", "::1"} }}
}

func allowing(origin string) options {
	return options{config: func(c *gateway.Config) { c.AllowedOrigins = []string{origin} }}
}

// The error table: what strangers send, and what they are told.
func TestErrorTable(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	staff := map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "owner", tenant.Default())}
	cart := "/store/v1/carts/" + id.New().String()
	text := func(kind string) map[string]string { return map[string]string{"Content-Type": kind} }
	item := `{"variantId":"01890000-0000-7000-8000-000000000000","quantity":1}`
	for name, row := range map[string]struct {
		try
		status      int
		code, field string
	}{
		"unknown route":        {try{"GET", "/store/v1/nonsense", "", nil}, 404, "request.route_not_found", ""},
		"outside":              {try{"GET", "/nonsense", "", nil}, 404, "request.route_not_found", ""},
		"wrong method":         {try{"DELETE", "/store/v1/products", "", nil}, 405, "request.method_not_allowed", ""},
		"malformed id":         {try{"GET", "/store/v1/carts/x", "", nil}, 404, "request.id_not_found", ""},
		"upper-case id":        {try{"GET", "/store/v1/carts/01890000-0000-7000-8000-00000000AAAA", "", nil}, 404, "request.id_not_found", ""},
		"NUL in a slug":        {try{"GET", "/store/v1/products/a%00b", "", nil}, 404, "", ""},
		"bad UTF-8 in a slug":  {try{"GET", "/store/v1/products/%ff", "", nil}, 404, "", ""},
		"climbing slug":        {try{"GET", "/store/v1/products/..%2F..%2Fadmin", "", nil}, 404, "", ""},
		"unknown parameter":    {try{"GET", "/store/v1/products?nonsense=1", "", nil}, 400, "request.bad_query", "nonsense"},
		"other letters":        {try{"GET", "/store/v1/products?Limit=1", "", nil}, 400, "request.bad_query", "Limit"},
		"given twice":          {try{"GET", "/store/v1/products?limit=1&limit=2", "", nil}, 400, "request.bad_query", "limit"},
		"limit 0":              {try{"GET", "/store/v1/products?limit=0", "", nil}, 400, "request.bad_query", "limit"},
		"limit 101":            {try{"GET", "/store/v1/products?limit=101", "", nil}, 400, "request.bad_query", "limit"},
		"limit of text":        {try{"GET", "/store/v1/products?limit=ten", "", nil}, 400, "request.bad_query", "limit"},
		"the id of nothing":    {try{"POST", "/store/v1/carts/00000000-0000-0000-0000-000000000000/items", item, nil}, 404, "request.id_not_found", ""},
		"no UTF-8 in a body":   {try{"PUT", cart + "/email", "{\"email\":\"caf\xe9@example.com\"}", nil}, 400, "request.encoding", ""},
		"a body for nothing":   {try{"POST", "/admin/v1/orders/" + productID + "/cancel", `{"nonsense":1}`, staff}, 422, "request.invalid", "nonsense"},
		"a key for nothing":    {try{"POST", "/admin/v1/jobs/" + productID + "/cancel", `{"nonsense":1}`, staff}, 422, "request.invalid", "nonsense"},
		"noise for nothing":    {try{"POST", "/admin/v1/jobs/" + productID + "/cancel", `nonsense`, staff}, 400, "request.not_json", ""},
		"limit beyond int":     {try{"GET", "/store/v1/products?limit=99999999999999999999", "", nil}, 400, "request.bad_query", "limit"},
		"unknown sort":         {try{"GET", "/store/v1/products?sort=sku", "", nil}, 400, "request.bad_query", "sort"},
		"negative price":       {try{"GET", "/store/v1/products?minPrice=-1", "", nil}, 400, "request.bad_query", "minPrice"},
		"maybe in stock":       {try{"GET", "/store/v1/products?inStock=maybe", "", nil}, 400, "request.bad_query", "inStock"},
		"malformed category":   {try{"GET", "/store/v1/products?categoryId=x", "", nil}, 400, "request.bad_query", "categoryId"},
		"forged cursor":        {try{"GET", "/store/v1/products?cursor=forged", "", nil}, 400, "", "cursor"},
		"NUL in a query":       {try{"GET", "/store/v1/products?q=%00", "", nil}, 400, "request.bad_query", "q"},
		"bad UTF-8 in a query": {try{"GET", "/store/v1/products?q=%ff", "", nil}, 400, "request.bad_query", "q"},
		"bad escape":           {try{"GET", "/store/v1/products?q=%zz", "", nil}, 400, "request.bad_query", ""},
		"bad time":             {try{"GET", "/admin/v1/orders?from=yesterday", "", staff}, 400, "request.bad_query", "from"},
		"half a document":      {try{"POST", cart + "/items", `{"variantId":`, nil}, 400, "request.not_json", ""},
		"a document and more":  {try{"POST", cart + "/items", item + " {}", nil}, 400, "request.not_json", ""},
		"too deep":             {try{"POST", cart + "/items", strings.Repeat("[", 20000) + strings.Repeat("]", 20000), nil}, 400, "request.not_json", ""},
		"an array":             {try{"POST", cart + "/items", `[]`, nil}, 422, "request.invalid", ""},
		"null":                 {try{"POST", cart + "/items", `null`, nil}, 422, "request.invalid", ""},
		"a form":               {try{"POST", cart + "/items", "a=b", text("application/x-www-form-urlencoded")}, 415, "request.media_type", ""},
		"plain text":           {try{"POST", cart + "/items", item, text("text/plain")}, 415, "request.media_type", ""},
		"too large":            {try{"POST", cart + "/items", item + strings.Repeat(" ", 1<<20), nil}, 413, "request.too_large", ""},
		"unknown key":          {try{"POST", cart + "/items", `{"nonsense":1,` + item[1:], nil}, 422, "request.invalid", "nonsense"},
		"key in other letters": {try{"POST", cart + "/items", strings.Replace(item, "quantity", "Quantity", 1), nil}, 422, "request.invalid", "Quantity"},
		"missing key":          {try{"POST", cart + "/items", `{"quantity":1}`, nil}, 422, "request.invalid", "variantId"},
		"malformed variant":    {try{"POST", cart + "/items", `{"variantId":"x","quantity":1}`, nil}, 422, "request.invalid", "variantId"},
		"quantity 0":           {try{"POST", cart + "/items", strings.Replace(item, ":1}", ":0}", 1), nil}, 422, "request.invalid", "quantity"},
		"quantity 10001":       {try{"POST", cart + "/items", strings.Replace(item, ":1}", ":10001}", 1), nil}, 422, "request.invalid", "quantity"},
		"half a unit":          {try{"POST", cart + "/items", strings.Replace(item, ":1}", ":1.5}", 1), nil}, 422, "request.invalid", "quantity"},
		"units in words":       {try{"POST", cart + "/items", strings.Replace(item, ":1}", `:"1"}`, 1), nil}, 422, "request.invalid", "quantity"},
		"units of null":        {try{"POST", cart + "/items", strings.Replace(item, ":1}", `:null}`, 1), nil}, 422, "request.invalid", "quantity"},
		"1e30 units":           {try{"POST", cart + "/items", strings.Replace(item, ":1}", `:1e30}`, 1), nil}, 422, "request.invalid", "quantity"},
		"1e0 units":            {try{"POST", cart + "/items", strings.Replace(item, ":1}", `:1e0}`, 1), nil}, 422, "request.invalid", "quantity"},
		"1.0 units":            {try{"POST", cart + "/items", strings.Replace(item, ":1}", `:1.0}`, 1), nil}, 422, "request.invalid", "quantity"},
		"NUL in a text":        {try{"PUT", cart + "/email", `{"email":"a\u0000@example.com"}`, nil}, 422, "request.invalid", "email"},
		"no e-mail":            {try{"PUT", cart + "/email", `{"email":"ada"}`, nil}, 422, "request.invalid", "email"},
		"two e-mails":          {try{"PUT", cart + "/email", `{"email":"ada@example.com, eve@example.com"}`, nil}, 422, "request.invalid", "email"},
		"nested amount": {try{"POST", "/admin/v1/products", `{"title":"T","variants":[{"price":{"amount":-1,"currency":"EUR"}}]}`, staff},
			422, "request.invalid", "variants[0].price.amount"},
		"nested unknown key": {try{"POST", "/admin/v1/products", `{"title":"T","variants":[{"nonsense":1,"price":{"amount":1,"currency":"EUR"}}]}`, staff},
			422, "request.invalid", "variants[0].nonsense"},
		"nested missing key": {try{"POST", "/admin/v1/products", `{"title":"T","variants":[{"price":{"amount":1}}]}`, staff},
			422, "request.invalid", "variants[0].price.currency"},
		"malformed id in a list": {try{"POST", "/admin/v1/products", `{"title":"T","categoryIds":["x"]}`, staff}, 422, "request.invalid", "categoryIds[0]"},
		"null for a title":       {try{"PATCH", "/admin/v1/products/" + productID, `{"title":null}`, staff}, 422, "request.invalid", "title"},
		"stale":                  {try{"PATCH", "/admin/v1/products/" + productID, `{"title":"T"}`, with(staff, "If-Match", `"nonsense"`)}, 412, "", ""},
		// Whoever names prices in a body must not lose all prices of the list.
		"a body to delete by": {try{"DELETE", "/admin/v1/price-lists/" + productID + "/prices", `{"prices":[]}`, staff}, 422, "request.invalid", "prices"},
		"a text to delete by": {try{"DELETE", "/admin/v1/products/" + productID, `nonsense`, staff}, 400, "request.not_json", ""},
		"weak":                {try{"DELETE", "/admin/v1/products/" + productID, ``, with(staff, "If-Match", `W/"3"`)}, 412, "", ""},
		"not signed in":       {try{"GET", "/store/v1/customers/me", "", nil}, 401, "auth.unauthenticated", ""},
		"another scheme":      {try{"GET", "/store/v1/customers/me", "", map[string]string{"Authorization": "Basic eA=="}}, 401, "auth.unauthenticated", ""},
		"no refresh cookie":   {try{"POST", "/store/v1/customers/refresh", "", nil}, 401, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := s.want(t, row.status, row.try)
			if row.code != "" && a.code() != row.code {
				t.Errorf("the code is %s, want %s", a.code(), row.code)
			}
			if row.field != "" && !slices.Contains(a.fields(), row.field) {
				t.Errorf("no detail names %s: %s", row.field, a.body)
			}
			for _, leak := range []string{"goroutine", ".go:", "huma", "pgx", "proto:", "mail:", "parse "} {
				if strings.Contains(a.body, leak) {
					t.Errorf("it lets %q out: %s", leak, a.body)
				}
			}
		})
	}
}

func with(header map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	for k, v := range header {
		out[k] = v
	}
	return out
}

// operation is what the OpenAPI document says of a route.
type operation struct {
	method, path, permission string
}

func operations(t *testing.T, g *gateway.Gateway, surface string) []operation {
	t.Helper()
	document, err := g.OpenAPI(surface)
	must(t, err)
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	must(t, json.Unmarshal(document, &doc))
	var out []operation
	for path, item := range doc.Paths {
		for method, raw := range item {
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				continue
			}
			var op struct {
				Permission string `json:"x-permission"`
			}
			must(t, json.Unmarshal(raw, &op))
			out = append(out, operation{strings.ToUpper(method), path, op.Permission})
		}
	}
	return out
}

var docRow = regexp.MustCompile(`(?m)^//\t(GET|POST|PUT|PATCH|DELETE)\s+(/\S+)`)

// Every route the SDK documents is served, and nothing else.
func TestEveryDocumentedRouteIsServed(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	for surface, file := range map[string]string{"store": "../../sdk/storev1/doc.go", "admin": "../../sdk/adminv1/doc.go"} {
		text, err := os.ReadFile(file)
		must(t, err)
		var documented, served []string
		for _, row := range docRow.FindAllStringSubmatch(string(text), -1) {
			documented = append(documented, row[1]+" /"+surface+"/v1"+row[2])
		}
		for _, op := range operations(t, s.Gateway, surface) {
			served = append(served, op.method+" "+op.path)
		}
		slices.Sort(documented)
		slices.Sort(served)
		if len(documented) < 20 || !slices.Equal(documented, served) {
			t.Errorf("%s: documented\n%s\nserved\n%s", surface, strings.Join(documented, "\n"), strings.Join(served, "\n"))
		}
	}
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// The matrix: nobody without a staff token of this shop gets past any admin route, and no role past its permissions.
func TestAuthMatrix(t *testing.T) {
	t.Parallel()
	s := open(t, options{media: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })})
	here, elsewhere := tenant.Default(), id.New()
	good := map[string]string{}
	for _, role := range []string{"owner", "admin", "staff", "nonsense"} {
		good[role] = s.token(t, auth.Staff, role, here)
	}
	strangers := map[string]string{
		"nobody": "", "a word": "x", "a customer": s.token(t, auth.Customer, "owner", here), "staff of another shop": s.token(t, auth.Staff, "owner", elsewhere),
		"another room": s.token(t, auth.Service, "", here), "forged": good["owner"] + "x",
	}
	checked := 0
	for _, op := range operations(t, s.Gateway, "admin") {
		if strings.HasPrefix(op.path, "/admin/v1/auth/") && op.path != "/admin/v1/auth/me" {
			continue
		}
		checked++
		call := func(token string) reply {
			r := try{method: op.method, path: parameter.ReplaceAllString(op.path, id.New().String()), header: map[string]string{}}
			if token != "" {
				r.header["Authorization"] = "Bearer " + token
			}
			return s.do(t, r)
		}
		for who, token := range strangers {
			if a := call(token); a.status != http.StatusUnauthorized {
				t.Errorf("%s %s as %s: %d %s", op.method, op.path, who, a.status, a.body)
			}
		}
		for role, token := range good {
			a := call(token)
			may := op.permission == "" || slices.Contains(auth.Permissions(role), op.permission)
			if denied := a.status == http.StatusForbidden; denied == may || a.status == http.StatusUnauthorized {
				t.Errorf("%s %s (%s) as %s: %d %s", op.method, op.path, op.permission, role, a.status, a.body)
			} else if denied && !strings.Contains(a.body, `{"permission":"`+op.permission+`"}`) {
				t.Errorf("%s %s: the missing permission is not named: %s", op.method, op.path, a.body)
			}
		}
	}
	if checked < 50 {
		t.Errorf("only %d routes were checked", checked)
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	plain, proxied := open(t, options{}), open(t, trusting())
	for name, row := range map[string]struct {
		shop   *shop
		header map[string]string
		secure bool
	}{
		"loopback":              {plain, nil, false},
		"a name":                {plain, map[string]string{"Host": "shop.example"}, true},
		"https by a proxy":      {proxied, map[string]string{"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}, true},
		"https by a stranger":   {plain, map[string]string{"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}, false},
		"loopback in disguise":  {plain, map[string]string{"Host": "127.0.0.1.example.com"}, true},
		"localhost in disguise": {plain, map[string]string{"Host": "localhost.example.com"}, true},
	} {
		for path, body := range map[string]string{"/store/v1/carts": `{}`, "/store/v1/customers/login": `{"email":"a@example.com","password":"x"}`, "/admin/v1/auth/login": `{"email":"a@example.com","password":"x"}`} {
			a := row.shop.do(t, try{method: "POST", path: path, body: body, header: row.header})
			cookies := (&http.Response{Header: a.header}).Cookies()
			if len(cookies) != 1 {
				t.Errorf("%s %s: %d cookies: %s", name, path, len(cookies), a.body)
				continue
			}
			c := cookies[0]
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure != row.secure || c.Domain != "" || c.Value == "" {
				t.Errorf("%s %s: %s", name, path, c.Raw)
			}
		}
	}
}

// An access token that has run out does not keep its owner from signing in or renewing the session.
func TestAnEndedTokenDoesNotLockOut(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	ended := map[string]string{"Authorization": "Bearer x.y.z", "Cookie": "sov_customer=refresh-1; sov_staff=refresh-2"}
	login := `{"email":"a@example.com","password":"x"}`
	s.want(t, http.StatusOK, try{"POST", "/store/v1/customers/login", login, ended})
	s.want(t, http.StatusOK, try{"POST", "/store/v1/customers/refresh", "", ended})
	s.want(t, http.StatusOK, try{"POST", "/admin/v1/auth/login", login, ended})
}

// The limit is per client, whatever the client calls the shop or itself.
func TestTheLimitCannotBeWalkedAround(t *testing.T) {
	t.Parallel()
	for name, disguise := range map[string]func(i int) map[string]string{
		"plain": func(int) map[string]string { return nil },
		"host": func(i int) map[string]string {
			return map[string]string{"Host": "h" + string(rune('a'+i)) + ".example"}
		},
		"X-Forwarded-For": func(i int) map[string]string {
			return map[string]string{"X-Forwarded-For": "203.0.113." + string(rune('1'+i))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, options{config: func(c *gateway.Config) { c.RateLimit = 3 }})
			refused := 0
			for i := range 8 { // the window may turn once meanwhile
				a := s.do(t, try{method: "GET", path: "/store/v1/products/shirt", header: disguise(i)})
				if a.header.Get("RateLimit") == "" || a.header.Get("RateLimit-Policy") == "" {
					t.Errorf("no RateLimit: %v", a.header)
				}
				if a.status == http.StatusTooManyRequests {
					refused++
					a.check(t, try{})
					if a.header.Get("Retry-After") == "" {
						t.Error("no Retry-After")
					}
				}
			}
			if refused < 2 {
				t.Errorf("%d of 8 requests were refused at 3 a minute", refused)
			}
		})
	}
}

func TestPagesAreKeptUntilTheirEvent(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.Following(true)
	s.goods.title.Store("Linen shirt")
	product := try{method: "GET", path: "/store/v1/products/shirt"}
	first := s.want(t, http.StatusOK, product)
	asked := s.goods.asked.Load()
	again := s.want(t, http.StatusOK, product)
	if s.goods.asked.Load() != asked || again.body != first.body || again.header.Get("ETag") != first.header.Get("ETag") {
		t.Error("the page was rendered twice")
	}
	for _, condition := range []string{first.header.Get("ETag"), `"x", ` + first.header.Get("ETag"), "W/" + first.header.Get("ETag"), "*"} {
		if a := s.want(t, http.StatusNotModified, try{method: "GET", path: product.path, header: map[string]string{"If-None-Match": condition}}); a.body != "" || a.header.Get("ETag") != first.header.Get("ETag") {
			t.Errorf("%s: %v %q", condition, a.header, a.body)
		}
	}
	list := s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/products?limit=5&sort=price"})
	asked = s.goods.asked.Load()
	if same := s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/products?sort=price&limit=5"}); same.body != list.body || s.goods.asked.Load() != asked {
		t.Error("the same query in another order was rendered again")
	}

	s.goods.title.Store("Renamed")
	event, err := proto.Marshal(&catalogv1.ProductUpdated{ProductId: productID, Slug: "shirt"})
	must(t, err)
	s.Dropped("evt.catalog.product.updated", id.New(), event) // of another shop
	if a := s.want(t, http.StatusOK, product); a.body != first.body {
		t.Error("another shop's event dropped the page")
	}
	s.Dropped("evt.catalog.product.updated", tenant.Default(), event)
	if a := s.want(t, http.StatusOK, try{method: "GET", path: product.path, header: map[string]string{"If-None-Match": first.header.Get("ETag")}}); !strings.Contains(a.body, "Renamed") {
		t.Errorf("the old page outlived its event: %s", a.body)
	}
	if a := s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/products?limit=5&sort=price"}); !strings.Contains(a.body, "Renamed") {
		t.Errorf("the old list outlived its event: %s", a.body)
	}
}

// A search is revalidated like other public reads, and never older than its index.
func TestSearchIsNotKept(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.Following(true)
	s.goods.title.Store("Linen shirt")
	find := try{method: "GET", path: "/store/v1/search?q=linen"}
	first := s.want(t, http.StatusOK, find)
	find.header = map[string]string{"If-None-Match": first.header.Get("ETag")}
	s.want(t, http.StatusNotModified, find)
	s.goods.title.Store("Linen trousers") // the index caught up, after the event
	if a := s.want(t, http.StatusOK, find); !strings.Contains(a.body, "trousers") {
		t.Errorf("an old search: %s", a.body)
	}
}

// Cursors open the list they were made for, with its filters, in its shop.
func TestCursorsAreBound(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.people.other = id.New()
	var doc struct{ Meta struct{ NextCursor string } }
	must(t, json.Unmarshal([]byte(s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/products?q=linen&limit=1"}).body), &doc))
	cursor := "&cursor=" + doc.Meta.NextCursor
	s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/products?q=linen&limit=1" + cursor})
	s.want(t, http.StatusBadRequest, try{method: "GET", path: "/store/v1/products?q=cotton&limit=1" + cursor})
	s.want(t, http.StatusBadRequest, try{method: "GET", path: "/store/v1/products?q=linen&sort=price&limit=1" + cursor})
	s.want(t, http.StatusBadRequest, try{method: "GET", path: "/store/v1/tags?limit=1" + cursor})
	s.want(t, http.StatusBadRequest, try{method: "GET", path: "/store/v1/products?q=linen&limit=1" + cursor, header: map[string]string{"Host": "other.example"}})
}

// The media room gets the bytes with who is asking, and a broken transfer is not taken for a bug.
func TestMediaPassesThrough(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 16)
	s := open(t, options{media: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of, _ := tenant.From(r.Context())
		seen <- r.Method + " " + r.URL.Path + " " + of.String() + " " + auth.From(r.Context()).Role
		if r.URL.Path == "/media/broken" {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusTeapot)
	})})
	nobody := id.ID{}.String()
	s.do(t, try{method: "GET", path: "/media/a.webp"})
	if got := <-seen; got != "GET /media/a.webp "+nobody+" " { // a picture's address says whose it is
		t.Error(got)
	}
	if _, err := exchange(t.Context(), s.url, try{method: "GET", path: "/media/broken"}); err == nil {
		t.Error("an aborted transfer looks complete")
	}
	for range len(seen) { // a client may have tried twice
		<-seen
	}
	upload := try{method: "POST", path: "/admin/v1/media", body: "x"}
	s.want(t, http.StatusUnauthorized, upload)
	upload.header = map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "staff", tenant.Default())}
	if a := s.do(t, upload); a.status != http.StatusTeapot {
		t.Errorf("%d %s", a.status, a.body)
	}
	if got := <-seen; !strings.HasSuffix(got, tenant.Default().String()+" staff") {
		t.Error(got)
	}
}

// An address that a mux would tidy up by redirecting is no address of ours.
func TestUntidyAddresses(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	for _, path := range []string{"//store/v1/products", "/store/v1//products", "/store/v1/../v1/products", "/store/v1/./products", "/store/v1/products/"} {
		s.want(t, http.StatusNotFound, try{method: "GET", path: path})
	}
}

// A search takes what it knows and leaves the marks of others alone; what it knows and is wrong is 422 and named.
func TestSearchParameters(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.goods.title.Store("Linen shirt")
	s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/search?q=linen&utm_source=mail&utm_medium=x&gclid=1&_=2&xattr.a=1"})
	s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/search/suggestions?q=lin&fbclid=1"})
	for query, field := range map[string]string{
		"minPrice=x": "minPrice", "minPrice=-1": "minPrice", "maxPrice=1e3": "maxPrice", "inStock=yes": "inStock", "sort=title": "sort", "page=0": "page", "limit=101": "limit",
		"currency=eur": "currency", "country=France": "country", "locale=!": "locale", "q=" + strings.Repeat("x", 513): "q", "q=%00": "q", "q=%ff": "q", "q=a&q=b": "q",
		"category=a,,b": "category", "tag=" + strings.Repeat("a,", 51) + "a": "tag", "brand=" + strings.Repeat("x", 2049): "brand", "cursor=x": "cursor", "attr.color=": "attr.color",
	} {
		a := s.do(t, try{method: "GET", path: "/store/v1/search?" + query})
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"field":"`+field+`"`) {
			t.Errorf("%.60s: got %d %.200s", query, a.status, a.body)
		}
	}
	s.want(t, http.StatusUnprocessableEntity, try{method: "GET", path: "/store/v1/search?q=%zz"})
}
