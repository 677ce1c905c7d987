package catalog

import (
	"context"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListTags lists tags for staff, by name.
func (s *Service) ListTags(ctx context.Context, req *catalogv1.ListTagsRequest) (*catalogv1.ListTagsResponse, error) {
	tags, info, err := listTags(ctx, s.db, fold(storable(req.GetQ())), page.FromProto(req.GetPage()), nil)
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListTagsResponse{Tags: tags, Page: info}, nil
}

// GetTag reads one tag.
func (s *Service) GetTag(ctx context.Context, req *catalogv1.GetTagRequest) (*catalogv1.GetTagResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrTagNotFound
	}
	t, err := findTag(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, ErrTagNotFound
	}
	return &catalogv1.GetTagResponse{Tag: tagToProto(t)}, nil
}

// CreateTag makes a tag.
func (s *Service) CreateTag(ctx context.Context, req *catalogv1.CreateTagRequest) (*catalogv1.CreateTagResponse, error) {
	at := s.time()
	t := &tag{id: id.New(), name: req.GetName(), version: 1, createdAt: at, updatedAt: at}
	err := storableRequest(req)
	if err == nil {
		err = checkTitle("name", t.name)
	}
	if err == nil && req.GetSlug() != "" {
		t.slug, err = parseSlug(req.GetSlug())
	}
	if err != nil {
		return nil, err
	}
	for try := range madeNameTries {
		err = explain(s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error { return createTag(ctx, tx, t, req.GetSlug() == "", try > 0) }))
		if !isTaken(err) || req.GetSlug() != "" {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return &catalogv1.CreateTagResponse{Tag: tagToProto(t)}, nil
}

func createTag(ctx context.Context, tx *pg.Tx, t *tag, makeOne, again bool) error {
	if makeOne {
		choices := slugChoices(makeSlug(t.name, t.id))
		if again {
			choices = []string{choices[0] + "-" + shortID(id.New())}
		}
		used, err := takenTagSlugs(ctx, tx, choices)
		if err != nil {
			return err
		}
		t.slug = firstFree(choices, used)
	}
	if err := insertTags(&tx.Writes, t); err != nil {
		return err
	}
	return announceTag(ctx, &tx.Writes, t.id, t.version)
}

// UpdateTag changes what is given and leaves the rest.
func (s *Service) UpdateTag(ctx context.Context, req *catalogv1.UpdateTagRequest) (*catalogv1.UpdateTagResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	name, slug := req.Name, req.Slug // absent is not empty
	if name != nil {
		if err := checkTitle("name", *name); err != nil {
			return nil, err
		}
	}
	if slug != nil {
		parsed, err := parseSlug(*slug)
		if err != nil {
			return nil, err
		}
		slug = &parsed
	}
	t, err := s.changeTag(ctx, req.GetId(), req.GetIfVersion(), func(_ context.Context, _ *pg.Tx, t *tag) (bool, error) { return t.rename(name, slug), nil })
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateTagResponse{Tag: tagToProto(t)}, nil
}

// changeTag is the frame of a change of a tag: load it locked, decide, save, count and announce when something changed.
func (s *Service) changeTag(ctx context.Context, tagID string, ifVersion int64,
	decide func(ctx context.Context, tx *pg.Tx, t *tag) (changed bool, err error),
) (t *tag, err error) {
	which, err := id.Parse(tagID)
	if err != nil {
		return nil, ErrTagNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if t, err = loadTag(ctx, tx, which); err != nil {
			return err
		}
		if t == nil {
			return ErrTagNotFound
		}
		if ifVersion != 0 && ifVersion != t.version {
			return ErrVersionConflict
		}
		changed, err := decide(ctx, tx, t)
		if err != nil || !changed {
			return err
		}
		t.version++
		t.updatedAt = s.time()
		if err := updateTag(&tx.Writes, t); err != nil {
			return err
		}
		return announceTag(ctx, &tx.Writes, t.id, t.version)
	})
	return t, explain(err)
}

// rename applies what is given and reports whether anything is different.
func (t *tag) rename(name, slug *string) bool {
	before := *t
	if name != nil {
		t.name = *name
	}
	if slug != nil {
		t.slug = *slug
	}
	return *t != before
}

// DeleteTag removes a tag. Its products stay and lose it.
func (s *Service) DeleteTag(ctx context.Context, req *catalogv1.DeleteTagRequest) (*catalogv1.DeleteTagResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrTagNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		t, err := loadTag(ctx, tx, which)
		if err != nil {
			return err
		}
		if t == nil {
			return ErrTagNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != t.version {
			return ErrVersionConflict
		}
		deleteTag(&tx.Writes, which)
		return announceTag(ctx, &tx.Writes, which, t.version+1)
	})
	if err != nil {
		return nil, s.namedByRules(ctx, err, which)
	}
	return &catalogv1.DeleteTagResponse{}, nil
}
