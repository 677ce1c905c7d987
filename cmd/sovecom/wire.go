package main

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"time"

	"connectrpc.com/connect/v2"
	"go.opentelemetry.io/otel/trace"

	"github.com/sovecom/sovecom/gateway"
	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/content/v1/contentv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/cart"
	"github.com/sovecom/sovecom/services/catalog"
	"github.com/sovecom/sovecom/services/checkout"
	"github.com/sovecom/sovecom/services/content"
	"github.com/sovecom/sovecom/services/identity"
	"github.com/sovecom/sovecom/services/inventory"
	"github.com/sovecom/sovecom/services/media"
	"github.com/sovecom/sovecom/services/search"
	"github.com/sovecom/sovecom/services/webhook"
)

// rooms is THE table: what the house is made of, in the order it starts. A process runs all of them (--target=all) or
// one; the only difference is the door between them (see process.go).
func rooms() []room {
	return []room{
		{name: "identity", migrations: identity.Migrations(), build: func(in inputs) (service, error) {
			return identity.New(in.cfg.Identity, identity.Deps{
				DB: in.db, Logger: in.log, Now: in.now, Secret: in.secret,
				// The catalogue starts later, because it calls this room.
				Catalog: func() catalogv1connect.CatalogServiceClient {
					return catalogv1connect.NewCatalogServiceClient(in.call("catalog"))
				},
			})
		}},
		{name: "catalog", needs: []string{"media", "identity"}, migrations: catalog.Migrations(), build: func(in inputs) (service, error) {
			return catalog.New(in.cfg.Catalog, catalog.Deps{
				DB: in.db, Logger: in.log, Now: in.now, Rules: in.rules,
				Media:    mediav1connect.NewMediaServiceClient(in.call("media")),
				Identity: identityv1connect.NewIdentityServiceClient(in.call("identity")),
			})
		}},
		{name: "inventory", migrations: inventory.Migrations(), build: func(in inputs) (service, error) {
			return inventory.New(in.cfg.Inventory, inventory.Deps{DB: in.db, Logger: in.log, Now: in.now})
		}},
		{name: "media", migrations: media.Migrations(), build: func(in inputs) (service, error) {
			return media.New(in.cfg.Media, media.Deps{
				DB: in.db, Logger: in.log, Now: in.now, Secret: in.secret, Pictures: picturesCommand(), Interrupt: stopAt(in.cfg.StopAt),
				// The catalogue starts later, because it calls this room.
				Catalog: func() catalogv1connect.CatalogServiceClient {
					return catalogv1connect.NewCatalogServiceClient(in.call("catalog"))
				},
			})
		}},
		{name: "cart", migrations: cart.Migrations(), asyncCommit: true, needs: []string{"catalog", "inventory", "identity"},
			build: func(in inputs) (service, error) {
				return cart.New(in.cfg.Cart, cart.Deps{
					DB: in.db, Logger: in.log, Now: in.now,
					Catalog:   catalogv1connect.NewCatalogServiceClient(in.call("catalog")),
					Inventory: inventoryv1connect.NewInventoryServiceClient(in.call("inventory")),
					Identity:  identityv1connect.NewIdentityServiceClient(in.call("identity")),
				})
			}},
		{name: "checkout", migrations: checkout.Migrations(), needs: []string{"cart", "inventory", "catalog", "media"},
			build: func(in inputs) (service, error) {
				return checkout.New(in.cfg.Checkout, checkout.Deps{
					DB: in.db, Logger: in.log, Now: in.now, Secret: in.secret,
					Cart:      cartv1connect.NewCartServiceClient(in.call("cart")),
					Inventory: inventoryv1connect.NewInventoryServiceClient(in.call("inventory")),
					Catalog:   catalogv1connect.NewCatalogServiceClient(in.call("catalog")),
					Media:     mediav1connect.NewMediaServiceClient(in.call("media")),
					Interrupt: stopAt(in.cfg.StopAt),
				})
			}},
		{name: "search", migrations: search.Migrations(), needs: []string{"catalog"}, build: func(in inputs) (service, error) {
			return search.New(in.cfg.Search, search.Deps{
				DB: in.db, Logger: in.log, Now: in.now, Behind: in.behind,
				Catalog: catalogv1connect.NewCatalogServiceClient(in.call("catalog")),
			})
		}},
		{name: "content", migrations: content.Migrations(), connections: 4, build: func(in inputs) (service, error) {
			return content.New(content.Deps{DB: in.db, Logger: in.log, Now: in.now})
		}},
		{name: "webhook", migrations: webhook.Migrations(), build: func(in inputs) (service, error) {
			return webhook.New(in.cfg.Webhook, webhook.Deps{DB: in.db, Logger: in.log, Now: in.now, Secret: in.secret})
		}},
		{name: "gateway", migrations: gateway.Migrations(),
			needs: []string{"catalog", "inventory", "cart", "checkout", "identity", "media", "content", "search", "webhook"},
			build: func(in inputs) (service, error) {
				g, err := gateway.New(in.cfg.Gateway, gateway.Deps{
					DB: in.db, Cache: in.cache, Logger: in.log, Now: in.now, Secret: in.secret,
					Media: in.media, Operations: in.operations, Tracer: in.tracer,
					Catalog:   catalogv1connect.NewCatalogServiceClient(in.call("catalog")),
					Prices:    catalogv1connect.NewPriceServiceClient(in.call("catalog")),
					Lifecycle: catalogv1connect.NewLifecycleServiceClient(in.call("catalog")),
					Taxonomy:  catalogv1connect.NewTaxonomyServiceClient(in.call("catalog")),
					Facts:     catalogv1connect.NewFactsServiceClient(in.call("catalog")),
					Jobs:      catalogv1connect.NewJobServiceClient(in.call("catalog")),
					Inventory: inventoryv1connect.NewInventoryServiceClient(in.call("inventory")),
					Cart:      cartv1connect.NewCartServiceClient(in.call("cart")),
					Checkout:  checkoutv1connect.NewCheckoutServiceClient(in.call("checkout")),
					Identity:  identityv1connect.NewIdentityServiceClient(in.call("identity")),
					MediaRPC:  mediav1connect.NewMediaServiceClient(in.call("media")),
					Content:   contentv1connect.NewContentServiceClient(in.call("content")),
					Search:    searchv1connect.NewSearchServiceClient(in.call("search")),
					Webhook:   webhookv1connect.NewWebhookServiceClient(in.call("webhook")),

					Translation: catalogv1connect.NewTranslationServiceClient(in.call("catalog")),
				})
				return edge{g}, err
			}},
	}
}

// gifts are the calls whose answers their rooms put together for the caller and keep nothing of, so that they need not be
// copied between rooms of one process.
func gifts() []string {
	return []string{
		catalogv1connect.CatalogServiceListStoreProductsProcedure, catalogv1connect.CatalogServiceGetStoreProductProcedure,
		catalogv1connect.CatalogServiceListStoreCategoriesProcedure, catalogv1connect.CatalogServiceGetStoreCategoryProcedure,
		catalogv1connect.CatalogServiceResolveVariantsProcedure, cartv1connect.CartServiceGetCartProcedure, cartv1connect.CartServiceUpdateCartProcedure,
		cartv1connect.CartServiceAddItemProcedure, cartv1connect.CartServiceUpdateItemProcedure, cartv1connect.CartServiceRemoveItemProcedure,
		cartv1connect.CartServiceSetEmailProcedure, cartv1connect.CartServiceSetShippingAddressProcedure,
		cartv1connect.CartServiceSetBillingAddressProcedure, cartv1connect.CartServiceSetShippingMethodProcedure, cartv1connect.CartServiceClaimProcedure,
		catalogv1connect.CatalogServiceListStoreTagsProcedure, catalogv1connect.CatalogServiceGetStoreProductsProcedure,
		contentv1connect.ContentServiceListStorePagesProcedure, contentv1connect.ContentServiceGetStorePageProcedure, searchv1connect.SearchServiceSearchProductsProcedure,
	}
}

// room is one row of the table.
type room struct {
	name        string
	needs       []string // rooms it calls
	migrations  fs.FS
	asyncCommit bool // may lose its last moments in a crash of the database
	connections int  // to the database at most, where that is fewer than others have; 0 for as many
	build       func(in inputs) (service, error)
}

// service is what every room is to the process that runs it.
type service interface {
	Mount(server *connect.Server)
	Consumers() []bus.Consumer
	Run(ctx context.Context) error
}

// inputs are what a room may be built from.
type inputs struct {
	cfg        Config
	db         *pg.DB
	log        *slog.Logger
	now        func() time.Time
	secret     []byte // of this room alone
	call       func(room string) *connect.Client
	rules      rpc.Rules
	cache      *cache.Cache
	media      http.Handler
	operations http.Handler
	tracer     trace.TracerProvider // nil when traces are off
	behind     func(ctx context.Context, consumers []bus.Consumer) (pending int64, seconds float64, err error)
}

// edge makes the gateway a room like the others: it has no door of its own and consumes no events durably.
type edge struct{ *gateway.Gateway }

func (edge) Mount(*connect.Server)     {}
func (edge) Consumers() []bus.Consumer { return nil }

// stopAt makes the process vanish at a named point of the order saga, as a power cut would. For tests of recovery.
func stopAt(point string) func(context.Context, string) error {
	if point == "" {
		return nil
	}
	return func(_ context.Context, at string) error {
		if at == point {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				_ = self.Kill()
			}
		}
		return nil
	}
}
