package attack

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/gateway"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
)

// texts is a room that knows which languages the shop speaks.
type texts struct {
	catalogv1connect.UnimplementedTranslationServiceHandler

	locales *catalogv1.Locales
}

func (x *texts) GetShopLocales(context.Context, *catalogv1.GetShopLocalesRequest) (*catalogv1.GetShopLocalesResponse, error) {
	return &catalogv1.GetShopLocalesResponse{Locales: x.locales}, nil
}

func TestTheCallersLanguage(t *testing.T) {
	t.Parallel()
	s := open(t, options{config: func(c *gateway.Config) { c.CacheMiB = 0 }})
	s.texts.locales = &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{
		{Code: "de"}, {Code: "de-AT"}, {Code: "fr"}, {Code: "nl-BE", Fallbacks: []string{"fr", "de", "en", "nl"}},
	}}
	for _, c := range []struct{ query, header, chain, shown string }{
		{"", "", "", "en"},
		{"", "en-GB, de;q=0.5", "", "en"},
		{"", "de-AT", "de-AT de", "de-AT"},
		{"", "de-CH, fr;q=0.4", "de", "de"},
		{"", "sv, fr;q=0.4", "fr", "fr"},
		{"", "fr;q=0, de;q=0.1", "de", "de"},
		{"", "sv", "", "en"},
		{"", "nl-BE", "nl-BE fr de", "nl-BE"},
		{"", "\x01;;;=", "", "en"},
		{"", strings.Repeat("xx, ", 1000), "", "en"},
		{"?locale=fr", "de", "fr", "fr"},
		{"?locale=DE-at", "", "de-AT de", "de-AT"},
		{"?locale=sv", "de", "", "en"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/store/v1/products"+c.query, nil)
		must(t, err)
		req.Header["Accept-Language"] = []string{strings.ReplaceAll(c.header, "\x01", "!")}
		r, err := http.DefaultClient.Do(req)
		must(t, err)
		r.Body.Close()
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Language") != c.shown || !strings.Contains(r.Header.Get("Vary"), "Accept-Language") {
			t.Errorf("%q %q: %d, Content-Language %q, Vary %q", c.query, c.header, r.StatusCode, r.Header.Get("Content-Language"), r.Header.Values("Vary"))
		}
		if got := s.goods.chain.Load(); got != c.chain {
			t.Errorf("%q %q: the catalogue was asked for %q, want %q", c.query, c.header, got, c.chain)
		}
	}
	for _, bad := range []string{"?locale=x", "?locale=" + strings.Repeat("a", 40), "?locale=de%00", "?locale=und", "?locale=de&locale=fr"} {
		r, err := http.Get(s.url + "/store/v1/products" + bad)
		must(t, err)
		r.Body.Close()
		if r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d, want 400", bad, r.StatusCode)
		}
	}
}
