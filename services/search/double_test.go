package search

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// double plays an engine over its protocol: it keeps what it is given, filters, counts and sorts it, and refuses whatever
// the real one would not understand.
type double struct {
	t      testing.TB
	key    string
	server *httptest.Server

	mu      sync.Mutex
	indexes map[string]*doubleIndex
	tasks   map[int64]string // error code, empty when it went well
	down    bool
	asked   int      // searches
	refused []string // what was not understood
}

type doubleIndex struct {
	records  map[string]map[string]any
	fields   map[string]string    // of Typesense: name to type
	settings map[string]any       // of Meilisearch and Algolia
	synonyms map[string]expansion // by the name they were given
}

// ways are the ways to say what the words begin with, besides themselves, and how many of them that is.
func (i *doubleIndex) ways(asked []string) (out [][]string, n int) {
	for _, e := range i.synonyms {
		phrase := words(e.phrase, 100)
		if len(phrase) == 0 || len(phrase) <= n || len(phrase) > len(asked) || !slices.Equal(phrase, asked[:len(phrase)]) {
			continue
		}
		out, n = nil, len(phrase)
		for _, w := range e.ways {
			out = append(out, words(w, 100))
		}
	}
	return out, n
}

func newDouble(t testing.TB, serve func(d *double) http.Handler) *double {
	d := &double{t: t, key: "secret", indexes: map[string]*doubleIndex{}, tasks: map[int64]string{}}
	handler := serve(d)
	d.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(d.server.Close)
	return d
}

func (d *double) set(down bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = down
}

// held is the titles of one index, and how many indexes there are.
func (d *double) held() (titles []string, indexes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range d.indexes {
		for _, r := range i.records {
			titles = append(titles, fmt.Sprint(r["title"]))
		}
	}
	slices.Sort(titles)
	return titles, len(d.indexes)
}

func (d *double) counts() (asked int, refused []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked, slices.Clone(d.refused)
}

// no refuses a request.
func (d *double) no(w http.ResponseWriter, status int, why string) {
	d.refused = append(d.refused, why)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"message": why, "code": "invalid", "status": status})
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// condition is one filter: a field has one of the values, or a number in a range.
type doubleCondition struct {
	field string
	any   []string
	op    string // >= or <=
	bound float64
}

func (c doubleCondition) holds(r map[string]any) bool {
	if c.op != "" {
		n, ok := r[c.field].(float64)
		return ok && (c.op == ">=" && n >= c.bound || c.op == "<=" && n <= c.bound)
	}
	return slices.ContainsFunc(textsIn(r[c.field]), func(s string) bool { return slices.Contains(c.any, s) })
}

func textsIn(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, one := range v {
			out = append(out, fmt.Sprint(one))
		}
		return out
	}
	return nil
}

// query finds records with all words, of which the last may go on and each may have a mistake, in the order asked for.
func (i *doubleIndex) query(q string, conditions []doubleCondition, sort string, desc bool) []map[string]any {
	type ranked struct {
		record map[string]any
		score  int
	}
	var out []ranked
	asked := words(q, 100)
	for _, id := range slices.Sorted(maps.Keys(i.records)) {
		r := i.records[id]
		if slices.ContainsFunc(conditions, func(c doubleCondition) bool { return !c.holds(r) }) {
			continue
		}
		one := func(w string, typed, open bool) (best int) {
			for weight, f := range slices.Backward(searched()) {
				for _, text := range textsIn(r[f]) {
					for _, have := range words(text, 10_000) {
						if have == w || open && strings.HasPrefix(have, w) || typed && distance([]rune(w), []rune(have)) <= tolerance(w) {
							best = max(best, 100-weight)
						}
					}
				}
			}
			return best
		}
		every := func(ws []string, typed, open bool) (sum int) {
			for n, w := range ws {
				best := one(w, typed, open && n == len(ws)-1)
				if best == 0 {
					return 0
				}
				sum += best
			}
			return sum
		}
		score, all := 0, true
		for n := 0; n < len(asked); {
			ways, m := i.ways(asked[n:])
			m = max(m, 1)
			best := every(asked[n:n+m], true, n+m == len(asked))
			for _, w := range ways {
				best = max(best, every(w, false, false)) // synonyms are meant as they are
			}
			all = all && best > 0
			score += best
			n += m
		}
		if all {
			out = append(out, ranked{r, score})
		}
	}
	slices.SortStableFunc(out, func(a, b ranked) int {
		if sort == "" {
			return b.score - a.score
		}
		x, y := a.record[sort].(float64), b.record[sort].(float64)
		if desc {
			x, y = y, x
		}
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	records := make([]map[string]any, len(out))
	for n, o := range out {
		records[n] = o.record
	}
	return records
}

func countIn(records []map[string]any, field string) map[string]int {
	out := map[string]int{}
	for _, r := range records {
		for _, v := range textsIn(r[field]) {
			out[v]++
		}
	}
	return out
}

func boundsOf(records []map[string]any, field string) (low, high float64) {
	for i, r := range records {
		n, _ := r[field].(float64)
		if i == 0 || n < low {
			low = n
		}
		if i == 0 || n > high {
			high = n
		}
	}
	return low, high
}

func cut[T any](list []T, offset, limit int) []T {
	offset = min(offset, len(list))
	return list[offset:min(offset+limit, len(list))]
}

var (
	typesenseList  = regexp.MustCompile("^(covers|filters|id):=\\[(`[^`]*`(?:,`[^`]*`)*)\\]$")
	typesenseRange = regexp.MustCompile(`^(low|high):(>=|<=)(-?[0-9]+)$`)
)

// typesenseFilter reads filter_by.
func typesenseFilter(text string) ([]doubleCondition, error) {
	var out []doubleCondition
	for rest := text; rest != ""; {
		// A list ends at the bracket behind a backtick; nothing within backticks ends it.
		var part string
		if at := strings.Index(rest, ":=["); at > 0 && !strings.Contains(rest[:at], " && ") {
			end := -1
			quoted := false
			for i := at + 3; i < len(rest); i++ {
				if rest[i] == '`' {
					quoted = !quoted
				}
				if rest[i] == ']' && !quoted {
					end = i + 1
					break
				}
			}
			if end < 0 {
				return nil, fmt.Errorf("no end of a list in %q", text)
			}
			part, rest = rest[:end], rest[end:]
		} else {
			part, rest, _ = strings.Cut(rest, " && ")
			if rest != "" {
				rest = " && " + rest
			}
		}
		if rest != "" {
			var ok bool
			if rest, ok = strings.CutPrefix(rest, " && "); !ok {
				return nil, fmt.Errorf("no && in %q", text)
			}
		}
		if m := typesenseList.FindStringSubmatch(part); m != nil {
			out = append(out, doubleCondition{field: m[1], any: strings.Split(strings.Trim(m[2], "`"), "`,`")})
			continue
		}
		m := typesenseRange.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("not understood: %q", part)
		}
		n, _ := strconv.ParseFloat(m[3], 64)
		out = append(out, doubleCondition{field: m[1], op: m[2], bound: n})
	}
	return out, nil
}

// onlyParams finds the first parameter that is not known.
func onlyParams(q url.Values, known ...string) string {
	for name := range q {
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}

func typesenseDouble(d *double) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, do func(w http.ResponseWriter, r *http.Request, i *doubleIndex)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-TYPESENSE-API-KEY") != d.key {
				d.no(w, http.StatusUnauthorized, "key")
				return
			}
			if len(r.URL.RawQuery) > 4000 {
				d.no(w, http.StatusBadRequest, "Query string exceeds max allowed length of 4000.")
				return
			}
			name := r.PathValue("name")
			if name != "" && d.indexes[name] == nil {
				answerJSON(w, http.StatusNotFound, map[string]any{"message": "Not Found"})
				return
			}
			do(w, r, d.indexes[name])
		})
	}
	handle("GET /collections", func(w http.ResponseWriter, _ *http.Request, _ *doubleIndex) {
		out := []map[string]any{}
		for name := range d.indexes {
			out = append(out, map[string]any{"name": name, "num_documents": 0, "fields": []any{}})
		}
		answerJSON(w, http.StatusOK, out)
	})
	handle("POST /collections", func(w http.ResponseWriter, r *http.Request, _ *doubleIndex) {
		var schema struct {
			Name       string
			Fields     []struct{ Name, Type string }
			Separators []string `json:"token_separators"`
		}
		if err := json.NewDecoder(r.Body).Decode(&schema); err != nil || schema.Name == "" || len(schema.Fields) == 0 || slices.ContainsFunc(schema.Separators, func(s string) bool { return len([]rune(s)) != 1 }) {
			d.no(w, http.StatusBadRequest, "schema")
			return
		}
		if d.indexes[schema.Name] != nil {
			answerJSON(w, http.StatusConflict, map[string]any{"message": "already exists"})
			return
		}
		i := &doubleIndex{records: map[string]map[string]any{}, fields: map[string]string{}, synonyms: map[string]expansion{}}
		for _, f := range schema.Fields {
			if !slices.Contains([]string{"string", "string[]", "int64"}, f.Type) {
				d.no(w, http.StatusBadRequest, "type "+f.Type)
				return
			}
			i.fields[f.Name] = f.Type
		}
		d.indexes[schema.Name] = i
		answerJSON(w, http.StatusCreated, map[string]any{"name": schema.Name, "fields": []any{}, "num_documents": 0})
	})
	handle("DELETE /collections/{name}", func(w http.ResponseWriter, r *http.Request, _ *doubleIndex) {
		delete(d.indexes, r.PathValue("name"))
		answerJSON(w, http.StatusOK, map[string]any{"name": r.PathValue("name"), "fields": []any{}, "num_documents": 0})
	})
	handle("GET /collections/{name}/synonyms", func(w http.ResponseWriter, _ *http.Request, i *doubleIndex) {
		out := []map[string]any{}
		for id, e := range i.synonyms {
			out = append(out, map[string]any{"id": id, "root": e.phrase, "synonyms": e.ways})
		}
		answerJSON(w, http.StatusOK, map[string]any{"synonyms": out})
	})
	handle("PUT /collections/{name}/synonyms/{synonym}", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		in, err := readBody(r, "root", "synonyms")
		e := expansion{fmt.Sprint(in["root"]), textsIn(in["synonyms"])}
		if err != nil || in["root"] == nil || len(e.ways) == 0 {
			d.no(w, http.StatusBadRequest, fmt.Sprint("synonym ", in, err))
			return
		}
		i.synonyms[r.PathValue("synonym")] = e
		answerJSON(w, http.StatusOK, map[string]any{"id": r.PathValue("synonym"), "root": e.phrase, "synonyms": e.ways})
	})
	handle("DELETE /collections/{name}/synonyms/{synonym}", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		if _, ok := i.synonyms[r.PathValue("synonym")]; !ok {
			answerJSON(w, http.StatusNotFound, map[string]any{"message": "Could not find that id"})
			return
		}
		delete(i.synonyms, r.PathValue("synonym"))
		answerJSON(w, http.StatusOK, map[string]any{"id": r.PathValue("synonym")})
	})
	handle("POST /collections/{name}/documents/import", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		if bad := onlyParams(r.URL.Query(), "action", "batch_size"); bad != "" || r.URL.Query().Get("action") != "upsert" {
			d.no(w, http.StatusBadRequest, "import "+bad)
			return
		}
		w.WriteHeader(http.StatusOK)
		lines := bufio.NewScanner(r.Body)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var record map[string]any
			why := ""
			if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
				why = "not JSON"
			}
			for name, typ := range i.fields {
				v, ok := record[name]
				_, isText := v.(string)
				_, isList := v.([]any)
				_, isNumber := v.(float64)
				if !ok || typ == "string" != isText || typ == "string[]" != isList || typ == "int64" != isNumber {
					why = "field " + name
				}
			}
			if id, ok := record["id"].(string); !ok || id == "" {
				why = "id"
			}
			if why != "" {
				d.refused = append(d.refused, why)
				fmt.Fprintf(w, `{"success":false,"error":%q}`+"\n", why)
				continue
			}
			i.records[record["id"].(string)] = record //nolint:forcetypeassert // checked
			fmt.Fprintln(w, `{"success":true}`)
		}
	})
	handle("DELETE /collections/{name}/documents", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		conditions, err := typesenseFilter(r.URL.Query().Get("filter_by"))
		if bad := onlyParams(r.URL.Query(), "filter_by"); bad != "" || err != nil || len(conditions) == 0 {
			d.no(w, http.StatusBadRequest, fmt.Sprint("delete ", bad, err))
			return
		}
		n := 0
		for id, record := range i.records {
			if !slices.ContainsFunc(conditions, func(c doubleCondition) bool { return !c.holds(record) }) {
				delete(i.records, id)
				n++
			}
		}
		answerJSON(w, http.StatusOK, map[string]any{"num_deleted": n})
	})
	handle("POST /multi_search", func(w http.ResponseWriter, r *http.Request, _ *doubleIndex) {
		d.asked++
		in, err := readBody(r, "searches")
		searches, _ := in["searches"].([]any)
		if err != nil || len(searches) == 0 || len(searches) > 50 {
			d.no(w, http.StatusBadRequest, fmt.Sprint("searches ", err))
			return
		}
		results := []any{}
		for _, one := range searches {
			q, _ := one.(map[string]any)
			result, why := d.typesenseSearch(q)
			if why != "" {
				d.refused = append(d.refused, why)
				result = map[string]any{"code": 400, "error": why}
			}
			results = append(results, result)
		}
		answerJSON(w, http.StatusOK, map[string]any{"results": results})
	})
	return mux
}

// typesenseSearch answers one search, or says why it cannot.
func (d *double) typesenseSearch(q map[string]any) (answer map[string]any, why string) {
	for key := range q {
		if !slices.Contains([]string{"collection", "q", "query_by", "query_by_weights", "filter_by", "facet_by", "max_facet_values", "offset", "limit", "drop_tokens_threshold", "sort_by"}, key) {
			return nil, "search " + key
		}
	}
	text := func(key string) string { s, _ := q[key].(string); return s }
	number := func(key string) int { f, _ := q[key].(float64); return int(f) }
	i := d.indexes[text("collection")]
	conditions, err := typesenseFilter(text("filter_by"))
	sort, direction, _ := strings.Cut(text("sort_by"), ":")
	switch {
	case i == nil:
		return nil, "no collection"
	case err != nil, len(strings.Split(text("query_by"), ",")) != len(strings.Split(text("query_by_weights"), ",")):
		return nil, fmt.Sprint("search ", err)
	case sort != "" && (i.fields[sort] != "int64" || direction != "asc" && direction != "desc"), text("facet_by") != "facets,marks,low,high":
		return nil, "sort or facet"
	}
	words := text("q")
	if words == "*" {
		words = ""
	}
	found := i.query(words, conditions, sort, direction == "desc")
	hits := []map[string]any{}
	for _, record := range cut(found, number("offset"), number("limit")) {
		hits = append(hits, map[string]any{"document": record})
	}
	facet := func(field string) []map[string]any {
		out := []map[string]any{}
		for value, n := range countIn(found, field) {
			out = append(out, map[string]any{"value": value, "count": n})
		}
		return out
	}
	low, _ := boundsOf(found, "low")
	_, high := boundsOf(found, "high")
	return map[string]any{"found": len(found), "hits": hits, "facet_counts": []map[string]any{
		{"field_name": "facets", "counts": facet("facets")}, {"field_name": "marks", "counts": facet("marks")}, {"field_name": "low", "counts": []any{}, "stats": map[string]any{"min": low}}, {"field_name": "high", "counts": []any{}, "stats": map[string]any{"max": high}},
	}}, ""
}

// readBody reads a document whose keys are all known.
func readBody(r *http.Request, known ...string) (map[string]any, error) {
	var out map[string]any
	b, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		return nil, err
	}
	for key := range out {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("key %q is not known", key)
		}
	}
	return out, nil
}

var meiliCondition = regexp.MustCompile(`^(\w+) (=|>=|<=) (?:"((?:[^"\\]|\\.)*)"|(-?[0-9]+))$`)

// meiliFilter reads lists of alternatives.
func meiliFilter(filter any, filterable []string) ([]doubleCondition, error) {
	groups, ok := filter.([]any)
	if !ok {
		return nil, fmt.Errorf("filter is %T", filter)
	}
	var out []doubleCondition
	for _, g := range groups {
		var c doubleCondition
		for _, text := range textsIn(g) {
			m := meiliCondition.FindStringSubmatch(text)
			if len(m) == 0 || !slices.Contains(filterable, m[1]) || c.field != "" && c.field != m[1] || (m[2] == "=") != (m[4] == "") {
				return nil, fmt.Errorf("not understood: %q", text)
			}
			c.field = m[1]
			if m[2] == "=" {
				c.any = append(c.any, regexp.MustCompile(`\\(.)`).ReplaceAllString(m[3], "$1"))
				continue
			}
			c.op = m[2]
			c.bound, _ = strconv.ParseFloat(m[4], 64)
		}
		if c.field == "" {
			return nil, fmt.Errorf("an empty filter")
		}
		out = append(out, c)
	}
	return out, nil
}

func meilisearchDouble(d *double) http.Handler {
	mux := http.NewServeMux()
	task := func(w http.ResponseWriter, code string) {
		n := int64(len(d.tasks) + 1)
		d.tasks[n] = code
		answerJSON(w, http.StatusAccepted, map[string]any{"taskUid": n, "status": "enqueued", "indexUid": "x", "type": "t", "enqueuedAt": "2026-01-01T00:00:00Z"})
	}
	handle := func(pattern string, do func(w http.ResponseWriter, r *http.Request, i *doubleIndex)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+d.key {
				d.no(w, http.StatusForbidden, "key")
				return
			}
			do(w, r, d.indexes[r.PathValue("name")])
		})
	}
	handle("GET /indexes", func(w http.ResponseWriter, _ *http.Request, _ *doubleIndex) {
		out := []map[string]any{}
		for name := range d.indexes {
			out = append(out, map[string]any{"uid": name, "primaryKey": "id", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"})
		}
		answerJSON(w, http.StatusOK, map[string]any{"results": out, "total": len(out), "offset": 0, "limit": 100})
	})
	handle("POST /indexes", func(w http.ResponseWriter, r *http.Request, _ *doubleIndex) {
		in, err := readBody(r, "uid", "primaryKey")
		if err != nil || in["primaryKey"] != "id" {
			d.no(w, http.StatusBadRequest, fmt.Sprint("index ", err))
			return
		}
		name := fmt.Sprint(in["uid"])
		if d.indexes[name] != nil {
			task(w, "index_already_exists")
			return
		}
		d.indexes[name] = &doubleIndex{records: map[string]map[string]any{}, settings: map[string]any{}}
		task(w, "")
	})
	handle("DELETE /indexes/{name}", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		delete(d.indexes, r.PathValue("name"))
		task(w, map[bool]string{true: "index_not_found", false: ""}[i == nil])
	})
	handle("PATCH /indexes/{name}/settings", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		in, err := readBody(r, "searchableAttributes", "filterableAttributes", "sortableAttributes", "pagination", "faceting")
		if err != nil || i == nil {
			d.no(w, http.StatusBadRequest, fmt.Sprint("settings ", err))
			return
		}
		i.settings = in
		task(w, "")
	})
	handle("PUT /indexes/{name}/settings/synonyms", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		var in map[string][]string
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in == nil || i == nil {
			d.no(w, http.StatusBadRequest, fmt.Sprint("synonyms ", err))
			return
		}
		i.synonyms = map[string]expansion{}
		for phrase, ways := range in {
			i.synonyms[phrase] = expansion{phrase, ways}
		}
		task(w, "")
	})
	handle("GET /tasks/{task}", func(w http.ResponseWriter, r *http.Request, _ *doubleIndex) {
		n, _ := strconv.ParseInt(r.PathValue("task"), 10, 64)
		out := map[string]any{"uid": n, "status": "succeeded", "indexUid": "x", "type": "t"}
		if code := d.tasks[n]; code != "" {
			out["status"], out["error"] = "failed", map[string]any{"code": code, "message": code, "type": "invalid_request", "link": ""}
		}
		answerJSON(w, http.StatusOK, out)
	})
	handle("POST /indexes/{name}/documents", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		var in []map[string]any
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || i == nil || r.URL.Query().Get("primaryKey") != "id" {
			d.no(w, http.StatusBadRequest, "documents")
			return
		}
		for _, record := range in {
			key, ok := record["id"].(string)
			if !ok || !regexp.MustCompile(`^[a-zA-Z0-9_-]{1,511}$`).MatchString(key) {
				d.refused = append(d.refused, "id")
				task(w, "invalid_document_id")
				return
			}
			i.records[key] = record
		}
		task(w, "")
	})
	handle("POST /indexes/{name}/documents/delete-batch", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		var in []string
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || i == nil {
			d.no(w, http.StatusBadRequest, "delete")
			return
		}
		for _, id := range in {
			delete(i.records, id)
		}
		task(w, "")
	})
	handle("POST /indexes/{name}/search", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		d.asked++
		in, err := readBody(r, "q", "filter", "facets", "sort", "offset", "limit", "matchingStrategy", "hybrid")
		if err != nil || i == nil || in["matchingStrategy"] != "all" || in["hybrid"] != nil {
			d.no(w, http.StatusBadRequest, fmt.Sprint("search ", err))
			return
		}
		filterable := textsIn(i.settings["filterableAttributes"])
		conditions, err := meiliFilter(in["filter"], filterable)
		sort, direction, _ := strings.Cut(strings.Join(textsIn(in["sort"]), ","), ":")
		if err != nil || sort != "" && !slices.Contains(textsIn(i.settings["sortableAttributes"]), sort) ||
			slices.ContainsFunc(textsIn(in["facets"]), func(f string) bool { return !slices.Contains(filterable, f) }) {
			d.no(w, http.StatusBadRequest, fmt.Sprint("filter, sort or facets ", err))
			return
		}
		found := i.query(fmt.Sprint(in["q"]), conditions, sort, direction == "desc")
		offset, _ := in["offset"].(float64)
		limit, given := in["limit"].(float64)
		if !given {
			limit = 20
		}
		low, _ := boundsOf(found, "low")
		_, high := boundsOf(found, "high")
		answerJSON(w, http.StatusOK, map[string]any{
			"hits": cut(found, int(offset), int(limit)), "estimatedTotalHits": len(found), "query": in["q"], "processingTimeMs": 0,
			"facetDistribution": map[string]any{"facets": countIn(found, "facets"), "marks": countIn(found, "marks")},
			"facetStats":        map[string]any{"low": map[string]any{"min": low, "max": low}, "high": map[string]any{"min": high, "max": high}},
		})
	})
	return mux
}

func algoliaDouble(d *double) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, do func(w http.ResponseWriter, r *http.Request, i *doubleIndex)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Algolia-Api-Key") != d.key || r.Header.Get("X-Algolia-Application-Id") != "APP" {
				d.no(w, http.StatusForbidden, "key")
				return
			}
			do(w, r, d.indexes[r.PathValue("name")])
		})
	}
	task := func(w http.ResponseWriter) {
		answerJSON(w, http.StatusOK, map[string]any{"taskID": 7, "updatedAt": "2026-01-01T00:00:00Z"})
	}
	handle("GET /1/indexes", func(w http.ResponseWriter, _ *http.Request, _ *doubleIndex) {
		out := []map[string]any{}
		for name := range d.indexes {
			out = append(out, map[string]any{"name": name})
		}
		answerJSON(w, http.StatusOK, map[string]any{"items": out, "nbPages": 1})
	})
	handle("GET /1/indexes/{name}/task/{task}", func(w http.ResponseWriter, _ *http.Request, _ *doubleIndex) {
		answerJSON(w, http.StatusOK, map[string]any{"status": "published", "pendingTask": false})
	})
	handle("PUT /1/indexes/{name}/settings", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		in, err := readBody(r, "searchableAttributes", "attributesForFaceting", "customRanking", "maxValuesPerFacet", "paginationLimitedTo", "attributesToHighlight", "removeWordsIfNoResults")
		if err != nil {
			d.no(w, http.StatusBadRequest, fmt.Sprint("settings ", err))
			return
		}
		if i == nil {
			i = &doubleIndex{records: map[string]map[string]any{}}
			d.indexes[r.PathValue("name")] = i
		}
		i.settings = in
		task(w)
	})
	handle("DELETE /1/indexes/{name}", func(w http.ResponseWriter, r *http.Request, _ *doubleIndex) {
		delete(d.indexes, r.PathValue("name"))
		task(w)
	})
	handle("POST /1/indexes/{name}/synonyms/clear", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		if i == nil || len(r.URL.Query()) > 0 {
			d.no(w, http.StatusBadRequest, "synonyms")
			return
		}
		i.synonyms = map[string]expansion{}
		task(w)
	})
	handle("POST /1/indexes/{name}/synonyms/batch", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		var in []struct {
			ObjectID, Type, Input string
			Synonyms              []string
		}
		decoder := json.NewDecoder(r.Body)
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil || i == nil || len(in) == 0 || onlyParams(r.URL.Query(), "replaceExistingSynonyms") != "" {
			d.no(w, http.StatusBadRequest, fmt.Sprint("synonyms ", err))
			return
		}
		if r.URL.Query().Get("replaceExistingSynonyms") == "true" || i.synonyms == nil {
			i.synonyms = map[string]expansion{}
		}
		for _, s := range in {
			if s.ObjectID == "" || s.Type != "oneWaySynonym" || s.Input == "" || len(s.Synonyms) == 0 || len(s.Synonyms) > 100 {
				d.no(w, http.StatusBadRequest, fmt.Sprint("synonym ", s))
				return
			}
			i.synonyms[s.ObjectID] = expansion{s.Input, s.Synonyms}
		}
		task(w)
	})
	handle("POST /1/indexes/{name}/batch", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		in, err := readBody(r, "requests")
		requests, _ := in["requests"].([]any)
		if err != nil || i == nil || len(requests) == 0 {
			d.no(w, http.StatusBadRequest, fmt.Sprint("batch ", err))
			return
		}
		for _, one := range requests {
			operation, _ := one.(map[string]any)
			record, _ := operation["body"].(map[string]any)
			which, _ := record["objectID"].(string)
			switch {
			case which == "":
				d.no(w, http.StatusBadRequest, "objectID")
				return
			case operation["action"] == "updateObject":
				i.records[which] = record
			case operation["action"] == "deleteObject":
				delete(i.records, which)
			default:
				d.no(w, http.StatusBadRequest, fmt.Sprint("action ", operation["action"]))
				return
			}
		}
		task(w)
	})
	handle("POST /1/indexes/{name}/query", func(w http.ResponseWriter, r *http.Request, i *doubleIndex) {
		d.asked++
		if i == nil {
			answerJSON(w, http.StatusNotFound, map[string]any{"message": "Index does not exist"})
			return
		}
		in, err := readBody(r, "query", "facetFilters", "numericFilters", "facets", "offset", "length", "queryType")
		if err != nil || in["queryType"] != "prefixLast" {
			d.no(w, http.StatusBadRequest, fmt.Sprint("query ", err))
			return
		}
		faceting := textsIn(i.settings["attributesForFaceting"])
		var conditions []doubleCondition
		groups, _ := in["facetFilters"].([]any)
		for _, g := range groups {
			var c doubleCondition
			for _, text := range textsIn(g) {
				field, value, ok := strings.Cut(text, ":")
				if !ok || !slices.Contains(faceting, field) && !slices.Contains(faceting, "filterOnly("+field+")") {
					d.no(w, http.StatusBadRequest, "facet filter "+text)
					return
				}
				c.field, c.any = field, append(c.any, value)
			}
			conditions = append(conditions, c)
		}
		for _, text := range textsIn(in["numericFilters"]) {
			m := regexp.MustCompile(`^(low|high)(>=|<=)(-?[0-9]+)$`).FindStringSubmatch(text)
			if m == nil {
				d.no(w, http.StatusBadRequest, "numeric filter "+text)
				return
			}
			n, _ := strconv.ParseFloat(m[3], 64)
			conditions = append(conditions, doubleCondition{field: m[1], op: m[2], bound: n})
		}
		sort := ""
		if in["query"] == "" {
			sort = "newest" // the custom ranking
		}
		found := i.query(fmt.Sprint(in["query"]), conditions, sort, true)
		offset, _ := in["offset"].(float64)
		length, _ := in["length"].(float64)
		low, _ := boundsOf(found, "low")
		_, high := boundsOf(found, "high")
		answerJSON(w, http.StatusOK, map[string]any{
			"hits": cut(found, int(offset), int(length)), "nbHits": len(found), "facets": map[string]any{"facets": countIn(found, "facets"), "marks": countIn(found, "marks")},
			"facets_stats": map[string]any{"low": map[string]any{"min": low, "max": low}, "high": map[string]any{"min": high, "max": high}},
		})
	})
	return mux
}
