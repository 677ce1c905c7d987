package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/danielgtaylor/huma/v2"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/idem"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

const (
	maxBody      = 1 << 20
	maxUpload    = 32 << 20
	maxKey       = 255
	deadline     = 30 * time.Second
	uploadTime   = 10 * time.Minute // 32 MiB over a slow line
	keepShort    = 24 * time.Hour
	unheard      = 900 * time.Millisecond // how long a page lives while no events are heard: less than the second that is promised
	keepLong     = 30 * 24 * time.Hour    // orders and money
	keyHeader    = "Idempotency-Key"
	cartHeader   = "X-Cart-Token"
	orderHeader  = "X-Order-Token"
	cartCookie   = "sov_cart"
	replayHeader = "Idempotent-Replayed"
)

// route is one row of a surface.
type route struct {
	method    string
	path      string // below the surface's base
	procedure string // the RPC it stands for
	summary   string
	status    int
	endpoint  endpoint

	cached      kind     // a public read kept as bytes
	priced      bool     // a public read that shows prices: a customer in a group sees that group's
	localized   bool     // a public read that answers in the caller's language
	chosen      bool     // a public read of what is in one language each: the caller's languages choose which is shown
	lenient     bool     // parameters that are not known do not count, and wrong ones are 422
	signedIn    bool     // store: only for a signed-in customer
	keyRequired bool     // orders and money: an idempotency key has to be there
	login       bool     // counts against the limit of sign-ins
	session     bool     // begins, renews or ends a session: an access token is not looked at, the answer is never kept
	raw         rawServe // instead of endpoint: hands bytes through
	consumes    []string // of raw: media types of the body; none is a form with a file
	produces    []string // of raw: media types of the answer; none is JSON
	patient     bool     // of raw: what is sent may be large
	orGone      bool     // may answer 204 instead, when nothing is left to show
	note        string   // for the document: a header that opens it, and the like
}

// rawServe serves a request itself, behind the same checks.
type rawServe func(g *Gateway, c *call, w http.ResponseWriter, r *http.Request)

// endpoint is the typed heart of a route.
type endpoint struct {
	query, body, out reflect.Type // nil for none
	optional         bool         // the body may be left out
	run              func(ctx context.Context, c *call, query, body any) (any, error)
}

// none stands for no query, no body or no answer.
type none struct{}

// in is what a function of a route gets.
type in[Q, B any] struct {
	*call
	Query Q
	Body  B
}

// does makes an endpoint of a function.
func does[Q, B, O any](do func(ctx context.Context, in *in[Q, B]) (O, error)) endpoint {
	e := endpoint{query: typeOf[Q](), body: typeOf[B](), out: typeOf[O]()}
	e.run = func(ctx context.Context, c *call, query, body any) (any, error) {
		i := &in[Q, B]{call: c}
		if q, ok := query.(*Q); ok {
			i.Query = *q
		}
		if b, ok := body.(*B); ok {
			i.Body = *b
		}
		return do(ctx, i)
	}
	return e
}

// orNothing lets the body be left out.
func (e endpoint) orNothing() endpoint { e.optional = true; return e }

func typeOf[T any]() reflect.Type {
	t := reflect.TypeFor[T]()
	if t == reflect.TypeFor[none]() {
		return nil
	}
	return t
}

// call is one request in work.
type call struct {
	*Gateway

	r         *http.Request
	surface   *surface
	route     *route
	tenant    id.ID
	ifVersion int64
	key       string // idempotency key, scoped, for rooms that keep it themselves
	header    http.Header
	status    int           // instead of the route's own; 0 keeps it
	page      *renderedPage // of a cached read: what makes it stale
	groups    []string      // of a priced read: codes of the caller's customer groups, whose prices are shown
	locales   []string      // of a localized read: where texts are looked for, the language wanted most first
	wishes    *contentv1.Wishes
}

// path is a value of the address.
func (c *call) path(name string) string { return c.r.PathValue(name) }

// cartToken is the secret of a cart: from the header, else from the cookie.
func (c *call) cartToken() string {
	if token := c.r.Header.Get(cartHeader); token != "" {
		return token
	}
	if cookie, err := c.r.Cookie(cartCookie); err == nil {
		return cookie.Value
	}
	return ""
}

func (c *call) cookie(name string) string {
	if cookie, err := c.r.Cookie(name); err == nil {
		return cookie.Value
	}
	return ""
}

// setCookie sets a cookie no script can read; a negative age clears it.
func (c *call) setCookie(name, value string, age time.Duration) {
	cookie := http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.proxies.secure(c.r), MaxAge: int(age.Seconds())} //nolint:gosec // Secure but on plain loopback
	if age < 0 {
		cookie.MaxAge = -1
	}
	c.header.Add("Set-Cookie", cookie.String())
}

// created says where the new thing is.
func (c *call) created(segments ...string) {
	c.header.Set("Location", c.surface.base+"/"+strings.Join(segments, "/"))
}

// version is the ETag of an admin resource.
func (c *call) version(v int64) { c.header.Set("ETag", `"`+strconv.FormatInt(v, 10)+`"`) }

// surface is one of the two REST surfaces.
type surface struct {
	name, title, base string
	routes            []*bound
	registry          huma.Registry
}

// bound is a route with what follows from its types.
type bound struct {
	route

	policy rpc.Policy
	params []parameter
	shape  shape
}

func newSurface(name, title string, routes []route) (*surface, error) {
	s := &surface{name: name, title: title, base: "/" + name + "/v1", registry: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)}
	for t, alias := range adminv1.Schemas() {
		s.registry.RegisterTypeAlias(t, alias)
	}
	for _, r := range routes {
		b := &bound{route: r}
		method, err := methodOf(r.procedure)
		if err != nil {
			return nil, err
		}
		b.policy = rpc.PolicyOf(method)
		b.params = parameters(s.registry, r.endpoint.query)
		if t := r.endpoint.body; t != nil {
			b.shape = shape{registry: s.registry, schema: s.registry.Schema(t, true, ""), typ: t, patch: r.method == http.MethodPatch}
		}
		s.routes = append(s.routes, b)
	}
	return s, nil
}

// methodOf finds the RPC a route stands for.
func methodOf(procedure string) (protoreflect.MethodDescriptor, error) {
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(procedure, "/"), "/", "."))
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return nil, fmt.Errorf("gateway: procedure %s: %w", procedure, err)
	}
	method, ok := d.(protoreflect.MethodDescriptor)
	if !ok {
		return nil, fmt.Errorf("gateway: %s is no procedure", procedure)
	}
	return method, nil
}

// serve is what every operation shares, from the first byte to the last.
func (g *Gateway) serve(s *surface, b *bound) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{Gateway: g, r: r, surface: s, route: &b.route, header: http.Header{}}
		patience := deadline
		switch {
		case len(b.consumes)+len(b.produces) > 0, b.patient:
			patience = fileTime
		case b.raw != nil:
			patience = uploadTime
		}
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		ctx, w, end := g.traced(ctx, w, r, s, b)
		defer end()
		c.r = r.WithContext(ctx) // what is logged of it is part of the trace
		r = c.r
		if b.raw == nil { // a raw route's panic breaks its half-sent answer off, as net/http has it
			defer func() {
				if p := recover(); p != nil {
					g.problem(r, fmt.Errorf("panic: %v\n%s", p, debug.Stack())).write(w)
				}
			}()
		}
		ctx, err := g.admit(ctx, w, c, b)
		if err != nil {
			g.problem(r, err).write(w)
			return
		}
		switch {
		case b.raw != nil:
			b.raw(g, c, w, r.WithContext(ctx))
		case b.cached != notCached:
			g.servePage(ctx, w, c, b)
		default:
			g.answer(ctx, w, c, b).write(w)
		}
	}
}

// admit finds out which shop and who is asking, and whether they may.
func (g *Gateway) admit(ctx context.Context, w http.ResponseWriter, c *call, b *bound) (context.Context, error) {
	r := c.r
	limit, policy := g.cfg.RateLimit, "store"
	if b.login {
		limit, policy = g.cfg.LoginLimit, "login"
	}
	if c.surface.name == "store" || b.login {
		if err := g.limited(w, r, policy, limit); err != nil {
			return ctx, err
		}
	}
	var err error
	if c.tenant, err = g.tenants.of(ctx, hostOf(r), g.now(), g.deps.Identity); err != nil {
		return ctx, err
	}
	ctx = tenant.With(ctx, c.tenant)
	if b.cached == notCached { // public reads are the same for everybody
		kind := auth.Customer
		if c.surface.name == "admin" {
			kind = auth.Staff
		}
		var who auth.Principal
		if !b.session { // a token that has run out must not keep its owner from renewing it
			if who, err = g.principal(ctx, r, kind, c.tenant); err != nil {
				return ctx, err
			}
		}
		ctx = auth.With(ctx, who)
		if b.signedIn && who.Kind != auth.Customer {
			return ctx, auth.ErrUnauthenticated
		}
		if b.policy.Audience == apiv1.Audience_AUDIENCE_ADMIN {
			if err := rpc.Permit(ctx, b.policy); err != nil {
				return ctx, err
			}
		}
	}
	if b.priced {
		if c.groups, err = g.groupsOf(ctx, r, c.tenant); err != nil {
			return ctx, err
		}
	}
	return ctx, c.readHeaders(b)
}

// groupsOf are the customer groups of whoever reads prices. A token that does not hold counts as none: the page is public.
func (g *Gateway) groupsOf(ctx context.Context, r *http.Request, shop id.ID) ([]string, error) {
	who, err := g.principal(ctx, r, auth.Customer, shop)
	if errors.Is(err, auth.ErrUnauthenticated) {
		return nil, nil
	}
	return who.Groups, err
}

// readHeaders checks the ids of the address and If-Match.
func (c *call) readHeaders(b *bound) error {
	for segment := range strings.SplitSeq(b.path, "/") {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		value := c.path(name)
		if strings.ContainsRune(value, 0) || !utf8.ValidString(value) || len(value) > 512 {
			return errID
		}
		if name == "id" || strings.HasSuffix(name, "Id") && name != "slugOrId" {
			if parsed, err := id.Parse(value); err != nil || parsed == (id.ID{}) {
				return errID
			}
		}
	}
	match := strings.TrimSpace(c.r.Header.Get("If-Match"))
	if match == "" || match == "*" || c.surface.name != "admin" || b.method == http.MethodGet || b.method == http.MethodPost {
		return nil
	}
	number, err := strconv.ParseInt(strings.Trim(match, `"`), 10, 64)
	if err != nil || number < 1 || !strings.HasPrefix(match, `"`) {
		return errStale // weak ones and lists never match a change, RFC 9110 §13.1.1
	}
	c.ifVersion = number
	return nil
}

// servePage answers a public read from its bytes, or renders and keeps them.
func (g *Gateway) servePage(ctx context.Context, w http.ResponseWriter, c *call, b *bound) {
	query := c.r.URL.RawQuery
	if query != "" {
		if values, err := url.ParseQuery(query); err == nil {
			query = values.Encode() // sorted
		}
	}
	key := c.r.URL.Path + "?" + query
	if b.localized {
		if err := c.negotiate(ctx, w); err != nil {
			if b.lenient {
				err = lenient(err)
			}
			g.problem(c.r, err).write(w)
			return
		}
		key += " " + strings.Join(c.locales, " ")
	}
	if b.chosen {
		if err := c.wish(ctx, w); err != nil {
			g.problem(c.r, err).write(w)
			return
		}
		key += " " + strings.Join(c.wishes.GetLocales(), " ")
	}
	if b.priced {
		w.Header().Add("Vary", "Authorization")
	}
	if len(c.groups) > 0 { // in front, where everybody's page has its path
		key = strings.Join(c.groups, ",") + " " + key
	}
	now := g.now()
	var mark uint64
	if b.cached != unkept {
		var kept *leaf
		if kept, mark = g.rendered.get(c.tenant, key, now); kept != nil {
			kept.send(w, c.r, c.audience())
			return
		}
	}
	c.page = &renderedPage{key: key, tenant: c.tenant, kind: b.cached, slug: c.path("slugOrId")}
	a := g.answer(ctx, w, c, b)
	if a.status != http.StatusOK {
		a.write(w)
		return
	}
	fresh := newLeaf(a.body)
	fresh.language = c.page.language
	if b.cached == unkept {
		fresh.send(w, c.r, c.audience())
		return
	}
	ttl := unheard
	if g.following.Load() {
		ttl = g.cfg.CacheTTL
	}
	c.page.leaf, c.page.until = fresh, now.Add(ttl)
	g.rendered.put(*c.page, mark)
	fresh.send(w, c.r, c.audience())
}

// Who a page is for, as caches on the way are told.
const (
	everybody = "public"
	callers   = "private"
)

func (c *call) audience() string {
	if len(c.groups) > 0 {
		return callers
	}
	return everybody
}

// answer reads query and body, and does the work: once, when the request carries a key.
func (g *Gateway) answer(ctx context.Context, w http.ResponseWriter, c *call, b *bound) answer {
	var query, body any
	if q := b.endpoint.query; q != nil {
		value := reflect.New(q)
		raw := c.r.URL.RawQuery
		if b.lenient {
			raw = knownOnly(b.params, raw)
		}
		if err := readQuery(c.surface.registry, b.params, raw, value.Elem()); err != nil {
			if b.lenient {
				err = lenient(err)
			}
			return g.problem(c.r, err)
		}
		query = value.Interface()
	} else if err := readQuery(c.surface.registry, nil, c.r.URL.RawQuery, reflect.Value{}); err != nil {
		return g.problem(c.r, err)
	}
	data, err := readBody(w, c.r, b)
	if err != nil {
		return g.problem(c.r, err)
	}
	key, err := keyOf(c.r, b)
	if err != nil {
		return g.problem(c.r, err)
	}
	if t := b.endpoint.body; t != nil {
		value := reflect.New(t)
		if len(data) > 0 || !b.endpoint.optional {
			if err := b.shape.body(data, value.Interface()); err != nil {
				return g.problem(c.r, err)
			}
		}
		body = value.Interface()
	} else if len(data) > 0 && !b.session {
		if err := noBody(c.surface.registry).body(data, &none{}); err != nil {
			return g.problem(c.r, err)
		}
	}
	work := func(ctx context.Context) answer { return g.work(ctx, c, b, query, body) }
	if key == "" || b.session { // tokens are never kept, and handing them out again would be handing over the session
		return work(ctx)
	}
	return g.once(ctx, c, b, key, data, work)
}

func (g *Gateway) work(ctx context.Context, c *call, b *bound, query, body any) answer {
	out, err := b.endpoint.run(ctx, c, query, body)
	if err != nil {
		if b.lenient {
			err = lenient(err)
		}
		refused := g.problem(c.r, err)
		for _, cookie := range c.header["Set-Cookie"] { // a session that is over takes its cookie with it
			refused.header.Add("Set-Cookie", cookie)
		}
		return refused
	}
	a := answer{status: b.status, header: c.header}
	if b.cached == notCached {
		a.header.Set("Cache-Control", "no-store") // carts, accounts and the back office are nobody else's
	}
	if c.status != 0 {
		a.status = c.status
	}
	if a.status == http.StatusCreated && a.header.Get("Location") == "" && strings.Contains(b.path, "{") {
		a.header.Set("Location", path.Dir(c.r.URL.Path)) // what is read only as a part is where its whole is
	}
	if b.endpoint.out != nil && a.status != http.StatusNoContent {
		a.body = encode(out)
	}
	return a
}

// readBody reads at most 1 MiB of JSON.
func readBody(w http.ResponseWriter, r *http.Request, b *bound) ([]byte, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil, nil
	}
	if r.ContentLength > maxBody {
		return nil, errTooLarge
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, errTooLarge
		}
		return nil, errNotJSON.WithCause(err)
	}
	if b.endpoint.body == nil || (len(data) == 0 && b.endpoint.optional) {
		return data, nil
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, errMediaType
	}
	return data, nil
}

// keyOf reads the Idempotency-Key: bare, or quoted as a structured field (draft-ietf-httpapi-idempotency-key-header).
func keyOf(r *http.Request, b *bound) (string, error) {
	if b.method != http.MethodPost {
		return "", nil
	}
	key := r.Header.Get(keyHeader)
	if len(key) >= 2 && key[0] == '"' && key[len(key)-1] == '"' {
		key = key[1 : len(key)-1]
	}
	switch {
	case key == "" && b.keyRequired:
		return "", errKeyRequired
	case len(key) > maxKey:
		return "", errKeyTooLong
	}
	return key, nil
}

// once does the work for the first request with a key and replays its answer to the others.
func (g *Gateway) once(ctx context.Context, c *call, b *bound, key string, data []byte, work func(ctx context.Context) answer) answer {
	scope := idem.Scope{Caller: c.caller(auth.From(ctx), b), Route: b.method + " " + c.r.URL.Path, Key: key}
	sum := sha256.Sum256([]byte(c.tenant.String() + "\x00" + scope.Caller + "\x00" + scope.Route + "\x00" + key))
	c.key = hex.EncodeToString(sum[:])
	keep := keepShort
	if b.keyRequired {
		keep = keepLong
	}
	stored, replayed, err := g.idem.Do(ctx, scope, canonical(data), keep, func(ctx context.Context) (idem.Answer, bool) {
		a := work(ctx)
		header, err := json.Marshal(a.header)
		if err != nil {
			header = nil
		}
		return idem.Answer{Status: a.status, Header: g.vault.seal(c.key, header), Body: g.vault.seal(c.key, a.body)}, worthKeeping(a.status)
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = idem.ErrInProgress.WithRetryAfter(time.Second)
	}
	if err != nil {
		return g.problem(c.r, err)
	}
	header, err := g.vault.open(c.key, stored.Header)
	if err != nil {
		return g.problem(c.r, err)
	}
	a := answer{status: stored.Status, header: http.Header{}}
	if a.body, err = g.vault.open(c.key, stored.Body); err != nil {
		return g.problem(c.r, err)
	}
	if len(header) > 0 {
		if err := json.Unmarshal(header, &a.header); err != nil {
			return g.problem(c.r, fmt.Errorf("stored headers: %w", err))
		}
	}
	if replayed {
		a.header.Set(replayHeader, "true")
	}
	return a
}

// caller is whose key it is. A guest is known by the secret of the cart or order that is worked on; one who has none yet, by the
// address, so that a key others might guess shows nobody's secret to them.
func (c *call) caller(who auth.Principal, b *bound) string {
	var parts []string
	if who.Kind != auth.Anonymous {
		parts = append(parts, string(who.Kind), who.ID.String()) // not the session, which is renewed meanwhile
	}
	if strings.HasPrefix(b.path, "/carts/{id}") {
		parts = append(parts, "cart", c.cartToken())
	}
	if token := c.r.Header.Get(orderHeader); token != "" && strings.HasPrefix(b.path, "/orders/{id}") {
		parts = append(parts, "order", token)
	}
	if len(parts) == 0 {
		parts = append(parts, "guest", c.proxies.client(c.r))
	}
	return strings.Join(parts, "\x00")
}

// canonical makes two spellings of one document equal, so that a retry by another library is the same request.
func canonical(data []byte) []byte {
	var out bytes.Buffer
	if json.Compact(&out, data) != nil {
		return data
	}
	return out.Bytes()
}

// worthKeeping says whether an answer is one that a repetition must get too. Outages, and refusals that depend on who is
// asking or when, are not: the same request may do better later.
func worthKeeping(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		return false
	}
	return status < http.StatusInternalServerError
}

// build puts all routes on one handler.
func (g *Gateway) build() (http.Handler, error) {
	mux := http.NewServeMux()
	for _, s := range []*surface{g.store, g.admin} {
		allowed, patterns := map[string][]string{}, map[string]pattern{}
		for _, b := range s.routes {
			p := s.pattern(b.path)
			mux.HandleFunc(b.method+" "+s.base+p.text, g.only(p, g.serve(s, b)))
			patterns[p.text] = p
			allowed[p.text] = append(allowed[p.text], b.method)
		}
		for path, methods := range allowed {
			refuse := g.only(patterns[path], func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Allow", strings.Join(methods, ", "))
				g.problem(r, errMethod).write(w)
			})
			if !covered(path, allowed) {
				mux.HandleFunc(s.base+path, refuse)
				continue
			}
			// A pattern for every method would contradict those of the path that covers it: one for each it is, then.
			for _, method := range []string{
				http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect,
			} {
				if !slices.Contains(methods, method) {
					mux.HandleFunc(method+" "+s.base+path, refuse)
				}
			}
		}
		for _, format := range []string{"json", "yaml"} {
			document, err := s.document(format)
			if err != nil {
				return nil, err
			}
			mux.HandleFunc("GET /openapi/"+s.name+".v1."+format, func(w http.ResponseWriter, r *http.Request) {
				if format == "yaml" {
					w.Header().Set("Content-Type", "application/yaml")
				}
				newLeaf(document).send(w, r, everybody)
			})
		}
	}
	mux.HandleFunc("GET /docs", serveDocs)
	if g.deps.Operations != nil {
		for _, path := range []string{"/health", "/health/live", "/health/ready", "/metrics", "/debug/pprof/"} {
			mux.Handle("GET "+path, g.deps.Operations)
		}
	}
	if g.deps.Media != nil {
		mux.HandleFunc("GET /media/", g.picture)
		mux.HandleFunc("PUT /media/incoming/", g.picture)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { g.problem(r, errRoute).write(w) })
	return g.outermost(mux), nil
}

// pattern is a path as the mux takes it: with parameters for the words that the handler has to look at itself.
type pattern struct {
	text  string
	words map[string]string // by parameter
}

// pattern of a path. Two paths that cross, such as /orders/{id}/downloads and /orders/by-number/{number}, are refused by the
// mux, because neither is the narrower one. The one whose parameter comes first gives way: it is registered as
// /orders/{id}/{word3}. Two that would become one pattern are still refused.
func (s *surface) pattern(path string) pattern {
	words := strings.Split(path, "/")
	p := pattern{words: map[string]string{}}
	for _, b := range s.routes {
		other := strings.Split(b.path, "/")
		if !givesWay(words, other) {
			continue
		}
		for i, word := range words {
			if isParameter(other[i]) && !isParameter(word) {
				p.words["word"+strconv.Itoa(i)] = word
			}
		}
	}
	for i := range words {
		if name := "word" + strconv.Itoa(i); p.words[name] != "" {
			words[i] = "{" + name + "}"
		}
	}
	p.text = strings.Join(words, "/")
	return p
}

// givesWay reports whether there is an address for both paths, of which the other has a word at the first place where they
// differ, and a parameter where this one has a word later.
func givesWay(words, other []string) bool {
	if len(words) != len(other) {
		return false
	}
	behind, crosses := false, false
	for i, word := range words {
		switch {
		case isParameter(word) && !isParameter(other[i]):
			behind = true
		case !isParameter(word) && isParameter(other[i]):
			crosses = true
			if !behind {
				return false
			}
		case !isParameter(word) && word != other[i]:
			return false
		}
	}
	return behind && crosses
}

func isParameter(word string) bool { return strings.HasPrefix(word, "{") }

// only serves the addresses that have the words of the pattern.
func (g *Gateway) only(p pattern, next http.HandlerFunc) http.HandlerFunc {
	if len(p.words) == 0 {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		for name, word := range p.words {
			if r.PathValue(name) != word {
				g.problem(r, errRoute).write(w)
				return
			}
		}
		next(w, r)
	}
}

// covered reports whether another path of the surface has a parameter where this one has a word: /products/bulk is covered
// by /products/{id}.
func covered[T any](path string, all map[string]T) bool {
	words := strings.Split(path, "/")
	for other := range all {
		theirs := strings.Split(other, "/")
		covers := other != path && len(theirs) == len(words)
		for i := 0; covers && i < len(words); i++ {
			covers = theirs[i] == words[i] || strings.HasPrefix(theirs[i], "{")
		}
		if covers {
			return true
		}
	}
	return false
}

// outermost is around everything: request id, headers of every answer, and what must not get further.
func (g *Gateway) outermost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rid := requestID(r)
		h := w.Header()
		h.Set("X-Request-Id", rid)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		r = r.WithContext(rpc.WithRequestID(r.Context(), rid))
		if path := r.URL.EscapedPath(); path != "" && !clean(path) {
			g.problem(r, errRoute).write(w) // instead of a redirect of the mux, which is no document of ours
			return
		}
		if g.crossOrigin(w, r) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// clean reports whether an address has no empty, "." or ".." segment.
func clean(escaped string) bool {
	return escaped == "*" || path.Clean(escaped) == escaped || path.Clean(escaped)+"/" == escaped
}
