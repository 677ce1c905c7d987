// Package topology runs the same acceptance suite on both shapes the house comes in: one process with everything, and
// one process per room over NATS. Both must give the same result.
package topology

import (
	"testing"

	"github.com/sovecom/sovecom/sdk/acceptance"
	"github.com/sovecom/sovecom/test/housetest"
)

func TestAcceptance(t *testing.T) { //nolint:tparallel // the suite holds a shop to times
	t.Parallel()
	binary := housetest.Binary(t)
	for name, targets := range map[string][]string{"one process": {"all"}, "one process per room": housetest.Rooms()} {
		// One after the other: the suite holds a shop to times.
		t.Run(name, func(t *testing.T) {
			shop := housetest.NewGround(t).Start(binary, targets)
			acceptance.Run(t, acceptance.Target{URL: shop.URL, AdminEmail: housetest.Email, AdminPassword: housetest.Password})
		})
	}
}
