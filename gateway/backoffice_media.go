package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/rendition"
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

// upload takes a picture in.
func upload(g *Gateway, c *call, w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > maxUpload+maxBody {
		g.problem(r, errUploadTooLarge).write(w)
		return
	}
	g.takeIn(c, w, r, "/media/uploads")
}

// uploadFile takes a private file in, whose size the media room limits.
func uploadFile(g *Gateway, c *call, w http.ResponseWriter, r *http.Request) {
	g.takeIn(c, w, r, "/media/files")
}

// takeIn hands the form through to the media room, and answers with the description of what it has stored. The bytes
// pass by and are not kept here.
func (g *Gateway) takeIn(c *call, w http.ResponseWriter, r *http.Request, path string) {
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath, inner.URL.RawQuery = path, "", ""
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
	q := in.Query
	paging, err := in.paging(q.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Media]{}, err
	}
	answer, err := in.deps.MediaRPC.ListAssets(ctx, &mediav1.ListAssetsRequest{
		Page: paging, Q: q.Q, Folder: q.Folder, Label: q.Label, Private: q.Private.Ptr(),
		Rendering: mediav1.RenderingStatus(mediav1.RenderingStatus_value["RENDERING_STATUS_"+strings.ToUpper(q.Rendering)]),
	})
	if err != nil {
		return adminv1.List[adminv1.Media]{}, err
	}
	return adminv1.List[adminv1.Media]{Data: each(answer.GetAssets(), describeAsset), Meta: in.meta(q.PageQuery, answer.GetPage())}, nil
}

func getMedia(ctx context.Context, in *in[none, none]) (mediaAnswer, error) {
	answer, err := in.deps.MediaRPC.GetAsset(ctx, &mediav1.GetAssetRequest{Id: in.path("id")})
	return in.media(answer.GetAsset(), err)
}

func (c *call) media(a *mediav1.Asset, err error) (mediaAnswer, error) {
	if err != nil {
		return mediaAnswer{}, err
	}
	c.version(a.GetVersion())
	return mediaAnswer{Data: describeAsset(a)}, nil
}

func fetchMedia(ctx context.Context, in *in[none, adminv1.FetchMedia]) (mediaAnswer, error) {
	answer, err := in.deps.MediaRPC.FetchAsset(ctx, &mediav1.FetchAssetRequest{Url: in.Body.URL, Alt: in.Body.Alt, Folder: in.Body.Folder, Labels: in.Body.Labels})
	if err == nil {
		in.created("media", answer.GetAsset().GetId())
	}
	return in.media(answer.GetAsset(), err)
}

func updateMedia(ctx context.Context, in *in[none, adminv1.UpdateMedia]) (mediaAnswer, error) {
	b := in.Body
	request := &mediav1.UpdateAssetRequest{
		Id: in.path("id"), IfVersion: in.ifVersion, Alt: emptied(b.Alt), Folder: emptied(b.Folder), Filename: b.Filename.Ptr(),
		SetLabels: !b.Labels.IsZero(), Labels: b.Labels.Value, ClearFocalPoint: b.FocalPoint.IsNull(),
	}
	if point := b.FocalPoint.Ptr(); point != nil {
		request.FocalPoint = &mediav1.FocalPoint{X: point.X, Y: point.Y}
	}
	for locale, text := range b.Alts {
		if request.Alts == nil {
			request.Alts = map[string]string{}
		}
		request.Alts[locale] = ""
		if text != nil {
			request.Alts[locale] = *text
		}
	}
	answer, err := in.deps.MediaRPC.UpdateAsset(ctx, request)
	return in.media(answer.GetAsset(), err)
}

// emptied is the text to set: null empties it.
func emptied(o adminv1.Optional[string]) *string {
	if o.IsZero() {
		return nil
	}
	return &o.Value
}

func deleteMedia(ctx context.Context, in *in[none, none]) (none, error) {
	_, err := in.deps.MediaRPC.DeleteAsset(ctx, &mediav1.DeleteAssetRequest{Id: in.path("id"), IfVersion: in.ifVersion})
	return none{}, err
}

func renderMedia(ctx context.Context, in *in[none, none]) (mediaAnswer, error) {
	answer, err := in.deps.MediaRPC.RenderAsset(ctx, &mediav1.RenderAssetRequest{Id: in.path("id")})
	return in.media(answer.GetAsset(), err)
}

func listMediaUses(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.MediaUses], error) {
	answer, err := in.deps.MediaRPC.ListAssetUses(ctx, &mediav1.ListAssetUsesRequest{Id: in.path("id")})
	if err != nil {
		return adminv1.Envelope[adminv1.MediaUses]{}, err
	}
	uses := each(answer.GetUses(), func(u *mediav1.AssetUse) adminv1.MediaUse {
		return adminv1.MediaUse{Kind: u.GetKind(), ProductID: u.GetProductId(), VariantID: textPtr(u.GetVariantId()), Title: u.GetTitle()}
	})
	return adminv1.Envelope[adminv1.MediaUses]{Data: adminv1.MediaUses{Uses: uses, More: answer.GetMore()}}, nil
}

func listMediaFolders(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.MediaFolders], error) {
	answer, err := in.deps.MediaRPC.ListMediaFolders(ctx, &mediav1.ListMediaFoldersRequest{})
	if err != nil {
		return adminv1.Envelope[adminv1.MediaFolders]{}, err
	}
	folder := func(f *mediav1.MediaFolder) adminv1.MediaFolder {
		return adminv1.MediaFolder{Name: f.GetName(), Assets: int(f.GetAssets())}
	}
	return adminv1.Envelope[adminv1.MediaFolders]{Data: adminv1.MediaFolders{Folders: each(answer.GetFolders(), folder), Labels: each(answer.GetLabels(), folder)}}, nil
}

func createUpload(ctx context.Context, in *in[none, adminv1.CreateUpload]) (adminv1.Envelope[adminv1.Upload], error) {
	b := in.Body
	answer, err := in.deps.MediaRPC.CreateUpload(ctx, &mediav1.CreateUploadRequest{
		Filename: b.Filename, ContentType: b.ContentType, SizeBytes: b.SizeBytes, Sha256: b.SHA256, Private: b.Private, Alt: b.Alt, Folder: b.Folder, Labels: b.Labels,
	})
	if err != nil {
		return adminv1.Envelope[adminv1.Upload]{}, err
	}
	in.created("media", "uploads", answer.GetId())
	return adminv1.Envelope[adminv1.Upload]{Data: adminv1.Upload{
		ID: answer.GetId(), Method: answer.GetMethod(), URL: answer.GetUrl(), Headers: options(answer.GetHeaders()), ExpiresAt: at(answer.GetExpiresAt()),
	}}, nil
}

func completeUpload(ctx context.Context, in *in[none, none]) (mediaAnswer, error) {
	answer, err := in.deps.MediaRPC.CompleteUpload(ctx, &mediav1.CompleteUploadRequest{Id: in.path("uploadId")})
	if err == nil {
		in.created("media", answer.GetAsset().GetId())
	}
	return in.media(answer.GetAsset(), err)
}

func mediaDownloadURL(ctx context.Context, in *in[none, none]) (adminv1.Envelope[adminv1.DownloadURL], error) {
	answer, err := in.deps.MediaRPC.CreateDownload(ctx, &mediav1.CreateDownloadRequest{Id: in.path("id")})
	if err != nil {
		return adminv1.Envelope[adminv1.DownloadURL]{}, err
	}
	return adminv1.Envelope[adminv1.DownloadURL]{Data: adminv1.DownloadURL{URL: answer.GetUrl(), ExpiresAt: at(answer.GetExpiresAt())}}, nil
}

func describeAsset(a *mediav1.Asset) adminv1.Media {
	out := adminv1.Media{
		ID: a.GetId(), URL: a.GetUrl(), Private: a.GetPrivate(), Alt: a.GetAlt(), Alts: options(a.GetAlts()), ContentType: a.GetContentType(), Filename: a.GetFilename(),
		SizeBytes: a.GetSizeBytes(), Width: int(a.GetWidth()), Height: int(a.GetHeight()), Animated: a.GetAnimated(), Blurhash: textPtr(a.GetBlurhash()),
		Folder: textPtr(a.GetFolder()), Labels: append([]string{}, a.GetLabels()...), SHA256: a.GetSha256(),
		Renditions: renditions(rendition.Of(a.GetUrl(), int(a.GetWidth()))),
		Version:    a.GetVersion(), CreatedAt: at(a.GetCreatedAt()), UpdatedAt: at(a.GetUpdatedAt()),
	}
	if p := a.GetFocalPoint(); p != nil {
		out.FocalPoint = &adminv1.FocalPoint{X: p.GetX(), Y: p.GetY()}
	}
	if r := a.GetRendering(); r != nil {
		out.Rendering = &adminv1.Rendering{Status: wireName(r.GetStatus(), "RENDERING_STATUS_"), Done: int(r.GetDone()), Total: int(r.GetTotal()), Failure: textPtr(r.GetFailure())}
	}
	return out
}
