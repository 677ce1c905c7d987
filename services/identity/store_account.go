package identity

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/rpc"
)

const staffColumns = "a.id, a.email, a.name, a.role, a.disabled_at is not null, a.last_login_at, a.version, a.created_at, a.updated_at"

func (s *Staff) columns() []any {
	return []any{&s.ID, &s.Email, &s.Name, &s.Role, &s.Disabled, &s.LastLoginAt, &s.Version, &s.CreatedAt, &s.UpdatedAt}
}

const customerColumns = "a.id, a.email, a.name, a.phone, a.accepts_marketing, a.version, a.created_at, a.updated_at"

func (c *Customer) columns() []any {
	return []any{&c.ID, &c.Email, &c.Name, &c.Phone, &c.AcceptsMarketing, &c.Version, &c.CreatedAt, &c.UpdatedAt}
}

// customerSeen is what staff see of a customer.
const customerSeen = customerColumns + ", " + groupsOf

func (c *Customer) seen() []any { return append(c.columns(), &c.Groups) }

// readStaff loads one who has just proved who they are.
func readStaff(ctx context.Context, db *pg.DB, who id.ID) (Staff, error) {
	var s Staff
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+staffColumns+" from staff a where a.id = $1", who), &found, s.columns()...)
	})
	if err == nil && !found {
		err = ErrSessionEnded // removed since
	}
	return s, err
}

// readStaffOf loads the staff member behind an access token, unless disabled or signed out meanwhile.
func readStaffOf(ctx context.Context, db *pg.DB, p auth.Principal) (Staff, error) {
	var s Staff
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+staffColumns+` from staff a where a.id = $1 and a.disabled_at is null
			and exists (select from sessions s where s.id = $2 and s.staff_id = a.id and s.revoked_at is null)`, p.ID, p.Session), &found, s.columns()...)
	})
	if err == nil && !found {
		err = auth.ErrUnauthenticated
	}
	return s, err
}

func readCustomer(ctx context.Context, db *pg.DB, who id.ID) (Customer, error) {
	var c Customer
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+customerSeen+" from customers a where a.id = $1", who), &found, c.seen()...)
	})
	if err == nil && !found {
		err = ErrCustomerNotFound
	}
	return c, err
}

const customerOf = " from customers a where a.id = $1 and exists (select from sessions s where s.id = $2 and s.customer_id = a.id and s.revoked_at is null)"

// readCustomerOf loads the customer behind an access token, unless signed out meanwhile.
func readCustomerOf(ctx context.Context, db *pg.DB, p auth.Principal) (Customer, error) {
	var c Customer
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+customerColumns+customerOf, p.ID, p.Session), &found, c.columns()...)
	})
	if err == nil && !found {
		err = auth.ErrUnauthenticated
	}
	return c, err
}

func lockCustomerOf(ctx context.Context, tx *pg.Tx, p auth.Principal) (Customer, error) {
	var c Customer
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+customerColumns+customerOf+" for no key update of a", p.ID, p.Session), &found, c.columns()...)
	})
	if err == nil && !found {
		err = auth.ErrUnauthenticated
	}
	return c, err
}

// findStaff loads a member of staff that somebody asks for.
func findStaff(ctx context.Context, db *pg.DB, who id.ID) (Staff, error) {
	var s Staff
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+staffColumns+" from staff a where a.id = $1", who), &found, s.columns()...)
	})
	if err == nil && !found {
		err = ErrStaffNotFound
	}
	return s, err
}

// lockTeam makes whoever decides about staff wait for each other: two owners must not take each other's role away.
const lockTeam = "select from shops for no key update"

// lockStaff locks a member of staff for a change, and counts the others who can act as owners. An actor who has lost the
// right to since is refused.
func lockStaff(ctx context.Context, tx *pg.Tx, who id.ID, by auth.Principal) (s Staff, owners int, err error) {
	if err := tx.Read(ctx, func(b *pg.Batch) { b.Queue(lockTeam) }); err != nil { // first, and alone: what follows sees what others did
		return s, 0, err
	}
	var found, counted, signedIn, may bool
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+staffColumns+" from staff a where a.id = $1 for no key update", who), &found, s.columns()...)
		pg.Row(b.Queue("select count(*) from staff a where a.id <> $1 and a.role = 'owner' and a.disabled_at is null", who), &counted, &owners)
		pg.Row(b.Queue(`select a.role = 'owner' from staff a where a.id = $1 and a.disabled_at is null
			and exists (select from sessions s where s.id = $2 and s.staff_id = a.id and s.revoked_at is null)`, by.ID, by.Session), &signedIn, &may)
	})
	switch {
	case err != nil:
		return s, 0, err
	case by.Kind == auth.Staff && !signedIn:
		return s, 0, auth.ErrUnauthenticated
	case by.Kind == auth.Staff && !may:
		return s, 0, rpc.ErrDenied.WithObject(map[string]any{"permission": "users:write"})
	case !found:
		return s, 0, ErrStaffNotFound
	}
	return s, owners, nil
}

// saveStaff also signs out whoever is locked out.
func saveStaff(w *pg.Writes, s Staff) {
	w.Exec(`update staff set name = $2, role = $3, disabled_at = case when $4 then coalesce(disabled_at, $6) end, version = $5, updated_at = $6
		where id = $1`, s.ID, s.Name, s.Role, s.Disabled, s.Version, s.UpdatedAt)
	if s.Disabled {
		w.Exec("update sessions set revoked_at = $2 where staff_id = $1 and revoked_at is null", s.ID, s.UpdatedAt)
	}
}

// deleteStaff takes the sessions with it.
func deleteStaff(w *pg.Writes, who id.ID) { w.Exec("delete from staff where id = $1", who) }

func insertStaff(w *pg.Writes, s Staff, hash string) {
	w.Exec("insert into staff (id, email, name, role, password_hash, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6)",
		s.ID, s.Email, s.Name, s.Role, hash, s.CreatedAt)
}

// countStaff counts with the team locked, so that of many who come to an empty shop at once one finds it empty.
func countStaff(ctx context.Context, tx *pg.Tx) (n int, err error) {
	if err := tx.Read(ctx, func(b *pg.Batch) { b.Queue(lockTeam) }); err != nil {
		return 0, err
	}
	var found bool
	err = tx.Read(ctx, func(b *pg.Batch) { pg.Row(b.Queue("select count(*) from staff"), &found, &n) })
	return n, err
}

func hasStaff(ctx context.Context, db *pg.DB) (bool, error) {
	var found bool
	err := db.Read(ctx, func(b *pg.Batch) {
		b.Queue("select exists (select from staff)").QueryRow(func(row pgx.Row) error { return row.Scan(&found) })
	})
	return found, err
}

func hasCustomer(ctx context.Context, tx *pg.Tx, email string) (bool, error) {
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) { pg.Row(b.Queue("select from customers where email = $1", email), &found) })
	return found, err
}

func insertCustomer(w *pg.Writes, c Customer, hash string) {
	w.Exec(`insert into customers (id, email, password_hash, name, phone, accepts_marketing, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $7)`, c.ID, c.Email, hash, c.Name, c.Phone, c.AcceptsMarketing, c.CreatedAt)
}

func saveCustomer(w *pg.Writes, c Customer) {
	w.Exec("update customers set name = $2, phone = $3, accepts_marketing = $4, version = $5, updated_at = $6 where id = $1",
		c.ID, c.Name, c.Phone, c.AcceptsMarketing, c.Version, c.UpdatedAt)
}

// Lists are newest first, which is the order of their ids.

func listStaff(ctx context.Context, db *pg.DB, r page.Request) ([]Staff, int64, error) {
	after, err := position(r)
	if err != nil {
		return nil, 0, err
	}
	var out []Staff
	var total int64
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select "+staffColumns+` from staff a where $1::uuid is null or a.id < $1
			order by a.id desc limit $2 offset $3`, after, r.Limit+1, r.Offset()), func(rows pgx.Rows) error {
			var s Staff
			if err := rows.Scan(s.columns()...); err != nil {
				return err
			}
			out = append(out, s)
			return nil
		})
		b.Queue("select count(*) from (select 1 from staff limit $1) t", page.CountLimit+1).
			QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	})
	return out, total, err
}

// lockCustomer locks a customer for a change by staff.
func lockCustomer(ctx context.Context, tx *pg.Tx, who id.ID) (Customer, error) {
	var c Customer
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+customerSeen+" from customers a where a.id = $1 for no key update", who), &found, c.seen()...)
	})
	if err == nil && !found {
		err = ErrCustomerNotFound
	}
	return c, err
}

// listCustomers reads one page and the total; of those in a group, when there is one.
func listCustomers(ctx context.Context, db *pg.DB, r page.Request, q string, group id.ID) ([]Customer, int64, error) {
	after, err := position(r)
	if err != nil {
		return nil, 0, err
	}
	from, key, args := "customers a", "a.id", []any{q}
	if !group.IsZero() {
		from = "customer_group_members m join customers a on a.tenant_id = m.tenant_id and a.id = m.customer_id and m.group_id = $2"
		key, args = "m.customer_id", append(args, group)
	}
	n := len(args)
	var out []Customer
	var total int64
	err = db.Read(ctx, func(b *pg.Batch) {
		out = nil
		// Every character stands for itself.
		const matches = " where ($1::text = '' or position($1 in a.email) > 0)"
		pg.Each(b.Queue(fmt.Sprintf("select "+customerSeen+" from "+from+matches+" and ($%[1]d::uuid is null or "+key+" < $%[1]d) order by "+key+
			" desc limit $%[2]d offset $%[3]d", n+1, n+2, n+3), append(slices.Clone(args), after, r.Limit+1, r.Offset())...), func(rows pgx.Rows) error {
			var c Customer
			if err := rows.Scan(c.seen()...); err != nil {
				return err
			}
			out = append(out, c)
			return nil
		})
		b.Queue(fmt.Sprintf("select count(*) from (select 1 from "+from+matches+" limit $%d) t", n+1), append(slices.Clone(args), page.CountLimit+1)...).
			QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	})
	return out, total, err
}

// position reads where a list goes on: after the row of an id.
func position(r page.Request) (*id.ID, error) {
	if len(r.After) == 0 {
		return nil, nil //nolint:nilnil // from the start
	}
	parts, err := page.ParseKey(r.After, 1)
	if err != nil {
		return nil, err //nolint:wrapcheck // a fault
	}
	after, err := id.Parse(parts[0])
	if err != nil {
		return nil, page.ErrBadCursor
	}
	return &after, nil
}
