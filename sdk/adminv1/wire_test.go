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
		reflect.TypeFor[adminv1.Login](), reflect.TypeFor[adminv1.CreateUser](), reflect.TypeFor[adminv1.UpdateUser](), reflect.TypeFor[adminv1.CreateProduct](),
		reflect.TypeFor[adminv1.UpdateProduct](), reflect.TypeFor[adminv1.UpdateVariant](),
		reflect.TypeFor[adminv1.SetImages](), reflect.TypeFor[adminv1.SetCategories](), reflect.TypeFor[adminv1.SetTags](),
		reflect.TypeFor[adminv1.Attribute](), reflect.TypeFor[adminv1.CreateAttribute](), reflect.TypeFor[adminv1.UpdateAttribute](),
		reflect.TypeFor[adminv1.AttributeQuery](), reflect.TypeFor[adminv1.StoredMarketSettings](), reflect.TypeFor[adminv1.Compliance](),
		reflect.TypeFor[adminv1.VariantFile](), reflect.TypeFor[adminv1.AddFile](), reflect.TypeFor[adminv1.UpdateFile](),
		reflect.TypeFor[adminv1.CreateCategory](), reflect.TypeFor[adminv1.UpdateCategory](),
		reflect.TypeFor[adminv1.PriceList](), reflect.TypeFor[adminv1.CreatePriceList](), reflect.TypeFor[adminv1.UpdatePriceList](),
		reflect.TypeFor[adminv1.PriceListQuery](), reflect.TypeFor[adminv1.ListPrice](), reflect.TypeFor[adminv1.SetListPrices](),
		reflect.TypeFor[adminv1.ListPricesWritten](), reflect.TypeFor[adminv1.ListPriceQuery](), reflect.TypeFor[adminv1.DeleteListPrices](),
		reflect.TypeFor[adminv1.PriceRecord](),
		reflect.TypeFor[adminv1.Brand](), reflect.TypeFor[adminv1.CreateBrand](), reflect.TypeFor[adminv1.UpdateBrand](), reflect.TypeFor[adminv1.BrandQuery](),
		reflect.TypeFor[adminv1.ContentPage](), reflect.TypeFor[adminv1.ContentPageSummary](), reflect.TypeFor[adminv1.CreateContentPage](), reflect.TypeFor[adminv1.UpdateContentPage](), reflect.TypeFor[adminv1.ContentPageQuery](),
		reflect.TypeFor[adminv1.SearchIndex](), reflect.TypeFor[adminv1.SearchRebuild](), reflect.TypeFor[adminv1.SearchSettings](), reflect.TypeFor[adminv1.UpdateSearchSettings](),
		reflect.TypeFor[adminv1.Synonym](), reflect.TypeFor[adminv1.CreateSynonym](), reflect.TypeFor[adminv1.UpdateSynonym](),
		reflect.TypeFor[adminv1.StopWords](), reflect.TypeFor[adminv1.SetStopWords](),
		reflect.TypeFor[adminv1.SearchRule](), reflect.TypeFor[adminv1.CreateSearchRule](), reflect.TypeFor[adminv1.UpdateSearchRule](),
		reflect.TypeFor[adminv1.OrderCategories](), reflect.TypeFor[adminv1.Collection](), reflect.TypeFor[adminv1.CreateCollection](),
		reflect.TypeFor[adminv1.UpdateCollection](), reflect.TypeFor[adminv1.CollectionQuery](), reflect.TypeFor[adminv1.CollectionProducts](),
		reflect.TypeFor[adminv1.TagTranslation](), reflect.TypeFor[adminv1.StoredTagTranslation](), reflect.TypeFor[adminv1.StoredTaxonTranslation](),
		reflect.TypeFor[adminv1.AttributeTranslation](), reflect.TypeFor[adminv1.StoredAttributeTranslation](),
		reflect.TypeFor[adminv1.CreateTag](), reflect.TypeFor[adminv1.UpdateTag](), reflect.TypeFor[adminv1.UpdateMedia](),
		reflect.TypeFor[adminv1.Adjust](), reflect.TypeFor[adminv1.UpdateInventory](),
		reflect.TypeFor[adminv1.RecordPayment](), reflect.TypeFor[adminv1.Fulfil](), reflect.TypeFor[adminv1.Cancel](),
		reflect.TypeFor[adminv1.RecordRefund](), reflect.TypeFor[adminv1.Duplicate](), reflect.TypeFor[adminv1.OrderVariants](), reflect.TypeFor[adminv1.SetOptions](),
		reflect.TypeFor[adminv1.SetComponents](), reflect.TypeFor[adminv1.EditProducts](), reflect.TypeFor[adminv1.EditedProducts](), reflect.TypeFor[adminv1.RetiredMeta](), reflect.TypeFor[adminv1.CreateSubscription](),
		reflect.TypeFor[adminv1.UpdateSubscription](), reflect.TypeFor[adminv1.ProductQuery](),
		reflect.TypeFor[adminv1.CategoryQuery](), reflect.TypeFor[adminv1.TagQuery](), reflect.TypeFor[adminv1.MediaQuery](),
		reflect.TypeFor[adminv1.Job](), reflect.TypeFor[adminv1.JobError](), reflect.TypeFor[adminv1.JobQuery](), reflect.TypeFor[adminv1.JobPicture](), reflect.TypeFor[adminv1.JobPictureQuery](), reflect.TypeFor[adminv1.FetchMedia](),
		reflect.TypeFor[adminv1.ImportQuery](), reflect.TypeFor[adminv1.ExportQuery](),
		reflect.TypeFor[adminv1.UpdateCustomer](), reflect.TypeFor[adminv1.SetCustomerGroups](), reflect.TypeFor[adminv1.CustomerGroup](),
		reflect.TypeFor[adminv1.CustomerGroupQuery](), reflect.TypeFor[adminv1.CreateCustomerGroup](), reflect.TypeFor[adminv1.UpdateCustomerGroup](),
		reflect.TypeFor[adminv1.OrderQuery](), reflect.TypeFor[adminv1.CustomerQuery](), reflect.TypeFor[adminv1.DeliveryQuery](),
	}
}

func TestDocumentsKeepTheRulesOfTheWire(t *testing.T) {
	t.Parallel()
	resttest.Rules(t, adminv1.Schemas(), documents()...)
}

const times = `"createdAt":"2026-01-02T03:04:05.000Z","updatedAt":"2026-01-02T03:04:05.000Z"`

func TestGoldenShapes(t *testing.T) {
	t.Parallel()
	user := `{"id":"i","email":"e","name":"Ada","role":"owner","permissions":["products:write"],"disabled":false,"lastLoginAt":null,"version":1,` + times + `}`
	resttest.RoundTrip[adminv1.LoginResult](t, `{"accessToken":"t","expiresIn":900,"user":`+user+`}`)
	resttest.RoundTrip[adminv1.LoginResult](t, `{"challenge":"c","methods":["totp"]}`)
	resttest.RoundTrip[adminv1.Product](t, `{"id":"i","slug":"s","title":"T","description":null,"status":"draft","seoTitle":null,"seoDescription":null,
 "brand":null,"images":[],"options":[],"variants":[{"id":"i","sku":"S","title":"S","options":{},"price":{"amount":1,"currency":"EUR"},"compareAtPrice":null,
 "priorPrice":null,"prices":[{"price":{"amount":9,"currency":"SEK"},"compareAtPrice":{"amount":12,"currency":"SEK"},"priorPrice":null}],"available":true,"stock":3,"imageId":null,"weightGrams":null,"position":0,"archived":false,"components":[],"version":1,`+times+`,"attributes":[],"unitPrice":{"quantity":"250","unit":"g","baseQuantity":1,"baseUnit":"kg","price":{"amount":4,"currency":"EUR"}},
 "hsCode":"61091000","countryOfOrigin":"PT","gtin":"4006381333931","mpn":"M-1","lengthMm":1,"widthMm":2,"heightMm":3,"digital":null}],"variantCount":1,
 "attributes":[{"code":"organic","name":"Organic","type":"boolean","value":false,"unit":null,"label":null}],"goods":"physical","vatClass":"reduced",
 "minimumAge":null,"gpsr":null,"guarantee":{"legalGuarantee":true,"durabilityLabel":null},"energyLabel":null,"energyLabelRequired":false,"soldByMeasure":true,
 "warnings":[{"market":"DE","field":"gpsr.manufacturer","rule":"r","message":"m","severity":"error"}],"categories":[],"tags":[],
 "kind":"standard","publishAt":null,"unpublishAt":"2026-01-02T03:04:05.000Z","scheduleError":{"code":"c","message":"M","at":"2026-01-02T03:04:05.000Z"},"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.CreateProduct](t, `{"title":"T","slug":"t","description":"d","status":"published",
 "options":[{"name":"size","values":["S"]}],"variants":[{"sku":"S","title":"S","options":{"size":"S"},"price":{"amount":1,"currency":"EUR"},"stock":3}],
 "categoryIds":["c"],"tagIds":["t"]}`)
	resttest.RoundTrip[adminv1.Customer](t, `{"id":"i","email":"e","name":null,"phone":"p","acceptsMarketing":true,"groups":[{"id":"i","code":"trade","name":"Trade"}],"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.UpdateCustomer](t, `{"name":null,"phone":"p","acceptsMarketing":false}`)
	resttest.RoundTrip[adminv1.SetCustomerGroups](t, `{"groupIds":["i"]}`)
	resttest.RoundTrip[adminv1.CustomerGroup](t, `{"id":"i","code":"trade","name":"Trade","version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.PriceList](t, `{"id":"i","name":"Summer","code":"summer","type":"sale","status":"active","priority":1,"startsAt":"2026-01-02T03:04:05.000Z",
 "endsAt":null,"announcedAt":null,"customerGroup":null,"channel":"pos","country":"FR","version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.SetListPrices](t, `{"prices":[{"variantId":"v","currency":"EUR","minQuantity":10,"amount":5},{"sku":"S","currency":"EUR","amount":0}]}`)
	resttest.RoundTrip[adminv1.ListPrice](t, `{"variantId":"v","sku":"S","currency":"EUR","minQuantity":1,"amount":5,"updatedAt":"2026-01-02T03:04:05.000Z"}`)
	resttest.RoundTrip[adminv1.ListPricesWritten](t, `{"changed":1,"unchanged":2}`)
	resttest.RoundTrip[adminv1.PriceRecord](t, `{"priceListId":null,"type":null,"currency":"EUR","minQuantity":1,"amount":null,"priorAmount":3,"customerGroup":null,
 "channel":null,"country":null,"effectiveAt":"2026-01-02T03:04:05.000Z"}`)
	resttest.RoundTrip[adminv1.EditProducts](t, `{"ids":["i"],"set":{"status":"draft","addTagIds":["t"]},"price":{"percent":-10.5,"rounding":100},"dryRun":true}`)
	resttest.RoundTrip[adminv1.EditedProducts](t, `{"data":[{"id":"i","ok":true,"version":2,"error":null},{"id":"j","ok":false,"version":null,"error":{"code":"c","message":"M"}}],"meta":{"total":2,"page":1,"limit":500,"nextCursor":null,"changed":1,"failed":1}}`)
	resttest.RoundTrip[adminv1.ContentPage](t, `{"id":"i","slug":"terms","key":"terms","title":"Terms","body":"# Terms","html":"<h1 id=\"h-terms\">Terms</h1>","locale":"en","status":"draft","seoTitle":null,"seoDescription":"D","version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.ContentPageSummary](t, `{"id":"i","slug":"terms","key":null,"title":"Terms","locale":"en","status":"published","seoTitle":null,"seoDescription":null,"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.Brand](t, `{"id":"i","slug":"s","name":"N","description":null,"website":"https://x.example","seoTitle":null,"seoDescription":null,"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.Collection](t, `{"id":"i","slug":"s","name":"N","description":null,"kind":"rules","match":"any","rules":[{"field":"price","operator":"lte","value":"1000"}],
 "sort":"-createdAt","seoTitle":null,"seoDescription":null,"status":"draft","building":true,"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.UpdateProduct](t, `{"attributes":{"width":12.5,"colour":["red"],"organic":null},"goods":"digital","vatClass":null,"minimumAge":18,
 "gpsr":null,"guarantee":{"legalGuarantee":null,"durabilityLabel":null},"energyLabel":null,"energyLabelRequired":true,"soldByMeasure":false}`)
	resttest.RoundTrip[adminv1.UpdateVariant](t, `{"attributes":{"length":3},"unitPrice":{"quantity":"0.75","unit":"l","baseQuantity":1,"baseUnit":"l"},"hsCode":null,
 "countryOfOrigin":"PT","gtin":null,"mpn":"M","lengthMm":1,"widthMm":2,"heightMm":null}`)
	resttest.RoundTrip[adminv1.Attribute](t, `{"id":"i","code":"colour","name":"Colour","type":"select","unit":null,"filterable":true,"shown":true,
 "options":[{"value":"red","label":"Red"}],"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.UpdateAttribute](t, `{"name":"N","type":"text","unit":null,"filterable":true,"shown":false,"options":[]}`)
	resttest.RoundTrip[adminv1.StoredMarketSettings](t, `{"markets":[{"country":"DE","enforcement":"block"}],"version":1}`)
	resttest.RoundTrip[adminv1.Compliance](t, `{"complete":true,"markets":[],"findings":[]}`)
	resttest.RoundTrip[adminv1.VariantFile](t, `{"id":"i","mediaId":null,"key":"a/b","name":"n","downloadLimit":3,"expiresAfterDays":null,"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.Media](t, `{"id":"i","url":"/media/x","private":false,"alt":"A","alts":{"de":"B"},"contentType":"image/png","filename":"a.png","sizeBytes":5,
 "width":3,"height":2,"animated":false,"blurhash":"L0","focalPoint":{"x":0.5,"y":0.25},"folder":"a/b","labels":["x"],"sha256":"s","rendering":{"status":"failed","done":1,"total":3,"failure":"F"},
 "renditions":[{"url":"u","format":"webp","width":3}],"version":1,`+times+`}`)
	resttest.RoundTrip[adminv1.UpdateMedia](t, `{"alt":null,"alts":{"de":"B","fr":null},"focalPoint":{"x":0,"y":1},"folder":"a","labels":["x"],"filename":"f"}`)
	resttest.RoundTrip[adminv1.MediaUses](t, `{"uses":[{"kind":"variant_file","productId":"p","variantId":"v","title":"T"}],"more":true}`)
	resttest.RoundTrip[adminv1.MediaFolders](t, `{"folders":[{"name":"a","assets":1}],"labels":[]}`)
	resttest.RoundTrip[adminv1.CreateUpload](t, `{"filename":"f","contentType":"image/png","sizeBytes":5,"sha256":"s","private":true,"alt":"A","folder":"a","labels":["x"]}`)
	resttest.RoundTrip[adminv1.Upload](t, `{"id":"i","method":"PUT","url":"u","headers":{"Content-Length":"5"},"expiresAt":"2026-01-02T03:04:05.000Z"}`)
	resttest.RoundTrip[adminv1.DownloadURL](t, `{"url":"u","expiresAt":"2026-01-02T03:04:05.000Z"}`)
	resttest.RoundTrip[adminv1.Job](t, `{"id":"i","kind":"import_products","status":"running","format":"csv","dryRun":false,"percent":50.5,"total":2,"done":1,
 "rate":3.5,"created":1,"updated":0,"unchanged":0,"failed":0,"errorCount":1,"warningCount":2,"errors":[{"row":2,"column":"price","code":"price_invalid","message":"m","value":"v"}],
 "pictures":{"total":3,"done":2,"failed":1},"ignoredColumns":["Gift Card"],"failure":{"code":"c","message":"m"},"createdBy":"u","createdAt":"2026-01-02T03:04:05.000Z","startedAt":"2026-01-02T03:04:05.000Z","finishedAt":null}`)
	resttest.RoundTrip[adminv1.JobPicture](t, `{"row":2,"productId":"p","url":"u","status":"failed","attempts":1,"code":"c","message":null}`)
	resttest.RoundTrip[adminv1.FetchMedia](t, `{"url":"u","alt":"a","folder":"f","labels":["l"]}`)
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
	bad = storev1.NullErrors(adminv1.UpdateProduct{ProductFactsInput: adminv1.ProductFactsInput{Goods: adminv1.Null[string](), VATClass: adminv1.Null[string]()}})
	if len(bad) != 1 || bad[0].Field != "goods" {
		t.Errorf("of a part of the document: got %+v", bad)
	}
}
