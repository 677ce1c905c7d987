package attack

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// lives plays the catalogue's copies, edits of many and bundles.
type lives struct {
	catalogv1connect.UnimplementedLifecycleServiceHandler

	copies atomic.Int64
	edit   atomic.Pointer[catalogv1.EditProductsRequest]
}

func (l *lives) DuplicateProduct(_ context.Context, req *catalogv1.DuplicateProductRequest) (*catalogv1.DuplicateProductResponse, error) {
	l.copies.Add(1)
	return &catalogv1.DuplicateProductResponse{Product: &catalogv1.Product{Id: id.New().String(), Title: req.GetTitle(), Version: 1}}, nil
}

func (l *lives) EditProducts(_ context.Context, req *catalogv1.EditProductsRequest) (*catalogv1.EditProductsResponse, error) {
	l.edit.Store(req)
	return &catalogv1.EditProductsResponse{Changed: 1, Failed: 1, Products: []*catalogv1.EditedProduct{
		{Id: productID, Version: 4}, {Id: productID, ErrorCode: "catalog.price_missing", ErrorMessage: "The price is 0."},
	}}, nil
}

func (l *lives) SetOptions(context.Context, *catalogv1.SetOptionsRequest) (*catalogv1.SetOptionsResponse, error) {
	return &catalogv1.SetOptionsResponse{Product: &catalogv1.Product{Id: productID, Version: 5}}, nil
}

func (l *lives) OrderVariants(context.Context, *catalogv1.OrderVariantsRequest) (*catalogv1.OrderVariantsResponse, error) {
	return &catalogv1.OrderVariantsResponse{Product: &catalogv1.Product{Id: productID, Version: 5}}, nil
}

// DeleteProduct archives the one product there is when its version is named, and removes it otherwise.
func (g *goods) DeleteProduct(_ context.Context, req *catalogv1.DeleteProductRequest) (*catalogv1.DeleteProductResponse, error) {
	if req.GetIfVersion() == 0 {
		return &catalogv1.DeleteProductResponse{}, nil
	}
	left := g.product()
	left.Status = catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED
	return &catalogv1.DeleteProductResponse{Archived: left}, nil
}

func TestLifecycleAtTheEdge(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	staff := map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "owner", tenant.Default())}
	path := "/admin/v1/products/" + productID
	ids := `{"ids":["` + productID + `"],`

	// A deletion that leaves nothing has no body; one that leaves something says what.
	if a := s.want(t, http.StatusNoContent, try{"DELETE", path, "", staff}); a.body != "" {
		t.Errorf("gone, and answered %s", a.body)
	}
	a := s.want(t, http.StatusOK, try{"DELETE", path, "", with(staff, "If-Match", `"3"`)})
	if !strings.Contains(a.body, `"meta":{"archived":true}`) || !strings.Contains(a.body, `"status":"archived"`) || a.header.Get("ETag") != `"3"` {
		t.Errorf("got %s with ETag %s", a.body, a.header.Get("ETag"))
	}

	// One key, one copy.
	for range 3 {
		a = s.want(t, http.StatusCreated, try{"POST", path + "/duplicate", `{"title":"Twin"}`, with(staff, "Idempotency-Key", "twin")})
	}
	if s.lives.copies.Load() != 1 || a.header.Get("Idempotent-Replayed") != "true" || !strings.HasPrefix(a.header.Get("Location"), "/admin/v1/products/") {
		t.Errorf("%d copies, %v", s.lives.copies.Load(), a.header)
	}
	s.want(t, http.StatusCreated, try{"POST", path + "/duplicate", "", staff})

	a = s.want(t, http.StatusOK, try{"POST", "/admin/v1/products/bulk", ids + `"set":{"status":"draft"},"price":{"percent":-12.35,"rounding":100},"dryRun":true}`, staff})
	if want := `{"data":[{"id":"` + productID + `","ok":true,"version":4,"error":null},{"id":"` + productID +
		`","ok":false,"version":null,"error":{"code":"catalog.price_missing","message":"The price is 0."}}],"meta":{"total":2,"page":1,"limit":500,"nextCursor":null,"changed":1,"failed":1}}`; strings.TrimSpace(a.body) != want {
		t.Errorf("got  %s\nwant %s", a.body, want)
	}
	if e := s.lives.edit.Load(); e.GetPrice().GetBasisPoints() != -1235 || e.GetPrice().GetRounding() != 100 || !e.GetDryRun() || e.GetKey() != "" {
		t.Errorf("the catalogue was asked for %v", e)
	}
	s.want(t, http.StatusOK, try{"POST", "/admin/v1/products/bulk", ids + `"set":{"status":"draft"}}`, with(staff, "Idempotency-Key", "once")})
	if s.lives.edit.Load().GetKey() == "" {
		t.Error("the catalogue does not know the key, and cannot recognise a repetition")
	}
	s.want(t, http.StatusOK, try{"PUT", path + "/variants/order", `{"variantIds":["` + productID + `"]}`, staff})

	many := strings.Repeat(`"`+productID+`",`, 500)
	for name, row := range map[string]struct {
		try
		status int
		field  string
	}{
		"nobody's edit":       {try{"POST", "/admin/v1/products/bulk", ids + `"dryRun":true}`, nil}, 401, ""},
		"no products":         {try{"POST", "/admin/v1/products/bulk", `{"ids":[]}`, staff}, 422, "ids"},
		"501 products":        {try{"POST", "/admin/v1/products/bulk", `{"ids":[` + many + `"` + productID + `"]}`, staff}, 422, "ids"},
		"a malformed product": {try{"POST", "/admin/v1/products/bulk", `{"ids":["x"]}`, staff}, 422, "ids[0]"},
		"a stranger's key":    {try{"POST", "/admin/v1/products/bulk", ids + `"set":{"title":"T"}}`, staff}, 422, "set.title"},
		"an unknown status":   {try{"POST", "/admin/v1/products/bulk", ids + `"set":{"status":"sold"}}`, staff}, 422, "set.status"},
		"more than free":      {try{"POST", "/admin/v1/products/bulk", ids + `"price":{"percent":-101}}`, staff}, 422, "price.percent"},
		"a third":             {try{"POST", "/admin/v1/products/bulk", ids + `"price":{"percent":33.333}}`, staff}, 422, "price.percent"},
		"half a cent":         {try{"POST", "/admin/v1/products/bulk", ids + `"price":{"amount":{"amount":0.5,"currency":"EUR"}}}`, staff}, 422, "price.amount.amount"},
		"reading the edits":   {try{"GET", "/admin/v1/products/bulk", "", staff}, 405, ""},
		"no order":            {try{"PUT", path + "/variants/order", `{"variantIds":[]}`, staff}, 422, "variantIds"},
		"deleting the order":  {try{"DELETE", path + "/variants/order", "", staff}, 405, ""},
		"no time":             {try{"PATCH", path, `{"publishAt":"soon"}`, staff}, 422, "publishAt"},
		"no kind":             {try{"POST", "/admin/v1/products", `{"title":"T","kind":"box"}`, staff}, 422, "kind"},
		"51 components":       {try{"PUT", path + "/variants/" + productID + "/components", `{"components":[` + strings.TrimSuffix(strings.Repeat(`{"variantId":"`+productID+`","quantity":1},`, 51), ",") + `]}`, staff}, 422, "components"},
		"no units of one":     {try{"PUT", path + "/variants/" + productID + "/components", `{"components":[{"variantId":"` + productID + `","quantity":0}]}`, staff}, 422, "components[0].quantity"},
		"a copy with a price": {try{"POST", path + "/duplicate", `{"price":1}`, staff}, 422, "price"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := s.want(t, row.status, row.try)
			if row.field != "" && !strings.Contains(a.body, `"`+row.field+`"`) {
				t.Errorf("no detail names %s: %s", row.field, a.body)
			}
		})
	}
}
