// Package storev1 is the storefront surface /store/v1: the documents it reads and writes, and a client for it.
//
// The structs here are the contract. The server decodes and encodes them, validates by their tags (JSON Schema
// keywords), and generates the OpenAPI 3.1 document from them. Rules that hold for all of them:
//
//   - one resource is Envelope, a collection is List, an error is Error;
//   - keys are camelCase, ids are UUIDv7 in lower case, money is integer minor units with its currency (Money),
//     times are RFC 3339 UTC with milliseconds (Time);
//   - in an answer an absent value is null, never missing, and a slice is never null unless its doc says so;
//   - in a PATCH body a missing key leaves and null clears (Optional);
//   - an unknown key of a body is 422, an unknown query parameter is 400, both with its name.
//
// # Routes
//
// A cart is opened by the cookie sov_cart or the header X-Cart-Token (shown once, when the cart is made), or by its
// owner's access token. A guest's order is opened by X-Order-Token. Columns: what the request body is (– for none),
// what the answer is, and what opens it.
//
//	GET    /products                       ?ProductQuery    200 List[Product]            public, ETag
//	GET    /products/{slugOrId}            ?ProductView     200 Envelope[Product]        public, ETag
//	GET    /categories                     ?CategoryQuery   200 List[Category]           public, ETag
//	GET    /categories/{slugOrId}          –                200 Envelope[Category]       public, ETag
//	GET    /tags                           ?TagQuery        200 List[Tag]                public, ETag
//	GET    /brands                         ?BrandQuery      200 List[Brand]              public, ETag
//	GET    /brands/{slugOrId}              ?LocaleQuery     200 Envelope[Brand]          public, ETag
//	GET    /collections                    ?CollectionQuery 200 List[Collection]         public, ETag
//	GET    /collections/{slugOrId}         –                200 Envelope[Collection]     public, ETag
//	GET    /pages                          ?ContentPageQuery 200 List[ContentPageSummary] public, ETag
//	GET    /pages/{slug}                   ?ContentPageView 200 Envelope[ContentPage]    public, ETag
//	GET    /search                         ?SearchQuery     200 SearchResult             public, ETag
//	GET    /search/suggestions             ?SuggestionQuery 200 Suggestions              public, ETag
//
//	POST   /carts                          CreateCart       201 Envelope[CreatedCart]    public; sets sov_cart, Location
//	GET    /carts/{id}                     –                200 Envelope[Cart]           cart
//	PATCH  /carts/{id}                     UpdateCart       200 Envelope[Cart]           cart
//	DELETE /carts/{id}                     –                204                          cart; clears sov_cart
//	POST   /carts/{id}/items               AddItem          201 Envelope[Cart]           cart
//	PATCH  /carts/{id}/items/{itemId}      UpdateItem       200 Envelope[Cart]           cart
//	DELETE /carts/{id}/items/{itemId}      –                200 Envelope[Cart]           cart
//	PUT    /carts/{id}/email               SetEmail         200 Envelope[Cart]           cart
//	PUT    /carts/{id}/shipping-address    Address          200 Envelope[Cart]           cart
//	PUT    /carts/{id}/billing-address     Address          200 Envelope[Cart]           cart
//	GET    /carts/{id}/shipping-rates      ?PageQuery       200 List[ShippingRate]       cart
//	PUT    /carts/{id}/shipping-method     SelectShipping   200 Envelope[Cart]           cart
//	POST   /carts/{id}/discounts           ApplyDiscount    200 Envelope[Cart]           cart
//	DELETE /carts/{id}/discounts/{code}    –                200 Envelope[Cart]           cart
//	POST   /carts/{id}/checkout            Checkout         201 Envelope[Order]          cart; Idempotency-Key required, Location
//
//	GET    /orders/by-number/{number}      –                200 Envelope[Order]          X-Order-Token; without or with a wrong one 404
//	GET    /orders                         ?OrderQuery      200 List[Order]              customer
//	GET    /orders/{id}                    –                200 Envelope[Order]          customer or X-Order-Token
//	GET    /orders/{id}/downloads          ?PageQuery       200 List[Download]           customer or X-Order-Token
//	POST   /orders/{id}/downloads/{fileId} –                200 Envelope[DownloadLink]   customer or X-Order-Token; counts
//
//	POST   /customers/register             Register         201 Envelope[Customer]       public; no session; the same answer when the address has an account
//	POST   /customers/login                Login            200 Envelope[Session]        public; sets the refresh cookie
//	POST   /customers/refresh              –                200 Envelope[Session]        refresh cookie, rotated
//	POST   /customers/logout               –                204                          refresh cookie, cleared
//	GET    /customers/me                   –                200 Envelope[Customer]       customer
//	PATCH  /customers/me                   UpdateCustomer   200 Envelope[Customer]       customer
package storev1
