package adminv1

import "github.com/sovecom/sovecom/sdk/storev1"

// Kinds and statuses of jobs, and formats of files.
const (
	JobImportProducts = "import_products"
	JobExportProducts = "export_products"

	JobQueued    = "queued"    // waits for its input or for its turn
	JobRunning   = "running"   // under way
	JobSucceeded = "succeeded" // done; of an import: every row was looked at, see failed and errors
	JobFailed    = "failed"    // ended before its end, see failure
	JobCancelled = "cancelled" // ended by hand

	FormatCSV    = "csv"
	FormatNDJSON = "ndjson"
)

// Job is long work that goes on without its caller: an import or an export.
type Job struct {
	ID             string      `json:"id" format:"uuid" doc:"UUIDv7."`
	Kind           string      `json:"kind" enum:"import_products,export_products" doc:"What it does."`
	Status         string      `json:"status" enum:"queued,running,succeeded,failed,cancelled" doc:"How far it is. An import that has looked at every row has succeeded, also when some were refused."`
	Format         string      `json:"format" enum:"csv,ndjson" doc:"Format of the file."`
	DryRun         bool        `json:"dryRun" doc:"Everything is checked and nothing is written."`
	Percent        *float64    `json:"percent" minimum:"0" maximum:"100" doc:"How much is done; null while that is not known."`
	Total          *int64      `json:"total" minimum:"0" doc:"Rows of the file, or products to export; null until they are counted."`
	Done           int64       `json:"done" minimum:"0" doc:"Rows that were looked at, or products that were exported."`
	Rate           float64     `json:"rate" minimum:"0" doc:"Rows per second since the start."`
	Created        int64       `json:"created" minimum:"0" doc:"Products that were made."`
	Updated        int64       `json:"updated" minimum:"0" doc:"Products that were changed."`
	Unchanged      int64       `json:"unchanged" minimum:"0" doc:"Products that were as the file has them."`
	Failed         int64       `json:"failed" minimum:"0" doc:"Products that were refused, each as a whole; a row that names none counts as one."`
	ErrorCount     int64       `json:"errorCount" minimum:"0" doc:"Errors found; the report keeps the first 10000."`
	WarningCount   int64       `json:"warningCount" minimum:"0" doc:"What was taken otherwise than the file says, each told by GET /jobs/{id}/errors?severity=warning; the report keeps the first 10000."`
	Errors         []JobError  `json:"errors" nullable:"false" doc:"The first 20 errors; empty in lists."`
	Pictures       JobPictures `json:"pictures" doc:"Of an import: pictures at foreign addresses. They follow the products, also after it has ended."`
	IgnoredColumns []string    `json:"ignoredColumns" nullable:"false" doc:"Columns of another shop system's file that are not read."`
	Failure        *JobFailure `json:"failure" doc:"Why it ended, when it failed; else null."`
	CreatedBy      string      `json:"createdBy" format:"uuid" doc:"Who asked for it."`
	CreatedAt      Time        `json:"createdAt" format:"date-time" doc:"When it was asked for."`
	StartedAt      *Time       `json:"startedAt" format:"date-time" doc:"When it began, or null."`
	FinishedAt     *Time       `json:"finishedAt" format:"date-time" doc:"When it ended, or null."`
}

// JobPictures counts the pictures at foreign addresses that an import has named.
type JobPictures struct {
	Total  int64 `json:"total" minimum:"0" doc:"Pictures that were not there yet."`
	Done   int64 `json:"done" minimum:"0" doc:"Those that are with their products now."`
	Failed int64 `json:"failed" minimum:"0" doc:"Those that will not come."`
}

// JobPicture is a picture at a foreign address that an import has named.
type JobPicture struct {
	Row       int64   `json:"row" doc:"Row of the file, as with errors."`
	ProductID string  `json:"productId" format:"uuid" doc:"The product it is for."`
	URL       string  `json:"url" doc:"Where it is."`
	Status    string  `json:"status" enum:"waiting,done,failed" doc:"What became of it."`
	Attempts  int     `json:"attempts" minimum:"0" doc:"How often it was tried."`
	Code      *string `json:"code" example:"media.fetch_failed" doc:"Why it failed, or failed last; else null."`
	Message   *string `json:"message" doc:"The same in one sentence; else null."`
}

// JobPictureQuery holds the query parameters of GET /admin/v1/jobs/{id}/pictures.
type JobPictureQuery struct {
	PageQuery
	Status string `query:"status" enum:"waiting,done,failed" doc:"Only those of this status."`
}

// JobError is one thing that is wrong with one row of a file.
type JobError struct {
	Row     int64  `json:"row" doc:"As a spreadsheet counts: the header of a CSV file is row 1. Lines of NDJSON count from 1."`
	Column  string `json:"column" doc:"Name of the column or key; empty when it is the whole row."`
	Code    string `json:"code" example:"price_invalid" doc:"Stable code."`
	Message string `json:"message" doc:"One sentence."`
	Value   string `json:"value" doc:"What stood there, shortened."`
}

// JobErrorQuery holds the query parameters of GET /admin/v1/jobs/{id}/errors.
type JobErrorQuery struct {
	PageQuery
	Severity string `query:"severity" enum:"error,warning" doc:"error, when left out: what was refused. warning: what was taken otherwise than the file says."`
}

// JobFailure is why a job failed.
type JobFailure struct {
	Code    string `json:"code" example:"catalog.file_unreadable" doc:"Stable code."`
	Message string `json:"message" doc:"One sentence."`
}

// JobQuery holds the query parameters of GET /admin/v1/jobs.
type JobQuery struct {
	PageQuery
	Kind   string `query:"kind" enum:"import_products,export_products" doc:"Only jobs of this kind."`
	Status string `query:"status" enum:"queued,running,succeeded,failed,cancelled" doc:"Only jobs in this status."`
}

// ImportQuery holds the query parameters of POST /admin/v1/imports/products.
type ImportQuery struct {
	Format  string `query:"format" enum:"csv,ndjson" doc:"Format of the body; what Content-Type says when left out."`
	DryRun  bool   `query:"dryRun" doc:"Check everything and write nothing."`
	OnError string `query:"onError" enum:"skip,stop" doc:"Whether a product that is refused is passed over (skip, when left out) or ends the import."`
}

// ExportQuery holds the query parameters of POST /admin/v1/exports/products: the format, and the filters of the list.
type ExportQuery struct {
	Format     string          `query:"format" enum:"csv,ndjson" doc:"Format of the file; csv when left out."`
	Q          string          `query:"q" maxLength:"200" doc:"Part of the title; every character stands for itself."`
	SKU        string          `query:"sku" maxLength:"255" doc:"Only the product with a variant of this SKU."`
	Status     string          `query:"status" enum:"draft,published,archived" doc:"Only products of this status."`
	CategoryID string          `query:"categoryId" format:"uuid" doc:"Only products directly in this category."`
	TagID      string          `query:"tagId" format:"uuid" doc:"Only products with this tag."`
	BrandID    string          `query:"brandId" format:"uuid" doc:"Only products with this brand."`
	MinPrice   Optional[int64] `query:"minPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or above, in minor units."`
	MaxPrice   Optional[int64] `query:"maxPrice" nullable:"false" minimum:"0" maximum:"1000000000000" doc:"Only products with a variant at this price or below, in minor units."`
	InStock    Optional[bool]  `query:"inStock" nullable:"false" doc:"true: only products that can be bought now; false: only those that cannot."`
	storev1.AttributeFilters
}
