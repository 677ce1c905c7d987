package catalog

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

// ListStoreCollections lists published collections by name.
func (s *Service) ListStoreCollections(ctx context.Context, req *catalogv1.ListStoreCollectionsRequest) (*catalogv1.ListStoreCollectionsResponse, error) {
	collections, info, err := listCollections(ctx, s.db, "", true, page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	collections, info, err = localized(collections, info, nameKey, func() error { return s.localizeCollections(ctx, collections, req.GetLocales()) })
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListStoreCollectionsResponse{Collections: collections, Page: info}, nil
}

// GetStoreCollection reads one published collection by slug or id.
func (s *Service) GetStoreCollection(ctx context.Context, req *catalogv1.GetStoreCollectionRequest) (*catalogv1.GetStoreCollectionResponse, error) {
	slugOrID, err := s.bySlug(ctx, collectionTexts, req.GetSlugOrId(), req.GetLocales())
	if err != nil {
		return nil, err
	}
	c, err := s.collection(ctx, slugOrID, true)
	if err != nil {
		return nil, err
	}
	if err := s.localizeCollections(ctx, []*catalogv1.Collection{c}, req.GetLocales()); err != nil {
		return nil, err
	}
	return &catalogv1.GetStoreCollectionResponse{Collection: c}, nil
}

// ListCollections lists collections for staff, by name.
func (s *Service) ListCollections(ctx context.Context, req *catalogv1.ListCollectionsRequest) (*catalogv1.ListCollectionsResponse, error) {
	collections, info, err := listCollections(ctx, s.db, fold(storable(req.GetQ())), false, page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	return &catalogv1.ListCollectionsResponse{Collections: collections, Page: info}, nil
}

// GetCollection reads one collection for staff.
func (s *Service) GetCollection(ctx context.Context, req *catalogv1.GetCollectionRequest) (*catalogv1.GetCollectionResponse, error) {
	c, err := s.collection(ctx, req.GetId(), false)
	if err != nil {
		return nil, err
	}
	return &catalogv1.GetCollectionResponse{Collection: c}, nil
}

func (s *Service) collection(ctx context.Context, slugOrID string, onlyPublished bool) (*catalogv1.Collection, error) {
	c, err := findCollection(ctx, s.db, storable(slugOrID), onlyPublished)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, ErrCollectionNotFound
	}
	return collectionToProto(c), nil
}

// CreateCollection makes a collection. One with rules is filled at once in a small shop, and soon after in a large one.
func (s *Service) CreateCollection(ctx context.Context, req *catalogv1.CreateCollectionRequest) (*catalogv1.CreateCollectionResponse, error) {
	c, err := s.newCollection(req)
	if err != nil {
		return nil, err
	}
	for try := range madeNameTries {
		err = explainCollection(s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
			return createCollection(ctx, tx, c, req.GetSlug() == "", try > 0)
		}), c)
		if !isTaken(err) || req.GetSlug() != "" {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	s.buildSome(ctx, c)
	return &catalogv1.CreateCollectionResponse{Collection: collectionToProto(c)}, nil
}

// newCollection decides what a collection made from the request is, but for its free slug.
func (s *Service) newCollection(req *catalogv1.CreateCollectionRequest) (*collection, error) {
	at := s.time()
	c := &collection{
		id: id.New(), name: req.GetName(), description: req.Description, kind: kindFromProto(req.GetKind()), sort: sortFromProto(req.GetSort()), // absent is not empty
		seoTitle: req.SeoTitle, seoDescription: req.SeoDescription, status: draft, version: 1, sequence: 1, createdAt: at, updatedAt: at, // absent is not empty
	}
	if req.GetStatus() == catalogv1.CollectionStatus_COLLECTION_STATUS_PUBLISHED {
		c.status = published
	}
	if c.kind == "" {
		c.kind = manual
	}
	if c.sort == "" {
		c.sort = byPosition
		if c.kind == ruleBased {
			c.sort = byNewest
		}
	}
	err := storableRequest(req)
	if err == nil {
		err = checkTitle("name", c.name)
	}
	if err == nil && req.GetSlug() != "" {
		c.slug, err = parseSlug(req.GetSlug())
	}
	m := matchFromProto(req.GetMatch())
	if m == "" {
		m = matchAll
	}
	if err == nil {
		err = c.settleRules(m, rulesFromProto(req.GetRules()))
	}
	c.building = c.kind == ruleBased
	return c, err
}

func createCollection(ctx context.Context, tx *pg.Tx, c *collection, makeOne, again bool) error {
	choices := []string{c.slug}
	if makeOne {
		choices = slugChoices(makeSlug(c.name, c.id))
		if again {
			choices = []string{choices[0] + "-" + shortID(id.New())}
		}
	}
	used, ruled, err := loadCollectionNames(ctx, tx, choices)
	if err != nil {
		return err
	}
	if c.kind == ruleBased && ruled >= maxRuled {
		return ErrCollectionTooMany
	}
	if makeOne {
		c.slug = firstFree(choices, used)
	}
	if err := insertCollection(&tx.Writes, c); err != nil {
		return err
	}
	return announceCollection(ctx, &tx.Writes, c)
}

// changeCollection is the frame of every command on a collection: load it locked, let decide change it, save it when it
// has changed, announce it.
func (s *Service) changeCollection(ctx context.Context, collectionID string, ifVersion int64,
	decide func(ctx context.Context, tx *pg.Tx, c *collection) (changed bool, err error),
) (*catalogv1.Collection, error) {
	which, err := id.Parse(collectionID)
	if err != nil {
		return nil, ErrCollectionNotFound
	}
	var c *collection
	var changed bool
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if c, err = loadCollection(ctx, tx, which); err != nil {
			return err
		}
		if c == nil {
			return ErrCollectionNotFound
		}
		if ifVersion != 0 && ifVersion != c.version {
			return ErrVersionConflict
		}
		if changed, err = decide(ctx, tx, c); err != nil || !changed {
			return err
		}
		c.version++
		c.sequence++
		c.updatedAt = s.time()
		if err := updateCollection(&tx.Writes, c); err != nil {
			return err
		}
		return announceCollection(ctx, &tx.Writes, c)
	})
	if err != nil {
		return nil, explainCollection(err, c)
	}
	s.buildSome(ctx, c)
	return collectionToProto(c), nil
}

// UpdateCollection changes what is given and leaves the rest. New rules are applied at once in a small shop.
func (s *Service) UpdateCollection(ctx context.Context, req *catalogv1.UpdateCollectionRequest) (*catalogv1.UpdateCollectionResponse, error) {
	patch, err := collectionPatchFromProto(req)
	if err != nil {
		return nil, err
	}
	c, err := s.changeCollection(ctx, req.GetId(), req.GetIfVersion(), func(_ context.Context, _ *pg.Tx, c *collection) (bool, error) { return c.change(patch) })
	if err != nil {
		return nil, err
	}
	return &catalogv1.UpdateCollectionResponse{Collection: c}, nil
}

func collectionPatchFromProto(req *catalogv1.UpdateCollectionRequest) (patch collectionPatch, err error) {
	if err := storableRequest(req); err != nil {
		return patch, err
	}
	patch = collectionPatch{name: req.Name, match: matchFromProto(req.GetMatch()), sort: sortFromProto(req.GetSort())} // absent is not empty
	if patch.name != nil {
		if err := checkTitle("name", *patch.name); err != nil {
			return patch, err
		}
	}
	if req.Slug != nil { // absent is not empty
		slug, err := parseSlug(req.GetSlug())
		if err != nil {
			return patch, err
		}
		patch.slug = &slug
	}
	switch req.GetStatus() {
	case catalogv1.CollectionStatus_COLLECTION_STATUS_DRAFT:
		patch.status = draft
	case catalogv1.CollectionStatus_COLLECTION_STATUS_PUBLISHED:
		patch.status = published
	case catalogv1.CollectionStatus_COLLECTION_STATUS_UNSPECIFIED:
	}
	if req.GetRules() != nil {
		patch.rules = rulesFromProto(req.GetRules().GetRules())
	}
	if patch.description, err = textFromProto("description", req.GetDescription(), maxDescription); err != nil {
		return patch, err
	}
	if patch.seoTitle, err = textFromProto("seoTitle", req.GetSeoTitle(), maxSEOTitle); err != nil {
		return patch, err
	}
	patch.seoDescription, err = textFromProto("seoDescription", req.GetSeoDescription(), maxSEODescription)
	return patch, err
}

// DeleteCollection removes a collection. Its products stay.
func (s *Service) DeleteCollection(ctx context.Context, req *catalogv1.DeleteCollectionRequest) (*catalogv1.DeleteCollectionResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrCollectionNotFound
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		lockCollectionsAlone(&tx.Writes)
		c, err := loadCollection(ctx, tx, which)
		if err != nil {
			return err
		}
		if c == nil {
			return ErrCollectionNotFound
		}
		if req.GetIfVersion() != 0 && req.GetIfVersion() != c.version {
			return ErrVersionConflict
		}
		deleteCollection(&tx.Writes, which)
		c.sequence++
		return announceCollection(ctx, &tx.Writes, c)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.DeleteCollectionResponse{}, nil
}

// ListCollectionProducts lists the products of a collection for staff, in the collection's own order.
func (s *Service) ListCollectionProducts(ctx context.Context, req *catalogv1.ListCollectionProductsRequest) (*catalogv1.ListCollectionProductsResponse, error) {
	products, info, err := listMembers(ctx, s.db, productFilter{page: page.FromProto(req.GetPage())}, req.GetId(), asStored)
	if err != nil {
		return nil, err
	}
	if len(products) == 0 {
		// Nothing to show: because it is empty, or because there is none?
		if _, err := s.collection(ctx, req.GetId(), false); err != nil {
			return nil, err
		}
	}
	return &catalogv1.ListCollectionProductsResponse{Products: products, Page: info}, nil
}

// SetCollectionProducts replaces the products of a collection that is put together by hand. Doubles count once.
func (s *Service) SetCollectionProducts(ctx context.Context, req *catalogv1.SetCollectionProductsRequest) (*catalogv1.SetCollectionProductsResponse, error) {
	ids, err := productsFromProto(req.GetProductIds())
	if err != nil {
		return nil, err
	}
	c, err := s.changeCollection(ctx, req.GetId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, c *collection) (bool, error) {
		if c.kind != manual {
			return false, ErrCollectionRuled
		}
		known, _, _, _, err := loadMembers(ctx, tx, c.id, ids)
		if err != nil {
			return false, err
		}
		if err := allKnown(req.GetProductIds(), known, "productIds", ErrProductUnknown); err != nil {
			return false, err
		}
		replaceMembers(&tx.Writes, c.id, ids)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.SetCollectionProductsResponse{Collection: c}, nil
}

// AddCollectionProducts puts products at the end of a collection that is put together by hand. Those that are in it
// already stay where they are, so it may be repeated.
func (s *Service) AddCollectionProducts(ctx context.Context, req *catalogv1.AddCollectionProductsRequest) (*catalogv1.AddCollectionProductsResponse, error) {
	ids, err := productsFromProto(req.GetProductIds())
	if err != nil {
		return nil, err
	}
	c, err := s.changeCollection(ctx, req.GetId(), 0, func(ctx context.Context, tx *pg.Tx, c *collection) (bool, error) {
		if c.kind != manual {
			return false, ErrCollectionRuled
		}
		known, is, size, last, err := loadMembers(ctx, tx, c.id, ids)
		if err != nil {
			return false, err
		}
		if err := allKnown(req.GetProductIds(), known, "productIds", ErrProductUnknown); err != nil {
			return false, err
		}
		fresh := without(ids, is)
		if size+int64(len(fresh)) > maxMembers {
			return false, ErrCollectionFull.WithField("productIds", "too_many", ErrCollectionFull.Message())
		}
		insertMembers(&tx.Writes, c.id, last+1, fresh)
		return len(fresh) > 0, nil
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.AddCollectionProductsResponse{Collection: c}, nil
}

// RemoveCollectionProduct takes a product out of a collection that is put together by hand.
func (s *Service) RemoveCollectionProduct(ctx context.Context, req *catalogv1.RemoveCollectionProductRequest) (*catalogv1.RemoveCollectionProductResponse, error) {
	product, err := id.Parse(req.GetProductId())
	if err != nil {
		return nil, ErrMemberNotFound
	}
	c, err := s.changeCollection(ctx, req.GetId(), req.GetIfVersion(), func(ctx context.Context, tx *pg.Tx, c *collection) (bool, error) {
		if c.kind != manual {
			return false, ErrCollectionRuled
		}
		_, is, _, _, err := loadMembers(ctx, tx, c.id, []id.ID{product})
		if err != nil {
			return false, err
		}
		if !is[product] {
			return false, ErrMemberNotFound
		}
		deleteMember(&tx.Writes, c.id, product)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.RemoveCollectionProductResponse{Collection: c}, nil
}

// productsFromProto reads ids of products, each once, in order.
func productsFromProto(texts []string) ([]id.ID, error) {
	ids := make([]id.ID, len(texts))
	for i, text := range texts {
		var err error
		if ids[i], err = id.Parse(text); err != nil {
			return nil, ErrProductUnknown.WithField(indexed("productIds", i), "unknown", ErrProductUnknown.Message())
		}
	}
	return uniqueIDs(ids), nil
}

func without(ids []id.ID, those map[id.ID]bool) []id.ID {
	out := make([]id.ID, 0, len(ids))
	for _, one := range ids {
		if !those[one] {
			out = append(out, one)
		}
	}
	return out
}

// explainCollection turns a violated constraint into what it means to a caller who wrote a collection.
func explainCollection(err error, c *collection) error {
	var field string
	switch {
	case pg.IsForeignKey(err, "collection_refs_category"):
		field = "category"
	case pg.IsForeignKey(err, "collection_refs_tag"):
		field = "tag"
	case pg.IsForeignKey(err, "collection_refs_brand"):
		field = "brand"
	case pg.IsForeignKey(err, "collection_products_product"):
		return ErrProductUnknown.WithField("productIds", "unknown", ErrProductUnknown.Message()).WithCause(err) // deleted between the look and the save
	default:
		return explain(err)
	}
	at := "rules"
	for i, r := range c.rules.list {
		if r.Field == field && c.rules.only(field) == i {
			at = indexed("rules", i) + ".value"
		}
	}
	return ErrRuleUnknown.WithField(at, "unknown", "There is no such "+field+".").WithCause(err)
}

// only is the number of the one rule that looks at a property; -1 when there are several, or none.
func (r rules) only(field string) int {
	at := -1
	for i, one := range r.list {
		if one.Field == field {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// namedByRules tells whoever deletes a category, tag or brand which collections name it.
func (s *Service) namedByRules(ctx context.Context, err error, which id.ID) error {
	if pg.IsForeignKey(err, "collection_refs_category") || pg.IsForeignKey(err, "collection_refs_tag") || pg.IsForeignKey(err, "collection_refs_brand") {
		collections, findErr := collectionsNaming(ctx, s.db, which)
		if findErr != nil {
			return findErr
		}
		refused := ErrNamedByRules.WithCause(err)
		for _, c := range collections {
			refused = refused.WithObject(map[string]any{"collectionId": c.id.String(), "slug": c.slug, "name": c.name})
		}
		return refused
	}
	if pg.IsForeignKey(err, "products_brand") {
		return ErrBrandInUse.WithCause(err)
	}
	return err
}

func collectionToProto(c *collection) *catalogv1.Collection {
	out := &catalogv1.Collection{
		Id: c.id.String(), Slug: c.slug, Name: c.name, Description: c.description, Kind: catalogv1.CollectionKind_COLLECTION_KIND_MANUAL,
		Match: catalogv1.CollectionMatch_COLLECTION_MATCH_ALL, Sort: sorts()[c.sort], SeoTitle: c.seoTitle, SeoDescription: c.seoDescription,
		Status: catalogv1.CollectionStatus_COLLECTION_STATUS_DRAFT, Building: c.building, Version: c.version,
		CreatedAt: timestamppb.New(c.createdAt), UpdatedAt: timestamppb.New(c.updatedAt),
	}
	if c.kind == ruleBased {
		out.Kind = catalogv1.CollectionKind_COLLECTION_KIND_RULES
	}
	if c.rules.match == matchAny {
		out.Match = catalogv1.CollectionMatch_COLLECTION_MATCH_ANY
	}
	if c.status == published {
		out.Status = catalogv1.CollectionStatus_COLLECTION_STATUS_PUBLISHED
	}
	for _, r := range c.rules.list {
		out.Rules = append(out.Rules, &catalogv1.CollectionRule{Field: r.Field, Operator: r.Operator, Value: r.Value})
	}
	return out
}

func sorts() map[collectionSort]catalogv1.CollectionSort {
	return map[collectionSort]catalogv1.CollectionSort{
		byPosition: catalogv1.CollectionSort_COLLECTION_SORT_POSITION, byNewest: catalogv1.CollectionSort_COLLECTION_SORT_NEWEST,
		byOldest: catalogv1.CollectionSort_COLLECTION_SORT_OLDEST, byTitle: catalogv1.CollectionSort_COLLECTION_SORT_TITLE,
		byPrice: catalogv1.CollectionSort_COLLECTION_SORT_PRICE, byPriceDesc: catalogv1.CollectionSort_COLLECTION_SORT_PRICE_DESC,
	}
}

func sortFromProto(s catalogv1.CollectionSort) collectionSort {
	for name, number := range sorts() {
		if number == s {
			return name
		}
	}
	return ""
}

func kindFromProto(k catalogv1.CollectionKind) collectionKind {
	switch k {
	case catalogv1.CollectionKind_COLLECTION_KIND_MANUAL:
		return manual
	case catalogv1.CollectionKind_COLLECTION_KIND_RULES:
		return ruleBased
	case catalogv1.CollectionKind_COLLECTION_KIND_UNSPECIFIED:
	}
	return ""
}

func matchFromProto(m catalogv1.CollectionMatch) match {
	switch m {
	case catalogv1.CollectionMatch_COLLECTION_MATCH_ALL:
		return matchAll
	case catalogv1.CollectionMatch_COLLECTION_MATCH_ANY:
		return matchAny
	case catalogv1.CollectionMatch_COLLECTION_MATCH_UNSPECIFIED:
	}
	return ""
}

func rulesFromProto(list []*catalogv1.CollectionRule) []ruleText {
	out := make([]ruleText, len(list))
	for i, r := range list {
		out[i] = ruleText{Field: r.GetField(), Operator: r.GetOperator(), Value: r.GetValue()}
	}
	return out
}
