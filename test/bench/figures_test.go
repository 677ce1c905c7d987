//go:build bench

package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

func slicesSort(all []time.Duration) { slices.Sort(all) }

func discard(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// sink can be read while a process writes to it.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var vmRSS = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// rss is the resident memory of a process, in bytes.
func rss(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	found := vmRSS.FindSubmatch(status)
	if found == nil {
		t.Fatal("the system does not tell the memory of a process")
	}
	kb, err := strconv.ParseInt(string(found[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

func mib(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }

var statementLine = regexp.MustCompile(`(?m)^sovecom_sql_statements_total\{[^}]*\} ([0-9.e+]+)$`)

// statements is how many SQL statements the shop has sent since its start.
func statements(t *testing.T, url string) int64 {
	t.Helper()
	r, err := http.Get(url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, m := range statementLine.FindAllSubmatch(body, -1) {
		n, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += int64(n)
	}
	return sum
}

// settle waits until the shop sends hardly any more statements, and returns how many it has sent.
func settle(t *testing.T, url string) int64 {
	t.Helper()
	last := statements(t, url)
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for range 120 {
		<-tick.C
		now := statements(t, url)
		if now-last < 60 { // the ticks of relays and sweepers
			return now
		}
		last = now
	}
	return last
}

func loopName(m measure) string { return m.String() + " bare inserts" }
