package identity_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/identity"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
)

func TestLoginSaysNothing(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.register("ada@example.com")
	var texts []string
	for _, try := range []struct{ email, password string }{
		{"ada@example.com", "wrong"}, {"bob@example.com", password}, {"not an address", password}, {"a\x00@example.com", password}, {"ada@example.com", "\x00"},
	} {
		_, err := r.loginCustomer(try.email, try.password, "10.0.0.1")
		is(t, err, identity.ErrLoginFailed)
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("%q and %q differ", text, texts[0])
		}
	}
	_, err := r.loginCustomer("ada@example.com", password, "10.0.0.1")
	ok(t, err)
}

// TestUnknownEmailCostsTheSame compares the work of the two refusals. Argon2id is made dear enough to stand out.
func TestUnknownEmailCostsTheSame(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *identity.Config) { c.HashMemoryKiB, c.HashPasses, c.LoginAttempts = 16*1024, 4, 1000 })
	r.hire("ada@example.com")
	// The best of several, turn by turn, so that a busy machine is busy for both.
	known, unknown := time.Hour, time.Hour
	try := func(email string, best *time.Duration) {
		start := time.Now()
		_, err := r.loginStaff(email, "wrong", "")
		*best = min(*best, time.Since(start))
		is(t, err, identity.ErrLoginFailed)
	}
	for range 6 {
		try("ada@example.com", &known)
		try("bob@example.com", &unknown)
	}
	if unknown < known/3 || known < unknown/3 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

func TestTooManyAttempts(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *identity.Config) { c.LoginAttempts = 3 })
	r.hire("ada@example.com")
	// An account that exists and one that does not are the same here as well.
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		for range 3 {
			_, err := r.loginStaff(email, "wrong", "10.0.0.1")
			is(t, err, identity.ErrLoginFailed)
		}
		_, err := r.loginStaff(email, password, "10.0.0.1")
		is(t, err, identity.ErrTooManyAttempts)
		if wait := fault.From(err).RetryAfter(); wait <= 0 || wait > 15*time.Minute {
			t.Errorf("wait %v", wait)
		}
	}
	// A stranger does not lock the owner out.
	_, err := r.loginStaff("ada@example.com", password, "10.0.0.2")
	ok(t, err)
	r.clock.forward(15*time.Minute + time.Second)
	_, err = r.loginStaff("ada@example.com", password, "10.0.0.1")
	ok(t, err)
	// A success starts the count again.
	for range 2 {
		for range 2 {
			_, err = r.loginStaff("ada@example.com", "wrong", "10.0.0.1")
			is(t, err, identity.ErrLoginFailed)
		}
		_, err = r.loginStaff("ada@example.com", password, "10.0.0.1")
		ok(t, err)
	}
	// From many addresses the account itself is counted.
	r.clock.forward(time.Hour)
	for i := range 30 {
		_, err = r.loginStaff("ada@example.com", "wrong", fmt.Sprintf("10.1.0.%d", i))
		is(t, err, identity.ErrLoginFailed)
	}
	_, err = r.loginStaff("ada@example.com", password, "10.2.0.1")
	is(t, err, identity.ErrTooManyAttempts)
	// And so is an address that goes through many accounts.
	for i := range 60 {
		_, err = r.loginStaff(fmt.Sprintf("user%d@example.com", i), "wrong", "10.3.0.1")
		is(t, err, identity.ErrLoginFailed)
	}
	_, err = r.loginStaff("another@example.com", "wrong", "10.3.0.1")
	is(t, err, identity.ErrTooManyAttempts)
	if n := r.count("select count(*) from identity.throttles where position('ada'::bytea in bucket) > 0"); n != 0 {
		t.Error("an e-mail stands in the counters")
	}
}

// TestGuessingInParallel: however many guesses come at once, only so many pass the limit as have a turn.
func TestGuessingInParallel(t *testing.T) {
	t.Parallel()
	const turns = 2
	r := open(t, func(c *identity.Config) { c.LoginAttempts, c.HashConcurrency = 5, turns })
	r.register("ada@example.com")
	var tried atomic.Int64
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			_, err := r.loginCustomer("ada@example.com", "wrong", "10.0.0.1")
			switch {
			case errors.Is(err, identity.ErrLoginFailed):
				tried.Add(1)
			case !errors.Is(err, identity.ErrTooManyAttempts):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := tried.Load(); n < 5 || n > 5+turns-1 {
		t.Errorf("%d guesses were tried, want 5 to %d", n, 5+turns-1)
	}
}

// TestLoginStorm: who waits too long for a turn is asked to come again, and nobody is locked out by being right.
func TestLoginStorm(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *identity.Config) {
		c.HashMemoryKiB, c.HashPasses, c.HashConcurrency, c.HashWait = 32*1024, 4, 1, 50*time.Millisecond
	})
	r.hire("ada@example.com")
	var in, busy atomic.Int64
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			switch _, err := r.loginStaff("ada@example.com", password, "10.0.0.1"); {
			case err == nil:
				in.Add(1)
			case errors.Is(err, identity.ErrBusy):
				busy.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if in.Load() == 0 || busy.Load() == 0 {
		t.Errorf("%d got in, %d were asked to come again", in.Load(), busy.Load())
	}
}

func TestHashesAreRenewed(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.hire("ada@example.com")
	stronger := on(t, r.db, r.clock, secret(), func(c *identity.Config) { c.HashMemoryKiB, c.HashThreads = 256, 2 })
	_, err := stronger.loginStaff("ada@example.com", password, "")
	ok(t, err)
	if n := r.count("select count(*) from identity.staff where password_hash like '$argon2id$v=19$m=256,t=1,p=2$%'"); n != 1 {
		t.Error("the hash was not made again at today's cost")
	}
	_, err = stronger.loginStaff("ada@example.com", password, "")
	ok(t, err)
	_, err = stronger.loginStaff("ada@example.com", "wrong", "")
	is(t, err, identity.ErrLoginFailed)
}

func TestEnsureOwner(t *testing.T) {
	t.Parallel()
	r := open(t)
	const many = 20
	var wg sync.WaitGroup
	passwords := make(chan string, many)
	for i := range many {
		wg.Go(func() {
			res, err := r.client.EnsureOwner(r.ctx, &identityv1.EnsureOwnerRequest{Email: fmt.Sprintf("owner%d@example.com", i%3)})
			if err != nil {
				t.Error(err)
			}
			if res.GetCreated() {
				passwords <- res.GetGeneratedPassword()
			} else if res.GetGeneratedPassword() != "" {
				t.Error("a password that opens nothing was handed out")
			}
		})
	}
	wg.Wait()
	close(passwords)
	if len(passwords) != 1 {
		t.Fatalf("%d owners were made", len(passwords))
	}
	list, err := r.client.ListStaff(r.ctx, &identityv1.ListStaffRequest{})
	ok(t, err)
	if len(list.GetStaff()) != 1 || list.GetStaff()[0].GetRole() != "owner" || list.GetPage().GetTotal() != 1 {
		t.Fatalf("staff %v", list)
	}
	_, err = r.loginStaff(list.GetStaff()[0].GetEmail(), <-passwords, "")
	ok(t, err)
	// Later it changes nothing, whatever it is given; not even the password is looked at.
	res, err := r.client.EnsureOwner(r.ctx, &identityv1.EnsureOwnerRequest{Email: "new@example.com", Password: "x"})
	ok(t, err)
	if res.GetCreated() {
		t.Error("a second owner")
	}
	// Each shop has its own.
	shop := r.in(r.otherShop())
	_, err = shop.client.EnsureOwner(shop.ctx, &identityv1.EnsureOwnerRequest{Email: "owner@example.com", Password: "short"})
	is(t, err, identity.ErrBadPassword)
	res, err = shop.client.EnsureOwner(shop.ctx, &identityv1.EnsureOwnerRequest{Email: "owner@example.com", Password: password})
	ok(t, err)
	if !res.GetCreated() || res.GetGeneratedPassword() != "" {
		t.Errorf("got %v", res)
	}
	// Staff that is there is enough.
	hired := r.in(r.otherShop())
	hired.hire("ada@example.com")
	res, err = hired.client.EnsureOwner(hired.ctx, &identityv1.EnsureOwnerRequest{Email: "owner@example.com"})
	ok(t, err)
	if res.GetCreated() {
		t.Error("an owner came after the staff")
	}
}

func TestCreateStaff(t *testing.T) {
	t.Parallel()
	r := open(t)
	create := func(change func(*identityv1.CreateStaffRequest)) error {
		req := &identityv1.CreateStaffRequest{Email: "ada@example.com", Name: "Ada", Role: "staff", Password: password}
		change(req)
		_, err := r.client.CreateStaff(r.ctx, req)
		return err
	}
	for _, email := range []string{"ada", "ada@", "@example.com", "ada example.com", "Ada <ada@example.com>", "a@b\nc@example.com", "a@b@c.example", "a..b@c.example", "a\x00@c.example", "a@-b.example"} {
		err := create(func(req *identityv1.CreateStaffRequest) { req.Email = email })
		is(t, err, identity.ErrBadEmail)
		names(t, err, "email", "format")
	}
	for _, weak := range []struct{ password, code string }{
		{"short", "too_short"}, {"password1234", "too_common"}, {"PASSWORD1234", "too_common"}, {"aaaaaaaaaaaaaaaa", "too_common"}, {"ada@example.com", "too_common"},
	} {
		err := create(func(req *identityv1.CreateStaffRequest) { req.Password = weak.password })
		is(t, err, identity.ErrBadPassword)
		names(t, err, "password", weak.code)
	}
	names(t, create(func(req *identityv1.CreateStaffRequest) { req.Role = "owner" }), "role", "string_in")
	names(t, create(func(req *identityv1.CreateStaffRequest) { req.Name = "A\x00" }), "name", "characters")
	names(t, create(func(req *identityv1.CreateStaffRequest) { req.Name = "  " }), "name", "required")
	ok(t, create(func(*identityv1.CreateStaffRequest) {}))
	err := create(func(req *identityv1.CreateStaffRequest) { req.Email = "ADA@example.com " })
	is(t, err, identity.ErrEmailTaken)
	names(t, err, "email", "taken")
	// The same address may work for another shop.
	shop := r.in(r.otherShop())
	shop.hire("ada@example.com")
	// Only who may, may.
	for role, want := range map[string]bool{"owner": true, "admin": false, "staff": false} {
		who := r.as(auth.Principal{Kind: auth.Staff, ID: id.New(), Role: role, Session: id.New()})
		_, err := who.client.CreateStaff(who.ctx, &identityv1.CreateStaffRequest{Email: role + "@example.com", Name: "X", Role: "admin", Password: password})
		if (err == nil) != want {
			t.Errorf("%s: %v", role, err)
		}
	}
}

// An address that has an account gets the answer of one that has none; nothing is made, changed or announced.
func TestRegisteringTellsNobodyWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	r := open(t)
	name, other, phone := "Ada", "Mallory", "+33 1 23 45 67 89"
	first, err := r.client.RegisterCustomer(r.ctx, &identityv1.RegisterCustomerRequest{Email: "ada@example.com", Password: password, Name: &name})
	ok(t, err)
	register := func(email string) *identityv1.Customer {
		res, err := r.client.RegisterCustomer(r.ctx, &identityv1.RegisterCustomerRequest{Email: email, Password: "another " + password, Name: &other, Phone: &phone, AcceptsMarketing: true})
		if err != nil {
			t.Error(err)
		}
		return res.GetCustomer()
	}
	known, fresh := register(" ADA@example.com"), register("bob@example.com")
	if known.GetId() == first.GetCustomer().GetId() || known.GetId() == fresh.GetId() {
		t.Error("the answer names an account")
	}
	known.Id, known.Email = fresh.GetId(), fresh.GetEmail()
	if !proto.Equal(known, fresh) {
		t.Errorf("the answers differ:\n%v\n%v", known, fresh)
	}
	// The account is as it was.
	s, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	me := r.bearer(s.GetAccessToken(), auth.Customer)
	got, err := me.client.GetCustomerMe(me.ctx, &identityv1.GetCustomerMeRequest{})
	ok(t, err)
	if !proto.Equal(got.GetCustomer(), first.GetCustomer()) {
		t.Errorf("it is %v, was %v", got.GetCustomer(), first.GetCustomer())
	}
	_, err = r.loginCustomer("ada@example.com", "another "+password, "")
	is(t, err, identity.ErrLoginFailed)
	// Twenty register one address at once: one account, twenty good answers.
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { register("race@example.com") })
	}
	all.Wait()
	if n := r.count("select count(*) from identity.customers"); n != 3 {
		t.Errorf("%d customers", n)
	}
	if n := r.count("select count(*) from identity.outbox where subject = 'evt.identity.customer.registered'"); n != 3 {
		t.Errorf("%d were announced", n)
	}
}

// The same statements and one commit either way: the time an answer takes tells nothing.
func TestRegisteringCostsTheSame(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.register("ada@example.com")
	r.register("bob@example.com") // what is prepared once is prepared
	r.register("bob@example.com")
	cost := func(email string) int64 {
		before := r.db.Statements()
		r.register(email)
		return r.db.Statements() - before
	}
	if known, fresh := cost("ada@example.com"), cost("eve@example.com"); known != fresh {
		t.Errorf("%d statements for an address that is known, %d for a new one", known, fresh)
	}
}

func TestCustomers(t *testing.T) {
	t.Parallel()
	r := open(t)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js, r.svc.Consumers()...)
	name := " Ada "
	res, err := r.client.RegisterCustomer(r.ctx, &identityv1.RegisterCustomerRequest{Email: "Ada@Example.com", Password: password, Name: &name})
	ok(t, err)
	ada := res.GetCustomer()
	if ada.GetEmail() != "ada@example.com" || ada.GetName() != "Ada" || ada.Phone != nil || ada.GetAcceptsMarketing() || ada.GetVersion() != 1 {
		t.Fatalf("registered %v", ada)
	}
	event := bustest.Published(t, js, "evt.identity.customer.registered", 1)[0]
	body := new(identityv1.CustomerRegistered)
	ok(t, event.Unmarshal(body))
	if event.Aggregate.String() != ada.GetId() || event.Sequence != 1 || body.GetCustomerId() != ada.GetId() {
		t.Errorf("event %v %v", event, body)
	}
	_, err = r.client.RegisterCustomer(r.ctx, &identityv1.RegisterCustomerRequest{Email: "bob@example.com", Password: "short"})
	names(t, err, "password", "too_short")
	if n := r.count("select count(*) from identity.customers"); n != 1 {
		t.Errorf("%d customers", n)
	}

	s, err := r.loginCustomer("ada@example.com", password, "")
	ok(t, err)
	me := r.bearer(s.GetAccessToken(), auth.Customer)
	update := func(req *identityv1.UpdateCustomerMeRequest) (*identityv1.Customer, error) {
		res, err := me.client.UpdateCustomerMe(me.ctx, req)
		return res.GetCustomer(), err
	}
	phone, yes, empty := "+33 1 23 45 67 89", true, ""
	c, err := update(&identityv1.UpdateCustomerMeRequest{IfVersion: 1, Phone: &phone, AcceptsMarketing: &yes})
	ok(t, err)
	if c.GetName() != "Ada" || c.GetPhone() != phone || !c.GetAcceptsMarketing() || c.GetVersion() != 2 {
		t.Errorf("updated %v", c)
	}
	_, err = update(&identityv1.UpdateCustomerMeRequest{IfVersion: 1, ClearName: true})
	is(t, err, identity.ErrVersionConflict)
	c, err = update(&identityv1.UpdateCustomerMeRequest{Phone: &phone}) // nothing new
	ok(t, err)
	if c.GetVersion() != 2 {
		t.Errorf("version %d after no change", c.GetVersion())
	}
	c, err = update(&identityv1.UpdateCustomerMeRequest{ClearPhone: true, Name: &empty})
	ok(t, err)
	if c.Phone != nil || c.Name != nil || c.GetVersion() != 3 {
		t.Errorf("cleared %v", c)
	}
	bad := "A\x00da"
	_, err = update(&identityv1.UpdateCustomerMeRequest{Name: &bad})
	is(t, err, identity.ErrBadText)
	got, err := me.client.GetCustomerMe(me.ctx, &identityv1.GetCustomerMeRequest{})
	ok(t, err)
	if got.GetCustomer().GetVersion() != 3 {
		t.Errorf("me %v", got)
	}
}

func TestListCustomers(t *testing.T) {
	t.Parallel()
	r := open(t)
	for i := range 5 {
		r.register(fmt.Sprintf("shopper_%d@example.com", i))
	}
	one := r.register("100%@example.com")
	shop := r.in(r.otherShop())
	theirs := shop.register("shopper_0@example.com")
	list := func(q string, p *typev1.PageRequest) *identityv1.ListCustomersResponse {
		t.Helper()
		res, err := r.client.ListCustomers(r.ctx, &identityv1.ListCustomersRequest{Q: q, Page: p})
		ok(t, err)
		return res
	}
	for q, want := range map[string]int64{"": 6, "shopper": 5, "SHOPPER_3": 1, "%": 1, "_": 5, "nobody": 0, "\x00": 0, "'": 0} {
		if res := list(q, nil); res.GetPage().GetTotal() != want || int64(len(res.GetCustomers())) != want {
			t.Errorf("%q: %d of %d, want %d", q, len(res.GetCustomers()), res.GetPage().GetTotal(), want)
		}
	}
	var walked []string
	for p := (&typev1.PageRequest{Limit: 2}); ; {
		res := list("", p)
		for _, c := range res.GetCustomers() {
			walked = append(walked, c.GetEmail())
		}
		if p.After = res.GetPage().GetNext(); len(p.GetAfter()) == 0 {
			break
		}
	}
	if len(walked) != 6 || walked[0] != "100%@example.com" || walked[5] != "shopper_0@example.com" {
		t.Errorf("walked %v", walked)
	}
	if res := list("", &typev1.PageRequest{Page: 3, Limit: 2}); len(res.GetCustomers()) != 2 || res.GetCustomers()[1].GetEmail() != walked[5] {
		t.Errorf("page 3: %v", res)
	}
	if _, err := r.client.ListCustomers(r.ctx, &identityv1.ListCustomersRequest{Page: &typev1.PageRequest{After: []byte("nonsense")}}); fault.From(err).Kind() != fault.KindMalformed {
		t.Errorf("a strange cursor got %v", err)
	}
	got, err := r.client.GetCustomer(r.ctx, &identityv1.GetCustomerRequest{Id: one.GetId()})
	ok(t, err)
	if got.GetCustomer().GetEmail() != one.GetEmail() {
		t.Errorf("got %v", got)
	}
	for _, unknown := range []string{theirs.GetId(), id.New().String()} {
		_, err = r.client.GetCustomer(r.ctx, &identityv1.GetCustomerRequest{Id: unknown})
		is(t, err, identity.ErrCustomerNotFound)
	}
}

func TestRegistrationsPerAddress(t *testing.T) {
	t.Parallel()
	r := open(t, func(c *identity.Config) { c.RegistrationsPerMinute = 2 })
	register := func(email, ip string) error {
		_, err := r.client.RegisterCustomer(r.ctx, &identityv1.RegisterCustomerRequest{Email: email, Password: password, ClientIp: ip})
		return err
	}
	ok(t, register("a@example.com", "10.0.0.1"))
	ok(t, register("b@example.com", "10.0.0.1"))
	is(t, register("c@example.com", "10.0.0.1"), identity.ErrTooManyAttempts)
	ok(t, register("c@example.com", "10.0.0.2"))
	r.clock.forward(time.Minute)
	ok(t, register("d@example.com", "10.0.0.1"))
}
