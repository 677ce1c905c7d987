package gateway

import (
	"context"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

func loginStaff(ctx context.Context, in *in[none, adminv1.Login]) (adminv1.Envelope[adminv1.LoginResult], error) {
	answer, err := in.deps.Identity.LoginStaff(ctx, &identityv1.LoginStaffRequest{Email: in.Body.Email, Password: in.Body.Password, ClientIp: in.proxies.client(in.r)})
	if err != nil {
		return adminv1.Envelope[adminv1.LoginResult]{}, err
	}
	in.keepSession(staffCookie, answer.GetSession())
	who := user(answer.GetStaff())
	return adminv1.Envelope[adminv1.LoginResult]{Data: adminv1.LoginResult{
		AccessToken: answer.GetSession().GetAccessToken(), ExpiresIn: int(answer.GetSession().GetExpiresInSeconds()), User: &who,
	}}, nil
}

func refreshStaff(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.Session], error) {
	token := in.cookie(staffCookie)
	if token == "" {
		return adminv1.Envelope[adminv1.Session]{}, errRefresh
	}
	answer, err := in.deps.Identity.RefreshStaff(ctx, &identityv1.RefreshStaffRequest{RefreshToken: token})
	if err != nil {
		in.sessionOver(staffCookie, err)
		return adminv1.Envelope[adminv1.Session]{}, err
	}
	in.keepSession(staffCookie, answer.GetSession())
	return adminv1.Envelope[adminv1.Session]{Data: adminv1.Session{
		AccessToken: answer.GetSession().GetAccessToken(), ExpiresIn: int(answer.GetSession().GetExpiresInSeconds()), User: user(answer.GetStaff()),
	}}, nil
}

func logoutStaff(ctx context.Context, in *in[none, none]) (none, error) {
	token := in.cookie(staffCookie)
	in.setCookie(staffCookie, "", -1)
	if token == "" {
		return none{}, nil
	}
	_, err := in.deps.Identity.LogoutStaff(ctx, &identityv1.LogoutStaffRequest{RefreshToken: token})
	in.staff.forget(in.tenant)
	return none{}, err
}

func getMe(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.User], error) {
	answer, err := in.deps.Identity.GetMe(ctx, &identityv1.GetMeRequest{})
	if err != nil {
		return adminv1.Envelope[adminv1.User]{}, err
	}
	return adminv1.Envelope[adminv1.User]{Data: user(answer.GetStaff())}, nil
}

func user(s *identityv1.Staff) adminv1.User {
	return adminv1.User{
		ID: s.GetId(), Email: s.GetEmail(), Name: s.GetName(), Role: s.GetRole(), Permissions: append([]string{}, s.GetPermissions()...), Disabled: s.GetDisabled(),
		LastLoginAt: atPtr(s.GetLastLoginAt()), Version: s.GetVersion(), CreatedAt: at(s.GetCreatedAt()), UpdatedAt: at(s.GetUpdatedAt()),
	}
}

func listUsers(ctx context.Context, in *in[adminv1.PageQuery, none]) (adminv1.List[adminv1.User], error) {
	paging, err := in.paging(in.Query)
	if err != nil {
		return adminv1.List[adminv1.User]{}, err
	}
	answer, err := in.deps.Identity.ListStaff(ctx, &identityv1.ListStaffRequest{Page: paging})
	if err != nil {
		return adminv1.List[adminv1.User]{}, err
	}
	return adminv1.List[adminv1.User]{Data: each(answer.GetStaff(), user), Meta: in.meta(in.Query, answer.GetPage())}, nil
}

type userAnswer = adminv1.Envelope[adminv1.User]

func (c *call) user(m *identityv1.Staff, err error) (userAnswer, error) {
	if err != nil {
		return userAnswer{}, err
	}
	c.version(m.GetVersion())
	return userAnswer{Data: user(m)}, nil
}

func createUser(ctx context.Context, in *in[none, adminv1.CreateUser]) (userAnswer, error) {
	b := in.Body
	answer, err := in.deps.Identity.CreateStaff(ctx, &identityv1.CreateStaffRequest{Email: b.Email, Name: b.Name, Role: b.Role, Password: b.Password})
	if err == nil {
		in.created("users", answer.GetStaff().GetId())
	}
	return in.user(answer.GetStaff(), err)
}

func getUser(ctx context.Context, in *in[none, none]) (userAnswer, error) {
	answer, err := in.deps.Identity.GetStaff(ctx, &identityv1.GetStaffRequest{Id: in.path("id")})
	return in.user(answer.GetStaff(), err)
}

func updateUser(ctx context.Context, in *in[none, adminv1.UpdateUser]) (userAnswer, error) {
	b := in.Body
	answer, err := in.deps.Identity.UpdateStaff(ctx, &identityv1.UpdateStaffRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Name: b.Name.Ptr(), Role: b.Role.Ptr(), Disabled: b.Disabled.Ptr(),
	})
	in.staff.forget(in.tenant)
	return in.user(answer.GetStaff(), err)
}

func deleteUser(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.Identity.DeleteStaff(ctx, &identityv1.DeleteStaffRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	in.staff.forget(in.tenant)
	return none{}, err
}
