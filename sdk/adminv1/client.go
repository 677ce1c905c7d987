package adminv1

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/sovecom/sovecom/sdk/internal/rest"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// Client calls the admin surface of one shop. It is a value: copy it freely, also between goroutines.
//
// A call that the shop refuses returns an *APIError; any other error means that there was no whole answer, and then it
// is unknown whether the call took effect. Nothing is retried: repeat a POST with the same idempotency key.
type Client struct {
	BaseURL string       // address of the shop, such as "https://shop.example"
	HTTP    *http.Client // nil: http.DefaultClient. Give it a cookie jar for Refresh and Logout
	Token   string       // access token of a signed-in user
	Key     string       // idempotency key sent with every POST: see Once
	Match   string       // If-Match sent with every PATCH, PUT and DELETE: see IfVersion
}

// APIError is an answer whose status says that the call failed.
type APIError = storev1.APIError

// NewIdempotencyKey returns a fresh random key. Make one per intention, keep it, and repeat the call with it.
func NewIdempotencyKey() string { return rest.NewKey() }

// WithUser returns a copy that acts as the user with this access token.
func (c Client) WithUser(token string) Client { c.Token = token; return c }

// Once returns a copy for one intention: its POST carries this idempotency key, so that repeating it has no further
// effect.
func (c Client) Once(key string) Client { c.Key = key; return c }

// IfVersion returns a copy whose changes are refused with 412 unless the resource still has this version.
func (c Client) IfVersion(version int64) Client { c.Match = ETag(version); return c }

// ETag is the entity tag of a resource at a version.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// Login signs a user in. Use AccessToken with WithUser, or answer the challenge.
func (c Client) Login(ctx context.Context, in Login) (LoginResult, error) {
	return one[LoginResult](ctx, c, http.MethodPost, in, "auth", "login")
}

// Refresh exchanges the refresh cookie in the cookie jar for a fresh session.
func (c Client) Refresh(ctx context.Context) (Session, error) {
	return one[Session](ctx, c, http.MethodPost, nil, "auth", "refresh")
}

// Logout ends the session of the refresh cookie in the cookie jar.
func (c Client) Logout(ctx context.Context) error {
	return c.do(ctx, rest.Call{Method: http.MethodPost, Path: path("auth", "logout")}, nil)
}

// Me reads the signed-in user.
func (c Client) Me(ctx context.Context) (User, error) {
	return one[User](ctx, c, http.MethodGet, nil, "auth", "me")
}

// Products lists products of every status.
func (c Client) Products(ctx context.Context, q ProductQuery) (List[Product], error) {
	return page[Product](ctx, c, rest.Query(q), "products")
}

// Product reads a product.
func (c Client) Product(ctx context.Context, id string) (Product, error) {
	return one[Product](ctx, c, http.MethodGet, nil, "products", id)
}

// CreateProduct makes a product with its variants and their stock, whole or not at all.
func (c Client) CreateProduct(ctx context.Context, in CreateProduct) (Product, error) {
	return one[Product](ctx, c, http.MethodPost, in, "products")
}

// UpdateProduct changes a product.
func (c Client) UpdateProduct(ctx context.Context, id string, in UpdateProduct) (Product, error) {
	return one[Product](ctx, c, http.MethodPatch, in, "products", id)
}

// ProductTranslations reads a product's texts in other languages.
func (c Client) ProductTranslations(ctx context.Context, id string, q PageQuery) (List[StoredProductTranslation], error) {
	return page[StoredProductTranslation](ctx, c, rest.Query(q), "products", id, "translations")
}

// SetProductTranslation replaces a product's texts in one language.
func (c Client) SetProductTranslation(ctx context.Context, id, locale string, in ProductTranslation) (StoredProductTranslation, error) {
	return one[StoredProductTranslation](ctx, c, http.MethodPut, in, "products", id, "translations", locale)
}

// DeleteProductTranslation takes a product's texts in one language away.
func (c Client) DeleteProductTranslation(ctx context.Context, id, locale string) error {
	return c.delete(ctx, "products", id, "translations", locale)
}

// CategoryTranslations reads a category's texts in other languages.
func (c Client) CategoryTranslations(ctx context.Context, id string, q PageQuery) (List[StoredTaxonTranslation], error) {
	return page[StoredTaxonTranslation](ctx, c, rest.Query(q), "categories", id, "translations")
}

// SetCategoryTranslation replaces a category's texts in one language.
func (c Client) SetCategoryTranslation(ctx context.Context, id, locale string, in TaxonTranslation) (StoredTaxonTranslation, error) {
	return one[StoredTaxonTranslation](ctx, c, http.MethodPut, in, "categories", id, "translations", locale)
}

// DeleteCategoryTranslation takes a category's texts in one language away.
func (c Client) DeleteCategoryTranslation(ctx context.Context, id, locale string) error {
	return c.delete(ctx, "categories", id, "translations", locale)
}

// CollectionTranslations reads a collection's texts in other languages.
func (c Client) CollectionTranslations(ctx context.Context, id string, q PageQuery) (List[StoredTaxonTranslation], error) {
	return page[StoredTaxonTranslation](ctx, c, rest.Query(q), "collections", id, "translations")
}

// SetCollectionTranslation replaces a collection's texts in one language.
func (c Client) SetCollectionTranslation(ctx context.Context, id, locale string, in TaxonTranslation) (StoredTaxonTranslation, error) {
	return one[StoredTaxonTranslation](ctx, c, http.MethodPut, in, "collections", id, "translations", locale)
}

// DeleteCollectionTranslation takes a collection's texts in one language away.
func (c Client) DeleteCollectionTranslation(ctx context.Context, id, locale string) error {
	return c.delete(ctx, "collections", id, "translations", locale)
}

// Locales reads the languages of the shop.
func (c Client) Locales(ctx context.Context) (StoredLocales, error) {
	return one[StoredLocales](ctx, c, http.MethodGet, nil, "settings", SectionLocales)
}

// SetLocales changes the languages of the shop.
func (c Client) SetLocales(ctx context.Context, in Locales) (StoredLocales, error) {
	return one[StoredLocales](ctx, c, http.MethodPut, in, "settings", SectionLocales)
}

// Variants lists the variants of a product, archived ones too, by position.
func (c Client) Variants(ctx context.Context, productID string, q PageQuery) (List[Variant], error) {
	return page[Variant](ctx, c, rest.Query(q), "products", productID, "variants")
}

// Variant reads one variant.
func (c Client) Variant(ctx context.Context, productID, id string) (Variant, error) {
	return one[Variant](ctx, c, http.MethodGet, nil, "products", productID, "variants", id)
}

// CreateVariant adds a variant.
func (c Client) CreateVariant(ctx context.Context, productID string, in CreateVariant) (Variant, error) {
	return one[Variant](ctx, c, http.MethodPost, in, "products", productID, "variants")
}

// UpdateVariant changes a variant.
func (c Client) UpdateVariant(ctx context.Context, productID, id string, in UpdateVariant) (Variant, error) {
	return one[Variant](ctx, c, http.MethodPatch, in, "products", productID, "variants", id)
}

// PriceHistory lists what a variant cost when, newest first.
func (c Client) PriceHistory(ctx context.Context, productID, id string, q PageQuery) (List[PriceRecord], error) {
	return page[PriceRecord](ctx, c, rest.Query(q), "products", productID, "variants", id, "price-history")
}

// PriceLists lists price lists, newest first.
func (c Client) PriceLists(ctx context.Context, q PriceListQuery) (List[PriceList], error) {
	return page[PriceList](ctx, c, rest.Query(q), "price-lists")
}

// PriceList reads a price list.
func (c Client) PriceList(ctx context.Context, id string) (PriceList, error) {
	return one[PriceList](ctx, c, http.MethodGet, nil, "price-lists", id)
}

// CreatePriceList makes a price list.
func (c Client) CreatePriceList(ctx context.Context, in CreatePriceList) (PriceList, error) {
	return one[PriceList](ctx, c, http.MethodPost, in, "price-lists")
}

// UpdatePriceList changes a price list.
func (c Client) UpdatePriceList(ctx context.Context, id string, in UpdatePriceList) (PriceList, error) {
	return one[PriceList](ctx, c, http.MethodPatch, in, "price-lists", id)
}

// DeletePriceList removes a price list; its prices end.
func (c Client) DeletePriceList(ctx context.Context, id string) error {
	return c.delete(ctx, "price-lists", id)
}

// ListPrices lists the prices of a price list.
func (c Client) ListPrices(ctx context.Context, listID string, q ListPriceQuery) (List[ListPrice], error) {
	return page[ListPrice](ctx, c, rest.Query(q), "price-lists", listID, "prices")
}

// SetListPrices adds prices to a price list, or sets those that are there.
func (c Client) SetListPrices(ctx context.Context, listID string, in SetListPrices) (ListPricesWritten, error) {
	return one[ListPricesWritten](ctx, c, http.MethodPut, in, "price-lists", listID, "prices")
}

// DeleteListPrices removes prices of a price list.
func (c Client) DeleteListPrices(ctx context.Context, listID string, q DeleteListPrices) error {
	return c.do(ctx, rest.Call{Method: http.MethodDelete, Path: path("price-lists", listID, "prices"), Query: rest.Query(q)}, nil)
}

// AddImage shows one more uploaded picture with a product.
func (c Client) AddImage(ctx context.Context, productID string, in ImageLink) (Product, error) {
	return one[Product](ctx, c, http.MethodPost, in, "products", productID, "images")
}

// SetImages replaces a product's pictures and their order.
func (c Client) SetImages(ctx context.Context, productID string, in SetImages) (Product, error) {
	return one[Product](ctx, c, http.MethodPut, in, "products", productID, "images")
}

// RemoveImage shows a picture no more with a product. The upload stays.
func (c Client) RemoveImage(ctx context.Context, productID, imageID string) error {
	return c.delete(ctx, "products", productID, "images", imageID)
}

// SetCategories replaces the categories a product stands in.
func (c Client) SetCategories(ctx context.Context, productID string, in SetCategories) (Product, error) {
	return one[Product](ctx, c, http.MethodPut, in, "products", productID, "categories")
}

// SetTags replaces the tags a product carries.
func (c Client) SetTags(ctx context.Context, productID string, in SetTags) (Product, error) {
	return one[Product](ctx, c, http.MethodPut, in, "products", productID, "tags")
}

// Categories lists categories.
func (c Client) Categories(ctx context.Context, q CategoryQuery) (List[Category], error) {
	return page[Category](ctx, c, rest.Query(q), "categories")
}

// Category reads a category.
func (c Client) Category(ctx context.Context, id string) (Category, error) {
	return one[Category](ctx, c, http.MethodGet, nil, "categories", id)
}

// CreateCategory makes a category.
func (c Client) CreateCategory(ctx context.Context, in CreateCategory) (Category, error) {
	return one[Category](ctx, c, http.MethodPost, in, "categories")
}

// UpdateCategory changes or moves a category.
func (c Client) UpdateCategory(ctx context.Context, id string, in UpdateCategory) (Category, error) {
	return one[Category](ctx, c, http.MethodPatch, in, "categories", id)
}

// DeleteCategory removes a category that has none below it.
func (c Client) DeleteCategory(ctx context.Context, id string) error {
	return c.delete(ctx, "categories", id)
}

// Tags lists tags.
func (c Client) Tags(ctx context.Context, q TagQuery) (List[Tag], error) {
	return page[Tag](ctx, c, rest.Query(q), "tags")
}

// Tag reads a tag.
func (c Client) Tag(ctx context.Context, id string) (Tag, error) {
	return one[Tag](ctx, c, http.MethodGet, nil, "tags", id)
}

// CreateTag makes a tag.
func (c Client) CreateTag(ctx context.Context, in CreateTag) (Tag, error) {
	return one[Tag](ctx, c, http.MethodPost, in, "tags")
}

// UpdateTag changes a tag.
func (c Client) UpdateTag(ctx context.Context, id string, in UpdateTag) (Tag, error) {
	return one[Tag](ctx, c, http.MethodPatch, in, "tags", id)
}

// DeleteTag removes a tag.
func (c Client) DeleteTag(ctx context.Context, id string) error {
	return c.delete(ctx, "tags", id)
}

// Inventory reads the stock of a variant.
func (c Client) Inventory(ctx context.Context, variantID string) (Inventory, error) {
	return one[Inventory](ctx, c, http.MethodGet, nil, "inventory", variantID)
}

// UpdateInventory changes how a variant is sold.
func (c Client) UpdateInventory(ctx context.Context, variantID string, in UpdateInventory) (Inventory, error) {
	return one[Inventory](ctx, c, http.MethodPatch, in, "inventory", variantID)
}

// Adjust books units in or out.
func (c Client) Adjust(ctx context.Context, variantID string, in Adjust) (Inventory, error) {
	return one[Inventory](ctx, c, http.MethodPost, in, "inventory", variantID, "adjustments")
}

// Movements lists the stock ledger of a variant, newest first.
func (c Client) Movements(ctx context.Context, variantID string, q PageQuery) (List[Movement], error) {
	return page[Movement](ctx, c, rest.Query(q), "inventory", variantID, "movements")
}

// Orders lists orders.
func (c Client) Orders(ctx context.Context, q OrderQuery) (List[Order], error) {
	return page[Order](ctx, c, rest.Query(q), "orders")
}

// Order reads an order.
func (c Client) Order(ctx context.Context, id string) (Order, error) {
	return one[Order](ctx, c, http.MethodGet, nil, "orders", id)
}

// RecordPayment books money that came in, once for the idempotency key.
func (c Client) RecordPayment(ctx context.Context, orderID string, in RecordPayment, key string) (Payment, error) {
	return one[Payment](ctx, c.Once(key), http.MethodPost, in, "orders", orderID, "payments")
}

// Fulfil hands a parcel over.
func (c Client) Fulfil(ctx context.Context, orderID string, in Fulfil) (Fulfilment, error) {
	return one[Fulfilment](ctx, c, http.MethodPost, in, "orders", orderID, "fulfilments")
}

// Cancel calls an order off and gives its stock back.
func (c Client) Cancel(ctx context.Context, orderID string, in Cancel) (Order, error) {
	return one[Order](ctx, c, http.MethodPost, in, "orders", orderID, "cancel")
}

// RecordRefund books money that was given back, once for the idempotency key.
func (c Client) RecordRefund(ctx context.Context, orderID string, in RecordRefund, key string) (Refund, error) {
	return one[Refund](ctx, c.Once(key), http.MethodPost, in, "orders", orderID, "refunds")
}

// Users lists staff.
func (c Client) Users(ctx context.Context, q PageQuery) (List[User], error) {
	return page[User](ctx, c, rest.Query(q), "users")
}

// CreateUser makes a member of staff.
func (c Client) CreateUser(ctx context.Context, in CreateUser) (User, error) {
	return one[User](ctx, c, http.MethodPost, in, "users")
}

// User reads a member of staff.
func (c Client) User(ctx context.Context, id string) (User, error) {
	return one[User](ctx, c, http.MethodGet, nil, "users", id)
}

// UpdateUser changes a member of staff.
func (c Client) UpdateUser(ctx context.Context, id string, in UpdateUser) (User, error) {
	return one[User](ctx, c, http.MethodPatch, in, "users", id)
}

// DeleteUser removes a member of staff, who is signed out everywhere.
func (c Client) DeleteUser(ctx context.Context, id string) error {
	return c.delete(ctx, "users", id)
}

// Subscriptions lists webhook subscriptions.
func (c Client) Subscriptions(ctx context.Context, q PageQuery) (List[Subscription], error) {
	return page[Subscription](ctx, c, rest.Query(q), "webhooks", "subscriptions")
}

// Subscription reads a webhook subscription.
func (c Client) Subscription(ctx context.Context, id string) (Subscription, error) {
	return one[Subscription](ctx, c, http.MethodGet, nil, "webhooks", "subscriptions", id)
}

// CreateSubscription makes a webhook subscription. Keep its secret: it is not shown again.
func (c Client) CreateSubscription(ctx context.Context, in CreateSubscription) (CreatedSubscription, error) {
	return one[CreatedSubscription](ctx, c, http.MethodPost, in, "webhooks", "subscriptions")
}

// UpdateSubscription changes a webhook subscription.
func (c Client) UpdateSubscription(ctx context.Context, id string, in UpdateSubscription) (UpdatedSubscription, error) {
	return one[UpdatedSubscription](ctx, c, http.MethodPatch, in, "webhooks", "subscriptions", id)
}

// DeleteSubscription removes a webhook subscription.
func (c Client) DeleteSubscription(ctx context.Context, id string) error {
	return c.delete(ctx, "webhooks", "subscriptions", id)
}

// Deliveries lists webhook deliveries, newest first.
func (c Client) Deliveries(ctx context.Context, q DeliveryQuery) (List[Delivery], error) {
	return page[Delivery](ctx, c, rest.Query(q), "webhooks", "deliveries")
}

// RetryDelivery sends a failed delivery again now.
func (c Client) RetryDelivery(ctx context.Context, id string) (Delivery, error) {
	return one[Delivery](ctx, c, http.MethodPost, nil, "webhooks", "deliveries", id, "retry")
}

// ReplayDeliveries sends once more what a webhook subscription was sent in a span of time, at most 100 000 deliveries.
func (c Client) ReplayDeliveries(ctx context.Context, id string, in ReplayDeliveries) (ReplayedDeliveries, error) {
	return one[ReplayedDeliveries](ctx, c, http.MethodPost, in, "webhooks", "subscriptions", id, "replay")
}

// StoreSettings reads the section store.
func (c Client) StoreSettings(ctx context.Context) (StoredStoreSettings, error) {
	return one[StoredStoreSettings](ctx, c, http.MethodGet, nil, "settings", SectionStore)
}

// SetStoreSettings replaces the section store.
func (c Client) SetStoreSettings(ctx context.Context, in StoreSettings) (StoredStoreSettings, error) {
	return one[StoredStoreSettings](ctx, c, http.MethodPut, in, "settings", SectionStore)
}

// TaxSettings reads the section tax.
func (c Client) TaxSettings(ctx context.Context) (StoredTaxSettings, error) {
	return one[StoredTaxSettings](ctx, c, http.MethodGet, nil, "settings", SectionTax)
}

// SetTaxSettings replaces the section tax.
func (c Client) SetTaxSettings(ctx context.Context, in TaxSettings) (StoredTaxSettings, error) {
	return one[StoredTaxSettings](ctx, c, http.MethodPut, in, "settings", SectionTax)
}

// ShippingSettings reads the section shipping.
func (c Client) ShippingSettings(ctx context.Context) (StoredShippingSettings, error) {
	return one[StoredShippingSettings](ctx, c, http.MethodGet, nil, "settings", SectionShipping)
}

// SetShippingSettings replaces the section shipping.
func (c Client) SetShippingSettings(ctx context.Context, in ShippingSettings) (StoredShippingSettings, error) {
	return one[StoredShippingSettings](ctx, c, http.MethodPut, in, "settings", SectionShipping)
}

// Jobs lists imports and exports, newest first.
func (c Client) Jobs(ctx context.Context, q JobQuery) (List[Job], error) {
	return page[Job](ctx, c, rest.Query(q), "jobs")
}

// Job reads how far an import or export is.
func (c Client) Job(ctx context.Context, id string) (Job, error) {
	return one[Job](ctx, c, http.MethodGet, nil, "jobs", id)
}

// JobErrors lists what was wrong with the rows of a file, in their order.
func (c Client) JobErrors(ctx context.Context, id string, q JobErrorQuery) (List[JobError], error) {
	return page[JobError](ctx, c, rest.Query(q), "jobs", id, "errors")
}

// JobPictures lists the pictures at foreign addresses that an import has named.
func (c Client) JobPictures(ctx context.Context, id string, q JobPictureQuery) (List[JobPicture], error) {
	return page[JobPicture](ctx, c, rest.Query(q), "jobs", id, "pictures")
}

// CancelJob ends a job that has not ended. What an import has written by then stays.
func (c Client) CancelJob(ctx context.Context, id string) (Job, error) {
	return one[Job](ctx, c, http.MethodPost, nil, "jobs", id, "cancel")
}

// ImportProducts sends a file of products, CSV unless the query says otherwise, and returns the job that reads it. Give
// it an idempotency key with Once, and an upload that broke off can be repeated.
func (c Client) ImportProducts(ctx context.Context, q ImportQuery, file io.Reader) (Job, error) {
	contentType := "text/csv"
	if q.Format == FormatNDJSON {
		contentType = "application/x-ndjson"
	}
	var out Envelope[Job]
	err := c.do(ctx, rest.Call{Method: http.MethodPost, Path: path("imports", "products"), Query: rest.Query(q), Body: rest.Raw{ContentType: contentType, Reader: file}}, &out)
	return out.Data, err
}

// ExportProducts asks for a file of products and returns the job that makes it.
func (c Client) ExportProducts(ctx context.Context, q ExportQuery) (Job, error) {
	var out Envelope[Job]
	err := c.do(ctx, rest.Call{Method: http.MethodPost, Path: path("exports", "products"), Query: rest.Query(q)}, &out)
	return out.Data, err
}

// ExportFile opens the file of an export that has succeeded. Close it.
func (c Client) ExportFile(ctx context.Context, jobID string) (io.ReadCloser, error) {
	call := rest.Call{Method: http.MethodGet, Path: path("exports", jobID, "file"), Header: http.Header{}}
	if c.Token != "" {
		call.Header.Set("Authorization", "Bearer "+c.Token)
	}
	file, answer, err := rest.Open(ctx, c.HTTP, c.BaseURL, call)
	if err != nil {
		return nil, err
	}
	if failed := storev1.ErrorOf(answer.Status, answer.Header, answer.Body); failed != nil {
		return nil, failed
	}
	return file, nil
}

func path(segments ...string) string { return rest.Path("/admin/v1", segments...) }

func one[T any](ctx context.Context, c Client, method string, body any, segments ...string) (T, error) {
	var out Envelope[T]
	err := c.do(ctx, rest.Call{Method: method, Path: path(segments...), Body: body}, &out)
	return out.Data, err
}

func page[T any](ctx context.Context, c Client, query map[string][]string, segments ...string) (List[T], error) {
	var out List[T]
	err := c.do(ctx, rest.Call{Method: http.MethodGet, Path: path(segments...), Query: query}, &out)
	return out, err
}

func (c Client) delete(ctx context.Context, segments ...string) error {
	return c.do(ctx, rest.Call{Method: http.MethodDelete, Path: path(segments...)}, nil)
}

func (c Client) do(ctx context.Context, call rest.Call, out any) error {
	call.Header = http.Header{}
	if c.Token != "" {
		call.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.Key != "" && call.Method == http.MethodPost {
		call.Header.Set("Idempotency-Key", c.Key)
	}
	if c.Match != "" && call.Method != http.MethodGet && call.Method != http.MethodPost {
		call.Header.Set("If-Match", c.Match)
	}
	answer, err := rest.Do(ctx, c.HTTP, c.BaseURL, call)
	if err != nil {
		return err
	}
	if failed := storev1.ErrorOf(answer.Status, answer.Header, answer.Body); failed != nil {
		return failed
	}
	if out == nil || answer.Status == http.StatusNoContent {
		return nil
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		return fmt.Errorf("%s %s: the answer is not what the contract says: %w", call.Method, call.Path, err)
	}
	return nil
}
