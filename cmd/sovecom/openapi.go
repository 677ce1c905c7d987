package main

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/sovecom/sovecom/gateway"
)

type openAPICmd struct {
	Surface string `arg:"" enum:"store,admin" help:"store or admin."`
}

// Run needs neither a database nor a running shop: the document is made from the code.
func (c *openAPICmd) Run() error {
	g, err := gateway.New(gateway.DefaultConfig(), gateway.Deps{Logger: slog.New(slog.DiscardHandler), Now: time.Now, Secret: make([]byte, 32)})
	if err != nil {
		return err
	}
	document, err := g.OpenAPI(c.Surface)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(os.Stdout, string(document))
	return err
}
