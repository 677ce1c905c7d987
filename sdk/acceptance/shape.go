package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// shapes are the documents of the contract by name, written as JSON whose leaves name a kind:
//
//	"uuid" "string" "text" (not empty) "int" "count" (≥ 0) "bool" "time" "currency" "country" "rate" "any"
//	"=value"     exactly that string
//	"a|b"        one of those strings
//	"@name"      the shape of that name
//	a "?" behind a kind or a name: or null
//	{"*": kind}  an object with any keys
//	[kind]       an array of any length
//
// An object must have exactly the keys of its shape.
type shapes map[string]any

// parseShapes reads shapes from their texts.
func parseShapes(texts map[string]string) (shapes, error) {
	out := shapes{}
	for name, text := range texts {
		var shape any
		if err := json.Unmarshal([]byte(text), &shape); err != nil {
			return nil, fmt.Errorf("shape %s: %w", name, err)
		}
		out[name] = shape
	}
	return out, nil
}

// match says where got differs from the shape.
func (s shapes) match(path string, shape, got any) []string {
	switch want := shape.(type) {
	case string:
		return s.matchLeaf(path, want, got)
	case []any:
		list, ok := got.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %s, want an array", path, show(got))}
		}
		var faults []string
		for i, item := range list {
			faults = append(faults, s.match(fmt.Sprintf("%s.%d", path, i), want[0], item)...)
		}
		return faults
	case map[string]any:
		return s.matchObject(path, want, got)
	default:
		return []string{fmt.Sprintf("%s: the shape %v is none", path, shape)}
	}
}

func (s shapes) matchObject(path string, want map[string]any, got any) []string {
	object, ok := got.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s is %s, want an object", path, show(got))}
	}
	if each, open := want["*"]; open {
		var faults []string
		for _, key := range slices.Sorted(maps.Keys(object)) {
			faults = append(faults, s.match(path+"."+key, each, object[key])...)
		}
		return faults
	}
	keys := slices.Sorted(maps.Keys(want))
	faults := sameKeys(path, object, keys)
	for _, key := range keys {
		if value, ok := object[key]; ok {
			faults = append(faults, s.match(path+"."+key, want[key], value)...)
		}
	}
	return faults
}

func (s shapes) matchLeaf(path, want string, got any) []string {
	kind, nullable := strings.CutSuffix(want, "?")
	if got == nil && nullable {
		return nil
	}
	if name, reference := strings.CutPrefix(kind, "@"); reference {
		shape, known := s[name]
		if !known {
			return []string{fmt.Sprintf("%s: there is no shape %q", path, name)}
		}
		return s.match(path, shape, got)
	}
	if !isKind(kind, got) {
		return []string{fmt.Sprintf("%s is %s, want %s", path, show(got), want)}
	}
	return nil
}

var (
	uuidText     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	timeText     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	currencyText = regexp.MustCompile(`^[A-Z]{3}$`)
	countryText  = regexp.MustCompile(`^[A-Z]{2}$`)
	rateText     = regexp.MustCompile(`^\d\.\d{4}$`)
	intText      = regexp.MustCompile(`^-?\d+$`)
)

func isKind(kind string, got any) bool {
	switch v := got.(type) {
	case bool:
		return kind == "bool" || kind == "any"
	case json.Number:
		return isNumberKind(kind, v.String())
	case string:
		return isTextKind(kind, v)
	default:
		return kind == "any"
	}
}

func isNumberKind(kind, v string) bool {
	switch kind {
	case "int":
		return intText.MatchString(v)
	case "count":
		return intText.MatchString(v) && v[0] != '-'
	default:
		return kind == "any"
	}
}

func isTextKind(kind, v string) bool {
	if exact, ok := strings.CutPrefix(kind, "="); ok {
		return v == exact
	}
	if strings.Contains(kind, "|") {
		return slices.Contains(strings.Split(kind, "|"), v)
	}
	switch kind {
	case "uuid":
		return uuidText.MatchString(v)
	case "time":
		return timeText.MatchString(v)
	case "currency":
		return currencyText.MatchString(v)
	case "country":
		return countryText.MatchString(v)
	case "rate":
		return rateText.MatchString(v)
	case "text":
		return strings.TrimSpace(v) != ""
	default:
		return kind == "string" || kind == "any"
	}
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return clip(b)
}
