package identity_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/identity"
)

// crew is a room with an owner who is signed in.
type crew struct {
	*room

	owner *room // as the owner sees it
	boss  *identityv1.Staff
}

func newCrew(t *testing.T) crew {
	t.Helper()
	r := open(t)
	_, err := r.client.EnsureOwner(r.ctx, &identityv1.EnsureOwnerRequest{Email: "boss@shop.test", Password: password})
	ok(t, err)
	owner := r.enter(t, "boss@shop.test")
	me, err := owner.client.GetMe(owner.ctx, &identityv1.GetMeRequest{})
	ok(t, err)
	return crew{r, owner, me.GetStaff()}
}

// enter is the room as somebody sees it who has just signed in.
func (r *room) enter(t *testing.T, email string) *room {
	t.Helper()
	session, err := r.loginStaff(email, password, "")
	ok(t, err)
	return r.bearer(session.GetAccessToken(), auth.Staff)
}

func (r *room) update(who string, change *identityv1.UpdateStaffRequest) (*identityv1.Staff, error) {
	change.Id = who
	res, err := r.client.UpdateStaff(r.ctx, change)
	return res.GetStaff(), err
}

func (r *room) dismiss(who string, version int64) error {
	_, err := r.client.DeleteStaff(r.ctx, &identityv1.DeleteStaffRequest{Id: who, IfVersion: version})
	return err
}

func role(s string) *identityv1.UpdateStaffRequest {
	return &identityv1.UpdateStaffRequest{Role: proto.String(s)}
}

func lock(on bool) *identityv1.UpdateStaffRequest {
	return &identityv1.UpdateStaffRequest{Disabled: proto.Bool(on)}
}

func TestStaffIsChangedAndAnnounced(t *testing.T) {
	t.Parallel()
	c := newCrew(t)
	ada := c.hire("ada@shop.test")
	got, err := c.owner.update(ada.GetId(), &identityv1.UpdateStaffRequest{IfVersion: 1, Name: proto.String("  Ada  "), Role: proto.String("admin")})
	ok(t, err)
	if got.GetName() != "Ada" || got.GetRole() != "admin" || got.GetVersion() != 2 {
		t.Errorf("it is %v", got)
	}
	read, err := c.owner.client.GetStaff(c.owner.ctx, &identityv1.GetStaffRequest{Id: ada.GetId()})
	ok(t, err)
	if !proto.Equal(read.GetStaff(), got) {
		t.Errorf("read %v, want %v", read.GetStaff(), got)
	}
	if same, err := c.owner.update(ada.GetId(), role("admin")); err != nil || same.GetVersion() != 2 {
		t.Errorf("a change that changes nothing: %v, %v", same, err)
	}
	_, err = c.owner.update(ada.GetId(), &identityv1.UpdateStaffRequest{IfVersion: 1, Role: proto.String("staff")})
	is(t, err, identity.ErrVersionConflict)
	_, err = c.owner.update(ada.GetId(), &identityv1.UpdateStaffRequest{Name: proto.String(" ")})
	names(t, err, "name", "required")
	_, err = c.owner.update(ada.GetId(), role("king"))
	names(t, err, "role", "string_in")
	is(t, c.owner.dismiss(ada.GetId(), 1), identity.ErrVersionConflict)
	ok(t, c.owner.dismiss(ada.GetId(), 2))
	is(t, c.owner.dismiss(ada.GetId(), 0), identity.ErrStaffNotFound)
	if n := c.count("select count(*) from identity.outbox where aggregate_id = $1 and subject like 'evt.identity.staff.%'", ada.GetId()); n != 3 {
		t.Errorf("%d events tell of it, want created, updated, deleted", n)
	}
}

// Whoever is locked out, or deleted, is signed out with the same commit: neither token holds.
func TestStaffLockedOut(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c crew, who string) error{
		"disabled": func(c crew, who string) error { _, err := c.owner.update(who, lock(true)); return err },
		"deleted":  func(c crew, who string) error { return c.owner.dismiss(who, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrew(t)
			ada := c.hire("ada@shop.test")
			session, err := c.loginStaff("ada@shop.test", password, "")
			ok(t, err)
			her := c.bearer(session.GetAccessToken(), auth.Staff)
			_, err = her.client.GetMe(her.ctx, &identityv1.GetMeRequest{})
			ok(t, err)
			ok(t, end(c, ada.GetId()))
			_, err = her.client.GetMe(her.ctx, &identityv1.GetMeRequest{})
			is(t, err, auth.ErrUnauthenticated)
			_, err = c.refreshStaff(session.GetRefreshToken())
			is(t, err, identity.ErrSessionEnded)
			_, err = c.loginStaff("ada@shop.test", password, "")
			is(t, err, identity.ErrLoginFailed)
			if name == "deleted" {
				return
			}
			_, err = c.owner.update(ada.GetId(), lock(false))
			ok(t, err)
			_, err = c.refreshStaff(session.GetRefreshToken()) // what was ended stays so
			is(t, err, identity.ErrSessionEnded)
			_, err = c.loginStaff("ada@shop.test", password, "")
			ok(t, err)
		})
	}
}

func TestNobodyRemovesThemselves(t *testing.T) {
	t.Parallel()
	c := newCrew(t)
	ada := c.hire("ada@shop.test")
	_, err := c.owner.update(ada.GetId(), role("owner")) // so that it is not about the last one
	ok(t, err)
	me := c.boss.GetId()
	_, err = c.owner.update(me, role("staff"))
	is(t, err, identity.ErrOwnAccount)
	_, err = c.owner.update(me, lock(true))
	is(t, err, identity.ErrOwnAccount)
	is(t, c.owner.dismiss(me, 0), identity.ErrOwnAccount)
	renamed, err := c.owner.update(me, &identityv1.UpdateStaffRequest{Name: proto.String("The boss")})
	ok(t, err)
	if renamed.GetName() != "The boss" || renamed.GetRole() != "owner" {
		t.Errorf("it is %v", renamed)
	}
}

// A shop keeps an owner who can sign in, whoever asks.
func TestLastOwnerStays(t *testing.T) {
	t.Parallel()
	c := newCrew(t) // the room's own principal is a service and nobody's account
	_, err := c.update(c.boss.GetId(), role("admin"))
	is(t, err, identity.ErrLastOwner)
	_, err = c.update(c.boss.GetId(), lock(true))
	is(t, err, identity.ErrLastOwner)
	is(t, c.dismiss(c.boss.GetId(), 0), identity.ErrLastOwner)
	ada := c.hire("ada@shop.test")
	_, err = c.update(ada.GetId(), &identityv1.UpdateStaffRequest{Role: proto.String("owner"), Disabled: proto.Bool(true)})
	ok(t, err)
	is(t, c.dismiss(c.boss.GetId(), 0), identity.ErrLastOwner) // an owner who is locked out is none
	_, err = c.update(ada.GetId(), lock(false))
	ok(t, err)
	ok(t, c.dismiss(c.boss.GetId(), 0))
}

// Two owners take each other's place away at the same time: one of them does, and the shop keeps the other.
func TestTwoOwnersAtOnce(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(r *room, who string) error{
		"demote":  func(r *room, who string) error { _, err := r.update(who, role("staff")); return err },
		"disable": func(r *room, who string) error { _, err := r.update(who, lock(true)); return err },
		"delete":  func(r *room, who string) error { return r.dismiss(who, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrew(t)
			for range 5 {
				ada := c.hire("ada@shop.test")
				_, err := c.owner.update(ada.GetId(), role("owner"))
				ok(t, err)
				hers := c.enter(t, "ada@shop.test")
				errs := make([]error, 2)
				var both sync.WaitGroup
				c.whileStaffIsLocked(func() {
					both.Go(func() { errs[0] = act(c.owner, ada.GetId()) })
					both.Go(func() { errs[1] = act(hers, c.boss.GetId()) })
				})
				both.Wait()
				if (errs[0] == nil) == (errs[1] == nil) {
					t.Fatalf("%v and %v: exactly one has to win", errs[0], errs[1])
				}
				refused := errors.Join(errs...)
				if !errors.Is(refused, auth.ErrUnauthenticated) && !errors.Is(refused, rpc.ErrDenied) {
					t.Errorf("the other was told %v", refused)
				}
				if n := c.count("select count(*) from identity.staff where role = 'owner' and disabled_at is null"); n != 1 {
					t.Fatalf("%d owners are left", n)
				}
				if errs[0] != nil {
					return // the crew's owner is gone
				}
				if name == "delete" {
					continue
				}
				ok(t, c.owner.dismiss(ada.GetId(), 0))
			}
		})
	}
}

// whileStaffIsLocked starts two changes that then wait in the database, and lets both go at once.
func (r *room) whileStaffIsLocked(start func()) {
	r.t.Helper()
	r.super(func(c *pgx.Conn) error {
		tx, err := c.Begin(r.ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(r.ctx, "select from identity.staff for update"); err != nil {
			return err
		}
		start()
		poll := time.NewTicker(5 * time.Millisecond)
		defer poll.Stop()
		for range 400 {
			<-poll.C
			if r.count("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") >= 2 {
				break
			}
		}
		return tx.Commit(r.ctx)
	})
}

// Many come to an empty shop at once: one becomes its owner.
func TestOneFirstOwner(t *testing.T) {
	t.Parallel()
	r := open(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			email := string(rune('a'+i)) + "@shop.test"
			if _, err := r.client.EnsureOwner(r.ctx, &identityv1.EnsureOwnerRequest{Email: email, Password: password}); err != nil && fault.From(err).Kind() != fault.KindUnavailable {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := r.count("select count(*) from identity.staff"); n != 1 {
		t.Errorf("%d owners", n)
	}
}

func TestStaffOfAnotherShop(t *testing.T) {
	t.Parallel()
	c := newCrew(t)
	ada := c.hire("ada@shop.test")
	theirs := c.in(c.otherShop())
	_, err := theirs.client.GetStaff(theirs.ctx, &identityv1.GetStaffRequest{Id: ada.GetId()})
	is(t, err, identity.ErrStaffNotFound)
	_, err = theirs.update(ada.GetId(), role("admin"))
	is(t, err, identity.ErrStaffNotFound)
	is(t, theirs.dismiss(ada.GetId(), 0), identity.ErrStaffNotFound)
	is(t, c.owner.in(c.otherShop()).dismiss(ada.GetId(), 0), auth.ErrUnauthenticated) // an owner here is nobody there
	is(t, c.owner.dismiss(id.New().String(), 0), identity.ErrStaffNotFound)
}

func TestStaffWithoutTheRight(t *testing.T) {
	t.Parallel()
	c := newCrew(t)
	ada := c.hire("ada@shop.test")
	_, err := c.owner.update(ada.GetId(), role("admin"))
	ok(t, err)
	hers := c.enter(t, "ada@shop.test")
	is(t, hers.dismiss(c.boss.GetId(), 0), rpc.ErrDenied)
	_, err = hers.update(ada.GetId(), role("owner"))
	is(t, err, rpc.ErrDenied)
	_, err = hers.client.GetStaff(hers.ctx, &identityv1.GetStaffRequest{Id: ada.GetId()})
	ok(t, err)
}
