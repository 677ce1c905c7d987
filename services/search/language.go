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
	if l == "de" && strings.ContainsAny(w.raw, "äöü") { // as it is written on keyboards without umlauts
		add(fold(strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue").Replace(w.raw)))
	}
	return out
}

// compounds says whether the language writes compounds in one word.
func (l language) compounds() bool {
	switch l {
	case "da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv":
		return true
	}
	return false
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
