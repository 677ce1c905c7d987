package attack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/tenant"
)

// shelf plays the catalogue and remembers what it was asked.
type shelf struct {
	catalogv1connect.CatalogServiceClient

	mu      sync.Mutex
	filters []string
	changed *catalogv1.UpdateProductRequest
	refuse  error
	product *catalogv1.Product
}

func (s *shelf) ListStoreProducts(_ context.Context, req *catalogv1.ListStoreProductsRequest) (*catalogv1.ListStoreProductsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.filters = nil
	for _, f := range req.GetAttributes() {
		s.filters = append(s.filters, fmt.Sprintf("%s %v %s..%s", f.GetCode(), f.GetValues(), f.GetMin(), f.GetMax()))
	}
	return &catalogv1.ListStoreProductsResponse{Products: []*catalogv1.Product{s.product}, Page: &typev1.PageInfo{Total: 1, Next: []byte("next")}}, s.refuse
}

func (s *shelf) UpdateProduct(_ context.Context, req *catalogv1.UpdateProductRequest) (*catalogv1.UpdateProductResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = req
	return &catalogv1.UpdateProductResponse{Product: s.product}, s.refuse
}

func stocked(t *testing.T) (*shop, *shelf) {
	t.Helper()
	s := open(t, options{})
	goods := &shelf{product: &catalogv1.Product{Id: productID, Slug: "tea", Title: "Tea", Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, Version: 3}}
	s.deps.Catalog = goods
	s.Gateway, s.url = s.serve(t)
	return s, goods
}

// Only lists of products let names through that begin with attr., and hand them on as what they ask for.
func TestFiltersByAttribute(t *testing.T) {
	t.Parallel()
	s, goods := stocked(t)
	const list = "/store/v1/products?"
	s.want(t, http.StatusOK, try{method: "GET", path: list + "attr.width.max=20&attr.color=red,blue&attr.width.min=10&limit=5&attr.min=3"})
	if want := []string{"color [red blue] ..", "min [3] ..", "width [] 10..20"}; !slices.Equal(goods.filters, want) {
		t.Errorf("asked for %q, want %q", goods.filters, want)
	}
	for query, field := range map[string]string{
		"attr.=1":                        "attr.",
		"attr=1":                         "attr",
		"xattr.color=red":                "xattr.color",
		"Attr.color=red":                 "Attr.color",
		"attr.color=red&attr.color=blue": "attr.color",
		"attr.color=":                    "attr.color",
		"attr.color=%00":                 "attr.color",
		"attr.color=%ff":                 "attr.color",
		"attr.width.min=":                "attr.width.min",
		"attr.color=" + strings.Repeat("x", 2001):   "attr.color",
		"attr.color=" + strings.Repeat("x,", 101):   "attr.color",
		"attr." + strings.Repeat("x", 65) + "=1":    "attr." + strings.Repeat("x", 65),
		"attr.width.min=" + strings.Repeat("1", 65): "attr.width.min",
		"attr.width.minimum=1&unknown=1":            "unknown",
	} {
		a := s.do(t, try{method: "GET", path: list + query})
		if a.status != http.StatusBadRequest || !strings.Contains(a.body, `"field":"`+field+`"`) {
			t.Errorf("%.60s: got %d %.200s", query, a.status, a.body)
		}
	}
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprintf("attr.a%d=1", i))
	}
	s.want(t, http.StatusBadRequest, try{method: "GET", path: list + strings.Join(many, "&")})
	for _, path := range []string{"/store/v1/categories", "/store/v1/tags", "/store/v1/products/tea"} {
		if a := s.do(t, try{method: "GET", path: path + "?attr.color=red"}); a.status != http.StatusBadRequest || !strings.Contains(a.body, `"attr.color"`) {
			t.Errorf("%s: got %d %s", path, a.status, a.body)
		}
	}

	// What the catalogue refuses is a bad query that names the parameter, and is not kept.
	goods.refuse = fault.Restore(fault.KindMalformed, "catalog.attribute_filter_invalid", "No.").WithField("attr.colour", "unknown_parameter", "No.")
	refused := s.want(t, http.StatusBadRequest, try{method: "GET", path: list + "attr.colour=red"})
	if !strings.Contains(refused.body, `"field":"attr.colour"`) {
		t.Errorf("got %s", refused.body)
	}
	goods.refuse = nil
	s.want(t, http.StatusOK, try{method: "GET", path: list + "attr.colour=red"})

	// A cursor belongs to its filters.
	first := s.want(t, http.StatusOK, try{method: "GET", path: list + "attr.color=red&limit=1"})
	var page struct{ Meta struct{ NextCursor string } }
	must(t, json.Unmarshal([]byte(first.body), &page))
	s.want(t, http.StatusOK, try{method: "GET", path: list + "limit=1&attr.color=red&cursor=" + page.Meta.NextCursor})
	s.want(t, http.StatusBadRequest, try{method: "GET", path: list + "limit=1&attr.color=blue&cursor=" + page.Meta.NextCursor})
}

func TestOpenAPISaysHowToFilter(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	for _, surface := range []string{"store", "admin"} {
		var doc struct {
			Paths map[string]map[string]struct {
				Parameters []struct {
					Name, In, Style, Description string
					Explode                      bool
					Schema                       struct{ Type any }
				}
			}
		}
		must(t, json.Unmarshal([]byte(s.want(t, http.StatusOK, try{method: "GET", path: "/openapi/" + surface + ".v1.json"}).body), &doc))
		found := 0
		for path, operations := range doc.Paths {
			for _, operation := range operations {
				for _, p := range operation.Parameters {
					if p.Name != "attr" {
						continue
					}
					found++
					if path != "/"+surface+"/v1/products" && path != "/store/v1/search" && path != "/admin/v1/exports/products" || p.In != "query" || p.Style != "form" || !p.Explode || p.Schema.Type != "object" || !strings.Contains(p.Description, "attr.color=red,blue") {
						t.Errorf("%s: %+v", path, p)
					}
				}
			}
		}
		if want := map[string]int{"store": 2, "admin": 2}[surface]; found != want { // products, and the search of shoppers, and exports
			t.Errorf("%s documents it %d times", surface, found)
		}
	}
}

// What shoppers see of the facts is what the law wants shown, with a unit price that follows from the price.
func TestShoppersSeeWhatTheLawWantsShown(t *testing.T) {
	t.Parallel()
	s, goods := stocked(t)
	text := func(s string) *string { return &s }
	goods.product.Facts = &catalogv1.ProductFacts{
		VatClass: catalogv1.VatClass_VAT_CLASS_ZERO, Gpsr: &catalogv1.Gpsr{Manufacturer: &catalogv1.EconomicOperator{Name: "Maker"}},
	}
	goods.product.Attributes = []*catalogv1.AttributeValue{
		{Code: "secret", Name: "Secret", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT, Values: []string{"classified"}},
		{Code: "width", Name: "Width", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER, Values: []string{"12.5"}, Unit: text("cm"), Shown: true},
	}
	goods.product.Variants = []*catalogv1.Variant{{
		Id: productID, Sku: "TEA", Price: &typev1.Money{Amount: 499, Currency: "EUR"},
		Facts: &catalogv1.VariantFacts{
			UnitPrice: &catalogv1.UnitMeasure{Quantity: "250", Unit: "g", BaseQuantity: 1, BaseUnit: "kg"},
			HsCode:    text("09021000"), Gtin: text("4006381333931"), CountryOfOrigin: text("CN"),
		},
	}}
	a := s.want(t, http.StatusOK, try{method: "GET", path: "/store/v1/products"})
	for _, want := range []string{
		`"unitPrice":{"price":{"amount":1996,"currency":"EUR"},"baseQuantity":1,"baseUnit":"kg"}`, `"countryOfOrigin":"CN"`,
		`"attributes":[{"code":"width","name":"Width","type":"number","value":12.5,"unit":"cm","label":null}]`,
		`"guarantee":{"legalGuarantee":true,"durabilityLabel":null}`, `"warnings":{},"identifiers":[],"safetyImageIds":[]`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s is not in %s", want, a.body)
		}
	}
	for _, secret := range []string{"classified", "vatClass", "zero", "hsCode", "09021000", "4006381333931", "soldByMeasure"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("%q is shown in %s", secret, a.body)
		}
	}
}

// A body that is wrong anywhere is refused with the field; one that is right arrives as it was meant.
func TestFactsOfABody(t *testing.T) {
	t.Parallel()
	s, goods := stocked(t)
	token := s.token(t, auth.Staff, "owner", tenant.Default())
	patch := func(body string) reply {
		return s.do(t, try{method: "PATCH", path: "/admin/v1/products/" + productID, body: body, header: map[string]string{"Authorization": "Bearer " + token}})
	}
	for body, field := range map[string]string{
		`{"attributes":null}`:               "attributes",
		`{"attributes":[]}`:                 "attributes",
		`{"attributes":{"a":{"b":1}}}`:      "attributes.a",
		`{"attributes":{"a":[1]}}`:          "attributes.a",
		`{"attributes":{"a":"\u0000"}}`:     "attributes.a",
		`{"goods":null}`:                    "goods",
		`{"goods":"animal"}`:                "goods",
		`{"vatClass":"none"}`:               "vatClass",
		`{"minimumAge":0}`:                  "minimumAge",
		`{"gpsr":{"manufacturer":{}}}`:      "gpsr.manufacturer.name",
		`{"gpsr":{"manufactured":1}}`:       "gpsr.manufactured",
		`{"gpsr":{"safetyImageIds":["x"]}}`: "gpsr.safetyImageIds[0]",
		`{"guarantee":{"durabilityLabel":{"months":24,"producer":"P"}}}`: "guarantee.durabilityLabel.months",
		`{"energyLabel":{"class":"H","scaleMin":"A","scaleMax":"G"}}`:    "energyLabel.class",
		`{"warnings":[]}`: "warnings",
	} {
		if a := patch(body); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"field":"`+field+`"`) {
			t.Errorf("%s: got %d %s", body, a.status, a.body)
		}
	}
	if goods.changed != nil {
		t.Errorf("the catalogue was asked for %v", goods.changed)
	}
	if a := patch(`{"attributes":{"n":12.5,"i":9007199254740991,"t":"x","b":false,"l":["r","g"],"gone":null,"e":[]},"vatClass":null,"minimumAge":18,"gpsr":null}`); a.status != http.StatusOK {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	want := &catalogv1.UpdateProductRequest{Facts: goods.changed.GetFacts()}
	got := map[string]string{}
	for _, in := range goods.changed.GetAttributes() {
		got[in.GetCode()] = fmt.Sprintf("%T %s", in.GetValue(), strings.TrimSpace(in.GetText()+in.GetNumber()+strings.Join(in.GetList().GetValues(), "+")))
	}
	if got["n"] != "*catalogv1.AttributeInput_Number 12.5" || got["i"] != "*catalogv1.AttributeInput_Number 9007199254740991" || got["l"] != "*catalogv1.AttributeInput_List r+g" ||
		got["gone"] != "*catalogv1.AttributeInput_Clear " || got["b"] != "*catalogv1.AttributeInput_Boolean " || got["t"] != "*catalogv1.AttributeInput_Text x" || got["e"] != "*catalogv1.AttributeInput_List " {
		t.Errorf("attributes arrived as %v", got)
	}
	if f := want.GetFacts(); !slices.Equal(f.GetGiven(), []string{"vat_class", "minimum_age", "gpsr"}) || f.GetValues().GetMinimumAge() != 18 || f.GetValues().GetGpsr() != nil {
		t.Errorf("facts arrived as %v", f)
	}

	// What a market wants told is in the details, one by one.
	goods.refuse = fault.Restore(fault.KindInvalid, "catalog.market_incomplete", "No.").
		WithObject(map[string]any{"market": "DE", "field": "vatClass", "rule": "r", "message": "m", "severity": "error"}).
		WithObject(map[string]any{"market": "DE", "field": "images", "rule": "r", "message": "m", "severity": "error"})
	if a := patch(`{"status":"published"}`); a.status != http.StatusUnprocessableEntity || strings.Count(a.body, `"market":"DE"`) != 2 {
		t.Errorf("got %d %s", a.status, a.body)
	}
}
