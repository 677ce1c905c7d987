package media

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rendition"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/media/picture"
)

// formOverhead is room for a form's boundaries, headers and texts besides the file.
const formOverhead = 256 << 10

// HTTP serves pictures and files, and takes uploads:
//
//	POST     /media/uploads                               form with a picture, see readForm          201 {"id", …}
//	POST     /media/files                                 the same with a private file of any kind   201 {"id", …}
//	PUT      /media/incoming/{tenant}/{upload}            signed                                     204
//	GET|HEAD /media/private/{tenant}/{asset}/{filename}   signed
//	GET|HEAD /media/{tenant}/{sha256}.{extension}
//	GET|HEAD /media/{tenant}/{sha256}/{width}.{extension}
//
// The context of an upload carries tenant and principal; who mounts the handler puts them there, after having verified
// the caller. Pictures are public, and whoever has a signed address may use it.
func (s *Service) HTTP() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /media/uploads", func(w http.ResponseWriter, r *http.Request) { s.upload(w, r, false) })
	mux.HandleFunc("POST /media/files", func(w http.ResponseWriter, r *http.Request) { s.upload(w, r, true) })
	mux.HandleFunc("PUT /media/incoming/{tenant}/{upload}", s.incoming)
	mux.HandleFunc("GET /media/private/{tenant}/{asset}/{filename}", s.private)
	mux.HandleFunc("GET /media/{picture...}", func(w http.ResponseWriter, r *http.Request) { s.Serve(w, r, r.PathValue("picture")) })
	return mux
}

const (
	immutable = "public, max-age=31536000, immutable"
	// soon is how long a picture is kept that stands in for a rendition that is not there yet.
	soon = "public, max-age=30"
	// waitForRendition is how long somebody who asks for a rendition waits for it to be made.
	waitForRendition = 8 * time.Second
)

// Serve answers GET and HEAD of the picture with a key, ranges and conditions included: "<tenant>/<sha256>.<extension>", or
// "<tenant>/<sha256>/<width>.<extension>" for a rendition. One that is not there yet is made while the caller waits; when
// that takes too long, the picture itself is answered, to be kept for a moment only. Whatever is no key is not found.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, name string) {
	k, ok := parseKey(name)
	if !ok {
		s.fail(w, r, ErrNotFound)
		return
	}
	ctx := tenant.With(r.Context(), k.tenant) // what is public needs nobody's leave
	file, err := s.storage.open(ctx, k.name())
	keep := immutable
	if gone(err) && k.width > 0 {
		file, keep, err = s.made(ctx, &k)
	}
	if gone(err) {
		err = ErrNotFound
	}
	if err != nil {
		s.fail(w, r, unavailable(err))
		return
	}
	defer file.Close()
	h := publicHeaders(w)
	contentType, _ := picture.ContentType(k.extension)
	h.Set("Content-Type", contentType)
	h.Set("ETag", k.etag())
	h.Set("Cache-Control", keep)
	http.ServeContent(w, r, "", time.Time{}, file)
}

// etag is the same wherever and whenever the bytes are asked for.
func (k key) etag() string {
	if k.width == 0 {
		return `"` + k.sha256 + `"`
	}
	return `"` + k.sha256 + "-" + strconv.Itoa(k.width) + "-" + k.extension + `"`
}

func publicHeaders(w http.ResponseWriter) http.Header {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // storefronts live at other addresses
	return h
}

// made makes one rendition, or falls back to the picture itself; k says which it is then.
func (s *Service) made(ctx context.Context, k *key) (object, string, error) {
	a, err := s.store.picture(ctx, k.sha256)
	if err != nil {
		return nil, "", err
	}
	format := ""
	for _, f := range rendition.Formats() {
		if *k == a.key().rendition(k.width, f) {
			format = f
		}
	}
	if format == "" || !oneOf(k.width, rendition.Widths(a.width)) {
		return nil, "", ErrNotFound
	}
	select {
	case s.demand <- struct{}{}:
		defer func() { <-s.demand }()
	default:
		return s.instead(ctx, k, a)
	}
	// It is made to its end even if nobody waits any more: the next one will ask for it again.
	work := context.WithoutCancel(ctx)
	result := s.rendering.DoChan(k.String(), func() (any, error) {
		return nil, s.render(work, s.prompt, a, []int{k.width}, []string{format}, func() error {
			// It may have been deleted meanwhile.
			return s.removeBytes(work, found{tenant: a.tenant, sha256: a.sha256})
		})
	})
	timer := time.NewTimer(s.wait)
	defer timer.Stop()
	select {
	case r := <-result:
		if r.Err == nil {
			file, err := s.storage.open(ctx, k.name())
			return file, immutable, err
		}
		s.log.WarnContext(ctx, "a rendition was not made", "picture", k.String(), "error", r.Err)
	case <-timer.C:
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
	return s.instead(ctx, k, a)
}

// instead answers the picture itself.
func (s *Service) instead(ctx context.Context, k *key, a asset) (object, string, error) {
	*k = a.key()
	file, err := s.storage.open(ctx, k.name())
	return file, soon, err
}

func oneOf(n int, all []int) bool {
	for _, other := range all {
		if n == other {
			return true
		}
	}
	return false
}

// private serves the bytes of an asset under a signed address, to be saved.
func (s *Service) private(w http.ResponseWriter, r *http.Request) {
	owner, err1 := id.Parse(r.PathValue("tenant"))
	asset, err2 := id.Parse(r.PathValue("asset"))
	if err1 != nil || err2 != nil {
		s.fail(w, r, ErrNotFound)
		return
	}
	// Who may get may also ask for the headers.
	if err := s.checkAddress(r.Context(), owner, http.MethodGet, downloadPath(owner, asset, r.PathValue("filename")), r.URL.Query()); err != nil {
		s.fail(w, r, err)
		return
	}
	ctx := tenant.With(r.Context(), owner)
	a, err := s.store.get(ctx, asset)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	file, err := s.storage.open(ctx, a.object())
	if err != nil {
		if gone(err) {
			err = ErrNotFound
		}
		s.fail(w, r, unavailable(err))
		return
	}
	defer file.Close()
	h := publicHeaders(w)
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": r.PathValue("filename")})) // signed with the rest
	h.Set("ETag", `"`+a.sha256+`"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	http.ServeContent(w, r, "", time.Time{}, file)
}

// incoming takes the bytes of an upload under a signed address.
func (s *Service) incoming(w http.ResponseWriter, r *http.Request) {
	owner, err1 := id.Parse(r.PathValue("tenant"))
	upload, err2 := id.Parse(r.PathValue("upload"))
	if err1 != nil || err2 != nil {
		s.fail(w, r, ErrNotFound)
		return
	}
	if err := s.checkAddress(r.Context(), owner, http.MethodPut, incomingPath(owner, upload), r.URL.Query()); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.send(tenant.With(r.Context(), owner), upload, r); err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// upload streams the part called file into the storage.
func (s *Service) upload(w http.ResponseWriter, r *http.Request, private bool) {
	r.Body = http.MaxBytesReader(w, r.Body, s.limit(private)+formOverhead)
	form, err := r.MultipartReader()
	if err != nil {
		s.fail(w, r, ErrBadForm.WithCause(err))
		return
	}
	made, err := s.readForm(r.Context(), form, private)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"id": made.id.String()})
}

// readForm takes the parts in any order: file, and once each alt, folder and filename, and label as often as there are
// labels. The file is stored once the whole form was read.
func (s *Service) readForm(ctx context.Context, form *multipart.Reader, private bool) (asset, error) {
	said := Sent{Private: private}
	texts := map[string]*string{"alt": &said.Alt, "folder": &said.Folder, "filename": &said.Filename}
	var d *draft
	name := ""
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return asset{}, formError(err)
		}
		field := part.FormName()
		text, isText := texts[field]
		switch {
		case isText || field == "label":
			value, err := io.ReadAll(io.LimitReader(part, 4*maxAlt+1))
			if err != nil {
				return asset{}, formError(err)
			}
			if isText {
				*text = string(value)
				delete(texts, field)
			} else {
				said.Labels = append(said.Labels, string(value))
			}
		case field == "file" && d == nil:
			received, err := s.receive(ctx, private, part)
			if err != nil {
				return asset{}, err
			}
			defer received.discard() //nolint:gocritic,revive // at most once: d is set then
			d, name = &received, part.FileName()
		default:
			return asset{}, ErrBadForm.WithMessage("The form has a part that is not expected.").
				WithField(field, "unknown", "There is no such field, or it was sent twice.")
		}
	}
	if d == nil {
		return asset{}, ErrNoFile
	}
	if said.Filename == "" {
		said.Filename = name
	}
	return s.takeIn(ctx, said, *d)
}

func formError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return ErrTooLarge
	}
	return ErrBadForm.WithCause(err)
}

func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	switch {
	case r.Context().Err() != nil:
	case f.Kind() == fault.KindInternal:
		s.log.ErrorContext(r.Context(), "media request failed", "path", r.URL.Path, "error", err)
	case f.Kind() == fault.KindUnavailable:
		s.log.WarnContext(r.Context(), "media request cannot be served", "path", r.URL.Path, "error", err)
	}
	writeFault(w, f)
}

// writeFault answers in the shape of the public contract.
func writeFault(w http.ResponseWriter, f *fault.Fault) {
	details := []map[string]any{}
	for _, field := range f.Fields() {
		details = append(details, map[string]any{"field": field.Field, "code": field.Code, "message": field.Message})
	}
	details = append(details, f.Objects()...)
	if after := f.RetryAfter(); after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((after+time.Second-1)/time.Second)))
	}
	writeJSON(w, f.Kind().HTTPStatus(), map[string]any{
		"error": map[string]any{"code": f.Code(), "message": f.Message(), "details": details},
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	var text strings.Builder
	_ = json.NewEncoder(&text).Encode(body) // strings and numbers only
	_, _ = io.WriteString(w, text.String())
}
