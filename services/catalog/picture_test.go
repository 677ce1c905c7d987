package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/catalog"
)

// linked is an asset as the gateway describes it to the catalogue.
func linked(a *mediav1.Asset) *catalogv1.ImageInput {
	return &catalogv1.ImageInput{Id: a.GetId(), Url: a.GetUrl(), Alt: a.GetAlt(), Alts: maps.Clone(a.GetAlts()), Width: a.GetWidth(), Height: a.GetHeight(), Blurhash: a.GetBlurhash(), Version: a.GetVersion()}
}

// mediaSays hands the room an event of an asset, as the bus does.
func (r room) mediaSays(t testing.TB, subject string, a *mediav1.Asset) {
	t.Helper()
	which := must(id.Parse(a.GetId()))(t)
	e := bus.Event{ID: id.New(), Subject: subject, Tenant: tenant.Default(), Aggregate: which, Sequence: a.GetVersion()}
	for _, c := range r.svc.Consumers() {
		if c.Name != "catalog-media" {
			continue
		}
		// The bus knows the shop and nobody who acts.
		prepared := must(c.Prepare(tenant.With(t.Context(), e.Tenant), e))(t)
		if err := r.db.Tx(r.ctx, func(ctx context.Context, tx *pg.Tx) error { return c.Handle(ctx, tx, e, prepared) }); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("nobody listens")
}

func (r room) edited(t testing.TB, a *mediav1.Asset) {
	t.Helper()
	a.Version++
	r.mediaSays(t, "evt.media.asset.updated", a)
}

// What is said of a picture is shown in the shopper's language wherever the picture is, and follows the media room.
func TestTextsOfPictures(t *testing.T) {
	t.Parallel()
	front := asset(strings.Repeat("a1", 32), "Front")
	front.Version, front.Alts = 1, map[string]string{"de": "Vorne", "fr": "Devant"}
	r := open(t).withPictures(t, front)
	revisionsMove(t, r.db)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)
	shows, others, own := r.create(t, shirt("Shows it", "S")), r.create(t, shirt("Does not", "S")), r.create(t, shirt("Has a text", "S"))
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: shows.GetId(), Images: []*catalogv1.ImageInput{linked(front)}}))(t)
	overridden := linked(front)
	overridden.Alt, overridden.OwnAlt = "Mine", true
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: own.GetId(), Images: []*catalogv1.ImageInput{overridden}}))(t)

	tells := func(when string, p *catalogv1.Product, want map[string]string) {
		t.Helper()
		for languages, text := range want {
			var locales []string
			if languages != "" {
				locales = strings.Split(languages, " ")
			}
			seen := map[string]*catalogv1.Image{
				"alone": r.inLocales(t, p.GetSlug(), locales...).GetImages()[0],
				"by id": must(r.GetStoreProducts(r.ctx, &catalogv1.GetStoreProductsRequest{Ids: []string{p.GetId()}, Locales: locales}))(t).GetProducts()[0].GetImages()[0],
				"in a cart": must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[0].GetId()}, Locales: locales}))(t).
					GetVariants()[0].GetImage(),
			}
			for _, one := range must(r.ListStoreProducts(r.ctx, &catalogv1.ListStoreProductsRequest{Locales: locales}))(t).GetProducts() {
				if one.GetId() == p.GetId() {
					seen["in a list"] = one.GetImages()[0]
				}
			}
			same(t, "places", len(seen), 4)
			for where, img := range seen {
				same(t, when+", in ["+languages+"], "+where, img.GetAlt(), text)
				if len(img.GetAlts()) > 0 || img.GetOwnAlt() {
					t.Errorf("shoppers see %v", img)
				}
			}
		}
	}
	tells("linked", shows, map[string]string{"": "Front", "de": "Vorne", "de-AT de": "Vorne", "it fr": "Devant", "it": "Front"})
	tells("linked with a text of its own", own, map[string]string{"": "Mine", "de": "Vorne", "it": "Mine"})

	front.Alt, front.Alts["it"], front.Blurhash, front.FocalPoint = "The front", "Davanti", "LEHV6nWB2yk8", &mediav1.FocalPoint{X: 0.1, Y: 0.9}
	delete(front.GetAlts(), "fr")
	before := r.read(t, others.GetId())
	r.edited(t, front)
	tells("edited", shows, map[string]string{"": "The front", "de": "Vorne", "it fr": "Davanti", "fr": "The front"})
	tells("edited", own, map[string]string{"": "Mine", "it": "Davanti", "fr": "Mine"})
	img := r.inLocales(t, shows.GetSlug()).GetImages()[0]
	same(t, "blurhash", img.GetBlurhash(), front.GetBlurhash())
	if f := img.GetFocalPoint(); f.GetX() < 0.0999 || f.GetX() > 0.1001 || f.GetY() < 0.8999 || f.GetY() > 0.9001 {
		t.Errorf("the focal point is %v", f)
	}
	// Those who show it are announced, so that pages and read models follow; nobody else is, and no version has moved on.
	news := bustest.Published(t, js, "evt.catalog.product.updated", 4) // two were linked
	for _, e := range news[2:] {
		if which := e.Aggregate.String(); which != shows.GetId() && which != own.GetId() {
			t.Errorf("announced %s", which)
		}
	}
	same(t, "the version of one that does not show it", r.read(t, others.GetId()).GetVersion(), before.GetVersion())
	same(t, "the version of one that does", r.read(t, shows.GetId()).GetVersion(), int64(2))

	// Again, and an edit that nobody sees, change nothing.
	r.mediaSays(t, "evt.media.asset.updated", front)
	front.Filename = "other.jpg"
	r.edited(t, front)
	same(t, "announced again", len(bustest.Published(t, js, "evt.catalog.product.updated", 4)), 4)
	r.mediaSays(t, "evt.media.asset.deleted", front)
}

// Whoever links a picture that he read before it was changed shows what is said of it now.
func TestPictureReadBeforeItsChange(t *testing.T) {
	t.Parallel()
	front := asset(strings.Repeat("a1", 32), "Old")
	front.Version = 1
	r := open(t).withPictures(t, front)
	read := linked(front)
	front.Alt, front.Alts = "New", map[string]string{"de": "Neu"}
	r.edited(t, front)
	req := shirt("Linked late", "S")
	req.Images = []*catalogv1.ImageInput{read}
	p := r.create(t, req)
	same(t, "made with it", r.inLocales(t, p.GetSlug(), "de").GetImages()[0].GetAlt(), "Neu")
	late := r.create(t, shirt("Later", "S"))
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: late.GetId(), Append: true, Images: []*catalogv1.ImageInput{read}}))(t)
	same(t, "added", r.inLocales(t, late.GetSlug()).GetImages()[0].GetAlt(), "New")
	read.Version, read.Alt = 9, "Newest"
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: late.GetId(), Images: []*catalogv1.ImageInput{read}}))(t)
	same(t, "read later than what is known here", r.inLocales(t, late.GetSlug()).GetImages()[0].GetAlt(), "Newest")
}

// Links and edits that meet leave every product with the newest text, in whatever order they come through.
func TestPictureLinkedWhileItChanges(t *testing.T) {
	t.Parallel()
	front := asset(strings.Repeat("a1", 32), "0")
	front.Version = 1
	r := open(t).withPictures(t, front)
	var products []*catalogv1.Product
	for i := range 20 {
		products = append(products, r.create(t, shirt(fmt.Sprint("Product ", i), "S")))
	}
	for i, p := range products {
		read := linked(front)
		front.Alt, front.Version = fmt.Sprint(i+1), front.GetVersion()+1
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{read}}); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() { r.mediaSays(t, "evt.media.asset.updated", front) })
		wg.Wait()
		for _, other := range products[:i+1] {
			same(t, "text of "+other.GetTitle(), r.inLocales(t, other.GetSlug()).GetImages()[0].GetAlt(), front.GetAlt())
		}
	}
}

// A picture may say more than a product has room for: it keeps its text in the shop's own language.
func TestPictureThatSaysTooMuch(t *testing.T) {
	t.Parallel()
	front := asset(strings.Repeat("a1", 32), "Front")
	front.Version = 1
	r := open(t).withPictures(t, front)
	req := shirt("Large", "S")
	texts := map[string]string{}
	for i := range 26 {
		texts["d"+string(rune('a'+i))] = strings.Repeat("y", 1000)
	}
	req.Images = []*catalogv1.ImageInput{linked(front)}
	for range 39 {
		other := picture("other")
		other.Alts = texts
		req.Images = append(req.Images, other)
	}
	p := r.create(t, req)
	front.Alt, front.Alts = "New", map[string]string{}
	for i := range 52 {
		front.Alts[string(rune('d'+i/26))+string(rune('a'+i%26))] = strings.Repeat("y", 1000)
	}
	r.edited(t, front)
	same(t, "text", r.inLocales(t, p.GetSlug(), "de").GetImages()[0].GetAlt(), "New")
}

// A link and a deletion that meet end with one of both: a picture that is shown, or one that is gone and not shown.
func TestLinkOrDelete(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	p := f.create(t, shirt("Pattern", "S"))
	variant := p.GetVariants()[0].GetId()
	links := map[string]func(media *catalogv1.ImageInput) error{
		"picture of a product": func(media *catalogv1.ImageInput) error {
			_, err := f.SetProductImages(f.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{media}})
			return err
		},
		"picture of a new product": func(media *catalogv1.ImageInput) error {
			req := shirt("New", "S")
			req.Images = []*catalogv1.ImageInput{media}
			_, err := f.CreateProduct(f.ctx, req)
			return err
		},
		"file of a variant": func(media *catalogv1.ImageInput) error {
			_, err := f.AddVariantFile(f.ctx, &catalogv1.AddVariantFileRequest{ProductId: p.GetId(), VariantId: variant, Name: "a.pdf", MediaId: new(media.GetId())})
			return err
		},
	}
	for name, link := range links {
		both := map[bool]int{}
		for range 60 {
			media := picture("p")
			var wg sync.WaitGroup
			var uses []*catalogv1.MediaUse
			var linking, retiring error
			wg.Go(func() { linking = link(media) })
			wg.Go(func() {
				var res *catalogv1.RetireMediaResponse
				res, retiring = f.RetireMedia(f.ctx, &catalogv1.RetireMediaRequest{MediaId: media.GetId(), AttemptId: id.New().String(), Limit: 5})
				uses = res.GetUses()
			})
			wg.Wait()
			if retiring != nil {
				t.Fatal(retiring)
			}
			isLinked, mayGo := linking == nil, len(uses) == 0
			if isLinked == mayGo {
				t.Fatalf("%s: linked %t (%v), may be deleted %t", name, isLinked, linking, mayGo)
			}
			if !isLinked && !errors.Is(linking, catalog.ErrMediaGone) {
				t.Fatal(linking)
			}
			found := must(f.ListMediaUses(f.ctx, &catalogv1.ListMediaUsesRequest{MediaId: media.GetId(), Limit: 5}))(t).GetUses()
			same(t, "used afterwards", len(found) > 0, isLinked)
			both[isLinked]++
		}
		t.Logf("%s: linked %d times, deleted %d times", name, both[true], both[false])
	}
}

// A deletion that is not carried out lets go of the asset, and one that nobody hears of any more does after a while.
func TestRestoredMedia(t *testing.T) {
	t.Parallel()
	r := open(t)
	p := r.create(t, shirt("Shirt", "S"))
	media := picture("p")
	retire := func() string {
		attempt := id.New().String()
		must(r.RetireMedia(r.ctx, &catalogv1.RetireMediaRequest{MediaId: media.GetId(), AttemptId: attempt, Limit: 5}))(t)
		return attempt
	}
	link := func(ctx context.Context) error {
		_, err := r.SetProductImages(ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{media}})
		return err
	}
	mine, theirs := retire(), retire()
	wants(t, "a picture that is being deleted", link(r.ctx), catalog.ErrMediaGone)
	same(t, "kind", fault.From(link(r.ctx)).Kind(), fault.KindConflict)
	restore := func(attempt string) {
		must(r.RestoreMedia(r.ctx, &catalogv1.RestoreMediaRequest{MediaId: media.GetId(), AttemptId: attempt}))(t)
	}
	restore(mine)
	wants(t, "another deletion is under way", link(r.ctx), catalog.ErrMediaGone)
	restore(theirs)
	must(0, link(r.ctx))(t)
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId()}))(t)
	retire()
	must(0, r.db.Write(r.ctx, func(w *pg.Writes) error {
		w.Exec("update retired_media set retired_at = retired_at - interval '11 minutes'")
		return nil
	}))(t)
	must(0, link(r.ctx))(t)

	// Another shop's deletion is nothing to this one.
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId()}))(t)
	must(r.RetireMedia(r.elsewhere(t), &catalogv1.RetireMediaRequest{MediaId: media.GetId(), AttemptId: id.New().String(), Limit: 5}))(t)
	must(0, link(r.ctx))(t)
}
