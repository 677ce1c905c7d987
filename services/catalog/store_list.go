package catalog

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

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

// among begins anew with the arguments there are so far, so that two clauses of one statement count on.
func (c *conditions) among() conditions { return conditions{args: slices.Clone(c.args)} }

func (c *conditions) where() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " where " + strings.Join(c.parts, " and ")
}

// productFilter says which products to list, and how.
type productFilter struct {
	status      status // empty: all
	words       []string
	phrase      string
	category    id.ID
	descendants bool // of category as well
	tag         id.ID
	tagSlug     string
	minPrice    *int64
	maxPrice    *int64
	inStock     *bool
	sku         string
	brand       id.ID
	brandSlug   string
	collection  string // slug or id of a published one
	sort        catalogv1.ProductSort
	page        page.Request
	attributes  []attributeFilter
	locales     []string // to answer in, the one wanted most first
}

// lists are the conditions for being in the lists of a category, with all below it, and of a tag: what
// product_listing answers. Staff's lists show products that are not published, and what stands directly in a category.
func (f productFilter) lists() (ids []string, args [][]any) {
	if !f.descendants {
		return nil, nil
	}
	if !f.category.IsZero() {
		ids, args = append(ids, "?"), append(args, []any{f.category})
	}
	if f.tagSlug != "" {
		which, of := slugID(tagTexts, f.tagSlug, f.locales)
		ids, args = append(ids, which), append(args, of)
	}
	return ids, args
}

// narrow are the conditions that a row of product_listing can answer as well as one of products.
func (f productFilter) narrow(c *conditions) {
	for _, w := range f.words {
		if len(f.locales) > 0 {
			c.add(`(strpos(p.title_key, ?) > 0 or exists (select from product_translations pt
				where pt.product_id = p.id and pt.locale = any(?::text[]) and strpos(pt.title_key, ?) > 0))`, w, f.locales, w)
			continue
		}
		c.add("strpos(p.title_key, ?) > 0", w)
	}
	if f.phrase != "" {
		c.add("strpos(p.title_key, ?) > 0", f.phrase)
	}
	switch {
	case f.minPrice != nil && f.maxPrice != nil:
		// One variant has to be in the range, not one above and another below.
		c.add("p.max_price >= ?", *f.minPrice)
		c.add("p.min_price <= ?", *f.maxPrice)
		c.add(`exists (select from variants v where v.product_id = p.id and v.archived_at is null and coalesce(v.price_now, v.price)
			between ? and ?)`, *f.minPrice, *f.maxPrice)
	case f.minPrice != nil:
		c.add("p.max_price >= ?", *f.minPrice)
	case f.maxPrice != nil:
		c.add("p.min_price <= ?", *f.maxPrice)
	}
	// Constants, of which the planner knows how many products fulfil them, though it plans for any arguments.
	switch {
	case f.inStock == nil:
	case *f.inStock:
		c.add("p.available")
	default:
		c.add("not p.available")
	}
}

// is is the condition of a status, as a constant, for the same reason.
func (s status) is() string {
	switch s {
	case draft:
		return "p.status = 'draft'"
	case archived:
		return "p.status = 'archived'"
	case published:
	}
	return "p.status = 'published'"
}

// wide are the conditions that only products can answer, besides the status.
func (f productFilter) wide(c *conditions) {
	if !f.category.IsZero() && !f.descendants {
		c.add("p.id in (select product_id from product_categories where category_id = ?)", f.category)
	}
	if !f.tag.IsZero() {
		c.add("p.id in (select product_id from product_tags where tag_id = ?)", f.tag)
	}
	if f.sku != "" {
		c.add("p.id in (select product_id from variants where sku = ?)", f.sku)
	}
	for _, a := range f.attributes {
		a.condition(c)
	}
	f.taxonomy(c)
}

// conditions are all of them, asked of products.
func (f productFilter) conditions() conditions {
	var c conditions
	f.all(&c, "p.id in (select l.id from product_listing l where l.list_id = ", ")")
	return c
}

// all adds them; being in a list is what stands between before and after.
func (f productFilter) all(c *conditions, before, after string) {
	if f.status != "" {
		c.add(f.status.is())
	}
	ids, args := f.lists()
	for i, list := range ids {
		c.add(before+list+after, args[i]...)
	}
	f.narrow(c)
	f.wide(c)
}

// picked adds those of products that are few: each is looked up, and no list is read for them.
func (f productFilter) picked(c *conditions) {
	f.all(c, "exists (select from product_listing l where l.list_id = ", " and l.id = p.id offset 0)")
	c.add("p.id in (select id from few) and (select count(*) from few) <= " + few)
}

const fromProducts = " from products p"

// source adds what a list is read from, as p, and returns its FROM. With a list of product_listing it walks that list, and
// asks products only for what they alone know.
func (f productFilter) source(c *conditions) (from string) {
	ids, args := f.lists()
	if len(ids) == 0 {
		f.all(c, "", "")
		return fromProducts
	}
	c.add("p.list_id = "+ids[0], args[0]...)
	if len(ids) > 1 {
		c.add("p.id in (select o.id from product_listing o where o.list_id = "+ids[1]+")", args[1]...)
	}
	f.narrow(c)
	var wide conditions
	if f.wide(&wide); len(wide.parts) > 0 {
		// The same names, from the product's own row, which is looked at one by one.
		f.wide(c)
		return " from product_listing l cross join lateral (select p.*, l.list_id from products p where p.id = l.id offset 0) p"
	}
	return " from product_listing p"
}

// few is how many products are all looked at and put in order. Of more, a list is walked in its order: among a million
// products it comes soon to enough of those, and late to a few.
const few = "1000"

// scarce adds the ids of the products that fulfil one of the conditions, one with an index of its own, or of a part of them
// when they are more than few. Nothing when there is no such condition.
func (f productFilter) scarce(c *conditions) (ids string) {
	var args []any
	switch {
	case !f.tag.IsZero():
		ids, args = "select t.product_id as id from product_tags t where t.tag_id = ?", []any{f.tag}
	case !f.category.IsZero() && !f.descendants:
		ids, args = "select pc.product_id as id from product_categories pc where pc.category_id = ?", []any{f.category}
	case !f.brand.IsZero():
		ids, args = "select b.id from products b where b.brand_id = ?", []any{f.brand}
	case f.brandSlug != "":
		ids, args = slugID(brandTexts, f.brandSlug, f.locales)
		ids = "select b.id from products b where b.brand_id = " + ids
	case f.phrase != "":
		ids, args = titledSQL, []any{f.phrase}
	case len(f.words) > 0:
		longest := slices.MaxFunc(f.words, func(a, b string) int { return len(a) - len(b) })
		ids, args = titledSQL, []any{longest}
		if len(f.locales) > 0 {
			ids = "(" + titledSQL + " limit " + few + " + 1) union all (" + translatedSQL + ")"
			args = append(args, f.locales, longest)
		}
	case f.minPrice != nil && f.maxPrice != nil:
		ids, args = pricedSQL+" between ? and ?", []any{*f.minPrice, *f.maxPrice}
	case f.minPrice != nil:
		ids, args = pricedSQL+" >= ?", []any{*f.minPrice}
	case f.maxPrice != nil:
		ids, args = pricedSQL+" <= ?", []any{*f.maxPrice}
	default:
		return ""
	}
	for _, arg := range args {
		c.args = append(c.args, arg)
		ids = strings.Replace(ids, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	return `with few as materialized (` + ids + ` limit ` + few + ` + 1) `
}

const (
	// The index of titles is read, which is a tenth of the products.
	titledSQL     = "select t.id from products t where strpos(t.title_key, ?) > 0 order by t.title_key, t.id"
	translatedSQL = "select pt.product_id from product_translations pt where pt.locale = any(?::text[]) and strpos(pt.title_key, ?) > 0 limit " + few + " + 1"
	pricedSQL     = "select v.product_id as id from variants v where v.archived_at is null and case when v.price_now is null then v.price else v.price_now end"
	isManySQL     = "(select count(*) from few) > " + few
)

// order is the ORDER BY of a sort, the column of its key, and whether it descends.
func (f productFilter) order() (orderBy, column string, desc bool) {
	switch f.sort {
	case catalogv1.ProductSort_PRODUCT_SORT_OLDEST:
		return "p.created_at, p.id", "p.created_at", false
	case catalogv1.ProductSort_PRODUCT_SORT_TITLE:
		return "p.title_key, p.id", "p.title_key", false
	case catalogv1.ProductSort_PRODUCT_SORT_TITLE_DESC:
		return "p.title_key desc, p.id desc", "p.title_key", true
	case catalogv1.ProductSort_PRODUCT_SORT_PRICE:
		return "p.min_price, p.id", "p.min_price", false
	case catalogv1.ProductSort_PRODUCT_SORT_PRICE_DESC:
		if f.status == published { // which have a price, so that an index can be read backwards
			return "p.min_price desc, p.id desc", "p.min_price", true
		}
		return "p.min_price desc nulls last, p.id desc", "p.min_price", true
	case catalogv1.ProductSort_PRODUCT_SORT_UNSPECIFIED, catalogv1.ProductSort_PRODUCT_SORT_NEWEST:
	}
	return "p.created_at desc, p.id desc", "p.created_at", true
}

// after continues behind a position: the sort value of the last row shown, and its id.
func (f productFilter) after(c *conditions) error {
	if len(f.page.After) == 0 {
		return nil
	}
	_, column, desc := f.order()
	parts, err := page.ParseKey(f.page.After, 3)
	if err != nil || parts[0] != column+strconv.FormatBool(desc) {
		return page.ErrBadCursor
	}
	last, err := id.Parse(parts[2])
	if err != nil {
		return page.ErrBadCursor
	}
	sign := ">"
	if desc {
		sign = "<"
	}
	var value any
	switch column {
	case "p.title_key":
		value = parts[1]
	case "p.created_at":
		at, err := time.Parse(time.RFC3339Nano, parts[1])
		if err != nil {
			return page.ErrBadCursor
		}
		value = at
	default:
		if f.status == published { // which have a price
			price, err := strconv.ParseInt(parts[1], 10, 64)
			if err != nil {
				return page.ErrBadCursor
			}
			value = price
			break
		}
		if parts[1] == "" { // products without a price come last, whichever way
			c.add("p.min_price is null and p.id "+sign+" ?", last)
			return nil
		}
		price, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil {
			return page.ErrBadCursor
		}
		c.add("((p.min_price, p.id) "+sign+" (?::bigint, ?::uuid) or p.min_price is null)", price, last)
		return nil
	}
	c.add("("+column+", p.id) "+sign+" (?, ?::uuid)", value, last)
	return nil
}

// listed is one row of a list: the document, and what the position behind it is made of.
type listed struct {
	id         id.ID
	doc        []byte
	generation int64    // of the shop's taxa
	overlays   [][]byte // translations of the product
	ofTaxa     [][]byte // and of its categories
	titleKey   string
	createdAt  time.Time
	minPrice   *int64
}

// listProducts reads one page and the total: two statements in one round trip, or one when the total is still known. show
// makes of each product what is to be seen. A page of very large products ends before it is full, and the next goes on there.
func listProducts(ctx context.Context, db *pg.DB, known *totals, names *taxonMemory, f productFilter, show func(p *catalogv1.Product) error) ([]*catalogv1.Product, *typev1.PageInfo, error) {
	var rows []listed
	var total int64
	taxa, err := names.read(ctx, db, func(columns string) (generation int64, found bool, err error) {
		if rows, total, err = readList(ctx, db, known, columns, f); len(rows) > 0 {
			generation = rows[0].generation
		}
		return generation, len(rows) > 0, err
	})
	if err != nil {
		return nil, nil, err
	}
	more := len(rows) > f.page.Limit
	if more {
		rows = rows[:f.page.Limit]
	}
	shown := listPage{products: make([]*catalogv1.Product, 0, len(rows))}
	for i, r := range rows {
		if r.doc == nil {
			rows, more = rows[:i], true
			break
		}
		p, err := taxa.parseIn(r.doc, f.locales)
		if err != nil {
			return nil, nil, err
		}
		if err := inLanguages(p, r.overlays, r.ofTaxa); err != nil {
			return nil, nil, err
		}
		if err := show(p); err != nil {
			return nil, nil, err
		}
		if !shown.add(p) {
			rows, more = rows[:i], true
			break
		}
	}
	var last []byte
	if more {
		last = f.key(rows[len(rows)-1])
	}
	return shown.products, page.Info(total, more, last), nil
}

// listStatement is the SQL of a page. columns are those of the document and of the generation, as taxonMemory gives them.
func listStatement(columns string, f productFilter) (string, []any, error) {
	var walked conditions
	scarce := f.scarce(&walked)
	from := f.source(&walked)
	if err := f.after(&walked); err != nil {
		return "", nil, err
	}
	orderBy, column, _ := f.order()
	key := strings.TrimPrefix(column, "p.")
	args := walked.args
	// The page is cut before documents are put together, so that only those shown are.
	cut := ` order by ` + orderBy + ` limit ` + strconv.Itoa(f.page.Limit+1) + ` offset ` + strconv.Itoa(f.page.Offset())
	source := from + walked.where() + cut
	if scarce != "" {
		picked := walked.among()
		f.picked(&picked)
		if err := f.after(&picked); err != nil {
			return "", nil, err
		}
		walked.add(isManySQL)
		args = picked.args
		source = ` from ((select p.id, ` + column + fromProducts + picked.where() + cut + `) union all (select p.id, ` + column + from + walked.where() + cut + `)) p`
	}
	overlays := noOverlays
	if len(f.locales) > 0 {
		args = append(slices.Clone(args), f.locales)
		overlays = overlaysSQL(len(args))
	}
	const sorted = `p.title_key, p.created_at, p.min_price`
	read := scarce + `select p.id, ` + columns + overlays + `, ` + sorted + ` from (select `
	end := `) p order by ` + orderBy
	if from == fromProducts && scarce == "" && f.inStock == nil && f.page.Offset() == 0 {
		return read + `p.id, ` + boundedDoc(orderBy) + `, p.brand_id, ` + sorted + ` from (
			select p.id, p.doc, p.brand_id, ` + sorted + source + `) p` + end, args, nil
	}
	// What is passed over is passed over in the index; rows are read of what is shown.
	keys := strings.NewReplacer(column, "k."+key, "p.id", "k.id")
	return read + `k.id, ` + boundedDoc(keys.Replace(orderBy)) + `, p.brand_id, ` + keys.Replace(sorted) + ` from (
			select p.id, ` + column + source + `) k join products p on p.id = k.id` + end, args, nil
}

// countStatement is the SQL of a total, which ends a little above what is counted exactly. How many stand in a whole list
// is known.
func countStatement(f productFilter) (string, []any) {
	if ids, args := f.lists(); len(ids) == 1 {
		var more, whole conditions
		f.narrow(&more)
		f.wide(&more)
		if len(more.parts) == 0 {
			whole.add("n.list_id = "+ids[0], args[0]...)
			return `select coalesce(sum(n.listed), 0)::bigint from list_counts n` + whole.where(), whole.args
		}
	}
	var walked conditions
	scarce := f.scarce(&walked)
	from := f.source(&walked)
	count := func(from string, c conditions) string {
		return `select count(*) from (select` + from + c.where() + ` limit ` + strconv.Itoa(countEnd) + `) t`
	}
	if scarce == "" {
		return count(from, walked), walked.args
	}
	picked := walked.among()
	f.picked(&picked)
	return scarce + `select case when ` + isManySQL + ` then (` + count(from, walked) + `) else (` + count(fromProducts, picked) + `) end`, picked.args
}

func readList(ctx context.Context, db *pg.DB, known *totals, columns string, f productFilter) ([]listed, int64, error) {
	query, args, err := listStatement(columns, f)
	if err != nil {
		return nil, 0, err
	}
	count, countArgs := countStatement(f)
	key := totalKey(ctx, count, countArgs)
	total, counted := known.get(key)
	var rows []listed
	var attributes map[string]*attribute
	err = db.Read(ctx, func(b *pg.Batch) {
		rows = rows[:0]
		pg.Each(b.Queue(query, args...), func(r pgx.Rows) error {
			var one listed
			err := r.Scan(&one.id, &one.doc, &one.generation, &one.overlays, &one.ofTaxa, &one.titleKey, &one.createdAt, &one.minPrice)
			rows = append(rows, one)
			return err
		})
		if counted {
			attributes = queueTotal(b, "", nil, f.attributes, &total)
		} else {
			attributes = queueTotal(b, count, countArgs, f.attributes, &total)
		}
	})
	if err == nil {
		err = checkFilters(f.attributes, attributes)
	}
	if err == nil && !counted {
		known.put(key, total)
	}
	return rows, min(total, page.CountLimit+1), err // which is how an estimate is told
}

func (f productFilter) key(r listed) []byte {
	_, column, desc := f.order()
	value := ""
	switch {
	case column == "p.title_key":
		value = r.titleKey
	case column == "p.created_at":
		value = r.createdAt.UTC().Format(time.RFC3339Nano)
	case r.minPrice != nil:
		value = strconv.FormatInt(*r.minPrice, 10)
	}
	return page.Key(column+strconv.FormatBool(desc), value, r.id.String())
}

// findDocument reads one document by slug or id in one statement; nil when there is none. With onlyPublished, others
// do not exist.
// columns are those of the document and of the generation, as taxonMemory gives them.
func findDocument(ctx context.Context, db *pg.DB, columns, slugOrID string, onlyPublished bool) (doc []byte, generation int64, err error) {
	var found bool
	query, arg := `select `+columns+` from products p where p.slug = $1`, any(slugOrID)
	if which, err := id.Parse(slugOrID); err == nil {
		query, arg = `select `+columns+` from products p where p.id = $1`, which
	}
	if onlyPublished {
		query += ` and p.status = 'published'`
	}
	err = db.Read(ctx, func(b *pg.Batch) {
		doc = nil
		pg.Row(b.Queue(query, arg), &found, &doc, &generation)
	})
	return doc, generation, err
}

// exportDocuments reads documents in id order: those of ids, or up to limit after a position. A page without ids ends
// early before it grows too large for a door; it is empty only at the end.
func exportDocuments(ctx context.Context, db *pg.DB, ids []id.ID, after id.ID, limit int) ([][]byte, error) {
	var docs [][]byte
	size, full := 0, false
	err := db.Read(ctx, func(b *pg.Batch) {
		docs, size, full = nil, 0, false
		query, args := `select `+DocumentSQL+` from products p where p.id = any($1::uuid[]) order by p.id`, []any{ids}
		if len(ids) == 0 {
			// Only as many are put together as an answer holds.
			query = `select ` + DocumentSQL + ` from (
					select id, doc, brand_id, sum(octet_length(doc)) over (order by id) - octet_length(doc) as before from (
						select id, doc, brand_id from products where id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by id limit $2) page
				) p where p.before < $3 order by p.id`
			args = []any{after, limit, page.MaxAnswer}
		}
		pg.Each(b.Queue(query, args...), func(r pgx.Rows) error {
			var doc []byte
			if err := r.Scan(&doc); err != nil {
				return err
			}
			size += len(doc)
			if full = full || size > page.MaxAnswer && len(docs) > 0; !full {
				docs = append(docs, doc)
			}
			return nil
		})
	})
	if err == nil && full && len(ids) > 0 {
		return nil, ErrPageTooLarge.WithField("ids", "too_large", ErrPageTooLarge.Message())
	}
	return docs, err
}
