package gateway

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/sdk/storev1"
)

type cartAnswer = storev1.Envelope[storev1.Cart]

// answerCart turns what a room said of a cart into the document.
func answerCart(message interface{ GetCart() *cartv1.Cart }, err error) (cartAnswer, error) {
	if err != nil {
		return cartAnswer{}, err
	}
	return cartAnswer{Data: cart(message.GetCart())}, nil
}

func createCart(ctx context.Context, in *in[none, storev1.CreateCart]) (storev1.Envelope[storev1.CreatedCart], error) {
	spoken, err := in.language(ctx, in.Body.Locale)
	if err != nil {
		return storev1.Envelope[storev1.CreatedCart]{}, err
	}
	answer, err := in.deps.Cart.CreateCart(ctx, &cartv1.CreateCartRequest{
		Currency: in.Body.Currency, Country: in.Body.Country, Channel: in.Body.Channel, Language: spoken,
	})
	if err != nil {
		return storev1.Envelope[storev1.CreatedCart]{}, err
	}
	c := cart(answer.GetCart())
	in.created("carts", c.ID)
	in.setCookie(cartCookie, answer.GetToken(), max(c.ExpiresAt.Sub(in.now()), time.Hour))
	return storev1.Envelope[storev1.CreatedCart]{Data: storev1.CreatedCart{Cart: c, Token: answer.GetToken()}}, nil
}

func getCart(ctx context.Context, in *in[none, none]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.GetCart(ctx, &cartv1.GetCartRequest{Id: in.path("id"), Token: in.cartToken()}))
}

func updateCart(ctx context.Context, in *in[none, storev1.UpdateCart]) (cartAnswer, error) {
	b := in.Body
	req := &cartv1.UpdateCartRequest{Id: in.path("id"), Token: in.cartToken(), Currency: b.Currency.Ptr(), Country: orEmpty(b.Country), Channel: orEmpty(b.Channel)}
	if b.Locale.Set {
		var err error
		if req.Language, err = in.language(ctx, b.Locale.Value); err != nil {
			return cartAnswer{}, err
		}
	}
	return answerCart(in.deps.Cart.UpdateCart(ctx, req))
}

// orEmpty is what is to be written: nothing when the key is missing, an empty text when it is null.
func orEmpty(o storev1.Optional[string]) *string {
	if !o.Set {
		return nil
	}
	return &o.Value
}

func deleteCart(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Cart.DeleteCart(ctx, &cartv1.DeleteCartRequest{Id: in.path("id"), Token: in.cartToken()})
	in.setCookie(cartCookie, "", -1)
	return none{}, err
}

func addItem(ctx context.Context, in *in[none, storev1.AddItem]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.AddItem(ctx, &cartv1.AddItemRequest{
		Id: in.path("id"), Token: in.cartToken(), VariantId: in.Body.VariantID, Quantity: int64(in.Body.Quantity),
	}))
}

func updateItem(ctx context.Context, in *in[none, storev1.UpdateItem]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.UpdateItem(ctx, &cartv1.UpdateItemRequest{
		Id: in.path("id"), Token: in.cartToken(), ItemId: in.path("itemId"), Quantity: int64(in.Body.Quantity),
	}))
}

func removeItem(ctx context.Context, in *in[none, none]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.RemoveItem(ctx, &cartv1.RemoveItemRequest{Id: in.path("id"), Token: in.cartToken(), ItemId: in.path("itemId")}))
}

func setEmail(ctx context.Context, in *in[none, storev1.SetEmail]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.SetEmail(ctx, &cartv1.SetEmailRequest{Id: in.path("id"), Token: in.cartToken(), Email: in.Body.Email}))
}

func setShippingAddress(ctx context.Context, in *in[none, storev1.Address]) (cartAnswer, error) {
	answer, err := in.deps.Cart.SetShippingAddress(ctx, &cartv1.SetShippingAddressRequest{Id: in.path("id"), Token: in.cartToken(), Address: toAddress(in.Body)})
	return answerCart(answer, without(err, "address."))
}

func setBillingAddress(ctx context.Context, in *in[none, storev1.Address]) (cartAnswer, error) {
	answer, err := in.deps.Cart.SetBillingAddress(ctx, &cartv1.SetBillingAddressRequest{Id: in.path("id"), Token: in.cartToken(), Address: toAddress(in.Body)})
	return answerCart(answer, without(err, "address."))
}

// without takes a message's name for a part away from field errors: callers know the document only.
func without(err error, prefixes ...string) error {
	var f *fault.Fault
	if !errors.As(err, &f) || len(f.Fields()) == 0 {
		return err
	}
	fields := f.Fields()
	for i := range fields {
		for _, prefix := range prefixes {
			fields[i].Field = strings.TrimPrefix(fields[i].Field, prefix)
		}
	}
	return fault.Restore(f.Kind(), f.Code(), f.Message()).WithFields(fields...)
}

func listShippingRates(ctx context.Context, in *in[storev1.PageQuery, none]) (storev1.List[storev1.ShippingRate], error) {
	answer, err := in.deps.Cart.ListShippingRates(ctx, &cartv1.ListShippingRatesRequest{Id: in.path("id"), Token: in.cartToken()})
	if err != nil {
		return storev1.List[storev1.ShippingRate]{}, err
	}
	return whole(in.call, in.Query, each(answer.GetRates(), shippingRate), in.Query.Limit)
}

func shippingRate(r *cartv1.ShippingRate) storev1.ShippingRate {
	return storev1.ShippingRate{ID: r.GetId(), Name: r.GetName(), Amount: money(r.GetAmount())}
}

func setShippingMethod(ctx context.Context, in *in[none, storev1.SelectShipping]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.SetShippingMethod(ctx, &cartv1.SetShippingMethodRequest{Id: in.path("id"), Token: in.cartToken(), ShippingRateId: in.Body.ShippingRateID}))
}

func applyDiscount(ctx context.Context, in *in[none, storev1.ApplyDiscount]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.ApplyDiscount(ctx, &cartv1.ApplyDiscountRequest{Id: in.path("id"), Token: in.cartToken(), Code: in.Body.Code}))
}

func removeDiscount(ctx context.Context, in *in[none, none]) (cartAnswer, error) {
	return answerCart(in.deps.Cart.RemoveDiscount(ctx, &cartv1.RemoveDiscountRequest{Id: in.path("id"), Token: in.cartToken(), Code: in.path("code")}))
}

func cart(c *cartv1.Cart) storev1.Cart {
	out := storev1.Cart{
		ID: c.GetId(), Status: wireName(c.GetStatus(), "CART_STATUS_"), Currency: c.GetCurrency(), Country: c.Country, Channel: c.Channel, Locale: c.Locale, Email: c.Email, CustomerID: c.CustomerId,
		Items: each(c.GetItems(), cartLine), ShippingAddress: address(c.GetShippingAddress()), BillingAddress: address(c.GetBillingAddress()),
		Discounts: each(c.GetDiscounts(), func(d *cartv1.CartDiscount) storev1.CartDiscount {
			return storev1.CartDiscount{Code: d.GetCode(), Amount: money(d.GetAmount())}
		}),
		ShippingRequired: slices.ContainsFunc(c.GetItems(), func(l *cartv1.CartLine) bool { return !l.GetUnshipped() }),
		Totals:           totals(c.GetTotals()), ExpiresAt: at(c.GetExpiresAt()), CreatedAt: at(c.GetCreatedAt()), UpdatedAt: at(c.GetUpdatedAt()),
	}
	if c.ShippingRate != nil {
		rate := shippingRate(c.GetShippingRate())
		out.ShippingRate = &rate
	}
	return out
}

func cartLine(l *cartv1.CartLine) storev1.CartLine {
	return storev1.CartLine{
		ID: l.GetId(), VariantID: l.GetVariantId(), ProductSlug: l.GetProductSlug(), Title: l.GetTitle(), VariantTitle: l.GetVariantTitle(),
		Quantity: int(l.GetQuantity()), UnitPrice: money(l.GetUnitPrice()), Total: money(l.GetTotal()), Image: textPtr(l.GetImage()),
		Picture: linePicture(l.GetPicture()), ShippingRequired: !l.GetUnshipped(),
		PreviousUnitPrice: moneyPtr(l.GetPreviousUnitPrice()), Available: !l.GetUnavailable(),
		CompareAtPrice: moneyPtr(l.GetCompareAtPrice()), PriorPrice: moneyPtr(l.GetPriorPrice()),
	}
}

func placeOrder(ctx context.Context, in *in[none, storev1.Checkout]) (storev1.Envelope[storev1.Order], error) {
	answer, err := in.deps.Checkout.PlaceOrder(ctx, &checkoutv1.PlaceOrderRequest{
		CartId: in.path("id"), CartToken: in.cartToken(), PaymentMethod: in.Body.PaymentMethod, IdempotencyKey: in.key,
	})
	if err != nil {
		return storev1.Envelope[storev1.Order]{}, err
	}
	order := storeOrder(answer.GetOrder())
	token := answer.GetAccessToken()
	order.AccessToken = &token
	in.created("orders", order.ID)
	return storev1.Envelope[storev1.Order]{Data: order}, nil
}

func getOrderByNumber(ctx context.Context, in *in[none, none]) (storev1.Envelope[storev1.Order], error) {
	answer, err := in.deps.Checkout.GetOrderByNumber(ctx, &checkoutv1.GetOrderByNumberRequest{Number: in.path("number"), AccessToken: in.r.Header.Get(orderHeader)})
	if err != nil {
		return storev1.Envelope[storev1.Order]{}, err
	}
	return storev1.Envelope[storev1.Order]{Data: storeOrder(answer.GetOrder())}, nil
}

func listMyOrders(ctx context.Context, in *in[storev1.OrderQuery, none]) (storev1.List[storev1.Order], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return storev1.List[storev1.Order]{}, err
	}
	answer, err := in.deps.Checkout.ListMyOrders(ctx, &checkoutv1.ListMyOrdersRequest{Page: paging})
	if err != nil {
		return storev1.List[storev1.Order]{}, err
	}
	return storev1.List[storev1.Order]{Data: each(answer.GetOrders(), storeOrder), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func getMyOrder(ctx context.Context, in *in[none, none]) (storev1.Envelope[storev1.Order], error) {
	answer, err := in.deps.Checkout.GetMyOrder(ctx, &checkoutv1.GetMyOrderRequest{Id: in.path("id"), AccessToken: in.r.Header.Get(orderHeader)})
	if err != nil {
		return storev1.Envelope[storev1.Order]{}, err
	}
	return storev1.Envelope[storev1.Order]{Data: storeOrder(answer.GetOrder())}, nil
}

func listOrderDownloads(ctx context.Context, in *in[storev1.PageQuery, none]) (storev1.List[storev1.Download], error) {
	answer, err := in.deps.Checkout.ListOrderDownloads(ctx, &checkoutv1.ListOrderDownloadsRequest{OrderId: in.path("id"), AccessToken: in.r.Header.Get(orderHeader)})
	if err != nil {
		return storev1.List[storev1.Download]{}, err
	}
	return whole(in.call, in.Query, each(answer.GetDownloads(), download), in.Query.Limit)
}

func download(d *checkoutv1.OrderDownload) storev1.Download {
	reason := wireName(d.GetRefusal(), "DOWNLOAD_REFUSAL_")
	return storev1.Download{
		ID: d.GetId(), OrderItemID: d.GetOrderItemId(), Name: d.GetName(), Limit: d.Limit, Remaining: d.Remaining,
		ExpiresAt: atPtr(d.GetExpiresAt()), Available: reason == "", Reason: textPtr(reason),
	}
}

func createOrderDownload(ctx context.Context, in *in[none, none]) (storev1.Envelope[storev1.DownloadLink], error) {
	answer, err := in.deps.Checkout.CreateOrderDownload(ctx, &checkoutv1.CreateOrderDownloadRequest{
		OrderId: in.path("id"), FileId: in.path("fileId"), AccessToken: in.r.Header.Get(orderHeader), IdempotencyKey: in.key,
	})
	if err != nil {
		return storev1.Envelope[storev1.DownloadLink]{}, err
	}
	return storev1.Envelope[storev1.DownloadLink]{Data: storev1.DownloadLink{URL: answer.GetUrl(), ExpiresAt: at(answer.GetExpiresAt()), Remaining: answer.Remaining}}, nil
}

func storeOrder(o *checkoutv1.Order) storev1.Order {
	return storev1.Order{
		ID: o.GetId(), Number: o.GetNumber(), Status: wireName(o.GetStatus(), "ORDER_STATUS_"), Email: o.GetEmail(),
		Country: o.Country, Channel: o.Channel, Locale: o.Locale,
		Items: each(o.GetItems(), func(i *checkoutv1.OrderItem) storev1.OrderItem {
			return storev1.OrderItem{
				ID: i.GetId(), VariantID: i.GetVariantId(), ProductSlug: i.GetProductSlug(), Title: i.GetTitle(), VariantTitle: i.GetVariantTitle(),
				Quantity: int(i.GetQuantity()), UnitPrice: money(i.GetUnitPrice()), Total: money(i.GetTotal()), TaxRate: i.GetTaxRate(), Tax: money(i.GetTax()),
				Image: textPtr(i.GetImage()), Picture: linePicture(i.GetPicture()), ShippingRequired: !i.GetUnshipped(),
			}
		}),
		Totals: totals(o.GetTotals()), ShippingAddress: address(o.GetShippingAddress()), BillingAddress: address(o.GetBillingAddress()),
		ShippingRequired: ships(o), Payment: payment(o), PlacedAt: at(o.GetPlacedAt()),
	}
}

// ships reports whether anything of an order is shipped.
func ships(o *checkoutv1.Order) bool {
	return slices.ContainsFunc(o.GetItems(), func(i *checkoutv1.OrderItem) bool { return !i.GetUnshipped() })
}

func payment(o *checkoutv1.Order) storev1.OrderPayment {
	return storev1.OrderPayment{Method: o.GetPaymentMethod(), Status: wireName(o.GetPaymentStatus(), "PAYMENT_STATUS_")}
}
