package door_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/kit/door"
)

func serveHTTP(t *testing.T, server *connect.Server) (baseURL string) {
	t.Helper()
	web, listener, serving := door.NewHTTPServer(server, limits()...), listen(t), make(chan error, 1)
	go func() { serving <- web.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := web.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if err := <-serving; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

func httpClient(t *testing.T) *http.Client {
	client := door.HTTPClient()
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// Behind the HTTP door is the ordinary Connect protocol: curl is a client.
func TestHTTPTakesPlainRequests(t *testing.T) {
	t.Parallel()
	base := serveHTTP(t, serverOf(same))
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	for name, c := range map[string]struct {
		path, contentType, body string
		status                  int
		want                    string
	}{
		"json":             {procedure, "application/json", `"aGVsbG8="`, 200, `"aGVsbG8="`},
		"not json":         {procedure, "application/json", `{`, 400, `{"code":"invalid_argument","message":"The request is not a valid encoding of the message this procedure takes."}`},
		"not proto":        {procedure, "application/proto", "\xff\xff", 400, `{"code":"invalid_argument","message":"The request is not a valid encoding of the message this procedure takes."}`},
		"other media type": {procedure, "text/plain", "hello", 415, ""},
		"unknown method":   {"/sovecom.test.v1.TestService/Nothing", "application/json", "{}", 501, `{"code":"unimplemented","message":"procedure \"/sovecom.test.v1.TestService/Nothing\" not registered"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, err := http.NewRequestWithContext(within(t, 10*time.Second), http.MethodPost, base+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", c.contentType)
			res, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if closeErr := res.Body.Close(); err != nil || closeErr != nil {
				t.Fatal(err, closeErr)
			}
			if res.StatusCode != c.status || string(body) != c.want {
				t.Errorf("%d %s", res.StatusCode, body)
			}
			if res.Header.Get("Content-Encoding") != "" {
				t.Errorf("the answer is compressed with %s", res.Header.Get("Content-Encoding"))
			}
		})
	}
}

// What went wrong on the way names addresses and is for this side's log alone.
func TestHTTPErrorsDoNotShowAddresses(t *testing.T) {
	t.Parallel()
	address := unusedAddress(t)
	_, err := do(within(t, 10*time.Second), door.HTTP("http://"+address, httpClient(t)), nil)
	got := wantCode(t, err, connect.CodeUnavailable)
	if strings.Contains(got.Message(), address) {
		t.Errorf("the message is %q", got.Message())
	}
	if cause := errors.Unwrap(got); cause == nil || !strings.Contains(cause.Error(), address) {
		t.Errorf("the cause is %v", cause)
	}
	_, err = do(within(t, 10*time.Second), door.HTTP("http://bad host", httpClient(t)), nil)
	wantCode(t, err, connect.CodeUnavailable)
}

// A panic is reported once, with what is needed to find it, on the side where it happened.
func TestPanicsAreLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	transport := door.Memory(serverOf(func(context.Context, []byte) ([]byte, error) { panic("the shelf broke") }),
		door.WithLogger(slog.New(slog.NewJSONHandler(&out, nil))))
	_, err := do(within(t, 10*time.Second), transport, nil)
	wantCode(t, err, connect.CodeInternal)
	for _, want := range []string{"the shelf broke", procedure, "TestPanicsAreLogged", `"level":"ERROR"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the log lacks %q: %s", want, out.String())
		}
	}
}

// A handler sees the same context behind every door, also when the caller is not one of ours.
func TestHTTPHandlerContext(t *testing.T) {
	t.Parallel()
	base := serveHTTP(t, serverOf(func(ctx context.Context, _ []byte) ([]byte, error) {
		deadline, ok := ctx.Deadline()
		if left := time.Until(deadline); !ok || left > door.DefaultTimeout {
			return nil, connect.Errorf(connect.CodeFailedPrecondition, "deadline %v in %v", ok, left)
		}
		if ctx.Value(http.ServerContextKey) != nil {
			return nil, connect.NewError(connect.CodeFailedPrecondition, "the handler sees the HTTP server")
		}
		return nil, nil
	}))
	req, err := http.NewRequestWithContext(within(t, 10*time.Second), http.MethodPost, base+procedure, strings.NewReader(`""`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if closeErr := res.Body.Close(); err != nil || closeErr != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%d %s, %v, %v", res.StatusCode, body, err, closeErr)
	}
}
