package gateway

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/sdk/adminv1"
)

const (
	// pieceSize is how much of a file travels at once, and is held at once.
	pieceSize = 1 << 20
	// fileTime is how long sending or fetching a file may take: 2 GiB over a slow line.
	fileTime = 2 * time.Hour

	typeCSV    = "text/csv"
	typeNDJSON = "application/x-ndjson"
)

type jobAnswer = adminv1.Envelope[adminv1.Job]

func listJobs(ctx context.Context, in *in[adminv1.JobQuery, none]) (adminv1.List[adminv1.Job], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.Job]{}, err
	}
	answer, err := in.deps.Jobs.ListJobs(ctx, &catalogv1.ListJobsRequest{
		Page: paging, Kind: catalogv1.JobKind(number(catalogv1.JobKind_value, "JOB_KIND_", in.Query.Kind)),
		Status: catalogv1.JobStatus(number(catalogv1.JobStatus_value, "JOB_STATUS_", in.Query.Status)),
	})
	if err != nil {
		return adminv1.List[adminv1.Job]{}, err
	}
	return adminv1.List[adminv1.Job]{Data: each(answer.GetJobs(), job), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func getJob(ctx context.Context, in *in[none, none]) (jobAnswer, error) {
	answer, err := in.deps.Jobs.GetJob(ctx, &catalogv1.GetJobRequest{Id: in.path("id")})
	if err != nil {
		return jobAnswer{}, err
	}
	return jobAnswer{Data: job(answer.GetJob())}, nil
}

func listJobErrors(ctx context.Context, in *in[adminv1.JobErrorQuery, none]) (adminv1.List[adminv1.JobError], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.JobError]{}, err
	}
	answer, err := in.deps.Jobs.ListJobErrors(ctx, &catalogv1.ListJobErrorsRequest{Id: in.path("id"), Page: paging, Warnings: in.Query.Severity == "warning"})
	if err != nil {
		return adminv1.List[adminv1.JobError]{}, err
	}
	return adminv1.List[adminv1.JobError]{Data: each(answer.GetErrors(), jobError), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func listJobPictures(ctx context.Context, in *in[adminv1.JobPictureQuery, none]) (adminv1.List[adminv1.JobPicture], error) {
	paging, err := in.paging(in.Query.PageQuery)
	if err != nil {
		return adminv1.List[adminv1.JobPicture]{}, err
	}
	answer, err := in.deps.Jobs.ListJobPictures(ctx, &catalogv1.ListJobPicturesRequest{Id: in.path("id"), Page: paging, Status: in.Query.Status})
	if err != nil {
		return adminv1.List[adminv1.JobPicture]{}, err
	}
	return adminv1.List[adminv1.JobPicture]{Data: each(answer.GetPictures(), func(p *catalogv1.JobPicture) adminv1.JobPicture {
		return adminv1.JobPicture{
			Row: p.GetRow(), ProductID: p.GetProductId(), URL: p.GetUrl(), Status: p.GetStatus(), Attempts: int(p.GetAttempts()),
			Code: textOrNull(p.GetCode()), Message: textOrNull(p.GetMessage()),
		}
	}), Meta: in.meta(in.Query.PageQuery, answer.GetPage())}, nil
}

func cancelJob(ctx context.Context, in *in[none, none]) (jobAnswer, error) {
	answer, err := in.deps.Jobs.CancelJob(ctx, &catalogv1.CancelJobRequest{Id: in.path("id")})
	if err != nil {
		return jobAnswer{}, err
	}
	return jobAnswer{Data: job(answer.GetJob())}, nil
}

func exportProducts(ctx context.Context, in *in[adminv1.ExportQuery, none]) (jobAnswer, error) {
	q := in.Query
	filters, err := attributeFilters(q.Attr)
	if err != nil {
		return jobAnswer{}, err
	}
	answer, err := in.deps.Jobs.CreateExport(ctx, &catalogv1.CreateExportRequest{Format: fileFormat(q.Format), Filter: &catalogv1.ListProductsRequest{
		Q: q.Q, Sku: q.SKU, Status: status(q.Status), CategoryId: q.CategoryID, TagId: q.TagID, BrandId: q.BrandID, Attributes: filters,
		MinPrice: q.MinPrice.Ptr(), MaxPrice: q.MaxPrice.Ptr(), InStock: q.InStock.Ptr(),
	}})
	if err != nil {
		return jobAnswer{}, err
	}
	in.created("jobs", answer.GetJob().GetId())
	return jobAnswer{Data: job(answer.GetJob())}, nil
}

func fileFormat(name string) catalogv1.FileFormat {
	if name == adminv1.FormatNDJSON {
		return catalogv1.FileFormat_FILE_FORMAT_NDJSON
	}
	return catalogv1.FileFormat_FILE_FORMAT_CSV
}

// importProducts hands a file to the catalogue piece by piece and answers with the job that reads it. The same key
// gives the same job: pieces that arrived before the line broke are not kept twice.
func importProducts(g *Gateway, c *call, w http.ResponseWriter, r *http.Request) {
	a, err := c.importFile(w, r)
	if err != nil {
		a = g.problem(r, err)
	}
	a.write(w)
}

func (c *call) importFile(w http.ResponseWriter, r *http.Request) (answer, error) {
	var query adminv1.ImportQuery
	if err := readQuery(c.surface.registry, parameters(c.surface.registry, reflect.TypeOf(query)), r.URL.RawQuery, reflect.ValueOf(&query).Elem()); err != nil {
		return answer{}, err
	}
	format, err := bodyFormat(r.Header.Get("Content-Type"), query.Format)
	if err != nil {
		return answer{}, err
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return answer{}, errImportType.WithMessage("The body has to be sent as it is: Content-Encoding %s is not taken.", coding)
	}
	limit := int64(c.cfg.ImportMiB) << 20
	tooLarge := errImportTooLarge.WithMessage("The file is larger than %d MiB. Split it, or raise import_mib.", c.cfg.ImportMiB)
	if r.ContentLength > limit {
		return answer{}, tooLarge
	}
	key, err := keyOf(r, &bound{route: *c.route})
	if err != nil {
		return answer{}, err
	}
	ctx := r.Context()
	made, err := c.deps.Jobs.CreateImport(ctx, &catalogv1.CreateImportRequest{Format: fileFormat(format), DryRun: query.DryRun, StopOnError: query.OnError == "stop", Key: key})
	if err != nil {
		return answer{}, err
	}
	which := made.GetJob().GetId()
	done, err := c.sendFile(ctx, made.GetJob(), http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		var over *http.MaxBytesError
		isOver := errors.As(err, &over)
		if isOver {
			err = tooLarge
		}
		if isOver || key == "" { // nobody can go on with it
			if _, err := c.deps.Jobs.CancelJob(context.WithoutCancel(ctx), &catalogv1.CancelJobRequest{Id: which}); err != nil {
				c.log.WarnContext(ctx, "an input that was given up stays", "job", which, "error", err)
			}
		}
		return answer{}, err
	}
	c.created("jobs", which)
	c.header.Set("Cache-Control", "no-store")
	if made.GetJob().GetReady() {
		c.header.Set(replayHeader, "true")
	}
	return answer{status: http.StatusAccepted, header: c.header, body: encode(jobAnswer{Data: job(done)})}, nil
}

// bodyFormat is the format of a file, by the type of the body; what the query says has to agree.
func bodyFormat(contentType, asked string) (string, error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return "", errImportType
	}
	format := ""
	switch media {
	case typeCSV:
		format = adminv1.FormatCSV
	case typeNDJSON, "application/ndjson":
		format = adminv1.FormatNDJSON
	}
	if format == "" || asked != "" && asked != format {
		return "", errImportType
	}
	return format, nil
}

// sendFile sends a body on in pieces and never holds more than one. A job whose input is whole already is only compared.
func (c *call) sendFile(ctx context.Context, j *catalogv1.Job, body io.Reader) (*catalogv1.Job, error) {
	sum, size, pieces := sha256.New(), int64(0), int32(0)
	piece := make([]byte, pieceSize)
	for {
		n, err := io.ReadFull(body, piece)
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			var over *http.MaxBytesError
			if errors.As(err, &over) {
				return nil, err
			}
			return nil, errBodyCut.WithCause(err)
		}
		if n > 0 {
			if !j.GetReady() {
				if _, err := c.deps.Jobs.AppendInput(ctx, &catalogv1.AppendInputRequest{Id: j.GetId(), Number: pieces, Data: piece[:n]}); err != nil {
					return nil, err
				}
			}
			sum.Write(piece[:n])
			size, pieces = size+int64(n), pieces+1
		}
		if end {
			break
		}
	}
	answer, err := c.deps.Jobs.CompleteInput(ctx, &catalogv1.CompleteInputRequest{Id: j.GetId(), Chunks: pieces, Size: size, Sha256: sum.Sum(nil)})
	if err != nil {
		return nil, err
	}
	return answer.GetJob(), nil
}

// exportFile hands the file of a finished export through, piece by piece.
func exportFile(g *Gateway, c *call, w http.ResponseWriter, r *http.Request) {
	if err := readQuery(c.surface.registry, nil, r.URL.RawQuery, reflect.Value{}); err != nil {
		g.problem(r, err).write(w)
		return
	}
	request := &catalogv1.ReadOutputRequest{Id: c.path("jobId")}
	piece, err := g.deps.Jobs.ReadOutput(r.Context(), request)
	if err != nil {
		g.problem(r, err).write(w)
		return
	}
	h, name := w.Header(), "products.csv"
	h.Set("Content-Type", typeCSV+"; charset=utf-8")
	if piece.GetFormat() == catalogv1.FileFormat_FILE_FORMAT_NDJSON {
		h.Set("Content-Type", typeNDJSON)
		name = "products.ndjson"
	}
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.FormatInt(piece.GetSize(), 10))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	for left := piece.GetSize(); len(piece.GetData()) > 0; {
		if _, err := w.Write(piece.GetData()); err != nil {
			return // the caller has gone away
		}
		if left -= int64(len(piece.GetData())); left <= 0 {
			return // whole, and a caller who has it all may go
		}
		request.Number++
		if piece, err = g.deps.Jobs.ReadOutput(r.Context(), request); err != nil {
			g.log.WarnContext(r.Context(), "a file breaks off", "job", request.GetId(), "error", err)
			return // shorter than announced, so the caller notices
		}
	}
}

func job(j *catalogv1.Job) adminv1.Job {
	out := adminv1.Job{
		ID: j.GetId(), Kind: wireName(j.GetKind(), "JOB_KIND_"), Status: wireName(j.GetStatus(), "JOB_STATUS_"), Format: wireName(j.GetFormat(), "FILE_FORMAT_"),
		DryRun: j.GetDryRun(), Percent: j.Percent, Total: j.Total, Done: j.GetDone(), Rate: j.GetRate(), // absent is not zero
		Created: j.GetCreated(), Updated: j.GetUpdated(), Unchanged: j.GetUnchanged(), Failed: j.GetFailed(), ErrorCount: j.GetErrorCount(), WarningCount: j.GetWarningCount(),
		Pictures: adminv1.JobPictures{Total: j.GetPictures().GetTotal(), Done: j.GetPictures().GetDone(), Failed: j.GetPictures().GetFailed()},
		Errors:   each(j.GetErrors(), jobError), IgnoredColumns: append([]string{}, j.GetIgnoredColumns()...), CreatedBy: j.GetCreatedBy(),
		CreatedAt: at(j.GetCreatedAt()), StartedAt: atPtr(j.GetStartedAt()), FinishedAt: atPtr(j.GetFinishedAt()),
	}
	if f := j.GetFailure(); f != nil {
		out.Failure = &adminv1.JobFailure{Code: f.GetCode(), Message: f.GetMessage()}
	}
	return out
}

func jobError(e *catalogv1.JobError) adminv1.JobError {
	return adminv1.JobError{Row: e.GetRow(), Column: e.GetColumn(), Code: e.GetCode(), Message: e.GetMessage(), Value: e.GetValue()}
}
