package catalog_test

import (
	"testing"
	"time"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/services/catalog"
)

// TestLivesMoveCollections holds collections with rules to what schedules, copies and edits of many make of products.
func TestLivesMoveCollections(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	must(l.taxonomy.CreateCollection(l.ctx, &catalogv1.CreateCollectionRequest{
		Name: "Cheap", Kind: catalogv1.CollectionKind_COLLECTION_KIND_RULES, Rules: []*catalogv1.CollectionRule{{Field: "price", Operator: "lte", Value: "950"}},
	}))(t)
	check := func(what string) {
		t.Helper()
		if err := l.svc.Tend(l.ctx); err != nil {
			t.Fatal(err)
		}
		if err := catalog.CheckCollections(l.ctx, l.db.DB, time.Now()); err != nil {
			t.Errorf("after %s: %v", what, err)
		}
	}
	check("nothing")
	p := l.create(t, shirt("Shirt", "S"))
	must(l.EditProducts(l.ctx, &catalogv1.EditProductsRequest{Ids: []string{p.GetId()}, Price: &catalogv1.PriceShift{BasisPoints: -1000}}))(t)
	check("an edit of many")
	must(l.DuplicateProduct(l.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId()}))(t)
	check("a copy")
}
