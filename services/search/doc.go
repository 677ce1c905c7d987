// Package search is the search room: a read model of the catalogue made for finding.
//
// It owns, per tenant, one document per published product: its words (folded: no accents, no case), what it is filtered
// and sorted by, and the product as it is shown, so that an answer needs no second lookup. Everything in it can be built
// again from the catalogue.
//
// Promises. Every word of a query must be found, the last one may be unfinished; a word that no document has stands for
// the closest ones that are known. Any text can be searched for. Up to 10 000 matches totals, facets and order are exact;
// of more, that many are looked at. A changed product is found within moments, because each event makes the room ask
// the catalogue for the product as it is now; events that come twice or late therefore do no harm.
//
// Rebuilding writes a new generation of documents beside the live one and swaps them in one step; nobody sees half of
// it. Meanwhile events write to both generations, and what an event wrote is newer than what a rebuild reads. A rebuild
// that was cut off is resumed by Run.
//
// It announces nothing. It listens to:
//
//	evt.catalog.product.*          search-index     the product is read again
//	evt.catalog.taxonomy.updated   search-taxonomy  its products are read again; with very many, a rebuild starts
//	evt.identity.tenant.created    search-tenants   the tenant's books are opened
package search
