package fault_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/kit/fault"
)

func TestCrossesADoorUnchanged(t *testing.T) {
	t.Parallel()
	declared := fault.Conflict("inventory.insufficient_stock", "There is not enough stock.")
	sent := declared.
		WithCause(errors.New("pq: secret table name")).
		WithField("items[0].quantity", "too_large", "Only 1 is left.").
		WithObject(map[string]any{"variantId": "v", "available": 1}).
		WithRetryAfter(1500 * time.Millisecond)

	wire := fault.ToConnect(fmt.Errorf("reserve: %w", sent))
	if strings.Contains(wire.Message(), "secret") {
		t.Fatalf("the cause leaked: %q", wire.Message())
	}
	got := fault.From(fault.FromConnect(wire))
	if !errors.Is(got, declared) {
		t.Fatalf("got %v, which is not the declared fault", got)
	}
	if got.Kind() != fault.KindConflict || got.Kind().HTTPStatus() != 409 {
		t.Errorf("kind %d, status %d", got.Kind(), got.Kind().HTTPStatus())
	}
	if f := got.Fields(); len(f) != 1 || f[0].Field != "items[0].quantity" {
		t.Errorf("fields %v", f)
	}
	if o := got.Objects(); len(o) != 1 || o[0]["available"] != float64(1) {
		t.Errorf("objects %v", o)
	}
	if got.RetryAfter() != 2*time.Second {
		t.Errorf("retry after %v, want it rounded up to 2s", got.RetryAfter())
	}
}

func TestUndeclaredErrorsAreNeutral(t *testing.T) {
	t.Parallel()
	f := fault.From(errors.New("dial tcp 10.0.0.1:5432: refused"))
	if f.Kind() != fault.KindInternal || strings.Contains(f.Message(), "10.0.0.1") {
		t.Fatalf("got %v %q", f.Kind(), f.Message())
	}
	if got := fault.From(context.DeadlineExceeded).Kind(); got != fault.KindDeadline {
		t.Errorf("deadline became kind %d", got)
	}
	if fault.From(nil) != nil {
		t.Error("no error became a fault")
	}
}

// What a door itself says, because nobody answered behind it, has an owner in its code like everything else.
func TestDoorsHaveCodesToo(t *testing.T) {
	t.Parallel()
	for code, want := range map[connect.Code]string{
		connect.CodeUnavailable: "shop.unavailable", connect.CodeDeadlineExceeded: "shop.deadline_exceeded", connect.CodeCanceled: "shop.canceled",
	} {
		f := fault.From(fault.FromConnect(connect.NewError(code, "nats: no responders")))
		if f.Code() != want || strings.Contains(f.Message(), "nats") || f.Kind().HTTPStatus() != 503 {
			t.Errorf("%v became %s %q", code, f.Code(), f.Message())
		}
	}
}

func TestWithCopies(t *testing.T) {
	t.Parallel()
	base := fault.Invalid("x.bad", "Bad.")
	_ = base.WithField("a", "b", "c")
	if len(base.Fields()) != 0 {
		t.Fatal("a declared fault was changed")
	}
}
