package acceptance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// downloads sells a file: its buyer gets the bytes as often as was agreed, and nobody else gets any.
func (s *suite) downloads(t *testing.T) {
	t.Parallel()
	word := unique()
	bytes := "%PDF-1.7 " + strings.Repeat(word, 100) + "\x00\xff"
	uploaded := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/media/files", token: s.admin, body: "--" + word + "\r\n" +
		"Content-Disposition: form-data; name=\"file\"; filename=\"raw.pdf\"\r\nContent-Type: application/pdf\r\n\r\n" + bytes + "\r\n--" + word + "--\r\n",
		header: map[string]string{"Content-Type": "multipart/form-data; boundary=" + word}})
	p, body := newProduct(10, 1200)
	body["goods"] = "digital"
	p, _ = s.create(t, p, body)
	file := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/products/" + p.id + "/variants/" + p.variants[0].id + "/files", token: s.admin,
		body: object{"mediaId": uploaded.text(t, "data.id"), "name": "Schnittmuster größe.pdf", "downloadLimit": 1, "expiresAfterDays": 30}})
	s.stocked(t, p, 10)
	ordered := s.orderFile(t, p.variants[0], 2)
	id, opened := ordered.text(t, "data.id"), map[string]string{"X-Order-Token": ordered.text(t, "data.accessToken")}
	list := request{method: "GET", path: "/store/v1/orders/" + id + "/downloads", header: opened}
	get := func(key string) request {
		return request{method: "POST", path: list.path + "/" + file.text(t, "data.id"), key: key, header: opened}
	}

	before := s.want(t, http.StatusOK, list)
	s.shape(t, before, "data.0", "download")
	before.equal(t, "data.0.available", false)
	before.equal(t, "data.0.reason", "unpaid")
	s.refused(t, s.want(t, http.StatusConflict, get("")), "checkout.download_unpaid")
	if paid := s.pay(t, id, ordered.number(t, "data.totals.total.amount")); paid.status >= 300 {
		t.Fatalf("%s: %d %s", paid.request, paid.status, clip(paid.body))
	}
	after := s.want(t, http.StatusOK, list)
	s.shape(t, after, "data.0", "download")
	for path, want := range map[string]any{
		"data.0.id": file.text(t, "data.id"), "data.0.orderItemId": ordered.text(t, "data.items.0.id"), "data.0.name": "Schnittmuster größe.pdf",
		"data.0.available": true, "data.0.reason": nil, "data.0.limit": 2, "data.0.remaining": 2,
	} {
		after.equal(t, path, want)
	}
	after.text(t, "data.0.expiresAt")

	s.want(t, http.StatusNotFound, request{method: "POST", path: list.path + "/" + id, header: opened})

	first := s.want(t, http.StatusOK, get("first "+word))
	s.shape(t, first, "data", "downloadLink")
	first.equal(t, "data.remaining", 1)
	again := s.want(t, http.StatusOK, get("first "+word))
	again.equal(t, "data.remaining", 1)
	again.equal(t, "data.url", first.text(t, "data.url"))
	// A key shows a guest's answer to nobody else.
	for _, stranger := range []map[string]string{{}, {"X-Order-Token": opened["X-Order-Token"] + "x"}} {
		want := http.StatusNotFound
		if len(stranger) == 0 {
			want = http.StatusUnauthorized
		}
		s.want(t, want, request{method: "GET", path: list.path, header: stranger})
		s.want(t, want, request{method: "POST", path: get("").path, key: "first " + word, header: stranger})
	}
	s.want(t, http.StatusOK, get("")).equal(t, "data.remaining", 0)
	s.refused(t, s.want(t, http.StatusConflict, get("")), "checkout.download_used_up")
	s.want(t, http.StatusOK, list).equal(t, "data.0.reason", "used_up")

	saved := s.saved(t, first.text(t, "data.url"))
	if string(saved.body) != bytes {
		t.Errorf("%d bytes came, %d were sold", len(saved.body), len(bytes))
	}
	if disposition := saved.header.Get("Content-Disposition"); !strings.HasPrefix(disposition, "attachment") || !strings.Contains(disposition, "Schnittmuster") {
		t.Errorf("Content-Disposition is %q", disposition)
	}
}

// saved reads a signed address of the shop.
func (s *suite) saved(t *testing.T, address string) answer {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if u.IsAbs() {
		t.Fatalf("the suite reads what the shop keeps itself, not %s", u.Host)
	}
	return s.want(t, http.StatusOK, request{method: "GET", path: address})
}

func (s *suite) refused(t *testing.T, a answer, code string) {
	t.Helper()
	if a.failed() != code {
		t.Errorf("%s is refused with %s, want %s", a.request, a.failed(), code)
	}
}
