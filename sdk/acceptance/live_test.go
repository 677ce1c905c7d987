//go:build acceptance

package acceptance_test

import (
	"os"
	"testing"

	"github.com/sovecom/sovecom/sdk/acceptance"
)

// TestAcceptance holds the shop at SOVECOM_URL to the public contract. Without a shop it fails: it never skips.
func TestAcceptance(t *testing.T) {
	t.Parallel()
	target, err := acceptance.TargetFromEnv(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	acceptance.Run(t, target)
}
