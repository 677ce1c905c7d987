package checkout_test

import (
	"context"
	"crypto/subtle"
	"maps"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	cartv1 "github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

var (
	errAway         = fault.Unavailable("test.away", "The room is away.")
	errCartUnknown  = fault.NotFound("cart.not_found", "There is no such cart.")
	errCartDenied   = fault.Denied("cart.access_denied", "This cart opens with its own token.")
	errCartOrdered  = fault.Conflict("cart.already_converted", "This cart has been ordered.")
	errWithdrawn    = fault.Conflict("cart.order_withdrawn", "This order gave the cart back.")
	errCartNotReady = fault.Invalid("cart.empty", "There is nothing in the cart.")
	errNoStock      = fault.Conflict("inventory.insufficient_stock", "There are not enough units in stock.")
	errReleased     = fault.Conflict("inventory.reservation_released", "What was held for this order has been given back.")
)

// outage says what a room does to a call while it is away: lose the request, or do it and lose the answer.
type outage int

const (
	requestLost outage = iota + 1
	answerLost
)

// outages of one room, by method; each strikes so many times.
type outages struct {
	mu    sync.Mutex
	kind  map[string]outage
	times map[string]int
	calls map[string]int
}

func (o *outages) strike(method string, kind outage, times int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.kind == nil {
		o.kind, o.times = map[string]outage{}, map[string]int{}
	}
	o.kind[method], o.times[method] = kind, times
}

func (o *outages) called(method string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.calls[method]
}

// during does the work of a call as the outage lets it.
func (o *outages) during(method string, work func() error) error {
	o.mu.Lock()
	if o.calls == nil {
		o.calls = map[string]int{}
	}
	o.calls[method]++
	kind := o.kind[method]
	if o.times[method] == 0 {
		kind = 0
	} else {
		o.times[method]--
	}
	o.mu.Unlock()
	if kind == requestLost {
		return errAway
	}
	err := work()
	if kind == answerLost {
		return errAway
	}
	return err
}

type line struct {
	variant  id.ID
	quantity int64
}

// basket is a cart as the cart room knows it.
type basket struct {
	id, token string
	owner     id.ID
	cart      *cartv1.Cart
	order     string
	withdrawn map[string]bool
}

func (b *basket) units() int64 {
	var n int64
	for _, l := range b.cart.GetItems() {
		n += l.GetQuantity()
	}
	return n
}

// carts plays the cart room: claims are for one order, may be repeated, and do not come back after an unclaim.
type carts struct {
	cartv1connect.UnimplementedCartServiceHandler
	outages

	lock sync.Mutex
	all  map[string]*basket
}

func newCarts() *carts { return &carts{all: map[string]*basket{}} }

// fill makes a cart with lines of 50.00 per unit, shipping of 4.90, and 20 % of tax in both.
func (c *carts) fill(lines ...line) *basket {
	b := &basket{id: id.New().String(), token: "token of " + id.New().String(), withdrawn: map[string]bool{}}
	email := "ada@example.com"
	company := "Engines"
	b.cart = &cartv1.Cart{
		Id: b.id, Status: cartv1.CartStatus_CART_STATUS_ACTIVE, Currency: "EUR", Email: &email, Version: 7,
		Country: new("FR"), Channel: new("web"), Locale: new("de"),
		ShippingAddress: &typev1.Address{Name: "Ada", Company: &company, Line1: "1 rue du Test", City: "Paris", PostalCode: "75001", Country: "FR"},
		ShippingRate:    &cartv1.ShippingRate{Id: "flat", Name: "Letter", Amount: euros(490)},
	}
	var subtotal int64
	for _, l := range lines {
		total := l.quantity * 5000
		subtotal += total
		b.cart.Items = append(b.cart.Items, &cartv1.CartLine{
			Id: id.New().String(), VariantId: l.variant.String(), ProductId: id.New().String(), ProductSlug: "linen-shirt", Title: "Linen shirt",
			VariantTitle: "S", Sku: "SHIRT-S", Quantity: l.quantity, UnitPrice: euros(5000), Total: euros(total), Image: "/media/shirt.avif",
		})
	}
	total := subtotal + 490
	tax := total - (total*10000+6000)/12000
	b.cart.Totals = &typev1.Totals{
		Subtotal: euros(subtotal), Discount: euros(0), Shipping: euros(490), Tax: euros(tax), Total: euros(total), TaxInclusive: true,
		TaxLines: []*typev1.TaxLine{{Rate: "0.2000", Treatment: "standard", Country: "FR", Amount: euros(tax)}},
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.all[b.id] = b
	return b
}

// give makes a customer the owner of a cart.
func (c *carts) give(b *basket, owner id.ID) {
	c.lock.Lock()
	defer c.lock.Unlock()
	b.owner = owner
	who := owner.String()
	b.cart.CustomerId = &who
}

func (c *carts) claimedBy(b *basket) string {
	c.lock.Lock()
	defer c.lock.Unlock()
	return b.order
}

func (c *carts) opens(ctx context.Context, which, token string) (*basket, error) {
	b := c.all[which]
	p := auth.From(ctx)
	switch {
	case b == nil:
		return nil, errCartUnknown
	case p.Kind == auth.Customer && p.ID == b.owner, subtle.ConstantTimeCompare([]byte(token), []byte(b.token)) == 1:
		return b, nil
	}
	return nil, errCartDenied
}

func (c *carts) GetCart(ctx context.Context, req *cartv1.GetCartRequest) (*cartv1.GetCartResponse, error) {
	var out *cartv1.GetCartResponse
	err := c.during("GetCart", func() error {
		c.lock.Lock()
		defer c.lock.Unlock()
		b, err := c.opens(ctx, req.GetId(), req.GetToken())
		if err != nil {
			return err
		}
		out = &cartv1.GetCartResponse{Cart: proto.CloneOf(b.cart)}
		return nil
	})
	return out, err
}

func (c *carts) Claim(ctx context.Context, req *cartv1.ClaimRequest) (*cartv1.ClaimResponse, error) {
	var out *cartv1.ClaimResponse
	err := c.during("Claim", func() error {
		c.lock.Lock()
		defer c.lock.Unlock()
		if b := c.all[req.GetId()]; b != nil && b.order == req.GetOrderId() {
			out = &cartv1.ClaimResponse{Cart: proto.CloneOf(b.cart)}
			return nil
		}
		b, err := c.opens(ctx, req.GetId(), req.GetToken())
		switch {
		case err != nil:
			return err
		case b.order != "":
			return errCartOrdered
		case b.withdrawn[req.GetOrderId()]:
			return errWithdrawn
		case len(b.cart.GetItems()) == 0:
			return errCartNotReady
		}
		b.order = req.GetOrderId()
		out = &cartv1.ClaimResponse{Cart: proto.CloneOf(b.cart)}
		return nil
	})
	return out, err
}

func (c *carts) Unclaim(_ context.Context, req *cartv1.UnclaimRequest) (*cartv1.UnclaimResponse, error) {
	return &cartv1.UnclaimResponse{}, c.during("Unclaim", func() error {
		c.lock.Lock()
		defer c.lock.Unlock()
		b := c.all[req.GetId()]
		if b == nil {
			return nil
		}
		b.withdrawn[req.GetOrderId()] = true
		if b.order == req.GetOrderId() {
			b.order = ""
		}
		return nil
	})
}

// stock plays the inventory room: holds are all or nothing, may be repeated, and are refused after a release.
type stock struct {
	inventoryv1connect.UnimplementedInventoryServiceHandler
	outages

	lock     sync.Mutex
	left     map[string]int64
	holds    map[string]map[string]int64
	released map[string]bool
	expires  map[string]int64
}

func newStock() *stock {
	return &stock{left: map[string]int64{}, holds: map[string]map[string]int64{}, released: map[string]bool{}, expires: map[string]int64{}}
}

// add opens stock of a new variant.
func (s *stock) add(units int64) id.ID {
	s.lock.Lock()
	defer s.lock.Unlock()
	v := id.New()
	s.left[v.String()] = units
	return v
}

// held sums up the units each order holds.
func (s *stock) held() map[string]int64 {
	s.lock.Lock()
	defer s.lock.Unlock()
	out := map[string]int64{}
	for order, lines := range s.holds {
		for _, n := range lines {
			out[order] += n
		}
	}
	return out
}

func (s *stock) leftOf(v id.ID) int64 {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.left[v.String()]
}

func (s *stock) Reserve(_ context.Context, req *inventoryv1.ReserveRequest) (*inventoryv1.ReserveResponse, error) {
	return &inventoryv1.ReserveResponse{}, s.during("Reserve", func() error {
		s.lock.Lock()
		defer s.lock.Unlock()
		if s.released[req.GetOrderId()] {
			return errReleased
		}
		if s.holds[req.GetOrderId()] != nil {
			return nil
		}
		after, hold := maps.Clone(s.left), map[string]int64{}
		for _, l := range req.GetLines() {
			if after[l.GetVariantId()] < l.GetQuantity() {
				return errNoStock.WithObject(map[string]any{"variantId": l.GetVariantId(), "requested": l.GetQuantity(), "available": after[l.GetVariantId()]})
			}
			after[l.GetVariantId()] -= l.GetQuantity()
			hold[l.GetVariantId()] += l.GetQuantity()
		}
		s.left, s.holds[req.GetOrderId()] = after, hold
		s.expires[req.GetOrderId()] = req.GetExpiresAt().AsTime().Unix()
		return nil
	})
}

func (s *stock) Release(_ context.Context, req *inventoryv1.ReleaseRequest) (*inventoryv1.ReleaseResponse, error) {
	return &inventoryv1.ReleaseResponse{}, s.during("Release", func() error {
		s.lock.Lock()
		defer s.lock.Unlock()
		s.released[req.GetOrderId()] = true
		for v, n := range s.holds[req.GetOrderId()] {
			s.left[v] += n
		}
		delete(s.holds, req.GetOrderId())
		return nil
	})
}

// files plays the catalogue, which knows what files are sold, and the media room, which signs their addresses.
type files struct {
	outages

	lock sync.Mutex
	sold []*catalogv1.SoldFile
}

// soldFiles is its face as the catalogue, signedFiles that as the media room.
type (
	soldFiles struct {
		catalogv1connect.UnimplementedCatalogServiceHandler
		*files
	}
	signedFiles struct {
		mediav1connect.UnimplementedMediaServiceHandler
		*files
	}
)

// sell makes a file that buyers of a variant get.
func (f *files) sell(variant id.ID, file *catalogv1.SoldFile) string {
	f.lock.Lock()
	defer f.lock.Unlock()
	file.Id, file.VariantId, file.MediaId = id.New().String(), variant.String(), new(id.New().String())
	f.sold = append(f.sold, file)
	return file.GetId()
}

func (f *files) change(do func(sold []*catalogv1.SoldFile) []*catalogv1.SoldFile) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.sold = do(f.sold)
}

func (f *soldFiles) ListSoldFiles(_ context.Context, req *catalogv1.ListSoldFilesRequest) (*catalogv1.ListSoldFilesResponse, error) {
	res := &catalogv1.ListSoldFilesResponse{}
	return res, f.during("ListSoldFiles", func() error {
		f.lock.Lock()
		defer f.lock.Unlock()
		for _, file := range f.sold {
			if slices.Contains(req.GetVariantIds(), file.GetVariantId()) {
				res.Files = append(res.Files, proto.CloneOf(file))
			}
		}
		return nil
	})
}

func (f *signedFiles) SignDownload(_ context.Context, req *mediav1.SignDownloadRequest) (*mediav1.SignDownloadResponse, error) {
	return &mediav1.SignDownloadResponse{Url: "/media/private/" + req.GetId() + "/" + req.GetFilename(), ExpiresAt: timestamppb.New(time.Unix(1, 0))},
		f.during("SignDownload", func() error { return nil })
}
