package door

import (
	"iter"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"connectrpc.com/connect/v2"
)

// tallies counts the calls of a replica per procedure, for the data of `nats micro stats`: micro itself sees only how long
// it took to start a call. All procedures the room does not have are counted as one, so that strangers cannot fill memory.
type tallies map[string]*tally

const unknownProcedure = "unknown"

type tally struct {
	answered, failed, refused atomic.Int64
	nanos                     atomic.Int64
}

// Tally is one line of the statistics.
type tallyLine struct {
	Answered      int64   `json:"answered"`
	Failed        int64   `json:"failed"`  // of the answered
	Refused       int64   `json:"refused"` // room full, or unreadable request
	AverageMillis float64 `json:"average_ms"`
}

func newTallies(specs iter.Seq[connect.Spec]) tallies {
	t := tallies{unknownProcedure: {}}
	for spec := range specs {
		t[spec.Procedure] = &tally{}
	}
	return t
}

func (t tallies) of(procedure string) *tally {
	if known, ok := t[procedure]; ok {
		return known
	}
	return t[unknownProcedure]
}

func (t tallies) procedures() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(t)), func(p string) bool { return p == unknownProcedure })
}

func (t *tally) count(took time.Duration, failed bool) {
	t.answered.Add(1)
	t.nanos.Add(int64(took))
	if failed {
		t.failed.Add(1)
	}
}

func (t tallies) snapshot() map[string]tallyLine {
	lines := make(map[string]tallyLine, len(t))
	for procedure, tally := range t {
		line := tallyLine{Answered: tally.answered.Load(), Failed: tally.failed.Load(), Refused: tally.refused.Load()}
		if line.Answered > 0 {
			line.AverageMillis = float64(tally.nanos.Load()) / float64(line.Answered) / float64(time.Millisecond)
		}
		lines[procedure] = line
	}
	return lines
}
