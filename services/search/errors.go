package search

import (
	"errors"
	"time"

	"github.com/sovecom/sovecom/kit/fault"
)

// ErrRebuilding is what a rebuild gets while another one runs that does not end within the caller's deadline.
var ErrRebuilding = fault.Unavailable("search.rebuild_running", "The search index is being rebuilt already. Please try again later.").
	WithRetryAfter(10 * time.Second)

// errLostBuild ends a rebuild that another one has taken over or begun anew.
var errLostBuild = errors.New("search: another rebuild has taken over")
