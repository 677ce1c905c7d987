package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	checkoutv1 "github.com/sovecom/sovecom/gen/sovecom/checkout/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	webhookv1 "github.com/sovecom/sovecom/gen/sovecom/webhook/v1"
	"github.com/sovecom/sovecom/gen/sovecom/webhook/v1/webhookv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/kit/tenant"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// clock is moved by tests only.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// shop is the room on a database of the test's own.
type shop struct {
	db     *pgtest.DB
	clock  *clock
	svc    *Service
	client webhookv1connect.WebhookServiceClient
}

func open(t *testing.T, change func(cfg *Config)) *shop {
	t.Helper()
	s := &shop{db: pgtest.New(t, "webhook", Migrations()), clock: &clock{at: time.Now().UTC().Truncate(time.Second)}}
	s.svc = s.room(t, s.db.DB, change)
	server, err := rpc.NewServer(rpc.Deps{Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	s.svc.Mount(server)
	client, err := rpc.NewClient(door.Memory(server), rpc.Deps{Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	s.client = webhookv1connect.NewWebhookServiceClient(client)
	return s
}

// room makes another replica on a pool.
func (s *shop) room(t *testing.T, db *pg.DB, change func(cfg *Config)) *Service {
	t.Helper()
	cfg := DefaultConfig()
	cfg.AllowInsecure = true
	if change != nil {
		change(&cfg)
	}
	svc, err := New(cfg, Deps{DB: db, Logger: quiet(), Now: s.clock.now, Secret: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	svc.spread = func() float64 { return 0.5 } // the schedule to the second
	return svc
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// admin is staff of the default shop.
func admin(t *testing.T) context.Context {
	t.Helper()
	return auth.With(pgtest.Context(t), auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "admin"})
}

func (s *shop) subscribe(ctx context.Context, t *testing.T, url string, events ...string) (*webhookv1.Subscription, []byte) {
	t.Helper()
	made, err := s.client.CreateSubscription(ctx, &webhookv1.CreateSubscriptionRequest{Url: url, Events: events})
	if err != nil {
		t.Fatal(err)
	}
	return made.GetSubscription(), keyOf(t, made.GetSecret())
}

func keyOf(t *testing.T, secret string) []byte {
	t.Helper()
	encoded, ok := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		t.Fatalf("%q is no secret of Standard Webhooks", secret)
	}
	return key
}

// happens hands an event to the consumer, as the bus does.
func (s *shop) happens(t *testing.T, e bus.Event) {
	t.Helper()
	ctx := tenant.With(t.Context(), e.Tenant)
	if err := s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error { return s.svc.enqueue(ctx, tx, e, nil) }); err != nil {
		t.Fatal(err)
	}
}

// orderEvent is an event of an order: created at sequence 1, paid after that.
func (s *shop) orderEvent(t *testing.T, order id.ID, sequence int64) bus.Event {
	t.Helper()
	total := &typev1.Money{Amount: 4900, Currency: "EUR"}
	e := bus.Event{ID: id.New(), Tenant: tenant.Default(), Aggregate: order, Sequence: sequence, Time: s.clock.now()}
	if sequence == 1 {
		return filled(t, e, "evt.checkout.order.created", &checkoutv1.OrderCreated{
			OrderId: order.String(), Number: "1001", Status: checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT, Total: total, PaymentMethod: "manual",
		})
	}
	return filled(t, e, "evt.checkout.order.paid", &checkoutv1.OrderPaid{
		OrderId: order.String(), Number: "1001", Status: checkoutv1.OrderStatus_ORDER_STATUS_PAID,
		PreviousStatus: checkoutv1.OrderStatus_ORDER_STATUS_PENDING_PAYMENT, Total: total,
	})
}

func filled(t *testing.T, e bus.Event, subject string, m proto.Message) bus.Event {
	t.Helper()
	body, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	e.Subject, e.Body = subject, body
	return e
}

// round lets a replica work once and says how much it did.
func round(t *testing.T, svc *Service) int {
	t.Helper()
	n, err := svc.round(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// drainAll works until nothing is due.
func drainAll(t *testing.T, svc *Service) {
	t.Helper()
	for range 1000 {
		if round(t, svc) == 0 {
			return
		}
	}
	t.Fatal("there is no end to what is due")
}

func (s *shop) deliveries(ctx context.Context, t *testing.T, sub string) []*webhookv1.Delivery {
	t.Helper()
	res, err := s.client.ListDeliveries(ctx, &webhookv1.ListDeliveriesRequest{SubscriptionId: sub, Page: &typev1.PageRequest{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	return res.GetDeliveries()
}

func (s *shop) only(ctx context.Context, t *testing.T, sub string) *webhookv1.Delivery {
	t.Helper()
	all := s.deliveries(ctx, t, sub)
	if len(all) != 1 {
		t.Fatalf("%d deliveries: %v", len(all), all)
	}
	return all[0]
}

// hit is one request as it arrived.
type hit struct {
	header http.Header
	body   []byte
	event  struct {
		ID       string `json:"id"`
		Type     string `json:"type"`
		Sequence int64  `json:"sequence"`
		Data     struct {
			OrderID string `json:"orderId"`
		} `json:"data"`
	}
	accepted bool
}

// receiver answers as the test says and remembers everything.
type receiver struct {
	*httptest.Server

	mu     sync.Mutex
	hits   []hit
	answer func(w http.ResponseWriter, r *http.Request, h hit) int // the status
}

func listen(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, h hit) int) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		h := hit{header: req.Header.Clone()}
		h.body, _ = io.ReadAll(req.Body)
		_ = json.Unmarshal(h.body, &h.event)
		status := http.StatusNoContent
		if answer != nil {
			status = answer(w, req, h)
		}
		h.accepted = status >= 200 && status < 300
		r.mu.Lock()
		r.hits = append(r.hits, h)
		r.mu.Unlock()
		if status != 0 {
			w.WriteHeader(status)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []hit {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.hits)
}

// verify checks one signature of a request by hand.
func (h hit) verify(key []byte) error {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", h.header.Get("webhook-id"), h.header.Get("webhook-timestamp"), h.body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if !slices.Contains(strings.Fields(h.header.Get("webhook-signature")), want) {
		return fmt.Errorf("%s is not among %s", want, h.header.Get("webhook-signature"))
	}
	if h.header.Get("webhook-id") != h.event.ID {
		return errors.New("webhook-id is not the event's id")
	}
	return nil
}

// inOrder says whether no event of an order came before the one before it was accepted. What was accepted may come again.
func inOrder(hits []hit) error {
	reached := map[string]int64{}
	for _, h := range hits {
		order := h.event.Data.OrderID
		if h.event.Sequence > reached[order]+1 {
			return fmt.Errorf("%s: sequence %d after %d", order, h.event.Sequence, reached[order])
		}
		if h.accepted {
			reached[order] = max(reached[order], h.event.Sequence)
		}
	}
	return nil
}

// deaf is an address nobody listens at.
func deaf(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String() + "/hook"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return url
}
