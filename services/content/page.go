package content

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/slug"
)

// Lengths, in characters.
const (
	maxTitle          = 512
	maxBody           = 100_000
	maxSEOTitle       = 512
	maxSEODescription = 1024
	maxLocale         = 35
)

// status of a page: shoppers see the published ones.
type status string

const (
	draft     status = "draft"
	published status = "published"
)

// page is a page of the shop's in one language.
type page struct {
	id             id.ID
	slug           string
	locale         string  // BCP 47, canonical
	key            *string // what it is for, shared with its versions in other languages
	title          string
	body           string // Markdown, as it was written
	html           string // what shoppers see of it
	htmlVersion    int    // the markupVersion html was made by
	status         status
	seoTitle       *string
	seoDescription *string
	version        int64
	createdAt      time.Time
	updatedAt      time.Time
}

// pagePatch changes a page; nil leaves.
type pagePatch struct {
	slug           *string
	locale         *string
	key            textPatch
	title          *string
	body           *string
	html           string // of body
	status         status // empty leaves
	seoTitle       textPatch
	seoDescription textPatch
}

// textPatch changes a text that may be absent.
type textPatch struct {
	set   bool
	value *string
}

func (t textPatch) apply(to **string) (changed bool) {
	if !t.set || same(*to, t.value) {
		return false
	}
	*to = t.value
	return true
}

func same(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// change applies a patch and reports whether anything is different.
func (p *page) change(patch pagePatch) bool {
	changed := false
	for _, text := range []struct{ to, from *string }{{&p.slug, patch.slug}, {&p.locale, patch.locale}, {&p.title, patch.title}} {
		if text.from != nil && *text.to != *text.from {
			*text.to, changed = *text.from, true
		}
	}
	if patch.body != nil && p.body != *patch.body {
		p.body, p.html, p.htmlVersion, changed = *patch.body, patch.html, markupVersion, true
	}
	if patch.status != "" && p.status != patch.status {
		p.status, changed = patch.status, true
	}
	for _, text := range []struct {
		to   **string
		from textPatch
	}{{&p.key, patch.key}, {&p.seoTitle, patch.seoTitle}, {&p.seoDescription, patch.seoDescription}} {
		changed = text.from.apply(text.to) || changed
	}
	return changed
}

// parseSlug reads a slug that a caller chose.
func parseSlug(s string) (string, error) {
	parsed, ok := slug.Parse(s)
	if !ok {
		return "", ErrSlugInvalid.WithField("slug", "invalid", ErrSlugInvalid.Message())
	}
	return parsed, nil
}

var keyText = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

func checkKey(key *string) error {
	if key != nil && !keyText.MatchString(*key) {
		return ErrKeyInvalid.WithField("key", "invalid", ErrKeyInvalid.Message())
	}
	return nil
}

// parseLocale is the canonical form of a BCP 47 tag (RFC 5646): de, pt-BR, zh-Hant. Tags that name no language are refused.
func parseLocale(text string) (string, error) {
	tag, err := language.Parse(text)
	if err != nil || tag == language.Und || len(text) > maxLocale {
		return "", ErrLocaleInvalid.WithField("locale", "invalid", ErrLocaleInvalid.Message())
	}
	return tag.String(), nil
}

// checkText refuses a text without a visible character, or of more characters than it may have.
func checkText(field, text string, most int) error {
	switch {
	case strings.TrimSpace(text) == "":
		return ErrTextInvalid.WithField(field, "required", "It must not be empty.")
	case utf8.RuneCountInString(text) > most:
		return ErrTextInvalid.WithField(field, "too_long", "It is too long.")
	}
	return nil
}
