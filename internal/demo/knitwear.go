package demo

func knitwear() []draft {
	return []draft{
		{
			slug: "skerry-aran-jumper", title: "Skerry Aran Jumper", brand: "Skerry Wool",
			text: "Three cables and a moss-stitch ground, knitted in Donegal from undyed and tweed-spun wool. " +
				"It is thick, slightly hairy and smells faintly of sheep when it rains. Air it rather than wash it.",
			seoTitle: "Skerry Aran jumper from Donegal", seoText: "A heavy cable-knit jumper in Irish wool, knitted in Donegal. Sizes S to XL.",
			in: "knitwear", tags: "wool made-in-ireland winter",
			sku: "SK-ARAN", price: 14900, grams: 880,
			options: []option{colours(ecru, pine, charcoal), sizes("S", "M", "L", "XL")},
			stock:   []int{6, 11, 12, 5, 3, 7, 6, 2, 4, 8, 9, 3},
			look:    look{kind: Jumper, pattern: Cables, accent: camel, ground: onSage},
		},
		{
			slug: "fia-merino-crew", title: "Fia Merino Crew", brand: "Lanificio Renna",
			text: "A fine jumper in extra-fine merino of 19.5 micron, spun in Biella. " +
				"Smooth enough for bare skin and thin enough for a blazer. Wash at 30 °C on the wool cycle.",
			in: "knitwear", tags: "wool made-in-italy machine-washable",
			sku: "LR-FIA", price: 9800, grams: 260,
			options: []option{colours(terracotta, navy, oat, sea), sizes("XS", "S", "M", "L")},
			stock:   []int{5, 9, 11, 6, 7, 12, 14, 9, 4, 8, 9, 5, 2, 3, 1, 0},
			look:    look{kind: Jumper, accent: chalk, ground: onButter},
		},
		{
			slug: "nils-striped-jumper", title: "Nils Striped Jumper", brand: "Lanificio Renna",
			text: "Lambswool in broad stripes, knitted a little looser than Fia so that it drapes. " +
				"Ribbed cuffs long enough to turn back.",
			in: "knitwear", tags: "wool made-in-italy winter new-in",
			sku: "LR-NILS", price: 11500, grams: 390,
			options: []option{
				{name: "colour", values: []value{twoTone(oat, slate), twoTone(rust, camel)}},
				sizes("S", "M", "L", "XL"),
			},
			stock: []int{4, 7, 7, 3, 5, 6, 4, 2},
			look:  look{kind: Jumper, pattern: Stripes, ground: onMist},
		},
		{
			slug: "liv-cashmere-roll-neck", title: "Liv Cashmere Roll-Neck", brand: "Lanificio Renna",
			text: "Two-ply cashmere with a tall, soft neck that stays up. " +
				"Knitted in one piece at the shoulders, so there is no seam to feel. It pills a little in the first weeks; a comb is in the box.",
			in: "knitwear", tags: "wool made-in-italy winter gift-ideas reduced",
			sku: "LR-LIV", price: 21900, was: 25900, grams: 310,
			options: []option{colours(chalk, plum, camel), sizes("XS", "S", "M", "L")},
			stock:   []int{2, 3, 4, 1, 1, 2, 3, 0, 3, 4, 4, 2},
			look:    look{kind: RollNeck, accent: camel, ground: onLilac},
		},
		{
			slug: "odin-fisherman-cardigan", title: "Odin Fisherman Cardigan", brand: "Skerry Wool",
			text: "A full-rib cardigan with a deep V and horn buttons, made the way trawler crews wore it: close at the wrist and long at the back. " +
				"Pure new wool, knitted in Donegal.",
			in: "knitwear", tags: "wool made-in-ireland winter",
			sku: "SK-ODIN", price: 16900, grams: 930,
			options: []option{colours(espresso, slate), sizes("S", "M", "L", "XL")},
			stock:   []int{3, 6, 8, 4, 2, 5, 5, 1},
			look:    look{kind: Cardigan, accent: sand, ground: onOat},
		},
	}
}
