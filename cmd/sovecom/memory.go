package main

import (
	"fmt"
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// What share of the memory that a container may use is the Go heap's. The rest is for what runs beside it in the same
// container: the processes that make pictures, and with up also PostgreSQL and Redis.
const (
	memoryOfServe = 0.75
	memoryOfUp    = 0.5
)

// limitMemory lets the garbage collector work harder before the container is ended for its memory. GOMEMLIMIT, when it is
// set, holds instead; without a limit of the control group nothing changes.
func limitMemory(share float64, limit memlimit.Provider, log *slog.Logger) error {
	bytes, err := memlimit.Set(memlimit.WithRatio(share), memlimit.WithProvider(limit))
	if err != nil {
		return fmt.Errorf("limit of memory: %w", err)
	}
	log.Debug("memory", "heap_limit_bytes", bytes)
	return nil
}
