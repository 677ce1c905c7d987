package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	keyRunes     = 8 // letters of a word that its keys are made of
	alternatives = 4 // words that one mistyped word may stand for
)

// tolerance is how many mistakes are forgiven in a word: none in short words and in those with digits, which are codes.
func tolerance(word string) int {
	n := utf8.RuneCountInString(word)
	switch {
	case n < 4 || n > maxWordRunes || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) || unspaced(r) }):
		return 0
	case n < 7:
		return 1
	}
	return 2
}

// typoKeys are the beginnings of a word with up to tolerance letters left out. Two words that are no more than that
// apart share one of them, so that a lookup by equality finds the neighbours of a word.
func typoKeys(word string) []string {
	depth := tolerance(word)
	if depth == 0 {
		return nil
	}
	runes := []rune(word)
	level := []string{string(runes[:min(len(runes), keyRunes)])}
	keys := slices.Clone(level)
	for range depth {
		var next []string
		for _, k := range level {
			r := []rune(k)
			for i := range r {
				next = append(next, string(r[:i])+string(r[i+1:]))
			}
		}
		slices.Sort(next)
		level = slices.Compact(next)
		keys = append(keys, level...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// closest returns the candidates with the fewest mistakes, if they are few enough. Words are compared in their forms, the
// one that stands in a text first; what is close in another form only is a little farther away.
func closest(forms []string, candidates []string, formsOf func(string) []string) []string {
	best := 0
	var out []string
	for _, c := range candidates {
		least := -1
		for j, known := range formsOf(c) {
			for i, asked := range forms {
				if d := distance([]rune(asked), []rune(known)); d <= tolerance(asked) {
					if d = 2*d + min(i+j, 1); least < 0 || d < least {
						least = d
					}
				}
			}
		}
		switch {
		case least < 0 || len(out) > 0 && least > best:
			continue
		case len(out) == 0 || least < best:
			best, out = least, nil
		}
		out = append(out, c)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), alternatives)]
}

// distance counts the letters to add, drop, change or swap with their neighbour to make b of a (optimal string alignment).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// closestBeginning returns the candidates whose beginning is what was asked for, with the fewest mistakes: a word that was
// not typed to its end can have one as well.
func closestBeginning(asked string, candidates []string) []string {
	n := utf8.RuneCountInString(asked)
	best := min(tolerance(asked), 1)
	var out []string
	for _, c := range candidates {
		runes := []rune(c)
		if len(runes) <= n {
			continue
		}
		switch d := distance([]rune(asked), runes[:n]); {
		case d > best:
		case d < best:
			best, out = d, []string{c}
		default:
			out = append(out, c)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), alternatives)]
}
