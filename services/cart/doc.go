// Package cart is the room that knows what shoppers are about to buy.
//
// It owns carts and their lines. A line keeps what the shopper saw when it was added: title, picture, price. A cart
// opens with its token, which is shown once and kept only as a hash, or to the signed-in customer who owns it. A cart
// without an owner that a signed-in customer changes becomes theirs; its token stays good.
//
// It promises:
//   - Concurrent changes of one cart all take effect: each is decided on the newest version, and the guard on the
//     version sits in the SQL statement.
//   - Who reads a cart sees today's prices, and what has become of each line since it was last changed. Reading changes nothing.
//     The catalogue is asked each time, and tells what has changed since the lines were filled; an order is held to the same.
//   - A cart of a hundred lines is read and changed by the statements and questions of a cart of one: lines that have not changed
//     are not read, told, priced or written again.
//   - A cart has a market: currency, country, channel and language. Every line is priced and titled in it, the country is
//     that of the shipping address once there is one, or of the billing address when nothing is shipped, and a cart that moves takes all its lines along or stays.
//   - A signed-in customer's cart has the prices of the groups the access token names. A guest's cart that becomes theirs, and
//     a cart whose owner has joined or left a group, is priced anew with the next change, before it is answered; at Claim
//     the buyer sees the new prices first. To whoever only holds the token it costs what it costs everybody.
//   - Totals are computed here and add up to the minor unit; an amount too large for int64 is an error, never a wrong sum.
//   - A cart holds no stock. Adding asks whether there is enough, of a bundle whether there is enough of all it is made of;
//     the checkout room reserves.
//   - Claim closes a cart for exactly one order, at today's prices, and repeats its answer for that order: totals and
//     shipping are kept with the cart, so later settings do not change them. No commit of a cart
//     waits for the disk; that of the order does, and makes the claim before it as certain as itself (see pg.Soon).
//   - An order that gave its cart back with Unclaim cannot claim it again: a Claim that arrives late is refused.
//   - A cart lapses when nothing is done with it (Config.Lifetime, counted from the last change). The sweeper in Run
//     then forgets the shopper's address and e-mail, and deletes closed carts after Config.KeepClosed.
//
// It announces nothing and listens to evt.identity.tenant.created. It asks catalog (variants), inventory (levels) and
// identity (shop settings, remembered for Config.SettingsTTL).
package cart
