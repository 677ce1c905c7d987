package search

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxQueryWords is how many words of a query count.
const maxQueryWords = 12

// query is what is asked of the words of a document.
type query struct {
	slots   []slot
	in      []language // the words are taken apart as words of any of these are
	text    string     // the words as they were typed, folded: what rules for texts are about
	title   string     // what a title has to be to be just what was typed, folded
	nothing bool       // there was a text, and no word in it
	any     bool       // it is enough to have some of the words
	foreign bool       // a word has synonyms in a language that is not looked through
}

// slot is one thing asked for.
type slot struct {
	word word     // as it was typed
	alts [][]word // ways to say it; all words of one of them have to be there
	// common says that these are the ways to say it in every language.
	common bool
	open   bool // the word may be unfinished
	glued  bool // two words that were typed, put together
}

func parseQuery(text string, in []language, v *vocabulary) query {
	q := query{in: in}
	all := split(text, 4*maxQueryWords)
	q.nothing = len(all) == 0 && strings.TrimSpace(text) != ""
	q.title = titleText(all)
	var kept []word
	for _, w := range all {
		if !q.stops(w.folded, v) && !slices.Contains(kept, w) && len(kept) < maxQueryWords {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 { // nothing but stop words: then they are what is meant
		for _, w := range all {
			if !slices.Contains(kept, w) && len(kept) < maxQueryWords {
				kept = append(kept, w)
			}
		}
	}
	folded := make([]string, len(kept))
	for i, w := range kept {
		folded[i] = w.folded
	}
	q.text = strings.Join(folded, " ")
	for i := 0; i < len(kept); {
		alts, n := v.synonymsAt(folded[i:], in)
		all, m := v.synonymsAt(folded[i:], nil)
		common := n == m && slices.EqualFunc(alts, all, slices.Equal)
		q.foreign = q.foreign || n == 0 && m > 0
		if n > 0 {
			q.slots = append(q.slots, slot{word: kept[i], alts: append([][]word{kept[i : i+n]}, alts...), common: common})
			i += n
			continue
		}
		q.slots = append(q.slots, slot{word: kept[i], alts: [][]word{{kept[i]}}})
		i++
	}
	if n := len(q.slots); n > 0 && len(q.slots[n-1].alts[0]) == 1 {
		last := &q.slots[n-1]
		// One letter begins half of all words and says nothing.
		last.open = utf8.RuneCountInString(last.word.folded) > 1 || unspaced(firstRune(last.word.folded))
	}
	return q
}

func (q query) stops(folded string, v *vocabulary) bool {
	return v.stops(folded, q.in) || slices.ContainsFunc(q.in, func(l language) bool { return l.isStopWord(folded) })
}

// conditions are what a document has to match, each in the syntax of tsquery: every word by itself, also as one word with a
// neighbour. With mark, lexemes of titles are asked for.
func (q query) conditions(mark string) []string {
	term := func(s slot, w word, number int) []string { return q.term(mark, s, w, number) }
	if q.any {
		return []string{q.join(true, term)}
	}
	single, glued := q.parts(term)
	var out []string
	for i, all := range single {
		for _, both := range glued[max(i-1, 0):min(i+1, len(glued))] {
			if len(both) > 0 {
				all = either(all, both)
			}
		}
		out = append(out, all...)
	}
	return out
}

// mostConditions is how many conditions one word becomes at most.
const mostConditions = 6

// either is that all of some conditions hold or all of others, as conditions that all hold: each of some together with each
// of the others. Were they one condition with others within, PostgreSQL would walk through the list of a frequent word.
func either(some, others []string) []string {
	if len(some)*len(others) > mostConditions {
		return []string{whole(some) + " | " + whole(others)}
	}
	var out []string
	for _, a := range some {
		for _, b := range others {
			out = append(out, a+" | ("+b+")") // find may leave out b where no word begins so
		}
	}
	return out
}

// whole is that all conditions hold.
func whole(all []string) string {
	if len(all) == 1 {
		return "(" + all[0] + ")"
	}
	return "((" + strings.Join(all, ") & (") + "))"
}

// hint is the same for titles that have one of the words at least.
func (q query) hint() string {
	return q.join(true, func(s slot, w word, number int) []string { return q.term(titleMark, s, w, number) })
}

// exact is what titles have that are just what was asked for; empty when there can be none.
func (q query) exact() string {
	if q.title == "" {
		return ""
	}
	return quote(wholeTitle(q.title))
}

// term is what a word is found by: it, or all its pieces.
func (q query) term(mark string, s slot, w word, number int) []string {
	out := q.lexemes(w, mark, s.open)
	if suffix := q.suffix(w); suffix != "" {
		out = append(out, quote(mark+compoundMark+strconv.Itoa(number)))
		if begun := quote(mark+w.folded) + ":*"; !s.open && utf8.RuneCountInString(w.folded) >= leastBeginning {
			out[0] = begun // compounds begin with words, too
		}
	}
	self := "(" + strings.Join(out, " | ") + ")"
	apart := pieces(w.raw)
	if apart == nil || s.glued {
		return []string{self}
	}
	all := make([]string, len(apart))
	for i, p := range apart {
		all[i] = quote(mark + p)
		if s.open && i == len(apart)-1 && !strings.ContainsAny(p, "0123456789") {
			all[i] += ":*"
		}
	}
	return either([]string{self}, all)
}

// leastBeginning is from how many letters on a word is looked for at the beginning of compounds.
const leastBeginning = 5

// rank is what documents are ranked by, in the syntax of tsquery: a finished word counts more than one that goes on.
func (q query) rank() string {
	return q.join(q.any, func(s slot, w word, _ int) []string {
		out := q.lexemes(w, "", s.open)
		if s.open {
			out = append(out, quote(w.folded))
		}
		for _, p := range pieces(w.raw) {
			out = append(out, quote(p))
		}
		return []string{"(" + strings.Join(out, " | ") + ")"}
	})
}

// parts are the conditions of each word, and of each word put together with the next: what some write apart, others do not.
// None where two cannot be. Words are numbered through; those put together come after the others.
func (q query) parts(term func(s slot, w word, number int) []string) (single, glued [][]string) {
	number := 0
	one := func(s slot) []string {
		var all []string
		for j, alt := range s.alts {
			var terms []string
			for _, w := range alt {
				terms = append(terms, term(s, w, number)...)
				number++
			}
			if j > 0 {
				terms = either(all, terms)
			}
			all = terms
		}
		return all
	}
	single = make([][]string, len(q.slots))
	for i, s := range q.slots {
		single[i] = one(s)
	}
	glued = make([][]string, max(len(q.slots)-1, 0))
	for i := range glued {
		if both, ok := together(q.slots[i], q.slots[i+1]); ok && len(q.slots) <= mostTogether {
			glued[i] = one(both)
		}
	}
	return single, glued
}

// join puts the terms of all words together, either any or all of them.
func (q query) join(some bool, term func(s slot, w word, number int) []string) string {
	single, glued := q.parts(term)
	parts := make([]string, len(single))
	for i, all := range single {
		parts[i] = whole(all)
	}
	if some {
		return strings.Join(parts, " | ")
	}
	variants := []string{strings.Join(parts, " & ")}
	for i, both := range glued {
		if len(both) == 0 {
			continue
		}
		variant := append(append(append([]string{}, parts[:i]...), whole(both)), parts[i+2:]...)
		variants = append(variants, strings.Join(variant, " & "))
	}
	if len(variants) == 1 {
		return variants[0]
	}
	return "((" + strings.Join(variants, ") | (") + "))"
}

// mostTogether is up to how many words neighbours are put together as well.
const mostTogether = 5

// together is two neighbours written as one word.
func together(a, b slot) (slot, bool) {
	if len(a.alts) != 1 || len(b.alts) != 1 || len(a.alts[0]) != 1 || len(b.alts[0]) != 1 {
		return slot{}, false
	}
	x, y := a.alts[0][0], b.alts[0][0]
	if len(x.folded)+len(y.folded) < 4 || unspaced(firstRune(x.folded)) || unspaced(firstRune(y.folded)) {
		return slot{}, false
	}
	both := word{x.raw + y.raw, x.folded + y.folded}
	return slot{word: both, alts: [][]word{{both}}, open: b.open, glued: true}, true
}

func (q query) lexemes(w word, mark string, open bool) []string {
	out := []string{quote(mark + w.folded)}
	if open {
		out[0] += ":*"
	}
	for _, l := range q.in {
		for _, stem := range l.stems(w) {
			if lexeme := quote(mark + stem); !slices.Contains(out, lexeme) {
				out = append(out, lexeme)
			}
		}
	}
	return out
}

// compoundMark stands, with a number behind it, for the words that end in the word of that number. No word has it.
const compoundMark = "§"

// suffixes are what compounds have to end in, by the number of each word.
func (q query) suffixes() []string {
	out := []string{}
	q.parts(func(_ slot, w word, _ int) []string {
		out = append(out, q.suffix(w))
		return nil
	})
	if !slices.ContainsFunc(out, func(s string) bool { return s != "" }) {
		return []string{}
	}
	return out
}

// suffix is what compounds with the word end in; empty when the languages have none, or the word says too little.
func (q query) suffix(w word) string {
	least := 4
	if len(q.slots) > 1 {
		least = 3 // another word says what is meant
	}
	suffix := ""
	for _, l := range q.in {
		if !l.compounds() {
			continue
		}
		suffix = w.folded
		for _, stem := range l.stems(w) {
			if len(stem) < len(suffix) && len(stem) >= least {
				suffix = stem
			}
		}
	}
	if utf8.RuneCountInString(suffix) < least || strings.ContainsAny(suffix, "0123456789") || unspaced(firstRune(suffix)) {
		return ""
	}
	return suffix
}

// typed is the words that were typed, and what is needed to find out what they may be meant to be.
type typed struct {
	words   []string
	forms   []string // each with its stems, parted by spaces
	endings []string // what compounds of it end in
	keys    []string // by which the words it may be meant to be are looked up, parted by spaces
	parts   []string // and by which compounds with one of those are
}

func (q query) asked() typed {
	t := typed{words: []string{}, forms: []string{}, endings: []string{}, keys: []string{}, parts: []string{}}
	for _, s := range q.slots {
		forms := q.forms(s.word)
		var keys []string
		for _, f := range forms {
			keys = append(keys, typoKeys(f)...)
		}
		t.words = append(t.words, s.word.folded)
		t.forms = append(t.forms, strings.Join(forms, " "))
		t.endings = append(t.endings, q.suffix(s.word))
		t.keys = append(t.keys, strings.Join(keys, " "))
		parts := ""
		if q.suffix(s.word) != "" {
			parts = strings.Join(partOf(s.word.folded), " ")
		}
		t.parts = append(t.parts, parts)
	}
	return t
}

// forms are a word and its stems.
func (q query) forms(w word) []string {
	out := []string{w.folded}
	for _, l := range q.in {
		for _, stem := range l.stems(w) {
			if !slices.Contains(out, stem) {
				out = append(out, stem)
			}
		}
	}
	return out
}

// open says whether the last word may be unfinished.
func (q query) open() bool { return len(q.slots) > 0 && q.slots[len(q.slots)-1].open }

// correction is a query that is asked instead of one that finds nothing.
type correction struct {
	query query
	text  string   // the query as it would be typed; empty when no word has changed
	typed []string // what it is made of, for each thing asked for
}

// best is what the first document of a page says; nothing on an empty one.
func (r result) best() texts {
	if len(r.hits) == 0 {
		return texts{}
	}
	return r.hits[0].texts
}

// spelled is the correction as it would be typed by who meant a document: of several words that may have been meant, those
// it has.
func (c correction) spelled(by texts) string {
	if c.text == "" {
		return ""
	}
	out := slices.Clone(c.typed)
	for i, s := range c.query.slots {
		if len(s.alts) < 2 || s.alts[0][0].folded == s.word.folded {
			continue // as it was typed
		}
		has := func(alt []word) bool {
			one := query{in: c.query.in, slots: []slot{{word: s.word, alts: [][]word{alt}}}}.marker()
			all := append(append([]string{by.Title, by.Brand, by.Description}, by.Categories...), append(by.Attributes, by.Tags...)...)
			return slices.ContainsFunc(all, func(text string) bool {
				return slices.ContainsFunc(one.mark(text), func(p piece) bool { return p.found })
			})
		}
		if at := slices.IndexFunc(s.alts, has); at >= 0 {
			out[i] = joinWords(s.alts[at])
		}
	}
	return strings.Join(out, " ")
}

// corrected takes known words for unknown ones. found holds, for words that are known, themselves, and for others the
// candidates. Words that nobody knows are left out when others remain; when all are known, some of them have to do. It
// reports false when there is nothing to gain.
func (q query) corrected(found map[string][]string) (correction, bool) {
	out := query{in: q.in, text: q.text}
	var typed []string
	changed, dropped := false, false
	for i, s := range q.slots {
		candidates := found[s.word.folded]
		last := i == len(q.slots)-1
		if len(candidates) == 1 && candidates[0] == s.word.folded || len(s.alts) > 1 {
			out.slots = append(out.slots, s)
			typed = append(typed, s.word.raw)
			continue
		}
		best := closest(q.forms(s.word), candidates, func(c string) []string { return q.forms(word{c, c}) })
		if len(best) == 0 && (s.open && last || q.suffix(s.word) != "") {
			best = closestBeginning(s.word.folded, candidates)
		}
		for _, part := range closestPart(s.word.folded, found[compoundsMark+s.word.folded]) {
			if len(best) < alternatives && !slices.Contains(best, part) {
				best = append(best, part)
			}
		}
		if len(best) == 0 {
			if parts := partsOf(s.word.folded, found); len(parts) > 0 {
				out.slots = append(out.slots, slot{word: s.word, alts: [][]word{parts}})
				typed = append(typed, parts[0].raw+" "+parts[1].raw)
				changed = true
				continue
			}
			if pieces(s.word.raw) != nil { // its pieces may be there
				out.slots = append(out.slots, s)
				typed = append(typed, s.word.raw)
				continue
			}
			dropped = true
			continue
		}
		meant := slot{word: s.word}
		for _, b := range best {
			meant.alts = append(meant.alts, []word{{b, b}})
		}
		out.slots = append(out.slots, meant)
		typed = append(typed, best[0])
		changed = true
	}
	switch {
	case len(out.slots) == 0:
		return correction{}, false
	case dropped && !changed && len(out.slots) == 1 && utf8.RuneCountInString(out.slots[0].word.folded) < 3:
		return correction{}, false // what is left says nothing
	case !changed && !dropped:
		if len(out.slots) == 1 {
			return correction{}, false
		}
		out.any = true
	}
	c := correction{query: out, typed: typed}
	if changed {
		c.text = strings.Join(typed, " ")
		c.query.title = titleText(split(c.text, 4*maxQueryWords))
	}
	return c, true
}

// partsOf splits a compound that nobody knows into two words that are known; the letters that join them may be left out.
func partsOf(compound string, found map[string][]string) []word {
	parts := found[partsMark+compound]
	if len(parts) != 2 {
		return nil
	}
	return []word{{parts[0], parts[0]}, {parts[1], parts[1]}}
}

// compoundsMark begins the keys of words that compounds have something like.
const compoundsMark = "~"

// partsMark begins the keys of words that were split.
const partsMark = "+"
