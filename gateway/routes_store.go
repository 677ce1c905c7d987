package gateway

import (
	"net/http"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/content/v1/contentv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
)

// storeRoutes is the surface /store/v1, row by row.
func storeRoutes() []route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
		ok, created, gone          = http.StatusOK, http.StatusCreated, http.StatusNoContent
	)
	return []route{
		{method: get, path: "/products", procedure: catalogv1connect.CatalogServiceListStoreProductsProcedure, summary: "List products", status: ok, endpoint: does(listStoreProducts), cached: products, localized: true, priced: true},
		{method: get, path: "/products/{slugOrId}", procedure: catalogv1connect.CatalogServiceGetStoreProductProcedure, summary: "Read a product", status: ok, endpoint: does(getStoreProduct), cached: oneProduct, localized: true, priced: true},
		{method: get, path: "/categories", procedure: catalogv1connect.CatalogServiceListStoreCategoriesProcedure, summary: "List categories", status: ok, endpoint: does(listStoreCategories), cached: counts, localized: true},
		{method: get, path: "/categories/{slugOrId}", procedure: catalogv1connect.CatalogServiceGetStoreCategoryProcedure, summary: "Read a category", status: ok, endpoint: does(getStoreCategory), cached: counts, localized: true},
		{method: get, path: "/tags", procedure: catalogv1connect.CatalogServiceListStoreTagsProcedure, summary: "List tags", status: ok, endpoint: does(listStoreTags), cached: counts, localized: true},
		{method: get, path: "/brands", procedure: catalogv1connect.TaxonomyServiceListStoreBrandsProcedure, summary: "List brands", status: ok, endpoint: does(listStoreBrands), cached: taxonomy, localized: true},
		{method: get, path: "/brands/{slugOrId}", procedure: catalogv1connect.TaxonomyServiceGetStoreBrandProcedure, summary: "Read a brand", status: ok, endpoint: does(getStoreBrand), cached: taxonomy, localized: true},
		{method: get, path: "/collections", procedure: catalogv1connect.TaxonomyServiceListStoreCollectionsProcedure, summary: "List collections", status: ok, endpoint: does(listStoreCollections), cached: taxonomy, localized: true},
		{method: get, path: "/collections/{slugOrId}", procedure: catalogv1connect.TaxonomyServiceGetStoreCollectionProcedure, summary: "Read a collection", status: ok, endpoint: does(getStoreCollection), cached: taxonomy, localized: true},
		{method: get, path: "/pages", procedure: contentv1connect.ContentServiceListStorePagesProcedure, summary: "List the shop's own pages", status: ok, endpoint: does(listStorePages), cached: contentPages, chosen: true, note: "Published ones of one language, by slug."},
		{method: get, path: "/pages/{slug}", procedure: contentv1connect.ContentServiceGetStorePageProcedure, summary: "Read a page of the shop's own", status: ok, endpoint: does(getStorePage), cached: contentPages, chosen: true},
		{method: get, path: "/search", procedure: searchv1connect.SearchServiceSearchProductsProcedure, summary: "Search products", status: ok, endpoint: does(searchProducts), cached: unkept, localized: true, priced: true, lenient: true},
		{method: get, path: "/search/suggestions", procedure: searchv1connect.SearchServiceSuggestProcedure, summary: "Suggest what a text may be going to be", status: ok, endpoint: does(suggest), cached: unkept, localized: true, lenient: true},

		{method: post, path: "/carts", procedure: cartv1connect.CartServiceCreateCartProcedure, summary: "Make a cart", status: created, endpoint: does(createCart), note: "Sets the cookie sov_cart and shows the same secret once."},
		{method: get, path: "/carts/{id}", procedure: cartv1connect.CartServiceGetCartProcedure, summary: "Read a cart", status: ok, endpoint: does(getCart)},
		{method: patch, path: "/carts/{id}", procedure: cartv1connect.CartServiceUpdateCartProcedure, summary: "Change a cart's currency, country, channel or language", status: ok, endpoint: does(updateCart), note: "Every line is priced anew. A change that leaves a line without a price is refused, and the lines are named."},
		{method: del, path: "/carts/{id}", procedure: cartv1connect.CartServiceDeleteCartProcedure, summary: "Give a cart up", status: gone, endpoint: does(deleteCart)},
		{method: post, path: "/carts/{id}/items", procedure: cartv1connect.CartServiceAddItemProcedure, summary: "Add to a cart", status: created, endpoint: does(addItem)},
		{method: patch, path: "/carts/{id}/items/{itemId}", procedure: cartv1connect.CartServiceUpdateItemProcedure, summary: "Change a line's quantity", status: ok, endpoint: does(updateItem)},
		{method: del, path: "/carts/{id}/items/{itemId}", procedure: cartv1connect.CartServiceRemoveItemProcedure, summary: "Remove a line", status: ok, endpoint: does(removeItem)},
		{method: put, path: "/carts/{id}/email", procedure: cartv1connect.CartServiceSetEmailProcedure, summary: "Set the e-mail", status: ok, endpoint: does(setEmail)},
		{method: put, path: "/carts/{id}/shipping-address", procedure: cartv1connect.CartServiceSetShippingAddressProcedure, summary: "Set the shipping address", status: ok, endpoint: does(setShippingAddress)},
		{method: put, path: "/carts/{id}/billing-address", procedure: cartv1connect.CartServiceSetBillingAddressProcedure, summary: "Set the billing address", status: ok, endpoint: does(setBillingAddress)},
		{method: get, path: "/carts/{id}/shipping-rates", procedure: cartv1connect.CartServiceListShippingRatesProcedure, summary: "List ways of shipping", status: ok, endpoint: does(listShippingRates)},
		{method: put, path: "/carts/{id}/shipping-method", procedure: cartv1connect.CartServiceSetShippingMethodProcedure, summary: "Choose a way of shipping", status: ok, endpoint: does(setShippingMethod)},
		{method: post, path: "/carts/{id}/discounts", procedure: cartv1connect.CartServiceApplyDiscountProcedure, summary: "Apply a discount code", status: ok, endpoint: does(applyDiscount)},
		{method: del, path: "/carts/{id}/discounts/{code}", procedure: cartv1connect.CartServiceRemoveDiscountProcedure, summary: "Remove a discount code", status: ok, endpoint: does(removeDiscount)},
		{method: post, path: "/carts/{id}/checkout", procedure: checkoutv1connect.CheckoutServicePlaceOrderProcedure, summary: "Place the order", status: created, endpoint: does(placeOrder), keyRequired: true},

		{method: get, path: "/orders/by-number/{number}", procedure: checkoutv1connect.CheckoutServiceGetOrderByNumberProcedure, summary: "Read a guest's order", status: ok, endpoint: does(getOrderByNumber), note: "Send the order's access token as X-Order-Token."},
		{method: get, path: "/orders", procedure: checkoutv1connect.CheckoutServiceListMyOrdersProcedure, summary: "List the customer's orders", status: ok, endpoint: does(listMyOrders), signedIn: true},
		{method: get, path: "/orders/{id}", procedure: checkoutv1connect.CheckoutServiceGetMyOrderProcedure, summary: "Read an order", status: ok, endpoint: does(getMyOrder), note: "For the signed-in customer of the order, or with the order's access token as X-Order-Token."},
		{method: get, path: "/orders/{id}/downloads", procedure: checkoutv1connect.CheckoutServiceListOrderDownloadsProcedure, summary: "List the files that were bought", status: ok, endpoint: does(listOrderDownloads), note: "For the signed-in customer of the order, or with the order's access token as X-Order-Token."},
		{method: post, path: "/orders/{id}/downloads/{fileId}", procedure: checkoutv1connect.CheckoutServiceCreateOrderDownloadProcedure, summary: "Download a file that was bought", status: ok, endpoint: does(createOrderDownload), note: "For the signed-in customer of the order, or with the order's access token as X-Order-Token. Every answer counts as a download, except a repetition with the same Idempotency-Key."},

		{method: post, path: "/customers/register", procedure: identityv1connect.IdentityServiceRegisterCustomerProcedure, summary: "Make an account", status: created, endpoint: does(registerCustomer), login: true, note: "The answer is the same when the address has an account already: then nothing is made or changed, and its owner signs in as before."},
		{method: post, path: "/customers/login", procedure: identityv1connect.IdentityServiceLoginCustomerProcedure, summary: "Sign in", status: ok, endpoint: does(loginCustomer), session: true, login: true, note: "Sets the refresh cookie."},
		{method: post, path: "/customers/refresh", procedure: identityv1connect.IdentityServiceRefreshCustomerProcedure, summary: "Renew the session", status: ok, endpoint: does(refreshCustomer), session: true, note: "Rotates the refresh cookie."},
		{method: post, path: "/customers/logout", procedure: identityv1connect.IdentityServiceLogoutCustomerProcedure, summary: "Sign out", status: gone, endpoint: does(logoutCustomer), session: true},
		{method: get, path: "/customers/me", procedure: identityv1connect.IdentityServiceGetCustomerMeProcedure, summary: "Read the account", status: ok, endpoint: does(getCustomerMe), signedIn: true},
		{method: patch, path: "/customers/me", procedure: identityv1connect.IdentityServiceUpdateCustomerMeProcedure, summary: "Change the account", status: ok, endpoint: does(updateCustomerMe), signedIn: true},
	}
}
