package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// attributeColumns are an attribute and its options, as arrays in order.
const attributeColumns = `a.id, a.code, a.name, a.type, a.unit, a.filterable, a.shown, a.version, a.created_at, a.updated_at,
	array(select o.value from attribute_options o where o.attribute_id = a.id order by o.position),
	array(select o.label from attribute_options o where o.attribute_id = a.id order by o.position)`

func scanAttribute(rows pgx.Rows) (*attribute, error) {
	a := new(attribute)
	var values, labels []string
	err := rows.Scan(&a.id, &a.code, &a.name, &a.typ, &a.unit, &a.filterable, &a.shown, &a.version, &a.createdAt, &a.updatedAt, &values, &labels)
	for i, value := range values {
		a.options = append(a.options, attributeOption{value, labels[i]})
	}
	return a, err
}

// findAttribute reads an attribute; nil when there is none.
func findAttribute(ctx context.Context, db *pg.DB, which id.ID) (*attribute, error) {
	var a *attribute
	err := db.Read(ctx, func(b *pg.Batch) {
		a = nil
		pg.Each(b.Queue(`select `+attributeColumns+` from attributes a where a.id = $1`, which), func(rows pgx.Rows) (err error) {
			a, err = scanAttribute(rows)
			return err
		})
	})
	return a, err
}

// loadAttribute reads an attribute and locks it against products that would take a value of it; nil when there is
// none. used is how many products have a value: it is counted once the lock is held.
func loadAttribute(ctx context.Context, tx *pg.Tx, which id.ID) (a *attribute, used int64, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		b.Queue(`select from attributes where id = $1 for update`, which)
		pg.Each(b.Queue(`select `+attributeColumns+` from attributes a where a.id = $1`, which), func(rows pgx.Rows) (err error) {
			a, err = scanAttribute(rows)
			return err
		})
		pg.Row(b.Queue(`select count(distinct product_id) from attribute_values where attribute_id = $1`, which), &found, &used)
	})
	return a, used, err
}

// countChosen is how many products chose one of the options.
func countChosen(ctx context.Context, tx *pg.Tx, attribute id.ID, options []string) (products int64, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue(`select count(distinct product_id) from attribute_values where attribute_id = $1 and option_value = any($2::text[])`,
			attribute, options), &found, &products)
	})
	return products, err
}

// countAttributes is how many attributes the shop has, and whether one has the code. Those who make attributes take
// turns, so that the number holds.
func countAttributes(ctx context.Context, tx *pg.Tx, code string) (have int64, taken bool, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		var found bool
		b.Queue(`select pg_advisory_xact_lock(hashtext('catalog.attributes'), hashtext(current_tenant()::text))`)
		pg.Row(b.Queue(`select count(*), coalesce(bool_or(code = $1), false) from attributes`, code), &found, &have, &taken)
	})
	return have, taken, err
}

func insertAttribute(w *pg.Writes, a *attribute) error {
	ref, err := attributeRef(a)
	if err != nil {
		return err
	}
	w.Exec(`insert into attributes (id, code, name, name_key, type, unit, filterable, shown, ref, version, created_at, updated_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.id, a.code, a.name, fold(a.name), string(a.typ), a.unit, a.filterable, a.shown, ref, a.version, a.createdAt, a.updatedAt)
	return saveOptions(w, a)
}

// updateAttribute queues a changed attribute; gone are options it no longer has.
func updateAttribute(w *pg.Writes, a *attribute, gone []string) error {
	ref, err := attributeRef(a)
	if err != nil {
		return err
	}
	w.Exec(`update attributes set name = $2, name_key = $3, type = $4, unit = $5, filterable = $6, shown = $7, ref = $8, version = $9, updated_at = $10
		where id = $1`, a.id, a.name, fold(a.name), string(a.typ), a.unit, a.filterable, a.shown, ref, a.version, a.updatedAt)
	if len(gone) > 0 {
		w.Exec(`delete from attribute_options where attribute_id = $1 and value = any($2::text[])`, a.id, gone)
	}
	return saveOptions(w, a)
}

func saveOptions(w *pg.Writes, a *attribute) error {
	var values, labels []string
	var positions []int32
	var refs [][]byte
	for i, o := range a.options {
		ref, err := attributeOptionRef(a.id, o)
		if err != nil {
			return err
		}
		values, labels, positions, refs = append(values, o.value), append(labels, o.label), append(positions, int32(i)), append(refs, ref)
	}
	if len(values) == 0 {
		return nil
	}
	w.Exec(`insert into attribute_options (attribute_id, value, label, position, ref)
		select $1::uuid, * from unnest($2::text[], $3::text[], $4::int[], $5::bytea[])
		on conflict (attribute_id, value, tenant_id) do update set label = excluded.label, position = excluded.position, ref = excluded.ref`,
		a.id, values, labels, positions, refs)
	return nil
}

func deleteAttribute(w *pg.Writes, which id.ID) {
	w.Exec(`delete from attributes where id = $1`, which)
}

// listAttributes reads one page by code, and the total.
func listAttributes(ctx context.Context, db *pg.DB, phrase string, req page.Request) ([]*catalogv1.Attribute, *typev1.PageInfo, error) {
	var counted conditions
	if phrase != "" {
		counted.add("(strpos(a.name_key, ?) > 0 or strpos(a.code, ?) > 0)", phrase, phrase)
	}
	shown := counted.clone()
	if len(req.After) > 0 {
		parts, err := page.ParseKey(req.After, 1)
		if err != nil {
			return nil, nil, err
		}
		shown.add("a.code > ?", parts[0])
	}
	return listing[*catalogv1.Attribute]{
		columns: attributeColumns, from: "attributes a", order: "a.code", size: sizeOf[*catalogv1.Attribute],
		key: func(a *catalogv1.Attribute) []byte { return page.Key(a.GetCode()) },
		scan: func(rows pgx.Rows) (*catalogv1.Attribute, error) {
			a, err := scanAttribute(rows)
			return attributeToProto(a), err
		},
	}.read(ctx, db, req, counted, shown)
}

// attributeRefsSQL appends the attributes, and the options chosen, that the document of products p names: each once,
// and each looked up by its key, whatever the planner knows of the tables. The values are gone over once, and for a
// product without any nothing more is looked up.
const attributeRefsSQL = `
	|| (select case when count(*) = 0 then ''::bytea else
			coalesce((select string_agg(a.ref || a.names, ''::bytea order by a.code) from attributes a where a.id = any(array_agg(av.attribute_id))), ''::bytea)
			|| coalesce((select string_agg(o.ref || o.names, ''::bytea order by o.attribute_id, o.value)
				from (select distinct c.attribute_id, c.option_value from unnest(array_agg(av.attribute_id), array_agg(av.option_value)) c (attribute_id, option_value)
					where c.option_value is not null) c
				cross join lateral (select o.ref, o.names, o.attribute_id, o.value from attribute_options o
					where o.attribute_id = c.attribute_id and o.value = c.option_value limit 1) o), ''::bytea)
			end from attribute_values av where av.product_id = p.id)`

// queueTotal queues the count of a list, which is empty when the total is known, and what the filters of the list name: one
// statement for both, and none when there is nothing to ask.
func queueTotal(b *pg.Batch, count string, args []any, filters []attributeFilter, total *int64) map[string]*attribute {
	known := map[string]*attribute{}
	if len(filters) == 0 {
		if count != "" {
			var found bool
			pg.Row(b.Queue(count, args...), &found, total)
		}
		return known
	}
	codes := make([]string, len(filters))
	for i, f := range filters {
		codes[i] = f.code
	}
	if count == "" {
		count = `select null::bigint`
	}
	args = append(slices.Clone(args), codes)
	pg.Each(b.Queue(`select (`+count+`), (select coalesce(jsonb_agg(jsonb_build_object('code', a.code, 'type', a.type, 'filterable', a.filterable,
			'options', array(select o.value from attribute_options o where o.attribute_id = a.id))), '[]')
			from attributes a where a.code = any($`+strconv.Itoa(len(args))+`::text[]))`, args...), func(rows pgx.Rows) error {
		var n *int64
		var doc []byte
		if err := rows.Scan(&n, &doc); err != nil {
			return err
		}
		if n != nil {
			*total = *n
		}
		return readNamed(doc, known)
	})
	return known
}

// readNamed reads the attributes that filters name, as far as filtering has to know them.
func readNamed(doc []byte, into map[string]*attribute) error {
	var named []struct {
		Code       string        `json:"code"`
		Type       attributeType `json:"type"`
		Filterable bool          `json:"filterable"`
		Options    []string      `json:"options"`
	}
	if err := json.Unmarshal(doc, &named); err != nil {
		return fmt.Errorf("catalog: attributes of a filter: %w", err)
	}
	for _, n := range named {
		a := &attribute{code: n.Code, typ: n.Type, filterable: n.Filterable}
		for _, value := range n.Options {
			a.options = append(a.options, attributeOption{value: value})
		}
		into[n.Code] = a
	}
	return nil
}

// checkFilters refuses filters that the attributes they name cannot answer, and says all that is wrong.
func checkFilters(filters []attributeFilter, known map[string]*attribute) error {
	refused := ErrAttributeFilter
	for _, f := range filters {
		if parameter, code, message := f.wrong(known[f.code]); code != "" {
			refused = refused.WithField(parameter, code, message)
		}
	}
	if len(refused.Fields()) > 0 {
		return refused
	}
	return nil
}

// checkAttributeFilters refuses filters that the attributes of the shop cannot answer.
func checkAttributeFilters(ctx context.Context, db *pg.DB, filters []attributeFilter) error {
	if len(filters) == 0 {
		return nil
	}
	var total int64
	var attributes map[string]*attribute
	if err := db.Read(ctx, func(b *pg.Batch) { attributes = queueTotal(b, "", nil, filters, &total) }); err != nil {
		return err
	}
	return checkFilters(filters, attributes)
}

// condition narrows to products that have, or of which a variant has, what the filter asks for. The type is not known
// yet: it is read in the same round trip. So each value is looked for in every form it can have, which are all
// different columns; a filter that is wrong for its attribute finds something or nothing and is refused afterwards.
func (f attributeFilter) condition(c *conditions) {
	const of = `p.id in (select av.product_id from attribute_values av where av.attribute_id = (select a.id from attributes a where a.code = ?) and `
	if len(f.values) > 0 {
		var texts, nums, dates []string
		var bools []bool
		for _, v := range f.values {
			texts = append(texts, textKey(v))
			if n, ok := canonicalInteger(v); ok {
				nums = append(nums, n)
			} else if n, ok := canonicalNumber(v); ok {
				nums = append(nums, n)
			}
			if isDate(v) {
				dates = append(dates, v)
			}
			if v == "true" || v == "false" {
				bools = append(bools, v == "true")
			}
		}
		forms := `(av.option_value = any(?::text[]) or av.text_key = any(?::text[])`
		args := []any{f.code, f.values, texts}
		if len(nums) > 0 {
			forms += ` or av.num_value = any(?::text[]::numeric[])`
			args = append(args, nums)
		}
		if len(dates) > 0 {
			forms += ` or av.date_value = any(?::text[]::date[])`
			args = append(args, dates)
		}
		if len(bools) > 0 {
			forms += ` or av.bool_value = any(?::boolean[])`
			args = append(args, bools)
		}
		c.add(of+forms+"))", args...)
	}
	f.bounds(c, of)
}

// bounds narrows to a range of numbers or of dates, both of whose ends one value has to fit.
func (f attributeFilter) bounds(c *conditions, of string) {
	if f.min == nil && f.max == nil {
		return
	}
	column, cast, numbers := "av.num_value", "::text::numeric", true
	for _, bound := range []*string{f.min, f.max} {
		if bound != nil && isDate(*bound) {
			column, cast, numbers = "av.date_value", "::text::date", false
		}
	}
	condition, args := "true", []any{f.code}
	for _, bound := range []struct {
		value *string
		sign  string
	}{{f.min, ">="}, {f.max, "<="}} {
		if bound.value == nil {
			continue
		}
		value, ok := *bound.value, isDate(*bound.value)
		if numbers {
			if _, ok = canonicalInteger(value); !ok {
				value, ok = canonicalNumber(value)
			}
		}
		if !ok {
			condition = "false" // refused once it is known that the attribute is there
			args = args[:1]
			break
		}
		condition += ` and ` + column + ` ` + bound.sign + ` ?` + cast
		args = append(args, value)
	}
	c.add(of+condition+")", args...)
}
