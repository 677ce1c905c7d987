// Command sovecom is the whole platform in one program: every room of the house, what it needs to run on a laptop, and
// the tools to look after it. wire.go holds the table of rooms; read it first.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Up      upCmd      `cmd:"" help:"Start a whole shop on this machine, with everything it needs."`
	Serve   serveCmd   `cmd:"" help:"Run the shop, or one room of it, on PostgreSQL and NATS of your own."`
	Migrate migrateCmd `cmd:"" help:"Bring the database schemas up to date, or say where they stand."`
	Seed    seedCmd    `cmd:"" help:"Fill a shop with demonstration or bench data."`
	Events  eventsCmd  `cmd:"" help:"Look after events that could not be handled."`
	Stock   stockCmd   `cmd:"" help:"Look after the stock ledger."`
	Media   mediaCmd   `cmd:"" help:"Look after pictures and files."`
	Tenant  tenantCmd  `cmd:"" help:"Look after the shops of this installation."`
	Doctor  doctorCmd  `cmd:"" help:"Check that everything a shop needs is there and answers."`
	Config  configCmd  `cmd:"" help:"Show or check the configuration."`
	OpenAPI openAPICmd `cmd:"" name:"openapi" help:"Print the OpenAPI document of a surface."`
	Version versionCmd `cmd:"" help:"Print the version."`

	Pictures picturesCmd `cmd:"" hidden:"" help:"Work on pictures for the media room."`
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("sovecom"), kong.Description("EU-first, self-hosted, headless commerce."), kong.UsageOnError())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal means it: leave at once.
	context.AfterFunc(ctx, stop)
	command, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
		return 2
	}
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "sovecom: "+err.Error())
		return 1
	}
	return 0
}
