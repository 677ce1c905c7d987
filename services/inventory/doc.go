// Package inventory is the room that knows how many units of each variant there are, and who holds them.
//
// It owns the stock ledger (stock_movements), the balances that follow from it (stock) and what orders hold
// (reservations). The balances can be rebuilt at any time: see RebuildBalances.
//
// It promises:
//   - Nothing is held twice: Reserve takes all lines of an order or none, and the guard sits in the SQL statement.
//   - Reserve, Commit and Release may be repeated; they take effect once per order.
//   - A Release that overtakes its Reserve is remembered, and the Reserve is refused when it arrives.
//   - A hold lapses by itself once it is past its time; the sweeper in Run gives the units back within seconds.
//   - A Commit of a lapsed hold still books the sale, because the shopper has paid. If others bought the units
//     meanwhile, on_hand falls below what is reserved, or below zero: it then says how many units are owed.
//
// A hot variant is one row that everybody wants. Concurrent Reserve calls are therefore folded: while one transaction
// is under way the next ones gather, and travel together in one flush (see coalescer).
//
// It announces evt.inventory.stock.changed when a variant can be bought again or no longer, or in the quantities that bundles
// take of it (watch.go). Levels are never told.
//
// It listens to evt.catalog.product.created, .updated and .deleted (opens stock for new variants, watches what bundles take), evt.checkout.order.paid
// (commits), evt.checkout.order.cancelled (releases) and evt.identity.tenant.created.
package inventory
