// Package rest makes one HTTP exchange with a shop. The clients of both surfaces are thin tables over it.
package rest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
)

// maxAnswer bounds what is read of an answer, so that a wrong address cannot fill the memory.
const maxAnswer = 64 << 20

// Call is one request. Body is sent as JSON unless it is a Raw; nil sends none.
type Call struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   any
}

// Raw is a body that is sent as it is.
type Raw struct {
	ContentType string
	Reader      io.Reader
}

// Answer is what came back, whatever its status.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes the call at base once. It fails only when there is no whole answer. A nil client is http.DefaultClient.
func Do(ctx context.Context, client *http.Client, base string, call Call) (Answer, error) {
	req, err := request(ctx, base, call)
	if err != nil {
		return Answer{}, err
	}
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return Answer{}, fmt.Errorf("%s %s: read the answer: %w", call.Method, call.Path, err)
	}
	if len(body) > maxAnswer {
		return Answer{}, fmt.Errorf("%s %s: the answer is larger than %d bytes", call.Method, call.Path, maxAnswer)
	}
	return Answer{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

// Open makes the call at base once and leaves the body of a success to be read; the caller closes it. The body of any
// other answer is in the answer, and nothing is to be closed then.
func Open(ctx context.Context, client *http.Client, base string, call Call) (io.ReadCloser, Answer, error) {
	req, err := request(ctx, base, call)
	if err != nil {
		return nil, Answer{}, err
	}
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, Answer{}, err
	}
	answer := Answer{Status: res.StatusCode, Header: res.Header}
	if res.StatusCode < http.StatusMultipleChoices {
		return res.Body, answer, nil
	}
	defer res.Body.Close()
	if answer.Body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer)); err != nil {
		return nil, Answer{}, fmt.Errorf("%s %s: read the answer: %w", call.Method, call.Path, err)
	}
	return nil, answer, nil
}

func request(ctx context.Context, base string, call Call) (*http.Request, error) {
	if base == "" {
		return nil, errors.New("the client has no BaseURL")
	}
	body, contentType, err := encode(call.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: encode the body: %w", call.Method, call.Path, err)
	}
	target := strings.TrimRight(base, "/") + call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, target, body)
	if err != nil {
		return nil, err
	}
	for name, values := range call.Header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req, nil
}

func encode(body any) (io.Reader, string, error) {
	switch b := body.(type) {
	case nil:
		return nil, "", nil
	case Raw:
		return b.Reader, b.ContentType, nil
	default:
		text, err := json.Marshal(b)
		return bytes.NewReader(text), "application/json", err
	}
}

// Path joins segments to a path, escaping each, so that an id from outside cannot reach another route.
func Path(prefix string, segments ...string) string {
	var b strings.Builder
	b.WriteString(prefix)
	for _, s := range segments {
		b.WriteByte('/')
		// "." and ".." survive escaping and would be resolved on the way.
		if s == "." || s == ".." {
			s = strings.ReplaceAll(s, ".", "%2E")
			b.WriteString(s)
			continue
		}
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// Query turns a struct with query tags into parameters. Zero values are left out.
func Query(params any) url.Values {
	out := url.Values{}
	collect(reflect.ValueOf(params), out)
	return out
}

func collect(v reflect.Value, out url.Values) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			collect(v.Field(i), out)
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("query"), ",")
		if name == "" || zero(v.Field(i)) {
			continue
		}
		if prefix := field.Tag.Get("prefix"); prefix != "" {
			for _, key := range v.Field(i).MapKeys() {
				out.Set(prefix+key.String(), v.Field(i).MapIndex(key).String())
			}
			continue
		}
		if text, ok := v.Field(i).Interface().(encoding.TextMarshaler); ok {
			if b, err := text.MarshalText(); err == nil {
				out.Set(name, string(b))
			}
			continue
		}
		out.Set(name, fmt.Sprint(v.Field(i).Interface()))
	}
}

func zero(v reflect.Value) bool {
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

// NewKey returns a fresh random idempotency key: 26 characters, 130 bits.
func NewKey() string { return rand.Text() }
