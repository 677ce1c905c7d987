package search

import (
	"context"
	"errors"
	"fmt"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

const (
	fedAtOnce   = 500 // entries that are copied in one call
	drainAtOnce = 200 // products whose changes are applied in one call
)

// feeding is how far the engine outside is with one shop.
type feeding struct {
	live     int64  // generation that is searched
	fed      int64  // generation the engine holds whole; 0: none
	building int64  // generation that is being copied to it; 0: none
	after    id.ID  // last product copied
	told     string // which synonyms the engine was told, and which there are
	mark     string
}

// feed brings the engine outside up to what PostgreSQL holds, shop by shop: a new generation is copied whole, and then
// what has changed since is applied. What was done and not written down is done again, which leaves the same behind.
func (s *Service) feed(ctx context.Context) error {
	if s.outside == nil {
		return nil
	}
	all, err := s.store.allTenants(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, shop := range all {
		if err := s.feedShop(tenant.With(ctx, shop), shop); err != nil {
			failed = errors.Join(failed, fmt.Errorf("feed %s of %s: %w", s.outside.name(), shop, err))
		}
	}
	return failed
}

func (s *Service) feedShop(ctx context.Context, shop id.ID) error {
	f, err := s.store.feeding(ctx, s.outside.name())
	if err != nil || f.live == 0 {
		return err
	}
	if f.fed != f.live {
		if err := s.copyToEngine(ctx, shop, f); err != nil {
			return err
		}
	}
	for more := true; more; {
		if more, err = s.drain(ctx, shop, f.live); err != nil {
			return err
		}
	}
	if f.fed == f.live && f.told == f.mark {
		return nil
	}
	v, err := s.store.vocabulary(ctx, s.outside.name())
	if err != nil || v.told == v.mark {
		return err
	}
	if err := s.outside.teach(ctx, indexName(shop, f.live), v.expansions()); err != nil {
		return err
	}
	s.recall.forget(shop)
	return s.store.tell(ctx, s.outside.name(), v.mark)
}

// copyToEngine fills a new index of the engine with the generation that is live. It goes on where it was cut off.
func (s *Service) copyToEngine(ctx context.Context, shop id.ID, f feeding) error {
	name := indexName(shop, f.live)
	if f.building != f.live {
		if err := s.outside.drop(ctx, name); err != nil { // of an attempt nobody remembers
			return err
		}
		f.after = id.ID{}
	}
	if err := s.outside.create(ctx, name); err != nil {
		return err
	}
	if err := s.store.beginFeeding(ctx, s.outside.name(), f.live, f.after); err != nil {
		return err
	}
	for {
		entries, last, err := s.store.entriesAfter(ctx, f.live, f.after, fedAtOnce)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			break
		}
		if err := s.outside.write(ctx, name, entries, nil); err != nil {
			return err
		}
		f.after = last
		if err := s.store.beginFeeding(ctx, s.outside.name(), f.live, f.after); err != nil {
			return err
		}
	}
	if err := s.store.endFeeding(ctx, s.outside.name(), f.live); err != nil {
		return err
	}
	s.recall.forget(shop)
	old, err := s.outside.indexes(ctx, indexPrefix(shop))
	if err != nil {
		return err
	}
	for _, o := range old {
		if o != name {
			if err := s.outside.drop(ctx, o); err != nil {
				return err
			}
		}
	}
	s.log.InfoContext(ctx, "search engine holds the index", "engine", s.outside.name(), "generation", f.live)
	return nil
}

// drain applies the oldest changes that the engine has not taken yet, and says whether there may be more.
func (s *Service) drain(ctx context.Context, shop id.ID, generation int64) (more bool, err error) {
	products, upTo, err := s.store.pending(ctx, drainAtOnce)
	if err != nil || len(products) == 0 {
		return false, err
	}
	entries, gone, err := s.store.entriesOf(ctx, generation, products)
	if err != nil {
		return false, err
	}
	if err := s.outside.write(ctx, indexName(shop, generation), entries, gone); err != nil {
		return false, err
	}
	return len(products) == drainAtOnce, s.store.taken(ctx, upTo)
}
