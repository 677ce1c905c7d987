package catalog_test

import (
	"strings"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/bustest"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/services/catalog"
)

// imagesOf are the pictures that show the variants of a product, in their order; empty for none.
func imagesOf(p *catalogv1.Product) (out []string) {
	for _, v := range p.GetVariants() {
		out = append(out, v.GetImageId())
	}
	return out
}

// A variant is shown by one of its product's pictures: on the product's page, in a cart, in a copy and in a file. It never
// points at a picture that the product does not have.
func TestPicturesOfVariants(t *testing.T) {
	t.Parallel()
	red, blue, strange := asset(strings.Repeat("a1", 32), "Red"), asset(strings.Repeat("b2", 32), "Blue"), asset(strings.Repeat("c3", 32), "Strange")
	l := openLiving(t)
	r := l.withPictures(t, red, blue, strange)
	js := bustest.Start(t)
	bustest.Run(t, r.db, js)

	req := shirt("Shirt", "S", "M")
	req.Images = []*catalogv1.ImageInput{linked(red), linked(blue)}
	req.Variants[1].ImageId = new(strange.GetId())
	_, err := r.CreateProduct(r.ctx, req)
	wants(t, "a picture that the new product does not have", err, catalog.ErrVariantImage)
	same(t, "field", field(err), "variants[1].imageId")
	req.Variants[1].ImageId = new(blue.GetId())
	p := r.create(t, req)
	same(t, "made with", strings.Join(imagesOf(p), ","), ","+blue.GetId())

	inCart := func(which int) string {
		t.Helper()
		return must(r.ResolveVariants(r.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[which].GetId()}}))(t).GetVariants()[0].GetImage().GetId()
	}
	same(t, "a line of the first", inCart(0), red.GetId())
	same(t, "a line of the second", inCart(1), blue.GetId())

	added := must(r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: func() *catalogv1.VariantInput {
		v := sized("L", 3000)
		v.ImageId = new(blue.GetId())
		return v
	}()}))(t).GetVariant()
	same(t, "added with", added.GetImageId(), blue.GetId())
	odd := sized("XL", 3000)
	odd.ImageId = new(strange.GetId())
	_, err = r.CreateVariant(r.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: odd})
	wants(t, "adding one with a picture of nobody's", err, catalog.ErrVariantImage)

	change := func(picture string, position int32) error {
		_, err := r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId(), ImageId: &picture, Position: &position})
		return err
	}
	wants(t, "a picture that the product does not have", change(strange.GetId(), 0), catalog.ErrVariantImage)
	if err := change(blue.GetId(), 9); err != nil { // and it moves behind the others
		t.Fatal(err)
	}
	now := r.read(t, p.GetId())
	same(t, "all blue", strings.Join(imagesOf(now), ","), strings.Join([]string{blue.GetId(), blue.GetId(), blue.GetId()}, ","))
	same(t, "moved", now.GetVariants()[2].GetId(), p.GetVariants()[0].GetId())
	r.documents(t, "pictures of variants")

	// Pictures that change places or texts stay those of their variants.
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), Images: []*catalogv1.ImageInput{linked(blue), linked(red)}}))(t)
	same(t, "after a new order", strings.Join(imagesOf(r.read(t, p.GetId())), ","), strings.Join(imagesOf(now), ","))
	blue.Alt = "Deep blue"
	r.edited(t, blue)
	same(t, "after an edit of the picture", strings.Join(imagesOf(r.read(t, p.GetId())), ","), strings.Join(imagesOf(now), ","))

	copied := must(l.DuplicateProduct(r.ctx, &catalogv1.DuplicateProductRequest{Id: p.GetId()}))(t).GetProduct()
	same(t, "a copy", strings.Join(imagesOf(copied), ","), strings.Join(imagesOf(now), ","))

	// A file carries them and brings them back.
	lines, table := r.export(t, ndjson), r.export(t, csv)
	if !strings.Contains(table, "variant_image") || strings.Count(lines, `"imageId":"`+blue.GetId()) != 6 {
		t.Errorf("exported %s\n%s", lines, table)
	}
	for format, file := range map[catalogv1.FileFormat]string{ndjson: lines, csv: table} {
		counts(t, r.load(t, format, file), isDone, 0, 0, 2, 0)
		must(r.UpdateVariant(r.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: added.GetId(), ClearImage: true}))(t)
		same(t, "cleared", strings.Count(strings.Join(imagesOf(r.read(t, p.GetId())), ","), blue.GetId()), 2)
		counts(t, r.load(t, format, file), isDone, 0, 1, 1, 0)
		same(t, "brought back", strings.Count(strings.Join(imagesOf(r.read(t, p.GetId())), ","), blue.GetId()), 3)
	}
	j := r.load(t, ndjson, `{"slug":"shirt","variants":[{"sku":"`+added.GetSku()+`","options":{"size":"L"},"imageId":"`+id.New().String()+`"}]}`)
	if j.GetFailed() != 0 || j.GetWarningCount() != 1 {
		t.Errorf("a picture of nobody's: %v", j)
	}

	// A picture that leaves the product leaves its variants, which are announced with it.
	before := r.read(t, p.GetId())
	must(r.SetProductImages(r.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), RemoveIds: []string{blue.GetId()}}))(t)
	after := r.read(t, p.GetId())
	same(t, "left", strings.Join(imagesOf(after), ""), "")
	same(t, "version of a variant", after.GetVariants()[0].GetVersion(), before.GetVariants()[0].GetVersion()+1)
	same(t, "a line now", inCart(1), red.GetId())
	r.documents(t, "a picture that left")
	_, err = r.UpdateVariant(r.elsewhere(t), &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: added.GetId(), ImageId: new(red.GetId())})
	wants(t, "another shop", err, catalog.ErrVariantNotFound)
	must(r.DeleteProduct(r.ctx, &catalogv1.DeleteProductRequest{Id: copied.GetId()}))(t)
}

// Variants of a file wait for their pictures as its products do.
func TestPicturesOfVariantsFollow(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"own": "product_slug,title,option1_name,option1_value,variant_sku,price,image_urls,variant_image\n" +
			"tee,Tee,size,S,T-S,1," + pictureA + "|" + pictureB + "," + pictureB + "\n" +
			"tee,,size,M,T-M,1,,\n",
		"another system's": "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Variant Image\n" +
			"tee,Tee,size,S,T-S,1," + pictureA + ",1," + pictureB + "\n" +
			"tee,,size,M,T-M,1,,,\n",
	} {
		i := openImporter(t)
		counts(t, i.load(t, csv, file), isDone, 1, 0, 0, 0)
		same(t, name+": before", strings.Join(imagesOf(i.bySlug(t, "tee")), ""), "")
		same(t, name+": tries", i.fetch(t), 2)
		if got := i.shown(t, "tee"); strings.Join(got, " ") != pictureA+" "+pictureB {
			t.Errorf("%s: it shows %v", name, got)
		}
		tee := i.bySlug(t, "tee")
		same(t, name+": after", strings.Join(imagesOf(tee), ","), tee.GetImages()[1].GetId()+",")
		counts(t, i.load(t, csv, file), isDone, 0, 0, 1, 0)
		i.documents(t, name)
	}
}
