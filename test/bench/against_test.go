//go:build bench

package bench

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
	"github.com/sovecom/sovecom/test/housetest"
)

var (
	against = flag.String("against", "", "the revision to compare with, as git knows it, or the program of one")
	slower  = flag.Float64("slower", 1.3, "how many times as long anything may take as in the other revision")
)

const (
	sides = 5 // turns of each revision; what the machine does besides falls on both
	lines = 50
)

// TestAgainst holds this revision against another one, the last release say, each on a ground of its own, in turns and on one
// machine. It fails when anything takes longer than is allowed: a release that is slower is seen before it is one.
func TestAgainst(t *testing.T) {
	if *against == "" {
		t.Fatal("say which revision: ./task bench:against -- v1.0.0")
	}
	now, was := newSide(t, housetest.Binary(t)), newSide(t, program(t, *against))
	now.enter(t)
	was.enter(t)
	var tb table
	for _, row := range []struct {
		name    string
		callers int
		do      func(s *side, caller int) error
	}{
		{"cart create", buyers, func(s *side, caller int) error { _, _, err := s.crowd[caller].open(); return err }},
		{"add line", buyers, func(s *side, caller int) error {
			return s.crowd[caller].add(s.paths[caller], s.tokens[caller], s.things[caller])
		}},
		{"full checkout (7 requests)", buyers, func(s *side, caller int) error {
			return s.crowd[caller].buy(s.ctx, s.things[caller], fmt.Sprint("against ", s.n.Add(1)))
		}},
		{"product, rendered", 8, func(s *side, caller int) error { return s.get(s.warm, "/store/v1/products/"+s.slugs[caller]) }},
		{"product", 8, func(s *side, caller int) error { return s.get(s.cold, "/store/v1/products/"+s.slugs[caller]) }},
		{"product with 100 variants", 8, func(s *side, _ int) error { return s.get(s.cold, "/store/v1/products/wide-product") }},
		{"product list", 8, func(s *side, _ int) error { return s.get(s.cold, "/store/v1/products?limit=20") }},
		{"category list", 8, func(s *side, _ int) error { return s.get(s.cold, "/store/v1/products?limit=20&categoryId="+s.category) }},
		{"search", 4, func(s *side, caller int) error { return s.get(s.cold, "/store/v1/search?q=linen+"+s.words[caller]) }},
		{"admin product list", 4, func(s *side, _ int) error {
			_, err := s.admin.Products(s.ctx, adminv1.ProductQuery{})
			return err
		}},
		{fmt.Sprintf("cart of %d lines", lines), 4, func(s *side, _ int) error { _, err := s.long.API.Cart(s.ctx, s.long.ID); return err }},
	} {
		var ours, theirs measure
		for range sides {
			ours.add(repeat(t.Context(), row.callers, func(_ context.Context, caller int) error { return row.do(now, caller) }))
			theirs.add(repeat(t.Context(), row.callers, func(_ context.Context, caller int) error { return row.do(was, caller) }))
		}
		if err := errors.Join(ours.failed, theirs.failed); err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		ratio := float64(ours.p50) / float64(theirs.p50)
		tb.add(row.name, ours.String(), theirs.String(), fmt.Sprintf("%.2f", ratio))
		if ratio > *slower {
			t.Errorf("%s takes %.2f times as long as in %s", row.name, ratio, *against)
		}
	}
	tb.print()
}

// side is a shop of one revision, filled as the other.
type side struct {
	ctx           context.Context
	client        *http.Client
	warm, cold    string // addresses: one keeps rendered pages
	admin         adminv1.Client
	slugs, words  []string // of products
	category      string
	things        []string // variants, one for each buyer
	crowd         []*buyer
	paths, tokens []string // a cart of each buyer
	long          housetest.Basket
	n             atomic.Int64
}

func newSide(t *testing.T, binary string) *side {
	t.Helper()
	ground := housetest.NewGround(t)
	s := &side{ctx: t.Context(), client: housetest.HTTP(t, 64)}
	s.warm = ground.Start(binary, []string{"all"}).URL
	load(t, binary, ground, *products)
	vacuum(t, ground)
	s.cold = ground.Start(binary, []string{"all"}, "SOVECOM_GATEWAY_CACHE_MIB=0").URL
	s.admin = housetest.Admin(t, s.cold, s.client)
	wideProduct(t, s.admin)
	api := storev1.Client{BaseURL: s.cold, HTTP: s.client}
	s.category = topCategory(t, api)
	list, err := api.Products(s.ctx, storev1.ProductQuery{PageQuery: storev1.PageQuery{Limit: 100}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range slices.DeleteFunc(list.Data, func(p storev1.Product) bool { return p.Slug == "wide-product" }) {
		s.slugs, s.words = append(s.slugs, p.Slug), append(s.words, lastWord(p.Title))
	}
	for i := range buyers {
		s.things = append(s.things, housetest.Product(t, s.admin, fmt.Sprint("AGAINST-", i), 1_000_000).Variants[0].ID)
	}
	for i := range lines {
		thing := housetest.Product(t, s.admin, fmt.Sprint("LINE-", i), 1000).Variants[0].ID
		if i == 0 {
			if s.long, err = housetest.Fill(s.ctx, s.cold, s.client, thing, 1); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if _, err := s.long.API.AddItem(s.ctx, s.long.ID, storev1.AddItem{VariantID: thing, Quantity: 1}); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, s.cold)
	return s
}

// enter connects the buyers, whose connections an idle shop would close.
func (s *side) enter(t *testing.T) {
	t.Helper()
	for range buyers {
		b := newBuyer(t, s.cold)
		path, token, err := b.open()
		if err != nil {
			t.Fatal(err)
		}
		s.crowd, s.paths, s.tokens = append(s.crowd, b), append(s.paths, path), append(s.tokens, token)
	}
}

func (s *side) get(url, path string) error { return get(s.ctx, s.client, url+path) }

// program is the program of a revision: built from what git has of it, or the file itself.
func program(t *testing.T, revision string) string {
	t.Helper()
	if info, err := os.Stat(revision); err == nil && info.Mode().IsRegular() {
		path, err := filepath.Abs(revision)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	dir := t.TempDir()
	top, err := exec.CommandContext(t.Context(), "git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive := exec.CommandContext(t.Context(), "git", "-C", string(bytes.TrimSpace(top)), "archive", revision)
	unpack := exec.CommandContext(t.Context(), "tar", "-x", "-C", dir)
	if unpack.Stdin, err = archive.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	said := &sink{}
	archive.Stderr, unpack.Stderr = said, said
	if err := errors.Join(archive.Start(), unpack.Run(), archive.Wait()); err != nil {
		t.Fatalf("%s: %v\n%s", revision, err, said)
	}
	path := filepath.Join(dir, "the-other")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./cmd/sovecom")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", revision, err, out)
	}
	return path
}
