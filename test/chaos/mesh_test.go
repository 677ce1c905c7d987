package chaos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

// health is the document of /health.
type health struct {
	Status string `json:"status"`
	Checks map[string]struct {
		Status string `json:"status"`
	} `json:"checks"`
}

func healthOf(t *testing.T, url string) (h health) {
	t.Helper()
	res, err := http.Get(url + "/health")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&h); err != nil {
		t.Fatal(err)
	}
	return h
}

// is holds the gateway to a state in which exactly these are down.
func (h health) is(status string, down ...string) error {
	var found []string
	for name, check := range h.Checks {
		if check.Status != "ok" {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	slices.Sort(down)
	if h.Status != status || !slices.Equal(found, down) {
		return fmt.Errorf("it is %s without %v, want %s without %v", h.Status, found, status, down)
	}
	return nil
}

// The gateway's health is that of the whole mesh: it names the room that is missing, and goes on taking traffic.
func TestHealthOfTheMesh(t *testing.T) {
	t.Parallel()
	ground := housetest.NewGround(t)
	mesh := ground.Start(housetest.Binary(t), housetest.Rooms())
	await := func(what, status string, down ...string) {
		t.Helper()
		began := time.Now()
		housetest.Within(t, settled, what, func() error { return healthOf(t, mesh.URL).is(status, down...) })
		t.Logf("%s: seen after %s", what, time.Since(began).Round(time.Millisecond))
	}
	await("all well", "ok")
	checks := healthOf(t, mesh.URL).Checks
	for _, name := range append(housetest.Rooms(), "postgres", "nats", "redis", "storage", "search-engine") {
		if _, ok := checks[name]; !ok {
			t.Errorf("nothing is said of %s", name)
		}
	}
	mesh.Room("webhook").Kill()
	await("a room is killed", "degraded", "webhook")
	if err := housetest.Get(mesh.URL + "/health/ready"); err != nil {
		t.Errorf("the gateway takes no traffic: %v", err)
	}
	thaw := mesh.Room("media").Freeze()
	await("another stands still", "degraded", "webhook", "media", "storage")
	thaw()
	await("it goes on", "degraded", "webhook")
	mesh.Launch("webhook")
	await("the first is back", "ok")
	mesh.Room("search").Stop()
	await("a room leaves in order", "degraded", "search", "search-engine")
	ground.StopRedis()
	await("Redis is away", "degraded", "search", "search-engine", "redis")
}

// A room dies, or stands still, with calls in flight. Their callers learn it long before their deadline of 30 s.
func TestCallsInFlight(t *testing.T) {
	t.Parallel()
	ground := housetest.NewGround(t)
	mesh := ground.Start(housetest.Binary(t), housetest.Rooms())
	client := housetest.HTTP(t, 64)
	product := housetest.Product(t, housetest.Admin(t, mesh.URL, client), "FLIGHT-1", 100)
	basket, err := housetest.Fill(t.Context(), mesh.URL, client, product.Variants[0].ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	const deadline = 30 * time.Second
	// A frozen room takes what it is sent and works on nothing: its calls are in flight.
	for name, end := range map[string]func(thaw func()){
		"stands still": func(func()) {},
		"is killed":    func(func()) { mesh.Room("cart").Kill() },
	} {
		thaw := mesh.Room("cart").Freeze()
		began := time.Now()
		var callers sync.WaitGroup
		for i := range 8 {
			callers.Go(func() {
				var status int
				if i%2 == 0 {
					_, err := basket.Buy(t.Context(), fmt.Sprint(name, i))
					status = statusOf(err)
				} else {
					_, err := basket.API.Cart(t.Context(), basket.ID)
					status = statusOf(err)
				}
				if status != http.StatusServiceUnavailable {
					t.Errorf("%s: caller %d got %d, want 503", name, i, status)
				}
				if took := time.Since(began); took > deadline/2 {
					t.Errorf("%s: caller %d waited for %s", name, i, took)
				}
			})
		}
		end(thaw)
		callers.Wait()
		t.Logf("%s: all callers had their answer after %s", name, time.Since(began).Round(time.Millisecond))
		thaw()
		mesh.Room("cart").Kill()
		mesh.Launch("cart")
		mesh.AwaitReady("cart")
	}
	if _, err := basket.Buy(t.Context(), "after all"); err != nil {
		t.Errorf("with the room back: %v", err)
	}
}

func statusOf(err error) int {
	if refused := (*storev1.APIError)(nil); errors.As(err, &refused) {
		return refused.Status
	}
	return 0
}
