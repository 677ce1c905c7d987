package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
)

const (
	maxURL        = 2048 // characters
	lookupTimeout = 5 * time.Second
)

// guard keeps webhooks from reaching into the network the shop runs in (server-side request forgery). A URL is looked
// at when it is registered, and the very address of every connection again when it is dialled, so a name that changes
// its address in between gains nothing.
type guard struct {
	insecure bool // development: http, and any address
	resolver *net.Resolver
	blocked  []netip.Prefix
	nat64    netip.Prefix
	global   netip.Prefix
}

func newGuard(insecure bool, resolver *net.Resolver) guard {
	g := guard{
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

// public reports whether an address belongs to the open Internet. IPv4 inside IPv6 is judged as the IPv4 it reaches.
func (g guard) public(addr netip.Addr) bool {
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

var errNotPublic = errors.New("the receiver's address is not public")

// control is called for every connection with the address it is about to go to.
func (g guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	if g.insecure {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil || !g.public(to.Addr()) {
		return errNotPublic
	}
	return nil
}

// check says whether webhooks may be sent to a URL, as far as can be known before.
func (g guard) check(ctx context.Context, text string) error {
	host, err := g.host(text)
	if err != nil || g.insecure {
		return err
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if !g.public(addr) {
			return badURL("private_address", "The URL must lead to a public address.")
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	addrs, err := g.resolver.LookupNetIP(ctx, "ip", host)
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return badURL("unknown_host", "The host name of the URL is not known.")
	case err != nil:
		// The name service is away, which is not the subscriber's fault; every attempt checks again.
		return nil
	}
	for _, addr := range addrs {
		if !g.public(addr) {
			return badURL("private_address", "The URL must lead to a public address.")
		}
	}
	return nil
}

// host reads the URL by its form alone and returns its host.
func (g guard) host(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Opaque != "" {
		return "", badURL("malformed", fmt.Sprintf("A URL like https://example.com/hook of at most %d characters is needed.", maxURL))
	}
	if u.Scheme != "https" && (!g.insecure || u.Scheme != "http") {
		return "", badURL("scheme", "The URL must start with https://.")
	}
	if u.User != nil {
		return "", badURL("userinfo", "The URL must not hold a user name or password. The signature proves who sends.")
	}
	if u.Fragment != "" {
		return "", badURL("fragment", "The URL must not have a fragment.")
	}
	host := u.Hostname()
	if host == "" || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", badURL("host", "The URL needs a host name in its ASCII form.")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return "", badURL("port", "The port of the URL must be between 1 and 65535.")
		}
	}
	return host, nil
}

func badURL(code, message string) *fault.Fault { return ErrURL.WithField("url", code, message) }
