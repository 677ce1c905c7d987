package media

import (
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/kit/fault"
)

// formOverhead is room for a form's boundaries, headers and texts besides the picture.
const formOverhead = 64 << 10

// HTTP serves pictures and takes uploads:
//
//	POST     /media/uploads                       form with file and alt?   201 {"id", "url", …}
//	GET|HEAD /media/{tenant}/{sha256}.{extension}
//
// The context of an upload carries tenant and principal; who mounts the handler puts them there, after having verified
// the caller. Pictures are public.
func (s *Service) HTTP() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /media/uploads", s.upload)
	mux.HandleFunc("GET /media/{tenant}/{name}", func(w http.ResponseWriter, r *http.Request) {
		s.Serve(w, r, r.PathValue("tenant")+"/"+r.PathValue("name"))
	})
	return mux
}

// Serve answers GET and HEAD of the picture with the key "<tenant>/<sha256>.<extension>", ranges and conditions
// included. Whatever is no key is not found.
func (s *Service) Serve(w http.ResponseWriter, r *http.Request, picture string) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	k, ok := parseKey(picture)
	if !ok {
		writeFault(w, ErrNotFound)
		return
	}
	file, err := s.files.open(k)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer file.Close()
	contentType, _ := extensionType(k.extension)
	h.Set("Content-Type", contentType)
	h.Set("ETag", `"`+k.sha256+`"`)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // storefronts live at other addresses
	http.ServeContent(w, r, "", time.Time{}, file)
}

// upload streams the part called file into the storage.
func (s *Service) upload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBytes+formOverhead)
	form, err := r.MultipartReader()
	if err != nil {
		s.fail(w, r, ErrBadForm.WithCause(err))
		return
	}
	asset, err := s.readForm(r, form)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Location", asset.GetUrl())
	writeJSON(w, http.StatusCreated, map[string]any{"id": asset.GetId(), "url": asset.GetUrl(), "alt": asset.GetAlt(),
		"contentType": asset.GetContentType(), "filename": asset.GetFilename(), "sizeBytes": asset.GetSizeBytes(),
		"width": asset.GetWidth(), "height": asset.GetHeight(), "sha256": asset.GetSha256(), "version": asset.GetVersion()})
}

// readForm takes the parts in any order. The picture is stored once the whole form was read.
func (s *Service) readForm(r *http.Request, form *multipart.Reader) (*mediav1.Asset, error) {
	var p *picture
	var alt, filename string
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, formError(err)
		}
		switch name := part.FormName(); {
		case name == "alt":
			text, err := io.ReadAll(io.LimitReader(part, 4*maxAlt+1))
			if err != nil {
				return nil, formError(err)
			}
			alt = string(text)
		case name == "file" && p == nil:
			accepted, err := s.accept(r.Context(), part)
			if err != nil {
				return nil, err
			}
			defer s.files.discard(accepted.draft) //nolint:gocritic,revive // at most once: p is set then
			p, filename = &accepted, part.FileName()
		default:
			return nil, ErrBadForm.WithMessage("The form has a part that is not expected.").
				WithField(name, "unknown", "There is no such field, or it was sent twice.")
		}
	}
	if p == nil {
		return nil, ErrNoFile
	}
	return s.keep(r.Context(), *p, filename, alt)
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
	if f.Kind() == fault.KindInternal {
		s.log.ErrorContext(r.Context(), "media request failed", "path", r.URL.Path, "error", err)
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
	writeJSON(w, f.Kind().HTTPStatus(), map[string]any{
		"error": map[string]any{"code": f.Code(), "message": f.Message(), "details": details},
	})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	var text strings.Builder
	_ = json.NewEncoder(&text).Encode(body) // strings and numbers only
	_, _ = io.WriteString(w, text.String())
}
