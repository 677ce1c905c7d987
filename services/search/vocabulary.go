package search

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// vocabulary is what a search needs to know of the shop before it asks the index: what staff have set, and what the index
// holds. It is kept for a second.
type vocabulary struct {
	own        language // of the shop's own texts
	live       int64    // generation that is searched
	fed        int64    // generation that the engine outside holds
	told       string   // which synonyms the engine outside was told, and which there are
	mark       string
	locales    []string // languages there are documents for; nil when nobody has looked
	synonyms   []synonym
	phrases    map[string][]phrase // that synonyms hold for, by their first word
	stopWords  map[string][]string // by locale; empty: every language
	rules      []rule
	settings   settings
	views      map[string]bool  // ways prices are seen
	attributes map[string]bool  // codes
	categories map[string]id.ID // by slug, in every language
}

// settings are what staff decide about the search.
type settings struct {
	typos       bool // words are corrected
	partial     bool // where not all words are found, some will do
	facetValues int  // shown of each kind
	version     int64
	updatedAt   time.Time
}

func defaultSettings() settings {
	return settings{typos: true, partial: true, facetValues: 50, version: 1}
}

// synonym is words that mean the same.
type synonym struct {
	id        id.ID
	locale    string   // empty: every language
	from      string   // only this leads to the others; empty: each leads to all
	terms     []string // as staff typed them
	version   int64
	createdAt time.Time
	updatedAt time.Time
}

// rule puts products first or last where a text or a category is asked for.
type rule struct {
	id        id.ID
	name      string
	query     string // folded words; empty: whatever the text
	contains  bool   // the query holds these words, and may have others
	category  id.ID  // zero: wherever
	pinned    []id.ID
	buried    []id.ID
	active    bool
	startsAt  *time.Time
	endsAt    *time.Time
	version   int64
	createdAt time.Time
	updatedAt time.Time
}

// phrase is words that a synonym holds for, and the other ways to say them.
type phrase struct {
	words  []string // folded
	locale string
	ways   [][]word
}

// learn takes the synonyms apart, so that a search need not.
func (v *vocabulary) learn() {
	v.phrases = map[string][]phrase{}
	for _, s := range v.synonyms {
		ways := make([][]word, len(s.terms))
		for i, t := range s.terms {
			ways[i] = split(t, maxQueryWords)
		}
		from := s.terms
		if s.from != "" {
			from = []string{s.from}
		}
		for _, f := range from {
			p := phrase{words: words(f, maxQueryWords), locale: s.locale}
			if len(p.words) == 0 {
				continue
			}
			for _, w := range ways {
				if len(w) > 0 && !slices.EqualFunc(w, p.words, func(w word, folded string) bool { return w.folded == folded }) {
					p.ways = append(p.ways, w)
				}
			}
			v.phrases[p.words[0]] = append(v.phrases[p.words[0]], p)
		}
	}
}

// mostWays are the ways to say something that count.
const mostWays = 12

// synonymsAt finds the ways to say what the words begin with, and how many of them that is; the longest counts. Without
// languages, synonyms of all of them hold.
func (v *vocabulary) synonymsAt(folded []string, in []language) (ways [][]word, n int) {
	if v == nil || len(v.phrases) == 0 {
		return nil, 0
	}
	for _, p := range v.phrases[folded[0]] {
		m := len(p.words)
		if m < n || m > len(folded) || !slices.Equal(p.words, folded[:m]) || in != nil && !spoken(p.locale, in) {
			continue
		}
		if m > n {
			ways = nil
		}
		n = m
		ways = append(ways, p.ways...)
	}
	return ways[:min(len(ways), mostWays)], n
}

// expansion is what an engine outside is told: words, and the other ways to say them.
type expansion struct {
	phrase string
	ways   []string
}

// id is a name for the phrase, of letters and digits alone.
func (e expansion) id() string {
	sum := sha256.Sum256([]byte(e.phrase))
	return hex.EncodeToString(sum[:16])
}

// expansions are those of all languages. Where a language has its own, engines outside are not asked.
func (v *vocabulary) expansions() []expansion {
	all := map[string]expansion{}
	for _, list := range v.phrases {
		for _, p := range list {
			e := expansion{phrase: strings.Join(p.words, " ")}
			ways, _ := v.synonymsAt(p.words, nil)
			for _, w := range ways {
				if text := joinWords(w); !slices.Contains(e.ways, text) {
					e.ways = append(e.ways, text)
				}
			}
			if len(e.ways) > 0 {
				all[e.phrase] = e
			}
		}
	}
	out := make([]expansion, 0, len(all))
	for _, k := range slices.Sorted(maps.Keys(all)) {
		out = append(out, all[k])
	}
	return out
}

func joinWords(ws []word) string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = w.raw
	}
	return strings.Join(out, " ")
}

// spoken says whether what is said of a locale holds where these languages are looked through.
func spoken(locale string, in []language) bool {
	return locale == "" || slices.Contains(in, languageOf(locale))
}

func (v *vocabulary) stops(folded string, in []language) bool {
	if v == nil {
		return false
	}
	for locale, list := range v.stopWords {
		if spoken(locale, in) && slices.Contains(list, folded) {
			return true
		}
	}
	return false
}

// arranged is what rules say of a request: which products come first, in that order, and which come last.
func (v *vocabulary) arranged(text string, categories []id.ID, now time.Time) (pinned, buried []id.ID) {
	for _, r := range v.rules {
		if !r.holds(text, categories, now) {
			continue
		}
		for _, p := range r.pinned {
			if !slices.Contains(pinned, p) {
				pinned = append(pinned, p)
			}
		}
		buried = append(buried, r.buried...)
	}
	const most = 100
	return pinned[:min(len(pinned), most)], buried[:min(len(buried), most)]
}

func (r rule) holds(text string, categories []id.ID, now time.Time) bool {
	switch {
	case !r.active, r.startsAt != nil && now.Before(*r.startsAt), r.endsAt != nil && !now.Before(*r.endsAt):
		return false
	case !r.category.IsZero() && !slices.Contains(categories, r.category):
		return false
	case r.query == "":
		return !r.category.IsZero() && text == ""
	case r.contains:
		return strings.Contains(" "+text+" ", " "+r.query+" ")
	}
	return text == r.query
}

// languages are those a search looks through: of the locales asked for, and the shop's own.
func (v *vocabulary) languages(locales []string) []language {
	var out []language
	for _, l := range locales {
		if in := languageOf(l); !slices.Contains(out, in) {
			out = append(out, in)
		}
	}
	if !slices.Contains(out, v.own) {
		out = append(out, v.own)
	}
	return out
}

// searched is the language whose documents are searched: the first of those asked for that there are any for, else the
// shop's own, which has no name here.
func (v *vocabulary) searched(locales []string) string {
	if v.locales == nil && len(locales) > 0 {
		return locales[0]
	}
	for _, l := range locales {
		if slices.Contains(v.locales, l) {
			return l
		}
	}
	return ""
}

// viewed says whether somebody sees other prices than those of each product in its own currency.
func (v *vocabulary) viewed(currency, country, channel string, groups []string) bool {
	currencies, particular := map[string]bool{}, false
	for key := range v.views {
		parts := strings.SplitN(key, "|", 4)
		currencies[parts[0]] = true
		if len(parts) == 4 && (parts[1] != "" && parts[1] == country || parts[2] != "" && parts[2] == channel || slices.Contains(groups, parts[3])) {
			particular = true
		}
	}
	return particular || currency != "" && (len(currencies) > 1 || len(currencies) == 1 && !currencies[currency])
}

// named are the ids of categories by their slugs.
func (v *vocabulary) named(slugs []string) []id.ID {
	var out []id.ID
	for _, s := range slugs {
		if c, ok := v.categories[s]; ok {
			out = append(out, c)
		}
	}
	return out
}
