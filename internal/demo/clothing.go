package demo

// The clothing department. Sizes follow EN 13402; letters as shops write them.

func shirtsAndTops() []draft {
	return []draft{
		{
			slug: "oda-linen-shirt", title: "Oda Linen Shirt", brand: "Halm & Vlas",
			text: "A loose shirt in washed linen of 160 g/m², woven in Kortrijk from flax grown in Flanders and Normandy. " +
				"The collar is soft and the hem is curved, so it can be worn open over a T-shirt or tucked in. " +
				"Corozo buttons, one chest pocket. Wash at 40 °C and hang it up wet; it needs no iron.",
			seoTitle: "Oda linen shirt, washed Flemish linen", seoText: "A relaxed shirt in washed linen woven in Kortrijk. Corozo buttons, chest pocket, sizes XS to XL.",
			in: "shirts-tops", tags: "linen made-in-belgium machine-washable summer",
			sku: "HV-ODA", price: 8900, grams: 230,
			options: []option{colours(flax, ink, sage), sizes("XS", "S", "M", "L", "XL")},
			stock:   []int{6, 14, 22, 18, 7, 4, 11, 19, 13, 5, 0, 8, 12, 9, 2},
			look:    look{kind: Shirt, accent: camel, ground: onOat},
		},
		{
			slug: "bram-oxford-shirt", title: "Bram Oxford Shirt", brand: "Halm & Vlas",
			text: "A button-front shirt in two-ply cotton oxford, heavy enough to keep its shape and soft from the first day. " +
				"Sewn in Guimarães with single-needle seams. It runs true to size.",
			in: "shirts-tops", tags: "cotton made-in-portugal machine-washable",
			sku: "HV-BRAM", price: 7900, grams: 290,
			options: []option{colours(sky, white), sizes("S", "M", "L", "XL")},
			stock:   []int{9, 16, 15, 6, 12, 20, 17, 8},
			look:    look{kind: Shirt, accent: chalk, ground: onMist},
		},
		{
			slug: "lotte-band-collar-shirt", title: "Lotte Band-Collar Shirt", brand: "Halm & Vlas",
			text: "A shirt with a narrow stand-up collar and a short placket of shell buttons. " +
				"The cloth is half linen, half cotton: it creases less than pure linen and is as cool to wear. " +
				"Cut straight, a little shorter than Oda.",
			in: "shirts-tops", tags: "linen cotton made-in-portugal machine-washable new-in",
			sku: "HV-LOTT", price: 9500, grams: 210,
			options: []option{colours(chalk, denim, rose), sizes("XS", "S", "M", "L")},
			stock:   []int{5, 9, 12, 7, 3, 8, 8, 4, 6, 10, 9, 1},
			look:    look{kind: Blouse, accent: flax, ground: onClay},
		},
		{
			slug: "mees-breton-top", title: "Mees Breton Top", brand: "Filature du Port",
			text: "The fisherman's jersey as it has been knitted in Brittany for a century and a half: dense cotton, boat neck, stripes that stop below the shoulder. " +
				"It feels stiff at first and softens with every wash.",
			seoTitle: "Mees Breton top in dense cotton jersey", seoText: "A striped cotton jersey knitted in Brittany, with a boat neck and long sleeves.",
			in: "shirts-tops", tags: "cotton made-in-france machine-washable",
			sku: "FP-MEES", price: 5900, grams: 310,
			options: []option{
				{name: "colour", values: []value{twoTone(ecru, navy), twoTone(navy, ecru), twoTone(ecru, brick)}},
				sizes("XS", "S", "M", "L", "XL"),
			},
			stock: []int{8, 18, 24, 21, 9, 5, 12, 16, 11, 6, 2, 6, 7, unmade, unmade},
			look:  look{kind: Tee, pattern: Stripes, ground: onSky},
		},
		{
			slug: "pim-heavy-tee", title: "Pim Heavyweight T-Shirt", brand: "Filature du Port",
			text: "A plain T-shirt in 240 g/m² cotton jersey with a firm ribbed neck. " +
				"Knitted as a tube, so there are no side seams to twist.",
			in: "shirts-tops", tags: "cotton made-in-portugal machine-washable",
			sku: "FP-PIM", price: 3500, grams: 240,
			options: []option{colours(sage, white, charcoal, mustard), sizes("S", "M", "L", "XL")},
			stock:   []int{20, 31, 28, 12, 35, 44, 40, 19, 26, 30, 27, 15, 8, 11, 9, 0},
			look:    look{kind: Tee, accent: chalk, ground: onBlush},
		},
	}
}

func bottomsAndDresses() []draft {
	return []draft{
		{
			slug: "tomas-canvas-trousers", title: "Tomas Canvas Trousers", brand: "Atelier Vesdre",
			text: "Straight trousers in a 9 oz cotton canvas from Lombardy, with a higher waist and room in the thigh. " +
				"Horn button, hidden zip, two deep front pockets. The hem is left long enough to turn up once.",
			in: "trousers-skirts", tags: "cotton made-in-portugal machine-washable",
			sku: "AV-TOMA", price: 9800, grams: 520,
			options: []option{colours(olive, sand, navy), sizes("46", "48", "50", "52", "54")},
			stock:   []int{6, 10, 14, 9, 4, 5, 9, 12, 8, 3, 7, 13, 15, 11, 5},
			look:    look{kind: Trousers, accent: tobacco, ground: onOat},
		},
		{
			slug: "vera-wide-linen-trousers", title: "Vera Wide-Leg Linen Trousers", brand: "Halm & Vlas",
			text: "Wide trousers in a heavier linen of 210 g/m² that falls straight instead of clinging. " +
				"Flat in front, elastic at the back. The inner leg of size M is 76 cm.",
			in: "trousers-skirts", tags: "linen made-in-belgium machine-washable summer",
			sku: "HV-VERA", price: 10900, was: 12900, grams: 400,
			options: []option{colours(terracotta, flax, black), sizes("XS", "S", "M", "L")},
			stock:   []int{4, 7, 6, 2, 5, 9, 11, 6, 8, 12, 10, 5},
			look:    look{kind: WideTrousers, accent: camel, ground: onSky},
		},
		{
			slug: "juna-midi-skirt", title: "Juna Pleated Midi Skirt", brand: "Atelier Vesdre",
			text: "A pleated skirt in fine wool gabardine that moves well and does not need a lining. " +
				"The pleats are pressed in once and stay. Dry clean, or wash by hand in cool water and hang by the waistband.",
			in: "trousers-skirts", tags: "wool made-in-italy",
			sku: "AV-JUNA", price: 11900, grams: 430,
			options: []option{colours(dove, pine), sizes("36", "38", "40", "42")},
			stock:   []int{3, 6, 5, 2, 4, 7, 7, 3},
			look:    look{kind: Skirt, accent: charcoal, ground: onLilac},
		},
		{
			slug: "noor-linen-dress", title: "Noor Linen Wrap Dress", brand: "Halm & Vlas",
			text: "A wrap dress that really wraps: one long tie goes through the side seam and around the waist. " +
				"Washed linen of 160 g/m², short sleeves, pockets in both seams.",
			seoTitle: "Noor linen wrap dress with pockets", seoText: "A true wrap dress in washed Flemish linen with short sleeves and seam pockets. Sizes XS to XL.",
			in: "dresses", tags: "linen made-in-belgium machine-washable summer new-in",
			sku: "HV-NOOR", price: 13900, grams: 360,
			options: []option{colours(brick, flax, forest), sizes("XS", "S", "M", "L", "XL")},
			stock:   []int{3, 8, 10, 7, 2, 5, 9, 9, 6, 3, 0, 4, 6, 3, 0},
			look:    look{kind: Dress, accent: flax, ground: onBlush},
		},
		{
			slug: "elin-pinafore-dress", title: "Elin Pinafore Dress", brand: "Atelier Vesdre",
			text: "A pinafore in cotton twill with crossed straps, a bib pocket and two large pockets at the hip. " +
				"Roomy enough for a jumper underneath. The straps have two buttonholes to set the length.",
			in: "dresses", tags: "cotton made-in-portugal machine-washable",
			sku: "AV-ELIN", price: 12900, grams: 540,
			options: []option{colours(indigo, olive), sizes("S", "M", "L")},
			stock:   []int{6, 9, 7, 4, 8, 5},
			look:    look{kind: Pinafore, accent: brass, ground: onSage},
		},
	}
}

func outerwear() []draft {
	return []draft{
		{
			slug: "arvid-chore-jacket", title: "Arvid Chore Jacket", brand: "Atelier Vesdre",
			text: "The French work jacket in moleskin, a tightly woven cotton with a brushed back that keeps the wind out. " +
				"Three patch pockets, bound inner seams, five metal-free buttons. It fades at the elbows and looks better for it.",
			seoTitle: "Arvid chore jacket in cotton moleskin", seoText: "The classic French work jacket with three patch pockets, sewn in Normandy from cotton moleskin.",
			in: "outerwear", tags: "cotton made-in-france",
			sku: "AV-ARVI", price: 15900, grams: 820,
			options: []option{colours(denim, tobacco, black), sizes("S", "M", "L", "XL")},
			stock:   []int{7, 12, 11, 5, 4, 6, 8, 3, 5, 9, 10, 4},
			look:    look{kind: Jacket, accent: camel, ground: onOat},
		},
		{
			slug: "maren-wool-coat", title: "Maren Wool Coat", brand: "Atelier Vesdre",
			text: "A double-breasted coat in 90% virgin wool and 10% polyamide, woven in Prato and felted until it holds an edge. " +
				"Half lined in cupro, with flap pockets and a vent at the back. The shoulders are soft, so it goes over a jacket.",
			seoTitle: "Maren double-breasted wool coat", seoText: "A soft-shouldered double-breasted coat in felted wool from Prato. Half lined, sizes 36 to 44.",
			in: "outerwear", tags: "wool made-in-italy winter",
			sku: "AV-MARE", price: 32900, grams: 1650,
			options: []option{colours(camel, graphite), sizes("36", "38", "40", "42", "44")},
			stock:   []int{2, 4, 5, 4, 1, 3, 5, 6, 4, 2},
			look:    look{kind: Coat, accent: espresso, ground: onMist},
		},
		{
			slug: "ivo-quilted-gilet", title: "Ivo Quilted Gilet", brand: "Atelier Vesdre",
			text: "A light gilet with wool wadding quilted between two layers of proofed cotton. " +
				"Warm enough under a coat and on its own in spring. Press studs in brass, two welt pockets.",
			in: "outerwear", tags: "wool cotton made-in-portugal winter reduced",
			sku: "AV-IVO", price: 9900, was: 12900, grams: 480,
			options: []option{colours(moss, ink), sizes("S", "M", "L", "XL")},
			stock:   []int{3, 5, 4, 0, 6, 8, 7, 2},
			look:    look{kind: Gilet, accent: brass, ground: onClay},
		},
	}
}
