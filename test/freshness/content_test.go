package freshness

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gateway"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	contentv1 "github.com/sovecom/sovecom/gen/sovecom/content/v1"
	"github.com/sovecom/sovecom/gen/sovecom/content/v1/contentv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/identity/v1/identityv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/content"
)

// linguist says that every shop speaks English, and German besides.
type linguist struct {
	catalogv1connect.UnimplementedTranslationServiceHandler
}

func (linguist) GetShopLocales(context.Context, *catalogv1.GetShopLocalesRequest) (*catalogv1.GetShopLocalesResponse, error) {
	return &catalogv1.GetShopLocalesResponse{Locales: &catalogv1.Locales{DefaultLocale: "en", Locales: []*catalogv1.Locale{{Code: "de"}}}}, nil
}

// shelf is a content room before two edges: one that keeps pages and one that does not.
type shelf struct {
	*world

	pages contentv1connect.ContentServiceClient
}

func openShelf(t *testing.T) shelf {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db := pgtest.New(t, "content", content.Migrations())
	room := must(content.New(content.Deps{DB: db.DB, Logger: log, Now: time.Now}))(t)
	server := must(rpc.NewServer(rpc.Deps{Logger: log}))(t)
	room.Mount(server)
	identityv1connect.RegisterIdentityServiceHandler(server, landlord{})
	catalogv1connect.RegisterTranslationServiceHandler(server, linguist{})
	client := must(rpc.NewClient(door.Memory(server), rpc.Deps{Logger: log}))(t)
	edge := func(mib int) *gateway.Gateway {
		cfg := gateway.DefaultConfig()
		cfg.RateLimit, cfg.CacheMiB, cfg.CacheTTL = 0, mib, time.Hour
		return must(gateway.New(cfg, gateway.Deps{
			Logger: log, Now: time.Now, Secret: []byte("0123456789abcdef0123456789abcdef"), Content: contentv1connect.NewContentServiceClient(client),
			Translation: catalogv1connect.NewTranslationServiceClient(client), Identity: identityv1connect.NewIdentityServiceClient(client),
		}))(t)
	}
	ctx := auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "owner"})
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := shelf{&world{t: t, ctx: ctx, db: db, kept: edge(64), fresh: edge(0), rand: rand.New(rand.NewPCG(seed, 0))}, contentv1connect.NewContentServiceClient(client)}
	s.kept.Following(true)
	return s
}

func (s shelf) locale() string { return one(s.rand, []string{"en", "de", "fr", "fr-BE"}) }
func (s shelf) slug() string   { return fmt.Sprint("page-", s.rand.IntN(3)) }
func (s shelf) status() contentv1.PageStatus {
	return one(s.rand, []contentv1.PageStatus{contentv1.PageStatus_PAGE_STATUS_DRAFT, contentv1.PageStatus_PAGE_STATUS_PUBLISHED, contentv1.PageStatus_PAGE_STATUS_PUBLISHED})
}

// change does one thing that staff may do; a refusal is fine, it changes nothing.
func (s shelf) change() string {
	list := must(s.pages.ListPages(s.ctx, &contentv1.ListPagesRequest{}))(s.t).GetPages()
	if len(list) < 4 || s.rand.IntN(3) == 0 {
		_, err := s.pages.CreatePage(s.ctx, &contentv1.CreatePageRequest{
			Title: s.title(), Slug: s.slug(), Locale: s.locale(), Body: fmt.Sprint("# ", s.rand.Uint64()), Status: s.status(), Key: proto.String(fmt.Sprint("key-", s.rand.IntN(4))),
		})
		return fmt.Sprintf("a page was made (%v)", err)
	}
	which := one(s.rand, list).GetId()
	update := &contentv1.UpdatePageRequest{Id: which}
	switch s.rand.IntN(7) {
	case 0:
		_, err := s.pages.DeletePage(s.ctx, &contentv1.DeletePageRequest{Id: which})
		return fmt.Sprintf("%s was deleted (%v)", which, err)
	case 1:
		update.Status = s.status()
	case 2:
		update.Slug = proto.String(s.slug())
	case 3:
		update.Locale = proto.String(s.locale())
	case 4:
		update.Title = proto.String(s.title())
	case 5:
		update.Body = proto.String(fmt.Sprint("# ", s.rand.Uint64()))
	case 6:
		update.Key = &contentv1.TextPatch{Value: fmt.Sprint("key-", s.rand.IntN(4))}
	}
	_, err := s.pages.UpdatePage(s.ctx, update)
	return fmt.Sprintf("%s was changed by %v (%v)", which, update, err)
}

// Pages of content that are kept are those that would be made anew, whatever staff do; an event of theirs leaves no other page stale.
func TestKeptContentIsFresh(t *testing.T) {
	t.Parallel()
	s := openShelf(t)
	paths := []string{"/store/v1/pages", "/store/v1/pages?limit=1", "/store/v1/pages?locale=fr-BE", "/store/v1/pages?locale=de&limit=2", "/store/v1/pages?limit=1&page=2"}
	for i := range 3 {
		for _, query := range []string{"", "?locale=en", "?locale=de", "?locale=fr-BE"} {
			paths = append(paths, fmt.Sprint("/store/v1/pages/page-", i, query))
		}
	}
	hits := 0
	for step := range 60 {
		what := s.change()
		s.hear()
		for _, path := range paths {
			status, body, etag := get(s.kept, path)
			wantStatus, want, wantETag := get(s.fresh, path)
			if status != wantStatus || body != want || etag != wantETag {
				t.Fatalf("step %d: %s, and %s shows\n%d %s\nwant\n%d %s", step, what, path, status, body, wantStatus, want)
			}
			before := s.db.Statements()
			if again, _, _ := get(s.kept, path); again == http.StatusOK && s.db.Statements() == before {
				hits++
			}
		}
	}
	if hits == 0 {
		t.Error("nothing was kept")
	}
}

// TestStatementsOfContent counts what public reads cost the content room when nothing is cached: one statement for a page, two for
// a list, whatever there is.
func TestStatementsOfContent(t *testing.T) {
	t.Parallel()
	s := openShelf(t)
	for i := range 40 {
		for _, locale := range []string{"en", "de", "fr"} {
			must(s.pages.CreatePage(s.ctx, &contentv1.CreatePageRequest{
				Title: fmt.Sprint("Page ", i), Locale: locale, Body: "# Text", Key: proto.String(fmt.Sprint("key-", i)), Status: contentv1.PageStatus_PAGE_STATUS_PUBLISHED,
			}))(t)
		}
	}
	for path, most := range map[string]int64{
		"/pages/page-7": 1, "/pages/page-7?locale=fr-BE": 1, "/pages": 2, "/pages?limit=100&locale=de": 2, "/pages?page=2&limit=3": 2,
	} {
		path = "/store/v1" + path
		if status, body, _ := get(s.fresh, path); status != http.StatusOK { // the connection is told the shop
			t.Fatalf("%s: %d %s", path, status, body)
		}
		before := s.db.Statements()
		get(s.fresh, path)
		if n := s.db.Statements() - before; n != most {
			t.Errorf("%s takes %d statements, want %d", path, n, most)
		}
		get(s.kept, path)
		before = s.db.Statements()
		get(s.kept, path)
		if n := s.db.Statements() - before; n != 0 {
			t.Errorf("%s takes %d statements when it is kept", path, n)
		}
	}
}
