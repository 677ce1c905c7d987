package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
)

// emptyKeyHMAC is what a forger computes against a receiver whose secret is empty.
func emptyKeyHMAC(content string) []byte {
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte(content))
	return mac.Sum(nil)
}
