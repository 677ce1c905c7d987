package demo

func lighting() []draft {
	const studio = "Ateljé Sund"
	return []draft{
		{
			slug: "sund-table-lamp", title: "Sund Table Lamp", brand: studio,
			text:     "A glazed stoneware base and a shade of pleated linen, 46 cm high together. E27 socket, cord switch, three metres of textile cable. The bulb is not included and can be replaced by anyone.",
			seoTitle: "Sund table lamp in stoneware and linen", seoText: "A stoneware table lamp with a linen shade, 46 cm high, E27 socket with replaceable bulb.",
			in: "lighting", tags: "stoneware linen made-in-sweden",
			sku: "AS-TAB", price: 14900, grams: 2600,
			options: []option{colours(indigo, terracotta, sage)},
			stock:   []int{6, 4, 3},
			look:    look{kind: Lamp, accent: oat, ground: onSage},
		},
		{
			slug: "sund-pendant", title: "Sund Pendant", brand: studio,
			text: "A spun aluminium dome, white inside so that it throws its light down on the table. E27 socket and two metres of cable with a canopy.",
			in:   "lighting", tags: "metal made-in-sweden",
			sku: "AS-PEN", price: 11900, grams: 1300,
			options: []option{colours(sage, chalk, black, rust), {name: "size", values: []value{{name: "30 cm"}, {name: "42 cm", plus: 5000, grams: 700}}}},
			stock:   []int{8, 5, 9, 6, 7, 4, 3, 0},
			look:    look{kind: Pendant, accent: brass, ground: onOat},
		},
		{
			slug: "sund-reading-lamp", title: "Sund Reading Lamp", brand: studio,
			text: "A floor lamp with an arm that bends over the chair. The foot weighs five kilograms and the head turns by 90 degrees. E14 socket, dimmer in the cable.",
			in:   "lighting", tags: "metal made-in-sweden new-in",
			sku: "AS-FLO", price: 25900, grams: 8200,
			options: []option{{name: "colour", values: []value{twoTone(graphite, brass), twoTone(brick, sand)}}},
			stock:   []int{4, 2},
			look:    look{kind: FloorLamp, ground: onMist},
		},
	}
}

func furniture() []draft {
	const joiner = "Lindfors Trä"
	return []draft{
		{
			slug: "lindfors-dining-chair", title: "Lindfors Dining Chair", brand: joiner,
			text:     "A spindle-back chair in solid wood with a seat of paper cord, woven by hand in about an hour. Delivered assembled. Seat height 45 cm.",
			seoTitle: "Lindfors dining chair with woven cord seat", seoText: "A solid wood spindle-back dining chair from Småland with a hand-woven paper cord seat.",
			in: "chairs-stools", tags: "wood made-in-sweden handmade",
			sku: "LT-CHA", price: 32900, grams: 5400,
			options: []option{{name: "colour", values: []value{{name: "Ash", body: 0xDCC09A, accent: 0xD9C7A0}, {name: "Walnut", body: 0x7A5236, accent: 0xD0BC92}, {name: "Black", body: 0x35322F, accent: 0xCFBB90}}}},
			stock:   []int{12, 6, 8},
			look:    look{kind: Chair, ground: onBlush},
		},
		{
			slug: "lindfors-stool", title: "Lindfors Three-Legged Stool", brand: joiner,
			text: "Three legs never wobble. The legs are wedged through the seat, which is slightly hollowed, and the stool doubles as a bedside table. Height 46 cm.",
			in:   "chairs-stools", tags: "wood made-in-sweden handmade",
			sku: "LT-STO", price: 12900, grams: 2900,
			options: []option{colours(oak, walnut, black)},
			stock:   []int{14, 7, 9},
			look:    look{kind: Stool, ground: onSage},
		},
		{
			slug: "lindfors-side-table", title: "Lindfors Side Table", brand: joiner,
			text: "A round table with a lower shelf, 45 cm across and 52 cm high. Solid top, powder-coated steel legs. Screws together with four bolts.",
			in:   "tables-shelves", tags: "wood metal made-in-sweden",
			sku: "LT-SID", price: 17900, grams: 6100,
			options: []option{{name: "colour", values: []value{twoTone(oak, graphite), twoTone(walnut, brass)}}},
			stock:   []int{6, 3},
			look:    look{kind: SideTable, ground: onButter},
		},
		{
			slug: "lindfors-wall-shelf", title: "Lindfors Wall Shelf", brand: joiner,
			text: "A plank of solid wood that hangs from two leather straps and carries 12 kg. Brass pegs, screws and wall plugs are in the box.",
			in:   "tables-shelves", tags: "wood leather made-in-sweden",
			sku: "LT-SHE", price: 8900, grams: 2400,
			options: []option{{name: "colour", values: []value{twoTone(oak, tobacco), twoTone(walnut, black)}}, {name: "size", values: []value{{name: "60 cm"}, {name: "90 cm", plus: 2500, grams: 1100}}}},
			stock:   []int{11, 7, 5, 2},
			look:    look{kind: Shelf, ground: onSky},
		},
	}
}

func textiles() []draft {
	return []draft{
		{
			slug: "ilse-linen-cushion", title: "Ilse Linen Cushion Cover", brand: "Halm & Vlas",
			text: "A cushion cover in heavy linen with a contrasting piped edge and a hidden zip. The inner cushion is sold separately.",
			in:   "cushions-throws", tags: "linen made-in-belgium machine-washable",
			sku: "HV-ILS", price: 3800, grams: 190,
			options: []option{colours(sage, terracotta, flax, ink), {name: "size", values: []value{{name: "45 × 45 cm"}, {name: "60 × 60 cm", plus: 1400, grams: 110}}}},
			stock:   []int{26, 14, 18, 9, 31, 17, 20, 6},
			look:    look{kind: Cushion, accent: chalk, ground: onBlush},
		},
		{
			slug: "ilse-striped-cushion", title: "Ilse Striped Cushion Cover", brand: "Halm & Vlas",
			text: "The Ilse cover with a stripe woven into the cloth, so it shows on both sides. 45 × 45 cm or long for the bed.",
			in:   "cushions-throws", tags: "linen made-in-belgium machine-washable new-in",
			sku: "HV-ILT", price: 4200, grams: 200,
			options: []option{{name: "colour", values: []value{twoTone(chalk, indigo), twoTone(flax, rust)}}, {name: "size", values: []value{{name: "45 × 45 cm"}, {name: "40 × 80 cm", plus: 900, grams: 60}}}},
			stock:   []int{17, 8, 12, 5},
			look:    look{kind: Cushion, pattern: Stripes, ground: onMist},
		},
		{
			slug: "moln-boucle-cushion", title: "Moln Bouclé Cushion", brand: "Lanificio Renna",
			text: "A plump cushion in wool bouclé, filled with feathers. 50 × 50 cm, cover removable for dry cleaning.",
			in:   "cushions-throws", tags: "wool made-in-italy",
			sku: "LR-MOL", price: 5900, grams: 950,
			options: []option{colours(ecru, clay, graphite)},
			stock:   []int{13, 6, 8},
			look:    look{kind: Cushion, pattern: Speckles, accent: ecru, ground: onSage},
		},
		{
			slug: "marthe-lambswool-throw", title: "Marthe Lambswool Throw", brand: "Skerry Wool",
			text:     "A light, warm throw of 130 × 185 cm in brushed lambswool with a twisted fringe. Woven in the Scottish Borders and washed in soft water.",
			seoTitle: "Marthe lambswool throw, 130 × 185 cm", seoText: "A brushed lambswool throw with twisted fringes and woven bands in three colours.",
			in: "cushions-throws", tags: "wool winter gift-ideas",
			sku: "SK-MAR", price: 11900, grams: 780,
			options: []option{{name: "colour", values: []value{twoTone(rust, oat), twoTone(slate, mustard), twoTone(oat, pine)}}},
			stock:   []int{7, 9, 4},
			look:    look{kind: Throw, pattern: Bands, ground: onOat},
		},
		{
			slug: "pola-waffle-blanket", title: "Pola Waffle Blanket", brand: "Tecelagem Selho",
			text: "A cotton blanket with deep waffle squares that shrink into softness at the first wash. 150 × 210 cm before, 140 × 200 cm after.",
			in:   "cushions-throws bed-linen", tags: "cotton made-in-portugal machine-washable summer",
			sku: "TS-POL", price: 7900, grams: 1150,
			options: []option{colours(sand, sea, white)},
			stock:   []int{10, 5, 14},
			look:    look{kind: Throw, pattern: Checks, accent: chalk, ground: onSky},
		},
		{
			slug: "kilen-flatweave-rug", title: "Kilen Flatweave Rug", brand: "Tecelagem Selho",
			text: "A reversible flatweave in wool on a cotton warp, with three diamonds and a double border. Use an underlay on smooth floors.",
			in:   "rugs-baskets", tags: "wool cotton made-in-portugal handmade",
			sku: "TS-KIL", price: 14900, grams: 2400,
			options: []option{
				{name: "colour", values: []value{twoTone(brick, sand), twoTone(pine, butter)}},
				{name: "size", values: []value{{name: "70 × 140 cm"}, {name: "140 × 200 cm", plus: 20000, grams: 4000}, {name: "170 × 240 cm", plus: 35000, grams: 7000}}},
			},
			stock: []int{6, 4, 1, 5, 3, 0},
			look:  look{kind: Rug, ground: onOat},
		},
		{
			slug: "strand-striped-rug", title: "Strand Striped Runner", brand: "Tecelagem Selho",
			text: "A narrow cotton runner for hall and kitchen, woven on hand looms in the Alentejo. Machine washable at 30 °C.",
			in:   "rugs-baskets", tags: "cotton made-in-portugal handmade machine-washable",
			sku: "TS-STR", price: 6900, was: 8500, grams: 1500,
			options: []option{{name: "colour", values: []value{twoTone(ecru, denim), twoTone(ecru, terracotta)}}, {name: "size", values: []value{{name: "60 × 120 cm"}, {name: "70 × 200 cm", plus: 4000, grams: 1200}}}},
			stock:   []int{9, 3, 6, 0},
			look:    look{kind: Rug, pattern: Stripes, ground: onMist},
		},
		{
			slug: "vime-willow-basket", title: "Vime Willow Basket", brand: "Cestaria Gonçalo",
			text: "A basket of peeled willow with two handles, woven in Gonçalo in the Serra da Estrela. For firewood, laundry or blankets.",
			in:   "rugs-baskets", tags: "wood made-in-portugal handmade",
			sku: "CG-VIM", price: 4600, grams: 900,
			options: []option{{name: "colour", values: []value{twoTone(natural, tobacco), twoTone(tobacco, espresso)}}, {name: "size", values: []value{{name: "32 cm"}, {name: "42 cm", plus: 2000, grams: 700}}}},
			stock:   []int{15, 8, 6, 2},
			look:    look{kind: Basket, ground: onSage},
		},
	}
}

func decor() []draft {
	return []draft{
		{
			slug: "monte-vase", title: "Monte Tall Vase", brand: "Olaria do Monte",
			text: "A bottle-shaped vase, 34 cm high, for branches and long stems. Glazed inside, so it holds water.",
			in:   "decor", tags: "stoneware made-in-portugal handmade",
			sku: "OM-VAS", price: 6800, grams: 2100,
			options: []option{colours(espresso, chalk, sea)},
			stock:   []int{7, 9, 3},
			look:    look{kind: Vase, pattern: Speckles, accent: clay, ground: onMist},
		},
		{
			slug: "monte-bud-vase", title: "Monte Bud Vase", brand: "Olaria do Monte",
			text: "A small round vase with a narrow neck for a single flower. 12 cm high.",
			in:   "decor", tags: "stoneware made-in-portugal handmade gift-ideas",
			sku: "OM-BUD", price: 2400, grams: 380,
			options: []option{{name: "colour", values: []value{
				{name: "Ink", body: 0x2F3A52, accent: 0xE0A18A}, {name: "Oat", body: 0xE2D6C1, accent: 0xC9615A}, {name: "Rose", body: 0xC98B86, accent: 0xF0E4D2}}}},
			stock: []int{21, 26, 11},
			look:  look{kind: BudVase, ground: onBlush},
		},
		{
			slug: "alba-round-mirror", title: "Alba Round Mirror", brand: "Lindfors Trä",
			text: "A mirror in a turned wooden frame, hung by a leather strap from a brass knob. The glass is 5 mm thick and copper-free.",
			in:   "decor", tags: "wood leather glass made-in-sweden",
			sku: "LT-ALB", price: 13900, grams: 3200,
			options: []option{{name: "colour", values: []value{twoTone(oak, tobacco), twoTone(walnut, black)}}, {name: "size", values: []value{{name: "40 cm"}, {name: "60 cm", plus: 6000, grams: 2800}}}},
			stock:   []int{8, 4, 5, 1},
			look:    look{kind: Mirror, ground: onClay},
		},
		{
			slug: "stilla-wall-clock", title: "Stilla Wall Clock", brand: "Ateljé Sund",
			text: "A quiet clock with a sweeping second hand and a frame of bent wood. 28 cm across. It runs on one AA battery, which you can change without tools.",
			in:   "decor", tags: "wood made-in-sweden gift-ideas",
			sku: "AS-CLO", price: 8900, grams: 900,
			options: []option{{name: "colour", values: []value{twoTone(white, oak), twoTone(sage, beech), twoTone(black, walnut)}}},
			stock:   []int{10, 6, 7},
			look:    look{kind: Clock, ground: onSky},
		},
		{
			slug: "fig-cedar-candle", title: "Merle Scented Candle", brand: "Maison Merle",
			text:     "A candle of rapeseed and beeswax in a glass you can use again, 220 g with a burning time of about 45 hours. Never leave a burning candle unattended.",
			seoTitle: "Merle scented candle, 220 g", seoText: "A hand-poured scented candle in three scents: fig and cedar, tomato leaf, and smoke and tea.",
			in: "candles", tags: "glass handmade made-in-france gift-ideas",
			sku: "MM-CAN", price: 3400, grams: 520,
			options: []option{choice("scent", "Fig and cedar", "Tomato leaf", "Smoke and tea")},
			stock:   []int{38, 24, 17},
			look:    look{kind: Candle, body: stone, accent: chalk, ground: onBlush},
		},
		{
			slug: "dipped-tapers", title: "Dipped Taper Candles, Set of Four", brand: "Maison Merle",
			text: "Four long candles dipped thirty times, dyed through, 28 cm high. They fit a 22 mm holder and burn for about eight hours. Never leave a burning candle unattended.",
			in:   "candles", tags: "handmade gift-ideas",
			sku: "MM-TAP", price: 1600, grams: 300,
			options: []option{{name: "colour", values: []value{twoTone(brick, sand), twoTone(ink, sand), twoTone(mustard, sand), twoTone(sage, sand)}}},
			stock:   []int{33, 27, 14, 20},
			look:    look{kind: Tapers, ground: onOat},
		},
	}
}

func plants() []draft {
	return []draft{
		{
			slug: "impruneta-terracotta-pot", title: "Impruneta Terracotta Pot", brand: "Fornace Greve",
			text: "A pot with a saucer in frost-resistant Tuscan clay, made near Impruneta. The surface turns paler over time as the minerals come through. The plant is not included.",
			in:   "plants", tags: "made-in-italy handmade",
			sku: "FG-POT", price: 2400, grams: 1800,
			options: []option{{name: "size", values: []value{{name: "16 cm"}, {name: "22 cm", plus: 1200, grams: 1900}, {name: "30 cm", plus: 3400, grams: 5200}}}},
			stock:   []int{30, 18, 7},
			look:    look{kind: PlantPot, body: terracotta, ground: onSage},
		},
		{
			slug: "monte-planter", title: "Monte Planter on Feet", brand: "Olaria do Monte",
			text: "A glazed planter on four oak feet for pots up to 20 cm. It has no hole, so no saucer is needed. The plant is not included.",
			in:   "plants", tags: "stoneware wood made-in-portugal",
			sku: "OM-PLA", price: 5600, grams: 3100,
			options: []option{colours(ink, chalk, clay)},
			stock:   []int{8, 11, 4},
			look:    look{kind: Planter, accent: oak, ground: onMist},
		},
		{
			slug: "regn-watering-can", title: "Regn Watering Can", brand: "Ateljé Sund",
			text: "A steel can for 1.5 litres with a long spout that reaches under the leaves. Powder-coated inside and out.",
			in:   "plants", tags: "metal made-in-sweden gift-ideas",
			sku: "AS-CAN", price: 4900, grams: 650,
			options: []option{{name: "colour", values: []value{twoTone(sage, brass), twoTone(slate, copper), twoTone(butter, brass)}}},
			stock:   []int{16, 9, 5},
			look:    look{kind: WateringCan, ground: onBlush},
		},
	}
}
