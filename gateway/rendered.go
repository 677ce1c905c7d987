package gateway

import (
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// kind of a public read: what makes it stale.
type kind int

const (
	notCached  kind = iota
	oneProduct      // a product's own events, and changes of categories and tags, whose names it shows
	products        // any product's events, and those of categories and tags
	taxonomy        // categories and tags, and products, which they count
	unkept          // rendered every time: the index it shows changes some time after the event that is heard here
)

// rendered keeps the bytes of public reads. A page is dropped by the event that makes it stale; what was being read
// while an event came is not kept at all.
type rendered struct {
	mu    sync.Mutex
	most  int64 // bytes
	size  int64
	pages map[string]*list.Element
	order *list.List // most recently used first
	// generation grows with every drop in a shop, so that a page read before a drop is not kept after it.
	generation map[id.ID]uint64
	all        uint64
}

type renderedPage struct {
	key     string
	tenant  id.ID
	kind    kind
	product string // id of the product, of oneProduct
	slug    string // what it was asked by
	until   time.Time
	leaf    *leaf
}

// leaf is a public answer, ready to be sent.
type leaf struct {
	etag string
	body []byte
}

func newLeaf(body []byte) *leaf {
	sum := sha256.Sum256(body)
	return &leaf{etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`, body: body}
}

func newRendered(most int64) *rendered {
	return &rendered{most: most, pages: map[string]*list.Element{}, order: list.New(), generation: map[id.ID]uint64{}}
}

// get returns a page, or the mark that put needs.
func (c *rendered) get(tenant id.ID, key string, now time.Time) (*leaf, uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.pages[tenant.String()+key]; ok {
		p, _ := e.Value.(*renderedPage)
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
	cost := int64(len(p.leaf.body) + len(p.key) + 256)
	if mark != c.mark(p.tenant) || cost > c.most/8 {
		return
	}
	p.key = p.tenant.String() + p.key
	if e, ok := c.pages[p.key]; ok {
		c.remove(e)
	}
	c.pages[p.key] = c.order.PushFront(&p)
	c.size += cost
	for c.size > c.most {
		c.remove(c.order.Back())
	}
}

func (c *rendered) remove(e *list.Element) {
	p, _ := c.order.Remove(e).(*renderedPage)
	delete(c.pages, p.key)
	c.size -= int64(len(p.leaf.body) + len(p.key) - len(p.tenant.String()) + 256)
}

func (c *rendered) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all++
	c.pages, c.size = map[string]*list.Element{}, 0
	c.order.Init()
}

func (c *rendered) drop(tenant id.ID, stale func(p *renderedPage) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation[tenant]++
	var next *list.Element
	for e := c.order.Front(); e != nil; e = next {
		next = e.Next()
		if p, _ := e.Value.(*renderedPage); p.tenant == tenant && stale(p) {
			c.remove(e)
		}
	}
}

// Dropped tells the edge of an event, so that no page outlives what it shows.
func (g *Gateway) Dropped(subject string, tenant id.ID, body []byte) {
	switch {
	case strings.HasPrefix(subject, "evt.catalog.product."):
		product, slugs := productOf(subject, body)
		g.rendered.drop(tenant, func(p *renderedPage) bool {
			if p.kind != oneProduct {
				return true
			}
			if product == "" || p.product == product {
				return true
			}
			for _, slug := range slugs {
				if p.slug == slug {
					return true
				}
			}
			return false
		})
	case strings.HasPrefix(subject, "evt.catalog."):
		g.locales.forget(tenant)
		g.rendered.drop(tenant, func(*renderedPage) bool { return true })
	}
}

// productOf says which product an event is about. An event that cannot be read is about all of them.
func productOf(subject string, body []byte) (product string, slugs []string) {
	switch subject {
	case "evt.catalog.product.created":
		var e catalogv1.ProductCreated
		if proto.Unmarshal(body, &e) == nil {
			return e.GetProductId(), []string{e.GetSlug()}
		}
	case "evt.catalog.product.updated":
		var e catalogv1.ProductUpdated
		if proto.Unmarshal(body, &e) == nil {
			return e.GetProductId(), []string{e.GetSlug(), e.GetPreviousSlug()}
		}
	case "evt.catalog.product.deleted":
		var e catalogv1.ProductDeleted
		if proto.Unmarshal(body, &e) == nil {
			return e.GetProductId(), []string{e.GetSlug()}
		}
	case "evt.catalog.product.availability_changed":
		var e catalogv1.ProductAvailabilityChanged
		if proto.Unmarshal(body, &e) == nil {
			return e.GetProductId(), []string{e.GetSlug()}
		}
	}
	return "", nil
}

// send answers with a page, or with 304 when the caller has it.
func (p *leaf) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("ETag", p.etag)
	// Shared caches may keep it and have to ask whether it still holds: prices and stock change by the second.
	h.Set("Cache-Control", "public, no-cache")
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
