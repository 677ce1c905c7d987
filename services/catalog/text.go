package catalog

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/slug"
)

// fold makes one comparable form of a text, the one that slugs are made from.
func fold(s string) string { return slug.Fold(s) }

// searchWords are the folded words a title must hold, each anywhere in it.
func searchWords(q string) []string { return strings.Fields(fold(storable(q))) }

// storable replaces the one character PostgreSQL cannot hold by one that no title has on purpose, so that a search for
// it finds nothing rather than failing.
func storable(s string) string { return strings.ReplaceAll(s, "\x00", "\uFFFD") }

const (
	// madeSlug is where a slug made from a title is cut, which leaves room for a suffix.
	madeSlug = slug.Made
	// slugTries is how many numbered slugs are tried before one gets a random ending.
	slugTries = 20
)

func slugify(s string) string { return slug.Of(s) }

// parseSlug reads a slug that a caller chose.
func parseSlug(s string) (string, error) {
	parsed, ok := slug.Parse(s)
	if !ok {
		return "", ErrSlugInvalid.WithField("slug", "invalid", ErrSlugInvalid.Message())
	}
	return parsed, nil
}

// makeSlug makes a slug from a title; of is the id of the thing, for titles without a Latin letter.
func makeSlug(title string, of id.ID) string { return slug.Make(title, of) }

func shortID(of id.ID) string { return slug.ShortID(of) }

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
