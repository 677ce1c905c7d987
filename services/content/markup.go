package content

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/sovecom/sovecom/kit/slug"
)

// markupVersion counts what has changed in how bodies become HTML. HTML of an older version is made anew when it is read,
// so that a stricter policy holds of every page at once. Raise it with every change here, in policy.go or of the libraries.
const markupVersion = 1

// maxHTML is how many bytes the HTML of a page has at most. The longest body that is mere text needs half of it.
const maxHTML = 1 << 20

// markup turns the bodies of pages into HTML: CommonMark 0.31 with the tables of GitHub Flavored Markdown, then the policy.
// It is safe for concurrent use.
type markup struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

func newMarkup() markup {
	return markup{
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))),
			goldmark.WithParserOptions(parser.WithAutoHeadingID()),
			goldmark.WithRendererOptions(html.WithUnsafe()), // HTML within a body is the policy's business
		),
		policy: newPolicy(),
	}
}

// html is what shoppers see of a body. A body that would take unreasonable work to read is refused.
func (m markup) html(body string) (string, error) {
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(body)
	if err := checkShape(body); err != nil {
		return "", err
	}
	var rendered bytes.Buffer
	if err := m.markdown.Convert([]byte(body), &rendered, parser.WithContext(parser.NewContext(parser.WithIDs(newAnchors())))); err != nil {
		return "", fmt.Errorf("content: markdown: %w", err)
	}
	if rendered.Len() > 2*maxHTML {
		return "", tooComplex("Its HTML would be longer than 1 MiB.")
	}
	out, err := balanced(m.policy.SanitizeBytes(rendered.Bytes()))
	if err != nil {
		return "", err
	}
	if len(out) > maxHTML {
		return "", tooComplex("Its HTML would be longer than 1 MiB.")
	}
	return out, nil
}

// anchors names the headings of one body, so that an address can lead to one of them: "h-" and the heading as a slug. The
// prefix keeps a heading from taking the name of something in the storefront's own page or scripts.
type anchors struct {
	used map[string]bool
	next map[string]int // number to try for a name that is used
}

const (
	anchorPrefix = "h-"
	maxAnchor    = 64
)

func newAnchors() anchors { return anchors{used: map[string]bool{}, next: map[string]int{}} }

// Generate names a heading.
func (a anchors) Generate(text []byte, _ ast.NodeKind) []byte {
	name := slug.Of(string(text))
	if len(name) > maxAnchor {
		name = name[:maxAnchor] // of ASCII
	}
	if name == "" {
		name = "section"
	}
	free := anchorPrefix + name
	for a.used[free] {
		a.next[name] = max(a.next[name], 1) + 1
		free = anchorPrefix + name + "-" + strconv.Itoa(a.next[name])
	}
	a.used[free] = true
	return []byte(free)
}

// Put takes note of a name given by hand, which the Markdown read here has no way to do.
func (a anchors) Put(name []byte) { a.used[string(name)] = true }
