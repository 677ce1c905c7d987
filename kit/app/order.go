package app

import (
	"fmt"
	"slices"
	"strings"
)

// order sorts parts so that each comes after what it needs, and otherwise leaves them as they were added.
func order(parts []Part) ([]Part, error) {
	index := map[string]int{}
	for i, p := range parts {
		if _, taken := index[p.Name]; taken || p.Name == "" {
			return nil, fmt.Errorf("the parts of an app need names of their own, and %q is not one", p.Name)
		}
		index[p.Name] = i
	}
	var (
		sorted []Part
		placed = make([]bool, len(parts))
		path   []string // the chain of needs being followed
		place  func(i int) error
	)
	place = func(i int) error {
		p := parts[i]
		if at := slices.Index(path, p.Name); at >= 0 {
			return fmt.Errorf("parts need each other in a circle: %s", strings.Join(append(path[at:], p.Name), " → "))
		}
		if placed[i] {
			return nil
		}
		path = append(path, p.Name)
		for _, need := range p.Needs {
			j, known := index[need]
			if !known {
				return fmt.Errorf("%s needs %s, which is not part of the app", p.Name, need)
			}
			if err := place(j); err != nil {
				return err
			}
		}
		path = path[:len(path)-1]
		placed[i] = true
		sorted = append(sorted, p)
		return nil
	}
	for i := range parts {
		if err := place(i); err != nil {
			return nil, err
		}
	}
	return sorted, nil
}
