package money

import (
	"strings"
	"testing"
)

// TestCurrencies also finds a code that was typed wrong or twice.
func TestCurrencies(t *testing.T) {
	t.Parallel()
	codes := strings.Fields(currencies)
	for i, code := range codes {
		if !IsCurrency(code) || i > 0 && codes[i-1] >= code {
			t.Errorf("%q stands wrong", code)
		}
	}
	if len(codes) != 155 {
		t.Errorf("%d currencies, want 155", len(codes))
	}
	for _, code := range []string{"", "E", "EURO", "eur", "XXZ", "XXX", "EU ", " EU", "R F"} {
		if IsCurrency(code) {
			t.Errorf("%q is taken for a currency", code)
		}
	}
}
