package media

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// files keeps bytes below one folder, from which no name leads out:
//
//	tmp/<random>                                what is still coming in
//	<tenant>/<first two of sha256>/<sha256>.<extension>
type files struct{ root *os.Root }

const incoming = "tmp"

// key is the address of stored bytes.
type key struct {
	tenant    id.ID
	sha256    string
	extension string
}

var keyName = regexp.MustCompile(`^([0-9a-f]{64})\.([a-z]{3,4})$`)

// parseKey reads "<tenant>/<sha256>.<extension>"; whatever else it is given is no key.
func parseKey(text string) (key, bool) {
	owner, name, _ := strings.Cut(text, "/")
	t, err := id.Parse(owner)
	parts := keyName.FindStringSubmatch(name)
	if err != nil || parts == nil {
		return key{}, false
	}
	if _, known := extensionType(parts[2]); !known {
		return key{}, false
	}
	return key{t, parts[1], parts[2]}, true
}

func (k key) String() string { return k.tenant.String() + "/" + k.sha256 + "." + k.extension }

func (k key) url() string { return "/media/" + k.String() }

func (k key) folder() string { return path.Join(k.tenant.String(), k.sha256[:2]) }

func (k key) file() string { return path.Join(k.folder(), k.sha256+"."+k.extension) }

func openFiles(dir string) (files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return files{}, fmt.Errorf("media: folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return files{}, fmt.Errorf("media: folder: %w", err)
	}
	if err := root.MkdirAll(incoming, 0o700); err != nil {
		return files{}, errors.Join(fmt.Errorf("media: folder: %w", err), root.Close())
	}
	return files{root}, nil
}

// draft is a file that is still coming in.
type draft struct {
	file   *os.File
	name   string
	sha256 string
	size   int64
}

// receive writes everything r gives to a draft that is safely on disk. More than limit bytes are an error.
func (f files) receive(r io.Reader, limit int64) (d draft, err error) {
	d.name = path.Join(incoming, id.New().String())
	if d.file, err = f.root.OpenFile(d.name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return d, fmt.Errorf("media: draft: %w", err)
	}
	defer func() {
		if err != nil {
			f.discard(d)
		}
	}()
	sum := sha256.New()
	if d.size, err = io.Copy(io.MultiWriter(draftWriter{d.file}, sum), io.LimitReader(r, limit+1)); err != nil {
		return d, readError(err)
	}
	if d.size > limit {
		return d, ErrTooLarge
	}
	if err := d.file.Sync(); err != nil {
		return d, fmt.Errorf("media: draft: %w", err)
	}
	d.sha256 = hex.EncodeToString(sum.Sum(nil))
	return d, nil
}

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

// discard is of no consequence when it fails: sweeping finds the file later.
func (f files) discard(d draft) {
	_ = d.file.Close()
	_ = f.root.Remove(d.name)
}

// place gives a draft its address. Doing it again, or after somebody else, changes nothing.
func (f files) place(d draft, k key) error {
	if _, err := f.root.Stat(k.file()); err == nil {
		return nil
	}
	if err := f.root.MkdirAll(k.folder(), 0o700); err != nil {
		return fmt.Errorf("media: place: %w", err)
	}
	if err := f.root.Rename(d.name, k.file()); err != nil {
		return fmt.Errorf("media: place: %w", err)
	}
	// The names must be as durable as the bytes.
	for _, folder := range []string{k.folder(), k.tenant.String(), "."} {
		if err := f.syncFolder(folder); err != nil {
			return err
		}
	}
	return nil
}

func (f files) syncFolder(name string) error {
	folder, err := f.root.Open(name)
	if err != nil {
		return fmt.Errorf("media: sync folder: %w", err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (f files) open(k key) (*os.File, error) {
	file, err := f.root.Open(k.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("media: open: %w", err)
	}
	return file, nil
}

// remove deletes stored bytes; they may be gone already.
func (f files) remove(k key) error {
	if err := f.root.Remove(k.file()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("media: remove: %w", err)
	}
	return nil
}

// walk removes drafts and calls found for stored files that were written longer ago than age.
func (f files) walk(age time.Duration, found func(k key) error) error {
	now, err := f.clock()
	if err != nil {
		return err
	}
	before := now.Add(-age)
	return fs.WalkDir(f.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return ignoreMissing(err)
		}
		info, err := entry.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if !info.ModTime().Before(before) {
			return nil
		}
		folder, file := path.Split(name)
		if folder == incoming+"/" {
			return ignoreMissing(f.root.Remove(name))
		}
		owner, _, _ := strings.Cut(folder, "/")
		if k, ok := parseKey(owner + "/" + file); ok {
			return found(k)
		}
		return nil
	})
}

// clock asks the file system for its time: the shop's clock may be moved, and a file server has one of its own.
func (f files) clock() (time.Time, error) {
	name := path.Join(incoming, id.New().String())
	file, err := f.root.Create(name)
	if err != nil {
		return time.Time{}, fmt.Errorf("media: clock: %w", err)
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close(), f.root.Remove(name)); err != nil {
		return time.Time{}, fmt.Errorf("media: clock: %w", err)
	}
	return info.ModTime(), nil
}

// ignoreMissing: others work in the folder too.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
