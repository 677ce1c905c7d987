// Package search is the search room: a read model of the catalogue made for finding.
//
// It owns, per tenant, documents of published products: one in the shop's own language and one in each language a product
// has texts of its own in, with its words in that language (folded, stemmed, compounds reached by their ends) and what it is
// filtered, counted and sorted by, prices in every currency, country and channel among it. What a hit looks like, the
// catalogue tells. Everything in it but what staff have set can be built again from the catalogue.
//
// It promises:
//   - Every word of a query must be found, the last one may be unfinished. A word that no document has stands for the
//     closest ones of the language; where nothing has all the words, what has some is found, and the answer says so.
//   - Any text can be searched for, at a cost that hardly grows with the shop. In shops of a few thousand products, order and
//     facets are exact up to 2000 matches. Documents of larger shops are dealt out into slices by chance: of what more than
//     about two hundred match, the smallest slices with fifty to two hundred are ranked and counted, and counts are projected,
//     which the answer says. The cheapest and the dearest are those of all that match. Products that are called what was
//     asked for come first wherever they are, those with all words in the title next; a list that goes on looks at more
//     slices. Totals are counted up to many hundreds; those of what one document in sixteen or fewer are looked at for are
//     estimates, and said to be. What is chosen of a facet does not narrow its own counts.
//   - A search is one statement, two when a word has to be corrected, three when no document has all the corrected words
//     either. When next to none is found, one or two more tell what may have been meant.
//   - A changed product is found within moments, because each event makes the room ask the catalogue for the product as it
//     is now; events that come twice or late therefore do no harm. What waits is folded: a product is read and written once
//     for all its events in hand, in transactions of two hundred products, and what waits is told with the index.
//   - Rebuilding writes a new generation of documents beside the live one and swaps them in one step; nobody sees half of
//     it. Meanwhile events write to both generations, and what an event wrote is newer than what a rebuild reads. A rebuild
//     that was cut off is resumed by Run. The same documents have the same content hash, however they came about.
//   - Typesense, Meilisearch or Algolia may answer instead (engine.go). They are fed from the documents in PostgreSQL, which
//     answers whatever they cannot, until they hold what is live, and while they are away; changes wait for them.
//     Stop words are left out of what they are asked; they are told the synonyms, and not asked where those of a language
//     differ from the others'. conformance_test.go holds all of them to the same answers.
//
// It announces evt.search.vocabulary.updated and evt.search.index.rebuilt. It listens to:
//
//	evt.catalog.product.*          search-index     the product is read again
//	evt.catalog.taxonomy.updated   search-index     its products are read again; of one with very many, a rebuild starts
//	evt.catalog.locales.updated    search-index     a rebuild starts
//	evt.identity.tenant.created    search-tenants   the tenant's books are opened
//
// The files: words.go, forms.go and language.go take texts apart, document.go makes documents, query.go and typo.go queries,
// request.go what is narrowed and counted, highlight.go what is shown of a hit; vocabulary.go is what staff set, and
// recall.go keeps it for a second. store_*.go hold the SQL, of which find in migrations/00062_find.sql is the heart.
package search
