package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// dialect is whose export a CSV file is: other shop systems have columns and rules of their own.
type dialect int

const (
	ourOwn dialect = iota
	shopify
	wooCommerce
)

// dialectOf tells by the header. Files of others have columns about things that are not here; they are passed over and named,
// while an unknown column of a file of ours is refused.
func dialectOf(names []string) dialect {
	has := func(wanted ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(wanted, name) })
	}
	switch {
	case has("Handle") && has("Body (HTML)", "Variant Price", "Variant SKU"), has("URL handle") && has("Published on online store", "Charge tax", "Inventory quantity"):
		return shopify
	case has("Type") && has("Name") && has("Regular price", "Parent", "Visibility in catalog"):
		return wooCommerce
	}
	return ourOwn
}

// slugOf is the slug of a product that another shop system calls name. Names that differ only in what a slug cannot hold,
// such as Greek ones, stay apart by a digest of the name, the same each time.
func (d dialect) slugOf(name string) string {
	if d == ourOwn || name == "" {
		return name
	}
	slug := slugify(name)
	lost := strings.ContainsFunc(fold(name), func(r rune) bool { return r > 0x7f })
	if slug != "" && !lost {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.TrimLeft(cut(slug, madeSlug-10)+"-"+hex.EncodeToString(sum[:4]), "-")
}
