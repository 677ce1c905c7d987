package adminv1_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/internal/rest/resttest"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// documents are all top-level documents of the surface.
func documents() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[adminv1.LoginResult](), reflect.TypeFor[adminv1.Session](), reflect.TypeFor[adminv1.User](),
		reflect.TypeFor[adminv1.Customer](), reflect.TypeFor[adminv1.Product](), reflect.TypeFor[adminv1.Category](),
		reflect.TypeFor[adminv1.Tag](), reflect.TypeFor[adminv1.Media](), reflect.TypeFor[adminv1.Inventory](),
		reflect.TypeFor[adminv1.Movement](), reflect.TypeFor[adminv1.Order](),
		reflect.TypeFor[adminv1.CreatedSubscription](), reflect.TypeFor[adminv1.UpdatedSubscription](),
		reflect.TypeFor[adminv1.Delivery](), reflect.TypeFor[adminv1.StoredStoreSettings](),
		reflect.TypeFor[adminv1.StoredTaxSettings](), reflect.TypeFor[adminv1.StoredShippingSettings](),
		reflect.TypeFor[adminv1.Login](), reflect.TypeFor[adminv1.CreateUser](), reflect.TypeFor[adminv1.CreateProduct](),
		reflect.TypeFor[adminv1.UpdateProduct](), reflect.TypeFor[adminv1.UpdateVariant](),
		reflect.TypeFor[adminv1.SetImages](), reflect.TypeFor[adminv1.SetCategories](), reflect.TypeFor[adminv1.SetTags](),
		reflect.TypeFor[adminv1.CreateCategory](), reflect.TypeFor[adminv1.UpdateCategory](),
		reflect.TypeFor[adminv1.Brand](), reflect.TypeFor[adminv1.CreateBrand](), reflect.TypeFor[adminv1.UpdateBrand](), reflect.TypeFor[adminv1.BrandQuery](),
		reflect.TypeFor[adminv1.OrderCategories](), reflect.TypeFor[adminv1.Collection](), reflect.TypeFor[adminv1.CreateCollection](),
		reflect.TypeFor[adminv1.UpdateCollection](), reflect.TypeFor[adminv1.CollectionQuery](), reflect.TypeFor[adminv1.CollectionProducts](),
		reflect.TypeFor[adminv1.CreateTag](), reflect.TypeFor[adminv1.UpdateTag](), reflect.TypeFor[adminv1.UpdateMedia](),
		reflect.TypeFor[adminv1.Adjust](), reflect.TypeFor[adminv1.UpdateInventory](),
		reflect.TypeFor[adminv1.RecordPayment](), reflect.TypeFor[adminv1.Fulfil](), reflect.TypeFor[adminv1.Cancel](),
		reflect.TypeFor[adminv1.RecordRefund](), reflect.TypeFor[adminv1.CreateSubscription](),
		reflect.TypeFor[adminv1.UpdateSubscription](), reflect.TypeFor[adminv1.ProductQuery](),
		reflect.TypeFor[adminv1.CategoryQuery](), reflect.TypeFor[adminv1.TagQuery](), reflect.TypeFor[adminv1.MediaQuery](),
		reflect.TypeFor[adminv1.OrderQuery](), reflect.TypeFor[adminv1.CustomerQuery](), reflect.TypeFor[adminv1.DeliveryQuery](),
	}
}

func TestDocumentsKeepTheRulesOfTheWire(t *testing.T) {
	t.Parallel()
	resttest.Rules(t, storev1.Schemas(), documents()...)
}

const times = `"createdAt":"2026-01-02T03:04:05.000Z","updatedAt":"2026-01-02T03:04:05.000Z"`

func TestGoldenShapes(t *testing.T) {
	t.Parallel()
	user := `{"id":"i","email":"e","name":"Ada","role":"owner","permissions":["products:write"],"disabled":false,"lastLoginAt":null,"version":1,` + times + `}`
	resttest.RoundTrip[adminv1.LoginResult](t, `{"accessToken":"t","expiresIn":900,"user":`+user+`}`)
	resttest.RoundTrip[adminv1.LoginResult](t, `{"challenge":"c","methods":["totp"]}`)
	resttest.RoundTrip[adminv1.Product](t, `{"id":"i","slug":"s","title":"T","description":null,"status":"draft","seoTitle":null,"seoDescription":null,
 "brand":null,"images":[],"options":[],"variants":[{"id":"i","sku":"S","title":"S","options":{},"price":{"amount":1,"currency":"EUR"},"compareAtPrice":null,
 "available":true,"stock":3,"weightGrams":null,"position":0,"version":1,`+times+`}],"categories":[],"tags":[],"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.CreateProduct](t, `{"title":"T","slug":"t","description":"d","status":"published",
 "options":[{"name":"size","values":["S"]}],"variants":[{"sku":"S","title":"S","options":{"size":"S"},"price":{"amount":1,"currency":"EUR"},"stock":3}],
 "categoryIds":["c"],"tagIds":["t"]}`)
	resttest.RoundTrip[adminv1.Brand](t, `{"id":"i","slug":"s","name":"N","description":null,"website":"https://x.example","seoTitle":null,"seoDescription":null,"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.Collection](t, `{"id":"i","slug":"s","name":"N","description":null,"kind":"rules","match":"any","rules":[{"field":"price","operator":"lte","value":"1000"}],
 "sort":"-createdAt","seoTitle":null,"seoDescription":null,"status":"draft","building":true,"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.Inventory](t, `{"variantId":"v","onHand":3,"reserved":1,"available":2,"allowBackorder":false}`)
	resttest.RoundTrip[adminv1.Adjust](t, `{"delta":-2,"reason":"damaged"}`)
	resttest.RoundTrip[adminv1.RecordPayment](t, `{"method":"bank_transfer","amount":{"amount":1,"currency":"EUR"}}`)
	resttest.RoundTrip[adminv1.Fulfil](t, `{"items":[{"orderItemId":"i","quantity":1}],"trackingNumber":"n","carrier":"c"}`)
	resttest.RoundTrip[adminv1.CreateSubscription](t, `{"url":"https://example.com","events":["order.paid"],"description":"d"}`)
	resttest.RoundTrip[adminv1.CreatedSubscription](t, `{"id":"i","url":"u","events":["order.paid"],"description":null,"active":true,"disabledReason":null,"version":1,`+times+`,"secret":"whsec_x"}`)
	resttest.RoundTrip[adminv1.StoredTaxSettings](t, `{"rate":"0.2000","pricesIncludeTax":true,"country":"FR","version":2}`)
	resttest.RoundTrip[adminv1.ShippingSettings](t, `{"rates":[{"id":"r","name":"Standard","amount":{"amount":500,"currency":"EUR"},"countries":["FR"]}]}`)
}

func TestPatchLeavesAndClears(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(adminv1.UpdateProduct{Title: adminv1.Some("T"), BrandID: adminv1.Null[string]()})
	if err != nil || string(got) != `{"title":"T","brandId":null}` {
		t.Errorf("got %s, %v", got, err)
	}
	bad := storev1.NullErrors(adminv1.UpdateVariant{
		Price: adminv1.Null[adminv1.MoneyInput](), Options: adminv1.Null[map[string]string](), CompareAtPrice: adminv1.Null[adminv1.MoneyInput](),
	})
	if len(bad) != 2 || bad[0].Field != "options" || bad[1].Field != "price" {
		t.Errorf("got %+v", bad)
	}
}
