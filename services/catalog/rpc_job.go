package catalog

import (
	"bytes"
	"context"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	catalogv1 "github.com/sovecom/sovecom/gen/sovecom/catalog/v1"
	"github.com/sovecom/sovecom/gen/sovecom/catalog/v1/catalogv1connect"
	"github.com/sovecom/sovecom/kit/auth"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
)

var _ catalogv1connect.JobServiceHandler = (*Service)(nil)

// ListJobs lists jobs, newest first, without their errors.
func (s *Service) ListJobs(ctx context.Context, req *catalogv1.ListJobsRequest) (*catalogv1.ListJobsResponse, error) {
	jobs, info, err := listJobs(ctx, s.db, jobKindFromProto(req.GetKind()), jobStatusFromProto(req.GetStatus()), page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	res := &catalogv1.ListJobsResponse{Page: info}
	for _, j := range jobs {
		res.Jobs = append(res.Jobs, s.jobToProto(j, nil))
	}
	return res, nil
}

// GetJob reads one job with the first of its errors.
func (s *Service) GetJob(ctx context.Context, req *catalogv1.GetJobRequest) (*catalogv1.GetJobResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	j, errs, err := findReport(ctx, s.db, which)
	if err != nil {
		return nil, err
	}
	if j == nil {
		return nil, ErrJobNotFound
	}
	return &catalogv1.GetJobResponse{Job: s.jobToProto(j, errs)}, nil
}

// ListJobErrors lists what was wrong with the rows of a file, or what of them was taken otherwise, in their order.
func (s *Service) ListJobErrors(ctx context.Context, req *catalogv1.ListJobErrorsRequest) (*catalogv1.ListJobErrorsResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	errs, info, found, err := listJobErrors(ctx, s.db, which, req.GetWarnings(), page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrJobNotFound
	}
	return &catalogv1.ListJobErrorsResponse{Errors: rowErrorsToProto(errs), Page: info}, nil
}

// ListJobPictures lists the pictures at foreign addresses that an import has named, and what became of each.
func (s *Service) ListJobPictures(ctx context.Context, req *catalogv1.ListJobPicturesRequest) (*catalogv1.ListJobPicturesResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	pictures, info, found, err := listPictures(ctx, s.db, which, pictureStatus(req.GetStatus()), page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrJobNotFound
	}
	res := &catalogv1.ListJobPicturesResponse{Page: info}
	for _, f := range pictures {
		res.Pictures = append(res.Pictures, &catalogv1.JobPicture{
			Row: f.row, ProductId: f.product.String(), Url: f.url, Status: string(f.status), Attempts: f.attempts, Code: f.code, Message: f.message,
		})
	}
	return res, nil
}

// CancelJob ends a job that has not ended. What it has written stays.
func (s *Service) CancelJob(ctx context.Context, req *catalogv1.CancelJobRequest) (*catalogv1.CancelJobResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	var j *job
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if j, err = lockJob(ctx, tx, which); err != nil {
			return err
		}
		switch {
		case j == nil:
			return ErrJobNotFound
		case j.status == cancelled:
			return nil
		case j.over():
			return ErrJobOver
		}
		at := s.time()
		j.status, j.finishedAt = cancelled, &at
		saveEnd(&tx.Writes, j)
		return announceEnd(ctx, &tx.Writes, j)
	})
	if err != nil {
		return nil, err
	}
	return &catalogv1.CancelJobResponse{Job: s.jobToProto(j, nil)}, nil
}

// CreateImport opens an import. The same key of the same person gives the same one.
func (s *Service) CreateImport(ctx context.Context, req *catalogv1.CreateImportRequest) (*catalogv1.CreateImportResponse, error) {
	j := &job{
		id: id.New(), kind: importProducts, status: queued, format: formatFromProto(req.GetFormat()), dryRun: req.GetDryRun(), stopOnError: req.GetStopOnError(),
		createdBy: auth.From(ctx).ID, createdAt: s.time(),
	}
	kept, err := insertJob(ctx, s.db, j, storable(req.GetKey()))
	if err != nil {
		return nil, err
	}
	if !kept.sameOrder(j) {
		return nil, ErrJobKeyReused
	}
	return &catalogv1.CreateImportResponse{Job: s.jobToProto(kept, nil)}, nil
}

// AppendInput keeps one piece of an input.
func (s *Service) AppendInput(ctx context.Context, req *catalogv1.AppendInputRequest) (*catalogv1.AppendInputResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	same, err := appendInput(ctx, s.db, which, req.GetNumber(), req.GetData(), s.time())
	if err != nil {
		return nil, err
	}
	if same {
		return &catalogv1.AppendInputResponse{}, nil
	}
	j, err := findJob(ctx, s.db, which)
	switch {
	case err != nil:
		return nil, err
	case j == nil:
		return nil, ErrJobNotFound
	case j.ready: // whole already, by a request with the same key; CompleteInput compares
		return &catalogv1.AppendInputResponse{}, nil
	case j.over():
		return nil, ErrJobOver
	}
	return nil, ErrJobKeyReused
}

// CompleteInput says that the input is whole; the job may begin.
func (s *Service) CompleteInput(ctx context.Context, req *catalogv1.CompleteInputRequest) (*catalogv1.CompleteInputResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	var j *job
	err = s.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		var err error
		if j, err = lockJob(ctx, tx, which); err != nil {
			return err
		}
		switch {
		case j == nil:
			return ErrJobNotFound
		case j.ready && !bytes.Equal(j.inputSum, req.GetSha256()):
			return ErrJobKeyReused
		case j.ready:
			return nil
		case j.over():
			return ErrJobOver
		}
		count, size, err := countInput(ctx, tx, which, req.GetChunks())
		if err != nil {
			return err
		}
		if count != req.GetChunks() || size != req.GetSize() {
			return ErrInputIncomplete
		}
		j.ready, j.inputChunks, j.inputBytes, j.inputSum = true, count, size, req.GetSha256()
		saveComplete(&tx.Writes, j, s.time())
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.pokeJobs()
	return &catalogv1.CompleteInputResponse{Job: s.jobToProto(j, nil)}, nil
}

// CreateExport queues an export of the products a filter selects.
func (s *Service) CreateExport(ctx context.Context, req *catalogv1.CreateExportRequest) (*catalogv1.CreateExportResponse, error) {
	if err := checkAttributeFilters(ctx, s.db, filtersFromProto(req.GetFilter().GetAttributes())); err != nil {
		return nil, err
	}
	filter, err := proto.MarshalOptions{Deterministic: true}.Marshal(req.GetFilter())
	if err != nil {
		return nil, err
	}
	j := &job{
		id: id.New(), kind: exportProducts, status: queued, format: formatFromProto(req.GetFormat()), filter: filter,
		createdBy: auth.From(ctx).ID, createdAt: s.time(), ready: true,
	}
	kept, err := insertJob(ctx, s.db, j, "")
	if err != nil {
		return nil, err
	}
	s.pokeJobs()
	return &catalogv1.CreateExportResponse{Job: s.jobToProto(kept, nil)}, nil
}

// ReadOutput reads one piece of a finished export; behind the last there is an empty one.
func (s *Service) ReadOutput(ctx context.Context, req *catalogv1.ReadOutputRequest) (*catalogv1.ReadOutputResponse, error) {
	which, err := id.Parse(req.GetId())
	if err != nil {
		return nil, ErrJobNotFound
	}
	j, data, err := readOutput(ctx, s.db, which, req.GetNumber())
	switch {
	case err != nil:
		return nil, err
	case j == nil || j.kind != exportProducts:
		return nil, ErrJobNotFound
	case j.status != succeeded:
		return nil, ErrJobNotDone
	}
	return &catalogv1.ReadOutputResponse{Data: data, Format: formatToProto(j.format), Size: j.outputBytes}, nil
}

func (s *Service) jobToProto(j *job, errs []rowError) *catalogv1.Job {
	out := &catalogv1.Job{
		Id: j.id.String(), Kind: jobKindToProto(j.kind), Status: jobStatusToProto(j.status), Format: formatToProto(j.format), DryRun: j.dryRun, StopOnError: j.stopOnError,
		Total: j.total, Done: j.done, Created: j.created, Updated: j.updated, Unchanged: j.unchanged, Failed: j.failed, ErrorCount: j.errors,
		Rate: j.rate(s.time()), Errors: rowErrorsToProto(errs), IgnoredColumns: j.ignored, CreatedBy: j.createdBy.String(), CreatedAt: timestamppb.New(j.createdAt),
		WarningCount: j.warnings, Ready: j.ready, OutputBytes: j.outputBytes,
		Pictures: &catalogv1.JobPictures{Total: j.pictures, Done: j.picturesDone, Failed: j.picturesFailed},
	}
	if percent, ok := j.percent(); ok {
		out.Percent = &percent
	}
	if j.startedAt != nil {
		out.StartedAt = timestamppb.New(*j.startedAt)
	}
	if j.finishedAt != nil {
		out.FinishedAt = timestamppb.New(*j.finishedAt)
	}
	if j.failCode != nil && j.failMessage != nil {
		out.Failure = &catalogv1.JobFailure{Code: *j.failCode, Message: *j.failMessage}
	}
	return out
}

func rowErrorsToProto(errs []rowError) []*catalogv1.JobError {
	out := make([]*catalogv1.JobError, len(errs))
	for i, e := range errs {
		out[i] = &catalogv1.JobError{Row: e.row, Column: e.column, Code: e.code, Message: e.message, Value: e.value}
	}
	return out
}

func jobKindToProto(k jobKind) catalogv1.JobKind {
	if k == exportProducts {
		return catalogv1.JobKind_JOB_KIND_EXPORT_PRODUCTS
	}
	return catalogv1.JobKind_JOB_KIND_IMPORT_PRODUCTS
}

func jobKindFromProto(k catalogv1.JobKind) jobKind {
	switch k {
	case catalogv1.JobKind_JOB_KIND_IMPORT_PRODUCTS:
		return importProducts
	case catalogv1.JobKind_JOB_KIND_EXPORT_PRODUCTS:
		return exportProducts
	case catalogv1.JobKind_JOB_KIND_UNSPECIFIED:
	}
	return ""
}

func jobStatusToProto(s jobStatus) catalogv1.JobStatus {
	switch s {
	case queued:
		return catalogv1.JobStatus_JOB_STATUS_QUEUED
	case running:
		return catalogv1.JobStatus_JOB_STATUS_RUNNING
	case succeeded:
		return catalogv1.JobStatus_JOB_STATUS_SUCCEEDED
	case failed:
		return catalogv1.JobStatus_JOB_STATUS_FAILED
	case cancelled:
		return catalogv1.JobStatus_JOB_STATUS_CANCELLED
	}
	return catalogv1.JobStatus_JOB_STATUS_UNSPECIFIED
}

func jobStatusFromProto(s catalogv1.JobStatus) jobStatus {
	switch s {
	case catalogv1.JobStatus_JOB_STATUS_QUEUED:
		return queued
	case catalogv1.JobStatus_JOB_STATUS_RUNNING:
		return running
	case catalogv1.JobStatus_JOB_STATUS_SUCCEEDED:
		return succeeded
	case catalogv1.JobStatus_JOB_STATUS_FAILED:
		return failed
	case catalogv1.JobStatus_JOB_STATUS_CANCELLED:
		return cancelled
	case catalogv1.JobStatus_JOB_STATUS_UNSPECIFIED:
	}
	return ""
}

func formatFromProto(f catalogv1.FileFormat) fileFormat {
	if f == catalogv1.FileFormat_FILE_FORMAT_NDJSON {
		return formatNDJSON
	}
	return formatCSV
}

func formatToProto(f fileFormat) catalogv1.FileFormat {
	if f == formatNDJSON {
		return catalogv1.FileFormat_FILE_FORMAT_NDJSON
	}
	return catalogv1.FileFormat_FILE_FORMAT_CSV
}
