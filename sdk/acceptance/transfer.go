package acceptance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// transfer holds the shop to its files: what is imported can be read and bought, and what is exported imports again as
// unchanged.
func (s *suite) transfer(t *testing.T) {
	word := unique()
	file := "product_slug,title,description,status,categories,tags,option1_name,option1_value,variant_sku,price,currency,stock\r\n" +
		fmt.Sprintf("imp-%s,Imported %s,\"Soft, \"\"airy\"\"\nand light 👕\",published,Acc %s > Below,acc-%s,size,S,00-%s-S,49.00,EUR,3\r\n", word, word, word, word, word) +
		fmt.Sprintf("imp-%s,,,,,,,M,00-%s-M,59.50,EUR,0\r\n", word, word)
	key := unique()
	upload := func(query, body, key string) answer {
		return s.do(t, request{method: "POST", path: "/admin/v1/imports/products" + query, token: s.admin, key: key, body: body, header: map[string]string{"Content-Type": "text/csv"}})
	}
	counted := func(a answer, created, updated, unchanged, refused int64) {
		t.Helper()
		a.equal(t, "data.status", "succeeded")
		for name, want := range map[string]int64{"created": created, "updated": updated, "unchanged": unchanged, "failed": refused} {
			a.equal(t, "data."+name, int(want))
		}
	}

	counted(s.ended(t, upload("?dryRun=true", file, "")), 1, 0, 0, 0)
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=00-" + word + "-S", token: s.admin}).equal(t, "meta.total", 0)
	first := upload("", file, key)
	counted(s.ended(t, first), 1, 0, 0, 0)
	again := upload("", file, key)
	again.equal(t, "data.id", first.text(t, "data.id"))
	if again.header.Get("Idempotent-Replayed") != "true" {
		t.Error("the same key is not said to be a replay")
	}
	if other := upload("", file+"\r\n", key); other.status != http.StatusUnprocessableEntity {
		t.Errorf("the key for another file got %d: %s", other.status, clip(other.body))
	}
	counted(s.ended(t, upload("", file, "")), 0, 0, 1, 0)

	list := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=00-" + word + "-M", token: s.admin})
	list.equal(t, "data.0.slug", "imp-"+word)
	list.equal(t, "data.0.description", "Soft, \"airy\"\nand light 👕")
	list.equal(t, "data.0.variants.1.options.size", "M")
	list.equal(t, "data.0.variants.1.price.amount", 5950)
	list.equal(t, "data.0.categories.0.name", "Below")
	variant := list.text(t, "data.0.variants.0.id")
	s.eventually(t, delivered, "the stock has arrived", func() error {
		a := s.do(t, request{method: "GET", path: "/admin/v1/inventory/" + variant, token: s.admin})
		if n, _ := lookup(a.doc, "data.onHand"); show(n) != "3" {
			return fmt.Errorf("got %d %s", a.status, clip(a.body))
		}
		return nil
	})

	counted(s.ended(t, upload("", "variant_sku;price\n00-"+word+"-S;50,25\n", "")), 0, 1, 0, 0)

	bad := s.ended(t, upload("", "product_slug,title,price\nbad-"+word+",Bad,cheap\n", ""))
	counted(bad, 0, 0, 0, 1)
	bad.equal(t, "data.errors.0.row", 2)
	bad.equal(t, "data.errors.0.column", "price")
	bad.equal(t, "data.errors.0.code", "price_invalid")
	bad.equal(t, "data.errors.0.value", "cheap")
	report := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/jobs/" + bad.text(t, "data.id") + "/errors", token: s.admin})
	report.equal(t, "meta.total", 1)
	s.shape(t, report, "data.0", "jobError")
	latin := s.ended(t, upload("", "product_slug,title,price\nb,\xe9charpe,1\n", ""))
	latin.equal(t, "data.status", "failed")
	if !strings.Contains(latin.text(t, "data.failure.message"), "byte 27") {
		t.Errorf("the byte is not named: %s", clip(latin.body))
	}

	packed := s.do(t, request{method: "POST", path: "/admin/v1/imports/products", token: s.admin, body: file, header: map[string]string{"Content-Type": "text/csv", "Content-Encoding": "gzip"}})
	if packed.status != http.StatusUnsupportedMediaType || packed.failed() != "request.import_type" {
		t.Errorf("a packed file got %d: %s", packed.status, clip(packed.body))
	}

	// A picture inside the network is not asked for; the product is there all the same.
	inside := s.ended(t, upload("", "product_slug,title,variant_sku,price,image_urls\npic-"+word+",P,PIC-"+word+",1,https://127.0.0.1/x.jpg\n", ""))
	counted(inside, 1, 0, 0, 0)
	s.eventually(t, delivered, "the picture is refused", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/jobs/" + inside.text(t, "data.id"), token: s.admin})
		if a.number(t, "data.pictures.failed") != 1 {
			return fmt.Errorf("got %s", clip(a.body))
		}
		return nil
	})
	refused := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/jobs/" + inside.text(t, "data.id") + "/pictures?status=failed", token: s.admin})
	s.shape(t, refused, "data.0", "jobPicture")
	refused.equal(t, "data.0.code", "media.fetch_address")
	fetched := s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/admin/v1/media/fetch", token: s.admin, body: object{"url": "https://127.0.0.1/x.jpg"}})
	if !fetched.names("url") {
		t.Errorf("the error does not name url: %s", clip(fetched.body))
	}

	for _, format := range []string{"csv", "ndjson"} {
		made := s.want(t, http.StatusAccepted, request{method: "POST", path: "/admin/v1/exports/products?format=" + format + "&q=" + word, token: s.admin})
		done := s.ended(t, made)
		got, err := s.exchange(t.Context(), request{method: "GET", path: "/admin/v1/exports/" + done.text(t, "data.id") + "/file", token: s.admin})
		if err != nil || got.status != http.StatusOK || !strings.Contains(string(got.body), "00-"+word+"-S") {
			t.Fatalf("the file: %v, %d %s", err, got.status, clip(got.body))
		}
		kind := map[string]string{"csv": "text/csv", "ndjson": "application/x-ndjson"}[format]
		back := s.do(t, request{method: "POST", path: "/admin/v1/imports/products", token: s.admin, body: string(got.body), header: map[string]string{"Content-Type": kind}})
		counted(s.ended(t, back), 0, 0, 1, 0)
	}
	// What another shop system lets pass is taken, and told.
	twins := s.ended(t, upload("", "Handle,Title,Body (HTML),Variant SKU,Variant Price\none-"+word+",One,,T-"+word+",1\ntwo-"+word+",Two,,T-"+word+",1\n", ""))
	counted(twins, 2, 0, 0, 0)
	twins.equal(t, "data.warningCount", 1)
	told := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/jobs/" + twins.text(t, "data.id") + "/errors?severity=warning", token: s.admin})
	told.equal(t, "meta.total", 1)
	told.equal(t, "data.0.row", 3)
	told.equal(t, "data.0.column", "Variant SKU")
	told.equal(t, "data.0.code", "sku_taken")
	s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/jobs/" + twins.text(t, "data.id") + "/errors", token: s.admin}).equal(t, "meta.total", 0)

	// An export takes the filters of the list.
	counted(s.ended(t, upload("", "product_slug,brand\nimp-"+word+",Maker "+word+"\n", "")), 0, 1, 0, 0)
	branded := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?sku=00-" + word + "-S", token: s.admin})
	made := s.ended(t, s.want(t, http.StatusAccepted, request{method: "POST", path: "/admin/v1/exports/products?brandId=" + branded.text(t, "data.0.brand.id"), token: s.admin}))
	made.equal(t, "data.total", 1)
	jobs := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/jobs?kind=import_products&limit=2", token: s.admin})
	s.shape(t, jobs, "data.0", "job")
	cancelled := s.do(t, request{method: "POST", path: "/admin/v1/jobs/" + bad.text(t, "data.id") + "/cancel", token: s.admin})
	if cancelled.status != http.StatusConflict {
		t.Errorf("cancelling what has ended got %d: %s", cancelled.status, clip(cancelled.body))
	}
}

// ended waits for the end of the job that an answer tells of.
func (s *suite) ended(t *testing.T, made answer) (a answer) {
	t.Helper()
	if made.status != http.StatusAccepted {
		t.Fatalf("%s: got %d: %s", made.request, made.status, clip(made.body))
	}
	path := "/admin/v1/jobs/" + made.text(t, "data.id")
	if made.header.Get("Location") != path {
		t.Errorf("Location is %q", made.header.Get("Location"))
	}
	s.eventually(t, delivered, path+" ends", func() error {
		a = s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
		if status := a.text(t, "data.status"); status == "queued" || status == "running" {
			return fmt.Errorf("it is %s", status)
		}
		return nil
	})
	s.shape(t, a, "data", "job")
	return a
}
