package cart

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Address of a person or a company, as it is kept.
type Address struct {
	Name       string `json:"name"`
	Company    string `json:"company,omitempty"`
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	City       string `json:"city"`
	PostalCode string `json:"postalCode"`
	Region     string `json:"region,omitempty"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2
	Phone      string `json:"phone,omitempty"`
}

// clean trims the address and names everything that is wrong with it.
func (a Address) clean() (Address, error) {
	bad := ErrBadAddress
	wrong := false
	for _, f := range []struct {
		name     string
		text     *string
		required bool
	}{
		{"name", &a.Name, true}, {"company", &a.Company, false}, {"line1", &a.Line1, true}, {"line2", &a.Line2, false},
		{"city", &a.City, true}, {"postalCode", &a.PostalCode, true}, {"region", &a.Region, false}, {"phone", &a.Phone, false},
	} {
		*f.text = strings.TrimSpace(*f.text)
		switch {
		case f.required && *f.text == "":
			bad, wrong = bad.WithField(f.name, "required", "It must not be empty."), true
		case strings.ContainsFunc(*f.text, unicode.IsControl):
			bad, wrong = bad.WithField(f.name, "characters", "It holds characters that are not allowed."), true
		}
	}
	if !isCountry(a.Country) {
		bad, wrong = bad.WithField("country", "unknown_country", "It has to be the ISO 3166-1 alpha-2 code of a country, such as FR."), true
	}
	if wrong {
		return Address{}, bad
	}
	return a, nil
}

// countries of ISO 3166-1 alpha-2, officially assigned.
const countries = " AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ" +
	" CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD" +
	" GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM" +
	" KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA" +
	" NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ" +
	" SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU" +
	" WF WS YE YT ZA ZM ZW "

func isCountry(code string) bool { return len(code) == 2 && strings.Contains(countries, " "+code+" ") }

// parseEmail normalises an address and refuses what no mail server takes (RFC 5321, without quoted local parts).
func parseEmail(s string) (string, error) {
	email := strings.ToLower(strings.TrimSpace(s))
	refused := ErrBadEmail.WithField("email", "format", "It has to be an e-mail address such as ada@example.com.")
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || len(local) > 64 || len(email) > 254 || !utf8.ValidString(email) {
		return "", refused
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", refused
	}
	for _, r := range local {
		if r == ' ' || strings.ContainsRune(`()<>[]:;@\,"`, r) || !unicode.IsPrint(r) {
			return "", refused
		}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return "", refused
		}
		for _, r := range label {
			if r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				return "", refused
			}
		}
	}
	return email, nil
}
