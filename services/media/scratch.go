package media

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const scratchFolder = "tmp"

// scratch is a folder for what is still coming in or being made. Whatever lies in it may be thrown away once nobody works
// on it.
type scratch struct {
	root *os.Root
	dir  string
}

func openScratch(dir string) (scratch, error) {
	dir = filepath.Join(dir, scratchFolder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return scratch{}, fmt.Errorf("media: folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return scratch{}, fmt.Errorf("media: folder: %w", err)
	}
	return scratch{root, dir}, nil
}

// path of a new file.
func (s scratch) path() string { return filepath.Join(s.dir, id.New().String()) }

// draft is a file that is still coming in.
type draft struct {
	path   string
	sha256 string
	size   int64
}

// receive writes everything r gives to a draft. More than limit bytes are ErrTooLarge.
func (s scratch) receive(r io.Reader, limit int64) (d draft, err error) {
	d.path = s.path()
	defer func() {
		if err != nil {
			d.discard()
		}
	}()
	file, err := os.OpenFile(d.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return d, unavailable(err)
	}
	defer file.Close()
	sum := sha256.New()
	if d.size, err = io.CopyBuffer(io.MultiWriter(draftWriter{file}, sum), struct{ io.Reader }{io.LimitReader(r, limit+1)}, make([]byte, 128<<10)); err != nil {
		return d, readError(err)
	}
	if d.size > limit {
		return d, ErrTooLarge
	}
	d.sha256 = hex.EncodeToString(sum.Sum(nil))
	return d, nil
}

// discard is of no consequence when it fails: sweeping finds the file later.
func (d draft) discard() { _ = os.Remove(d.path) }

// draftWriter marks errors of the disk, so that they are told from those of the sender.
type draftWriter struct{ w io.Writer }

type diskError struct{ error }

func (e diskError) Unwrap() error { return e.error }

func (w draftWriter) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if err != nil {
		err = diskError{err}
	}
	return n, err
}

// readError tells a sender that went away, or sends too much, from a disk that does not take the bytes.
func readError(err error) error {
	var disk diskError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &disk):
		return unavailable(disk.error)
	case errors.As(err, &large):
		return ErrTooLarge
	}
	return ErrInterrupted.WithCause(err)
}

// sum adds a file up.
func sum(file string) (d draft, err error) {
	d.path = file
	f, err := os.Open(file)
	if err != nil {
		return d, err
	}
	defer f.Close()
	h := sha256.New()
	if d.size, err = io.Copy(h, f); err != nil {
		return d, err
	}
	d.sha256 = hex.EncodeToString(h.Sum(nil))
	return d, nil
}

// sweep removes what was written longer ago than age.
func (s scratch) sweep(age time.Duration) error {
	now, err := folderClock(s.root, ".")
	if err != nil {
		return err
	}
	entries, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return err
	}
	var failed error
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && info.ModTime().Before(now.Add(-age)) {
			err = s.root.RemoveAll(entry.Name())
		}
		failed = errors.Join(failed, ignoreMissing(err))
	}
	return failed
}
