package topology

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/test/housetest"
)

// A replica of the gateway remembers for ten seconds who may come in. Somebody who is locked out through another replica is
// out here long before: the event says so.
func TestLockedOutEverywhere(t *testing.T) {
	t.Parallel()
	const remembered = 10 * time.Second
	binary, ground := housetest.Binary(t), housetest.NewGround(t)
	first := ground.Start(binary, housetest.Rooms())
	second := ground.Start(binary, []string{"gateway"})
	client := housetest.HTTP(t, 8)
	owner := housetest.Admin(t, first.URL, client)
	made, err := owner.CreateUser(t.Context(), adminv1.CreateUser{Email: "ada@shop.test", Name: "Ada", Role: "admin", Password: housetest.Password})
	if err != nil {
		t.Fatal(err)
	}
	status, body := ask(t, "POST", second.URL+"/admin/v1/auth/login", "", "", `{"email":"ada@shop.test","password":"`+housetest.Password+`"}`)
	if status != http.StatusOK {
		t.Fatalf("she cannot sign in: %d %s", status, body)
	}
	token := accessToken(t, body)
	products := func() int {
		status, _ := ask(t, "GET", second.URL+"/admin/v1/products?limit=1", "", token, "")
		return status
	}
	if got := products(); got != http.StatusOK {
		t.Fatalf("she got %d", got)
	}
	locked, err := owner.UpdateUser(t.Context(), made.ID, adminv1.UpdateUser{Disabled: adminv1.Some(true)})
	if err != nil || !locked.Disabled {
		t.Fatalf("she is %+v, %v", locked, err)
	}
	began := time.Now()
	housetest.Within(t, remembered/2, "locked out at the other replica", func() error {
		if got := products(); got != http.StatusUnauthorized {
			return fmt.Errorf("she still got %d", got)
		}
		return nil
	})
	t.Logf("the other replica followed after %s", time.Since(began).Round(time.Millisecond))
}
