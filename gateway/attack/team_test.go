package attack

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// team plays what identity says of staff who hold a token.
type team struct {
	asked atomic.Int64
	role  atomic.Value // instead of the token's
	fails atomic.Pointer[fault.Fault]
	first atomic.Pointer[func()] // runs while the answer is under way, once
}

func (p *people) GetMe(ctx context.Context, _ *identityv1.GetMeRequest) (*identityv1.GetMeResponse, error) {
	p.team.asked.Add(1)
	if f := p.team.fails.Load(); f != nil {
		return nil, f
	}
	who := auth.From(ctx)
	if role, ok := p.team.role.Load().(string); ok {
		who.Role = role
	}
	if f := p.team.first.Swap(nil); f != nil {
		(*f)()
	}
	return &identityv1.GetMeResponse{Staff: &identityv1.Staff{Id: who.ID.String(), Role: who.Role}}, nil
}

func (p *people) CreateStaff(context.Context, *identityv1.CreateStaffRequest) (*identityv1.CreateStaffResponse, error) {
	return &identityv1.CreateStaffResponse{Staff: &identityv1.Staff{Id: productID, Version: 1}}, nil
}

func (p *people) UpdateStaff(_ context.Context, req *identityv1.UpdateStaffRequest) (*identityv1.UpdateStaffResponse, error) {
	return &identityv1.UpdateStaffResponse{Staff: &identityv1.Staff{Id: req.GetId(), Name: req.GetName(), Disabled: req.GetDisabled(), Version: req.GetIfVersion() + 1}}, nil
}

func (p *people) ListStaff(context.Context, *identityv1.ListStaffRequest) (*identityv1.ListStaffResponse, error) {
	return &identityv1.ListStaffResponse{}, nil
}

// A token says for minutes what may have changed a second ago; what identity says counts.
func TestStaffOfNow(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.Following(true)
	staff := map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "owner", tenant.Default())}
	users := try{"GET", "/admin/v1/users", "", staff}
	changed := func() { s.Dropped("evt.identity.staff.updated", tenant.Default(), nil) }

	s.want(t, http.StatusOK, users)
	s.want(t, http.StatusOK, users)
	if n := s.people.team.asked.Load(); n != 1 {
		t.Errorf("identity was asked %d times for two requests", n)
	}
	s.people.team.role.Store("staff")
	changed()
	s.want(t, http.StatusForbidden, users)
	s.people.team.role.Store("admin")
	s.Dropped("evt.identity.staff.updated", id.New(), nil) // another shop's
	s.want(t, http.StatusForbidden, users)
	changed()
	s.want(t, http.StatusOK, users)
	s.people.team.fails.Store(auth.ErrUnauthenticated)
	changed()
	s.want(t, http.StatusUnauthorized, users)
	s.people.team.fails.Store(nil)
	s.want(t, http.StatusOK, users)

	// What identity said before a change is not remembered after it.
	changed()
	asked := s.people.team.asked.Load()
	during := func() { s.people.team.role.Store("staff"); changed() }
	s.people.team.first.Store(&during)
	s.want(t, http.StatusOK, users)
	s.want(t, http.StatusForbidden, users)
	if n := s.people.team.asked.Load() - asked; n != 2 {
		t.Errorf("identity was asked %d times", n)
	}

	// Events were missed: nothing of before holds.
	s.people.team.role.Store("owner")
	s.Following(false)
	s.want(t, http.StatusOK, users)
}

// With identity away nobody who was not known a moment ago comes in.
func TestStaffWhileIdentityIsAway(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	s.Following(true)
	known := map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "owner", tenant.Default())}
	s.want(t, http.StatusOK, try{"GET", "/admin/v1/users", "", known})
	s.people.team.fails.Store(fault.Unavailable("test.away", "It is away."))
	s.want(t, http.StatusOK, try{"GET", "/admin/v1/users", "", known})
	stranger := map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "owner", tenant.Default())}
	s.want(t, http.StatusServiceUnavailable, try{"GET", "/admin/v1/users", "", stranger})
}

func TestUsersAtTheEdge(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	owner := "Bearer " + s.token(t, auth.Staff, "owner", tenant.Default())
	staff := map[string]string{"Authorization": owner}
	made := s.want(t, http.StatusCreated, try{"POST", "/admin/v1/users", `{"email":"a@b.example","name":"A","role":"staff","password":"correct horse battery"}`, staff})
	if made.header.Get("Location") != "/admin/v1/users/"+productID || made.header.Get("ETag") != `"1"` {
		t.Errorf("made, with %v", made.header)
	}
	path := "/admin/v1/users/" + productID
	a := s.want(t, http.StatusOK, try{"PATCH", path, `{"disabled":true}`, map[string]string{"Authorization": owner, "If-Match": `"4"`}})
	if a.header.Get("ETag") != `"5"` || !strings.Contains(a.body, `"disabled":true`) {
		t.Errorf("changed, with %v %s", a.header, a.body)
	}
	for body, status := range map[string]int{
		`{"role":"king"}`: http.StatusUnprocessableEntity, `{"disabled":null}`: http.StatusUnprocessableEntity, `{"name":""}`: http.StatusUnprocessableEntity,
		`{"email":"x@y.example"}`: http.StatusUnprocessableEntity, `{"name":7}`: http.StatusUnprocessableEntity,
	} {
		s.want(t, status, try{"PATCH", path, body, staff})
	}
	admin := map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, "admin", tenant.Default())}
	s.want(t, http.StatusForbidden, try{"PATCH", path, `{"disabled":true}`, admin})
	s.want(t, http.StatusForbidden, try{"DELETE", path, "", admin})
	s.want(t, http.StatusUnauthorized, try{"DELETE", path, "", nil})
	s.want(t, http.StatusNotFound, try{"GET", "/admin/v1/users/me", "", staff})
}

// A host that no shop answers on is asked about once, and found as soon as a shop does.
func TestStrangeHosts(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	strange := try{"GET", "/store/v1/products", "", map[string]string{"Host": "nowhere.example"}}
	for range 3 {
		if a := s.want(t, http.StatusNotFound, strange); !strings.Contains(a.body, "request.shop_not_found") {
			t.Errorf("it says %s", a.body)
		}
	}
	if n := s.people.strangers.Load(); n != 1 {
		t.Errorf("identity was asked %d times", n)
	}
	s.people.open.Store(true)
	s.Dropped("evt.identity.tenant.updated", tenant.Default(), nil)
	s.want(t, http.StatusOK, strange)
}
