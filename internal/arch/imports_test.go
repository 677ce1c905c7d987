package arch_test

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// mayImport says, for each folder at the root, which of our own folders its packages may import besides themselves.
// "*" is everything. A folder that is not here yet gets a line, and its reason, with its first file.
func mayImport() map[string]borders {
	room := borders{[]string{"kit", "gen"}, "a room reaches another only through its generated client, so that it can run anywhere and its data stay its own"}
	return map[string]borders{
		"cmd":      {[]string{"*"}, ""},
		"test":     {[]string{"*"}, ""},
		"services": room,
		"broker":   room,
		"gateway":  {[]string{"kit", "gen", "sdk"}, "the gateway is a map from REST to RPC and knows rooms only by their generated clients"},
		// The order inside kit is in kitLevels.
		"kit":        {[]string{"kit", "gen/sovecom/fault", "gen/sovecom/type", "gen/sovecom/api"}, "kit is below the rooms and knows none of them"},
		"sdk":        {nil, "integrators build against sdk alone, so it must not pull anything in"},
		"storefront": {[]string{"sdk"}, "the storefront proves that the public API is enough"},
		"modules":    {[]string{"sdk"}, "modules prove that the module SDK is enough"},
		"web":        {nil, "built pages are data to embed and call nobody"},
		"internal":   {[]string{"kit", "gen", "sdk"}, "what lies in internal serves the rooms and depends on none"},
	}
}

type borders struct {
	folders []string
	why     string
}

// kitLevels orders kit. A package may import packages of lower levels only; the leaves may also import each other.
// Suites, which are the packages that end in "test", may import all of kit, and are imported by tests only.
func kitLevels() map[string]int {
	return map[string]int{
		"fault": 0, "id": 0, "money": 0, "measure": 0, "page": 0, "tenant": 0, "config": 0, "rendition": 0, "outbound": 0, "slug": 0,
		"pg": 1, "auth": 1, "cache": 1, "obs": 1,
		"door": 2, "rpc": 2, "bus": 2, "idem": 2, "embed": 2,
		"app": 3,
	}
}

// library is a third-party import path, or the beginning of one, that only some files may import.
type library struct {
	paths []string
	allow func(f file) bool
	why   string
}

func libraries() []library {
	in := func(folders ...string) func(file) bool {
		return func(f file) bool { return under(path.Dir(f.path), folders...) }
	}
	suite := func(f file) bool { return f.test && !strings.HasSuffix(f.path, "_test.go") }
	store := func(f file) bool {
		return strings.HasPrefix(path.Base(f.path), "store") || f.test || in("kit/pg", "kit/embed", "kit/bus", "kit/idem")(f)
	}
	return []library{
		{[]string{"github.com/danielgtaylor/huma"}, in("gateway"), "REST is the gateway's business, a room speaks RPC only"},
		{[]string{"github.com/tetratelabs/wazero"}, in("broker"), "strangers' code runs in the broker's workers only"},
		{[]string{"github.com/typesense", "github.com/meilisearch", "github.com/blevesearch"}, in("services/search"), "the search engine can be changed in one place"},
		{[]string{"github.com/minio"}, in("services/media"), "pictures are stored and served by the media room only"},
		{[]string{"github.com/gen2brain", "github.com/davidbyttow/govips"}, in("services/media/picture", "test/pictures"), "what strangers send is decoded in processes of its own only"},
		{[]string{"github.com/yuin/goldmark", "github.com/microcosm-cc/bluemonday"}, in("services/content"), "Markdown becomes HTML in one place, which knows what is safe to show"},
		{[]string{"github.com/alexedwards/argon2id"}, in("services/identity"), "passwords are seen by the identity room only"},
		{[]string{"github.com/redis"}, in("kit/cache"), "kit/cache keeps the rule that losing Redis loses nothing"},
		{[]string{"github.com/lestrrat-go/jwx"}, in("kit/auth"), "tokens are made and read in one place, so that the library can be changed there"},
		{
			[]string{"github.com/nats-io"},
			func(f file) bool { return in("kit/door", "kit/bus", "kit/embed", "cmd")(f) || suite(f) },
			"rooms know calls and events, not what carries them",
		},
		{
			[]string{"github.com/jackc/pgx", "github.com/uptrace/bun", "database/sql"}, store,
			"SQL lives in files named store*.go, where it can be found and counted",
		},
		{
			[]string{"testing"},
			// A flag of every binary that imports it.
			func(f file) bool { return f.test },
			"the shop's binary carries no test code",
		},
	}
}

func importRules() []rule {
	return []rule{
		{"import direction", findDirection},
		{"kit order", findKitOrder},
		{"library confinement", findLibraries},
		{"sdk on the standard library", findSDK},
	}
}

// imports calls visit for every import of the package, with the path.
func imports(p pkg, visit func(f file, spec importSpec)) {
	for _, f := range p.files {
		for _, spec := range f.ast.Imports {
			if imported, err := strconv.Unquote(spec.Path.Value); err == nil {
				visit(f, importSpec{spec, imported})
			}
		}
	}
}

func findDirection(p pkg, report report) {
	top, _, _ := strings.Cut(p.dir, "/")
	allowed, known := mayImport()[top]
	if !known {
		report(p.files[0].ast.Package, "package in "+p.dir, "mayImport does not say what the folder "+top+" may import; add it with a reason")
		return
	}
	imports(p, func(f file, spec importSpec) {
		target, ours := strings.CutPrefix(spec.path, module+"/")
		if !ours || under(target, home(p.dir)) || slices.Contains(allowed.folders, "*") {
			return
		}
		if !under(target, allowed.folders...) {
			report(spec.Pos(), fmt.Sprintf("%s imports %s", p.dir, target), allowed.why)
			return
		}
		if isTest("kit/"+path.Base(target)+"/x.go") && under(target, "kit") && !f.test {
			report(spec.Pos(), fmt.Sprintf("%s imports the suite %s", p.dir, target), "suites are for tests, the shop's binary carries no test code")
		}
	})
}

// home is the folder a package may roam in freely: its room, or its folder at the root.
func home(dir string) string {
	parts := strings.Split(dir, "/")
	if len(parts) > 1 && (parts[0] == "services" || parts[0] == "internal" || parts[0] == "modules") {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func findKitOrder(p pkg, report report) {
	name, inKit := strings.CutPrefix(p.dir, "kit/")
	if !inKit {
		return
	}
	name, _, _ = strings.Cut(name, "/")
	levels := kitLevels()
	level, known := levels[name]
	if !known {
		if !isTest("kit/" + name + "/x.go") {
			report(p.files[0].ast.Package, "package "+p.dir, "kitLevels does not say who may import it; add it there")
		}
		return
	}
	imports(p, func(f file, spec importSpec) {
		target, inKit := strings.CutPrefix(spec.path, module+"/kit/")
		target, _, _ = strings.Cut(target, "/")
		if !inKit || f.test || target == name {
			return
		}
		if below, known := levels[target]; known && below >= level && level > 0 || known && below > 0 && level == 0 {
			report(spec.Pos(), fmt.Sprintf("kit/%s imports kit/%s", name, target), "kit is built in levels (kitLevels), so that each package is understood with only those below it")
		}
	})
}

func findLibraries(p pkg, report report) {
	imports(p, func(f file, spec importSpec) {
		for _, lib := range libraries() {
			if under(spec.path, lib.paths...) && !lib.allow(f) {
				report(spec.Pos(), fmt.Sprintf("%s imports %s", f.path, spec.path), lib.why)
			}
		}
	})
}

func findSDK(p pkg, report report) {
	if !under(p.dir, "sdk") {
		return
	}
	imports(p, func(_ file, spec importSpec) {
		// A host name begins every import path but those of the standard library. Our own are findDirection's business.
		first, _, _ := strings.Cut(spec.path, "/")
		if strings.Contains(first, ".") && !under(spec.path, module) {
			report(spec.Pos(), p.dir+" imports "+spec.path, "what integrators import pulls in the standard library and nothing else")
		}
	})
}
