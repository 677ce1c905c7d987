package checkout

import (
	"slices"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

// soldFile is a file that the buyers of a variant get, as the catalogue has it now.
type soldFile struct {
	id, variant  id.ID
	media        id.ID // zero when the media room does not have the bytes
	name         string
	limit        *int32 // downloads for each unit bought; nil is without limit
	expiresAfter *int32 // days from the purchase; nil is for good
}

// download is what an order gives its buyer of one file.
type download struct {
	file      id.ID
	item      id.ID // the first line it came with
	media     id.ID // zero when the media room does not have the bytes
	name      string
	limit     *int64     // of the whole order; nil is without limit
	expiresAt *time.Time // nil without an end, and while the order is not paid
}

// downloads puts together what belongs to what was bought: the files of its variants, and of those that bundles are made
// of. The order of the files stays.
func (o *Order) downloads(files []soldFile) []download {
	units, first := map[id.ID]int64{}, map[id.ID]id.ID{}
	add := func(variant, item id.ID, n int64) {
		if _, known := first[variant]; !known {
			first[variant] = item
		}
		units[variant] += n
	}
	for _, item := range o.Items {
		add(item.VariantID, item.ID, item.Quantity)
		for _, c := range item.Components {
			add(c.VariantID, item.ID, c.Quantity*item.Quantity)
		}
	}
	paidAt := o.paidAt()
	var out []download
	for _, f := range files {
		item, bought := first[f.variant]
		if !bought {
			continue
		}
		d := download{file: f.id, item: item, media: f.media, name: f.name}
		if f.limit != nil {
			limit := int64(*f.limit) * units[f.variant]
			d.limit = &limit
		}
		if f.expiresAfter != nil && paidAt != nil {
			until := paidAt.AddDate(0, 0, int(*f.expiresAfter))
			d.expiresAt = &until
		}
		out = append(out, d)
	}
	return out
}

// paidAt is when the order was paid in full; nil before. The days of a file count from then, so that a slow bank transfer
// takes none of them away.
func (o *Order) paidAt() *time.Time {
	i := slices.IndexFunc(o.History, func(c StatusChange) bool { return c.To == Paid })
	if i < 0 {
		return nil
	}
	return &o.History[i].At
}

// deliverable says why no file of the order can be had; nil when they can.
func (o *Order) deliverable() error {
	switch o.Status {
	case Paid, PartiallyFulfilled, Fulfilled, PartiallyRefunded:
		return nil
	case Cancelled:
		return ErrFileCancelled
	case Refunded:
		return ErrFileRefunded
	case PendingPayment, Placing, Failing, Failed:
	}
	return ErrFileUnpaid
}

// grant says why the file cannot be downloaded once more after it was used times; nil when it can.
func (d download) grant(o *Order, used int64, now time.Time) error {
	if err := o.deliverable(); err != nil {
		return err
	}
	switch {
	case d.media.IsZero():
		return ErrFileElsewhere
	case d.expiresAt != nil && !now.Before(*d.expiresAt):
		return ErrFileExpired
	case d.limit != nil && used >= *d.limit:
		return ErrFileUsedUp
	}
	return nil
}

// remaining is how many downloads are left after it was used times; nil is without limit. A limit that was lowered
// meanwhile may be below what was used.
func (d download) remaining(used int64) *int64 {
	if d.limit == nil {
		return nil
	}
	left := max(*d.limit-used, 0)
	return &left
}
