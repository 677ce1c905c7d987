package config

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// fileSuffix on a secret's variable means: the value is the path of a file that holds the secret (Docker and Kubernetes secrets).
const fileSuffix = "_FILE"

// loadEnv applies the environment and refuses what has the prefix and is not known.
func loadEnv(fields []*field, o Options) (problems []error) {
	env := map[string]string{}
	for _, entry := range o.Environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			env[name] = value
		}
	}
	var known []string
	for _, f := range fields {
		known = append(known, f.names()...)
		if err := f.fromEnv(env); err != nil {
			problems = append(problems, err)
		}
	}
	for name, value := range env {
		if strings.HasPrefix(name, EnvPrefix) && !slices.Contains(known, name) && !allowed(name, o.Allow) {
			problems = append(problems, unknownVariable(name, value, known))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}

func (f *field) fromEnv(env map[string]string) error {
	value, set := env[f.env]
	file, fileSet := env[f.env+fileSuffix]
	switch {
	case f.secret && set && fileSet:
		return fmt.Errorf("%s and %s%s are both set; keep one", f.env, f.env, fileSuffix)
	case f.secret && fileSet:
		content, err := readFile(file)
		if err != nil {
			return fmt.Errorf("%s%s: %w", f.env, fileSuffix, err)
		}
		// Editors and `echo` end a file with a newline that is no part of the secret.
		value = strings.TrimRight(string(content), "\r\n")
		if value == "" {
			return fmt.Errorf("%s%s: %s is empty", f.env, fileSuffix, file)
		}
		if err := f.set(value); err != nil {
			return fmt.Errorf("%s%s: %w", f.env, fileSuffix, err)
		}
		f.source, f.origin = EnvFile, f.env+fileSuffix
	case set:
		if err := f.set(value); err != nil {
			return fmt.Errorf("%s: %w", f.env, err)
		}
		f.source, f.origin = Env, f.env
	}
	return nil
}

func unknownVariable(name, value string, known []string) error {
	if base, cut := strings.CutSuffix(name, fileSuffix); cut && slices.Contains(known, base) {
		return fmt.Errorf("%s: only secrets can be read from a file; set %s instead", name, base)
	}
	hint := didYouMean(name, known)
	if strings.HasPrefix(value, "tcp://") || strings.HasSuffix(name, "_SERVICE_HOST") || strings.Contains(name, "_SERVICE_PORT") {
		hint = "; Kubernetes injected it: set enableServiceLinks to false on the pod"
	}
	return fmt.Errorf("%s is not a known setting%s", name, hint)
}

func allowed(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		match, err := path.Match(pattern, name)
		return err == nil && match
	})
}

// didYouMean names the candidate nearest to what was typed, if one is near enough to be meant.
func didYouMean(typed string, candidates []string) string {
	typed = strings.TrimPrefix(typed, EnvPrefix) // shared by all, so it must not make two names look alike
	best, bestDistance := "", len(typed)/3+1
	for _, c := range candidates {
		if d := distance(typed, strings.TrimPrefix(c, EnvPrefix)); d < bestDistance || d == bestDistance && best == "" {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is the Levenshtein distance: insertions, deletions and replacements between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
