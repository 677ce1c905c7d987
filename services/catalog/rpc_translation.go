package catalog

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

var _ catalogv1connect.TranslationServiceHandler = (*Service)(nil)

// GetLocales reads the languages the shop speaks.
func (s *Service) GetLocales(ctx context.Context, _ *catalogv1.GetLocalesRequest) (*catalogv1.GetLocalesResponse, error) {
	l, err := s.locales(ctx)
	return &catalogv1.GetLocalesResponse{Locales: l}, err
}

// GetShopLocales is GetLocales for those who answer shoppers.
func (s *Service) GetShopLocales(ctx context.Context, _ *catalogv1.GetShopLocalesRequest) (*catalogv1.GetShopLocalesResponse, error) {
	l, err := s.locales(ctx)
	return &catalogv1.GetShopLocalesResponse{Locales: l}, err
}

func (s *Service) locales(ctx context.Context) (*catalogv1.Locales, error) {
	return findLocales(func(build func(b *pg.Batch)) error { return s.db.Read(ctx, build) }, s.cfg.DefaultLocale, "")
}

// UpdateLocales replaces the languages the shop speaks. Translations into one that is left out stay and are not shown.
func (s *Service) UpdateLocales(ctx context.Context, req *catalogv1.UpdateLocalesRequest) (*catalogv1.UpdateLocalesResponse, error) {
	wanted, err := checkLocales(req.GetLocales())
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		have, err := s.lockLocales(ctx, tx)
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != have.GetVersion() {
			return ErrVersionConflict
		}
		if wanted.Version = have.GetVersion(); proto.Equal(wanted, have) {
			return nil
		}
		wanted.Version++
		return s.saveLocales(ctx, &tx.Writes, wanted)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateLocalesResponse{Locales: wanted}, nil
}

func (s *Service) lockLocales(ctx context.Context, tx *pg.Tx) (*catalogv1.Locales, error) {
	tx.Exec(lockLocalesSQL)
	return findLocales(func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) }, s.cfg.DefaultLocale, " for update")
}

func (s *Service) saveLocales(ctx context.Context, w *pg.Writes, l *catalogv1.Locales) error {
	if err := putLocales(w, l, s.time()); err != nil {
		return err
	}
	shop, _ := tenant.From(ctx)
	return announceLocales(ctx, w, shop, l)
}

// speak makes sure that the shop speaks a language it gets a text in.
func (s *Service) speak(ctx context.Context, tx *pg.Tx, code string) error {
	have, err := s.lockLocales(ctx, tx)
	if err != nil {
		return err
	}
	if code == have.GetDefaultLocale() {
		return ErrLocaleInvalid.WithField("locale", "default", "This is the shop's own language: change the texts themselves.")
	}
	with, added := withLocale(have, code)
	if !added {
		return nil
	}
	if len(with.GetLocales()) > maxLocales {
		return ErrTooMany.WithField("locale", "too_many", "A shop speaks at most 100 languages.")
	}
	with.Version++
	return s.saveLocales(ctx, &tx.Writes, with)
}

// ListProductTranslations reads a product's texts in its languages.
func (s *Service) ListProductTranslations(
	ctx context.Context, req *catalogv1.ListProductTranslationsRequest,
) (*catalogv1.ListProductTranslationsResponse, error) {
	which, err := id.Parse(req.GetProductId())
	if err != nil {
		return nil, ErrProductNotFound
	}
	version, docs, err := findTranslations(ctx, s.db, productTexts, which)
	if err != nil {
		return nil, err
	}
	if version == 0 {
		return nil, ErrProductNotFound
	}
	all, err := parseAll[catalogv1.ProductTranslation](docs)
	if err != nil {
		return nil, err
	}
	shown, info, err := pageOfTexts(all, page.FromProto(req.GetPage()))
	return &catalogv1.ListProductTranslationsResponse{Version: version, Translations: shown, Page: info}, err
}

// SetProductTranslation replaces a product's texts in one language. Without a slug it keeps the one it has, else makes
// one from the title.
func (s *Service) SetProductTranslation(
	ctx context.Context, req *catalogv1.SetProductTranslationRequest,
) (*catalogv1.SetProductTranslationResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	t := req.GetTranslation()
	if err := cleanTranslation(&t.Locale, &t.Slug); err != nil {
		return nil, err
	}
	chosen := t.Slug != nil
	p, err := s.changeProduct(ctx, req.GetProductId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		if err := p.checkTranslation(t); err != nil {
			return err
		}
		if err := s.speak(ctx, tx, t.GetLocale()); err != nil {
			return err
		}
		was, err := loadTranslation[catalogv1.ProductTranslation](ctx, tx, productTexts, p.id, t.GetLocale())
		if err != nil {
			return err
		}
		if !chosen {
			if t.Slug = was.Slug; t.Slug == nil && t.Title != nil { // absent is not empty
				if t.Slug, err = madeTranslatedSlug(ctx, tx, productTexts, p.id, t.GetLocale(), t.GetTitle()); err != nil {
					return err
				}
			}
		} else if err := slugIsFree(ctx, tx, productTexts, p.id, t.GetLocale(), t.GetSlug()); err != nil {
			return err
		}
		if t.UpdatedAt = was.GetUpdatedAt(); proto.Equal(t, was) {
			return nil
		}
		t.UpdatedAt = timestamppb.New(s.time())
		p.translated = true
		return putTranslation(&tx.Writes, productTexts, p.id, t.GetLocale(), t.Slug, fold(t.GetTitle()), t, s.time())
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetProductTranslationResponse{Translation: t, Version: p.GetVersion()}, nil
}

// DeleteProductTranslation takes a product's texts in one language away; what is not there is away already.
func (s *Service) DeleteProductTranslation(
	ctx context.Context, req *catalogv1.DeleteProductTranslationRequest,
) (*catalogv1.DeleteProductTranslationResponse, error) {
	code, ok := localeCode(req.GetLocale())
	if !ok {
		return nil, ErrTranslationNotFound
	}
	_, err := s.changeProduct(ctx, req.GetProductId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, p *product) error {
		had, err := dropTranslation(ctx, tx, productTexts, p.id, code)
		p.translated = had
		return err
	})
	return &catalogv1.DeleteProductTranslationResponse{}, err
}

// ListCategoryTranslations reads a category's texts in its languages.
func (s *Service) ListCategoryTranslations(
	ctx context.Context, req *catalogv1.ListCategoryTranslationsRequest,
) (*catalogv1.ListCategoryTranslationsResponse, error) {
	translations, info, version, err := s.taxonTranslations(ctx, categoryTexts, req.GetCategoryId(), req.GetPage())
	return &catalogv1.ListCategoryTranslationsResponse{Translations: translations, Version: version, Page: info}, err
}

// ListCollectionTranslations reads a collection's texts in its languages.
func (s *Service) ListCollectionTranslations(
	ctx context.Context, req *catalogv1.ListCollectionTranslationsRequest,
) (*catalogv1.ListCollectionTranslationsResponse, error) {
	translations, info, version, err := s.taxonTranslations(ctx, collectionTexts, req.GetCollectionId(), req.GetPage())
	return &catalogv1.ListCollectionTranslationsResponse{Translations: translations, Version: version, Page: info}, err
}

func (s *Service) taxonTranslations(
	ctx context.Context, kind translated, taxon string, asked *typev1.PageRequest,
) ([]*catalogv1.TaxonTranslation, *typev1.PageInfo, int64, error) {
	which, err := id.Parse(taxon)
	if err != nil {
		return nil, nil, 0, kind.notFound()
	}
	version, docs, err := findTranslations(ctx, s.db, kind, which)
	if err != nil {
		return nil, nil, 0, err
	}
	if version == 0 {
		return nil, nil, 0, kind.notFound()
	}
	all, err := parseAll[catalogv1.TaxonTranslation](docs)
	if err != nil {
		return nil, nil, 0, err
	}
	shown, info, err := pageOfTexts(all, page.FromProto(asked))
	return shown, info, version, err
}

// inLocale is what is said in one language.
type inLocale interface {
	proto.Message
	GetLocale() string
}

// pageOfTexts is a page of translations, by language.
func pageOfTexts[T inLocale](all []T, asked page.Request) ([]T, *typev1.PageInfo, error) {
	slices.SortFunc(all, func(a, b T) int { return strings.Compare(a.GetLocale(), b.GetLocale()) })
	start := min(asked.Offset(), len(all))
	if len(asked.After) > 0 {
		last, err := page.ParseKey(asked.After, 1)
		if err != nil {
			return nil, nil, err
		}
		for start < len(all) && all[start].GetLocale() <= last[0] {
			start++
		}
	}
	shown, more := page.Cut(all[start:], asked.Limit, sizeOf[T])
	var end []byte
	if more {
		end = page.Key(shown[len(shown)-1].GetLocale())
	}
	return shown, page.Info(int64(len(all)), more, end), nil
}

func (t translated) notFound() error {
	switch t {
	case categoryTexts:
		return ErrCategoryNotFound
	case collectionTexts:
		return ErrCollectionNotFound
	case brandTexts:
		return ErrBrandNotFound
	case tagTexts:
		return ErrTagNotFound
	case attributeTexts:
		return ErrAttributeNotFound
	case productTexts:
	}
	return ErrProductNotFound
}

// SetCategoryTranslation replaces a category's texts in one language. Without a slug it keeps the one it has, else makes
// one from the name.
func (s *Service) SetCategoryTranslation(
	ctx context.Context, req *catalogv1.SetCategoryTranslationRequest,
) (*catalogv1.SetCategoryTranslationResponse, error) {
	t, err := cleanTaxonTranslation(req, req.GetTranslation())
	if err != nil {
		return nil, err
	}
	version, err := s.changeCategoryTexts(ctx, req.GetCategoryId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, which id.ID) (bool, error) {
		return s.setTaxonTranslation(ctx, tx, categoryTexts, which, t)
	})
	return &catalogv1.SetCategoryTranslationResponse{Translation: t.TaxonTranslation, Version: version}, err
}

// SetCollectionTranslation replaces a collection's texts in one language. Without a slug it keeps the one it has, else
// makes one from the name.
func (s *Service) SetCollectionTranslation(
	ctx context.Context, req *catalogv1.SetCollectionTranslationRequest,
) (*catalogv1.SetCollectionTranslationResponse, error) {
	t, err := cleanTaxonTranslation(req, req.GetTranslation())
	if err != nil {
		return nil, err
	}
	c, err := s.changeCollection(ctx, req.GetCollectionId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, c *collection) (bool, error) {
		return s.setTaxonTranslation(ctx, tx, collectionTexts, c.id, t)
	})
	return &catalogv1.SetCollectionTranslationResponse{Translation: t.TaxonTranslation, Version: c.GetVersion()}, explain(err)
}

// taxonTranslation is one that is about to be set, and whether its slug was chosen by the caller.
type taxonTranslation struct {
	*catalogv1.TaxonTranslation

	chosen bool
}

func cleanTaxonTranslation(req proto.Message, t *catalogv1.TaxonTranslation) (taxonTranslation, error) {
	if err := storableRequest(req); err != nil {
		return taxonTranslation{}, err
	}
	if err := cleanTranslation(&t.Locale, &t.Slug); err != nil {
		return taxonTranslation{}, err
	}
	if t.Name != nil {
		if err := checkTitle("name", t.GetName()); err != nil {
			return taxonTranslation{}, err
		}
	}
	return taxonTranslation{t, t.Slug != nil}, nil
}

func (s *Service) setTaxonTranslation(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, t taxonTranslation) (changed bool, err error) {
	if err := s.speak(ctx, tx, t.GetLocale()); err != nil {
		return false, err
	}
	was, err := loadTranslation[catalogv1.TaxonTranslation](ctx, tx, kind, which, t.GetLocale())
	if err != nil {
		return false, err
	}
	if !t.chosen {
		if t.Slug = was.Slug; t.Slug == nil && t.Name != nil { // absent is not empty
			if t.Slug, err = madeTranslatedSlug(ctx, tx, kind, which, t.GetLocale(), t.GetName()); err != nil {
				return false, err
			}
		}
	} else if err := slugIsFree(ctx, tx, kind, which, t.GetLocale(), t.GetSlug()); err != nil {
		return false, err
	}
	t.Id = which.String()
	if t.UpdatedAt = was.GetUpdatedAt(); proto.Equal(t.TaxonTranslation, was) {
		return false, nil
	}
	t.UpdatedAt = timestamppb.New(s.time())
	return true, putTranslation(&tx.Writes, kind, which, t.GetLocale(), t.Slug, "", t.TaxonTranslation, s.time())
}

// DeleteCategoryTranslation takes a category's texts in one language away; what is not there is away already.
func (s *Service) DeleteCategoryTranslation(
	ctx context.Context, req *catalogv1.DeleteCategoryTranslationRequest,
) (*catalogv1.DeleteCategoryTranslationResponse, error) {
	code, ok := localeCode(req.GetLocale())
	if !ok {
		return nil, ErrTranslationNotFound
	}
	_, err := s.changeCategoryTexts(ctx, req.GetCategoryId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, which id.ID) (bool, error) {
		return dropTranslation(ctx, tx, categoryTexts, which, code)
	})
	return &catalogv1.DeleteCategoryTranslationResponse{}, err
}

// DeleteCollectionTranslation takes a collection's texts in one language away; what is not there is away already.
func (s *Service) DeleteCollectionTranslation(
	ctx context.Context, req *catalogv1.DeleteCollectionTranslationRequest,
) (*catalogv1.DeleteCollectionTranslationResponse, error) {
	code, ok := localeCode(req.GetLocale())
	if !ok {
		return nil, ErrTranslationNotFound
	}
	_, err := s.changeCollection(ctx, req.GetCollectionId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, c *collection) (bool, error) {
		return dropTranslation(ctx, tx, collectionTexts, c.id, code)
	})
	return &catalogv1.DeleteCollectionTranslationResponse{}, err
}

// changeCategoryTexts is the frame of a change of a category's translations: load it locked, decide and save, count and
// announce when something changed. It returns the version the category then has.
func (s *Service) changeCategoryTexts(ctx context.Context, category string, ifVersion int64,
	decide func(ctx context.Context, tx *pg.Tx, which id.ID) (changed bool, err error),
) (version int64, err error) {
	which, err := id.Parse(category)
	if err != nil {
		return 0, ErrCategoryNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		c, err := loadCategory(ctx, tx, which)
		if err != nil {
			return err
		}
		if c == nil {
			return ErrCategoryNotFound
		}
		if ifVersion != 0 && ifVersion != c.version {
			return ErrVersionConflict
		}
		version = c.version
		changed, err := decide(ctx, tx, which)
		if err != nil || !changed {
			return err
		}
		c.version++
		c.updatedAt = s.time()
		version = c.version
		if err := updateCategory(&tx.Writes, c); err != nil {
			return err
		}
		return announceCategory(ctx, &tx.Writes, c.id, c.version)
	})
	return version, explain(err)
}

// cleanTranslation brings the locale and a chosen slug into their canonical forms.
func cleanTranslation(locale *string, slug **string) error {
	code, ok := localeCode(*locale)
	if !ok {
		return ErrLocaleInvalid.WithField("locale", "invalid", "It is not a language tag such as de or pt-BR.")
	}
	*locale = code
	if *slug == nil || strings.TrimSpace(**slug) == "" {
		*slug = nil
		return nil
	}
	clean, err := parseSlug(**slug)
	if err != nil {
		return err
	}
	*slug = &clean
	return nil
}

// madeTranslatedSlug makes a slug from a title that nothing else answers to; none for a title without a Latin letter.
func madeTranslatedSlug(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, locale, title string) (*string, error) {
	if slugify(title) == "" {
		return nil, nil //nolint:nilnil // the thing's own slug is shown
	}
	choices := slugChoices(makeSlug(title, which))
	used, err := takenTranslatedSlugs(ctx, tx, kind, which, locale, choices)
	if err != nil {
		return nil, err
	}
	slug := firstFree(choices, used)
	return &slug, nil
}

func slugIsFree(ctx context.Context, tx *pg.Tx, kind translated, which id.ID, locale, slug string) error {
	used, err := takenTranslatedSlugs(ctx, tx, kind, which, locale, []string{slug})
	if err == nil && slices.Contains(used, slug) {
		return ErrSlugTaken.WithField("slug", "taken", ErrSlugTaken.Message())
	}
	return err
}

// inLanguages parses what a read found of translations and lays it over the product.
func inLanguages(p *catalogv1.Product, overlays, categoryOverlays [][]byte) error {
	if len(overlays)+len(categoryOverlays) == 0 {
		return nil
	}
	translations, err := parseAll[catalogv1.ProductTranslation](overlays)
	if err != nil {
		return err
	}
	ofCategories, err := parseAll[catalogv1.TaxonTranslation](categoryOverlays)
	if err != nil {
		return err
	}
	localize(p, translations, ofCategories)
	return nil
}
