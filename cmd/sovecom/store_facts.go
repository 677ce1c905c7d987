package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/kit/pg"
)

// serverFacts asks a database server whether a shop can live on it.
func serverFacts(ctx context.Context, adminURL string) (string, error) {
	conn, err := pg.Connect(ctx, adminURL)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var version string
	var number, connections int
	var may bool
	if err := conn.QueryRow(ctx, `select current_setting('server_version'), current_setting('server_version_num')::int,
		current_setting('max_connections')::int,
		(select rolsuper or rolcreaterole from pg_roles where rolname = current_user) and has_database_privilege(current_database(), 'create')`).
		Scan(&version, &number, &connections, &may); err != nil {
		return "", fmt.Errorf("ask the server: %w", err)
	}
	switch {
	case number < 150000:
		return "", fmt.Errorf("version %s is too old; 15 or newer is needed", version)
	case !may:
		return "", errors.New("this role may not create roles and schemas; grant CREATEROLE and CREATE on the database, or make the rooms' roles by hand")
	}
	return fmt.Sprintf("version %s, %d connections", version, connections), nil
}
