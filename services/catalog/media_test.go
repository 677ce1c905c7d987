package catalog_test

import (
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

// Where an asset is used is known at once, and no longer than that.
func TestUsesOfMedia(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	p := f.create(t, shirt("Pattern", "S", "M"))
	variant := p.GetVariants()[0].GetId()
	shown := picture("front")
	must(f.SetProductImages(f.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{shown}}))(t)
	file := must(f.AddVariantFile(f.ctx, &catalogv1.AddVariantFileRequest{ProductId: p.GetId(), VariantId: variant, Name: "a.pdf", MediaId: new(shown.GetId())}))(t).GetFile()
	uses := func(media string, limit int32) []*catalogv1.MediaUse {
		return must(f.ListMediaUses(f.ctx, &catalogv1.ListMediaUsesRequest{MediaId: media, Limit: limit}))(t).GetUses()
	}
	found := uses(shown.GetId(), 10)
	if len(found) != 2 || found[0].GetKind() != "product_image" || found[0].GetProductId() != p.GetId() || found[0].GetTitle() != "Pattern" || found[0].VariantId != nil ||
		found[1].GetKind() != "variant_file" || found[1].GetVariantId() != variant {
		t.Errorf("used at %v", found)
	}
	same(t, "as many as asked for", len(uses(shown.GetId(), 1)), 1)
	same(t, "another asset", len(uses(id.New().String(), 10)), 0)
	theirs := must(f.ListMediaUses(tenant.With(f.ctx, id.New()), &catalogv1.ListMediaUsesRequest{MediaId: shown.GetId(), Limit: 10}))(t)
	same(t, "another shop", len(theirs.GetUses()), 0)
	must(f.DeleteVariantFile(f.ctx, &catalogv1.DeleteVariantFileRequest{ProductId: p.GetId(), VariantId: variant, Id: file.GetId()}))(t)
	must(f.SetProductImages(f.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId()}))(t)
	same(t, "taken away", len(uses(shown.GetId(), 10)), 0)
}
