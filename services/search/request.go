package search

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
)

// filters are what a search is narrowed by. Of the values of one kind any will do.
type filters struct {
	categories, tags, brands []string // slugs
	attributes               []attributeFilter
	min, max                 *int64
	stock                    *bool
}

// attributeFilter narrows by one attribute.
type attributeFilter struct {
	code     string
	values   []string
	min, max *string // decimal numbers
}

func (a attributeFilter) ranged() bool { return a.min != nil || a.max != nil }

// without is the request for what could be chosen of an attribute, as if nothing of it were.
func (r request) without(code string) request {
	r.filters.attributes = slices.DeleteFunc(slices.Clone(r.filters.attributes), func(a attributeFilter) bool { return a.code == code })
	r.after, r.offset, r.limit, r.correction, r.known = nil, 0, 0, false, nil
	return r
}

// The kinds of choices, as find counts them apart.
const (
	kindCategory  = "category"
	kindTag       = "tag"
	kindBrand     = "brand"
	kindStock     = "stock"
	kindPrice     = "price"
	kindAttribute = "attribute"
)

// choice is what is chosen of one kind, in the syntax of tsquery.
type choice struct{ kind, condition string }

func (f filters) choices() []choice {
	var out []choice
	add := func(kind, code string, values []string) {
		if len(values) == 0 {
			return
		}
		ors := make([]string, len(values))
		for i, v := range values {
			ors[i] = quote(filterLexeme(kind, code, v))
		}
		if kind == kindAttribute {
			kind += ":" + code
		}
		out = append(out, choice{kind, "(" + strings.Join(ors, " | ") + ")"})
	}
	add(kindCategory, "", f.categories)
	add(kindTag, "", f.tags)
	add(kindBrand, "", f.brands)
	for _, a := range f.attributes {
		add(kindAttribute, a.code, a.values)
	}
	if f.stock != nil {
		out = append(out, choice{kindStock, quote(stockLexeme(*f.stock))})
	}
	return out
}

// ranges are the attributes that are narrowed by a range, as find reads them; nil when there are none.
func (f filters) ranges() ([]byte, error) {
	type bounds struct {
		Code string       `json:"code"`
		Min  *json.Number `json:"min"`
		Max  *json.Number `json:"max"`
	}
	var out []bounds
	for _, a := range f.attributes {
		if a.ranged() {
			out = append(out, bounds{a.code, (*json.Number)(a.min), (*json.Number)(a.max)})
		}
	}
	if out == nil {
		return nil, nil
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("search: ranges: %w", err)
	}
	return b, nil
}

// conditions are what a document has to match, without what is chosen of one kind: each in the syntax of tsquery, parted as
// find takes them. With mark, the words have to be in the title. Products that are pinned need not have the words.
func (r request) conditions(mark, without string) string {
	all := r.query.conditions(mark)
	for i, text := range all {
		ors := []string{text}
		for _, p := range r.pinned {
			ors = append(ors, quote(productLexeme(p)))
		}
		all[i] = "(" + strings.Join(ors, " | ") + ")"
	}
	for _, c := range r.filters.choices() {
		if c.kind != without {
			all = append(all, c.condition)
		}
	}
	return strings.Join(all, conditionMark)
}

// conditionMark parts the conditions that find takes. No lexeme has it.
const conditionMark = "\x01"

// apart is which kinds are counted as if nothing of them were chosen, what a document has to match for that, and the marks of
// their facets.
func (r request) apart() (kinds, conditions []string, marks []int32) {
	kinds, conditions, marks = []string{}, []string{}, []int32{}
	if r.facets == 0 {
		return kinds, conditions, marks
	}
	add := func(kind, without string) {
		of, code, _ := strings.Cut(kind, ":")
		kinds, conditions, marks = append(kinds, kind), append(conditions, r.conditions("", without)), append(marks, int32(facetMark(of, clean(code))))
	}
	for _, c := range r.filters.choices() {
		add(c.kind, c.kind)
	}
	if r.filters.min != nil || r.filters.max != nil {
		add(kindPrice, "")
	}
	return kinds, conditions, marks
}

// views are the ways prices are seen, the one that fits who asks best first, several groups' between line breaks, of which the
// lowest counts; nil when they are those everybody sees.
func (r request) views() []string {
	if !r.viewed {
		return nil
	}
	out := []string{}
	add := func(v string) {
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	for _, at := range [][2]string{{r.country, r.channel}, {r.country, ""}, {"", r.channel}, {"", ""}} {
		grouped := make([]string, len(r.memberOf))
		for i, g := range r.memberOf {
			grouped[i] = viewKey("", at[0], at[1], g)
		}
		add(strings.Join(grouped, "\n"))
		add(viewKey("", at[0], at[1], ""))
	}
	return out
}

func cutApart(kind string) (string, bool) { return strings.CutPrefix(kind, "apart:") }

// settle puts what was read in order, and projects counts of a part to all.
func (r *result) settle() {
	slices.SortFunc(r.hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.key, b.key), slices.Compare(a.product[:], b.product[:]))
	})
	slices.SortStableFunc(r.values, func(a, b facetCount) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.code, b.code), cmp.Compare(a.place, b.place))
	})
	r.estimate = r.total > r.sample
	r.apart()
}

// apart lets what was counted apart for a kind be what counts of it.
func (r *result) apart() {
	r.values = slices.DeleteFunc(r.values, func(f facetCount) bool {
		return !f.apart && slices.ContainsFunc(r.values, func(o facetCount) bool { return o.apart && o.kind == f.kind && o.code == f.code })
	})
}

// rank orders values of each kind by how many have them, and keeps the first.
func (r *result) rank(most int) {
	r.apart()
	slices.SortFunc(r.values, func(a, b facetCount) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.code, b.code), cmp.Compare(b.count, a.count), cmp.Compare(a.slug, b.slug))
	})
	place := 0
	var kept []facetCount
	for i, v := range r.values {
		if i == 0 || v.kind != r.values[i-1].kind || v.code != r.values[i-1].code {
			place = 0
		}
		if place++; place <= most {
			kept = append(kept, v)
		}
	}
	r.values = kept
}

// project tells how many of all matches have what n of those looked at have.
func (r result) project(n int64) int64 {
	if !r.estimate || r.sample == 0 {
		return n
	}
	return min(max(n*r.total/r.sample, n), r.total)
}

func attributeFilters(in []*catalogv1.AttributeFilter, v *vocabulary) ([]attributeFilter, error) {
	var out []attributeFilter
	refused := ErrBadFilter
	for _, f := range in {
		name := "attr." + f.GetCode()
		if !v.attributes[f.GetCode()] {
			refused = refused.WithField(name, "unknown_attribute", "There is no attribute of this code to filter by.")
			continue
		}
		a := attributeFilter{code: f.GetCode(), values: f.GetValues()}
		for _, bound := range []struct {
			name string
			from *string
			to   **string
		}{{".min", f.Min, &a.min}, {".max", f.Max, &a.max}} {
			if bound.from == nil {
				continue
			}
			text := *bound.from
			if len(text) == len("2026-01-31") && strings.Count(text, "-") == 2 {
				text = strings.ReplaceAll(text, "-", "")
			}
			n, ok := numberText(text)
			if !ok {
				refused = refused.WithField(name+bound.name, "wrong_type", "Expected a number, or a date such as 2026-01-31.")
				continue
			}
			*bound.to = &n
		}
		out = append(out, a)
	}
	if len(refused.Fields()) > 0 {
		return nil, refused
	}
	return out, nil
}

func sortName(s searchv1.SearchSort) string {
	switch s {
	case searchv1.SearchSort_SEARCH_SORT_PRICE:
		return "price"
	case searchv1.SearchSort_SEARCH_SORT_PRICE_DESC:
		return "price_desc"
	case searchv1.SearchSort_SEARCH_SORT_NEWEST:
		return "newest"
	case searchv1.SearchSort_SEARCH_SORT_UNSPECIFIED, searchv1.SearchSort_SEARCH_SORT_RELEVANCE:
	}
	return "relevance"
}
