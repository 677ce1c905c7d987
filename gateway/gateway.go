package gateway

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/sovecom/sovecom/gen/sovecom/cart/v1/cartv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1/checkoutv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/content/v1/contentv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/idem"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// Config of the edge.
type Config struct {
	RateLimit      int           `config:"rate_limit" doc:"Store requests per minute and client address; 0 switches all rate limits off."`
	LoginLimit     int           `config:"login_limit" doc:"Sign-ins and registrations per minute and client address."`
	TrustedProxies []string      `config:"trusted_proxies" doc:"Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."`
	AllowedOrigins []string      `config:"allowed_origins" doc:"Origins of browsers that may call the API, e.g. https://shop.example; none by default."`
	CacheMiB       int           `config:"cache_mib" doc:"Memory for rendered public pages, in MiB; 0 switches the cache off."`
	ImportMiB      int           `config:"import_mib" doc:"Largest file of an import, in MiB."`
	CacheTTL       time.Duration `config:"cache_ttl" doc:"How long a rendered page lives at most while events are heard; without events it is one second."`
}

// DefaultConfig is what runs when nothing is set.
func DefaultConfig() Config {
	return Config{RateLimit: 600, LoginLimit: 30, CacheMiB: 32, ImportMiB: 2048, CacheTTL: time.Minute}
}

// Deps are what the edge stands on.
type Deps struct {
	DB         *pg.DB
	Cache      *cache.Cache
	Logger     *slog.Logger
	Now        func() time.Time
	Secret     []byte               // signs cursors; the same in every replica
	Media      http.Handler         // the media room's bytes: uploads and pictures
	Operations http.Handler         // health and metrics
	Tracer     trace.TracerProvider // nil when traces are off

	Catalog   catalogv1connect.CatalogServiceClient
	Prices    catalogv1connect.PriceServiceClient
	Lifecycle catalogv1connect.LifecycleServiceClient
	Taxonomy  catalogv1connect.TaxonomyServiceClient
	Facts     catalogv1connect.FactsServiceClient
	Jobs      catalogv1connect.JobServiceClient
	Inventory inventoryv1connect.InventoryServiceClient
	Cart      cartv1connect.CartServiceClient
	Checkout  checkoutv1connect.CheckoutServiceClient
	Identity  identityv1connect.IdentityServiceClient
	MediaRPC  mediav1connect.MediaServiceClient
	Content   contentv1connect.ContentServiceClient
	Search    searchv1connect.SearchServiceClient
	Webhook   webhookv1connect.WebhookServiceClient

	Translation catalogv1connect.TranslationServiceClient // the catalogue's texts in other languages
}

// Gateway is the edge.
type Gateway struct {
	cfg       Config
	deps      Deps
	log       *slog.Logger
	now       func() time.Time
	idem      *idem.Store
	cursors   page.Signer
	vault     vault
	store     *surface
	admin     *surface
	tenants   *tenants
	locales   *locales
	keys      *keys
	staff     *team
	rendered  *rendered
	proxies   proxies
	following atomic.Bool
	handler   http.Handler
}

// New builds the edge. It fails when a route does not fit its RPC or a document cannot be described.
func New(cfg Config, deps Deps) (*Gateway, error) {
	g := &Gateway{
		cfg: cfg, deps: deps, log: deps.Logger, now: deps.Now, cursors: page.NewSigner(deps.Secret),
		tenants: newTenants(), locales: newLocales(), keys: &keys{}, staff: newTeam(), rendered: newRendered(int64(cfg.CacheMiB) << 20),
	}
	if deps.DB != nil {
		g.idem = idem.New(idem.Config{}, deps.DB, deps.Now)
	}
	var err error
	if g.vault, err = newVault(deps.Secret); err != nil {
		return nil, err
	}
	if g.proxies, err = parseProxies(cfg.TrustedProxies); err != nil {
		return nil, err
	}
	if g.store, err = newSurface("store", "Storefront API", storeRoutes()); err != nil {
		return nil, err
	}
	if g.admin, err = newSurface("admin", "Admin API", adminRoutes()); err != nil {
		return nil, err
	}
	g.handler, err = g.build()
	return g, err
}

// Handler serves everything the edge offers.
func (g *Gateway) Handler() http.Handler { return g.handler }

// Run removes what is too old, until ctx ends.
func (g *Gateway) Run(ctx context.Context) error {
	if err := g.idem.Run(ctx); err != nil {
		return fmt.Errorf("idempotency: %w", err)
	}
	return nil
}

// Following says whether events are heard. While they are not, rendered pages and what is known of staff live for a second
// only.
func (g *Gateway) Following(on bool) {
	g.following.Store(on)
	g.rendered.dropAll()
	g.staff.forgetAll()
}

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations of the schema gateway.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // the folder is embedded above, so this does not happen
	}
	return sub
}
