package catalog

import (
	"bytes"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/money"
	"github.com/sovecom/sovecom/kit/pg"
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
	for _, s := range all {
		p, err := readProduct(s.id, "", func(build func(b *pg.Batch)) error { return db.Read(ctx, build) })
		if err != nil {
			return err
		}
		fresh, err := render(p)
		if err != nil {
			return err
		}
		if !bytes.Equal(fresh, s.doc) {
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

func sameNumber(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// Slugify, Fold and Admits are tested as the pure rules they are.
func Slugify(s string) string { return slugify(s) }

func Fold(s string) string { return fold(s) }

func MakeSlug(s string, of id.ID) string { return makeSlug(s, of) }

func Admits(tree map[id.ID]id.ID, child, parent id.ID) error { return admitsIn(tree, child, parent) }

func admitsIn(t tree, child, parent id.ID) error { return t.admits(child, parent) }

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
