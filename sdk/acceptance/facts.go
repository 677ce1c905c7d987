package acceptance

import (
	"fmt"
	"net/http"
	"testing"
)

// facts checks what is told of products beyond their names: attributes, EU data, and the files of digital goods.
func (s *suite) facts(t *testing.T) {
	t.Parallel()
	code := "width_" + unique()
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/attributes", token: s.admin,
		body: object{"code": code, "name": "Width", "type": "number", "unit": "cm", "filterable": true}})
	s.shape(t, made, "data", "adminAttribute")
	attribute := "/admin/v1/attributes/" + made.text(t, "data.id")
	p, body := newProduct(1, 499)
	body["attributes"] = object{code: 12.5}
	body["vatClass"], body["minimumAge"] = "reduced", 16
	body["gpsr"] = object{"manufacturer": object{"name": "Maker", "country": "PT", "address": "1 Road"}, "warnings": object{"de": "Heiß"}}
	p, created := s.create(t, p, body)
	s.shape(t, created, "data", "adminProduct")
	created.equal(t, "data.attributes.0.value", 12.5)
	path := "/admin/v1/products/" + p.id
	changed := s.want(t, http.StatusOK, request{method: "PATCH", path: path + "/variants/" + p.variants[0].id, token: s.admin, body: object{
		"unitPrice": object{"quantity": "250", "unit": "g", "baseQuantity": 1, "baseUnit": "kg"}, "hsCode": "09021000", "countryOfOrigin": "PT", "gtin": "4006381333931"}})
	s.shape(t, changed, "data", "adminVariant")
	changed.equal(t, "data.unitPrice.price.amount", 1996)
	file := s.want(t, http.StatusCreated, request{method: "POST", path: path + "/variants/" + p.variants[0].id + "/files", token: s.admin,
		body: object{"key": "private/" + code + ".pdf", "name": "pattern.pdf", "downloadLimit": 3}})
	s.shape(t, file, "data", "variantFile")

	store := "/store/v1/products/" + p.slug
	s.eventually(t, settled, "shoppers see it", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: store})
		for field, want := range map[string]any{
			"data.attributes.0.name": "Width", "data.attributes.0.value": 12.5, "data.attributes.0.unit": "cm", "data.minimumAge": 16,
			"data.gpsr.warnings.de": "Heiß", "data.guarantee.legalGuarantee": true, "data.variants.0.countryOfOrigin": "PT",
			"data.variants.0.unitPrice.price.amount": 1996, "data.variants.0.digital.fileCount": 1, "data.variants.0.digital.downloadLimit": 3,
		} {
			if got, _ := lookup(a.doc, field); fmt.Sprint(got) != fmt.Sprint(want) {
				return fmt.Errorf("%s is %v, want %v", field, got, want)
			}
		}
		s.shape(t, a, "data", "product")
		return nil
	})
	for query, total := range map[string]int64{"=12.5": 1, ".min=12&attr." + code + ".max=13": 1, ".max=12": 0} {
		list := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products?attr." + code + query})
		if got := list.number(t, "meta.total"); got != total {
			t.Errorf("attr.%s%s finds %d, want %d", code, query, got, total)
		}
	}
	for _, query := range []string{code + "=wide", code + "x=1", code + ".min=a"} {
		s.want(t, http.StatusBadRequest, request{method: "GET", path: "/store/v1/products?attr." + query})
	}
	wrong := s.want(t, http.StatusUnprocessableEntity, request{method: "PATCH", path: path, token: s.admin, body: object{"attributes": object{code: "wide"}}})
	if !wrong.names("attributes." + code) {
		t.Errorf("the error does not name the attribute: %s", clip(wrong.body))
	}

	// Renaming is seen at once; what is in use stays.
	s.want(t, http.StatusOK, request{method: "PATCH", path: attribute, token: s.admin, body: object{"name": "Breadth"}})
	s.eventually(t, settled, "shoppers see the new name", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: store})
		if name, _ := lookup(a.doc, "data.attributes.0.name"); name != "Breadth" {
			return fmt.Errorf("got %v", name)
		}
		return nil
	})
	s.want(t, http.StatusConflict, request{method: "PATCH", path: attribute, token: s.admin, body: object{"type": "text"}})
	s.want(t, http.StatusConflict, request{method: "DELETE", path: attribute, token: s.admin}).equal(t, "error.details.0.products", 1)
	report := s.want(t, http.StatusOK, request{method: "GET", path: path + "/compliance", token: s.admin})
	s.shape(t, report, "data", "compliance")
	markets := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/settings/markets", token: s.admin})
	s.shape(t, markets, "data", "markets")
	teas := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/categories", token: s.admin, body: object{"name": "Teas " + p.word, "soldByMeasure": true}})
	teas.equal(t, "data.soldByMeasure", true)
	category := request{method: "PATCH", path: "/admin/v1/categories/" + teas.text(t, "data.id"), token: s.admin, body: object{"soldByMeasure": false}}
	s.want(t, http.StatusOK, category).equal(t, "data.soldByMeasure", false)
	category.body = object{"soldByMeasure": nil}
	if bad := s.want(t, http.StatusUnprocessableEntity, category); !bad.names("soldByMeasure") {
		t.Errorf("the error does not name soldByMeasure: %s", clip(bad.body))
	}
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path + "/variants/" + p.variants[0].id + "/files/" + file.text(t, "data.id"), token: s.admin})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: attribute, token: s.admin})
}
