package main

import (
	"context"
	"fmt"

	mediav1 "github.com/sovecom/sovecom/gen/sovecom/media/v1"
	"github.com/sovecom/sovecom/gen/sovecom/media/v1/mediav1connect"
)

type mediaCmd struct {
	RotateKey rotateKeyCmd `cmd:"" help:"Let another key sign the addresses of private files and uploads."`
}

type rotateKeyCmd struct {
	configFlags

	Tenant string `help:"Shop whose key to change; the default one when empty." placeholder:"ID"`
	Revoke bool   `help:"Addresses that were given out stop working within seconds, instead of when they run out."`
}

// Run is safe beside a running shop, whose processes follow within seconds.
func (c *rotateKeyCmd) Run(ctx context.Context) error {
	d, err := c.openRooms(ctx, "media")
	if err != nil {
		return err
	}
	defer d.Close()
	if ctx, err = asServiceOf(ctx, c.Tenant); err != nil {
		return err
	}
	answer, err := mediav1connect.NewMediaServiceClient(d.client("media")).RotateSigningKey(ctx, &mediav1.RotateSigningKeyRequest{Revoke: c.Revoke})
	if err != nil {
		return err
	}
	fmt.Printf("Key %s signs from now on.\n", answer.GetKeyId())
	return nil
}
