package housetest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// HTTP is a client for many callers at once.
func HTTP(t testing.TB, callers int) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: callers, MaxConnsPerHost: 0}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// Admin signs the owner in.
func Admin(t testing.TB, url string, client *http.Client) adminv1.Client {
	t.Helper()
	api := adminv1.Client{BaseURL: url, HTTP: client}
	session, err := api.Login(t.Context(), adminv1.Login{Email: Email, Password: Password})
	if err != nil {
		t.Fatalf("log in: %v", err)
	}
	return api.WithUser(session.AccessToken)
}

// Product makes a published product with one variant of 19.00 EUR and returns it.
func Product(t testing.TB, api adminv1.Client, sku string, stock int64) adminv1.Product {
	t.Helper()
	p, err := api.CreateProduct(t.Context(), adminv1.CreateProduct{
		Title: "Thing " + sku, Status: "published",
		Variants: []adminv1.CreateVariant{{SKU: sku, Price: adminv1.MoneyInput{Amount: 1900, Currency: "EUR"}, Stock: stock}},
	})
	if err != nil {
		t.Fatalf("make a product: %v", err)
	}
	return p
}

// Basket is a cart that is ready to be paid for.
type Basket struct {
	API storev1.Client
	ID  string
}

// Fill makes a cart with a quantity of a variant, e-mail, address and shipping: six requests.
func Fill(ctx context.Context, url string, client *http.Client, variantID string, quantity int) (Basket, error) {
	api := storev1.Client{BaseURL: url, HTTP: client}
	cart, err := api.CreateCart(ctx, storev1.CreateCart{Currency: "EUR"})
	if err != nil {
		return Basket{}, fmt.Errorf("make a cart: %w", err)
	}
	b := Basket{API: api.WithCart(cart.Token), ID: cart.ID}
	if _, err := b.API.AddItem(ctx, b.ID, storev1.AddItem{VariantID: variantID, Quantity: quantity}); err != nil {
		return b, fmt.Errorf("add: %w", err)
	}
	if _, err := b.API.SetEmail(ctx, b.ID, storev1.SetEmail{Email: "ada@example.com"}); err != nil {
		return b, fmt.Errorf("e-mail: %w", err)
	}
	if _, err := b.API.SetShippingAddress(ctx, b.ID, storev1.Address{Name: "Ada", Line1: "1 rue du Test", City: "Paris", PostalCode: "75001", Country: "FR"}); err != nil {
		return b, fmt.Errorf("address: %w", err)
	}
	rates, err := b.API.ShippingRates(ctx, b.ID)
	if err != nil || len(rates.Data) == 0 {
		return b, fmt.Errorf("shipping rates: %d, %w", len(rates.Data), err)
	}
	if _, err := b.API.SelectShipping(ctx, b.ID, storev1.SelectShipping{ShippingRateID: rates.Data[0].ID}); err != nil {
		return b, fmt.Errorf("shipping: %w", err)
	}
	return b, nil
}

// Buy places the order of the basket.
func (b Basket) Buy(ctx context.Context, key string) (storev1.Order, error) {
	return b.API.Checkout(ctx, b.ID, storev1.Checkout{PaymentMethod: "manual"}, key)
}
