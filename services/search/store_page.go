package search

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// listing reads one page of a table by when its rows were made, and how many there are: one round trip.
func listing[T any](ctx context.Context, db *pg.DB, columns, table string, newestFirst bool, req page.Request, scan func(*T) []any, key func(T) (time.Time, id.ID), size func(T) int) ([]T, *typev1.PageInfo, error) {
	order, sign := "created_at, id", ">"
	if newestFirst {
		order, sign = "created_at desc, id desc", "<"
	}
	where, args := "", []any{}
	if len(req.After) > 0 {
		parts, err := page.ParseKey(req.After, 2)
		if err != nil {
			return nil, nil, err //nolint:wrapcheck // a fault
		}
		at, err1 := time.Parse(time.RFC3339Nano, parts[0])
		last, err2 := id.Parse(parts[1])
		if err1 != nil || err2 != nil {
			return nil, nil, page.ErrBadCursor
		}
		where, args = " where (created_at, id) "+sign+" ($1, $2)", []any{at, last}
	}
	var out []T
	var total int64
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		var found bool
		pg.Each(b.Queue("select "+columns+" from "+table+where+" order by "+order+" limit "+strconv.Itoa(req.Limit+1)+" offset "+strconv.Itoa(req.Offset()), args...),
			func(rows pgx.Rows) error {
				var one T
				err := rows.Scan(scan(&one)...)
				out = append(out, one)
				return err
			})
		pg.Row(b.Queue("select count(*) from "+table), &found, &total)
	})
	if err != nil {
		return nil, nil, err
	}
	out, more := page.Cut(out, req.Limit, size)
	var last []byte
	if more {
		at, which := key(out[len(out)-1])
		last = page.Key(at.UTC().Format(time.RFC3339Nano), which.String())
	}
	return out, page.Info(total, more, last), nil
}

func listSynonyms(ctx context.Context, db *pg.DB, req page.Request) ([]synonym, *typev1.PageInfo, error) {
	return listing(ctx, db, synonymColumns, "synonyms", false, req, (*synonym).scan, func(s synonym) (time.Time, id.ID) { return s.createdAt, s.id },
		func(s synonym) int { return proto.Size(s.toProto()) })
}

func listRules(ctx context.Context, db *pg.DB, req page.Request) ([]rule, *typev1.PageInfo, error) {
	return listing(ctx, db, ruleColumns, "rules", false, req, (*rule).scan, func(r rule) (time.Time, id.ID) { return r.createdAt, r.id },
		func(r rule) int { return proto.Size(r.toProto()) })
}
