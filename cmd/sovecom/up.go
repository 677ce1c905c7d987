package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/sovecom/sovecom/kit/app"
	"github.com/sovecom/sovecom/kit/embed"
	"github.com/sovecom/sovecom/kit/obs"
)

// upCmd is serve --target=all, plus what it needs to run, in one process.
type upCmd struct {
	configFlags

	Demo bool `help:"Fill an empty shop with the demonstration catalogue."`
}

// Run works until ctx ends.
func (c *upCmd) Run(ctx context.Context) error {
	began := time.Now()
	cfg, _, err := c.load()
	if err != nil {
		return err
	}
	lock, err := embed.LockDataDir(cfg.DataDir)
	if err != nil {
		return err
	}
	defer lock.Release() //nolint:errcheck // the process ends here
	log := newLogger(cfg)
	share := memoryOfServe
	if cfg.PostgresURL == "" {
		share = memoryOfUp
	}
	if err := limitMemory(share, memlimit.FromCgroup, log); err != nil {
		log.Warn("the heap has no limit", "error", err)
	}
	p, err := newProcess(cfg, targetAll, log)
	if err != nil {
		return err
	}
	if cfg.SecretKey == "" && cfg.PostgresURL == "" {
		if err := keepKey(cfg.DataDir); err != nil {
			return err
		}
	}
	if err := p.addInfrastructure(true); err != nil {
		return err
	}
	var who owner
	p.app.Add(p.ownerPart(func(o owner) error { who = o; return keepLogin(cfg.DataDir, c.Demo, &who) }))
	p.app.Add(app.Part{
		Name: "welcome", Needs: []string{"http", "owner"},
		Start: func(context.Context) error { welcome(p, who, time.Since(began)); return p.noteRunning() },
		Run: func(ctx context.Context) error {
			if c.Demo {
				p.seedDemo(ctx, who)
			}
			<-ctx.Done()
			return nil
		},
		Stop: func(context.Context) error { return os.Remove(runFile(cfg.DataDir)) },
	})
	return p.run(ctx)
}

func newLogger(cfg Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	if cfg.LogFormat == "text" || (cfg.LogFormat == "auto" && obs.IsTerminal(os.Stderr)) {
		return obs.NewTextLogger(os.Stderr, level, obs.TraceAttrs, requestAttrs)
	}
	return obs.NewLogger(os.Stderr, level, obs.TraceAttrs, requestAttrs)
}

func welcome(p *process, who owner, took time.Duration) {
	url := p.url()
	fmt.Printf("\nSovEcom is ready after %.1f s.\n\n", took.Seconds())
	fmt.Printf("  Storefront API  %s/store/v1/products\n", url)
	fmt.Printf("  Admin API       %s/admin/v1\n", url)
	fmt.Printf("  Reference       %s/docs\n", url)
	fmt.Printf("  Health          %s/health\n", url)
	switch {
	case who.password != "":
		fmt.Printf("\n  Owner           %s\n  Password        %s\n", who.email, who.password)
	default:
		fmt.Printf("\n  The owner was made at an earlier start; the password was shown then.\n")
	}
	fmt.Printf("\n  Stop with Ctrl-C. Everything is kept in %s.\n\n", p.cfg.DataDir)
}

// keepLogin lets a demonstration shop show its login at every start: a shop on a laptop is of no use to somebody who
// has lost the first screen. Without --demo a generated password is printed once and kept nowhere.
func keepLogin(dir string, demo bool, who *owner) error {
	file := filepath.Join(dir, "demo-login.json")
	if who.password != "" && demo && who.generated {
		content, err := json.Marshal(map[string]string{"email": who.email, "password": who.password})
		if err != nil {
			return fmt.Errorf("keep the login: %w", err)
		}
		if err := os.WriteFile(file, content, 0o600); err != nil {
			return fmt.Errorf("keep the login: %w", err)
		}
		return nil
	}
	if who.password == "" && demo {
		content, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		var kept struct {
			Email    string `json:"email"`
			Password string `json:"password"`
		}
		if err != nil || json.Unmarshal(content, &kept) != nil {
			return nil
		}
		*who = owner{email: kept.Email, password: kept.Password}
	}
	return nil
}

// running tells the tools of this program how to reach a shop that runs from the same data folder.
type running struct {
	PID         int    `json:"pid"`
	URL         string `json:"url"`
	PostgresURL string `json:"postgresUrl"`
	NATSURL     string `json:"natsUrl"` // with the word that opens it
}

func runFile(dir string) string { return filepath.Join(dir, "running.json") }

func (p *process) noteRunning() error {
	content, err := json.Marshal(running{PID: os.Getpid(), URL: p.url(), PostgresURL: p.adminURL, NATSURL: p.natsURL})
	if err != nil {
		return fmt.Errorf("note what runs: %w", err)
	}
	if err := os.WriteFile(runFile(p.cfg.DataDir), content, 0o600); err != nil {
		return fmt.Errorf("note what runs: %w", err)
	}
	return nil
}

func readRunning(dir string) (running, bool) {
	content, err := os.ReadFile(runFile(dir))
	var r running
	return r, err == nil && json.Unmarshal(content, &r) == nil
}
