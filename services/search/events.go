package search

import (
	"context"
	"fmt"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	exportIDs = 100  // products asked for by id at a time
	refreshed = 2000 // products that one event may refresh; with more, a rebuild is asked for
)

// Consumers of the room. What writes documents is one consumer, which takes one event after the other: with two, the one
// that has read a product before a change could write it after the other has looked for what the change touches.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{
		{
			// Not LatestOnly: each event makes the room read the product as it is now, so an old one does no harm, and none
			// may be dropped because its announcer did not count it.
			Name: "search-index", Subjects: []string{"evt.catalog.product.*", subjectTaxonomy, subjectLocales},
			Prepare: s.prepare, Handle: s.handleChanges, After: s.changed,
		},
		{
			// The bus inserts the tenant of every event; there is nothing else to do.
			Name: "search-tenants", Subjects: []string{"evt.identity.tenant.created"},
			Handle: func(context.Context, *pg.Tx, bus.Event, any) error { return nil },
		},
	}
}

const (
	subjectTaxonomy = "evt.catalog.taxonomy.updated"
	subjectLocales  = "evt.catalog.locales.updated"
)

// changed has the next search look at what the shop has now.
func (s *Service) changed(_ context.Context, e bus.Event) {
	s.recall.forget(e.Tenant)
	if s.outside != nil || e.Subject == subjectTaxonomy || e.Subject == subjectLocales { // or a rebuild may be due
		s.poke()
	}
}

// changes are what products have become.
type changes struct {
	documents [][]*document // those of each product, in the order of their ids
	gone      []id.ID       // deleted, or not published
	locale    string        // language of the shop's own texts
	tooMany   bool          // a rebuild is due instead
}

// current asks the catalogue for products as they are now.
func (s *Service) current(ctx context.Context, products []id.ID) (changes, error) {
	var c changes
	slices.SortFunc(products, compareIDs)
	for n := exportIDs; len(products) > 0; {
		chunk := products[:min(n, len(products))]
		ids := make([]string, len(chunk))
		for i, p := range chunk {
			ids[i] = p.String()
		}
		res, err := s.catalog.ExportProducts(ctx, &catalogv1.ExportProductsRequest{Ids: ids, Limit: int32(len(ids))})
		if err != nil {
			if len(chunk) > 1 && ctx.Err() == nil {
				n = len(chunk) / 2 // products with long descriptions can make an answer too large for the door
				continue
			}
			return changes{}, fmt.Errorf("search: read products: %w", err)
		}
		products = products[len(chunk):]
		c.locale = res.GetLocales().GetDefaultLocale()
		shown := map[id.ID][]*document{}
		for _, g := range goodsOf(res) {
			documents, err := describe(g)
			if err != nil {
				return changes{}, err
			}
			if len(documents) > 0 {
				shown[documents[0].product] = documents
			}
		}
		for _, p := range chunk {
			if d := shown[p]; d != nil {
				c.documents = append(c.documents, d)
			} else {
				c.gone = append(c.gone, p)
			}
		}
	}
	return c, nil
}

func compareIDs(a, b id.ID) int { return slices.Compare(a[:], b[:]) }

// prepare reads anew what an event is about: a product, or those that show a category, tag, brand or attribute.
func (s *Service) prepare(ctx context.Context, e bus.Event) (any, error) {
	switch e.Subject {
	case subjectLocales:
		return changes{tooMany: true}, nil // every product may have a language more, or another one
	case subjectTaxonomy:
		return s.prepareTaxonomy(ctx, e)
	default:
		return s.current(ctx, []id.ID{e.Aggregate})
	}
}

func (s *Service) prepareTaxonomy(ctx context.Context, e bus.Event) (any, error) {
	var body catalogv1.TaxonomyUpdated
	if err := e.Unmarshal(&body); err != nil {
		return nil, err //nolint:wrapcheck // says what it is
	}
	var products []id.ID
	for _, text := range []string{body.GetCategoryId(), body.GetTagId(), body.GetBrandId(), body.GetAttributeId()} {
		ref, err := id.Parse(text)
		if err != nil {
			continue // empty: the event is about one of them, or about a collection, which no document shows
		}
		more, err := s.store.referring(ctx, ref, refreshed+1)
		if err != nil {
			return nil, err
		}
		products = append(products, more...)
	}
	if len(products) > refreshed {
		return changes{tooMany: true}, nil
	}
	return s.current(ctx, products)
}

// handleChanges writes what products have become, to the generation that is searched and to the one being built.
func (s *Service) handleChanges(ctx context.Context, tx *pg.Tx, e bus.Event, prepared any) error {
	c, ok := prepared.(changes)
	if !ok {
		return fmt.Errorf("search: prepared is %T", prepared)
	}
	g, err := lockIndex(ctx, tx)
	if err != nil {
		return err
	}
	if c.tooMany {
		requestRebuild(&tx.Writes)
		return nil
	}
	if e.Subject == subjectTaxonomy && g.building != nil && !g.whole {
		requestRebuild(&tx.Writes) // the products that show it may be on their way into the first index, with its old name
	}
	speak(&tx.Writes, c.locale)
	for _, d := range c.documents {
		if s.outside != nil {
			enqueue(&tx.Writes, d[0].product)
		}
		upsert(&tx.Writes, g.live, d)
		if g.building != nil {
			upsert(&tx.Writes, *g.building, d)
		}
	}
	for _, product := range c.gone {
		if s.outside != nil {
			enqueue(&tx.Writes, product)
		}
		remove(&tx.Writes, g.live, product)
		if g.building != nil {
			entomb(&tx.Writes, *g.building, product)
		}
	}
	return nil
}
