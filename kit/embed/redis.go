package embed

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// How often expiry runs. miniredis walks all keys under its one lock, so the
// pause grows with what the last walk took and expiry never costs more than a
// twentieth of the time.
const (
	redisTick      = 50 * time.Millisecond
	redisTickShare = 20
)

// RedisConfig says where the in-process Redis listens.
type RedisConfig struct {
	// Listen is a TCP address; "" means a free port of 127.0.0.1.
	Listen string
	// Password every connection must give; "" means a random one. Loopback is
	// open to every user of the machine, so there is always a password.
	Password string
}

// Redis is an in-process server of the Redis protocol (miniredis). It holds
// its data in memory only, without an upper bound, and loses all of it at the
// end of the process: only caches, windows and hints with a time to live
// belong into it.
//
// A client must speak RESP2 and leave client-side caching off (rueidis:
// AlwaysRESP2 and DisableCache): CLIENT TRACKING is unknown here, and a RESP3
// subscription blocks its connection for every other command. FUNCTION and
// FCALL are unknown too; SET NX/EX, Lua scripts, MULTI, pub/sub and streams
// work. Expiry is exact to about 50 ms, later when there are very many keys.
type Redis struct {
	server   *miniredis.Miniredis
	addr     string
	password string
	stop     chan struct{}
	once     sync.Once
	ticking  sync.WaitGroup
}

// StartRedis starts the server. It fails when the address is taken.
func StartRedis(ctx context.Context, cfg RedisConfig) (*Redis, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:0"
	}
	if cfg.Password == "" {
		cfg.Password = rand.Text()
	}
	r := &Redis{server: miniredis.NewMiniRedis(), password: cfg.Password, stop: make(chan struct{})}
	r.server.RequireAuth(cfg.Password)
	if err := r.server.StartAddr(cfg.Listen); err != nil {
		return nil, fmt.Errorf("start the embedded Redis on %s: %w", cfg.Listen, err)
	}
	r.addr = r.server.Addr()
	r.ticking.Go(r.expire)
	return r, nil
}

// Addr is the TCP address, "127.0.0.1:41234".
func (r *Redis) Addr() string { return r.addr }

// Password is what a client must AUTH with.
func (r *Redis) Password() string { return r.password }

// URL is the address with the password, "redis://:secret@127.0.0.1:41234/0".
// It is a secret: never log it.
func (r *Redis) URL() string {
	u := url.URL{Scheme: "redis", User: url.UserPassword("", r.password), Host: r.Addr(), Path: "/0"}
	return u.String()
}

// Dial opens a connection within the process, past the network.
func (r *Redis) Dial() (net.Conn, error) { return r.server.Dial() }

// Stop closes all connections and drops the data. It may be called twice.
func (r *Redis) Stop() {
	r.once.Do(func() {
		close(r.stop)
		r.ticking.Wait()
		r.server.Close()
	})
}

// expire moves the clock of all times to live by the time that really passed;
// miniredis has no clock of its own.
func (r *Redis) expire() {
	timer := time.NewTimer(redisTick)
	defer timer.Stop()
	last := time.Now()
	for {
		select {
		case <-r.stop:
			return
		case <-timer.C:
		}
		now := time.Now()
		r.server.FastForward(now.Sub(last))
		last = now
		timer.Reset(max(redisTick, redisTickShare*time.Since(now)))
	}
}
