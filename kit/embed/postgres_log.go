package embed

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
)

// maxServerLog is the size in bytes at which postgres.log becomes postgres.log.1.
const maxServerLog = 10 << 20

// serverLog takes what the server writes: into the file, to the logger at
// debug, and the last complaint into memory, where the error of a failed start
// finds it.
type serverLog struct {
	path string
	log  *slog.Logger

	mu   sync.Mutex
	file *os.File
	size int64
	rest []byte // an unfinished line
	last string // the last line
	grim string // the last line that says FATAL, PANIC or error
}

func openServerLog(path string, log *slog.Logger) (*serverLog, error) {
	l := &serverLog{path: path, log: log}
	if err := l.open(); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *serverLog) open() error {
	if info, err := os.Stat(l.path); err == nil && info.Size() >= maxServerLog {
		if err := os.Rename(l.path, l.path+".1"); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write never fails: a server whose log is refused would be killed by it, and
// a full disk is no reason to lose the database on top.
func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size >= maxServerLog && l.file != nil {
		l.file.Close()
		l.file = nil
		if err := l.open(); err != nil {
			l.log.Warn("The log of PostgreSQL could not be rotated.", "error", err)
		}
	}
	if l.file != nil {
		n, err := l.file.Write(p)
		l.size += int64(n)
		if err != nil {
			l.log.Warn("The log of PostgreSQL could not be written.", "error", err)
		}
	}
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		l.rest = rest
		l.line(strings.TrimSpace(string(line)))
	}
}

func (l *serverLog) line(text string) {
	if text == "" {
		return
	}
	l.log.Debug("postgres: " + text)
	l.last = text
	for _, word := range []string{"FATAL:", "PANIC:", "error:"} {
		if _, after, found := strings.Cut(text, word); found {
			after = strings.TrimSpace(after)
			if !strings.HasPrefix(after, "the database system is ") { // our own early knocking
				l.grim = after
			}
		}
	}
}

// complaint is the best explanation of why the server ended, and clears it.
func (l *serverLog) complaint() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.grim
	if text == "" {
		text = l.last
	}
	l.grim, l.last = "", ""
	return text
}

func (l *serverLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		l.file.Close()
		l.file = nil
	}
}
