package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	keyRunes     = 8 // letters of a word that its keys are made of
	alternatives = 6 // words that one mistyped word may stand for
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

// closest returns the candidates with the fewest mistakes, if they are few enough, the closest first. Words are compared in
// their forms, the one that stands in a text first; what is close in another form only is a little farther away.
func closest(forms []string, candidates []string, formsOf func(string) []string) []string {
	type near struct {
		word  string
		least int
	}
	var all []near
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
		if least >= 0 {
			all = append(all, near{c, least})
		}
	}
	slices.SortFunc(all, func(a, b near) int { return cmp.Or(cmp.Compare(a.least, b.least), cmp.Compare(a.word, b.word)) })
	all = slices.Compact(all)
	var out []string
	for _, n := range all {
		if n.least <= all[0].least+1 && len(out) < alternatives {
			out = append(out, n.word)
		}
	}
	return out
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

// Compounds are looked up by the word they begin or end with, also with one mistake in it: by their first and last letters,
// so many of them, with one left out.
const (
	shortestPart = 5
	longestPart  = 8
)

// partKeys are the beginnings and ends of a compound with up to one letter left out.
func partKeys(compound string) []string {
	r := []rune(compound)
	if len(r) < shortestPart+leastHead || tolerance(compound) == 0 {
		return nil
	}
	var keys []string
	for n := shortestPart; n <= longestPart && n+leastHead <= len(r); n++ {
		keys = append(keys, oneLess("<", r[:n])...)
		keys = append(keys, oneLess(">", r[len(r)-n:])...)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// leastHead is how many letters a compound has besides the word it begins or ends with.
const leastHead = 3

// partOf are the keys under which compounds with a mistyped word are found.
func partOf(asked string) []string {
	r := []rune(asked)
	if len(r) < shortestPart || tolerance(asked) == 0 {
		return nil
	}
	n := min(len(r), longestPart)
	keys := append(oneLess("<", r[:n]), oneLess(">", r[len(r)-n:])...)
	slices.Sort(keys)
	return slices.Compact(keys)
}

func oneLess(mark string, r []rune) []string {
	out := []string{mark + string(r)}
	for i := range r {
		out = append(out, mark+string(r[:i])+string(r[i+1:]))
	}
	return out
}

// closestPart returns the beginnings or ends of compounds that a mistyped word may be meant to be, with one mistake.
func closestPart(asked string, compounds []string) []string {
	n := utf8.RuneCountInString(asked)
	best := 2
	var out []string
	for _, c := range compounds {
		r := []rune(c)
		for m := max(n-1, shortestPart-1); m <= n+1 && m+leastHead <= len(r); m++ {
			for _, part := range [][]rune{r[:m], r[len(r)-m:]} {
				d := distance([]rune(asked), part)
				if d == 0 || d > best || d > 1 {
					continue
				}
				if d < best {
					best, out = d, nil
				}
				out = append(out, string(part))
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { // of the same length as what was typed first
		x, y := utf8.RuneCountInString(a)-n, utf8.RuneCountInString(b)-n
		return cmp.Or(cmp.Compare(x*x, y*y), cmp.Compare(a, b))
	})
	out = slices.Compact(out)
	return out[:min(len(out), alternatives)]
}
