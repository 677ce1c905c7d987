package webhook

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/outbound"
)

func TestURLs(t *testing.T) {
	t.Parallel()
	names := nameServer(t, func(name string) []string {
		return map[string][]string{
			"shop.test.": {"93.184.216.34"}, "inside.test.": {"10.1.2.3"}, "mixed.test.": {"93.184.216.34", "127.0.0.1"},
			"metadata.test.": {"169.254.169.254"},
		}[name]
	})
	strict, loose := newGuard(false, names), newGuard(true, names)
	for url, want := range map[string]struct{ strict, loose bool }{
		"https://shop.test/hook?x=1":       {true, true},
		"https://SHOP.test:8443/":          {true, true},
		"https://1.1.1.1":                  {true, true},
		"https://[2606:4700:4700::1111]/":  {true, true},
		"http://shop.test/hook":            {false, true},
		"https://127.0.0.1/":               {false, true},
		"https://[::1]/":                   {false, true},
		"https://[::ffff:127.0.0.1]/":      {false, true},
		"https://[fe80::1%25eth0]/":        {false, true},
		"https://inside.test/":             {false, true},
		"https://mixed.test/":              {false, true},
		"https://metadata.test/latest":     {false, true},
		"https://unknown.test/":            {false, true},
		"http://127.0.0.1:4000/hook":       {false, true},
		"ftp://shop.test":                  {},
		"file:///etc/passwd":               {},
		"javascript:alert(1)":              {},
		"//shop.test/hook":                 {},
		"/hook":                            {},
		"":                                 {},
		"https://":                         {},
		"https://user:password@shop.test/": {},
		"https://user@shop.test/":          {},
		"https://shop.test/#part":          {},
		"https://shop.test:0/":             {},
		"https://shop.test:65536/":         {},
		"https://shöp.test/":               {},
		"https:shop.test":                  {},
		"https://shop.test/\nx":            {},
		"https://shop.test/" + strings.Repeat("x", outbound.MaxURL): {},
	} {
		for name, c := range map[string]struct {
			g    guard
			want bool
		}{"strict": {strict, want.strict}, "loose": {loose, want.loose}} {
			err := c.g.check(t.Context(), url)
			if (err == nil) != c.want {
				t.Errorf("%s %q: %v", name, url, err)
			}
			if f := fault.From(err); err != nil && (!errors.Is(err, ErrURL) || len(f.Fields()) != 1 || f.Fields()[0].Field != "url") {
				t.Errorf("%s %q: the error does not name the field: %v", name, url, err)
			}
		}
	}
	down := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("down") }}
	if err := newGuard(false, down).check(t.Context(), "https://shop.test/"); err != nil {
		t.Errorf("an outage of the name service is held against the subscriber: %v", err)
	}
}

// A name that is public when it is registered and private when it is dialled gets no connection.
func TestRebinding(t *testing.T) {
	t.Parallel()
	for name, allowed := range map[string]bool{"guarded": false, "unguarded": true} { // the second proves the trap
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, nil)
			connections := make(chan struct{}, 10)
			trap, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { trap.Close() })
			go func() {
				for {
					c, err := trap.Accept()
					if err != nil {
						return
					}
					connections <- struct{}{}
					c.Close()
				}
			}()
			var private atomic.Bool
			names := nameServer(t, func(string) []string {
				if private.Load() {
					return []string{"127.0.0.1"}
				}
				return []string{"93.184.216.34"}
			})
			s.svc.guard = newGuard(false, names)
			s.svc.courier = newCourier(newGuard(allowed, names), s.svc.cfg.Timeout, s.clock.now)
			_, port, _ := net.SplitHostPort(trap.Addr().String())
			sub, _ := s.subscribe(admin(t), t, "https://rebind.test:"+port+"/", "order.created")
			private.Store(true)
			s.happens(t, s.orderEvent(t, id.New(), 1))
			if n := round(t, s.svc); n != 1 {
				t.Fatalf("%d attempts", n)
			}
			d := s.only(admin(t), t, sub.GetId())
			if got := len(connections) > 0; got != allowed {
				t.Errorf("the trap was reached: %v; %v", got, d)
			}
			if refused := strings.Contains(d.GetError(), "not public"); d.GetStatus() != isFailed || refused == allowed {
				t.Errorf("%v", d)
			}
		})
	}
}

// nameServer is a resolver that speaks DNS with a server of the test's own.
func nameServer(t *testing.T, answer func(name string) []string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, from, err := server.ReadFrom(buffer)
			if err != nil {
				return
			}
			if reply := resolve(buffer[:n], answer); reply != nil {
				_, _ = server.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// resolve answers one question of RFC 1035 with A records, or that there is no such name.
func resolve(query []byte, answer func(name string) []string) []byte {
	const header, typeA, typeAAAA = 12, 1, 28
	end, labels := header, []string{}
	for end < len(query) && query[end] != 0 {
		next := end + 1 + int(query[end])
		if next >= len(query) {
			return nil
		}
		labels = append(labels, strings.ToLower(string(query[end+1:next])))
		end = next
	}
	end += 5 // the root, type and class
	if end > len(query) {
		return nil
	}
	addrs, kind := answer(strings.Join(labels, ".")+"."), binary.BigEndian.Uint16(query[end-4:])
	if kind != typeA && kind != typeAAAA {
		return nil
	}
	flags := uint16(0x8580) // an authoritative response
	if len(addrs) == 0 {
		flags |= 3 // no such name
	}
	if kind == typeAAAA {
		addrs = nil
	}
	reply := append([]byte{query[0], query[1]}, binary.BigEndian.AppendUint16(nil, flags)...)
	reply = append(reply, 0, 1, 0, byte(len(addrs)), 0, 0, 0, 0)
	reply = append(reply, query[header:end]...)
	for _, a := range addrs {
		reply = append(reply, 0xc0, header, 0, typeA, 0, 1, 0, 0, 0, 0, 0, 4)
		ip := netip.MustParseAddr(a).As4()
		reply = append(reply, ip[:]...)
	}
	return reply
}
