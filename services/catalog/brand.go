package catalog

import (
	"net/url"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const maxWebsite = 2048

// brand is who makes a product, or under whose name it is sold.
type brand struct {
	id             id.ID
	slug           string
	name           string
	description    *string
	website        *string
	seoTitle       *string
	seoDescription *string
	version        int64
	createdAt      time.Time
	updatedAt      time.Time
}

// brandPatch changes a brand; nil leaves.
type brandPatch struct {
	name           *string
	slug           *string
	description    textPatch
	website        textPatch
	seoTitle       textPatch
	seoDescription textPatch
}

// change applies a patch and reports whether anything a reader sees is different.
func (b *brand) change(patch brandPatch) bool {
	before := *b
	if patch.name != nil {
		b.name = *patch.name
	}
	if patch.slug != nil {
		b.slug = *patch.slug
	}
	patch.description.apply(&b.description)
	patch.website.apply(&b.website)
	patch.seoTitle.apply(&b.seoTitle)
	patch.seoDescription.apply(&b.seoDescription)
	return b.slug != before.slug || b.name != before.name || !sameText(b.description, before.description) || !sameText(b.website, before.website) ||
		!sameText(b.seoTitle, before.seoTitle) || !sameText(b.seoDescription, before.seoDescription)
}

// checkWebsite refuses what a shopper could not follow, or should not: only http and https with a host.
func checkWebsite(website *string) error {
	if website == nil {
		return nil
	}
	u, err := url.Parse(*website)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ErrWebsiteInvalid.WithField("website", "invalid", ErrWebsiteInvalid.Message())
	}
	return nil
}

// brandFromText reads the id of a product's brand; empty is none.
func brandFromText(text string) (id.ID, error) {
	if text == "" {
		return id.ID{}, nil
	}
	which, err := id.Parse(text)
	if err != nil || which.IsZero() {
		return id.ID{}, ErrBrandUnknown.WithField("brandId", "unknown", ErrBrandUnknown.Message())
	}
	return which, nil
}
