package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	meili "github.com/meilisearch/meilisearch-go"
)

// meilisearch is the engine of that name, from version 1.10 on.
type meilisearch struct{ client meili.ServiceManager }

func newMeilisearch(url, key string) *meilisearch {
	return &meilisearch{meili.New(url, meili.WithAPIKey(key), meili.WithCustomClient(&http.Client{Timeout: 30 * time.Second}))}
}

func (m *meilisearch) name() string { return engineMeilisearch }

func (m *meilisearch) ping(ctx context.Context) error {
	// The indexes, because the health of the server says nothing of the key.
	if _, err := m.client.ListIndexes(ctx, &meili.IndexesQuery{Limit: 1}); err != nil {
		return fmt.Errorf("search: meilisearch: %w", err)
	}
	return nil
}

// done waits for a task that was accepted.
func (m *meilisearch) done(ctx context.Context, task *meili.TaskInfo, err error, but ...string) error {
	if err != nil {
		return fmt.Errorf("search: meilisearch: %w", err)
	}
	t, err := m.client.WaitForTask(ctx, task.TaskUID, 20*time.Millisecond)
	if err != nil {
		return fmt.Errorf("search: meilisearch: task %d: %w", task.TaskUID, err)
	}
	if t.Status != meili.TaskStatusSucceeded {
		for _, code := range but {
			if string(t.Error.Code) == code {
				return nil
			}
		}
		return fmt.Errorf("%w: meilisearch: task %d is %s: %s", errEngine, t.UID, t.Status, t.Error.Message)
	}
	return nil
}

func (m *meilisearch) create(ctx context.Context, index string) error {
	task, err := m.client.CreateIndex(ctx, &meili.IndexConfig{Uid: index, PrimaryKey: "id"})
	if err := m.done(ctx, task, err, "index_already_exists"); err != nil {
		return err
	}
	task, err = m.client.Index(index).UpdateSettings(ctx, &meili.Settings{
		SearchableAttributes: searched(), FilterableAttributes: []string{"covers", "filters", "facets", "marks", "low", "high"},
		SortableAttributes: []string{"low", "down", "newest"}, Pagination: &meili.Pagination{MaxTotalHits: 10_001}, Faceting: &meili.Faceting{MaxValuesPerFacet: 1000},
	})
	return m.done(ctx, task, err)
}

func (m *meilisearch) write(ctx context.Context, index string, put []entry, gone []string) error {
	if len(put) > 0 {
		key := "id"
		task, err := m.client.Index(index).AddDocuments(ctx, put, &meili.DocumentOptions{PrimaryKey: &key})
		if err := m.done(ctx, task, err); err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	task, err := m.client.Index(index).DeleteDocuments(ctx, gone, nil)
	return m.done(ctx, task, err)
}

func (m *meilisearch) teach(ctx context.Context, index string, all []expansion) error {
	synonyms := map[string][]string{}
	for _, e := range all {
		synonyms[e.phrase] = e.ways
	}
	task, err := m.client.Index(index).UpdateSynonyms(ctx, &synonyms)
	return m.done(ctx, task, err)
}

func (m *meilisearch) indexes(ctx context.Context, prefix string) ([]string, error) {
	var out []string
	for offset := int64(0); ; {
		page, err := m.client.ListIndexes(ctx, &meili.IndexesQuery{Limit: 100, Offset: offset})
		if err != nil {
			return nil, fmt.Errorf("search: meilisearch: %w", err)
		}
		for _, i := range page.Results {
			if strings.HasPrefix(i.UID, prefix) {
				out = append(out, i.UID)
			}
		}
		if offset += int64(len(page.Results)); len(page.Results) == 0 || offset >= page.Total {
			return out, nil
		}
	}
}

func (m *meilisearch) drop(ctx context.Context, index string) error {
	task, err := m.client.DeleteIndex(ctx, index)
	var said *meili.Error
	if errors.As(err, &said) && said.StatusCode == http.StatusNotFound {
		return nil
	}
	return m.done(ctx, task, err, "index_not_found")
}

func (m *meilisearch) find(ctx context.Context, index string, r request) (result, error) {
	return ask(r, func(q question) (answered, error) { return m.one(ctx, index, q) })
}

func (m *meilisearch) one(ctx context.Context, index string, q question) (answered, error) {
	// Lists within the list are alternatives.
	filter := [][]string{{"covers = " + strconv.Quote(q.cover)}}
	for _, g := range q.groups {
		var either []string
		for _, lexeme := range g {
			either = append(either, "filters = "+meiliQuote(lexeme))
		}
		filter = append(filter, either)
	}
	if q.min != nil {
		filter = append(filter, []string{fmt.Sprintf("high >= %d", *q.min)})
	}
	if q.max != nil {
		filter = append(filter, []string{fmt.Sprintf("low <= %d", *q.max)})
	}
	req := &meili.SearchRequest{Filter: filter, Facets: []string{"facets", "marks", "low", "high"}, Offset: int64(q.offset), Limit: int64(q.limit), MatchingStrategy: meili.All}
	switch {
	case q.sort == "price":
		req.Sort = []string{"low:asc"}
	case q.sort == "price_desc":
		req.Sort = []string{"down:desc"}
	case q.sort == "newest" || q.words == "":
		req.Sort = []string{"newest:desc"}
	}
	res, err := m.client.Index(index).Search(ctx, q.words, req)
	var said *meili.Error
	if errors.As(err, &said) && said.StatusCode == http.StatusBadRequest {
		return answered{}, fmt.Errorf("%w: meilisearch: %w", errNotUnderstood, err)
	}
	if err != nil {
		return answered{}, fmt.Errorf("search: meilisearch: %w", err)
	}
	out := answered{total: res.EstimatedTotalHits, facets: map[string]int64{}, marks: map[string]int64{}}
	for _, h := range res.Hits {
		e, err := decodeEntry(h)
		if err != nil {
			return answered{}, err
		}
		out.entries = append(out.entries, e)
	}
	err = out.numbers(res.FacetDistribution, res.FacetStats)
	return out, err
}

// numbers reads counts by field and value, and the least and greatest of fields, as Meilisearch and Algolia write them.
func (a *answered) numbers(distribution, stats json.RawMessage) error {
	var counts map[string]map[string]int64
	if len(distribution) > 0 {
		if err := json.Unmarshal(distribution, &counts); err != nil {
			return fmt.Errorf("search: facets of an engine: %w", err)
		}
	}
	maps.Copy(a.facets, counts["facets"])
	maps.Copy(a.marks, counts["marks"])
	var bounds map[string]struct {
		Min *float64 `json:"min"`
		Max *float64 `json:"max"`
	}
	if len(stats) > 0 {
		if err := json.Unmarshal(stats, &bounds); err != nil {
			return fmt.Errorf("search: facets of an engine: %w", err)
		}
	}
	if b := bounds["low"]; b.Min != nil {
		a.low = price(*b.Min)
	}
	if b := bounds["high"]; b.Max != nil {
		a.high = price(*b.Max)
	}
	return nil
}

// meiliQuote writes a value for a filter: between quotes everything stands for itself but a quote and a backslash.
func meiliQuote(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}
