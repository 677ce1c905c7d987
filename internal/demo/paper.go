package demo

func study() []draft {
	const press = "Papeterie Lison"
	ruling := choice("ruling", "Plain", "Lined", "Dotted")
	return []draft{
		{
			slug: "lison-clothbound-notebook", title: "Lison Clothbound Notebook", brand: press,
			text:     "A5, 192 pages of 90 g/m² paper, sewn in sections so that it lies flat on every page. Linen cover, one ribbon, an elastic band.",
			seoTitle: "Lison clothbound notebook, A5", seoText: "An A5 thread-sewn notebook with a linen cover, 192 pages, plain, lined or dotted.",
			in: "notebooks", tags: "linen made-in-france gift-ideas",
			sku: "PL-NOT", price: 1900, grams: 340,
			options: []option{{name: "colour", values: []value{twoTone(forest, camel), twoTone(claret, blush), twoTone(ink, sky)}}, ruling},
			stock:   []int{22, 30, 28, 14, 17, 12, 19, 25, 0},
			look:    look{kind: Notebook, ground: onBlush},
		},
		{
			slug: "lison-pocket-notebooks", title: "Lison Pocket Notebooks, Set of Three", brand: press,
			text: "Three stapled notebooks of 9 × 14 cm with 48 pages each, one per colour. They fit a shirt pocket.",
			in:   "notebooks", tags: "made-in-france gift-ideas",
			sku: "PL-POC", price: 1200, grams: 120,
			options: []option{{name: "colour", values: []value{twoTone(slate, mustard), twoTone(brick, oat)}}, ruling},
			stock:   []int{34, 27, 29, 18, 21, 3},
			look:    look{kind: Notebooks, ground: onOat},
		},
		{
			slug: "brass-ballpoint-pen", title: "Brass Ballpoint Pen", brand: "Maison Merle",
			text: "A pen turned from solid metal that takes any G2 refill. Untreated, it darkens where you hold it.",
			in:   "desk", tags: "metal gift-ideas new-in",
			sku: "MM-PEN", price: 3800, grams: 60,
			options: []option{colours(brass, steel, black)},
			stock:   []int{17, 12, 8},
			look:    look{kind: Pen, accent: black, ground: onMist},
		},
		{
			slug: "cedar-pencils", title: "Cedar Pencils, Set of Six", brand: press,
			text: "Six hexagonal pencils in cedar with a graphite core, lacquered in six colours. They smell as pencils should when you sharpen them.",
			in:   "desk", tags: "wood gift-ideas",
			sku: "PL-PCL", price: 1100, grams: 60,
			options: []option{choice("hardness", "HB", "2B")},
			stock:   []int{52, 31},
			look:    look{kind: Pencils, body: denim, accent: brick, ground: onButter},
		},
		{
			slug: "lindfors-desk-tray", title: "Lindfors Desk Tray", brand: "Lindfors Trä",
			text: "A tray milled from one piece of wood with three wells for pens, clips and the rest. 32 × 18 cm, cork underneath.",
			in:   "desk", tags: "wood made-in-sweden gift-ideas",
			sku: "LT-TRY", price: 4500, grams: 620,
			options: []option{{name: "colour", values: []value{twoTone(oak, ink), twoTone(walnut, mustard)}}},
			stock:   []int{12, 6},
			look:    look{kind: Tray, ground: onSage},
		},
	}
}
