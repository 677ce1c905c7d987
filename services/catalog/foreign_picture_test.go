package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/catalog"
)

func (g gallery) FindFetchedAssets(context.Context, *mediav1.FindFetchedAssetsRequest) (*mediav1.FindFetchedAssetsResponse, error) {
	return &mediav1.FindFetchedAssetsResponse{}, nil
}

// world plays the media room, and through it the addresses of the world.
type world struct {
	mediav1connect.MediaServiceHandler

	mu      sync.Mutex
	fetched map[string]*mediav1.Asset
	asked   map[string]int
	fail    map[string]error // until it is taken away
}

var (
	errNoPicture = fault.Invalid("media.fetch_failed", "The address of the picture answered 404.")
	errAway      = fault.Unavailable("media.fetch_unavailable", "The address does not answer.")
)

func (w *world) FetchAsset(_ context.Context, req *mediav1.FetchAssetRequest) (*mediav1.FetchAssetResponse, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.fetched[req.GetUrl()]; a != nil {
		return &mediav1.FetchAssetResponse{Asset: a}, nil
	}
	w.asked[req.GetUrl()]++
	if err := w.fail[req.GetUrl()]; err != nil {
		return nil, err
	}
	sum := strings.Repeat(fmt.Sprintf("%02x", len(w.fetched)), 32)
	a := asset(sum, req.GetAlt())
	w.fetched[req.GetUrl()] = a
	return &mediav1.FetchAssetResponse{Asset: a}, nil
}

func (w *world) FindFetchedAssets(_ context.Context, req *mediav1.FindFetchedAssetsRequest) (*mediav1.FindFetchedAssetsResponse, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	res := &mediav1.FindFetchedAssetsResponse{}
	for _, u := range req.GetUrls() {
		if a := w.fetched[u]; a != nil {
			res.Assets = append(res.Assets, &mediav1.FetchedAsset{Url: u, Asset: a})
		}
	}
	return res, nil
}

func (w *world) ListAssets(context.Context, *mediav1.ListAssetsRequest) (*mediav1.ListAssetsResponse, error) {
	return &mediav1.ListAssetsResponse{}, nil
}

func (w *world) set(url string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail[url] = err
}

func (w *world) times(url string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[url]
}

// importer is the catalogue in a world with pictures, and with a clock of the test's own.
type importer struct {
	room
	*world

	clock *clock
	media mediav1connect.MediaServiceClient
}

func openImporter(t *testing.T) importer {
	t.Helper()
	i := importer{room: open(t), world: &world{fetched: map[string]*mediav1.Asset{}, asked: map[string]int{}, fail: map[string]error{}}, clock: &clock{}}
	i.clock.day(0)
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	mediav1connect.RegisterMediaServiceHandler(server, i.world)
	i.media = mediav1connect.NewMediaServiceClient(must(rpc.NewClient(door.Memory(server), deps))(t))
	i.svc = i.process(t, nil)
	return i
}

func (i importer) process(t *testing.T, interrupt func(context.Context, string) error) *catalog.Service {
	t.Helper()
	return must(catalog.New(catalog.DefaultConfig(), catalog.Deps{
		DB: i.db.DB, Logger: slog.New(slog.DiscardHandler), Now: i.clock.Now, Media: i.media, Interrupt: interrupt,
	}))(t)
}

// fetch fetches all that is due.
func (i importer) fetch(t *testing.T) (n int) {
	t.Helper()
	for must(i.svc.FetchPicture(i.ctx))(t) {
		n++
	}
	return n
}

func (i importer) shown(t *testing.T, slug string) (urls []string) {
	t.Helper()
	for _, img := range i.bySlug(t, slug).GetImages() {
		for url, a := range i.fetched {
			if a.GetId() == img.GetId() {
				urls = append(urls, url)
			}
		}
	}
	return urls
}

func (i importer) pictures(t *testing.T, job, status string) []*catalogv1.JobPicture {
	t.Helper()
	return must(i.jobs.ListJobPictures(i.ctx, &catalogv1.ListJobPicturesRequest{Id: job, Status: status}))(t).GetPictures()
}

func (i importer) counted(t *testing.T, job string, total, done, failed int64) {
	t.Helper()
	p := i.job(t, job).GetPictures()
	if p.GetTotal() != total || p.GetDone() != done || p.GetFailed() != failed {
		t.Errorf("the report counts %v, want %d, %d there and %d not", p, total, done, failed)
	}
}

const (
	pictureA = "https://cdn.example/a.jpg"
	pictureB = "https://cdn.example/b.jpg?v=2"
	pictureC = "https://cdn.example/media/c.jpg"
	pictures = "product_slug,title,variant_sku,price,image_urls\n" +
		"tee,Tee,T,1," + pictureA + "|" + pictureB + "|" + pictureC + "\n" +
		"mug,Mug,M,1," + pictureB + "|not a picture|ftp://x/y\n"
)

func TestPicturesFollow(t *testing.T) {
	t.Parallel()
	i := openImporter(t)
	j := i.load(t, csv, pictures)
	counts(t, j, isDone, 2, 0, 0, 0) // at once, and nobody was asked
	same(t, "asked before", i.times(pictureA), 0)
	same(t, "shown before", len(i.shown(t, "tee")), 0)
	i.counted(t, j.GetId(), 6, 0, 2)
	same(t, "waiting", len(i.pictures(t, j.GetId(), "waiting")), 4)
	for n, lost := range i.pictures(t, j.GetId(), "failed") { // nothing is lost without a word
		same(t, "what is no picture", lost.GetUrl(), []string{"not a picture", "ftp://x/y"}[n])
		same(t, "why", lost.GetCode(), catalog.ErrPictureUnknown.Code())
		same(t, "row", lost.GetRow(), 3)
	}

	same(t, "tries", i.fetch(t), 4)
	if got := i.shown(t, "tee"); !slices.Equal(got, []string{pictureA, pictureB, pictureC}) {
		t.Errorf("the shirt shows %v", got)
	}
	if got := i.shown(t, "mug"); !slices.Equal(got, []string{pictureB}) {
		t.Errorf("the mug shows %v", got)
	}
	same(t, "one address is asked once", i.times(pictureB), 1)
	i.counted(t, j.GetId(), 6, 4, 2)
	i.documents(t, "pictures that followed")

	// The same file again finds all there: nothing is fetched, nothing changes.
	again := i.load(t, csv, pictures)
	counts(t, again, isDone, 0, 0, 2, 0)
	i.counted(t, again.GetId(), 2, 0, 2)
	same(t, "nothing to fetch", i.fetch(t), 0)

	// A dry run asks for nothing either.
	dry := i.send(t, i.ctx, &catalogv1.CreateImportRequest{Format: csv, DryRun: true}, strings.NewReader("product_slug,title,variant_sku,price,image_urls\nnew,New,N,1,https://cdn.example/new.jpg\n"))
	i.work(t)
	i.counted(t, dry.GetId(), 0, 0, 0)

	// Another shop is told nothing.
	_, err := i.jobs.ListJobPictures(i.elsewhere(t), &catalogv1.ListJobPicturesRequest{Id: j.GetId()})
	wants(t, "another shop", err, catalog.ErrJobNotFound)
}

func TestPicturesThatFail(t *testing.T) {
	t.Parallel()
	i := openImporter(t)
	i.set(pictureA, errNoPicture)
	i.set(pictureB, errAway)
	j := i.load(t, csv, "product_slug,title,variant_sku,price,image_urls\ntee,Tee,T,1,"+pictureA+"|"+pictureB+"|"+pictureC+"\n")
	counts(t, j, isDone, 1, 0, 0, 0)
	same(t, "tries", i.fetch(t), 3)
	i.counted(t, j.GetId(), 3, 1, 1)
	failed := i.pictures(t, j.GetId(), "failed")
	if len(failed) != 1 || failed[0].GetUrl() != pictureA || failed[0].GetRow() != 2 || failed[0].GetCode() != "media.fetch_failed" || failed[0].GetAttempts() != 1 {
		t.Errorf("failed are %v", failed)
	}
	waiting := i.pictures(t, j.GetId(), "waiting")
	if len(waiting) != 1 || waiting[0].GetUrl() != pictureB || waiting[0].GetCode() != "media.fetch_unavailable" {
		t.Errorf("waiting are %v", waiting)
	}
	same(t, "nothing is due yet", i.fetch(t), 0)
	i.clock.day(1)
	i.set(pictureB, nil)
	same(t, "later", i.fetch(t), 1)
	i.counted(t, j.GetId(), 3, 2, 1)
	if got := i.shown(t, "tee"); !slices.Equal(got, []string{pictureC, pictureB}) && !slices.Equal(got, []string{pictureB, pictureC}) {
		t.Errorf("shown are %v", got)
	}

	// One that never answers is given up.
	i.set(pictureA, errAway)
	again := i.load(t, csv, "product_slug,title,variant_sku,price,image_urls\ntee,Tee,T,1,"+pictureA+"\n")
	tries := 0
	for day := 2; day < 30; day++ {
		i.clock.day(day)
		tries += i.fetch(t)
	}
	same(t, "tries of one that never answers", tries, 6)
	i.counted(t, again.GetId(), 1, 0, 1)

	// A product that goes takes its pictures along.
	i.set(pictureA, nil)
	gone := i.load(t, csv, "product_slug,title,variant_sku,price,image_urls\ngone,Gone,G,1,https://cdn.example/gone.jpg\n")
	must(i.DeleteProduct(i.ctx, &catalogv1.DeleteProductRequest{Id: i.bySlug(t, "gone").GetId()}))(t)
	same(t, "nobody waits", i.fetch(t), 0)
	same(t, "nobody was asked", i.times("https://cdn.example/gone.jpg"), 0)
	same(t, "its pictures", len(i.pictures(t, gone.GetId(), "")), 0)
}

// Whoever dies with a picture in work leaves it to another process, and many at once show each picture once.
func TestPicturesOfManyProcesses(t *testing.T) {
	t.Parallel()
	i := openImporter(t)
	j := i.load(t, csv, pictures)
	dead := errors.New("power cut")
	cut := i.process(t, func(context.Context, string) error { return dead })
	if _, err := cut.FetchPicture(i.ctx); !errors.Is(err, dead) {
		t.Fatalf("got %v", err)
	}
	var all sync.WaitGroup
	for range 4 {
		other := i.process(t, nil)
		all.Go(func() {
			for {
				if did, err := other.FetchPicture(i.ctx); err != nil || !did {
					if err != nil {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	all.Wait()
	i.counted(t, j.GetId(), 6, 3, 2)
	i.clock.day(1) // the lease of the dead has run out
	same(t, "left behind", i.fetch(t), 1)
	i.counted(t, j.GetId(), 6, 4, 2)
	got := i.shown(t, "tee")
	slices.Sort(got)
	if want := []string{pictureA, pictureB, pictureC}; !slices.Equal(got, want) {
		t.Errorf("the shirt shows %v, want %v", got, want)
	}
	i.documents(t, "many processes")
}
