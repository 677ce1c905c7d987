package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	maxAttributes       = 1000 // of a shop
	maxAttributeValues  = 100  // of a product or variant
	maxAttributeText    = 2000 // characters of a value
	maxAttributeOptions = 500
	maxOptionValue      = 100 // characters
	maxChosen           = 100 // values of a multiselect
	maxUnit             = 32

	// maxInteger is the largest whole number every reader of JSON keeps exactly.
	maxInteger = 1<<53 - 1
	// A number has at most so many digits, which a reader with doubles keeps exactly.
	maxNumberWhole = 9
	maxNumberFrac  = 6
	// maxTextKey is how many bytes of a folded text an index holds.
	maxTextKey = 400
)

// attributeType says what the values of an attribute are.
type attributeType string

const (
	attributeText        attributeType = "text"
	attributeNumber      attributeType = "number"
	attributeInteger     attributeType = "integer"
	attributeBoolean     attributeType = "boolean"
	attributeDate        attributeType = "date"
	attributeSelect      attributeType = "select"
	attributeMultiselect attributeType = "multiselect"
)

// choice reports whether the values are chosen from options.
func (t attributeType) choice() bool { return t == attributeSelect || t == attributeMultiselect }

// attribute is a fact the shop defines itself. Its code never changes: filters, imports and integrations name it.
type attribute struct {
	id         id.ID
	code       string
	name       string
	typ        attributeType
	unit       *string
	filterable bool
	shown      bool
	options    []attributeOption // in order; of selects only
	version    int64
	createdAt  time.Time
	updatedAt  time.Time
}

// attributeOption is one value a select offers.
type attributeOption struct {
	value string
	label string
}

// attributePatch changes an attribute; nil leaves.
type attributePatch struct {
	name       *string
	typ        attributeType // empty leaves
	unit       textPatch
	filterable *bool
	shown      *bool
	options    []attributeOption
	reoptions  bool // options replaces them
}

func attributeCode() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`) }

// check is the condition of an attribute being one that values can have.
func (a *attribute) check() error {
	if !attributeCode().MatchString(a.code) || len(a.code) > 64 {
		return ErrAttributeInvalid.WithField("code", "malformed", "A code is lower snake case, such as shoe_size, of at most 64 characters.")
	}
	if err := checkTitle("name", a.name); err != nil {
		return err
	}
	if a.unit != nil && (strings.TrimSpace(*a.unit) == "" || utf8.RuneCountInString(*a.unit) > maxUnit) {
		return ErrAttributeInvalid.WithField("unit", "invalid", "A unit has 1 to 32 characters.")
	}
	if !a.typ.choice() {
		if len(a.options) > 0 {
			return ErrAttributeInvalid.WithField("options", "not_allowed", "Only a select or a multiselect has options.")
		}
		return nil
	}
	if len(a.options) == 0 {
		return ErrAttributeInvalid.WithField("options", "required", "A select needs at least one option.")
	}
	if len(a.options) > maxAttributeOptions {
		return ErrAttributeInvalid.WithField("options", "too_many", "An attribute has at most 500 options.")
	}
	seen := map[string]bool{}
	for i, o := range a.options {
		switch {
		case strings.TrimSpace(o.value) == "" || utf8.RuneCountInString(o.value) > maxOptionValue || strings.Contains(o.value, ","):
			return ErrAttributeInvalid.WithField(indexed("options", i)+".value", "invalid", "The value of an option has 1 to 100 characters and no comma.")
		case seen[o.value]:
			return ErrAttributeInvalid.WithField(indexed("options", i)+".value", "duplicate", "Two options have the same value.")
		case strings.TrimSpace(o.label) == "":
			return ErrAttributeInvalid.WithField(indexed("options", i)+".label", "required", "It must not be empty.")
		}
		seen[o.value] = true
	}
	return nil
}

// change applies a patch and reports whether anything is different. used is how many products have a value.
func (a *attribute) change(patch attributePatch, used int64) (bool, error) {
	before := *a
	if patch.name != nil {
		a.name = *patch.name
	}
	patch.unit.apply(&a.unit)
	if patch.filterable != nil {
		a.filterable = *patch.filterable
	}
	if patch.shown != nil {
		a.shown = *patch.shown
	}
	if patch.reoptions {
		a.options = patch.options
	}
	if patch.typ != "" && patch.typ != a.typ {
		if used > 0 {
			return false, attributeInUse(used)
		}
		a.typ = patch.typ
		if !a.typ.choice() && !patch.reoptions {
			a.options = nil
		}
	}
	different := a.name != before.name || a.typ != before.typ || !sameText(a.unit, before.unit) || a.filterable != before.filterable ||
		a.shown != before.shown || !slices.Equal(a.options, before.options)
	return different, a.check()
}

// attributeInUse says that products stand in the way of a change.
func attributeInUse(products int64) error {
	return ErrAttributeInUse.WithObject(map[string]any{"products": products})
}

// attributeValue is what an attribute is for one product or variant. Values are canonical, see parseAttribute.
type attributeValue struct {
	attribute id.ID
	typ       attributeType
	values    []string // one, but for a multiselect
}

// attributeInput is what a caller asks an attribute to be; value is a string, number, bool, []string or nil, which
// clears.
type attributeInput struct {
	code  string
	value any
}

// numeral is a decimal on its way from JSON, told apart from a text.
type numeral string

// setAttributes applies changes to the values of a product or variant; those not named stay. known are the attributes
// the inputs name, by code. The result is sorted and shares nothing with current.
func setAttributes(field string, current []attributeValue, inputs []attributeInput, known map[string]*attribute) ([]attributeValue, error) {
	if len(inputs) == 0 {
		return current, nil
	}
	out := slices.Clone(current)
	for _, in := range inputs {
		at := join(field, "attributes") + "." + in.code
		a := known[in.code]
		if a == nil {
			return nil, ErrAttributeValue.WithField(at, "unknown", "There is no such attribute.")
		}
		out = slices.DeleteFunc(out, func(v attributeValue) bool { return v.attribute == a.id })
		if in.value == nil {
			continue
		}
		values, code, message := a.read(in.value)
		if code != "" {
			return nil, ErrAttributeValue.WithField(at, code, message)
		}
		out = append(out, attributeValue{a.id, a.typ, values})
	}
	if len(out) > maxAttributeValues {
		return nil, ErrTooMany.WithField(join(field, "attributes"), "too_many", "A product or variant has at most 100 attributes.")
	}
	slices.SortFunc(out, func(a, b attributeValue) int { return compareIDs(a.attribute, b.attribute) })
	return slices.Clip(out), nil
}

// read checks a value against the type and makes it canonical; code and message say what is wrong with it.
func (a *attribute) read(value any) (values []string, code, message string) {
	switch v := value.(type) {
	case bool:
		if a.typ == attributeBoolean {
			return []string{strconv.FormatBool(v)}, "", ""
		}
	case numeral:
		switch a.typ {
		case attributeNumber:
			if n, ok := canonicalNumber(string(v)); ok {
				return []string{n}, "", ""
			}
			return nil, "out_of_range", "A number has at most 9 digits before and 6 after the point."
		case attributeInteger:
			if n, ok := canonicalInteger(string(v)); ok {
				return []string{n}, "", ""
			}
			return nil, "not_an_integer", "A whole number up to 9007199254740991 is wanted."
		default: // the wrong type, see below
		}
	case string:
		switch a.typ {
		case attributeText:
			if strings.TrimSpace(v) == "" || utf8.RuneCountInString(v) > maxAttributeText {
				return nil, "invalid", "A text has 1 to 2000 characters."
			}
			return []string{v}, "", ""
		case attributeDate:
			if !isDate(v) {
				return nil, "malformed", "A date is written like 2026-01-31."
			}
			return []string{v}, "", ""
		case attributeSelect:
			if !a.offers(v) {
				return nil, "not_allowed", "The attribute has no such option."
			}
			return []string{v}, "", ""
		default: // the wrong type, see below
		}
	case []string:
		if a.typ != attributeMultiselect {
			break
		}
		if len(v) == 0 || len(v) > maxChosen {
			return nil, "invalid", "1 to 100 options are chosen, or null for none."
		}
		// In the order of the options, so that the same choice is the same value.
		for _, o := range a.options {
			if slices.Contains(v, o.value) {
				values = append(values, o.value)
			}
		}
		for i, one := range v {
			if !a.offers(one) {
				return nil, "not_allowed", fmt.Sprintf("The attribute has no option %q.", cutRunes(one, maxOptionValue))
			}
			if slices.Contains(v[:i], one) {
				return nil, "duplicate", "An option is chosen twice."
			}
		}
		return values, "", ""
	}
	return nil, "wrong_type", "The attribute wants " + a.typ.wants() + "."
}

// wants names the JSON a type is written in.
func (t attributeType) wants() string {
	switch t {
	case attributeNumber:
		return "a number"
	case attributeInteger:
		return "a whole number"
	case attributeBoolean:
		return "true or false"
	case attributeDate:
		return "a date such as 2026-01-31"
	case attributeMultiselect:
		return "a list of options"
	case attributeSelect:
		return "one of its options"
	case attributeText:
	}
	return "a text"
}

func (a *attribute) offers(value string) bool {
	return slices.ContainsFunc(a.options, func(o attributeOption) bool { return o.value == value })
}

// canonicalNumber brings a decimal into one form: no sign for zero, no zeros that say nothing.
func canonicalNumber(s string) (string, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, pointed := strings.Cut(digits, ".")
	if whole == "" || pointed && frac == "" || strings.Trim(whole+frac, "0123456789") != "" {
		return "", false
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if len(whole) > maxNumberWhole || len(frac) > maxNumberFrac {
		return "", false
	}
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	if negative && whole != "0" {
		whole = "-" + whole
	}
	return whole, true
}

func canonicalInteger(s string) (string, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > maxInteger || n < -maxInteger {
		return "", false
	}
	return strconv.FormatInt(n, 10), true
}

// isDate accepts days of the years 1 to 9999 only in the form 2026-01-31.
func isDate(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1
}

// textKey is a text as it is compared and indexed: folded, and cut where an index would refuse it, with a sum of the
// whole so that two texts that begin alike stay apart.
func textKey(s string) string {
	key := fold(s)
	if len(key) <= maxTextKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return cut(key, maxTextKey) + "\x1f" + hex.EncodeToString(sum[:16])
}

// attributeFilter narrows a list by one attribute.
type attributeFilter struct {
	code     string
	values   []string // any of them
	min, max *string
}

// wrong is what is wrong with a filter once the attribute is known, which is nil when there is none; empty is nothing.
func (f attributeFilter) wrong(a *attribute) (parameter, code, message string) {
	parameter = "attr." + f.code
	if a == nil || !a.filterable {
		if f.values == nil && f.min != nil {
			parameter += ".min"
		} else if f.values == nil {
			parameter += ".max"
		}
		return parameter, "unknown_parameter", "There is no attribute of this code to filter by."
	}
	for _, v := range f.values {
		if !a.typ.reads(v) {
			return parameter, "wrong_type", "The attribute wants " + strings.TrimPrefix(a.typ.wants(), "a list of ") + "."
		}
		if a.typ.choice() && !a.offers(v) {
			return parameter, "not_allowed", "The attribute has no such option."
		}
	}
	for _, bound := range []struct {
		name  string
		value *string
	}{{".min", f.min}, {".max", f.max}} {
		if bound.value == nil {
			continue
		}
		switch a.typ {
		case attributeNumber, attributeInteger, attributeDate:
			if !a.typ.reads(*bound.value) {
				return parameter + bound.name, "wrong_type", "The attribute wants " + a.typ.wants() + "."
			}
		case attributeText, attributeBoolean, attributeSelect, attributeMultiselect:
			return parameter + bound.name, "not_allowed", "Only numbers and dates have a range."
		}
	}
	return "", "", ""
}

// reads reports whether a text of a query can be a value of the type.
func (t attributeType) reads(text string) bool {
	var ok bool
	switch t {
	case attributeNumber:
		_, ok = canonicalNumber(text)
	case attributeInteger:
		_, ok = canonicalInteger(text)
	case attributeBoolean:
		ok = text == "true" || text == "false"
	case attributeDate:
		ok = isDate(text)
	case attributeText, attributeSelect, attributeMultiselect:
		ok = text != ""
	}
	return ok
}

// sortFilters gives filters one order, so that the same question is the same statement.
func sortFilters(filters []attributeFilter) {
	slices.SortFunc(filters, func(a, b attributeFilter) int { return cmp.Compare(a.code, b.code) })
}
