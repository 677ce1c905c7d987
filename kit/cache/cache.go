// Package cache is the door to Redis, which holds only what may be lost: cached values and windows of rate limits.
//
// Losing Redis loses no order, no cart line, no login, and costs callers nothing: a Cache never returns an error for
// an absent server. Reads miss, writes go nowhere, limits are counted in this process instead. After a failure the
// server is left alone for a moment, so that every request does not wait for a timeout of its own.
package cache

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

const (
	callTimeout = 100 * time.Millisecond // a cache that is slower than the database is of no use
	leaveAlone  = time.Second            // after a failure
)

// Config of a Cache.
type Config struct {
	// URL of the server (redis://[:password@]host:port[/db]); empty means none: everything stays in this process.
	URL string
}

// Deps of a Cache.
type Deps struct {
	Logger *slog.Logger
	Now    func() time.Time
}

// Cache is safe for concurrent use.
type Cache struct {
	options rueidis.ClientOption
	remote  bool
	log     *slog.Logger
	now     func() time.Time
	local   *windows

	restAt  atomic.Int64 // nanoseconds: until when the server is left alone
	opening atomic.Bool
	mu      sync.RWMutex
	client  rueidis.Client // nil until the first connection
}

// Open does not wait for the server. Its only error is a URL that cannot be read.
func Open(cfg Config, deps Deps) (*Cache, error) {
	c := &Cache{log: deps.Logger, now: deps.Now, local: newWindows()}
	if cfg.URL == "" {
		return c, nil
	}
	options, err := rueidis.ParseURL(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("cache: it is not a valid Redis URL (redis://:password@host:6379)")
	}
	// The embedded server speaks RESP2 only and knows no client-side caching.
	options.AlwaysRESP2, options.DisableCache = true, true
	options.ConnWriteTimeout = 2 * time.Second
	options.Dialer.Timeout = 2 * time.Second
	options.DisableRetry = true
	c.options, c.remote = options, true
	c.connect()
	return c, nil
}

// Close ends the connections.
func (c *Cache) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		c.client.Close()
		c.client = nil
	}
	c.remote = false
}

// connect opens the client beside whoever asked, one at a time.
func (c *Cache) connect() {
	if !c.opening.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer c.opening.Store(false)
		client, err := rueidis.NewClient(c.options)
		if err != nil {
			c.rest(err)
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.remote || c.client != nil {
			client.Close()
			return
		}
		c.client = client
	}()
}

// rest leaves the server alone for a moment, and says so once for each time it goes.
func (c *Cache) rest(err error) {
	now := c.now().UnixNano()
	if before := c.restAt.Swap(now + int64(leaveAlone)); now-before > int64(10*leaveAlone) {
		c.log.Warn("Redis is away; caches are cold and limits are counted per process", "error", err)
	}
}

// server is the client when there is one worth asking.
func (c *Cache) server() rueidis.Client {
	if c.now().UnixNano() < c.restAt.Load() {
		return nil
	}
	c.mu.RLock()
	client, remote := c.client, c.remote
	c.mu.RUnlock()
	if client == nil && remote {
		c.connect()
	}
	return client
}

// ask runs one command; false means that nothing came of it.
func (c *Cache) ask(ctx context.Context, command func(client rueidis.Client) rueidis.Completed, read func(rueidis.RedisResult) error) bool {
	client := c.server()
	if client == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	result := client.Do(ctx, command(client))
	err := result.NonRedisError()
	if err == nil {
		err = read(result)
	}
	if err != nil && !rueidis.IsRedisNil(err) {
		c.rest(err)
	}
	return err == nil
}

// Get returns a value, if there is one and the server answers.
func (c *Cache) Get(ctx context.Context, key string) (value []byte, ok bool) {
	ok = c.ask(ctx, func(client rueidis.Client) rueidis.Completed { return client.B().Get().Key(key).Build() },
		func(r rueidis.RedisResult) (err error) { value, err = r.AsBytes(); return err })
	return value, ok
}

// Set keeps a value for at most ttl.
func (c *Cache) Set(ctx context.Context, key string, value []byte, ttl time.Duration) {
	c.ask(ctx, func(client rueidis.Client) rueidis.Completed {
		return client.B().Set().Key(key).Value(rueidis.BinaryString(value)).PxMilliseconds(max(ttl.Milliseconds(), 1)).Build()
	}, rueidis.RedisResult.Error)
}

// Delete drops a value. One that could not be dropped ends with its ttl.
func (c *Cache) Delete(ctx context.Context, key string) {
	c.ask(ctx, func(client rueidis.Client) rueidis.Completed { return client.B().Del().Key(key).Build() }, rueidis.RedisResult.Error)
}

// Ping is for health checks: the only method that says whether the server answers. Without a server all is well.
func (c *Cache) Ping(ctx context.Context) error {
	c.mu.RLock()
	client, remote := c.client, c.remote
	c.mu.RUnlock()
	if !remote {
		return nil
	}
	if client == nil {
		c.connect()
		return fmt.Errorf("cache: not connected yet")
	}
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	return nil
}
