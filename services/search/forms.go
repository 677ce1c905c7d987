package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What one writes in one word, another writes in two, or with a hyphen: WH-1000XM4, wh1000xm4, WH 1000 XM4; 500g and 500 g;
// l'eau and leau; T-shirt and tshirt; QuietComfort and quiet comfort; 20 000 and 20000. Documents have the words as they
// stand, and of each what is written together and what it is put together of; queries need but one of these.

// other is how else a word of a text is written, folded.
type other struct {
	pieces []string // what it is put together of
	whole  string   // on the last of words that are written together: all of them as one
	first  int      // of those, the first
}

// also are the other ways to write the words of a text.
func also(text string, spans []span) []other {
	out := make([]other, len(spans))
	for i, s := range spans {
		out[i] = other{pieces: pieces(text[s.from:s.to]), first: i}
	}
	for first := 0; first < len(spans); {
		last := first
		whole := spans[first].folded
		for last+1 < len(spans) && tied(text, spans[last], spans[last+1]) && utf8.RuneCountInString(whole) < maxWordRunes {
			last++
			whole += spans[last].folded
		}
		if last > first {
			out[last].whole, out[last].first = cutRunes(whole, maxWordRunes), first
		}
		first = last + 1
	}
	return out
}

// texts are all of them.
func (o other) texts() []string {
	if o.whole == "" {
		return o.pieces
	}
	return append(slices.Clone(o.pieces), o.whole)
}

// tied says whether two words that follow each other are written together, or are a number with a space at its thousands.
func tied(text string, a, b span) bool {
	if b.from < a.to || unspaced(firstRune(a.folded)) || unspaced(firstRune(b.folded)) {
		return false
	}
	between := text[a.to:b.from]
	if r, size := utf8.DecodeRuneInString(between); size == len(between) && size > 0 {
		if strings.ContainsRune("-‐‑'’./_+&", r) {
			return true
		}
		thousands := unicode.IsSpace(r) && len(b.folded) == 3 && len(a.folded) <= 3
		return thousands && strings.Trim(a.folded+b.folded, "0123456789") == ""
	}
	return false
}

// pieces are what a word is put together of, folded: letters and digits, and parts that begin with a capital. None when it
// is of one piece.
func pieces(word string) []string {
	if unspaced(firstRune(word)) {
		return nil
	}
	var out []string
	begun, before := 0, rune(0)
	cut := func(to int) {
		if piece := fold(word[begun:to]); piece != "" {
			out = append(out, cutRunes(piece, maxWordRunes))
		}
		begun = to
	}
	for i, r := range word {
		if i > 0 && (unicode.IsDigit(before) != unicode.IsDigit(r) && !unicode.Is(unicode.M, r) || unicode.IsLower(before) && unicode.IsUpper(r)) {
			cut(i)
		}
		before = r
	}
	cut(len(word))
	if len(out) < 2 {
		return nil
	}
	return slices.Compact(out)
}
