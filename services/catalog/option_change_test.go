package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/services/catalog"
)

// opt reads "Size=size: Small=S, M", where what stands behind = is what it was.
func opt(text string) *catalogv1.OptionInput {
	name, values, _ := strings.Cut(text, ": ")
	o := &catalogv1.OptionInput{}
	o.Name, o.Was, _ = strings.Cut(name, "=")
	for value := range strings.SplitSeq(values, ", ") {
		v := &catalogv1.OptionValueInput{}
		v.Value, v.Was, _ = strings.Cut(value, "=")
		o.Values = append(o.Values, v)
	}
	return o
}

// chosenBy is what shoppers choose by, and what each variant is.
func chosenBy(p *catalogv1.Product) string {
	var out []string
	for _, o := range p.GetOptions() {
		out = append(out, o.GetName()+" "+strings.Join(o.GetValues(), "/"))
	}
	for _, v := range p.GetVariants() {
		out = append(out, fmt.Sprint(v.GetTitle(), v.GetOptions()))
	}
	return strings.Join(out, "; ")
}

func TestSetOptions(t *testing.T) {
	t.Parallel()
	l := openLiving(t)
	p := l.create(t, &catalogv1.CreateProductRequest{Title: "Shirt", Status: asPublished, Variants: []*catalogv1.VariantInput{
		{Options: map[string]string{"size": "S", "colour": "red"}, Price: euros(1)},
		{Options: map[string]string{"size": "M", "colour": "red"}, Price: euros(1), Title: "The red one"},
		{Options: map[string]string{"size": "M", "colour": "blue"}, Price: euros(1)},
	}})
	same(t, "made", chosenBy(p), "colour red/blue; size S/M; red / Smap[colour:red size:S]; The red onemap[colour:red size:M]; blue / Mmap[colour:blue size:M]")
	must(l.translations.SetProductTranslation(l.ctx, &catalogv1.SetProductTranslationRequest{ProductId: p.GetId(), Translation: &catalogv1.ProductTranslation{
		Locale: "de", Slug: new("hemd"), Title: new("Hemd"), Options: []*catalogv1.OptionTranslation{
			{Name: "colour", Translation: new("Farbe"), Values: map[string]string{"red": "rot"}}, {Name: "size", Values: map[string]string{"S": "klein"}},
		},
	}}))(t)
	set := func(options ...string) (*catalogv1.Product, error) {
		req := &catalogv1.SetOptionsRequest{ProductId: p.GetId()}
		for _, o := range options {
			req.Options = append(req.Options, opt(o))
		}
		res, err := l.SetOptions(l.ctx, req)
		return res.GetProduct(), err
	}
	version := l.read(t, p.GetId()).GetVersion()
	now := must(set("Size=size: XS, Small=S, M", "Colour=colour: blue, crimson=red"))(t)
	same(t, "renamed and in another order", chosenBy(now),
		"Size XS/Small/M; Colour blue/crimson; Small / crimsonmap[Colour:crimson Size:Small]; The red onemap[Colour:crimson Size:M]; M / bluemap[Colour:blue Size:M]")
	same(t, "version", now.GetVersion(), version+1)
	same(t, "read again", chosenBy(l.read(t, p.GetId())), chosenBy(now))
	l.documents(t, "new options")
	german := must(l.GetStoreProduct(l.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: "hemd", Locales: []string{"de"}}))(t).GetProduct()
	same(t, "in German", chosenBy(german), "Size XS/klein/M; Farbe blue/rot; klein / rotmap[Farbe:rot Size:klein]; The red onemap[Farbe:rot Size:M]; M / bluemap[Farbe:blue Size:M]")

	same(t, "the same again", must(set("Size: XS, Small, M", "Colour: blue, crimson"))(t).GetVersion(), version+1)
	now = must(set("Size: Small=M, M=Small", "Colour: blue, crimson"))(t)
	same(t, "values change places, and one nobody has goes", chosenBy(now),
		"Size Small/M; Colour blue/crimson; M / crimsonmap[Colour:crimson Size:M]; The red onemap[Colour:crimson Size:Small]; Small / bluemap[Colour:blue Size:Small]")
	now = must(set("Colour=Size: Small, M", "Size=Colour: blue, crimson", "Fit: slim"))(t)
	same(t, "options change places, and one more", chosenBy(now),
		"Colour Small/M; Size blue/crimson; Fit slim; M / crimsonmap[Colour:M Size:crimson]; The red onemap[Colour:Small Size:crimson]; Small / bluemap[Colour:Small Size:blue]")
	l.documents(t, "options that changed places")
	same(t, "variants read for a cart", must(l.ResolveVariants(l.ctx, &catalogv1.ResolveVariantsRequest{Ids: variantIDs(p)[:1]}))(t).GetVariants()[0].GetOptions()["Colour"], "M")

	before := chosenBy(now)
	for name, try := range map[string]struct {
		options []string
		want    error
		field   string
	}{
		"none":                    {nil, catalog.ErrOptionInUse, "options"},
		"without one that is had": {[]string{"Colour: Small, M"}, catalog.ErrOptionInUse, "options"},
		"without a value":         {[]string{"Colour: Small", "Size: blue, crimson"}, catalog.ErrOptionInUse, "options"},
		"a stranger":              {[]string{"X=Y: a"}, catalog.ErrOptionInvalid, "options[0].was"},
		"a strange value":         {[]string{"Colour: a=b"}, catalog.ErrOptionInvalid, "options[0].values[0].was"},
		"one option twice":        {[]string{"A=Colour: Small, M", "B=Colour: Small, M"}, catalog.ErrOptionInvalid, "options[1].was"},
		"one value twice":         {[]string{"Colour: a=M, b=M"}, catalog.ErrOptionInvalid, "options[0].values[1].was"},
		"one name twice":          {[]string{"Colour: Small, M", "colour: blue"}, catalog.ErrOptionInvalid, "options[1].name"},
	} {
		_, err := set(try.options...)
		wants(t, name, err, try.want)
		if f := fault.From(err).Fields(); len(f) == 0 || f[0].Field != try.field {
			t.Errorf("%s: it names %v, want %s", name, f, try.field)
		}
	}
	_, err := l.SetOptions(l.ctx, &catalogv1.SetOptionsRequest{ProductId: p.GetId(), IfVersion: 1, Options: []*catalogv1.OptionInput{opt("A: b")}})
	wants(t, "a stale version", err, catalog.ErrVersionConflict)
	_, err = l.SetOptions(l.elsewhere(t), &catalogv1.SetOptionsRequest{ProductId: p.GetId()})
	wants(t, "another shop", err, catalog.ErrProductNotFound)
	same(t, "after all that", chosenBy(l.read(t, p.GetId())), before)

	// What was sold and deleted holds nothing back.
	l.sell(t, variantIDs(p)[2])
	must(l.DeleteVariant(l.ctx, &catalogv1.DeleteVariantRequest{ProductId: p.GetId(), Id: variantIDs(p)[2]}))(t)
	now = must(set("Size: crimson", "Colour: Small, M"))(t)
	same(t, "without blue", chosenBy(now), "Size crimson; Colour Small/M; crimson / Mmap[Colour:M Size:crimson]; The red onemap[Colour:Small Size:crimson]; Small / bluemap[Colour:Small]")
	l.documents(t, "what was archived lost a value")
}
