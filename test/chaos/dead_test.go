package chaos

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/sovecom/sovecom/test/housetest"
)

// The shop is killed while dead letters are given to its consumers again, and they are given again and again: every one of
// them, which can never be handled, ends as one letter.
func TestKillDuringReplay(t *testing.T) {
	t.Parallel()
	s := open(t)
	const poison = 40
	for range poison {
		s.ground.Publish("evt.catalog.product.updated")
	}
	type letter struct {
		Sequence uint64
		Consumer string
	}
	list := func() (byConsumer map[string]int, first, last uint64) {
		var letters []letter
		if err := json.Unmarshal([]byte(s.Command("events", "dead", "--json")), &letters); err != nil {
			t.Fatal(err)
		}
		byConsumer = map[string]int{}
		for _, l := range letters {
			byConsumer[l.Consumer]++
			if first == 0 || l.Sequence < first {
				first = l.Sequence
			}
			last = max(last, l.Sequence)
		}
		return byConsumer, first, last
	}
	complete := func() error {
		byConsumer, _, _ := list()
		for consumer, n := range byConsumer {
			if n != poison {
				return fmt.Errorf("%s has %d letters, want %d", consumer, n, poison)
			}
		}
		if len(byConsumer) < 2 {
			return fmt.Errorf("the letters are %v", byConsumer)
		}
		return nil
	}
	housetest.Within(t, settled, "dead letters", complete)
	before, _, last := list()
	for range 3 {
		s.Command("events", "replay", "--all")
		s.Room("all").Kill() // somewhere among them
		s.Command("events", "replay", "--all")
		s.Launch("all")
		s.AwaitReady("all")
	}
	housetest.Within(t, settled, "each letter once, and anew", func() error {
		after, first, _ := list()
		if first <= last || len(after) != len(before) {
			return fmt.Errorf("the letters of %v begin at %d, those of before ended at %d", after, first, last)
		}
		return complete()
	})
}
