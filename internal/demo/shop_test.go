package demo_test

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/sovecom/sovecom/internal/demo"
)

// The shop is believable: large enough, and everything in it fits together.
func TestShop(t *testing.T) {
	t.Parallel()
	shop := demo.Shop()
	if len(shop.Products) < 60 || len(shop.Categories) < 12 {
		t.Errorf("%d products in %d categories", len(shop.Products), len(shop.Categories))
	}
	categories, tags := map[string]bool{"": true}, map[string]bool{}
	for _, c := range shop.Categories {
		if categories[c.Slug] || !categories[c.Parent] || c.Name == "" {
			t.Errorf("category %q below %q", c.Slug, c.Parent)
		}
		categories[c.Slug] = true
	}
	for _, tag := range shop.Tags {
		tags[tag.Slug] = true
	}
	slugs, skus, files := map[string]bool{}, map[string]string{}, map[string]bool{}
	inStock, sale := 0, 0
	for _, p := range shop.Products {
		if slugs[p.Slug] || p.Title == "" || p.Description == "" || len(p.Variants) == 0 || len(p.Pictures) == 0 {
			t.Errorf("product %q is a double or lacks something", p.Slug)
		}
		slugs[p.Slug] = true
		for _, c := range p.Categories {
			if !categories[c] {
				t.Errorf("%s is in category %q, which is not there", p.Slug, c)
			}
		}
		for _, tag := range p.Tags {
			if !tags[tag] {
				t.Errorf("%s has the tag %q, which is not there", p.Slug, tag)
			}
		}
		for _, v := range p.Variants {
			if other, taken := skus[v.SKU]; taken {
				t.Errorf("SKU %s is of %s and of %s", v.SKU, other, p.Slug)
			}
			skus[v.SKU] = p.Slug
			if v.Price < 100 || len(v.Options) != len(p.Options) || (v.CompareAt > 0 && v.CompareAt <= v.Price) {
				t.Errorf("variant %s: %+v", v.SKU, v)
			}
			if v.Stock > 0 {
				inStock++
			}
			if v.CompareAt > 0 {
				sale++
			}
		}
		for _, picture := range p.Pictures {
			if files[picture.File] || picture.Alt == "" {
				t.Errorf("picture %q of %s", picture.File, p.Slug)
			}
			files[picture.File] = true
		}
	}
	if inStock == 0 || inStock == len(skus) || sale == 0 {
		t.Errorf("%d of %d variants in stock, %d reduced: a shop has some of each", inStock, len(skus), sale)
	}
}

// A picture of every kind can be drawn, is a JPEG, and is the same every time.
func TestPictures(t *testing.T) {
	t.Parallel()
	seen := map[demo.Kind]bool{}
	for _, p := range demo.Shop().Products {
		picture := p.Pictures[0]
		if seen[picture.Kind] {
			continue
		}
		seen[picture.Kind] = true
		data, err := picture.JPEG()
		if err != nil || len(data) > demo.MaxJPEG {
			t.Fatalf("%s: %d bytes, %v", picture.File, len(data), err)
		}
		if cfg, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || cfg.Width != 1200 || cfg.Height != 1200 {
			t.Errorf("%s: %+v, %v", picture.File, cfg, err)
		}
	}
	first, err1 := demo.Shop().Products[0].Pictures[0].JPEG()
	second, err2 := demo.Shop().Products[0].Pictures[0].JPEG()
	if err1 != nil || err2 != nil || !bytes.Equal(first, second) {
		t.Error("a picture differs from itself")
	}
}
