package gateway

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// answer is what goes back: also what is stored for repeated requests, so it holds bytes, not values.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// problem turns any error into the error document. What is not a declared fault becomes a neutral sentence; it was
// logged where it happened.
func (g *Gateway) problem(r *http.Request, err error) answer {
	f := fault.From(err)
	if f.Kind() == fault.KindInternal {
		g.log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	doc := storev1.Error{Error: storev1.ErrorBody{Code: f.Code(), Message: f.Message(), Details: []any{}}}
	for _, field := range f.Fields() {
		doc.Error.Details = append(doc.Error.Details, storev1.FieldError(field))
	}
	for _, object := range f.Objects() {
		doc.Error.Details = append(doc.Error.Details, object)
	}
	a := answer{status: f.Kind().HTTPStatus(), header: http.Header{}}
	a.header.Set("Cache-Control", "no-store")
	switch f.Kind() {
	case fault.KindUnavailable, fault.KindDeadline, fault.KindCanceled, fault.KindRateLimited:
		a.header.Set("Retry-After", seconds(max(f.RetryAfter(), time.Second)))
	case fault.KindUnauthenticated:
		a.header.Set("WWW-Authenticate", "Bearer")
	default:
		if f.RetryAfter() > 0 {
			a.header.Set("Retry-After", seconds(f.RetryAfter()))
		}
	}
	a.body = encode(doc)
	return a
}

func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// encode writes a document of the SDK. They are plain structs, so it cannot fail.
func encode(doc any) []byte {
	body, err := json.Marshal(doc)
	if err != nil {
		return []byte(`{"error":{"code":"shop.internal","message":"The answer could not be written.","details":[]}}`)
	}
	return body
}

func (a answer) write(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if len(a.body) > 0 {
		if h.Get("Content-Type") == "" {
			h.Set("Content-Type", "application/json")
		}
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller may have gone away
}
