package embed

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// prepare does everything before the first run of the server, and tells
// whether the cluster is new.
func (p *Postgres) prepare(ctx context.Context) (fresh bool, err error) {
	if p.output, err = openServerLog(filepath.Join(p.cfg.DataDir, "postgres.log"), p.log); err != nil {
		return false, fmt.Errorf("open the log of PostgreSQL: %w", err)
	}
	if err := p.settle(ctx); err != nil {
		return false, err
	}
	if p.id, err = chooseIdentity(ctx, p.cfg, p.bin.Dir); err != nil {
		return false, err
	}
	if os.Geteuid() == 0 && p.id.uid == 0 {
		// Without root's powers, but still the owner of root's files.
		p.log.Warn("PostgreSQL runs in a user namespace, because an unprivileged user cannot reach the data folder; "+
			"a folder such a user may enter separates it better.", "folder", p.cfg.DataDir, "user", p.cfg.UID)
	}
	if _, err := os.Stat(filepath.Join(p.cluster, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		if err := p.initdb(ctx); err != nil {
			return false, err
		}
		fresh = true
	}
	if err := p.id.ownTree(p.cluster); err != nil {
		return false, err
	}
	if p.socket, p.temporary, err = socketDir(ctx, p.cfg, p.id, p.bin.Dir); err != nil {
		return false, err
	}
	p.port, err = p.choosePort()
	return fresh, err
}

// initdb makes the cluster under another name and renames it when it is
// whole, so that a start that died half-way leaves nothing that looks finished.
func (p *Postgres) initdb(ctx context.Context) error {
	draft := p.cluster + ".new"
	attempt := func(locale string) error {
		if err := os.RemoveAll(draft); err != nil {
			return err
		}
		if err := p.id.ownDir(draft); err != nil {
			return err
		}
		args := []string{"-D", draft, "--no-sync", "-U", PostgresUser, "-E", "UTF8", "--locale=" + locale,
			"--auth-local=trust", "--auth-host=scram-sha-256"}
		if !p.cfg.FsyncOff {
			args = append(args, "--data-checksums")
		}
		cmd := p.id.dress(exec.CommandContext(ctx, filepath.Join(p.bin.Dir, "initdb"), args...), filepath.Join(p.cfg.DataDir, runName))
		cmd.Stdout, cmd.Stderr = p.output, p.output
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = 5 * time.Second
		if err := cmd.Run(); err != nil {
			return errors.Join(ctx.Err(), errors.New(p.output.complaint()))
		}
		return nil
	}
	err := attempt("C.UTF-8")
	if err != nil && strings.Contains(err.Error(), "locale") {
		err = attempt("C") // older macOS and musl have no C.UTF-8
	}
	if err != nil {
		return fmt.Errorf("create the PostgreSQL cluster in %s: %w", p.cluster, err)
	}
	// An empty folder of that name gives way; one with something in it never does.
	if err := os.Rename(draft, p.cluster); err != nil {
		return fmt.Errorf("%s exists but holds no PostgreSQL cluster; move it away: %w", p.cluster, err)
	}
	return nil
}

// settle waits for a server an earlier run left behind and clears its traces.
// Holding the lock, we know that nobody supervises it any more, so it is asked
// to shut down.
func (p *Postgres) settle(ctx context.Context) error {
	poll := time.NewTicker(2 * readyPoll)
	defer poll.Stop()
	late := time.NewTimer(p.cfg.StartTimeout)
	defer late.Stop()
	asked := 0
	for {
		pid, err := runningServer(p.cluster)
		if pid == 0 && !errors.Is(err, errStarting) {
			return err
		}
		if pid != 0 && asked != pid {
			asked = pid
			p.log.Warn("A PostgreSQL of an earlier run is still there; waiting for it to end.", "pid", pid)
			if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("PostgreSQL process %d of an earlier run still uses %s and may not be stopped by this user; stop it first", pid, p.cluster)
			}
		}
		select {
		case <-poll.C:
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL process %d of an earlier run still uses %s: %w", pid, p.cluster, ctx.Err())
		case <-late.C:
			return fmt.Errorf("PostgreSQL process %d of an earlier run still uses %s and did not end within %s; stop it with `kill -QUIT %d`",
				pid, p.cluster, p.cfg.StartTimeout, pid)
		}
	}
}

// errStarting says that a server may be starting on the cluster at this moment.
var errStarting = errors.New("another PostgreSQL may be starting on the cluster")

// runningServer is the pid of the server that runs on a cluster, or 0. A pid
// file left by a dead one is put right: when some other process has the number
// by now, PostgreSQL would take that for a living server and refuse to start.
// The file must stay, because the rest of it is how PostgreSQL recognises
// backends that outlived their postmaster; but a server ignores its parent's
// number there, so ours takes the place of the dead one's.
func runningServer(cluster string) (pid int, err error) {
	path := filepath.Join(cluster, "postmaster.pid")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 0 {
		// A server died while it wrote its very first line, or one that is
		// none of ours is writing it right now.
		info, err := os.Stat(path)
		if err == nil && time.Since(info.ModTime()) < time.Second {
			return 0, errStarting
		}
		return 0, errors.Join(err, os.Remove(path))
	}
	if isPostmaster(pid, cluster) {
		return pid, nil
	}
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return 0, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	draft := path + ".new"
	//nolint:gosec // the path is the data folder, which the operator chose
	if err := os.WriteFile(draft, fmt.Appendf(nil, "%d\n%s", os.Getpid(), rest), 0o600); err != nil {
		return 0, err
	}
	if err := os.Chown(draft, ownerOf(info), -1); err != nil {
		return 0, err
	}
	return 0, os.Rename(draft, path)
}

// choosePort is fixed for the life of the supervisor, so that a restart does
// not change the URL.
func (p *Postgres) choosePort() (int, error) {
	if p.cfg.Port != 0 {
		return p.cfg.Port, nil
	}
	if !p.cfg.ListenTCP {
		return 5432, nil // the socket's folder is ours alone, so every number is free
	}
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port for PostgreSQL: %w", err)
	}
	defer probe.Close()
	return probe.Addr().(*net.TCPAddr).Port, nil
}

// awaitReady waits for the first answer and makes the database if it is missing.
func (p *Postgres) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, p.cfg.StartTimeout,
		fmt.Errorf("it did not answer within %s", p.cfg.StartTimeout))
	defer cancel()
	poll := time.NewTicker(readyPoll)
	defer poll.Stop()
	socket := filepath.Join(p.socket, ".s.PGSQL."+strconv.Itoa(p.port))
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("start PostgreSQL in %s: %w", p.cluster, context.Cause(ctx))
		case err := <-p.exits:
			if !passing(err) {
				return fmt.Errorf("start PostgreSQL in %s: %w", p.cluster, err)
			}
		case <-poll.C:
			if _, err := os.Stat(socket); err != nil {
				continue
			}
			err := p.createDatabase(ctx)
			if err == nil {
				p.output.complaint() // what it said on the way here is over
				return nil
			}
			var refusal *pgconn.PgError
			if errors.As(err, &refusal) && refusal.Code != "57P03" { // 57P03: starting up
				return fmt.Errorf("open PostgreSQL in %s: %w", p.cluster, err)
			}
		}
	}
}

// passing tells whether the end of a server comes from leftovers of an earlier
// one that will be gone in a moment.
func passing(err error) bool {
	return errors.Is(err, errStarting) || strings.Contains(err.Error(), "pre-existing shared memory block") ||
		strings.Contains(err.Error(), `lock file "postmaster.pid" already exists`)
}

func (p *Postgres) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.AdminURL())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var exists bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", PostgresDatabase).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{PostgresDatabase}.Sanitize())
	return err
}

// writeOut brings a new cluster to the disk while it already serves. initdb
// could do it, and the first start would wait seconds for it on a slow disk.
func (p *Postgres) writeOut() {
	if err := syncFiles(p.cluster); err != nil {
		p.log.Warn("The new PostgreSQL cluster could not be written out at once.", "error", err)
	}
}
