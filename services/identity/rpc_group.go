package identity

import (
	"context"
	"strings"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	identityv1 "github.com/sovecom/sovecom/gen/sovecom/identity/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListCustomerGroups returns groups by code.
func (s *Service) ListCustomerGroups(ctx context.Context, req *identityv1.ListCustomerGroupsRequest) (*identityv1.ListCustomerGroupsResponse, error) {
	r, q := page.FromProto(req.GetPage()), strings.ToLower(strings.TrimSpace(req.GetQ()))
	if strings.ContainsRune(q, 0) {
		return &identityv1.ListCustomerGroupsResponse{Page: page.Info(0, false, nil)}, nil // no name holds it, and PostgreSQL takes none
	}
	groups, total, err := listGroups(ctx, s.db, r, q)
	if err != nil {
		return nil, err
	}
	more := len(groups) > r.Limit
	var last []byte
	res := &identityv1.ListCustomerGroupsResponse{}
	for _, g := range groups[:min(len(groups), r.Limit)] {
		res.Groups = append(res.Groups, groupToProto(g))
		last = page.Key(g.Code)
	}
	res.Page = page.Info(total, more, last)
	return res, nil
}

// GetCustomerGroup returns one group.
func (s *Service) GetCustomerGroup(ctx context.Context, req *identityv1.GetCustomerGroupRequest) (*identityv1.GetCustomerGroupResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrGroupNotFound
	}
	g, err := readGroup(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	return &identityv1.GetCustomerGroupResponse{Group: groupToProto(g)}, nil
}

// CreateCustomerGroup makes a group, still without customers.
func (s *Service) CreateCustomerGroup(ctx context.Context, req *identityv1.CreateCustomerGroupRequest) (*identityv1.CreateCustomerGroupResponse, error) {
	name, err := cleanText("name", req.GetName())
	if err != nil {
		return nil, err
	}
	now := s.moment()
	g := Group{ID: id.New(), Code: req.GetCode(), Name: name, Version: 1, CreatedAt: now, UpdatedAt: now}
	if err := g.check(); err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		insertGroup(w, g)
		return bus.Emit(ctx, w, subjectGroupCreated, g.ID, g.Version, &identityv1.CustomerGroupCreated{GroupId: g.ID.String(), Code: g.Code})
	})
	if pg.IsUnique(err, "customer_groups_code") {
		return nil, ErrGroupCodeTaken.WithField("code", "taken", ErrGroupCodeTaken.Message()).WithCause(err)
	}
	if err != nil {
		return nil, err
	}
	return &identityv1.CreateCustomerGroupResponse{Group: groupToProto(g)}, nil
}

// UpdateCustomerGroup renames a group.
func (s *Service) UpdateCustomerGroup(ctx context.Context, req *identityv1.UpdateCustomerGroupRequest) (*identityv1.UpdateCustomerGroupResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrGroupNotFound
	}
	name, err := cleanText("name", req.GetName())
	if err != nil {
		return nil, err
	}
	var g Group
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if g, err = lockGroup(ctx, tx, which); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != g.Version {
			return ErrVersionConflict
		}
		if req.Name == nil || !g.rename(name, s.moment()) { // absent is not empty
			return nil
		}
		if err := g.check(); err != nil {
			return err
		}
		saveGroup(&tx.Writes, g)
		return bus.Emit(ctx, &tx.Writes, subjectGroupUpdated, g.ID, g.Version, &identityv1.CustomerGroupUpdated{GroupId: g.ID.String(), Code: g.Code})
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.UpdateCustomerGroupResponse{Group: groupToProto(g)}, nil
}

// shownUses is how many price lists are told that keep a group.
const shownUses = 20

// DeleteCustomerGroup removes a group that no customer is in and no price list is for.
func (s *Service) DeleteCustomerGroup(ctx context.Context, req *identityv1.DeleteCustomerGroupRequest) (*identityv1.DeleteCustomerGroupResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrGroupNotFound
	}
	g, err := readGroup(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	if v := req.GetIfVersion(); v != 0 && v != g.Version {
		return nil, ErrVersionConflict
	}
	if err := s.unpriced(ctx, g); err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if g, err = lockGroup(ctx, tx, which); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != g.Version {
			return ErrVersionConflict
		}
		// The group is locked, so no customer can join it meanwhile.
		members, err := countMembers(ctx, tx, which)
		if err != nil {
			return err
		}
		if members > 0 {
			return ErrGroupInUse.WithObject(map[string]any{"customers": members})
		}
		deleteGroup(&tx.Writes, which)
		return bus.Emit(ctx, &tx.Writes, subjectGroupDeleted, g.ID, g.Version+1, &identityv1.CustomerGroupDeleted{GroupId: g.ID.String(), Code: g.Code})
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.DeleteCustomerGroupResponse{}, nil
}

// unpriced refuses a group that the catalogue has price lists for.
func (s *Service) unpriced(ctx context.Context, g Group) error {
	if s.catalog == nil {
		return nil
	}
	answer, err := s.catalog().ListCustomerGroupUses(ctx, &catalogv1.ListCustomerGroupUsesRequest{Code: g.Code, Limit: shownUses})
	if err != nil || len(answer.GetUses()) == 0 {
		return err
	}
	refused := ErrGroupInUse
	for _, use := range answer.GetUses() {
		refused = refused.WithObject(map[string]any{"priceListId": use.GetPriceListId(), "name": use.GetName()})
	}
	return refused
}

// FindCustomerGroups says which codes are those of groups.
func (s *Service) FindCustomerGroups(ctx context.Context, req *identityv1.FindCustomerGroupsRequest) (*identityv1.FindCustomerGroupsResponse, error) {
	codes, err := knownCodes(ctx, s.db, req.GetCodes())
	if err != nil {
		return nil, err
	}
	return &identityv1.FindCustomerGroupsResponse{Codes: codes}, nil
}

// SetCustomerGroups puts a customer into exactly these groups. The customer's access token names the groups from its next
// refresh on.
func (s *Service) SetCustomerGroups(ctx context.Context, req *identityv1.SetCustomerGroupsRequest) (*identityv1.SetCustomerGroupsResponse, error) {
	who, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrCustomerNotFound
	}
	ids, err := id.ParseAll(req.GetGroupIds())
	if err != nil {
		return nil, ErrGroupUnknown
	}
	var customer Customer
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var known []GroupRef
		if customer, known, err = lockMember(ctx, tx, who, ids); err != nil {
			return err
		}
		if v := req.GetIfVersion(); v != 0 && v != customer.Version {
			return ErrVersionConflict
		}
		groups, err := named(ids, known)
		if err != nil {
			return err
		}
		if !customer.join(groups, s.moment()) {
			return nil
		}
		saveCustomer(&tx.Writes, customer)
		saveMembership(&tx.Writes, customer)
		return announceCustomer(ctx, &tx.Writes, customer)
	})
	if err != nil {
		return nil, err
	}
	return &identityv1.SetCustomerGroupsResponse{Customer: customerToProto(customer)}, nil
}
