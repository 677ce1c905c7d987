package embed

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// childDir is how a test tells a copy of this program to run a cluster until
// it is killed or its standard input ends.
const childDir = "EMBED_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		os.Exit(runChild(dir))
	}
	goleak.VerifyTestMain(m)
}

func runChild(dir string) int {
	ctx := context.Background()
	p, err := StartPostgres(ctx, PostgresConfig{DataDir: dir, FsyncOff: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(p.PID())
	io.Copy(io.Discard, os.Stdin)
	if err := p.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// child is another process that runs a cluster.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	pid   int // of the server
}

// startChild runs a copy of this program; as says under which user, nil for ours.
func startChild(t *testing.T, program, dir string, as *syscall.Credential) *child {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	cmd.Dir = filepath.Dir(dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	c := &child{cmd: cmd, stdin: stdin}
	t.Cleanup(func() {
		stdin.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	must(t, err)
	if _, err := fmt.Sscan(line, &c.pid); err != nil {
		t.Fatalf("the child said %q instead of a pid", line)
	}
	return c
}

// openDir is a fresh data folder that every user can reach. t.TempDir is one
// that only we can.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embed-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o711))
	return filepath.Join(dir, "data")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	late := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("%s did not happen within 30 seconds", what)
		}
	}
}

// testLog shows what happened when a test fails.
func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}
