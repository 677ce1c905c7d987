package identity

import (
	"cmp"
	"context"
	"strings"
	"time"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// RegisterCustomer makes an account, without a session. For an address that has one nothing is made or changed, and the
// answer is the same: who has an account is nobody's business. Whoever owns it signs in as before.
func (s *Service) RegisterCustomer(ctx context.Context, req *identityv1.RegisterCustomerRequest) (*identityv1.RegisterCustomerResponse, error) {
	email, err := parseEmail(req.GetEmail(), maxCustomerEmail)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(req.GetPassword(), email); err != nil {
		return nil, err
	}
	name, err := cleanOptional("name", req.Name)
	if err != nil {
		return nil, err
	}
	phone, err := cleanOptional("phone", req.Phone)
	if err != nil {
		return nil, err
	}
	hash, err := s.hashForStranger(ctx, req.GetPassword(), req.GetClientIp())
	if err != nil {
		return nil, err
	}
	now := s.moment()
	customer := Customer{
		ID: id.New(), Email: email, Name: name, Phone: phone, AcceptsMarketing: req.GetAcceptsMarketing(), Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		known, err := hasCustomer(ctx, tx, email)
		if err != nil {
			return err
		}
		if known {
			// As much is written as for an account and its event, so that the answer takes as long.
			writeHit(&tx.Writes, s.bucket(1, time.Minute, "registered", email), now)
			writeHit(&tx.Writes, s.bucket(1, time.Minute, "registered from", req.GetClientIp()), now)
			return nil
		}
		insertCustomer(&tx.Writes, customer, hash)
		return bus.Emit(ctx, &tx.Writes, subjectCustomerRegistered, customer.ID, customer.Version, &identityv1.CustomerRegistered{CustomerId: customer.ID.String()})
	})
	if err != nil && !pg.IsUnique(err, "customers_email") { // another request was quicker
		return nil, err
	}
	return &identityv1.RegisterCustomerResponse{Customer: customerToProto(customer)}, nil
}

// hashForStranger hashes a password for somebody nobody knows, so often per address and minute.
func (s *Service) hashForStranger(ctx context.Context, password, ip string) (string, error) {
	done, err := s.hash.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	if s.cfg.RegistrationsPerMinute > 0 && ip != "" {
		now, buckets := s.now(), []bucket{s.bucket(s.cfg.RegistrationsPerMinute, time.Minute, "register", ip)}
		counted, err := readHits(ctx, s.db, buckets, now)
		if err != nil {
			return "", err
		}
		if err := allow(buckets, counted, now); err != nil {
			return "", err
		}
		if err := countHit(ctx, s.db, buckets, now); err != nil {
			return "", err
		}
	}
	return s.hash.make(password)
}

// GetCustomerMe returns the customer who is signed in.
func (s *Service) GetCustomerMe(ctx context.Context, _ *identityv1.GetCustomerMeRequest) (*identityv1.GetCustomerMeResponse, error) {
	p := auth.From(ctx)
	if p.Kind != auth.Customer {
		return nil, auth.ErrUnauthenticated
	}
	customer, err := readCustomerOf(ctx, s.db, p)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetCustomerMeResponse{Customer: customerToProto(customer)}, nil
}

// UpdateCustomerMe changes the account of the customer who is signed in.
func (s *Service) UpdateCustomerMe(ctx context.Context, req *identityv1.UpdateCustomerMeRequest) (*identityv1.UpdateCustomerMeResponse, error) {
	p := auth.From(ctx)
	if p.Kind != auth.Customer {
		return nil, auth.ErrUnauthenticated
	}
	want, err := changeFromProto(req.Name, req.GetClearName(), req.Phone, req.GetClearPhone(), req.AcceptsMarketing)
	if err != nil {
		return nil, err
	}
	var customer Customer
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if customer, err = lockCustomerOf(ctx, tx, p); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != customer.Version {
			return ErrVersionConflict
		}
		if !customer.apply(want, s.moment()) {
			return nil
		}
		saveCustomer(&tx.Writes, customer)
		return announceCustomer(ctx, &tx.Writes, customer)
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.UpdateCustomerMeResponse{Customer: customerToProto(customer)}, nil
}

// UpdateCustomer changes the account of a customer on behalf of the shop.
func (s *Service) UpdateCustomer(ctx context.Context, req *identityv1.UpdateCustomerRequest) (*identityv1.UpdateCustomerResponse, error) {
	who, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrCustomerNotFound
	}
	want, err := changeFromProto(req.Name, req.GetClearName(), req.Phone, req.GetClearPhone(), req.AcceptsMarketing)
	if err != nil {
		return nil, err
	}
	var customer Customer
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if customer, err = lockCustomer(ctx, tx, who); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != customer.Version {
			return ErrVersionConflict
		}
		if !customer.apply(want, s.moment()) {
			return nil
		}
		saveCustomer(&tx.Writes, customer)
		return announceCustomer(ctx, &tx.Writes, customer)
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.UpdateCustomerResponse{Customer: customerToProto(customer)}, nil
}

// announceCustomer tells of a change of a customer that is saved.
func announceCustomer(ctx context.Context, w *pg.Writes, c Customer) error {
	return bus.Emit(ctx, w, subjectCustomerUpdated, c.ID, c.Version, &identityv1.CustomerUpdated{CustomerId: c.ID.String()})
}

// changeFromProto reads a change; an empty text says the same as clearing.
func changeFromProto(name *string, clearName bool, phone *string, clearPhone bool, marketing *bool) (change, error) {
	want := change{clearName: clearName, clearPhone: clearPhone, acceptsMarketing: marketing}
	var err error
	if want.name, err = cleanOptional("name", name); err != nil {
		return change{}, err
	}
	if want.phone, err = cleanOptional("phone", phone); err != nil {
		return change{}, err
	}
	want.clearName = want.clearName || name != nil && want.name == nil
	want.clearPhone = want.clearPhone || phone != nil && want.phone == nil
	return want, nil
}

// ListCustomers returns customers, newest first.
func (s *Service) ListCustomers(ctx context.Context, req *identityv1.ListCustomersRequest) (*identityv1.ListCustomersResponse, error) {
	r := page.FromProto(req.GetPage())
	q := normalEmail(req.GetQ())
	if strings.ContainsRune(q, 0) {
		return &identityv1.ListCustomersResponse{Page: page.Info(0, false, nil)}, nil // no address holds it, and PostgreSQL takes none
	}
	group, err := id.Parse(cmp.Or(req.GetGroupId(), id.ID{}.String()))
	if err != nil {
		return &identityv1.ListCustomersResponse{Page: page.Info(0, false, nil)}, nil
	}
	customers, total, err := listCustomers(ctx, s.db, r, q, group)
	if err != nil {
		return nil, err
	}
	more := len(customers) > r.Limit
	customers = customers[:min(len(customers), r.Limit)]
	var last []byte
	res := &identityv1.ListCustomersResponse{}
	for _, one := range customers {
		res.Customers = append(res.Customers, customerToProto(one))
		last = page.Key(one.ID.String())
	}
	res.Page = page.Info(total, more, last)
	return res, nil
}

// GetCustomer returns one customer.
func (s *Service) GetCustomer(ctx context.Context, req *identityv1.GetCustomerRequest) (*identityv1.GetCustomerResponse, error) {
	who, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrCustomerNotFound
	}
	customer, err := readCustomer(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetCustomerResponse{Customer: customerToProto(customer)}, nil
}

// moment is now as the database keeps it.
func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
