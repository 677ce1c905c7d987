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

// marker finds the words of one query in texts. It remembers what it has judged: the documents of a page say much the same.
type marker struct {
	in     []language
	asked  []sought
	judged map[word]bool
}

// sought is one word of the query and all that is needed to know it again.
type sought struct {
	folded string
	forms  []string // its stems
	pieces []string // more than one letter each
	suffix string   // what compounds of it end in
	open   bool     // it may be unfinished
}

func (q query) marker() *marker {
	m := &marker{in: q.in, judged: map[word]bool{}}
	for _, s := range q.slots {
		for _, alt := range s.alts {
			for _, w := range alt {
				m.asked = append(m.asked, sought{
					folded: w.folded, forms: q.forms(w)[1:], suffix: q.suffix(w), open: s.open,
					pieces: slices.DeleteFunc(pieces(w.raw), func(p string) bool { return len(p) <= 1 }),
				})
			}
		}
	}
	return m
}

// highlights shows where the texts of a document speak of what was looked for: the title whole, of the description what is
// around the first word.
func (m *marker) highlights(t texts) []*searchv1.Highlight {
	if len(m.asked) == 0 {
		return nil
	}
	var out []*searchv1.Highlight
	for _, f := range []struct{ name, text string }{{"title", t.Title}, {"brand", t.Brand}, {"description", t.Description}} {
		pieces := m.mark(f.text)
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
func (m *marker) mark(text string) []piece {
	var out []piece
	at := 0
	for _, found := range m.marks(text) {
		if found.from > at {
			out = append(out, piece{text[at:found.from], false})
		}
		out = append(out, piece{text[found.from:found.to], true})
		at = found.to
	}
	if at < len(text) {
		out = append(out, piece{text[at:], false})
	}
	return out
}

// marks are where the words of the query stand in a text, in order and apart from each other.
func (m *marker) marks(text string) []span {
	var out []span
	spans := spansOf(text, maxWords)
	for i, o := range also(text, spans) {
		at := spans[i]
		switch {
		case o.whole != "" && m.means(word{o.whole, o.whole}):
			at.from = spans[o.first].from // all that is written together
		case !m.means(at.word) && !slices.ContainsFunc(o.pieces, func(p string) bool { return len(p) > 1 && m.means(word{p, p}) }):
			continue
		}
		for len(out) > 0 && out[len(out)-1].to > at.from {
			at.from = min(at.from, out[len(out)-1].from)
			out = out[:len(out)-1]
		}
		out = append(out, at)
	}
	return out
}

// means says whether a word of a text is one of those looked for.
func (m *marker) means(w word) bool {
	found, judged := m.judged[w]
	if !judged {
		found = m.judge(w)
		m.judged[w] = found
	}
	return found
}

func (m *marker) judge(w word) bool {
	forms := []string{w.folded}
	for _, l := range m.in {
		forms = append(forms, l.stems(w)...)
	}
	return slices.ContainsFunc(m.asked, func(s sought) bool {
		return s.open && strings.HasPrefix(w.folded, s.folded) ||
			s.suffix != "" && len(w.folded) >= len(s.suffix)+3 && slices.ContainsFunc(forms, func(f string) bool { return strings.HasSuffix(f, s.suffix) }) ||
			slices.Contains(forms, s.folded) || slices.Contains(s.pieces, w.folded) ||
			slices.ContainsFunc(s.forms, func(f string) bool { return slices.Contains(forms, f) })
	})
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
