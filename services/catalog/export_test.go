package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// CheckDocuments compares every product's document and read columns with what its rows give when rendered anew.
func CheckDocuments(ctx context.Context, db *pg.DB) error {
	type stored struct {
		id        id.ID
		doc       []byte
		low, high *int64
		available bool
		titleKey  string
	}
	var all []stored
	if err := db.Read(ctx, func(b *pg.Batch) {
		all = nil
		pg.Each(b.Queue(`select id, doc, min_price, max_price, available, title_key from products`), func(rows pgx.Rows) error {
			var s stored
			err := rows.Scan(&s.id, &s.doc, &s.low, &s.high, &s.available, &s.titleKey)
			all = append(all, s)
			return err
		})
	}); err != nil {
		return err
	}
	if err := checkListing(ctx, db); err != nil {
		return err
	}
	if err := checkNames(ctx, db); err != nil {
		return err
	}
	names, err := findTaxa(ctx, db)
	if err != nil {
		return err
	}
	for _, s := range all {
		// From memory, a product is what the database puts together.
		whole, _, err := findDocument(ctx, db, DocumentSQL+", "+generationSQL, s.id.String(), false)
		if err != nil {
			return err
		}
		for _, locales := range [][]string{nil, {"de"}, {"fr", "de"}} {
			slow, err1 := parseDocumentIn(whole, locales)
			quick, err2 := names.parseIn(s.doc, locales)
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			if !proto.Equal(slow, quick) {
				return fmt.Errorf("product %s in %v from memory is\n%v\nwant\n%v", s.id, locales, quick, slow)
			}
		}
		p, err := readProduct(s.id, "", func(build func(b *pg.Batch)) error { return db.Read(ctx, build) })
		if err != nil {
			return err
		}
		fresh, err := render(p)
		if err != nil {
			return err
		}
		if !bytes.Equal(withoutTaxa(fresh), withoutTaxa(s.doc)) {
			was, _ := parseDocument(s.doc)
			return fmt.Errorf("the document of %s is\n%v\nwant\n%v", s.id, was, productToProto(p))
		}
		low, high := priceColumns(p)
		if !sameNumber(low, s.low) || !sameNumber(high, s.high) || s.available != p.anyAvailable() || s.titleKey != fold(p.title) {
			return fmt.Errorf("the read columns of %s are not what its rows say: %+v", s.id, s)
		}
	}
	return nil
}

// withoutTaxa is a document without the ids of its taxa, which stay in it when one of them is deleted.
func withoutTaxa(doc []byte) []byte {
	p := new(catalogv1.Product)
	if proto.Unmarshal(doc, p) != nil {
		return doc
	}
	p.Taxa = nil
	out, _ := proto.MarshalOptions{Deterministic: true}.Marshal(p)
	return out
}

// checkListing compares product_listing with what links, tree and products say.
func checkListing(ctx context.Context, db *pg.DB) error {
	var wrong int
	var found bool
	if err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`with recursive up as (
				select product_id, category_id as list_id from product_categories
				union select up.product_id, c.parent_id from up join categories c on c.id = up.list_id where c.parent_id is not null),
			wanted as (
				select w.list_id, p.id, p.title_key, p.created_at, p.min_price, p.max_price, p.available
				from (select * from up union all select product_id, tag_id from product_tags) w join products p on p.id = w.product_id where p.status = 'published'),
			have as (select list_id, id, title_key, created_at, min_price, max_price, available from product_listing)
			select (select count(*) from (select * from wanted except all select * from have) x) + (select count(*) from (select * from have except all select * from wanted) y)`),
			&found, &wrong)
	}); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("%d rows of product_listing are missing or too many", wrong)
	}
	if err := db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select count(*) from (
				select list_id, sum(listed) as listed, sum(direct) as direct from (
					select list_id, count(*) as listed, 0 as direct from product_listing group by list_id
					union all select pc.category_id, 0, count(*) from product_categories pc join products p on p.id = pc.product_id and p.status = 'published' group by pc.category_id
					union all select list_id, -sum(listed), -sum(direct) from list_counts group by list_id) x
				group by list_id) y where listed <> 0 or direct <> 0`), &found, &wrong)
	}); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("the counts of %d lists are wrong", wrong)
	}
	return nil
}

// FoldCounts puts the counts of lists together, as Run does now and then, and says in how many parts those of a list are at most.
func FoldCounts(ctx context.Context, s *Service) (most int64, err error) {
	if err := foldCounts(tenant.WithSystem(ctx), s.db); err != nil {
		return 0, err
	}
	var found bool
	err = s.db.Read(ctx, func(b *pg.Batch) {
		pg.Row(b.Queue(`select coalesce(max(n), 0) from (select count(*) as n from list_counts group by list_id) x`), &found, &most)
	})
	return most, err
}

func sameNumber(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// ListStatements are the statements of a page of shoppers and of its total.
func ListStatements(req *catalogv1.ListStoreProductsRequest) (page string, args []any, count string, countArgs []any, err error) {
	f := storeFilter(req)
	count, countArgs = countStatement(f)
	page, args, err = listStatement(DocumentSQL+", "+generationSQL, f)
	return page, args, count, countArgs, err
}

// StaffListStatements are the SQL of a page for staff and of its total.
func StaffListStatements(req *catalogv1.ListProductsRequest) (query string, args []any, count string, countArgs []any, err error) {
	f := adminFilter(req)
	query, args, err = listStatement(`p.doc, `+generationSQL, f)
	count, countArgs = countStatement(f)
	return query, args, count, countArgs, err
}

// Slugify, Fold and Admits are tested as the pure rules they are.
func Slugify(s string) string { return slugify(s) }

func Fold(s string) string { return fold(s) }

func MakeSlug(s string, of id.ID) string { return makeSlug(s, of) }

func Admits(tree map[id.ID]id.ID, child, parent id.ID) error { return admitsIn(tree, child, parent) }

func admitsIn(t tree, child, parent id.ID) error { return t.admits(child, parent) }

// SweepPrices does once what Run does whenever something is due.
func SweepPrices(ctx context.Context, s *Service) error {
	_, err := s.sweepOnce(ctx)
	return err
}

// Waiting is how many products wait for their prices.
func Waiting(ctx context.Context, db *pg.DB) (n int, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue(`select count(*) from price_work`), &found, &n)
	})
	return n, err
}

// Announced lists the bodies of events of a subject that wait to be published, oldest first.
func Announced(ctx context.Context, db *pg.DB, subject string) (bodies [][]byte, err error) {
	err = db.Read(ctx, func(b *pg.Batch) {
		bodies = nil
		pg.Each(b.Queue(`select body from outbox where subject = $1 order by seq`, subject), func(rows pgx.Rows) error {
			var body []byte
			err := rows.Scan(&body)
			bodies = append(bodies, body)
			return err
		})
	})
	return bodies, err
}

// KeepSchedules is one round of the sweeper.
func (s *Service) KeepSchedules(ctx context.Context) error {
	_, err := s.keepSchedules(ctx)
	return err
}

// ShiftPrice is the rule by which prices of many products move.
func ShiftPrice(amount, basisPoints, step int64) (int64, error) {
	m, err := priceShift{basisPoints: basisPoints, step: step}.apply("price", money.Of(amount, "EUR"))
	return m.Amount, err
}

// Totals are tested with a clock of the test's own.
type Totals struct{ t *totals }

func NewTotals(now func() time.Time) Totals { return Totals{newTotals(now)} }

func (t Totals) Put(key string, total int64) { t.t.put(key, total) }

func (t Totals) Knows(key string) bool {
	_, known := t.t.get(key)
	return known
}

// Tend looks after collections once, as Run does.
func (s *Service) Tend(ctx context.Context) error { return s.tend(ctx) }

// BuildChunk builds one collection by one step.
func (s *Service) BuildChunk(ctx context.Context, which id.ID) (bool, error) {
	return s.build(ctx, which)
}

// CheckCollections compares the members of every collection with rules with the products its rules hold of.
func CheckCollections(ctx context.Context, db *pg.DB, at time.Time) error {
	var collections []*collection
	var all []traits
	members := map[id.ID]map[id.ID]bool{}
	if err := db.Read(ctx, func(b *pg.Batch) {
		collections, all = nil, nil
		clear(members)
		pg.Each(b.Queue(`select `+collectionColumns+` from collections c where kind = 'rules'`), func(rows pgx.Rows) error {
			c, err := scanned(rows)
			collections = append(collections, c)
			return err
		})
		pg.Each(b.Queue(`select collection_id, product_id from collection_products`), func(rows pgx.Rows) error {
			var collection, product id.ID
			err := rows.Scan(&collection, &product)
			if members[collection] == nil {
				members[collection] = map[id.ID]bool{}
			}
			members[collection][product] = true
			return err
		})
		pg.Each(b.Queue(traitsSQL), appendTraits(&all))
	}); err != nil {
		return err
	}
	for _, c := range collections {
		if c.building {
			return fmt.Errorf("collection %s is still being built", c.slug)
		}
		for i := range all {
			if holds, is := c.rules.hold(&all[i], at), members[c.id][all[i].product]; holds != is {
				return fmt.Errorf("product %s (%+v) is in collection %s: %v, but its rules %+v say %v", all[i].product, all[i], c.slug, is, c.rules.texts(), holds)
			}
		}
	}
	return nil
}

// Rule is a rule as the table of the test of rules writes it.
type Rule = ruleText

// Traits of a product, for the test of rules.
type Traits struct {
	Title, SKU, Created string
	Price               int64
	Available           bool
	Tag, Category       id.ID
	Brand               id.ID
}

// Holds parses rules and applies them to a product, at a moment.
func Holds(all bool, list []Rule, p Traits, at time.Time) (bool, error) {
	m := matchAny
	if all {
		m = matchAll
	}
	r, err := parseRules(m, list)
	if err != nil {
		return false, err
	}
	created, err := time.Parse(time.RFC3339, p.Created)
	if err != nil {
		return false, err
	}
	return r.hold(&traits{
		title: fold(p.Title), brand: p.Brand, price: &p.Price, available: p.Available, createdAt: created,
		tags: []id.ID{p.Tag}, categories: []id.ID{p.Category}, skus: []string{"OTHER", p.SKU},
	}, at), nil
}

// CSVRow is a row as the reader of imports sees it; Flaw is the code of what is wrong with it.
type CSVRow struct {
	Fields []string
	Flaw   string
}

// ReadCSV reads a file in pieces of a size.
func ReadCSV(data []byte, size int, comma byte) (out []CSVRow, err error) {
	r := &csvReader{comma: comma, cursor: cursor{src: func() ([]byte, error) {
		n := min(size, len(data))
		if n == 0 {
			return nil, io.EOF
		}
		p := data[:n]
		data = data[n:]
		return p, nil
	}}}
	for {
		row, err := r.read()
		if err != nil {
			return out, ignoreEOF(err)
		}
		one := CSVRow{Fields: slices.Clone(row.fields)}
		if row.flaw != nil {
			one.Flaw = row.flaw.code
		}
		out = append(out, one)
	}
}

// WriteCSV, Guarded, Bare, WriteNames and ParseNames are tested as the pure rules they are.
func WriteCSV(fields []string) []byte { return writeCSV(nil, fields) }

func Guarded(s string) string { return guarded(s) }

func Bare(s string) string { return bare(s) }

func WriteNames(names []string) string {
	var out []string
	for _, name := range names {
		out = append(out, escape(name))
	}
	return strings.Join(out, separator)
}

func ParseNames(s string) []string { return parseNames(s) }

func WritePath(path []string) string { return writePath(path) }

func ParsePaths(s string) [][]string { return parsePaths(s) }

// NotUTF8 is the first byte of a file that is no text, -1 when all is.
func NotUTF8(data []byte, size int) int64 {
	var u utf8Checker
	for len(data) > 0 {
		n := min(size, len(data))
		if at, ok := u.check(data[:n]); !ok {
			return at
		}
		data = data[n:]
	}
	if at, ok := u.end(); !ok {
		return at
	}
	return -1
}

// Remembers reports whether the names of the context's shop are in memory.
func Remembers(ctx context.Context, s *Service) bool {
	shop, _ := tenant.From(ctx)
	return s.taxa.get(shop) != nil
}

// checkNames compares what is written beside brands, tags, attributes and options with what their translations say.
func checkNames(ctx context.Context, db *pg.DB) error {
	for _, kind := range []translated{brandTexts, tagTexts} {
		have, docs := map[id.ID][]byte{}, map[id.ID][][]byte{}
		if err := db.Read(ctx, func(b *pg.Batch) {
			pg.Each(b.Queue(`select k.id, k.names, array(select t.doc from `+kind.translations()+` t where t.`+kind.key()+` = k.id order by t.locale) from `+kind.table()+` k`),
				func(rows pgx.Rows) error {
					var which id.ID
					var names []byte
					var all [][]byte
					err := rows.Scan(&which, &names, &all)
					have[which], docs[which] = names, all
					return err
				})
		}); err != nil {
			return err
		}
		for which, names := range have {
			translations, err := parseAll[catalogv1.TaxonTranslation](docs[which])
			if err != nil {
				return err
			}
			want, err := taxonNamesRef(which, translations)
			if err != nil {
				return err
			}
			if !bytes.Equal(names, want) {
				return fmt.Errorf("the %s %s is called %q, want %q", kind, which, names, want)
			}
		}
	}
	attributes, names, docs := map[id.ID]*attribute{}, map[nameOf][]byte{}, map[id.ID][][]byte{}
	if err := db.Read(ctx, func(b *pg.Batch) {
		pg.Each(b.Queue(`select `+attributeColumns+` from attributes a`), func(rows pgx.Rows) error {
			a, err := scanAttribute(rows)
			attributes[a.id] = a
			return err
		})
		pg.Each(b.Queue(`select id, '', names from attributes union all select attribute_id, value, names from attribute_options`), func(rows pgx.Rows) error {
			var which id.ID
			var value string
			var ref []byte
			err := rows.Scan(&which, &value, &ref)
			names[nameOf{which.String(), value}] = ref
			return err
		})
		pg.Each(b.Queue(`select attribute_id, doc from attribute_translations order by locale`), func(rows pgx.Rows) error {
			var which id.ID
			var doc []byte
			err := rows.Scan(&which, &doc)
			docs[which] = append(docs[which], doc)
			return err
		})
	}); err != nil {
		return err
	}
	for which, a := range attributes {
		translations, err := parseAll[catalogv1.AttributeTranslation](docs[which])
		if err != nil {
			return err
		}
		own, options, err := attributeNamesRefs(a, translations)
		if err != nil {
			return err
		}
		if have := names[nameOf{id: which.String()}]; !bytes.Equal(have, own) {
			return fmt.Errorf("the attribute %s is called %q, want %q", a.code, have, own)
		}
		for value, want := range options {
			if have := names[nameOf{which.String(), value}]; !bytes.Equal(have, want) {
				return fmt.Errorf("the option %s of %s is called %q, want %q", value, a.code, have, want)
			}
		}
	}
	return nil
}
