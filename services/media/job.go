package media

import (
	"time"

	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/rendition"
)

type jobStatus string

const (
	queued    jobStatus = "queued"
	running   jobStatus = "running"
	succeeded jobStatus = "succeeded"
	failed    jobStatus = "failed"
)

const (
	// jobLease is how long a process may keep a job without a sign of life. Every rendition renews it.
	jobLease = 2 * time.Minute
	// maxAttempts is how often a job is started without getting on before it is given up.
	maxAttempts = 6
	// retryAfter is how long a job rests that did not get on, times the attempts.
	retryAfter = 10 * time.Second
)

// job is the making of a picture's renditions.
type job struct {
	asset    id.ID
	tenant   id.ID
	status   jobStatus
	done     int
	total    int
	attempts int
	failure  string
}

// renditionsOf counts what is to be made of a picture.
func renditionsOf(width int) int { return len(rendition.Widths(width)) * len(rendition.Formats()) }
