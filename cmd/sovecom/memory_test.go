package main

import (
	"errors"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

func TestLimitMemory(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
	log := slog.New(slog.DiscardHandler)
	broken := errors.New("no such file")
	for _, c := range []struct {
		name     string
		env      string
		provider memlimit.Provider
		want     int64
		err      error
	}{
		{"a container of 1 GiB", "", memlimit.Limit(1 << 30), 1 << 29, nil},
		{"no limit", "", func() (uint64, error) { return 0, memlimit.ErrNoLimit }, math.MaxInt64, nil},
		{"the operator's own", "300MiB", memlimit.Limit(1 << 30), 12345, nil},
		{"a group that cannot be read", "", func() (uint64, error) { return 0, broken }, 12345, broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GOMEMLIMIT", c.env)
			if c.env == "" {
				if err := os.Unsetenv("GOMEMLIMIT"); err != nil {
					t.Fatal(err)
				}
			}
			debug.SetMemoryLimit(12345)
			if err := limitMemory(memoryOfUp, c.provider, log); !errors.Is(err, c.err) {
				t.Errorf("got %v, want %v", err, c.err)
			}
			if got := debug.SetMemoryLimit(-1); got != c.want {
				t.Errorf("the limit is %d, want %d", got, c.want)
			}
		})
	}
}
