package acceptance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/webhook"
)

// webhooks checks that the outside hears of everything, signed, in order, and also when it is deaf at first.
func (s *suite) webhooks(t *testing.T) {
	t.Run("a receiver that listens", func(t *testing.T) {
		t.Parallel()
		s.hears(t, 0)
	})
	t.Run("a receiver that fails twice at first", func(t *testing.T) {
		t.Parallel()
		s.hears(t, 2)
	})
	t.Run("what a site is built from", s.hearsOfContent)
	t.Run("subscriptions", s.subscriptions)
}

// hears subscribes a receiver, places and pays an order, and waits for both events.
func (s *suite) hears(t *testing.T, failures int) {
	t.Helper()
	r := listen(t, failures)
	made := s.subscribe(t, r.url, "order.created", "order.paid")
	secret, err := webhook.ParseSecret(made.text(t, "data.secret"))
	if err != nil {
		t.Fatalf("the secret is none: %v", err)
	}
	ordered := s.order(t, s.shirt.variants[0], 1)
	id := ordered.text(t, "data.id")
	if paid := s.pay(t, id, ordered.number(t, "data.totals.total.amount")); paid.status != http.StatusCreated {
		t.Fatalf("got %d: %s", paid.status, clip(paid.body))
	}
	s.eventually(t, delivered, "both events arrive", func() error { return r.got(id, webhook.TypeOrderCreated, webhook.TypeOrderPaid) })
	for _, fault := range r.audit(secret, id, ordered.text(t, "data.email")) {
		t.Error(fault)
	}
	s.logged(t, made.text(t, "data.id"), r.eventIDs(id))
}

// hearsOfContent subscribes as who builds pages ahead does, and changes what they are built from.
func (s *suite) hearsOfContent(t *testing.T) {
	t.Parallel()
	r := listen(t, 0)
	s.subscribe(t, r.url, webhook.TypePageCreated, webhook.TypePageUpdated, webhook.TypePageDeleted, webhook.TypeTaxonomyUpdated, webhook.TypePriceListCreated)
	slug := "hooked-" + unique()
	page := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/pages", token: s.admin, body: object{"title": "Hooked", "slug": slug, "locale": "en", "body": "x"}})
	path := "/admin/v1/pages/" + page.text(t, "data.id")
	s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"status": "published"}})
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	tag := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/tags", token: s.admin, body: object{"name": "Hooked " + unique()}})
	list := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/price-lists", token: s.admin, body: object{"code": slug, "name": "Hooked", "type": "override"}})
	draft := `{"pageId":"` + page.text(t, "data.id") + `","slug":"` + slug + `","locale":"en","key":null,"status":"draft"}`
	published := strings.Replace(draft, "draft", "published", 1)
	for kind, data := range map[string]string{
		webhook.TypePageCreated: draft, webhook.TypePageUpdated: published, webhook.TypePageDeleted: published,
		webhook.TypeTaxonomyUpdated:  `{"kind":"tag","id":"` + tag.text(t, "data.id") + `"}`,
		webhook.TypePriceListCreated: `{"priceListId":"` + list.text(t, "data.id") + `","code":"` + slug + `"}`,
	} {
		s.eventually(t, delivered, kind+" arrives", func() error {
			if !slices.ContainsFunc(r.all(""), func(a attempt) bool { return a.event.Type == kind && string(a.event.Data) == data }) {
				return fmt.Errorf("not %s", data)
			}
			return nil
		})
	}
}

func (s *suite) subscribe(t *testing.T, url string, events ...string) answer {
	t.Helper()
	made := s.want(t, http.StatusCreated, request{method: "POST", path: "/admin/v1/webhooks/subscriptions", token: s.admin,
		body: object{"url": url, "events": events, "description": "acceptance"}})
	s.shape(t, made, "data", "createdSubscription")
	path := "/admin/v1/webhooks/subscriptions/" + made.text(t, "data.id")
	t.Cleanup(func() {
		// By now the test's context has ended, and an orphaned subscription would be retried for days. It is gone
		// already where the check itself removed it.
		_, _ = s.exchange(context.WithoutCancel(t.Context()), request{method: "DELETE", path: path, token: s.admin})
	})
	return made
}

// logged checks the delivery log: every event delivered, and nothing left to retry.
func (s *suite) logged(t *testing.T, subscription string, events []string) {
	t.Helper()
	path := "/admin/v1/webhooks/deliveries?limit=100&status=delivered&subscriptionId=" + subscription
	s.eventually(t, settled, "the log says that they were delivered", func() error {
		a := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
		left := slices.Clone(events)
		for i := range a.list(t, "data") {
			at := fmt.Sprintf("data.%d", i)
			s.shape(t, a, at, "delivery")
			left = slices.DeleteFunc(left, func(id string) bool { return id == a.text(t, at+".eventId") })
		}
		if len(left) > 0 {
			return fmt.Errorf("%v are not in %s", left, clip(a.body))
		}
		again := request{method: "POST", path: "/admin/v1/webhooks/deliveries/" + a.text(t, "data.0.id") + "/retry", token: s.admin}
		s.want(t, http.StatusConflict, again)
		return nil
	})
}

func (s *suite) subscriptions(t *testing.T) {
	t.Parallel()
	made := s.subscribe(t, listen(t, 0).url, "product.deleted")
	path := "/admin/v1/webhooks/subscriptions/" + made.text(t, "data.id")
	read := s.want(t, http.StatusOK, request{method: "GET", path: path, token: s.admin})
	s.shape(t, read, "data", "subscription") // without the secret: it was shown once
	changed := s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin,
		body: object{"active": false, "events": []string{"order.paid"}, "description": nil}})
	changed.equal(t, "data.active", false)
	changed.equal(t, "data.events.0", "order.paid")
	changed.equal(t, "data.description", nil)
	changed.equal(t, "data.secret", nil)
	rotated := s.want(t, http.StatusOK, request{method: "PATCH", path: path, token: s.admin, body: object{"rotateSecret": true}})
	if secret := rotated.text(t, "data.secret"); secret == made.text(t, "data.secret") {
		t.Error("the secret was not changed")
	}
	for name, body := range map[string]object{
		"url":    {"url": "ftp://example.com", "events": []string{"order.paid"}},
		"events": {"url": "https://example.com", "events": []string{}},
	} {
		refused := s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/admin/v1/webhooks/subscriptions", token: s.admin, body: body})
		if !refused.names(name) {
			t.Errorf("the error does not name %s: %s", name, clip(refused.body))
		}
	}
	all := s.subscribe(t, listen(t, 0).url, webhook.Types()...)
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: "/admin/v1/webhooks/subscriptions/" + all.text(t, "data.id"), token: s.admin})
	imagined := s.want(t, http.StatusUnprocessableEntity, request{method: "POST", path: "/admin/v1/webhooks/subscriptions", token: s.admin,
		body: object{"url": "https://example.com", "events": []string{"order.imagined"}}})
	// The error tells what there is instead: exactly what the SDK knows.
	told := eventName.FindAllString(strings.ReplaceAll(imagined.text(t, "error.details.0.message"), "order.imagined", ""), -1)
	if known := slices.Sorted(slices.Values(webhook.Types())); !slices.Equal(told, known) {
		t.Errorf("the shop has the events %v, the SDK knows %v", told, known)
	}
	s.want(t, http.StatusNoContent, request{method: "DELETE", path: path, token: s.admin})
	s.want(t, http.StatusNotFound, request{method: "GET", path: path, token: s.admin})
}

var eventName = regexp.MustCompile(`[a-z_]+\.[a-z_]+`)

// attempt is one delivery as it arrived.
type attempt struct {
	header   http.Header
	body     []byte
	accepted bool
	event    webhook.Event
	order    string
}

// receiver answers 500 to the first attempts at the first event it sees, and 204 to everything else.
type receiver struct {
	url      string
	mu       sync.Mutex
	failures int
	victim   string
	attempts []attempt
}

func listen(t *testing.T, failures int) *receiver {
	t.Helper()
	r := &receiver{failures: failures}
	server := httptest.NewServer(http.HandlerFunc(r.receive))
	t.Cleanup(server.Close)
	r.url = server.URL + "/hook"
	return r
}

func (r *receiver) receive(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if r.accept(req.Header.Clone(), body) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.WriteHeader(http.StatusInternalServerError)
}

func (r *receiver) accept(header http.Header, body []byte) bool {
	event, _ := webhook.ParseEvent(body) // what is no event has no id, which audit reports
	data, _ := webhook.Data[struct {
		OrderID string `json:"orderId"`
	}](event)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.victim == "" {
		r.victim = event.ID
	}
	accepted := event.ID != r.victim || r.failures == 0
	if !accepted {
		r.failures--
	}
	r.attempts = append(r.attempts, attempt{header: header, body: body, accepted: accepted, event: event, order: data.OrderID})
	return accepted
}

// all returns the attempts so far, of one order or of all.
func (r *receiver) all(order string) []attempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.attempts), func(a attempt) bool { return order != "" && a.order != order })
}

// got says what is missing of the order's events, or of the attempts that were to fail.
func (r *receiver) got(order string, types ...string) error {
	var missing []error
	for _, want := range types {
		if !slices.ContainsFunc(r.all(order), func(a attempt) bool { return a.accepted && a.event.Type == want }) {
			missing = append(missing, fmt.Errorf("%s has not arrived", want))
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failures > 0 {
		missing = append(missing, fmt.Errorf("the event that failed must be tried %d times more", r.failures))
	} else if !slices.ContainsFunc(r.attempts, func(a attempt) bool { return a.accepted && a.event.ID == r.victim }) {
		missing = append(missing, errors.New("the event that failed has not arrived"))
	}
	return errors.Join(missing...)
}

func (r *receiver) eventIDs(order string) []string {
	var ids []string
	for _, a := range r.all(order) {
		if !slices.Contains(ids, a.event.ID) {
			ids = append(ids, a.event.ID)
		}
	}
	return ids
}

// audit says what is wrong with what arrived.
func (r *receiver) audit(secret webhook.Secret, order, email string) []string {
	var faults []string
	bodies := map[string]string{}
	for _, a := range r.all("") {
		if err := verifyAsSent(a, secret); err != nil {
			faults = append(faults, fmt.Sprintf("%s: %v", a.event.Type, err))
		}
		if id := a.header.Get(webhook.HeaderID); id == "" || id != a.event.ID {
			faults = append(faults, fmt.Sprintf("webhook-id is %q and the event's id %q", id, a.event.ID))
		}
		if before, tried := bodies[a.event.ID]; tried && before != string(a.body) {
			faults = append(faults, fmt.Sprintf("a retry changed the body:\n%s\n%s", before, a.body))
		}
		bodies[a.event.ID] = string(a.body)
		if !uuidText.MatchString(a.event.ID) || !uuidText.MatchString(a.event.TenantID) || a.event.Sequence < 1 {
			faults = append(faults, "the envelope is not {id, type, time, tenantId, sequence, data}: "+clip(a.body))
		}
		if strings.Contains(string(a.body), email) || strings.Contains(string(a.body), "@example.com") {
			faults = append(faults, "an event carries personal data: "+clip(a.body))
		}
	}
	return append(faults, auditOrder(r.all(order))...)
}

// auditOrder checks that the events of one order came in order: none before the one before it was accepted. Delivery is
// at least once, so an event that was accepted may come again at any time.
func auditOrder(attempts []attempt) []string {
	var faults []string
	var last int64
	accepted := map[string]bool{}
	for _, a := range attempts {
		if accepted[a.event.ID] {
			continue
		}
		if a.event.Sequence < last {
			faults = append(faults, fmt.Sprintf("%s, sequence %d, came after sequence %d", a.event.Type, a.event.Sequence, last))
		}
		if a.event.Type == webhook.TypeOrderPaid && !accepted[webhook.TypeOrderCreated] {
			faults = append(faults, "order.paid came before order.created was accepted")
		}
		if a.accepted {
			accepted[a.event.ID], accepted[a.event.Type] = true, true
		}
		last = max(last, a.event.Sequence)
	}
	return faults
}

// verifyAsSent verifies an attempt at the time it claims, and that time against the event's own. The shop's clock may
// be moved for tests, so the clock of this machine says nothing.
func verifyAsSent(a attempt, secret webhook.Secret) error {
	seconds, err := strconv.ParseInt(a.header.Get(webhook.HeaderTimestamp), 10, 64)
	if err != nil {
		return errors.New("webhook-timestamp is not Unix seconds")
	}
	sent := time.Unix(seconds, 0)
	if late := sent.Sub(a.event.Time.Time); late < -time.Minute || late > 2*delivered {
		return fmt.Errorf("webhook-timestamp is %v after the event", late)
	}
	return webhook.Verify(a.header, a.body, sent, secret)
}
