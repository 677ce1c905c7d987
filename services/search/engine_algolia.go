package search

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// algolia is the engine of that name, over its REST API (version 1). It sorts by relevance alone: another order would need
// a copy of the index for each, so PostgreSQL gives those.
type algolia struct {
	url, app, key string
	client        *http.Client
}

func newAlgolia(address, app, key string) *algolia {
	if address == "" {
		address = "https://" + strings.ToLower(app) + ".algolia.net"
	}
	return &algolia{strings.TrimSuffix(address, "/"), app, key, &http.Client{Timeout: 30 * time.Second}}
}

func (a *algolia) name() string { return engineAlgolia }

// errAlgoliaMissing is what an index gets that is not there.
var errAlgoliaMissing = errors.New("search: algolia: there is no such index")

// call sends one request and reads its answer.
func (a *algolia) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("search: algolia: %w", err)
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, a.url+path, body)
	if err != nil {
		return fmt.Errorf("search: algolia: %w", err)
	}
	r.Header.Set("X-Algolia-Application-Id", a.app)
	r.Header.Set("X-Algolia-Api-Key", a.key)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := a.client.Do(r)
	if err != nil {
		return fmt.Errorf("search: algolia: %w", err)
	}
	defer res.Body.Close()
	const most = 64 << 20
	b, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return fmt.Errorf("search: algolia: %w", err)
	}
	switch {
	case res.StatusCode == http.StatusNotFound:
		return errAlgoliaMissing
	case res.StatusCode == http.StatusBadRequest || res.StatusCode == http.StatusRequestEntityTooLarge:
		return fmt.Errorf("%w: algolia: %s %s: %s", errNotUnderstood, method, path, res.Status)
	case res.StatusCode/100 != 2:
		return fmt.Errorf("%w: algolia: %s %s: %s", errEngine, method, path, res.Status)
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("search: algolia: %w", err)
	}
	return nil
}

// change does what answers with a task, and waits for it.
func (a *algolia) change(ctx context.Context, method, path, index string, in any) error {
	var task struct {
		TaskID int64 `json:"taskID"`
	}
	if err := a.call(ctx, method, path, in, &task); err != nil {
		return err
	}
	for {
		var state struct{ Status string }
		if err := a.call(ctx, http.MethodGet, "/1/indexes/"+url.PathEscape(index)+"/task/"+strconv.FormatInt(task.TaskID, 10), nil, &state); err != nil {
			return err
		}
		if state.Status == "published" {
			return nil
		}
		timer := time.NewTimer(100 * time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

func (a *algolia) ping(ctx context.Context) error {
	return a.call(ctx, http.MethodGet, "/1/indexes?page=0&hitsPerPage=1", nil, nil)
}

func (a *algolia) create(ctx context.Context, index string) error {
	attributes := []string{}
	for _, f := range searched() {
		attributes = append(attributes, "unordered("+f+")")
	}
	return a.change(ctx, http.MethodPut, "/1/indexes/"+url.PathEscape(index)+"/settings", index, map[string]any{
		"searchableAttributes": attributes, "attributesForFaceting": []string{"filterOnly(covers)", "filterOnly(filters)", "facets", "marks", "low", "high"},
		"customRanking": []string{"desc(newest)"}, "maxValuesPerFacet": 1000, "paginationLimitedTo": 1001, "attributesToHighlight": []string{}, "removeWordsIfNoResults": "none",
	})
}

func (a *algolia) write(ctx context.Context, index string, put []entry, gone []string) error {
	type operation struct {
		Action string         `json:"action"`
		Body   map[string]any `json:"body"`
	}
	var requests []operation
	for _, e := range put {
		b, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("search: algolia: %w", err)
		}
		record := map[string]any{}
		if err := json.Unmarshal(b, &record); err != nil {
			return fmt.Errorf("search: algolia: %w", err)
		}
		delete(record, "id")
		record["objectID"] = e.ID
		requests = append(requests, operation{"updateObject", record})
	}
	for _, which := range gone {
		requests = append(requests, operation{"deleteObject", map[string]any{"objectID": which}})
	}
	if len(requests) == 0 {
		return nil
	}
	return a.change(ctx, http.MethodPost, "/1/indexes/"+url.PathEscape(index)+"/batch", index, map[string]any{"requests": requests})
}

func (a *algolia) teach(ctx context.Context, index string, all []expansion) error {
	path := "/1/indexes/" + url.PathEscape(index) + "/synonyms/"
	if len(all) == 0 {
		return a.change(ctx, http.MethodPost, path+"clear", index, nil)
	}
	synonyms := make([]map[string]any, len(all))
	for i, e := range all {
		synonyms[i] = map[string]any{"objectID": e.id(), "type": "oneWaySynonym", "input": e.phrase, "synonyms": e.ways}
	}
	return a.change(ctx, http.MethodPost, path+"batch?replaceExistingSynonyms=true", index, synonyms)
}

func (a *algolia) indexes(ctx context.Context, prefix string) ([]string, error) {
	var out []string
	for page := 0; ; page++ {
		var list struct {
			Items []struct {
				Name string `json:"name"`
			} `json:"items"`
			NbPages int `json:"nbPages"`
		}
		if err := a.call(ctx, http.MethodGet, "/1/indexes?page="+strconv.Itoa(page)+"&hitsPerPage=100", nil, &list); err != nil {
			return nil, err
		}
		for _, i := range list.Items {
			if strings.HasPrefix(i.Name, prefix) {
				out = append(out, i.Name)
			}
		}
		if page+1 >= list.NbPages {
			return out, nil
		}
	}
}

func (a *algolia) drop(ctx context.Context, index string) error {
	err := a.change(ctx, http.MethodDelete, "/1/indexes/"+url.PathEscape(index), index, nil)
	if errors.Is(err, errAlgoliaMissing) {
		return nil
	}
	return err
}

// errOrder is what a request for an order gets that the engine has none of.
var errOrder = errors.New("search: the engine has no such order")

func (a *algolia) find(ctx context.Context, index string, r request) (result, error) {
	if r.sort != "relevance" && (r.sort != "newest" || len(r.query.slots) > 0) {
		return result{}, errOrder
	}
	return ask(r, func(q question) (answered, error) { return a.one(ctx, index, q) })
}

func (a *algolia) one(ctx context.Context, index string, q question) (answered, error) {
	filters := [][]string{{"covers:" + q.cover}}
	for _, g := range q.groups {
		var either []string
		for _, lexeme := range g {
			either = append(either, "filters:"+lexeme)
		}
		filters = append(filters, either)
	}
	numeric := []string{}
	if q.min != nil {
		numeric = append(numeric, fmt.Sprintf("high>=%d", *q.min))
	}
	if q.max != nil {
		numeric = append(numeric, fmt.Sprintf("low<=%d", *q.max))
	}
	var res struct {
		Hits        []map[string]any `json:"hits"`
		NbHits      int64            `json:"nbHits"`
		Facets      json.RawMessage  `json:"facets"`
		FacetsStats json.RawMessage  `json:"facets_stats"`
	}
	if err := a.call(ctx, http.MethodPost, "/1/indexes/"+url.PathEscape(index)+"/query", map[string]any{
		"query": q.words, "facetFilters": filters, "numericFilters": numeric, "facets": []string{"facets", "marks", "low", "high"}, "offset": q.offset, "length": q.limit, "queryType": "prefixLast",
	}, &res); err != nil {
		return answered{}, err
	}
	out := answered{total: res.NbHits, facets: map[string]int64{}, marks: map[string]int64{}}
	for _, h := range res.Hits {
		e, err := decodeEntry(h)
		if err != nil {
			return answered{}, err
		}
		out.entries = append(out.entries, e)
	}
	err := out.numbers(res.Facets, res.FacetsStats)
	return out, err
}
