package demo

func cookware() []draft {
	const forge = "Forge de la Durolle"
	blades := choice("handle", "Walnut", "Olive")
	return []draft{
		{
			slug: "vesle-casserole", title: "Vesle Cast-Iron Casserole", brand: "Fonderie Vesle",
			text:     "Enamelled cast iron for braises, soup and bread. The lid is heavy and drips evenly from the small points underneath; the knob is brass and may go into the oven. For all hobs, induction included.",
			seoTitle: "Vesle enamelled cast-iron casserole", seoText: "An enamelled cast-iron casserole from Champagne in two sizes and four colours, for every hob and the oven.",
			in: "cookware", tags: "metal made-in-france gift-ideas",
			sku: "FV-CAS", price: 18900, grams: 4600,
			options: []option{colours(ink, brick, sage, chalk), {name: "size", values: []value{{name: "3.3 l"}, {name: "4.7 l", plus: 4000, grams: 900}}}},
			stock:   []int{8, 6, 5, 7, 3, 4, 2, 0},
			look:    look{kind: Casserole, accent: brass, ground: onSage},
		},
		{
			slug: "ore-frying-pan", title: "Ore Carbon Steel Frying Pan", brand: "Fonderie Vesle",
			text: "A bare steel pan, 3 mm thick, that takes on a dark patina and stops sticking after a few rounds of potatoes. Season it once with oil, then wipe it clean without soap.",
			in:   "cookware", tags: "metal made-in-france",
			sku: "FV-PAN", price: 5900, grams: 1500,
			options: []option{{name: "size", values: []value{{name: "20 cm"}, {name: "24 cm", plus: 1000, grams: 500}, {name: "28 cm", plus: 2200, grams: 1000}}}},
			stock:   []int{15, 22, 17},
			look:    look{kind: Pan, body: iron, ground: onOat},
		},
		{
			slug: "tornio-pepper-mill", title: "Tornio Pepper Mill", brand: "Lindfors Trä",
			text: "A turned mill with a ceramic grinder, set from fine to coarse at the top. It also grinds salt; buy two.",
			in:   "cookware", tags: "wood made-in-sweden gift-ideas",
			sku: "LT-MILL", price: 3900, grams: 310,
			options: []option{choice("wood", "Beech", "Walnut"), {name: "size", values: []value{{name: "14 cm"}, {name: "22 cm", plus: 1100, grams: 160}}}},
			stock:   []int{18, 12, 9, 5},
			look:    look{kind: Mill, body: beech, ground: onBlush},
		},
		{
			slug: "olive-wood-servers", title: "Olive Wood Servers", brand: "Legnaia Sabina",
			text: "A spoon and a slotted fork cut from one plank of olive wood, 30 cm long. The grain differs on every pair. Oil them when they look dry.",
			in:   "cookware tableware", tags: "wood made-in-italy handmade gift-ideas",
			sku: "LS-SRV", price: 2800, grams: 140,
			options: []option{sizes("Salad", "Serving")},
			stock:   []int{20, 14},
			look:    look{kind: Servers, body: camel, ground: onMist},
		},
		{
			slug: "durolle-chefs-knife", title: "Durolle Chef's Knife", brand: forge,
			text:     "A 20 cm blade in 14C28N stainless steel, forged with a full tang and hardened to 58 HRC. The handle is riveted with brass and comes in walnut or olive wood. Wash by hand; sold to adults only.",
			seoTitle: "Durolle forged chef's knife, 20 cm", seoText: "A 20 cm forged chef's knife from the Auvergne with a full tang and a walnut or olive handle.",
			in: "knives-boards", tags: "metal wood made-in-france handmade gift-ideas",
			sku: "FD-CHEF", price: 11900, grams: 240,
			options: []option{blades},
			stock:   []int{11, 6},
			look:    look{kind: ChefKnife, body: walnut, ground: onSky},
		},
		{
			slug: "durolle-paring-knife", title: "Durolle Paring Knife", brand: forge,
			text: "A 9 cm blade for everything the large knife is too large for. Same steel, same rivets. Wash by hand; sold to adults only.",
			in:   "knives-boards", tags: "metal wood made-in-france handmade",
			sku: "FD-PAR", price: 4900, grams: 90,
			options: []option{blades},
			stock:   []int{19, 13},
			look:    look{kind: ParingKnife, body: cherry, ground: onButter},
		},
		{
			slug: "durolle-bread-knife", title: "Durolle Bread Knife", brand: forge,
			text: "A 24 cm blade with wide, shallow teeth that cut a crust without tearing the crumb. Wash by hand; sold to adults only.",
			in:   "knives-boards", tags: "metal wood made-in-france handmade",
			sku: "FD-BRE", price: 9500, grams: 220,
			options: []option{blades},
			stock:   []int{7, 3},
			look:    look{kind: BreadKnife, body: espresso, ground: onSage},
		},
		{
			slug: "lindfors-chopping-board", title: "Lindfors Chopping Board", brand: "Lindfors Trä",
			text: "A solid board with a handle and a leather loop, made in Småland from a single width of wood and oiled with linseed. Use both sides and dry it standing up.",
			in:   "knives-boards", tags: "wood made-in-sweden handmade gift-ideas",
			sku: "LT-BRD", price: 4900, grams: 1100,
			options: []option{choice("wood", "Oak", "Walnut"), {name: "size", values: []value{{name: "36 × 20 cm"}, {name: "48 × 28 cm", plus: 2500, grams: 900}}}},
			stock:   []int{16, 9, 7, 4},
			look:    look{kind: Board, body: oak, accent: tobacco, ground: onOat},
		},
	}
}

func tableLinen() []draft {
	return []draft{
		{
			slug: "leie-tea-towels", title: "Leie Tea Towels, Set of Two", brand: "Halm & Vlas",
			text: "Two towels of 50 × 70 cm in half-linen, one striped and one plain. They dry glass without lint from the third wash on. Loops at the corner.",
			in:   "table-linen", tags: "linen cotton made-in-belgium machine-washable gift-ideas",
			sku: "HV-TEA", price: 2600, grams: 210,
			options: []option{{name: "colour", values: []value{twoTone(chalk, brick), twoTone(chalk, indigo), twoTone(flax, forest)}}},
			stock:   []int{40, 33, 18},
			look:    look{kind: TeaTowel, pattern: Stripes, ground: onSage},
		},
		{
			slug: "leie-napkins", title: "Leie Linen Napkins, Set of Four", brand: "Halm & Vlas",
			text: "Four generous napkins of 45 × 45 cm with mitred corners. Washed once before they reach you, so they will not shrink.",
			in:   "table-linen", tags: "linen made-in-belgium machine-washable gift-ideas",
			sku: "HV-NAP", price: 4400, grams: 240,
			options: []option{colours(chalk, sage, terracotta)},
			stock:   []int{27, 19, 15},
			look:    look{kind: Napkins, accent: flax, ground: onClay},
		},
		{
			slug: "leie-tablecloth", title: "Leie Linen Tablecloth", brand: "Halm & Vlas",
			text: "A tablecloth in washed linen with a woven band along the edge. It falls in soft folds and is meant to be seen a little creased.",
			in:   "table-linen", tags: "linen made-in-belgium machine-washable",
			sku: "HV-CLO", price: 8900, grams: 520,
			options: []option{
				{name: "colour", values: []value{twoTone(chalk, indigo), twoTone(flax, brick)}},
				{name: "size", values: []value{{name: "140 × 180 cm"}, {name: "160 × 250 cm", plus: 4000, grams: 300}, {name: "160 × 320 cm", plus: 7000, grams: 480}}},
			},
			stock: []int{10, 7, 3, 8, 6, 0},
			look:  look{kind: Tablecloth, pattern: Stripes, ground: onMist},
		},
		{
			slug: "studio-apron", title: "Studio Apron", brand: "Maison Merle",
			text: "An apron in cotton twill with a split pocket and ties that go round twice. The neck strap adjusts with a slider.",
			in:   "table-linen", tags: "cotton made-in-portugal machine-washable gift-ideas",
			sku: "MM-APR", price: 5400, grams: 350,
			options: []option{colours(olive, indigo, sand)},
			stock:   []int{14, 17, 8},
			look:    look{kind: Apron, accent: tobacco, ground: onBlush},
		},
	}
}
