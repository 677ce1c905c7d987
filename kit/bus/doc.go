// Package bus carries events: out of a room's transaction, through the stream, into another room's transaction.
//
//	tx{ …; bus.Emit } ─▶ outbox ──relay──▶ JetStream evt.> ──consumer──▶ tx{ inbox; handler }
//
// Emit needs a transaction, so an event without a commit cannot be written, and a commit without its event cannot
// either. The relay reads the outbox in order, publishes one event at a time under its id, deletes it when the stream
// has it, and stops at the first failure: nothing is skipped and nothing overtakes. Consumers are durable; they record
// the event's id in the same transaction as its effect, so a second delivery has none.
//
// One process per room relays and consumes at a time, chosen by an advisory lock, so that order holds with any number of
// replicas; the others stand by and take over when it goes. Events of one consumer take effect one after the other, or, for
// one that brings a copy up to what is now, many at once (Fold). An event that keeps failing becomes a dead letter, on
// dead.<consumer>, and the rest go on. Replay sends it once more, on again.<consumer>, which that consumer alone hears:
//
//	dead.<consumer>.… ──Replay──▶ again.<consumer>.… ──consumer──▶ handled: the letter is removed
//	                                                             └▶ failed again: a new letter takes its place
//
// Personal data never rides in events, only ids: a stream cannot forget.
package bus
