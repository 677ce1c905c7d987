package search

import (
	"strings"
	"testing"
)

func TestAlso(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Sony WH-1000XM4 Headphones": "||1000 xm 4 wh1000xm4|", "500g": "500 g", "500 g": "|", "4x40 mm": "4 x 40|", "T-shirt": "|tshirt", "L'Eau d’Issey": "|leau||dissey",
		"QuietComfort 45": "quiet comfort|", "McDonald": "mc donald", "USB-C": "|usbc", "IPHONE iPhone13": "|i phone 13", "MM-LS-01": "||mmls01", "20 000 mAh": "|20000|m ah", "1.000.000": "||1000000",
		"20 0000": "|", "a - b": "|", "R&B": "|rb", "日本語": "|", "中-文": "|", "Łódź2Go": "lodz 2 go", "٣كتان": "٣ كتان", "x\u0301y": "", "": "", "-'-": "", "½l": "|",
	} {
		var got []string
		for _, o := range also(text, spansOf(text, 100)) {
			got = append(got, strings.Join(o.texts(), " "))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q is also %q, want %q", text, strings.Join(got, "|"), want)
		}
	}
}

func TestThing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in           language
		title, thing string
	}{
		{"en", "Case for iPhone 13", "Case "}, {"en", "For iPhone 13", "For iPhone 13"}, {"en", "Teapot with lid", "Teapot "}, {"de", "Hülle für Samsung", "Hülle "}, {"de", "Case for iPhone", "Case for iPhone"},
		{"pl", "Buty do biegania", "Buty "}, {"xx", "a for b", "a for b"}, {"en", "", ""},
	} {
		thing, rest := c.in.thing(c.title)
		if thing != c.thing || thing+rest != c.title {
			t.Errorf("%s %q: %q and %q", c.in, c.title, thing, rest)
		}
	}
}

func TestOtherFormsOfWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   language
		a, b string
	}{
		{"en", "knives", "knife"}, {"en", "scarves", "scarf"}, {"en", "shelves", "shelf"}, {"en", "women", "woman"}, {"en", "children", "child"}, {"en", "men", "man"}, {"nl", "kazen", "kaas"}, {"nl", "brieven", "brief"}, {"nl", "huizen", "huis"},
		{"de", "bücher", "buch"}, {"fr", "chevaux", "cheval"}, {"es", "lápices", "lápiz"}, {"it", "camicie", "camicia"}, {"pl", "kubki", "kubek"},
	} {
		forms := func(w string) string {
			q := query{in: []language{c.in}}
			return " " + strings.Join(q.forms(word{w, fold(w)}), " ") + " "
		}
		common := false
		for _, f := range strings.Fields(forms(c.a)) {
			common = common || strings.Contains(forms(c.b), " "+f+" ")
		}
		if !common {
			t.Errorf("%s: %s has the forms%sand %s%s", c.in, c.a, forms(c.a), c.b, forms(c.b))
		}
	}
}

func TestFormsAreHighlighted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ q, text, want string }{
		{"wh1000xm4", "Sony WH-1000XM4 case", "Sony [WH-1000XM4] case"}, {"wh 1000xm4", "Sony WH-1000XM4", "Sony [WH]-[1000XM4]"}, {"xm4 sony", "Sony WH-1000XM4", "[Sony] WH-[1000XM4]"},
		{"500g pasta", "Pasta 500 g", "[Pasta] [500] g"}, {"500 g", "500g", "[500g]"}, {"tshirt", "T-Shirt", "[T-Shirt]"}, {"quiet comfort", "QuietComfort 45", "[QuietComfort] 45"},
		{"leau", "L'eau", "[L'eau]"}, {"日本", "日本語", "[日本]語"}, {"日本語", "日本語", "[日本語]"}, {"x", "a-b-c", "a-b-c"},
	} {
		got := ""
		for _, p := range parseQuery(c.q, []language{"en"}, nil).marker().mark(c.text) {
			if p.found {
				got += "[" + p.text + "]"
			} else {
				got += p.text
			}
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.q, c.text, got, c.want)
		}
	}
}
