package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// storage keeps objects, bytes under a name, of which no reader ever sees a part. Names have no empty segments and no dots
// alone. What is not there is fs.ErrNotExist; any other error means that the storage cannot do it now.
type storage interface {
	// put takes the bytes of a file, which stays. Doing it again changes nothing.
	put(ctx context.Context, name, file, contentType string) error
	open(ctx context.Context, name string) (object, error)
	exists(ctx context.Context, name string) (bool, error)
	// remove may be called for what is not there.
	remove(ctx context.Context, name string) error
	// walk calls seen for every object below a prefix that was written longer ago than age, by the storage's own clock.
	walk(ctx context.Context, prefix string, age time.Duration, seen func(name string) error) error
	// presign makes an address under which anybody may do one thing with one object for a time; false when the storage
	// has none, and this room's own are to be used.
	presign(ctx context.Context, g grant) (signed, bool, error)
	String() string
}

// object is an open one.
type object interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// grant is what a signed address allows.
type grant struct {
	put         bool // else get
	name        string
	size        int64  // of what is put
	filename    string // of what is got
	contentType string
	ttl         time.Duration
}

// signed is an address, with the headers that have to be sent along.
type signed struct {
	url     string
	headers map[string]string
}

// unavailable is the fault of a storage that does not do what it should.
func unavailable(err error) error {
	var f *fault.Fault
	if err == nil || errors.As(err, &f) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, context.Canceled) {
		return err
	}
	return ErrStorage.WithRetryAfter(retryStorage).WithCause(err)
}

const retryStorage = 10 * time.Second

// removeAll removes what is below a prefix.
func removeAll(ctx context.Context, s storage, prefix string) error {
	var names []string
	if err := s.walk(ctx, prefix, 0, func(name string) error {
		names = append(names, name)
		return nil
	}); err != nil {
		return err
	}
	for _, name := range names {
		if err := s.remove(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// fetch copies an object to a file, at most limit bytes of it.
func fetch(ctx context.Context, s storage, name string, to io.Writer, limit int64) (int64, error) {
	from, err := s.open(ctx, name)
	if err != nil {
		return 0, err
	}
	defer from.Close()
	return io.Copy(to, io.LimitReader(from, limit))
}

// probe writes, reads and removes a small object.
func probe(ctx context.Context, s storage, scratch scratch) error {
	name := path.Join(healthFolder, id.New().String())
	file := scratch.path()
	if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
		return fmt.Errorf("scratch folder: %w", err)
	}
	defer os.Remove(file) //nolint:errcheck // the sweep finds it
	if err := s.put(ctx, name, file, "text/plain"); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	o, err := s.open(ctx, name)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	got, err := io.ReadAll(io.LimitReader(o, 1<<10))
	if err := errors.Join(err, o.Close()); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if string(got) != name {
		return errors.New("read: it is not what was written")
	}
	if err := s.remove(ctx, name); err != nil {
		return fmt.Errorf("remove: %w", err)
	}
	return nil
}
