package attack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/sovecom/sovecom/gateway"
	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/tenant"
)

const jobID = "01890000-0000-7000-8000-00000000bbbb"

// files plays the catalogue's jobs: it keeps the pieces of one import, and has one export of three pieces.
type files struct {
	catalogv1connect.UnimplementedJobServiceHandler

	mu        sync.Mutex
	order     *catalogv1.CreateImportRequest
	pieces    map[int32][]byte
	largest   int
	ready     bool
	cancelled bool
}

func (f *files) job() *catalogv1.Job {
	return &catalogv1.Job{Id: jobID, Kind: catalogv1.JobKind_JOB_KIND_IMPORT_PRODUCTS, Status: catalogv1.JobStatus_JOB_STATUS_QUEUED,
		Format: catalogv1.FileFormat_FILE_FORMAT_CSV, Ready: f.ready, CreatedBy: jobID, CreatedAt: timestamppb.Now()}
}

func (f *files) CreateImport(_ context.Context, req *catalogv1.CreateImportRequest) (*catalogv1.CreateImportResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.order = req
	return &catalogv1.CreateImportResponse{Job: f.job()}, nil
}

func (f *files) AppendInput(_ context.Context, req *catalogv1.AppendInputRequest) (*catalogv1.AppendInputResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pieces[req.GetNumber()] = bytes.Clone(req.GetData())
	f.largest = max(f.largest, len(req.GetData()))
	return &catalogv1.AppendInputResponse{}, nil
}

func (f *files) CompleteInput(_ context.Context, req *catalogv1.CompleteInputRequest) (*catalogv1.CompleteInputResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := sha256.Sum256(f.whole())
	if len(f.pieces) != int(req.GetChunks()) || !bytes.Equal(sum[:], req.GetSha256()) || req.GetSize() != int64(len(f.whole())) {
		return nil, fault.Conflict("catalog.input_incomplete", "Parts of the file did not arrive.")
	}
	f.ready = true
	return &catalogv1.CompleteInputResponse{Job: f.job()}, nil
}

func (f *files) CancelJob(context.Context, *catalogv1.CancelJobRequest) (*catalogv1.CancelJobResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cancelled = true
	return &catalogv1.CancelJobResponse{Job: f.job()}, nil
}

func (f *files) ReadOutput(_ context.Context, req *catalogv1.ReadOutputRequest) (*catalogv1.ReadOutputResponse, error) {
	if req.GetId() != jobID {
		return nil, fault.NotFound("catalog.job_not_found", "There is no such job.")
	}
	res := &catalogv1.ReadOutputResponse{Size: 6, Format: catalogv1.FileFormat_FILE_FORMAT_CSV}
	if req.GetNumber() < 3 {
		res.Data = []byte("ab")
	}
	return res, nil
}

// whole is the input in order.
func (f *files) whole() []byte {
	var all []byte
	for n := range int32(len(f.pieces)) {
		all = append(all, f.pieces[n]...)
	}
	return all
}

func (s *shop) bearer(t *testing.T, role string) map[string]string {
	t.Helper()
	return map[string]string{"Authorization": "Bearer " + s.token(t, auth.Staff, role, tenant.Default())}
}

func headers(header map[string]string, more ...string) map[string]string {
	out := map[string]string{}
	for name, value := range header {
		out[name] = value
	}
	for i := 0; i < len(more); i += 2 {
		out[more[i]] = more[i+1]
	}
	return out
}

func TestAFileIsSentOnInPieces(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	owner := s.bearer(t, "owner")
	file := strings.Repeat("0123456789abcdef", 3<<16) + "end" // a little over 3 MiB
	got := s.want(t, http.StatusAccepted, try{method: "POST", path: "/admin/v1/imports/products?dryRun=true&onError=stop", body: file,
		header: headers(owner, "Content-Type", "text/csv; charset=UTF-8", "Idempotency-Key", `"k"`)})
	if location := got.header.Get("Location"); location != "/admin/v1/jobs/"+jobID {
		t.Errorf("Location is %q", location)
	}
	if s.files.largest != 1<<20 || len(s.files.pieces) != 4 || string(s.files.whole()) != file {
		t.Errorf("%d pieces arrived, the largest of %d bytes", len(s.files.pieces), s.files.largest)
	}
	if o := s.files.order; !o.GetDryRun() || !o.GetStopOnError() || o.GetKey() != "k" || o.GetFormat() != catalogv1.FileFormat_FILE_FORMAT_CSV {
		t.Errorf("the order is %v", s.files.order)
	}
	// Again: the input is whole already and only compared.
	s.files.largest = 0
	again := s.want(t, http.StatusAccepted, try{method: "POST", path: "/admin/v1/imports/products", body: file, header: headers(owner, "Content-Type", "text/csv", "Idempotency-Key", "k")})
	if again.header.Get("Idempotent-Replayed") != "true" || s.files.largest != 0 {
		t.Errorf("the file was sent on again: %v", again.header)
	}
	s.want(t, http.StatusConflict, try{method: "POST", path: "/admin/v1/imports/products", body: file + "x", header: headers(owner, "Content-Type", "text/csv", "Idempotency-Key", "k")})
}

func TestFilesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	s := open(t, options{config: func(c *gateway.Config) { c.ImportMiB = 1 }})
	owner := s.bearer(t, "owner")
	post := func(query, contentType, body string) try {
		return try{method: "POST", path: "/admin/v1/imports/products" + query, body: body, header: headers(owner, "Content-Type", contentType)}
	}
	for _, contentType := range []string{"application/json", "text/csv; charset=iso-8859-1", "multipart/form-data", ";"} {
		s.want(t, http.StatusUnsupportedMediaType, post("", contentType, "a"))
	}
	s.want(t, http.StatusUnsupportedMediaType, post("?format=ndjson", "text/csv", "a"))
	s.want(t, http.StatusBadRequest, post("?format=xlsx", "text/csv", "a"))
	s.want(t, http.StatusBadRequest, post("?mode=fast", "text/csv", "a"))
	s.want(t, http.StatusBadRequest, try{method: "POST", path: "/admin/v1/imports/products", body: "a", header: headers(owner, "Content-Type", "text/csv", "Idempotency-Key", strings.Repeat("k", 256))})
	if s.files.order != nil {
		t.Error("a job was made for a file that is not taken")
	}
	s.want(t, http.StatusRequestEntityTooLarge, post("", "text/csv", strings.Repeat("a", 1<<20+1)))
	// Without a length, it is noticed on the way, and the job is given up.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/admin/v1/imports/products", io.MultiReader(strings.NewReader(strings.Repeat("a", 1<<20)), strings.NewReader("b")))
	must(t, err)
	req.Header.Set("Content-Type", "text/csv")
	req.Header.Set("Authorization", owner["Authorization"])
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestEntityTooLarge || !s.files.cancelled {
		t.Errorf("got %d, cancelled %v", res.StatusCode, s.files.cancelled)
	}
	// Shoppers and strangers.
	s.want(t, http.StatusUnauthorized, try{method: "POST", path: "/admin/v1/imports/products", body: "a", header: map[string]string{"Content-Type": "text/csv"}})
	s.want(t, http.StatusUnauthorized, try{method: "GET", path: "/admin/v1/exports/" + jobID + "/file"})
	s.want(t, http.StatusForbidden, try{method: "GET", path: "/admin/v1/jobs", header: s.bearer(t, "guest")})
}

func TestTheFileOfAnExport(t *testing.T) {
	t.Parallel()
	s := open(t, options{})
	owner := s.bearer(t, "owner")
	got := s.want(t, http.StatusOK, try{method: "GET", path: "/admin/v1/exports/" + jobID + "/file", header: owner})
	if got.body != "ababab" || got.header.Get("Content-Length") != "6" || got.header.Get("Content-Type") != "text/csv; charset=utf-8" ||
		!strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment;") || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %q with %v", got.body, got.header)
	}
	for _, path := range []string{"/admin/v1/exports/" + productID + "/file", "/admin/v1/exports/x/file"} {
		s.want(t, http.StatusNotFound, try{method: "GET", path: path, header: owner})
	}
	s.want(t, http.StatusBadRequest, try{method: "GET", path: "/admin/v1/exports/" + jobID + "/file?page=2", header: owner})
}
