package identity

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

const groupColumns = "g.id, g.code, g.name, g.version, g.created_at, g.updated_at"

func (g *Group) columns() []any {
	return []any{&g.ID, &g.Code, &g.Name, &g.Version, &g.CreatedAt, &g.UpdatedAt}
}

const membership = " from customer_group_members m join customer_groups g on g.tenant_id = m.tenant_id and g.id = m.group_id where m.customer_id = a.id"

const (
	// codesOf is the groups of a customer as an access token names them.
	codesOf = "array(select g.code" + membership + " order by g.code)"
	// groupsOf is the groups of a customer as staff see them.
	groupsOf = "(select coalesce(json_agg(json_build_object('id', g.id, 'code', g.code, 'name', g.name) order by g.code), '[]')" + membership + ")"
)

func readGroup(ctx context.Context, db *pg.DB, which id.ID) (Group, error) {
	return oneGroup(which, "", func(build func(b *pg.Batch)) error { return db.Read(ctx, build) })
}

// lockGroup locks a group, also against customers who would join it.
func lockGroup(ctx context.Context, tx *pg.Tx, which id.ID) (Group, error) {
	return oneGroup(which, " for update", func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

func oneGroup(which id.ID, suffix string, read func(build func(b *pg.Batch)) error) (Group, error) {
	var g Group
	var found bool
	err := read(func(b *pg.Batch) {
		pg.Row(b.Queue("select "+groupColumns+" from customer_groups g where g.id = $1"+suffix, which), &found, g.columns()...)
	})
	if err == nil && !found {
		err = ErrGroupNotFound
	}
	return g, err
}

func insertGroup(w *pg.Writes, g Group) {
	w.Exec("insert into customer_groups (id, code, name, created_at, updated_at) values ($1, $2, $3, $4, $4)", g.ID, g.Code, g.Name, g.CreatedAt)
}

func saveGroup(w *pg.Writes, g Group) {
	w.Exec("update customer_groups set name = $2, version = $3, updated_at = $4 where id = $1", g.ID, g.Name, g.Version, g.UpdatedAt)
}

func deleteGroup(w *pg.Writes, which id.ID) {
	w.Exec("delete from customer_groups where id = $1", which)
}

func countMembers(ctx context.Context, tx *pg.Tx, which id.ID) (n int64, err error) {
	var found bool
	err = tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select count(*) from customer_group_members where group_id = $1", which), &found, &n)
	})
	return n, err
}

// listGroups reads one page by code, and the total.
func listGroups(ctx context.Context, db *pg.DB, r page.Request, q string) ([]Group, int64, error) {
	var after *string
	if len(r.After) > 0 {
		parts, err := page.ParseKey(r.After, 1)
		if err != nil {
			return nil, 0, err //nolint:wrapcheck // a fault
		}
		after = &parts[0]
	}
	const matches = "($1::text = '' or position($1 in lower(g.name)) > 0 or position($1 in g.code) > 0)"
	var out []Group
	var total int64
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		pg.Each(b.Queue("select "+groupColumns+" from customer_groups g where "+matches+` and ($2::text is null or g.code > $2)
			order by g.code limit $3 offset $4`, q, after, r.Limit+1, r.Offset()), func(rows pgx.Rows) error {
			var g Group
			if err := rows.Scan(g.columns()...); err != nil {
				return err
			}
			out = append(out, g)
			return nil
		})
		b.Queue("select count(*) from (select 1 from customer_groups g where "+matches+" limit $2) t", q, page.CountLimit+1).
			QueryRow(func(row pgx.Row) error { return row.Scan(&total) })
	})
	return out, total, err
}

func knownCodes(ctx context.Context, db *pg.DB, codes []string) (known []string, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		known = nil
		pg.Each(b.Queue("select code from customer_groups where code = any($1) order by code", codes), func(rows pgx.Rows) error {
			var code string
			err := rows.Scan(&code)
			known = append(known, code)
			return err
		})
	})
	return known, err
}

// lockMember locks a customer, and the groups that are asked for against being deleted.
func lockMember(ctx context.Context, tx *pg.Tx, who id.ID, ids []id.ID) (Customer, []GroupRef, error) {
	var c Customer
	var known []GroupRef
	var found bool
	err := tx.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue("select "+customerSeen+" from customers a where a.id = $1 for no key update", who), &found, c.seen()...)
		pg.Each(b.Queue("select id, code, name from customer_groups where id = any($1) order by id for key share", ids), func(rows pgx.Rows) error {
			var g GroupRef
			if err := rows.Scan(&g.ID, &g.Code, &g.Name); err != nil {
				return err
			}
			known = append(known, g)
			return nil
		})
	})
	if err == nil && !found {
		err = ErrCustomerNotFound
	}
	return c, known, err
}

func saveMembership(w *pg.Writes, c Customer) {
	ids := []id.ID{}
	for _, g := range c.Groups {
		ids = append(ids, g.ID)
	}
	w.Exec("delete from customer_group_members where customer_id = $1 and group_id <> all($2)", c.ID, ids)
	w.Exec("insert into customer_group_members (customer_id, group_id) select $1, unnest($2::uuid[]) on conflict do nothing", c.ID, ids)
}
