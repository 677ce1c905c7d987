package embed

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
)

func startRedis(t *testing.T) *Redis {
	t.Helper()
	r, err := StartRedis(t.Context(), RedisConfig{})
	must(t, err)
	t.Cleanup(r.Stop)
	return r
}

// redisConn speaks just enough of the protocol to be a client.
type redisConn struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func dialRedis(t *testing.T, dial func() (net.Conn, error)) *redisConn {
	t.Helper()
	conn, err := dial()
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	return &redisConn{t: t, conn: conn, in: bufio.NewReader(conn)}
}

// do is the first line of the answer, or the value of a bulk string.
func (c *redisConn) do(words ...string) string {
	c.t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&out, "$%d\r\n%s\r\n", len(word), word)
	}
	_, err := c.conn.Write([]byte(out.String()))
	must(c.t, err)
	line, err := c.in.ReadString('\n')
	must(c.t, err)
	if strings.HasPrefix(line, "$") && !strings.HasPrefix(line, "$-1") {
		line, err = c.in.ReadString('\n')
		must(c.t, err)
	}
	return strings.TrimSpace(line)
}

func TestRedisForgetsInTime(t *testing.T) {
	t.Parallel()
	r := startRedis(t)
	for name, dial := range map[string]func() (net.Conn, error){
		"network": func() (net.Conn, error) { return net.Dial("tcp", r.Addr()) },
		"process": r.Dial,
	} {
		c := dialRedis(t, dial)
		if got := c.do("GET", "k"); !strings.HasPrefix(got, "-NOAUTH") {
			t.Errorf("%s: without a password: %s", name, got)
		}
		if got := c.do("AUTH", r.Password()); got != "+OK" {
			t.Fatalf("%s: AUTH said %s", name, got)
		}
		if got := c.do("SET", "short", "1", "PX", "300"); got != "+OK" {
			t.Fatalf("%s: SET said %s", name, got)
		}
		c.do("SET", "long", "2", "EX", "3600")
		if got := c.do("GET", "short"); got != "1" {
			t.Errorf("%s: the key is %q at once, want 1", name, got)
		}
		eventually(t, "the end of the key", func() bool { return c.do("GET", "short") == "$-1" })
		if got := c.do("GET", "long"); got != "2" {
			t.Errorf("%s: the long-lived key is %q, want 2", name, got)
		}
	}
}

func TestRedisStart(t *testing.T) {
	t.Parallel()
	r := startRedis(t)
	if want := "redis://:" + r.Password() + "@" + r.Addr() + "/0"; r.URL() != want {
		t.Errorf("the URL is %s, want %s", r.URL(), want)
	}
	if startRedis(t).Password() == r.Password() {
		t.Error("two servers share a password")
	}
	if _, err := StartRedis(t.Context(), RedisConfig{Listen: r.Addr()}); err == nil {
		t.Error("an address was taken twice")
	}
	r.Stop()
	r.Stop()
	if conn, err := net.Dial("tcp", r.Addr()); err == nil {
		conn.Close()
		t.Error("it still answers after Stop")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := StartRedis(ctx, RedisConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled start gave %v", err)
	}
}
