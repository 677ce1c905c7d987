package identity

import (
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

// RegisterCustomer makes an account, without a session. An address that has one is a conflict; that is found after the
// password was hashed, so the answer takes as long as any.
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
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		insertCustomer(w, customer, hash)
		return bus.Emit(ctx, w, subjectCustomerRegistered, customer.ID, customer.Version, &identityv1.CustomerRegistered{CustomerId: customer.ID.String()})
	})
	if pg.IsUnique(err, "customers_email") {
		return nil, emailTaken()
	}
	if err != nil {
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
	want := change{clearName: req.GetClearName(), clearPhone: req.GetClearPhone(), acceptsMarketing: req.AcceptsMarketing}
	var err error
	if want.name, err = cleanOptional("name", req.Name); err != nil {
		return nil, err
	}
	if want.phone, err = cleanOptional("phone", req.Phone); err != nil {
		return nil, err
	}
	// An empty text says the same as clearing.
	want.clearName = want.clearName || req.Name != nil && want.name == nil
	want.clearPhone = want.clearPhone || req.Phone != nil && want.phone == nil
	var customer Customer
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if customer, err = lockCustomerOf(ctx, tx, p); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != customer.Version {
			return ErrVersionConflict
		}
		if customer.apply(want, s.moment()) {
			saveCustomer(&tx.Writes, customer)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.UpdateCustomerMeResponse{Customer: customerToProto(customer)}, nil
}

// ListCustomers returns customers, newest first.
func (s *Service) ListCustomers(ctx context.Context, req *identityv1.ListCustomersRequest) (*identityv1.ListCustomersResponse, error) {
	r := page.FromProto(req.GetPage())
	q := normalEmail(req.GetQ())
	if strings.ContainsRune(q, 0) {
		return &identityv1.ListCustomersResponse{Page: page.Info(0, false, nil)}, nil // no address holds it, and PostgreSQL takes none
	}
	customers, total, err := listCustomers(ctx, s.db, r, q)
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
