package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sovecom/sovecom/test/housetest"
)

// receiver notes which events came, in order, each once.
type receiver struct {
	*httptest.Server

	mu   sync.Mutex
	ids  map[string]bool
	came []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{ids: map[string]bool{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		var e struct {
			ID   string `json:"id"`
			Type string `json:"type"`
			Data struct {
				ID      string `json:"id"`
				OrderID string `json:"orderId"`
			} `json:"data"`
		}
		if err := json.NewDecoder(req.Body).Decode(&e); err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.ids[e.ID] {
			r.ids[e.ID] = true
			r.came = append(r.came, e.Type+" "+e.Data.ID+e.Data.OrderID)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// await waits until every wanted event has come. Events of one order come in order; different orders may mix.
func (r *receiver) await(t *testing.T, want []string) {
	t.Helper()
	housetest.Within(t, settled, "all events", func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, w := range want {
			if !slices.Contains(r.came, w) {
				return fmt.Errorf("%s is missing among %v", w, r.came)
			}
		}
		return nil
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, w := range want {
		if id, created := strings.CutPrefix(w, "order.created "); created && i+1 < len(want) {
			if slices.Index(r.came, w) > slices.Index(r.came, "order.paid "+id) {
				t.Errorf("order %s was paid before it was made: %v", id, r.came)
			}
		}
	}
}
