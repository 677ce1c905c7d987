package catalog_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/catalog"
)

// revisionsMove makes every transaction fail that changes what is told of a variant and leaves the revision of its product:
// whoever knew the variant at that revision would take it for what it was. Bundles have no revision. A column counts unless it
// is named here as one that is not told.
func revisionsMove(t testing.TB, db *pgtest.DB) {
	t.Helper()
	admin := must(pg.Connect(t.Context(), db.AdminURL))(t)
	must(admin.Exec(t.Context(), `
		set search_path = catalog;
		create table revision_moves (product_id uuid, tx xid8, primary key (product_id, tx));
		create function revision_moves() returns trigger language plpgsql security definer set search_path = catalog as $$
		begin
			if tg_op <> 'UPDATE' or new.sequence > old.sequence then
				insert into revision_moves values (case tg_op when 'DELETE' then old.id else new.id end, pg_current_xact_id()) on conflict do nothing;
			end if;
			return null;
		end $$;
		create trigger revision_moves after insert or update or delete on products for each row execute function revision_moves();
		create function revision_tells() returns trigger language plpgsql security definer set search_path = catalog as $$
		declare
			changed jsonb := to_jsonb(case tg_op when 'DELETE' then old else new end);
			product uuid := coalesce(changed ->> 'product_id', changed ->> 'id');
		begin
			if not exists (select from revision_moves m where m.product_id = product and m.tx = pg_current_xact_id())
				and not exists (select from products p where p.id = product and p.bundle) then
				raise exception 'a product is told otherwise in % at the same revision', tg_table_name;
			end if;
			return null;
		end $$;
		create constraint trigger revision_tells after update on products deferrable initially deferred for each row
			when (to_jsonb(old) - array['doc', 'min_price', 'max_price', 'available', 'sequence']
				is distinct from to_jsonb(new) - array['doc', 'min_price', 'max_price', 'available', 'sequence'])
			execute function revision_tells();
		create constraint trigger revision_tells after update on variants deferrable initially deferred for each row
			when (to_jsonb(old) - array['available', 'short_of', 'sold_at'] is distinct from to_jsonb(new) - array['available', 'short_of', 'sold_at'])
			execute function revision_tells();
		create constraint trigger revision_tells_rows after insert or delete on variants deferrable initially deferred for each row
			execute function revision_tells();`))(t)
	for _, table := range []string{"variant_option_values", "product_options", "product_images", "product_translations", "product_facts", "variant_files"} {
		must(admin.Exec(t.Context(), `create constraint trigger revision_tells after insert or update or delete on catalog.`+table+`
			deferrable initially deferred for each row execute function catalog.revision_tells()`))(t)
	}
	if err := admin.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A variant that is known at a revision is told again as soon as anything of it is told otherwise, and not before.
func TestRevisions(t *testing.T) {
	t.Parallel()
	r := openPrices(t)
	revisionsMove(t, r.db)
	all := []*catalogv1.Product{r.create(t, shirt("First", "S", "M")), r.create(t, shirt("Second", "S")), r.create(t, shirt("Third", "S"))}
	req := &catalogv1.ResolveVariantsRequest{Currency: "EUR", Country: "FR", CustomerGroups: []string{"trade"}}
	for _, p := range all {
		req.Ids = append(req.Ids, p.GetVariants()[0].GetId())
	}
	resolve := func() *catalogv1.ResolveVariantsResponse { return must(r.ResolveVariants(r.ctx, req))(t) }
	know := func() {
		t.Helper()
		req.ProductIds, req.Revisions = nil, nil
		by := map[string]*catalogv1.ResolvedVariant{}
		for _, v := range resolve().GetVariants() {
			by[v.GetId()] = v
		}
		for _, one := range req.GetIds() {
			req.ProductIds, req.Revisions = append(req.ProductIds, by[one].GetProductId()), append(req.Revisions, by[one].GetRevision())
		}
		statements := r.db.Statements()
		res := resolve()
		same(t, "told again of what is known", len(res.GetVariants()), 0)
		same(t, "known", len(res.GetUnchanged()), 3)
		same(t, "statements", r.db.Statements()-statements, 1)
	}
	know()
	only := func(what string, price int64) {
		t.Helper()
		res := resolve()
		if u := res.GetUnchanged(); len(u) != 2 || u[0] != 0 || u[1] != 2 || len(res.GetVariants()) != 1 || res.GetVariants()[0].GetId() != req.GetIds()[1] {
			t.Fatalf("after %s: %v", what, res)
		}
		same(t, "price after "+what, res.GetVariants()[0].GetPrice().GetAmount(), price)
		know()
	}
	second := all[1]
	variant := second.GetVariants()[0].GetId()
	must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: second.GetId(), Id: variant, Price: euros(5000)}))(t)
	only("another price", 5000)
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: second.GetId(), Title: new("Renamed")}))(t)
	only("another title", 5000)

	// Prices of lists, which begin and end by themselves.
	begins, ends := timestamppb.New(r.clock.day(2)), timestamppb.New(r.clock.day(3))
	r.clock.day(1)
	sale := r.list(t, &catalogv1.CreatePriceListRequest{Status: on, StartsAt: begins, EndsAt: ends})
	r.put(t, sale.GetId(), row(variant, 3000))
	r.sweep(t)
	know()
	r.clock.day(2)
	r.sweep(t)
	only("the start of a sale", 3000)
	r.clock.day(3)
	r.sweep(t)
	only("the end of a sale", 5000)
	trade := r.list(t, &catalogv1.CreatePriceListRequest{Status: on, Type: catalogv1.PriceListType_PRICE_LIST_TYPE_OVERRIDE, CustomerGroup: "trade"})
	r.put(t, trade.GetId(), row(variant, 2000))
	r.sweep(t)
	only("a price of a group", 2000)

	// What nothing is known of is told, and what is gone is not.
	req.Revisions[0] = 0
	if res := resolve(); len(res.GetVariants()) != 1 || res.GetVariants()[0].GetId() != req.GetIds()[0] || len(res.GetUnchanged()) != 2 {
		t.Errorf("of one that nothing is known of: %v", res)
	}
	know()
	must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: second.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT}))(t)
	if res := resolve(); len(res.GetVariants()) != 1 || res.GetVariants()[0].GetSellable() {
		t.Errorf("of a draft: %v", res)
	}
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: second.GetId()}))(t)
	if res := resolve(); len(res.GetVariants()) != 0 || len(res.GetUnchanged()) != 2 {
		t.Errorf("of a product that is gone: %v", res)
	}
	// To another shop all of them are unknown, whatever it says it knows.
	if res := must(r.ResolveVariants(r.elsewhere(t), req))(t); len(res.GetVariants())+len(res.GetUnchanged()) != 0 {
		t.Errorf("another shop is told %v", res)
	}
	// A caller that does not say of what it knows the revisions is refused.
	short, malformed := req.GetProductIds()[1:], append([]string{"x"}, req.GetProductIds()[1:]...)
	req.ProductIds = short
	_, err := r.ResolveVariants(r.ctx, req)
	wants(t, "too few products", err, catalog.ErrPriceContext)
	req.ProductIds = malformed
	_, err = r.ResolveVariants(r.ctx, req)
	wants(t, "no product", err, rpc.ErrInvalid)
	for field, bad := range map[string]*catalogv1.ResolveVariantsRequest{
		"ids":           {Ids: []string{variant, "x"}},
		"quantities[1]": {Ids: req.GetIds()[:2], Quantities: []int64{1, -1}},
	} {
		_, err := r.ResolveVariants(r.ctx, bad)
		wants(t, field, err, rpc.ErrInvalid)
		same(t, "field", fault.From(err).Fields()[0].Field, field)
	}
}

// A bundle changes with its parts and has no revision; a change that leaves a revision behind would not get through.
func TestRevisionsOfBundlesAndGuard(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	revisionsMove(t, l.db)
	part, set := l.create(t, shirt("Part", "S")), l.bundle(t, "Set")
	must(l.compose(set, of(part.GetVariants()[0], 2)))(t)
	one := must(l.ResolveVariants(l.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{set.GetVariants()[0].GetId()}}))(t).GetVariants()[0]
	same(t, "revision of a bundle", one.GetRevision(), 0)
	for table, change := range map[string]string{
		"products":        "update products set title = 'x' where id = $1",
		"variants":        "update variants set offers = 'x' where product_id = $1",
		"product_options": "update product_options set position = position + 1 where product_id = $1",
	} {
		product := must(id.Parse(part.GetId()))(t)
		err := l.db.Write(l.ctx, func(w *pg.Writes) error { w.Exec(change, product); return nil })
		if err == nil || !strings.Contains(err.Error(), "told otherwise in "+table) {
			t.Errorf("%s: %v", table, err)
		}
	}
}
