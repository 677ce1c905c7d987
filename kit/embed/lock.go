package embed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// lockName is the file in the data folder that carries the lock.
const lockName = "sovecom.lock"

// Lock is an exclusive hold on a folder. The kernel gives it up when the
// process ends, however it ends, so a stale lock does not exist.
type Lock struct{ file *os.File }

// HeldError says that another process holds a lock, and which one.
type HeldError struct {
	Folder  string    // the folder in question
	PID     int       // 0 when unknown
	Command string    // "" when unreadable
	Started time.Time // when it took the lock; zero when unknown
}

// Error names the folder and its holder in one sentence.
func (e *HeldError) Error() string {
	who := "another process"
	if e.PID > 0 {
		who = "process " + strconv.Itoa(e.PID)
		if e.Command != "" {
			who += " (" + e.Command + ")"
		}
		if !e.Started.IsZero() {
			who += ", running since " + e.Started.Format(time.RFC3339)
		}
	}
	return fmt.Sprintf("the folder %s is already in use by %s; stop it first or choose another folder", e.Folder, who)
}

// LockDataDir takes the data folder for this process, creating it when it is
// missing. A *HeldError says who has it already. Two calls within one process
// exclude each other too.
func LockDataDir(dir string) (*Lock, error) {
	if err := makeDataDir(dir); err != nil {
		return nil, err
	}
	return lockFile(filepath.Join(dir, lockName), dir)
}

// Release gives the lock up. The file stays: removing it would let two
// processes hold two different files of the same name.
func (l *Lock) Release() error {
	// Closing alone would leave the lock with a child that is being forked
	// right now and has not yet dropped our files.
	err := syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN)
	return errors.Join(err, l.file.Close())
}

// lockFile locks the file at path on behalf of folder.
func lockFile(path, folder string) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of %s: %w", folder, err)
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		held := readHolder(file, folder)
		file.Close()
		return nil, held
	}
	if err == nil {
		err = writeHolder(file)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", folder, err)
	}
	return &Lock{file: file}, nil
}

// writeHolder notes who holds the lock. It informs people; the flock decides.
func writeHolder(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt(fmt.Appendf(nil, "%d\n%s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339)), 0)
	return err
}

func readHolder(file *os.File, folder string) *HeldError {
	held := &HeldError{Folder: folder}
	note, err := io.ReadAll(io.LimitReader(file, 256))
	if err != nil {
		return held
	}
	pid, started, _ := bytes.Cut(note, []byte("\n"))
	if held.PID, err = strconv.Atoi(string(pid)); err != nil {
		held.PID = 0
		return held
	}
	if at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(started))); err == nil {
		held.Started = at
	}
	held.Command = commandOf(held.PID)
	return held
}

// makeDataDir creates the data folder when it is missing. As root it may be
// entered (not listed) by others, since the unprivileged PostgreSQL has to get
// to its own folder below it; an existing folder is left as it is.
func makeDataDir(dir string) error {
	if !filepath.IsAbs(dir) {
		return fmt.Errorf("the data folder must be an absolute path, not %q", dir)
	}
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return fmt.Errorf("create the data folder: %w", err)
	}
	return nil
}
