// Package doortest holds what every door promises (package door) as one suite. A door is right when it passes, whatever it
// is made of:
//
//	func TestNATS(t *testing.T) { t.Parallel(); doortest.Run(t, openNATS) }
package doortest

import (
	"context"
	"testing"

	"connectrpc.com/connect/v2"
	"go.uber.org/goleak"
)

// Open serves server behind a door of its own and gives the caller's end of it. What it starts, it ends in t.Cleanup. Panics of
// handlers are part of the suite; the logger of the door should keep them quiet.
type Open func(t testing.TB, server *connect.Server) Door

// Door is the caller's end of a door and what the suite has to know of it.
type Door struct {
	Transport connect.Transport
	// MaxPayload is the limit in bytes the door was opened with. Small ones make the suite quick; at least 64 KiB.
	MaxPayload int
	// MaxInFlight is the number of calls at once the door was opened with, at least 200.
	MaxInFlight int
	// Absent leads to a room nobody serves. Nil for doors without such a thing.
	Absent connect.Transport
	// Join starts another replica of the room and returns how it leaves. Nil for doors without replicas.
	Join func(t testing.TB, server *connect.Server) (leave func(context.Context) error)
}

// Run proves the promises, each with a door of its own, in parallel.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, promise := range promises() {
		t.Run(promise.name, func(t *testing.T) {
			t.Parallel()
			promise.holds(t, open)
		})
	}
}

// VerifyNoLeaks runs the tests and fails when a goroutine outlives them. Call it from TestMain.
func VerifyNoLeaks(m *testing.M) { goleak.VerifyTestMain(m) }
