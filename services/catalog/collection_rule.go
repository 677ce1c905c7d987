package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const (
	maxRules     = 20
	maxRuleText  = 512
	maxRuleDays  = 36_500
	maxRulePrice = 1_000_000_000_000
	day          = 24 * time.Hour
)

// ruleText is a rule as it is sent and kept: which property, how it is compared, with what.
//
//	tag, category, brand   is                  an id; a category stands for all below it too
//	price                  gte, lte            minor units; the lowest of a product's variants counts
//	title                  contains            a text; case and accents do not count
//	available              is                  true or false: whether any variant can be bought
//	createdAt              withinDays          a number of days
//	createdAt              before, after       a time (RFC 3339)
//	sku                    startsWith          the beginning of any variant's SKU, to the letter
type ruleText struct {
	Field    string `json:"field"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

// rule is one condition on a product.
type rule struct {
	ruleText

	id     id.ID     // of tag, category, brand
	number int64     // price, days
	text   string    // title (folded), sku
	flag   bool      // available
	time   time.Time // createdAt before, after
}

// match says how many of its rules have to hold.
type match string

const (
	matchAll match = "all"
	matchAny match = "any"
)

// rules are the conditions of a collection.
type rules struct {
	match match
	list  []rule
}

// parseRules reads rules that a caller sent, or that were kept.
func parseRules(m match, texts []ruleText) (rules, error) {
	r := rules{match: m}
	if len(texts) == 0 {
		return r, ErrRulesRequired.WithField("rules", "required", ErrRulesRequired.Message())
	}
	if len(texts) > maxRules {
		return r, ErrRuleInvalid.WithField("rules", "too_many", fmt.Sprintf("A collection has at most %d rules.", maxRules))
	}
	for i, text := range texts {
		one, problem := parseRule(text)
		if problem != "" {
			field := indexed("rules", i) + ".value"
			if problem == noSuchRule {
				field = indexed("rules", i) + ".operator"
			}
			return r, ErrRuleInvalid.WithField(field, "invalid", problem)
		}
		r.list = append(r.list, one)
	}
	return r, r.consistent()
}

const noSuchRule = "There is no such comparison of this property."

// parseRule reads one rule, or says what is wrong with it.
func parseRule(text ruleText) (r rule, problem string) {
	text.Value = strings.TrimSpace(text.Value)
	r.ruleText = text
	var err error
	switch text.Field + " " + text.Operator {
	case "tag is", "category is", "brand is":
		if r.id, err = id.Parse(text.Value); err != nil || r.id.IsZero() {
			return r, "It is not an id."
		}
	case "price gte", "price lte":
		if r.number, err = strconv.ParseInt(text.Value, 10, 64); err != nil || r.number < 0 || r.number > maxRulePrice {
			return r, "It is not a price in whole minor units."
		}
	case "title contains":
		if r.text = fold(text.Value); r.text == "" || len(text.Value) > 4*maxRuleText {
			return r, "It must not be empty, nor longer than a title."
		}
	case "available is":
		if text.Value != "true" && text.Value != "false" {
			return r, "It is true or false."
		}
		r.flag = text.Value == "true"
	case "createdAt withinDays":
		if r.number, err = strconv.ParseInt(text.Value, 10, 64); err != nil || r.number < 1 || r.number > maxRuleDays {
			return r, fmt.Sprintf("It is a number of days from 1 to %d.", maxRuleDays)
		}
	case "createdAt before", "createdAt after":
		if r.time, err = time.Parse(time.RFC3339Nano, text.Value); err != nil {
			return r, "It is not a time such as 2026-01-31T00:00:00Z."
		}
	case "sku startsWith":
		if r.text = text.Value; r.text == "" {
			return r, "It must not be empty."
		}
	default:
		return r, noSuchRule
	}
	return r, ""
}

// consistent refuses rules that no product could satisfy together: they are a mistake, and a collection that is empty
// for ever explains nothing.
func (r rules) consistent() error {
	if r.match != matchAll {
		return nil
	}
	least, most := int64(0), int64(math.MaxInt64)
	after, before := time.Time{}, time.Time{}
	var brand id.ID
	can := map[bool]bool{}
	for i, one := range r.list {
		against := false
		switch one.Field + " " + one.Operator {
		case "price gte":
			least = max(least, one.number)
		case "price lte":
			most = min(most, one.number)
		case "createdAt after":
			if after.IsZero() || one.time.After(after) {
				after = one.time
			}
		case "createdAt before":
			if before.IsZero() || one.time.Before(before) {
				before = one.time
			}
		case "brand is":
			against = !brand.IsZero() && brand != one.id
			brand = one.id
		case "available is":
			can[one.flag] = true
		}
		if against || least > most || len(can) > 1 || !after.IsZero() && !before.IsZero() && !after.Before(before) {
			return ErrRulesContradict.WithField(indexed("rules", i)+".value", "contradiction", ErrRulesContradict.Message())
		}
	}
	return nil
}

// timed reports whether time alone can make a rule stop holding.
func (r rules) timed() bool {
	for _, one := range r.list {
		if one.Operator == "withinDays" {
			return true
		}
	}
	return false
}

// texts are the rules as they are kept and shown.
func (r rules) texts() []ruleText {
	out := make([]ruleText, len(r.list))
	for i, one := range r.list {
		out[i] = one.ruleText
	}
	return out
}

// traits are what rules look at in a product.
type traits struct {
	product    id.ID
	title      string // folded
	brand      id.ID
	price      *int64 // the lowest; nil without variants
	available  bool
	createdAt  time.Time
	tags       []id.ID
	categories []id.ID // those it stands in, and all above them
	skus       []string
}

// hold reports whether a product belongs to the collection at a moment.
func (r rules) hold(t *traits, at time.Time) bool {
	for _, one := range r.list {
		if holds := one.holds(t, at); holds != (r.match == matchAll) {
			return holds // the first that fails decides all, the first that holds decides any
		}
	}
	return r.match == matchAll && len(r.list) > 0
}

func (r rule) holds(t *traits, at time.Time) bool {
	switch r.Field + " " + r.Operator {
	case "tag is":
		return containsID(t.tags, r.id)
	case "category is":
		return containsID(t.categories, r.id)
	case "brand is":
		return t.brand == r.id
	case "price gte":
		return t.price != nil && *t.price >= r.number
	case "price lte":
		return t.price != nil && *t.price <= r.number
	case "title contains":
		return strings.Contains(t.title, r.text)
	case "available is":
		return t.available == r.flag
	case "createdAt withinDays":
		return at.Sub(t.createdAt) < time.Duration(r.number)*day
	case "createdAt before":
		return t.createdAt.Before(r.time)
	case "createdAt after":
		return t.createdAt.After(r.time)
	case "sku startsWith":
		for _, sku := range t.skus {
			if strings.HasPrefix(sku, r.text) {
				return true
			}
		}
	}
	return false
}

func containsID(ids []id.ID, which id.ID) bool {
	for _, one := range ids {
		if one == which {
			return true
		}
	}
	return false
}
