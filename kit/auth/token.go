package auth

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwk"
	"github.com/lestrrat-go/jwx/v2/jwt"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

// ErrUnauthenticated is what a missing, expired, forged or foreign token answers; callers are not told which.
var ErrUnauthenticated = fault.Unauthenticated("auth.unauthenticated", "Please sign in: the access token is missing, invalid or expired.")

// Access tokens are for one surface each, so that a customer's never opens the admin's.
const (
	issuer        = "sovecom"
	claimTenant   = "tid"
	claimRole     = "role"
	claimSession  = "sid"
	claimGroups   = "grp"
	clockSkew     = 10 * time.Second
	AccessTokenTL = 15 * time.Minute // life of an access token
)

// Signer makes access tokens. Only the identity room has one.
type Signer struct {
	key jwk.Key
}

// NewSigner makes a signer; keyID names the key in the JWK set.
func NewSigner(private ed25519.PrivateKey, keyID string) (*Signer, error) {
	key, err := jwk.FromRaw(private)
	if err != nil {
		return nil, fmt.Errorf("auth: signing key: %w", err)
	}
	for k, v := range map[string]any{jwk.KeyIDKey: keyID, jwk.AlgorithmKey: jwa.EdDSA, jwk.KeyUsageKey: "sig"} {
		if err := key.Set(k, v); err != nil {
			return nil, fmt.Errorf("auth: signing key: %w", err)
		}
	}
	return &Signer{key: key}, nil
}

// Sign makes an access token for p in a tenant, valid from now.
func (s *Signer) Sign(p Principal, tenant id.ID, now time.Time) (string, error) {
	build := jwt.NewBuilder().Issuer(issuer).Subject(p.ID.String()).Audience([]string{string(p.Kind)}).
		IssuedAt(now).Expiration(now.Add(AccessTokenTL)).
		Claim(claimTenant, tenant.String()).Claim(claimRole, p.Role).Claim(claimSession, p.Session.String())
	if len(p.Groups) > 0 {
		build = build.Claim(claimGroups, strings.Join(p.Groups, " "))
	}
	token, err := build.Build()
	if err != nil {
		return "", fmt.Errorf("auth: build token: %w", err)
	}
	signed, err := jwt.Sign(token, jwt.WithKey(jwa.EdDSA, s.key))
	if err != nil {
		return "", fmt.Errorf("auth: sign token: %w", err)
	}
	return string(signed), nil
}

// JWKS is the public key as a JWK set (RFC 7517).
func (s *Signer) JWKS() ([]byte, error) {
	public, err := s.key.PublicKey()
	if err != nil {
		return nil, fmt.Errorf("auth: public key: %w", err)
	}
	set := jwk.NewSet()
	if err := set.AddKey(public); err != nil {
		return nil, fmt.Errorf("auth: public key: %w", err)
	}
	out, err := json.Marshal(set)
	if err != nil {
		return nil, fmt.Errorf("auth: public key: %w", err)
	}
	return out, nil
}

// Keys are public keys that tokens verify with. They are immutable.
type Keys struct{ set jwk.Set }

// ParseKeys reads a JWK set.
func ParseKeys(jwks []byte) (Keys, error) {
	set, err := jwk.Parse(jwks)
	if err != nil {
		return Keys{}, fmt.Errorf("auth: JWK set: %w", err)
	}
	return Keys{set: set}, nil
}

// Verify checks signature, issuer, life and surface, and says who is asking and in which tenant. The algorithm is the
// key's, never the token's own word.
func (k Keys) Verify(token string, kind Kind, now time.Time) (Principal, id.ID, error) {
	if k.set == nil || len(token) > 4096 {
		return Principal{}, id.ID{}, ErrUnauthenticated
	}
	t, err := jwt.ParseString(token, jwt.WithKeySet(k.set), jwt.WithIssuer(issuer), jwt.WithAudience(string(kind)),
		jwt.WithClock(jwt.ClockFunc(func() time.Time { return now })), jwt.WithAcceptableSkew(clockSkew),
		jwt.WithRequiredClaim(jwt.ExpirationKey))
	if err != nil {
		return Principal{}, id.ID{}, ErrUnauthenticated.WithCause(err)
	}
	p := Principal{Kind: kind}
	var tenant id.ID
	var errs [3]error
	p.ID, errs[0] = id.Parse(t.Subject())
	tenant, errs[1] = id.Parse(claim(t, claimTenant))
	p.Session, errs[2] = id.Parse(claim(t, claimSession))
	for _, err := range errs {
		if err != nil {
			return Principal{}, id.ID{}, ErrUnauthenticated.WithCause(err)
		}
	}
	p.Role = claim(t, claimRole)
	if kind == Customer {
		p.Groups = strings.Fields(claim(t, claimGroups))
	}
	return p, tenant, nil
}

func claim(t jwt.Token, name string) string {
	v, _ := t.Get(name)
	s, _ := v.(string)
	return s
}
