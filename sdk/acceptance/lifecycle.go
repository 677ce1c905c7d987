package acceptance

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// lives walks products through copies, edits of many, schedules and bundles.
func (s *suite) lives(t *testing.T) {
	t.Run("a product is copied", s.copyProduct)
	t.Run("many products are changed at once", s.editMany)
	t.Run("variants are put in order", s.orderVariants)
	t.Run("options are renamed and put in order", s.setOptions)
	t.Run("a product is published at its time", s.schedule)
	t.Run("a bundle takes what it is made of", s.bundle)
}

func (s *suite) copyProduct(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 3, 100, 200)
	key := unique()
	call := request{method: "POST", path: "/admin/v1/products/" + p.id + "/duplicate", token: s.admin, key: key, body: object{"title": "Twin " + p.word}}
	twin := s.want(t, http.StatusCreated, call)
	s.shape(t, twin, "data", "adminProduct")
	twin.equal(t, "data.status", "draft")
	twin.equal(t, "data.variants.1.sku", p.variants[1].sku+"-copy")
	twin.equal(t, "data.variants.1.available", false)
	if again := s.want(t, http.StatusCreated, call); again.text(t, "data.id") != twin.text(t, "data.id") {
		t.Errorf("one key made two copies: %s", clip(again.body))
	}
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/store/v1/products/" + twin.text(t, "data.slug")})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/products/" + twin.text(t, "data.id"), token: s.admin})
}

func (s *suite) editMany(t *testing.T) {
	t.Parallel()
	a, b := s.sell(t, 1, 1000), s.sell(t, 1, 1995)
	bare := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/products", token: s.admin, body: object{"title": "Bare " + a.word}})
	tag := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/tags", token: s.admin, body: object{"name": "Sale " + a.word}})
	edit := func(dryRun bool) answer {
		return s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/products/bulk", token: s.admin, body: object{
			"ids": []string{a.id, bare.text(t, "data.id"), b.id}, "set": object{"status": "published", "addTagIds": []string{tag.text(t, "data.id")}},
			"price": object{"percent": -10, "rounding": 10}, "dryRun": dryRun,
		}})
	}
	for _, dryRun := range []bool{true, false} {
		done := edit(dryRun)
		done.equal(t, "data.0.ok", true)
		done.equal(t, "data.0.version", 2)
		done.equal(t, "data.1.ok", false)
		done.equal(t, "data.1.error.code", "catalog.price_missing")
		done.equal(t, "meta.total", 3)
		done.equal(t, "meta.nextCursor", nil)
		done.equal(t, "meta.changed", 2)
		done.equal(t, "meta.failed", 1)
	}
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products/" + a.id, token: s.admin}).equal(t, "data.variants.0.price.amount", 900)
	s.eventually(t, settled, "shoppers see the new price", func() error {
		shown := s.want(t, http.StatusOK, request{method: "GET", path: "/store/v1/products/" + b.slug})
		if price, _ := lookup(shown.doc, "data.variants.0.price.amount"); fmt.Sprint(price) != "1800" {
			return fmt.Errorf("it costs %v", price)
		}
		return nil
	})
}

func (s *suite) orderVariants(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1, 100, 200, 300)
	path := "/admin/v1/products/" + p.id + "/variants/order"
	order := []string{p.variants[2].id, p.variants[0].id, p.variants[1].id}
	a := s.want(t, http.StatusOK, request{method: "PUT", path: path, token: s.admin, body: object{"variantIds": order}})
	for i, want := range order {
		a.equal(t, fmt.Sprintf("data.variants.%d.id", i), want)
	}
	refused := s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: path, token: s.admin, body: object{"variantIds": order[:2]}})
	refused.equal(t, "error.code", "catalog.order_mismatch")
}

func (s *suite) setOptions(t *testing.T) {
	t.Parallel()
	p := s.sell(t, 1, 100, 200)
	path := "/admin/v1/products/" + p.id + "/options"
	put := func(options ...object) request {
		return request{method: "PUT", path: path, token: s.admin, body: object{"options": append([]object{}, options...)}}
	}
	a := s.want(t, http.StatusOK, put(object{"name": "Cut", "was": "size", "values": []object{{"value": "S1"}, {"value": "Slim", "was": "S0"}, {"value": "Wide"}}}))
	s.shape(t, a, "data", "adminProduct")
	for at, want := range map[string]string{
		"options.0.name": "Cut", "options.0.values.0": "S1", "options.0.values.1": "Slim", "options.0.values.2": "Wide",
		"variants.0.options.Cut": "Slim", "variants.0.title": "Slim", "variants.1.title": "S1",
	} {
		a.equal(t, "data."+at, want)
	}
	s.shows(t, "shoppers choose by it", "/store/v1/products/"+p.slug, map[string]any{"options.Cut": "Slim", "title": "Slim"})
	s.want(t, http.StatusConflict, put(object{"name": "Cut", "values": []object{{"value": "Slim"}}})).equal(t, "error.code", "catalog.option_in_use")
	s.want(t, http.StatusConflict, put()).equal(t, "error.code", "catalog.option_in_use")
	s.want(t, http.StatusUnprocessableEntity, put(object{"name": "X", "was": "size", "values": []object{{"value": "S1"}}})).equal(t, "error.details.0.field", "options[0].was")
}

func (s *suite) schedule(t *testing.T) {
	t.Parallel()
	p, body := newProduct(1, 500)
	body["status"], body["publishAt"] = "draft", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	p, made := s.create(t, p, body)
	s.shape(t, made, "data", "adminProduct")
	s.want(t, http.StatusNotFound, request{method: "GET", path: "/store/v1/products/" + p.slug})
	path := "/admin/v1/products/" + p.id
	refused := s.want(t, http.StatusUnprocessableEntity, request{method: "PATCH", path: path, token: s.admin,
		body: object{"unpublishAt": time.Now().UTC().Format(time.RFC3339)}})
	refused.equal(t, "error.code", "catalog.schedule_invalid")
	s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"publishAt": time.Now().UTC().Format(time.RFC3339)}})
	s.eventually(t, settled, "it is published", func() error {
		if a := s.do(t, request{method: "GET", path: "/store/v1/products/" + p.slug}); a.status != http.StatusOK {
			return fmt.Errorf("got %d", a.status)
		}
		return nil
	})
	s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin}).equal(t, "data.publishAt", nil)
}

func (s *suite) bundle(t *testing.T) {
	t.Parallel()
	part := s.sell(t, 4, 500).variants[0]
	_, body := newProduct(0, 900)
	body["kind"], body["title"] = "bundle", "Set "+unique()
	s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/admin/v1/products", token: s.admin, body: body}).equal(t, "error.code", "catalog.bundle_empty")
	body["status"] = "draft"
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/products", token: s.admin, body: body})
	set := variant{id: made.text(t, "data.variants.0.id")}
	path := "/admin/v1/products/" + made.text(t, "data.id") + "/variants/" + set.id + "/components"
	composed := s.want(t, http.StatusOK, request{method: "PUT", path: path, token: s.admin, body: object{"components": []object{{"variantId": part.id, "quantity": 2}}}})
	s.shape(t, composed, "data", "adminVariant")
	composed.equal(t, "data.available", true)
	circle := s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: path, token: s.admin, body: object{"components": []object{{"variantId": set.id, "quantity": 1}}}})
	circle.equal(t, "error.code", "catalog.bundle_cycle")
	s.want(t, http.StatusOK, request{method: "PATCH", path: "/admin/v1/products/" + made.text(t, "data.id"), token: s.admin, body: object{"status": "published"}})
	s.want(t, http.StatusUnprocessableEntity, request{method: "PUT", path: path, token: s.admin, body: object{"components": []object{}}}).equal(t, "error.code", "catalog.bundle_empty")
	ordered := s.order(t, set, 1)
	s.available(t, part, 2)
	late := s.readyCart(t, set, 1)
	s.order(t, part, 1)
	s.shows(t, "one unit is not enough for two", "/store/v1/products/"+made.text(t, "data.slug"), map[string]any{"available": false})
	s.want(t, http.StatusConflict, checkout(late, unique())).equal(t, "error.code", "inventory.insufficient_stock")
	s.want(t, http.StatusOK, request{method: "POST", path: "/admin/v1/orders/" + ordered.text(t, "data.id") + "/cancel", token: s.admin, body: object{}})
	s.eventually(t, settled, "the units are back", func() error {
		a := s.do(t, request{method: "GET", path: "/admin/v1/inventory/" + part.id, token: s.admin})
		if n, _ := lookup(a.doc, "data.available"); fmt.Sprint(n) != "3" {
			return fmt.Errorf("%v are available", n)
		}
		return nil
	})
	s.shows(t, "three are", "/store/v1/products/"+made.text(t, "data.slug"), map[string]any{"available": true})
}
