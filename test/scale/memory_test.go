package scale

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/test/housetest"
)

var vmRSS = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)

// memory is what a process has resident, in KiB.
func memory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	must(err)(t)
	found := vmRSS.FindSubmatch(status)
	if found == nil {
		t.Fatal("the system does not tell the memory of a process")
	}
	kib, err := strconv.Atoi(string(found[1]))
	must(err)(t)
	return kib
}

// TestMemoryStaysLevel lets a shop work, and then work four times as much of the same: lists, searches, carts, changes of
// products and exports. What it keeps then is what it kept before.
func TestMemoryStaysLevel(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 40 {
		var variants []object
		for v := range 20 {
			variants = append(variants, object{"sku": fmt.Sprintf("M-%d-%d", i, v), "options": object{"size": strconv.Itoa(v)}, "price": object{"amount": 1000 + v, "currency": "EUR"}, "stock": 100_000})
		}
		p := s.post("/admin/v1/products", s.admin, object{"title": fmt.Sprint("Linen ", i), "description": strings.Repeat("long ", 4000), "status": "published", "variants": variants})
		s.ids["/admin/v1/products"] = p.text("id")
		first, _ := p.object["variants"].([]any)[0].(map[string]any)
		s.variants["/admin/v1/products"], _ = first["id"].(string)
	}
	work := func(from, rounds int) {
		for i := from; i < from+rounds; i++ {
			for _, path := range []string{
				"/store/v1/products?limit=100", fmt.Sprint("/store/v1/products?limit=20&sort=price&minPrice=", i), "/store/v1/search?q=linen&limit=100", "/store/v1/search/suggestions?q=lin",
			} {
				s.read(path, "")
			}
			s.read("/admin/v1/products?limit=100", s.admin)
			cart := s.post("/store/v1/carts", "", object{"currency": "EUR"})
			s.post("/store/v1/carts/"+cart.text("id")+"/items", "", object{"variantId": s.variants["/admin/v1/products"], "quantity": 1}, "X-Cart-Token", cart.text("token"))
			s.json("PATCH", "/admin/v1/products/"+s.ids["/admin/v1/products"], s.admin, object{"title": fmt.Sprint("Linen of round ", i)})
			if i%20 == 0 {
				job := s.send("POST", "/admin/v1/exports/products", s.admin, "", http.NoBody).text("id")
				housetest.Within(t, time.Minute, "the export is made", func() error {
					if status := s.send("GET", "/admin/v1/jobs/"+job, s.admin, "", http.NoBody).text("status"); status != "succeeded" {
						return fmt.Errorf("it is %s", status)
					}
					return nil
				})
			}
		}
	}
	work(0, 40)
	before := memory(t, s.pid)
	work(40, 160)
	after := memory(t, s.pid)
	t.Logf("%d MiB after 40 rounds, %d MiB after 200", before>>10, after>>10)
	if after > before+before/2 {
		t.Errorf("the shop kept %d MiB after 40 rounds, and %d MiB after 200", before>>10, after>>10)
	}
}
