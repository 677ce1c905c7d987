package content

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// newPolicy is what may be in a page: text with its structure, links, tables and pictures. What is not named here is taken out;
// of scripts, styles and the like also what is in them. There are no forms, frames, scripts, styles, classes of the
// storefront's, handlers of events, or data: and javascript: addresses.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "b", "i", "u", "s", "del", "ins",
		"sub", "sup", "small", "mark", "kbd", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "address")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^`+anchorPrefix+`[a-z0-9-]{1,80}$`)).OnElements("h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[A-Za-z0-9+#-]{1,32}$`)).OnElements("code")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9][0-9]?$`)).OnElements("th", "td")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(row|col)$`)).OnElements("th")
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{1,35}$`)).OnElements("p", "blockquote", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6")

	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowAttrs("href", "title").OnElements("a")
	p.RequireNoFollowOnFullyQualifiedLinks(true)

	p.AllowAttrs("src").Matching(pictureAddress).OnElements("img")
	p.AllowAttrs("alt", "title").OnElements("img")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^[1-9][0-9]{0,4}$`)).OnElements("img")
	return p
}

// pictureAddress is https, or a path on the storefront's own host. An address without a scheme that names a host ("//x") would be
// read over whatever the page came by.
var pictureAddress = regexp.MustCompile(`^((?i:https)://[^\s\\]+|/?[A-Za-z0-9_.~%-][^\s\\:]*)$`)

// maxOpen is how many elements may be open at once.
const maxOpen = 256

// balanced closes what is left open and takes out ends of what was not begun, so that a page cannot close an element of the
// storefront it is put into. What leads to another host is opened without a way back (rel="noopener").
func balanced(sanitised []byte) (string, error) {
	var out strings.Builder
	var open []string
	begun := map[string]int{}
	z := html.NewTokenizer(bytes.NewReader(sanitised))
	shut := func() {
		name := open[len(open)-1]
		open = open[:len(open)-1]
		begun[name]--
		out.WriteString("</" + name + ">")
	}
	for {
		kind := z.Next()
		raw := z.Raw()
		switch kind {
		case html.ErrorToken: // the end: what is read from memory cannot fail
			for len(open) > 0 {
				shut()
			}
			return out.String(), nil
		case html.StartTagToken, html.SelfClosingTagToken: // a browser takes <b/> for <b>
			out.Write(bytes.Replace(raw, []byte(`rel="nofollow"`), []byte(`rel="nofollow noopener"`), 1))
			tag, _ := z.TagName()
			if name := string(tag); !isVoid(name) {
				open, begun[name] = append(open, name), begun[name]+1
			}
			if len(open) > maxOpen {
				return "", tooComplex("Its HTML has more than 256 elements within each other.")
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			for name := string(tag); begun[name] > 0; {
				last := open[len(open)-1] == name
				shut()
				if last {
					break
				}
			}
		default:
			out.Write(raw)
		}
	}
}

// isVoid says whether an element of the policy has no end (HTML, §13.1.2).
func isVoid(name string) bool { return name == "br" || name == "hr" || name == "img" }
