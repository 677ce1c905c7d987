package checkout

import (
	"context"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// filter says which orders to list, and how.
type filter struct {
	status      Status // none: all
	q           string
	customer    id.ID
	from, to    time.Time
	oldestFirst bool
	page        page.Request
}

// conditions collects a WHERE clause and its arguments.
type conditions struct {
	parts []string
	args  []any
}

// add appends a condition; each ? in it is the next argument.
func (c *conditions) add(condition string, args ...any) {
	for _, arg := range args {
		c.args = append(c.args, arg)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	c.parts = append(c.parts, condition)
}

func (c *conditions) where() string { return "where " + strings.Join(c.parts, " and ") }

func (f filter) conditions() conditions {
	var c conditions
	c.add("o.tenant_id = current_tenant()")
	if f.status != "" {
		c.add("o.status = ?", string(f.status))
	}
	if f.q != "" {
		// Not LIKE: every character stands for itself.
		q := strings.ToLower(f.q)
		c.add("(strpos(o.number, ?) > 0 or strpos(lower(o.email), ?) > 0)", q, q)
	}
	if !f.customer.IsZero() {
		c.add("o.customer_id = ?", f.customer)
	}
	if !f.from.IsZero() {
		c.add("o.placed_at >= ?", f.from)
	}
	if !f.to.IsZero() {
		c.add("o.placed_at < ?", f.to)
	}
	return c
}

// direction is the sign of the keyset comparison and the suffix of the ORDER BY.
func (f filter) direction() (sign, suffix string) {
	if f.oldestFirst {
		return ">", ""
	}
	return "<", " desc"
}

func (f filter) after(c *conditions) error {
	if len(f.page.After) == 0 {
		return nil
	}
	sign, _ := f.direction()
	parts, err := page.ParseKey(f.page.After, 3)
	if err != nil || parts[0] != sign {
		return page.ErrBadCursor
	}
	at, err := time.Parse(time.RFC3339Nano, parts[1])
	if err != nil {
		return page.ErrBadCursor
	}
	last, err := id.Parse(parts[2])
	if err != nil {
		return page.ErrBadCursor
	}
	c.add("(o.placed_at, o.id) "+sign+" (?, ?::uuid)", at, last)
	return nil
}

func (f filter) key(o *Order) []byte {
	sign, _ := f.direction()
	return page.Key(sign, o.PlacedAt.UTC().Format(time.RFC3339Nano), o.ID.String())
}

// statement is the SQL of a page. It is cut before what belongs to orders is put together, so that only that of those shown is.
func (f filter) statement() (string, []any, error) {
	shown := f.conditions()
	if err := f.after(&shown); err != nil {
		return "", nil, err
	}
	_, suffix := f.direction()
	order := " order by o.placed_at" + suffix + ", o.id" + suffix
	return orderColumns + " from (select o.* from orders o " + shown.where() + order +
		" limit " + strconv.Itoa(f.page.Limit+1) + " offset " + strconv.Itoa(f.page.Offset()) + ") o" + order, shown.args, nil
}

// listOrders reads one page and the total: two statements in one round trip.
func listOrders(ctx context.Context, db *pg.DB, f filter) ([]*checkoutv1.Order, *typev1.PageInfo, error) {
	counted := f.conditions()
	query, args, err := f.statement()
	if err != nil {
		return nil, nil, err
	}
	var rows []*Order
	var total int64
	err = db.Read(ctx, func(b *pg.Batch) {
		rows = nil
		found := false
		pg.Each(b.Queue(query, args...), appendOrder(&rows))
		pg.Row(b.Queue("select count(*) from (select from orders o "+counted.where()+" limit "+strconv.Itoa(page.CountLimit+1)+") t", counted.args...),
			&found, &total)
	})
	if err != nil {
		return nil, nil, err
	}
	orders := ordersToProto(rows)
	orders, more := page.Cut(orders, f.page.Limit, func(o *checkoutv1.Order) int { return proto.Size(o) })
	var last []byte
	if more {
		last = f.key(rows[len(orders)-1])
	}
	return orders, page.Info(total, more, last), nil
}
