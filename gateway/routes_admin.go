package gateway

import (
	"net/http"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

// adminRoutes is the surface /admin/v1, row by row. Permissions are those of the procedures.
func adminRoutes() []route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		ok, created, gone          = http.StatusOK, http.StatusCreated, http.StatusNoContent
		accepted                   = http.StatusAccepted
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
		{method: del, path: "/products/{id}", procedure: catalogv1connect.CatalogServiceDeleteProductProcedure, summary: "Delete a product, or archive one that was sold", status: ok, orGone: true, endpoint: does(deleteProduct), note: "204 when it is gone; 200 with what is left when it was sold before and is archived."},
		{method: post, path: "/products/{id}/duplicate", procedure: catalogv1connect.LifecycleServiceDuplicateProductProcedure, summary: "Copy a product", status: created, endpoint: does(duplicateProduct).orNothing()},
		{method: post, path: "/products/bulk", procedure: catalogv1connect.LifecycleServiceEditProductsProcedure, summary: "Change many products", status: ok, endpoint: does(editProducts)},
		{method: post, path: "/products/{id}/variants", procedure: catalogv1connect.CatalogServiceCreateVariantProcedure, summary: "Add a variant", status: created, endpoint: does(createVariant)},
		{method: patch, path: "/products/{id}/variants/{variantId}", procedure: catalogv1connect.CatalogServiceUpdateVariantProcedure, summary: "Change a variant", status: ok, endpoint: does(updateVariant)},
		{method: del, path: "/products/{id}/variants/{variantId}", procedure: catalogv1connect.CatalogServiceDeleteVariantProcedure, summary: "Delete a variant, or archive one that was sold", status: ok, orGone: true, endpoint: does(deleteVariant), note: "204 when it is gone; 200 with what is left when it was sold before and is archived."},
		{method: put, path: "/products/{id}/options", procedure: catalogv1connect.LifecycleServiceSetOptionsProcedure, summary: "Set the options", note: "Renames, orders, adds and takes away options and their values. Variants, their titles where they are made of values, and translations follow.", status: ok, endpoint: does(setOptions)},
		{method: put, path: "/products/{id}/variants/order", procedure: catalogv1connect.LifecycleServiceOrderVariantsProcedure, summary: "Order the variants", status: ok, endpoint: does(orderVariants)},
		{method: put, path: "/products/{id}/variants/{variantId}/components", procedure: catalogv1connect.LifecycleServiceSetComponentsProcedure, summary: "Say what a variant of a bundle is made of", status: ok, endpoint: does(setComponents)},
		{method: post, path: "/products/{id}/images", procedure: catalogv1connect.CatalogServiceSetProductImagesProcedure, summary: "Add a picture at the end", status: created, endpoint: does(addImage)},
		{method: put, path: "/products/{id}/images", procedure: catalogv1connect.CatalogServiceSetProductImagesProcedure, summary: "Replace and order the pictures", status: ok, endpoint: does(setImages)},
		{method: del, path: "/products/{id}/images/{imageId}", procedure: catalogv1connect.CatalogServiceSetProductImagesProcedure, summary: "Remove a picture", status: gone, endpoint: does(removeImage)},
		{method: put, path: "/products/{id}/categories", procedure: catalogv1connect.CatalogServiceSetProductCategoriesProcedure, summary: "Set the categories", status: ok, endpoint: does(setCategories)},
		{method: put, path: "/products/{id}/tags", procedure: catalogv1connect.CatalogServiceSetProductTagsProcedure, summary: "Set the tags", status: ok, endpoint: does(setTags)},

		{method: get, path: "/products/{id}/variants/{variantId}/price-history", procedure: catalogv1connect.PriceServiceListPriceHistoryProcedure, summary: "Read what a variant cost when", status: ok, endpoint: does(priceHistory)},

		{method: get, path: "/price-lists", procedure: catalogv1connect.PriceServiceListPriceListsProcedure, summary: "List price lists", status: ok, endpoint: does(listPriceLists)},
		{method: post, path: "/price-lists", procedure: catalogv1connect.PriceServiceCreatePriceListProcedure, summary: "Make a price list", status: created, endpoint: does(createPriceList)},
		{method: get, path: "/price-lists/{id}", procedure: catalogv1connect.PriceServiceGetPriceListProcedure, summary: "Read a price list", status: ok, endpoint: does(getPriceList)},
		{method: patch, path: "/price-lists/{id}", procedure: catalogv1connect.PriceServiceUpdatePriceListProcedure, summary: "Change a price list", status: ok, endpoint: does(updatePriceList)},
		{method: del, path: "/price-lists/{id}", procedure: catalogv1connect.PriceServiceDeletePriceListProcedure, summary: "Delete a price list", status: gone, endpoint: does(deletePriceList), note: "Its prices end."},
		{method: get, path: "/price-lists/{id}/prices", procedure: catalogv1connect.PriceServiceListListPricesProcedure, summary: "Read the prices of a list", status: ok, endpoint: does(listListPrices)},
		{method: put, path: "/price-lists/{id}/prices", procedure: catalogv1connect.PriceServicePutListPricesProcedure, summary: "Add prices to a list, or set them", status: ok, endpoint: does(putListPrices)},
		{method: del, path: "/price-lists/{id}/prices", procedure: catalogv1connect.PriceServiceDeleteListPricesProcedure, summary: "Remove prices of a list", status: gone, endpoint: does(deleteListPrices), note: "Without a filter, all of them."},
		{method: get, path: "/products/{id}/translations", procedure: catalogv1connect.TranslationServiceListProductTranslationsProcedure, summary: "Read a product's texts in other languages", status: ok, endpoint: does(listProductTranslations)},
		{method: put, path: "/products/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceSetProductTranslationProcedure, summary: "Set a product's texts in a language", status: ok, endpoint: does(setProductTranslation), note: "The ETag and If-Match are the product's. A language the shop does not speak yet is added to those it speaks."},
		{method: del, path: "/products/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceDeleteProductTranslationProcedure, summary: "Delete a product's texts in a language", status: gone, endpoint: does(deleteProductTranslation)},
		{method: get, path: "/categories/{id}/translations", procedure: catalogv1connect.TranslationServiceListCategoryTranslationsProcedure, summary: "Read a category's texts in other languages", status: ok, endpoint: does(listCategoryTranslations)},
		{method: put, path: "/categories/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceSetCategoryTranslationProcedure, summary: "Set a category's texts in a language", status: ok, endpoint: does(setCategoryTranslation)},
		{method: del, path: "/categories/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceDeleteCategoryTranslationProcedure, summary: "Delete a category's texts in a language", status: gone, endpoint: does(deleteCategoryTranslation)},
		{method: get, path: "/collections/{id}/translations", procedure: catalogv1connect.TranslationServiceListCollectionTranslationsProcedure, summary: "Read a collection's texts in other languages", status: ok, endpoint: does(listCollectionTranslations)},
		{method: put, path: "/collections/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceSetCollectionTranslationProcedure, summary: "Set a collection's texts in a language", status: ok, endpoint: does(setCollectionTranslation)},
		{method: del, path: "/collections/{id}/translations/{locale}", procedure: catalogv1connect.TranslationServiceDeleteCollectionTranslationProcedure, summary: "Delete a collection's texts in a language", status: gone, endpoint: does(deleteCollectionTranslation)},
		{method: get, path: "/products/{id}/compliance", procedure: catalogv1connect.FactsServiceGetComplianceProcedure, summary: "Read what a product lacks for the shop's markets", status: ok, endpoint: does(getCompliance)},
		{method: get, path: "/products/{id}/variants/{variantId}/files", procedure: catalogv1connect.FactsServiceListVariantFilesProcedure, summary: "List the files of a digital variant", status: ok, endpoint: does(listFiles)},
		{method: post, path: "/products/{id}/variants/{variantId}/files", procedure: catalogv1connect.FactsServiceAddVariantFileProcedure, summary: "Add a file to a variant", status: created, endpoint: does(addFile), note: "A variant with files is digital. The file stays private: only a reference is kept here."},
		{method: patch, path: "/products/{id}/variants/{variantId}/files/{fileId}", procedure: catalogv1connect.FactsServiceUpdateVariantFileProcedure, summary: "Change a file of a variant", status: ok, endpoint: does(updateFile)},
		{method: del, path: "/products/{id}/variants/{variantId}/files/{fileId}", procedure: catalogv1connect.FactsServiceDeleteVariantFileProcedure, summary: "Take a file from a variant", status: gone, endpoint: does(deleteFile)},

		{method: get, path: "/attributes", procedure: catalogv1connect.FactsServiceListAttributesProcedure, summary: "List attributes", status: ok, endpoint: does(listAttributes)},
		{method: post, path: "/attributes", procedure: catalogv1connect.FactsServiceCreateAttributeProcedure, summary: "Make an attribute", status: created, endpoint: does(createAttribute)},
		{method: get, path: "/attributes/{id}", procedure: catalogv1connect.FactsServiceGetAttributeProcedure, summary: "Read an attribute", status: ok, endpoint: does(getAttribute)},
		{method: patch, path: "/attributes/{id}", procedure: catalogv1connect.FactsServiceUpdateAttributeProcedure, summary: "Change an attribute", status: ok, endpoint: does(updateAttribute), note: "The type of an attribute that products have values of stays, and so do options that were chosen: 409 with the number of products."},
		{method: del, path: "/attributes/{id}", procedure: catalogv1connect.FactsServiceDeleteAttributeProcedure, summary: "Delete an attribute", status: gone, endpoint: does(deleteAttribute), note: "409 with the number of products while any has a value of it."},

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

		{method: get, path: "/jobs", procedure: catalogv1connect.JobServiceListJobsProcedure, summary: "List imports and exports", status: ok, endpoint: does(listJobs)},
		{method: get, path: "/jobs/{id}", procedure: catalogv1connect.JobServiceGetJobProcedure, summary: "Read how far an import or export is", status: ok, endpoint: does(getJob)},
		{method: get, path: "/jobs/{id}/errors", procedure: catalogv1connect.JobServiceListJobErrorsProcedure, summary: "Read what was wrong with the rows of a file", status: ok, endpoint: does(listJobErrors)},
		{method: get, path: "/jobs/{id}/pictures", procedure: catalogv1connect.JobServiceListJobPicturesProcedure, summary: "List the pictures at foreign addresses that an import has named", status: ok, endpoint: does(listJobPictures)},
		{method: post, path: "/jobs/{id}/cancel", procedure: catalogv1connect.JobServiceCancelJobProcedure, summary: "Stop an import or export", status: ok, endpoint: does(cancelJob), note: "What an import has written by then stays."},
		{method: post, path: "/imports/products", procedure: catalogv1connect.JobServiceCreateImportProcedure, summary: "Import products from a file", status: accepted, endpoint: endpoint{query: typeOf[adminv1.ImportQuery](), out: typeOf[jobAnswer]()}, raw: importProducts, consumes: []string{typeCSV, typeNDJSON}, note: "At most 2 GiB unless configured otherwise. Repeating it with the same Idempotency-Key goes on with an upload that broke off."},
		{method: post, path: "/exports/products", procedure: catalogv1connect.JobServiceCreateExportProcedure, summary: "Export products to a file", status: accepted, endpoint: does(exportProducts)},
		{method: get, path: "/exports/{jobId}/file", procedure: catalogv1connect.JobServiceReadOutputProcedure, summary: "Fetch the file of an export", status: ok, raw: exportFile, produces: []string{typeCSV, typeNDJSON}},

		{method: get, path: "/media", procedure: mediav1connect.MediaServiceListAssetsProcedure, summary: "List pictures and files", status: ok, endpoint: does(listMedia)},
		{method: post, path: "/media", procedure: mediav1connect.MediaServiceUpdateAssetProcedure, summary: "Upload a picture", status: created, endpoint: endpoint{out: typeOf[mediaAnswer]()}, raw: upload, note: "At most 32 MiB. The type is read from the bytes."},
		{method: post, path: "/media/files", procedure: mediav1connect.MediaServiceUpdateAssetProcedure, summary: "Upload a private file", status: created, endpoint: endpoint{out: typeOf[mediaAnswer]()}, raw: uploadFile, patient: true, note: "Of any kind, for signed addresses only. media.file_mib limits its size."},
		{method: post, path: "/media/uploads", procedure: mediav1connect.MediaServiceCreateUploadProcedure, summary: "Announce an upload", status: created, endpoint: does(createUpload), note: "The bytes are sent to the address in the answer, which needs no other permission."},
		{method: post, path: "/media/uploads/{uploadId}/complete", procedure: mediav1connect.MediaServiceCompleteUploadProcedure, summary: "Take in what was sent", status: created, endpoint: does(completeUpload).orNothing()},
		{method: post, path: "/media/fetch", procedure: mediav1connect.MediaServiceFetchAssetProcedure, summary: "Take in the picture at a foreign address", status: created, endpoint: does(fetchMedia), note: "The same address again is the same picture, and nobody is asked. Addresses inside a private network are refused."},
		{method: get, path: "/media/folders", procedure: mediav1connect.MediaServiceListMediaFoldersProcedure, summary: "List the folders and labels in use", status: ok, endpoint: does(listMediaFolders)},
		{method: get, path: "/media/{id}", procedure: mediav1connect.MediaServiceGetAssetProcedure, summary: "Read the description of a picture or file", status: ok, endpoint: does(getMedia)},
		{method: patch, path: "/media/{id}", procedure: mediav1connect.MediaServiceUpdateAssetProcedure, summary: "Change the description of a picture or file", status: ok, endpoint: does(updateMedia)},
		{method: del, path: "/media/{id}", procedure: mediav1connect.MediaServiceDeleteAssetProcedure, summary: "Delete a picture or file that the shop does not show", status: gone, endpoint: does(deleteMedia)},
		{method: get, path: "/media/{id}/uses", procedure: mediav1connect.MediaServiceListAssetUsesProcedure, summary: "List where a picture or file is used", status: ok, endpoint: does(listMediaUses)},
		{method: get, path: "/media/{id}/download-url", procedure: mediav1connect.MediaServiceCreateDownloadProcedure, summary: "Sign an address of a picture or file", status: ok, endpoint: does(mediaDownloadURL)},
		{method: post, path: "/media/{id}/renditions", procedure: mediav1connect.MediaServiceRenderAssetProcedure, summary: "Make the renditions of a picture once more", status: ok, endpoint: does(renderMedia).orNothing()},

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
		{method: patch, path: "/customers/{id}", procedure: identityv1connect.IdentityServiceUpdateCustomerProcedure, summary: "Change a customer", status: ok, endpoint: does(updateCustomer)},
		{method: put, path: "/customers/{id}/groups", procedure: identityv1connect.IdentityServiceSetCustomerGroupsProcedure, summary: "Set the groups a customer is in", status: ok, endpoint: does(setCustomerGroups), note: "Prices follow with the customer's next sign-in or refresh: after 15 minutes at the latest."},
		{method: get, path: "/customer-groups", procedure: identityv1connect.IdentityServiceListCustomerGroupsProcedure, summary: "List customer groups", status: ok, endpoint: does(listCustomerGroups)},
		{method: post, path: "/customer-groups", procedure: identityv1connect.IdentityServiceCreateCustomerGroupProcedure, summary: "Make a customer group", status: created, endpoint: does(createCustomerGroup)},
		{method: get, path: "/customer-groups/{id}", procedure: identityv1connect.IdentityServiceGetCustomerGroupProcedure, summary: "Read a customer group", status: ok, endpoint: does(getCustomerGroup)},
		{method: patch, path: "/customer-groups/{id}", procedure: identityv1connect.IdentityServiceUpdateCustomerGroupProcedure, summary: "Rename a customer group", status: ok, endpoint: does(updateCustomerGroup)},
		{method: del, path: "/customer-groups/{id}", procedure: identityv1connect.IdentityServiceDeleteCustomerGroupProcedure, summary: "Delete a customer group that nobody is in and no price list is for", status: gone, endpoint: does(deleteCustomerGroup)},
		{method: get, path: "/users", procedure: identityv1connect.IdentityServiceListStaffProcedure, summary: "List staff", status: ok, endpoint: does(listUsers)},
		{method: post, path: "/users", procedure: identityv1connect.IdentityServiceCreateStaffProcedure, summary: "Add a member of staff", status: created, endpoint: does(createUser)},
		{method: get, path: "/users/{id}", procedure: identityv1connect.IdentityServiceGetStaffProcedure, summary: "Read a member of staff", status: ok, endpoint: does(getUser)},
		{method: patch, path: "/users/{id}", procedure: identityv1connect.IdentityServiceUpdateStaffProcedure, summary: "Change a member of staff", status: ok, endpoint: does(updateUser), note: "Whoever is locked out is signed out everywhere at once. Nobody changes their own role, and the last owner stays."},
		{method: del, path: "/users/{id}", procedure: identityv1connect.IdentityServiceDeleteStaffProcedure, summary: "Delete a member of staff", status: gone, endpoint: does(deleteUser), note: "Not oneself, nor the last owner."},

		{method: get, path: "/webhooks/subscriptions", procedure: webhookv1connect.WebhookServiceListSubscriptionsProcedure, summary: "List webhook subscriptions", status: ok, endpoint: does(listSubscriptions)},
		{method: post, path: "/webhooks/subscriptions", procedure: webhookv1connect.WebhookServiceCreateSubscriptionProcedure, summary: "Subscribe to events", status: created, endpoint: does(createSubscription)},
		{method: get, path: "/webhooks/subscriptions/{id}", procedure: webhookv1connect.WebhookServiceGetSubscriptionProcedure, summary: "Read a subscription", status: ok, endpoint: does(getSubscription)},
		{method: patch, path: "/webhooks/subscriptions/{id}", procedure: webhookv1connect.WebhookServiceUpdateSubscriptionProcedure, summary: "Change a subscription", status: ok, endpoint: does(updateSubscription)},
		{method: del, path: "/webhooks/subscriptions/{id}", procedure: webhookv1connect.WebhookServiceDeleteSubscriptionProcedure, summary: "Delete a subscription", status: gone, endpoint: does(deleteSubscription)},
		{method: post, path: "/webhooks/subscriptions/{id}/replay", procedure: webhookv1connect.WebhookServiceReplayDeliveriesProcedure, summary: "Deliver a span of time again", status: ok, endpoint: does(replayDeliveries)},
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
		{method: get, path: "/settings/markets", procedure: catalogv1connect.FactsServiceGetMarketsProcedure, summary: "Read the markets the shop sells to", status: ok, endpoint: does(getMarkets)},
		{method: put, path: "/settings/markets", procedure: catalogv1connect.FactsServiceUpdateMarketsProcedure, summary: "Set the markets the shop sells to", status: ok, endpoint: does(putMarkets), note: "Products published already stay so."},

		{method: get, path: "/search/index", procedure: searchv1connect.SearchServiceGetIndexProcedure, summary: "Read what shoppers search, and how far behind it is", status: ok, endpoint: does(getSearchIndex)},
		{method: post, path: "/search/rebuilds", procedure: searchv1connect.SearchServiceStartRebuildProcedure, summary: "Rebuild the search index", status: accepted, endpoint: does(startSearchRebuild), note: "It is built beside the one that is searched, and takes its place in one step. One that waits already is the one."},
		{method: get, path: "/search/rebuilds", procedure: searchv1connect.SearchServiceListRebuildsProcedure, summary: "List rebuilds of the search index", status: ok, endpoint: does(listSearchRebuilds)},
		{method: get, path: "/search/rebuilds/{id}", procedure: searchv1connect.SearchServiceGetRebuildProcedure, summary: "Read how far a rebuild is", status: ok, endpoint: does(getSearchRebuild)},
		{method: get, path: "/search/settings", procedure: searchv1connect.SearchServiceGetSearchSettingsProcedure, summary: "Read what is decided about the search", status: ok, endpoint: does(getSearchSettings)},
		{method: patch, path: "/search/settings", procedure: searchv1connect.SearchServiceUpdateSearchSettingsProcedure, summary: "Change what is decided about the search", status: ok, endpoint: does(updateSearchSettings)},
		{method: get, path: "/search/synonyms", procedure: searchv1connect.SearchServiceListSynonymsProcedure, summary: "List synonyms", status: ok, endpoint: does(listSynonyms)},
		{method: post, path: "/search/synonyms", procedure: searchv1connect.SearchServiceCreateSynonymProcedure, summary: "Make a synonym", status: created, endpoint: does(createSynonym)},
		{method: get, path: "/search/synonyms/{id}", procedure: searchv1connect.SearchServiceGetSynonymProcedure, summary: "Read a synonym", status: ok, endpoint: does(getSynonym)},
		{method: patch, path: "/search/synonyms/{id}", procedure: searchv1connect.SearchServiceUpdateSynonymProcedure, summary: "Change a synonym", status: ok, endpoint: does(updateSynonym)},
		{method: del, path: "/search/synonyms/{id}", procedure: searchv1connect.SearchServiceDeleteSynonymProcedure, summary: "Delete a synonym", status: gone, endpoint: does(deleteSynonym)},
		{method: get, path: "/search/stop-words", procedure: searchv1connect.SearchServiceListStopWordsProcedure, summary: "List stop words by language", status: ok, endpoint: does(listStopWords)},
		{method: put, path: "/search/stop-words/{locale}", procedure: searchv1connect.SearchServiceSetStopWordsProcedure, summary: "Set the stop words of a language", status: ok, endpoint: does(setStopWords), note: "Besides those that everybody knows."},
		{method: get, path: "/search/rules", procedure: searchv1connect.SearchServiceListSearchRulesProcedure, summary: "List rules of which products come first and last", status: ok, endpoint: does(listSearchRules)},
		{method: post, path: "/search/rules", procedure: searchv1connect.SearchServiceCreateSearchRuleProcedure, summary: "Make a rule", status: created, endpoint: does(createSearchRule)},
		{method: get, path: "/search/rules/{id}", procedure: searchv1connect.SearchServiceGetSearchRuleProcedure, summary: "Read a rule", status: ok, endpoint: does(getSearchRule)},
		{method: patch, path: "/search/rules/{id}", procedure: searchv1connect.SearchServiceUpdateSearchRuleProcedure, summary: "Change a rule", status: ok, endpoint: does(updateSearchRule)},
		{method: del, path: "/search/rules/{id}", procedure: searchv1connect.SearchServiceDeleteSearchRuleProcedure, summary: "Delete a rule", status: gone, endpoint: does(deleteSearchRule)},
	}
}
