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

// words splits text into folded words, at most limit of them: letters and digits only, without case and accents. Runs
// of scripts that put no space between words become overlapping pairs of characters.
func words(text string, limit int) []string {
	var out []string
	var word []rune
	flush := func() {
		if len(word) > 0 && len(out) < limit {
			out = appendWord(out, word, limit)
		}
		word = word[:0]
	}
	for _, r := range norm.NFKD.String(text) {
		if len(out) >= limit {
			return out
		}
		switch {
		case unicode.Is(unicode.Mn, r):
			continue // the accent of the letter before
		case !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mc, r):
			flush()
			continue
		}
		if len(word) > 0 && unspaced(word[len(word)-1]) != unspaced(r) {
			flush()
		}
		if plain, ok := letters(r); ok {
			word = append(word, []rune(plain)...)
		} else {
			word = append(word, unicode.ToLower(r))
		}
	}
	flush()
	return out
}

func appendWord(out []string, word []rune, limit int) []string {
	if !unspaced(word[0]) || len(word) == 1 {
		return append(out, string(word[:min(len(word), maxWordRunes)]))
	}
	for i := 0; i+1 < len(word) && len(out) < limit; i++ {
		out = append(out, string(word[i:i+2]))
	}
	return out
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

// isStopWord says whether a word is so common in one of the larger languages of Europe that a query means nothing by it.
func isStopWord(word string) bool {
	if utf8.RuneCountInString(word) > 5 {
		return false
	}
	switch word {
	case "a", "an", "and", "the", "of", "for", "in", "on", "to", "with", "or", "s",
		"der", "die", "das", "den", "dem", "und", "mit", "fur", "von", "ein", "eine", "im", "zu",
		"le", "la", "les", "l", "d", "de", "des", "du", "un", "une", "et", "en", "pour", "avec", "au", "aux",
		"el", "los", "las", "y", "con", "para", "del", "por",
		"il", "lo", "gli", "i", "e", "di", "da", "per", "al", "alla",
		"o", "os", "as", "um", "uma", "do", "dos", "com",
		"het", "een", "van", "voor", "met", "og", "och", "til", "w", "z", "na":
		return true
	}
	return false
}
