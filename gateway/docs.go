package gateway

import (
	_ "embed"
	"net/http"
)

//go:embed docs.html
var docsPage string

// serveDocs is the reference of both surfaces. It asks nothing of the outside: script and style are in the page.
func serveDocs(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	newLeaf([]byte(docsPage)).send(w, r, everybody)
}
