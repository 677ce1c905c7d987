package arch_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// example is a small source file and the rule it breaks, or "" when it is fine. Sources that start with "package" are
// taken as they are; others are put into a package of the folder's name, which keeps the table readable.
type example struct {
	path, source, breaks string
}

func examples() []example {
	const ours = "github.com/sovecom/sovecom/"
	imported := func(paths ...string) string {
		var s strings.Builder
		for _, p := range paths {
			s.WriteString("import _ \"" + p + "\"\n")
		}
		return s.String()
	}
	return []example{
		// Who may import whom.
		{"services/cart/x.go", imported(ours + "services/catalog"), "import direction"},
		{"services/cart/x_test.go", imported(ours + "services/catalog"), "import direction"},
		{"services/cart/x.go", imported(ours + "gateway"), "import direction"},
		{"services/cart/x.go", imported(ours + "sdk/storev1"), "import direction"},
		{"services/cart/x.go", imported(ours+"kit/pg", ours+"gen/sovecom/catalog/v1/catalogv1connect"), ""},
		{"services/cart/x_test.go", imported(ours+"services/cart", ours+"kit/pgtest"), ""},
		{"services/cart/x.go", imported(ours + "kit/pgtest"), "import direction"},
		{"broker/x.go", imported(ours + "services/cart"), "import direction"},
		{"broker/worker/x.go", imported(ours+"broker/frame", ours+"kit/app"), ""},
		{"gateway/storev1/x.go", imported(ours+"gateway/problem", ours+"sdk/storev1"), ""},
		{"gateway/x.go", imported(ours + "services/cart"), "import direction"},
		{"kit/pg/x.go", imported(ours + "services/cart"), "import direction"},
		{"kit/pg/x.go", imported(ours + "gen/sovecom/cart/v1"), "import direction"},
		{"kit/fault/x.go", imported(ours + "gen/sovecom/fault/v1"), ""},
		{"sdk/storev1/x.go", imported(ours + "kit/money"), "import direction"},
		{"sdk/storev1/x.go", imported(ours+"sdk/internal/rest", "net/http"), ""},
		{"storefront/x.go", imported(ours + "sdk/storev1"), ""},
		{"storefront/x.go", imported(ours + "kit/page"), "import direction"},
		{"modules/reviews/x.go", imported(ours + "sdk/module"), ""},
		{"modules/reviews/x.go", imported(ours + "modules/wishlist"), "import direction"},
		{"internal/demo/x.go", imported(ours + "services/catalog"), "import direction"},
		{"cmd/sovecom/x.go", imported(ours+"services/catalog", ours+"gateway", ours+"web/admin"), ""},
		{"test/chaos/x.go", imported(ours+"services/catalog", ours+"kit/pgtest"), ""},
		{"attic/x.go", "", "import direction"},

		// Levels of kit.
		{"kit/tenant/x.go", imported(ours + "kit/id"), ""},
		{"kit/tenant/x.go", imported(ours + "kit/pg"), "kit order"},
		{"kit/pg/x.go", imported(ours + "kit/fault"), ""},
		{"kit/pg/x.go", imported(ours + "kit/auth"), "kit order"},
		{"kit/bus/x.go", imported(ours + "kit/pg"), ""},
		{"kit/bus/x.go", imported(ours + "kit/app"), "kit order"},
		{"kit/bus/x_test.go", imported(ours+"kit/app", ours+"kit/bustest"), ""},
		{"kit/bustest/x.go", imported(ours+"kit/embed", ours+"kit/bus", "testing"), ""},
		{"kit/attic/x.go", "", "kit order"},

		// Libraries and where they live.
		{"services/cart/x.go", imported("github.com/danielgtaylor/huma/v2"), "library confinement"},
		{"gateway/adminv1/x.go", imported("github.com/danielgtaylor/huma/v2"), ""},
		{"services/media/x.go", imported("github.com/tetratelabs/wazero/api"), "library confinement"},
		{"services/search/x.go", imported("github.com/typesense/typesense-go/v2"), ""},
		{"services/catalog/x.go", imported("github.com/typesense/typesense-go/v2"), "library confinement"},
		{"gateway/x.go", imported("github.com/meilisearch/meilisearch-go"), "library confinement"},
		{"services/catalog/x.go", imported("github.com/minio/minio-go/v7"), "library confinement"},
		{"services/media/x.go", imported("github.com/minio/minio-go/v7"), ""},
		{"services/content/x.go", imported("github.com/yuin/goldmark/ast", "github.com/microcosm-cc/bluemonday"), ""},
		{"services/catalog/x.go", imported("github.com/microcosm-cc/bluemonday"), "library confinement"},
		{"kit/auth/x.go", imported("github.com/alexedwards/argon2id"), "library confinement"},
		{"kit/auth/x.go", imported("github.com/lestrrat-go/jwx/v2/jwt"), ""},
		{"services/identity/x.go", imported("github.com/lestrrat-go/jwx/v2/jwt"), "library confinement"},
		{"services/cart/x.go", imported("github.com/redis/rueidis"), "library confinement"},
		{"services/cart/x.go", imported("github.com/nats-io/nats.go"), "library confinement"},
		{"services/cart/x_test.go", imported("github.com/nats-io/nats.go"), "library confinement"},
		{"kit/doortest/x.go", imported("github.com/nats-io/nats.go/micro"), ""},
		{"test/chaos/x_test.go", imported("github.com/nats-io/nats.go"), "library confinement"},
		{"services/cart/rpc_cart.go", imported("github.com/jackc/pgx/v5"), "library confinement"},
		{"services/cart/rpc_cart.go", imported("database/sql"), "library confinement"},
		{"services/cart/store_cart.go", imported("github.com/jackc/pgx/v5", "github.com/uptrace/bun"), ""},
		{"services/cart/cart_test.go", imported("github.com/jackc/pgx/v5"), ""},
		{"kit/idem/x.go", imported("github.com/jackc/pgx/v5"), ""},
		{"kit/money/x.go", imported("testing"), "library confinement"},
		{"sdk/acceptance/x.go", imported("testing"), ""},
		{"sdk/storev1/x.go", imported("gopkg.in/yaml.v3"), "sdk on the standard library"},

		// State of a package.
		{"kit/money/x.go", `func init() {}`, "no init"},
		{"kit/money/x.go", `type t struct{}; func (t) init() {}`, ""},
		{"kit/money/x.go", `var rates = map[string]int{"FR": 20}`, "no mutable package variable"},
		{"kit/money/x.go", "//arch:frozen read by rate alone\nvar rates = map[string]int{\"FR\": 20}", ""},
		{"kit/money/x.go", "//arch:frozen read by rate alone\nvar Rates = map[string]int{\"FR\": 20}", "no mutable package variable"},
		{"kit/money/x.go", "//arch:frozen\nvar rates = map[string]int{\"FR\": 20}", "no mutable package variable"},
		{
			"kit/money/x.go", "//arch:frozen read by rate alone\nvar rates = map[string]int{}\nfunc f() { rates[\"FR\"] = 20 }",
			"no mutable package variable",
		},
		{"kit/money/x.go", `var list = []string{"EUR"}`, "no mutable package variable"},
		{"kit/money/x.go", `var list = [...]string{"EUR"}`, ""},
		{"kit/money/x.go", `var list = [...]struct{ x []int }{{nil}}`, "no mutable package variable"},
		{"kit/money/x.go", `type t struct{ x []int }; var v = t{x: []int{1}}`, "no mutable package variable"},
		{"kit/money/x.go", `type t struct{}; var shared = &t{}`, "no mutable package variable"},
		{"kit/money/x.go", `var shared *int`, "no mutable package variable"},
		{"kit/money/x.go", `import "sync"; var mu sync.Mutex`, "no mutable package variable"},
		{"kit/money/x.go", `import "sync/atomic"; var p atomic.Pointer[int]`, "no mutable package variable"},
		{"kit/money/x.go", `var c = make(chan int)`, "no mutable package variable"},
		{"kit/money/x.go", `import "net/http"; var c = http.NewServeMux()`, "no mutable package variable"},
		{"kit/money/x.go", `import "errors"; var ErrX = errors.New("money: no")`, ""},
		{"kit/pg/x.go", `import "x/fault"; var ErrX = fault.NotFound("a.b", "No.").With("c")`, ""},
		{"kit/money/x.go", `import "regexp"; var code = regexp.MustCompile("^[A-Z]{3}$")`, ""},
		{"kit/money/x.go", `import "embed"; var files embed.FS`, ""},
		{"kit/money/x.go", `type t struct{}; var _ interface{} = (*t)(nil)`, ""},
		{"kit/money/x.go", `var version = "dev"`, ""},
		{"kit/money/x.go", `var version = "dev"; func f() { version = "x" }`, "no mutable package variable"},
		{"kit/money/x.go", `var count int; func f() { count++ }`, "no mutable package variable"},
		{"kit/money/x.go", `var point struct{ x int }; func f() { point.x += 1 }`, "no mutable package variable"},
		{"kit/money/x.go", `var x int; func f() *int { return &x }`, "no mutable package variable"},
		{"kit/money/x.go", `var x int; func f() int { x := 1; x++; return x }`, ""},
		{"kit/money/x.go", `var x int; func f(y int) { for x = range y { } }`, "no mutable package variable"},
		{"kit/money/x_test.go", `var update = map[string]bool{}`, ""},

		// What nobody may do.
		{"services/cart/x.go", `import "context"; func f() { _ = context.Background() }`, "no context out of nothing"},
		{"kit/pg/x.go", `import c "context"; var f = c.TODO`, "no context out of nothing"},
		{"kit/pg/x.go", `import "context"; func f(context struct{ Background func() }) { context.Background() }`, ""},
		{"services/cart/x_test.go", `import "context"; func f() { _ = context.Background() }`, ""},
		{"cmd/sovecom/x.go", `import "context"; func f() { _ = context.Background() }`, ""},
		{"services/cart/x.go", `import "time"; func f() { _ = time.Now() }`, "no clock of its own"},
		{"services/cart/x.go", `import "time"; func f(t time.Time) { _ = time.Since(t) }`, "no clock of its own"},
		{"gateway/x.go", `import "time"; type deps struct { now func() time.Time }; func f() deps { return deps{time.Now} }`, "no clock of its own"},
		{"kit/obs/x.go", `import "time"; func f() { _ = time.Now() }`, ""},
		{"cmd/sovecom/x.go", `import "time"; func f() { _ = time.Now() }`, ""},
		{"sdk/acceptance/x.go", `import "time"; func f() { _ = time.Now() }`, ""},
		{"cmd/sovecom/x.go", `func f() { panic("x") }`, "no panic"},
		{"kit/pg/x.go", `func f(panic func(string)) { panic("x") }`, ""},
		{"kit/pgtest/x.go", `func f() { panic("x") }`, ""},
		{"kit/util/x.go", `package util`, "no drawer"},
		{"services/cart/helpers/x.go", `package h`, "no drawer"},
		{"gateway/errors/x.go", `package common`, "no drawer"},
		{"services/cart/x.go", `func f(target string) bool { return target == "all" }`, "no branch on the target"},
		{"kit/app/x.go", `func f(target string) { switch target { case "cart", "all": } }`, "no branch on the target"},
		{"cmd/sovecom/x.go", `func f(target string) bool { return target == "all" }`, ""},
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for _, e := range examples() {
		source := e.source
		if !strings.HasPrefix(source, "package ") {
			source = "package x\n" + source + "\n"
		}
		got := violations(t, map[string]string{e.path: source})
		if e.breaks == "" && len(got) > 0 {
			t.Errorf("This is fine, but was reported.\n%s: %s\n%s", e.path, e.source, strings.Join(got, "\n"))
		}
		if e.breaks == "" {
			continue
		}
		broken[e.breaks] = true
		if !slices.ContainsFunc(got, func(v string) bool {
			return strings.HasPrefix(v, e.path+":") && strings.Contains(v, ": "+e.breaks+": ")
		}) {
			t.Errorf("This breaks %q, which was not reported.\n%s: %s\nreported: %q", e.breaks, e.path, e.source, got)
		}
		for _, v := range got {
			// Known rules that a folder made up for the example breaks besides.
			if !strings.Contains(v, ": "+e.breaks+": ") && !strings.Contains(v, "kitLevels does not say") {
				t.Errorf("This breaks %q alone, but reported was also\n%s", e.breaks, v)
			}
		}
	}
	for _, r := range rules() {
		if !broken[r.name] {
			t.Errorf("No example breaks the rule %q, so nothing shows that it can fail.", r.name)
		}
	}
}

// A package is one scope: what one file declares, another must not write to.
func TestWritesFromAnotherFile(t *testing.T) {
	t.Parallel()
	got := violations(t, map[string]string{
		"kit/money/a.go": "package money\n\nvar limit = 3\n",
		"kit/money/b.go": "package money\n\nfunc raise() { limit = 4 }\n",
	})
	if len(got) != 1 || !strings.HasPrefix(got[0], "kit/money/b.go:3: no mutable package variable: write to var limit: ") {
		t.Errorf("got %q", got)
	}
}

// Generated and vendored files are not ours to judge.
func TestWalkLeavesOut(t *testing.T) {
	t.Parallel()
	bad := "package x\n\nfunc init() {}\n"
	got := violations(t, map[string]string{
		"gen/sovecom/x.go": bad, "tools/buf/x.go": bad, "kit/pg/testdata/x.go": bad, "web/admin/node_modules/y/x.go": bad, ".build/x.go": bad,
		"kit/pg/x.go": bad,
	})
	if len(got) != 1 || !strings.HasPrefix(got[0], "kit/pg/x.go:3: no init: ") {
		t.Errorf("got %q", got)
	}
}

func violations(t *testing.T, sources map[string]string) []string {
	t.Helper()
	files := fstest.MapFS{}
	for name, source := range sources {
		files[name] = &fstest.MapFile{Data: []byte(source)}
	}
	fset := token.NewFileSet()
	packages, err := load(fset, files)
	if err != nil {
		t.Fatalf("an example does not parse: %v", err)
	}
	return check(fset, packages)
}
