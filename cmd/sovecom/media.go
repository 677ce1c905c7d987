package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
	"github.com/sovecom/sovecom/services/media"
)

// The bytes of pictures never cross the mesh. In one process the gateway hands them to the media room's handler; across
// processes it forwards them over HTTP, with who is asking in a signed header. The media room tells its address on
// request.

const (
	mediaSubject   = "mesh.media.url"
	internalHeader = "Sov-Internal"
	internalTTL    = time.Minute
)

// mediaDoor is what the gateway is given.
func (p *process) mediaDoor() (http.Handler, error) {
	if p.target != targetAll && p.target != "gateway" {
		return nil, nil //nolint:nilnil // only the gateway needs one
	}
	if h := p.mediaService(); h != nil {
		return h.HTTP(), nil
	}
	key, err := p.key.derive("internal http")
	if err != nil {
		return nil, fmt.Errorf("internal key: %w", err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			if target, ok := r.In.Context().Value(mediaTarget{}).(*url.URL); ok {
				r.SetURL(target)
			}
			r.Out.Header.Del("Authorization")
			r.Out.Header.Del("Cookie")
			t, _ := tenant.From(r.In.Context())
			r.Out.Header.Set(internalHeader, signInternal(key, t, auth.From(r.In.Context()), r.Out.Method, r.Out.URL.Path, time.Now()))
		},
		Transport: mediaTransport{p},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			p.log.WarnContext(r.Context(), "media room", "error", err)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"error":{"code":"media.unavailable","message":"Pictures cannot be reached right now. Please try again.","details":[]}}`))
		},
	}, nil
}

type mediaTarget struct{}

// mediaTransport looks the media room up for every request, which costs one message.
type mediaTransport struct{ p *process }

func (t mediaTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	target := t.p.cfg.MediaURL
	if target == "" {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		answer, err := t.p.calls.RequestWithContext(ctx, mediaSubject, nil)
		if err != nil {
			return nil, fmt.Errorf("find the media room: %w", err)
		}
		target = string(answer.Data)
	}
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("the media room's address %q is not a URL", target)
	}
	r.URL.Scheme, r.URL.Host = u.Scheme, u.Host
	return http.DefaultTransport.RoundTrip(r)
}

func (p *process) mediaService() *media.Service {
	p.mu.Lock()
	defer p.mu.Unlock()
	svc, _ := p.services["media"].(*media.Service)
	return svc
}

// mediaHTTP is the media room's side. It also answers who asks for the address.
func (p *process) mediaHTTP() http.Handler {
	svc := p.mediaService()
	if svc == nil {
		return nil
	}
	key, err := p.key.derive("internal http")
	if err != nil {
		p.log.Error("internal key", "error", err)
		return nil
	}
	address := p.advertised()
	if _, err := p.calls.QueueSubscribe(mediaSubject, "media", func(m *nats.Msg) { _ = m.Respond([]byte(address)) }); err != nil {
		p.log.Error("media address", "error", err)
	}
	inner := svc.HTTP()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t, who, err := openInternal(key, r.Header.Get(internalHeader), r.Method, r.URL.Path, time.Now())
		if err != nil {
			http.Error(w, "This address is for the gateway only.", http.StatusForbidden)
			return
		}
		r.Header.Del(internalHeader)
		inner.ServeHTTP(w, r.WithContext(auth.With(tenant.With(r.Context(), t), who)))
	})
}

// advertised is the URL others reach this process under.
func (p *process) advertised() string {
	if p.cfg.AdvertiseURL != "" {
		return p.cfg.AdvertiseURL
	}
	host, port, err := net.SplitHostPort(p.listener.Addr().String())
	if err != nil {
		return p.url()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			host = name
		}
	}
	return "http://" + net.JoinHostPort(host, port)
}

var errInternal = errors.New("not signed by the gateway")

// signInternal says who is asking for what, for a minute.
func signInternal(key []byte, t id.ID, who auth.Principal, method, path string, now time.Time) string {
	claims := strings.Join([]string{t.String(), who.Encode(), strconv.FormatInt(now.Add(internalTTL).Unix(), 10)}, "|")
	return base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + internalMAC(key, claims, method, path)
}

func openInternal(key []byte, header, method, path string, now time.Time) (id.ID, auth.Principal, error) {
	encoded, mac, _ := strings.Cut(header, ".")
	claims, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !hmac.Equal([]byte(mac), []byte(internalMAC(key, string(claims), method, path))) {
		return id.ID{}, auth.Principal{}, errInternal
	}
	parts := strings.Split(string(claims), "|")
	if len(parts) != 3 {
		return id.ID{}, auth.Principal{}, errInternal
	}
	t, err1 := id.Parse(parts[0])
	expires, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err1 != nil || err2 != nil || now.Unix() > expires {
		return id.ID{}, auth.Principal{}, errInternal
	}
	return t, auth.Decode(parts[1]), nil
}

func internalMAC(key []byte, claims, method, path string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(method + " " + path + "\n" + claims))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
