// Package identity is the room that knows whose shop it is and who is asking: tenants, staff, customers, their sessions,
// the settings of a shop, and the key that signs access tokens.
//
// It promises:
//   - Passwords are kept as Argon2id hashes only. A fixed number is computed at a time, so a storm of logins queues up
//     instead of taking all memory. An unknown e-mail costs the same work and gets the same answer as a wrong password.
//   - Failed logins are counted per account and address, per account, and per address. Past the limit the answer is
//     "too many attempts" whether the account exists or not. Counting one address apart keeps a stranger from locking
//     the owner out.
//   - Access tokens are short; a refresh token works once and is replaced. One that is presented again ends its whole
//     session, because somebody has a copy. The one exception is a true overlap: when two refreshes of one token meet
//     in the database, one wins and the other is told so (ErrRefreshOverlap), the session lives, and no second token is
//     handed out. There is no grace beyond that: a copy that is seconds old is still a copy.
//   - A staff token never opens a customer's session, nor the reverse, nor another tenant's.
//   - A customer is in any number of groups, up to 20. An access token names them by code, and nobody can add one. What
//     staff change about them holds from the customer's next login or refresh on: after 15 minutes at the latest
//     (auth.AccessTokenTL). A group that customers are in, or that a price list is for, is not deleted.
//   - Registering an address that has an account gets the answer of one that has none, at the same cost, and changes nothing.
//   - A shop has one first owner, however many processes make it at the same time, and keeps one who can sign in, however
//     many owners take each other's place away. Whoever is locked out or deleted is signed out with the same commit.
//
// A host nobody claims leads to the default tenant, as long as that claims none itself.
//
// It announces evt.identity.tenant.*, evt.identity.settings.updated, evt.identity.staff.*, evt.identity.customer.* and
// evt.identity.customer_group.*: ids, codes and versions, never personal data. It listens to nothing. Before a group goes it
// asks catalog for price lists.
package identity
