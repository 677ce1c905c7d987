package catalog

import (
	"maps"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// renamed is a name, and what it was until now; empty: the same, or there was none.
type renamed struct{ name, was string }

// from is the name it is looked up by among those there were.
func (r renamed) from() string {
	if r.was != "" {
		return r.was
	}
	return r.name
}

// statedOption is an option as a caller states it.
type statedOption struct {
	renamed

	values []renamed
}

// optionNames are the names and values of options that stay, by what they were.
type optionNames map[string]keptOption

type keptOption struct {
	name   string
	values map[string]string
}

// setOptions replaces the options: it renames, orders, adds and takes away. Variants follow; what one of them has cannot be
// taken away. Those that were archived lose what goes.
func (p *product) setOptions(stated []statedOption) (optionNames, error) {
	kept := optionNames{}
	options := make([]option, len(stated))
	for i, s := range stated {
		at := indexed("options", i)
		old := slices.IndexFunc(p.options, func(o option) bool { return o.name == s.from() })
		var had []string
		switch {
		case old >= 0:
			if _, twice := kept[s.from()]; twice {
				return nil, ErrOptionInvalid.WithField(at+".was", "duplicate", "Another option was this one.")
			}
			had = p.options[old].values
		case s.was != "":
			return nil, ErrOptionInvalid.WithField(at+".was", "unknown", "The product has no such option.")
		}
		values := map[string]string{}
		options[i].name = s.name
		for j, v := range s.values {
			options[i].values = append(options[i].values, v.name)
			known := slices.Contains(had, v.from())
			if _, twice := values[v.from()]; known && twice {
				return nil, ErrOptionInvalid.WithField(indexed(at+".values", j)+".was", "duplicate", "Another value was this one.")
			}
			if !known && v.was != "" {
				return nil, ErrOptionInvalid.WithField(indexed(at+".values", j)+".was", "unknown", "The option has no such value.")
			}
			if known {
				values[v.from()] = v.name
			}
		}
		if old >= 0 {
			kept[s.from()] = keptOption{s.name, values}
		}
	}
	if err := checkOptions(options); err != nil {
		return nil, err
	}
	before := product{options: p.options}
	p.options = options
	for i := range p.variants {
		v := &p.variants[i]
		was := v.options
		v.options = make(map[string]string, len(was))
		for _, name := range slices.Sorted(maps.Keys(was)) {
			o := kept[name]
			value, stays := o.values[was[name]]
			switch {
			case stays:
				v.options[o.name] = value
			case !v.archived:
				return nil, ErrOptionInUse.WithField("options", "in_use", "A variant has "+name+" "+was[name]+".").WithObject(map[string]any{"variantId": v.id.String(), "sku": v.sku})
			}
		}
		if !v.archived && v.title == before.variantTitle(was) {
			v.title = p.variantTitle(v.options)
		}
	}
	return kept, nil
}

// translate lets a translation of the product follow its options, and reports whether it had to.
func (n optionNames) translate(t *catalogv1.ProductTranslation) (changed bool) {
	var options []*catalogv1.OptionTranslation
	for _, o := range t.GetOptions() {
		kept, stays := n[o.GetName()]
		if !stays {
			changed = true
			continue
		}
		values := map[string]string{}
		for value, shown := range o.GetValues() {
			now, has := kept.values[value]
			if has {
				values[now] = shown
			}
			changed = changed || now != value
		}
		changed = changed || kept.name != o.GetName()
		o.Name, o.Values = kept.name, values
		if o.Translation != nil || len(values) > 0 {
			options = append(options, o)
		}
	}
	t.Options = options
	return changed
}
