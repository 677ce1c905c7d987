// Package page is how long lists are walked: by number, or by a position that stays right while rows come and go.
//
// A room hands out the raw position of the last row it showed (a keyset, see [Key]). The gateway seals it for the
// caller with [Signer], bound to the list and its filters, and opens it again, so that no stranger's bytes reach a
// query.
package page

import (
	"encoding/binary"

	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/fault"
)

// CountLimit is up to where a total is counted; beyond it, an estimate is given.
const CountLimit = 10_000

const defaultLimit = 20

// ErrBadCursor is what a cursor gets that this list did not hand out.
var ErrBadCursor = fault.Malformed("page.bad_cursor", "The cursor does not belong to this list. Start again without it.")

// Request asks for one page.
type Request struct {
	Page  int    // from 1
	Limit int    // rows, 1 to 100
	After []byte // raw keyset position; when set, Page does not count
}

// FromProto reads a request and fills in the defaults: the first page, of 20.
func FromProto(p *typev1.PageRequest) Request {
	r := Request{Page: int(p.GetPage()), Limit: int(p.GetLimit()), After: p.GetAfter()}
	if r.Page < 1 {
		r.Page = 1
	}
	if r.Limit < 1 {
		r.Limit = defaultLimit
	}
	return r
}

// Offset is how many rows come before the page; 0 with a position.
func (r Request) Offset() int {
	if len(r.After) > 0 {
		return 0
	}
	return (r.Page - 1) * r.Limit
}

// Key packs the sort values of a row into a raw position.
func Key(parts ...string) []byte {
	var out []byte
	for _, p := range parts {
		out = binary.AppendUvarint(out, uint64(len(p)))
		out = append(out, p...)
	}
	return out
}

// ParseKey unpacks a position of n values.
func ParseKey(after []byte, n int) ([]string, error) {
	parts := make([]string, 0, n)
	for len(after) > 0 && len(parts) < n {
		size, used := binary.Uvarint(after)
		if used <= 0 || size > uint64(len(after)-used) {
			return nil, ErrBadCursor
		}
		end := used + int(size)
		parts = append(parts, string(after[used:end]))
		after = after[end:]
	}
	if len(parts) != n || len(after) > 0 {
		return nil, ErrBadCursor
	}
	return parts, nil
}

// Info describes the page that was read. total above CountLimit means "more than that"; more says that there is a next
// page, and last is then the Key of the last row shown.
func Info(total int64, more bool, last []byte) *typev1.PageInfo {
	info := &typev1.PageInfo{Total: total, TotalIsEstimate: total > CountLimit}
	if more {
		info.Next = last
	}
	return info
}

// MaxAnswer is how many bytes of rows travel in one answer: doors refuse 4 MiB, and what is said besides needs room.
const MaxAnswer = 7 << 19 // 3.5 MiB

// Cut is what a page shows of the rows that were read for it: at most limit, and no more than travel in one answer. The first
// row is always shown. more says that others follow; size is how many bytes a row has when it travels.
func Cut[T any](rows []T, limit int, size func(T) int) (shown []T, more bool) {
	end, bytes := min(limit, len(rows)), 0
	for i, r := range rows[:end] {
		if bytes += size(r); bytes > MaxAnswer && i > 0 {
			end = i
			break
		}
	}
	return rows[:end], end < len(rows)
}
