package webhook

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	secretPrefix = "whsec_"
	secretSize   = 32 // bytes; Standard Webhooks asks for 24 to 64
	roomKeySize  = 32 // bytes of Deps.Secret
	overlap      = 24 * time.Hour
	maxSecrets   = 10 // that sign at once
)

// newSecret makes the key of a subscription.
func newSecret() []byte {
	key := make([]byte, secretSize)
	_, _ = rand.Read(key) // never fails: see its documentation
	return key
}

// reveal writes a key as subscribers see it, once.
func reveal(key []byte) string { return secretPrefix + base64.StdEncoding.EncodeToString(key) }

// vault seals secrets for the database, so that a copy of the database alone forges nothing.
type vault struct{ aead cipher.AEAD }

func newVault(roomSecret []byte) (vault, error) {
	if len(roomSecret) != roomKeySize {
		return vault{}, fmt.Errorf("webhook: the room's secret has %d bytes and not %d", len(roomSecret), roomKeySize)
	}
	key, err := hkdf.Key(sha256.New, roomSecret, nil, "sovecom webhook subscription secrets v1", roomKeySize)
	if err != nil {
		return vault{}, fmt.Errorf("webhook: derive the key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return vault{}, fmt.Errorf("webhook: cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return vault{}, fmt.Errorf("webhook: GCM: %w", err)
	}
	return vault{aead}, nil
}

// seal encrypts a secret for one row: put into another row, subscription or shop, it does not open.
func (v vault) seal(key []byte, tenant, subscription, secret id.ID) []byte {
	return v.aead.Seal(nil, nil, key, place(tenant, subscription, secret)) //nolint:gosec // it draws its own nonce
}

func (v vault) open(sealed []byte, tenant, subscription, secret id.ID) ([]byte, error) {
	key, err := v.aead.Open(nil, nil, sealed, place(tenant, subscription, secret))
	if err != nil {
		return nil, fmt.Errorf("webhook: open secret %s: %w", secret, err)
	}
	return key, nil
}

func place(tenant, subscription, secret id.ID) []byte {
	out := append([]byte{}, tenant[:]...)
	out = append(out, subscription[:]...)
	return append(out, secret[:]...)
}

// sign returns the headers of one attempt per Standard Webhooks 1.0, with one signature per key.
func sign(event string, at time.Time, body []byte, keys [][]byte) http.Header {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(keys))
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		_, _ = io.WriteString(mac, event+"."+timestamp+".")
		_, _ = mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return http.Header{
		"Webhook-Id":        {event},
		"Webhook-Timestamp": {timestamp},
		"Webhook-Signature": {strings.Join(signatures, " ")},
	}
}
