package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/sdk/webhook"
)

const (
	orderID = "01890000-0000-7000-8000-00000000000a"
	tenant  = "01890000-0000-7000-8000-00000000000b"
)

func sent(t *testing.T, kind string, sequence int64) webhook.Event {
	t.Helper()
	return webhook.Event{
		ID: fmt.Sprintf("01890000-0000-7000-8000-%012d", sequence), Type: kind, TenantID: tenant, Sequence: sequence,
		Time: storev1.At(time.Unix(1_800_000_000, 0)), Data: json.RawMessage(`{"orderId":"` + orderID + `"}`),
	}
}

// deliver posts an event as a shop would and says whether it was accepted.
func deliver(t *testing.T, r *receiver, e webhook.Event, secret webhook.Secret) bool {
	t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = webhook.Sign(e.ID, e.Time.Time.Add(time.Second), body, secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode < 300
}

func TestReceiverFailsTwiceAndThenListens(t *testing.T) {
	t.Parallel()
	r, secret := listen(t, 2), webhook.NewSecret()
	created, paid := sent(t, webhook.TypeOrderCreated, 1), sent(t, webhook.TypeOrderPaid, 2)
	for i, want := range []bool{false, false, true} {
		if r.got(orderID, webhook.TypeOrderCreated) == nil {
			t.Errorf("attempt %d: nothing was accepted yet", i)
		}
		if got := deliver(t, r, created, secret); got != want {
			t.Errorf("attempt %d: accepted is %v", i, got)
		}
	}
	if err := r.got(orderID, webhook.TypeOrderCreated, webhook.TypeOrderPaid); err == nil || !strings.Contains(err.Error(), "order.paid has not arrived") {
		t.Errorf("got %v", err)
	}
	if !deliver(t, r, paid, secret) || r.got(orderID, webhook.TypeOrderCreated, webhook.TypeOrderPaid) != nil {
		t.Error("both events have arrived")
	}
	if faults := r.audit(secret, orderID, "ada@example.com"); len(faults) > 0 {
		t.Errorf("got %q", faults)
	}
	if got := r.eventIDs(orderID); len(got) != 2 || got[0] != created.ID || got[1] != paid.ID {
		t.Errorf("got %v", got)
	}
}

func TestReceiverAuditsWhatArrives(t *testing.T) {
	t.Parallel()
	created, paid := sent(t, webhook.TypeOrderCreated, 1), sent(t, webhook.TypeOrderPaid, 2)
	changed := created
	changed.Data = json.RawMessage(`{"orderId":"` + orderID + `","more":1}`)
	personal := created
	personal.Data = json.RawMessage(`{"orderId":"` + orderID + `","email":"ada@example.com"}`)
	rootless := created
	rootless.TenantID = ""
	secret := webhook.NewSecret()
	for name, c := range map[string]struct {
		events   []webhook.Event
		failures int
		signedBy webhook.Secret
		fault    string
	}{
		"in order":           {events: []webhook.Event{created, paid}},
		"sent again":         {events: []webhook.Event{created, paid, created}},
		"out of order":       {events: []webhook.Event{paid, created}, fault: "came after sequence 2"},
		"before acceptance":  {events: []webhook.Event{created, paid}, failures: 1, fault: "before order.created was accepted"},
		"changed on a retry": {events: []webhook.Event{created, changed}, fault: "a retry changed the body"},
		"personal":           {events: []webhook.Event{personal}, fault: "personal data"},
		"no tenant":          {events: []webhook.Event{rootless}, fault: "the envelope"},
		"another's secret":   {events: []webhook.Event{created}, signedBy: webhook.NewSecret(), fault: webhook.ErrSignature.Error()},
	} {
		r, by := listen(t, c.failures), c.signedBy
		if by.Reveal() == (webhook.Secret{}).Reveal() {
			by = secret
		}
		for _, e := range c.events {
			deliver(t, r, e, by)
		}
		faults := strings.Join(r.audit(secret, orderID, "ada@example.com"), "; ")
		if c.fault == "" && faults != "" || !strings.Contains(faults, c.fault) {
			t.Errorf("%s: the audit says %q, want %q", name, faults, c.fault)
		}
	}
}

func TestWebhooksAreSentInTime(t *testing.T) {
	t.Parallel()
	secret, e := webhook.NewSecret(), sent(t, webhook.TypeOrderPaid, 1)
	body, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for late, good := range map[time.Duration]bool{0: true, time.Minute: true, time.Hour: false, -time.Hour: false} {
		a := attempt{header: webhook.Sign(e.ID, e.Time.Time.Add(late), body, secret), body: body, event: e}
		if got := verifyAsSent(a, secret); (got == nil) != good {
			t.Errorf("%v late: got %v", late, got)
		}
	}
}
