package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	typev1 "github.com/sovecom/sovecom/gen/sovecom/type/v1"
	"github.com/sovecom/sovecom/kit/pgtest"
	"github.com/sovecom/sovecom/kit/tenant"
)

// article is one product of a believable shop: its name and what is said of it in each language.
type article struct {
	key   string // what a known answer names
	brand string
	sku   string
	texts map[string][2]string // by locale: title, description
}

// in are the languages of articles, in the order of their texts.
func inLanguages() []string { return []string{"en", "de", "fr", "es", "it", "nl", "pl"} }

func newArticle(key, brand, sku string, texts ...string) article {
	a := article{key, brand, sku, map[string][2]string{}}
	for i, l := range inLanguages() {
		title, description, _ := strings.Cut(texts[i], " | ")
		a.texts[l] = [2]string{title, description}
	}
	return a
}

func articles() []article {
	return []article{
		newArticle("shirt", "Maison Merle", "MM-LS-01", "Linen shirt | A light shirt for warm days, cut wide.", "Leinenhemd | Ein leichtes Hemd für warme Tage, weit geschnitten.", "Chemise en lin | Une chemise légère pour les jours chauds.", "Camisa de lino | Una camisa ligera para los días de calor.", "Camicia di lino | Una camicia leggera per le giornate calde.", "Linnen overhemd | Een licht overhemd voor warme dagen.", "Lniana koszula | Lekka koszula na ciepłe dni."),
		newArticle("dress", "Maison Merle", "MM-LD-02", "Linen dress | A long summer dress.", "Leinenkleid | Ein langes Sommerkleid.", "Robe en lin | Une longue robe d'été.", "Vestido de lino | Un vestido largo de verano.", "Vestito di lino | Un vestito lungo estivo.", "Linnen jurk | Een lange zomerjurk.", "Lniana sukienka | Długa letnia sukienka."),
		newArticle("handbag", "Nordhavn", "NH-HB-10", "Leather handbag | A bag of brown leather with a strap.", "Lederhandtasche | Aus braunem Leder, mit Riemen.", "Sac à main en cuir | En cuir brun, avec une bandoulière.", "Bolso de cuero | De piel marrón, con correa.", "Borsa in pelle | In pelle marrone, con tracolla.", "Leren handtas | Van bruin leer, met riem.", "Skórzana torebka | Z brązowej skóry, z paskiem."),
		newArticle("backpack", "Nordhavn", "NH-BP-11", "Canvas backpack | For school and trips.", "Rucksack aus Segeltuch | Für Schule und Ausflüge.", "Sac à dos en toile | Pour l'école et les voyages.", "Mochila de lona | Para la escuela y los viajes.", "Zaino in tela | Per la scuola e i viaggi.", "Rugzak van canvas | Voor school en reizen.", "Plecak płócienny | Do szkoły i na wycieczki."),
		newArticle("boots", "Wrede & Söhne", "WS-WB-20", "Hiking boots | Waterproof boots for mountains.", "Wanderschuhe | Wasserdichte Schuhe für die Berge.", "Chaussures de randonnée | Chaussures imperméables pour la montagne.", "Botas de montaña | Botas impermeables para caminar.", "Scarponi da montagna | Scarponi impermeabili per camminare.", "Wandelschoenen | Waterdichte schoenen voor de bergen.", "Buty trekkingowe | Nieprzemakalne buty w góry."),
		newArticle("sneakers", "Wrede & Söhne", "WS-SN-21", "White sneakers | Light shoes for every day.", "Weiße Turnschuhe | Leichte Schuhe für jeden Tag.", "Baskets blanches | Chaussures légères de tous les jours.", "Zapatillas blancas | Zapatos ligeros para cada día.", "Scarpe da ginnastica bianche | Scarpe leggere per ogni giorno.", "Witte sneakers | Lichte schoenen voor elke dag.", "Białe trampki | Lekkie obuwie na co dzień."),
		newArticle("teapot", "Casa Lúmen", "CL-TP-30", "Porcelain teapot | For one litre of tea.", "Teekanne aus Porzellan | Für einen Liter Tee.", "Théière en porcelaine | Pour un litre de thé.", "Tetera de porcelana | Para un litro de té.", "Teiera in porcellana | Per un litro di tè.", "Porseleinen theepot | Voor een liter thee.", "Porcelanowy czajniczek | Na litr herbaty."),
		newArticle("mug", "Casa Lúmen", "CL-MG-31", "Stoneware mug | A mug for coffee.", "Becher aus Steingut | Ein Becher für Kaffee.", "Tasse en grès | Une tasse à café.", "Taza de gres | Una taza para café.", "Tazza in gres | Una tazza da caffè.", "Beker van steengoed | Een beker voor koffie.", "Kubek kamionkowy | Kubek do kawy."),
		newArticle("coffee", "Tallinn Tehas", "TT-CM-40", "Coffee machine | Espresso at the press of a button.", "Kaffeemaschine | Espresso auf Knopfdruck.", "Machine à café | Un expresso en appuyant sur un bouton.", "Máquina de café | Espresso con solo pulsar un botón.", "Macchina da caffè | Espresso premendo un pulsante.", "Koffiezetapparaat | Espresso met één druk op de knop.", "Ekspres do kawy | Espresso po naciśnięciu przycisku."),
		newArticle("lamp", "Tallinn Tehas", "TT-DL-41", "Desk lamp | A lamp of brass that can be turned.", "Schreibtischlampe | Eine Lampe aus Messing, die sich drehen lässt.", "Lampe de bureau | Une lampe en laiton orientable.", "Lámpara de escritorio | Una lámpara de latón orientable.", "Lampada da scrivania | Una lampada in ottone orientabile.", "Bureaulamp | Een draaibare lamp van messing.", "Lampa biurkowa | Obrotowa lampa z mosiądzu."),
		newArticle("table", "Nordhavn", "NH-OT-50", "Oak dining table | Seats six.", "Esstisch aus Eiche | Für sechs Personen.", "Table à manger en chêne | Pour six personnes.", "Mesa de comedor de roble | Para seis personas.", "Tavolo da pranzo in rovere | Per sei persone.", "Eiken eettafel | Voor zes personen.", "Dębowy stół do jadalni | Dla sześciu osób."),
		newArticle("chair", "Nordhavn", "NH-OC-51", "Oak chair | Goes with the table.", "Stuhl aus Eiche | Passt zum Tisch.", "Chaise en chêne | Va avec la table.", "Silla de roble | A juego con la mesa.", "Sedia in rovere | Si abbina al tavolo.", "Eiken stoel | Past bij de tafel.", "Dębowe krzesło | Pasuje do stołu."),
		newArticle("oil", "Casa Lúmen", "CL-OO-60", "Olive oil | Cold pressed, half a litre.", "Olivenöl | Kalt gepresst, ein halber Liter.", "Huile d'olive | Pressée à froid, un demi-litre.", "Aceite de oliva | Prensado en frío, medio litro.", "Olio d'oliva | Spremuto a freddo, mezzo litro.", "Olijfolie | Koud geperst, een halve liter.", "Oliwa z oliwek | Tłoczona na zimno, pół litra."),
		newArticle("blanket", "Tallinn Tehas", "TT-WB-70", "Wool blanket | Warm and soft.", "Wolldecke | Warm und weich.", "Couverture en laine | Chaude et douce.", "Manta de lana | Cálida y suave.", "Coperta di lana | Calda e morbida.", "Wollen deken | Warm en zacht.", "Wełniany koc | Ciepły i miękki."),
		newArticle("knife", "Wrede & Söhne", "WS-KK-80", "Kitchen knife | Sharp, of carbon steel.", "Küchenmesser | Scharf, aus Kohlenstoffstahl.", "Couteau de cuisine | Tranchant, en acier au carbone.", "Cuchillo de cocina | Afilado, de acero al carbono.", "Coltello da cucina | Affilato, in acciaio al carbonio.", "Keukenmes | Scherp, van koolstofstaal.", "Nóż kuchenny | Ostry, ze stali węglowej."),
	}
}

// asked is a query with a known answer.
type asked struct{ locale, q, key string }

// questions are worded as people type: other forms of words, words turned around, without accents, parts of compounds,
// and some of what only the description says.
func questions() []asked {
	return []asked{
		{"en", "shirts linen", "shirt"}, {"en", "leather bag", "handbag"}, {"en", "boot for hiking", "boots"}, {"en", "tea pot porcelain", "teapot"}, {"en", "waterproof boots", "boots"}, {"en", "coffee mugs", "mug"}, {"en", "WS-KK-80", "knife"}, {"en", "nordhavn table", "table"},
		{"de", "hemden aus leinen", "shirt"}, {"de", "tasche leder", "handbag"}, {"de", "schuhe wandern", "boots"}, {"de", "kaffee maschine", "coffee"}, {"de", "öl oliven", "oil"}, {"de", "kuechenmesser", "knife"}, {"de", "lampe schreibtisch", "lamp"}, {"de", "stühle eiche", "chair"}, {"de", "teekannen", "teapot"}, {"de", "decke", "blanket"},
		{"fr", "chemises lin", "shirt"}, {"fr", "theiere", "teapot"}, {"fr", "chaussure randonnee", "boots"}, {"fr", "sacs à main", "handbag"}, {"fr", "huile olives", "oil"}, {"fr", "couteaux cuisine", "knife"}, {"fr", "chaises chêne", "chair"},
		{"es", "camisas lino", "shirt"}, {"es", "bota montana", "boots"}, {"es", "lamparas escritorio", "lamp"}, {"es", "aceites oliva", "oil"}, {"es", "sillas de roble", "chair"}, {"es", "mochilas", "backpack"},
		{"it", "camicie lino", "shirt"}, {"it", "borse pelle", "handbag"}, {"it", "teiere porcellana", "teapot"}, {"it", "coltelli cucina", "knife"}, {"it", "coperte lana", "blanket"}, {"it", "tavoli rovere", "table"},
		{"nl", "schoenen wandelen", "boots"}, {"nl", "linnen jurken", "dress"}, {"nl", "lamp bureau", "lamp"}, {"nl", "theepotten", "teapot"}, {"nl", "eiken stoelen", "chair"}, {"nl", "messen keuken", "knife"},
		{"pl", "koszule lniane", "shirt"}, {"pl", "torebki skorzane", "handbag"}, {"pl", "kubki do kawy", "mug"}, {"pl", "krzesla debowe", "chair"}, {"pl", "noze kuchenne", "knife"}, {"pl", "lampy biurkowe", "lamp"}, {"pl", "koce welniane", "blanket"},
	}
}

// mistyped makes one mistake in the longest word: two letters swapped, one left out, one doubled or one changed.
func mistyped(q string, random *rand.Rand) string {
	ws := strings.Fields(q)
	at := 0
	for i, w := range ws {
		if len([]rune(w)) > len([]rune(ws[at])) {
			at = i
		}
	}
	r := []rune(ws[at])
	if len(r) < 5 || strings.ContainsAny(ws[at], "0123456789") {
		return q
	}
	i := 1 + random.IntN(len(r)-2)
	switch random.IntN(4) {
	case 0:
		r[i], r[i+1] = r[i+1], r[i]
	case 1:
		r = slices.Delete(r, i, i+1)
	case 2:
		r = slices.Insert(r, i, r[i])
	default:
		r[i] = 'x'
	}
	ws[at] = string(r)
	return strings.Join(ws, " ")
}

// library puts the articles on the shelf in all languages, among many others that speak of the same things.
func (s *shelf) library(random *rand.Rand) map[string]string {
	s.locales = &catalogv1.Locales{DefaultLocale: "en"}
	for _, l := range inLanguages()[1:] {
		s.locales.Locales = append(s.locales.Locales, &catalogv1.Locale{Code: l})
	}
	ids := map[string]string{}
	put := func(a article, titles func(l string) (string, string)) string {
		title, description := titles("en")
		p := product(title, described(description), branded(brand(strings.ToLower(a.brand), a.brand)), priced(true, 100))
		p.Variants[0].Sku = a.sku
		extras := &catalogv1.ProductExtras{}
		for _, l := range inLanguages()[1:] {
			title, description := titles(l)
			extras.Translations = append(extras.Translations, &catalogv1.ProductTranslation{Locale: l, Title: &title, Description: &description})
		}
		s.extras[p.GetId()] = extras
		s.put(tenant.Default(), p)
		return p.GetId()
	}
	all := articles()
	for _, a := range all {
		ids[a.key] = put(a, func(l string) (string, string) { return a.texts[l][0], a.texts[l][1] })
	}
	// Others: a thing nobody asks for, said to go with one of the articles.
	things := map[string][]string{
		"en": {"Curtain", "Puzzle", "Candle", "Notebook"}, "de": {"Vorhang", "Puzzle", "Kerze", "Notizbuch"}, "fr": {"Rideau", "Puzzle", "Bougie", "Carnet"}, "es": {"Cortina", "Rompecabezas", "Vela", "Cuaderno"},
		"it": {"Tenda", "Puzzle", "Candela", "Quaderno"}, "nl": {"Gordijn", "Puzzel", "Kaars", "Schrift"}, "pl": {"Zasłona", "Układanka", "Świeca", "Zeszyt"},
	}
	for i := range 300 {
		a, b := all[random.IntN(len(all))], all[random.IntN(len(all))]
		put(article{brand: "Other", sku: fmt.Sprintf("OT-%04d", i)}, func(l string) (string, string) {
			return fmt.Sprintf("%s %d", things[l][i%4], i), a.texts[l][0] + ". " + b.texts[l][1]
		})
	}
	return ids
}

// TestRelevance asks questions with known answers in seven languages, as they are and mistyped.
func TestRelevance(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	r := newRoom(t)
	r.cfg.ExportPage = 500
	ids := r.shelf.library(random)
	r.stock(t)
	for _, typos := range []bool{false, true} {
		type score struct{ asked, first, five int }
		scores := map[string]*score{}
		for _, l := range append(inLanguages(), "all") {
			scores[l] = &score{}
		}
		for _, a := range questions() {
			q := a.q
			if typos {
				q = mistyped(q, random)
			}
			req := &searchv1.SearchProductsRequest{Q: q, Page: &typev1.PageRequest{Limit: 5}}
			if a.locale != "en" {
				req.Locales = []string{a.locale}
			}
			res := must(r.client.SearchProducts(pgtest.Context(t), req))(t)
			at := slices.IndexFunc(res.GetHits(), func(h *searchv1.Hit) bool { return h.GetProductId() == ids[a.key] })
			for _, s := range []*score{scores[a.locale], scores["all"]} {
				s.asked++
				if at == 0 {
					s.first++
				}
				if at >= 0 {
					s.five++
				}
			}
			if at != 0 {
				t.Logf("%s %q is at %d, wanted %s, found %q", a.locale, q, at, a.key, r.titles(res))
			}
		}
		for _, l := range append(inLanguages(), "all") {
			s := scores[l]
			t.Logf("typos %v, %s: %d questions, hit@1 %.2f, hit@5 %.2f", typos, l, s.asked, float64(s.first)/float64(s.asked), float64(s.five)/float64(s.asked))
		}
		s := scores["all"]
		least := map[bool]float64{false: 0.95, true: 0.85}[typos]
		if got := float64(s.first) / float64(s.asked); got < least {
			t.Errorf("typos %v: hit@1 is %.2f, the least is %.2f", typos, got, least)
		}
		if got := float64(s.five) / float64(s.asked); got < least {
			t.Errorf("typos %v: hit@5 is %.2f, the least is %.2f", typos, got, least)
		}
	}
}
