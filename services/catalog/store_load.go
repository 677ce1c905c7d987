package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	// loadPrefix starts the slug of everything Load makes.
	loadPrefix = "bench-"
	// loadChunk is how many products are committed together.
	loadChunk = 1000
	// loadWriters is how many chunks are written at the same time.
	loadWriters = 4

	loadCategories = 20
	loadTags       = 40
)

// Load fills the catalogue of the context's tenant with n generated products, for measuring: published, one to four
// variants each that can be bought, in categories and with tags, every slug beginning with "bench-". It makes only
// those that are missing, so it may be cut off and repeated. It returns the ids of the variants of all of them, for
// inventory to open stock for. It announces nothing: read models have to be rebuilt afterwards.
//
// The rows arrive by COPY, chunk by chunk, and a product is committed whole or not at all.
func Load(ctx context.Context, db *pg.DB, n int, now func() time.Time) ([]id.ID, error) {
	at := now().UTC().Truncate(time.Microsecond)
	if err := loadTaxonomy(ctx, db, at); err != nil {
		return nil, err
	}
	var categories, tags, brands []id.ID
	have := map[string]bool{}
	if err := db.Read(ctx, func(b *pg.Batch) {
		categories, tags, brands = nil, nil, nil
		// The prefix as a range, because an index can serve that and not LIKE.
		pg.Each(b.Queue(`select id from categories where slug >= $1 and slug < $2 order by slug`, loadPrefix, loadEnd()), appendID(&categories))
		pg.Each(b.Queue(`select id from tags where slug >= $1 and slug < $2 order by slug`, loadPrefix, loadEnd()), appendID(&tags))
		pg.Each(b.Queue(`select id from brands where slug >= $1 and slug < $2 order by slug`, loadPrefix, loadEnd()), appendID(&brands))
		pg.Each(b.Queue(`select slug from products where slug >= $1 and slug < $2`, loadPrefix, loadEnd()), func(rows pgx.Rows) error {
			var slug string
			err := rows.Scan(&slug)
			have[slug] = true
			return err
		})
	}); err != nil {
		return nil, err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(loadWriters)
	var chunk []*product
	for i := range n {
		if p := loadProductNumber(i, at, categories, tags, brands); !have[p.slug] {
			chunk = append(chunk, p)
		}
		if len(chunk) == loadChunk || i == n-1 && len(chunk) > 0 {
			products := chunk
			chunk = nil
			g.Go(func() error { return copyProducts(gctx, db, products) })
		}
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("catalog: load products: %w", err)
	}
	if err := db.Analyze(ctx); err != nil {
		return nil, fmt.Errorf("catalog: load products: %w", err)
	}
	var variants []id.ID
	err := db.Read(ctx, func(b *pg.Batch) {
		variants = nil
		pg.Each(b.Queue(`select v.id from variants v join products p on p.id = v.product_id where p.slug >= $1 and p.slug < $2 order by v.id`,
			loadPrefix, loadEnd()), appendID(&variants))
	})
	return variants, err
}

// loadEnd is the first text behind all that begin with loadPrefix.
func loadEnd() string { return strings.TrimSuffix(loadPrefix, "-") + "." }

// loadTaxonomy makes two levels of categories, brands and tags.
func loadTaxonomy(ctx context.Context, db *pg.DB, at time.Time) error {
	var parent id.ID
	var have int
	if err := db.Read(ctx, func(b *pg.Batch) {
		var found bool
		pg.Row(b.Queue(`select count(*) from categories where slug >= $1 and slug < $2`, loadPrefix, loadEnd()), &found, &have)
	}); err != nil || have > 0 {
		return err
	}
	return db.Write(ctx, func(w *pg.Writes) error {
		for i := range loadCategories {
			c := category{
				id: id.New(), slug: fmt.Sprintf("%scategory-%02d", loadPrefix, i), name: fmt.Sprintf("Category %02d", i), position: int32(i),
				version: 1, createdAt: at, updatedAt: at,
			}
			if i%4 == 0 {
				parent = c.id
			} else {
				c.parent = parent
			}
			if err := insertCategories(w, &c); err != nil {
				return err
			}
		}
		for i, name := range [...]string{"Maison Aubépine", "Nordhavn", "Casa Lúmen", "Wrede & Söhne", "Tallinn Tehas"} {
			b := brand{id: id.New(), slug: fmt.Sprintf("%sbrand-%d", loadPrefix, i), name: name, version: 1, createdAt: at, updatedAt: at}
			if err := insertBrands(w, &b); err != nil {
				return err
			}
		}
		for i := range loadTags {
			t := tag{id: id.New(), slug: fmt.Sprintf("%stag-%02d", loadPrefix, i), name: fmt.Sprintf("Tag %02d", i), version: 1, createdAt: at, updatedAt: at}
			if err := insertTags(w, &t); err != nil {
				return err
			}
		}
		return nil
	})
}

// loadProductNumber is the i-th generated product; but for its ids it is the same every time.
func loadProductNumber(i int, at time.Time, categories, tags, brands []id.ID) *product {
	material := [...]string{"Linen", "Wool", "Cotton", "Oak", "Stoneware", "Glass", "Leather", "Brass"}[i%8]
	thing := [...]string{"shirt", "throw", "apron", "stool", "bowl", "carafe", "satchel", "lamp", "jumper", "basket", "coat", "tray"}[i/8%12]
	description := fmt.Sprintf("A %s in %s, number %d of the range. Made in small batches in a workshop that signs its work, and easy to mend when it is worn. "+
		"It gets better with use; wash it rarely, air it often, and it will stay for years.", thing, strings.ToLower(material), i)
	p := &product{
		id: id.New(), slug: fmt.Sprintf("%s%06d", loadPrefix, i), title: fmt.Sprintf("%s %s %06d", material, thing, i), description: &description,
		status: published, brand: brands[i%len(brands)], version: 1, sequence: 1, createdAt: at.Add(time.Duration(i) * time.Microsecond), updatedAt: at,
		categories: idSet([]id.ID{categories[i%len(categories)]}), tags: idSet([]id.ID{tags[i%len(tags)], tags[i*7%len(tags)]}),
		images: []image{{id: id.New(), url: fmt.Sprintf("/media/%s%06d.webp", loadPrefix, i), width: 1600, height: 1200, shown: shown{alt: material + " " + thing}}},
	}
	sizes := []string{"S", "M", "L", "XL"}[:i%4+1]
	p.options = []option{{name: "size", values: sizes}}
	for j, size := range sizes {
		p.variants = append(p.variants, variant{
			id: id.New(), sku: fmt.Sprintf("BENCH-%06d-%s", i, size), title: size, options: map[string]string{"size": size},
			price: money.Of(int64(900+i*37%20_000+j*100), "EUR"), position: int32(j), available: true, version: 1, createdAt: p.createdAt, updatedAt: at,
		})
	}
	return p
}
