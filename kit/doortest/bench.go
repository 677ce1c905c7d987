package doortest

import (
	"bytes"
	"context"
	"testing"
)

// Bench measures one door: 1 KiB both ways, parallelism × GOMAXPROCS callers.
func Bench(b *testing.B, open Open, parallelism int) {
	b.Helper()
	c := callerOf(open(b, room()))
	value := bytes.Repeat([]byte("k"), 1<<10)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	c.works(ctx, b)
	b.SetParallelism(parallelism)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := c.call(ctx, "Echo", value); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
