package acceptance

import (
	"reflect"
	"strings"
	"testing"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

func TestShapes(t *testing.T) {
	t.Parallel()
	s, err := parseShapes(map[string]string{
		"money": `{"amount":"int","currency":"currency"}`,
		"doc": `{"id":"uuid","name":"text","note":"string?","n":"count","ok":"bool","at":"time","status":"=paid","kind":"a|b",
			"price":"@money","was":"@money?","list":["@money"],"options":{"*":"text"},"any":"any"}`,
		"lost": `"@nothing"`,
	})
	if err != nil {
		t.Fatal(err)
	}
	good := `{"id":"01890000-0000-7000-8000-000000000000","name":"x","note":null,"n":0,"ok":false,"at":"2026-01-02T03:04:05.678Z","status":"paid","kind":"b",
		"price":{"amount":-1,"currency":"EUR"},"was":null,"list":[],"options":{"size":"S"},"any":[1]}`
	for name, c := range map[string]struct{ from, to, fault string }{
		"good":              {},
		"key missing":       {`"name":"x",`, ``, `lacks "name"`},
		"key too many":      {`"name":"x",`, `"name":"x","sku":"y",`, `has "sku"`},
		"id not version 7":  {`-7000-`, `-4000-`, "id"},
		"id in capitals":    {`01890000`, `0189ABCD`, "id"},
		"empty text":        {`"name":"x"`, `"name":" "`, "name"},
		"null text":         {`"name":"x"`, `"name":null`, "name"},
		"note a number":     {`"note":null`, `"note":1`, "note"},
		"negative count":    {`"n":0`, `"n":-1`, "n is -1"},
		"float count":       {`"n":0`, `"n":0.0`, "n is 0.0"},
		"count as text":     {`"n":0`, `"n":"0"`, "n is"},
		"bool as text":      {`"ok":false`, `"ok":"false"`, "ok"},
		"time of seconds":   {`05.678Z`, `05Z`, "at"},
		"time of an offset": {`05.678Z`, `05.678+00:00`, "at"},
		"other status":      {`"paid"`, `"draft"`, "status"},
		"other kind":        {`"kind":"b"`, `"kind":"c"`, "kind"},
		"float money":       {`"amount":-1`, `"amount":1e3`, "price.amount"},
		"text money":        {`"amount":-1`, `"amount":"1"`, "price.amount"},
		"money null":        {`{"amount":-1,"currency":"EUR"}`, `null`, "price"},
		"list null":         {`"list":[]`, `"list":null`, "list"},
		"bad item":          {`"list":[]`, `"list":[{"amount":1,"currency":"eur"}]`, "list.0.currency"},
		"bad option":        {`"size":"S"`, `"size":1`, "options.size"},
	} {
		doc, err := decode([]byte(strings.Replace(good, c.from, c.to, 1)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		faults := strings.Join(s.match("data", "@doc", doc), "; ")
		if c.fault == "" && faults != "" || !strings.Contains(faults, c.fault) {
			t.Errorf("%s: match says %q, want %q", name, faults, c.fault)
		}
	}
	if len(s.match("data", "@lost", "x")) == 0 {
		t.Error("a shape that is not there matches")
	}
	if _, err := parseShapes(map[string]string{"bad": `{`}); err == nil {
		t.Error("a shape that is no JSON was read")
	}
}

// TestTheContractIsTheSDKs compares the shapes with the structs, key by key, so that neither is changed alone.
func TestTheContractIsTheSDKs(t *testing.T) {
	t.Parallel()
	s, err := parseShapes(contract())
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string]reflect.Type{
		"component": reflect.TypeFor[storev1.Component](), "scheduleError": reflect.TypeFor[adminv1.ScheduleError](),
		"money": reflect.TypeFor[storev1.Money](), "meta": reflect.TypeFor[storev1.Meta](), "image": reflect.TypeFor[storev1.Image](),
		"focalPoint": reflect.TypeFor[storev1.FocalPoint](), "linePicture": reflect.TypeFor[storev1.LinePicture](),
		"ref": reflect.TypeFor[storev1.CategoryRef](), "product": reflect.TypeFor[storev1.Product](), "category": reflect.TypeFor[storev1.Category](),
		"facet": reflect.TypeFor[storev1.Facet](), "searchMeta": reflect.TypeFor[storev1.SearchMeta](), "priceRange": reflect.TypeFor[storev1.PriceRange](),
		"attributeFacet": reflect.TypeFor[storev1.AttributeFacet](), "priceBucket": reflect.TypeFor[storev1.PriceBucket](),
		"address": reflect.TypeFor[storev1.Address](), "shippingRate": reflect.TypeFor[storev1.ShippingRate](), "totals": reflect.TypeFor[storev1.Totals](),
		"cartLine": reflect.TypeFor[storev1.CartLine](), "cart": reflect.TypeFor[storev1.Cart](), "createdCart": reflect.TypeFor[storev1.CreatedCart](),
		"orderItem": reflect.TypeFor[storev1.OrderItem](), "order": reflect.TypeFor[storev1.Order](),
		"customer": reflect.TypeFor[storev1.Customer](), "session": reflect.TypeFor[storev1.Session](),
		"user": reflect.TypeFor[adminv1.User](), "adminSession": reflect.TypeFor[adminv1.Session](),
		"adminVariant": reflect.TypeFor[adminv1.Variant](), "adminProduct": reflect.TypeFor[adminv1.Product](),
		"priceList": reflect.TypeFor[adminv1.PriceList](), "listPrice": reflect.TypeFor[adminv1.ListPrice](), "priceRecord": reflect.TypeFor[adminv1.PriceRecord](),
		"brand": reflect.TypeFor[storev1.Brand](), "collection": reflect.TypeFor[storev1.Collection](),
		"contentPage": reflect.TypeFor[storev1.ContentPage](), "contentPageSummary": reflect.TypeFor[storev1.ContentPageSummary](),
		"adminContentPage": reflect.TypeFor[adminv1.ContentPage](), "adminContentPageSummary": reflect.TypeFor[adminv1.ContentPageSummary](),
		"adminBrand": reflect.TypeFor[adminv1.Brand](), "adminCollection": reflect.TypeFor[adminv1.Collection](),
		"inventory": reflect.TypeFor[adminv1.Inventory](), "adminOrderItem": reflect.TypeFor[adminv1.OrderItem](),
		"attribute": reflect.TypeFor[storev1.AttributeValue](), "unitPrice": reflect.TypeFor[storev1.UnitPrice](), "digital": reflect.TypeFor[storev1.Digital](),
		"operator": reflect.TypeFor[storev1.EconomicOperator](), "gpsr": reflect.TypeFor[storev1.GPSR](), "guarantee": reflect.TypeFor[storev1.Guarantee](),
		"durability": reflect.TypeFor[storev1.DurabilityLabel](), "energyLabel": reflect.TypeFor[storev1.EnergyLabel](),
		"adminUnitPrice": reflect.TypeFor[adminv1.UnitPrice](), "finding": reflect.TypeFor[adminv1.Finding](),
		"adminAttribute": reflect.TypeFor[adminv1.Attribute](), "market": reflect.TypeFor[adminv1.Market](),
		"markets": reflect.TypeFor[adminv1.StoredMarketSettings](), "compliance": reflect.TypeFor[adminv1.Compliance](),
		"download": reflect.TypeFor[storev1.Download](), "downloadLink": reflect.TypeFor[storev1.DownloadLink](),
		"variantFile": reflect.TypeFor[adminv1.VariantFile](),
		"payment":     reflect.TypeFor[adminv1.Payment](), "refund": reflect.TypeFor[adminv1.Refund](), "fulfilment": reflect.TypeFor[adminv1.Fulfilment](),
		"adminOrder": reflect.TypeFor[adminv1.Order](), "subscription": reflect.TypeFor[adminv1.Subscription](),
		"createdSubscription": reflect.TypeFor[adminv1.CreatedSubscription](), "delivery": reflect.TypeFor[adminv1.Delivery](),
		"adminCustomer": reflect.TypeFor[adminv1.Customer](), "customerGroup": reflect.TypeFor[adminv1.CustomerGroup](),
		"customerGroupRef": reflect.TypeFor[adminv1.CustomerGroupRef](), "jobPicture": reflect.TypeFor[adminv1.JobPicture](),
		"job": reflect.TypeFor[adminv1.Job](), "jobError": reflect.TypeFor[adminv1.JobError](), "jobFailure": reflect.TypeFor[adminv1.JobFailure](),
	}
	for name, shape := range s {
		typ, known := documents[name]
		if !known {
			t.Errorf("the shape %s has no struct", name)
			continue
		}
		compare(t, name, shape, typ)
	}
}

// compare checks that the shape has the keys of the struct, and a "?" where the struct has a pointer.
func compare(t *testing.T, path string, shape any, typ reflect.Type) {
	t.Helper()
	switch want := shape.(type) {
	case string:
		if nullable := strings.HasSuffix(want, "?"); nullable != (typ.Kind() == reflect.Pointer) && want != "any?" {
			t.Errorf("%s: the shape says %s, the struct %s", path, want, typ)
		}
	case []any:
		compare(t, path+"[]", want[0], typ.Elem())
	case map[string]any:
		if each, open := want["*"]; open {
			compare(t, path+".*", each, typ.Elem())
			return
		}
		keys := map[string]any{}
		for key, field := range jsonFields(typ) {
			keys[key] = nil
			if inner, ok := want[key]; ok {
				compare(t, path+"."+key, inner, field)
			}
		}
		var names []string
		for key := range want {
			names = append(names, key)
		}
		for _, fault := range sameKeys(path+" as a struct", keys, names) {
			t.Error(fault)
		}
	}
}

// jsonFields returns the fields of a struct by key, without those that may be missing.
func jsonFields(typ reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(typ) {
		name, flags, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous && name != "" && flags != "omitempty" {
			fields[name] = f.Type
		}
	}
	return fields
}
