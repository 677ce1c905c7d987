package identity

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
)

// hostName is a DNS name (RFC 1123) or an IPv4 address in lower case; international names stand in their ASCII form.
var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

const maxHost = 253

// normalHost strips the port and the root's dot and lowers the case; what is no host name becomes empty.
func normalHost(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	s = strings.TrimSuffix(s, ".")
	if ip := net.ParseIP(strings.Trim(s, "[]")); ip != nil {
		return ip.String()
	}
	if len(s) > maxHost || !hostName.MatchString(s) {
		return ""
	}
	return s
}

// parseHosts normalises the hosts of a shop, sorted and each once.
func parseHosts(in []string) ([]string, error) {
	out := make([]string, 0, len(in))
	for i, s := range in {
		host := normalHost(s)
		if host == "" {
			return nil, ErrBadHost.WithField(fmt.Sprintf("hosts[%d]", i), "format", "It has to be a host name such as shop.example.com.")
		}
		out = append(out, host)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
