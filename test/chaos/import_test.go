package chaos

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/test/housetest"
)

// TestKillInTheMiddleOfAnImport kills the process while it imports. Every product is there once in the
// end, with the stock the file gave it.
func TestKillInTheMiddleOfAnImport(t *testing.T) {
	t.Parallel()
	s := open(t)
	const n = 9000
	var file strings.Builder
	file.WriteString("product_slug,title,variant_sku,price,stock\n")
	for i := range n {
		fmt.Fprintf(&file, "imp-%d,Imported %d,IMP-%d,%d,%d\n", i, i, i, i+1, i%10)
	}
	job, err := s.admin.ImportProducts(t.Context(), adminv1.ImportQuery{}, strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	housetest.Within(t, 2*time.Minute, "the import is under way", func() error {
		now, err := s.admin.Job(t.Context(), job.ID)
		if err == nil && now.Done == 0 {
			err = fmt.Errorf("it is %s", now.Status)
		}
		return err
	})
	s.Room("all").Kill()
	s.Launch("all")
	s.AwaitReady("all")
	housetest.Within(t, 2*time.Minute, "the import ends", func() error {
		now, err := s.admin.Job(t.Context(), job.ID)
		if err == nil && now.Status != adminv1.JobSucceeded {
			err = fmt.Errorf("it is %s with %d rows", now.Status, now.Done)
		}
		job = now
		return err
	})
	if job.Created != n || job.Done != n || job.Failed+job.Updated+job.Unchanged != 0 {
		t.Errorf("the job is %+v", job)
	}
	all, err := s.admin.Products(t.Context(), adminv1.ProductQuery{Q: "Imported"})
	if err != nil || all.Meta.Total != n {
		t.Errorf("there are %d products, %v", all.Meta.Total, err)
	}
	for _, i := range []int{0, 499, 500, 4321, n - 1} {
		housetest.Within(t, 2*time.Minute, fmt.Sprintf("the stock of product %d", i), func() error {
			list, err := s.admin.Products(t.Context(), adminv1.ProductQuery{SKU: fmt.Sprintf("IMP-%d", i)})
			if err != nil {
				return err
			}
			if len(list.Data) != 1 || list.Data[0].Variants[0].Stock == nil || *list.Data[0].Variants[0].Stock != int64(i%10) {
				return fmt.Errorf("got %+v", list.Data)
			}
			return nil
		})
	}
}
