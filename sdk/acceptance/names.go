package acceptance

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// names checks that shoppers read what brands, tags, attributes and options are called in their language: on products, in
// lists of brands and tags, and in searches, by slugs of every language.
func (s *suite) names(t *testing.T) {
	p, body := newProduct(1, 499)
	word, code := p.word, "material_"+unique()
	made := func(what string, body object) (id string) {
		return s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/" + what, token: s.admin, body: body}).text(t, "data.id")
	}
	brand, tag := made("brands", object{"name": "House " + word}), made("tags", object{"name": "Linen " + word})
	attribute := made("attributes", object{
		"code": code, "name": "Material", "type": "select", "filterable": true, "shown": true,
		"options": []object{{"value": "linen", "label": "Linen"}, {"value": "wool", "label": "Wool"}},
	})
	body["brandId"], body["tagIds"], body["attributes"] = brand, []string{tag}, object{code: "linen"}
	p, _ = s.create(t, p, body)

	set := func(what string, body object) answer {
		return s.want(t, http.StatusOK, request{method: "PUT", path: "/admin/v1/" + what + "/translations/de", token: s.admin, body: body})
	}
	set("brands/"+brand, object{"name": "Haus " + word, "description": "Aus Berlin."})
	slug := set("tags/"+tag, object{"name": "Leinen " + word}).text(t, "data.slug")
	stored := set("attributes/"+attribute, object{"name": "Stoff", "options": object{"linen": "Leinen"}})
	stored.equal(t, "data.options.linen", "Leinen")
	list := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/attributes/" + attribute + "/translations", token: s.admin})
	list.equal(t, "data.0.name", "Stoff")
	s.want(t, http.StatusPreconditionFailed, request{
		method: "PUT", path: "/admin/v1/tags/" + tag + "/translations/de", token: s.admin, body: object{"name": "X"}, header: map[string]string{"If-Match": `"1"`},
	})
	for path, body := range map[string]object{
		"tags/" + tag + "/translations/xx-yy-zz-":      {"name": "x"},
		"tags/" + tag + "/translations/fr":             {"description": "x"},
		"attributes/" + attribute + "/translations/fr": {"options": object{"silk": "Soie"}},
		"brands/" + brand + "/translations/fr":         {"name": " "},
	} {
		s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: "/admin/v1/" + path, token: s.admin, body: body})
	}

	shows := func(path, language string, want map[string]any) {
		t.Helper()
		s.eventually(t, settled, path+" in "+language, func() error {
			a := s.do(t, request{method: "GET", path: path, header: map[string]string{"Accept-Language": language}})
			if a.status != http.StatusOK {
				return fmt.Errorf("%d %s", a.status, clip(a.body))
			}
			for field, want := range want {
				if got, _ := lookup(a.doc, field); fmt.Sprint(got) != fmt.Sprint(want) {
					return fmt.Errorf("%s is %v, want %v", field, got, want)
				}
			}
			return nil
		})
	}
	product := "/store/v1/products/" + p.slug
	shows(product, "de", map[string]any{
		"data.brand.name": "Haus " + word, "data.tags.0.name": "Leinen " + word, "data.tags.0.slug": slug,
		"data.attributes.0.name": "Stoff", "data.attributes.0.value": "linen", "data.attributes.0.label": "Leinen",
	})
	shows(product, "sv", map[string]any{"data.brand.name": "House " + word, "data.tags.0.name": "Linen " + word, "data.attributes.0.label": "Linen"})
	shows("/store/v1/brands/"+brand, "de", map[string]any{"data.name": "Haus " + word, "data.description": "Aus Berlin."})
	for _, path := range []string{"/store/v1/products?tag=" + slug, "/store/v1/products?tag=" + slug + "&attr." + code + "=linen", "/store/v1/search?q=" + url.QueryEscape("Leinen "+word), "/store/v1/search?tag=" + slug} {
		shows(path, "de", map[string]any{"meta.total": 1, "data.0.id": p.id, "data.0.tags.0.name": "Leinen " + word})
	}
	shows("/store/v1/search?q="+url.QueryEscape("Leinen "+word), "de", map[string]any{
		"meta.facets.brands.0.name": "Haus " + word, "meta.facets.tags.0.slug": slug, "meta.facets.attributes.0.name": "Stoff", "meta.facets.attributes.0.values.0.label": "Leinen",
	})

	// What an attribute cannot be is refused and named, in lists as in searches, each with the status of its address.
	for path, status := range map[string]int{"/store/v1/products": http.StatusBadRequest, "/store/v1/search": http.StatusUnprocessableEntity} {
		for _, value := range []string{"silk", "linen,silk"} {
			if a := s.want(t, status, request{method: "GET", path: path + "?attr." + code + "=" + value}); !a.names("attr." + code) {
				t.Errorf("%s does not name the parameter: %s", path, clip(a.body))
			}
		}
		s.want(t, http.StatusOK, request{method: "GET", path: path + "?attr." + code + "=linen,wool"})
	}

	s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/tags/" + tag + "/translations/de", token: s.admin})
	shows(product, "de", map[string]any{"data.tags.0.name": "Linen " + word, "data.brand.name": "Haus " + word})
}
