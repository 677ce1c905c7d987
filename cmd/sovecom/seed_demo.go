package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sovecom/sovecom/internal/demo"
	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/sdk/storev1"
)

// planter puts the demonstration catalogue into a shop as an integrator would: through the admin API. Every step looks
// for what is there first, so that a run that was cut short can be repeated.
type planter struct {
	api        adminv1.Client
	categories map[string]string // slug to id
	tags       map[string]string
	brands     map[string]string // name to id
	made       int
}

func plantDemo(ctx context.Context, url string, who owner, progress func(done, of int)) (string, error) {
	began := time.Now()
	api := adminv1.Client{BaseURL: url, HTTP: &http.Client{Timeout: time.Minute}}
	session, err := api.Login(ctx, adminv1.Login{Email: who.email, Password: who.password})
	if err != nil {
		return "", fmt.Errorf("log in: %w", err)
	}
	if session.AccessToken == "" {
		return "", errors.New("this login needs a second factor, which a seeding cannot give")
	}
	p := planter{api: api.WithUser(session.AccessToken)}
	shop := demo.Shop()
	if err := p.plantTaxonomy(ctx, shop); err != nil {
		return "", err
	}
	// Pictures are drawn on one core while the shop works on the other.
	drawn := make(chan drawing, 2)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(drawn)
		for _, product := range shop.Products {
			d, err := p.draw(ctx, product)
			if err != nil {
				return err
			}
			select {
			case drawn <- d:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		done := 0
		for d := range drawn {
			if !d.known {
				if err := p.plant(ctx, d); err != nil {
					return fmt.Errorf("product %s: %w", d.product.Slug, err)
				}
				p.made++
			}
			done++
			progress(done, len(shop.Products))
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return "", err
	}
	return fmt.Sprintf("Demonstration shop %q: %d products in %d categories, %d of them new, after %.0f s.",
		shop.Name, len(shop.Products), len(shop.Categories), p.made, time.Since(began).Seconds()), nil
}

func (p *planter) plantTaxonomy(ctx context.Context, shop demo.Catalog) error {
	p.categories, p.tags = map[string]string{}, map[string]string{}
	for page := 1; ; page++ {
		list, err := p.api.Categories(ctx, adminv1.CategoryQuery{PageQuery: storev1.PageQuery{Page: page, Limit: 100}})
		if err != nil {
			return fmt.Errorf("read the categories: %w", err)
		}
		for _, c := range list.Data {
			p.categories[c.Slug] = c.ID
		}
		if len(list.Data) < 100 {
			break
		}
	}
	for _, c := range shop.Categories {
		if p.categories[c.Slug] != "" {
			continue
		}
		in := adminv1.CreateCategory{Name: c.Name, Slug: c.Slug, Description: optional(c.Description), SEOTitle: optional(c.SEOTitle),
			SEODescription: optional(c.SEODescription), Position: c.Position}
		if c.Parent != "" {
			in.ParentID = optional(p.categories[c.Parent])
		}
		made, err := p.api.CreateCategory(ctx, in)
		if err != nil {
			return fmt.Errorf("category %s: %w", c.Slug, err)
		}
		p.categories[c.Slug] = made.ID
	}
	if err := p.plantBrands(ctx, shop); err != nil {
		return err
	}
	list, err := p.api.Tags(ctx, adminv1.TagQuery{PageQuery: storev1.PageQuery{Limit: 100}})
	if err != nil {
		return fmt.Errorf("read the tags: %w", err)
	}
	for _, t := range list.Data {
		p.tags[t.Slug] = t.ID
	}
	for _, t := range shop.Tags {
		if p.tags[t.Slug] != "" {
			continue
		}
		made, err := p.api.CreateTag(ctx, adminv1.CreateTag{Name: t.Name, Slug: t.Slug})
		if err != nil {
			return fmt.Errorf("tag %s: %w", t.Slug, err)
		}
		p.tags[t.Slug] = made.ID
	}
	return nil
}

// plantBrands makes the brands that the products carry.
func (p *planter) plantBrands(ctx context.Context, shop demo.Catalog) error {
	p.brands = map[string]string{}
	for page := 1; ; page++ {
		list, err := p.api.Brands(ctx, adminv1.BrandQuery{PageQuery: storev1.PageQuery{Page: page, Limit: 100}})
		if err != nil {
			return fmt.Errorf("read the brands: %w", err)
		}
		for _, b := range list.Data {
			p.brands[b.Name] = b.ID
		}
		if len(list.Data) < 100 {
			break
		}
	}
	for _, product := range shop.Products {
		if product.Brand == "" || p.brands[product.Brand] != "" {
			continue
		}
		made, err := p.api.CreateBrand(ctx, adminv1.CreateBrand{Name: product.Brand})
		if err != nil {
			return fmt.Errorf("brand %s: %w", product.Brand, err)
		}
		p.brands[product.Brand] = made.ID
	}
	return nil
}

// drawing is a product and its pictures' bytes.
type drawing struct {
	product demo.Product
	known   bool
	jpegs   [][]byte
}

func (p *planter) draw(ctx context.Context, product demo.Product) (drawing, error) {
	d := drawing{product: product}
	list, err := p.api.Products(ctx, adminv1.ProductQuery{SKU: product.Variants[0].SKU})
	if err != nil {
		return d, fmt.Errorf("look for product %s: %w", product.Slug, err)
	}
	if d.known = len(list.Data) > 0; d.known {
		return d, nil
	}
	for _, picture := range product.Pictures {
		jpeg, err := picture.JPEG()
		if err != nil {
			return d, err
		}
		d.jpegs = append(d.jpegs, jpeg)
	}
	return d, nil
}

func (p *planter) plant(ctx context.Context, d drawing) error {
	in := adminv1.CreateProduct{
		Title: d.product.Title, Slug: d.product.Slug, Description: optional(d.product.Description), Status: "published",
		SEOTitle: optional(d.product.SEOTitle), SEODescription: optional(d.product.SEODescription), BrandID: optional(p.brands[d.product.Brand]),
	}
	for i, jpeg := range d.jpegs {
		picture := d.product.Pictures[i]
		made, err := p.api.UploadMedia(ctx, picture.File, picture.Alt, bytes.NewReader(jpeg))
		if err != nil {
			return fmt.Errorf("upload %s: %w", picture.File, err)
		}
		in.Images = append(in.Images, adminv1.ImageLink{MediaID: made.ID, Alt: optional(picture.Alt)})
	}
	for _, o := range d.product.Options {
		in.Options = append(in.Options, adminv1.Option{Name: o.Name, Values: o.Values})
	}
	for _, v := range d.product.Variants {
		variant := adminv1.CreateVariant{
			SKU: v.SKU, Title: v.Title, Options: v.Options, Stock: int64(v.Stock), WeightGrams: optional(int64(v.WeightGrams)),
			Price: adminv1.MoneyInput{Amount: v.Price, Currency: demo.Currency},
		}
		if v.CompareAt > 0 {
			variant.CompareAtPrice = &adminv1.MoneyInput{Amount: v.CompareAt, Currency: demo.Currency}
		}
		in.Variants = append(in.Variants, variant)
	}
	for _, slug := range d.product.Categories {
		in.CategoryIDs = append(in.CategoryIDs, p.categories[slug])
	}
	for _, slug := range d.product.Tags {
		in.TagIDs = append(in.TagIDs, p.tags[slug])
	}
	_, err := p.api.CreateProduct(ctx, in)
	return err
}

// optional is nil for a zero value.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
