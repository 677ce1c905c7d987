package gateway

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/text/language"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// locales remembers which languages the shops speak.
type locales struct {
	mu    sync.Mutex
	known map[id.ID]knownLocales
}

type knownLocales struct {
	locales *catalogv1.Locales
	until   time.Time
}

func newLocales() *locales { return &locales{known: map[id.ID]knownLocales{}} }

// of says which languages a shop speaks. While the catalogue is away, what was known still holds.
func (l *locales) of(ctx context.Context, shop id.ID, now time.Time, ttl time.Duration, client catalogv1connect.TranslationServiceClient) *catalogv1.Locales {
	l.mu.Lock()
	known, ok := l.known[shop]
	l.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.locales
	}
	answer, err := client.GetShopLocales(ctx, &catalogv1.GetShopLocalesRequest{})
	if err != nil {
		return known.locales
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[shop] = knownLocales{answer.GetLocales(), now.Add(ttl)}
	return answer.GetLocales()
}

// forget makes the next request ask again.
func (l *locales) forget(shop id.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.known, shop)
}

// maxLocale is how many characters a language tag has at most, as RFC 5646, §4.4.1, has it.
const maxLocale = 35

// mostAccepted is how many languages of an Accept-Language header are looked at.
const mostAccepted = 16

// wanted are the languages a request asks for, best first: the parameter locale, else Accept-Language (RFC 9110
// §12.5.4). A header that cannot be read asks for none; a parameter that is no language is refused.
func wanted(r *http.Request) ([]language.Tag, error) {
	if text := r.URL.Query().Get("locale"); text != "" {
		tag, err := language.Parse(text)
		if err != nil || tag == language.Und || len(text) > maxLocale {
			return nil, errQuery.WithField("locale", "malformed", "Expected a language tag such as de or pt-BR.")
		}
		return []language.Tag{tag}, nil
	}
	return accepted(r), nil
}

// accepted are the languages of a request's Accept-Language, best first.
func accepted(r *http.Request) []language.Tag {
	header := r.Header.Get("Accept-Language")
	if header == "" || len(header) > 1024 {
		return nil
	}
	tags, weights, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return nil // it is a wish, and not part of the request
	}
	out := make([]language.Tag, 0, len(tags))
	for i, tag := range tags {
		if weights[i] > 0 && i < mostAccepted {
			out = append(out, tag)
		}
	}
	return out
}

// chainOf is where the texts of an answer are looked for, the language wanted most first, without the shop's own, which
// comes last by itself: the best of those wanted that the shop speaks, its declared fallbacks or else the languages
// above it. It is empty when the shop's own language is the best.
func chainOf(shop *catalogv1.Locales, wanted []language.Tag) []string {
	spoken := func(code string) *catalogv1.Locale {
		at := slices.IndexFunc(shop.GetLocales(), func(l *catalogv1.Locale) bool { return l.GetCode() == code })
		if at < 0 {
			return nil
		}
		return shop.GetLocales()[at]
	}
	for _, tag := range wanted {
		for at := tag; at != language.Und; at = at.Parent() {
			if at.String() == shop.GetDefaultLocale() {
				return nil
			}
			if l := spoken(at.String()); l != nil {
				return fallbacksOf(shop.GetDefaultLocale(), l, at, spoken)
			}
		}
	}
	return nil
}

// mostChained is how many languages are looked through for one text.
const mostChained = 12

func fallbacksOf(own string, l *catalogv1.Locale, tag language.Tag, spoken func(code string) *catalogv1.Locale) []string {
	chain := []string{l.GetCode()}
	follow := l.GetFallbacks()
	if len(follow) == 0 {
		for up := tag.Parent(); up != language.Und; up = up.Parent() {
			if spoken(up.String()) != nil || up.String() == own {
				follow = append(follow, up.String())
			}
		}
	}
	for _, code := range follow {
		if code == own || len(chain) == mostChained {
			break
		}
		if !slices.Contains(chain, code) {
			chain = append(chain, code)
		}
	}
	return chain
}

// negotiate decides the language of a localized answer, and says it in the answer's headers.
func (c *call) negotiate(ctx context.Context, w http.ResponseWriter) error {
	tags, err := wanted(c.r)
	if err != nil {
		return err
	}
	var shown string
	c.locales, shown = c.speak(ctx, tags)
	if shown != "" {
		w.Header().Set("Content-Language", shown)
	}
	w.Header().Add("Vary", "Accept-Language")
	return nil
}

// wish says which languages would do for an answer that is in one: the parameter locale alone, else those of Accept-Language and the
// shop's own. The answer says itself which it is in.
func (c *call) wish(ctx context.Context, w http.ResponseWriter) error {
	tags, err := wanted(c.r)
	if err != nil {
		return err
	}
	c.wishes = &contentv1.Wishes{Only: c.r.URL.Query().Get("locale") != ""}
	for _, tag := range tags {
		if code := tag.String(); len(code) <= maxLocale {
			c.wishes.Locales = append(c.wishes.Locales, code)
		}
	}
	if own := c.shopLocales(ctx).GetDefaultLocale(); own != "" && !c.wishes.GetOnly() {
		c.wishes.Locales = append(c.wishes.Locales, own)
	}
	w.Header().Add("Vary", "Accept-Language")
	return nil
}

// shopLocales are the languages the shop speaks.
func (c *call) shopLocales(ctx context.Context) *catalogv1.Locales {
	ttl := time.Second
	if c.following.Load() {
		ttl = c.cfg.CacheTTL
	}
	return c.Gateway.locales.of(ctx, c.tenant, c.now(), ttl, c.deps.Translation)
}

// speak says where texts are looked for when these languages are wanted, and the language of what is found there.
func (c *call) speak(ctx context.Context, wanted []language.Tag) (chain []string, shown string) {
	shop := c.shopLocales(ctx)
	chain = chainOf(shop, wanted)
	if len(chain) > 0 {
		return chain, chain[0]
	}
	return nil, shop.GetDefaultLocale()
}

// language is what a cart is titled in: what the body names, else what the request accepts.
func (c *call) language(ctx context.Context, named string) (*cartv1.Language, error) {
	tags := accepted(c.r)
	if named != "" {
		tag, err := language.Parse(named)
		if err != nil || tag == language.Und {
			return nil, errBody.WithField("locale", "malformed", "Expected a language tag such as de or pt-BR.")
		}
		tags = []language.Tag{tag}
	}
	chain, shown := c.speak(ctx, tags)
	return &cartv1.Language{Locale: shown, Locales: chain}, nil
}
