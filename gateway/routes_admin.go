package gateway

import (
	"net/http"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
)

// adminRoutes is the surface /admin/v1, row by row. Permissions are those of the procedures.
func adminRoutes() []route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		ok, created, gone          = http.StatusOK, http.StatusCreated, http.StatusNoContent
	)
	return []route{
		{method: post, path: "/auth/login", procedure: identityv1connect.IdentityServiceLoginStaffProcedure, summary: "Sign in", status: ok, endpoint: does(loginStaff), session: true, login: true, note: "Sets the refresh cookie."},
		{method: post, path: "/auth/refresh", procedure: identityv1connect.IdentityServiceRefreshStaffProcedure, summary: "Renew the session", status: ok, endpoint: does(refreshStaff), session: true, note: "Rotates the refresh cookie."},
		{method: post, path: "/auth/logout", procedure: identityv1connect.IdentityServiceLogoutStaffProcedure, summary: "Sign out", status: gone, endpoint: does(logoutStaff), session: true},
		{method: get, path: "/auth/me", procedure: identityv1connect.IdentityServiceGetMeProcedure, summary: "Read who is signed in", status: ok, endpoint: does(getMe)},

		{method: get, path: "/products", procedure: catalogv1connect.CatalogServiceListProductsProcedure, summary: "List products", status: ok, endpoint: does(listProducts)},
		{method: post, path: "/products", procedure: catalogv1connect.CatalogServiceCreateProductProcedure, summary: "Make a product", status: created, endpoint: does(createProduct)},
		{method: get, path: "/products/{id}", procedure: catalogv1connect.CatalogServiceGetProductProcedure, summary: "Read a product", status: ok, endpoint: does(getProduct)},
		{method: patch, path: "/products/{id}", procedure: catalogv1connect.CatalogServiceUpdateProductProcedure, summary: "Change a product", status: ok, endpoint: does(updateProduct)},
		{method: del, path: "/products/{id}", procedure: catalogv1connect.CatalogServiceDeleteProductProcedure, summary: "Delete a product", status: gone, endpoint: does(deleteProduct)},
		{method: post, path: "/products/{id}/variants", procedure: catalogv1connect.CatalogServiceCreateVariantProcedure, summary: "Add a variant", status: created, endpoint: does(createVariant)},
		{method: patch, path: "/products/{id}/variants/{variantId}", procedure: catalogv1connect.CatalogServiceUpdateVariantProcedure, summary: "Change a variant", status: ok, endpoint: does(updateVariant)},
		{method: del, path: "/products/{id}/variants/{variantId}", procedure: catalogv1connect.CatalogServiceDeleteVariantProcedure, summary: "Delete a variant", status: gone, endpoint: does(deleteVariant)},
		{method: post, path: "/products/{id}/images", procedure: catalogv1connect.CatalogServiceSetProductImagesProcedure, summary: "Add a picture at the end", status: created, endpoint: does(addImage)},
		{method: put, path: "/products/{id}/images", procedure: catalogv1connect.CatalogServiceSetProductImagesProcedure, summary: "Replace and order the pictures", status: ok, endpoint: does(setImages)},
		{method: del, path: "/products/{id}/images/{imageId}", procedure: catalogv1connect.CatalogServiceSetProductImagesProcedure, summary: "Remove a picture", status: gone, endpoint: does(removeImage)},
		{method: put, path: "/products/{id}/categories", procedure: catalogv1connect.CatalogServiceSetProductCategoriesProcedure, summary: "Set the categories", status: ok, endpoint: does(setCategories)},
		{method: put, path: "/products/{id}/tags", procedure: catalogv1connect.CatalogServiceSetProductTagsProcedure, summary: "Set the tags", status: ok, endpoint: does(setTags)},

		{method: get, path: "/products/{id}/translations", procedure: catalogv1connect.TranslationServiceListProductTranslationsProcedure, summary: "Read a product's texts in other languages", status: ok, endpoint: does(listProductTranslations)},
		{method: put, path: "/products/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceSetProductTranslationProcedure, summary: "Set a product's texts in a language", status: ok, endpoint: does(setProductTranslation), note: "The ETag and If-Match are the product's. A language the shop does not speak yet is added to those it speaks."},
		{method: del, path: "/products/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceDeleteProductTranslationProcedure, summary: "Delete a product's texts in a language", status: gone, endpoint: does(deleteProductTranslation)},
		{method: get, path: "/categories/{id}/translations", procedure: catalogv1connect.TranslationServiceListCategoryTranslationsProcedure, summary: "Read a category's texts in other languages", status: ok, endpoint: does(listCategoryTranslations)},
		{method: put, path: "/categories/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceSetCategoryTranslationProcedure, summary: "Set a category's texts in a language", status: ok, endpoint: does(setCategoryTranslation)},
		{method: del, path: "/categories/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceDeleteCategoryTranslationProcedure, summary: "Delete a category's texts in a language", status: gone, endpoint: does(deleteCategoryTranslation)},
		{method: get, path: "/collections/{id}/translations", procedure: catalogv1connect.TranslationServiceListCollectionTranslationsProcedure, summary: "Read a collection's texts in other languages", status: ok, endpoint: does(listCollectionTranslations)},
		{method: put, path: "/collections/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceSetCollectionTranslationProcedure, summary: "Set a collection's texts in a language", status: ok, endpoint: does(setCollectionTranslation)},
		{method: del, path: "/collections/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceDeleteCollectionTranslationProcedure, summary: "Delete a collection's texts in a language", status: gone, endpoint: does(deleteCollectionTranslation)},

		{method: get, path: "/categories", procedure: catalogv1connect.CatalogServiceListCategoriesProcedure, summary: "List categories", status: ok, endpoint: does(listCategories)},
		{method: post, path: "/categories", procedure: catalogv1connect.CatalogServiceCreateCategoryProcedure, summary: "Make a category", status: created, endpoint: does(createCategory)},
		{method: get, path: "/categories/{id}", procedure: catalogv1connect.CatalogServiceGetCategoryProcedure, summary: "Read a category", status: ok, endpoint: does(getCategory)},
		{method: patch, path: "/categories/{id}", procedure: catalogv1connect.CatalogServiceUpdateCategoryProcedure, summary: "Change a category", status: ok, endpoint: does(updateCategory)},
		{method: del, path: "/categories/{id}", procedure: catalogv1connect.CatalogServiceDeleteCategoryProcedure, summary: "Delete a category", status: gone, endpoint: does(deleteCategory)},
		{method: put, path: "/categories/{id}/children", procedure: catalogv1connect.TaxonomyServiceOrderCategoriesProcedure, summary: "Order the categories below one", status: gone, endpoint: does(orderCategories)},
		{method: get, path: "/tags", procedure: catalogv1connect.CatalogServiceListTagsProcedure, summary: "List tags", status: ok, endpoint: does(listTags)},
		{method: post, path: "/tags", procedure: catalogv1connect.CatalogServiceCreateTagProcedure, summary: "Make a tag", status: created, endpoint: does(createTag)},
		{method: get, path: "/tags/{id}", procedure: catalogv1connect.CatalogServiceGetTagProcedure, summary: "Read a tag", status: ok, endpoint: does(getTag)},
		{method: patch, path: "/tags/{id}", procedure: catalogv1connect.CatalogServiceUpdateTagProcedure, summary: "Change a tag", status: ok, endpoint: does(updateTag)},
		{method: del, path: "/tags/{id}", procedure: catalogv1connect.CatalogServiceDeleteTagProcedure, summary: "Delete a tag", status: gone, endpoint: does(deleteTag)},
		{method: get, path: "/brands", procedure: catalogv1connect.TaxonomyServiceListBrandsProcedure, summary: "List brands", status: ok, endpoint: does(listBrands)},
		{method: post, path: "/brands", procedure: catalogv1connect.TaxonomyServiceCreateBrandProcedure, summary: "Make a brand", status: created, endpoint: does(createBrand)},
		{method: get, path: "/brands/{id}", procedure: catalogv1connect.TaxonomyServiceGetBrandProcedure, summary: "Read a brand", status: ok, endpoint: does(getBrand)},
		{method: patch, path: "/brands/{id}", procedure: catalogv1connect.TaxonomyServiceUpdateBrandProcedure, summary: "Change a brand", status: ok, endpoint: does(updateBrand)},
		{method: del, path: "/brands/{id}", procedure: catalogv1connect.TaxonomyServiceDeleteBrandProcedure, summary: "Delete a brand", status: gone, endpoint: does(deleteBrand)},
		{method: get, path: "/collections", procedure: catalogv1connect.TaxonomyServiceListCollectionsProcedure, summary: "List collections", status: ok, endpoint: does(listCollections)},
		{method: post, path: "/collections", procedure: catalogv1connect.TaxonomyServiceCreateCollectionProcedure, summary: "Make a collection", status: created, endpoint: does(createCollection)},
		{method: get, path: "/collections/{id}", procedure: catalogv1connect.TaxonomyServiceGetCollectionProcedure, summary: "Read a collection", status: ok, endpoint: does(getCollection)},
		{method: patch, path: "/collections/{id}", procedure: catalogv1connect.TaxonomyServiceUpdateCollectionProcedure, summary: "Change a collection", status: ok, endpoint: does(updateCollection)},
		{method: del, path: "/collections/{id}", procedure: catalogv1connect.TaxonomyServiceDeleteCollectionProcedure, summary: "Delete a collection", status: gone, endpoint: does(deleteCollection)},
		{method: get, path: "/collections/{id}/products", procedure: catalogv1connect.TaxonomyServiceListCollectionProductsProcedure, summary: "List a collection's products", status: ok, endpoint: does(listCollectionProducts)},
		{method: put, path: "/collections/{id}/products", procedure: catalogv1connect.TaxonomyServiceSetCollectionProductsProcedure, summary: "Replace and order a collection's products", status: ok, endpoint: does(setCollectionProducts)},
		{method: post, path: "/collections/{id}/products", procedure: catalogv1connect.TaxonomyServiceAddCollectionProductsProcedure, summary: "Add products at the end of a collection", status: ok, endpoint: does(addCollectionProducts)},
		{method: del, path: "/collections/{id}/products/{productId}", procedure: catalogv1connect.TaxonomyServiceRemoveCollectionProductProcedure, summary: "Take a product out of a collection", status: gone, endpoint: does(removeCollectionProduct)},

		{method: get, path: "/media", procedure: mediav1connect.MediaServiceListAssetsProcedure, summary: "List pictures", status: ok, endpoint: does(listMedia)},
		{method: post, path: "/media", procedure: mediav1connect.MediaServiceUpdateAssetProcedure, summary: "Upload a picture", status: created, endpoint: endpoint{out: typeOf[mediaAnswer]()}, raw: upload, note: "At most 32 MiB. The type is read from the bytes."},
		{method: get, path: "/media/{id}", procedure: mediav1connect.MediaServiceGetAssetProcedure, summary: "Read a picture's description", status: ok, endpoint: does(getMedia)},
		{method: patch, path: "/media/{id}", procedure: mediav1connect.MediaServiceUpdateAssetProcedure, summary: "Change a picture's description", status: ok, endpoint: does(updateMedia)},
		{method: del, path: "/media/{id}", procedure: mediav1connect.MediaServiceDeleteAssetProcedure, summary: "Delete a picture", status: gone, endpoint: does(deleteMedia)},

		{method: get, path: "/inventory/{variantId}", procedure: inventoryv1connect.InventoryServiceGetStockProcedure, summary: "Read a variant's stock", status: ok, endpoint: does(getStock)},
		{method: patch, path: "/inventory/{variantId}", procedure: inventoryv1connect.InventoryServiceUpdateStockSettingsProcedure, summary: "Change how a variant is sold", status: ok, endpoint: does(updateStock)},
		{method: post, path: "/inventory/{variantId}/adjustments", procedure: inventoryv1connect.InventoryServiceAdjustStockProcedure, summary: "Book units in or out", status: created, endpoint: does(adjustStock)},
		{method: get, path: "/inventory/{variantId}/movements", procedure: inventoryv1connect.InventoryServiceListMovementsProcedure, summary: "Read the stock ledger", status: ok, endpoint: does(listMovements)},

		{method: get, path: "/orders", procedure: checkoutv1connect.CheckoutServiceListOrdersProcedure, summary: "List orders", status: ok, endpoint: does(listOrders)},
		{method: get, path: "/orders/{id}", procedure: checkoutv1connect.CheckoutServiceGetOrderProcedure, summary: "Read an order", status: ok, endpoint: does(getOrder)},
		{method: post, path: "/orders/{id}/payments", procedure: checkoutv1connect.CheckoutServiceRecordPaymentProcedure, summary: "Record a payment", status: created, endpoint: does(recordPayment), keyRequired: true},
		{method: post, path: "/orders/{id}/fulfilments", procedure: checkoutv1connect.CheckoutServiceFulfilOrderProcedure, summary: "Hand over for shipping", status: created, endpoint: does(fulfilOrder).orNothing()},
		{method: post, path: "/orders/{id}/cancel", procedure: checkoutv1connect.CheckoutServiceCancelOrderProcedure, summary: "Cancel an order", status: ok, endpoint: does(cancelOrder).orNothing()},
		{method: post, path: "/orders/{id}/refunds", procedure: checkoutv1connect.CheckoutServiceRecordRefundProcedure, summary: "Record a refund", status: created, endpoint: does(recordRefund), keyRequired: true},

		{method: get, path: "/customers", procedure: identityv1connect.IdentityServiceListCustomersProcedure, summary: "List customers", status: ok, endpoint: does(listCustomers)},
		{method: get, path: "/customers/{id}", procedure: identityv1connect.IdentityServiceGetCustomerProcedure, summary: "Read a customer", status: ok, endpoint: does(getCustomer)},
		{method: get, path: "/users", procedure: identityv1connect.IdentityServiceListStaffProcedure, summary: "List staff", status: ok, endpoint: does(listUsers)},
		{method: post, path: "/users", procedure: identityv1connect.IdentityServiceCreateStaffProcedure, summary: "Add a member of staff", status: created, endpoint: does(createUser)},

		{method: get, path: "/webhooks/subscriptions", procedure: webhookv1connect.WebhookServiceListSubscriptionsProcedure, summary: "List webhook subscriptions", status: ok, endpoint: does(listSubscriptions)},
		{method: post, path: "/webhooks/subscriptions", procedure: webhookv1connect.WebhookServiceCreateSubscriptionProcedure, summary: "Subscribe to events", status: created, endpoint: does(createSubscription)},
		{method: get, path: "/webhooks/subscriptions/{id}", procedure: webhookv1connect.WebhookServiceGetSubscriptionProcedure, summary: "Read a subscription", status: ok, endpoint: does(getSubscription)},
		{method: patch, path: "/webhooks/subscriptions/{id}", procedure: webhookv1connect.WebhookServiceUpdateSubscriptionProcedure, summary: "Change a subscription", status: ok, endpoint: does(updateSubscription)},
		{method: del, path: "/webhooks/subscriptions/{id}", procedure: webhookv1connect.WebhookServiceDeleteSubscriptionProcedure, summary: "Delete a subscription", status: gone, endpoint: does(deleteSubscription)},
		{method: get, path: "/webhooks/deliveries", procedure: webhookv1connect.WebhookServiceListDeliveriesProcedure, summary: "Read the delivery log", status: ok, endpoint: does(listDeliveries)},
		{method: post, path: "/webhooks/deliveries/{id}/retry", procedure: webhookv1connect.WebhookServiceRetryDeliveryProcedure, summary: "Deliver again", status: ok, endpoint: does(retryDelivery)},

		{method: get, path: "/settings/locales", procedure: catalogv1connect.TranslationServiceGetLocalesProcedure, summary: "Read the languages of the shop", status: ok, endpoint: does(getLocales)},
		{method: put, path: "/settings/locales", procedure: catalogv1connect.TranslationServiceUpdateLocalesProcedure, summary: "Change the languages of the shop", status: ok, endpoint: does(putLocales)},
		{method: get, path: "/settings/store", procedure: identityv1connect.IdentityServiceGetSettingsProcedure, summary: "Read the shop's settings", status: ok, endpoint: does(getStoreSettings)},
		{method: put, path: "/settings/store", procedure: identityv1connect.IdentityServiceUpdateSettingsProcedure, summary: "Change the shop's settings", status: ok, endpoint: does(putStoreSettings)},
		{method: get, path: "/settings/tax", procedure: identityv1connect.IdentityServiceGetSettingsProcedure, summary: "Read the tax settings", status: ok, endpoint: does(getTaxSettings)},
		{method: put, path: "/settings/tax", procedure: identityv1connect.IdentityServiceUpdateSettingsProcedure, summary: "Change the tax settings", status: ok, endpoint: does(putTaxSettings)},
		{method: get, path: "/settings/shipping", procedure: identityv1connect.IdentityServiceGetSettingsProcedure, summary: "Read the shipping settings", status: ok, endpoint: does(getShippingSettings)},
		{method: put, path: "/settings/shipping", procedure: identityv1connect.IdentityServiceUpdateSettingsProcedure, summary: "Change the shipping settings", status: ok, endpoint: does(putShippingSettings)},
	}
}
