package catalog

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sovecom/sovecom/kit/id"
)

// fold makes one comparable form of a text: lower case, without accents, single letters for those of European
// alphabets that Unicode does not take apart. "Écharpe à pois" and "echarpe a POIS" fold to the same.
func fold(s string) string {
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

// searchWords are the folded words a title must hold, each anywhere in it.
func searchWords(q string) []string { return strings.Fields(fold(storable(q))) }

// storable replaces the one character PostgreSQL cannot hold by one that no title has on purpose, so that a search for
// it finds nothing rather than failing.
func storable(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

const (
	maxSlug = 512
	// madeSlug is where a slug made from a title is cut, which leaves room for a suffix.
	madeSlug = 480
	// slugTries is how many numbered slugs are tried before one gets a random ending.
	slugTries = 20
)

// slugify makes the name for addresses: lower-case Latin letters, digits and single hyphens. Empty when the text has
// neither letters nor digits of that kind.
func slugify(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range fold(s) {
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

// parseSlug reads a slug that a caller chose.
func parseSlug(s string) (string, error) {
	slug := slugify(s)
	if slug == "" || len(slug) > maxSlug || looksLikeID(slug) {
		return "", ErrSlugInvalid.WithField("slug", "invalid", ErrSlugInvalid.Message())
	}
	return slug, nil
}

// makeSlug makes a slug from a title; of is the id of the thing, for titles without a Latin letter.
func makeSlug(title string, of id.ID) string {
	slug := strings.Trim(cut(slugify(title), madeSlug), "-")
	if slug == "" {
		return "c-" + shortID(of)
	}
	if looksLikeID(slug) {
		return "c-" + slug // otherwise a reader asking for the slug would be taken to ask for an id
	}
	return slug
}

func looksLikeID(s string) bool {
	_, err := id.Parse(s)
	return err == nil
}

// shortID is the random end of an id.
func shortID(of id.ID) string {
	s := of.String()
	return s[len(s)-8:]
}

// slugChoices are the slugs to try, in order.
func slugChoices(base string) []string {
	choices := []string{base}
	for n := 2; n <= slugTries; n++ {
		choices = append(choices, base+"-"+strconv.Itoa(n))
	}
	return choices
}

// firstFree is the first choice that is not taken, or the first choice with a random ending.
func firstFree(choices, taken []string) string {
	used := map[string]bool{}
	for _, t := range taken {
		used[t] = true
	}
	for _, c := range choices {
		if !used[c] {
			return c
		}
	}
	return choices[0] + "-" + shortID(id.New())
}

// namesake is what names have in common that files take for the same: all but the case of letters. Accents and other marks
// stay, for in many scripts they make another word.
func namesake(name string) string { return strings.ToLower(norm.NFC.String(name)) }

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
