package gateway

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"time"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// tenants remembers which shop answers at which host.
type tenants struct {
	mu    sync.Mutex
	known map[string]knownTenant
}

type knownTenant struct {
	id    id.ID // zero when no shop is there
	until time.Time
}

const (
	tenantTTL  = time.Minute
	tenantMost = 4096 // hosts remembered; a Host header is a stranger's text
)

func newTenants() *tenants { return &tenants{known: map[string]knownTenant{}} }

// of says which shop a host is. An answer that is a minute old is asked for again; while identity is away it still holds.
func (t *tenants) of(ctx context.Context, host string, now time.Time, identity identityv1connect.IdentityServiceClient) (id.ID, error) {
	t.mu.Lock()
	known, ok := t.known[host]
	t.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.shop()
	}
	answer, err := identity.ResolveTenant(tenant.WithSystem(ctx), &identityv1.ResolveTenantRequest{Host: host})
	if err != nil {
		switch kind := fault.From(err).Kind(); {
		case ok && kind == fault.KindUnavailable:
			return known.shop()
		case kind == fault.KindNotFound:
			t.remember(host, knownTenant{until: now.Add(tenantTTL)})
			return id.ID{}, errTenant
		}
		return id.ID{}, err
	}
	found, err := id.Parse(answer.GetTenantId())
	if err != nil {
		return id.ID{}, errTenant.WithCause(err)
	}
	t.remember(host, knownTenant{id: found, until: now.Add(tenantTTL)})
	return found, nil
}

func (t *tenants) remember(host string, k knownTenant) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= tenantMost {
		clear(t.known)
	}
	t.known[host] = k
}

func (k knownTenant) shop() (id.ID, error) {
	if k.id.IsZero() {
		return id.ID{}, errTenant
	}
	return k.id, nil
}

// forget drops what is remembered: a shop answers on other hosts.
func (t *tenants) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.known)
}

// hostOf is the host name a browser asked for, without its port.
func hostOf(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// keys holds the public keys that access tokens are verified with.
type keys struct {
	mu      sync.Mutex
	set     auth.Keys
	fetched time.Time
}

const (
	keysTTL   = 5 * time.Minute
	keysPause = 5 * time.Second // a token signed with an unknown key asks for the keys again, but not every time
)

func (k *keys) get(ctx context.Context, now time.Time, least time.Duration, identity identityv1connect.IdentityServiceClient) (auth.Keys, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := now.Sub(k.fetched); !k.fetched.IsZero() && age < least {
		return k.set, nil
	}
	answer, err := identity.GetJWKS(tenant.WithSystem(ctx), &identityv1.GetJWKSRequest{})
	if err != nil {
		if !k.fetched.IsZero() {
			return k.set, nil // identity is away: those of before still hold
		}
		return auth.Keys{}, err
	}
	set, err := auth.ParseKeys(answer.GetJwksJson())
	if err != nil {
		return auth.Keys{}, err
	}
	k.set, k.fetched = set, now
	return set, nil
}

// principal reads the access token of a request: who it is of the kind asked for, in this shop.
func (g *Gateway) principal(ctx context.Context, r *http.Request, kind auth.Kind, shop id.ID) (auth.Principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return auth.Principal{}, nil
	}
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return auth.Principal{}, auth.ErrUnauthenticated
	}
	now := g.now()
	for _, least := range []time.Duration{keysTTL, keysPause} {
		set, err := g.keys.get(ctx, now, least, g.deps.Identity)
		if err != nil {
			return auth.Principal{}, err
		}
		who, of, err := set.Verify(token, kind, now)
		if err == nil && of == shop {
			if kind == auth.Staff {
				return g.staff.member(ctx, who, shop, now, g.teamTTL(), g.deps.Identity)
			}
			return who, nil
		}
	}
	return auth.Principal{}, auth.ErrUnauthenticated
}

func (g *Gateway) teamTTL() time.Duration {
	if g.following.Load() {
		return teamTTL
	}
	return teamUnheard
}

var requestIDText = regexp.MustCompile(`^[A-Za-z0-9._-]{1,128}$`)

// requestID takes a caller's id over when it is a sane one.
func requestID(r *http.Request) string {
	if given := r.Header.Get("X-Request-Id"); requestIDText.MatchString(given) {
		return given
	}
	return id.New().String()
}

// proxies are the networks whose forwarding headers are believed.
type proxies []netip.Prefix

func parseProxies(list []string) (proxies, error) {
	var out proxies
	for _, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, addrErr := netip.ParseAddr(text)
			if addrErr != nil {
				return nil, err
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		out = append(out, prefix)
	}
	return out, nil
}

func (p proxies) trusts(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// client is the address a request comes from: the last one that is no proxy of ours.
func (p proxies) client(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	if !p.trusts(addr) {
		return addr.String()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if addr = hop.Unmap(); !p.trusts(addr) {
			break
		}
	}
	return addr.String()
}

// secure says whether cookies of this request may travel over TLS only: always, but on plain http loopback.
func (p proxies) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil && p.trusts(peer.Addr()) && r.Header.Get("X-Forwarded-Proto") == "https" {
		return true
	}
	host := hostOf(r)
	if host == "localhost" {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return err != nil || !addr.IsLoopback()
}
