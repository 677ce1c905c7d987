// Package outbound keeps requests to addresses that somebody else has named from reaching into the network the shop runs in
// (server-side request forgery).
package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	// MaxURL is how many characters an address has at most.
	MaxURL        = 2048
	lookupTimeout = 5 * time.Second
)

// Guard says where requests may go. A URL is looked at when it is named, and the very address of every connection again
// when it is dialled, so a name that changes its address in between gains nothing.
type Guard struct {
	insecure bool // development: http, and any address
	resolver *net.Resolver
	blocked  []netip.Prefix
	nat64    netip.Prefix
	global   netip.Prefix
}

// NewGuard makes a guard; insecure lets everything through that is http or https, for development.
func NewGuard(insecure bool, resolver *net.Resolver) Guard {
	g := Guard{
		insecure: insecure, resolver: resolver,
		nat64: netip.MustParsePrefix("64:ff9b::/96"), global: netip.MustParsePrefix("2000::/3"),
	}
	for _, p := range []string{
		// IANA IPv4 special-purpose addresses. Metadata services of clouds live in 169.254/16, 100.64/10 and 192.0.0/24.
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"168.63.129.16/32", // a cloud's platform service on a public address
		// IPv6: of what is global, protocol assignments with Teredo, documentation, 6to4.
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
	} {
		g.blocked = append(g.blocked, netip.MustParsePrefix(p))
	}
	return g
}

// Public reports whether an address belongs to the open Internet. IPv4 inside IPv6 is judged as the IPv4 it reaches.
func (g Guard) Public(addr netip.Addr) bool {
	if !addr.IsValid() || addr.Zone() != "" {
		return false
	}
	addr = addr.Unmap()
	if g.nat64.Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	if addr.Is6() && !g.global.Contains(addr) {
		return false // loopback, unique local, link-local, site-local, multicast, IPv4-compatible, unassigned
	}
	for _, p := range g.blocked {
		if p.Contains(addr) {
			return false
		}
	}
	return true
}

// ErrNotPublic is why a connection to an address inside is not made.
var ErrNotPublic = errors.New("outbound: the address is not public")

// control is called for every connection with the address it is about to go to.
func (g Guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	if g.insecure {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil || !g.Public(to.Addr()) {
		return ErrNotPublic
	}
	return nil
}

// Transport makes connections that the guard lets through, and gives each so much time. It uses no proxy: that would connect
// in our place, and nothing would check where to.
func (g Guard) Transport(timeout time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: timeout, Resolver: g.resolver, ControlContext: g.control}
	return &http.Transport{
		Proxy: nil, DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, TLSHandshakeTimeout: timeout,
		MaxResponseHeaderBytes: 64 << 10, MaxIdleConns: 256, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second,
	}
}

// Refusal is why a URL is not used.
type Refusal struct {
	Code    string // lower snake case
	Message string // one sentence
}

func (r *Refusal) Error() string { return "outbound: " + r.Message }

// Check says whether requests may go to a URL, as far as can be known before; the error is a Refusal.
func (g Guard) Check(ctx context.Context, text string) error {
	host, err := g.host(text)
	if err != nil || g.insecure {
		return err
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if !g.Public(addr) {
			return refuse("private_address", "The URL must lead to a public address.")
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	addrs, err := g.resolver.LookupNetIP(ctx, "ip", host)
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return refuse("unknown_host", "The host name of the URL is not known.")
	case err != nil:
		// The name service is away, which is nobody's fault out there; every connection is checked again.
		return nil
	}
	for _, addr := range addrs {
		if !g.Public(addr) {
			return refuse("private_address", "The URL must lead to a public address.")
		}
	}
	return nil
}

// host reads the URL by its form alone and returns its host.
func (g Guard) host(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > MaxURL || u.Opaque != "" {
		return "", refuse("malformed", fmt.Sprintf("A URL like https://example.com/path of at most %d characters is needed.", MaxURL))
	}
	if u.Scheme != "https" && (!g.insecure || u.Scheme != "http") {
		return "", refuse("scheme", "The URL must start with https://.")
	}
	if u.User != nil {
		return "", refuse("userinfo", "The URL must not hold a user name or password.")
	}
	if u.Fragment != "" {
		return "", refuse("fragment", "The URL must not have a fragment.")
	}
	host := u.Hostname()
	if host == "" || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", refuse("host", "The URL needs a host name in its ASCII form.")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "", refuse("port", "The port of the URL must be between 1 and 65535.")
		}
	}
	return host, nil
}

func refuse(code, message string) error { return &Refusal{code, message} }
