package embed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func startPostgres(t *testing.T, cfg PostgresConfig) *Postgres {
	t.Helper()
	cfg.Logger = testLog(t)
	began := time.Now()
	p, err := StartPostgres(t.Context(), cfg)
	must(t, err)
	t.Logf("started in %s", time.Since(began).Round(time.Millisecond))
	t.Cleanup(func() {
		if err := p.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func shopURL(p *Postgres) string { return p.URL(PostgresUser, PostgresDatabase) }

func execute(t *testing.T, p *Postgres, statements ...string) {
	t.Helper()
	conn := connect(t, shopURL(p))
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		must(t, err)
	}
	must(t, conn.Close(t.Context()))
}

func ask[T any](t *testing.T, p *Postgres, query string) (answer T) {
	t.Helper()
	conn := connect(t, shopURL(p))
	must(t, conn.QueryRow(t.Context(), query).Scan(&answer))
	must(t, conn.Close(t.Context()))
	return answer
}

func TestPostgresKeepsDataOverRestart(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	first := startPostgres(t, PostgresConfig{DataDir: dir, Settings: map[string]string{"work_mem": "7MB"}})
	execute(t, first, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (42)")

	if got := ask[string](t, first, "SHOW work_mem"); got != "7MB" {
		t.Errorf("the setting work_mem is %s, want 7MB", got)
	}
	for setting, want := range map[string]string{
		"data_checksums": "on", "fsync": "on", "listen_addresses": "", "max_connections": "200", "server_encoding": "UTF8",
	} {
		if got := ask[string](t, first, "SHOW "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	info, err := os.Stat(filepath.Join(dir, clusterName))
	must(t, err)
	if want := unprivileged(); ownerOf(info) != want || info.Mode().Perm() != 0o700 {
		t.Errorf("the cluster belongs to user %d with mode %v, want user %d and 0700", ownerOf(info), info.Mode(), want)
	}
	if info, err = os.Stat(filepath.Join(dir, runName)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the socket has mode %v (%v), want 0700", info.Mode(), err)
	}

	url := shopURL(first)
	must(t, first.Stop(t.Context()))
	select {
	case <-first.Done():
	default:
		t.Error("Done is not closed after Stop")
	}
	if first.PID() != 0 {
		t.Errorf("the pid is %d after Stop", first.PID())
	}
	second := startPostgres(t, PostgresConfig{DataDir: dir})
	if got := ask[int](t, second, "SELECT n FROM kept"); got != 42 {
		t.Errorf("the row is %d after a restart, want 42", got)
	}
	if shopURL(second) != url {
		t.Errorf("the URL changed from %s to %s", url, shopURL(second))
	}

	// Cut short, it recovers.
	execute(t, second, "UPDATE kept SET n = 43")
	hurry, cancel := context.WithCancel(t.Context())
	cancel()
	if err := second.Stop(hurry); err == nil || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("a stop without time said %v", err)
	}
	third := startPostgres(t, PostgresConfig{DataDir: dir})
	if got := ask[int](t, third, "SELECT n FROM kept"); got != 43 {
		t.Errorf("the row is %d after a stop that was cut short, want 43", got)
	}
}

// unprivileged is the user the server runs as.
func unprivileged() int {
	if os.Geteuid() == 0 {
		return nobody
	}
	return os.Geteuid()
}

func TestPostgresInFolderOnlyWeMayEnter(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	must(t, os.Chmod(top, 0o700))
	dir := filepath.Join(top, "data")
	must(t, os.Mkdir(dir, 0o700))
	p := startPostgres(t, PostgresConfig{DataDir: dir, FsyncOff: true})
	execute(t, p, "CREATE TABLE kept (n int)")
	for _, path := range []string{top, dir} {
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != 0o700 {
			t.Errorf("the mode of %s became %v", path, info.Mode())
		}
	}
	must(t, p.Stop(t.Context()))

	// Once the way is open the cluster changes hands to the unprivileged user.
	must(t, os.Chmod(dir, 0o711))
	must(t, os.Chmod(top, 0o711))
	must(t, os.Chmod(filepath.Dir(top), 0o711))
	p = startPostgres(t, PostgresConfig{DataDir: dir, FsyncOff: true})
	if got := ask[int](t, p, "SELECT count(*)::int FROM kept"); got != 0 {
		t.Errorf("the table holds %d rows, want none", got)
	}
	info, err := os.Stat(filepath.Join(dir, clusterName))
	must(t, err)
	if ownerOf(info) != unprivileged() {
		t.Errorf("the cluster belongs to user %d, want %d", ownerOf(info), unprivileged())
	}
}

func TestPostgresComesBackAfterKill(t *testing.T) {
	t.Parallel()
	p := startPostgres(t, PostgresConfig{DataDir: openDir(t)})
	execute(t, p, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (42)")
	for range 2 {
		before := p.PID()
		must(t, syscall.Kill(before, syscall.SIGKILL))
		eventually(t, "the restart", func() bool {
			conn, err := pgx.Connect(t.Context(), shopURL(p))
			if err != nil {
				return false
			}
			defer conn.Close(t.Context())
			var n int
			return p.PID() != before && conn.QueryRow(t.Context(), "SELECT n FROM kept").Scan(&n) == nil && n == 42
		})
	}
	select {
	case <-p.Done():
		t.Error("Done is closed although the server came back")
	default:
	}
}

func TestPostgresAfterItsParentWasKilled(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	c := startChild(t, os.Args[0], dir, nil)
	conn, err := pgx.Connect(t.Context(), fmt.Sprintf("postgres://sovecom@/sovecom?host=%s&port=5432", filepath.Join(dir, runName)))
	must(t, err)
	_, err = conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
	must(t, err)
	var held *HeldError
	if _, err := StartPostgres(t.Context(), PostgresConfig{DataDir: dir}); !errors.As(err, &held) || held.PID != c.cmd.Process.Pid {
		t.Errorf("a second supervisor got %v, want a HeldError with pid %d", err, c.cmd.Process.Pid)
	}
	must(t, c.cmd.Process.Kill())
	c.cmd.Wait()

	// At once, while the orphan may still be shutting down.
	p := startPostgres(t, PostgresConfig{DataDir: dir, FsyncOff: true})
	if got := ask[int](t, p, "SELECT count(*)::int FROM kept"); got != 1000 {
		t.Errorf("the table holds %d rows, want 1000", got)
	}
	if isPostmaster(c.pid, filepath.Join(dir, clusterName)) {
		t.Errorf("the orphan %d still runs", c.pid)
	}
	conn.Close(t.Context())
}

// The server of nobody: its supervisor is gone, yet it got no signal, as
// happens where the kernel does not tie it to its parent.
func TestPostgresEndsAnOrphan(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	p := startPostgres(t, PostgresConfig{DataDir: dir, FsyncOff: true})
	must(t, p.Stop(t.Context()))
	orphan := p.id.dress(exec.Command(filepath.Join(p.bin.Dir, "postgres"), p.arguments()...), p.cluster)
	must(t, orphan.Start())
	ended := make(chan error, 1)
	go func() { ended <- orphan.Wait() }()
	eventually(t, "the pid file", func() bool {
		text, err := os.ReadFile(filepath.Join(p.cluster, "postmaster.pid"))
		return err == nil && strings.HasPrefix(string(text), fmt.Sprintf("%d\n", orphan.Process.Pid))
	})
	p = startPostgres(t, PostgresConfig{DataDir: dir, FsyncOff: true})
	if err := <-ended; err != nil {
		t.Errorf("the orphan ended with %v, want a clean shutdown", err)
	}
	ask[int](t, p, "SELECT 1")
}

func TestPostgresAfterUncleanEnd(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	cfg := PostgresConfig{DataDir: dir, FsyncOff: true}
	must(t, os.Mkdir(dir, 0o711))
	// A start that died during initdb.
	draft := filepath.Join(dir, clusterName+".new")
	must(t, os.Mkdir(draft, 0o700))
	must(t, os.WriteFile(filepath.Join(draft, "PG_VERSION"), []byte("15\n"), 0o600))
	p := startPostgres(t, cfg)
	must(t, p.Stop(t.Context()))

	// A process that is no PostgreSQL has the number of the dead one by now.
	other := exec.Command("cat")
	other.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		other.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	stdin, err := other.StdinPipe()
	must(t, err)
	must(t, other.Start())
	t.Cleanup(func() { stdin.Close(); other.Wait() })
	pidFile := filepath.Join(p.cluster, "postmaster.pid")
	for name, text := range map[string]string{
		"another process": fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n  5432001    123456\nready   \n", other.Process.Pid, p.cluster, p.socket),
		"no process":      "99999999\n",
		"empty":           "",
	} {
		must(t, os.WriteFile(pidFile, []byte(text), 0o600))
		must(t, os.Chown(pidFile, unprivileged(), -1))
		must(t, os.WriteFile(filepath.Join(p.socket, ".s.PGSQL.5432.lock"), []byte(text), 0o600))
		p = startPostgres(t, cfg)
		ask[int](t, p, "SELECT 1")
		must(t, p.Stop(t.Context()))
		t.Log("survived a pid file of", name)
	}
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("the innocent process is gone: %v", err)
	}
}

func TestPostgresLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), strings.Repeat("a-long-name/", 12))
	p := startPostgres(t, PostgresConfig{DataDir: dir, FsyncOff: true})
	ask[int](t, p, "SELECT 1")
	if len(p.socket) > maxSocketPath || !p.temporary {
		t.Errorf("the socket is in %s", p.socket)
	}
	info, err := os.Stat(p.socket)
	must(t, err)
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the temporary folder has mode %v, want 0700", info.Mode())
	}
	must(t, p.Stop(t.Context()))
	if _, err := os.Stat(p.socket); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the temporary folder %s is still there (%v)", p.socket, err)
	}
}

func TestPostgresOverTCP(t *testing.T) {
	t.Parallel()
	p := startPostgres(t, PostgresConfig{DataDir: openDir(t), FsyncOff: true, ListenTCP: true})
	execute(t, p, "CREATE ROLE tool LOGIN PASSWORD 'correct'")
	url := "postgres://tool:%s@127.0.0.1:%d/sovecom?sslmode=disable"
	connect(t, fmt.Sprintf(url, "correct", p.Port()))
	if conn, err := pgx.Connect(t.Context(), fmt.Sprintf(url, "wrong", p.Port())); err == nil {
		conn.Close(t.Context())
		t.Error("a wrong password was let in over TCP")
	}
}

// An ordinary user needs nothing of what root does.
func TestPostgresAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	program := filepath.Join(filepath.Dir(dir), "program")
	text, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(program, text, 0o755))
	must(t, os.Mkdir(dir, 0o700))
	var as *syscall.Credential
	if os.Geteuid() == 0 {
		must(t, os.Chown(dir, nobody, nobody))
		as = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	c := startChild(t, program, dir, as)
	conn, err := pgx.Connect(t.Context(), fmt.Sprintf("postgres://sovecom@/sovecom?host=%s&port=5432", filepath.Join(dir, runName)))
	must(t, err)
	must(t, conn.Close(t.Context()))
	c.stdin.Close()
	must(t, c.cmd.Wait())
}

func TestPostgresSaysWhyItDoesNotStart(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	_, err := StartPostgres(t.Context(), PostgresConfig{DataDir: dir, FsyncOff: true, Settings: map[string]string{"shared_buffers": "banana"}})
	if err == nil || !strings.Contains(err.Error(), `invalid value for parameter "shared_buffers"`) {
		t.Errorf("a bad setting gave %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := StartPostgres(ctx, PostgresConfig{DataDir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled start gave %v", err)
	}
	for _, cfg := range []PostgresConfig{
		{DataDir: "relative"},
		{DataDir: dir, Port: 70000},
		{DataDir: dir, Settings: map[string]string{"port": "1"}},
		{DataDir: dir, Settings: map[string]string{"a b": "1"}},
	} {
		if _, err := StartPostgres(t.Context(), cfg); err == nil {
			t.Errorf("%+v was accepted", cfg)
		}
	}
	// Something else lives where the cluster would go: it is kept.
	alien := filepath.Join(dir, clusterName, "precious")
	must(t, os.RemoveAll(filepath.Dir(alien)))
	must(t, os.Mkdir(filepath.Dir(alien), 0o700))
	must(t, os.WriteFile(alien, []byte("mine"), 0o600))
	if _, err := StartPostgres(t.Context(), PostgresConfig{DataDir: dir, FsyncOff: true}); err == nil || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("a folder of somebody else gave %v", err)
	}
	if text, err := os.ReadFile(alien); err != nil || string(text) != "mine" {
		t.Errorf("the file of somebody else is %q (%v)", text, err)
	}
}

func TestClosedFolder(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	shut := filepath.Join(dir, "shut")
	must(t, os.MkdirAll(filepath.Join(shut, "deep"), 0o711))
	if got := closedFolder(filepath.Join(shut, "deep"), 4242, 4242); got != "" {
		t.Errorf("%s counts as closed", got)
	}
	must(t, os.Chmod(shut, 0o700))
	if got := closedFolder(filepath.Join(shut, "deep"), 4242, 4242); got != shut {
		t.Errorf("the closed folder is %q, want %q", got, shut)
	}
	if got := closedFolder(filepath.Join(shut, "deep"), os.Geteuid(), 4242); got != "" {
		t.Errorf("%s counts as closed to its owner", got)
	}
}

func TestServerLogRotates(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	must(t, os.WriteFile(path, make([]byte, maxServerLog), 0o600))
	l, err := openServerLog(path, testLog(t))
	must(t, err)
	defer l.close()
	for _, part := range []string{"2026 LOG:  hello\n2026 FATAL:  no ", "room\n2026 LOG:  bye\n"} {
		_, err := l.Write([]byte(part))
		must(t, err)
	}
	if got := l.complaint(); got != "no room" {
		t.Errorf("the complaint is %q, want %q", got, "no room")
	}
	if info, err := os.Stat(path + ".1"); err != nil || info.Size() != maxServerLog {
		t.Errorf("the full file was not put aside (%v)", err)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.HasSuffix(string(text), "bye\n") {
		t.Errorf("the new file holds %q (%v)", text, err)
	}
}
