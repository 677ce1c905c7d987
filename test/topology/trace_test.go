package topology

import (
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/test/housetest"
)

// collector takes in spans as an OpenTelemetry collector does.
type collector struct {
	mu    sync.Mutex
	spans map[string][]*tracepb.Span // by trace
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent collectorpb.ExportTraceServiceRequest
	body, err := gzip.NewReader(r.Body)
	if err == nil {
		var data []byte
		if data, err = io.ReadAll(body); err == nil {
			err = proto.Unmarshal(data, &sent)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, from := range sent.GetResourceSpans() {
		for _, scope := range from.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				id := hex.EncodeToString(span.GetTraceId())
				c.spans[id] = append(c.spans[id], span)
			}
		}
	}
}

// way is the chain of spans from the first of a trace to the one whose name ends so, by name; "" in it stands for a span that
// has not been sent yet.
func (c *collector) way(first, last string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, spans := range c.spans {
		for _, span := range spans {
			if !strings.HasPrefix(span.GetName(), last) {
				continue
			}
			if way := ancestors(spans, span); way[0] == first {
				return way
			}
		}
	}
	return nil
}

// ways are the chains to all spans.
func (c *collector) ways() (out [][]string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, spans := range c.spans {
		for _, span := range spans {
			out = append(out, ancestors(spans, span))
		}
	}
	return out
}

func ancestors(spans []*tracepb.Span, of *tracepb.Span) []string {
	way := []string{of.GetName()}
	for len(of.GetParentSpanId()) > 0 {
		i := slices.IndexFunc(spans, func(s *tracepb.Span) bool { return string(s.GetSpanId()) == string(of.GetParentSpanId()) })
		if i < 0 {
			return append([]string{""}, way...)
		}
		of = spans[i]
		way = append([]string{of.GetName()}, way...)
	}
	return way
}

// One trace leads from the request over the room to those who heard of the change, in one process and over the mesh.
func TestOneTrace(t *testing.T) {
	t.Parallel()
	binary := housetest.Binary(t)
	for name, targets := range map[string][]string{"one process": {"all"}, "one process per room": housetest.Rooms()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spans := &collector{spans: map[string][]*tracepb.Span{}}
			server := httptest.NewServer(spans)
			t.Cleanup(server.Close)
			shop := housetest.NewGround(t).Start(binary, targets, "SOVECOM_OTLP_ENDPOINT="+server.URL)
			housetest.Product(t, housetest.Admin(t, shop.URL, housetest.HTTP(t, 4)), "TRACE-1", 1)
			const request, consumer = "POST /admin/v1/products", "search-index evt.catalog.product.created"
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("the spans are %q", spans.ways())
				}
			})
			housetest.Within(t, 20*time.Second, "the trace", func() error {
				way := spans.way(request, consumer)
				if len(way) < 4 || !strings.Contains(way[1], "CatalogService/CreateProduct") || !strings.Contains(way[2], "CatalogService/CreateProduct") {
					return fmt.Errorf("it leads over %q", way)
				}
				return nil
			})
		})
	}
}
