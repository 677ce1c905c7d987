package demo

func bedLinen() []draft {
	duvet := option{name: "size", values: []value{
		{name: "140 × 200 cm"},
		{name: "200 × 200 cm", plus: 6000, grams: 700},
		{name: "240 × 220 cm", plus: 10000, grams: 1200},
	}}
	return []draft{
		{
			slug: "vlas-linen-duvet-set", title: "Vlas Washed Linen Duvet Set", brand: "Halm & Vlas",
			text:     "A duvet cover and two pillowcases in stonewashed linen, tied with a ribbon of the same cloth. Coconut buttons at the foot. The sets of 140 × 200 cm come with one pillowcase.",
			seoTitle: "Washed linen duvet set from Kortrijk", seoText: "Stonewashed linen bedding woven in Kortrijk, in three colours and three European sizes.",
			in: "bed-linen", tags: "linen made-in-belgium machine-washable",
			sku: "HV-DUV", price: 18900, grams: 1700,
			options: []option{{name: "colour", values: []value{twoTone(terracotta, flax), twoTone(white, sea), twoTone(dove, ink)}}, duvet},
			stock:   []int{6, 5, 2, 9, 8, 4, 7, 5, 0},
			look:    look{kind: BedLinen, ground: onSage},
		},
		{
			slug: "selho-percale-duvet-set", title: "Selho Percale Duvet Set", brand: "Tecelagem Selho",
			text: "Crisp cotton percale with 200 threads per inch, cool on the skin and quick to dry. Striped outside, plain inside.",
			in:   "bed-linen", tags: "cotton made-in-portugal machine-washable summer",
			sku: "TS-PER", price: 10900, grams: 1500,
			options: []option{{name: "colour", values: []value{twoTone(white, denim), twoTone(white, sage)}}, duvet},
			stock:   []int{11, 9, 5, 8, 6, 3},
			look:    look{kind: BedLinen, pattern: Stripes, ground: onSky},
		},
		{
			slug: "vlas-linen-pillowcase", title: "Vlas Linen Pillowcase", brand: "Halm & Vlas",
			text: "A single pillowcase with a flange of five centimetres and an envelope closing.",
			in:   "bed-linen", tags: "linen made-in-belgium machine-washable",
			sku: "HV-PIL", price: 3900, grams: 180,
			options: []option{colours(white, terracotta, dove), {name: "size", values: []value{{name: "50 × 70 cm"}, {name: "80 × 80 cm", plus: 600, grams: 90}, {name: "65 × 65 cm", plus: 300, grams: 40}}}},
			stock:   []int{22, 18, 14, 15, 12, 0, 17, 9, 6},
			look:    look{kind: Pillow, accent: flax, ground: onLilac},
		},
	}
}

func bath() []draft {
	return []draft{
		{
			slug: "selho-terry-towel", title: "Selho Terry Towel", brand: "Tecelagem Selho",
			text: "A classic terry towel of 550 g/m² in long-staple cotton, woven in Guimarães. It has a loop at the short side and a border that stays flat.",
			in:   "bath-linen", tags: "cotton made-in-portugal machine-washable",
			sku: "TS-TER", price: 1400, grams: 280,
			options: []option{
				{name: "colour", values: []value{twoTone(slate, oat), twoTone(white, sea), twoTone(terracotta, blush), twoTone(moss, oat)}},
				{name: "size", values: []value{{name: "50 × 100 cm"}, {name: "70 × 140 cm", plus: 1500, grams: 280}, {name: "100 × 150 cm", plus: 2900, grams: 560}}},
			},
			stock: []int{36, 28, 12, 44, 35, 18, 20, 16, 5, 14, 11, 0},
			look:  look{kind: Towel, ground: onMist},
		},
		{
			slug: "selho-waffle-towel", title: "Selho Waffle Towel", brand: "Tecelagem Selho",
			text: "A thin towel with a waffle weave that takes up water fast and dries in an afternoon. Good for small bathrooms and for travelling.",
			in:   "bath-linen", tags: "cotton made-in-portugal machine-washable summer",
			sku: "TS-WAF", price: 1600, grams: 190,
			options: []option{
				{name: "colour", values: []value{twoTone(sand, white), twoTone(sage, white)}},
				{name: "size", values: []value{{name: "50 × 100 cm"}, {name: "100 × 150 cm", plus: 1800, grams: 380}}},
			},
			stock: []int{24, 13, 19, 10},
			look:  look{kind: Towel, pattern: Checks, ground: onBlush},
		},
		{
			slug: "selho-bath-mat", title: "Selho Bath Mat", brand: "Tecelagem Selho",
			text: "A thick mat of 900 g/m² with a woven frame and our sprig in the middle. 50 × 80 cm, washable at 60 °C.",
			in:   "bath-linen", tags: "cotton made-in-portugal machine-washable",
			sku: "TS-MAT", price: 2900, grams: 620,
			options: []option{{name: "colour", values: []value{twoTone(oat, brick), twoTone(white, denim)}}},
			stock:   []int{13, 17},
			look:    look{kind: BathMat, ground: onSage},
		},
		{
			slug: "combe-olive-soap", title: "Combe Olive Oil Soap, 100 g", brand: "Savonnerie de la Combe",
			text: "A bar of soap with 72% olive oil, cooked in a cauldron and dried for four weeks. Keep it on a dish and it lasts about a month.",
			in:   "soap-care", tags: "made-in-france handmade gift-ideas",
			sku: "SC-SOA", price: 650, grams: 115,
			options: []option{{name: "scent", values: []value{{name: "Olive"}, {name: "Lavender"}, {name: "Rosemary"}}}},
			stock:   []int{120, 85, 64},
			look:    look{kind: Soap, pattern: Speckles, body: butter, accent: oak, ground: onMist},
		},
		{
			slug: "combe-hand-wash", title: "Combe Hand Wash", brand: "Savonnerie de la Combe",
			text: "Liquid olive oil soap in a glass bottle with a pump that unscrews. The refill costs less and has no pump.",
			in:   "soap-care", tags: "glass made-in-france gift-ideas",
			sku: "SC-HAN", price: 1900, grams: 820,
			options: []option{choice("scent", "Olive", "Verbena"), {name: "size", values: []value{{name: "500 ml"}, {name: "1000 ml", plus: 900, grams: 560}}}},
			stock:   []int{29, 18, 21, 4},
			look:    look{kind: Bottle, body: tobacco, accent: flax, ground: onButter},
		},
		{
			slug: "beech-body-brush", title: "Beech Body Brush", brand: "Bürstenhaus Ried",
			text: "A long brush with a beech handle for the places you cannot reach. Let it dry with the bristles down.",
			in:   "soap-care", tags: "wood handmade",
			sku: "BR-BOD", price: 2600, grams: 210,
			options: []option{choice("bristle", "Soft", "Firm")},
			stock:   []int{15, 9},
			look:    look{kind: Brush, body: beech, accent: ecru, ground: onSky},
		},
	}
}
