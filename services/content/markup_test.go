package content

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
)

func rendered(t *testing.T, body string) string {
	t.Helper()
	out, err := newMarkup().html(body)
	if err != nil {
		t.Fatalf("%.80q: %v", body, err)
	}
	return out
}

func TestMarkup(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"# Über *uns*\n\nText":                             `<h1 id="h-uber-uns">Über <em>uns</em></h1>` + "\n<p>Text</p>",
		"# A\n# A\n# A 2\n# A":                             `<h1 id="h-a">A</h1>` + "\n" + `<h1 id="h-a-2">A</h1>` + "\n" + `<h1 id="h-a-2-2">A 2</h1>` + "\n" + `<h1 id="h-a-3">A</h1>`,
		"# 日本":                                             `<h1 id="h-section">日本</h1>`,
		"a | b\n:-|-:\nc | d":                              `<table>|<thead>|<tr>|<th align="left">a</th>|<th align="right">b</th>|</tr>|</thead>|<tbody>|<tr>|<td align="left">c</td>|<td align="right">d</td>|</tr>|</tbody>|</table>`,
		"[us](/pages/about)":                               `<p><a href="/pages/about">us</a></p>`,
		"[down](#h-down)":                                  `<p><a href="#h-down">down</a></p>`,
		"[x](https://x.example/?a=1&b=2 \"T\")":            `<p><a href="https://x.example/?a=1&amp;b=2" title="T" rel="nofollow noopener">x</a></p>`,
		"<mailto:a@b.example>":                             `<p><a href="mailto:a@b.example">mailto:a@b.example</a></p>`,
		"[call](tel:+3212345)":                             `<p><a href="tel:+3212345">call</a></p>`,
		"![A](/media/a.webp \"T\")":                        `<p><img src="/media/a.webp" alt="A" title="T"></p>`,
		"![A](https://cdn.example/a.webp)":                 `<p><img src="https://cdn.example/a.webp" alt="A"></p>`,
		"```go\nx < y\n```":                                `<pre><code class="language-go">x &lt; y` + "\n</code></pre>",
		"3. x":                                             `<ol start="3">|<li>x</li>|</ol>`,
		"1 < 2 & \"3\"":                                    `<p>1 &lt; 2 &amp; &#34;3&#34;</p>`,
		"a\r\n\r\nb\rc":                                    "<p>a</p>\n<p>b\nc</p>",
		"<dl><dt lang=\"fr\">a</dt><dd>b</dd></dl>":        `<dl><dt>a</dt><dd>b</dd></dl>`,
		"E = mc<sup>2</sup>":                               `<p>E = mc<sup>2</sup></p>`,
		"<p lang=\"de\">Hallo</p>":                         `<p lang="de">Hallo</p>`,
		"<td>a</td></div></section></main></body></html>b": "<td>a</td>b",
		"<blockquote><b>open":                              "<blockquote><b>open</b></blockquote>",
		"</p></td></b>text":                                "text",
		"<b/>a":                                            "<p><b/>a</b></p>",
		"<b><i>a</b>b</i>c":                                "<p><b><i>a</i></b>bc</p>",
	} {
		got := strings.TrimSpace(rendered(t, body))
		if got != want && got != strings.ReplaceAll(want, "|", "\n") {
			t.Errorf("%q becomes\n%s\nwant\n%s", body, got, want)
		}
	}
}

// hostile are bodies that try to have more done than to be read.
func hostile() []string {
	return []string{
		"<script>alert(1)</script>", "<SCRIPT SRC=//x.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\n>alert(1)</script\n>",
		"<img src=x onerror=alert(1)>", "<img src=x:alert(1) onerror=eval(src)>", "<img src='x'onerror='alert(1)'>", "<img/src=x/onerror=alert(1)>", "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
		"<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>", "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
		"<math href=\"javascript:alert(1)\">x</math>", "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
		"<iframe src=\"javascript:alert(1)\"></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\">", "<object data=\"javascript:alert(1)\"></object>", "<embed src=\"javascript:alert(1)\">",
		"<form action=\"https://x.example\"><input name=password><button>Go</button></form>", "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>", "<textarea><script>alert(1)</script></textarea>",
		"<link rel=stylesheet href=\"https://x.example/x.css\">", "<style>@import 'https://x.example/x.css'</style>", "<style>body{display:none}</style>", "<p style=\"background:url(javascript:alert(1))\">x</p>", "<base href=\"https://x.example/\">",
		"<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">", "<body onload=alert(1)>", "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>", "<details open ontoggle=alert(1)>", "<marquee onstart=alert(1)>",
		"<a href=\"javascript:alert(1)\">x</a>", "<a href=\"JaVaScRiPt:alert(1)\">x</a>", "<a href=\"java\nscript:alert(1)\">x</a>", "<a href=\"java&#10;script:alert(1)\">x</a>", "<a href=\"&#106;avascript:alert(1)\">x</a>", "<a href=\" &#14; javascript:alert(1)\">x</a>",
		"<a href=\"vbscript:msgbox(1)\">x</a>", "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<a href=\"javascript&colon;alert(1)\">x</a>", "<a href=\"//x.example\" target=_blank onclick=alert(1)>x</a>", "<a href=\"\x01javascript:alert(1)\">x</a>",
		"[x](javascript:alert(1))", "[x](JAVASCRIPT:alert(1))", "[x](javascript&#58;alert(1))", "[x](&#x6A;avascript:alert(1))", "[x](<java\tscript:alert(1)>)", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x]: javascript:alert(1)\n\n[x]",
		"<javascript:alert(1)>", "[a](https://x.example/\"onmouseover=alert(1))", "[a](<https://x.example/\" onmouseover=\"alert(1)>)", "[a](x 'y\" onmouseover=\"alert(1)')", "![a](x \"y\\\" onerror=alert(1)\")", "![\"onerror=\"alert(1)](x)",
		"![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg onload=alert(1)>)", "![x](http://x.example/pixel.gif)", "![x](//x.example/pixel.gif)", "<img src=\"//x.example/a.gif\">", "<img src=\"\\\\x.example\\a.gif\">", "<img srcset=\"https://x.example/a 1x\">", "<img src=a style=position:fixed>",
		"`<script>alert(1)</script>`", "    <script>alert(1)</script>", "```\n</code></pre><script>alert(1)</script>\n```", "```\"><script>alert(1)</script>\nx\n```", "```x\" onclick=\"alert(1)\nx\n```",
		"<!--><script>alert(1)</script>-->", "<!-- --!><script>alert(1)</script> -->", "<![CDATA[<script>alert(1)</script>]]>", "<?php echo 1 ?>", "<!DOCTYPE html><script>alert(1)</script>", "<template><script>alert(1)</script></template>", "<xmp><script>alert(1)</script></xmp>", "<plaintext><script>",
		"# <img src=x onerror=alert(1)>", "# location\n# __proto__\n# constructor", "<h1 id=\"config\">x</h1>", "<h1 name=\"config\" id=\"h-x y\">x</h1>", "<a name=config id=config>x</a>", "<img name=cookie id=body src=/x>", "<p class=\"admin\" data-x=1 is=x slot=y>x</p>",
		"<isindex action=javascript:alert(1) type=image>", "<keygen onfocus=alert(1)>", "<portal src=x>", "<custom-element onclick=alert(1)>x</custom-element>", "<p xmlns=\"x\" onclick=alert(1)>", "<p onclick\n=\nalert(1)>x</p>", "<p/onclick=alert(1)>x</p>", "<td background=\"javascript:alert(1)\">", "<table background=x><tr><td>y",
		"|a|\n|-|\n|<script>alert(1)</script>|", "|[x](javascript:alert(1))|\n|-|\n|<img src=x onerror=alert(1)>|", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;", "\\<script>alert(1)</script>", "<a href=\"https://x.example\"><script>alert(1)</script></a>",
		"<b/>", "<a href=//x.example />", "<table>", "</table></main></body>", "<table><tr><td></table></main>", "<ul><li></ul></li></main>", "<p></main>", "<em><p></em></p></main>", "<h1><h2></h1></main>", "<li></li></main>", "<dd><main></dd></main>", "<b><table></b></main></table>",
		"<ｓｃｒｉｐｔ>alert(1)</ｓｃｒｉｐｔ>", "\ufeff<script>alert(1)</script>", "<script\x0c>alert(1)</script>", "<img src=x\x0bonerror=alert(1)>", "<\x08script>alert(1)</script>",
	}
}

// inspector reads what is made of bodies as a browser would, and looks at every element and attribute of it.
type inspector struct {
	markup     markup
	elements   map[string]bool
	attributes map[string]*regexp.Regexp // by element and name; nil for any value
}

func newInspector() inspector {
	in := inspector{markup: newMarkup(), elements: map[string]bool{"html": true, "head": true, "body": true}} // which the parser adds
	for name := range strings.FieldsSeq("p br hr h1 h2 h3 h4 h5 h6 blockquote pre code em strong b i u s del ins sub sup small mark kbd ul ol li dl dt dd table caption thead tbody tfoot tr th td address a img colgroup") {
		in.elements[name] = true
	}
	size, language := regexp.MustCompile(`^[0-9]{1,9}$`), regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	in.attributes = map[string]*regexp.Regexp{
		"a href": regexp.MustCompile(`^(?i:https?:|mailto:|tel:|[^:]*$|[^:]*[/?#])`), "a title": nil, "a rel": regexp.MustCompile(`^nofollow noopener$`),
		"img src": regexp.MustCompile(`^(?i:https://|/[^/]|[A-Za-z0-9._~%-]+([^:]*$))`), "img alt": nil, "img title": nil, "img width": size, "img height": size,
		"ol start": size, "code class": regexp.MustCompile(`^language-[A-Za-z0-9+#-]+$`),
	}
	for _, name := range []string{"h1", "h2", "h3", "h4", "h5", "h6"} {
		in.attributes[name+" id"], in.attributes[name+" lang"] = regexp.MustCompile(`^h-[a-z0-9-]+$`), language
	}
	for _, name := range []string{"th", "td"} {
		in.attributes[name+" align"], in.attributes[name+" colspan"], in.attributes[name+" rowspan"], in.attributes[name+" lang"] = regexp.MustCompile(`^(left|right|center)$`), size, size, language
	}
	in.attributes["p lang"], in.attributes["li lang"], in.attributes["blockquote lang"], in.attributes["th scope"] = language, language, language, regexp.MustCompile(`^(row|col)$`)
	return in
}

// check renders a body. One that is refused shows nothing.
func (in inspector) check(t *testing.T, body string) {
	t.Helper()
	out, err := in.markup.html(body)
	if err != nil {
		if !errors.Is(err, ErrBodyTooComplex) {
			t.Errorf("%q: %v", body, err)
		}
		return
	}
	// In an element of the storefront's, with another behind it.
	tree, err := html.Parse(strings.NewReader("<body><main>" + out + "</main><footer></footer>"))
	if err != nil {
		t.Fatal(err)
	}
	page := tree.LastChild.LastChild
	main, footer := page.FirstChild, page.LastChild
	if main == nil || main.Data != "main" || main.NextSibling != footer || footer.Data != "footer" || footer.FirstChild != nil {
		t.Errorf("%q breaks out of what it is put into: %s", body, out)
		return
	}
	for n := range main.Descendants() {
		switch n.Type {
		case html.ElementNode:
			if !in.elements[n.Data] {
				t.Errorf("%q lets %s through: %s", body, n.Data, out)
			}
			for _, a := range n.Attr {
				pattern, known := in.attributes[n.Data+" "+a.Key]
				if !known || pattern != nil && !pattern.MatchString(a.Val) {
					t.Errorf("%q lets %s=%q of %s through: %s", body, a.Key, a.Val, n.Data, out)
				}
			}
		case html.CommentNode, html.DoctypeNode:
			t.Errorf("%q lets a comment or doctype through: %s", body, out)
		}
	}
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	in := newInspector()
	for _, body := range hostile() {
		in.check(t, body)
		for _, around := range []string{"> %s", "- %s", "# %s", "**%s**", "|a|\n|-|\n|%s|", "<b>%s", "[%s](/x)", "![%s](/x)", "<p title=\"%s\">", "<a href=\"%s\">", "[x](<%s>)", "![x](<%s>)"} {
			in.check(t, fmt.Sprintf(around, body))
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, body := range hostile() {
		f.Add(body)
	}
	in := newInspector()
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) < maxBody && utf8.ValidString(body) && !strings.Contains(body, "\x00") {
			in.check(t, body)
		}
	})
}

// ordinary are bodies of the greatest length that people may write: chapters, long lists of links, a large table, and pasted HTML.
func ordinary() map[string]string {
	return map[string]string{
		"chapters": times("## Chapter\n\n" + strings.Repeat("Some *words* of [a text](/pages/x) that goes on, `code` and **more**. ", 40) + "\n\n"),
		"a list":   times(strings.Repeat("* [An entry](https://x.example/entry) of a list\n", 600) + "\n"),
		"a table":  times("| a | b | c | d |\n|---|---|---|---|\n" + strings.Repeat("| some | words | in | a table |\n", 2000) + "\n"),
		"HTML":     times("<div>" + strings.Repeat("<p class=\"x\">Some <b>words</b> of <a href=\"/x\">a text</a></p>\n", 1000) + "</div>\n\n"),
		"nested":   times("- a\n  - b\n    - c\n      > d\n      > > e\n\n"),
	}
}

func TestOrdinaryBodies(t *testing.T) {
	t.Parallel()
	for name, body := range ordinary() {
		if out := rendered(t, body); len(out) < len(body)/3 {
			t.Errorf("of %s, %d bytes become %d", name, len(body), len(out))
		}
	}
}

func times(s string) string { return strings.Repeat(s, maxBody/len(s)) }

// costly are bodies of the greatest length that make readers of Markdown slow or large.
func costly() map[string]string {
	deeper, wide, ticks := &strings.Builder{}, &strings.Builder{}, &strings.Builder{}
	for i := 0; deeper.Len() < maxBody-1000; i++ {
		deeper.WriteString(strings.Repeat(" ", 2*i) + "- a\n")
	}
	wide.WriteString("|" + strings.Repeat("a|", 16000) + "\n|" + strings.Repeat("-|", 16000) + "\n" + strings.Repeat("|\n", 18000))
	for i := 1; ticks.Len() < maxBody-1000; i++ {
		ticks.WriteString(strings.Repeat("`", i) + " ")
	}
	all := map[string]string{
		"a nested list": deeper.String(), "a wide table": wide.String(), "ticks": ticks.String(), "nested emphasis": strings.Repeat("*a ", 16000) + strings.Repeat("b* ", 16000),
		"nested links": strings.Repeat("[", 33000) + strings.Repeat("](b)", 16000), "nested pictures": strings.Repeat("![", 25000) + strings.Repeat("](b)", 12000),
		"unclosed elements": "a" + strings.Repeat("<b>", 15000) + strings.Repeat("</i>", 12000), "a long table": "a|b\n-|-\n" + strings.Repeat("c\n", 40000), "bars in code": "a|b\n-|-\n" + strings.Repeat("`\\|`\n", 19000),
		"quotations of lines": strings.Repeat("\n"+strings.Repeat(">", 99), 990), "lists of lines": strings.Repeat("\n"+strings.Repeat("- ", 99), 490), "many references": strings.Repeat("[a]: b\n\n", 5000) + strings.Repeat("[a] ", 14000),
	}
	for _, s := range []string{
		">", "> ", "[", "]", "![", "[](", "[a](", "[a](<b", "[a](b \"c ", "[a](b (", "- ", "1. ", "*", "_", "*a ", "a*", "**a *b ", "*a_ ", "a**b_c* ", "*a **b", "`", "<", "<!--", "<?", "<![CDATA[", "<a b='", "<a b= ", "<!A ", "</a ",
		"x <!-- ", "x <? ", "x <a b='", "x <![CDATA[", "x <!A ", "&", "&amp;", "&#", "[a]: b\n", "[a]: ", "[a]: b \"\n", "[a]:\n", "#\n", "# a\n", "# a\n\n", "a\n=\n", "|a\n|-\n|b\n", "|a\n|-\n\n", "-|-\n", "-\n", "a|", "\\", "a\\\n", "\t", "-\t", " ", "\n", "a\n", "a  \n", "~~~\n", "```\n",
		"<div>", "<div>\n", "<div>\n\n", "<b>", "a<b>", "a</b>", "</b>\n\n", "[[a](b)", "[a][", "[a](b)", "<http:", "<a@", "[*a", "a***", "> a\n", ">a\nb\n", "- a\n\n", "- a\n", "1. a\n", "- > ", "- > a\n", "a\r\n", "a\r", "1)\n", "-\n>\n", "\U0001F600", "<table>", "<table><tr><td>", "<a href=x>", "<a href=//x>\n\n", "![a](b)\n\n", "&CounterClockwiseContourIntegral;", "\"", "- *a*\n\n", "x\n\n> ",
	} {
		all[s] = times(s)
	}
	return all
}

// least is the shortest of several times that a body takes. It stops as soon as one is short enough.
func (m markup) least(body string, enough time.Duration) (time.Duration, string, error) {
	var out string
	var err error
	least := time.Duration(math.MaxInt64)
	for range 3 {
		began := time.Now()
		out, err = m.html(body)
		if least = min(least, time.Since(began)); least <= enough {
			break
		}
	}
	return least, out, err
}

// No body takes longer than a multiple of what the slowest ordinary one of the same length takes, or becomes larger than is kept: it is
// shown, or it is refused with the name of the field. Without the bounds of shape.go some take hundreds of times as long.
func TestCostlyBodies(t *testing.T) {
	t.Parallel()
	m := newMarkup()
	var usual time.Duration
	for _, body := range ordinary() {
		took, _, err := m.least(body, 0)
		if err != nil {
			t.Fatal(err)
		}
		usual = max(usual, took)
	}
	const most = 20
	refused, worst, slowest := 0, 0.0, ""
	for name, body := range costly() {
		took, out, err := m.least(body, most*usual)
		if ratio := float64(took) / float64(usual); ratio > worst {
			worst, slowest = ratio, name
		}
		switch {
		case took > most*usual:
			t.Errorf("%.30q takes %v, and ordinary bodies %v at most", name, took, usual)
		case err == nil && len(out) > maxHTML:
			t.Errorf("%.30q becomes %d bytes", name, len(out))
		case err != nil && !errors.Is(err, ErrBodyTooComplex):
			t.Errorf("%.30q: %v", name, err)
		case err != nil:
			refused++
		}
	}
	t.Logf("the slowest of %d, %.30q, takes %.1f times as long as the slowest ordinary one; %d are refused", len(costly()), slowest, worst, refused)
	if refused < 10 || refused == len(costly()) {
		t.Errorf("%d of %d are refused", refused, len(costly()))
	}
}
