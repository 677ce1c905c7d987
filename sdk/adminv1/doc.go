// Package adminv1 is the admin surface /admin/v1: the documents it reads and writes, and a client for it. What the
// admin UI can do an integrator can do: there is no other channel.
//
// The rules of package storev1 hold here too, and the types both surfaces share are the same types. A resource carries
// its version, which is also its ETag; If-Match is honoured on PATCH, PUT and DELETE, and a stale one is 412.
//
// # Routes
//
// Every route but those of auth asks for Authorization: Bearer and the permission named; 403 names the missing one.
// Columns: request body (– for none), answer, permission.
//
//	POST   /auth/login                              Login               200 Envelope[LoginResult]           public; sets the refresh cookie
//	POST   /auth/refresh                            –                   200 Envelope[Session]               refresh cookie, rotated
//	POST   /auth/logout                             –                   204                                 refresh cookie, cleared
//	GET    /auth/me                                 –                   200 Envelope[User]                  any user
//
//	GET    /products                                ?ProductQuery       200 List[Product]                   products:read
//	POST   /products                                CreateProduct       201 Envelope[Product]               products:write; Location
//	GET    /products/{id}                           –                   200 Envelope[Product]               products:read
//	PATCH  /products/{id}                           UpdateProduct       200 Envelope[Product]               products:write
//	DELETE /products/{id}                           –                   200 Retired[Product] or 204         products:delete; 204 when it is gone, 200 when it was sold and is archived
//	POST   /products/{id}/duplicate                 Duplicate?          201 Envelope[Product]               products:write; Location
//	POST   /products/bulk                           EditProducts        200 EditedProducts                  products:write
//	GET    /products/{id}/variants                  PageQuery           200 List[Variant]                   products:read
//	GET    /products/{id}/variants/{variantId}      –                   200 Envelope[Variant]               products:read
//	POST   /products/{id}/variants                  CreateVariant       201 Envelope[Variant]               products:write; Location
//	PATCH  /products/{id}/variants/{variantId}      UpdateVariant       200 Envelope[Variant]               products:write
//	DELETE /products/{id}/variants/{variantId}      –                   200 Retired[Variant] or 204         products:write; like the product
//	PUT    /products/{id}/options                   SetOptions          200 Envelope[Product]               products:write
//	PUT    /products/{id}/variants/order            OrderVariants       200 Envelope[Product]               products:write
//	PUT    /products/{id}/variants/{variantId}/components  SetComponents  200 Envelope[Variant]             products:write
//	POST   /products/{id}/images                    ImageLink           201 Envelope[Product]               products:write; adds at the end
//	PUT    /products/{id}/images                    SetImages           200 Envelope[Product]               products:write; replaces and orders
//	DELETE /products/{id}/images/{imageId}          –                   204                                 products:write
//	PUT    /products/{id}/categories                SetCategories       200 Envelope[Product]               products:write
//	PUT    /products/{id}/tags                      SetTags             200 Envelope[Product]               products:write
//	GET    /products/{id}/translations              PageQuery           200 List[StoredProductTranslation]  products:read
//	PUT    /products/{id}/translations/{locale}     ProductTranslation  200 Envelope[StoredProductTranslation]  products:write
//	DELETE /products/{id}/translations/{locale}     –                   204                                 products:write
//	GET    /products/{id}/compliance                –                   200 Envelope[Compliance]            products:read
//	GET    /products/{id}/variants/{variantId}/files           –           200 List[VariantFile]      products:read
//	POST   /products/{id}/variants/{variantId}/files           AddFile     201 Envelope[VariantFile]  products:write; Location
//	PATCH  /products/{id}/variants/{variantId}/files/{fileId}  UpdateFile  200 Envelope[VariantFile]  products:write
//	DELETE /products/{id}/variants/{variantId}/files/{fileId}  –           204                        products:write
//
//	GET    /attributes                              ?AttributeQuery     200 List[Attribute]                 products:read
//	POST   /attributes                              CreateAttribute     201 Envelope[Attribute]             products:write; Location
//	GET    /attributes/{id}                         –                   200 Envelope[Attribute]             products:read
//	PATCH  /attributes/{id}                         UpdateAttribute     200 Envelope[Attribute]             products:write
//	DELETE /attributes/{id}                         –                   204                                 products:delete
//	GET    /attributes/{id}/translations            ?PageQuery          200 List[StoredAttributeTranslation]    products:read
//	PUT    /attributes/{id}/translations/{locale}   AttributeTranslation 200 Envelope[StoredAttributeTranslation] products:write
//	DELETE /attributes/{id}/translations/{locale}   –                   204                                     products:write
//
//	GET    /products/{id}/variants/{variantId}/price-history  ?PageQuery  200 List[PriceRecord]            products:read; newest first
//
//	GET    /price-lists                             ?PriceListQuery     200 List[PriceList]                 products:read
//	POST   /price-lists                             CreatePriceList     201 Envelope[PriceList]             products:write; Location
//	GET    /price-lists/{id}                        –                   200 Envelope[PriceList]             products:read
//	PATCH  /price-lists/{id}                        UpdatePriceList     200 Envelope[PriceList]             products:write
//	DELETE /price-lists/{id}                        –                   204                                 products:write; its prices end
//	GET    /price-lists/{id}/prices                 ?ListPriceQuery     200 List[ListPrice]                 products:read
//	PUT    /price-lists/{id}/prices                 SetListPrices       200 Envelope[ListPricesWritten]     products:write; adds and sets
//	DELETE /price-lists/{id}/prices                 ?DeleteListPrices   204                                 products:write
//
//	GET    /categories                              ?CategoryQuery      200 List[Category]                  categories:read
//	POST   /categories                              CreateCategory      201 Envelope[Category]              categories:write; Location
//	GET    /categories/{id}                         –                   200 Envelope[Category]              categories:read
//	PATCH  /categories/{id}                         UpdateCategory      200 Envelope[Category]              categories:write
//	DELETE /categories/{id}                         –                   204                                 categories:delete
//	PUT    /categories/{id}/children                OrderCategories     204                                 categories:write
//	GET    /categories/{id}/translations            PageQuery           200 List[StoredTaxonTranslation]  categories:read
//	PUT    /categories/{id}/translations/{locale}   TaxonTranslation    200 Envelope[StoredTaxonTranslation]  categories:write
//	DELETE /categories/{id}/translations/{locale}   –                   204                                 categories:write
//	GET    /collections/{id}/translations           PageQuery           200 List[StoredTaxonTranslation]  categories:read
//	PUT    /collections/{id}/translations/{locale}  TaxonTranslation    200 Envelope[StoredTaxonTranslation]  categories:write
//	DELETE /collections/{id}/translations/{locale}  –                   204                                 categories:write
//	GET    /tags                                    ?TagQuery           200 List[Tag]                       categories:read
//	POST   /tags                                    CreateTag           201 Envelope[Tag]                   categories:write; Location
//	GET    /tags/{id}                               –                   200 Envelope[Tag]                   categories:read
//	PATCH  /tags/{id}                               UpdateTag           200 Envelope[Tag]                   categories:write
//	DELETE /tags/{id}                               –                   204                                 categories:delete
//	GET    /tags/{id}/translations                  ?PageQuery          200 List[StoredTagTranslation]          categories:read
//	PUT    /tags/{id}/translations/{locale}         TagTranslation      200 Envelope[StoredTagTranslation]      categories:write
//	DELETE /tags/{id}/translations/{locale}         –                   204                                     categories:write
//	GET    /brands                                  ?BrandQuery         200 List[Brand]                     categories:read
//	POST   /brands                                  CreateBrand         201 Envelope[Brand]                 categories:write; Location
//	GET    /brands/{id}                             –                   200 Envelope[Brand]                 categories:read
//	PATCH  /brands/{id}                             UpdateBrand         200 Envelope[Brand]                 categories:write
//	DELETE /brands/{id}                             –                   204                                 categories:delete; 409 while products carry it
//	GET    /brands/{id}/translations                ?PageQuery          200 List[StoredTaxonTranslation]        categories:read
//	PUT    /brands/{id}/translations/{locale}       TaxonTranslation    200 Envelope[StoredTaxonTranslation]    categories:write
//	DELETE /brands/{id}/translations/{locale}       –                   204                                     categories:write
//	GET    /collections                             ?CollectionQuery    200 List[Collection]                categories:read
//	POST   /collections                             CreateCollection    201 Envelope[Collection]            categories:write; Location
//	GET    /collections/{id}                        –                   200 Envelope[Collection]            categories:read
//	PATCH  /collections/{id}                        UpdateCollection    200 Envelope[Collection]            categories:write
//	DELETE /collections/{id}                        –                   204                                 categories:delete
//	GET    /collections/{id}/products               ?PageQuery          200 List[Product]                   products:read
//	PUT    /collections/{id}/products               CollectionProducts  200 Envelope[Collection]            categories:write; replaces and orders
//	POST   /collections/{id}/products               CollectionProducts  200 Envelope[Collection]            categories:write; adds at the end
//	DELETE /collections/{id}/products/{productId}   –                   204                                 categories:write
//
//	GET    /pages                                   ?ContentPageQuery   200 List[ContentPageSummary]        pages:read
//	POST   /pages                                   CreateContentPage   201 Envelope[ContentPage]           pages:write; Location
//	GET    /pages/{id}                              –                   200 Envelope[ContentPage]           pages:read
//	PATCH  /pages/{id}                              UpdateContentPage   200 Envelope[ContentPage]           pages:write
//	DELETE /pages/{id}                              –                   204                                 pages:delete
//
//	GET    /jobs                                    ?JobQuery           200 List[Job]                       products:read
//	GET    /jobs/{id}                               –                   200 Envelope[Job]                   products:read
//	GET    /jobs/{id}/errors                        ?PageQuery          200 List[JobError]                  products:read
//	GET    /jobs/{id}/pictures                      ?JobPictureQuery    200 List[JobPicture]                products:read
//	POST   /jobs/{id}/cancel                        –                   200 Envelope[Job]                   products:write
//	POST   /imports/products                        ?ImportQuery, file  202 Envelope[Job]                   products:write; text/csv or application/x-ndjson, Location
//	POST   /exports/products                        ?ExportQuery        202 Envelope[Job]                   products:read; Location
//	GET    /exports/{jobId}/file                    –                   200 text/csv, application/x-ndjson  products:read
//
//	GET    /media                                   ?MediaQuery         200 List[Media]                     media:read
//	POST   /media                                   multipart           201 Envelope[Media]                 media:write; parts file, alt?, folder?, filename?, label…, ≤ 32 MiB, Location
//	POST   /media/files                             multipart           201 Envelope[Media]                 media:write; the same with a private file of any kind
//	POST   /media/uploads                           CreateUpload        201 Envelope[Upload]                media:write; then PUT the bytes to its address
//	POST   /media/fetch                             FetchMedia          201 Envelope[Media]                 media:write; takes in the picture at a foreign address, Location
//	POST   /media/uploads/{uploadId}/complete       –                   201 Envelope[Media]                 media:write; again answers the same
//	GET    /media/folders                           –                   200 Envelope[MediaFolders]          media:read
//	GET    /media/{id}                              –                   200 Envelope[Media]                 media:read
//	PATCH  /media/{id}                              UpdateMedia         200 Envelope[Media]                 media:write
//	DELETE /media/{id}                              –                   204                                 media:delete; 409 while the shop shows it
//	GET    /media/{id}/uses                         –                   200 Envelope[MediaUses]             media:read
//	GET    /media/{id}/download-url                 –                   200 Envelope[DownloadURL]           media:read
//	POST   /media/{id}/renditions                   –                   200 Envelope[Media]                 media:write; makes them once more
//
//	GET    /inventory/{variantId}                   –                   200 Envelope[Inventory]             inventory:read
//	PATCH  /inventory/{variantId}                   UpdateInventory     200 Envelope[Inventory]             inventory:write
//	POST   /inventory/{variantId}/adjustments       Adjust              201 Envelope[Inventory]             inventory:write
//	GET    /inventory/{variantId}/movements         ?PageQuery          200 List[Movement]                  inventory:read
//
//	GET    /orders                                  ?OrderQuery         200 List[Order]                     orders:read
//	GET    /orders/{id}                             –                   200 Envelope[Order]                 orders:read
//	POST   /orders/{id}/payments                    RecordPayment       201 Envelope[Payment]               orders:write; Idempotency-Key required
//	POST   /orders/{id}/fulfilments                 Fulfil?             201 Envelope[Fulfilment]            orders:write
//	POST   /orders/{id}/cancel                      Cancel?             200 Envelope[Order]                 orders:write
//	POST   /orders/{id}/refunds                     RecordRefund        201 Envelope[Refund]                orders:refund; Idempotency-Key required
//
//	GET    /customers                               ?CustomerQuery      200 List[Customer]                  customers:read
//	GET    /customers/{id}                          –                   200 Envelope[Customer]              customers:read
//	PATCH  /customers/{id}                          UpdateCustomer      200 Envelope[Customer]              customers:write
//	PUT    /customers/{id}/groups                   SetCustomerGroups   200 Envelope[Customer]              customers:write
//	GET    /customer-groups                         ?CustomerGroupQuery 200 List[CustomerGroup]             customers:read
//	POST   /customer-groups                         CreateCustomerGroup 201 Envelope[CustomerGroup]         customers:write; Location
//	GET    /customer-groups/{id}                    –                   200 Envelope[CustomerGroup]         customers:read
//	PATCH  /customer-groups/{id}                    UpdateCustomerGroup 200 Envelope[CustomerGroup]         customers:write
//	DELETE /customer-groups/{id}                    –                   204                                 customers:write; 409 while customers are in it or a price list is for it
//	GET    /users                                   ?PageQuery          200 List[User]                      users:read
//	POST   /users                                   CreateUser          201 Envelope[User]                  users:write; Location
//	GET    /users/{id}                              –                   200 Envelope[User]                  users:read
//	PATCH  /users/{id}                              UpdateUser          200 Envelope[User]                  users:write; 409 on oneself and the last owner
//	DELETE /users/{id}                              –                   204                                 users:write; 409 on oneself and the last owner
//
//	GET    /webhooks/subscriptions                  ?PageQuery          200 List[Subscription]              webhooks:read
//	POST   /webhooks/subscriptions                  CreateSubscription  201 Envelope[CreatedSubscription]   webhooks:write; Location
//	GET    /webhooks/subscriptions/{id}             –                   200 Envelope[Subscription]          webhooks:read
//	PATCH  /webhooks/subscriptions/{id}             UpdateSubscription  200 Envelope[UpdatedSubscription]   webhooks:write
//	DELETE /webhooks/subscriptions/{id}             –                   204                                 webhooks:write
//	POST   /webhooks/subscriptions/{id}/replay      ReplayDeliveries    200 Envelope[ReplayedDeliveries]    webhooks:write
//	GET    /webhooks/deliveries                     ?DeliveryQuery      200 List[Delivery]                  webhooks:read
//	POST   /webhooks/deliveries/{id}/retry          –                   200 Envelope[Delivery]              webhooks:write
//
//	GET    /settings/locales                        –                   200 Envelope[StoredLocales]         settings:read
//	PUT    /settings/locales                        Locales             200 Envelope[StoredLocales]         settings:write
//	GET    /settings/store                          –                   200 Envelope[StoredStoreSettings]     settings:read
//	PUT    /settings/store                          StoreSettings       200 Envelope[StoredStoreSettings]     settings:write
//	GET    /settings/tax                            –                   200 Envelope[StoredTaxSettings]       settings:read
//	PUT    /settings/tax                            TaxSettings         200 Envelope[StoredTaxSettings]       settings:write
//	GET    /settings/shipping                       –                   200 Envelope[StoredShippingSettings]  settings:read
//	PUT    /settings/shipping                       ShippingSettings    200 Envelope[StoredShippingSettings]  settings:write
//	GET    /settings/markets                        –                   200 Envelope[StoredMarketSettings]           settings:read
//	PUT    /settings/markets                        MarketSettings      200 Envelope[StoredMarketSettings]           settings:write
//
//	GET    /search/index                            –                   200 Envelope[SearchIndex]           settings:read
//	POST   /search/rebuilds                         –                   202 Envelope[SearchRebuild]         settings:write; Location
//	GET    /search/rebuilds                         ?PageQuery          200 List[SearchRebuild]             settings:read
//	GET    /search/rebuilds/{id}                    –                   200 Envelope[SearchRebuild]         settings:read
//	GET    /search/settings                         –                   200 Envelope[SearchSettings]        settings:read
//	PATCH  /search/settings                         UpdateSearchSettings 200 Envelope[SearchSettings]        settings:write
//	GET    /search/synonyms                         ?PageQuery          200 List[Synonym]                   settings:read
//	POST   /search/synonyms                         CreateSynonym       201 Envelope[Synonym]               settings:write; Location
//	GET    /search/synonyms/{id}                    –                   200 Envelope[Synonym]               settings:read
//	PATCH  /search/synonyms/{id}                    UpdateSynonym       200 Envelope[Synonym]               settings:write
//	DELETE /search/synonyms/{id}                    –                   204                                 settings:write
//	GET    /search/stop-words                       ?PageQuery          200 List[StopWords]                 settings:read
//	PUT    /search/stop-words/{locale}              SetStopWords        200 Envelope[StopWords]             settings:write
//	GET    /search/rules                            ?PageQuery          200 List[SearchRule]                settings:read
//	POST   /search/rules                            CreateSearchRule    201 Envelope[SearchRule]            settings:write; Location
//	GET    /search/rules/{id}                       –                   200 Envelope[SearchRule]            settings:read
//	PATCH  /search/rules/{id}                       UpdateSearchRule    200 Envelope[SearchRule]            settings:write
//	DELETE /search/rules/{id}                       –                   204                                 settings:write
package adminv1
