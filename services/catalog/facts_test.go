package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/door"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rpc"
	"github.com/sovecom/sovecom/services/catalog"
)

// factory is the room with the door of its facts.
type factory struct {
	room
	catalogv1connect.FactsServiceClient
}

func openFacts(t *testing.T) factory {
	t.Helper()
	r := open(t)
	deps := rpc.Deps{Logger: slog.New(slog.DiscardHandler)}
	server := must(rpc.NewServer(deps))(t)
	r.svc.Mount(server)
	return factory{r, catalogv1connect.NewFactsServiceClient(must(rpc.NewClient(door.Memory(server), deps))(t))}
}

// attribute makes one that is filterable and shown.
func (f factory) attribute(t *testing.T, code string, typ catalogv1.AttributeType, options ...string) *catalogv1.Attribute {
	t.Helper()
	req := &catalogv1.CreateAttributeRequest{Code: code, Name: strings.ToUpper(code[:1]) + code[1:], Type: typ, Filterable: true, Shown: true}
	for _, o := range options {
		req.Options = append(req.Options, &catalogv1.AttributeOption{Value: o, Label: "The " + o})
	}
	return must(f.CreateAttribute(f.ctx, req))(t).GetAttribute()
}

func textOf(code, value string) *catalogv1.AttributeInput {
	return &catalogv1.AttributeInput{Code: code, Value: &catalogv1.AttributeInput_Text{Text: value}}
}

func numberOf(code, value string) *catalogv1.AttributeInput {
	return &catalogv1.AttributeInput{Code: code, Value: &catalogv1.AttributeInput_Number{Number: value}}
}

func listOf(code string, values ...string) *catalogv1.AttributeInput {
	return &catalogv1.AttributeInput{Code: code, Value: &catalogv1.AttributeInput_List{List: &catalogv1.AttributeTexts{Values: values}}}
}

func cleared(code string) *catalogv1.AttributeInput {
	return &catalogv1.AttributeInput{Code: code, Value: &catalogv1.AttributeInput_Clear{Clear: true}}
}

func shownValues(values []*catalogv1.AttributeValue) string {
	var out []string
	for _, v := range values {
		one := v.GetCode() + "=" + strings.Join(v.GetValues(), "+")
		if len(v.GetLabels()) > 0 {
			one += "(" + strings.Join(v.GetLabels(), "+") + ")"
		}
		out = append(out, one)
	}
	return strings.Join(out, " ")
}

func field(err error) string {
	if fields := fault.From(err).Fields(); len(fields) > 0 {
		return fields[0].Field
	}
	return ""
}

func TestAttributesOfProducts(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	f.attribute(t, "material", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	width := f.attribute(t, "width", catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER)
	f.attribute(t, "pieces", catalogv1.AttributeType_ATTRIBUTE_TYPE_INTEGER)
	f.attribute(t, "organic", catalogv1.AttributeType_ATTRIBUTE_TYPE_BOOLEAN)
	f.attribute(t, "since", catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE)
	color := f.attribute(t, "color", catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, "red", "blue")
	f.attribute(t, "care", catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT, "wash", "iron", "dry")
	req := shirt("Throw", "S", "M")
	req.Attributes = []*catalogv1.AttributeInput{
		textOf("material", "Linen, washed"), numberOf("width", "130.50"), numberOf("pieces", "2"), textOf("since", "2026-01-31"),
		{Code: "organic", Value: &catalogv1.AttributeInput_Boolean{Boolean: false}}, listOf("care", "dry", "wash"),
	}
	req.Variants[1].Attributes = []*catalogv1.AttributeInput{textOf("color", "blue")}
	p := f.create(t, req)
	f.documents(t, "a product with attributes")
	const all = "care=wash+dry(The wash+The dry) material=Linen, washed organic=false pieces=2 since=2026-01-31 width=130.5"
	same(t, "values", shownValues(p.GetAttributes()), all)
	same(t, "values of the variant", shownValues(p.GetVariants()[1].GetAttributes()), "color=blue(The blue)")
	same(t, "values of the other", shownValues(p.GetVariants()[0].GetAttributes()), "")

	// Not named stays, null clears, and the same again is no change.
	changed := must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Attributes: []*catalogv1.AttributeInput{cleared("care"), numberOf("width", "0130.5")}}))(t).GetProduct()
	f.documents(t, "a cleared attribute")
	same(t, "values left", shownValues(changed.GetAttributes()), strings.TrimPrefix(all, "care=wash+dry(The wash+The dry) "))
	again := must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Attributes: []*catalogv1.AttributeInput{cleared("care")}}))(t).GetProduct()
	same(t, "version after nothing changed", again.GetVersion(), changed.GetVersion())
	which := p.GetVariants()[0].GetId()
	v := must(f.UpdateVariant(f.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: which, Attributes: []*catalogv1.AttributeInput{textOf("color", "red"), numberOf("pieces", "7")}}))(t).GetVariant()
	f.documents(t, "a variant's attributes")
	same(t, "values of the variant", shownValues(v.GetAttributes()), "color=red(The red) pieces=7")
	same(t, "version of the variant", v.GetVersion(), 2)

	// Renaming is seen at once, in a page and in a list, and hiding too.
	must(f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{
		Id: color.GetId(), IfVersion: 1, Name: new("Colour"),
		Options: &catalogv1.AttributeOptions{Options: []*catalogv1.AttributeOption{{Value: "blue", Label: "Azure"}, {Value: "red", Label: "Crimson"}}},
	}))(t)
	must(f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: width.GetId(), Shown: new(false), Unit: new("cm")}))(t)
	shop := must(f.GetStoreProduct(f.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetSlug()}))(t).GetProduct()
	same(t, "in the shop", shownValues(shop.GetVariants()[0].GetAttributes()), "color=red(Crimson) pieces=7")
	same(t, "the name in the shop", shop.GetVariants()[0].GetAttributes()[0].GetName(), "Colour")
	if strings.Contains(shownValues(shop.GetAttributes()), "width") {
		t.Error("a hidden attribute is shown")
	}
	list := must(f.ListStoreProducts(f.ctx, &catalogv1.ListStoreProductsRequest{}))(t).GetProducts()
	if len(list) != 1 || !proto.Equal(list[0], shop) {
		t.Errorf("the list shows %v", list)
	}
	staff := f.read(t, p.GetId())
	if w := staff.GetAttributes()[len(staff.GetAttributes())-1]; w.GetCode() != "width" || w.GetUnit() != "cm" {
		t.Errorf("staff see %v", w)
	}
	exported := must(f.ExportProducts(f.ctx, &catalogv1.ExportProductsRequest{}))(t).GetProducts()
	if len(exported) != 1 || !proto.Equal(exported[0], staff) {
		t.Errorf("exported %v", exported)
	}
	f.documents(t, "renaming")

	// What is in use stays.
	_, err := f.DeleteAttribute(f.ctx, &catalogv1.DeleteAttributeRequest{Id: color.GetId()})
	wants(t, "deleting an attribute in use", err, catalog.ErrAttributeInUse)
	if o := fault.From(err).Objects(); len(o) != 1 || fmt.Sprint(o[0]["products"]) != "1" {
		t.Errorf("it says %v", o)
	}
	_, err = f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: width.GetId(), Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT})
	wants(t, "another type while in use", err, catalog.ErrAttributeInUse)
	_, err = f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{
		Id: color.GetId(), Options: &catalogv1.AttributeOptions{Options: []*catalogv1.AttributeOption{{Value: "red", Label: "Red"}}},
	})
	wants(t, "taking an option that was chosen", err, catalog.ErrAttributeInUse)
	must(f.UpdateVariant(f.ctx, &catalogv1.UpdateVariantRequest{ProductId: p.GetId(), Id: p.GetVariants()[1].GetId(), Attributes: []*catalogv1.AttributeInput{cleared("color")}}))(t)
	must(f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{
		Id: color.GetId(), Options: &catalogv1.AttributeOptions{Options: []*catalogv1.AttributeOption{{Value: "red", Label: "Red"}}},
	}))(t)
	must(f.DeleteProduct(f.ctx, &catalogv1.DeleteProductRequest{Id: p.GetId()}))(t)
	must(f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: width.GetId(), Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT}))(t)
	must(f.DeleteAttribute(f.ctx, &catalogv1.DeleteAttributeRequest{Id: color.GetId()}))(t)
	_, err = f.DeleteAttribute(f.ctx, &catalogv1.DeleteAttributeRequest{Id: color.GetId()})
	wants(t, "deleting it twice", err, catalog.ErrAttributeNotFound)
}

func TestAttributeCommands(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	for i := range 5 {
		f.attribute(t, fmt.Sprintf("a%d", i), catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	}
	_, err := f.CreateAttribute(f.ctx, &catalogv1.CreateAttributeRequest{Code: "a3", Name: "Again", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE})
	wants(t, "a code twice", err, catalog.ErrAttributeTaken)
	_, err = f.CreateAttribute(f.ctx, &catalogv1.CreateAttributeRequest{Code: "Bad", Name: "Bad", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE})
	wants(t, "a bad code", err, catalog.ErrAttributeInvalid)
	_, err = f.CreateAttribute(f.ctx, &catalogv1.CreateAttributeRequest{Code: "bad", Name: "A\x00B", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE})
	wants(t, "a name that cannot be stored", err, catalog.ErrTextInvalid)

	// Pages are whole and do not overlap.
	var codes []string
	page := &typev1.PageRequest{Limit: 2}
	for {
		list := must(f.ListAttributes(f.ctx, &catalogv1.ListAttributesRequest{Page: page}))(t)
		same(t, "total", list.GetPage().GetTotal(), 5)
		for _, a := range list.GetAttributes() {
			codes = append(codes, a.GetCode())
		}
		if len(list.GetPage().GetNext()) == 0 {
			break
		}
		page = &typev1.PageRequest{Limit: 2, After: list.GetPage().GetNext()}
	}
	same(t, "codes", strings.Join(codes, " "), "a0 a1 a2 a3 a4")
	found := must(f.ListAttributes(f.ctx, &catalogv1.ListAttributesRequest{Q: "A3"}))(t).GetAttributes()
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	a3 := found[0]
	_, err = f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: a3.GetId(), IfVersion: 7, Name: new("Late")})
	wants(t, "a stale version", err, catalog.ErrVersionConflict)
	same(t, "version after nothing changed", must(f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: a3.GetId(), Name: &a3.Name}))(t).GetAttribute().GetVersion(), 1)
	_, err = f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: a3.GetId(), Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT})
	wants(t, "a select without options", err, catalog.ErrAttributeInvalid)
	_, err = f.GetAttribute(f.elsewhere(t), &catalogv1.GetAttributeRequest{Id: a3.GetId()})
	wants(t, "another shop's attribute", err, catalog.ErrAttributeNotFound)
	_, err = f.UpdateAttribute(f.elsewhere(t), &catalogv1.UpdateAttributeRequest{Id: a3.GetId(), Name: new("Mine")})
	wants(t, "changing another shop's attribute", err, catalog.ErrAttributeNotFound)
	_, err = f.DeleteAttribute(f.elsewhere(t), &catalogv1.DeleteAttributeRequest{Id: a3.GetId()})
	wants(t, "deleting another shop's attribute", err, catalog.ErrAttributeNotFound)
}

// Nothing of a request that is wrong anywhere is written.
func TestAttributeAttacks(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	f.attribute(t, "material", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	f.attribute(t, "width", catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER)
	p := f.create(t, shirt("Throw", "S"))
	many := make([]*catalogv1.AttributeInput, 10_000)
	for i := range many {
		many[i] = textOf(fmt.Sprintf("a%d", i), "x")
	}
	for _, c := range []struct {
		what   string
		inputs []*catalogv1.AttributeInput
		field  string
	}{
		{"an unknown attribute", []*catalogv1.AttributeInput{textOf("material", "Linen"), textOf("colour", "red")}, "attributes.colour"},
		{"a text for a number", []*catalogv1.AttributeInput{textOf("material", "Linen"), textOf("width", "wide")}, "attributes.width"},
		{"a list for a text", []*catalogv1.AttributeInput{listOf("material", "a", "b")}, "attributes.material"},
		{"a huge text", []*catalogv1.AttributeInput{textOf("material", strings.Repeat("x", 1_000_000))}, "attributes.material"},
		{"a huge number", []*catalogv1.AttributeInput{numberOf("width", strings.Repeat("9", 100_000))}, "attributes.width"},
		{"10 000 attributes", many, "attributes"},
	} {
		_, err := f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Title: new("Changed"), Attributes: c.inputs})
		if fault.From(err).Kind() != fault.KindInvalid || field(err) != c.field {
			t.Errorf("%s: got %v of %q", c.what, err, field(err))
		}
		req := shirt("Made", "S")
		req.Variants[0].Attributes = c.inputs
		_, err = f.CreateProduct(f.ctx, req)
		if fault.From(err).Kind() != fault.KindInvalid || field(err) != "variants[0]."+c.field {
			t.Errorf("%s of a new variant: got %v of %q", c.what, err, field(err))
		}
	}
	_, err := f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Attributes: []*catalogv1.AttributeInput{textOf("material", "a\x00b")}})
	wants(t, "a text that cannot be stored", err, catalog.ErrTextInvalid)
	if now := f.read(t, p.GetId()); !proto.Equal(now, p) {
		t.Errorf("something was written: %v", now)
	}
	same(t, "products", must(f.ListProducts(f.ctx, &catalogv1.ListProductsRequest{}))(t).GetPage().GetTotal(), 1)

	// Another shop has neither the attribute nor its values, and may have the same code.
	there := f.elsewhere(t)
	req := shirt("Theirs", "S")
	req.Attributes = []*catalogv1.AttributeInput{textOf("material", "Wool")}
	_, err = f.CreateProduct(there, req)
	wants(t, "another shop's attribute", err, catalog.ErrAttributeValue)
	must(f.CreateAttribute(there, &catalogv1.CreateAttributeRequest{Code: "material", Name: "Theirs", Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT, Filterable: true, Shown: true}))(t)
	theirs := must(f.CreateProduct(there, req))(t).GetProduct()
	same(t, "its name there", theirs.GetAttributes()[0].GetName(), "Theirs")
	filter := []*catalogv1.AttributeFilter{{Code: "material", Values: []string{"wool"}}}
	same(t, "found there", must(f.ListStoreProducts(there, &catalogv1.ListStoreProductsRequest{Attributes: filter}))(t).GetPage().GetTotal(), 1)
	same(t, "found here", must(f.ListStoreProducts(f.ctx, &catalogv1.ListStoreProductsRequest{Attributes: filter}))(t).GetPage().GetTotal(), 0)
}

func TestFiltersByAttribute(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	f.attribute(t, "material", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	f.attribute(t, "width", catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER)
	f.attribute(t, "serial", catalogv1.AttributeType_ATTRIBUTE_TYPE_INTEGER)
	f.attribute(t, "organic", catalogv1.AttributeType_ATTRIBUTE_TYPE_BOOLEAN)
	f.attribute(t, "since", catalogv1.AttributeType_ATTRIBUTE_TYPE_DATE)
	f.attribute(t, "color", catalogv1.AttributeType_ATTRIBUTE_TYPE_SELECT, "red", "blue", "7")
	f.attribute(t, "care", catalogv1.AttributeType_ATTRIBUTE_TYPE_MULTISELECT, "wash", "iron")
	hidden := f.attribute(t, "secret", catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
	must(f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: hidden.GetId(), Filterable: new(false)}))(t)
	make1 := func(title string, ofProduct, ofVariant []*catalogv1.AttributeInput) {
		req := shirt(title, "S", "M")
		req.Attributes, req.Variants[1].Attributes = ofProduct, ofVariant
		f.create(t, req)
	}
	make1("A", []*catalogv1.AttributeInput{
		textOf("material", "Écru Linen"), numberOf("width", "10"), numberOf("serial", "9007199254740991"), textOf("secret", "x"), textOf("since", "2026-01-01"),
	}, []*catalogv1.AttributeInput{textOf("color", "red"), numberOf("width", "30")})
	make1("B", []*catalogv1.AttributeInput{
		textOf("material", "Wool"), numberOf("width", "20.5"), {Code: "organic", Value: &catalogv1.AttributeInput_Boolean{Boolean: true}}, textOf("since", "2026-06-30"),
	}, []*catalogv1.AttributeInput{textOf("color", "blue"), listOf("care", "wash", "iron")})
	make1("C", []*catalogv1.AttributeInput{textOf("color", "7"), listOf("care", "iron")}, nil)
	any1 := func(code string, values ...string) *catalogv1.AttributeFilter {
		return &catalogv1.AttributeFilter{Code: code, Values: values}
	}
	between := func(code, low, high string) *catalogv1.AttributeFilter {
		out := &catalogv1.AttributeFilter{Code: code}
		if low != "" {
			out.Min = &low
		}
		if high != "" {
			out.Max = &high
		}
		return out
	}
	for _, c := range []struct {
		filters []*catalogv1.AttributeFilter
		want    string // titles, or the parameter that is wrong behind a "!"
	}{
		{[]*catalogv1.AttributeFilter{any1("material", "ecru LINEN")}, "A"},
		{[]*catalogv1.AttributeFilter{any1("material", "linen")}, ""},
		{[]*catalogv1.AttributeFilter{any1("color", "red", "blue")}, "A B"},
		{[]*catalogv1.AttributeFilter{any1("color", "7")}, "C"},
		{[]*catalogv1.AttributeFilter{any1("care", "iron")}, "B C"},
		{[]*catalogv1.AttributeFilter{any1("care", "wash"), any1("color", "blue")}, "B"},
		{[]*catalogv1.AttributeFilter{any1("care", "wash"), any1("color", "red")}, ""},
		{[]*catalogv1.AttributeFilter{any1("organic", "true")}, "B"},
		{[]*catalogv1.AttributeFilter{any1("organic", "true", "false")}, "B"},
		{[]*catalogv1.AttributeFilter{any1("width", "20.50")}, "B"},
		{[]*catalogv1.AttributeFilter{any1("serial", "9007199254740991")}, "A"},
		{[]*catalogv1.AttributeFilter{any1("since", "2026-06-30")}, "B"},
		{[]*catalogv1.AttributeFilter{between("width", "10", "20")}, "A"},
		{[]*catalogv1.AttributeFilter{between("width", "10", "20.5")}, "A B"},
		{[]*catalogv1.AttributeFilter{between("width", "25", "")}, "A"},
		{[]*catalogv1.AttributeFilter{between("width", "11", "20")}, ""}, // A has 10 and 30, neither of which is between
		{[]*catalogv1.AttributeFilter{between("serial", "9007199254740991", "")}, "A"},
		{[]*catalogv1.AttributeFilter{between("since", "", "2026-01-31")}, "A"},
		{[]*catalogv1.AttributeFilter{between("since", "2026-01-02", "2026-12-31")}, "B"},
		{[]*catalogv1.AttributeFilter{any1("colour", "red")}, "!attr.colour"},
		{[]*catalogv1.AttributeFilter{any1("secret", "x")}, "!attr.secret"},
		{[]*catalogv1.AttributeFilter{any1("color", "pink")}, "!attr.color"},
		{[]*catalogv1.AttributeFilter{any1("organic", "yes")}, "!attr.organic"},
		{[]*catalogv1.AttributeFilter{any1("width", "wide")}, "!attr.width"},
		{[]*catalogv1.AttributeFilter{any1("since", "2026-02-30")}, "!attr.since"},
		{[]*catalogv1.AttributeFilter{any1("serial", "1.5")}, "!attr.serial"},
		{[]*catalogv1.AttributeFilter{between("width", "a", "")}, "!attr.width.min"},
		{[]*catalogv1.AttributeFilter{between("width", "", "2026-01-01")}, "!attr.width.max"},
		{[]*catalogv1.AttributeFilter{between("since", "1", "")}, "!attr.since.min"},
		{[]*catalogv1.AttributeFilter{between("color", "", "1")}, "!attr.color.max"},
		{[]*catalogv1.AttributeFilter{between("nothing", "1", "2")}, "!attr.nothing.min"},
		{[]*catalogv1.AttributeFilter{any1("'; drop table products; --", "x\x00")}, "!attr.'; drop table products; --"},
	} {
		show := func(products []*catalogv1.Product, total int64, err error) string {
			if err != nil {
				wants(t, "a wrong filter", err, catalog.ErrAttributeFilter)
				same(t, "its kind", fault.From(err).Kind(), fault.KindMalformed)
				return "!" + field(err)
			}
			var titles []string
			for _, p := range products {
				titles = append(titles, p.GetTitle())
			}
			same(t, "total", total, int64(len(products)))
			return strings.Join(titles, " ")
		}
		store, err := f.ListStoreProducts(f.ctx, &catalogv1.ListStoreProductsRequest{Attributes: c.filters, Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE})
		if got := show(store.GetProducts(), store.GetPage().GetTotal(), err); got != c.want {
			t.Errorf("%v: the shop lists %q, want %q", c.filters, got, c.want)
		}
		staff, err := f.ListProducts(f.ctx, &catalogv1.ListProductsRequest{Attributes: c.filters, Sort: catalogv1.ProductSort_PRODUCT_SORT_TITLE})
		if got := show(staff.GetProducts(), staff.GetPage().GetTotal(), err); got != c.want {
			t.Errorf("%v: staff list %q, want %q", c.filters, got, c.want)
		}
	}
}

// An attribute that is being deleted, or given another type, and a product that takes a value of it at the same
// moment: one of the two is refused, and no value is left of a type that is not the attribute's.
func TestAttributeRaces(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	for i := range 8 {
		a := f.attribute(t, fmt.Sprintf("race%d", i), catalogv1.AttributeType_ATTRIBUTE_TYPE_TEXT)
		p := f.create(t, shirt(fmt.Sprintf("Racer %d", i), "S"))
		var took, against error
		var both sync.WaitGroup
		both.Go(func() {
			_, took = f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Attributes: []*catalogv1.AttributeInput{textOf(a.GetCode(), "x")}})
		})
		both.Go(func() {
			if i%2 == 0 {
				_, against = f.DeleteAttribute(f.ctx, &catalogv1.DeleteAttributeRequest{Id: a.GetId()})
				return
			}
			_, against = f.UpdateAttribute(f.ctx, &catalogv1.UpdateAttributeRequest{Id: a.GetId(), Type: catalogv1.AttributeType_ATTRIBUTE_TYPE_NUMBER})
		})
		both.Wait()
		switch {
		case took == nil && errors.Is(against, catalog.ErrAttributeInUse):
		case against == nil && errors.Is(took, catalog.ErrAttributeValue):
		default:
			t.Errorf("round %d: the product got %v, the attribute %v", i, took, against)
		}
	}
	f.documents(t, "the races")
}

// facts of a product that lacks nothing in Germany, but for its picture.
func germanFacts() *catalogv1.ProductFacts {
	return &catalogv1.ProductFacts{
		VatClass: catalogv1.VatClass_VAT_CLASS_REDUCED, MinimumAge: new(int32(16)), EnergyLabelRequired: true,
		Gpsr: &catalogv1.Gpsr{
			Manufacturer:      &catalogv1.EconomicOperator{Name: "Maker", Address: new("1 Road"), Country: new("CN"), Email: new("a@maker.example")},
			ResponsiblePerson: &catalogv1.EconomicOperator{Name: "Agent", Address: new("2 Road"), Country: new("DE"), Url: new("https://agent.example")},
			Warnings:          map[string]string{"de": "Heiß", "en": "Hot"},
			Identifiers:       []*catalogv1.ProductIdentifier{{Type: "model", Value: "M-1"}, {Type: "batch", Value: "7"}},
		},
		Guarantee:   &catalogv1.Guarantee{LegalGuarantee: new(true), DurabilityLabel: &catalogv1.DurabilityLabel{Months: 60, Producer: "Maker"}},
		EnergyLabel: &catalogv1.EnergyLabel{Class: "B", ScaleMin: "A", ScaleMax: "G", EprelId: new("123")},
	}
}

func given(values *catalogv1.ProductFacts, fields ...string) *catalogv1.ProductFactsPatch {
	return &catalogv1.ProductFactsPatch{Values: values, Given: fields}
}

func allGiven(values *catalogv1.ProductFacts) *catalogv1.ProductFactsPatch {
	return given(values, "goods", "vat_class", "minimum_age", "gpsr", "guarantee", "energy_label", "energy_label_required", "sold_by_measure")
}

func variantGiven(values *catalogv1.VariantFacts) *catalogv1.VariantFactsPatch {
	return &catalogv1.VariantFactsPatch{Values: values, Given: []string{
		"unit_price", "hs_code", "country_of_origin", "gtin", "mpn", "length_mm", "width_mm", "height_mm",
	}}
}

func tea() *catalogv1.VariantFacts {
	return &catalogv1.VariantFacts{
		UnitPrice: &catalogv1.UnitMeasure{Quantity: "250", Unit: "g", BaseQuantity: 1, BaseUnit: "kg"}, HsCode: new("09021000"), CountryOfOrigin: new("CN"),
		Gtin: new("4006381333931"), Mpn: new("T-250"), LengthMm: new(int64(1)), WidthMm: new(int64(2)), HeightMm: new(int64(0)),
	}
}

func TestFactsOfProducts(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	req := shirt("Tea", "S", "M")
	req.Images = []*catalogv1.ImageInput{picture("front"), picture("label")}
	facts := germanFacts()
	facts.Gpsr.SafetyImageIds, facts.EnergyLabel.LabelImageId = []string{req.Images[1].GetId()}, new(req.Images[1].GetId())
	req.Facts, req.Variants[0].Facts = allGiven(facts), variantGiven(tea())
	p := f.create(t, req)
	f.documents(t, "a product with facts")
	if !proto.Equal(p.GetFacts(), facts) || !proto.Equal(p.GetVariants()[0].GetFacts(), tea()) || p.GetVariants()[1].GetFacts() != nil {
		t.Errorf("got %v\nof %v", p.GetFacts(), p.GetVariants())
	}
	shop := must(f.GetStoreProduct(f.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: p.GetId()}))(t).GetProduct()
	wantStore := proto.CloneOf(facts)
	wantStore.VatClass, wantStore.EnergyLabelRequired = catalogv1.VatClass_VAT_CLASS_UNSPECIFIED, false
	if v := shop.GetVariants()[0].GetFacts(); !proto.Equal(shop.GetFacts(), wantStore) || v.HsCode != nil || v.Gtin != nil || v.LengthMm != nil || v.GetCountryOfOrigin() != "CN" || v.GetUnitPrice() == nil {
		t.Errorf("the shop shows %v and %v", shop.GetFacts(), v)
	}
	resolved := must(f.ResolveVariants(f.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{p.GetVariants()[0].GetId()}}))(t).GetVariants()[0]
	if resolved.GetVatClass() != catalogv1.VatClass_VAT_CLASS_REDUCED || resolved.GetDigital() || resolved.GetPrice().GetAmount() != 1000 || resolved.GetSku() == "" {
		t.Errorf("resolved %v", resolved)
	}

	// What is not named stays; named and absent is cleared.
	now := must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{
		Id: p.GetId(), Facts: given(&catalogv1.ProductFacts{Goods: catalogv1.GoodsKind_GOODS_KIND_SERVICE}, "goods", "minimum_age", "energy_label"),
	}))(t).GetProduct()
	f.documents(t, "changed facts")
	if now.GetFacts().MinimumAge != nil || now.GetFacts().GetEnergyLabel() != nil || now.GetFacts().GetGoods() != catalogv1.GoodsKind_GOODS_KIND_SERVICE || !proto.Equal(now.GetFacts().GetGpsr(), facts.GetGpsr()) {
		t.Errorf("got %v", now.GetFacts())
	}
	v := must(f.UpdateVariant(f.ctx, &catalogv1.UpdateVariantRequest{
		ProductId: p.GetId(), Id: p.GetVariants()[0].GetId(), Price: euros(5), Facts: &catalogv1.VariantFactsPatch{Given: []string{"gtin", "unit_price"}},
	}))(t).GetVariant()
	f.documents(t, "a variant's changed facts")
	if v.GetFacts().Gtin != nil || v.GetFacts().GetUnitPrice() != nil || v.GetFacts().GetMpn() != "T-250" || v.GetPrice().GetAmount() != 5 {
		t.Errorf("got %v", v)
	}

	// A picture that is named for safety stays with the product.
	_, err := f.SetProductImages(f.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), RemoveIds: []string{req.Images[1].GetId()}})
	wants(t, "removing a safety picture", err, catalog.ErrFactImage)
	same(t, "it names", field(err), "gpsr.safetyImageIds[0]")
	_, err = f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Facts: given(&catalogv1.ProductFacts{
		EnergyLabel: &catalogv1.EnergyLabel{Class: "A", ScaleMin: "A", ScaleMax: "G", LabelImageId: new(id.New().String())},
	}, "energy_label")})
	wants(t, "a picture of somebody else", err, catalog.ErrFactImage)
	must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Facts: allGiven(nil)}))(t)
	must(f.SetProductImages(f.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId(), RemoveIds: []string{req.Images[1].GetId()}}))(t)
	f.documents(t, "all facts cleared")
	if now = f.read(t, p.GetId()); now.GetFacts() != nil {
		t.Errorf("left: %v", now.GetFacts())
	}
	for what, facts := range map[string]*catalogv1.VariantFacts{
		"variants[0].unitPrice.quantity": {UnitPrice: &catalogv1.UnitMeasure{Quantity: "0", Unit: "g", BaseQuantity: 1, BaseUnit: "kg"}},
		"variants[0].unitPrice.baseUnit": {UnitPrice: &catalogv1.UnitMeasure{Quantity: "1", Unit: "g", BaseQuantity: 1, BaseUnit: "l"}},
		"variants[0].gtin":               {Gtin: new("4006381333932")},
		"variants[0].hsCode":             {HsCode: new("1")},
		"variants[0].countryOfOrigin":    {CountryOfOrigin: new("XX")},
	} {
		req := shirt("Wrong", "S")
		req.Variants[0].Facts = variantGiven(facts)
		_, err := f.CreateProduct(f.ctx, req)
		wants(t, what, err, catalog.ErrFactInvalid)
		same(t, "it names", field(err), what)
	}
}

func TestMarkets(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	have := must(f.GetMarkets(f.ctx, &catalogv1.GetMarketsRequest{}))(t)
	if len(have.GetMarkets()) != 0 || have.GetVersion() != 1 {
		t.Errorf("got %v", have)
	}
	germany := &catalogv1.Market{Country: "DE", Enforcement: catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_BLOCK}
	france := &catalogv1.Market{Country: "FR", Enforcement: catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_WARN}
	for _, bad := range [][]*catalogv1.Market{{germany, germany}, {{Country: "US", Enforcement: france.GetEnforcement()}}, {{Country: "", Enforcement: france.GetEnforcement()}}} {
		_, err := f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{Markets: bad})
		wants(t, fmt.Sprint(bad), err, catalog.ErrMarketInvalid)
	}
	before := f.create(t, shirt("Published before", "S"))
	set := must(f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{IfVersion: have.GetVersion(), Markets: []*catalogv1.Market{germany, france}}))(t)
	same(t, "version", set.GetVersion(), 2)
	same(t, "version after the same again", must(f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{IfVersion: 2, Markets: []*catalogv1.Market{germany, france}}))(t).GetVersion(), 2)
	_, err := f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{IfVersion: have.GetVersion()})
	wants(t, "the version before any was set", err, catalog.ErrVersionConflict)

	// Another shop has markets of its own.
	there := f.elsewhere(t)
	same(t, "markets there", len(must(f.GetMarkets(there, &catalogv1.GetMarketsRequest{}))(t).GetMarkets()), 0)
	must(f.CreateProduct(there, shirt("Published there", "S")))(t)
	_, err = f.GetCompliance(there, &catalogv1.GetComplianceRequest{ProductId: before.GetId()})
	wants(t, "another shop's product", err, catalog.ErrProductNotFound)

	// Nothing is published that lacks what a blocking market wants.
	_, err = f.CreateProduct(f.ctx, shirt("Bare", "S"))
	wants(t, "publishing what lacks everything", err, catalog.ErrMarketIncomplete)
	for _, o := range fault.From(err).Objects() {
		if o["market"] != "DE" || o["severity"] != "error" || o["rule"] == "" || o["field"] == "" || o["message"] == "" {
			t.Errorf("a detail is %v", o)
		}
	}
	same(t, "details", len(fault.From(err).Objects()), 4)
	req := shirt("Tea", "S")
	req.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
	req.Images, req.Facts, req.Variants[0].Facts = []*catalogv1.ImageInput{picture("front")}, allGiven(germanFacts()), variantGiven(tea())
	req.Facts.Values.VatClass = catalogv1.VatClass_VAT_CLASS_UNSPECIFIED
	p := f.create(t, req)
	same(t, "warnings of a draft", len(p.GetWarnings()), 0)
	publish := &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}
	_, err = f.UpdateProduct(f.ctx, publish)
	wants(t, "publishing without a VAT class", err, catalog.ErrMarketIncomplete)
	report := must(f.GetCompliance(f.ctx, &catalogv1.GetComplianceRequest{ProductId: p.GetId()}))(t)
	var fields []string
	for _, finding := range report.GetFindings() {
		fields = append(fields, finding.GetMarket()+" "+finding.GetField())
	}
	same(t, "findings", strings.Join(fields, ", "), "DE vatClass, FR vatClass, FR gpsr.warnings")
	publish.Facts = given(&catalogv1.ProductFacts{VatClass: catalogv1.VatClass_VAT_CLASS_REDUCED}, "vat_class")
	published := must(f.UpdateProduct(f.ctx, publish))(t).GetProduct()
	if w := published.GetWarnings(); len(w) != 1 || w[0].GetMarket() != "FR" || w[0].GetField() != "gpsr.warnings" {
		t.Errorf("published with %v", w)
	}
	same(t, "warnings when it is read", len(f.read(t, p.GetId()).GetWarnings()), 0)
	f.documents(t, "publishing")

	// It keeps what it needs.
	for what, try := range map[string]func() error{
		"the manufacturer": func() error {
			_, err := f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Facts: given(nil, "gpsr")})
			return err
		},
		"the picture": func() error {
			_, err := f.SetProductImages(f.ctx, &catalogv1.SetProductImagesRequest{ProductId: p.GetId()})
			return err
		},
		"a variant that says not how much it holds": func() error {
			_, err := f.CreateVariant(f.ctx, &catalogv1.CreateVariantRequest{ProductId: p.GetId(), Variant: sized("M", 900)})
			return err
		},
	} {
		wants(t, what, try(), catalog.ErrMarketIncomplete)
	}
	must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, Title: new("Still published")}))(t)
	must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: before.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED, Title: new("Published all the time")}))(t)
	must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT, Facts: allGiven(nil)}))(t)
	must(f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{}))(t)
	must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: p.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}))(t)
}

// A category can say that what stands in it is sold by measure, and that holds for all categories below it.
func TestCategoriesSoldByMeasure(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	food := must(f.CreateCategory(f.ctx, &catalogv1.CreateCategoryRequest{Name: "Food", SoldByMeasure: true}))(t).GetCategory()
	same(t, "as it was made", food.GetSoldByMeasure(), true)
	teas := f.category(t, "Teas", f.category(t, "Drinks", food.GetId()).GetId())
	other := f.category(t, "Shirts", "")
	germany := &catalogv1.Market{Country: "DE", Enforcement: catalogv1.MarketEnforcement_MARKET_ENFORCEMENT_BLOCK}
	must(f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{Markets: []*catalogv1.Market{germany}}))(t)
	same(t, "the same markets again", must(f.UpdateMarkets(f.ctx, &catalogv1.UpdateMarketsRequest{Markets: []*catalogv1.Market{germany}}))(t).GetVersion(), 2)

	full := func(title string, categories ...string) *catalogv1.CreateProductRequest {
		req := shirt(title, "S")
		req.Images, req.Facts, req.Variants[0].Facts, req.CategoryIds = []*catalogv1.ImageInput{picture("front")}, allGiven(germanFacts()), variantGiven(tea()), categories
		req.Facts.Values.SoldByMeasure = false
		req.Variants[0].Facts.Values.UnitPrice = nil
		return req
	}
	asks := func(what string, err error) {
		t.Helper()
		wants(t, what, err, catalog.ErrMarketIncomplete)
		if o := fault.From(err).Objects(); len(o) != 1 || o[0]["field"] != "variants[0].unitPrice" || o[0]["rule"] != "Directive 98/6/EC, Art. 3" {
			t.Errorf("%s: %v", what, o)
		}
	}
	_, err := f.CreateProduct(f.ctx, full("Tea", teas.GetId()))
	asks("a product two levels below", err)
	p := f.create(t, full("Shirt", other.GetId()))
	_, err = f.SetProductCategories(f.ctx, &catalogv1.SetProductCategoriesRequest{ProductId: p.GetId(), CategoryIds: []string{other.GetId(), teas.GetId()}})
	asks("a published product that comes into such a category", err)
	draft := full("Draft", teas.GetId())
	draft.Status = catalogv1.ProductStatus_PRODUCT_STATUS_DRAFT
	d := f.create(t, draft)
	report := must(f.GetCompliance(f.ctx, &catalogv1.GetComplianceRequest{ProductId: d.GetId()}))(t).GetFindings()
	if len(report) != 1 || report[0].GetField() != "variants[0].unitPrice" {
		t.Errorf("the draft lacks %v", report)
	}
	publish := &catalogv1.UpdateProductRequest{Id: d.GetId(), Status: catalogv1.ProductStatus_PRODUCT_STATUS_PUBLISHED}
	_, err = f.UpdateProduct(f.ctx, publish)
	asks("publishing it", err)

	// What is not handed over, and what says how much it holds, is published.
	service := full("Tasting", teas.GetId())
	service.Facts.Values.Goods = catalogv1.GoodsKind_GOODS_KIND_SERVICE
	f.create(t, service)
	req := full("Tea by weight", teas.GetId())
	req.Variants[0].Facts = variantGiven(tea())
	f.create(t, req)

	// A category that moves away, or says so no more, asks for nothing; what is published meanwhile stays so.
	must(f.UpdateCategory(f.ctx, &catalogv1.UpdateCategoryRequest{Id: teas.GetId(), ParentId: &catalogv1.TextPatch{Clear: true}}))(t)
	must(f.UpdateProduct(f.ctx, publish))(t)
	must(f.UpdateCategory(f.ctx, &catalogv1.UpdateCategoryRequest{Id: teas.GetId(), ParentId: &catalogv1.TextPatch{Value: food.GetId()}}))(t)
	must(f.UpdateProduct(f.ctx, &catalogv1.UpdateProductRequest{Id: d.GetId(), Title: new("Still there")}))(t)
	same(t, "findings of what was published before", len(must(f.GetCompliance(f.ctx, &catalogv1.GetComplianceRequest{ProductId: d.GetId()}))(t).GetFindings()), 1)
	plain := must(f.UpdateCategory(f.ctx, &catalogv1.UpdateCategoryRequest{Id: food.GetId(), SoldByMeasure: new(false)}))(t).GetCategory()
	same(t, "changed", plain.GetSoldByMeasure(), false)
	same(t, "its version", plain.GetVersion(), food.GetVersion()+1)
	f.create(t, full("Loose tea", teas.GetId()))
	same(t, "listed", must(f.GetCategory(f.ctx, &catalogv1.GetCategoryRequest{Id: food.GetId()}))(t).GetCategory().GetSoldByMeasure(), false)
}

func TestFilesOfVariants(t *testing.T) {
	t.Parallel()
	f := openFacts(t)
	p := f.create(t, shirt("Pattern", "S", "M"))
	product, variant := p.GetId(), p.GetVariants()[0].GetId()
	add := func(ctx context.Context, change func(r *catalogv1.AddVariantFileRequest)) (*catalogv1.VariantFile, error) {
		r := &catalogv1.AddVariantFileRequest{ProductId: product, VariantId: variant, Name: "pattern.pdf"}
		change(r)
		res, err := f.AddVariantFile(ctx, r)
		return res.GetFile(), err
	}
	media := id.New().String()
	first := must(add(f.ctx, func(r *catalogv1.AddVariantFileRequest) { r.MediaId, r.DownloadLimit = &media, new(int32(5)) }))(t)
	second := must(add(f.ctx, func(r *catalogv1.AddVariantFileRequest) {
		r.Key, r.DownloadLimit, r.ExpiresAfterDays = new("files/a.pdf"), new(int32(3)), new(int32(30))
	}))(t)
	f.documents(t, "files")
	digital := func() *catalogv1.Digital {
		shop := must(f.GetStoreProduct(f.ctx, &catalogv1.GetStoreProductRequest{SlugOrId: product}))(t).GetProduct()
		if shop.GetVariants()[1].GetFacts() != nil || strings.Contains(shop.String(), media) || strings.Contains(shop.String(), "a.pdf") {
			t.Errorf("the shop shows %v", shop)
		}
		return shop.GetVariants()[0].GetFacts().GetDigital()
	}
	if d := digital(); d.GetFileCount() != 2 || d.GetDownloadLimit() != 3 {
		t.Errorf("got %v", d)
	}
	resolved := must(f.ResolveVariants(f.ctx, &catalogv1.ResolveVariantsRequest{Ids: []string{variant, p.GetVariants()[1].GetId()}}))(t).GetVariants()
	for _, v := range resolved {
		same(t, "digital "+v.GetVariantTitle(), v.GetDigital(), v.GetId() == variant)
		same(t, "unshipped "+v.GetVariantTitle(), v.GetUnshipped(), v.GetId() == variant)
	}
	list := must(f.ListVariantFiles(f.ctx, &catalogv1.ListVariantFilesRequest{ProductId: product, VariantId: variant}))(t).GetFiles()
	if len(list) != 2 || list[0].GetId() != first.GetId() || list[1].GetKey() != "files/a.pdf" || list[0].GetMediaId() != media || list[1].GetExpiresAfterDays() != 30 {
		t.Errorf("listed %v", list)
	}
	sold := func(ctx context.Context) []*catalogv1.SoldFile {
		return must(f.ListSoldFiles(ctx, &catalogv1.ListSoldFilesRequest{VariantIds: []string{p.GetVariants()[1].GetId(), id.New().String(), variant}}))(t).GetFiles()
	}
	if got := sold(f.ctx); len(got) != 2 || got[0].GetId() != first.GetId() || got[0].GetVariantId() != variant || got[0].GetMediaId() != media || got[0].GetName() != "pattern.pdf" ||
		got[0].GetDownloadLimit() != 5 || got[0].ExpiresAfterDays != nil || got[1].MediaId != nil || got[1].GetExpiresAfterDays() != 30 {
		t.Errorf("buyers get %v", got)
	}
	same(t, "sold in another shop", len(sold(f.elsewhere(t))), 0)
	for what, c := range map[string]struct {
		want   error
		change func(r *catalogv1.AddVariantFileRequest)
	}{
		"nothing named":     {catalog.ErrFileInvalid, func(*catalogv1.AddVariantFileRequest) {}},
		"both named":        {catalog.ErrFileInvalid, func(r *catalogv1.AddVariantFileRequest) { r.MediaId, r.Key = new(id.New().String()), new("a") }},
		"a way out":         {catalog.ErrFileInvalid, func(r *catalogv1.AddVariantFileRequest) { r.Key = new("../../etc/passwd") }},
		"a name with a way": {catalog.ErrFileInvalid, func(r *catalogv1.AddVariantFileRequest) { r.Key, r.Name = new("b"), "../b" }},
		"the same twice":    {catalog.ErrFileAttached, func(r *catalogv1.AddVariantFileRequest) { r.MediaId = &media }},
		"another variant":   {catalog.ErrVariantNotFound, func(r *catalogv1.AddVariantFileRequest) { r.Key, r.VariantId = new("b"), id.New().String() }},
		"another product":   {catalog.ErrVariantNotFound, func(r *catalogv1.AddVariantFileRequest) { r.Key, r.ProductId = new("b"), id.New().String() }},
	} {
		_, err := add(f.ctx, c.change)
		wants(t, what, err, c.want)
	}
	there := f.elsewhere(t)
	_, err := add(there, func(r *catalogv1.AddVariantFileRequest) { r.Key = new("theirs") })
	wants(t, "another shop's variant", err, catalog.ErrVariantNotFound)
	_, err = f.ListVariantFiles(there, &catalogv1.ListVariantFilesRequest{ProductId: product, VariantId: variant})
	wants(t, "another shop's files", err, catalog.ErrVariantNotFound)
	_, err = f.UpdateVariantFile(f.ctx, &catalogv1.UpdateVariantFileRequest{ProductId: product, VariantId: variant, Id: first.GetId(), IfVersion: 2, Name: new("late")})
	wants(t, "a stale version", err, catalog.ErrVersionConflict)
	changed := must(f.UpdateVariantFile(f.ctx, &catalogv1.UpdateVariantFileRequest{ProductId: product, VariantId: variant, Id: second.GetId(), IfVersion: 1, ClearDownloadLimit: true, Name: new("b.pdf")}))(t).GetFile()
	if changed.GetVersion() != 2 || changed.DownloadLimit != nil || changed.GetName() != "b.pdf" || changed.GetExpiresAfterDays() != 30 {
		t.Errorf("got %v", changed)
	}
	if d := digital(); d.GetDownloadLimit() != 5 {
		t.Errorf("got %v", d)
	}
	for i, which := range []string{first.GetId(), second.GetId()} {
		must(f.DeleteVariantFile(f.ctx, &catalogv1.DeleteVariantFileRequest{ProductId: product, VariantId: variant, Id: which}))(t)
		if d := digital(); i == 1 && d != nil {
			t.Errorf("without files it is %v", d)
		}
	}
	_, err = f.DeleteVariantFile(f.ctx, &catalogv1.DeleteVariantFileRequest{ProductId: product, VariantId: variant, Id: first.GetId()})
	wants(t, "deleting it twice", err, catalog.ErrFileNotFound)
	f.documents(t, "deleted files")
	must(add(f.ctx, func(r *catalogv1.AddVariantFileRequest) { r.MediaId = &media }))(t)
	must(f.DeleteVariant(f.ctx, &catalogv1.DeleteVariantRequest{ProductId: product, Id: variant}))(t)
	f.documents(t, "a deleted variant with files")
}
