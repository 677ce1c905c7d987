//go:build !vips

package picture

import (
	"image"
	"slices"
	"sync"
)

// encoders is how many renditions are encoded at a time.
const encoders = 2

// muchMemory is from where on what an encoder takes is worth giving back at once, in bytes.
const muchMemory = 32 << 20

// task is a rendition to encode.
type task struct {
	picture int // which of the pictures that were made small
	format  string
	time    int // of a core, in no unit
	memory  int // bytes, about
}

// newTask estimates what a rendition takes, from measurements of the encoders.
func newTask(picture int, m *image.RGBA, format string) task {
	pixels := m.Rect.Dx() * m.Rect.Dy()
	switch format {
	case "avif":
		return task{picture, format, 24 * pixels, 80 * pixels}
	case "webp":
		return task{picture, format, 8 * pixels, 24 * pixels}
	}
	return task{picture, format, pixels, 4 * pixels}
}

// queue hands out tasks, the longest first, as long as those that run do not need more memory together than the one that
// needs most, and a little.
type queue struct {
	mu      sync.Mutex
	changed *sync.Cond
	waiting []task
	running int // tasks
	used    int // bytes
	budget  int // bytes
	failed  bool
}

func newQueue(pictures []*image.RGBA, formats []string) *queue {
	q := &queue{}
	q.changed = sync.NewCond(&q.mu)
	for i, m := range pictures {
		for _, format := range formats {
			t := newTask(i, m, format)
			q.waiting = append(q.waiting, t)
			q.budget = max(q.budget, t.memory+muchMemory)
		}
	}
	slices.SortStableFunc(q.waiting, func(a, b task) int { return b.time - a.time })
	return q
}

// take waits for a task that there is memory for; false when there is nothing to do any more.
func (q *queue) take() (task, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) > 0 && !q.failed {
		for i, t := range q.waiting {
			if q.running == 0 || q.used+t.memory <= q.budget {
				q.waiting = slices.Delete(q.waiting, i, i+1)
				q.running, q.used = q.running+1, q.used+t.memory
				return t, true
			}
		}
		q.changed.Wait()
	}
	return task{}, false
}

// done gives back what a task has used. After an error nothing is handed out any more.
func (q *queue) done(t task, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running, q.used, q.failed = q.running-1, q.used-t.memory, q.failed || err != nil
	q.changed.Broadcast()
}
