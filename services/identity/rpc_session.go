package identity

import (
	"context"
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
)

// LoginStaff checks a password and begins a session.
func (s *Service) LoginStaff(ctx context.Context, req *identityv1.LoginStaffRequest) (*identityv1.LoginStaffResponse, error) {
	who, sess, err := s.login(ctx, staffRealm, req.GetEmail(), req.GetPassword(), req.GetClientIp())
	if err != nil {
		return nil, err
	}
	staff, err := readStaff(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return &identityv1.LoginStaffResponse{Session: sessionToProto(sess), Staff: staffToProto(staff)}, nil
}

// LoginCustomer checks a password and begins a session.
func (s *Service) LoginCustomer(ctx context.Context, req *identityv1.LoginCustomerRequest) (*identityv1.LoginCustomerResponse, error) {
	who, sess, err := s.login(ctx, customerRealm, req.GetEmail(), req.GetPassword(), req.GetClientIp())
	if err != nil {
		return nil, err
	}
	customer, err := readCustomer(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return &identityv1.LoginCustomerResponse{Session: sessionToProto(sess), Customer: customerToProto(customer)}, nil
}

// login takes its turn first and asks the counters then, so that parallel guesses can pass a limit by no more than the
// number of turns. Every refusal but "too many" takes the same path and says the same.
func (s *Service) login(ctx context.Context, in realm, email, password, ip string) (id.ID, session, error) {
	if _, known := tenant.From(ctx); !known {
		return id.ID{}, session{}, ErrLoginFailed // nobody is known outside of a shop
	}
	now := s.now()
	buckets := s.loginBuckets(in, normalEmail(email), ip)
	email, err := parseEmail(email, maxCustomerEmail)
	if err != nil {
		email = "" // nobody has it, and it is treated like any address nobody has
	}
	done, err := s.hash.turn(ctx)
	if err != nil {
		return id.ID{}, session{}, err
	}
	defer done()
	a, counted, err := readAccount(ctx, s.db, in, email, buckets, now)
	if err != nil {
		return id.ID{}, session{}, err
	}
	if err := allow(buckets, counted, now); err != nil {
		return id.ID{}, session{}, err
	}
	ok, aged, err := s.hash.check(password, a.hash)
	if err != nil {
		return id.ID{}, session{}, err
	}
	if !ok || a.disabled {
		if err := countHit(ctx, s.db, buckets, now); err != nil {
			return id.ID{}, session{}, err
		}
		return id.ID{}, session{}, ErrLoginFailed
	}
	o := opening{id: id.New(), in: in, account: a.id, token: newRefreshToken(), endsAt: now.Add(s.cfg.SessionMax), forget: buckets[0].key}
	o.expiresAt = s.expiry(now, o.endsAt)
	if aged {
		if o.rehash, err = s.hash.make(password); err != nil {
			return id.ID{}, session{}, err
		}
	}
	sess, err := s.newSession(ctx, auth.Principal{Kind: auth.Kind(in), ID: a.id, Role: a.role, Session: o.id, Groups: a.groups}, o.token, o.expiresAt, now)
	if err != nil {
		return id.ID{}, session{}, err
	}
	if err := openSession(ctx, s.db, o, now); err != nil {
		return id.ID{}, session{}, err
	}
	return a.id, sess, nil
}

// newSession signs the access token that goes with a refresh token.
func (s *Service) newSession(ctx context.Context, who auth.Principal, token refreshToken, expiresAt, now time.Time) (session, error) {
	signer, err := s.keys.get(ctx)
	if err != nil {
		return session{}, err
	}
	shop, _ := tenant.From(ctx) // without one no account or token is found
	access, err := signer.Sign(who, shop, now)
	if err != nil {
		return session{}, err //nolint:wrapcheck // says what it is
	}
	return session{access: access, accessExpiresIn: auth.AccessTokenTL, refresh: token.text, refreshExpiresIn: expiresAt.Sub(now)}, nil
}

// RefreshStaff exchanges a refresh token for a new session.
func (s *Service) RefreshStaff(ctx context.Context, req *identityv1.RefreshStaffRequest) (*identityv1.RefreshStaffResponse, error) {
	who, sess, err := s.refresh(ctx, staffRealm, req.GetRefreshToken())
	if err != nil {
		return nil, err
	}
	staff, err := readStaff(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return &identityv1.RefreshStaffResponse{Session: sessionToProto(sess), Staff: staffToProto(staff)}, nil
}

// RefreshCustomer exchanges a refresh token for a new session.
func (s *Service) RefreshCustomer(ctx context.Context, req *identityv1.RefreshCustomerRequest) (*identityv1.RefreshCustomerResponse, error) {
	who, sess, err := s.refresh(ctx, customerRealm, req.GetRefreshToken())
	if err != nil {
		return nil, err
	}
	customer, err := readCustomer(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return &identityv1.RefreshCustomerResponse{Session: sessionToProto(sess), Customer: customerToProto(customer)}, nil
}

func (s *Service) refresh(ctx context.Context, in realm, text string) (id.ID, session, error) {
	// The key is asked for first: a transaction must not wait for a second connection.
	if _, err := s.keys.get(ctx); err != nil {
		return id.ID{}, session{}, err
	}
	hash := hashToken(text)
	var p presented
	var sess session
	var outcome verdict
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if p, err = lockToken(ctx, tx, in, hash); err != nil {
			return err
		}
		now := s.now()
		outcome = p.judge(now)
		switch outcome {
		case rotate:
			next, expiresAt := newRefreshToken(), s.expiry(now, p.endsAt)
			rotateToken(&tx.Writes, hash, next, p.session, now, expiresAt)
			sess, err = s.newSession(ctx, auth.Principal{Kind: auth.Kind(in), ID: p.subject, Role: p.role, Session: p.session, Groups: p.groups}, next, expiresAt, now)
			return err
		case reuse:
			revokeSession(&tx.Writes, p.session, now) // committed, though the caller is refused
		case refuse, overlap:
		}
		return nil
	})
	if err != nil {
		return id.ID{}, session{}, err
	}
	switch outcome {
	case rotate:
		return p.subject, sess, nil
	case overlap:
		return id.ID{}, session{}, ErrRefreshOverlap
	case reuse:
		s.log.WarnContext(ctx, "a used refresh token came back, its session is over", "realm", string(in), "session", p.session, "account", p.subject)
	case refuse:
	}
	return id.ID{}, session{}, ErrSessionEnded
}

// LogoutStaff ends the session of a refresh token; it may be repeated, and says nothing about unknown tokens.
func (s *Service) LogoutStaff(ctx context.Context, req *identityv1.LogoutStaffRequest) (*identityv1.LogoutStaffResponse, error) {
	if err := s.logout(ctx, staffRealm, req.GetRefreshToken()); err != nil {
		return nil, err
	}
	return &identityv1.LogoutStaffResponse{}, nil
}

// LogoutCustomer ends the session of a refresh token; it may be repeated, and says nothing about unknown tokens.
func (s *Service) LogoutCustomer(ctx context.Context, req *identityv1.LogoutCustomerRequest) (*identityv1.LogoutCustomerResponse, error) {
	if err := s.logout(ctx, customerRealm, req.GetRefreshToken()); err != nil {
		return nil, err
	}
	return &identityv1.LogoutCustomerResponse{}, nil
}

func (s *Service) logout(ctx context.Context, in realm, text string) error {
	if text == "" {
		return nil
	}
	return revokeByToken(ctx, s.db, in, hashToken(text), s.now())
}

// GetJWKS returns the public key that access tokens verify with.
func (s *Service) GetJWKS(ctx context.Context, _ *identityv1.GetJWKSRequest) (*identityv1.GetJWKSResponse, error) {
	signer, err := s.keys.get(ctx)
	if err != nil {
		return nil, err
	}
	jwks, err := signer.JWKS()
	if err != nil {
		return nil, err //nolint:wrapcheck // says what it is
	}
	return &identityv1.GetJWKSResponse{JwksJson: jwks}, nil
}
