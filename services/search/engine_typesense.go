package search

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	ts "github.com/typesense/typesense-go/v2/typesense"
	"github.com/typesense/typesense-go/v2/typesense/api"
	"github.com/typesense/typesense-go/v2/typesense/api/pointer"
)

// typesense is the engine of that name, from version 26 on.
type typesense struct{ client *ts.Client }

func newTypesense(url, key string) *typesense {
	return &typesense{ts.NewClient(ts.WithServer(url), ts.WithAPIKey(key), ts.WithConnectionTimeout(30*time.Second))}
}

func (t *typesense) name() string { return engineTypesense }

func (t *typesense) ping(ctx context.Context) error {
	// The collections, because the health of the server says nothing of the key.
	if _, err := t.client.Collections().Retrieve(ctx); err != nil {
		return fmt.Errorf("search: typesense: %w", err)
	}
	return nil
}

func (t *typesense) create(ctx context.Context, index string) error {
	field := func(name, typ string, facet bool) api.Field { return api.Field{Name: name, Type: typ, Facet: &facet} }
	// Words end where they do in queries.
	separators := strings.Split("-_./+&'’,;:()[]|#*\"", "")
	schema := &api.CollectionSchema{Name: index, TokenSeparators: &separators, Fields: []api.Field{
		field("product", "string", false), field("edition", "string", false), field("covers", "string[]", true),
		field("title", "string", false), field("description", "string", false), field("brand", "string", false),
		field("categories", "string[]", false), field("tags", "string[]", false), field("skus", "string[]", false), field("options", "string[]", false),
		field("attributes", "string[]", false), field("filters", "string[]", true), field("facets", "string[]", true), field("marks", "string[]", true),
		field("low", "int64", true), field("high", "int64", true), field("down", "int64", false), field("newest", "int64", false),
	}}
	_, err := t.client.Collections().Create(ctx, schema)
	if refused(err, http.StatusConflict) {
		return nil // it is there
	}
	if err != nil {
		return fmt.Errorf("search: typesense: create %s: %w", index, err)
	}
	return nil
}

// refused says whether Typesense has answered with a status.
func refused(err error, status int) bool {
	var said *ts.HTTPError
	return errors.As(err, &said) && said.Status == status
}

func (t *typesense) write(ctx context.Context, index string, put []entry, gone []string) error {
	if len(put) > 0 {
		documents := make([]any, len(put))
		for i, e := range put {
			documents[i] = e
		}
		results, err := t.client.Collection(index).Documents().Import(ctx, documents, &api.ImportDocumentsParams{Action: pointer.String("upsert"), BatchSize: pointer.Int(len(put))})
		if err != nil {
			return fmt.Errorf("search: typesense: write: %w", err)
		}
		for _, r := range results {
			if !r.Success {
				return fmt.Errorf("%w: typesense: %s", errEngine, r.Error)
			}
		}
	}
	const atOnce = 50 // they travel in the address, which has room for 4000 bytes
	for some := range slices.Chunk(gone, atOnce) {
		filter := "id:=[" + quotedAll(some) + "]"
		if _, err := t.client.Collection(index).Documents().Delete(ctx, &api.DeleteDocumentsParams{FilterBy: &filter}); err != nil {
			return fmt.Errorf("search: typesense: delete: %w", err)
		}
	}
	return nil
}

// quotedAll writes values for a filter. Between backticks everything stands for itself but a backtick, for which nothing
// is found.
func quotedAll(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "`" + strings.ReplaceAll(v, "`", "�") + "`"
	}
	return strings.Join(out, ",")
}

func (t *typesense) teach(ctx context.Context, index string, all []expansion) error {
	old, err := t.client.Collection(index).Synonyms().Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("search: typesense: synonyms: %w", err)
	}
	kept := map[string]bool{}
	for _, e := range all {
		which := e.id()
		kept[which] = true
		same := func(o *api.SearchSynonym) bool {
			return o.Id != nil && *o.Id == which && slices.Equal(o.Synonyms, e.ways)
		}
		if slices.ContainsFunc(old, same) {
			continue
		}
		if _, err := t.client.Collection(index).Synonyms().Upsert(ctx, which, &api.SearchSynonymSchema{Root: &e.phrase, Synonyms: e.ways}); err != nil {
			return fmt.Errorf("search: typesense: synonyms: %w", err)
		}
	}
	for _, o := range old {
		if o.Id == nil || kept[*o.Id] {
			continue
		}
		if _, err := t.client.Collection(index).Synonym(*o.Id).Delete(ctx); err != nil && !refused(err, http.StatusNotFound) {
			return fmt.Errorf("search: typesense: synonyms: %w", err)
		}
	}
	return nil
}

func (t *typesense) indexes(ctx context.Context, prefix string) ([]string, error) {
	all, err := t.client.Collections().Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("search: typesense: %w", err)
	}
	var out []string
	for _, c := range all {
		if strings.HasPrefix(c.Name, prefix) {
			out = append(out, c.Name)
		}
	}
	return out, nil
}

func (t *typesense) drop(ctx context.Context, index string) error {
	_, err := t.client.Collection(index).Delete(ctx)
	if refused(err, http.StatusNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("search: typesense: drop %s: %w", index, err)
	}
	return nil
}

func (t *typesense) find(ctx context.Context, index string, r request) (result, error) {
	return ask(r, func(q question) (answered, error) { return t.one(ctx, index, q) })
}

func (t *typesense) one(ctx context.Context, index string, q question) (answered, error) {
	filters := []string{"covers:=[" + quotedAll([]string{q.cover}) + "]"}
	for _, g := range q.groups {
		filters = append(filters, "filters:=["+quotedAll(g)+"]")
	}
	if q.min != nil {
		filters = append(filters, fmt.Sprintf("high:>=%d", *q.min))
	}
	if q.max != nil {
		filters = append(filters, fmt.Sprintf("low:<=%d", *q.max))
	}
	words := q.words
	if words == "" {
		words = "*"
	}
	params := api.MultiSearchCollectionParameters{
		Collection: index, Q: &words, QueryBy: pointer.String(strings.Join(searched(), ",")), QueryByWeights: pointer.String("15,8,8,6,6,4,4,1"), FilterBy: pointer.String(strings.Join(filters, " && ")),
		FacetBy: pointer.String("facets,marks,low,high"), MaxFacetValues: pointer.Int(1000), Offset: pointer.Int(q.offset), Limit: pointer.Int(q.limit), DropTokensThreshold: pointer.Int(0),
	}
	switch {
	case q.sort == "price":
		params.SortBy = pointer.String("low:asc")
	case q.sort == "price_desc":
		params.SortBy = pointer.String("down:desc")
	case q.sort == "newest" || q.words == "":
		params.SortBy = pointer.String("newest:desc")
	}
	// One search of many, because that is asked in a body: an address is too short for what shoppers can choose.
	all, err := t.client.MultiSearch.Perform(ctx, &api.MultiSearchParams{}, api.MultiSearchSearchesParameter{Searches: []api.MultiSearchCollectionParameters{params}})
	switch {
	case refused(err, http.StatusBadRequest):
		return answered{}, fmt.Errorf("%w: typesense: %w", errNotUnderstood, err)
	case err != nil:
		return answered{}, fmt.Errorf("search: typesense: %w", err)
	case len(all.Results) != 1 || all.Results[0].Found == nil:
		return answered{}, fmt.Errorf("%w: typesense", errNotUnderstood)
	}
	res := all.Results[0]
	out := answered{facets: map[string]int64{}, marks: map[string]int64{}}
	out.total = int64(*res.Found)
	if res.Hits != nil {
		for _, h := range *res.Hits {
			if h.Document == nil {
				continue
			}
			e, err := decodeEntry(*h.Document)
			if err != nil {
				return answered{}, err
			}
			out.entries = append(out.entries, e)
		}
	}
	if res.FacetCounts != nil {
		for _, f := range *res.FacetCounts {
			out.typesenseFacet(f)
		}
	}
	return out, nil
}

func (a *answered) typesenseFacet(f api.FacetCounts) {
	if f.FieldName == nil {
		return
	}
	switch *f.FieldName {
	case "low":
		if f.Stats != nil && f.Stats.Min != nil {
			a.low = price(*f.Stats.Min)
		}
	case "high":
		if f.Stats != nil && f.Stats.Max != nil {
			a.high = price(*f.Stats.Max)
		}
	case "facets", "marks":
		if f.Counts == nil {
			return
		}
		to := map[string]map[string]int64{"facets": a.facets, "marks": a.marks}[*f.FieldName]
		for _, c := range *f.Counts {
			if c.Value != nil && c.Count != nil {
				to[*c.Value] = int64(*c.Count)
			}
		}
	}
}

// price is a price that an engine tells as a number with a point; nil for what stands for none.
func price(f float64) *int64 {
	n := int64(f)
	if n >= noPrice || n <= -noPrice {
		return nil
	}
	return &n
}
