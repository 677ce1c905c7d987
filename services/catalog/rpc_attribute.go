package catalog

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListAttributes lists attributes for staff, by code.
func (s *Service) ListAttributes(ctx context.Context, req *catalogv1.ListAttributesRequest) (*catalogv1.ListAttributesResponse, error) {
	attributes, info, err := listAttributes(ctx, s.db, fold(storable(req.GetQ())), page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListAttributesResponse{Attributes: attributes, Page: info}, nil
}

// GetAttribute reads one attribute.
func (s *Service) GetAttribute(ctx context.Context, req *catalogv1.GetAttributeRequest) (*catalogv1.GetAttributeResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrAttributeNotFound
	}
	a, err := findAttribute(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, ErrAttributeNotFound
	}
	return &catalogv1.GetAttributeResponse{Attribute: attributeToProto(a)}, nil
}

// CreateAttribute makes an attribute.
func (s *Service) CreateAttribute(ctx context.Context, req *catalogv1.CreateAttributeRequest) (*catalogv1.CreateAttributeResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	at := s.time()
	a := &attribute{
		id: id.New(), code: req.GetCode(), name: req.GetName(), typ: attributeTypeFromProto(req.GetType()), unit: req.Unit, // absent is not empty
		filterable: req.GetFilterable(), shown: req.GetShown(), options: attributeOptionsFromProto(req.GetOptions()),
		version: 1, createdAt: at, updatedAt: at,
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		have, taken, err := countAttributes(ctx, tx, a.code)
		switch {
		case err != nil:
			return err
		case taken:
			return ErrAttributeTaken.WithField("code", "taken", ErrAttributeTaken.Message())
		case have >= maxAttributes:
			return ErrAttributeTooMany
		}
		if err := insertAttribute(&tx.Writes, a); err != nil {
			return err
		}
		return announceAttribute(ctx, &tx.Writes, a.id, a.version)
	})
	if err != nil {
		return nil, explain(err)
	}
	return &catalogv1.CreateAttributeResponse{Attribute: attributeToProto(a)}, nil
}

// UpdateAttribute changes what is given and leaves the rest. Readers of products see it at once.
func (s *Service) UpdateAttribute(ctx context.Context, req *catalogv1.UpdateAttributeRequest) (*catalogv1.UpdateAttributeResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrAttributeNotFound
	}
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	patch := attributePatch{
		name: req.Name, typ: attributeTypeFromProto(req.GetType()), unit: textPatch{set: req.GetClearUnit() || req.Unit != nil, value: req.Unit}, // absent is not empty
		filterable: req.Filterable, shown: req.Shown, options: attributeOptionsFromProto(req.GetOptions().GetOptions()), reoptions: req.GetOptions() != nil,
	}
	var a *attribute
	err = s.changeAttribute(ctx, which, req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, loaded *attribute, used int64) error {
		a = loaded
		before := *a
		different, err := a.change(patch, used)
		if err != nil || !different {
			return err
		}
		gone := a.without(&before)
		if len(gone) > 0 {
			chosen, err := countChosen(ctx, tx, a.id, gone)
			if err != nil {
				return err
			}
			if chosen > 0 {
				return attributeInUse(chosen)
			}
		}
		a.version++
		a.updatedAt = s.time()
		if err := updateAttribute(&tx.Writes, a, gone); err != nil {
			return err
		}
		if len(gone) > 0 || before.unit != nil && a.unit == nil {
			if err := pruneTranslations(ctx, tx, a, s.time()); err != nil {
				return err
			}
		}
		return announceAttribute(ctx, &tx.Writes, a.id, a.version)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateAttributeResponse{Attribute: attributeToProto(a)}, nil
}

// changeAttribute is the frame of the commands on an attribute: load it locked, so that no product takes a value
// meanwhile, with how many products have one; then do what was asked.
func (s *Service) changeAttribute(ctx context.Context, which id.ID, ifVersion int64,
	do func(ctx context.Context, tx *pg.Tx, a *attribute, used int64) error,
) error {
	return explain(s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		a, used, err := loadAttribute(ctx, tx, which)
		if err != nil {
			return err
		}
		if a == nil {
			return ErrAttributeNotFound
		}
		if ifVersion != 0 && ifVersion != a.version {
			return ErrVersionConflict
		}
		return do(ctx, tx, a, used)
	}))
}

// without lists the options that an earlier state offered and this one does not.
func (a *attribute) without(before *attribute) []string {
	var gone []string
	for _, o := range before.options {
		if !a.offers(o.value) {
			gone = append(gone, o.value)
		}
	}
	return gone
}

// DeleteAttribute removes an attribute that no product has a value of.
func (s *Service) DeleteAttribute(ctx context.Context, req *catalogv1.DeleteAttributeRequest) (*catalogv1.DeleteAttributeResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrAttributeNotFound
	}
	err = s.changeAttribute(ctx, which, req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, a *attribute, used int64) error {
		if used > 0 {
			return attributeInUse(used)
		}
		deleteAttribute(&tx.Writes, which)
		return announceAttribute(ctx, &tx.Writes, which, a.version+1)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.DeleteAttributeResponse{}, nil
}
