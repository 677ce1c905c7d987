package content

import (
	"context"

	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// What the room announces. The aggregate is the page, the sequence its version.
const (
	subjectCreated = "evt.content.page.created"
	subjectUpdated = "evt.content.page.updated"
	subjectDeleted = "evt.content.page.deleted"
)

// Consumers of the room.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{{
		// The bus opens the tenant's books by itself; there is nothing else to do.
		Name: "content-tenants", Subjects: []string{"evt.identity.tenant.created"},
		Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
	}}
}

func announceCreated(ctx context.Context, w *pg.Writes, p *page) error {
	return bus.Emit(ctx, w, subjectCreated, p.id, p.version, &contentv1.PageCreated{PageId: p.id.String(), Page: factsProto(p)})
}

func announceUpdated(ctx context.Context, w *pg.Writes, before, p *page) error {
	return bus.Emit(ctx, w, subjectUpdated, p.id, p.version, &contentv1.PageUpdated{PageId: p.id.String(), Before: factsProto(before), Page: factsProto(p)})
}

func announceDeleted(ctx context.Context, w *pg.Writes, p *page) error {
	return bus.Emit(ctx, w, subjectDeleted, p.id, p.version+1, &contentv1.PageDeleted{PageId: p.id.String(), Page: factsProto(p)})
}
