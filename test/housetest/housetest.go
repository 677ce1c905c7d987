// Package housetest starts whole shops for tests: the binary as an operator would run it, on a real PostgreSQL, a real
// NATS server and a real Redis of the test's own.
package housetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/embed"
)

const (
	// Email and Password of the owner of every shop here.
	Email    = "owner@shop.test"
	Password = "correct horse battery staple"

	patience = 90 * time.Second
)

// Rooms are the targets of the mesh.
func Rooms() []string {
	return []string{"identity", "catalog", "inventory", "media", "cart", "checkout", "content", "search", "webhook", "gateway"}
}

// Binary builds the program into a folder of the test's own; the build cache makes all builds but the first cheap.
func Binary(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sovecom")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, "github.com/sovecom/sovecom/cmd/sovecom")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// Ground is what a shop stands on.
type Ground struct {
	t        testing.TB
	dir      string
	postgres *embed.Postgres
	nats     *embed.NATS
	natsPort string
	redis    *Process
	redisURL string
}

// NewGround starts PostgreSQL, NATS and Redis.
func NewGround(t testing.TB) *Ground {
	t.Helper()
	dir, err := os.MkdirTemp("", "house-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	g := &Ground{t: t, dir: dir, natsPort: FreePort(t)}
	g.StartPostgres()
	t.Cleanup(g.StopPostgres)
	g.StartNATS()
	t.Cleanup(g.StopNATS)
	g.StartRedis()
	return g
}

// StartPostgres starts the server, also after StopPostgres: on what it held before.
func (g *Ground) StartPostgres() {
	g.t.Helper()
	var err error
	if g.postgres, err = embed.StartPostgres(context.Background(), embed.PostgresConfig{DataDir: filepath.Join(g.dir, "postgres"), MaxConnections: 400}); err != nil {
		g.t.Fatal(err)
	}
}

// StopPostgres stops it.
func (g *Ground) StopPostgres() {
	g.t.Helper()
	if err := g.postgres.Stop(context.Background()); err != nil {
		g.t.Error(err)
	}
}

// CrashPostgres kills the server, which is then started again by itself: what it had not written to the disk is lost.
func (g *Ground) CrashPostgres() {
	g.t.Helper()
	if err := syscall.Kill(g.postgres.PID(), syscall.SIGKILL); err != nil {
		g.t.Error(err)
	}
}

// PostgresPID is the process that its server's others belong to.
func (g *Ground) PostgresPID() int { return g.postgres.PID() }

// AdminURL is the URL of a superuser, in the shop's database.
func (g *Ground) AdminURL() string {
	return g.postgres.URL(embed.PostgresUser, embed.PostgresDatabase)
}

// StartNATS starts the server, also after StopNATS: on the same port and store.
func (g *Ground) StartNATS() {
	g.t.Helper()
	var err error
	if g.nats, err = embed.StartNATS(embed.NATSConfig{
		StoreDir: filepath.Join(g.dir, "nats"), Logger: slog.New(slog.DiscardHandler),
		Listen: "127.0.0.1:" + g.natsPort, MaxPayload: 4<<20 + 64<<10,
	}); err != nil {
		g.t.Fatal(err)
	}
}

// StopNATS stops it.
func (g *Ground) StopNATS() {
	g.t.Helper()
	if err := g.nats.Stop(context.Background()); err != nil {
		g.t.Error(err)
	}
}

// NATSURL reaches it.
func (g *Ground) NATSURL() string { return "nats://127.0.0.1:" + g.natsPort }

// Publish puts something on NATS that no room would send.
func (g *Ground) Publish(subject string) {
	g.t.Helper()
	conn, err := g.nats.Connect()
	if err != nil {
		g.t.Fatal(err)
	}
	defer conn.Close()
	if err := errors.Join(conn.Publish(subject, []byte("no event")), conn.Flush()); err != nil {
		g.t.Fatal(err)
	}
}

// StartRedis starts a real redis-server.
func (g *Ground) StartRedis() {
	g.t.Helper()
	port := FreePort(g.t)
	if g.redisURL != "" {
		port = g.redisURL[strings.LastIndex(g.redisURL, ":")+1:]
	}
	g.redisURL = "redis://127.0.0.1:" + port
	g.redis = start(g.t, g.dir, "redis", nil, "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", g.dir)
	within(g.t, "Redis", func() error {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			conn.Close()
		}
		return err
	})
}

// StopRedis kills it.
func (g *Ground) StopRedis() { g.redis.Kill() }

// Shop is a running shop.
type Shop struct {
	URL string

	t      testing.TB
	ground *Ground
	binary string
	env    []string
	rooms  map[string]*Process
	ports  map[string]string
}

// Start runs the shop in one process (targets "all") or in one per target. env adds or replaces variables.
func (g *Ground) Start(binary string, targets []string, env ...string) *Shop {
	g.t.Helper()
	s := &Shop{t: g.t, ground: g, binary: binary, rooms: map[string]*Process{}, ports: map[string]string{}}
	s.env = append([]string{
		"SOVECOM_POSTGRES_URL=" + g.AdminURL(), "SOVECOM_NATS_URL=" + g.NATSURL(), "SOVECOM_REDIS_URL=" + g.redisURL,
		"SOVECOM_DATA_DIR=" + filepath.Join(g.dir, "data"), "SOVECOM_ADMIN_EMAIL=" + Email, "SOVECOM_ADMIN_PASSWORD=" + Password,
		"SOVECOM_DEV=true", "SOVECOM_WEBHOOK_ALLOW_INSECURE=true", "SOVECOM_GATEWAY_RATE_LIMIT=0",
	}, env...)
	for _, target := range targets {
		s.ports[target] = FreePort(g.t)
		s.Launch(target)
	}
	front := targets[len(targets)-1]
	s.URL = "http://127.0.0.1:" + s.ports[front]
	for _, target := range targets {
		s.AwaitReady(target)
	}
	return s
}

// Launch starts the process of a target and does not wait.
func (s *Shop) Launch(target string, env ...string) {
	s.t.Helper()
	all := append(append([]string{"SOVECOM_HTTP_ADDR=127.0.0.1:" + s.ports[target]}, s.env...), env...)
	s.rooms[target] = start(s.t, s.ground.dir, target, all, s.binary, "serve", "--target="+target)
}

// AwaitReady waits until the process takes traffic.
func (s *Shop) AwaitReady(target string) {
	s.t.Helper()
	within(s.t, target+" ready", func() error {
		if s.rooms[target].ended() {
			s.t.Fatalf("%s ended:\n%s", target, s.rooms[target].Log())
		}
		return Get("http://127.0.0.1:" + s.ports[target] + "/health/ready")
	})
}

// Command runs another command of the program beside the shop, with its settings, and returns what it printed.
func (s *Shop) Command(args ...string) string {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), s.binary, args...)
	cmd.Env, cmd.Dir = append(clean(os.Environ()), s.env...), s.ground.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

// Room is the process of a target.
func (s *Shop) Room(target string) *Process { return s.rooms[target] }

// RoomURL is where a target's health and metrics are.
func (s *Shop) RoomURL(target string) string { return "http://127.0.0.1:" + s.ports[target] }

// Process is a program that runs beside the test.
type Process struct {
	t    testing.TB
	name string
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	err  error
}

func start(t testing.TB, dir, name string, env []string, program string, args ...string) *Process {
	t.Helper()
	log, err := os.CreateTemp(dir, name+"-*.log")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(clean(os.Environ()), env...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	p := &Process{t: t, name: name, cmd: cmd, log: log.Name(), done: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		log.Close()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, tail(p.Log(), 60))
		}
	})
	return p
}

// clean keeps the settings of the machine out of the test's shops.
func clean(environ []string) []string {
	var out []string
	for _, e := range environ {
		if !strings.HasPrefix(e, "SOVECOM_") {
			out = append(out, e)
		}
	}
	return out
}

func tail(s string, lines int) string {
	all := strings.Split(s, "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// PID of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Log is what it has written so far.
func (p *Process) Log() string {
	content, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(content)
}

func (p *Process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// Kill ends it as a power cut would.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.done
}

// Freeze lets it stand still, as a machine does whose disk hangs, until the returned function is called.
func (p *Process) Freeze() (thaw func()) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		p.t.Fatal(err)
	}
	return func() { _ = p.cmd.Process.Signal(syscall.SIGCONT) } // it may have been killed
}

// Stop asks it to end and waits; one that does not is killed and the test fails.
func (p *Process) Stop() {
	if p.ended() {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Errorf("%s did not stop when asked to", p.name)
		p.Kill()
	}
}

// AwaitEnd waits until it has ended by itself.
func (p *Process) AwaitEnd() {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("%s did not end", p.name)
	}
}

// FreePort of the loopback, for a program that is started right after. It is not one of those that the system hands to
// outgoing connections: between the look and the start, a busy test machine would give it away.
func FreePort(t testing.TB) string {
	t.Helper()
	const first, last, tries = 15_000, 30_000, 100
	for range tries {
		port := strconv.Itoa(first + rand.N(last-first))
		l, err := net.Listen("tcp", "127.0.0.1:"+port)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatalf("no port is free between %d and %d", first, last)
	return ""
}

// Get is nil when the URL answers 200.
func Get(url string) error {
	client := http.Client{Timeout: 5 * time.Second}
	r, err := client.Get(url)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<10))
	if r.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("%s: %s %s", url, r.Status, body), err)
	}
	return err
}

// within asks again and again until the answer is nil.
func within(t testing.TB, what string, try func() error) {
	t.Helper()
	Within(t, patience, what, try)
}

// Within asks every few milliseconds until the answer is nil, and fails the test when it takes too long.
func Within(t testing.TB, limit time.Duration, what string, try func() error) {
	t.Helper()
	poll := time.NewTicker(25 * time.Millisecond)
	defer poll.Stop()
	late := time.After(limit)
	for {
		err := try()
		if err == nil {
			return
		}
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("%s: not within %s: %v", what, limit, err)
		}
	}
}
