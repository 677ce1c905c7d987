package main

import (
	"context"
	"fmt"

	inventoryv1 "github.com/sovecom/sovecom/gen/sovecom/inventory/v1"
	"github.com/sovecom/sovecom/gen/sovecom/inventory/v1/inventoryv1connect"
)

type stockCmd struct {
	Rebuild stockRebuildCmd `cmd:"" help:"Work the balances out again from the ledger, and say what differed."`
}

type stockRebuildCmd struct {
	configFlags

	Tenant string `help:"Shop to rebuild; the default one when empty." placeholder:"ID"`
	DryRun bool   `help:"Only say what differs."`
}

// Run locks what it corrects, so it is safe beside a running shop.
func (c *stockRebuildCmd) Run(ctx context.Context) error {
	d, err := c.openRooms(ctx, "inventory")
	if err != nil {
		return err
	}
	defer d.Close()
	if ctx, err = asServiceOf(ctx, c.Tenant); err != nil {
		return err
	}
	answer, err := inventoryv1connect.NewInventoryServiceClient(d.client("inventory")).RebuildBalances(ctx, &inventoryv1.RebuildBalancesRequest{DryRun: c.DryRun})
	if err != nil {
		return err
	}
	for _, drift := range answer.GetDrifts() {
		fmt.Printf("%s  on hand %d → %d  reserved %d → %d\n", drift.GetVariantId(), drift.GetOnHandWas(), drift.GetOnHandIs(), drift.GetReservedWas(), drift.GetReservedIs())
	}
	fmt.Printf("%d balances checked, %d differed.\n", answer.GetChecked(), len(answer.GetDrifts()))
	return nil
}
