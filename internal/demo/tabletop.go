package demo

// Stoneware and glass.

func tableware() []draft {
	const wheel = "Olaria do Monte"
	glazes := colours(chalk, moss, clay, ink)
	return []draft{
		{
			slug: "monte-mug", title: "Monte Mug", brand: wheel,
			text:     "A straight mug for 300 ml with a handle that takes three fingers. Stoneware, glazed to just above the foot and left bare below. Fired at 1,220 °C near Alcobaça.",
			seoTitle: "Monte stoneware mug, 300 ml", seoText: "A Portuguese stoneware mug with a bare clay foot. Four glazes, dishwasher safe.",
			in: "mugs-cups", tags: "stoneware made-in-portugal dishwasher-safe gift-ideas",
			sku: "OM-MUG", price: 1600, grams: 380,
			options: []option{glazes},
			stock:   []int{84, 57, 63, 40},
			look:    look{kind: Mug, pattern: Speckles, accent: clay, ground: onBlush},
		},
		{
			slug: "monte-espresso-cup", title: "Monte Espresso Cup and Saucer", brand: wheel,
			text: "A thick-walled cup for 80 ml that keeps its heat, with a saucer wide enough for a spoon and a biscuit.",
			in:   "mugs-cups", tags: "stoneware made-in-portugal dishwasher-safe",
			sku: "OM-ESP", price: 1800, grams: 420,
			options: []option{colours(espresso, chalk, moss)},
			stock:   []int{36, 48, 22},
			look:    look{kind: CupAndSaucer, accent: clay, ground: onSage},
		},
		{
			slug: "monte-dinner-plate", title: "Monte Dinner Plate", brand: wheel,
			text: "A flat plate, 27 cm across, with a low rim and an unglazed edge. Each one differs a little in tone. Suitable for oven, microwave and dishwasher.",
			in:   "plates-bowls", tags: "stoneware made-in-portugal dishwasher-safe",
			sku: "OM-DIN", price: 1900, grams: 860,
			options: []option{glazes},
			stock:   []int{96, 60, 72, 44},
			look:    look{kind: Plate, pattern: Speckles, accent: clay, ground: onOat},
		},
		{
			slug: "monte-side-plate", title: "Monte Side Plate", brand: wheel,
			text: "The small plate of the range, 21 cm: for bread, cake and breakfast. It stacks inside the dinner plate.",
			in:   "plates-bowls", tags: "stoneware made-in-portugal dishwasher-safe",
			sku: "OM-SID", price: 1400, grams: 520,
			options: []option{colours(moss, chalk, clay, ink)},
			stock:   []int{58, 90, 64, 0},
			look:    look{kind: Plate, pattern: Bands, accent: sand, ground: onMist},
		},
		{
			slug: "monte-pasta-bowl", title: "Monte Pasta Bowl", brand: wheel,
			text: "A deep bowl, 22 cm across, between a plate and a soup bowl. It holds 900 ml to the brim and is the shape we reach for most evenings.",
			in:   "plates-bowls", tags: "stoneware made-in-portugal dishwasher-safe",
			sku: "OM-PAS", price: 2100, grams: 780,
			options: []option{colours(ink, chalk, clay)},
			stock:   []int{51, 66, 39},
			look:    look{kind: Bowl, pattern: Speckles, accent: clay, ground: onSky},
		},
		{
			slug: "monte-serving-bowl", title: "Monte Serving Bowl", brand: wheel,
			text: "A wide bowl for salad or fruit, thrown on the wheel by hand. The inside is glazed, the foot is not.",
			in:   "plates-bowls", tags: "stoneware made-in-portugal dishwasher-safe handmade gift-ideas",
			sku: "OM-SRV", price: 4800, grams: 1700,
			options: []option{colours(sage, chalk), {name: "size", values: []value{{name: "26 cm"}, {name: "32 cm", plus: 1800, grams: 700}}}},
			stock:   []int{14, 8, 11, 3},
			look:    look{kind: ServingBowl, pattern: Bands, accent: sand, ground: onBlush},
		},
		{
			slug: "monte-teapot", title: "Monte Teapot", brand: wheel,
			text:     "A round pot for one litre with a handle of bent ash. The spout is cut thin and does not drip. A steel strainer sits behind it; wash the handle by hand.",
			seoTitle: "Monte stoneware teapot with ash handle", seoText: "A one-litre stoneware teapot with a bent ash handle and a built-in strainer.",
			in: "mugs-cups tableware", tags: "stoneware wood made-in-portugal handmade gift-ideas",
			sku: "OM-TEA", price: 6400, grams: 1250,
			options: []option{colours(terracotta, ink)},
			stock:   []int{9, 4},
			look:    look{kind: Teapot, accent: ash, ground: onSage},
		},
	}
}

func glassware() []draft {
	const works = "Huť Jizera"
	return []draft{
		{
			slug: "jizera-tumblers", title: "Jizera Tumblers, Set of Four", brand: works,
			text:     "Four mouth-blown tumblers for 320 ml with a heavy base and a fire-polished rim. Small bubbles are part of the work.",
			seoTitle: "Jizera mouth-blown tumblers, set of four", seoText: "Four coloured glass tumblers, mouth-blown in the Jizera mountains.",
			in: "glassware", tags: "glass made-in-czechia handmade gift-ideas",
			sku: "HJ-TUM", price: 4400, grams: 1350,
			options: []option{colours(aqua, smoke, amber, clearGlass)},
			stock:   []int{16, 12, 7, 21},
			look:    look{kind: Tumbler, ground: onBlush},
		},
		{
			slug: "jizera-wine-glasses", title: "Jizera Wine Glasses, Pair", brand: works,
			text: "Two glasses for red or white on a drawn stem, thin at the lip and steady at the foot. 420 ml to the brim.",
			in:   "glassware", tags: "glass made-in-czechia handmade gift-ideas",
			sku: "HJ-WIN", price: 3800, grams: 520,
			options: []option{{name: "colour", values: []value{
				{name: "Clear", body: 0xD5E0E2, accent: 0x7C2434}, {name: "Smoke", body: 0x9A9C9E, accent: 0xE3C679}}}},
			stock: []int{25, 9},
			look:  look{kind: WineGlass, ground: onOat},
		},
		{
			slug: "jizera-carafe", title: "Jizera Carafe", brand: works,
			text: "A carafe for 1.1 litres with a turned beech stopper. It fits a refrigerator door.",
			in:   "glassware", tags: "glass wood made-in-czechia handmade",
			sku: "HJ-CAR", price: 4200, grams: 780,
			options: []option{colours(clearGlass, aqua, smoke)},
			stock:   []int{13, 6, 2},
			look:    look{kind: Carafe, accent: beech, ground: onSage},
		},
	}
}
