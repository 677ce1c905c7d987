package gateway

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	"github.com/sovecom/sovecom/kit/rpc"
)

// announced says of every RPC for the outside that writes what it announces, or, after a dash, why it announces nothing. That it
// does is shown by the tests of the rooms.
func announced() map[string]string {
	const (
		cart       = "- a cart is its shopper's alone until it is ordered; it changes too often to be told"
		session    = "- a session is nobody's business but its own"
		product    = "evt.catalog.product.updated"
		taxonomy   = "evt.catalog.taxonomy.updated"
		vocabulary = "evt.search.vocabulary.updated"
	)
	return map[string]string{
		"CartService.CreateCart": cart, "CartService.UpdateCart": cart, "CartService.AddItem": cart, "CartService.UpdateItem": cart, "CartService.RemoveItem": cart,
		"CartService.SetEmail": cart, "CartService.SetShippingAddress": cart, "CartService.SetBillingAddress": cart, "CartService.SetShippingMethod": cart,
		"CartService.ApplyDiscount": cart, "CartService.RemoveDiscount": cart, "CartService.DeleteCart": cart,

		"CatalogService.CreateProduct": "evt.catalog.product.created", "CatalogService.UpdateProduct": product, "CatalogService.DeleteProduct": "evt.catalog.product.deleted",
		"CatalogService.CreateVariant": product, "CatalogService.UpdateVariant": product, "CatalogService.DeleteVariant": product, "CatalogService.SetProductImages": product,
		"CatalogService.SetProductCategories": product, "CatalogService.SetProductTags": product,
		"CatalogService.CreateCategory": taxonomy, "CatalogService.UpdateCategory": taxonomy, "CatalogService.DeleteCategory": taxonomy,
		"CatalogService.CreateTag": taxonomy, "CatalogService.UpdateTag": taxonomy, "CatalogService.DeleteTag": taxonomy,
		"FactsService.CreateAttribute": taxonomy, "FactsService.UpdateAttribute": taxonomy, "FactsService.DeleteAttribute": taxonomy,
		"FactsService.UpdateMarkets": "evt.catalog.markets.updated", "FactsService.AddVariantFile": product, "FactsService.UpdateVariantFile": product, "FactsService.DeleteVariantFile": product,
		"JobService.CreateImport": "evt.catalog.job.created", "JobService.CreateExport": "evt.catalog.job.created", "JobService.CancelJob": "evt.catalog.job.ended",
		"LifecycleService.DuplicateProduct": "evt.catalog.product.created", "LifecycleService.EditProducts": product, "LifecycleService.OrderVariants": product, "LifecycleService.SetOptions": product, "LifecycleService.SetComponents": product,
		"PriceService.CreatePriceList": "evt.catalog.price_list.created", "PriceService.UpdatePriceList": "evt.catalog.price_list.updated", "PriceService.DeletePriceList": "evt.catalog.price_list.deleted",
		"PriceService.PutListPrices": "evt.catalog.price_list.repriced", "PriceService.DeleteListPrices": "evt.catalog.price_list.repriced",
		"TaxonomyService.CreateBrand": taxonomy, "TaxonomyService.UpdateBrand": taxonomy, "TaxonomyService.DeleteBrand": taxonomy, "TaxonomyService.OrderCategories": taxonomy,
		"TaxonomyService.CreateCollection": taxonomy, "TaxonomyService.UpdateCollection": taxonomy, "TaxonomyService.DeleteCollection": taxonomy,
		"TaxonomyService.SetCollectionProducts": taxonomy, "TaxonomyService.AddCollectionProducts": taxonomy, "TaxonomyService.RemoveCollectionProduct": taxonomy,
		"TranslationService.UpdateLocales": "evt.catalog.locales.updated", "TranslationService.SetProductTranslation": product, "TranslationService.DeleteProductTranslation": product,
		"TranslationService.SetCategoryTranslation": taxonomy, "TranslationService.DeleteCategoryTranslation": taxonomy,
		"TranslationService.SetTagTranslation": taxonomy, "TranslationService.DeleteTagTranslation": taxonomy,
		"TranslationService.SetBrandTranslation": taxonomy, "TranslationService.DeleteBrandTranslation": taxonomy,
		"TranslationService.SetAttributeTranslation": taxonomy, "TranslationService.DeleteAttributeTranslation": taxonomy,
		"TranslationService.SetCollectionTranslation": taxonomy, "TranslationService.DeleteCollectionTranslation": taxonomy,

		"CheckoutService.PlaceOrder": "evt.checkout.order.created", "CheckoutService.CreateOrderDownload": "evt.checkout.download.granted",
		"CheckoutService.RecordPayment": "evt.checkout.payment.recorded", "CheckoutService.FulfilOrder": "evt.checkout.order.fulfilled",
		"CheckoutService.CancelOrder": "evt.checkout.order.cancelled", "CheckoutService.RecordRefund": "evt.checkout.order.refunded",

		"IdentityService.LoginStaff": session, "IdentityService.RefreshStaff": session, "IdentityService.LogoutStaff": session,
		"IdentityService.LoginCustomer": session, "IdentityService.RefreshCustomer": session, "IdentityService.LogoutCustomer": session,
		"IdentityService.CreateStaff": "evt.identity.staff.created", "IdentityService.UpdateStaff": "evt.identity.staff.updated", "IdentityService.DeleteStaff": "evt.identity.staff.deleted",
		"IdentityService.RegisterCustomer": "evt.identity.customer.registered",
		"IdentityService.UpdateCustomerMe": "evt.identity.customer.updated", "IdentityService.UpdateCustomer": "evt.identity.customer.updated",
		"IdentityService.SetCustomerGroups": "evt.identity.customer.updated", "IdentityService.CreateCustomerGroup": "evt.identity.customer_group.created",
		"IdentityService.UpdateCustomerGroup": "evt.identity.customer_group.updated", "IdentityService.DeleteCustomerGroup": "evt.identity.customer_group.deleted",
		"IdentityService.UpdateSettings": "evt.identity.settings.updated",

		"MediaService.UpdateAsset": "evt.media.asset.updated", "MediaService.DeleteAsset": "evt.media.asset.deleted", "MediaService.FetchAsset": "evt.media.asset.created",
		"MediaService.CompleteUpload": "evt.media.asset.created", "MediaService.CreateUpload": "- nothing is there before the upload is complete",
		"MediaService.RenderAsset": "- renditions follow from the picture", "MediaService.CreateDownload": "- a signed address is a way to look, and changes nothing",

		"SearchService.StartRebuild": "evt.search.index.rebuilt", "SearchService.UpdateSearchSettings": vocabulary, "SearchService.CreateSynonym": vocabulary,
		"SearchService.UpdateSynonym": vocabulary, "SearchService.DeleteSynonym": vocabulary, "SearchService.SetStopWords": vocabulary,
		"SearchService.CreateSearchRule": vocabulary, "SearchService.UpdateSearchRule": vocabulary, "SearchService.DeleteSearchRule": vocabulary,

		"ContentService.CreatePage": "evt.content.page.created", "ContentService.UpdatePage": "evt.content.page.updated", "ContentService.DeletePage": "evt.content.page.deleted",

		"InventoryService.AdjustStock": "evt.inventory.stock.changed", "InventoryService.UpdateStockSettings": "evt.inventory.stock.changed",
	}
}

// Every RPC for the outside that writes has a line in the table, every line an RPC, and every event is one that there is.
func TestWritesAreAnnounced(t *testing.T) {
	t.Parallel()
	events, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	table := announced()
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		// The webhook room tells others of events, and has none of its own.
		if !strings.HasPrefix(string(f.Package()), "sovecom.") || f.Package() == "sovecom.webhook.v1" {
			return true
		}
		for i := range f.Services().Len() {
			service := f.Services().Get(i)
			for j := range service.Methods().Len() {
				m := service.Methods().Get(j)
				options, _ := m.Options().(*descriptorpb.MethodOptions)
				audience := rpc.PolicyOf(m).Audience
				if audience != apiv1.Audience_AUDIENCE_STORE && audience != apiv1.Audience_AUDIENCE_ADMIN ||
					options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS {
					continue
				}
				name := string(service.Name()) + "." + string(m.Name())
				what := table[name]
				delete(table, name)
				switch {
				case what == "":
					t.Errorf("%s writes and is not in the table", name)
				case strings.HasPrefix(what, "- "):
				case !strings.Contains(string(events), "`"+what+"`"):
					t.Errorf("%s: there is no event %s", name, what)
				}
			}
		}
		return true
	})
	for name := range table {
		t.Errorf("%s is in the table and writes nothing", name)
	}
}
