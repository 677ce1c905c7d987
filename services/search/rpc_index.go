package search

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	searchv1 "github.com/sovecom/sovecom/gen/sovecom/search/v1"
	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/id"
	"github.com/sovecom/sovecom/kit/page"
	"github.com/sovecom/sovecom/kit/pg"
	"github.com/sovecom/sovecom/kit/tenant"
)

// subjectRebuilt is announced when a new generation is searched.
const subjectRebuilt = "evt.search.index.rebuilt"

// rebuildJob is one rebuild and how far it is.
type rebuildJob struct {
	id         id.ID
	status     string // queued, running, done, replaced
	done       int64
	total      int64
	documents  int64
	hashBefore string
	hashAfter  string
	createdAt  time.Time
	startedAt  *time.Time
	finishedAt *time.Time
}

// content is what a generation holds.
type content struct {
	products  int64
	documents int64
	high, low int64
}

// hash is the same for the same documents, in whatever order they were written.
func (c content) hash() string { return fmt.Sprintf("%016x%016x", uint64(c.high), uint64(c.low)) }

// GetIndex tells what the index holds, how far behind it is and how its last rebuild went.
func (s *Service) GetIndex(ctx context.Context, _ *searchv1.GetIndexRequest) (*searchv1.GetIndexResponse, error) {
	generation, builtAt, c, job, err := s.store.index(ctx)
	if err != nil {
		return nil, err
	}
	out := &searchv1.Index{
		Engine: s.engineName(), EngineUp: s.outside == nil || s.PingEngine(ctx) == nil, Generation: generation, Products: c.products, Documents: c.documents, ContentHash: c.hash(), BuiltAt: stamp(builtAt),
	}
	if job != nil {
		out.Rebuild = job.toProto()
	}
	if s.behind != nil {
		if out.Pending, out.LagSeconds, err = s.behind(ctx, s.Consumers()); err != nil {
			return nil, ErrLagUnknown.WithCause(err)
		}
	}
	if s.outside != nil {
		waiting, oldest, err := s.store.waitingFeed(ctx)
		if err != nil {
			return nil, err
		}
		out.Pending += waiting
		if oldest != nil {
			out.LagSeconds = max(out.LagSeconds, s.now().Sub(*oldest).Seconds())
		}
	}
	return &searchv1.GetIndexResponse{Index: out}, nil
}

// StartRebuild asks for a rebuild in the background. One that waits already is the one.
func (s *Service) StartRebuild(ctx context.Context, _ *searchv1.StartRebuildRequest) (*searchv1.StartRebuildResponse, error) {
	var job rebuildJob
	err := s.store.db.Tx(ctx, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := lockIndex(ctx, tx); err != nil {
			return err
		}
		waiting, err := waitingRebuild(ctx, tx)
		if err != nil {
			return err
		}
		if waiting != nil {
			job = *waiting
			return nil
		}
		job = rebuildJob{id: id.New(), status: "queued", createdAt: s.time()}
		queueRebuild(&tx.Writes, job)
		requestRebuild(&tx.Writes)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.poke()
	return &searchv1.StartRebuildResponse{Rebuild: job.toProto()}, nil
}

// ListRebuilds lists rebuilds, newest first.
func (s *Service) ListRebuilds(ctx context.Context, req *searchv1.ListRebuildsRequest) (*searchv1.ListRebuildsResponse, error) {
	list, info, err := listRebuilds(ctx, s.store.db, page.FromProto(req.GetPage()))
	if err != nil {
		return nil, err
	}
	res := &searchv1.ListRebuildsResponse{Page: info}
	for _, one := range list {
		res.Rebuilds = append(res.Rebuilds, one.toProto())
	}
	return res, nil
}

// GetRebuild reads one.
func (s *Service) GetRebuild(ctx context.Context, req *searchv1.GetRebuildRequest) (*searchv1.GetRebuildResponse, error) {
	job, err := s.store.rebuildJob(ctx, req.GetId())
	if err != nil {
		return nil, err
	}
	return &searchv1.GetRebuildResponse{Rebuild: job.toProto()}, nil
}

func (j rebuildJob) toProto() *searchv1.RebuildJob {
	return &searchv1.RebuildJob{
		Id: j.id.String(), Status: map[string]searchv1.RebuildStatus{
			"queued": searchv1.RebuildStatus_REBUILD_STATUS_QUEUED, "running": searchv1.RebuildStatus_REBUILD_STATUS_RUNNING,
			"done": searchv1.RebuildStatus_REBUILD_STATUS_DONE, "replaced": searchv1.RebuildStatus_REBUILD_STATUS_REPLACED,
		}[j.status],
		Done: j.done, Total: j.total, Documents: j.documents, HashBefore: j.hashBefore, HashAfter: j.hashAfter,
		CreatedAt: timestamppb.New(j.createdAt), StartedAt: stamp(j.startedAt), FinishedAt: stamp(j.finishedAt),
	}
}

// announceRebuilt tells that a generation is searched.
func announceRebuilt(ctx context.Context, w *pg.Writes, b build, documents int64) error {
	shop, _ := tenant.From(ctx)
	return bus.Emit(ctx, w, subjectRebuilt, shop, b.generation, &searchv1.IndexRebuilt{RebuildId: b.job.String(), Documents: documents})
}
