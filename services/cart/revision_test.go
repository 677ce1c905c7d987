package cart_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/services/cart"
)

// revise changes what the catalogue says of a variant, and the revision with it.
func (r *room) revise(variant string, change func(v *catalogv1.ResolvedVariant)) {
	r.others.change(func() {
		change(r.others.variants[variant])
		r.others.variants[variant].Revision++
	})
}

func (o *others) toldSoFar() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.told
}

// told is how many variants the catalogue tells everything of during a call.
func (r *room) told(call func()) int {
	before := r.others.toldSoFar()
	call()
	return r.others.toldSoFar() - before
}

// Reading a cart asks the catalogue what has changed, is told that and nothing else, and shows it at once.
func TestWhatIsKnownIsNotToldAgain(t *testing.T) {
	t.Parallel()
	r := open(t)
	shirt, sock, set := r.sell(4900, 10), r.sell(500, 10), r.sell(7000, 10)
	r.revise(shirt, func(*catalogv1.ResolvedVariant) {})
	r.revise(sock, func(*catalogv1.ResolvedVariant) {}) // the set has no revision, as bundles do
	b := r.create(r.ctx)
	for _, v := range []string{shirt, sock, set} {
		_, err := r.add(b, v, 2)
		ok(t, err)
	}
	reads := func(want int) (c *cartv1.Cart) {
		t.Helper()
		if n := r.told(func() { c = r.get(b) }); n != want {
			t.Errorf("told %d variants, want %d", n, want)
		}
		return c
	}
	reads(1)
	// Another price is shown at once, and as long as the line is not changed it is told each time.
	r.revise(shirt, func(v *catalogv1.ResolvedVariant) { v.Price = euros(5900) })
	for range 2 {
		if c := reads(2); c.GetItems()[0].GetUnitPrice().GetAmount() != 5900 || c.GetItems()[0].GetPreviousUnitPrice().GetAmount() != 4900 {
			t.Errorf("a new price is shown as %v", c.GetItems()[0])
		}
	}
	_, err := r.add(b, shirt, 1)
	ok(t, err)
	reads(1)
	// A revision that says nothing new is told once.
	r.revise(sock, func(*catalogv1.ResolvedVariant) {})
	reads(2)
	reads(1)
	// What is no longer sold, and sold again.
	r.revise(sock, func(v *catalogv1.ResolvedVariant) { v.Sellable = false })
	if c := reads(2); !c.GetItems()[1].GetUnavailable() {
		t.Errorf("what is not sold is shown as %v", c.GetItems()[1])
	}
	r.revise(sock, func(v *catalogv1.ResolvedVariant) { v.Sellable = true })
	if c := reads(2); c.GetItems()[1].GetUnavailable() {
		t.Errorf("what is sold again is shown as %v", c.GetItems()[1])
	}
	reads(1)
	// A process that remembers nothing knows what is stored; of the sock that is an older revision.
	fresh := r.replica()
	if n := r.told(func() { fresh.get(b) }); n != 2 {
		t.Errorf("a new process is told %d variants, want 2", n)
	}
	if !proto.Equal(fresh.get(b), r.get(b)) {
		t.Errorf("a new process shows\n%v\nnot\n%v", fresh.get(b), r.get(b))
	}
	// Orders are held to the same.
	ok(t, r.email(b, "ada@example.com"))
	_, err = r.shipTo(b, address("FR"))
	ok(t, err)
	_, err = r.shipBy(b, "standard")
	ok(t, err)
	r.revise(shirt, func(v *catalogv1.ResolvedVariant) { v.Price = euros(6900) })
	order := id.New()
	_, err = r.claim(b, order)
	is(t, err, cart.ErrPricesChanged)
	var claimed *cartv1.Cart
	if n := r.told(func() { claimed, err = r.claim(b, order) }); err != nil || n != 1 || claimed.GetItems()[0].GetUnitPrice().GetAmount() != 6900 {
		t.Errorf("told %d variants of %v, %v", n, claimed, err)
	}
}

// Lines are remembered as those of a version, and the database says which version it is.
func TestLinesAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	r := open(t)
	v := r.sell(1000, 100)
	b := r.create(r.ctx)
	_, err := r.add(b, v, 1)
	ok(t, err)
	other := r.replica()
	for n := range int64(3) {
		_, err := other.add(b, v, 1)
		ok(t, err)
		if got := r.get(b).GetItems()[0].GetQuantity(); got != n+2 {
			t.Fatalf("another process put %d in, this one shows %d", n+2, got)
		}
	}
	// The database has crashed and lost the last change, and another process has made one of the same version since.
	key, err := id.Parse(b.id)
	ok(t, err)
	ok(t, r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec("update carts set updated_at = updated_at + interval '1 microsecond' where id = $1", key)
		w.Exec("update cart_lines set quantity = 77 where cart_id = $1", key)
		return nil
	}))
	for range 2 {
		if got := r.get(b).GetItems()[0].GetQuantity(); got != 77 {
			t.Fatalf("the database has 77, this process shows %d", got)
		}
	}
	// So has what is decided on what this process remembers.
	ok(t, r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec("update carts set updated_at = updated_at + interval '1 microsecond' where id = $1", key)
		w.Exec("update cart_lines set quantity = 33 where cart_id = $1", key)
		return nil
	}))
	c, err := r.add(b, v, 1)
	ok(t, err)
	if got := c.GetItems()[0].GetQuantity(); got != 34 {
		t.Fatalf("the database has 33, one more is %d", got)
	}
	// And one that has gone back altogether.
	ok(t, r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec("update carts set version = version - 2 where id = $1", key)
		w.Exec("update cart_lines set quantity = 55 where cart_id = $1", key)
		return nil
	}))
	for range 2 {
		if got := r.get(b).GetItems()[0].GetQuantity(); got != 55 {
			t.Fatalf("the database has 55, this process shows %d", got)
		}
	}
	_, err = r.UpdateItem(r.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: r.get(b).GetItems()[0].GetId(), Quantity: 9})
	ok(t, err)
	if got := r.get(b).GetItems()[0].GetQuantity(); got != 9 {
		t.Errorf("9 are kept as %d", got)
	}
}

// Whatever happens in the catalogue and to the cart, in any market, by any process and to whoever looks: a cart is shown as by
// a process that remembers little, to which the catalogue tells everything.
func TestACartIsAsFreshAsItsCatalogue(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dice := rand.New(rand.NewPCG(seed, 11))
			r := open(t)
			var variants []string
			for range 6 {
				variants = append(variants, r.sell(1000, 1_000_000))
				r.revise(variants[len(variants)-1], func(*catalogv1.ResolvedVariant) {})
			}
			r.revise(variants[0], func(v *catalogv1.ResolvedVariant) { v.Unshipped = true })
			r.others.change(func() {
				r.others.quote = quoteByMarket
				r.others.settings.Store.Currencies = []string{"NOK"}
			})
			processes := []*room{r, r.replica()}
			owner := auth.Principal{Kind: auth.Customer, ID: id.New()}
			b := r.create(r.ctx)
			var fresh *room // it is made anew now and then: that takes a while
			for step := range 120 {
				if step%8 == 0 {
					fresh = r.replica()
				}
				p := processes[dice.IntN(len(processes))]
				if dice.IntN(3) == 0 {
					p = p.as(owner)
				}
				owner.Groups = [][]string{nil, {"trade"}}[dice.IntN(2)]
				v := variants[dice.IntN(len(variants))]
				did := happens(dice, p, b, v)
				for _, who := range []auth.Principal{{}, owner} {
					got, gotErr := look(processes[dice.IntN(len(processes))].as(who), b)
					r.others.change(func() { r.others.forgetful = true })
					want, wantErr := look(fresh.as(who), b)
					r.others.change(func() { r.others.forgetful = false })
					if !proto.Equal(got, want) || code(gotErr) != code(wantErr) {
						t.Fatalf("step %d, after %s, %v reads\n%v, %v\nnot\n%v, %v", step, did, who, got, gotErr, want, wantErr)
					}
				}
				if dice.IntN(20) == 0 {
					processes[dice.IntN(2)] = r.replica()
				}
			}
		})
	}
}

// code is that of a refusal; empty when it is none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.From(err).Code()
}

func look(r *room, b basket) (*cartv1.Cart, error) {
	res, err := r.GetCart(r.ctx, &cartv1.GetCartRequest{Id: b.id, Token: b.token})
	return res.GetCart(), err
}

// quoteByMarket is cheaper in France, for the trade and in crowns, and says things in the language asked for.
func quoteByMarket(req *catalogv1.ResolveVariantsRequest, v *catalogv1.ResolvedVariant) {
	amount := v.GetPrice().GetAmount()
	if v.GetWeightGrams() > 0 { // it has a price of its own in France
		v.PriceCountries = []string{"FR"}
		if req.GetCountry() == "FR" {
			amount -= 100
		}
	}
	if len(req.GetCustomerGroups()) > 0 {
		amount -= 50
	}
	currency := "EUR"
	if req.GetCurrency() == "NOK" {
		currency, amount = "NOK", amount*10
	}
	v.Price = &typev1.Money{Amount: amount, Currency: currency}
	for _, l := range req.GetLocales() {
		v.ProductTitle += " " + l
	}
}

// happens lets something happen in the catalogue or to the cart. Refusals are among what happens.
func happens(dice *rand.Rand, p *room, b basket, variant string) string {
	item := func() string {
		c, _ := look(p, b)
		if items := c.GetItems(); len(items) > 0 {
			return items[dice.IntN(len(items))].GetId()
		}
		return id.New().String()
	}
	var err error
	did := [...]string{
		"another price", "another title", "nothing new", "sold or not", "a price for France", "added", "added", "quantity", "removed",
		"to ship", "to bill", "language", "currency", "claimed and given back", "e-mail",
	}[dice.IntN(15)]
	switch did {
	case "another price":
		p.revise(variant, func(v *catalogv1.ResolvedVariant) { v.Price = euros(900 + dice.Int64N(3)*100) })
	case "another title":
		p.revise(variant, func(v *catalogv1.ResolvedVariant) { v.ProductTitle = fmt.Sprint("Title ", dice.IntN(3)) })
	case "nothing new":
		p.revise(variant, func(*catalogv1.ResolvedVariant) {})
	case "sold or not":
		p.revise(variant, func(v *catalogv1.ResolvedVariant) { v.Sellable = !v.GetSellable() })
	case "a price for France":
		p.revise(variant, func(v *catalogv1.ResolvedVariant) { v.WeightGrams = new(1 - v.GetWeightGrams()) })
	case "added":
		_, err = p.add(b, variant, 1+dice.Int64N(3))
	case "quantity":
		_, err = p.UpdateItem(p.ctx, &cartv1.UpdateItemRequest{Id: b.id, Token: b.token, ItemId: item(), Quantity: 1 + dice.Int64N(9)})
	case "removed":
		_, err = p.remove(b, item())
	case "to ship":
		_, err = p.shipTo(b, address([]string{"FR", "BE"}[dice.IntN(2)]))
	case "to bill":
		_, err = p.SetBillingAddress(p.ctx, &cartv1.SetBillingAddressRequest{Id: b.id, Token: b.token, Address: address("BE")})
	case "language":
		_, err = p.UpdateCart(p.ctx, &cartv1.UpdateCartRequest{Id: b.id, Token: b.token, Language: &cartv1.Language{Locales: [][]string{nil, {"de"}, {"fr", "de"}}[dice.IntN(3)]}})
	case "currency":
		_, err = p.UpdateCart(p.ctx, &cartv1.UpdateCartRequest{Id: b.id, Token: b.token, Currency: new([]string{"EUR", "NOK"}[dice.IntN(2)])})
	case "claimed and given back":
		order := id.New()
		if err = p.email(b, "ada@example.com"); err == nil {
			_, _ = p.shipBy(b, "standard") // it may not be offered
			_, err = p.claim(b, order)
			ok(p.t, p.unclaim(b, order))
		}
	case "e-mail":
		err = p.email(b, "ada@example.com")
	}
	if err != nil && fault.From(err).Kind() == fault.KindInternal {
		p.t.Errorf("%s: %v", did, err)
	}
	return fmt.Sprint(did, " ", err)
}
