package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// local is a folder, from which no name leads out.
type local struct {
	dir  string
	root *os.Root
}

func openLocal(dir string) (*local, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("media: folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("media: folder: %w", err)
	}
	return &local{dir, root}, nil
}

func (l *local) String() string { return "folder " + l.dir }

// put gives the file a second name once its bytes are safe, and then makes the names as durable as they are.
func (l *local) put(_ context.Context, name, file, _ string) error {
	if _, err := l.root.Stat(name); err == nil {
		return nil
	}
	if err := syncPath(file); err != nil {
		return err
	}
	if err := l.link(name, file); err != nil {
		return err
	}
	for folder := path.Dir(name); ; folder = path.Dir(folder) {
		if err := ignoreMissing(syncPath(filepath.Join(l.dir, folder))); err != nil || folder == "." {
			return err
		}
	}
}

// link may have to make the folder more than once: whoever removes the last object of one removes the folder too.
func (l *local) link(name, file string) error {
	const tries = 100
	var err error
	for range tries {
		// It may come and go between two looks of MkdirAll, which then finds it there or missing; the link tells.
		if err = l.root.MkdirAll(path.Dir(name), 0o700); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			return err
		}
		err = os.Link(file, filepath.Join(l.dir, filepath.FromSlash(name)))
		switch {
		case errors.Is(err, fs.ErrExist): // somebody else was quicker with the same
			return nil
		case errors.Is(err, syscall.EXDEV), errors.Is(err, syscall.EPERM), errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.EMLINK):
			err = l.copyIn(name, file)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return err
}

// copyIn is for a file of another file system, or one that knows no second names.
func (l *local) copyIn(name, file string) error {
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	beside := name + "." + id.New().String()
	to, err := l.root.Create(beside)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return errors.Join(err, l.root.Remove(beside))
	}
	return l.root.Rename(beside, name)
}

// syncPath makes a file or a folder's names durable.
func syncPath(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (l *local) open(_ context.Context, name string) (object, error) {
	file, err := l.root.Open(name)
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (l *local) exists(_ context.Context, name string) (bool, error) {
	_, err := l.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (l *local) remove(_ context.Context, name string) error {
	if err := l.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// The folder of renditions goes with the last of them; others come back when they are needed.
	_ = l.root.Remove(path.Dir(name))
	return nil
}

func (l *local) walk(ctx context.Context, prefix string, age time.Duration, seen func(name string) error) error {
	now, err := l.clock()
	if err != nil {
		return err
	}
	before := now.Add(-age)
	from := strings.TrimSuffix(prefix, "/")
	if from == "" {
		from = "."
	}
	return fs.WalkDir(l.root.FS(), from, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return ignoreMissing(err)
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir() && name == scratchFolder:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		if age > 0 && !info.ModTime().Before(before) {
			return nil
		}
		return seen(name)
	})
}

// clock asks the file system for its time: the shop's clock may be moved, and a file server has one of its own.
func (l *local) clock() (time.Time, error) { return folderClock(l.root, ".") }

func (l *local) presign(context.Context, grant) (signed, bool, error) { return signed{}, false, nil }

// folderClock is the time a file gets that is written now.
func folderClock(root *os.Root, folder string) (time.Time, error) {
	name := path.Join(folder, id.New().String())
	file, err := root.Create(name)
	if err != nil {
		return time.Time{}, err
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close(), root.Remove(name)); err != nil {
		return time.Time{}, err
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
