package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
)

// piece is a part of a text: one that was looked for, or what is around it.
type piece struct {
	text  string
	found bool
}

// highlights shows where the texts of a document speak of what was looked for: the title whole, of the description what is
// around the first word.
func highlights(t texts, q query) []*searchv1.Highlight {
	if len(q.slots) == 0 {
		return nil
	}
	var out []*searchv1.Highlight
	for _, f := range []struct{ name, text string }{{"title", t.Title}, {"brand", t.Brand}, {"description", t.Description}} {
		pieces := q.mark(f.text)
		if !slices.ContainsFunc(pieces, func(p piece) bool { return p.found }) {
			continue
		}
		if f.name == "description" {
			pieces = around(pieces)
		}
		out = append(out, &searchv1.Highlight{Field: f.name, Pieces: piecesOf(pieces)})
	}
	return out
}

// mark takes a text apart where its words are those of the query.
func (q query) mark(text string) []piece {
	var out []piece
	at := 0
	for _, m := range q.marks(text) {
		if m.from > at {
			out = append(out, piece{text[at:m.from], false})
		}
		out = append(out, piece{text[m.from:m.to], true})
		at = m.to
	}
	if at < len(text) {
		out = append(out, piece{text[at:], false})
	}
	return out
}

// marks are where the words of the query stand in a text, in order and apart from each other.
func (q query) marks(text string) []span {
	var out []span
	spans := spansOf(text, maxWords)
	for i, o := range also(text, spans) {
		m := spans[i]
		switch {
		case o.whole != "" && q.means(word{o.whole, o.whole}):
			m.from = spans[o.first].from // all that is written together
		case !q.means(m.word) && !slices.ContainsFunc(o.pieces, func(p string) bool { return len(p) > 1 && q.means(word{p, p}) }):
			continue
		}
		for len(out) > 0 && out[len(out)-1].to > m.from {
			m.from = min(m.from, out[len(out)-1].from)
			out = out[:len(out)-1]
		}
		out = append(out, m)
	}
	return out
}

// means says whether a word of a text is one of those looked for.
func (q query) means(w word) bool {
	forms := []string{w.folded}
	for _, l := range q.in {
		forms = append(forms, l.stems(w)...)
	}
	for _, s := range q.slots {
		for _, alt := range s.alts {
			for _, asked := range alt {
				if s.open && strings.HasPrefix(w.folded, asked.folded) {
					return true
				}
				if suffix := q.suffix(asked); suffix != "" && len(w.folded) >= len(suffix)+3 &&
					slices.ContainsFunc(forms, func(f string) bool { return strings.HasSuffix(f, suffix) }) {
					return true
				}
				if slices.Contains(forms, asked.folded) || slices.ContainsFunc(pieces(asked.raw), func(p string) bool { return len(p) > 1 && p == w.folded }) {
					return true
				}
				for _, l := range q.in {
					for _, stem := range l.stems(asked) {
						if slices.Contains(forms, stem) {
							return true
						}
					}
				}
			}
		}
	}
	return false
}

// around keeps what is near the first word found.
func around(pieces []piece) []piece {
	const before, after = 60, 180 // characters
	first := slices.IndexFunc(pieces, func(p piece) bool { return p.found })
	out := []piece{}
	if first > 0 {
		text := pieces[first-1].text
		if cut := runesFromEnd(text, before); cut > 0 {
			if space := strings.IndexByte(text[cut:], ' '); space >= 0 {
				cut += space + 1
			}
			text = "…" + text[cut:]
		}
		out = append(out, piece{text, false})
	}
	left := after
	for _, p := range pieces[first:] {
		n := utf8.RuneCountInString(p.text)
		if n > left && !p.found {
			text := cutRunes(p.text, left)
			if len(text) < len(p.text) {
				if space := strings.LastIndexByte(text, ' '); space > 0 {
					text = text[:space]
				}
				text += "…"
			}
			out = append(out, piece{text, false})
			break
		}
		out = append(out, p)
		left -= n
		if left <= 0 {
			break
		}
	}
	return out
}

// runesFromEnd is the byte where the last n runes of a text begin; 0 when it has no more.
func runesFromEnd(text string, n int) int {
	at := len(text)
	for ; at > 0 && n > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}
