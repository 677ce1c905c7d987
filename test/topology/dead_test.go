package topology

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/test/housetest"
)

// What no consumer can handle is listed, counted where operators look, and given to one consumer again on request.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	ground := housetest.NewGround(t)
	shop := ground.Start(housetest.Binary(t), []string{"all"})
	ground.Publish("evt.catalog.product.updated")
	type letter struct {
		Sequence                           uint64
		Consumer, Subject, Error, Attempts any
		Time                               time.Time
	}
	list := func(args ...string) (letters []letter) {
		if err := json.Unmarshal([]byte(shop.Command(append([]string{"events", "dead", "--json"}, args...)...)), &letters); err != nil {
			t.Fatal(err)
		}
		return letters
	}
	const gauge = `sovecom_events_dead{consumer="search-index",room="search"} 1`
	housetest.Within(t, time.Minute, "the dead letters", func() error {
		metrics := get(t, shop.URL+"/metrics")
		if len(list()) < 2 || !strings.Contains(metrics, gauge) {
			return fmt.Errorf("%d letters, the gauge is there: %t", len(list()), strings.Contains(metrics, gauge))
		}
		return nil
	})
	mine := list("--consumer", "search-index")
	if len(mine) != 1 || mine[0].Subject != "evt.catalog.product.updated" || mine[0].Error == "" {
		t.Fatalf("the letters of one consumer are %+v", mine)
	}
	if out := shop.Command("doctor", "--addr", "127.0.0.1:0"); !strings.Contains(out, "! events") || !strings.Contains(out, "1 of search-index") {
		t.Errorf("the doctor says\n%s", out)
	}
	others := len(list()) - 1
	if out := shop.Command("events", "replay", "--consumer", "search-index"); !strings.HasPrefix(out, "1 dead letters") {
		t.Errorf("replay says %s", out)
	}
	housetest.Within(t, time.Minute, "a new letter in its place", func() error {
		now := list("--consumer", "search-index")
		if len(now) != 1 || now[0].Sequence <= mine[0].Sequence || len(list()) != others+1 {
			return fmt.Errorf("the letters are %+v", now)
		}
		return nil
	})
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
