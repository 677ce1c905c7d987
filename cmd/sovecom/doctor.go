package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/cache"
	"github.com/sovecom/sovecom/kit/embed"
	"github.com/sovecom/sovecom/services/media"
	"github.com/sovecom/sovecom/services/search"
)

type doctorCmd struct{ configFlags }

// concern is what somebody should look at although the shop works.
type concern struct{ error }

// Run checks one thing after the other and goes on after a fault, so that one run tells everything.
func (c *doctorCmd) Run(ctx context.Context) error {
	cfg, _, err := c.load()
	if err != nil {
		return err
	}
	faults := 0
	for _, check := range []struct {
		name string
		run  func(ctx context.Context, cfg Config) (string, error)
	}{
		{"data folder", checkDataDir}, {"address", checkAddress}, {"PostgreSQL", checkPostgres}, {"NATS", checkNATS}, {"Redis", checkRedis},
		{"storage", checkStorage}, {"search", checkSearch}, {"events", c.checkEvents},
	} {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		says, err := check.run(ctx, cfg)
		cancel()
		if worry := (concern{}); errors.As(err, &worry) {
			fmt.Printf("! %-12s %s\n", check.name, err)
			continue
		}
		if err != nil {
			faults++
			fmt.Printf("✗ %-12s %s\n", check.name, err)
			continue
		}
		fmt.Printf("✓ %-12s %s\n", check.name, says)
	}
	if faults > 0 {
		return fmt.Errorf("%d of the things a shop needs are not right", faults)
	}
	return nil
}

func checkDataDir(_ context.Context, cfg Config) (string, error) {
	if err := os.MkdirAll(cfg.DataDir, 0o711); err != nil {
		return "", fmt.Errorf("cannot be made: %w", err)
	}
	probe := filepath.Join(cfg.DataDir, ".doctor")
	if err := os.WriteFile(probe, []byte("?"), 0o600); err != nil {
		return "", fmt.Errorf("cannot be written: %w", err)
	}
	return cfg.DataDir, os.Remove(probe)
}

func checkAddress(_ context.Context, cfg Config) (string, error) {
	l, err := net.Listen("tcp", cfg.HTTPAddr)
	if err == nil {
		return cfg.HTTPAddr + " is free", l.Close()
	}
	if holder := portHolder(cfg.HTTPAddr); holder != "" {
		if r, ok := readRunning(cfg.DataDir); ok && holder == fmt.Sprintf("process %d (sovecom)", r.PID) {
			return cfg.HTTPAddr + " is served by this shop, " + holder, nil
		}
		return "", fmt.Errorf("%s is in use by %s", cfg.HTTPAddr, holder)
	}
	return "", err
}

func checkPostgres(ctx context.Context, cfg Config) (string, error) {
	if cfg.PostgresURL == "" {
		bin, err := embed.FindPostgres(ctx, embed.PostgresConfig{DataDir: cfg.DataDir})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("embedded, from %s (major version %d)", bin.Dir, bin.Major), nil
	}
	return serverFacts(ctx, cfg.PostgresURL.Reveal())
}

func checkNATS(ctx context.Context, cfg Config) (string, error) {
	if cfg.NATSURL == "" {
		return "embedded", nil
	}
	conn, err := nats.Connect(cfg.NATSURL.Reveal(), nats.Timeout(5*time.Second))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return "", err
	}
	if _, err := js.AccountInfo(ctx); err != nil {
		return "", fmt.Errorf("JetStream is not enabled for this account: %w", err)
	}
	if conn.MaxPayload() < maxPayload {
		return "", fmt.Errorf("max_payload is %d bytes; set it to %d", conn.MaxPayload(), maxPayload)
	}
	return "version " + conn.ConnectedServerVersion() + " with JetStream", nil
}

func checkSearch(ctx context.Context, cfg Config) (string, error) {
	says, err := search.CheckEngine(ctx, cfg.Search)
	if err != nil {
		return "", fmt.Errorf("the engine does not answer; PostgreSQL does in its place: %w", err)
	}
	return says, nil
}

func checkRedis(ctx context.Context, cfg Config) (string, error) {
	if cfg.RedisURL == "" {
		return "not configured; up has one of its own, and serve does without", nil
	}
	c, err := cache.Open(cache.Config{URL: cfg.RedisURL.Reveal()}, cache.Deps{Logger: newLogger(cfg), Now: time.Now})
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.Ping(ctx); err != nil {
		return "", concern{fmt.Errorf("does not answer; the shop works without it, only slower: %w", err)}
	}
	return "answers", nil
}

// slow is how long an event may wait for its consumer before somebody should look.
const slow = time.Minute

// checkEvents counts the events that could not be handled, and those that wait for too long.
func (c *doctorCmd) checkEvents(ctx context.Context, _ Config) (string, error) {
	e, err := c.openEvents(ctx)
	if errors.Is(err, errStopped) {
		return err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	defer e.close()
	dead, err := bus.CountLetters(ctx, e.js, "")
	if err != nil {
		return "", err
	}
	lags, err := bus.Lags(ctx, e.js)
	if err != nil {
		return "", err
	}
	var of, late, worries []string
	for _, name := range slices.Sorted(maps.Keys(dead)) {
		of = append(of, fmt.Sprintf("%d of %s", dead[name], name))
	}
	if len(of) > 0 {
		worries = append(worries, fmt.Sprintf("dead letters: %s; `sovecom events dead` lists them", strings.Join(of, ", ")))
	}
	pending := int64(0)
	for _, name := range slices.Sorted(maps.Keys(lags)) {
		pending += lags[name].Pending
		if waits := time.Duration(lags[name].Seconds(time.Now()) * float64(time.Second)); waits > slow {
			late = append(late, fmt.Sprintf("%d for %s, the oldest for %s", lags[name].Pending, name, waits.Round(time.Second)))
		}
	}
	if len(late) > 0 {
		worries = append(worries, "events wait: "+strings.Join(late, ", "))
	}
	if len(worries) > 0 {
		return "", concern{errors.New(strings.Join(worries, "; "))} //nolint:err113 // for people
	}
	return fmt.Sprintf("no dead letters, %d events under way", pending), nil
}

// checkStorage writes, reads and removes a small object where pictures and files are kept.
func checkStorage(ctx context.Context, cfg Config) (string, error) {
	return media.CheckStorage(ctx, cfg.Media)
}
