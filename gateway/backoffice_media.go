package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

type mediaAnswer = adminv1.Envelope[adminv1.Media]

func fieldAt(list string, i int, name string) string {
	if list == "" {
		return name
	}
	return list + "[" + strconv.Itoa(i) + "]." + name
}

// picture hands a public picture's bytes through.
func (g *Gateway) picture(w http.ResponseWriter, r *http.Request) { g.deps.Media.ServeHTTP(w, r) }

// upload hands the form through to the media room, and answers with the description of what it has stored. The bytes
// pass by and are not kept here.
func upload(g *Gateway, c *call, w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > maxUpload+maxBody {
		g.problem(r, errUploadTooLarge).write(w)
		return
	}
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath, inner.URL.RawQuery = "/media/uploads", "", ""
	stored := &recorder{header: http.Header{}, status: http.StatusOK}
	g.deps.Media.ServeHTTP(stored, inner)
	if stored.status != http.StatusCreated {
		answer{status: stored.status, header: keep(stored.header, "Content-Type", "Retry-After"), body: stored.body}.write(w)
		return
	}
	var made struct {
		ID string `json:"id"`
	}
	err := json.Unmarshal(stored.body, &made)
	var asset *mediav1.GetAssetResponse
	if err == nil {
		asset, err = g.deps.MediaRPC.GetAsset(r.Context(), &mediav1.GetAssetRequest{Id: made.ID})
	}
	if err != nil {
		g.problem(r, err).write(w)
		return
	}
	c.created("media", made.ID)
	c.version(asset.GetAsset().GetVersion())
	c.header.Set("Cache-Control", "no-store")
	answer{status: http.StatusCreated, header: c.header, body: encode(mediaAnswer{Data: describeAsset(asset.GetAsset())})}.write(w)
}

// recorder keeps a small answer of another handler.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) { r.status = status }

func (r *recorder) Write(p []byte) (int, error) {
	r.body = append(r.body, p...)
	return len(p), nil
}

func keep(h http.Header, names ...string) http.Header {
	out := http.Header{}
	for _, name := range names {
		if v := h.Get(name); v != "" {
			out.Set(name, v)
		}
	}
	return out
}

func listMedia(ctx context.Context, in *in[adminv1.MediaQuery, none]) (adminv1.List[adminv1.Media], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Media]{}, err
	}
	answer, err := in.deps.MediaRPC.ListAssets(ctx, &mediav1.ListAssetsRequest{Page: paging, Q: in.Query.Q})
	if err != nil {
		return adminv1.List[adminv1.Media]{}, err
	}
	return adminv1.List[adminv1.Media]{Data: each(answer.GetAssets(), describeAsset), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func getMedia(ctx context.Context, in *in[none, none]) (mediaAnswer, error) {
	answer, err := in.deps.MediaRPC.GetAsset(ctx, &mediav1.GetAssetRequest{Id: in.path("id")})
	if err != nil {
		return mediaAnswer{}, err
	}
	in.version(answer.GetAsset().GetVersion())
	return mediaAnswer{Data: describeAsset(answer.GetAsset())}, nil
}

func updateMedia(ctx context.Context, in *in[none, adminv1.UpdateMedia]) (mediaAnswer, error) {
	request := &mediav1.UpdateAssetRequest{Id: in.path("id"), IfVersion: in.ifVersion}
	if !in.Body.Alt.IsZero() {
		alt := in.Body.Alt.Value // null clears it
		request.Alt = &alt
	}
	answer, err := in.deps.MediaRPC.UpdateAsset(ctx, request)
	if err != nil {
		return mediaAnswer{}, err
	}
	in.version(answer.GetAsset().GetVersion())
	return mediaAnswer{Data: describeAsset(answer.GetAsset())}, nil
}

func deleteMedia(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.MediaRPC.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func describeAsset(a *mediav1.Asset) adminv1.Media {
	return adminv1.Media{
		ID: a.GetId(), URL: a.GetUrl(), Alt: a.GetAlt(), ContentType: a.GetContentType(), Filename: a.GetFilename(), SizeBytes: a.GetSizeBytes(),
		Width: int(a.GetWidth()), Height: int(a.GetHeight()), SHA256: a.GetSha256(), Version: a.GetVersion(), CreatedAt: at(a.GetCreatedAt()), UpdatedAt: at(a.GetUpdatedAt()),
	}
}
