package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// The engines.
const (
	enginePostgres    = "postgres"
	engineTypesense   = "typesense"
	engineMeilisearch = "meilisearch"
	engineAlgolia     = "algolia"
)

// engine answers searches.
type engine interface {
	// name is how it is chosen and told.
	name() string
	// ping says whether it answers.
	ping(ctx context.Context) error
	// find reads a page, and one row more, to know whether another follows. index is one that was fed; PostgreSQL has but
	// the one of the shop that asks.
	find(ctx context.Context, index string, r request) (result, error)
}

// outside is an engine with an index of its own, which is fed from the documents in PostgreSQL. All of it can be done
// again.
type outside interface {
	engine
	// create makes an index that is empty, or leaves one that is there.
	create(ctx context.Context, index string) error
	// write puts entries in, in place of those of the same ids, and takes others out; it returns when both are done.
	write(ctx context.Context, index string, put []entry, gone []string) error
	// teach makes these the synonyms that hold in an index, in place of others.
	teach(ctx context.Context, index string, all []expansion) error
	// indexes lists those whose name begins so.
	indexes(ctx context.Context, prefix string) ([]string, error)
	// drop removes an index, if it is there.
	drop(ctx context.Context, index string) error
}

func (s store) name() string { return enginePostgres }

func (s store) ping(ctx context.Context) error { return s.db.Ping(ctx) }

func (s store) find(ctx context.Context, _ string, r request) (result, error) {
	return s.search(ctx, r)
}

// newOutside makes the engine that is configured; nil when that is PostgreSQL.
func newOutside(cfg Config) (outside, error) {
	switch cfg.Engine {
	case enginePostgres, "":
		return nil, nil //nolint:nilnil // PostgreSQL needs none
	case engineTypesense:
		return newTypesense(cfg.URL, cfg.Key.Reveal()), nil
	case engineMeilisearch:
		return newMeilisearch(cfg.URL, cfg.Key.Reveal()), nil
	case engineAlgolia:
		return newAlgolia(cfg.URL, cfg.App, cfg.Key.Reveal()), nil
	}
	return nil, fmt.Errorf("search: there is no engine %q", cfg.Engine)
}

// engineTime bounds how long an engine outside may take for an answer; then PostgreSQL gives it.
const engineTime = 2 * time.Second

// entry is a document as engines outside keep it.
type entry struct {
	ID          string   `json:"id"`
	Product     string   `json:"product"`
	Edition     string   `json:"edition"`
	Covers      []string `json:"covers"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Brand       string   `json:"brand"`
	Categories  []string `json:"categories"`
	Tags        []string `json:"tags"`
	SKUs        []string `json:"skus"`
	Options     []string `json:"options"`
	Attributes  []string `json:"attributes"`
	Filters     []string `json:"filters"` // lexemes
	Facets      []string `json:"facets"`  // numbers of facet values
	Marks       []string `json:"marks"`   // whether it can be bought, and which step of prices it begins on
	Low         int64    `json:"low"`     // lowest price; noPrice without one
	High        int64    `json:"high"`
	Down        int64    `json:"down"`   // lowest price, to sort the other way
	Newest      int64    `json:"newest"` // microseconds, the newest being the greatest
}

// noPrice stands for the price of what has none: it comes last, and no range holds it.
const noPrice = int64(1) << 52

// searched are the fields that are searched, the most important first.
func searched() []string {
	return []string{"title", "brand", "skus", "categories", "tags", "attributes", "options", "description"}
}

// entryID is the id of a product's document in a language, of letters, digits and dashes alone.
func entryID(product id.ID, edition string) string {
	if edition == "" {
		return product.String()
	}
	return product.String() + "-" + edition
}

// covered is a language as entries name it: the shop's own has a name as well.
func covered(locale string) string {
	if locale == "" {
		return "own"
	}
	return locale
}

// indexName is that of one generation of one shop.
func indexName(shop id.ID, generation int64) string {
	return indexPrefix(shop) + strconv.FormatInt(generation, 10)
}

func indexPrefix(shop id.ID) string {
	return "sovecom_" + strings.ReplaceAll(shop.String(), "-", "") + "_"
}

// plain says whether engines outside can answer a request: those ask for words and choices. What rules and price lists
// make of a request only PostgreSQL knows, and synonyms that are not the same in all languages. taught is whether the
// engine knows the others.
func (r request) plain(taught bool) bool {
	if r.viewed || len(r.pinned)+len(r.buried) > 0 || r.query.any || r.query.foreign || r.after != nil && r.sort != "relevance" {
		return false
	}
	for _, a := range r.filters.attributes {
		if a.ranged() {
			return false
		}
	}
	for _, s := range r.query.slots {
		if len(s.alts) > 1 && !(taught && s.common) {
			return false
		}
	}
	return r.filters.min == nil || r.filters.max == nil // one variant has to be in the range, which entries do not tell
}

// groups are the lexemes chosen of each kind but one; of a group any will do.
func (r request) groups(without string) [][]string {
	f := r.filters
	var out [][]string
	add := func(kind, code string, values []string) {
		name := kind
		if kind == kindAttribute {
			name += ":" + code
		}
		if len(values) == 0 || name == without {
			return
		}
		group := make([]string, len(values))
		for i, v := range values {
			group[i] = filterLexeme(kind, code, v)
		}
		out = append(out, group)
	}
	add(kindCategory, "", f.categories)
	add(kindTag, "", f.tags)
	add(kindBrand, "", f.brands)
	for _, a := range f.attributes {
		add(kindAttribute, a.code, a.values)
	}
	if f.stock != nil && without != kindStock {
		out = append(out, []string{stockLexeme(*f.stock)})
	}
	return out
}

// typedWords are what was typed, without stop words.
func (q query) typedWords() string {
	out := make([]string, len(q.slots))
	for i, s := range q.slots {
		out[i] = joinWords(s.alts[0])
	}
	return strings.Join(out, " ")
}

// question is one to an engine outside.
type question struct {
	words    string
	cover    string
	groups   [][]string
	min, max *int64
	sort     string
	offset   int
	limit    int
}

// answered is what an engine outside says.
type answered struct {
	entries []entry
	total   int64
	facets  map[string]int64 // by number
	marks   map[string]int64
	low     *int64
	high    *int64
}

// ask puts a request to an engine as questions: one for the page, and one for each kind that is counted apart.
func ask(r request, one func(q question) (answered, error)) (result, error) {
	base := question{
		words: r.query.typedWords(), cover: covered(r.locale), groups: r.groups(""), min: r.filters.min, max: r.filters.max,
		sort: r.sort, offset: r.rows(), limit: r.limit + 1,
	}
	a, err := one(base)
	if err != nil {
		return result{}, err
	}
	out := result{total: a.total, sample: a.total, stock: a.marks[availableMark], lowest: a.low, highest: a.high, buckets: a.steps(), words: map[string][]string{}}
	for i, e := range a.entries {
		product, err := id.Parse(e.Product)
		if err != nil {
			return result{}, fmt.Errorf("search: an engine knows a product %q: %w", e.Product, err)
		}
		out.hits = append(out.hits, hit{position: position{key: int64(r.rows() + i), product: product}, edition: e.Edition, texts: texts{Title: e.Title, Description: e.Description, Brand: e.Brand}})
	}
	for number, n := range a.facets {
		out.values = append(out.values, facetCount{slug: number, count: n})
	}
	if r.facets == 0 {
		return out, nil
	}
	kinds, _, _ := r.apart()
	for _, kind := range kinds {
		q := base
		q.limit, q.offset = 0, 0
		if kind == kindPrice {
			q.min, q.max = nil, nil
		} else {
			q.groups = r.groups(kind)
		}
		if a, err = one(q); err != nil {
			return result{}, err
		}
		switch kind {
		case kindPrice:
			out.lowest, out.highest, out.priced, out.buckets = a.low, a.high, true, a.steps()
		case kindStock:
			n := a.marks[availableMark]
			out.inStock = &n
		default:
			for number, n := range a.facets {
				out.values = append(out.values, facetCount{kind: kind, slug: number, count: n, apart: true})
			}
		}
	}
	return out, nil
}

// Marks of entries.
const (
	availableMark = "available"
	stepMark      = "step" // and its number
)

// step is the number of the step of prices that an amount lies on, as width_bucket of PostgreSQL counts them.
func step(amount int64) int {
	at, found := slices.BinarySearch(ladder(), amount)
	if found {
		at++
	}
	return at
}

// steps are how many begin on which step of prices.
func (a answered) steps() map[int]int64 {
	out := map[int]int64{}
	for mark, n := range a.marks {
		if number, ok := strings.CutPrefix(mark, stepMark); ok {
			if i, err := strconv.Atoi(number); err == nil {
				out[i] = n
			}
		}
	}
	return out
}

// named gives facets that an engine told by number their names, and keeps of what was counted apart what it was counted
// for.
func (r *result) named(known map[string]facetCount, most int) {
	var out []facetCount
	for _, v := range r.values {
		f, ok := known[v.slug]
		if !ok {
			continue // a value that has gone since
		}
		kind := f.kind
		if f.kind == kindAttribute {
			kind += ":" + f.code
		}
		if v.apart && v.kind != kind {
			continue
		}
		f.count, f.apart = v.count, v.apart
		out = append(out, f)
	}
	r.values = out
	r.rank(most)
}

// health remembers that an engine does not answer, so that not every search waits for it.
type health struct {
	mu   sync.Mutex
	down time.Time // until then it is not asked
}

const engineRest = 5 * time.Second

func (h *health) up(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !now.Before(h.down)
}

func (h *health) failed(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down = now.Add(engineRest)
}

// outsideFinds asks the engine that is configured. ok is false when PostgreSQL has to answer: the engine is not fed with
// what is live yet, it does not answer, or it cannot be asked such a thing.
func (s *Service) outsideFinds(ctx context.Context, r request, v *vocabulary) (found result, ok bool) {
	if s.outside == nil || v.fed != v.live || !r.plain(v.told == v.mark) || !s.health.up(s.now()) {
		return result{}, false
	}
	shop, _ := tenant.From(ctx)
	asked, cancel := context.WithTimeout(ctx, engineTime)
	defer cancel()
	found, err := s.outside.find(asked, indexName(shop, v.live), r)
	if err == nil && r.facets > 0 {
		var numbers []string
		for _, f := range found.values {
			numbers = append(numbers, f.slug)
		}
		var known map[string]facetCount
		if known, err = s.store.facetsByNumber(ctx, numbers); err == nil {
			found.named(known, r.facets)
		}
	}
	if errors.Is(err, errOrder) {
		return result{}, false
	}
	if errors.Is(err, errNotUnderstood) {
		// Its fault or ours, and no reason to ask it nothing else.
		s.log.WarnContext(ctx, "search engine refuses a search, PostgreSQL answers it", "engine", s.outside.name(), "error", err)
		return result{}, false
	}
	if err != nil {
		if ctx.Err() == nil {
			s.health.failed(s.now())
			s.log.WarnContext(ctx, "search engine does not answer, PostgreSQL does", "engine", s.outside.name(), "error", err)
		}
		return result{}, false
	}
	// Nothing found: PostgreSQL may know what was meant, and knows the whole of it.
	return found, found.total > 0
}

// engineName is that of the engine that is configured.
func (s *Service) engineName() string {
	if s.outside == nil {
		return enginePostgres
	}
	return s.outside.name()
}

// PingEngine says whether the engine that is configured answers.
func (s *Service) PingEngine(ctx context.Context) error {
	if s.outside == nil {
		return s.store.ping(ctx)
	}
	return s.outside.ping(ctx)
}

// CheckEngine says whether an engine that is configured answers, and tells which it is.
func CheckEngine(ctx context.Context, cfg Config) (string, error) {
	if err := cfg.Validate(); err != nil {
		return "", err
	}
	e, err := newOutside(cfg)
	if err != nil {
		return "", err
	}
	if e == nil {
		return "PostgreSQL", nil
	}
	return e.name() + " at " + cfg.URL, e.ping(ctx)
}

// errNotUnderstood is what a search gets that an engine outside cannot read.
var errNotUnderstood = errors.New("search: the engine does not understand")

// errEngine is what an engine outside has to say against a call.
var errEngine = errors.New("search: the engine refuses")

// decodeEntry reads an entry that an engine gives back.
func decodeEntry(from any) (entry, error) {
	var e entry
	b, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(b, &e)
	}
	if err != nil {
		return e, fmt.Errorf("search: an entry of an engine: %w", err)
	}
	return e, nil
}
