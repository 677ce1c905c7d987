package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	if err := p.plantPages(ctx); err != nil {
		return "", err
	}
	// Everything can be bought before the first picture is drawn.
	var bare []planted
	for _, product := range shop.Products {
		one, err := p.plant(ctx, product)
		if err != nil {
			return "", fmt.Errorf("product %s: %w", product.Slug, err)
		}
		if !one.pictured {
			bare = append(bare, one)
		}
	}
	// Pictures are drawn on one core while the shop works on the other.
	drawn := make(chan planted, 2)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(drawn)
		for _, one := range slices.Backward(bare) { // the newest first: they stand on the first page
			if err := one.draw(); err != nil {
				return err
			}
			select {
			case drawn <- one:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	g.Go(func() error {
		done := len(shop.Products) - len(bare)
		for one := range drawn {
			if err := p.picture(ctx, one); err != nil {
				return fmt.Errorf("product %s: %w", one.product.Slug, err)
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

// planted is a product that is in the shop, and the bytes of pictures that it lacks.
type planted struct {
	product  demo.Product
	id       string
	pictured bool
	jpegs    [][]byte
}

func (one *planted) draw() error {
	for _, picture := range one.product.Pictures {
		jpeg, err := picture.JPEG()
		if err != nil {
			return err
		}
		one.jpegs = append(one.jpegs, jpeg)
	}
	return nil
}

// picture uploads what was drawn and shows it with the product.
func (p *planter) picture(ctx context.Context, one planted) error {
	var images []adminv1.ImageLink
	for i, jpeg := range one.jpegs {
		picture := one.product.Pictures[i]
		made, err := p.api.UploadMedia(ctx, picture.File, picture.Alt, bytes.NewReader(jpeg))
		if err != nil {
			return fmt.Errorf("upload %s: %w", picture.File, err)
		}
		images = append(images, adminv1.ImageLink{MediaID: made.ID, Alt: optional(picture.Alt)})
	}
	_, err := p.api.SetImages(ctx, one.id, adminv1.SetImages{Images: images})
	return err
}

// plant makes the product, without its pictures, unless it is there.
func (p *planter) plant(ctx context.Context, product demo.Product) (planted, error) {
	list, err := p.api.Products(ctx, adminv1.ProductQuery{SKU: product.Variants[0].SKU})
	if err != nil {
		return planted{}, fmt.Errorf("look for it: %w", err)
	}
	if len(list.Data) > 0 {
		return planted{product: product, id: list.Data[0].ID, pictured: len(list.Data[0].Images) > 0 || len(product.Pictures) == 0}, nil
	}
	in := adminv1.CreateProduct{
		Title: product.Title, Slug: product.Slug, Description: optional(product.Description), Status: "published",
		SEOTitle: optional(product.SEOTitle), SEODescription: optional(product.SEODescription), BrandID: optional(p.brands[product.Brand]),
	}
	for _, o := range product.Options {
		in.Options = append(in.Options, adminv1.Option{Name: o.Name, Values: o.Values})
	}
	for _, v := range product.Variants {
		variant := adminv1.CreateVariant{
			SKU: v.SKU, Title: v.Title, Options: v.Options, Stock: int64(v.Stock), WeightGrams: optional(int64(v.WeightGrams)),
			Price: adminv1.MoneyInput{Amount: v.Price, Currency: demo.Currency},
		}
		if v.CompareAt > 0 {
			variant.CompareAtPrice = &adminv1.MoneyInput{Amount: v.CompareAt, Currency: demo.Currency}
		}
		in.Variants = append(in.Variants, variant)
	}
	for _, slug := range product.Categories {
		in.CategoryIDs = append(in.CategoryIDs, p.categories[slug])
	}
	for _, slug := range product.Tags {
		in.TagIDs = append(in.TagIDs, p.tags[slug])
	}
	made, err := p.api.CreateProduct(ctx, in)
	if err != nil {
		return planted{}, err
	}
	p.made++
	return planted{product: product, id: made.ID, pictured: len(product.Pictures) == 0}, nil
}

// optional is nil for a zero value.
func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
