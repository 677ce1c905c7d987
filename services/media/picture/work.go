package picture

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// Request is what a process that works on pictures is asked. Either Clean or Folder is set.
type Request struct {
	Source string `json:"source"` // path of the picture
	// Clean is where the picture is to be written without what must not be shown, and upright.
	Clean string `json:"clean,omitempty"`
	// Folder is where renditions are to be written, as WIDTH.EXTENSION.
	Folder  string   `json:"folder,omitempty"`
	Widths  []int    `json:"widths,omitempty"` // rising
	Formats []string `json:"formats,omitempty"`
}

// Made is a rendition.
type Made struct {
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Format string `json:"format"`
	Path   string `json:"path"`
}

// Answer is one line of what it says: each rendition as it is made, and at last that it is done, or what is wrong.
type Answer struct {
	Made     *Made  `json:"made,omitempty"`
	Done     bool   `json:"done,omitempty"`
	Facts    *Facts `json:"facts,omitempty"` // of the file Clean
	Blurhash string `json:"blurhash,omitempty"`
	Refused  string `json:"refused,omitempty"` // why the picture is not taken: broken, unknown, pixels, unsupported
	Failed   string `json:"failed,omitempty"`  // what went wrong otherwise
}

// Reasons to refuse a picture.
const (
	RefusedBroken  = "broken"
	RefusedUnknown = "unknown"
	RefusedPixels  = "pixels"
	// RefusedUnsupported is for a picture that nothing here can decode, though it may be whole.
	RefusedUnsupported = "unsupported"
)

// Err is the error an answer stands for.
func (a Answer) Err() error {
	switch {
	case a.Refused == RefusedBroken:
		return fmt.Errorf("%w: %s", ErrBroken, a.Failed)
	case a.Refused == RefusedUnknown:
		return ErrUnknown
	case a.Refused == RefusedUnsupported:
		return fmt.Errorf("%w: %s", ErrUnsupported, a.Failed)
	case a.Refused == RefusedPixels:
		return fmt.Errorf("%w: %s", ErrTooManyPixels, a.Failed)
	case a.Failed != "":
		return errors.New(a.Failed)
	}
	return nil
}

// Work answers requests, one JSON document a line, until there are no more.
func Work(requests io.Reader, answers io.Writer) error {
	// Should memory be short, this process is the one to go, not the shop.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	debug.SetGCPercent(gcPercent)
	debug.SetMemoryLimit(memoryGoal)
	in := bufio.NewScanner(requests)
	in.Buffer(nil, 1<<20)
	out := json.NewEncoder(answers)
	for in.Scan() {
		var r Request
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			return fmt.Errorf("picture: request: %w", err)
		}
		if err := out.Encode(last(r, out)); err != nil {
			return fmt.Errorf("picture: answer: %w", err)
		}
		debug.FreeOSMemory()
	}
	return in.Err()
}

// A process of this kind has a few large pieces of memory, and must not keep those it has done with. memoryGoal is no limit:
// above it, what is free is given back before more is taken.
const (
	gcPercent  = 10
	memoryGoal = 128 << 20
)

// last does a request and says how it ended.
func last(r Request, out *json.Encoder) Answer {
	answer := Answer{Done: true}
	source, err := os.Open(r.Source)
	if err == nil {
		defer source.Close()
		var info os.FileInfo
		if info, err = source.Stat(); err == nil {
			if r.Clean != "" {
				answer.Facts, answer.Blurhash, err = inspect(source, info.Size(), r.Clean)
			} else {
				err = render(source, info.Size(), r.Folder, r.Widths, r.Formats, func(m Made) error { return out.Encode(Answer{Made: &m}) })
			}
		}
	}
	if err == nil {
		return answer
	}
	answer.Failed = err.Error()
	switch {
	case errors.Is(err, ErrBroken):
		answer.Refused = RefusedBroken
	case errors.Is(err, ErrUnsupported):
		answer.Refused = RefusedUnsupported
	case errors.Is(err, ErrUnknown):
		answer.Refused = RefusedUnknown
	case errors.Is(err, ErrTooManyPixels):
		answer.Refused = RefusedPixels
	}
	return answer
}

// inspect writes a clean copy and makes sure that it can be decoded.
func inspect(source *os.File, size int64, target string) (*Facts, string, error) {
	facts, hash, err := inspectInto(source, size, target)
	if err != nil {
		_ = os.Remove(target) // it may not be there
	}
	return facts, hash, err
}

func inspectInto(source *os.File, size int64, target string) (*Facts, string, error) {
	if err := writeFile(target, func(w io.Writer) error { return Clean(w, source, size) }); err != nil {
		return nil, "", err
	}
	before, err := Probe(source, size)
	if err != nil {
		return nil, "", err
	}
	clean, err := os.Open(target)
	if err != nil {
		return nil, "", err
	}
	defer clean.Close()
	info, err := clean.Stat()
	if err != nil {
		return nil, "", err
	}
	d, err := decode(clean, info.Size())
	if err != nil {
		return nil, "", err
	}
	facts := d.facts
	// The clean copy has lost what said how to hold it, except in AVIF, where that is not EXIF's to say.
	if facts.Extension != "avif" && before.Orientation != 1 && !before.Animated {
		d.facts.Orientation = before.Orientation
		if err := writeFile(target, func(w io.Writer) error { return encodeUpright(w, d) }); err != nil {
			return nil, "", err
		}
		facts = before
		facts.Orientation = 1
	}
	return &facts, blurhash(d.Image, d.facts.Orientation), nil
}

// writeFile writes a file as a whole, and safely to disk.
func writeFile(path string, write func(w io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	buffered := bufio.NewWriterSize(file, 256<<10)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return file.Sync()
}
