package cache_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/embed"
)

func open(t *testing.T, url string) *cache.Cache {
	t.Helper()
	c, err := cache.Open(cache.Config{URL: url}, cache.Deps{Logger: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	late := time.After(20 * time.Second)
	for !ok() {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("%s did not happen", what)
		}
	}
}

// real starts a redis-server; stop kills it.
func real(t *testing.T, port string) (url string, stop func()) {
	t.Helper()
	cmd := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	t.Cleanup(stop)
	return "redis://127.0.0.1:" + port, stop
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

func TestServers(t *testing.T) {
	t.Parallel()
	embedded, err := embed.StartRedis(t.Context(), embed.RedisConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(embedded.Stop)
	redisURL, _ := real(t, freePort(t))
	for name, url := range map[string]string{"redis-server": redisURL, "embedded": embedded.URL()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, ctx := open(t, url), t.Context()
			eventually(t, "a connection", func() bool { return c.Ping(ctx) == nil })
			eventually(t, "a value", func() bool {
				c.Set(ctx, "k", []byte("v\x00"), time.Minute)
				got, ok := c.Get(ctx, "k")
				return ok && string(got) == "v\x00"
			})
			c.Delete(ctx, "k")
			if _, ok := c.Get(ctx, "k"); ok {
				t.Error("the value stayed")
			}
			other := open(t, url)
			eventually(t, "the other's connection", func() bool { return other.Ping(ctx) == nil })
			// Two replicas count together.
			used := 0
			for i := range 10 {
				d := []*cache.Cache{c, other}[i%2].Allow(ctx, "shared", 6, time.Hour)
				if d.Allowed {
					used++
				}
			}
			if used != 6 {
				t.Errorf("%d of 10 were allowed", used)
			}
		})
	}
}

func TestWithoutAServer(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"none": "", "away": "redis://127.0.0.1:1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, ctx := open(t, url), t.Context()
			c.Set(ctx, "k", []byte("v"), time.Minute)
			if _, ok := c.Get(ctx, "k"); ok {
				t.Error("a value out of nothing")
			}
			allowed := 0
			for range 10 {
				if c.Allow(ctx, "who", 4, time.Hour).Allowed {
					allowed++
				}
			}
			if allowed != 4 {
				t.Errorf("%d of 10 were allowed", allowed)
			}
		})
	}
	if _, err := cache.Open(cache.Config{URL: "http://nonsense"}, cache.Deps{}); err == nil {
		t.Error("nonsense was taken for a Redis URL")
	}
}

// The server dies in the middle and comes back: nobody sees an error, and it is used again.
func TestServerGoesAndComesBack(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	url, stop := real(t, port)
	c, ctx := open(t, url), t.Context()
	eventually(t, "a connection", func() bool { return c.Ping(ctx) == nil })
	c.Set(ctx, "k", []byte("v"), time.Minute)
	stop()
	for range 50 {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		if _, ok := c.Get(ctx, "k"); ok {
			t.Error("a dead server answered")
		}
		if !c.Allow(ctx, "who", 1000, time.Hour).Allowed {
			t.Error("an absent server refused somebody")
		}
		cancel()
	}
	real(t, port)
	eventually(t, "a value again", func() bool {
		c.Set(ctx, "k", []byte("v2"), time.Minute)
		got, ok := c.Get(ctx, "k")
		return ok && string(got) == "v2"
	})
}
