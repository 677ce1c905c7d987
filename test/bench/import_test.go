//go:build bench

package bench

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/sovecom/sovecom/sdk/adminv1"
	"github.com/sovecom/sovecom/test/housetest"
)

var imported = flag.Int("imported", 100_000, "products in the file that is imported")

// TestImport sends one file of products to a whole shop, while its events go to inventory and search: new, as it is,
// and with other prices; and exports it.
//
//	go test -tags bench -count 1 -v -run TestImport -timeout 60m ./test/bench
func TestImport(t *testing.T) {
	ground := housetest.NewGround(t)
	shop := ground.Start(housetest.Binary(t), []string{"all"})
	admin := housetest.Admin(t, shop.URL, housetest.HTTP(t, 8))
	var tb table
	run := func(name string, job adminv1.Job, err error) adminv1.Job {
		job = await(t, admin, job, err)
		took := job.FinishedAt.Sub(job.StartedAt.Time)
		tb.add(name, fmt.Sprintf("%.0f rows/s", job.Rate), fmt.Sprintf("%d rows in %s", job.Done, took.Round(time.Millisecond)),
			fmt.Sprintf("+%d ~%d =%d !%d", job.Created, job.Updated, job.Unchanged, job.Failed))
		return job
	}
	for _, round := range []struct {
		name  string
		price int
	}{{"import, all new", 1000}, {"import, all unchanged", 1000}, {"import, all with another price", 1100}} {
		job, err := admin.ImportProducts(t.Context(), adminv1.ImportQuery{}, file(*imported, round.price))
		run(round.name, job, err)
	}
	began := time.Now()
	settle(t, shop.URL)
	tb.add("events still under way afterwards", time.Since(began).Round(time.Second).String(), "", "")
	job, err := admin.ExportProducts(t.Context(), adminv1.ExportQuery{})
	job = run("export", job, err)
	out, err := admin.ExportFile(t.Context(), job.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	n, err := io.Copy(io.Discard, out)
	if err != nil {
		t.Fatal(err)
	}
	tb.add("file of the export", mib(n), "", "")
	tb.add("memory of the process, after the imports", mib(rss(t, shop.Room("all").PID())), "", "")
	tb.print()
}

func await(t *testing.T, admin adminv1.Client, job adminv1.Job, err error) adminv1.Job {
	t.Helper()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for err == nil && (job.Status == adminv1.JobQueued || job.Status == adminv1.JobRunning) {
		<-tick.C
		job, err = admin.Job(context.WithoutCancel(t.Context()), job.ID)
	}
	if err != nil || job.Status != adminv1.JobSucceeded {
		t.Fatalf("the job is %+v, %v", job, err)
	}
	return job
}

// file is a CSV file that is made while it is sent.
func file(products, price int) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		w := bufio.NewWriterSize(writer, 1<<16)
		fmt.Fprint(w, "product_slug,title,description,status,brand,categories,tags,option1_name,option1_value,variant_sku,price,currency,stock,weight_grams\n")
		for i := range products {
			fmt.Fprintf(w, "imported-%06d,Linen shirt number %d,\"Made in small batches, and easy to mend when it is worn. Wash it rarely, air it often.\",published,Maison %d,Home > Range %d,Linen|Tag %d,size,M,IMP-%06d,%d.%02d,EUR,5,200\n",
				i, i, i%50, i%40, i%60, i, price/100+i%100, price%100)
		}
		writer.CloseWithError(w.Flush())
	}()
	return reader
}
