package gateway

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

func getSearchIndex(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.SearchIndex], error) {
	answer, err := in.deps.Search.GetIndex(ctx, &searchv1.GetIndexRequest{})
	if err != nil {
		return adminv1.Envelope[adminv1.SearchIndex]{}, err
	}
	x := answer.GetIndex()
	out := adminv1.SearchIndex{
		Engine: x.GetEngine(), EngineUp: x.GetEngineUp(), Generation: x.GetGeneration(), Products: x.GetProducts(), Documents: x.GetDocuments(),
		ContentHash: x.GetContentHash(), BuiltAt: atPtr(x.GetBuiltAt()), Pending: x.GetPending(), LagSeconds: x.GetLagSeconds(),
	}
	if x.GetRebuild() != nil {
		r := searchRebuild(x.GetRebuild())
		out.Rebuild = &r
	}
	return adminv1.Envelope[adminv1.SearchIndex]{Data: out}, nil
}

type searchRebuildAnswer = adminv1.Envelope[adminv1.SearchRebuild]

func searchRebuild(r *searchv1.RebuildJob) adminv1.SearchRebuild {
	return adminv1.SearchRebuild{
		ID: r.GetId(), Status: wireName(r.GetStatus(), "REBUILD_STATUS_"), Done: r.GetDone(), Total: r.GetTotal(), Documents: r.GetDocuments(),
		HashBefore: r.GetHashBefore(), HashAfter: r.GetHashAfter(), CreatedAt: at(r.GetCreatedAt()), StartedAt: atPtr(r.GetStartedAt()), FinishedAt: atPtr(r.GetFinishedAt()),
	}
}

func startSearchRebuild(ctx context.Context, in *in[none, none]) (searchRebuildAnswer, error) {
	answer, err := in.deps.Search.StartRebuild(ctx, &searchv1.StartRebuildRequest{})
	if err != nil {
		return searchRebuildAnswer{}, err
	}
	in.created("search", "rebuilds", answer.GetRebuild().GetId())
	return searchRebuildAnswer{Data: searchRebuild(answer.GetRebuild())}, nil
}

func listSearchRebuilds(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.SearchRebuild], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.SearchRebuild]{}, err
	}
	answer, err := in.deps.Search.ListRebuilds(ctx, &searchv1.ListRebuildsRequest{Page: paging})
	if err != nil {
		return adminv1.List[adminv1.SearchRebuild]{}, err
	}
	return adminv1.List[adminv1.SearchRebuild]{Data: each(answer.GetRebuilds(), searchRebuild), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func getSearchRebuild(ctx context.Context, in *in[none, none]) (searchRebuildAnswer, error) {
	answer, err := in.deps.Search.GetRebuild(ctx, &searchv1.GetRebuildRequest{Id: in.path("id")})
	if err != nil {
		return searchRebuildAnswer{}, err
	}
	return searchRebuildAnswer{Data: searchRebuild(answer.GetRebuild())}, nil
}

type searchSettingsAnswer = adminv1.Envelope[adminv1.SearchSettings]

func (c *call) searchSettings(s *searchv1.SearchSettings, err error) (searchSettingsAnswer, error) {
	if err != nil {
		return searchSettingsAnswer{}, err
	}
	c.version(s.GetVersion())
	return searchSettingsAnswer{Data: adminv1.SearchSettings{
		TypoTolerance: s.GetTypoTolerance(), PartialMatches: s.GetPartialMatches(), FacetValues: int(s.GetFacetValues()), Version: s.GetVersion(), UpdatedAt: atPtr(s.GetUpdatedAt()),
	}}, nil
}

func getSearchSettings(ctx context.Context, in *in[none, none]) (searchSettingsAnswer, error) {
	answer, err := in.deps.Search.GetSearchSettings(ctx, &searchv1.GetSearchSettingsRequest{})
	return in.searchSettings(answer.GetSettings(), err)
}

func updateSearchSettings(ctx context.Context, in *in[none, adminv1.UpdateSearchSettings]) (searchSettingsAnswer, error) {
	request := &searchv1.UpdateSearchSettingsRequest{IfVersion: in.ifVersion, TypoTolerance: in.Body.TypoTolerance.Ptr(), PartialMatches: in.Body.PartialMatches.Ptr()}
	if n := in.Body.FacetValues.Ptr(); n != nil {
		most := int32(min(*n, 200))
		request.FacetValues = &most
	}
	answer, err := in.deps.Search.UpdateSearchSettings(ctx, request)
	return in.searchSettings(answer.GetSettings(), err)
}

type synonymAnswer = adminv1.Envelope[adminv1.Synonym]

func (c *call) synonym(s *searchv1.Synonym, err error) (synonymAnswer, error) {
	if err != nil {
		return synonymAnswer{}, err
	}
	c.version(s.GetVersion())
	return synonymAnswer{Data: synonym(s)}, nil
}

func synonym(s *searchv1.Synonym) adminv1.Synonym {
	return adminv1.Synonym{
		ID: s.GetId(), Locale: textOrNull(s.GetLocale()), From: textOrNull(s.GetFrom()), Terms: append([]string{}, s.GetTerms()...), Version: s.GetVersion(),
		CreatedAt: at(s.GetCreatedAt()), UpdatedAt: at(s.GetUpdatedAt()),
	}
}

func listSynonyms(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.Synonym], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.Synonym]{}, err
	}
	answer, err := in.deps.Search.ListSynonyms(ctx, &searchv1.ListSynonymsRequest{Page: paging})
	if err != nil {
		return adminv1.List[adminv1.Synonym]{}, err
	}
	return adminv1.List[adminv1.Synonym]{Data: each(answer.GetSynonyms(), synonym), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func getSynonym(ctx context.Context, in *in[none, none]) (synonymAnswer, error) {
	answer, err := in.deps.Search.GetSynonym(ctx, &searchv1.GetSynonymRequest{Id: in.path("id")})
	return in.synonym(answer.GetSynonym(), err)
}

func createSynonym(ctx context.Context, in *in[none, adminv1.CreateSynonym]) (synonymAnswer, error) {
	answer, err := in.deps.Search.CreateSynonym(ctx, &searchv1.CreateSynonymRequest{Locale: deref(in.Body.Locale), From: deref(in.Body.From), Terms: in.Body.Terms})
	if err == nil {
		in.created("search", "synonyms", answer.GetSynonym().GetId())
	}
	return in.synonym(answer.GetSynonym(), err)
}

func updateSynonym(ctx context.Context, in *in[none, adminv1.UpdateSynonym]) (synonymAnswer, error) {
	b := in.Body
	answer, err := in.deps.Search.UpdateSynonym(ctx, &searchv1.UpdateSynonymRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Locale: textOrClear(b.Locale), From: textOrClear(b.From), Terms: textList(b.Terms),
	})
	return in.synonym(answer.GetSynonym(), err)
}

// textOrClear is an empty text for null, and nil for what is left.
func textOrClear(o adminv1.Optional[string]) *string {
	if o.IsZero() {
		return nil
	}
	return &o.Value
}

func textList(o adminv1.Optional[[]string]) *searchv1.TextList {
	if o.IsZero() {
		return nil
	}
	return &searchv1.TextList{Values: o.Value}
}

func deleteSynonym(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Search.DeleteSynonym(ctx, &searchv1.DeleteSynonymRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func stopWords(s *searchv1.StopWords) adminv1.StopWords {
	return adminv1.StopWords{Locale: s.GetLocale(), Words: append([]string{}, s.GetWords()...), Version: s.GetVersion(), UpdatedAt: at(s.GetUpdatedAt())}
}

func listStopWords(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.StopWords], error) {
	if _, err := in.paging(in.Query); err != nil {
		return adminv1.List[adminv1.StopWords]{}, err
	}
	answer, err := in.deps.Search.ListStopWords(ctx, &searchv1.ListStopWordsRequest{})
	if err != nil {
		return adminv1.List[adminv1.StopWords]{}, err
	}
	return whole(in.call, in.Query, each(answer.GetStopWords(), stopWords), in.Query.Limit)
}

func setStopWords(ctx context.Context, in *in[none, adminv1.SetStopWords]) (adminv1.Envelope[adminv1.StopWords], error) {
	answer, err := in.deps.Search.SetStopWords(ctx, &searchv1.SetStopWordsRequest{Locale: in.path("locale"), IfVersion: in.ifVersion, Words: in.Body.Words})
	if err != nil {
		return adminv1.Envelope[adminv1.StopWords]{}, err
	}
	in.version(answer.GetStopWords().GetVersion())
	return adminv1.Envelope[adminv1.StopWords]{Data: stopWords(answer.GetStopWords())}, nil
}

type searchRuleAnswer = adminv1.Envelope[adminv1.SearchRule]

func (c *call) searchRule(r *searchv1.SearchRule, err error) (searchRuleAnswer, error) {
	if err != nil {
		return searchRuleAnswer{}, err
	}
	c.version(r.GetVersion())
	return searchRuleAnswer{Data: searchRule(r)}, nil
}

func searchRule(r *searchv1.SearchRule) adminv1.SearchRule {
	match := "exact"
	if r.GetContains() {
		match = "contains"
	}
	return adminv1.SearchRule{
		ID: r.GetId(), Name: r.GetName(), Query: textOrNull(r.GetQuery()), Match: match, CategoryID: textOrNull(r.GetCategoryId()),
		Pinned: append([]string{}, r.GetPinned()...), Buried: append([]string{}, r.GetBuried()...), Active: r.GetActive(),
		StartsAt: atPtr(r.GetStartsAt()), EndsAt: atPtr(r.GetEndsAt()), Version: r.GetVersion(), CreatedAt: at(r.GetCreatedAt()), UpdatedAt: at(r.GetUpdatedAt()),
	}
}

func listSearchRules(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.SearchRule], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.SearchRule]{}, err
	}
	answer, err := in.deps.Search.ListSearchRules(ctx, &searchv1.ListSearchRulesRequest{Page: paging})
	if err != nil {
		return adminv1.List[adminv1.SearchRule]{}, err
	}
	return adminv1.List[adminv1.SearchRule]{Data: each(answer.GetRules(), searchRule), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

func getSearchRule(ctx context.Context, in *in[none, none]) (searchRuleAnswer, error) {
	answer, err := in.deps.Search.GetSearchRule(ctx, &searchv1.GetSearchRuleRequest{Id: in.path("id")})
	return in.searchRule(answer.GetRule(), err)
}

func createSearchRule(ctx context.Context, in *in[none, adminv1.CreateSearchRule]) (searchRuleAnswer, error) {
	b := in.Body
	rule := &searchv1.SearchRule{
		Name: b.Name, Query: deref(b.Query), Contains: b.Match == "contains", CategoryId: deref(b.CategoryID), Pinned: b.Pinned, Buried: b.Buried,
		Active: b.Active == nil || *b.Active, StartsAt: instant(b.StartsAt), EndsAt: instant(b.EndsAt),
	}
	answer, err := in.deps.Search.CreateSearchRule(ctx, &searchv1.CreateSearchRuleRequest{Rule: rule})
	if err == nil {
		in.created("search", "rules", answer.GetRule().GetId())
	}
	return in.searchRule(answer.GetRule(), err)
}

func updateSearchRule(ctx context.Context, in *in[none, adminv1.UpdateSearchRule]) (searchRuleAnswer, error) {
	b := in.Body
	request := &searchv1.UpdateSearchRuleRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Query: textOrClear(b.Query), CategoryId: textOrClear(b.CategoryID),
		Pinned: textList(b.Pinned), Buried: textList(b.Buried), Active: b.Active.Ptr(), StartsAt: rulePatch(b.StartsAt), EndsAt: rulePatch(b.EndsAt),
	}
	if m := b.Match.Ptr(); m != nil {
		contains := *m == "contains"
		request.Contains = &contains
	}
	answer, err := in.deps.Search.UpdateSearchRule(ctx, request)
	return in.searchRule(answer.GetRule(), err)
}

func rulePatch(o adminv1.Optional[adminv1.Time]) *searchv1.TimePatch {
	if o.IsZero() {
		return nil
	}
	return &searchv1.TimePatch{Value: instant(o.Ptr())}
}

func instant(t *adminv1.Time) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	return timestamppb.New(t.Time)
}

func deleteSearchRule(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Search.DeleteSearchRule(ctx, &searchv1.DeleteSearchRuleRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}
