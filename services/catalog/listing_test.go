package catalog_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
)

// TestListingFollows moves categories while products are put into them and taken out of sight: what shoppers find in a
// category is what links and tree say afterwards.
func TestListingFollows(t *testing.T) {
	t.Parallel()
	r := open(t)
	var tops, leaves []string
	for i := range 3 {
		tops = append(tops, r.category(t, fmt.Sprint("Top ", i), "").GetId())
	}
	for i := range 4 {
		leaves = append(leaves, r.category(t, fmt.Sprint("Leaf ", i), tops[i%3]).GetId())
	}
	tag := r.tag(t, "Linen").GetId()
	var products []string
	for i := range 8 {
		req := shirt(fmt.Sprint("Shirt ", i), "S")
		req.CategoryIds, req.TagIds = []string{leaves[i%4]}, []string{tag}
		products = append(products, r.create(t, req).GetId())
	}
	r.documents(t, "making")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for round := range 12 {
				_, err := r.UpdateCategory(r.ctx, &catalogv1.UpdateCategoryRequest{Id: leaves[i], ParentId: &catalogv1.TextPatch{Value: tops[(i+round)%3]}})
				must(0, err)(t)
			}
		})
		wg.Go(func() {
			for round := range 12 {
				p := products[(i*2+round)%8]
				must(r.SetProductCategories(r.ctx, &catalogv1.SetProductCategoriesRequest{ProductId: p, CategoryIds: []string{leaves[(i+round)%4], leaves[(i+2*round)%4]}}))(t)
				status := catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED
				if round%3 == 0 {
					status = catalogv1.ProductStatus_PRODUCT_STATUS_ARCHIVED
				}
				must(r.UpdateProduct(r.ctx, &catalogv1.UpdateProductRequest{Id: p, Status: status, Title: new(fmt.Sprint("Shirt ", i, round))}))(t)
			}
		})
	}
	wg.Wait()
	r.documents(t, "a storm")
	must(r.DeleteTag(r.ctx, &catalogv1.DeleteTagRequest{Id: tag}))(t)
	must(r.DeleteCategory(r.ctx, &catalogv1.DeleteCategoryRequest{Id: leaves[0]}))(t)
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: products[0]}))(t)
	r.documents(t, "deleting")
}
