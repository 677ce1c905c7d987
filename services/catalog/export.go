package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/proto"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/pg"
)

const (
	// exportPage is how many products are read and written in one transaction of an export.
	exportPage = 500
	// outputPiece is how large a piece of an export's file is at most.
	outputPiece = 1 << 20
)

// export writes the products a filter selects to a file: first those that are no bundles, then the bundles, so that what a
// bundle is made of is read before it; both in id order.
func (s *Service) export(ctx context.Context, j *job) error {
	var filter catalogv1.ListProductsRequest
	if err := proto.Unmarshal(j.filter, &filter); err != nil {
		return err
	}
	f := adminFilter(&filter)
	if j.total == nil {
		total, err := countProductsOf(ctx, s.db, f)
		if err != nil {
			return err
		}
		j.total = &total
		if err := s.db.Write(ctx, func(w *pg.Writes) error { saveTotal(w, j, s.worker, s.time()); return nil }); err != nil {
			return err
		}
	}
	began := s.time()
	for {
		docs, categories, err := exportPageOf(ctx, s.db, f, j.bundles, j.after, exportPage)
		if err != nil {
			return err
		}
		if len(docs) == 0 && !j.bundles {
			j.bundles, j.after = true, id.ID{}
			continue
		}
		products, err := parseDocuments(docs)
		if err != nil {
			return err
		}
		more, err := exportMoreOf(ctx, s.db, products)
		if err != nil {
			return err
		}
		p := j.progress
		var out []byte
		if p.done == 0 && p.outputChunks == 0 && j.format == formatCSV {
			out = writeHeader(nil)
		}
		tree := newForest(categories)
		for _, product := range products {
			if out, err = writeProduct(out, product, more[product.GetId()], &tree, j.format); err != nil {
				return err
			}
			if p.after, err = id.Parse(product.GetId()); err != nil {
				return err
			}
			p.done++
		}
		if len(docs) == 0 && len(out) == 0 {
			return nil
		}
		if err := s.db.Write(ctx, func(w *pg.Writes) error {
			for rest := out; len(rest) > 0; {
				n := min(len(rest), outputPiece)
				insertOutput(w, j.id, p.outputChunks, rest[:n])
				p.outputChunks++
				rest = rest[n:]
			}
			saveProgress(w, j, s.worker, p, s.time())
			return nil
		}); err != nil {
			return err
		}
		j.progress = p
		if err := s.goOn(ctx, began); err != nil {
			return err
		}
	}
}

func parseDocuments(docs [][]byte) ([]*catalogv1.Product, error) {
	out := make([]*catalogv1.Product, len(docs))
	for i, doc := range docs {
		var err error
		if out[i], err = parseDocument(doc); err != nil {
			return nil, err
		}
		out[i].Variants = withoutArchived(out[i].GetVariants()) // what was deleted would come back
	}
	return out, nil
}

func writeHeader(to []byte) []byte {
	var names []string
	for _, c := range columns() {
		if c.write != nil {
			names = append(names, c.name)
		}
	}
	return writeCSV(to, names)
}

// writeProduct appends one product: a row per variant, or a line.
func writeProduct(to []byte, p *catalogv1.Product, more exportMore, tree *forest, format fileFormat) ([]byte, error) {
	x := exported{product: p, exportMore: more}
	for _, ref := range p.GetCategories() {
		which, err := id.Parse(ref.GetId())
		if err != nil {
			return nil, err
		}
		path := tree.path(which)
		if len(path) == 0 {
			path = []string{ref.GetName()} // made since the tree was read
		}
		x.paths = append(x.paths, path)
	}
	slices.SortFunc(x.paths, slices.Compare[[]string]) // where categories stand is not in files, and must not show in them
	if format == formatNDJSON {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false) // descriptions are HTML
		err := encoder.Encode(lineOf(x))
		return append(to, line.Bytes()...), err
	}
	variants := p.GetVariants()
	if len(variants) == 0 {
		variants = []*catalogv1.Variant{nil}
	}
	for i, v := range variants {
		x.variant = v
		var cells []string
		for _, c := range columns() {
			if c.write != nil {
				cells = append(cells, c.write(x, i == 0))
			}
		}
		to = writeCSV(to, cells)
	}
	return to, nil
}

// lineOf is a product as a line of NDJSON. Its stock is inventory's to know, so it is not there.
func lineOf(x exported) productLine {
	p := x.product
	line := productLine{
		Slug: p.GetSlug(), Title: &p.Title, Status: string(statusFromProto(p.GetStatus())),
		Description: maybe[string]{true, p.Description}, SEOTitle: maybe[string]{true, p.SeoTitle}, // absent is null
		SEODescription: maybe[string]{true, p.SeoDescription}, Brand: maybe[string]{set: true}, // absent is null
		Categories: &[]string{}, Tags: &[]string{},
	}
	line.Kind, line.PublishAt, line.UnpublishAt = kindOf(p), maybe[string]{set: true}, maybe[string]{set: true}
	if at := momentOf(p.GetPublishAt()); at != "" {
		line.PublishAt.value = &at
	}
	if at := momentOf(p.GetUnpublishAt()); at != "" {
		line.UnpublishAt.value = &at
	}
	line.lawOf(p)
	line.Translations = textsOf(x)
	line.Goods, line.VATClass = maybe[string]{set: true}, maybe[string]{set: true}
	if kind := string(goodsFromProto(p.GetFacts().GetGoods())); kind != "" {
		line.Goods.value = &kind
	}
	if class := string(vatClassFromProto(p.GetFacts().GetVatClass())); class != "" {
		line.VATClass.value = &class
	}
	if b := p.GetBrand(); b != nil {
		line.Brand.value = &b.Name
	}
	for _, o := range p.GetOptions() {
		line.Options = append(line.Options, optionLine{Name: o.GetName(), Values: o.GetValues()})
	}
	for _, v := range p.GetVariants() {
		out := variantLine{
			SKU: v.GetSku(), Title: v.GetTitle(), Options: v.GetOptions(), Price: &priceLine{v.GetPrice().GetAmount(), v.GetPrice().GetCurrency()},
			CompareAtPrice: maybe[priceLine]{set: true}, WeightGrams: maybe[int64]{true, v.WeightGrams}, // absent is null
		}
		if out.ImageID.set = true; v.GetImageId() != "" {
			out.ImageID.value = new(v.GetImageId())
		}
		f := factsOfVariant(v)
		out.GTIN, out.MPN, out.HSCode = maybe[string]{true, f.Gtin}, maybe[string]{true, f.Mpn}, maybe[string]{true, f.HsCode} // absent is null
		out.CountryOfOrigin = maybe[string]{true, f.CountryOfOrigin}
		out.LengthMM, out.WidthMM, out.HeightMM = maybe[int64]{true, f.LengthMm}, maybe[int64]{true, f.WidthMm}, maybe[int64]{true, f.HeightMm}
		out.UnitPrice.set = true
		if m := f.GetUnitPrice(); m != nil {
			out.UnitPrice.value = &measureLine{m.GetQuantity(), m.GetUnit(), m.GetBaseQuantity(), m.GetBaseUnit()}
		}
		if c := v.GetCompareAtPrice(); c != nil {
			out.CompareAtPrice.value = &priceLine{c.GetAmount(), c.GetCurrency()}
		}
		out.Prices = &[]pricesLine{}
		for _, price := range v.GetPrices() {
			one := pricesLine{Price: priceLine{price.GetPrice().GetAmount(), price.GetPrice().GetCurrency()}}
			if c := price.GetCompareAtPrice(); c != nil {
				one.CompareAtPrice = &priceLine{c.GetAmount(), c.GetCurrency()}
			}
			*out.Prices = append(*out.Prices, one)
		}
		if p.GetKind() == catalogv1.ProductKind_PRODUCT_KIND_BUNDLE {
			out.Components = &[]componentLine{}
			for _, c := range v.GetComponents() {
				*out.Components = append(*out.Components, componentLine{x.skus[c.GetVariantId()], c.GetQuantity()})
			}
		}
		out.Attributes, out.Files = attributesOf(v.GetAttributes()), x.files[v.GetId()]
		line.Variants = append(line.Variants, out)
	}
	for _, path := range x.paths {
		*line.Categories = append(*line.Categories, writePath(path))
	}
	for _, t := range p.GetTags() {
		*line.Tags = append(*line.Tags, t.GetName())
	}
	for _, img := range p.GetImages() {
		one := imageLine{MediaID: img.GetId()}
		if img.GetOwnAlt() {
			one.Alt = &img.Alt
		}
		line.Images = append(line.Images, one)
	}
	return line
}
