package catalog

import (
	"slices"
	"strings"
)

// countries are the officially assigned codes of ISO 3166-1 alpha-2.
const countries = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"

func isCountry(code string) bool {
	return len(code) == 2 && code[0] != ' ' && code[1] != ' ' && strings.Contains(countries, code)
}

// inEEA reports whether a country is in the European Economic Area, where the law of products is one.
func inEEA(country string) bool { return officialLanguages(country) != nil }

// officialLanguages are the languages a country of the European Economic Area may ask consumer information in, by
// ISO 639; nil for other countries.
func officialLanguages(country string) []string {
	switch country {
	case "AT", "DE", "LI":
		return []string{"de"}
	case "BE":
		return []string{"nl", "fr", "de"}
	case "BG":
		return []string{"bg"}
	case "CY":
		return []string{"el", "tr"}
	case "CZ":
		return []string{"cs"}
	case "DK":
		return []string{"da"}
	case "EE":
		return []string{"et"}
	case "ES":
		return []string{"es"}
	case "FI":
		return []string{"fi", "sv"}
	case "FR":
		return []string{"fr"}
	case "GR":
		return []string{"el"}
	case "HR":
		return []string{"hr"}
	case "HU":
		return []string{"hu"}
	case "IE":
		return []string{"en", "ga"}
	case "IS":
		return []string{"is"}
	case "IT":
		return []string{"it"}
	case "LT":
		return []string{"lt"}
	case "LU":
		return []string{"fr", "de", "lb"}
	case "LV":
		return []string{"lv"}
	case "MT":
		return []string{"mt", "en"}
	case "NL":
		return []string{"nl"}
	case "NO":
		return []string{"nb", "nn", "no"}
	case "PL":
		return []string{"pl"}
	case "PT":
		return []string{"pt"}
	case "RO":
		return []string{"ro"}
	case "SE":
		return []string{"sv"}
	case "SI":
		return []string{"sl"}
	case "SK":
		return []string{"sk"}
	}
	return nil
}

// speaks reports whether a language tag such as de-AT is of an official language of a country.
func speaks(country, locale string) bool {
	language, _, _ := strings.Cut(locale, "-")
	return slices.Contains(officialLanguages(country), language)
}
