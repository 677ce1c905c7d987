package outbound_test

import (
	"net/netip"
	"testing"

	"github.com/sovecom/sovecom/kit/outbound"
)

func TestWhatIsPublic(t *testing.T) {
	t.Parallel()
	g := outbound.NewGuard(false, nil)
	for text, want := range map[string]bool{
		"1.1.1.1": true, "8.8.8.8": true, "172.15.0.1": true, "172.32.0.1": true, "100.63.0.1": true, "100.128.0.1": true,
		"192.0.1.1": true, "192.167.0.1": true, "198.17.0.1": true, "223.255.255.255": true, "168.63.129.15": true,
		"::ffff:1.1.1.1": true, "2606:4700:4700::1111": true, "64:ff9b::1.1.1.1": true, "2a00:1450::1": true,

		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "100.64.0.1": false, "100.100.100.200": false, "127.0.0.1": false,
		"127.255.255.254": false, "169.254.169.254": false, "172.16.0.1": false, "172.31.255.255": false, "192.0.0.192": false,
		"192.0.2.1": false, "192.168.1.1": false, "198.18.0.1": false, "198.19.255.255": false, "198.51.100.1": false,
		"203.0.113.1": false, "224.0.0.1": false, "239.1.1.1": false, "240.0.0.1": false, "255.255.255.255": false, "168.63.129.16": false,
		"::": false, "::1": false, "fc00::1": false, "fd00:ec2::254": false, "fe80::1": false, "fe80::1%eth0": false, "fec0::1": false,
		"ff02::1": false, "2001:db8::1": false, "2001::1": false, "2002:7f00:1::": false, "3fff::1": false, "100::1": false,
		"::ffff:127.0.0.1": false, "::ffff:7f00:1": false, "::ffff:a9fe:a9fe": false, "0:0:0:0:0:ffff:10.0.0.1": false,
		"::127.0.0.1": false, "::7f00:1": false, "64:ff9b::10.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b:1::1.1.1.1": false,
		"2606:4700::1%eth0": false,
	} {
		if got := g.Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if g.Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}
