// Package pg is the only way to the database: one pool per room, with the room's own role and schema.
//
// Work comes in three shapes, from cheap to strong:
//
//	db.Read(ctx, func(b *pg.Batch) {…})               queries sent together: one round trip, no transaction
//	db.Write(ctx, func(w *pg.Writes) error {…})       statements that commit together: one round trip
//	db.Tx(ctx, func(ctx, tx *pg.Tx) error {…})        load, decide, save: two round trips, rows locked in between
//
// Tenancy is kept here. Before anything else runs on a connection, app.tenant_id is set to the tenant of the context,
// and row-level security (see base/) shows that tenant's rows only. A connection remembers its tenant, so a shop
// with one tenant pays nothing. Without a tenant no row is seen.
//
// Never ask for a second connection inside a transaction: with every connection busy doing that, nobody gets on. The
// context handed to a Tx function carries a mark, and using it on the same DB again is an error.
package pg
