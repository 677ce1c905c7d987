package gateway

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Paths that cross lead where their words say, and every address and method that is none is refused as elsewhere.
func TestPathsThatCross(t *testing.T) {
	t.Parallel()
	g := build(t)
	for path, want := range map[string]string{
		"/orders/{id}/downloads": "/orders/{id}/{word3}", "/orders/by-number/{number}": "/orders/by-number/{number}", "/orders/{id}": "/orders/{id}",
	} {
		if got := g.store.pattern(path).text; got != want {
			t.Errorf("%s is registered as %s, want %s", path, got, want)
		}
	}
	handler, err := g.build()
	if err != nil {
		t.Fatal(err)
	}
	const order = "/store/v1/orders/00000000-0000-7000-8000-000000000000"
	for request, want := range map[[2]string]int{
		{http.MethodGet, order + "/uploads"}:                        http.StatusNotFound,
		{http.MethodPost, order + "/uploads"}:                       http.StatusNotFound,
		{http.MethodPut, order + "/downloads"}:                      http.StatusMethodNotAllowed,
		{http.MethodPost, "/store/v1/orders/by-number/1001"}:        http.StatusMethodNotAllowed,
		{http.MethodDelete, "/store/v1/orders/by-number/downloads"}: http.StatusMethodNotAllowed,
	} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), request[0], request[1], nil))
		if answer.Code != want {
			t.Errorf("%s %s is %d, want %d", request[0], request[1], answer.Code, want)
		}
	}
}
