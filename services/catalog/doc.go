// Package catalog is the room of what the shop sells: products with their variants, options and pictures, and the
// categories, tags, brands and collections they are found by; with attributes of the shop's own, what European law wants told of them, and
// references to the files of digital goods, whose bytes are private and elsewhere.
//
// It owns the schema catalog. Prices are integer minor units; all variants of a product share one currency. Stock is
// not here: inventory owns it, and this room only knows whether a variant can be bought.
//
// It promises:
//   - A product is written with everything that belongs to it in one transaction, or not at all.
//   - Shoppers see published products only, and a product is read in one statement: each keeps its document
//     (products.doc) rendered by [render] in the transaction that changes it.
//   - Nobody's change is lost: a caller that names the version it saw is refused when the product has moved on.
//   - A price is told from the product's document alone, in one lookup: base prices in any number of currencies, and what
//     price lists in force say ([priceFor]). Lists begin and end on time, in chunks, whoever sweeps.
//   - Every reduced price carries the lowest price of the 30 days before the reduction was announced, frozen then
//     (Directive 98/6/EC, Art. 6a): it follows from a history that nobody can change (price.go, reprice.go).
//   - A slug and a SKU are unique in a shop, a link between two shops cannot exist, the tree of categories has no circle
//     and at most five levels, also when two people move things at once.
//   - What was sold is archived when it is deleted; what becomes of it stays readable.
//   - A product is published and taken down within a second of its moment, once, however many replicas run. One that is not
//     fit for sale by then says why.
//   - A bundle can be bought as long as everything it is made of can in the quantity it takes, no bundle is part of a
//     bundle, and a published one is made of something.
//   - A collection with rules holds what its rules hold of: a change of a product moves it in the same transaction, a
//     change of rules or of the tree is worked off in steps that a crash does not lose (build.go). What rules name cannot
//     be deleted.
//   - Whatever is said of a picture, in every language, is kept with each product that shows it, and follows the media room.
//     Nothing begins to use an asset that is being deleted (rpc_media.go).
//   - An import or export is a job that outlives the process: how far it is commits with the rows it speaks of, so no
//     row is lost or written twice, whoever dies when.
//
// Lists of shoppers walk an index in their order: products for all of them, product_listing for those of a category, with
// all below it, and of a tag. That table follows from products, links and the tree by triggers, so that whoever writes
// those cannot forget it.
//
// A product names its brand, categories, tags and attributes, and renaming one touches one row: the names are put to a
// product when it is read. They come from memory (taxa.go, store_taxa.go) as long as the statement that reads the product
// says that nothing has changed, and else from the database. What brands, tags, attributes and options are called in other
// languages is written beside them in the transaction that sets a translation (names.go), and comes with them.
//
// A cart asks at every reading what its lines are sold at. It names the revisions of their products that it knows, which are
// their sequences; of those that have none newer it is told just that ([Service.ResolveVariants]). So whatever changes what is
// told of a variant has to move the sequence of its product.
//
// Events of products carry what lists are made from, before and after (facts.go), so that who keeps lists knows which
// of them have changed.
//
// It announces evt.catalog.product.created, updated, deleted and availability_changed, evt.catalog.taxonomy.updated,
// evt.catalog.locales.updated, evt.catalog.markets.updated, evt.catalog.price_list.created, updated, deleted and repriced, and
// evt.catalog.job.created and ended. Events of one product are ordered by its sequence.
//
// It listens to evt.inventory.stock.changed, which says whether a variant can be bought, to evt.checkout.order.created,
// which says what was sold, to evt.media.asset.updated and deleted, after which products show what is said of their pictures
// now, and to evt.identity.tenant.created.
//
// The files: the nouns (product.go, variant.go, price.go, price_list.go, option.go, picture.go, taxonomy.go,
// category_tree.go, brand.go, collection.go, collection_rule.go, text.go, schedule.go, bundle.go, bulk.go, translation.go, names.go)
// are rules without I/O; rpc_*.go are the commands and reads, each load → decide → save → announce; store_*.go hold the
// SQL; convert.go stands between the nouns and the wire; sweep.go keeps schedules, price_sweep.go prices, build.go
// collections. Facts, which are all that is known of a product beyond its name and price, have files of their own:
// attribute.go, facts.go, market.go, file.go and country.go, with rpc_, store_ and convert_ beside them. Files of
// products: job.go is the job, csv.go and import_rows.go read, columns.go is the one table of columns, import_apply.go and
// import_texts.go decide, import_report.go says what was refused or taken otherwise, described.go has what other shop systems
// say of products beyond our columns, line_facts.go what files hold as JSON, job_run.go and import_run.go do the work,
// export.go writes.
package catalog
