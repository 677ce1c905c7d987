package catalog

import (
	"context"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListTagTranslations reads what a tag is called in its languages.
func (s *Service) ListTagTranslations(ctx context.Context, req *catalogv1.ListTagTranslationsRequest) (*catalogv1.ListTagTranslationsResponse, error) {
	translations, info, version, err := s.taxonTranslations(ctx, tagTexts, req.GetTagId(), req.GetPage())
	return &catalogv1.ListTagTranslationsResponse{Translations: translations, Version: version, Page: info}, err
}

// ListBrandTranslations reads a brand's texts in its languages.
func (s *Service) ListBrandTranslations(ctx context.Context, req *catalogv1.ListBrandTranslationsRequest) (*catalogv1.ListBrandTranslationsResponse, error) {
	translations, info, version, err := s.taxonTranslations(ctx, brandTexts, req.GetBrandId(), req.GetPage())
	return &catalogv1.ListBrandTranslationsResponse{Translations: translations, Version: version, Page: info}, err
}

// SetTagTranslation replaces what a tag is called in one language. Without a slug it keeps the one it has, else makes one
// from the name.
func (s *Service) SetTagTranslation(ctx context.Context, req *catalogv1.SetTagTranslationRequest) (*catalogv1.SetTagTranslationResponse, error) {
	t, err := cleanTaxonTranslation(req, req.GetTranslation())
	if err == nil {
		err = onlyNames(t.TaxonTranslation)
	}
	if err != nil {
		return nil, err
	}
	one, err := s.changeTag(ctx, req.GetTagId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, one *tag) (bool, error) {
		return s.setNames(ctx, tx, tagTexts, one.id, t)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetTagTranslationResponse{Translation: t.TaxonTranslation, Version: one.version}, nil
}

// onlyNames refuses texts that a tag has not in any language.
func onlyNames(t *catalogv1.TaxonTranslation) error {
	for _, text := range []struct {
		field string
		has   bool
	}{{"description", t.Description != nil}, {"seoTitle", t.SeoTitle != nil}, {"seoDescription", t.SeoDescription != nil}} {
		if text.has {
			return ErrTextInvalid.WithField(text.field, "not_allowed", "A tag has a name and a slug only.")
		}
	}
	return nil
}

// SetBrandTranslation replaces a brand's texts in one language. Without a slug it keeps the one it has, else makes one from
// the name.
func (s *Service) SetBrandTranslation(ctx context.Context, req *catalogv1.SetBrandTranslationRequest) (*catalogv1.SetBrandTranslationResponse, error) {
	t, err := cleanTaxonTranslation(req, req.GetTranslation())
	if err != nil {
		return nil, err
	}
	b, err := s.changeBrand(ctx, req.GetBrandId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, b *brand) (bool, error) {
		return s.setNames(ctx, tx, brandTexts, b.id, t)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetBrandTranslationResponse{Translation: t.TaxonTranslation, Version: b.version}, nil
}

// setNames sets a translation of a brand or tag, and what the documents of its products call it.
func (s *Service) setNames(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, t taxonTranslation) (changed bool, err error) {
	if changed, err = s.setTaxonTranslation(ctx, tx, kind, which, t); err != nil || !changed {
		return false, err
	}
	return true, nameElsewhere(ctx, tx, kind, which)
}

// DeleteTagTranslation takes away what a tag is called in one language; what is not there is away already.
func (s *Service) DeleteTagTranslation(ctx context.Context, req *catalogv1.DeleteTagTranslationRequest) (*catalogv1.DeleteTagTranslationResponse, error) {
	code, ok := localeCode(req.GetLocale())
	if !ok {
		return nil, ErrTranslationNotFound
	}
	_, err := s.changeTag(ctx, req.GetTagId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, t *tag) (bool, error) {
		return dropNames(ctx, tx, tagTexts, t.id, code)
	})
	return &catalogv1.DeleteTagTranslationResponse{}, err
}

// DeleteBrandTranslation takes a brand's texts in one language away; what is not there is away already.
func (s *Service) DeleteBrandTranslation(ctx context.Context, req *catalogv1.DeleteBrandTranslationRequest) (*catalogv1.DeleteBrandTranslationResponse, error) {
	code, ok := localeCode(req.GetLocale())
	if !ok {
		return nil, ErrTranslationNotFound
	}
	_, err := s.changeBrand(ctx, req.GetBrandId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, b *brand) (bool, error) {
		return dropNames(ctx, tx, brandTexts, b.id, code)
	})
	return &catalogv1.DeleteBrandTranslationResponse{}, err
}

func dropNames(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, locale string) (had bool, err error) {
	if had, err = dropTranslation(ctx, tx, kind, which, locale); err != nil || !had {
		return false, err
	}
	return true, nameElsewhere(ctx, tx, kind, which)
}

// ListAttributeTranslations reads what an attribute and its options are called in all languages.
func (s *Service) ListAttributeTranslations(
	ctx context.Context, req *catalogv1.ListAttributeTranslationsRequest,
) (*catalogv1.ListAttributeTranslationsResponse, error) {
	which, err := id.Parse(req.GetAttributeId())
	if err != nil {
		return nil, ErrAttributeNotFound
	}
	version, docs, err := findTranslations(ctx, s.db, attributeTexts, which)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		return nil, ErrAttributeNotFound
	}
	all, err := parseAll[catalogv1.AttributeTranslation](docs)
	if err != nil {
		return nil, err
	}
	shown, info, err := pageOfTexts(all, page.FromProto(req.GetPage()))
	return &catalogv1.ListAttributeTranslationsResponse{Translations: shown, Version: version, Page: info}, err
}

// SetAttributeTranslation replaces what an attribute and its options are called in one language.
func (s *Service) SetAttributeTranslation(
	ctx context.Context, req *catalogv1.SetAttributeTranslationRequest,
) (*catalogv1.SetAttributeTranslationResponse, error) {
	which, err := id.Parse(req.GetAttributeId())
	if err != nil {
		return nil, ErrAttributeNotFound
	}
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	t := req.GetTranslation()
	var slug *string // attributes have none
	if err := cleanTranslation(&t.Locale, &slug); err != nil {
		return nil, err
	}
	var version int64
	err = s.changeAttribute(ctx, which, req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, a *attribute, _ int64) error {
		version = a.version
		if err := a.checkTranslation(t); err != nil {
			return err
		}
		if err := s.speak(ctx, tx, t.GetLocale()); err != nil {
			return err
		}
		was, err := loadTranslation[catalogv1.AttributeTranslation](ctx, tx, attributeTexts, which, t.GetLocale())
		if err != nil {
			return err
		}
		if t.UpdatedAt = was.GetUpdatedAt(); proto.Equal(t, was) {
			return nil
		}
		t.UpdatedAt = timestamppb.New(s.time())
		if err := putAttributeTranslation(&tx.Writes, which, t, s.time()); err != nil {
			return err
		}
		version++
		return s.saveAttributeNames(ctx, tx, a)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetAttributeTranslationResponse{Translation: t, Version: version}, nil
}

// DeleteAttributeTranslation takes away what an attribute is called in one language; what is not there is away already.
func (s *Service) DeleteAttributeTranslation(
	ctx context.Context, req *catalogv1.DeleteAttributeTranslationRequest,
) (*catalogv1.DeleteAttributeTranslationResponse, error) {
	which, err := id.Parse(req.GetAttributeId())
	if err != nil {
		return nil, ErrAttributeNotFound
	}
	code, ok := localeCode(req.GetLocale())
	if !ok {
		return nil, ErrTranslationNotFound
	}
	err = s.changeAttribute(ctx, which, req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, a *attribute, _ int64) error {
		had, err := dropTranslation(ctx, tx, attributeTexts, which, code)
		if err != nil || !had {
			return err
		}
		return s.saveAttributeNames(ctx, tx, a)
	})
	return &catalogv1.DeleteAttributeTranslationResponse{}, err
}

// saveAttributeNames counts and announces that an attribute is called something else in a language.
func (s *Service) saveAttributeNames(ctx context.Context, tx *pg.Tx, a *attribute) error {
	translations, err := loadTranslations[catalogv1.AttributeTranslation](ctx, tx, attributeTexts, a.id)
	if err != nil {
		return err
	}
	if err := nameAttributeElsewhere(&tx.Writes, a, translations); err != nil {
		return err
	}
	a.version++
	a.updatedAt = s.time()
	if err := updateAttribute(&tx.Writes, a, nil); err != nil {
		return err
	}
	return announceAttribute(ctx, &tx.Writes, a.id, a.version)
}
