package money_test

import (
	"testing"

	"github.com/sovecom/sovecom/kit/money"
)

func TestIsCurrency(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"EUR": true, "AED": true, "ZWG": true, "XOF": true, "": false, "eur": false, "EU": false, "EURO": false, "XXX": false, "ZZZ": false, "UR ": false, " EU": false, "R G": false,
	} {
		if got := money.IsCurrency(code); got != want {
			t.Errorf("%q is a currency: %t, want %t", code, got, want)
		}
	}
	// A code that was typed wrong or twice would change how many there are.
	n := 0
	for i := range 26 * 26 * 26 {
		if money.IsCurrency(string([]byte{byte('A' + i/676), byte('A' + i/26%26), byte('A' + i%26)})) {
			n++
		}
	}
	if n != 155 {
		t.Errorf("there are %d currencies, want 155", n)
	}
}
