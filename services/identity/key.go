package identity

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// keyring has the key of the installation, made once by whichever process comes first.
type keyring struct {
	db      *pg.DB
	now     func() time.Time
	sealing []byte

	mu     sync.Mutex
	signer *auth.Signer
}

// get reads the key at the first use and keeps it.
func (k *keyring) get(ctx context.Context) (*auth.Signer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.signer != nil {
		return k.signer, nil
	}
	ctx = tenant.WithSystem(ctx)
	stored, err := readKey(ctx, k.db)
	if err == nil && stored.id.IsZero() {
		if err = k.create(ctx); err == nil {
			stored, err = readKey(ctx, k.db) // ours, or that of a process that was faster
		}
	}
	if err != nil {
		return nil, err
	}
	seed, err := k.open(stored)
	if err != nil {
		return nil, err
	}
	signer, err := auth.NewSigner(ed25519.NewKeyFromSeed(seed), stored.id.String())
	if err != nil {
		return nil, err //nolint:wrapcheck // says what it is
	}
	k.signer = signer
	return signer, nil
}

func (k *keyring) create(ctx context.Context) error {
	aead, err := k.cipher()
	if err != nil {
		return err
	}
	row := keyRow{id: id.New()}
	nonce := random(aead.NonceSize())
	row.sealed = aead.Seal(nonce, nonce, random(ed25519.SeedSize), row.id[:])
	return insertKey(ctx, k.db, row, k.now())
}

var errSealed = errors.New("identity: the signing key of this installation cannot be opened with this secret")

func (k *keyring) open(row keyRow) ([]byte, error) {
	aead, err := k.cipher()
	if err != nil {
		return nil, err
	}
	if len(row.sealed) < aead.NonceSize() {
		return nil, errSealed
	}
	n := aead.NonceSize()
	seed, err := aead.Open(nil, row.sealed[:n], row.sealed[n:], row.id[:])
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errSealed
	}
	return seed, nil
}

func (k *keyring) cipher() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.sealing)
	if err != nil {
		return nil, fmt.Errorf("identity: sealing key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("identity: sealing key: %w", err)
	}
	return aead, nil
}
