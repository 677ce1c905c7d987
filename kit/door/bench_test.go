package door_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"testing"
	"text/tabwriter"
	"time"

	"connectrpc.com/connect/v2"

	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/doortest"
)

// BenchmarkDoors measures 1 KiB both ways through each door, alone and with many callers, everything in one process and
// over loopback, and prints the throughputs as ratios to the NATS door.
//
//	go test -run ^$ -bench Doors ./kit/door
func BenchmarkDoors(b *testing.B) {
	ns := startNATS(b, 0)
	opens := []struct {
		name string
		open doortest.Open
	}{{"memory", openMemory}, {"nats", openNATS(ns)}, {"h2c", openPlainHTTP}}
	perSecond := map[string]float64{}
	for _, parallelism := range []int{1, 32} {
		for _, o := range opens {
			name := fmt.Sprintf("%s/callers=%dxGOMAXPROCS", o.name, parallelism)
			b.Run(name, func(b *testing.B) {
				doortest.Bench(b, o.open, parallelism)
				if took := b.Elapsed(); took > 0 {
					perSecond[fmt.Sprint(o.name, parallelism)] = float64(b.N) / took.Seconds()
				}
			})
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "callers\tmemory/s\tnats/s\th2c/s\tmemory : nats : h2c\t")
	for _, parallelism := range []int{1, 32} {
		of := func(name string) float64 { return perSecond[fmt.Sprint(name, parallelism)] }
		unit := cmp.Or(of("nats"), 1)
		fmt.Fprintf(table, "%d x GOMAXPROCS\t%.0f\t%.0f\t%.0f\t%.2f : 1 : %.2f\t\n", parallelism, of("memory"), of("nats"), of("h2c"), of("memory")/unit, of("h2c")/unit)
	}
	if err := table.Flush(); err != nil {
		b.Fatal(err)
	}
}

// openPlainHTTP is one server and one connection, without the balancer of the suite.
func openPlainHTTP(t testing.TB, server *connect.Server) doortest.Door {
	web, address := door.NewHTTPServer(server, limits()...), listen(t)
	serving := make(chan error, 1)
	go func() { serving <- web.Serve(address) }()
	client := door.HTTPClient()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := web.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		<-serving
	})
	return doortest.Door{Transport: door.HTTP("http://"+address.Addr().String(), client, limits()...), MaxPayload: maxPayload, MaxInFlight: maxInFlight}
}
