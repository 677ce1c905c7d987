package gateway

import (
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// kind of a public read: what makes it stale.
type kind int

const (
	notCached    kind = iota
	oneProduct        // a product's own events, and changes of categories and tags, whose names it shows
	products          // events of products it shows, or that come into it, leave it or move in it; and categories and tags
	taxonomy          // any product's events, and those of categories and tags
	counts            // categories and tags, and events of products that change how many stand in one
	contentPages      // events of the shop's own pages: each shows which others there are
	unkept            // rendered every time: the index it shows changes some time after the event that is heard here
)

// rendered keeps the bytes of public reads. A page is dropped by the event that makes it stale; what was being read
// while an event came is not kept at all.
type rendered struct {
	mu    sync.Mutex
	most  int64 // bytes
	size  int64
	pages map[pageKey]*list.Element
	order *list.List           // most recently used first
	about map[pageKey]elements // pages of one product, by its id and by what they were asked for
	other map[id.ID]elements   // all others, by shop
	// generation grows with every drop in a shop, so that a page read before a drop is not kept after it.
	generation map[id.ID]uint64
	all        uint64
}

type elements map[*list.Element]struct{}

// pageKey is a text that means something in one shop.
type pageKey struct {
	tenant id.ID
	text   string
}

type renderedPage struct {
	key     string
	tenant  id.ID
	kind    kind
	product string    // id of the product, of oneProduct
	slug    string    // what it was asked by
	list    *listPage // of products, when it is known what the page is made by
	until   time.Time
	leaf    *leaf

	language string // it is in, when that is not what was asked for
}

func pageOf(e *list.Element) *renderedPage {
	p, _ := e.Value.(*renderedPage) // nothing else is put into the list
	return p
}

// names are what the page of one product is found by.
func (p *renderedPage) names() []string { return []string{p.product, p.slug} }

// cost is about how much memory the page takes.
func (p *renderedPage) cost() int64 { return int64(len(p.leaf.body) + len(p.key) + 512) }

// leaf is a public answer, ready to be sent.
type leaf struct {
	etag     string
	body     []byte
	language string // for the header; empty when it has been said
}

func newLeaf(body []byte) *leaf {
	sum := sha256.Sum256(body)
	return &leaf{etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`, body: body}
}

func newRendered(most int64) *rendered {
	return &rendered{
		most: most, pages: map[pageKey]*list.Element{}, order: list.New(),
		about: map[pageKey]elements{}, other: map[id.ID]elements{}, generation: map[id.ID]uint64{},
	}
}

// get returns a page, or the mark that put needs.
func (c *rendered) get(tenant id.ID, key string, now time.Time) (*leaf, uint64) {
	if c.most == 0 {
		return nil, 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.pages[pageKey{tenant, key}]; ok {
		p := pageOf(e)
		if now.Before(p.until) {
			c.order.MoveToFront(e)
			return p.leaf, 0
		}
		c.remove(e)
	}
	return nil, c.mark(tenant)
}

func (c *rendered) mark(tenant id.ID) uint64 { return c.all + c.generation[tenant] }

// put keeps a page unless something was dropped since get.
func (c *rendered) put(p renderedPage, mark uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark != c.mark(p.tenant) || p.cost() > c.most/8 {
		return
	}
	if e, ok := c.pages[pageKey{p.tenant, p.key}]; ok {
		c.remove(e)
	}
	e := c.order.PushFront(&p)
	c.pages[pageKey{p.tenant, p.key}] = e
	if p.kind == oneProduct {
		for _, text := range p.names() {
			add(c.about, pageKey{p.tenant, text}, e)
		}
	} else {
		add(c.other, p.tenant, e)
	}
	c.size += p.cost()
	for c.size > c.most {
		c.remove(c.order.Back())
	}
}

func (c *rendered) remove(e *list.Element) {
	p := pageOf(e)
	c.order.Remove(e)
	delete(c.pages, pageKey{p.tenant, p.key})
	if p.kind == oneProduct {
		for _, text := range p.names() {
			take(c.about, pageKey{p.tenant, text}, e)
		}
	} else {
		take(c.other, p.tenant, e)
	}
	c.size -= p.cost()
}

func add[K comparable](to map[K]elements, key K, e *list.Element) {
	if to[key] == nil {
		to[key] = elements{}
	}
	to[key][e] = struct{}{}
}

func take[K comparable](from map[K]elements, key K, e *list.Element) {
	delete(from[key], e)
	if len(from[key]) == 0 {
		delete(from, key)
	}
}

func (c *rendered) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.size = 0
	clear(c.pages)
	clear(c.about)
	clear(c.other)
	c.order.Init()
}

// dropTenant drops every page of a shop.
func (c *rendered) dropTenant(tenant id.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation[tenant]++
	var next *list.Element
	for e := c.order.Front(); e != nil; e = next {
		next = e.Next()
		if pageOf(e).tenant == tenant {
			c.remove(e)
		}
	}
}

// dropKind drops the pages of a shop that are of a kind, but for those of one product.
func (c *rendered) dropKind(tenant id.ID, which kind) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation[tenant]++
	for e := range c.other[tenant] {
		if pageOf(e).kind == which {
			c.remove(e)
		}
	}
}

// drop drops the pages of a shop that an event of a product makes stale. It looks at those that can be: the pages of
// the product, which are found by its id and slugs, and those of several products.
func (c *rendered) drop(tenant id.ID, e event) {
	if e.product == "" {
		c.dropTenant(tenant)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation[tenant]++
	candidates := []elements{c.other[tenant]}
	if e.translated { // another slug may lead to it now
		for key, found := range c.about {
			if key.tenant == tenant {
				candidates = append(candidates, found)
			}
		}
	}
	for _, text := range append([]string{e.product}, e.slugs...) {
		candidates = append(candidates, c.about[pageKey{tenant, text}])
	}
	for _, found := range candidates {
		for element := range found {
			if stale(pageOf(element), e) {
				c.remove(element)
			}
		}
	}
}

// Dropped tells the edge of an event, so that no page outlives what it shows.
func (g *Gateway) Dropped(subject string, tenant id.ID, body []byte) {
	switch {
	case strings.HasPrefix(subject, "evt.identity.tenant."):
		g.tenants.forget()
	case strings.HasPrefix(subject, "evt.identity.staff."):
		g.staff.forget(tenant)
	case strings.HasPrefix(subject, "evt.catalog.product."):
		g.rendered.drop(tenant, eventOf(subject, body))
	case strings.HasPrefix(subject, "evt.content.page."):
		g.rendered.dropKind(tenant, contentPages)
	case strings.HasPrefix(subject, "evt.catalog."):
		g.locales.forget(tenant)
		g.rendered.dropTenant(tenant)
	}
}

// send answers with a page, or with 304 when the caller has it. The ETag is that of the bytes, so it never takes the page of
// one group of customers for another's.
func (p *leaf) send(w http.ResponseWriter, r *http.Request, audience string) {
	h := w.Header()
	h.Set("ETag", p.etag)
	if p.language != "" {
		h.Set("Content-Language", p.language)
	}
	// Shared caches may keep a public one and have to ask whether it still holds: prices and stock change by the second.
	h.Set("Cache-Control", audience+", no-cache")
	if matches(r.Header.Get("If-None-Match"), p.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	answer{status: http.StatusOK, body: p.body}.write(w)
}

// matches compares weakly, as RFC 9110 §13.1.2 says.
func matches(condition, etag string) bool {
	if condition == "" {
		return false
	}
	for candidate := range strings.SplitSeq(condition, ",") {
		candidate = strings.TrimSpace(candidate)
		if candidate == "*" || strings.TrimPrefix(candidate, "W/") == etag {
			return true
		}
	}
	return false
}
