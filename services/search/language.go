package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
)

// language is what words are taken apart by: the primary subtag of a locale (RFC 5646), such as de.
type language string

// languageOf is the language of a locale.
func languageOf(locale string) language {
	primary, _, _ := strings.Cut(locale, "-")
	return language(clean(strings.ToLower(primary)))
}

// stemmer is the Snowball algorithm of a language; nil when there is none.
func (l language) stemmer() func(*snowballstem.Env) bool {
	switch l {
	case "da":
		return danish.Stem
	case "de":
		return german.Stem
	case "en":
		return english.Stem
	case "es":
		return spanish.Stem
	case "fi":
		return finnish.Stem
	case "fr":
		return french.Stem
	case "hu":
		return hungarian.Stem
	case "it":
		return italian.Stem
	case "nb", "nn", "no":
		return norwegian.Stem
	case "nl":
		return dutch.Stem
	case "pt":
		return portuguese.Stem
	case "ro":
		return romanian.Stem
	case "sv":
		return swedish.Stem
	}
	return nil
}

// shortestStemmed is from how many letters on a word is stemmed: shorter ones are mostly all stem.
const shortestStemmed = 4

// stems are what a word and its other forms have in common, folded; nothing when that is the word itself. A word that
// was typed without its accents is stemmed as well as one with them.
func (l language) stems(w word) []string {
	if l == "en" && w.folded == "men" {
		return []string{"man"}
	}
	if utf8.RuneCountInString(w.raw) < shortestStemmed || strings.ContainsAny(w.raw, "0123456789") {
		return nil
	}
	var out []string
	add := func(stem string) {
		if stem != "" && stem != w.folded && !slices.Contains(out, stem) {
			out = append(out, stem)
		}
	}
	if l == "pl" {
		add(polishStem(w.folded))
		return out
	}
	stem := l.stemmer()
	if stem == nil {
		return nil
	}
	for _, form := range []string{w.raw, w.folded} {
		env := snowballstem.NewEnv(form)
		stem(env)
		add(fold(env.Current()))
	}
	switch l {
	case "en":
		add(englishSingular(w.folded))
	case "es":
		if rest, ok := strings.CutSuffix(w.folded, "ces"); ok { // lápices, lápiz
			add(rest + "z")
		}
	case "nl": // the voiced consonant of kazen and brieven is that of kaas and brief
		for _, s := range slices.Clone(out) {
			if rest, ok := strings.CutSuffix(s, "z"); ok {
				add(rest + "s")
			} else if rest, ok := strings.CutSuffix(s, "v"); ok {
				add(rest + "f")
			}
		}
	}
	if l == "de" && strings.ContainsAny(w.raw, "äöü") { // as it is written on keyboards without umlauts
		add(fold(strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue").Replace(w.raw)))
	}
	return out
}

// thing takes a title apart into what it names and what that goes with or is for: the case, and the phone it is for.
func (l language) thing(title string) (thing, rest string) {
	for i, s := range spansOf(title, maxWords) {
		if i > 0 && l.links(s.folded) {
			return title[:s.from], title[s.from:]
		}
	}
	return title, ""
}

// links says whether what follows the word in a title is not the thing itself.
func (l language) links(folded string) bool {
	switch l {
	case "en":
		return folded == "for" || folded == "with" || folded == "without"
	case "de":
		return folded == "fur" || folded == "mit" || folded == "ohne"
	case "fr":
		return folded == "pour" || folded == "avec" || folded == "sans"
	case "es":
		return folded == "para" || folded == "con" || folded == "sin"
	case "it":
		return folded == "per" || folded == "con" || folded == "senza"
	case "nl":
		return folded == "voor" || folded == "met" || folded == "zonder"
	case "pl":
		return folded == "do" || folded == "dla" || folded == "z" || folded == "ze" || folded == "bez"
	case "pt":
		return folded == "para" || folded == "com" || folded == "sem"
	}
	return false
}

// compounds says whether the language writes compounds in one word.
func (l language) compounds() bool {
	switch l {
	case "da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv":
		return true
	}
	return false
}

// englishSingular is the singular of plurals that do not end in s alone; empty for other words.
func englishSingular(folded string) string {
	switch folded {
	case "children":
		return "child"
	case "feet":
		return "foot"
	case "geese":
		return "goose"
	case "mice":
		return "mouse"
	case "people":
		return "person"
	case "teeth":
		return "tooth"
	case "oxen":
		return "ox"
	}
	if rest, ok := strings.CutSuffix(folded, "women"); ok {
		return rest + "woman"
	}
	if rest, ok := strings.CutSuffix(folded, "ves"); ok && len(rest) > 1 { // knives, shelves, scarves
		for _, with := range [...]string{"kni", "li", "wi"} {
			if strings.HasSuffix(rest, with) {
				return rest + "fe"
			}
		}
		return rest + "f"
	}
	return ""
}

// polishStem takes the endings of Polish declension off a folded word, and the e that comes and goes before them
// (kubek, kubki). Snowball has no algorithm for Polish; this is a light one that makes no claim to grammar.
func polishStem(folded string) string {
	const least = 3 // letters that stay
	stem := folded
	for _, ending := range [...]string{
		"osciami", "osciach", "owymi", "owych", "owego", "owemu",
		"iami", "iach", "iego", "iemu", "owie", "ymi", "imi", "ych", "ich", "ego", "emu", "ami", "ach", "owi", "iej", "iow",
		"ow", "om", "em", "ie", "ej", "ia", "iu", "io", "a", "e", "i", "o", "u", "y",
	} {
		if rest, ok := strings.CutSuffix(stem, ending); ok && len(rest) >= least {
			stem = rest
			break
		}
	}
	if n := len(stem); n > least {
		switch {
		case strings.HasSuffix(stem, "ien"), strings.HasSuffix(stem, "iec"), strings.HasSuffix(stem, "iek"):
			stem = stem[:n-3] + stem[n-1:]
		case strings.HasSuffix(stem, "ek"), strings.HasSuffix(stem, "el"), strings.HasSuffix(stem, "en"), strings.HasSuffix(stem, "ec"):
			stem = stem[:n-2] + stem[n-1:]
		}
	}
	return stem
}

// isStopWord says whether a word is so common in the language that a query means nothing by it. The shop may name more.
func (l language) isStopWord(w string) bool {
	var list string
	switch l {
	case "en":
		list = " a an and are as at be by for from in is it my of on or s the to with "
	case "de":
		list = " am an auf aus bei das dem den der des die ein eine einem einen einer fur im in ist mit nach oder s und vom von zu zum zur "
	case "fr":
		list = " a au aux avec ce ces d dans de des du en et l la le les ma mon ou par pour s sa son sur un une "
	case "es":
		list = " a al con de del e el en la las lo los mi o para por sin su un una unos unas y "
	case "it":
		list = " a ad al alla alle con d da dal dei del della delle di e ed gli i il in l la le lo nel o per un una uno "
	case "nl":
		list = " aan bij de een en het in met of om op te uit van voor "
	case "pl":
		list = " a dla do i lub na nad o od po pod przy w we z za ze "
	case "pt":
		list = " a ao as com da das de do dos e em na nas no nos o os ou para por um uma "
	case "sv":
		list = " av att de den det en ett for i med och pa som till "
	case "da", "nb", "nn", "no":
		list = " af at av de den det en et for i med og pa til "
	default:
		return false
	}
	return len(w) < 8 && strings.Contains(list, " "+w+" ")
}
