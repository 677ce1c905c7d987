package auth_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/tenant"
)

func newSigner(t *testing.T, keyID string) (*auth.Signer, auth.Keys) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := auth.NewSigner(private, keyID)
	if err != nil {
		t.Fatal(err)
	}
	jwks, err := s.JWKS()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.ParseKeys(jwks)
	if err != nil {
		t.Fatal(err)
	}
	return s, keys
}

func TestTokens(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	signer, keys := newSigner(t, "a")
	stranger, _ := newSigner(t, "a")
	who := auth.Principal{Kind: auth.Staff, ID: id.New(), Role: "admin", Session: id.New()}
	sign := func(s *auth.Signer) string {
		token, err := s.Sign(who, tenant.Default(), now)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := sign(signer)
	parts := strings.Split(good, ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
	tampered := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"sovecom","aud":["staff"],"exp":9999999999}`)) + "." + parts[2]

	got, tid, err := keys.Verify(good, auth.Staff, now.Add(14*time.Minute))
	if err != nil || !reflect.DeepEqual(got, who) || tid != tenant.Default() {
		t.Fatalf("good token: %+v %v %v", got, tid, err)
	}
	for name, try := range map[string]struct {
		token string
		kind  auth.Kind
		at    time.Time
	}{
		"expired":         {good, auth.Staff, now.Add(16 * time.Minute)},
		"other surface":   {good, auth.Customer, now},
		"other key":       {sign(stranger), auth.Staff, now},
		"no signature":    {none, auth.Staff, now},
		"tampered":        {tampered, auth.Staff, now},
		"empty":           {"", auth.Staff, now},
		"not a token":     {"a.b.c", auth.Staff, now},
		"huge":            {strings.Repeat("a", 1<<20), auth.Staff, now},
		"before its time": {good, auth.Staff, now.Add(-time.Hour)},
	} {
		if _, _, err := keys.Verify(try.token, try.kind, try.at); !errors.Is(err, auth.ErrUnauthenticated) {
			t.Errorf("%s: got %v, want ErrUnauthenticated", name, err)
		}
	}
}

func TestPrincipalCrossesRooms(t *testing.T) {
	t.Parallel()
	p := auth.Principal{Kind: auth.Customer, ID: id.New(), Session: id.New(), Groups: []string{"trade", "vip_1"}}
	if got := auth.Decode(p.Encode()); !reflect.DeepEqual(got, p) {
		t.Fatalf("got %+v, want %+v", got, p)
	}
	for _, bad := range []string{"", "staff", "staff;x;owner;y", ";;;"} {
		if got := auth.Decode(bad); !reflect.DeepEqual(got, auth.Principal{}) {
			t.Errorf("%q became %+v", bad, got)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	staff := auth.Principal{Kind: auth.Staff, Role: "staff"}
	for permission, want := range map[string]bool{
		"products:write": true, "products:delete": false, "orders:refund": false, "settings:write": false, "users:write": false, "": false,
	} {
		if staff.May(permission) != want {
			t.Errorf("staff may %q: want %v", permission, want)
		}
	}
	if (auth.Principal{Kind: auth.Customer, Role: "owner"}).May("products:write") {
		t.Error("a customer has staff permissions")
	}
	if (auth.Principal{Kind: auth.Staff, Role: "admin"}).May("users:write") {
		t.Error("an admin may do what only the owner may")
	}
	for _, role := range []string{"owner", "admin", "staff"} {
		if !slices.IsSorted(auth.Permissions(role)) {
			t.Errorf("permissions of %s are not sorted", role)
		}
	}
}
