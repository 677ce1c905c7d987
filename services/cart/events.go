package cart

import (
	"context"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/pg"
)

// Consumers lists what the room listens to.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{
		// The bus opens the tenant's books by itself; there is nothing else to do.
		{
			Name: "cart-tenants", Subjects: []string{"evt.identity.tenant.created"},
			Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
		},
	}
}
