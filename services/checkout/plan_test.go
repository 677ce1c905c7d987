package checkout_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/services/checkout"
)

// node is a step of a plan that ran.
type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []node  `json:"Plans"`
}

// read is how many rows a plan reads of each table; scanned are those it reads from end to end.
func (n node) read(rows map[string]float64, scanned map[string]bool) {
	if n.Table != "" {
		rows[n.Table] += (n.Rows + n.Removed) * n.Loops
		if n.Type == "Seq Scan" && n.Rows+n.Removed > 100 {
			scanned[n.Table] = true
		}
	}
	for _, child := range n.Plans {
		child.read(rows, scanned)
	}
}

// TestPlansOfOrders runs what staff ask of some thousand orders, as the room's role: no table is read from end to end, and what
// hangs on an order is read of those shown only, however many are passed over.
func TestPlansOfOrders(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.order(2)
	customer := id.New()
	const many = 4000
	admin, err := pg.Connect(t.Context(), s.db.AdminURL)
	ok(t, err)
	for _, fill := range []string{
		`create temporary table copies as select n, gen_random_uuid() as id from generate_series(1, ` + fmt.Sprint(many) + `) n`,
		`create temporary table made as select o.* from checkout.orders o`,
		`insert into checkout.orders select (jsonb_populate_record(m, jsonb_build_object('id', c.id, 'cart_id', gen_random_uuid(), 'number', 'N-' || c.n,
			'placed_at', m.placed_at - c.n * interval '1 minute', 'status', case when c.n % 50 = 0 then 'cancelled' else 'paid' end,
			'customer_id', case when c.n % 100 = 0 then '` + customer.String() + `' end))).* from made m, copies c`,
		`insert into checkout.order_items select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'order_id', c.id))).* from
			checkout.order_items i, copies c, generate_series(1, 3)`,
		`vacuum analyze`,
	} {
		_, err := admin.Exec(t.Context(), fill)
		ok(t, err)
	}
	ok(t, admin.Close(t.Context()))
	conn, err := pg.Connect(t.Context(), s.db.URL)
	ok(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	_, err = conn.Exec(t.Context(), "set search_path = checkout; set app.tenant_id = '00000000-0000-7000-8000-000000000001'")
	ok(t, err)
	for name, req := range map[string]*checkoutv1.ListOrdersRequest{
		"everything":    {},
		"from the end":  {OldestFirst: true},
		"a status":      {Status: checkoutv1.OrderStatus_ORDER_STATUS_CANCELLED},
		"a customer":    {CustomerId: customer.String()},
		"since a day":   {From: timestamppb.New(first.GetPlacedAt().AsTime().AddDate(0, 0, -1))},
		"the 50th page": {Page: &typev1.PageRequest{Page: 50, Limit: 20}},
	} {
		query, args, err := checkout.ListStatement(req)
		ok(t, err)
		var plan string
		ok(t, conn.QueryRow(t.Context(), "explain (analyze, format json) "+query, args...).Scan(&plan))
		var parsed []struct{ Plan node }
		ok(t, json.Unmarshal([]byte(plan), &parsed))
		rows, scanned := map[string]float64{}, map[string]bool{}
		parsed[0].Plan.read(rows, scanned)
		if len(scanned) > 0 {
			t.Errorf("%s: %v are read from end to end", name, scanned)
		}
		if rows["orders"] > float64(1+int(max(req.GetPage().GetPage(), 1))*20+100) || rows["order_items"] > 21*3 || rows["order_items"] == 0 {
			t.Errorf("%s reads %v", name, rows)
		}
	}
}
