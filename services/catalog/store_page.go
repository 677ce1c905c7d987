package catalog

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"google.golang.org/protobuf/proto"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// listing says how things of one kind are listed.
type listing[T any] struct {
	columns string
	from    string // the table and its alias
	order   string // ends in something unique
	scan    func(rows pgx.Rows) (T, error)
	key     func(T) []byte // the position behind one of them
	size    func(T) int    // bytes of one of them as it travels
}

// read reads one page of what shown matches, and the total of what counted matches, in one round trip.
func (l listing[T]) read(ctx context.Context, db *pg.DB, req page.Request, counted, shown conditions) ([]T, *typev1.PageInfo, error) {
	var out []T
	var total int64
	err := db.Read(ctx, func(b *pg.Batch) {
		out = nil
		var found bool
		pg.Each(b.Queue(`select `+l.columns+` from `+l.from+shown.where()+` order by `+l.order+limitOffset(req), shown.args...), func(rows pgx.Rows) error {
			one, err := l.scan(rows)
			out = append(out, one)
			return err
		})
		pg.Row(b.Queue(`select count(*) from (select from `+l.from+counted.where()+` limit `+strconv.Itoa(page.CountLimit+1)+`) t`, counted.args...), &found, &total)
	})
	if err != nil {
		return nil, nil, err
	}
	out, more := page.Cut(out, req.Limit, l.size)
	var last []byte
	if more {
		last = l.key(out[len(out)-1])
	}
	return out, page.Info(total, more, last), nil
}

// localized translates the rows of a page, which ends sooner when they are too large then. key is the position behind one of
// them as it was.
func localized[T proto.Message](rows []T, info *typev1.PageInfo, key func(T) []byte, translate func() error) ([]T, *typev1.PageInfo, error) {
	keys := make([][]byte, len(rows))
	for i, one := range rows {
		keys[i] = key(one)
	}
	if err := translate(); err != nil {
		return nil, nil, err
	}
	shown, more := page.Cut(rows, len(rows), sizeOf[T])
	if more {
		info.Next = keys[len(shown)-1]
	}
	return shown, info, nil
}

// sizeOf is how many bytes a message has as it travels.
func sizeOf[M proto.Message](m M) int { return proto.Size(m) }

// limitOffset asks for one row more than the page has, to know whether there is a next one.
func limitOffset(req page.Request) string {
	return " limit " + strconv.Itoa(req.Limit+1) + " offset " + strconv.Itoa(req.Offset())
}

// clone copies conditions, so that more can be added to one of the two.
func (c *conditions) clone() conditions {
	return conditions{parts: slices.Clone(c.parts), args: slices.Clone(c.args)}
}

// behindName continues a list that is ordered by name and id behind a position, which [nameKey] makes.
func (c *conditions) behindName(table string, after []byte) error {
	if len(after) == 0 {
		return nil
	}
	parts, err := page.ParseKey(after, 2)
	if err != nil {
		return err
	}
	last, err := id.Parse(parts[1])
	if err != nil {
		return page.ErrBadCursor
	}
	c.add("("+table+".name_key, "+table+".id) > (?, ?::uuid)", parts[0], last)
	return nil
}

// named is what has a name and an id.
type named interface {
	GetName() string
	GetId() string
}

func nameKey[T named](t T) []byte { return page.Key(fold(t.GetName()), t.GetId()) }

// behindNewest continues a list that is ordered from the newest down behind a position, which newestKey makes.
func (c *conditions) behindNewest(table string, after []byte) error {
	if len(after) == 0 {
		return nil
	}
	parts, err := page.ParseKey(after, 2)
	if err != nil {
		return err
	}
	at, err1 := time.Parse(time.RFC3339Nano, parts[0])
	last, err2 := id.Parse(parts[1])
	if err1 != nil || err2 != nil {
		return page.ErrBadCursor
	}
	c.add("("+table+".created_at, "+table+".id) < (?::timestamptz, ?::uuid)", at, last)
	return nil
}

func newestKey(createdAt time.Time, which string) []byte {
	return page.Key(createdAt.UTC().Format(time.RFC3339Nano), which)
}
