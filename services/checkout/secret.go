package checkout

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// accessToken opens an order without signing in. It is computed, not stored: a repeated call answers the same bytes, and
// the database gives none away.
func (s *Service) accessToken(ctx context.Context, order id.ID) string {
	t, _ := tenant.From(ctx)
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("order"))
	h.Write(t[:])
	h.Write(order[:])
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// opens compares in a time that tells nothing.
func (s *Service) opens(ctx context.Context, token string, order id.ID) bool {
	return hmac.Equal([]byte(token), []byte(s.accessToken(ctx, order)))
}

// key is the digest of an idempotency key; nil is no key.
type key []byte

func digest(idempotencyKey string) key {
	if idempotencyKey == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(idempotencyKey))
	return sum[:]
}

// caller is the digest of who asks and with which cart token. Who asks again with the same has been let in before.
func caller(ctx context.Context, cartToken string) []byte {
	p := auth.From(ctx)
	h := sha256.New()
	h.Write([]byte(p.Kind))
	h.Write([]byte{0})
	h.Write(p.ID[:])
	h.Write([]byte(cartToken))
	return h.Sum(nil)
}
