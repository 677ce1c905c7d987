package catalog

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// library is what of the texts in other languages a chunk of an import has to know.
type library struct {
	speaks *catalogv1.Locales // the languages of the shop, with those that are new
	added  bool
	taken  map[textSlug]id.ID // which product a slug leads to in a language
	own    map[string]id.ID   // which product has it as its own
}

type textSlug struct{ locale, slug string }

func newLibrary() library { return library{taken: map[textSlug]id.ID{}, own: map[string]id.ID{}} }

// leadsElsewhere reports whether a slug leads to another product in a language.
func (l *library) leadsElsewhere(locale, slug string, p id.ID) bool {
	if of, ok := l.taken[textSlug{locale, slug}]; ok && of != p {
		return true
	}
	of, ok := l.own[slug]
	return ok && of != p
}

// textSlugs are the slugs that the texts of wishes could get.
func textSlugs(wishes []*wish) (slugs []string) {
	for _, w := range wishes {
		for _, t := range w.texts {
			switch {
			case t.line == nil:
			case t.line.Slug != nil:
				if slug, err := parseSlug(*t.line.Slug); err == nil {
					slugs = append(slugs, slug)
				}
			case t.line.Title != nil && slugify(*t.line.Title) != "":
				slugs = append(slugs, slugChoices(makeSlug(*t.line.Title, id.ID{}))...)
			}
		}
	}
	slices.Sort(slugs)
	return slices.Compact(slugs)
}

// written are the texts that a wish changes, by language; nil is taken away.
type written map[string]*catalogv1.ProductTranslation

// texts decides what becomes of the texts in other languages. What it decides takes effect with keep.
func (c *changing) texts(have written) (changed written) {
	changed = written{}
	speaks := c.library.speaks
	for _, want := range c.w.texts {
		where := "translations." + clip(want.locale)
		code, ok := localeCode(want.locale)
		switch {
		case !ok:
			c.complain(c.w.row, where, ErrLocaleInvalid.WithField(where, "invalid", "It is not a language tag such as de or pt-BR."))
			continue
		case code == speaks.GetDefaultLocale():
			c.complain(c.w.row, where, ErrLocaleInvalid.WithField(where, "default", "This is the shop's own language: change the texts themselves."))
			continue
		case changed[code] != nil:
			c.complain(c.w.row, where, ErrLocaleInvalid.WithField(where, "duplicate", "The language is named twice."))
			continue
		}
		was := have[code]
		if want.line == nil {
			if was != nil {
				changed[code] = nil
			}
			continue
		}
		t, err := c.translated(want.line, code, was)
		if err != nil {
			c.complain(c.w.row, where, err)
			continue
		}
		if with, _ := withLocale(speaks, code); len(with.GetLocales()) > maxLocales {
			c.complain(c.w.row, where, ErrTooMany.WithField(where, "too_many", "A shop speaks at most 100 languages."))
			continue
		}
		if !sameTexts(t, was) {
			t.UpdatedAt = timestamppb.New(c.at)
			changed[code] = t
		}
	}
	return changed
}

// translated is the line as the texts of the product in a language.
func (c *changing) translated(line *textsLine, code string, was *catalogv1.ProductTranslation) (*catalogv1.ProductTranslation, error) {
	t, missing := line.toProto(code, c.p)
	if t == nil {
		return nil, ErrVariantNotFound.WithMessage("The product has no variant with the SKU %s.", clip(missing))
	}
	if err := c.rules.Check(t); err != nil {
		return nil, err
	}
	if err := cleanTranslation(&t.Locale, &t.Slug); err != nil {
		return nil, err
	}
	if err := c.p.checkTranslation(t); err != nil {
		return nil, err
	}
	switch {
	case t.Slug != nil:
		if c.library.leadsElsewhere(code, t.GetSlug(), c.p.id) {
			return nil, ErrSlugTaken
		}
	case was.GetSlug() != "":
		t.Slug = proto.String(was.GetSlug())
	case t.Title != nil && slugify(t.GetTitle()) != "":
		choices := slugChoices(makeSlug(t.GetTitle(), c.p.id))
		var taken []string
		for _, slug := range choices {
			if c.library.leadsElsewhere(code, slug, c.p.id) {
				taken = append(taken, slug)
			}
		}
		t.Slug = proto.String(firstFree(choices, taken))
	}
	if proto.Size(t) > maxDocument-64 { // and when it was written
		return nil, ErrProductTooLarge
	}
	return t, nil
}

// keep takes texts into what the chunk knows.
func (s *shelf) keep(h *shelved, changed written) {
	for code, t := range changed {
		if h.texts == nil {
			h.texts = written{}
		}
		if h.rewritten == nil {
			h.rewritten = written{}
		}
		h.texts[code], h.rewritten[code] = t, t
		if t == nil {
			delete(h.texts, code)
			continue
		}
		if t.Slug != nil {
			s.library.taken[textSlug{code, t.GetSlug()}] = h.p.id
		}
		with, added := withLocale(s.library.speaks, code)
		s.library.speaks, s.library.added = with, s.library.added || added
	}
}
