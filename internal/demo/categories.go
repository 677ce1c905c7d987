package demo

// categories is the tree, parents first.
func categories() []Category {
	list := []Category{
		{Slug: "clothing", Name: "Clothing", Description: "Everyday pieces in linen, wool and cotton, cut plainly and easy to mend.",
			SEOTitle: "Clothing in linen, wool and cotton", SEODescription: "Shirts, knitwear, trousers, dresses and coats made in small European workshops. Sizes XS to XL."},
		{Slug: "shirts-tops", Parent: "clothing", Name: "Shirts & tops", Description: "Linen shirts, oxfords and heavy cotton jersey."},
		{Slug: "knitwear", Parent: "clothing", Name: "Knitwear", Description: "Jumpers and cardigans from merino to Irish tweed yarn.",
			SEOTitle: "Wool jumpers and cardigans", SEODescription: "Aran, merino and cashmere knitwear from Donegal, Biella and the Scottish Borders."},
		{Slug: "trousers-skirts", Parent: "clothing", Name: "Trousers & skirts", Description: "Canvas, corduroy and linen for the lower half."},
		{Slug: "dresses", Parent: "clothing", Name: "Dresses", Description: "Linen wraps and pinafores with pockets."},
		{Slug: "outerwear", Parent: "clothing", Name: "Jackets & coats", Description: "Chore jackets, quilted layers and wool coats."},
		{Slug: "accessories", Parent: "clothing", Name: "Accessories", Description: "The small things that finish an outfit."},
		{Slug: "bags", Parent: "accessories", Name: "Bags", Description: "Canvas for the market, leather for the office, a daypack for the rest."},
		{Slug: "hats-scarves", Parent: "accessories", Name: "Hats & scarves", Description: "Wool for cold mornings."},
		{Slug: "socks-slippers", Parent: "accessories", Name: "Socks & slippers", Description: "Knitted in Portugal, felted in Austria."},
		{Slug: "belts", Parent: "accessories", Name: "Belts", Description: "Bridle leather and solid brass."},

		{Slug: "kitchen", Name: "Kitchen & table", Description: "Stoneware, glass, steel and linen for cooking and for the long part of the meal afterwards.",
			SEOTitle: "Kitchen and tableware from Europe", SEODescription: "Portuguese stoneware, Bohemian glass, French knives and Belgian linen for kitchen and table."},
		{Slug: "tableware", Parent: "kitchen", Name: "Tableware", Description: "What the food is served on."},
		{Slug: "plates-bowls", Parent: "tableware", Name: "Plates & bowls", Description: "Stoneware thrown and glazed near Alcobaça."},
		{Slug: "mugs-cups", Parent: "tableware", Name: "Mugs & cups", Description: "For filter coffee, espresso and tea."},
		{Slug: "glassware", Parent: "tableware", Name: "Glassware", Description: "Mouth-blown in the Jizera mountains."},
		{Slug: "cookware", Parent: "kitchen", Name: "Cookware", Description: "Enamelled iron, carbon steel and turned beech."},
		{Slug: "knives-boards", Parent: "kitchen", Name: "Knives & boards", Description: "Forged blades and oiled wood."},
		{Slug: "table-linen", Parent: "kitchen", Name: "Table linen", Description: "Cloths, napkins, towels and aprons in washed linen and twill."},

		{Slug: "living", Name: "Living", Description: "Light, seats, wool and clay for the rooms you spend your evenings in.",
			SEOTitle: "Lamps, furniture and textiles", SEODescription: "Lighting from Malmö, solid wood furniture from Småland, cushions, throws, vases and candles."},
		{Slug: "lighting", Parent: "living", Name: "Lighting", Description: "Table, floor and ceiling lamps with replaceable bulbs."},
		{Slug: "furniture", Parent: "living", Name: "Furniture", Description: "Solid ash, oak and walnut, oiled by hand."},
		{Slug: "chairs-stools", Parent: "furniture", Name: "Chairs & stools", Description: "Seats with woven cord or plain wood."},
		{Slug: "tables-shelves", Parent: "furniture", Name: "Tables & shelves", Description: "Small surfaces for cups, books and plants."},
		{Slug: "cushions-throws", Parent: "living", Name: "Cushions & throws", Description: "Linen, bouclé and lambswool for sofas and beds."},
		{Slug: "rugs-baskets", Parent: "living", Name: "Rugs & baskets", Description: "Flatweaves and willow."},
		{Slug: "decor", Parent: "living", Name: "Vases & mirrors", Description: "Vases, mirrors and a clock that does not tick."},
		{Slug: "candles", Parent: "living", Name: "Candles", Description: "Scented and plain, poured and dipped."},
		{Slug: "plants", Parent: "living", Name: "Pots & plants", Description: "Terracotta, glazed planters and a good watering can."},

		{Slug: "bed-bath", Name: "Bed & bath", Description: "Linen and percale for the bed, waffle and terry for the bath, and plain soap.",
			SEOTitle: "Bed linen, towels and soap", SEODescription: "Washed linen bedding, cotton percale, Portuguese towels and olive oil soap."},
		{Slug: "bed-linen", Parent: "bed-bath", Name: "Bed linen", Description: "Duvet sets and pillowcases, pre-washed and ready for the bed."},
		{Slug: "bath-linen", Parent: "bed-bath", Name: "Towels & mats", Description: "Woven around Guimarães."},
		{Slug: "soap-care", Parent: "bed-bath", Name: "Soap & care", Description: "Soap, hand wash and a brush."},

		{Slug: "study", Name: "Study", Description: "Paper, pencils and a tray to keep them in.",
			SEOTitle: "Notebooks and desk things", SEODescription: "Thread-sewn notebooks, brass pens and oak trays for the desk."},
		{Slug: "notebooks", Parent: "study", Name: "Notebooks", Description: "Thread-sewn, so they lie flat."},
		{Slug: "desk", Parent: "study", Name: "Pens & desk", Description: "Things to write with and to put away."},
	}
	next := map[string]int{}
	for i := range list {
		list[i].Position = next[list[i].Parent]
		next[list[i].Parent]++
	}
	return list
}

func tags() []Tag {
	return []Tag{
		{"linen", "Linen"},
		{"wool", "Wool"},
		{"cotton", "Cotton"},
		{"leather", "Leather"},
		{"stoneware", "Stoneware"},
		{"glass", "Glass"},
		{"wood", "Wood"},
		{"metal", "Metal"},
		{"made-in-belgium", "Made in Belgium"},
		{"made-in-portugal", "Made in Portugal"},
		{"made-in-france", "Made in France"},
		{"made-in-italy", "Made in Italy"},
		{"made-in-ireland", "Made in Ireland"},
		{"made-in-sweden", "Made in Sweden"},
		{"made-in-czechia", "Made in Czechia"},
		{"handmade", "Handmade"},
		{"machine-washable", "Machine washable"},
		{"dishwasher-safe", "Dishwasher safe"},
		{"gift-ideas", "Gift ideas"},
		{"new-in", "New in"},
		{"reduced", "Reduced"},
		{"winter", "Winter"},
		{"summer", "Summer"},
	}
}
