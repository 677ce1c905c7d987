package gateway

import (
	"bufio"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	apiv1 "github.com/sovecom/sovecom/gen/sovecom/api/v1"
	"github.com/sovecom/sovecom/kit/rpc"
)

func build(t *testing.T) *Gateway {
	t.Helper()
	g, err := New(DefaultConfig(), Deps{Logger: slog.New(slog.DiscardHandler), Now: time.Now, Secret: make([]byte, 32), Operations: http.NotFoundHandler(), Media: http.NotFoundHandler()})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// shared are procedures that more than one route stands for: parts of one resource, and the upload, whose bytes go
// around the mesh and need the permission to change pictures.
func shared() []string {
	return []string{"IdentityService.GetSettings", "IdentityService.UpdateSettings", "CatalogService.SetProductImages", "MediaService.UpdateAsset"}
}

// Every RPC for the outside has exactly one route, on its own surface; internal ones have none.
func TestCoverage(t *testing.T) {
	t.Parallel()
	g := build(t)
	routes := map[protoreflect.FullName][]string{}
	for _, s := range []*surface{g.store, g.admin} {
		for _, b := range s.routes {
			method, err := methodOf(b.procedure)
			if err != nil {
				t.Fatal(err)
			}
			routes[method.FullName()] = append(routes[method.FullName()], s.name+" "+b.method+" "+b.path)
		}
	}
	methods := 0
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		if !strings.HasPrefix(string(f.Package()), "sovecom.") {
			return true
		}
		for i := range f.Services().Len() {
			service := f.Services().Get(i)
			for j := range service.Methods().Len() {
				m := service.Methods().Get(j)
				methods++
				policy, have := rpc.PolicyOf(m), routes[m.FullName()]
				name := string(service.Name()) + "." + string(m.Name())
				switch policy.Audience {
				case apiv1.Audience_AUDIENCE_STORE, apiv1.Audience_AUDIENCE_ADMIN:
					want := "store "
					if policy.Audience == apiv1.Audience_AUDIENCE_ADMIN {
						want = "admin "
					}
					if len(have) != 1 && !(len(have) > 1 && slices.Contains(shared(), name)) {
						t.Errorf("%s has %d routes: %v", name, len(have), have)
					}
					for _, r := range have {
						if !strings.HasPrefix(r, want) {
							t.Errorf("%s is served as %s", name, r)
						}
					}
				case apiv1.Audience_AUDIENCE_INTERNAL:
					if len(have) > 0 {
						t.Errorf("%s is internal and served as %v", name, have)
					}
				default:
					t.Errorf("%s does not say who it is for", name)
				}
			}
		}
		return true
	})
	if methods < 80 {
		t.Errorf("only %d methods were looked at", methods)
	}
}

// The routes are those the SDK documents, and the permissions too.
func TestRoutesAreThoseOfTheSDK(t *testing.T) {
	t.Parallel()
	g := build(t)
	for _, s := range []*surface{g.store, g.admin} {
		documented := documentedRoutes(t, "../sdk/"+s.name+"v1/doc.go")
		for _, b := range s.routes {
			key := b.method + " " + b.path
			line, ok := documented[key]
			if !ok {
				t.Errorf("%s: %s is not in the SDK's table", s.name, key)
			}
			if p := b.policy.Permission; s.name == "admin" && p != "" && p != rpc.Public && !strings.Contains(line, " "+p) && key != "POST /media" {
				t.Errorf("%s asks for %s, the SDK says %q", key, p, line)
			}
			delete(documented, key)
		}
		for key := range documented {
			t.Errorf("%s: %s is in the SDK's table and not served", s.name, key)
		}
	}
}

func documentedRoutes(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	out := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		words := strings.Fields(strings.TrimPrefix(lines.Text(), "//"))
		if len(words) > 2 && slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, words[0]) && strings.HasPrefix(words[1], "/") {
			out[words[0]+" "+words[1]] = lines.Text()
		}
	}
	return out
}
