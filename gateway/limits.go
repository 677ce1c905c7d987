package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

const window = time.Minute

// limited counts the request and says so in the headers. It returns the fault of one that is too many.
func (g *Gateway) limited(w http.ResponseWriter, r *http.Request, policy string, limit int) error {
	if g.cfg.RateLimit == 0 || limit == 0 {
		return nil
	}
	// Not the host as well: it is the caller's own word, and each new one would start a new count.
	d := g.deps.Cache.Allow(r.Context(), policy+":"+g.proxies.client(r), limit, window)
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", policy, limit, int(window.Seconds())))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%s", policy, d.Remaining, seconds(d.Reset)))
	if !d.Allowed {
		return errTooMany.WithRetryAfter(d.Reset)
	}
	return nil
}

// crossOrigin answers browsers of other origins that are on the list, and says whether the request is done with.
func (g *Gateway) crossOrigin(w http.ResponseWriter, r *http.Request) (done bool) {
	origin := r.Header.Get("Origin")
	if origin == "" || len(g.cfg.AllowedOrigins) == 0 {
		return false
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	if !slices.Contains(g.cfg.AllowedOrigins, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", "ETag, Location, X-Request-Id, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Cart-Token, X-Order-Token, X-Request-Id")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
