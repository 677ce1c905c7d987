package acceptance

import (
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// elsewhere brings in whole shops as other systems export them, and reads them back field by field.
func (s *suite) elsewhere(t *testing.T) {
	t.Run("a shop from Shopify", s.fromShopify)
	t.Run("a shop from WooCommerce", s.fromWooCommerce)
}

// shopifyHeader is that of Shopify's product export.
const shopifyHeader = "Handle|Title|Body (HTML)|Vendor|Product Category|Type|Tags|Published|Option1 Name|Option1 Value|Option2 Name|Option2 Value|Option3 Name|Option3 Value|" +
	"Variant SKU|Variant Grams|Variant Inventory Tracker|Variant Inventory Qty|Variant Inventory Policy|Variant Fulfillment Service|Variant Price|Variant Compare At Price|" +
	"Variant Requires Shipping|Variant Taxable|Unit Price Total Measure|Unit Price Total Measure Unit|Unit Price Base Measure|Unit Price Base Measure Unit|Variant Barcode|" +
	"Image Src|Image Position|Image Alt Text|Gift Card|SEO Title|SEO Description|Google Shopping / Gender|Variant Image|Variant Weight Unit|Variant Tax Code|Cost per item|" +
	"Included / International|Price / International|Status"

// foreign is a product in the file of another system, and how it has to be found here.
type foreign struct {
	slug string
	rows []map[string]string
	want map[string]any // paths of the product
	// stock on hand of each variant
	stock []int
}

// file writes rows under a header, in quotes where they have to be.
func file(t *testing.T, header string, products []foreign) string {
	t.Helper()
	var out strings.Builder
	columns := strings.Split(header, "|")
	w := csv.NewWriter(&out)
	write := func(cells []string) {
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
	}
	write(columns)
	for _, p := range products {
		for _, row := range p.rows {
			cells := make([]string, len(columns))
			for name, text := range row {
				cells[slices.Index(columns, name)] = text
			}
			write(cells)
		}
	}
	w.Flush()
	return out.String()
}

// with is a row with more cells.
func with(row map[string]string, more ...string) map[string]string {
	row = maps.Clone(row)
	for i := 0; i < len(more); i += 2 {
		row[more[i]] = more[i+1]
	}
	return row
}

// shopifyShop is a few dozen products that are awkward each in a way of its own. Every title holds the word.
func shopifyShop(word string) []foreign {
	var shop []foreign
	sku := func(n int) string { return fmt.Sprintf("SH-%s-%d-%d", word, len(shop), n) }
	row := func(handle, title string, more ...string) map[string]string {
		return with(map[string]string{
			"Handle": handle + "-" + word, "Title": title + " " + word, "Published": "true", "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant SKU": sku(0),
			"Variant Grams": "0.0", "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "3", "Variant Inventory Policy": "deny", "Variant Fulfillment Service": "manual",
			"Variant Price": "10.00", "Variant Requires Shipping": "true", "Variant Taxable": "true", "Gift Card": "false", "Variant Weight Unit": "kg", "Status": "active",
		}, more...)
	}
	further := func(handle string, more ...string) map[string]string {
		return with(map[string]string{
			"Handle": handle + "-" + word, "Variant Grams": "0.0", "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "1", "Variant Inventory Policy": "deny",
			"Variant Price": "10.00", "Variant Requires Shipping": "true", "Variant Taxable": "true",
		}, more...)
	}
	add := func(slug string, want map[string]any, rows ...map[string]string) {
		if slug != "" {
			slug += "-" + word
		}
		shop = append(shop, foreign{slug: slug, rows: rows, want: want})
	}

	html := "<p class=\"a\">A \"tee\",\r\nwashed; 100 % <b>linen</b> &amp; 0 % &lt;plastic&gt;</p>\n\n<ul>\n\t<li>One</li></ul>  "
	add("tee", map[string]any{
		"description": html, "brand.name": "Maison \"Lin\", Paris " + word, "seoTitle": "Tee, the", "seoDescription": "A tee\nin two lines", "status": "published", "goods": "physical",
		"options.0.name": "Size", "options.0.values": []any{"S", "M, L", "XL \"plus\""}, "options.1.name": "Colour", "options.1.values": []any{"Red", "Blue\nsea"},
		"variants.0.sku": sku(0), "variants.0.price.amount": 1999, "variants.0.price.currency": "EUR", "variants.0.compareAtPrice.amount": 2500, "variants.0.weightGrams": 180,
		"variants.0.options.Size": "S", "variants.0.options.Colour": "Red", "variants.0.gtin": "4006381333931", "variants.0.title": "S / Red",
		"variants.1.sku": "00012-" + word, "variants.1.compareAtPrice": nil, "variants.1.options.Size": "M, L", "variants.1.weightGrams": 453,
		"variants.2.options.Size": "XL \"plus\"", "variants.2.options.Colour": "Blue\nsea", "variants.2.gtin": nil, "variants.2.compareAtPrice": nil,
	},
		row("tee", "Tee", "Body (HTML)", html, "Vendor", "Maison \"Lin\", Paris "+word, "Type", "T-Shirts "+word, "Product Category", "Clothes "+word+" > Tops", "Tags", "cotton "+word+", summer sale, cotton "+word+",, new & shiny ",
			"Option1 Name", "Size", "Option1 Value", "S", "Option2 Name", "Colour", "Option2 Value", "Red", "Variant Grams", "180.0", "Variant Price", "19.99", "Variant Compare At Price", "25.00",
			"Variant Barcode", "'4006381333931", "SEO Title", "Tee, the", "SEO Description", "A tee\nin two lines", "Image Src", "https://cdn.example/1.jpg?v=1,2", "Image Position", "1", "Image Alt Text", "A tee, \"worn\""),
		further("tee", "Option1 Value", "M, L", "Option2 Value", "Red", "Variant SKU", "'00012-"+word, "Variant Grams", "453.59", "Variant Weight Unit", "lb", "Variant Compare At Price", "0.00", "Image Src", "https://cdn.example/2.jpg", "Image Position", "2"),
		further("tee", "Option1 Value", "XL \"plus\"", "Option2 Value", "Blue\nsea", "Variant SKU", sku(2), "Variant Barcode", "not a barcode"),
		map[string]string{"Handle": "tee-" + word, "Image Src": "https://cdn.example/3.jpg", "Image Position": "3"},
	)
	add("three", map[string]any{"options.2.name": "Length", "options.2.values": []any{"30", "32"}, "variants.1.title": "A / 1 / 32", "variants.1.sku": "three-" + word + "-a-1-32"},
		row("three", "Three options", "Option1 Name", "Fit", "Option1 Value", "A", "Option2 Name", "Waist", "Option2 Value", "1", "Option3 Name", "Length", "Option3 Value", "30", "Variant SKU", ""),
		further("three", "Option1 Value", "A", "Option2 Value", "1", "Option3 Value", "32"))
	add("no-skus", map[string]any{"variants.0.sku": "no-skus-" + word + "-s", "variants.1.sku": "no-skus-" + word + "-m"},
		row("no-skus", "No SKUs", "Option1 Name", "Size", "Option1 Value", "S", "Variant SKU", ""), further("no-skus", "Option1 Value", "M"))
	add("mug", map[string]any{"options": []any{}, "status": "draft", "variants.0.title": "Default"}, row("mug", "Hidden mug", "Published", "false"))
	add("old", map[string]any{"status": "archived"}, row("old", "Old", "Status", "archived"))
	add("draft", map[string]any{"status": "draft"}, row("draft", "Draft", "Status", "draft"))
	add("unlisted", map[string]any{"status": "draft"}, row("unlisted", "Unlisted", "Status", "unlisted"))
	add("gift", map[string]any{"goods": "digital", "vatClass": "exempt", "options.0.name": "Denominations", "options.0.values": []any{"10,00 €", "50,00 €"}, "variants.1.price.amount": 5000},
		row("gift", "Gift card", "Gift Card", "true", "Option1 Name", "Denominations", "Option1 Value", "10,00 €", "Variant Requires Shipping", "false", "Variant Taxable", "false", "Variant Inventory Tracker", ""),
		further("gift", "Option1 Value", "50,00 €", "Variant Price", "50.00", "Variant Requires Shipping", "false", "Variant Taxable", "false", "Variant Inventory Tracker", "", "Variant SKU", sku(1)))
	add("ebook", map[string]any{"goods": "digital", "vatClass": nil}, row("ebook", "E-book", "Variant Requires Shipping", "false"))
	add("mixed-tax", map[string]any{"goods": "physical", "vatClass": nil},
		row("mixed-tax", "Some taxed", "Option1 Name", "Kind", "Option1 Value", "A", "Variant Taxable", "false"), further("mixed-tax", "Option1 Value", "B", "Variant SKU", sku(1)))
	add("untracked", map[string]any{"variants.0.available": true}, row("untracked", "Nobody counts it", "Variant Inventory Tracker", "", "Variant Inventory Qty", ""))
	add("oversold", map[string]any{"variants.0.available": false}, row("oversold", "Oversold", "Variant Inventory Qty", "-2"))
	add("backorder", map[string]any{"variants.0.available": true}, row("backorder", "On backorder", "Variant Inventory Qty", "0", "Variant Inventory Policy", "continue"))
	add("tea", map[string]any{"variants.0.unitPrice.quantity": "250", "variants.0.unitPrice.unit": "g", "variants.0.unitPrice.baseQuantity": 1, "variants.0.unitPrice.baseUnit": "kg", "variants.0.unitPrice.price.amount": 4000},
		row("tea", "Tea by weight", "Unit Price Total Measure", "250.0", "Unit Price Total Measure Unit", "g", "Unit Price Base Measure", "1", "Unit Price Base Measure Unit", "kg"))
	add("ounces", map[string]any{"variants.0.unitPrice": nil}, row("ounces", "Tea by the ounce", "Unit Price Total Measure", "8", "Unit Price Total Measure Unit", "oz", "Unit Price Base Measure", "1", "Unit Price Base Measure Unit", "oz"))
	add("spaced", map[string]any{"title": "Spaces around " + word, "variants.0.options.Size": "S", "brand.name": "Maker " + word},
		row("spaced", "  Spaces around", "Vendor", "  Maker "+word+" ", "Option1 Name", " Size ", "Option1 Value", " S "))
	add("formula", map[string]any{"description": "=HYPERLINK(\"http://example.com\")", "seoTitle": "+1 for it", "variants.0.sku": "-" + sku(0)},
		row("formula", "=1+1", "Body (HTML)", "=HYPERLINK(\"http://example.com\")", "SEO Title", "+1 for it", "Variant SKU", "-"+sku(0)))
	add("apostrophe", map[string]any{"title": "'Allo 'allo " + word, "description": "'quoted'"}, row("apostrophe", "'Allo 'allo", "Body (HTML)", "'quoted'"))
	add("bare", map[string]any{"description": nil, "brand": nil, "seoTitle": nil, "categories": []any{}, "tags": []any{}}, row("bare", "Bare"))
	add("cheap", map[string]any{"variants.0.price.amount": 1}, row("cheap", "One cent", "Variant Price", "0.01"))
	add("dear", map[string]any{"variants.0.price.amount": 999_999_999_999}, row("dear", "Dear", "Variant Price", "9999999999.99"))
	add("apart", map[string]any{"options.0.values": []any{"S", "M"}}, row("apart", "Rows apart", "Option1 Name", "Size", "Option1 Value", "S"))
	for i, title := range []string{
		"Μπλούζα λινή", "Ленена риза", "Żółta koszula ąćęłńóśź", "Příliš žluťoučký kůň", "Árvíztűrő tükörfúrógép", "Għażiż ħobż", "Ţesătură ăâîșț", "Grüße, Straße & Öl",
		"Ævintýri þorsksins", "קפה שחור", "قميص كتان", "亞麻襯衫", "リネンシャツ", "Cafe\u0301 de\u0301compose\u0301", "👩‍🎨 with a joiner", "Non\u00a0breaking\u00a0space", "Zero\u200bwidth", "a;b,c\td",
		"<script>alert('x')</script>", "Robert'); drop table products;--",
	} {
		add("", map[string]any{"title": title + " " + word, "variants.0.options.Größe – μέγεθος": "Łódź"},
			row(fmt.Sprintf("text-%d", i), title, "Option1 Name", "Größe – μέγεθος", "Option1 Value", "Łódź"))
		shop[len(shop)-1].slug = fmt.Sprintf("text-%d-%s", i, word)
	}
	// Two addresses that differ only in what ours cannot hold.
	for _, handle := range []string{"μπλούζα", "φούστα"} {
		add("", map[string]any{"title": handle + " " + word}, row(handle, handle))
	}
	// Its second row stands at the end of the file.
	shop = append(shop, foreign{slug: "", rows: []map[string]string{further("apart", "Option1 Value", "M", "Variant SKU", sku(1))}})
	return shop
}

func (s *suite) fromShopify(t *testing.T) {
	t.Parallel()
	word := unique()
	shop := shopifyShop(word)
	text := file(t, shopifyHeader, shop)
	done := s.imports(t, text)
	products := len(shop) - 1
	done.equal(t, "data.status", "succeeded")
	done.equal(t, "data.failed", 0)
	done.equal(t, "data.created", products)
	ignored := []string{}
	for _, name := range done.list(t, "data.ignoredColumns") {
		ignored = append(ignored, fmt.Sprint(name))
	}
	if want := "Variant Fulfillment Service|Google Shopping / Gender|Variant Weight Unit|Variant Tax Code|Cost per item|Included / International|Price / International"; strings.Join(ignored, "|") != want {
		t.Errorf("passed over were %v", ignored)
	}
	s.foreign(t, word, shop[:products])

	tee := s.bySlug(t, word)["tee-"+word]
	names := func(of string) (out []string) {
		list, _ := lookup(tee, of)
		for _, one := range list.([]any) {
			name, _ := lookup(one, "name")
			out = append(out, fmt.Sprint(name))
		}
		slices.Sort(out)
		return out
	}
	if got := names("tags"); !slices.Equal(got, []string{"cotton " + word, "new & shiny", "summer sale"}) {
		t.Errorf("the tags are %q", got)
	}
	if got := names("categories"); !slices.Equal(got, []string{"T-Shirts " + word, "Tops"}) {
		t.Errorf("the categories are %q", got)
	}

	again := s.imports(t, text)
	again.equal(t, "data.failed", 0)
	again.equal(t, "data.created", 0)
	again.equal(t, "data.updated", 0)
	s.imports(t, file(t, shopifyHeader, []foreign{{rows: []map[string]string{
		{"Handle": "twice-" + word, "Title": "One", "Variant Price": "1", "Variant SKU": "T1-" + word}, {"Handle": "twice-" + word, "Title": "Another", "Variant Price": "1", "Variant SKU": "T2-" + word},
	}}})).equal(t, "data.errors.0.code", "duplicate")
}

// bySlug reads the products whose titles hold a word.
func (s *suite) bySlug(t *testing.T, word string) map[string]any {
	t.Helper()
	out := map[string]any{}
	a := s.want(t, http.StatusOK, request{method: "GET", path: "/admin/v1/products?limit=100&q=" + word, token: s.admin})
	for _, p := range a.list(t, "data") {
		slug, _ := lookup(p, "slug")
		out[fmt.Sprint(slug)] = p
	}
	return out
}

// foreign compares products with what they have to be.
func (s *suite) foreign(t *testing.T, word string, shop []foreign) {
	t.Helper()
	found := s.bySlug(t, word)
	byTitle := map[string]any{}
	for _, p := range found {
		title, _ := lookup(p, "title")
		byTitle[fmt.Sprint(title)] = p
	}
	for _, f := range shop {
		p := found[f.slug]
		if f.slug == "" {
			p = byTitle[fmt.Sprint(f.want["title"])]
		}
		if p == nil {
			t.Errorf("there is no product %q %v", f.slug, f.want["title"])
			continue
		}
		for _, path := range slices.Sorted(maps.Keys(f.want)) {
			if got, _ := lookup(p, path); show(got) != show(f.want[path]) {
				t.Errorf("%s: %s is %s, want %s", f.slug, path, show(got), show(f.want[path]))
			}
		}
		for i, want := range f.stock {
			variant, _ := lookup(p, fmt.Sprintf("variants.%d.id", i))
			s.eventually(t, delivered, "the stock has arrived", func() error {
				a := s.do(t, request{method: "GET", path: "/admin/v1/inventory/" + fmt.Sprint(variant), token: s.admin})
				if n, _ := lookup(a.doc, "data.onHand"); show(n) != show(want) {
					return fmt.Errorf("%s has %s on hand, want %d", f.slug, show(n), want)
				}
				return nil
			})
		}
	}
}

// wooHeader is that of WooCommerce's product export.
const wooHeader = "ID|Type|SKU|GTIN, UPC, EAN, or ISBN|Name|Published|Is featured?|Visibility in catalog|Short description|Description|Date sale price starts|Date sale price ends|" +
	"Tax status|Tax class|In stock?|Stock|Low stock amount|Backorders allowed?|Sold individually?|Weight (kg)|Length (cm)|Width (cm)|Height (cm)|Allow customer reviews?|Purchase note|" +
	"Sale price|Regular price|Categories|Tags|Shipping class|Images|Download limit|Download expiry days|Parent|Grouped products|Upsells|Cross-sells|External URL|Button text|Position|Brands|" +
	"Attribute 1 name|Attribute 1 value(s)|Attribute 1 visible|Attribute 1 global|Attribute 1 default|Attribute 2 name|Attribute 2 value(s)|Attribute 2 visible|Attribute 2 global|Meta: _custom"

func (s *suite) fromWooCommerce(t *testing.T) {
	t.Parallel()
	word := unique()
	row := func(id, kind, name string, more ...string) map[string]string {
		return with(map[string]string{
			"ID": id, "Type": kind, "Name": name + " " + word, "Published": "1", "Is featured?": "0", "Visibility in catalog": "visible", "Tax status": "taxable", "In stock?": "1",
			"Backorders allowed?": "0", "Position": "0",
		}, more...)
	}
	shirt := []map[string]string{
		row("10", "variable", "Shirt", "SKU", "PARENT-"+word, "Short description", "<b>Short</b>, and", "Description", `Long,\nin two lines and a \\n`, "Categories", "Clothes "+word+" > Shirts, Sale "+word+` > A\, B`,
			"Tags", `linen, summer sale, one\, two`, "Brands", "Maker &amp; Sons "+word, "Attribute 1 name", "Size", "Attribute 1 value(s)", `S, M\, L, XL`, "Attribute 2 name", "Material", "Attribute 2 value(s)", "Linen, Hemp"),
	}
	variation := func(id, parent, size, price string, more ...string) map[string]string {
		return with(row(id, "variation", "Shirt - "+size, "SKU", "W-"+id+"-"+word, "Parent", parent, "Regular price", price, "Stock", "4", "Attribute 1 name", "Size", "Attribute 1 value(s)", size), more...)
	}
	shop := []foreign{
		{slug: "shirt-" + word + "-10", rows: shirt, stock: []int{4, 7, 4}, want: map[string]any{
			"description": "<b>Short</b>, and\nLong,\nin two lines and a \\n", "brand.name": "Maker & Sons " + word, "status": "published", "goods": "physical",
			"options":        []any{map[string]any{"name": "Size", "values": []any{"S", "M, L", "XL"}}},
			"variants.0.sku": "W-11-" + word, "variants.0.price.amount": 4900, "variants.0.compareAtPrice": nil, "variants.0.weightGrams": 250, "variants.0.lengthMm": 305, "variants.0.gtin": "4006381333931",
			"variants.1.options.Size": "M, L", "variants.1.price.amount": 3900, "variants.1.compareAtPrice.amount": 4900,
			"variants.2.options.Size": "XL", "variants.2.price.amount": 5900, "variants.2.compareAtPrice": nil,
		}},
		{slug: "mug-" + word + "-20", rows: []map[string]string{row("20", "simple", "Mug", "SKU", "MUG-"+word, "Regular price", "8.5", "Stock", "2", "Tax class", "reduced-rate",
			"Attribute 1 name", "Glaze", "Attribute 1 value(s)", "Blue, White")}, stock: []int{2},
			want: map[string]any{"variants.0.price.amount": 850, "vatClass": "reduced", "options": []any{}, "variants.0.sku": "MUG-" + word}},
		{slug: "mug-" + word + "-21", rows: []map[string]string{row("21", "simple", "Mug", "Regular price", "9", "Published", "-1")}, want: map[string]any{"status": "draft", "variants.0.available": true}},
		{slug: "course-" + word + "-22", rows: []map[string]string{row("22", "simple, virtual", "Course", "Regular price", "100", "Tax status", "none")}, want: map[string]any{"goods": "service", "vatClass": "exempt"}},
		{slug: "song-" + word + "-23", rows: []map[string]string{row("23", "simple, downloadable, virtual", "Song", "Regular price", "1")}, want: map[string]any{"goods": "digital"}},
		{slug: word + "-24", rows: []map[string]string{row("24", "simple", "Ληνό", "Regular price", "1", "Visibility in catalog", "hidden")}, want: map[string]any{"status": "draft", "title": "Ληνό " + word}},
		{slug: "priceless-" + word + "-25", rows: []map[string]string{row("25", "simple", "Priceless", "SKU", "NO-"+word)}, want: map[string]any{"status": "draft", "variants.0.sku": "NO-" + word}},
		// The shirt's variations stand behind other products, name it in both ways, and one more is switched off.
		{rows: []map[string]string{
			variation("11", "PARENT-"+word, "S", "49", "Weight (kg)", "0.25", "Length (cm)", "30.5", "GTIN, UPC, EAN, or ISBN", "4006381333931", "Sale price", "1", "Date sale price ends", "2001-01-01"),
			variation("12", "id:10", `M\, L`, "49", "Sale price", "39", "Stock", "7", "Date sale price starts", "2001-01-01 00:00:00"),
			variation("13", "id:10", "XL", "59,00"),
			variation("14", "id:10", "S", "1", "Published", "0"),
			variation("15", "id:10", "S", ""),
		}},
	}
	text := file(t, wooHeader, shop)
	done := s.imports(t, text)
	done.equal(t, "data.status", "succeeded")
	done.equal(t, "data.failed", 0)
	done.equal(t, "data.created", len(shop)-1)
	done.equal(t, "data.done", 12)
	s.foreign(t, word, shop[:len(shop)-1])
	again := s.imports(t, text)
	again.equal(t, "data.unchanged", len(shop)-1)
	again.equal(t, "data.updated", 0)

	bad := s.imports(t, file(t, wooHeader, []foreign{{rows: []map[string]string{
		row("30", "grouped", "Group"), row("31", "external", "Away"), variation("32", "id:99", "S", "1"), row("33", "simple", "Dear", "Regular price", "many"),
	}}}))
	bad.equal(t, "data.failed", 4)
	for i, code := range []string{"not_supported", "not_supported", "unknown", "price_invalid"} {
		bad.equal(t, fmt.Sprintf("data.errors.%d.code", i), code)
		bad.equal(t, fmt.Sprintf("data.errors.%d.row", i), i+2)
	}
}
