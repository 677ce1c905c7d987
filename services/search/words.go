package search

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordRunes is where longer words are cut, in documents and in queries alike.
const maxWordRunes = 48

// word is one word of a text.
type word struct {
	raw    string // in lower case, with its accents (NFC)
	folded string // without case and accents: what is compared
}

// split takes a text apart into words, at most limit of them: letters and digits only. Runs of scripts that put no space
// between words become overlapping pairs of characters.
func split(text string, limit int) []word {
	var out []word
	for _, s := range spansOf(text, limit) {
		out = append(out, s.word)
	}
	return out
}

// words are the folded words of a text.
func words(text string, limit int) []string {
	spans := spansOf(text, limit)
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = s.folded
	}
	return out
}

// span is a word and where it stands in its text, in bytes.
type span struct {
	word

	from, to int
}

func spansOf(text string, limit int) []span {
	var out []span
	begun := -1
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.In(r, unicode.Mn, unicode.Mc) && begun >= 0:
			if begun >= 0 && unspaced(r) != unspaced(firstRune(text[begun:])) {
				out = appendSpans(out, text, begun, i, limit)
				begun = -1
			}
			if begun < 0 {
				begun = i
			}
		case begun >= 0:
			out = appendSpans(out, text, begun, i, limit)
			begun = -1
		}
		if len(out) >= limit {
			return out
		}
	}
	if begun >= 0 {
		out = appendSpans(out, text, begun, len(text), limit)
	}
	return out
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// appendSpans adds the word that stands at from, or the pairs of it.
func appendSpans(out []span, text string, from, to, limit int) []span {
	piece := text[from:to]
	if ascii(piece) { // most words, and what is below would leave them as they are
		if len(out) >= limit {
			return out
		}
		raw := cutRunes(strings.ToLower(piece), maxWordRunes)
		return append(out, span{word{raw, raw}, from, to})
	}
	if !unspaced(firstRune(piece)) {
		raw := strings.ToLower(norm.NFKC.String(piece))
		folded := cutRunes(fold(raw), maxWordRunes)
		if folded == "" || len(out) >= limit {
			return out
		}
		if strings.ContainsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mc, r) }) {
			for _, part := range spansOf(folded, limit-len(out)) { // ½ is 1⁄2
				out = append(out, span{part.word, from, to})
			}
			return out
		}
		return append(out, span{word{cutRunes(raw, maxWordRunes), folded}, from, to})
	}
	var starts []int
	for i := range piece {
		starts = append(starts, i)
	}
	if len(starts) == 1 {
		starts = append(starts, len(piece))
	}
	for i := 0; i+1 < len(starts) && len(out) < limit; i++ {
		end := len(piece)
		if i+2 < len(starts) {
			end = starts[i+2]
		}
		pair := fold(strings.ToLower(norm.NFKC.String(piece[starts[i]:end])))
		if pair != "" {
			out = append(out, span{word{pair, pair}, from + starts[i], from + end})
		}
	}
	return out
}

func cutRunes(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

// fold takes case and accents from a text.
func fold(text string) string {
	plain := true
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		if unicode.Is(unicode.Mn, r) {
			continue // the accent of the letter before
		}
		if s, ok := letters(r); ok {
			b.WriteString(s)
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// unspaced says whether the rune's script puts no spaces between words.
func unspaced(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer)
}

// letters are those of Latin alphabets that Unicode does not take apart, as people without the key write them.
func letters(r rune) (string, bool) {
	switch r {
	case 'ß', 'ẞ':
		return "ss", true
	case 'æ', 'Æ':
		return "ae", true
	case 'œ', 'Œ':
		return "oe", true
	case 'ø', 'Ø':
		return "o", true
	case 'ł', 'Ł':
		return "l", true
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d", true
	case 'þ', 'Þ':
		return "th", true
	case 'ħ', 'Ħ':
		return "h", true
	case 'ı':
		return "i", true
	}
	return "", false
}

// markup is what descriptions may hold besides words.
var markup = regexp.MustCompile(`<[a-zA-Z/!][^<>]{0,500}>`)

func withoutMarkup(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	return markup.ReplaceAllString(text, " ")
}
