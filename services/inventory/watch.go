package inventory

import (
	"cmp"
	"context"
	"slices"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// watch looks out for the quantities that a bundle takes of variants from now on, and for no others on its behalf, and tells
// of those variants of which that says something new. A variant whose stock is not open yet is told of when it is.
func (s *Service) watch(ctx context.Context, tx *pg.Tx, bundle id.ID, wanted []Line) error {
	watched, err := lockWatches(ctx, tx, bundle)
	if err != nil {
		return err
	}
	wanted = slices.DeleteFunc(slices.Clone(wanted), func(l Line) bool { return l.Quantity < 2 }) // one unit is always told
	slices.SortFunc(wanted, compareLines)
	if wanted = slices.Compact(wanted); slices.Equal(wanted, watched) {
		return nil
	}
	before, after, err := saveWatches(ctx, tx, bundle, wanted, variantsOf(slices.Concat(wanted, watched)), s.now())
	if err != nil {
		return err
	}
	return announce(ctx, &tx.Writes, toldAnew(before, after))
}

// toldAnew lists the balances of which something else has to be told than before. Both lists are of the same variants, in
// the same order.
func toldAnew(before, after []Stock) []Stock {
	var out []Stock
	for i, s := range after {
		if s.ShortOf() != before[i].ShortOf() {
			out = append(out, s)
		}
	}
	return out
}

func compareLines(a, b Line) int {
	return cmp.Or(compareIDs(a.VariantID, b.VariantID), cmp.Compare(a.Quantity, b.Quantity))
}

func variantsOf(lines []Line) []id.ID {
	out := make([]id.ID, len(lines))
	for i, l := range lines {
		out[i] = l.VariantID
	}
	slices.SortFunc(out, compareIDs)
	return slices.Compact(out)
}
