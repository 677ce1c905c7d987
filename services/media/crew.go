package media

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/sovecom/sovecom/services/media/picture"
)

// crew works on pictures in processes of its own, a few at a time. A process that has nothing to do for a while ends, and
// its memory with it; one that takes too long, or crashes, takes nobody along.
type crew struct {
	command []string
	slots   chan struct{}
	limit   time.Duration // of one request
	patient bool          // others on the machine come first

	mu   sync.Mutex
	idle []*helper
}

// helperIdle is how long a process waits for more work: starting one that encodes AVIF costs most of a second.
const helperIdle = 15 * time.Second

// queueTime is how long a picture waits for its turn.
const queueTime = 2 * time.Minute

func newCrew(command []string, size int, limit time.Duration) *crew {
	return &crew{command: command, slots: make(chan struct{}, size), limit: limit}
}

// errCrashed says that a process ended in the middle of its work.
var errCrashed = errors.New("media: a process that works on pictures has ended")

// do has a request done. made is called for every rendition, and its error ends the work.
func (c *crew) do(ctx context.Context, r picture.Request, made func(m picture.Made) error) (picture.Answer, error) {
	queue := time.NewTimer(queueTime)
	defer queue.Stop()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-queue.C:
		return picture.Answer{}, ErrBusy.WithRetryAfter(retryStorage)
	case <-ctx.Done():
		return picture.Answer{}, ctx.Err()
	}
	h, err := c.take(ctx)
	if err != nil {
		return picture.Answer{}, err
	}
	limited, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	answer, err := h.do(limited, r, made)
	if err != nil {
		h.kill()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return answer, err
	}
	c.give(h)
	return answer, nil
}

func (c *crew) take(ctx context.Context) (*helper, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for n := len(c.idle); n > 0; n = len(c.idle) {
		h := c.idle[n-1]
		c.idle = c.idle[:n-1]
		if h.timer.Stop() {
			return h, nil
		}
	}
	h, err := startHelper(ctx, c.command)
	if err == nil && c.patient {
		stepBack(h.cmd)
	}
	return h, err
}

func (c *crew) give(h *helper) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, h)
	h.timer = time.AfterFunc(helperIdle, func() {
		c.mu.Lock()
		for i, other := range c.idle {
			if other == h {
				c.idle = append(c.idle[:i:i], c.idle[i+1:]...)
				break
			}
		}
		c.mu.Unlock()
		h.kill()
	})
}

// close ends the processes that have nothing to do.
func (c *crew) close() {
	c.mu.Lock()
	idle := c.idle
	c.idle = nil
	c.mu.Unlock()
	for _, h := range idle {
		if h.timer.Stop() {
			h.kill()
		}
	}
}

// helper is one process.
type helper struct {
	cmd      *exec.Cmd
	requests io.WriteCloser
	answers  *os.File
	scanner  *bufio.Scanner
	stderr   *tail
	timer    *time.Timer
	once     sync.Once
}

func startHelper(ctx context.Context, command []string) (*helper, error) {
	if len(command) == 0 {
		return nil, errors.New("media: no program to work on pictures is known")
	}
	answers, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("media: pipe: %w", err)
	}
	defer write.Close() // the process has its own
	h := &helper{answers: answers, stderr: &tail{}, scanner: bufio.NewScanner(answers)}
	// It outlives the request it is started for.
	h.cmd = exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...)
	h.cmd.ExtraFiles = []*os.File{write}
	ownGroup(h.cmd)
	h.cmd.Stdout, h.cmd.Stderr = h.stderr, h.stderr
	if h.requests, err = h.cmd.StdinPipe(); err == nil {
		err = h.cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("media: start %s: %w", command[0], err), answers.Close())
	}
	return h, nil
}

func (h *helper) do(ctx context.Context, r picture.Request, made func(m picture.Made) error) (picture.Answer, error) {
	stop := context.AfterFunc(ctx, h.kill)
	defer stop()
	request, err := json.Marshal(r)
	if err != nil {
		return picture.Answer{}, fmt.Errorf("media: request: %w", err)
	}
	if _, err := h.requests.Write(append(request, '\n')); err != nil {
		return picture.Answer{}, fmt.Errorf("%w: %w %s", errCrashed, err, h.stderr)
	}
	for h.scanner.Scan() {
		var a picture.Answer
		if err := json.Unmarshal(h.scanner.Bytes(), &a); err != nil {
			return a, fmt.Errorf("media: answer: %w", err)
		}
		if a.Done {
			return a, nil
		}
		if a.Made != nil {
			if err := made(*a.Made); err != nil {
				return a, err
			}
		}
	}
	h.end(time.Second) // to hear its last words
	return picture.Answer{}, fmt.Errorf("%w: %s", errCrashed, h.stderr)
}

// kill ends the process and waits for it.
func (h *helper) kill() { h.end(0) }

// end waits for the process, and kills it after a time.
func (h *helper) end(patience time.Duration) {
	h.once.Do(func() {
		kill := time.AfterFunc(patience, func() { _ = h.cmd.Process.Kill() })
		defer kill.Stop()
		_ = h.cmd.Wait()
		_ = h.answers.Close()
	})
}

// tail keeps the last of what a process says.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailLen = 2 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - tailLen; over > 0 {
		t.kept = append([]byte{}, t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.kept))
}
