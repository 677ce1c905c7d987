package search

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxQueryWords is how many words of a query count.
const maxQueryWords = 12

// query is what is asked of the words of a document.
type query struct {
	words   []string            // folded, each once
	open    bool                // the last word may be unfinished
	meant   map[string][]string // words to take instead of one that nobody knows
	nothing bool                // there was a text, and no word in it
	filters []string            // lexemes every document must have
}

func parseQuery(text, category, tag, brand string) query {
	var q query
	all := words(text, 4*maxQueryWords)
	q.nothing = len(all) == 0 && strings.TrimSpace(text) != ""
	for _, w := range all {
		if !isStopWord(w) && !slices.Contains(q.words, w) && len(q.words) < maxQueryWords {
			q.words = append(q.words, w)
		}
	}
	if len(q.words) == 0 { // nothing but stop words: then they are what is meant
		slices.Sort(all)
		q.words = slices.Compact(all)
		q.words = q.words[:min(len(q.words), maxQueryWords)]
	}
	if n := len(q.words); n > 0 {
		last := q.words[n-1]
		first, _ := utf8.DecodeRuneInString(last)
		// One letter begins half of all words and says nothing.
		q.open = utf8.RuneCountInString(last) > 1 || unspaced(first)
	}
	if category != "" {
		q.filters = append(q.filters, categoryLexeme(category))
	}
	if tag != "" {
		q.filters = append(q.filters, tagLexeme(tag))
	}
	if brand != "" {
		q.filters = append(q.filters, brandLexeme(brand))
	}
	return q
}

// match is the condition in the syntax of tsquery; empty when there is none.
func (q query) match() string {
	terms := q.terms(func(w string) string { return quote(w) + ":*" })
	for _, f := range q.filters {
		terms = append(terms, quote(f))
	}
	return strings.Join(terms, " & ")
}

// rank is what documents are ranked by, in the syntax of tsquery: a finished word counts more than one that goes on.
func (q query) rank() string {
	return strings.Join(q.terms(func(w string) string { return "(" + quote(w) + " | " + quote(w) + ":*)" }), " & ")
}

func (q query) terms(unfinished func(w string) string) []string {
	terms := make([]string, 0, len(q.words)+len(q.filters))
	for i, w := range q.words {
		switch meant := q.meant[w]; {
		case len(meant) > 0:
			either := make([]string, len(meant))
			for j, m := range meant {
				either[j] = quote(m)
			}
			terms = append(terms, "("+strings.Join(either, " | ")+")")
		case q.open && i == len(q.words)-1:
			terms = append(terms, unfinished(w))
		default:
			terms = append(terms, quote(w))
		}
	}
	return terms
}

// typoKeys are those of each word, parted by spaces, in the order of the words.
func (q query) typoKeys() []string {
	out := make([]string, len(q.words))
	for i, w := range q.words {
		out[i] = strings.Join(typoKeys(w), " ")
	}
	return out
}

// corrected takes known words for unknown ones. found holds, for words that are known, themselves, and for others the
// candidates. Short unknown words are left out when others remain. It reports false when there is nothing to gain.
func (q query) corrected(found map[string][]string) (query, bool) {
	meant, kept, changed := map[string][]string{}, []string{}, false
	for i, w := range q.words {
		candidates := found[w]
		switch {
		case len(candidates) == 1 && candidates[0] == w:
			kept = append(kept, w)
			continue
		case len(candidates) > 0:
			if best := closest(w, candidates); len(best) > 0 {
				meant[w], kept, changed = best, append(kept, w), true
				continue
			}
		case utf8.RuneCountInString(w) <= 3 && tolerable(w):
			changed = true
			if i == len(q.words)-1 {
				q.open = false
			}
			continue
		}
		return q, false
	}
	if len(kept) == 0 {
		return q, false
	}
	q.words, q.meant = kept, meant
	return q, changed
}

// tolerable says whether a short word is made of letters only: a number is never dropped.
func tolerable(w string) bool { return !strings.ContainsAny(w, "0123456789") }

// Lexemes of filters begin with a character that no word has, so that no prefix of a word reaches them.
func categoryLexeme(slug string) string { return filterLexeme("/c/", slug) }
func tagLexeme(slug string) string      { return filterLexeme("/t/", slug) }
func brandLexeme(slug string) string    { return filterLexeme("/b/", slug) }

func filterLexeme(kind, value string) string {
	const longest = 500 // bytes; a lexeme has room for 2046
	if len(value) > longest {
		sum := sha256.Sum256([]byte(value))
		value = hex.EncodeToString(sum[:])
	}
	return kind + clean(value)
}

// quote writes a lexeme for tsquery and tsvector.
func quote(lexeme string) string {
	if !strings.ContainsAny(lexeme, `'\`) {
		return "'" + lexeme + "'"
	}
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(lexeme) + "'"
}
