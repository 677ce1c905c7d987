package media

import (
	"context"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// What the room announces. The aggregate is the asset, the sequence its version.
const (
	subjectCreated = "evt.media.asset.created"
	subjectUpdated = "evt.media.asset.updated"
	subjectDeleted = "evt.media.asset.deleted"

	// The aggregate is the key.
	subjectRotated = "evt.media.signing_key.rotated"
)

// Consumers of the room.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{{
		// The bus inserts the tenant of every event; there is nothing else to do.
		Name: "media-tenants", Subjects: []string{"evt.identity.tenant.created"},
		Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
	}}
}

func announceCreated(ctx context.Context, w *pg.Writes, a asset) error {
	return bus.Emit(ctx, w, subjectCreated, a.id, a.version, &mediav1.AssetCreated{AssetId: a.id.String(), Private: a.private})
}

func announceUpdated(ctx context.Context, w *pg.Writes, a asset) error {
	return bus.Emit(ctx, w, subjectUpdated, a.id, a.version, &mediav1.AssetUpdated{AssetId: a.id.String()})
}

func announceDeleted(ctx context.Context, w *pg.Writes, a asset) error {
	return bus.Emit(ctx, w, subjectDeleted, a.id, a.version+1, &mediav1.AssetDeleted{AssetId: a.id.String()})
}

func announceRotated(ctx context.Context, w *pg.Writes, next signingKey) error {
	return bus.Emit(ctx, w, subjectRotated, next.id, 1, &mediav1.SigningKeyRotated{KeyId: next.id.String()})
}
