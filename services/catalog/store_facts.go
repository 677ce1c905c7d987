package catalog

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/measure"
	"github.com/sovecom/sovecom/kit/pg"
)

// readFacts queues what is known of products, which fills their facts, and returns where the facts of their variants will
// be. Each row is read by the product's key; of is the product a row belongs to.
func readFacts(b *pg.Batch, which []id.ID, of func(owner id.ID) *product) map[id.ID]variantFacts {
	variants := map[id.ID]variantFacts{}
	pg.Each(b.Queue(`select product_id, goods, vat_class, minimum_age, sold_by_measure, manufacturer_name, manufacturer_address, manufacturer_country,
			manufacturer_email, manufacturer_url, responsible_name, responsible_address, responsible_country, responsible_email, responsible_url,
			legal_guarantee, durability_months, durability_producer, energy_required, energy_class, energy_scale_min, energy_scale_max, eprel_id, energy_image_id,
			array(select locale from product_warnings w where w.product_id = f.product_id order by locale),
			array(select warning from product_warnings w where w.product_id = f.product_id order by locale),
			array(select type from product_identifiers i where i.product_id = f.product_id order by position),
			array(select value from product_identifiers i where i.product_id = f.product_id order by position),
			array(select media_id from product_safety_images s where s.product_id = f.product_id order by position)
		from product_facts f where product_id = any($1::uuid[])`, which), func(rows pgx.Rows) error { return scanProductFacts(rows, of) })
	pg.Each(b.Queue(`select variant_id, quantity, unit, base_quantity, base_unit, hs_code, country_of_origin, gtin, mpn, length_mm, width_mm, height_mm
		from variant_facts where product_id = any($1::uuid[])`, which), func(rows pgx.Rows) error {
		var variant id.ID
		var quantity, unit, baseUnit *string
		var base *int64
		var f variantFacts
		if err := rows.Scan(&variant, &quantity, &unit, &base, &baseUnit, &f.hsCode, &f.origin, &f.gtin, &f.mpn, &f.lengthMM, &f.widthMM, &f.heightMM); err != nil {
			return err
		}
		if quantity != nil && unit != nil && base != nil && baseUnit != nil {
			f.measure = &measure.Measure{Quantity: *quantity, Unit: *unit, BaseQuantity: *base, BaseUnit: *baseUnit}
		}
		variants[variant] = f
		return nil
	})
	pg.Each(b.Queue(`select variant_id, id, media_id, storage_key, name, download_limit, expires_after_days, version, created_at, updated_at
		from variant_files where product_id = any($1::uuid[]) order by variant_id, id`, which), func(rows pgx.Rows) error {
		var variant id.ID
		var f digitalFile
		err := rows.Scan(&variant, &f.id, &f.media, &f.key, &f.name, &f.limit, &f.expiresAfter, &f.version, &f.createdAt, &f.updatedAt)
		facts := variants[variant]
		facts.files = append(facts.files, f)
		variants[variant] = facts
		return err
	})
	pg.Each(b.Queue(`select v.product_id, v.variant_id, v.attribute_id, a.type, array_agg(coalesce(v.text_value, trim_scale(v.num_value)::text, v.bool_value::text,
				v.date_value::text, v.option_value) order by v.position)
			from attribute_values v join attributes a on a.id = v.attribute_id where v.product_id = any($1::uuid[])
			group by v.product_id, v.variant_id, v.attribute_id, a.type order by v.attribute_id`, which), func(rows pgx.Rows) error {
		var owner, variant id.ID
		var v attributeValue
		err := rows.Scan(&owner, &variant, &v.attribute, &v.typ, &v.values)
		if variant.IsZero() {
			p := of(owner)
			p.facts.attributes = append(p.facts.attributes, v)
			return err
		}
		facts := variants[variant]
		facts.attributes = append(facts.attributes, v)
		variants[variant] = facts
		return err
	})
	return variants
}

func scanProductFacts(rows pgx.Rows, of func(owner id.ID) *product) error {
	var owner id.ID
	var read productFacts
	f := &read
	var goods string
	var vat, manufacturer, responsible, class, best, worst, producer, eprel *string
	var months *int32
	var maker, agent operator
	var legal *bool
	var label energyLabel
	var locales, warnings, types, values []string
	var images []id.ID
	if err := rows.Scan(&owner, &goods, &vat, &f.minimumAge, &f.soldByMeasure, &manufacturer, &maker.address, &maker.country, &maker.email, &maker.url,
		&responsible, &agent.address, &agent.country, &agent.email, &agent.url, &legal, &months, &producer,
		&f.energyRequired, &class, &best, &worst, &eprel, &label.image, &locales, &warnings, &types, &values, &images); err != nil {
		return err
	}
	if goods != string(goodsPhysical) {
		f.goods = goodsKind(goods)
	}
	if vat != nil {
		f.vatClass = vatClass(*vat)
	}
	g := gpsr{}
	if manufacturer != nil {
		maker.name, g.manufacturer = *manufacturer, &maker
	}
	if responsible != nil {
		agent.name, g.responsible = *responsible, &agent
	}
	for i, locale := range locales {
		g.warnings = append(g.warnings, warning{locale, warnings[i]})
	}
	for i, typ := range types {
		g.identifiers = append(g.identifiers, identifier{typ, values[i]})
	}
	g.safetyImages = append(g.safetyImages, images...)
	if g.manufacturer != nil || g.responsible != nil || len(locales)+len(types)+len(images) > 0 {
		f.gpsr = &g
	}
	if legal != nil || months != nil {
		f.guarantee = &guarantee{legal: legal}
		if months != nil && producer != nil {
			f.guarantee.durability = &durability{*months, *producer}
		}
	}
	if class != nil && best != nil && worst != nil {
		label.class, label.scaleMin, label.scaleMax, label.eprel = *class, *best, *worst, eprel
		f.energyLabel = &label
	}
	p := of(owner)
	f.attributes = p.facts.attributes
	p.facts = read
	return nil
}

// insertFacts queues the facts of products and variants that have none yet, in a fixed number of statements, and in
// none when there are none.
func insertFacts(w *pg.Writes, products []*product, variants []variantOf) {
	insertProductFacts(w, products)
	insertVariantFacts(w, variants)
	var v valueRows
	for _, p := range products {
		v.add(p.id, id.ID{}, p.facts.attributes)
	}
	for _, one := range variants {
		v.add(one.product, one.id, one.facts.attributes)
	}
	v.insert(w)
}

// saveFacts queues what of a product's facts has changed.
func saveFacts(w *pg.Writes, changed []saved) {
	var products []*product
	var variants []variantOf
	var ofProduct, owners, ofVariant []id.ID
	for _, s := range changed {
		c := s.changes.facts
		if c.product {
			products, ofProduct = append(products, s.product), append(ofProduct, s.id)
		}
		if len(c.variants) == 0 {
			continue
		}
		owners, ofVariant = append(owners, s.id), append(ofVariant, c.variants...)
		differs := make(map[id.ID]bool, len(c.variants))
		for _, which := range c.variants {
			differs[which] = true
		}
		for i := range s.variants {
			if differs[s.variants[i].id] {
				variants = append(variants, variantOf{s.id, &s.variants[i]})
			}
		}
	}
	if len(products) > 0 {
		for _, table := range []string{"product_facts", "product_warnings", "product_identifiers", "product_safety_images"} {
			w.Exec(`delete from `+table+` where product_id = any($1::uuid[])`, ofProduct)
		}
		w.Exec(`delete from attribute_values where product_id = any($1::uuid[]) and owner_id = product_id`, ofProduct)
	}
	if len(ofVariant) > 0 {
		w.Exec(`delete from variant_facts where product_id = any($1::uuid[]) and variant_id = any($2::uuid[])`, owners, ofVariant)
		w.Exec(`delete from variant_files where product_id = any($1::uuid[]) and variant_id = any($2::uuid[])`, owners, ofVariant)
		w.Exec(`delete from attribute_values where product_id = any($1::uuid[]) and owner_id = any($2::uuid[])`, owners, ofVariant)
	}
	insertFacts(w, products, variants)
}

func insertProductFacts(w *pg.Writes, products []*product) {
	var r struct {
		warned, identified, pictured        []id.ID
		locales, warnings, types, values    []string
		identifierPositions, imagePositions []int32
		images                              []id.ID
	}
	var rows []factsRow
	for _, p := range products {
		f := p.facts
		if f.bare() {
			continue
		}
		rows = append(rows, newFactsRow(p.id, f))
		if f.gpsr == nil {
			continue
		}
		for _, one := range f.gpsr.warnings {
			r.warned, r.locales, r.warnings = append(r.warned, p.id), append(r.locales, one.locale), append(r.warnings, one.text)
		}
		for i, one := range f.gpsr.identifiers {
			r.identified, r.identifierPositions = append(r.identified, p.id), append(r.identifierPositions, int32(i))
			r.types, r.values = append(r.types, one.typ), append(r.values, one.value)
		}
		for i, image := range f.gpsr.safetyImages {
			r.pictured, r.imagePositions, r.images = append(r.pictured, p.id), append(r.imagePositions, int32(i)), append(r.images, image)
		}
	}
	insertFactsRows(w, rows)
	if len(r.warned) > 0 {
		w.Exec(`insert into product_warnings (product_id, locale, warning) select * from unnest($1::uuid[], $2::text[], $3::text[])`, r.warned, r.locales, r.warnings)
	}
	if len(r.identified) > 0 {
		w.Exec(`insert into product_identifiers (product_id, position, type, value) select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[])`,
			r.identified, r.identifierPositions, r.types, r.values)
	}
	if len(r.pictured) > 0 {
		w.Exec(`insert into product_safety_images (product_id, position, media_id) select * from unnest($1::uuid[], $2::int[], $3::uuid[])`,
			r.pictured, r.imagePositions, r.images)
	}
}

// factsRow is a row of product_facts.
type factsRow struct {
	Product            id.ID   `json:"product_id"`
	Goods              string  `json:"goods"`
	VATClass           *string `json:"vat_class"`
	MinimumAge         *int32  `json:"minimum_age"`
	SoldByMeasure      bool    `json:"sold_by_measure"`
	Manufacturer       *string `json:"manufacturer_name"`
	MakerAddress       *string `json:"manufacturer_address"`
	MakerCountry       *string `json:"manufacturer_country"`
	MakerEmail         *string `json:"manufacturer_email"`
	MakerURL           *string `json:"manufacturer_url"`
	Responsible        *string `json:"responsible_name"`
	AgentAddress       *string `json:"responsible_address"`
	AgentCountry       *string `json:"responsible_country"`
	AgentEmail         *string `json:"responsible_email"`
	AgentURL           *string `json:"responsible_url"`
	LegalGuarantee     *bool   `json:"legal_guarantee"`
	DurabilityMonths   *int32  `json:"durability_months"`
	DurabilityProducer *string `json:"durability_producer"`
	EnergyRequired     bool    `json:"energy_required"`
	EnergyClass        *string `json:"energy_class"`
	EnergyScaleMin     *string `json:"energy_scale_min"`
	EnergyScaleMax     *string `json:"energy_scale_max"`
	EPREL              *string `json:"eprel_id"`
	EnergyImage        *id.ID  `json:"energy_image_id"`
}

func newFactsRow(product id.ID, f productFacts) factsRow {
	r := factsRow{Product: product, Goods: string(f.kind()), MinimumAge: f.minimumAge, SoldByMeasure: f.soldByMeasure, EnergyRequired: f.energyRequired}
	if f.gpsr != nil && f.gpsr.manufacturer != nil {
		maker := f.gpsr.manufacturer
		r.Manufacturer, r.MakerAddress, r.MakerCountry, r.MakerEmail, r.MakerURL = &maker.name, maker.address, maker.country, maker.email, maker.url
	}
	if f.gpsr != nil && f.gpsr.responsible != nil {
		agent := f.gpsr.responsible
		r.Responsible, r.AgentAddress, r.AgentCountry, r.AgentEmail, r.AgentURL = &agent.name, agent.address, agent.country, agent.email, agent.url
	}
	if f.vatClass != "" {
		name := string(f.vatClass)
		r.VATClass = &name
	}
	if f.guarantee != nil {
		r.LegalGuarantee = f.guarantee.legal
		if d := f.guarantee.durability; d != nil {
			r.DurabilityMonths, r.DurabilityProducer = &d.months, &d.producer
		}
	}
	if e := f.energyLabel; e != nil {
		r.EnergyClass, r.EnergyScaleMin, r.EnergyScaleMax, r.EPREL, r.EnergyImage = &e.class, &e.scaleMin, &e.scaleMax, e.eprel, e.image.Ptr()
	}
	return r
}

// insertFactsRows queues rows of product_facts, in one statement.
func insertFactsRows(w *pg.Writes, rows []factsRow) {
	if len(rows) == 0 {
		return
	}
	w.Exec(`insert into product_facts (product_id, goods, vat_class, minimum_age, sold_by_measure, manufacturer_name, manufacturer_address,
			manufacturer_country, manufacturer_email, manufacturer_url, responsible_name, responsible_address, responsible_country, responsible_email,
			responsible_url, legal_guarantee, durability_months, durability_producer, energy_required, energy_class, energy_scale_min, energy_scale_max,
			eprel_id, energy_image_id)
		select product_id, goods, vat_class, minimum_age, sold_by_measure, manufacturer_name, manufacturer_address, manufacturer_country, manufacturer_email,
			manufacturer_url, responsible_name, responsible_address, responsible_country, responsible_email, responsible_url, legal_guarantee,
			durability_months, durability_producer, energy_required, energy_class, energy_scale_min, energy_scale_max, eprel_id, energy_image_id
		from jsonb_populate_recordset(null::product_facts, $1)`, rows)
}

func insertVariantFacts(w *pg.Writes, variants []variantOf) {
	var r struct {
		product, variant                                []id.ID
		quantity, unit, baseUnit, hs, origin, gtin, mpn []*string
		base, length, width, height                     []*int64
	}
	var d struct {
		id, product, variant, media []id.ID
		key                         []*string
		name                        []string
		limit, expires              []*int32
		version                     []int64
		createdAt, updatedAt        []time.Time
	}
	for _, v := range variants {
		f := v.facts
		for _, one := range f.files {
			d.id, d.product, d.variant, d.media = append(d.id, one.id), append(d.product, v.product), append(d.variant, v.id), append(d.media, one.media)
			d.key, d.name, d.limit, d.expires = append(d.key, one.key), append(d.name, one.name), append(d.limit, one.limit), append(d.expires, one.expiresAfter)
			d.version, d.createdAt, d.updatedAt = append(d.version, one.version), append(d.createdAt, one.createdAt), append(d.updatedAt, one.updatedAt)
		}
		if f.bare() {
			continue
		}
		var quantity, unit, baseUnit *string
		var base *int64
		if m := f.measure; m != nil {
			quantity, unit, base, baseUnit = &m.Quantity, &m.Unit, &m.BaseQuantity, &m.BaseUnit
		}
		r.product, r.variant = append(r.product, v.product), append(r.variant, v.id)
		r.quantity, r.unit, r.base, r.baseUnit = append(r.quantity, quantity), append(r.unit, unit), append(r.base, base), append(r.baseUnit, baseUnit)
		r.hs, r.origin, r.gtin, r.mpn = append(r.hs, f.hsCode), append(r.origin, f.origin), append(r.gtin, f.gtin), append(r.mpn, f.mpn)
		r.length, r.width, r.height = append(r.length, f.lengthMM), append(r.width, f.widthMM), append(r.height, f.heightMM)
	}
	if len(r.variant) > 0 {
		w.Exec(`insert into variant_facts (product_id, variant_id, quantity, unit, base_quantity, base_unit, hs_code, country_of_origin, gtin, mpn,
				length_mm, width_mm, height_mm)
			select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
				$11::bigint[], $12::bigint[], $13::bigint[])`,
			r.product, r.variant, r.quantity, r.unit, r.base, r.baseUnit, r.hs, r.origin, r.gtin, r.mpn, r.length, r.width, r.height)
	}
	if len(d.id) > 0 {
		w.Exec(`insert into variant_files (id, product_id, variant_id, media_id, storage_key, name, download_limit, expires_after_days, version, created_at, updated_at)
			select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::int[], $9::bigint[], $10::timestamptz[], $11::timestamptz[])`,
			d.id, d.product, d.variant, d.media, d.key, d.name, d.limit, d.expires, d.version, d.createdAt, d.updatedAt)
	}
}

// valueRows collects values of attributes, each in the column of its type.
type valueRows struct {
	product, variant, attribute    []id.ID
	position                       []int32
	text, key, number, day, choice []*string
	boolean                        []*bool
}

func (r *valueRows) add(product, variant id.ID, values []attributeValue) {
	for _, v := range values {
		for i, value := range v.values {
			var text, key, number, day, choice *string
			var boolean *bool
			switch v.typ {
			case attributeText:
				folded := textKey(value)
				text, key = &value, &folded
			case attributeNumber, attributeInteger:
				number = &value
			case attributeBoolean:
				is := value == "true"
				boolean = &is
			case attributeDate:
				day = &value
			case attributeSelect, attributeMultiselect:
				choice = &value
			}
			r.product, r.variant, r.attribute = append(r.product, product), append(r.variant, variant), append(r.attribute, v.attribute)
			r.position, r.text, r.key = append(r.position, int32(i)), append(r.text, text), append(r.key, key)
			r.number, r.day, r.choice, r.boolean = append(r.number, number), append(r.day, day), append(r.choice, choice), append(r.boolean, boolean)
		}
	}
}

func (r *valueRows) insert(w *pg.Writes) {
	if len(r.product) == 0 {
		return
	}
	w.Exec(`insert into attribute_values (product_id, variant_id, owner_id, attribute_id, position, text_value, text_key, num_value, bool_value, date_value, option_value)
		select v.product, v.variant, coalesce(v.variant, v.product), v.attribute, v.position, v.text, v.key, v.number::numeric, v.boolean, v.day::date, v.choice
		from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::boolean[], $9::text[], $10::text[])
			v (product, variant, attribute, position, text, key, number, boolean, day, choice)`,
		r.product, r.variant, r.attribute, r.position, r.text, r.key, r.number, r.boolean, r.day, r.choice)
}

// marketsSQL reads the markets, each with the categories whose goods are sold by measure: those that say so, and all below.
const marketsSQL = `with recursive measured as (
		select id from categories where sold_by_measure
		union select c.id from categories c join measured m on c.parent_id = m.id)
	select country, enforcement, array(select id from measured) from markets order by position`

func scanMarket(to *[]market) func(rows pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var m market
		err := rows.Scan(&m.country, &m.enforcement, &m.measured)
		*to = append(*to, m)
		return err
	}
}

// loadFactsFrame reads what a change of facts is held to: the attributes of these codes, locked against changes of
// their type and options until the transaction ends, and the shop's markets.
func loadFactsFrame(ctx context.Context, tx *pg.Tx, codes []string) (known map[string]*attribute, markets []market, err error) {
	err = tx.Read(ctx, func(b *pg.Batch) {
		known, markets = map[string]*attribute{}, nil
		if len(codes) > 0 {
			b.Queue(`select from attributes where code = any($1::text[]) order by id for share`, codes)
			pg.Each(b.Queue(`select `+attributeColumns+` from attributes a where a.code = any($1::text[])`, codes), func(rows pgx.Rows) error {
				a, err := scanAttribute(rows)
				known[a.code] = a
				return err
			})
		}
		pg.Each(b.Queue(marketsSQL), scanMarket(&markets))
	})
	return known, markets, err
}

// findMarkets reads the markets and their version; 1 is a shop that never set any.
func findMarkets(ctx context.Context, db *pg.DB) ([]market, int64, error) {
	return readMarkets("", func(build func(b *pg.Batch)) error { return db.Read(ctx, build) })
}

// loadMarkets reads the markets; those who change them take turns.
func loadMarkets(ctx context.Context, tx *pg.Tx) ([]market, int64, error) {
	return readMarkets(`select pg_advisory_xact_lock(hashtext('catalog.markets'), hashtext(current_tenant()::text))`,
		func(build func(b *pg.Batch)) error { return tx.Read(ctx, build) })
}

func readMarkets(lock string, read func(build func(b *pg.Batch)) error) (markets []market, version int64, err error) {
	err = read(func(b *pg.Batch) {
		var found bool
		markets, version = nil, 1
		if lock != "" {
			b.Queue(lock)
		}
		pg.Each(b.Queue(marketsSQL), scanMarket(&markets))
		pg.Row(b.Queue(`select version from market_settings`), &found, &version)
	})
	return markets, version, err
}

func saveMarkets(w *pg.Writes, markets []market, version int64, at time.Time) {
	countries, enforcements, positions := make([]string, len(markets)), make([]string, len(markets)), make([]int32, len(markets))
	for i, m := range markets {
		countries[i], enforcements[i], positions[i] = m.country, string(m.enforcement), int32(i)
	}
	w.Exec(`insert into market_settings (version, updated_at) values ($1, $2)
		on conflict (tenant_id) do update set version = excluded.version, updated_at = excluded.updated_at`, version, at)
	w.Exec(`delete from markets where country <> all($1::text[])`, countries)
	w.Exec(`insert into markets (country, enforcement, position) select * from unnest($1::text[], $2::text[], $3::int[])
		on conflict (tenant_id, country) do update set enforcement = excluded.enforcement, position = excluded.position`, countries, enforcements, positions)
}
