package embed

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLockDataDirIsExclusive(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "on", "demand")
	lock, err := LockDataDir(dir)
	must(t, err)

	var held *HeldError
	if _, err := LockDataDir(dir); !errors.As(err, &held) {
		t.Fatalf("a second lock gave %v, want a HeldError", err)
	}
	if held.PID != os.Getpid() || held.Folder != dir || time.Since(held.Started) > time.Minute {
		t.Errorf("the holder is %+v, want this process", held)
	}
	if !strings.Contains(held.Command, filepath.Base(os.Args[0])) {
		t.Errorf("the holder's command is %q, want %s", held.Command, os.Args[0])
	}

	must(t, lock.Release())
	lock, err = LockDataDir(dir)
	must(t, err)
	must(t, lock.Release())
}

func TestLockDataDirWithUnreadableNote(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := LockDataDir(dir)
	must(t, err)
	defer lock.Release()
	must(t, os.WriteFile(filepath.Join(dir, lockName), []byte("rubbish"), 0o600))
	var held *HeldError
	if _, err := LockDataDir(dir); !errors.As(err, &held) || held.PID != 0 || !strings.Contains(err.Error(), "another process") {
		t.Errorf("got %v, want a HeldError without a pid", err)
	}
}

func TestLockDataDirWantsAbsolutePath(t *testing.T) {
	t.Parallel()
	if _, err := LockDataDir("relative"); err == nil {
		t.Error("a relative folder was accepted")
	}
}
