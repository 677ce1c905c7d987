package content

import "golang.org/x/text/language"

// wish is a language that would do. Those of one wish are tried in turn, those of a later wish when no page is in an earlier one's.
type wish struct {
	locale string
	rank   int // of the wish it belongs to
}

// wishes are languages, best first, each with the languages above it: fr-BE and en-US are fr-BE, fr, en-US and en. What is no
// language is left out.
func wishes(locales []string) []wish {
	var out []wish
	seen := map[string]bool{}
	for rank, text := range locales {
		tag, err := language.Parse(text)
		if err != nil {
			continue
		}
		for ; tag != language.Und; tag = tag.Parent() {
			if locale := tag.String(); !seen[locale] {
				seen[locale] = true
				out = append(out, wish{locale, rank})
			}
		}
	}
	return out
}
