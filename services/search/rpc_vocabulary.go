package search

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	bcp47 "golang.org/x/text/language"
	"google.golang.org/protobuf/types/known/timestamppb"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// subjectVocabulary is announced with every change of what searches go by.
const subjectVocabulary = "evt.search.vocabulary.updated"

// Kinds of what searches go by.
const (
	kindSettings  = "settings"
	kindSynonym   = "synonym"
	kindStopWords = "stop_words"
	kindRule      = "rule"
)

// time is now, as precise as the database keeps it.
func (s *Service) time() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// change runs a command on what searches go by, and has this process see it at once.
func (s *Service) change(ctx context.Context, do func(ctx context.Context, tx *pg.Tx) error) error {
	err := s.store.db.Tx(ctx, do)
	if shop, ok := tenant.From(ctx); ok && err == nil {
		s.recall.forget(shop)
	}
	return err
}

// announce tells of a change. Without an id, it is the shop's.
func announce(ctx context.Context, w *pg.Writes, kind string, which id.ID, version int64) error {
	if which.IsZero() {
		which, _ = tenant.From(ctx)
	}
	return bus.Emit(ctx, w, subjectVocabulary, which, version, &searchv1.VocabularyUpdated{Kind: kind, Id: which.String()})
}

// GetSearchSettings reads the settings.
func (s *Service) GetSearchSettings(ctx context.Context, _ *searchv1.GetSearchSettingsRequest) (*searchv1.GetSearchSettingsResponse, error) {
	have, err := s.store.settings(ctx)
	if err != nil {
		return nil, err
	}
	return &searchv1.GetSearchSettingsResponse{Settings: have.toProto()}, nil
}

// UpdateSearchSettings changes what is given and leaves the rest.
func (s *Service) UpdateSearchSettings(ctx context.Context, req *searchv1.UpdateSearchSettingsRequest) (*searchv1.UpdateSearchSettingsResponse, error) {
	var have settings
	err := s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if have, err = loadSettings(ctx, tx); err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != have.version {
			return ErrStale
		}
		if !have.change(req) {
			return nil
		}
		have.version, have.updatedAt = have.version+1, s.time()
		saveSettings(&tx.Writes, have)
		return announce(ctx, &tx.Writes, kindSettings, id.ID{}, have.version)
	})
	if err != nil {
		return nil, err
	}
	return &searchv1.UpdateSearchSettingsResponse{Settings: have.toProto()}, nil
}

// change takes over what is given, and says whether anything is different.
func (s *settings) change(req *searchv1.UpdateSearchSettingsRequest) bool {
	before := *s
	if req.TypoTolerance != nil {
		s.typos = req.GetTypoTolerance()
	}
	if req.PartialMatches != nil {
		s.partial = req.GetPartialMatches()
	}
	if req.FacetValues != nil {
		s.facetValues = int(req.GetFacetValues())
	}
	return *s != before
}

func (s settings) toProto() *searchv1.SearchSettings {
	out := &searchv1.SearchSettings{TypoTolerance: s.typos, PartialMatches: s.partial, FacetValues: int32(s.facetValues), Version: s.version}
	if !s.updatedAt.IsZero() {
		out.UpdatedAt = timestamppb.New(s.updatedAt)
	}
	return out
}

// ListSynonyms lists synonyms, oldest first.
func (s *Service) ListSynonyms(ctx context.Context, req *searchv1.ListSynonymsRequest) (*searchv1.ListSynonymsResponse, error) {
	list, info, err := listSynonyms(ctx, s.store.db, page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	res := &searchv1.ListSynonymsResponse{Page: info}
	for _, one := range list {
		res.Synonyms = append(res.Synonyms, one.toProto())
	}
	return res, nil
}

// GetSynonym reads one.
func (s *Service) GetSynonym(ctx context.Context, req *searchv1.GetSynonymRequest) (*searchv1.GetSynonymResponse, error) {
	one, err := s.store.synonym(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	return &searchv1.GetSynonymResponse{Synonym: one.toProto()}, nil
}

// maxVocabulary bounds how many synonyms, and how many rules, a shop has: each search looks at all of them.
const maxVocabulary = 1000

// CreateSynonym makes one.
func (s *Service) CreateSynonym(ctx context.Context, req *searchv1.CreateSynonymRequest) (*searchv1.CreateSynonymResponse, error) {
	at := s.time()
	one := synonym{id: id.New(), locale: req.GetLocale(), from: req.GetFrom(), terms: req.GetTerms(), version: 1, createdAt: at, updatedAt: at}
	if err := one.check(); err != nil {
		return nil, err
	}
	err := s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		n, err := countRows(ctx, tx, "synonyms")
		if err != nil {
			return err
		}
		if n >= maxVocabulary {
			return ErrTooMany
		}
		insertSynonym(&tx.Writes, one)
		return announce(ctx, &tx.Writes, kindSynonym, one.id, one.version)
	})
	if err != nil {
		return nil, err
	}
	return &searchv1.CreateSynonymResponse{Synonym: one.toProto()}, nil
}

// UpdateSynonym changes what is given and leaves the rest.
func (s *Service) UpdateSynonym(ctx context.Context, req *searchv1.UpdateSynonymRequest) (*searchv1.UpdateSynonymResponse, error) {
	var one synonym
	err := s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if one, err = loadSynonym(ctx, tx, req.GetId()); err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != one.version {
			return ErrStale
		}
		if req.Locale != nil {
			one.locale = req.GetLocale()
		}
		if req.From != nil {
			one.from = req.GetFrom()
		}
		if req.GetTerms() != nil {
			one.terms = req.GetTerms().GetValues()
		}
		if err := one.check(); err != nil {
			return err
		}
		one.version, one.updatedAt = one.version+1, s.time()
		updateSynonym(&tx.Writes, one)
		return announce(ctx, &tx.Writes, kindSynonym, one.id, one.version)
	})
	if err != nil {
		return nil, err
	}
	return &searchv1.UpdateSynonymResponse{Synonym: one.toProto()}, nil
}

// DeleteSynonym removes one.
func (s *Service) DeleteSynonym(ctx context.Context, req *searchv1.DeleteSynonymRequest) (*searchv1.DeleteSynonymResponse, error) {
	err := s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		one, err := loadSynonym(ctx, tx, req.GetId())
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != one.version {
			return ErrStale
		}
		deleteRow(&tx.Writes, "synonyms", one.id)
		return announce(ctx, &tx.Writes, kindSynonym, one.id, one.version+1)
	})
	return &searchv1.DeleteSynonymResponse{}, err
}

// check brings a synonym into its canonical form, or says what is wrong.
func (s *synonym) check() error {
	var err error
	if s.locale, err = canonicalLocale(s.locale, true); err != nil {
		return err
	}
	refused := ErrInvalid
	var terms []string
	for i, t := range s.terms {
		t = strings.TrimSpace(t)
		switch {
		case len(words(t, 1)) == 0 || strings.ContainsRune(t, 0):
			refused = refused.WithField(indexed("terms", i), "malformed", "It has no word in it.")
		case !slices.ContainsFunc(terms, func(o string) bool { return slices.Equal(words(o, maxQueryWords), words(t, maxQueryWords)) }):
			terms = append(terms, t)
		}
	}
	s.terms, s.from = terms, strings.TrimSpace(s.from)
	if s.from != "" && (len(words(s.from, 1)) == 0 || strings.ContainsRune(s.from, 0)) {
		refused = refused.WithField("from", "malformed", "It has no word in it.")
	}
	if least := map[bool]int{true: 2, false: 1}[s.from == ""]; len(refused.Fields()) == 0 && len(terms) < least {
		refused = refused.WithField("terms", "too_few", "It takes two different terms, or a word and one term it leads to.")
	}
	if len(refused.Fields()) > 0 {
		return refused
	}
	return nil
}

func (s synonym) toProto() *searchv1.Synonym {
	return &searchv1.Synonym{
		Id: s.id.String(), Locale: s.locale, From: s.from, Terms: s.terms, Version: s.version,
		CreatedAt: timestamppb.New(s.createdAt), UpdatedAt: timestamppb.New(s.updatedAt),
	}
}

// ListStopWords lists the stop words the shop has added, by locale.
func (s *Service) ListStopWords(ctx context.Context, _ *searchv1.ListStopWordsRequest) (*searchv1.ListStopWordsResponse, error) {
	list, err := s.store.stopWords(ctx)
	if err != nil {
		return nil, err
	}
	res := &searchv1.ListStopWordsResponse{}
	for _, one := range list {
		res.StopWords = append(res.StopWords, one.toProto())
	}
	return res, nil
}

// SetStopWords replaces those of a language; an empty list takes them away.
func (s *Service) SetStopWords(ctx context.Context, req *searchv1.SetStopWordsRequest) (*searchv1.SetStopWordsResponse, error) {
	locale, err := canonicalLocale(req.GetLocale(), false)
	if err != nil {
		return nil, err
	}
	next := stopWords{locale: locale, words: []string{}}
	refused := ErrInvalid
	for i, text := range req.GetWords() {
		one := words(text, 2)
		if len(one) != 1 {
			refused = refused.WithField(indexed("words", i), "malformed", "Expected one word.")
			continue
		}
		if !slices.Contains(next.words, one[0]) {
			next.words = append(next.words, one[0])
		}
	}
	if len(refused.Fields()) > 0 {
		return nil, refused
	}
	slices.Sort(next.words)
	err = s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		version, err := loadStopWords(ctx, tx, locale)
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != version {
			return ErrStale
		}
		next.version, next.updatedAt = version+1, s.time()
		saveStopWords(&tx.Writes, next)
		return announce(ctx, &tx.Writes, kindStopWords, id.ID{}, next.version)
	})
	if err != nil {
		return nil, err
	}
	return &searchv1.SetStopWordsResponse{StopWords: next.toProto()}, nil
}

// stopWords are those of a language.
type stopWords struct {
	locale    string
	words     []string
	version   int64
	updatedAt time.Time
}

func (s stopWords) toProto() *searchv1.StopWords {
	return &searchv1.StopWords{Locale: s.locale, Words: s.words, Version: s.version, UpdatedAt: timestamppb.New(s.updatedAt)}
}

// canonicalLocale is the canonical form of a BCP 47 tag.
func canonicalLocale(text string, orEmpty bool) (string, error) {
	if text == "" && orEmpty {
		return "", nil
	}
	tag, err := bcp47.Parse(text)
	if err != nil || tag == bcp47.Und || len(text) > 35 {
		return "", ErrInvalid.WithField("locale", "malformed", "It is not a language tag such as de or pt-BR.")
	}
	return tag.String(), nil
}

func indexed(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

// ListSearchRules lists rules, oldest first.
func (s *Service) ListSearchRules(ctx context.Context, req *searchv1.ListSearchRulesRequest) (*searchv1.ListSearchRulesResponse, error) {
	list, info, err := listRules(ctx, s.store.db, page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	res := &searchv1.ListSearchRulesResponse{Page: info}
	for _, one := range list {
		res.Rules = append(res.Rules, one.toProto())
	}
	return res, nil
}

// GetSearchRule reads one.
func (s *Service) GetSearchRule(ctx context.Context, req *searchv1.GetSearchRuleRequest) (*searchv1.GetSearchRuleResponse, error) {
	one, err := s.store.rule(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	return &searchv1.GetSearchRuleResponse{Rule: one.toProto()}, nil
}

// CreateSearchRule makes one.
func (s *Service) CreateSearchRule(ctx context.Context, req *searchv1.CreateSearchRuleRequest) (*searchv1.CreateSearchRuleResponse, error) {
	in := req.GetRule()
	at := s.time()
	one := rule{id: id.New(), name: in.GetName(), query: in.GetQuery(), contains: in.GetContains(), active: in.GetActive(), version: 1, createdAt: at, updatedAt: at}
	err := one.take(in.GetCategoryId(), in.GetPinned(), in.GetBuried(), in.GetStartsAt(), in.GetEndsAt())
	if err == nil {
		err = one.check()
	}
	if err != nil {
		return nil, err
	}
	err = s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		n, err := countRows(ctx, tx, "rules")
		if err != nil {
			return err
		}
		if n >= maxVocabulary {
			return ErrTooMany
		}
		insertRule(&tx.Writes, one)
		return announce(ctx, &tx.Writes, kindRule, one.id, one.version)
	})
	if err != nil {
		return nil, err
	}
	return &searchv1.CreateSearchRuleResponse{Rule: one.toProto()}, nil
}

// UpdateSearchRule changes what is given and leaves the rest.
func (s *Service) UpdateSearchRule(ctx context.Context, req *searchv1.UpdateSearchRuleRequest) (*searchv1.UpdateSearchRuleResponse, error) {
	var one rule
	err := s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if one, err = loadRule(ctx, tx, req.GetId()); err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != one.version {
			return ErrStale
		}
		if err := one.change(req); err != nil {
			return err
		}
		one.version, one.updatedAt = one.version+1, s.time()
		updateRule(&tx.Writes, one)
		return announce(ctx, &tx.Writes, kindRule, one.id, one.version)
	})
	if err != nil {
		return nil, err
	}
	return &searchv1.UpdateSearchRuleResponse{Rule: one.toProto()}, nil
}

// change takes over what is given.
func (r *rule) change(req *searchv1.UpdateSearchRuleRequest) error {
	if req.Name != nil {
		r.name = req.GetName()
	}
	if req.Query != nil {
		r.query = req.GetQuery()
	}
	if req.Contains != nil {
		r.contains = req.GetContains()
	}
	if req.Active != nil {
		r.active = req.GetActive()
	}
	category, pinned, buried := "", textsOf(r.pinned), textsOf(r.buried)
	if !r.category.IsZero() {
		category = r.category.String()
	}
	if req.CategoryId != nil {
		category = req.GetCategoryId()
	}
	if req.GetPinned() != nil {
		pinned = req.GetPinned().GetValues()
	}
	if req.GetBuried() != nil {
		buried = req.GetBuried().GetValues()
	}
	starts, ends := stamp(r.startsAt), stamp(r.endsAt)
	if req.GetStartsAt() != nil {
		starts = req.GetStartsAt().GetValue()
	}
	if req.GetEndsAt() != nil {
		ends = req.GetEndsAt().GetValue()
	}
	if err := r.take(category, pinned, buried, starts, ends); err != nil {
		return err
	}
	return r.check()
}

// take reads the parts of a rule that may be malformed.
func (r *rule) take(category string, pinned, buried []string, starts, ends *timestamppb.Timestamp) error {
	refused := ErrInvalid
	r.category = id.ID{}
	if category != "" {
		var err error
		if r.category, err = id.Parse(category); err != nil {
			refused = refused.WithField("categoryId", "malformed", "It is not an id.")
		}
	}
	r.pinned = products("pinned", pinned, &refused)
	r.buried = products("buried", buried, &refused)
	r.startsAt, r.endsAt = moment(starts), moment(ends)
	if len(refused.Fields()) > 0 {
		return refused
	}
	return nil
}

// maxArranged bounds the products a rule puts first, and those it puts last.
const maxArranged = 100

func products(field string, in []string, refused **fault.Fault) []id.ID {
	out := []id.ID{}
	if len(in) > maxArranged {
		*refused = (*refused).WithField(field, "too_many", "A rule names at most 100 products.")
		return out
	}
	for i, text := range in {
		p, err := id.Parse(text)
		if err != nil {
			*refused = (*refused).WithField(indexed(field, i), "malformed", "It is not an id.")
			continue
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// check brings a rule into its canonical form, or says what is wrong.
func (r *rule) check() error {
	refused := ErrInvalid
	r.name = strings.TrimSpace(r.name)
	if r.name == "" || len(r.name) > 255 || strings.ContainsRune(r.name, 0) {
		refused = refused.WithField("name", "malformed", "A name has 1 to 255 characters.")
	}
	asked := words(r.query, maxQueryWords)
	if len(asked) == 0 && strings.TrimSpace(r.query) != "" {
		refused = refused.WithField("query", "malformed", "It has no word in it.")
	}
	r.query = strings.Join(asked, " ")
	if r.query == "" && r.category.IsZero() {
		refused = refused.WithField("query", "required", "A rule is about a text, a category, or both.")
	}
	if len(r.pinned)+len(r.buried) == 0 {
		refused = refused.WithField("pinned", "required", "A rule puts at least one product first or last.")
	}
	if r.startsAt != nil && r.endsAt != nil && !r.endsAt.After(*r.startsAt) {
		refused = refused.WithField("endsAt", "too_early", "It ends after it starts.")
	}
	if len(refused.Fields()) > 0 {
		return refused
	}
	return nil
}

// DeleteSearchRule removes one.
func (s *Service) DeleteSearchRule(ctx context.Context, req *searchv1.DeleteSearchRuleRequest) (*searchv1.DeleteSearchRuleResponse, error) {
	err := s.change(ctx, func(ctx context.Context, tx *pg.Tx) error {
		one, err := loadRule(ctx, tx, req.GetId())
		if err != nil {
			return err
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != one.version {
			return ErrStale
		}
		deleteRow(&tx.Writes, "rules", one.id)
		return announce(ctx, &tx.Writes, kindRule, one.id, one.version+1)
	})
	return &searchv1.DeleteSearchRuleResponse{}, err
}

func (r rule) toProto() *searchv1.SearchRule {
	out := &searchv1.SearchRule{
		Id: r.id.String(), Name: r.name, Query: r.query, Contains: r.contains, Pinned: textsOf(r.pinned), Buried: textsOf(r.buried), Active: r.active,
		StartsAt: stamp(r.startsAt), EndsAt: stamp(r.endsAt), Version: r.version, CreatedAt: timestamppb.New(r.createdAt), UpdatedAt: timestamppb.New(r.updatedAt),
	}
	if !r.category.IsZero() {
		out.CategoryId = r.category.String()
	}
	return out
}

func textsOf(ids []id.ID) []string {
	out := make([]string, len(ids))
	for i, one := range ids {
		out[i] = one.String()
	}
	return out
}

func stamp(t *time.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(*t)
}

func moment(t *timestamppb.Timestamp) *time.Time {
	if t == nil {
		return nil
	}
	at := t.AsTime().Truncate(time.Microsecond)
	return &at
}
