package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Connect opens one connection outside of any room, for administration. Its errors hold no password.
func Connect(ctx context.Context, adminURL string) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, adminURL)
	if err != nil {
		return nil, fmt.Errorf("pg: connect: %w", redact(err))
	}
	return conn, nil
}

// Database is the name of the database in a URL.
func Database(databaseURL string) (string, error) {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return "", redact(err)
	}
	return cfg.Database, nil
}

// User is the name of the role in a URL.
func User(databaseURL string) (string, error) {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return "", redact(err)
	}
	return cfg.User, nil
}
