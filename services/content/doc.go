// Package content is the room of the shop's own pages: legal texts, about, questions and answers. They are written in
// Markdown by staff and read as HTML by shoppers.
//
// It owns the schema content.
//
// It promises:
//   - A page is in one language. A slug leads to one page in a language, and so does a key, which says what pages of
//     several languages are for: imprint, terms, privacy.
//   - Shoppers see published pages only, and of a body only HTML that was put through the policy (policy.go): no script,
//     style, form, frame or foreign name is in it, whatever was written. It is made when the page is written; what an
//     older policy made is made anew when it is read.
//   - No body takes unreasonable time or memory: one that would is refused (shape.go).
//   - A page in a language asked for by name is in that language or one above it (fr for fr-BE), or is not there. Without a
//     name, the versions the page has are offered in the order of the caller's wishes.
//   - A page is read in one statement, and a list in two.
//   - Nobody's change is lost: a caller that names the version it saw is refused when the page has moved on.
//
// It announces evt.content.page.created, updated and deleted; bodies are never in them. It listens to
// evt.identity.tenant.created.
//
// The files: page.go is the noun, language.go how languages are chosen; markup.go makes HTML, shape.go says of which bodies,
// and policy.go what may be in it; rpc_*.go are the commands and reads, store_page.go the SQL, convert.go stands between the
// noun and the wire.
package content
