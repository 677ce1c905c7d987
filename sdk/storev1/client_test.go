package storev1_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/internal/rest/resttest"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func TestClientTakesEveryDocumentedRouteAndNoOther(t *testing.T) {
	t.Parallel()
	calls := resttest.Calls(t, "/store/v1", func(url string) any { return storev1.Client{BaseURL: url} })
	documented := resttest.Documented(t, "doc.go")
	if !slices.Equal(calls, documented) {
		t.Errorf("client     %q\ndocumented %q", calls, documented)
	}
}

func TestClientSendsItsCredentials(t *testing.T) {
	t.Parallel()
	var got []*http.Request
	url := resttest.Server(t, func(r *http.Request) { got = append(got, r) })
	c := storev1.Client{BaseURL: url + "/"}.WithCart("cart").WithCustomer("customer")
	if _, err := c.Checkout(t.Context(), "../admin", storev1.Checkout{PaymentMethod: "manual"}, "key"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Once("key").Cart(t.Context(), ".."); err != nil {
		t.Fatal(err)
	}
	post, read := got[0], got[1]
	if post.URL.EscapedPath() != "/store/v1/carts/..%2Fadmin/checkout" || read.URL.EscapedPath() != "/store/v1/carts/%2E%2E" {
		t.Errorf("paths %s, %s", post.URL.EscapedPath(), read.URL.EscapedPath())
	}
	for name, want := range map[string]string{
		"X-Cart-Token": "cart", "Authorization": "Bearer customer", "Idempotency-Key": "key", "Content-Type": "application/json",
	} {
		if post.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, post.Header.Get(name), want)
		}
	}
	if read.Header.Get("Idempotency-Key") != "" || read.Header.Get("Content-Type") != "" {
		t.Error("a read carries no key and no body")
	}
}

func TestClientOpensDownloads(t *testing.T) {
	t.Parallel()
	var got []*http.Request
	c := storev1.Client{BaseURL: resttest.Server(t, func(r *http.Request) { got = append(got, r) })}
	if _, err := c.Once("key").Download(t.Context(), "order", "file", "token"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.WithCustomer("customer").Downloads(t.Context(), "order", "", storev1.PageQuery{}); err != nil {
		t.Fatal(err)
	}
	guest, customer := got[0], got[1]
	if guest.URL.Path != "/store/v1/orders/order/downloads/file" || guest.Header.Get("X-Order-Token") != "token" || guest.Header.Get("Idempotency-Key") != "key" {
		t.Errorf("a guest sends %s with %v", guest.URL.Path, guest.Header)
	}
	if _, sent := customer.Header["X-Order-Token"]; sent || customer.Header.Get("Authorization") != "Bearer customer" {
		t.Errorf("a customer sends %v", customer.Header)
	}
}

func TestClientSendsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	var query string
	url := resttest.Server(t, func(r *http.Request) { query = r.URL.RawQuery })
	_, err := storev1.Client{BaseURL: url}.Products(t.Context(), storev1.ProductQuery{
		PageQuery: storev1.PageQuery{Limit: 3},
		Q:         "a b",
		MinPrice:  storev1.Some[int64](0),
		InStock:   storev1.Some(false),
	})
	if err != nil || query != "inStock=false&limit=3&minPrice=0&q=a+b" {
		t.Errorf("got %q, %v", query, err)
	}
}

func answering(t *testing.T, status int, header http.Header, body string) storev1.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return storev1.Client{BaseURL: server.URL}
}

func TestClientReadsErrors(t *testing.T) {
	t.Parallel()
	c := answering(t, 409, http.Header{"X-Request-Id": {"r1"}, "Retry-After": {"2"}},
		`{"error":{"code":"inventory.insufficient_stock","message":"Too few.","details":[{"variantId":"v","requested":3,"available":1}]}}`)
	_, err := c.AddItem(t.Context(), "c", storev1.AddItem{VariantID: "v", Quantity: 3})
	var failed *storev1.APIError
	if !errors.As(err, &failed) {
		t.Fatalf("got %v", err)
	}
	if failed.Status != 409 || failed.Code != "inventory.insufficient_stock" || failed.Message != "Too few." ||
		failed.RequestID != "r1" || failed.RetryAfter != 2*time.Second {
		t.Errorf("got %+v", failed)
	}
	short, err := storev1.DetailsOf[storev1.StockShortage](failed)
	if err != nil || len(short) != 1 || short[0] != (storev1.StockShortage{VariantID: "v", Requested: 3, Available: 1}) {
		t.Errorf("got %+v, %v", short, err)
	}
	if failed.Error() != "the shop answered 409 inventory.insufficient_stock: Too few." {
		t.Errorf("got %q", failed.Error())
	}
}

func TestClientKeepsTheStatusOfAStrangersError(t *testing.T) {
	t.Parallel()
	_, err := answering(t, 502, nil, `<html>bad gateway</html>`).Products(t.Context(), storev1.ProductQuery{})
	var failed *storev1.APIError
	if !errors.As(err, &failed) || failed.Status != 502 || failed.Code != "" {
		t.Fatalf("got %v", err)
	}
}

func TestClientFailsWithoutAWholeAnswer(t *testing.T) {
	t.Parallel()
	if _, err := answering(t, 200, nil, `<html>`).Me(t.Context()); err == nil {
		t.Error("an answer that is not JSON was taken")
	}
	if _, err := (storev1.Client{}).Me(t.Context()); err == nil {
		t.Error("a client without an address made a call")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := answering(t, 200, nil, `{}`).Me(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := answering(t, 204, nil, ``).Logout(t.Context()); err != nil {
		t.Errorf("204 has no body to read: %v", err)
	}
}

func TestIdempotencyKeysDiffer(t *testing.T) {
	t.Parallel()
	a, b := storev1.NewIdempotencyKey(), storev1.NewIdempotencyKey()
	if a == b || len(a) < 20 || len(a) > 255 {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestDetailsOfRefusesAnotherKind(t *testing.T) {
	t.Parallel()
	if _, err := storev1.DetailsOf[storev1.StockShortage](&storev1.APIError{Details: []json.RawMessage{[]byte(`"x"`)}}); err == nil {
		t.Error("a string was read as an object")
	}
}
