package main

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/pg"
)

// masterKey is what every other secret of the installation is derived from.
type masterKey []byte

// derive makes a 32-byte key for one purpose (HKDF, RFC 5869). Keys of different purposes tell nothing about each other.
func (k masterKey) derive(purpose string) ([]byte, error) {
	return hkdf.Key(sha256.New, k, nil, "sovecom/"+purpose, 32)
}

// findKey takes the key from the configuration, else from the data folder, else from the database, where the first
// process that starts puts one. All processes of an installation must come to the same key: a fingerprint in the
// database says so before anything is encrypted with the wrong one.
func findKey(ctx context.Context, cfg Config, adminURL string, log *slog.Logger) (masterKey, error) {
	key := []byte(cfg.SecretKey.Reveal())
	file := filepath.Join(cfg.DataDir, "secret.key")
	if len(key) == 0 {
		content, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read the secret key: %w", err)
		}
		key = []byte(strings.TrimSpace(string(content)))
	}
	conn, err := pg.Connect(ctx, adminURL)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `select pg_advisory_lock(hashtext('sovecom secret'))`); err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	if _, err := conn.Exec(ctx, `create schema if not exists sovecom;
		revoke all on schema sovecom from public;
		create table if not exists sovecom.secret (one boolean primary key default true check (one), fingerprint text not null, key text)`); err != nil {
		return nil, fmt.Errorf("secret key: %w", err)
	}
	var known, kept string
	err = conn.QueryRow(ctx, `select fingerprint, coalesce(key, '') from sovecom.secret`).Scan(&known, &kept)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		stored := ""
		if len(key) == 0 {
			stored = rand.Text() + rand.Text()
			key = []byte(stored)
			log.WarnContext(ctx, "a secret key was made and is kept in the database; set SOVECOM_SECRET_KEY to keep it elsewhere")
		}
		if _, err := conn.Exec(ctx, `insert into sovecom.secret (fingerprint, key) values ($1, nullif($2, ''))`, fingerprint(key), stored); err != nil {
			return nil, fmt.Errorf("secret key: %w", err)
		}
		return key, nil
	case err != nil:
		return nil, fmt.Errorf("secret key: %w", err)
	case len(key) == 0 && kept == "":
		return nil, fmt.Errorf("this database was set up with a secret key that is not here: set SOVECOM_SECRET_KEY, or bring back %s", file)
	case len(key) == 0:
		key = []byte(kept)
	}
	if fingerprint(key) != known {
		return nil, errors.New("the secret key is not the one this database was set up with; encrypted data could not be read and passwords of rooms would not match")
	}
	return key, nil
}

func fingerprint(key []byte) string {
	sum := sha256.Sum256(append([]byte("fingerprint "), key...))
	return hex.EncodeToString(sum[:8])
}

// keepKey makes the key of an installation that keeps everything in its data folder.
func keepKey(dir string) error {
	file := filepath.Join(dir, "secret.key")
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	// Written whole or not at all: half a key would lock the shop out of its own secrets.
	temporary := file + ".new"
	if err := os.WriteFile(temporary, []byte(rand.Text()+rand.Text()+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the secret key: %w", err)
	}
	if err := os.Rename(temporary, file); err != nil {
		return fmt.Errorf("keep the secret key: %w", err)
	}
	return nil
}
