// Package slug makes names for addresses out of texts: "Écharpe à pois" becomes "echarpe-a-pois".
package slug

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	// Max is how many characters a slug has at most.
	Max = 512
	// Made is where a slug made from a title is cut, which leaves room for a suffix.
	Made = 480
)

// Fold makes one comparable form of a text: lower case, without accents, single letters for those of European
// alphabets that Unicode does not take apart. "Écharpe à pois" and "echarpe a POIS" fold to the same.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß' || r == 'ẞ':
			b.WriteString("ss")
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		case r == 'đ' || r == 'Đ' || r == 'ð' || r == 'Ð':
			b.WriteByte('d')
		case r == 'þ' || r == 'Þ':
			b.WriteString("th")
		case r == 'ı':
			b.WriteByte('i')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	// What was taken apart and has no accent left, such as Hangul, is put together again: it must fit an index.
	return norm.NFC.String(b.String())
}

// Of is a text as a slug: lower-case Latin letters, digits and single hyphens. It is empty when the text has neither
// letters nor digits of that kind.
func Of(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range Fold(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
			continue
		}
		gap = true
	}
	return b.String()
}

// Parse reads a slug that somebody chose. ok is false when nothing is left of it, when it is too long, and when it would be
// taken for an id.
func Parse(s string) (slug string, ok bool) {
	slug = Of(s)
	return slug, slug != "" && len(slug) <= Max && !looksLikeID(slug)
}

// Make makes a slug from a title; of is the id of the thing, for titles without a Latin letter.
func Make(title string, of id.ID) string {
	slug := strings.Trim(cut(Of(title), Made), "-")
	if slug == "" {
		return "c-" + ShortID(of)
	}
	if looksLikeID(slug) {
		return "c-" + slug // otherwise a reader asking for the slug would be taken to ask for an id
	}
	return slug
}

// ShortID is the random end of an id.
func ShortID(of id.ID) string {
	s := of.String()
	return s[len(s)-8:]
}

func looksLikeID(s string) bool {
	_, err := id.Parse(s)
	return err == nil
}

// cut shortens a text to at most n bytes, at the end of a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
