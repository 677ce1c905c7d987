package embed

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"
)

// supervise runs the server until Stop. The thread stays with this goroutine,
// because the kernel ties the child's life to the thread that started it.
func (p *Postgres) supervise() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	defer p.release()
	wait := firstWait
	for {
		began := time.Now()
		err := p.run()
		select {
		case <-p.stop:
			return
		default:
		}
		if time.Since(began) >= goodRun {
			wait = firstWait
		}
		p.log.Error("PostgreSQL ended unexpectedly and is started again.", "error", err, "after", wait)
		select {
		case p.exits <- err:
		default: // nobody waits for the first start any more
		}
		select {
		case <-p.stop:
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, longestWait)
	}
}

// run is one life of the server.
func (p *Postgres) run() error {
	if _, err := runningServer(p.cluster); err != nil {
		return err
	}
	// Sockets of a killed server carry a pid of their own, with the same
	// trouble. The folder is ours alone, so they are nobody else's.
	if stale, err := filepath.Glob(filepath.Join(p.socket, ".s.PGSQL.*")); err == nil {
		for _, path := range stale {
			_ = os.Remove(path) // the server says so itself if one is in its way
		}
	}
	cmd := p.id.dress(exec.Command(filepath.Join(p.bin.Dir, "postgres"), p.arguments()...), p.cluster)
	cmd.Stderr = p.output
	// Backends that outlive a killed postmaster hold the pipe for a moment.
	cmd.WaitDelay = 2 * time.Second
	p.mu.Lock()
	if p.stopping {
		p.mu.Unlock()
		return nil
	}
	err := cmd.Start()
	if err == nil {
		p.process = cmd.Process
	}
	p.mu.Unlock()
	if err != nil {
		return err
	}
	err = cmd.Wait()
	p.mu.Lock()
	p.process = nil
	p.mu.Unlock()
	complaint := p.output.complaint()
	switch {
	case err == nil:
		return errors.New("it was shut down by somebody else")
	case cmd.ProcessState.Exited() && complaint != "":
		return errors.New(complaint)
	default: // it was killed, and what it said before explains nothing
		return err
	}
}

// arguments are the server's parameters. They are given on the command line
// so that the files of the cluster stay as initdb wrote them and a change of
// ours reaches old clusters too.
func (p *Postgres) arguments() []string {
	listen := ""
	if p.cfg.ListenTCP {
		listen = "127.0.0.1"
	}
	settings := map[string]string{
		"listen_addresses":        listen,
		"port":                    strconv.Itoa(p.port),
		"unix_socket_directories": p.socket,
		"max_connections":         strconv.Itoa(p.cfg.MaxConnections),
		"shared_buffers":          "128MB",
		"effective_cache_size":    "512MB",
		"max_wal_size":            "1GB",
		"wal_compression":         "on",
		"random_page_cost":        "1.1", // solid-state disks
		"jit":                     "off", // costs more than it saves on short queries
		"autovacuum_naptime":      "10s", // a new shop grows fast, and plans follow statistics
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"log_checkpoints":         "off",
		// Faults of statements go to their callers. Their texts and details
		// hold personal data, which no log may.
		"log_min_messages":        "log",
		"log_min_error_statement": "panic",
		"log_error_verbosity":     "terse",
	}
	if p.cfg.FsyncOff {
		maps.Copy(settings, map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
			"wal_level": "minimal", "max_wal_senders": "0",
		})
	}
	maps.Copy(settings, p.cfg.Settings)
	args := []string{"-D", p.cluster}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}
