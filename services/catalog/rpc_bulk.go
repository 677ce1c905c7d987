package catalog

import (
	"context"
	"errors"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

// editChunk is how many products change in one transaction.
const editChunk = 100

// EditProducts makes the same change of many products, a chunk at a time. Each product is changed whole or not at all, and
// one that cannot be changed does not stop the others. With a key, a repetition goes on where the first one ended.
func (s *Service) EditProducts(ctx context.Context, req *catalogv1.EditProductsRequest) (*catalogv1.EditProductsResponse, error) {
	which, e, err := editFromProto(req)
	if err != nil {
		return nil, err
	}
	known, err := findTaxonomy(ctx, s.db, e)
	if err != nil {
		return nil, err
	}
	if err := allKnown(req.GetAddCategoryIds(), known.categories, "addCategoryIds", ErrCategoryUnknown); err != nil {
		return nil, err
	}
	if err := allKnown(req.GetAddTagIds(), known.tags, "addTagIds", ErrTagUnknown); err != nil {
		return nil, err
	}
	if len(known.brands) < len(e.brands()) {
		return nil, ErrBrandUnknown.WithField("brandId", "unknown", ErrBrandUnknown.Message())
	}
	res := &catalogv1.EditProductsResponse{}
	for len(which) > 0 {
		chunk := which[:min(editChunk, len(which))]
		which = which[len(chunk):]
		done, err := s.editChunk(ctx, chunk, e, req)
		if err != nil {
			return nil, err
		}
		for _, one := range chunk {
			out := &catalogv1.EditedProduct{Id: one.String(), Version: done.version[one]}
			if err := done.failed[one]; err != nil {
				f := fault.From(err)
				out.Version, out.ErrorCode, out.ErrorMessage = 0, f.Code(), f.Message()
				if fields := f.Fields(); len(fields) > 0 {
					out.ErrorMessage = fields[0].Message
				}
				res.Failed++
			}
			if done.changed[one] {
				res.Changed++
			}
			res.Products = append(res.Products, out)
		}
	}
	return res, nil
}

func editFromProto(req *catalogv1.EditProductsRequest) (which []id.ID, e edit, err error) {
	seen := map[string]bool{}
	for i, text := range req.GetIds() {
		one, err := id.Parse(text)
		if err != nil {
			return nil, e, ErrProductNotFound.WithField(indexed("ids", i), "invalid", "It is not an id.")
		}
		if !seen[text] {
			seen[text], which = true, append(which, one)
		}
	}
	e.status = statusFromProto(req.GetStatus())
	for _, list := range []struct {
		to      *[]id.ID
		from    []string
		field   string
		unknown *fault.Fault
	}{
		{&e.addCategories, req.GetAddCategoryIds(), "addCategoryIds", ErrCategoryUnknown},
		{&e.removeCategories, req.GetRemoveCategoryIds(), "removeCategoryIds", ErrCategoryUnknown},
		{&e.addTags, req.GetAddTagIds(), "addTagIds", ErrTagUnknown},
		{&e.removeTags, req.GetRemoveTagIds(), "removeTagIds", ErrTagUnknown},
	} {
		if *list.to, err = idsFromProto(list.from, list.field, list.unknown); err != nil {
			return nil, e, err
		}
	}
	if req.BrandId != nil {
		brand, err := brandFromText(req.GetBrandId())
		if err != nil {
			return nil, e, err
		}
		e.brand = &brand
	}
	if req.VatClass != nil {
		e.vatClass = new(vatClassFromProto(req.GetVatClass()))
	}
	if in := req.GetPrice(); in != nil {
		e.price = &priceShift{basisPoints: in.GetBasisPoints(), amount: moneyFromProto(in.GetAmount()), step: in.GetRounding()}
		switch both, none := e.price.amount != nil && e.price.basisPoints != 0, e.price.amount == nil && e.price.basisPoints == 0; {
		case both || none:
			return nil, e, ErrPriceShift.WithField("price", "invalid", ErrPriceShift.Message())
		case e.price.amount != nil && (e.price.amount.Amount == 0 || e.price.amount.Amount > maxPrice || e.price.amount.Amount < -maxPrice):
			return nil, e, ErrPriceShift.WithField("price.amount", "out_of_range", "An amount is other than 0, and at most 10^12 minor units either way.")
		}
	}
	return which, e, nil
}

// editOutcome says what became of the products of a chunk.
type editOutcome struct {
	version map[id.ID]int64
	changed map[id.ID]bool
	failed  map[id.ID]error
}

// errDryRun undoes a rehearsal.
var errDryRun = errors.New("catalog: nothing was meant to change")

// editChunk changes some products in one transaction, in a number of statements that does not depend on how many they
// are. A rehearsal does the same and is rolled back before anything is sent.
func (s *Service) editChunk(ctx context.Context, which []id.ID, e edit, req *catalogv1.EditProductsRequest) (out editOutcome, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		out = editOutcome{map[id.ID]int64{}, map[id.ID]bool{}, map[id.ID]error{}}
		known, err := lockTaxonomy(ctx, tx, e)
		if err != nil {
			return err
		}
		products, err := loadProducts(ctx, tx, which)
		if err != nil {
			return err
		}
		before := map[id.ID]int64{}
		if req.GetKey() != "" && !req.GetDryRun() {
			if before, err = editedBefore(ctx, tx, req.GetKey(), which); err != nil {
				return err
			}
		}
		var applied []changedProduct
		at := s.time()
		for _, one := range which {
			p := products[one]
			version, repeated := before[one]
			switch {
			case repeated:
				out.version[one], out.changed[one] = version, true
				continue
			case p == nil:
				out.failed[one] = ErrProductNotFound
				continue
			case len(known.categories) < len(e.addCategories):
				out.failed[one] = ErrCategoryUnknown // deleted since the look before
				continue
			case len(known.tags) < len(e.addTags):
				out.failed[one] = ErrTagUnknown
				continue
			case len(known.brands) < len(e.brands()):
				out.failed[one] = ErrBrandUnknown
				continue
			}
			was := p.clone()
			err := e.apply(p)
			if err == nil {
				_, err = p.factsHold(&was)
			}
			if err != nil {
				out.failed[one] = err
				continue
			}
			applied = append(applied, changedProduct{p, &was})
		}
		if err := s.reprice(ctx, tx, applied...); err != nil {
			return err
		}
		var all []edited
		var news []bus.News
		for _, one := range applied {
			c := one.p.settle(one.before, at)
			if c.any {
				made, err := newEdited(one.p, c)
				if err != nil {
					out.failed[one.p.id] = err
					continue
				}
				all, news = append(all, made), append(news, updatedNews(one.p, one.before, c))
			}
			out.version[one.p.id], out.changed[one.p.id] = one.p.version, c.any
		}
		if req.GetDryRun() {
			return errDryRun
		}
		if err := saveEdited(&tx.Writes, all); err != nil {
			return err
		}
		if req.GetKey() != "" {
			noteEdits(&tx.Writes, req.GetKey(), all, at)
		}
		if err := bus.EmitAll(ctx, &tx.Writes, news); err != nil || !known.ruled || len(all) == 0 {
			return err
		}
		return gather(ctx, tx, at, idsOfEdited(all)...)
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return out, explain(err)
}
