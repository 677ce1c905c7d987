package gateway

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// vault seals the answers that are kept for repeated requests (AES-256-GCM, NIST SP 800-38D). Some hold a secret that is
// shown once, of a cart, an order or a webhook, and rooms keep only its digest: a copy of the table must not give it away.
type vault struct{ aead cipher.AEAD }

func newVault(secret []byte) (vault, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "idempotent answers", 32)
	if err != nil {
		return vault{}, fmt.Errorf("gateway: key of answers: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return vault{}, fmt.Errorf("gateway: key of answers: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return vault{}, fmt.Errorf("gateway: key of answers: %w", err)
	}
	return vault{aead}, nil
}

// seal binds the bytes to what they answer, so that they open for nothing else.
func (v vault) seal(scope string, plain []byte) []byte {
	return v.aead.Seal(nil, nil, plain, []byte(scope)) //nolint:gosec // the AEAD makes its own nonce
}

// open fails when the secret has been changed since.
func (v vault) open(scope string, sealed []byte) ([]byte, error) {
	plain, err := v.aead.Open(nil, nil, sealed, []byte(scope))
	if err != nil {
		return nil, errAnswerLost.WithCause(err)
	}
	return plain, nil
}
