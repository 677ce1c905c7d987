// Package catalog is the room of what the shop sells: products with their variants, options and pictures, and the
// categories, tags, brands and collections they are found by.
//
// It owns the schema catalog. Prices are integer minor units; all variants of a product share one currency. Stock is
// not here: inventory owns it, and this room only knows whether a variant can be bought.
//
// It promises:
//   - A product is written with everything that belongs to it in one transaction, or not at all.
//   - Shoppers see published products only, and a product is read in one statement: each keeps its document
//     (products.doc) rendered by [render] in the transaction that changes it.
//   - Nobody's change is lost: a caller that names the version it saw is refused when the product has moved on.
//   - A slug and a SKU are unique in a shop, a link between two shops cannot exist, the tree of categories has no circle
//     and at most five levels, also when two people move things at once.
//   - A collection with rules holds what its rules hold of: a change of a product moves it in the same transaction, a
//     change of rules or of the tree is worked off in steps that a crash does not lose (build.go). What rules name cannot
//     be deleted.
//
// Lists of shoppers walk an index in their order: products for all of them, product_listing for those of a category, with
// all below it, and of a tag. That table follows from products, links and the tree by triggers, so that whoever writes
// those cannot forget it.
//
// Events of products carry what lists are made from, before and after (facts.go), so that who keeps lists knows which
// of them have changed.
//
// It announces evt.catalog.product.created, updated, deleted and availability_changed, and
// evt.catalog.taxonomy.updated. Events of one product are ordered by its sequence.
//
// It listens to evt.inventory.stock.changed, which says whether a variant can be bought, and to
// evt.identity.tenant.created.
//
// The files: the nouns (product.go, variant.go, option.go, picture.go, taxonomy.go, category_tree.go, brand.go,
// collection.go, collection_rule.go, text.go) are rules without I/O;
// rpc_*.go are the commands and reads, each load → decide → save → announce; store_*.go hold the SQL; convert.go stands
// between the nouns and the wire.
package catalog
