package cart

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
)

// Limits of a cart.
const (
	maxLines    = 100
	maxQuantity = 10_000
)

// Status of a cart.
type Status string

// The statuses.
const (
	Active    Status = "active"
	Converted Status = "converted" // became an order
	Abandoned Status = "abandoned" // given up, or lapsed
)

// Cart is what a shopper is about to buy. Its methods return a changed copy and leave the receiver as it is.
type Cart struct {
	ID        id.ID
	TokenHash [sha256.Size]byte
	Status    Status
	Market
	CustomerID      id.ID // none for a guest
	Email           string
	ShippingAddress *Address
	BillingAddress  *Address // nil is the shipping address
	ShippingRateID  string
	Lines           []Line   // in the order added
	OrderID         id.ID    // that claimed it
	Pricing         *Pricing // what it was claimed at
	Withdrawn       id.ID    // the last order that gave it back
	Version         int64
	ExpiresAt       time.Time // when it lapses; once closed, when it is deleted
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// Line is one variant in a cart.
type Line struct {
	ID       id.ID
	Offer    Offer
	Quantity int64
}

// Offer is what the catalogue says of a variant, as a line keeps it.
type Offer struct {
	VariantID    id.ID
	ProductID    id.ID
	ProductSlug  string
	Title        string
	VariantTitle string
	SKU          string
	Options      map[string]string
	Image        string // URL; empty when there is none
	Picture      *Picture
	UnitPrice    int64 // minor units of the cart's currency
	Components   []Component
	Unshipped    bool     // nothing of it is shipped: a file, a service, or a bundle of such
	Countries    []string // ISO 3166-1 alpha-2 codes of those it has a price of its own for
	Reduction    *Reduction
	Tiers        []Tier // by quantity, from 1 on; none when the price does not depend on it
	// Revision of the product at which the catalogue said this, for the market the cart had then. As long as the product has none
	// newer, it says the same. 0 of a bundle, which changes with its parts. A cart that moves takes along what is not for sale
	// as it was; when that is for sale again, its product has a newer one.
	Revision int64
}

// Tier is what one unit costs from a quantity on.
type Tier struct {
	MinQuantity int64 `json:"min_quantity"`
	UnitPrice   int64 `json:"unit_price"`
}

// by is the offer with the price that a quantity has.
func (o Offer) by(quantity int64) Offer {
	for _, t := range o.Tiers {
		if t.MinQuantity <= quantity {
			o.UnitPrice = t.UnitPrice
		}
	}
	return o
}

// Component is what one unit of a bundle takes from stock instead of the variant itself.
type Component struct {
	VariantID id.ID `json:"variantId"`
	Quantity  int64 `json:"quantity"`
}

// equal compares what is offered, whatever the revision.
func (o Offer) equal(p Offer) bool {
	return maps.Equal(o.Options, p.Options) && o.VariantID == p.VariantID && o.ProductID == p.ProductID && o.ProductSlug == p.ProductSlug &&
		o.Title == p.Title && o.VariantTitle == p.VariantTitle && o.SKU == p.SKU && o.Image == p.Image && o.Picture.equal(p.Picture) && o.UnitPrice == p.UnitPrice && slices.Equal(o.Tiers, p.Tiers) &&
		o.Unshipped == p.Unshipped && o.Reduction.equal(p.Reduction) && slices.Equal(o.Components, p.Components) && slices.Equal(o.Countries, p.Countries)
}

func (l Line) equal(m Line) bool {
	return l.ID == m.ID && l.Quantity == m.Quantity && l.Offer.equal(m.Offer)
}

// same reports whether both are one version of a cart. A database that has crashed may have lost one and got another of that
// number; they are of different times.
func (c Cart) same(o Cart) bool { return c.Version == o.Version && c.UpdatedAt.Equal(o.UpdatedAt) }

// gone reports whether the cart is as good as not there. An ordered cart stays as long as its row does.
func (c Cart) gone(now time.Time) bool {
	return c.Status == Abandoned || c.Status == Active && !now.Before(c.ExpiresAt)
}

// opensTo reports whether the caller holds the token, or is the customer who owns the cart.
func (c Cart) opensTo(token string, p auth.Principal) bool {
	hash := sha256.Sum256([]byte(token))
	holds := subtle.ConstantTimeCompare(hash[:], c.TokenHash[:]) == 1
	return holds || p.Kind == auth.Customer && !c.CustomerID.IsZero() && p.ID == c.CustomerID
}

// adopted gives a cart without an owner to the signed-in customer who changes it. It has the prices of the groups its owner
// is in as long as it is the owner who changes it; somebody who only holds its token pays what everybody pays.
func (c Cart) adopted(p auth.Principal) Cart {
	if c.CustomerID.IsZero() && p.Kind == auth.Customer {
		c.CustomerID = p.ID
	}
	switch {
	case p.Kind == auth.Service: // on behalf of whoever changed it last
	case p.Kind == auth.Customer && p.ID == c.CustomerID:
		c.Groups = p.Groups
	default:
		c.Groups = nil
	}
	return c
}

// lineOf returns the index of a variant's line, or -1.
func (c Cart) lineOf(variant id.ID) int {
	return slices.IndexFunc(c.Lines, func(l Line) bool { return l.Offer.VariantID == variant })
}

// lineAt is lineOf, beginning where the line is most likely.
func (c Cart) lineAt(at int, variant id.ID) int {
	if at < len(c.Lines) && c.Lines[at].Offer.VariantID == variant {
		return at
	}
	return c.lineOf(variant)
}

// add puts units of a variant in. A variant that is there already gets them added, at today's price.
func (c Cart) add(o Offer, quantity, available int64) (Cart, error) {
	at := c.lineOf(o.VariantID)
	if at < 0 && len(c.Lines) >= maxLines {
		return c, ErrTooManyLines
	}
	c.Lines = slices.Clone(c.Lines)
	if at < 0 {
		at = len(c.Lines)
		c.Lines = append(c.Lines, Line{ID: id.New()})
	}
	return c.set(at, o, c.Lines[at].Quantity+quantity, available)
}

// update sets how many units a line holds.
func (c Cart) update(line id.ID, quantity int64, available func(o Offer) (int64, error)) (Cart, error) {
	at := slices.IndexFunc(c.Lines, func(l Line) bool { return l.ID == line })
	if at < 0 {
		return c, ErrItemNotFound
	}
	units, err := available(c.Lines[at].Offer)
	if err != nil {
		return c, err
	}
	c.Lines = slices.Clone(c.Lines)
	return c.set(at, c.Lines[at].Offer, quantity, units)
}

// set changes a line of its own copy of the lines.
func (c Cart) set(at int, o Offer, quantity, available int64) (Cart, error) {
	if quantity > maxQuantity {
		return c, ErrQuantityTooLarge.WithField("quantity", "too_large", "A line holds at most 10 000 units.")
	}
	if quantity > available {
		return c, errInsufficientStock.WithObject(map[string]any{
			"variantId": o.VariantID.String(), "requested": quantity, "available": available,
		})
	}
	c.Lines[at].Offer, c.Lines[at].Quantity = o.by(quantity), quantity
	return c, nil
}

// remove takes a line out; one that is not there is out already. With the last line that is shipped goes the way of shipping.
func (c Cart) remove(line id.ID) Cart {
	c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.ID == line })
	if !c.ships() {
		c.ShippingRateID = ""
	}
	return c
}

// shipTo sets where it goes. A way of shipping that does not go there is dropped.
func (c Cart) shipTo(a Address, s Shop) Cart {
	c.ShippingAddress = &a
	c = c.shippable(s)
	return c
}

// ships reports whether anything in the cart is shipped.
func (c Cart) ships() bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool { return !l.Offer.Unshipped })
}

// shipless reports whether the cart holds only what is not shipped. One that holds nothing yet may still be shipped.
func (c Cart) shipless() bool { return len(c.Lines) > 0 && !c.ships() }

// home is the country whose prices the cart has: where it goes, or, when nothing of it is shipped, where its buyer is. That
// is also the place of supply (Directive 2006/112/EC, art. 33 and 58). Without an address it is what the shopper said.
func (c Cart) home() string {
	switch {
	case c.BillingAddress != nil && c.shipless():
		return c.BillingAddress.Country
	case c.ShippingAddress != nil:
		return c.ShippingAddress.Country
	}
	return c.Country
}

// shippable is the cart without a way of shipping that is not offered for it.
func (c Cart) shippable(s Shop) Cart {
	if _, ok := s.rateFor(c); !ok {
		c.ShippingRateID = ""
	}
	return c
}

// shipBy chooses one of the ways of shipping that are offered.
func (c Cart) shipBy(rate string, s Shop) (Cart, error) {
	switch {
	case c.shipless():
		return c, ErrShippingNotRequired.WithField("shippingRateId", "not_required", ErrShippingNotRequired.Message())
	case c.ShippingAddress == nil:
		return c, ErrShippingAddressMissing
	}
	c.ShippingRateID = rate
	if _, ok := s.rateFor(c); !ok {
		return c, ErrRateUnavailable.WithField("shippingRateId", "unavailable", "It has to be the id of one of the cart's shipping rates.")
	}
	return c, nil
}

// abandon gives the cart up. What is known of the shopper has no purpose any more (GDPR, art. 5(1)(c) and (e)).
func (c Cart) abandon() Cart {
	c.Status, c.Email, c.ShippingAddress, c.BillingAddress, c.ShippingRateID = Abandoned, "", nil, nil, ""
	return c
}

// ready says what is missing before the cart can be ordered.
func (c Cart) ready(s Shop) error {
	_, ships := s.rateFor(c)
	switch {
	case !s.sells(c.Currency):
		return c.Market.check(s)
	case len(c.Lines) == 0:
		return ErrEmpty
	case c.Email == "":
		return ErrEmailMissing
	case c.shipless() && c.home() == "":
		return ErrBillingCountryMissing
	case c.shipless():
		return nil
	case c.ShippingAddress == nil:
		return ErrShippingAddressMissing
	case !ships:
		return ErrShippingMethodMissing
	}
	return nil
}

// refresh brings every line up to what the catalogue says today. The error says what the shopper has to look at before
// the cart can be ordered; the cart that comes with it shows the new prices.
func (c Cart) refresh(offers map[id.ID]*Offer) (Cart, error) {
	c.Lines = slices.Clone(c.Lines)
	unavailable, changed := ErrItemUnavailable, ErrPricesChanged
	isUnavailable, isChanged := false, false
	for i, l := range c.Lines {
		o, ok := offers[l.Offer.VariantID]
		if !ok {
			isUnavailable = true
			unavailable = unavailable.WithObject(map[string]any{"itemId": l.ID.String(), "variantId": l.Offer.VariantID.String()})
			continue
		}
		now := o.by(l.Quantity)
		if now.UnitPrice != l.Offer.UnitPrice {
			isChanged = true
			changed = changed.WithObject(map[string]any{
				"variantId": now.VariantID.String(), "before": l.Offer.UnitPrice, "now": now.UnitPrice, "currency": c.Currency,
			})
		}
		c.Lines[i].Offer = now
	}
	switch {
	case isUnavailable:
		return c, unavailable
	case isChanged:
		return c, changed
	}
	return c, nil
}

// claim closes the cart for an order, at a price that stays.
func (c Cart) claim(order id.ID, p Pricing) Cart {
	c.Status, c.OrderID, c.Pricing = Converted, order, &p
	return c
}

// unclaim opens the cart again and remembers who gave it back. A cart that another order claimed is left alone; the
// second result says whether anything is to be saved.
func (c Cart) unclaim(order id.ID) (Cart, bool) {
	if c.Status == Abandoned || c.Status == Converted && c.OrderID != order || c.Withdrawn == order {
		return c, false
	}
	c.Status, c.OrderID, c.Pricing, c.Withdrawn = Active, id.ID{}, nil, order
	return c, true
}

// touched is what every change has: a version of its own and a later end. The end moves in steps, an hour for a life of
// 30 days, so that the database need not move the cart in an index at every change.
func (c Cart) touched(now time.Time, cfg Config) Cart {
	life := cfg.KeepClosed
	if c.Status == Active {
		life = cfg.Lifetime
	}
	c.Version++
	c.UpdatedAt, c.ExpiresAt = now, now.Add(life).Truncate(life/720)
	return c
}

// parseID reads an id of a request; a malformed one is a bad request, never a miss.
func parseID(field, text string) (id.ID, error) {
	parsed, err := id.Parse(text)
	if err != nil {
		return id.ID{}, rpc.ErrInvalid.WithField(field, "string_uuid", "It is not a UUID in lower case.")
	}
	return parsed, nil
}
