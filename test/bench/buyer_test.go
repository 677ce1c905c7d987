//go:build bench

package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

// buyer buys over one connection and does little else: it shares the machine with the shop it measures, while the bare
// loop it is held against needs no client at all. It knows only the HTTP/1.1 that the shop speaks: answers of a known
// length on a connection that stays open.
type buyer struct {
	conn net.Conn
	host string
	in   *bufio.Reader
	out  []byte
	body []byte
}

func newBuyer(t *testing.T, url string) *buyer {
	t.Helper()
	host := strings.TrimPrefix(url, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &buyer{conn: conn, host: host, in: bufio.NewReader(conn)}
}

// patience is how long an answer may take.
const patience = time.Minute

// open makes a cart.
func (b *buyer) open() (path, token string, err error) {
	err = b.do("POST", "/store/v1/carts", "", "", `{"currency":"EUR"}`)
	return "/store/v1/carts/" + b.field("id"), b.field("token"), err
}

// add puts one more of a thing into a cart.
func (b *buyer) add(path, token, variant string) error {
	return b.do("POST", path+"/items", token, "", `{"variantId":"`+variant+`","quantity":1}`)
}

// buy makes a cart, fills it, says who and where, chooses the shipping and orders: seven requests.
func (b *buyer) buy(_ context.Context, variant, key string) error {
	path, token, err := b.open()
	if err != nil {
		return err
	}
	if err := b.add(path, token, variant); err != nil {
		return err
	}
	for _, r := range []struct{ method, path, body string }{
		{"PUT", "/email", `{"email":"ada@example.com"}`},
		{"PUT", "/shipping-address", `{"name":"Ada","line1":"1 rue du Test","city":"Paris","postalCode":"75001","country":"FR"}`},
		{"GET", "/shipping-rates", ""},
	} {
		if err := b.do(r.method, path+r.path, token, "", r.body); err != nil {
			return err
		}
	}
	if err := b.do("PUT", path+"/shipping-method", token, "", `{"shippingRateId":"`+b.field("id")+`"}`); err != nil {
		return err
	}
	if err := b.do("POST", path+"/checkout", token, key, `{"paymentMethod":"manual"}`); err != nil {
		return err
	}
	if status := b.field("status"); status != "pending_payment" {
		return fmt.Errorf("%w: an order that is %q", errAnswer, status)
	}
	return nil
}

var errAnswer = errors.New("not the answer that was expected")

// do sends one request and keeps the answer's body.
func (b *buyer) do(method, path, token, key, body string) error {
	out := append(b.out[:0], method...)
	out = append(append(append(out, ' '), path...), " HTTP/1.1\r\nHost: "...)
	out = append(out, b.host...)
	if token != "" {
		out = append(append(out, "\r\nX-Cart-Token: "...), token...)
	}
	if key != "" {
		out = append(append(out, "\r\nIdempotency-Key: "...), key...)
	}
	if body != "" {
		out = append(out, "\r\nContent-Type: application/json\r\nContent-Length: "...)
		out = strconv.AppendInt(out, int64(len(body)), 10)
	}
	b.out = append(append(out, "\r\n\r\n"...), body...)
	if err := b.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := b.conn.Write(b.out); err != nil {
		return err
	}
	line, err := b.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	ok, status, length := bytes.HasPrefix(line, []byte("HTTP/1.1 20")), string(line), -1
	for len(line) > len("\r\n") {
		if line, err = b.in.ReadSlice('\n'); err != nil {
			return err
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return fmt.Errorf("%w: %s %s has no length: %s", errAnswer, method, path, status)
	}
	if cap(b.body) < length {
		b.body = make([]byte, length)
	}
	b.body = b.body[:length]
	if _, err := io.ReadFull(b.in, b.body); err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%w: %s %s: %s%s", errAnswer, method, path, status, b.body)
	}
	return nil
}

// field is the first text of that name in the last answer.
func (b *buyer) field(name string) string {
	_, rest, _ := bytes.Cut(b.body, []byte(`"`+name+`":"`))
	value, _, _ := bytes.Cut(rest, []byte{'"'})
	return string(value)
}
