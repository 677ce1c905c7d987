package storev1_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/internal/rest/resttest"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// documents are all top-level documents of the surface.
func documents() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[storev1.Product](), reflect.TypeFor[storev1.Category](), reflect.TypeFor[storev1.Tag](),
		reflect.TypeFor[storev1.Brand](), reflect.TypeFor[storev1.Collection](),
		reflect.TypeFor[storev1.ContentPage](), reflect.TypeFor[storev1.ContentPageSummary](), reflect.TypeFor[storev1.ContentPageQuery](), reflect.TypeFor[storev1.ContentPageView](),
		reflect.TypeFor[storev1.SearchResult](), reflect.TypeFor[storev1.List[storev1.Product]](),
		reflect.TypeFor[storev1.Envelope[storev1.Product]](), reflect.TypeFor[storev1.CreatedCart](),
		reflect.TypeFor[storev1.Order](), reflect.TypeFor[storev1.Download](), reflect.TypeFor[storev1.DownloadLink](), reflect.TypeFor[storev1.Session](), reflect.TypeFor[storev1.Error](),
		reflect.TypeFor[storev1.FieldError](), reflect.TypeFor[storev1.StockShortage](),
		reflect.TypeFor[storev1.MissingPermission](),
		reflect.TypeFor[storev1.CreateCart](), reflect.TypeFor[storev1.AddItem](), reflect.TypeFor[storev1.UpdateItem](),
		reflect.TypeFor[storev1.SetEmail](), reflect.TypeFor[storev1.SelectShipping](),
		reflect.TypeFor[storev1.ApplyDiscount](), reflect.TypeFor[storev1.Checkout](),
		reflect.TypeFor[storev1.Register](), reflect.TypeFor[storev1.Login](), reflect.TypeFor[storev1.UpdateCustomer](),
		reflect.TypeFor[storev1.ProductQuery](), reflect.TypeFor[storev1.CategoryQuery](),
		reflect.TypeFor[storev1.SearchQuery](), reflect.TypeFor[storev1.SuggestionQuery](), reflect.TypeFor[storev1.Suggestions](), reflect.TypeFor[storev1.OrderQuery](),
	}
}

func TestDocumentsKeepTheRulesOfTheWire(t *testing.T) {
	t.Parallel()
	resttest.Rules(t, storev1.Schemas(), documents()...)
}

const money = `{"amount":4900,"currency":"EUR"}`

const address = `{"name":"Ada","company":null,"line1":"1 rue de la Paix","line2":null,"city":"Paris","postalCode":"75002","region":null,"country":"FR","phone":null}`

const totals = `{"subtotal":` + money + `,"discount":` + money + `,"shipping":` + money + `,"tax":` + money + `,"total":` + money + `,
 "taxInclusive":true,"taxLines":[{"rate":"0.2000","treatment":"standard","country":"FR","amount":` + money + `}]}`

const product = `{"id":"i","slug":"linen-shirt","title":"Linen shirt","description":"…","status":"published",
 "seoTitle":null,"seoDescription":null,"brand":{"id":"i","slug":"maison","name":"Maison"},
 "images":[{"id":"i","url":"/media/x","alt":"…","width":1600,"height":1200,"blurhash":"LEHV","focalPoint":{"x":0.25,"y":0.5},"renditions":[{"url":"u","format":"webp","width":480}]}],
 "options":[{"name":"size","values":["S","M"]}],
 "variants":[{"id":"i","title":"S","options":{"size":"S"},"price":` + money + `,"compareAtPrice":null,"priorPrice":` + money + `,
   "priceTiers":[{"minQuantity":10,"price":` + money + `}],"available":true,"imageId":"i","components":[],
   "attributes":[{"code":"colour","name":"Colour","type":"multiselect","value":["red","blue"],"unit":null,"label":"Red, Blue"}],
   "unitPrice":{"price":` + money + `,"baseQuantity":1,"baseUnit":"kg"},"countryOfOrigin":"PT","digital":{"fileCount":2,"downloadLimit":null}}],"variantCount":1,
 "attributes":[{"code":"width","name":"Width","type":"number","value":12.5,"unit":"cm","label":null}],"minimumAge":18,
 "gpsr":{"manufacturer":{"name":"Maker","address":"1 Road","country":"CN","email":null,"url":"https://maker.example"},
   "responsiblePerson":{"name":"Agent","address":"2 Road","country":"DE","email":"a@b.example","url":null},
   "warnings":{"de":"Heiß"},"identifiers":[{"type":"model","value":"M-1"}],"safetyImageIds":["i"]},
 "guarantee":{"legalGuarantee":true,"durabilityLabel":{"months":60,"producer":"Maker"}},
 "energyLabel":{"class":"B","scaleMin":"A","scaleMax":"G","eprelId":"123","labelImageId":null},
 "categories":[{"id":"i","slug":"shirts","name":"Shirts"}],"tags":[{"id":"i","slug":"linen","name":"Linen"}],
 "createdAt":"2026-01-02T03:04:05.678Z","updatedAt":"2026-01-02T03:04:05.000Z"}`

const cart = `"id":"i","status":"active","currency":"EUR","country":"FR","channel":"web","locale":"de","email":null,"customerId":null,
 "items":[{"id":"i","variantId":"v","productSlug":"linen-shirt","title":"Linen shirt","variantTitle":"S","quantity":2,
           "unitPrice":` + money + `,"total":` + money + `,"image":"/media/x","picture":{"url":"/media/x","alt":"…","width":1600,"height":1200,"blurhash":null,"focalPoint":null,"renditions":[]},"compareAtPrice":` + money + `,"priorPrice":` + money + `,"shippingRequired":true,"previousUnitPrice":` + money + `,"available":true}],
 "shippingAddress":null,"billingAddress":` + address + `,"shippingRequired":true,"shippingRate":{"id":"r","name":"Standard","amount":` + money + `},
 "discounts":[{"code":"SPRING","amount":` + money + `}],"totals":` + totals + `,
 "expiresAt":"2026-01-02T03:04:05.000Z","createdAt":"2026-01-02T03:04:05.000Z","updatedAt":"2026-01-02T03:04:05.000Z"`

const order = `{"id":"i","number":"1001","status":"pending_payment","email":"ada@example.com","country":"FR","channel":null,"locale":"de",
 "items":[{"id":"i","variantId":"v","productSlug":"linen-shirt","title":"Linen shirt","variantTitle":"S","quantity":2,
           "unitPrice":` + money + `,"total":` + money + `,"taxRate":"0.2000","tax":` + money + `,"image":null,"picture":null,"shippingRequired":true}],
 "totals":` + totals + `,"shippingAddress":` + address + `,"billingAddress":` + address + `,"shippingRequired":true,
 "payment":{"method":"manual","status":"pending","clientSecret":null},"accessToken":null,"placedAt":"2026-01-02T03:04:05.000Z"}`

func TestGoldenShapes(t *testing.T) {
	t.Parallel()
	resttest.RoundTrip[storev1.Envelope[storev1.Product]](t, `{"data":`+product+`}`)
	resttest.RoundTrip[storev1.List[storev1.Product]](t, `{"data":[`+product+`],"meta":{"total":1,"page":1,"limit":20,"nextCursor":null}}`)
	resttest.RoundTrip[storev1.List[storev1.Product]](t, `{"data":[],"meta":{"total":12000,"page":1,"limit":20,"nextCursor":"c","totalIsEstimate":true}}`)
	resttest.RoundTrip[storev1.ContentPage](t, `{"slug":"agb","key":"terms","title":"AGB","html":"<p>x</p>","locale":"de","seoTitle":null,"seoDescription":"D","updatedAt":"2026-01-02T03:04:05.000Z",
 "alternates":[{"locale":"en","slug":"terms","title":"Terms"}]}`)
	resttest.RoundTrip[storev1.ContentPageSummary](t, `{"slug":"agb","key":null,"title":"AGB","locale":"de","updatedAt":"2026-01-02T03:04:05.000Z"}`)
	resttest.RoundTrip[storev1.Cart](t, `{`+cart+`}`)
	resttest.RoundTrip[storev1.CreatedCart](t, `{`+cart+`,"token":"secret"}`)
	resttest.RoundTrip[storev1.Order](t, order)
	resttest.RoundTrip[storev1.Download](t, `{"id":"i","orderItemId":"i","name":"pattern.pdf","limit":6,"remaining":0,"expiresAt":"2026-01-02T03:04:05.000Z",
 "available":false,"reason":"used_up"}`)
	resttest.RoundTrip[storev1.Download](t, `{"id":"i","orderItemId":"i","name":"n","limit":null,"remaining":null,"expiresAt":null,"available":true,"reason":null}`)
	resttest.RoundTrip[storev1.DownloadLink](t, `{"url":"/media/private/t/a/pattern.pdf","expiresAt":"2026-01-02T03:04:05.000Z","remaining":null}`)
	resttest.RoundTrip[storev1.SearchResult](t, `{"data":[`+product+`],"meta":{"total":1,"page":1,"limit":20,"nextCursor":null,
 "facets":{"categories":[{"slug":"shirts","name":"Shirts","count":1}],"tags":[],"brands":[{"slug":"maison","name":"Maison","count":1}],"price":{"min":`+money+`,"max":`+money+`},"inStock":1,
 "attributes":[{"code":"color","name":"Colour","values":[{"value":"red","label":"Red","count":1}]}],"priceRanges":[{"from":`+money+`,"to":null,"count":1}],"estimated":false},
 "correctedQuery":null,"suggestedQuery":null,"partial":false,"highlights":[{"productId":"i","fields":{"title":"<mark>Linen</mark> shirt"}}]}}`)
	resttest.RoundTrip[storev1.Suggestions](t, `{"data":[{"kind":"category","text":"Shirts","slug":"shirts","productId":null,"html":"<mark>Shi</mark>rts"}],"meta":{"total":1,"page":1,"limit":8,"nextCursor":null}}`)
	resttest.RoundTrip[storev1.Category](t, `{"id":"i","slug":"shirts","name":"Shirts","description":null,"seoTitle":null,"seoDescription":null,
 "parentId":null,"position":0,"productCount":3,"totalProductCount":5,"breadcrumbs":[{"id":"i","slug":"shirts","name":"Shirts"}],"children":null}`)
	resttest.RoundTrip[storev1.Brand](t, `{"id":"i","slug":"s","name":"N","description":null,"website":"https://x.example","seoTitle":null,"seoDescription":null}`)
	resttest.RoundTrip[storev1.Collection](t, `{"id":"i","slug":"s","name":"N","description":"d","seoTitle":null,"seoDescription":null,"sort":"position"}`)
	resttest.RoundTrip[storev1.Session](t, `{"accessToken":"t","expiresIn":900,"customer":{"id":"i","email":"e","name":null,"phone":null,
 "acceptsMarketing":false,"createdAt":"2026-01-02T03:04:05.000Z","updatedAt":"2026-01-02T03:04:05.000Z"}}`)
	resttest.RoundTrip[storev1.Error](t, `{"error":{"code":"inventory.insufficient_stock","message":"…","details":[{"variantId":"v","requested":3,"available":1}]}}`)
	resttest.RoundTrip[storev1.FieldError](t, `{"field":"items[0].quantity","code":"too_large","message":"…"}`)
	resttest.RoundTrip[storev1.StockShortage](t, `{"variantId":"v","requested":3,"available":1}`)
}

func TestAddressMayLeaveOutWhatIsOptional(t *testing.T) {
	t.Parallel()
	var a storev1.Address
	if err := json.Unmarshal([]byte(`{"name":"Ada","line1":"1","city":"Paris","postalCode":"75002","country":"FR"}`), &a); err != nil {
		t.Fatal(err)
	}
	if a.Company != nil || a.Phone != nil || a.Country != "FR" {
		t.Errorf("got %+v", a)
	}
}

func TestMoneyInputIsMoney(t *testing.T) {
	t.Parallel()
	if got := storev1.Money(storev1.MoneyInput{Amount: 1, Currency: "EUR"}); got != (storev1.Money{Amount: 1, Currency: "EUR"}) {
		t.Errorf("got %v", got)
	}
}

func TestTimeIsUTCWithMilliseconds(t *testing.T) {
	t.Parallel()
	paris := time.FixedZone("", 2*60*60)
	for _, c := range []struct {
		in   time.Time
		want string
	}{
		{time.Date(2026, 7, 1, 2, 0, 0, 999_999_999, paris), `"2026-07-01T00:00:00.999Z"`},
		{time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), `"2026-07-01T00:00:00.000Z"`},
		{time.Date(1969, 12, 31, 23, 59, 59, 1_500_000, time.UTC), `"1969-12-31T23:59:59.001Z"`},
	} {
		got, err := json.Marshal(storev1.At(c.in))
		if err != nil || string(got) != c.want {
			t.Errorf("%v: got %s, %v; want %s", c.in, got, err, c.want)
		}
		if s := storev1.At(c.in).String(); `"`+s+`"` != c.want {
			t.Errorf("%v: String is %s", c.in, s)
		}
	}
	var read storev1.Time
	if err := json.Unmarshal([]byte(`"2026-07-01T02:00:00.5+02:00"`), &read); err != nil {
		t.Fatal(err)
	}
	if read.String() != "2026-07-01T00:00:00.500Z" || read.Location() != time.UTC {
		t.Errorf("got %v", read)
	}
	if err := json.Unmarshal([]byte(`"yesterday"`), new(storev1.Time)); err == nil {
		t.Error("a time that is none was read")
	}
	if storev1.AtOrNil(time.Time{}) != nil {
		t.Error("the zero instant is null")
	}
	if at := storev1.AtOrNil(read.Time); at == nil || *at != read {
		t.Errorf("got %v", at)
	}
}
