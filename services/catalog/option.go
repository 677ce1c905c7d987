package catalog

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxOptions      = 5
	maxOptionValues = 200
	maxOptionText   = 255 // characters of a name or a value
)

// option is one axis a shopper chooses on, with its values in display order.
type option struct {
	name   string
	values []string
}

// checkOptions refuses options that no shopper could choose on.
func checkOptions(options []option) error {
	if len(options) > maxOptions {
		return ErrTooMany.WithField("options", "too_many", "A product has at most five options.")
	}
	seen := map[string]bool{}
	for i, o := range options {
		where := indexed("options", i)
		if err := checkOptionText(where+".name", o.name); err != nil {
			return err
		}
		if seen[fold(o.name)] {
			return ErrOptionInvalid.WithField(where+".name", "duplicate", "Two options have the same name.")
		}
		seen[fold(o.name)] = true
		if len(o.values) == 0 {
			return ErrOptionInvalid.WithField(where+".values", "required", "An option needs at least one value.")
		}
		if len(o.values) > maxOptionValues {
			return ErrTooMany.WithField(where+".values", "too_many", "An option has at most 200 values.")
		}
		for j, v := range o.values {
			if err := checkOptionText(indexed(where+".values", j), v); err != nil {
				return err
			}
			if slices.Contains(o.values[:j], v) {
				return ErrOptionInvalid.WithField(indexed(where+".values", j), "duplicate", "The option has this value twice.")
			}
		}
	}
	return nil
}

func checkOptionText(field, text string) error {
	if strings.TrimSpace(text) == "" || utf8.RuneCountInString(text) > maxOptionText {
		return ErrOptionInvalid.WithField(field, "invalid", "Names and values of options have 1 to 255 characters.")
	}
	return nil
}

// chosen checks the option values of a variant. With grow, values the product does not have yet are added, and a
// product without options gets those of its variants; this is how a size is added. An option may be left out: such a
// variant is told apart by its title.
func (p *product) chosen(field string, values map[string]string, grow bool) error {
	bare := len(p.options) == 0
	for _, name := range sortedKeys(values) {
		value := values[name]
		if err := checkOptionText(field+"."+name, value); err != nil {
			return err
		}
		i := slices.IndexFunc(p.options, func(o option) bool { return o.name == name })
		if i < 0 {
			if !grow || !bare {
				return ErrOptionInvalid.WithField(field+"."+name, "unknown", "The product has no such option.")
			}
			p.options = append(p.options, option{name: name})
			i = len(p.options) - 1
		}
		if slices.Contains(p.options[i].values, value) {
			continue
		}
		if !grow {
			return ErrOptionInvalid.WithField(field+"."+name, "unknown", "The option has no such value.")
		}
		p.options[i].values = append(slices.Clone(p.options[i].values), value)
	}
	return checkOptions(p.options)
}

// apart refuses a variant that has the values and the title of another: a shopper could mean either. Variants without options
// are the shop's own business, and one that was archived is not chosen any more.
func (p *product) apart(field string, v *variant) error {
	if p.mixed {
		return nil
	}
	if len(v.options) == 0 || len(v.options) == 1 && v.options[freeOption] != "" {
		return nil
	}
	for _, o := range p.variants {
		if !o.archived && o.id != v.id && o.title == v.title && maps.Equal(o.options, v.options) {
			return ErrOptionInvalid.WithField(field, "duplicate", "There is a variant with these values already. Give it others, or a title of its own.")
		}
	}
	return nil
}

// variantTitle names a combination: its values in the order of the product's options.
func (p *product) variantTitle(values map[string]string) string {
	var parts []string
	for _, o := range p.options {
		if v, ok := values[o.name]; ok {
			parts = append(parts, v)
		}
	}
	if len(parts) == 0 {
		return defaultTitle
	}
	return cutRunes(strings.Join(parts, " / "), maxTitle)
}

func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
