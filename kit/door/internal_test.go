package door

import (
	"context"
	"strconv"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"pgregory.net/rapid"
)

func TestCancellationBeforeItsRequest(t *testing.T) {
	t.Parallel()
	c := newCancellations()
	c.cancel("early")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.begin("early", cancel)
	if ctx.Err() == nil {
		t.Error("the call runs although it was cancelled before it came")
	}
	other, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.begin("early", cancel)
	if other.Err() != nil {
		t.Error("a cancellation was used twice")
	}
}

func TestCancellationsAreForgotten(t *testing.T) {
	t.Parallel()
	c := newCancellations()
	for i := range 3 * rememberEarly {
		c.cancel(strconv.Itoa(i))
	}
	if len(c.early) > rememberEarly {
		t.Errorf("%d cancellations are remembered", len(c.early))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.begin("last", cancel)
	c.end("last")
	c.cancel("last")
	if ctx.Err() != nil || len(c.running) != 0 {
		t.Error("a call that ended is still there")
	}
}

func TestDetachedContextTellsLateFromCancelled(t *testing.T) {
	t.Parallel()
	late, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	ctx, end := detach(late, time.Hour)
	defer end()
	<-ctx.Done()
	if ctx.Err() != context.DeadlineExceeded {
		t.Errorf("late is %v", ctx.Err())
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	ctx, end = detach(gone, time.Hour)
	defer end()
	if ctx.Err() != context.Canceled {
		t.Errorf("cancelled is %v", ctx.Err())
	}
}

// What a stranger puts into a header must come out as a value every door carries, and a clean value unchanged.
func TestCleanValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "value")
		clean := cleanValue(s)
		if cleanValue(clean) != clean {
			t.Fatalf("%q becomes %q and then %q", s, clean, cleanValue(clean))
		}
		for _, r := range clean {
			if isControl(r) {
				t.Fatalf("%q becomes %q", s, clean)
			}
		}
	})
}

func TestTimeoutCrosses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(int64(-time.Hour), int64(24*time.Hour)).Draw(t, "timeout"))
		got, ok := decodeTimeout(encodeTimeout(d))
		if want := max(d.Truncate(time.Microsecond), time.Microsecond); !ok || got != want {
			t.Fatalf("%v becomes %v, %v", d, got, ok)
		}
	})
}

func FuzzDecodeError(f *testing.F) {
	f.Add(encodeError(connect.NewError(connect.CodeNotFound, "There is no such product.")))
	f.Add([]byte{0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		err := decodeError(data)
		if err == nil || err.Code() < connect.CodeCanceled || err.Code() > connect.CodeUnauthenticated {
			t.Fatalf("%x is %v", data, err)
		}
	})
}
