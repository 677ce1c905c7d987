package door

import (
	"strings"

	"connectrpc.com/connect/v2"
)

// metadata is the part of a header that crosses a door, owned by one call.
type metadata map[string][]string

// collect copies what of h crosses. It fails on a name no door could carry.
func collect(h *connect.Header) (metadata, *connect.Error) {
	if h.Len() == 0 {
		return nil, nil
	}
	m := make(metadata, h.Len())
	for name, values := range h.All() {
		if reserved(name) || len(values) == 0 {
			continue
		}
		if !isToken(name) {
			return nil, connect.Errorf(connect.CodeInternal, "The metadata name %q has characters that cannot be carried.", name)
		}
		clean := make([]string, len(values))
		for i, value := range values {
			clean[i] = cleanValue(value)
		}
		m[name] = clean
	}
	return m, nil
}

// pour gives m's values to h; m is not used afterwards.
func (m metadata) pour(h *connect.Header) {
	for name, values := range m {
		h.SetValues(name, values)
	}
}

// reserved tells the names that belong to HTTP and to the RPC protocols on it. They are kept from every door, because what
// HTTP must overwrite or add would otherwise be visible behind that door alone. Names are in canonical form.
func reserved(name string) bool {
	switch name {
	case "Accept", "Accept-Encoding", "Accept-Post", "Allow", "Connection", "Date", "Expect", "Host", "Keep-Alive",
		"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent", "Vary":
		return true
	}
	for _, prefix := range [...]string{"Content-", "Connect-", "Grpc-", "Trailer-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// isToken tells whether s is a token of RFC 9110 §5.6.2, which a field name has to be.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		letterOrDigit := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letterOrDigit && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// cleanValue makes s a field value (RFC 9110 §5.5) without changing one that is.
func cleanValue(s string) string {
	if strings.ContainsFunc(s, isControl) {
		s = strings.Map(func(r rune) rune {
			if isControl(r) {
				return ' '
			}
			return r
		}, s)
	}
	return strings.Trim(s, " \t")
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
