package pg_test

import (
	"context"
	"testing"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestCopyIn(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := pgtest.Context(t)
	theirs := addTenant(t, db.DB)
	other, _ := tenant.From(theirs)
	copyIn := func(ctx context.Context, columns []string, rows ...[]any) error {
		return db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error { return tx.CopyIn(ctx, "jars", columns, rows) })
	}
	plain := []string{"id", "n"}
	a, b, c := id.New(), id.New(), id.New()
	if err := copyIn(ctx, plain, []any{a, int64(1)}, []any{b, int64(2)}); err != nil {
		t.Fatal(err)
	}
	// Refused whole, and whoever uses the connection next finds nothing of it: what breaks a rule, what is there already, and
	// what would be another tenant's.
	for what, err := range map[string]error{
		"a rule":         copyIn(ctx, plain, []any{id.New(), int64(7)}, []any{id.New(), int64(-1)}),
		"a double":       copyIn(ctx, plain, []any{id.New(), int64(7)}, []any{a, int64(3)}),
		"another tenant": copyIn(ctx, []string{"id", "tenant_id", "n"}, []any{id.New(), other, int64(7)}),
	} {
		if err == nil {
			t.Errorf("%s is let through", what)
		}
	}
	if err := copyIn(theirs, plain, []any{c, int64(3)}); err != nil {
		t.Fatal(err)
	}
	// Twice in one transaction, and nothing at all.
	d, e := id.New(), id.New()
	if err := db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		for _, rows := range [][][]any{{{d, int64(4)}}, nil, {{e, int64(5)}}} {
			if err := tx.CopyIn(ctx, "jars", plain, rows); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for shop, want := range map[context.Context]int64{ctx: 1 + 2 + 4 + 5, theirs: 3} {
		var sum int64
		var found bool
		if err := db.Read(shop, func(batch *pg.Batch) { pg.Row(batch.Queue("select sum(n)::bigint from jars"), &found, &sum) }); err != nil || sum != want {
			t.Errorf("a tenant has %d, want %d (%v)", sum, want, err)
		}
	}
}
