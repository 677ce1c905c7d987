package storev1

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/sovecom/sovecom/sdk/internal/rest"
)

// Client calls the storefront surface of one shop. It is a value: copy it freely, also between goroutines.
//
// A call that the shop refuses returns an *APIError; any other error means that there was no whole answer, and then it
// is unknown whether the call took effect. Nothing is retried: repeat a POST with the same idempotency key.
type Client struct {
	BaseURL   string       // address of the shop, such as "https://shop.example"
	HTTP      *http.Client // nil: http.DefaultClient. Give it a cookie jar for Refresh and Logout
	Token     string       // access token of a signed-in customer; empty: a guest
	CartToken string       // secret of the cart that is worked on; empty: the cookie jar, or the customer, opens it
	Key       string       // idempotency key sent with every POST: see Once
	Prices    PriceQuery   // whose prices Product shows; Products is told by its own query
}

// NewIdempotencyKey returns a fresh random key. Make one per intention, keep it, and repeat the call with it.
func NewIdempotencyKey() string { return rest.NewKey() }

// WithCart returns a copy that opens the cart with this secret.
func (c Client) WithCart(token string) Client { c.CartToken = token; return c }

// WithCustomer returns a copy that acts as the customer with this access token.
func (c Client) WithCustomer(token string) Client { c.Token = token; return c }

// WithPrices returns a copy whose Product shows the prices asked for.
func (c Client) WithPrices(q PriceQuery) Client { c.Prices = q; return c }

// Once returns a copy for one intention: its POST carries this idempotency key, so that repeating it has no further
// effect.
func (c Client) Once(key string) Client { c.Key = key; return c }

// Products lists published products.
func (c Client) Products(ctx context.Context, q ProductQuery) (List[Product], error) {
	return page[Product](ctx, c, rest.Query(q), "products")
}

// Product reads one published product by slug or id, in the language of the client.
func (c Client) Product(ctx context.Context, slugOrID string) (Product, error) {
	var out Envelope[Product]
	err := c.do(ctx, rest.Call{Method: http.MethodGet, Path: path("products", slugOrID), Query: rest.Query(c.Prices)}, &out)
	return out.Data, err
}

// Categories lists categories, flat or as a tree.
func (c Client) Categories(ctx context.Context, q CategoryQuery) (List[Category], error) {
	return page[Category](ctx, c, rest.Query(q), "categories")
}

// Category reads one category by slug or id.
func (c Client) Category(ctx context.Context, slugOrID string) (Category, error) {
	return one[Category](ctx, c, http.MethodGet, nil, "categories", slugOrID)
}

// Tags lists tags.
func (c Client) Tags(ctx context.Context, q PageQuery) (List[Tag], error) {
	return page[Tag](ctx, c, rest.Query(q), "tags")
}

// Search finds published products and counts what could narrow the search.
func (c Client) Search(ctx context.Context, q SearchQuery) (SearchResult, error) {
	var out SearchResult
	err := c.do(ctx, rest.Call{Method: http.MethodGet, Path: path("search"), Query: rest.Query(q)}, &out)
	return out, err
}

// Suggest says what a text may be going to be.
func (c Client) Suggest(ctx context.Context, q SuggestionQuery) (Suggestions, error) {
	var out Suggestions
	err := c.do(ctx, rest.Call{Method: http.MethodGet, Path: path("search", "suggestions"), Query: rest.Query(q)}, &out)
	return out, err
}

// CreateCart makes a cart. Keep its token: it is not shown again.
func (c Client) CreateCart(ctx context.Context, in CreateCart) (CreatedCart, error) {
	return one[CreatedCart](ctx, c, http.MethodPost, in, "carts")
}

// Cart reads a cart.
func (c Client) Cart(ctx context.Context, id string) (Cart, error) {
	return one[Cart](ctx, c, http.MethodGet, nil, "carts", id)
}

// UpdateCart takes a cart to another currency, country, channel or language.
func (c Client) UpdateCart(ctx context.Context, id string, in UpdateCart) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPatch, in, "carts", id)
}

// DeleteCart gives a cart up.
func (c Client) DeleteCart(ctx context.Context, id string) error {
	return c.do(ctx, rest.Call{Method: http.MethodDelete, Path: path("carts", id)}, nil)
}

// AddItem adds units of a variant.
func (c Client) AddItem(ctx context.Context, cartID string, in AddItem) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPost, in, "carts", cartID, "items")
}

// UpdateItem sets how many units a line holds.
func (c Client) UpdateItem(ctx context.Context, cartID, itemID string, in UpdateItem) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPatch, in, "carts", cartID, "items", itemID)
}

// RemoveItem takes a line out.
func (c Client) RemoveItem(ctx context.Context, cartID, itemID string) (Cart, error) {
	return one[Cart](ctx, c, http.MethodDelete, nil, "carts", cartID, "items", itemID)
}

// SetEmail says where the order confirmation goes.
func (c Client) SetEmail(ctx context.Context, cartID string, in SetEmail) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPut, in, "carts", cartID, "email")
}

// SetShippingAddress says where the order goes.
func (c Client) SetShippingAddress(ctx context.Context, cartID string, in Address) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPut, in, "carts", cartID, "shipping-address")
}

// SetBillingAddress says who pays, if that is not the shipping address.
func (c Client) SetBillingAddress(ctx context.Context, cartID string, in Address) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPut, in, "carts", cartID, "billing-address")
}

// ShippingRates lists the ways of shipping to the cart's address; none before there is one.
func (c Client) ShippingRates(ctx context.Context, cartID string) (List[ShippingRate], error) {
	return page[ShippingRate](ctx, c, nil, "carts", cartID, "shipping-rates")
}

// SelectShipping chooses a way of shipping.
func (c Client) SelectShipping(ctx context.Context, cartID string, in SelectShipping) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPut, in, "carts", cartID, "shipping-method")
}

// ApplyDiscount applies a discount code.
func (c Client) ApplyDiscount(ctx context.Context, cartID string, in ApplyDiscount) (Cart, error) {
	return one[Cart](ctx, c, http.MethodPost, in, "carts", cartID, "discounts")
}

// RemoveDiscount takes a discount code off.
func (c Client) RemoveDiscount(ctx context.Context, cartID, code string) (Cart, error) {
	return one[Cart](ctx, c, http.MethodDelete, nil, "carts", cartID, "discounts", code)
}

// Checkout turns a cart into an order, once for the idempotency key. Repeating it with the same key answers the same
// order with the same access token, also when the first answer was lost.
func (c Client) Checkout(ctx context.Context, cartID string, in Checkout, key string) (Order, error) {
	return one[Order](ctx, c.Once(key), http.MethodPost, in, "carts", cartID, "checkout")
}

// OrderByNumber reads an order with the access token its checkout showed.
func (c Client) OrderByNumber(ctx context.Context, number, orderToken string) (Order, error) {
	var out Envelope[Order]
	err := c.do(ctx, rest.Call{
		Method: http.MethodGet,
		Path:   path("orders", "by-number", number),
		Header: http.Header{"X-Order-Token": {orderToken}},
	}, &out)
	return out.Data, err
}

// Orders lists the signed-in customer's orders, newest first.
func (c Client) Orders(ctx context.Context, q OrderQuery) (List[Order], error) {
	return page[Order](ctx, c, rest.Query(q), "orders")
}

// Order reads one of the signed-in customer's orders.
func (c Client) Order(ctx context.Context, id string) (Order, error) {
	return one[Order](ctx, c, http.MethodGet, nil, "orders", id)
}

// Downloads lists the files that belong to an order, for its signed-in customer or with its access token; "" is none.
func (c Client) Downloads(ctx context.Context, orderID, orderToken string, q PageQuery) (List[Download], error) {
	var out List[Download]
	err := c.do(ctx, rest.Call{
		Method: http.MethodGet, Path: path("orders", orderID, "downloads"), Query: rest.Query(q), Header: orderHeader(orderToken),
	}, &out)
	return out, err
}

// Download asks for the address of one of them, which counts as a download. With an idempotency key (see Once) it counts
// once however often it is repeated.
func (c Client) Download(ctx context.Context, orderID, fileID, orderToken string) (DownloadLink, error) {
	var out Envelope[DownloadLink]
	err := c.do(ctx, rest.Call{
		Method: http.MethodPost, Path: path("orders", orderID, "downloads", fileID), Header: orderHeader(orderToken),
	}, &out)
	return out.Data, err
}

func orderHeader(token string) http.Header {
	if token == "" {
		return nil
	}
	return http.Header{"X-Order-Token": {token}}
}

// Register makes a customer account. It does not sign in.
func (c Client) Register(ctx context.Context, in Register) (Customer, error) {
	return one[Customer](ctx, c, http.MethodPost, in, "customers", "register")
}

// Login signs a customer in. Use Session.AccessToken with WithCustomer.
func (c Client) Login(ctx context.Context, in Login) (Session, error) {
	return one[Session](ctx, c, http.MethodPost, in, "customers", "login")
}

// Refresh exchanges the refresh cookie in the cookie jar for a fresh session.
func (c Client) Refresh(ctx context.Context) (Session, error) {
	return one[Session](ctx, c, http.MethodPost, nil, "customers", "refresh")
}

// Logout ends the session of the refresh cookie in the cookie jar.
func (c Client) Logout(ctx context.Context) error {
	return c.do(ctx, rest.Call{Method: http.MethodPost, Path: path("customers", "logout")}, nil)
}

// Me reads the signed-in customer.
func (c Client) Me(ctx context.Context) (Customer, error) {
	return one[Customer](ctx, c, http.MethodGet, nil, "customers", "me")
}

// UpdateMe changes the signed-in customer.
func (c Client) UpdateMe(ctx context.Context, in UpdateCustomer) (Customer, error) {
	return one[Customer](ctx, c, http.MethodPatch, in, "customers", "me")
}

func path(segments ...string) string { return rest.Path("/store/v1", segments...) }

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

func (c Client) do(ctx context.Context, call rest.Call, out any) error {
	if call.Header == nil {
		call.Header = http.Header{}
	}
	if c.Token != "" {
		call.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if c.CartToken != "" {
		call.Header.Set("X-Cart-Token", c.CartToken)
	}
	if c.Key != "" && call.Method == http.MethodPost {
		call.Header.Set("Idempotency-Key", c.Key)
	}
	answer, err := rest.Do(ctx, c.HTTP, c.BaseURL, call)
	if err != nil {
		return err
	}
	if failed := ErrorOf(answer.Status, answer.Header, answer.Body); failed != nil {
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
