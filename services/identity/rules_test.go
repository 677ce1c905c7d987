package identity

import (
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/money"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	fresh := presented{found: true, expiresAt: now.Add(time.Hour), endsAt: now.Add(time.Hour)}
	for name, try := range map[string]struct {
		change func(*presented)
		want   verdict
	}{
		"fresh":                  {func(*presented) {}, rotate},
		"unknown":                {func(p *presented) { *p = presented{} }, refuse},
		"at its last moment":     {func(p *presented) { p.expiresAt = now }, refuse},
		"session at its end":     {func(p *presented) { p.endsAt = now }, refuse},
		"signed out":             {func(p *presented) { p.revoked = true }, refuse},
		"disabled":               {func(p *presented) { p.disabled = true }, refuse},
		"used meanwhile":         {func(p *presented) { p.used = true }, overlap},
		"used before":            {func(p *presented) { p.used, p.usedOnArrival = true, true }, reuse},
		"used before, expired":   {func(p *presented) { p.used, p.usedOnArrival, p.expiresAt = true, true, now }, reuse},
		"used before, over":      {func(p *presented) { p.used, p.usedOnArrival, p.revoked = true, true, true }, refuse},
		"used before, disabled":  {func(p *presented) { p.used, p.usedOnArrival, p.disabled = true, true, true }, reuse},
		"used meanwhile, ending": {func(p *presented) { p.used, p.revoked = true, true }, refuse},
	} {
		p := fresh
		try.change(&p)
		if got := p.judge(now); got != try.want {
			t.Errorf("%s: verdict %d, want %d", name, got, try.want)
		}
	}
}

// TestListsAreSorted also finds a code that was typed wrong or twice.
func TestListsAreSorted(t *testing.T) {
	t.Parallel()
	codes := strings.Fields(countries)
	for i, code := range codes {
		if len(code) != 2 || i > 0 && codes[i-1] >= code {
			t.Errorf("%q stands wrong", code)
		}
	}
	if len(codes) != 249 {
		t.Errorf("%d countries, want 249", len(codes))
	}
	for _, country := range strings.Fields("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK") {
		if r := standardRate(country); r < 1500 || !isCountry(country) { // no lower one is allowed
			t.Errorf("%s has the standard rate %s", country, r)
		}
	}
	if standardRate("CH") != money.Rate(0) {
		t.Error("a rate of the EU outside of it")
	}
}

func TestWellKnownPasswords(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(strings.TrimSpace(wellKnown)) {
		word := strings.TrimSuffix(line, "\n")
		if len(word) < minPassword || word != strings.ToLower(word) {
			t.Errorf("%q can never match", word)
		}
		if checkPassword(word, "ada@example.com") == nil {
			t.Errorf("%q is accepted", word)
		}
	}
	for range 100 {
		if p := newPassword(); checkPassword(p, "ada@example.com") != nil {
			t.Errorf("%q was made and is refused", p)
		}
	}
	// An entry is matched as a whole: not across two, not in part.
	for _, fine := range []string{"password1234\npassword12345", "unbelievably", strings.Repeat("é", 4) + "password", "correct horse battery staple"} {
		if err := checkPassword(fine, "ada@example.com"); err != nil {
			t.Errorf("%q: %v", fine, err)
		}
	}
	if checkPassword(strings.Repeat("abcde", 205), "") == nil {
		t.Error("1025 characters are accepted")
	}
}

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"ada@example.com", " Ada@EXAMPLE.com", "a@b", "é@é.example", "a@b@c", "İ@x.y", "a\x00@b", "\xff@b.c", "ſ@ß.de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		email, err := parseEmail(s, maxCustomerEmail)
		if err != nil {
			return
		}
		if again, err := parseEmail(email, maxCustomerEmail); err != nil || again != email {
			t.Errorf("%q is normalised to %q and then to %q, %v", s, email, again, err)
		}
		if strings.Count(email, "@") != 1 || strings.ContainsAny(email, " \t\r\n\x00<>,;\"") || len(email) > maxCustomerEmail {
			t.Errorf("%q became %q", s, email)
		}
	})
}

func FuzzNormalHost(f *testing.F) {
	for _, s := range []string{"shop.example.com", "SHOP.example.com.:80", "[::1]:80", "::1", "a..b", "-a.b", "xn--bcher-kva.example", "127.0.0.1:8080"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host := normalHost(s)
		if again := normalHost(host); again != host {
			t.Errorf("%q is normalised to %q and then to %q", s, host, again)
		}
		if strings.ContainsAny(host, " /'\"\\\x00") || len(host) > maxHost {
			t.Errorf("%q became %q", s, host)
		}
	})
}
