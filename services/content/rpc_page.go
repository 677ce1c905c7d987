package content

import (
	"context"
	"errors"
	"html"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/kit/id"
	paging "github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/slug"
)

// ListPages lists pages for staff by slug and language, without their bodies.
func (s *Service) ListPages(ctx context.Context, req *contentv1.ListPagesRequest) (*contentv1.ListPagesResponse, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	f := pageFilter{title: slug.Fold(req.GetQ()), status: statusFromProto(req.GetStatus()), key: req.GetKey(), page: paging.FromProto(req.GetPage())}
	if req.GetLocale() != "" {
		var err error
		if f.locale, err = parseLocale(req.GetLocale()); err != nil {
			return nil, err
		}
	}
	pages, info, err := listPages(ctx, s.db, f)
	if err != nil {
		return nil, err
	}
	res := &contentv1.ListPagesResponse{Page: info}
	for _, p := range pages {
		res.Pages = append(res.Pages, pageProto(p))
	}
	return res, nil
}

// GetPage reads one page for staff.
func (s *Service) GetPage(ctx context.Context, req *contentv1.GetPageRequest) (*contentv1.GetPageResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrPageNotFound
	}
	p, err := findPage(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, ErrPageNotFound
	}
	if err := s.renew(p); err != nil {
		return nil, err
	}
	return &contentv1.GetPageResponse{Page: pageProto(p)}, nil
}

// renew makes the HTML anew that an older policy has made. A body that is not taken any more is shown as it was written.
func (s *Service) renew(p *page) error {
	if p.htmlVersion >= markupVersion {
		return nil
	}
	made, err := s.markup.html(p.body)
	if errors.Is(err, ErrBodyTooComplex) {
		made, err = "<pre>"+html.EscapeString(p.body)+"</pre>", nil
	}
	p.html = made
	return err
}

// CreatePage makes a page.
func (s *Service) CreatePage(ctx context.Context, req *contentv1.CreatePageRequest) (*contentv1.CreatePageResponse, error) {
	p, err := s.newPage(req)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(w *pg.Writes) error {
		insertPage(w, p)
		return announceCreated(ctx, w, p)
	})
	if err != nil {
		return nil, explain(err)
	}
	return &contentv1.CreatePageResponse{Page: pageProto(p)}, nil
}

func (s *Service) newPage(req *contentv1.CreatePageRequest) (*page, error) {
	if err := storableRequest(req); err != nil {
		return nil, err
	}
	at := s.time()
	p := &page{
		id: id.New(), title: req.GetTitle(), body: req.GetBody(), status: statusFromProto(req.GetStatus()), key: req.Key, // absent is not empty
		seoTitle: req.SeoTitle, seoDescription: req.SeoDescription, htmlVersion: markupVersion, version: 1, createdAt: at, updatedAt: at, // absent is not empty
	}
	if p.status == "" {
		p.status = draft
	}
	if err := checkText("title", p.title, maxTitle); err != nil {
		return nil, err
	}
	if err := checkText("body", p.body, maxBody); err != nil {
		return nil, err
	}
	if err := checkKey(p.key); err != nil {
		return nil, err
	}
	var err error
	if p.locale, err = parseLocale(req.GetLocale()); err != nil {
		return nil, err
	}
	p.slug = slug.Make(p.title, p.id)
	if req.GetSlug() != "" {
		if p.slug, err = parseSlug(req.GetSlug()); err != nil {
			return nil, err
		}
	}
	p.html, err = s.markup.html(p.body)
	return p, err
}

// UpdatePage changes what is given and leaves the rest. What changes nothing is answered with the page as it is.
func (s *Service) UpdatePage(ctx context.Context, req *contentv1.UpdatePageRequest) (*contentv1.UpdatePageResponse, error) {
	patch, err := s.patch(req)
	if err != nil {
		return nil, err
	}
	p, err := s.changePage(ctx, req.GetId(), req.GetIfVersion(), func(w *pg.Writes, p *page) error {
		before := *p
		if !p.change(patch) {
			return nil
		}
		p.version++
		p.updatedAt = s.time()
		updatePage(w, p)
		return announceUpdated(ctx, w, &before, p)
	})
	if err != nil {
		return nil, err
	}
	if err := s.renew(p); err != nil {
		return nil, err
	}
	return &contentv1.UpdatePageResponse{Page: pageProto(p)}, nil
}

// DeletePage removes a page.
func (s *Service) DeletePage(ctx context.Context, req *contentv1.DeletePageRequest) (*contentv1.DeletePageResponse, error) {
	_, err := s.changePage(ctx, req.GetId(), req.GetIfVersion(), func(w *pg.Writes, p *page) error {
		deletePage(w, p.id)
		return announceDeleted(ctx, w, p)
	})
	if err != nil {
		return nil, err
	}
	return &contentv1.DeletePageResponse{}, nil
}

// changePage is the frame of a change of a page: load it locked, then do decides, saves and announces.
func (s *Service) changePage(ctx context.Context, pageID string, ifVersion int64, do func(w *pg.Writes, p *page) error) (p *page, err error) {
	which, err := id.Parse(pageID)
	if err != nil {
		return nil, ErrPageNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if p, err = loadPage(ctx, tx, which); err != nil {
			return err
		}
		if p == nil {
			return ErrPageNotFound
		}
		if ifVersion != 0 && ifVersion != p.version {
			return ErrVersionConflict
		}
		return do(&tx.Writes, p)
	})
	return p, explain(err)
}

func (s *Service) patch(req *contentv1.UpdatePageRequest) (patch pagePatch, err error) {
	if err := storableRequest(req); err != nil {
		return patch, err
	}
	patch.title, patch.body, patch.status = req.Title, req.Body, statusFromProto(req.GetStatus()) // absent is not empty
	if patch.title != nil {
		if err := checkText("title", *patch.title, maxTitle); err != nil {
			return patch, err
		}
	}
	if req.Slug != nil { // absent is not empty
		parsed, err := parseSlug(req.GetSlug())
		if err != nil {
			return patch, err
		}
		patch.slug = &parsed
	}
	if req.Locale != nil { // absent is not empty
		parsed, err := parseLocale(req.GetLocale())
		if err != nil {
			return patch, err
		}
		patch.locale = &parsed
	}
	for _, text := range []struct {
		to    *textPatch
		field string
		from  *contentv1.TextPatch
		limit int
	}{
		{&patch.key, "key", req.GetKey(), maxSEOTitle}, // whose form is checked below
		{&patch.seoTitle, "seoTitle", req.GetSeoTitle(), maxSEOTitle},
		{&patch.seoDescription, "seoDescription", req.GetSeoDescription(), maxSEODescription},
	} {
		if *text.to, err = textFromProto(text.field, text.from, text.limit); err != nil {
			return patch, err
		}
	}
	if err := checkKey(patch.key.value); err != nil {
		return patch, err
	}
	if patch.body != nil {
		if err := checkText("body", *patch.body, maxBody); err != nil {
			return patch, err
		}
		patch.html, err = s.markup.html(*patch.body)
	}
	return patch, err
}
