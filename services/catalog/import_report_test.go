package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/services/catalog"
)

// reported loads a file of which one product is refused, and returns its first error.
func (r room) reported(t *testing.T, format catalogv1.FileFormat, file string) *catalogv1.JobError {
	t.Helper()
	j := r.load(t, format, file)
	if j.GetFailed() != 1 || len(j.GetErrors()) == 0 {
		t.Fatalf("%.100s: %d products are refused, want 1: %v", file, j.GetFailed(), j)
	}
	return j.GetErrors()[0]
}

// An error names the row of the variant it is about, what stands there, and the column as the file itself calls it.
func TestReportsNameThePlace(t *testing.T) {
	t.Parallel()
	r := open(t)
	const head = "product_slug,title,status,option1_name,option1_value,price,currency,barcode,hs_code,country_of_origin\n"
	for _, c := range []struct {
		rows, column, value string
		row                 int64
	}{
		{"a,A,draft,size,S,1,,,,\na,,,,M,1,,4006381333932,,\n", "barcode", "4006381333932", 3},
		{"a,A,draft,size,S,1,,,,\na,,,,M,1,,,12,\n", "hs_code", "12", 3},
		{"a,A,draft,size,S,1,,,,\na,,,,M,1,,,,Germany\n", "country_of_origin", "Germany", 3},
		{"a,A,draft,size,S,1,,,,\na,,,,M,1,PLN,,,\n", "currency", "PLN", 3},
		{"a,A,published,size,S,1,,,,\na,,,,M,0,,,,\n", "price", "0", 3},
	} {
		e := r.reported(t, csv, head+c.rows)
		if e.GetRow() != c.row || e.GetColumn() != c.column || e.GetValue() != c.value {
			t.Errorf("%q: the report says %v, want row %d, column %q, value %q", c.rows, e, c.row, c.column, c.value)
		}
	}
	e := r.reported(t, csv, "Handle,Title,Body (HTML),Variant SKU,Variant Price\na,A,,X,ten\n")
	same(t, "column of another shop system", e.GetColumn(), "Variant Price")

	const line = `{"slug":"a","title":"A","status":"%s","options":[{"name":"size","values":["S","M"]}],"variants":[{"options":{"size":"S"},"price":{"amount":1,"currency":"EUR"}},{"options":{"size":"M"},"price":{"amount":%d,"currency":"EUR"}%s}]}`
	for column, file := range map[string]string{
		"variants[1].gtin":        fmt.Sprintf(line, "draft", 1, `,"gtin":"4006381333932"`),
		"variants[1].hsCode":      fmt.Sprintf(line, "draft", 1, `,"hsCode":"12"`),
		"variants[1].price":       fmt.Sprintf(line, "published", 0, ""),
		"variants[1].weightGrams": fmt.Sprintf(line, "draft", 1, `,"weightGrams":-1`),
		"variants[1].options":     fmt.Sprintf(line, "draft", 1, "") + "\n",
	} {
		if column == "variants[1].options" {
			file = strings.Replace(file, `{"size":"M"}`, `{"colour":"red"}`, 1)
		}
		same(t, "key", r.reported(t, ndjson, file).GetColumn(), column)
	}
	if e := r.reported(t, csv, head+"a,A,published,,,0,,,,\n"); e.GetMessage() != catalog.ErrPriceMissing.Message() {
		t.Errorf("what is published for nothing is refused with %q, which does not say what to do", e.GetMessage())
	}
}

// What two readers would read differently is not read at all: "1,000" is a thousand to one and one to the other.
func TestThousandsAreNotGuessed(t *testing.T) {
	t.Parallel()
	r := open(t)
	const head = "product_slug,title,price,currency\n"
	for _, price := range []string{`"1,000",EUR`, "1.000,EUR", `"1,000",JPY`, "1.000,JPY", `"1,000.00",EUR`, `"1.000,00",EUR`} {
		e := r.reported(t, csv, head+"a,A,"+price+"\n")
		if e.GetColumn() != "price" || e.GetCode() != "price_invalid" {
			t.Errorf("%s is refused with %v", price, e)
		}
	}
	for price, want := range map[string]int64{"1000,EUR": 100_000, "1.0000,EUR": 100, "19.990000,EUR": 1999, "1000.00,JPY": 1000, "1.000,TND": 1000, `"1,5",EUR`: 150} {
		slug := "p" + fmt.Sprint(len(price)) + strings.Trim(strings.NewReplacer(".", "", ",", "", `"`, "").Replace(price), " ")
		counts(t, r.load(t, csv, head+slug+",A,"+price+"\n"), isDone, 1, 0, 0, 0)
		same(t, price, r.bySlug(t, strings.ToLower(slug)).GetVariants()[0].GetPrice().GetAmount(), want)
	}
	// Nor is a price in what is no money.
	same(t, "no currency", r.reported(t, csv, head+"a,A,1,XXX\n").GetColumn(), "currency")
	same(t, "no currency", r.reported(t, ndjson, `{"slug":"a","title":"A","variants":[{"price":{"amount":1,"currency":"ZZZ"}}]}`).GetColumn(), "variants[0].price.currency")
	_, err := r.CreateProduct(r.ctx, &catalogv1.CreateProductRequest{Title: "A", Variants: []*catalogv1.VariantInput{{Price: &typev1.Money{Amount: 1, Currency: "ZZZ"}}}})
	wants(t, "no currency", err, catalog.ErrPriceInvalid)
}

// A product that is chosen by one more thing than before gets that option from a file as well.
func TestOptionsFromFilesGrow(t *testing.T) {
	t.Parallel()
	r := open(t)
	counts(t, r.load(t, csv, "product_slug,title,variant_sku,price,option1_name,option1_value\na,A,A-S,1,size,S\na,,A-M,1,,M\n"), isDone, 1, 0, 0, 0)
	for _, c := range []struct {
		format catalogv1.FileFormat
		file   string
	}{
		{csv, "product_slug,title,variant_sku,price,option1_name,option1_value,option2_name,option2_value\na,A,A-S,1,size,S,colour,red\na,,A-M,1,,M,,red\na,,A-L,1,,L,,blue\n"},
		{ndjson, `{"slug":"a","title":"A","options":[{"name":"size"},{"name":"colour"},{"name":"fit","values":["slim"]}],"variants":[
			{"sku":"A-S","options":{"size":"S","colour":"red","fit":"slim"}},{"sku":"A-M","options":{"size":"M","colour":"red"}},{"sku":"A-L","options":{"size":"L","colour":"blue"}}]}`},
	} {
		file := strings.ReplaceAll(c.file, "\n\t\t\t", "")
		counts(t, r.load(t, c.format, file), isDone, 0, 1, 0, 0)
		counts(t, r.load(t, c.format, file), isDone, 0, 0, 1, 0)
	}
	p := r.bySlug(t, "a")
	var got []string
	for _, o := range p.GetOptions() {
		got = append(got, o.GetName()+":"+strings.Join(o.GetValues(), ","))
	}
	same(t, "options", strings.Join(got, " "), "size:S,M,L colour:red,blue fit:slim")
	for _, v := range p.GetVariants() {
		if o := v.GetOptions(); o["size"] == "" || o["colour"] == "" || (o["fit"] != "") != (v.GetSku() == "A-S") {
			t.Errorf("%s has the options %v", v.GetSku(), o)
		}
	}
	// What the file does not declare is no option.
	same(t, "key", r.reported(t, ndjson, `{"slug":"a","title":"A","options":[{"name":"size"}],"variants":[{"sku":"A-S","options":{"size":"S","cut":"x"}}]}`).GetColumn(), "variants[0].options")
}

// Two products under one slug, and rows of one variant twice, are told instead of being mixed up.
func TestRowsThatAreMixedUp(t *testing.T) {
	t.Parallel()
	r := open(t)
	const head = "product_slug,title,price,option1_name,option1_value\n"
	for rows, column := range map[string]string{
		"a,First,1,,\na,Second,2,,\n":             "title",
		"t_shirt,First,1,,\nt-shirt,Second,2,,\n": "title",
		"a,First,1,,\na,First,1,,\n":              "variant_sku",
		"a,First,1,size,S\na,,1,,S\n":             "variant_sku",
	} {
		e := r.reported(t, csv, head+rows)
		if e.GetRow() != 3 || e.GetCode() != "duplicate" || e.GetColumn() != column {
			t.Errorf("%q: the report says %v, want row 3, column %q", rows, e, column)
		}
	}
	e := r.reported(t, ndjson, `{"slug":"a","title":"A","variants":[{"price":{"amount":1,"currency":"EUR"}},{"price":{"amount":1,"currency":"EUR"}}]}`)
	same(t, "lines", e.GetColumn()+" "+e.GetCode(), "variants[1].sku duplicate")
	same(t, "products", len(must(r.ExportProducts(r.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()), 0)

	// The title may stand on every row, and variants without options may be told apart by SKU and title.
	file := "product_slug,title,price,variant_sku,variant_title\na,First,1,A,Plain\na,First,1,B,Striped\n"
	counts(t, r.load(t, csv, file), isDone, 1, 0, 0, 0)
	counts(t, r.load(t, csv, file), isDone, 0, 0, 1, 0)
	same(t, "variants", len(r.bySlug(t, "a").GetVariants()), 2)
}

// Names in lists of NDJSON are taken as they are, and nothing without a name is made.
func TestNamesInLines(t *testing.T) {
	t.Parallel()
	r := open(t)
	file := `{"slug":"a","title":"A","brand":" ","tags":["Sale | New","A \\ B",""," "],"categories":["C|D > E","","A \\> B"]}`
	counts(t, r.load(t, ndjson, file), isDone, 1, 0, 0, 0)
	counts(t, r.load(t, ndjson, file), isDone, 0, 0, 1, 0)
	p := r.bySlug(t, "a")
	var names []string
	for _, tag := range p.GetTags() {
		names = append(names, tag.GetName())
	}
	for _, category := range p.GetCategories() {
		names = append(names, category.GetName())
	}
	same(t, "names", strings.Join(names, ";"), `A \ B;Sale | New;A > B;E`)
	same(t, "brand", p.GetBrand().GetId(), "")
	counts(t, r.load(t, csv, "product_slug,title,price,brand\nb,B,1,\"  \"\n"), isDone, 1, 0, 0, 0)
	same(t, "brands", len(must(r.ListBrands(r.ctx, &catalogv1.ListBrandsRequest{}))(t).GetBrands()), 0)
	line := r.export(t, ndjson)
	if !strings.Contains(line, `"Sale | New"`) {
		t.Errorf("the export says %s", line)
	}
	counts(t, r.load(t, ndjson, line), isDone, 0, 0, 2, 0)
}

// A column without a name is what spreadsheets leave behind; what stands in it is not lost without a word.
func TestColumnsWithoutAName(t *testing.T) {
	t.Parallel()
	r := open(t)
	counts(t, r.load(t, csv, "product_slug,title,price,,\na,A,1,,\n"), isDone, 1, 0, 0, 0)
	e := r.reported(t, csv, "product_slug,title,,price\nb,B,lost,1\n")
	same(t, "what is in it", e.GetCode()+" "+e.GetValue(), "unknown_column lost")
}

// A product carries as many tags as other shop systems let it.
func TestManyTags(t *testing.T) {
	t.Parallel()
	r := open(t)
	tags := make([]string, 251)
	for i := range tags {
		tags[i] = fmt.Sprintf("tag-%d", i)
	}
	counts(t, r.load(t, csv, "product_slug,title,price,tags\na,A,1,"+strings.Join(tags[:250], "|")+"\n"), isDone, 1, 0, 0, 0)
	p := r.bySlug(t, "a")
	same(t, "tags", len(p.GetTags()), 250)
	ids := make([]string, len(p.GetTags()))
	for i, tag := range p.GetTags() {
		ids[i] = tag.GetId()
	}
	must(r.SetProductTags(r.ctx, &catalogv1.SetProductTagsRequest{ProductId: p.GetId(), TagIds: ids}))(t)
	same(t, "too many", r.reported(t, csv, "product_slug,title,price,tags\nb,B,1,"+strings.Join(tags, "|")+"\n").GetCode(), "too_many")
}

// warnings reads what was taken otherwise than a file says.
func (r room) warnings(t *testing.T, j *catalogv1.Job) []*catalogv1.JobError {
	t.Helper()
	list := must(r.jobs.ListJobErrors(r.ctx, &catalogv1.ListJobErrorsRequest{Id: j.GetId(), Warnings: true}))(t)
	same(t, "warnings", int64(len(list.GetErrors())), j.GetWarningCount())
	return list.GetErrors()
}

const shared = `Handle,Title,Body (HTML),Status,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode
ring,Ring,,active,Size,S,111,10.00,4006381333931
ring,,,,,M,111,11.00,B-7
ring,,,,,L,111,12.00,
twin,Twin,,active,Title,Default Title,111,5.00,
gift,Gift,,active,Size,S,G1,3.00,
gift,,,,,M,G2,0.00,
`

// Other shop systems let variants share a SKU, publish what costs nothing and take anything for a barcode. Their products are
// taken, and the report says what is otherwise; again, they are as they were.
func TestWhatOtherSystemsLetPass(t *testing.T) {
	t.Parallel()
	r := open(t)
	dry := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv, DryRun: true}, strings.NewReader(shared))
	r.work(t)
	dry = r.job(t, dry.GetId())
	counts(t, dry, isDone, 3, 0, 0, 0)
	for _, j := range []*catalogv1.Job{dry, r.load(t, csv, shared), r.load(t, csv, shared)} {
		said := ""
		for _, e := range r.warnings(t, j) {
			said += fmt.Sprintf("%d %s %s %s; ", e.GetRow(), e.GetColumn(), e.GetCode(), e.GetValue())
			same(t, "a whole sentence", strings.HasSuffix(e.GetMessage(), "."), true)
		}
		same(t, "said", said, "3 Variant Barcode gtin_invalid B-7; 3 Variant SKU sku_taken 111; 4 Variant SKU sku_taken 111; 5 Variant SKU sku_taken 111; 7 Variant Price price_missing 0.00; ")
		same(t, "errors", j.GetErrorCount()+int64(len(j.GetErrors())), 0)
		same(t, "refused", j.GetFailed(), 0)
	}
	var ring []string
	for _, v := range r.bySlug(t, "ring").GetVariants() {
		ring = append(ring, fmt.Sprint(v.GetSku(), " ", v.GetOptions()["Size"], " ", v.GetPrice().GetAmount()))
	}
	same(t, "ring", strings.Join(ring, ", "), "111 S 1000, ring-m M 1100, ring-l L 1200")
	same(t, "twin", r.bySlug(t, "twin").GetVariants()[0].GetSku(), "twin-default")
	same(t, "gift", r.bySlug(t, "gift").GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT)
	counts(t, r.load(t, csv, shared), isDone, 0, 0, 3, 0)
	counts(t, r.load(t, csv, strings.Replace(shared, "11.00", "11.50", 1)), isDone, 0, 1, 2, 0)
	same(t, "a price that changes", r.bySlug(t, "ring").GetVariants()[1].GetPrice().GetAmount(), 1150)
	counts(t, r.load(t, csv, strings.Replace(shared, "0.00,\n", "4.00,\n", 1)), isDone, 0, 2, 1, 0)
	same(t, "with a price", r.bySlug(t, "gift").GetStatus(), catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED)

	// In files of ours the same is refused: whoever wrote them can say it right.
	e := r.reported(t, csv, "product_slug,title,price,option1_name,option1_value,variant_sku\nours,Ours,1,size,S,111\n")
	same(t, "of another product", e.GetCode()+" "+e.GetValue(), "sku_taken 111")
	if _, err := r.jobs.ListJobErrors(r.elsewhere(t), &catalogv1.ListJobErrorsRequest{Id: dry.GetId(), Warnings: true}); err == nil {
		t.Error("another shop reads the report")
	}
}

// A variant that is kept only because it has been sold is not spoken of: a row with its SKU is told so, one with its options
// makes a variant of its own.
func TestRowsAboutWhatWasSold(t *testing.T) {
	t.Parallel()
	r := openLiving(t)
	counts(t, r.load(t, csv, "product_slug,title,price,option1_name,option1_value,variant_sku\na,A,1,size,S,OLD\na,,1,,M,KEPT\n"), isDone, 1, 0, 0, 0)
	p := r.bySlug(t, "a")
	r.sell(t, p.GetVariants()[0].GetId())
	must(r.DeleteVariant(r.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[0].GetId()}))(t)
	for _, price := range []string{"1", "2"} {
		e := r.reported(t, csv, "product_slug,variant_sku,price\na,OLD,"+price+"\n")
		same(t, "by SKU", e.GetColumn()+" "+e.GetCode()+" "+e.GetValue(), "variant_sku variant_archived OLD")
	}
	counts(t, r.load(t, csv, "product_slug,option1_value,variant_sku,price\na,S,NEW,3\n"), isDone, 0, 1, 0, 0)
	counts(t, r.load(t, csv, "product_slug,option1_value,variant_sku,price\na,S,NEW,3\n"), isDone, 0, 0, 1, 0)
	var skus []string
	for _, v := range r.bySlug(t, "a").GetVariants() {
		if !v.GetArchived() {
			skus = append(skus, v.GetSku())
		}
	}
	same(t, "for sale", strings.Join(skus, " "), "KEPT NEW")
}

// Names that differ only by case are the same thing, and the report says how it is written; what is written the same comes
// first. Accents and marks make another name.
func TestNamesThatAreAlike(t *testing.T) {
	t.Parallel()
	r := open(t)
	r.tag(t, "sale")
	const head = "product_slug,title,price,brand,tags,categories\n"
	j := r.load(t, csv, head+"a,A,1,ACME,Sale|バス|мой|cote,Ringe > Gold\nb,B,1,acme,ハス|мои|côte|SALE,ringe > Gold\n")
	counts(t, j, isDone, 2, 0, 0, 0)
	said := ""
	for _, e := range r.warnings(t, j) {
		said += fmt.Sprintf("%d %s %s %s; ", e.GetRow(), e.GetColumn(), e.GetValue(), strings.TrimPrefix(e.GetMessage(), "This is written otherwise here: "))
	}
	same(t, "said", said, "2 tags Sale sale.; 3 categories ringe > Gold Ringe > Gold.; 3 tags SALE sale.; 3 brand acme ACME.; ")
	same(t, "tags", len(must(r.ListTags(r.ctx, &catalogv1.ListTagsRequest{}))(t).GetTags()), 7)
	same(t, "brands", len(must(r.ListBrands(r.ctx, &catalogv1.ListBrandsRequest{}))(t).GetBrands()), 1)
	same(t, "categories", len(must(r.ListCategories(r.ctx, &catalogv1.ListCategoriesRequest{}))(t).GetCategories()), 2)

	// A dry run says the same, though it makes nothing and the names stand far apart.
	var far strings.Builder
	far.WriteString(head + "c0,C,1,Maker,Far,Far > Away\n")
	for i := range 600 {
		fmt.Fprintf(&far, "c%d,C,1,,,\n", i+1)
	}
	far.WriteString("d,D,1,MAKER,FAR,Far > away\n")
	dry := r.send(t, r.ctx, &catalogv1.CreateImportRequest{Format: csv, DryRun: true}, strings.NewReader(far.String()))
	r.work(t)
	same(t, "a dry run", fmt.Sprint(r.warnings(t, r.job(t, dry.GetId()))), fmt.Sprint(r.warnings(t, r.load(t, csv, far.String()))))
	same(t, "of three names", r.job(t, dry.GetId()).GetWarningCount(), 3)

	exact := r.tag(t, "Sale")
	j = r.load(t, csv, "product_slug,tags\na,Sale\nb,SALE\n")
	counts(t, j, isDone, 0, 2, 0, 0)
	same(t, "written the same", r.bySlug(t, "a").GetTags()[0].GetId(), exact.GetId())
	same(t, "one it has already", r.bySlug(t, "b").GetTags()[0].GetName(), "sale")
	file := r.export(t, csv)
	counts(t, r.load(t, csv, file), isDone, 0, 0, 604, 0)
}

// What another shop system says of a product beyond its columns becomes the value of the shop's attribute of that name. What the
// shop has no attribute for, or what does not fit, is told.
func TestWhatOtherSystemsDescribe(t *testing.T) {
	t.Parallel()
	s := openFacts(t)
	s.attribute(t, "region", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	s.attribute(t, "volume", catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER)
	s.attribute(t, "colour", catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT, "dark_red", "white")
	woo := `ID,Type,SKU,Name,Published,Regular price,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s),Attribute 3 name,Attribute 3 value(s)
1,simple,W1,Wine,1,5,,Region,Šumadija,Volume,"0\,75",Winery,"A\, B"
2,variable,W2,Box,1,,,Size,"S, M",Region,"Rioja, Douro",Colour,"The White, dark_red"
3,variation,W2-S,Box S,1,5,W2,Size,S,,,,
4,simple,W3,Odd,1,5,,Volume,much,,,,
`
	j := s.load(t, csv, woo)
	counts(t, j, isDone, 3, 0, 0, 0)
	same(t, "wine", shownValues(s.bySlug(t, "wine-1").GetAttributes()), "region=Šumadija volume=0.75")
	same(t, "box", shownValues(s.bySlug(t, "box-2").GetAttributes()), "colour=dark_red+white(The dark_red+The white) region=Rioja, Douro")
	said := ""
	for _, e := range s.warnings(t, j) {
		said += fmt.Sprintf("%d %s %s %s; ", e.GetRow(), e.GetColumn(), e.GetCode(), e.GetValue())
	}
	same(t, "said", said, "2 Winery attribute_unknown A, B; 5 Volume attribute_value_invalid much; ")
	counts(t, s.load(t, csv, woo), isDone, 0, 0, 3, 0)

	j = s.load(t, csv, "Handle,Title,Body (HTML),Variant SKU,Variant Price,Region (product.metafields.custom.region),Fit (product.metafields.my.fit)\nshirt,Shirt,,S,1,Minho,slim\ncoat,Coat,,C,1,,\n")
	counts(t, j, isDone, 2, 0, 0, 0)
	same(t, "shirt", shownValues(s.bySlug(t, "shirt").GetAttributes()), "region=Minho")
	same(t, "told once", len(s.warnings(t, j)), 1)
}

// An export takes the filters of the list, those by brand and by attribute as well, and refuses what the list refuses.
func TestExportTakesTheFiltersOfTheList(t *testing.T) {
	t.Parallel()
	s := openFacts(t)
	s.attribute(t, "region", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	s.load(t, csv, "product_slug,title,price,brand,attributes\na,A,1,Acme,\"{\"\"region\"\":\"\"Minho\"\"}\"\nb,B,1,Acme,\nc,C,1,,\n")
	region := &catalogv1.AttributeFilter{Code: "region", Values: []string{"Minho"}}
	for total, filter := range map[int64]*catalogv1.ListProductsRequest{
		2: {BrandId: s.bySlug(t, "a").GetBrand().GetId()}, 1: {Attributes: []*catalogv1.AttributeFilter{region}},
	} {
		j := must(s.jobs.CreateExport(s.ctx, &catalogv1.CreateExportRequest{Format: csv, Filter: filter}))(t).GetJob()
		s.work(t)
		same(t, "exported", s.job(t, j.GetId()).GetTotal(), total)
	}
	region.Code = "no_such"
	_, err := s.jobs.CreateExport(s.ctx, &catalogv1.CreateExportRequest{Format: csv, Filter: &catalogv1.ListProductsRequest{Attributes: []*catalogv1.AttributeFilter{region}}})
	wants(t, "an attribute that is not there", err, catalog.ErrAttributeFilter)
}

// Two variants of a file may change places; that they are told apart is looked at when all rows are.
func TestVariantsChangePlaces(t *testing.T) {
	t.Parallel()
	r := open(t)
	const head = "product_slug,title,price,option1_name,option1_value,variant_sku\n"
	counts(t, r.load(t, csv, head+"a,A,1,size,S,X\na,,2,,M,Y\n"), isDone, 1, 0, 0, 0)
	counts(t, r.load(t, csv, head+"a,A,1,size,M,X\na,,2,,S,Y\n"), isDone, 0, 1, 0, 0)
	v := r.bySlug(t, "a").GetVariants()
	same(t, "options", v[0].GetOptions()["size"]+v[1].GetOptions()["size"], "MS")
	e := r.reported(t, csv, head+"a,A,1,size,M,X\na,,2,,M,Y\n")
	same(t, "two alike", e.GetColumn(), "option_value")
}
