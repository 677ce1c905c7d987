package webhook_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/sdk/webhook"
)

// The vector published with Standard Webhooks; openssl dgst -sha256 -mac HMAC agrees.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorSeconds   = 1614265330
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func secret(t *testing.T, text string) webhook.Secret {
	t.Helper()
	s, err := webhook.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignMatchesThePublishedVector(t *testing.T) {
	t.Parallel()
	header := webhook.Sign(vectorID, time.Unix(vectorSeconds, 0), []byte(vectorBody), secret(t, vectorSecret))
	for name, want := range map[string]string{
		"webhook-id": vectorID, "webhook-timestamp": "1614265330", "webhook-signature": vectorSignature,
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	at := time.Unix(vectorSeconds, 0)
	good := map[string]string{"webhook-id": vectorID, "webhook-timestamp": "1614265330", "webhook-signature": vectorSignature}
	other := "v1," + base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, c := range map[string]struct {
		set  map[string]string // headers that differ; "" removes
		body string
		now  time.Time
		want error
	}{
		"as published":             {},
		"among others":             {set: map[string]string{"webhook-signature": other + " v2,x v1a,abc " + vectorSignature}},
		"five minutes late":        {now: at.Add(5 * time.Minute)},
		"five minutes early":       {now: at.Add(-5 * time.Minute)},
		"later":                    {now: at.Add(5*time.Minute + 1), want: webhook.ErrTimestamp},
		"earlier":                  {now: at.Add(-5*time.Minute - 1), want: webhook.ErrTimestamp},
		"timestamp moved":          {set: map[string]string{"webhook-timestamp": "1614265331"}, want: webhook.ErrSignature},
		"timestamp no number":      {set: map[string]string{"webhook-timestamp": "now"}, want: webhook.ErrTimestamp},
		"timestamp out of range":   {set: map[string]string{"webhook-timestamp": "9223372036854775807"}, want: webhook.ErrTimestamp},
		"body changed":             {body: vectorBody + " ", want: webhook.ErrSignature},
		"id changed":               {set: map[string]string{"webhook-id": "msg_other"}, want: webhook.ErrSignature},
		"wrong signature":          {set: map[string]string{"webhook-signature": other}, want: webhook.ErrSignature},
		"other scheme":             {set: map[string]string{"webhook-signature": "v2" + vectorSignature[2:]}, want: webhook.ErrSignature},
		"signature without scheme": {set: map[string]string{"webhook-signature": vectorSignature[3:]}, want: webhook.ErrSignature},
		"signature cut short":      {set: map[string]string{"webhook-signature": vectorSignature[:20]}, want: webhook.ErrSignature},
		"signature empty":          {set: map[string]string{"webhook-signature": "v1,"}, want: webhook.ErrSignature},
		"no signature":             {set: map[string]string{"webhook-signature": ""}, want: webhook.ErrMissingHeader},
		"no id":                    {set: map[string]string{"webhook-id": ""}, want: webhook.ErrMissingHeader},
		"no timestamp":             {set: map[string]string{"webhook-timestamp": ""}, want: webhook.ErrMissingHeader},
	} {
		header := http.Header{}
		for k, v := range good {
			header.Set(k, v)
		}
		for k, v := range c.set {
			header.Set(k, v)
		}
		body, now := vectorBody, at
		if c.body != "" {
			body = c.body
		}
		if !c.now.IsZero() {
			now = c.now
		}
		if err := webhook.Verify(header, []byte(body), now, webhook.NewSecret(), secret(t, vectorSecret)); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestBothSecretsSignWhileOneIsRotated(t *testing.T) {
	t.Parallel()
	before, after, at := webhook.NewSecret(), webhook.NewSecret(), time.Unix(vectorSeconds, 0)
	header := webhook.Sign("id", at, []byte("{}"), after, before)
	for _, s := range []webhook.Secret{before, after} {
		if err := webhook.Verify(header, []byte("{}"), at, s); err != nil {
			t.Errorf("got %v", err)
		}
	}
	if err := webhook.Verify(header, []byte("{}"), at, webhook.NewSecret()); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("a stranger's secret: got %v", err)
	}
	if err := webhook.Verify(header, []byte("{}"), at); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("no secret: got %v", err)
	}
}

func TestTheZeroSecretOpensNothing(t *testing.T) {
	t.Parallel()
	at := time.Unix(vectorSeconds, 0)
	if got := webhook.Sign("id", at, nil, webhook.Secret{}).Get("webhook-signature"); got != "" {
		t.Errorf("the zero secret signed %q", got)
	}
	// What anybody can compute: the HMAC with an empty key.
	forged := http.Header{}
	forged.Set("webhook-id", "id")
	forged.Set("webhook-timestamp", "1614265330")
	forged.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(emptyKeyHMAC("id.1614265330.{}")))
	if err := webhook.Verify(forged, []byte("{}"), at, webhook.Secret{}); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("got %v", err)
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	s := webhook.NewSecret()
	if back := secret(t, s.Reveal()); back.Reveal() != s.Reveal() {
		t.Error("a secret does not read what it shows")
	}
	if s.Reveal() == webhook.NewSecret().Reveal() {
		t.Error("two secrets are the same")
	}
	for _, bad := range []string{"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!", "whsec_c2hvcnQ=",
		"whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65))} {
		if _, err := webhook.ParseSecret(bad); err == nil {
			t.Errorf("%q was read as a secret", bad)
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s)
	shown := fmt.Sprintf("%v %+v %#v %s", s, s, s, s) + log.String()
	if strings.Contains(shown, strings.TrimPrefix(s.Reveal(), "whsec_")) {
		t.Errorf("a secret was printed: %s", shown)
	}
}

const event = `{"id":"e1","type":"order.paid","time":"2026-01-02T03:04:05.678Z","tenantId":"t1","sequence":2,
 "data":{"orderId":"o1","number":"1001","status":"paid","previousStatus":"pending_payment","total":{"amount":4900,"currency":"EUR"}}}`

func TestRead(t *testing.T) {
	t.Parallel()
	s, at := webhook.NewSecret(), time.Unix(vectorSeconds, 0)
	request := func(body string) *http.Request {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header = webhook.Sign("e1", at, []byte(body), s)
		return r
	}
	got, err := webhook.Read(request(event), at, s)
	if err != nil || got.ID != "e1" || got.Type != webhook.TypeOrderPaid || got.TenantID != "t1" || got.Sequence != 2 ||
		got.Time.String() != "2026-01-02T03:04:05.678Z" {
		t.Fatalf("got %+v, %v", got, err)
	}
	paid, err := webhook.Data[webhook.OrderPaid](got)
	want := webhook.OrderPaid{OrderID: "o1", Number: "1001", Status: "paid", PreviousStatus: "pending_payment",
		Total: storev1.Money{Amount: 4900, Currency: "EUR"}}
	if err != nil || paid != want {
		t.Errorf("got %+v, %v", paid, err)
	}
	if _, err := webhook.Read(request(event), at, webhook.NewSecret()); !errors.Is(err, webhook.ErrSignature) {
		t.Errorf("a stranger's secret: got %v", err)
	}
	if _, err := webhook.Read(request(strings.Repeat("x", webhook.MaxBody+1)), at, s); !errors.Is(err, webhook.ErrTooLarge) {
		t.Errorf("too large: got %v", err)
	}
	for _, body := range []string{`{}`, `[]`, `nonsense`, ``} {
		if _, err := webhook.Read(request(body), at, s); err == nil {
			t.Errorf("%q was read as an event", body)
		}
	}
	if _, err := webhook.Data[webhook.OrderPaid](webhook.Event{Data: json.RawMessage(`[]`)}); err == nil {
		t.Error("an array was read as data")
	}
}

func TestEventsHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	all := map[string]any{
		webhook.TypeOrderCreated: webhook.OrderCreated{}, webhook.TypeOrderPaid: webhook.OrderPaid{},
		webhook.TypeOrderPartiallyFulfilled: webhook.OrderPartiallyFulfilled{}, webhook.TypeOrderFulfilled: webhook.OrderFulfilled{},
		webhook.TypeOrderCancelled:         webhook.OrderCancelled{},
		webhook.TypeOrderPartiallyRefunded: webhook.OrderPartiallyRefunded{}, webhook.TypeOrderRefunded: webhook.OrderRefunded{},
		webhook.TypeProductCreated: webhook.ProductCreated{}, webhook.TypeProductUpdated: webhook.ProductUpdated{}, webhook.TypeProductDeleted: webhook.ProductDeleted{},
		webhook.TypeProductAvailabilityChanged: webhook.ProductAvailabilityChanged{},
		webhook.TypeTaxonomyUpdated:            webhook.TaxonomyUpdated{}, webhook.TypeLocalesUpdated: webhook.LocalesUpdated{}, webhook.TypeMarketsUpdated: webhook.MarketsUpdated{},
		webhook.TypePriceListCreated: webhook.PriceListCreated{}, webhook.TypePriceListUpdated: webhook.PriceListUpdated{},
		webhook.TypePriceListDeleted: webhook.PriceListDeleted{}, webhook.TypePriceListRepriced: webhook.PriceListRepriced{},
		webhook.TypeJobEnded:    webhook.JobEnded{},
		webhook.TypePageCreated: webhook.PageCreated{}, webhook.TypePageUpdated: webhook.PageUpdated{}, webhook.TypePageDeleted: webhook.PageDeleted{},
	}
	for _, kind := range webhook.Types() {
		data, known := all[kind]
		if !known {
			t.Errorf("the data of %s has no shape", kind)
		}
		text, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, personal := range []string{"email", "name", "phone", "address", "token"} {
			if strings.Contains(strings.ToLower(string(text)), personal) {
				t.Errorf("%T carries %s: %s", data, personal, text)
			}
		}
	}
	if len(webhook.Types()) != len(all) {
		t.Errorf("got %v", webhook.Types())
	}
}
