package identity

import (
	"context"

	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	maxStaffEmail    = 254
	maxCustomerEmail = 320
)

func emailTaken() error {
	return ErrEmailTaken.WithField("email", "taken", "There is an account with this e-mail address already.")
}

// GetMe returns who is signed in.
func (s *Service) GetMe(ctx context.Context, _ *identityv1.GetMeRequest) (*identityv1.GetMeResponse, error) {
	p := auth.From(ctx)
	if p.Kind != auth.Staff {
		return nil, auth.ErrUnauthenticated
	}
	staff, err := readStaffOf(ctx, s.db, p)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetMeResponse{Staff: staffToProto(staff)}, nil
}

// ListStaff returns staff, newest first.
func (s *Service) ListStaff(ctx context.Context, req *identityv1.ListStaffRequest) (*identityv1.ListStaffResponse, error) {
	r := page.FromProto(req.GetPage())
	staff, total, err := listStaff(ctx, s.db, r)
	if err != nil {
		return nil, err
	}
	more := len(staff) > r.Limit
	staff = staff[:min(len(staff), r.Limit)]
	var last []byte
	res := &identityv1.ListStaffResponse{}
	for _, one := range staff {
		res.Staff = append(res.Staff, staffToProto(one))
		last = page.Key(one.ID.String())
	}
	res.Page = page.Info(total, more, last)
	return res, nil
}

// CreateStaff adds an admin or a staff member.
func (s *Service) CreateStaff(ctx context.Context, req *identityv1.CreateStaffRequest) (*identityv1.CreateStaffResponse, error) {
	email, err := parseEmail(req.GetEmail(), maxStaffEmail)
	if err != nil {
		return nil, err
	}
	name, err := cleanText("name", req.GetName())
	if err != nil {
		return nil, err
	}
	if name == "" {
		return nil, ErrBadText.WithField("name", "required", "It must not be empty.")
	}
	if err := checkPassword(req.GetPassword(), email); err != nil {
		return nil, err
	}
	hash, err := s.hashPassword(ctx, req.GetPassword())
	if err != nil {
		return nil, err
	}
	now := s.moment()
	staff := Staff{ID: id.New(), Email: email, Name: name, Role: req.GetRole(), Version: 1, CreatedAt: now, UpdatedAt: now}
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		insertStaff(w, staff, hash)
		return bus.Emit(ctx, w, subjectStaffCreated, staff.ID, staff.Version, &identityv1.StaffCreated{StaffId: staff.ID.String()})
	})
	if pg.IsUnique(err, "staff_email") {
		return nil, emailTaken()
	}
	if err != nil {
		return nil, err
	}
	return &identityv1.CreateStaffResponse{Staff: staffToProto(staff)}, nil
}

// GetStaff returns one member of staff.
func (s *Service) GetStaff(ctx context.Context, req *identityv1.GetStaffRequest) (*identityv1.GetStaffResponse, error) {
	who, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrStaffNotFound
	}
	staff, err := findStaff(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetStaffResponse{Staff: staffToProto(staff)}, nil
}

// UpdateStaff changes a member of staff. One who is locked out is signed out with the same commit.
func (s *Service) UpdateStaff(ctx context.Context, req *identityv1.UpdateStaffRequest) (*identityv1.UpdateStaffResponse, error) {
	who, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrStaffNotFound
	}
	want := staffChange{role: req.Role, disabled: req.Disabled}
	if req.Name != nil {
		name, err := cleanText("name", req.GetName())
		if err != nil {
			return nil, err
		}
		if name == "" {
			return nil, ErrBadText.WithField("name", "required", "It must not be empty.")
		}
		want.name = &name
	}
	by := auth.From(ctx)
	var staff Staff
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var owners int
		if staff, owners, err = lockStaff(ctx, tx, who, by); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != staff.Version {
			return ErrVersionConflict
		}
		changed, err := staff.apply(want, by.ID, owners, s.moment())
		if err != nil || !changed {
			return err
		}
		saveStaff(&tx.Writes, staff)
		return bus.Emit(ctx, &tx.Writes, subjectStaffUpdated, staff.ID, staff.Version, &identityv1.StaffUpdated{StaffId: staff.ID.String()})
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.UpdateStaffResponse{Staff: staffToProto(staff)}, nil
}

// DeleteStaff removes a member of staff, who is signed out with the same commit.
func (s *Service) DeleteStaff(ctx context.Context, req *identityv1.DeleteStaffRequest) (*identityv1.DeleteStaffResponse, error) {
	who, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrStaffNotFound
	}
	by := auth.From(ctx)
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		staff, owners, err := lockStaff(ctx, tx, who, by)
		if err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != staff.Version {
			return ErrVersionConflict
		}
		if err := staff.leave(by.ID, owners); err != nil {
			return err
		}
		deleteStaff(&tx.Writes, who)
		return bus.Emit(ctx, &tx.Writes, subjectStaffDeleted, staff.ID, staff.Version+1, &identityv1.StaffDeleted{StaffId: staff.ID.String()})
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.DeleteStaffResponse{}, nil
}

// EnsureOwner makes the owner of a tenant that has no staff. A password it generates is returned this once.
func (s *Service) EnsureOwner(ctx context.Context, req *identityv1.EnsureOwnerRequest) (*identityv1.EnsureOwnerResponse, error) {
	if there, err := hasStaff(ctx, s.db); err != nil || there {
		return &identityv1.EnsureOwnerResponse{}, err
	}
	email, err := parseEmail(req.GetEmail(), maxStaffEmail)
	if err != nil {
		return nil, err
	}
	password, generated := req.GetPassword(), ""
	if password == "" {
		generated = newPassword()
		password = generated
	} else if err := checkPassword(password, email); err != nil {
		return nil, err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return nil, err
	}
	owner := Staff{ID: id.New(), Email: email, Name: "Owner", Role: roleOwner, Version: 1, CreatedAt: s.moment()}
	created := false
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		created = false
		if n, err := countStaff(ctx, tx); err != nil || n > 0 {
			return err
		}
		created = true
		insertStaff(&tx.Writes, owner, hash)
		return bus.Emit(ctx, &tx.Writes, subjectStaffCreated, owner.ID, owner.Version, &identityv1.StaffCreated{StaffId: owner.ID.String()})
	})
	if err != nil || !created {
		return &identityv1.EnsureOwnerResponse{}, err
	}
	return &identityv1.EnsureOwnerResponse{Created: true, GeneratedPassword: generated}, nil
}

func (s *Service) hashPassword(ctx context.Context, password string) (string, error) {
	done, err := s.hash.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return s.hash.make(password)
}
