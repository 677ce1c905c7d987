package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	// maxRecord is how many bytes of one row are held; a longer one is passed over and reported.
	maxRecord = 4 << 20
	// maxColumns is how many fields of one row are held.
	maxColumns = 1000
)

// pages gives a file piece by piece, and io.EOF at the end. A piece is valid until the next call.
type pages func() ([]byte, error)

// cursor reads pages byte by byte and knows where it is.
type cursor struct {
	src  pages
	cur  []byte
	i    int
	base int64 // bytes before cur
}

func (c *cursor) at() int64 { return c.base + int64(c.i) }

// more makes sure that there is a byte at c.cur[c.i]; io.EOF at the end.
func (c *cursor) more() error {
	for c.i >= len(c.cur) {
		c.base += int64(len(c.cur))
		c.cur, c.i = nil, 0
		next, err := c.src()
		if err != nil {
			return err
		}
		c.cur = next
	}
	return nil
}

// csvReader reads RFC 4180 strictly and in bounded memory: fields may be quoted, a quote in a quoted field is doubled,
// rows end with LF or CRLF, empty lines are passed over. What is wrong with a row is told with the row, and the next
// one is read.
type csvReader struct {
	cursor

	comma  byte
	row    int64 // number of the row that was read last, as a spreadsheet counts
	buf    []byte
	ends   []int
	fields []string
}

// csvRow is one row. flaw says what is wrong with its form; its fields are then not to be trusted.
type csvRow struct {
	fields []string // valid until the next row is read
	flaw   *rowError
}

// errQuoteOpen is the end of the file inside of a quoted field.
var errQuoteOpen = errors.New("catalog: the file ends inside of a quoted field")

// read reads the next row that is not empty; io.EOF at the end. After errQuoteOpen, row and the number of fields say
// where the quote was opened.
func (r *csvReader) read() (csvRow, error) {
	for {
		row, blank, err := r.record()
		if err != nil || !blank {
			return row, err
		}
	}
}

const (
	fieldStart = iota
	inField
	inQuotes
	quoteInQuotes
)

func (r *csvReader) record() (row csvRow, blank bool, err error) {
	if err := r.more(); err != nil {
		return row, false, err
	}
	r.row++
	r.buf, r.ends = r.buf[:0], r.ends[:0]
	state, quoted, long, many, size := fieldStart, false, false, false, 0
	var flaw *rowError
	keep := func(b []byte) {
		size += len(b)
		if size > maxRecord {
			long = true
			return
		}
		r.buf = append(r.buf, b...)
	}
	field := func() {
		if len(r.ends) >= maxColumns {
			many = true
			return
		}
		r.ends = append(r.ends, len(r.buf))
	}
	done := false
	for !done {
		if err := r.more(); err != nil {
			if !errors.Is(err, io.EOF) {
				return row, false, err
			}
			if state == inQuotes {
				return row, false, errQuoteOpen
			}
			break
		}
		if state == inQuotes { // mostly long texts: to the next quote at once
			rest := r.cur[r.i:]
			n := bytes.IndexByte(rest, '"')
			if n < 0 {
				keep(rest)
				r.i += len(rest)
				continue
			}
			keep(rest[:n])
			r.i += n + 1
			state = quoteInQuotes
			continue
		}
		c := r.cur[r.i]
		r.i++
		switch {
		case c == '\n':
			if n := len(r.buf); state == inField && n > r.start() && r.buf[n-1] == '\r' {
				r.buf = r.buf[:n-1]
			}
			done = true
		case c == r.comma:
			field()
			state = fieldStart
		case c == '"' && state == fieldStart:
			state, quoted = inQuotes, true
		case c == '"' && state == quoteInQuotes:
			keep([]byte{'"'})
			state = inQuotes
		case c == '\r' && state == quoteInQuotes:
			keep([]byte{c}) // the end of the row follows, or the next byte complains
			state = inField
		case c == '"' || state == quoteInQuotes:
			if flaw == nil {
				flaw = problem("", "quote", "A quote stands in the middle of a field. Put the field in quotes and double those in it.", string(r.buf[r.start():]))
			}
			keep([]byte{c})
			state = inField
		default:
			keep(r.cur[r.i-1 : r.i])
			state = inField
		}
	}
	if len(r.ends) == 0 && len(r.buf) == 0 && !quoted {
		return row, true, nil
	}
	field()
	switch {
	case long:
		flaw = problem("", "too_long", fmt.Sprintf("The row is longer than %d MiB.", maxRecord>>20), "")
	case many:
		flaw = problem("", "ragged", fmt.Sprintf("The row has more than %d fields.", maxColumns), "")
	}
	all := string(r.buf)
	r.fields = r.fields[:0]
	from := 0
	for _, end := range r.ends {
		r.fields = append(r.fields, all[from:end])
		from = end
	}
	return csvRow{fields: r.fields, flaw: flaw.at(r.row)}, false, nil
}

// start is where the field under way begins.
func (r *csvReader) start() int {
	if len(r.ends) == 0 {
		return 0
	}
	return r.ends[len(r.ends)-1]
}

// detectComma finds what separates the fields of a header: the most frequent of comma, semicolon and tab outside of
// quotes.
func detectComma(head []byte) byte {
	count := map[byte]int{}
	quoted := false
	for _, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			return most(count)
		default:
			count[c]++
		}
	}
	return most(count)
}

func most(count map[byte]int) byte {
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

// utf8Checker finds the first byte of a file that is not UTF-8 text, across its pieces.
type utf8Checker struct {
	at   int64
	tail []byte // the beginning of a character that the piece before ended with
}

// check looks at the next piece, and reports the place of what is wrong.
func (u *utf8Checker) check(p []byte) (at int64, ok bool) {
	for len(u.tail) > 0 && len(p) > 0 {
		u.tail = append(u.tail, p[0])
		p = p[1:]
		if utf8.FullRune(u.tail) {
			if r, n := utf8.DecodeRune(u.tail); r == utf8.RuneError && n <= 1 {
				return u.at, false
			}
			u.at += int64(len(u.tail))
			u.tail = u.tail[:0]
		}
	}
	if i := bytes.IndexByte(p, 0); i >= 0 && utf8.Valid(p[:i]) {
		return u.at + int64(i), false
	}
	if utf8.Valid(p) {
		u.at += int64(len(p))
		return 0, true
	}
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		if r == utf8.RuneError && n <= 1 {
			if !utf8.FullRune(p) {
				u.tail = append(u.tail, p...)
				return 0, true
			}
			return u.at, false
		}
		u.at += int64(n)
		p = p[n:]
	}
	return 0, true
}

// end reports what is wrong with the end of the file.
func (u *utf8Checker) end() (at int64, ok bool) { return u.at, len(u.tail) == 0 }

// writeCSV appends one row. Every text that a spreadsheet could take for a formula gets an apostrophe in front, which
// bare takes away again.
func writeCSV(to []byte, fields []string) []byte {
	for i, f := range fields {
		if i > 0 {
			to = append(to, ',')
		}
		if !strings.ContainsAny(f, ",\"\r\n;\t") && strings.TrimSpace(f) == f {
			to = append(to, f...)
			continue
		}
		to = append(to, '"')
		to = append(to, strings.ReplaceAll(f, `"`, `""`)...)
		to = append(to, '"')
	}
	return append(to, "\r\n"...)
}

// formula reports whether a spreadsheet would calculate with a text instead of showing it.
func formula(s string) bool { return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 }

// guarded is a text as it stands in a cell: one that begins like a formula, or like a guarded one, gets an apostrophe.
func guarded(s string) string {
	if formula(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// bare is the text that guarded was given.
func bare(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && formula(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}
