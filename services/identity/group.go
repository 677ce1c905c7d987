package identity

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sovecom/sovecom/kit/id"
)

const maxGroupCode = 64

// Group is who some prices are for.
type Group struct {
	ID        id.ID
	Code      string // what price lists and access tokens name it by; it stays
	Name      string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// GroupRef is a group as it is shown with a customer.
type GroupRef struct {
	ID   id.ID  `json:"id"`
	Code string `json:"code"`
	Name string `json:"name"`
}

// groupCode is the form of codes that the catalogue's price lists take.
const groupCode = `^[a-z0-9]+(?:[-_][a-z0-9]+)*$`

func (g Group) check() error {
	switch {
	case len(g.Code) > maxGroupCode || !regexp.MustCompile(groupCode).MatchString(g.Code):
		return ErrGroupInvalid.WithField("code", "invalid", "A code consists of at most 64 lower case Latin letters and digits, with single hyphens or underscores between.")
	case g.Name == "":
		return ErrGroupInvalid.WithField("name", "required", "It must not be empty.")
	}
	return nil
}

// rename decides on a new name and reports whether it is one.
func (g *Group) rename(name string, now time.Time) bool {
	if g.Name == name {
		return false
	}
	g.Name, g.UpdatedAt = name, now
	g.Version++
	return true
}

// join puts the customer into exactly these groups and reports whether that is a change.
func (c *Customer) join(groups []GroupRef, now time.Time) bool {
	groups = slices.SortedFunc(slices.Values(groups), func(a, b GroupRef) int { return strings.Compare(a.Code, b.Code) })
	if slices.EqualFunc(c.Groups, groups, func(a, b GroupRef) bool { return a.ID == b.ID }) {
		return false
	}
	c.Groups, c.UpdatedAt = groups, now
	c.Version++
	return true
}

// named are the groups that ids name, once each and in their order; an unknown one is refused.
func named(ids []id.ID, known []GroupRef) ([]GroupRef, error) {
	var out []GroupRef
	for i, which := range ids {
		at := slices.IndexFunc(known, func(g GroupRef) bool { return g.ID == which })
		switch {
		case at < 0:
			return nil, ErrGroupUnknown.WithField("groupIds["+strconv.Itoa(i)+"]", "unknown", "There is no such customer group.")
		case !slices.Contains(out, known[at]):
			out = append(out, known[at])
		}
	}
	return out, nil
}
