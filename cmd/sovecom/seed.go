package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/search/v1/searchv1connect"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/catalog"
	"github.com/sovecom/sovecom/services/inventory"
)

type seedCmd struct {
	Demo seedDemoCmd `cmd:"" help:"A believable shop, through the admin API."`
	Load seedLoadCmd `cmd:"" help:"A large catalogue for benchmarks, straight into the database."`
}

type seedDemoCmd struct {
	configFlags

	URL      string `help:"Address of the shop; that of the one running from the data folder when empty." placeholder:"URL"`
	Email    string `help:"E-mail of a member of staff who may manage products." env:"SOVECOM_ADMIN_EMAIL"`
	Password string `help:"Password; better given as SOVECOM_ADMIN_PASSWORD." env:"SOVECOM_ADMIN_PASSWORD"`
}

// Run can be repeated: what is there stays.
func (c *seedDemoCmd) Run(ctx context.Context) error {
	cfg, _, err := c.load()
	if err != nil {
		return err
	}
	who := owner{email: c.Email, password: c.Password}
	if who.email == "" {
		who.email = cfg.AdminEmail
	}
	if who.password == "" {
		if err := keepLogin(cfg.DataDir, true, &who); err != nil {
			return err
		}
	}
	if c.URL == "" {
		r, ok := readRunning(cfg.DataDir)
		if !ok {
			return errors.New("no shop runs from this data folder; name one with --url")
		}
		c.URL = r.URL
	}
	if who.password == "" {
		return errors.New("seeding goes through the admin API: give the owner's login with --email and SOVECOM_ADMIN_PASSWORD")
	}
	result, err := plantDemo(ctx, c.URL, who, func(done, of int) {
		fmt.Fprintf(os.Stderr, "\r%d of %d products", done, of)
	})
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	fmt.Println(result)
	return nil
}

// seedDemo is seed demo in a shop that has just started; a fault in it leaves the shop running.
func (p *process) seedDemo(ctx context.Context, who owner) {
	if who.password == "" {
		fmt.Println("  The demonstration catalogue needs the owner's login: sovecom seed demo --email … with SOVECOM_ADMIN_PASSWORD set.")
		return
	}
	result, err := plantDemo(ctx, p.url(), who, func(int, int) {})
	if err != nil {
		if ctx.Err() == nil {
			p.log.ErrorContext(ctx, "the demonstration catalogue is not complete", slog.Any("error", err))
		}
		return
	}
	fmt.Println("  " + result)
}

type seedLoadCmd struct {
	configFlags

	Products int `help:"How many products there shall be." default:"100000"`
}

// Run fills catalogue and stock through COPY and builds the search index. It can be repeated: what is there stays.
func (c *seedLoadCmd) Run(ctx context.Context) error {
	if c.Products < 1 || c.Products > 5_000_000 {
		return fmt.Errorf("%d products cannot be loaded; between 1 and 5 000 000 can", c.Products)
	}
	d, err := c.openRooms(ctx, "catalog", "inventory", "search")
	if err != nil {
		return err
	}
	defer d.Close()
	ctx = asService(ctx)
	began := time.Now()
	step := func(what string) {
		fmt.Printf("%-12s %6.1f s\n", what, time.Since(began).Seconds())
	}
	var variants []id.ID
	if variants, err = catalog.Load(ctx, d.dbs["catalog"], c.Products, time.Now); err != nil {
		return err
	}
	step("catalogue")
	if err := inventory.Load(ctx, d.dbs["inventory"], variants, 1000); err != nil {
		return err
	}
	step("stock")
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	answer, err := searchv1connect.NewSearchServiceClient(d.client("search")).Rebuild(ctx, &searchv1.RebuildRequest{})
	if err != nil {
		return err
	}
	step("search")
	fmt.Printf("%d products with %d variants are there; %d can be searched.\n", c.Products, len(variants), answer.GetDocuments())
	return nil
}
