package webhook

import (
	"context"
	"errors"
	"net"

	"github.com/sovecom/sovecom/kit/outbound"
)

// guard keeps webhooks from reaching into the network the shop runs in, and says what is wrong with a URL.
type guard struct{ outbound.Guard }

func newGuard(insecure bool, resolver *net.Resolver) guard {
	return guard{outbound.NewGuard(insecure, resolver)}
}

// check says whether webhooks may be sent to a URL, as far as can be known before.
func (g guard) check(ctx context.Context, text string) error {
	err := g.Check(ctx, text)
	var refusal *outbound.Refusal
	if errors.As(err, &refusal) {
		return ErrURL.WithField("url", refusal.Code, refusal.Message)
	}
	return err
}
