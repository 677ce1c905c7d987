package catalog

import (
	"slices"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
)

// Two shops that hold the same goods export the same bytes, in whatever order their categories stand.
func TestExportedCategoriesHaveOneOrder(t *testing.T) {
	t.Parallel()
	home, shirts, gifts := &category{id: id.New(), name: "Home"}, &category{id: id.New(), name: "Shirts"}, &category{id: id.New(), name: "Gifts"}
	shirts.parent = home.id
	tree := newForest([]*category{home, shirts, gifts})
	refs := []*catalogv1.CategoryRef{{Id: home.id.String(), Name: "Home"}, {Id: shirts.id.String(), Name: "Shirts"}, {Id: gifts.id.String(), Name: "Gifts"}}
	for _, format := range []fileFormat{formatCSV, formatNDJSON} {
		var first []byte
		for range refs {
			refs = append(slices.Clone(refs[1:]), refs[0])
			got, err := writeProduct(nil, &catalogv1.Product{Slug: "shirt", Title: "Shirt", Categories: refs}, exportMore{}, &tree, format)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = got
			}
			if string(got) != string(first) {
				t.Errorf("got %s and %s", first, got)
			}
		}
	}
}
