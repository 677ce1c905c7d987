package gateway

import (
	"context"
	"time"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// The refresh tokens of shoppers and of staff live in cookies of their own, so that somebody can be both.
const (
	customerCookie = "sov_customer"
	staffCookie    = "sov_staff"
)

func registerCustomer(ctx context.Context, in *in[none, storev1.Register]) (storev1.Envelope[storev1.Customer], error) {
	b := in.Body
	answer, err := in.deps.Identity.RegisterCustomer(ctx, &identityv1.RegisterCustomerRequest{
		Email: b.Email, Password: b.Password, Name: b.Name, Phone: b.Phone, AcceptsMarketing: b.AcceptsMarketing, ClientIp: in.proxies.client(in.r),
	})
	if err != nil {
		return storev1.Envelope[storev1.Customer]{}, err
	}
	in.created("customers", "me")
	return storev1.Envelope[storev1.Customer]{Data: customer(answer.GetCustomer())}, nil
}

func loginCustomer(ctx context.Context, in *in[none, storev1.Login]) (storev1.Envelope[storev1.Session], error) {
	answer, err := in.deps.Identity.LoginCustomer(ctx, &identityv1.LoginCustomerRequest{Email: in.Body.Email, Password: in.Body.Password, ClientIp: in.proxies.client(in.r)})
	if err != nil {
		return storev1.Envelope[storev1.Session]{}, err
	}
	in.keepSession(customerCookie, answer.GetSession())
	return customerSession(answer), nil
}

func customerSession(answer interface {
	GetSession() *identityv1.Session
	GetCustomer() *identityv1.Customer
}) storev1.Envelope[storev1.Session] {
	return storev1.Envelope[storev1.Session]{Data: storev1.Session{
		AccessToken: answer.GetSession().GetAccessToken(), ExpiresIn: int(answer.GetSession().GetExpiresInSeconds()), Customer: customer(answer.GetCustomer()),
	}}
}

// keepSession puts the refresh token where no script can read it.
func (c *call) keepSession(name string, s *identityv1.Session) {
	c.setCookie(name, s.GetRefreshToken(), time.Duration(s.GetRefreshExpiresInSeconds())*time.Second)
}

// sessionOver clears the cookie of a session that has ended. Of two tabs that renew at the same moment one is asked to
// try again: its cookie is the other's new one by then.
func (c *call) sessionOver(name string, err error) {
	if fault.From(err).Kind() == fault.KindUnauthenticated {
		c.setCookie(name, "", -1)
	}
}

func refreshCustomer(ctx context.Context, in *in[none, none]) (storev1.Envelope[storev1.Session], error) {
	token := in.cookie(customerCookie)
	if token == "" {
		return storev1.Envelope[storev1.Session]{}, errRefresh
	}
	answer, err := in.deps.Identity.RefreshCustomer(ctx, &identityv1.RefreshCustomerRequest{RefreshToken: token})
	if err != nil {
		in.sessionOver(customerCookie, err)
		return storev1.Envelope[storev1.Session]{}, err
	}
	in.keepSession(customerCookie, answer.GetSession())
	return customerSession(answer), nil
}

func logoutCustomer(ctx context.Context, in *in[none, none]) (none, error) {
	token := in.cookie(customerCookie)
	in.setCookie(customerCookie, "", -1)
	if token == "" {
		return none{}, nil
	}
	_, err := in.deps.Identity.LogoutCustomer(ctx, &identityv1.LogoutCustomerRequest{RefreshToken: token})
	return none{}, err
}

func getCustomerMe(ctx context.Context, in *in[none, none]) (storev1.Envelope[storev1.Customer], error) {
	answer, err := in.deps.Identity.GetCustomerMe(ctx, &identityv1.GetCustomerMeRequest{})
	if err != nil {
		return storev1.Envelope[storev1.Customer]{}, err
	}
	return storev1.Envelope[storev1.Customer]{Data: customer(answer.GetCustomer())}, nil
}

func updateCustomerMe(ctx context.Context, in *in[none, storev1.UpdateCustomer]) (storev1.Envelope[storev1.Customer], error) {
	b := in.Body
	answer, err := in.deps.Identity.UpdateCustomerMe(ctx, &identityv1.UpdateCustomerMeRequest{
		Name: b.Name.Ptr(), ClearName: b.Name.IsNull(), Phone: b.Phone.Ptr(), ClearPhone: b.Phone.IsNull(), AcceptsMarketing: b.AcceptsMarketing.Ptr(),
	})
	if err != nil {
		return storev1.Envelope[storev1.Customer]{}, err
	}
	return storev1.Envelope[storev1.Customer]{Data: customer(answer.GetCustomer())}, nil
}

func customer(c *identityv1.Customer) storev1.Customer {
	return storev1.Customer{
		ID: c.GetId(), Email: c.GetEmail(), Name: c.Name, Phone: c.Phone, AcceptsMarketing: c.GetAcceptsMarketing(),
		CreatedAt: at(c.GetCreatedAt()), UpdatedAt: at(c.GetUpdatedAt()),
	}
}
