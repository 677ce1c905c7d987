package catalog

import (
	"time"
	"unicode/utf8"

	"github.com/sovecom/sovecom/kit/fault"
	"github.com/sovecom/sovecom/kit/id"
)

const (
	// maxJobErrors is how many errors of a job are kept; all are counted.
	maxJobErrors = 10_000
	// shownJobErrors is how many are shown with the job itself.
	shownJobErrors = 20
	// maxErrorValue is how much of a wrong value is kept, in bytes.
	maxErrorValue = 200
	// maxAttempts is how often a job is started without getting on before it is given up.
	maxAttempts = 10
	// jobLease is how long a process may keep a job without a sign of progress. Every commit renews it.
	jobLease = 30 * time.Second
	// uploadPatience is how long an input may stay incomplete.
	uploadPatience = 24 * time.Hour
	// jobsKept is how long a job is kept, with its report and what it made.
	jobsKept = 30 * 24 * time.Hour
)

type jobKind string

const (
	importProducts jobKind = "import_products"
	exportProducts jobKind = "export_products"
)

type jobStatus string

const (
	queued    jobStatus = "queued"
	running   jobStatus = "running"
	succeeded jobStatus = "succeeded"
	failed    jobStatus = "failed"
	cancelled jobStatus = "cancelled"
)

type fileFormat string

const (
	formatCSV    fileFormat = "csv"
	formatNDJSON fileFormat = "ndjson"
)

// job is long work that outlives the process that does it.
type job struct {
	id          id.ID
	tenant      id.ID
	kind        jobKind
	status      jobStatus
	format      fileFormat
	dryRun      bool
	stopOnError bool
	filter      []byte
	createdBy   id.ID
	ready       bool // the input is whole
	inputChunks int32
	inputBytes  int64
	inputSum    []byte
	total       *int64
	progress
	ignored     []string
	outputBytes int64
	failCode    *string
	failMessage *string
	attempts    int32
	createdAt   time.Time
	startedAt   *time.Time
	finishedAt  *time.Time
	// Pictures at foreign addresses that were named, that are there now, and that will not come.
	pictures, picturesDone, picturesFailed int64
}

// progress is how far a job has come: what is committed together with the rows it speaks of.
type progress struct {
	done, created, updated, unchanged, failed, errors, warnings int64

	inputAt      int64 // byte of the input at which the next row begins
	inputRow     int64 // number of the last row before it
	after        id.ID // last product an export has written
	bundles      bool  // an export has come to the bundles
	outputChunks int32
}

// over reports whether nothing more will happen.
func (j *job) over() bool { return j.status != queued && j.status != running }

// percent is 0 to 100; ok is false while the total is unknown.
func (j *job) percent() (percent float64, ok bool) {
	switch {
	case j.status == succeeded:
		return 100, true
	case j.total == nil:
		return 0, false
	case *j.total == 0:
		return 0, true
	}
	return min(float64(j.done)/float64(*j.total), 1) * 100, true
}

// rate is rows per second since the job began.
func (j *job) rate(now time.Time) float64 {
	if j.startedAt == nil {
		return 0
	}
	if j.finishedAt != nil {
		now = *j.finishedAt
	}
	seconds := now.Sub(*j.startedAt).Seconds()
	if seconds <= 0 {
		return 0
	}
	return float64(j.done) / seconds
}

// sameOrder reports whether a repeated request asks for what the job was made for.
func (j *job) sameOrder(other *job) bool {
	return j.kind == other.kind && j.format == other.format && j.dryRun == other.dryRun && j.stopOnError == other.stopOnError
}

// rowError is one thing that is wrong with one row.
type rowError struct {
	row     int64
	column  string
	code    string
	message string
	value   string
}

// problem makes a rowError; its row is filled in by whoever knows it.
func problem(column, code, message, value string) *rowError {
	return &rowError{column: column, code: code, message: message, value: clip(value)}
}

func (e *rowError) at(row int64) *rowError {
	if e != nil && e.row == 0 {
		e.row = row
	}
	return e
}

// clip shortens a value for a report, at the end of a character.
func clip(s string) string {
	if len(s) <= maxErrorValue {
		return s
	}
	n := maxErrorValue
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// unreadable is a file that cannot be worked with as a whole: the job ends before it has written anything.
type unreadable struct{ rowError }

func (u *unreadable) Error() string { return u.message }

// ended is the job with its end; why is what it failed of.
func (j *job) ended(end jobStatus, at time.Time, why error) *job {
	out := *j
	out.status, out.finishedAt = end, &at
	if why != nil {
		f := fault.From(why)
		code, message := f.Code(), f.Message()
		out.failCode, out.failMessage = &code, &message
	}
	return &out
}
