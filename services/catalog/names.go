package catalog

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// nameOf is a brand, a tag, an attribute, or an option of an attribute, which has a value.
type nameOf struct{ id, value string }

// localNames is what things are called in other languages.
type localNames map[nameOf][]*catalogv1.LocalName

// learn takes in what is appended to documents.
func (n localNames) learn(all []*catalogv1.LocalNames) {
	for _, one := range all {
		n[nameOf{one.GetId(), one.GetValue()}] = one.GetNames()
	}
}

// first is the text of a thing in the language wanted most that has it; nil when none has.
func (n localNames) first(of nameOf, locales []string, text func(l *catalogv1.LocalName) *string) *string {
	known := n[of]
	if len(known) == 0 {
		return nil
	}
	for _, locale := range locales {
		for _, l := range known {
			if t := text(l); t != nil && l.GetLocale() == locale {
				return t
			}
		}
	}
	return nil
}

func (n localNames) name(of nameOf, locales []string, own string) string {
	return orOwn(n.first(of, locales, func(l *catalogv1.LocalName) *string { return l.Name }), own)
}

func (n localNames) slug(of nameOf, locales []string, own string) string {
	return orOwn(n.first(of, locales, func(l *catalogv1.LocalName) *string { return l.Slug }), own)
}

func orOwn(text *string, own string) string {
	if text == nil {
		return own
	}
	return *text
}

// localizeNames calls a product's brand, tags, attributes and options what they are called in languages, the one wanted
// most first. It changes p, which must be the caller's own.
func localizeNames(p *catalogv1.Product, names localNames, locales []string) {
	if len(names) == 0 || len(locales) == 0 {
		return
	}
	if b := p.GetBrand(); b != nil {
		of := nameOf{id: b.GetId()}
		b.Name, b.Slug = names.name(of, locales, b.GetName()), names.slug(of, locales, b.GetSlug())
	}
	for _, t := range p.GetTags() {
		of := nameOf{id: t.GetId()}
		t.Name, t.Slug = names.name(of, locales, t.GetName()), names.slug(of, locales, t.GetSlug())
	}
	localizeValues(p.GetAttributes(), names, locales)
	for _, v := range p.GetVariants() {
		localizeValues(v.GetAttributes(), names, locales)
	}
}

func localizeValues(values []*catalogv1.AttributeValue, names localNames, locales []string) {
	for _, v := range values {
		of := nameOf{id: v.GetAttributeId()}
		v.Name = names.name(of, locales, v.GetName())
		if unit := names.first(of, locales, func(l *catalogv1.LocalName) *string { return l.Unit }); unit != nil && v.Unit != nil {
			v.Unit = proto.String(*unit)
		}
		for i := range v.GetLabels() {
			of.value = v.GetValues()[i]
			v.Labels[i] = names.name(of, locales, v.GetLabels()[i])
		}
	}
}

// namesRef is what a thing is called in all languages as it is appended to documents; empty when it is called nothing.
func namesRef(of nameOf, all []*catalogv1.LocalName) ([]byte, error) {
	all = slices.DeleteFunc(all, func(l *catalogv1.LocalName) bool { return l.Name == nil && l.Slug == nil && l.Unit == nil })
	if len(all) == 0 {
		return []byte{}, nil
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(&catalogv1.Product{LocalNames: []*catalogv1.LocalNames{{Id: of.id, Value: of.value, Names: all}}})
}

// taxonNamesRef is namesRef of a brand or a tag.
func taxonNamesRef(which id.ID, translations []*catalogv1.TaxonTranslation) ([]byte, error) {
	var all []*catalogv1.LocalName
	for _, t := range translations {
		all = append(all, &catalogv1.LocalName{Locale: t.GetLocale(), Name: t.Name, Slug: t.Slug}) // absent is not empty
	}
	return namesRef(nameOf{id: which.String()}, all)
}

// attributeNamesRefs is namesRef of an attribute, and of each of its options by value.
func attributeNamesRefs(a *attribute, translations []*catalogv1.AttributeTranslation) (own []byte, options map[string][]byte, err error) {
	var all []*catalogv1.LocalName
	labels := map[string][]*catalogv1.LocalName{}
	for _, t := range translations {
		all = append(all, &catalogv1.LocalName{Locale: t.GetLocale(), Name: t.Name, Unit: t.Unit}) // absent is not empty
		for value, label := range t.GetOptions() {
			labels[value] = append(labels[value], &catalogv1.LocalName{Locale: t.GetLocale(), Name: proto.String(label)})
		}
	}
	if own, err = namesRef(nameOf{id: a.id.String()}, all); err != nil {
		return nil, nil, err
	}
	options = make(map[string][]byte, len(a.options))
	for _, o := range a.options {
		if options[o.value], err = namesRef(nameOf{a.id.String(), o.value}, labels[o.value]); err != nil {
			return nil, nil, err
		}
	}
	return own, options, nil
}

// checkTranslation refuses what does not belong to the attribute.
func (a *attribute) checkTranslation(t *catalogv1.AttributeTranslation) error {
	if t.Name != nil {
		if err := checkTitle("name", t.GetName()); err != nil {
			return err
		}
	}
	if t.Unit != nil {
		if a.unit == nil {
			return ErrAttributeInvalid.WithField("unit", "not_allowed", "The attribute has no unit.")
		}
		if err := checkTitle("unit", t.GetUnit()); err != nil {
			return err
		}
	}
	for _, value := range slices.Sorted(maps.Keys(t.GetOptions())) {
		at := "options." + cutRunes(value, maxOptionValue)
		if !a.offers(value) {
			return ErrAttributeInvalid.WithField(at, "unknown", "The attribute has no such option.")
		}
		if err := checkTitle(at, t.GetOptions()[value]); err != nil {
			return err
		}
	}
	return nil
}

// forget takes what options are called that the attribute has no more, and the unit that it has no more, out of a
// translation, and says whether there was any of it.
func (a *attribute) forget(t *catalogv1.AttributeTranslation) (changed bool) {
	for value := range t.GetOptions() {
		if !a.offers(value) {
			delete(t.GetOptions(), value)
			changed = true
		}
	}
	if t.Unit != nil && a.unit == nil {
		t.Unit, changed = nil, true
	}
	return changed
}
