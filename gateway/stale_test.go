package gateway

import (
	"net/url"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// shirt is published, in a category below "clothes", tagged, in stock, 10 to 30 euros.
func shirt(change func(f *catalogv1.ListedFacts)) *catalogv1.ListedFacts {
	f := &catalogv1.ListedFacts{
		Published: true, Title: "Shirt", Available: true, Prices: []int64{1000, 3000}, PricesKnown: true,
		CategoryIds: []string{"shirts"}, ListedCategoryIds: []string{"clothes", "shirts"}, TagIds: []string{"t"}, TagSlugs: []string{"linen"}, ListsKnown: true,
	}
	if change != nil {
		change(f)
	}
	return f
}

func TestStale(t *testing.T) {
	t.Parallel()
	as := shirt(nil)
	described := event{product: "p", known: true, before: as, after: as}
	priced := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.Prices = []int64{900, 3000} })}
	higher := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.Prices = []int64{1000, 4000} })}
	retitled := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.Title = "Blouse" })}
	soldOut := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.Available = false })}
	hidden := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.Published = false })}
	moved := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.CategoryIds, f.ListedCategoryIds = []string{"x"}, []string{"x"} })}
	vague := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.ListsKnown, f.ListedCategoryIds = false, nil })}
	costly := event{product: "p", known: true, before: as, after: shirt(func(f *catalogv1.ListedFacts) { f.PricesKnown, f.Prices = false, nil })}
	draft := shirt(func(f *catalogv1.ListedFacts) { f.Published = false })
	drafted := event{product: "p", known: true, after: draft}
	made := event{product: "p", known: true, after: as}
	gone := event{product: "p", known: true, before: as}
	all := map[string]event{
		"described": described, "priced": priced, "higher": higher, "retitled": retitled, "sold out": soldOut, "hidden": hidden, "moved": moved, "vague": vague,
		"costly": costly, "drafted": drafted, "made": made, "gone": gone, "unknown": {product: "p"}, "anything": {},
	}
	always := []string{"unknown", "anything"}
	ranks := []string{"hidden", "made", "gone"} // what changes any list the product stands in
	everything := []string{"described", "priced", "higher", "retitled", "sold out", "hidden", "moved", "vague", "costly", "drafted", "made", "gone"}
	for name, row := range map[string]struct {
		page  renderedPage
		stale []string // besides those that say nothing of before and after
	}{
		"the product":            {renderedPage{kind: oneProduct, product: "p"}, everything},
		"a list that shows it":   {renderedPage{kind: products, list: &listPage{shows: []string{"p"}, sort: "createdAt"}}, everything},
		"a list of who knows":    {renderedPage{kind: products}, everything},
		"newest":                 {renderedPage{kind: products, list: &listPage{sort: "createdAt"}}, ranks},
		"by title":               {renderedPage{kind: products, list: &listPage{sort: "title"}}, append([]string{"retitled"}, ranks...)},
		"by price":               {renderedPage{kind: products, list: &listPage{sort: "price"}}, append([]string{"priced", "costly"}, ranks...)},
		"words":                  {renderedPage{kind: products, list: &listPage{sort: "createdAt", words: true}}, append([]string{"retitled"}, ranks...)},
		"its category":           {renderedPage{kind: products, list: &listPage{sort: "createdAt", category: "shirts"}}, append([]string{"moved", "vague"}, ranks...)},
		"the category above":     {renderedPage{kind: products, list: &listPage{sort: "createdAt", category: "clothes"}}, append([]string{"moved", "vague"}, ranks...)},
		"another category":       {renderedPage{kind: products, list: &listPage{sort: "price", category: "bowls"}}, []string{"vague"}},
		"its tag":                {renderedPage{kind: products, list: &listPage{sort: "createdAt", tag: "linen"}}, ranks},
		"another tag":            {renderedPage{kind: products, list: &listPage{sort: "createdAt", tag: "wool"}}, []string{"vague"}},
		"in stock":               {renderedPage{kind: products, list: &listPage{sort: "createdAt", inStock: proto.Bool(true)}}, append([]string{"sold out"}, ranks...)},
		"not in stock":           {renderedPage{kind: products, list: &listPage{sort: "createdAt", inStock: proto.Bool(false)}}, []string{"sold out"}},
		"below 9.50":             {renderedPage{kind: products, list: &listPage{sort: "createdAt", max: proto.Int64(950)}}, []string{"priced", "costly"}},
		"15 to 25":               {renderedPage{kind: products, list: &listPage{sort: "createdAt", min: proto.Int64(1500), max: proto.Int64(2500)}}, []string{"costly"}},
		"35 and up":              {renderedPage{kind: products, list: &listPage{sort: "createdAt", min: proto.Int64(3500)}}, []string{"higher", "costly"}},
		"how many stand where":   {renderedPage{kind: counts}, append([]string{"moved"}, ranks...)},
		"what nobody knows more": {renderedPage{kind: taxonomy}, everything},
	} {
		want := append(slices.Clone(row.stale), always...)
		for what, e := range all {
			if got := stale(&row.page, e); got != slices.Contains(want, what) {
				t.Errorf("%s, %s: stale is %v", name, what, got)
			}
		}
	}
	for what, e := range all {
		if another := stale(&renderedPage{kind: oneProduct, product: "q", slug: "q"}, e); another != (e.product == "") {
			t.Errorf("the page of another product, %s: stale is %v", what, another)
		}
	}
	translated := event{product: "p", known: true, before: as, after: as, translated: true}
	for name, row := range map[string]struct {
		page  renderedPage
		stale bool
	}{
		"a product read by a slug":         {renderedPage{kind: oneProduct, product: "q", slug: "hemd"}, true}, // which may be the translation's now
		"another product read by its id":   {renderedPage{kind: oneProduct, product: "q", slug: "q"}, false},
		"a list of words":                  {renderedPage{kind: products, list: &listPage{sort: "createdAt", words: true}}, true},
		"a list by title":                  {renderedPage{kind: products, list: &listPage{sort: "title"}}, false},
		"a list of words it is not in":     {renderedPage{kind: products, list: &listPage{sort: "title", words: true, tag: "wool"}}, false},
		"how many stand in every category": {renderedPage{kind: counts}, false},
	} {
		if got := stale(&row.page, translated); got != row.stale {
			t.Errorf("%s, translated: stale is %v", name, got)
		}
	}
	if !stale(&renderedPage{kind: oneProduct, product: "q", slug: "shirt"}, event{product: "p", slugs: []string{"shirt"}, known: true}) {
		t.Error("a product that takes over a slug does not drop the page of that slug")
	}
}

// A page that is narrowed or sorted by something this code has not heard of goes with every event.
func TestUnknownFiltersAreNotGuessed(t *testing.T) {
	t.Parallel()
	if listOf(storev1.ProductQuery{Sort: "-createdAt"}, url.Values{"limit": {"2"}, "tag": {"x"}}, nil) == nil {
		t.Error("a list of known filters is not described")
	}
	if listOf(storev1.ProductQuery{Sort: "-createdAt"}, url.Values{"colour": {"blue"}}, nil) != nil || listOf(storev1.ProductQuery{Sort: "rank"}, nil, nil) != nil {
		t.Error("a list of unknown filters is described")
	}
}

func TestUnreadableEventsAreAboutEverything(t *testing.T) {
	t.Parallel()
	for subject, body := range map[string][]byte{"evt.catalog.product.updated": {0xff}, "evt.catalog.product.blessed": nil, "evt.catalog.product.created": nil} {
		if e := eventOf(subject, body); e.known || e.product != "" {
			t.Errorf("%s: %+v", subject, e)
		}
	}
}
