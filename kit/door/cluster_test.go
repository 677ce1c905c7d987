package door_test

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	natsserver "github.com/nats-io/nats-server/v2/server"

	"github.com/sovecom/sovecom/kit/door"
)

// In a NATS cluster a request may already be on its way between two servers when the replica it was meant for leaves.
func TestNATSClusterReplicaLeavesUnderLoad(t *testing.T) {
	t.Parallel()
	servers := startCluster(t)
	limit := within(t, 30*time.Second)
	serveNATS(t, servers[1], "catalog", serverOf(same))
	transport := door.NATS(connectNATS(t, servers[0]), "catalog")
	// The servers tell each other in their own time that there is a replica.
	for _, err := do(limit, transport, nil); err != nil; _, err = do(limit, transport, nil) {
		wantCode(t, err, connect.CodeUnavailable)
	}
	stop := make(chan struct{})
	var load sync.WaitGroup
	for range 8 {
		load.Go(func() {
			for {
				if _, err := do(limit, transport, []byte("x")); err != nil {
					t.Errorf("a call under load: %v", err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for i := range 10 {
		answered := make(chan struct{})
		replica := serveNATS(t, servers[i%2], "catalog", serverOf(func(ctx context.Context, req []byte) ([]byte, error) {
			select {
			case answered <- struct{}{}:
			default:
			}
			return req, nil
		}))
		for range 20 {
			select {
			case <-answered:
			case <-limit.Done():
				t.Fatal("the second replica got no call")
			}
		}
		if err := replica.Drain(limit); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	load.Wait()
}

// startCluster runs two NATS servers that know each other.
func startCluster(t *testing.T) (servers [2]*natsserver.Server) {
	t.Helper()
	var routes []*url.URL
	for i := range servers {
		ns, err := natsserver.NewServer(&natsserver.Options{
			ServerName: string(rune('a' + i)), Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, NoLog: true, NoSigs: true,
			MaxPayload: door.DefaultMaxPayload + 64<<10, Routes: routes,
			Cluster: natsserver.ClusterOpts{Name: "cluster", Host: "127.0.0.1", Port: natsserver.RANDOM_PORT},
		})
		if err != nil {
			t.Fatal(err)
		}
		ns.Start()
		t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
		if !ns.ReadyForConnections(10 * time.Second) {
			t.Fatal("the NATS server does not start")
		}
		servers[i] = ns
		routes = []*url.URL{{Scheme: "nats", Host: ns.ClusterAddr().String()}}
	}
	return servers
}
