package search

import (
	"context"
	"fmt"
	"maps"
	"slices"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	exportIDs = 100  // products asked for by id at a time
	refreshed = 2000 // products that changed names may refresh in one transaction; of one name alone with more, a rebuild is asked for

	// Events are small, so many may be in hand. What is made of them is not: a transaction is about so many products that
	// a search room stays small and an edit does not wait long for the transaction before it.
	inHand  = 5000
	atATime = 200
)

// Consumers of the room. What writes documents is one consumer, which handles one fold of events after the other: with two,
// the one that has read a product before a change could write it after the other has looked for what the change touches.
func (s *Service) Consumers() []bus.Consumer {
	return []bus.Consumer{
		{
			// Each event makes the room read the product as it is now. So however many wait, each product is read and written
			// once for all of them, and an old one does no harm.
			Name: "search-index", Subjects: []string{"evt.catalog.product.*", subjectTaxonomy, subjectLocales},
			Fold:  &bus.Fold{Events: inHand, Aggregates: atATime, Prepare: s.prepare, Handle: s.handleChanges},
			After: s.changed,
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
	renamed   bool          // a category, tag, brand or attribute is called otherwise
	tooMany   bool          // a rebuild is due for what is not here
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

// prepare reads anew what events are about: products, and those that show a category, tag, brand or attribute.
func (s *Service) prepare(ctx context.Context, events []bus.Event) (any, error) {
	wanted, named := map[id.ID]struct{}{}, map[id.ID]struct{}{}
	var refs []id.ID
	tooMany := false
	for _, e := range events {
		switch e.Subject {
		case subjectLocales:
			tooMany = true // every product may have a language more, or another one
		case subjectTaxonomy:
			named[e.Aggregate] = struct{}{}
			more, err := referred(e)
			if err != nil {
				return nil, err
			}
			refs = append(refs, more...)
		default:
			wanted[e.Aggregate] = struct{}{}
		}
	}
	if len(refs) > 0 {
		products, err := s.store.referring(ctx, refs, refreshed+1)
		switch {
		case err != nil:
			return nil, err
		case len(products) <= refreshed:
			for _, p := range products {
				wanted[p] = struct{}{}
			}
		case len(named) > 1:
			return nil, bus.ErrTooMuch // all together; each by itself may have few
		default:
			tooMany = true
		}
	}
	c, err := s.current(ctx, slices.Collect(maps.Keys(wanted)))
	c.renamed, c.tooMany = len(named) > 0, tooMany
	return c, err
}

// referred is what an event says has another name.
func referred(e bus.Event) ([]id.ID, error) {
	var body catalogv1.TaxonomyUpdated
	if err := e.Unmarshal(&body); err != nil {
		return nil, err //nolint:wrapcheck // says what it is
	}
	var out []id.ID
	for _, text := range []string{body.GetCategoryId(), body.GetTagId(), body.GetBrandId(), body.GetAttributeId()} {
		// Empty: the event is about one of them, or about a collection, which no document shows.
		if ref, err := id.Parse(text); err == nil {
			out = append(out, ref)
		}
	}
	return out, nil
}

// handleChanges writes what products have become, to the generation that is searched and to the one being built.
func (s *Service) handleChanges(ctx context.Context, tx *pg.Tx, _ []bus.Event, prepared any) error {
	c, ok := prepared.(changes)
	if !ok {
		return fmt.Errorf("search: prepared is %T", prepared)
	}
	g, err := lockIndex(ctx, tx)
	if err != nil {
		return err
	}
	shared := newKnown().learn(slices.Concat(c.documents...))
	live, building := shared, shared
	if len(shared.words) > 0 {
		if err := tx.Read(ctx, func(b *pg.Batch) {
			unwritten(b, g.live, shared.words, &live.words)
			if g.building != nil {
				unwritten(b, *g.building, shared.words, &building.words)
			}
		}); err != nil {
			return err
		}
	}
	// Products that show a name may be on their way into the first index, with the old one.
	if c.tooMany || c.renamed && g.building != nil && !g.whole {
		requestRebuild(&tx.Writes)
	}
	if s.outside != nil {
		enqueue(&tx.Writes, append(column(c.documents, func(d []*document) id.ID { return d[0].product }), c.gone...))
	}
	if c.locale != "" {
		speak(&tx.Writes, c.locale)
	}
	upsert(&tx.Writes, g.live, c.documents, live)
	remove(&tx.Writes, g.live, c.gone)
	if g.building != nil {
		upsert(&tx.Writes, *g.building, c.documents, building)
		entomb(&tx.Writes, *g.building, c.gone)
	}
	return nil
}
