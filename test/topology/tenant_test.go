package topology

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/test/housetest"
)

// A second shop is opened with one command, and its owner can log in to it and sees nothing of the first.
func TestSecondShop(t *testing.T) {
	t.Parallel()
	shop := housetest.NewGround(t).Start(housetest.Binary(t), []string{"all"})
	if said := shop.Command("tenant", "create", "Second", "--host", "second.example"); !strings.Contains(said, housetest.Email) {
		t.Errorf("it does not say who the owner is: %s", said)
	}
	token := map[string]string{}
	for _, host := range []string{"", "second.example"} {
		token[host] = login(t, shop.URL, host)
		created := http.StatusServiceUnavailable // until the rooms have heard of the shop
		for created == http.StatusServiceUnavailable {
			created, _ = ask(t, "POST", shop.URL+"/admin/v1/products", host, token[host], `{"title":"Shirt of `+host+`"}`)
		}
		if created != http.StatusCreated {
			t.Errorf("a product in %q: %d", host, created)
		}
	}
	for _, host := range []string{"", "second.example"} {
		_, body := ask(t, "GET", shop.URL+"/admin/v1/products", host, token[host], "")
		if strings.Count(body, `"slug":`) != 1 || !strings.Contains(body, `"Shirt of `+host+`"`) {
			t.Errorf("%q sees %s", host, body)
		}
	}
	if status, _ := ask(t, "GET", shop.URL+"/admin/v1/products", "second.example", token[""], ""); status != http.StatusUnauthorized {
		t.Errorf("the first shop's owner got %d in the second", status)
	}
	// Once the first shop names its hosts, a strange name leads to none, and the names of both go on.
	shop.Command("tenant", "hosts", "first.example")
	want := func(host string, status int, holds string) {
		t.Helper()
		housetest.Within(t, time.Minute, "another answer on "+host, func() error {
			if got, body := ask(t, "GET", shop.URL+"/store/v1/products", host, "", ""); got != status || !strings.Contains(body, holds) {
				return fmt.Errorf("it is %d %s, want %d", got, body, status)
			}
			return nil
		})
	}
	want("stranger.example", http.StatusNotFound, "request.shop_not_found")
	want("first.example", http.StatusOK, "data")
	want("second.example", http.StatusOK, "data")
}

func login(t *testing.T, url, host string) string {
	t.Helper()
	status, body := ask(t, "POST", url+"/admin/v1/auth/login", host, "", `{"email":"`+housetest.Email+`","password":"`+housetest.Password+`"}`)
	if status != http.StatusOK {
		t.Fatalf("the owner of %q cannot log in: %d %s", host, status, body)
	}
	return accessToken(t, body)
}

// accessToken of the answer to a login.
func accessToken(t *testing.T, body string) string {
	t.Helper()
	var answer struct{ Data struct{ AccessToken string } }
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Data.AccessToken
}

func ask(t *testing.T, method, url, host, token, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = host
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
