package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"text/tabwriter"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/sovecom/sovecom/kit/bus"
	"github.com/sovecom/sovecom/kit/embed"
)

type eventsCmd struct {
	Dead   eventsDeadCmd   `cmd:"" help:"List events that a consumer could not handle."`
	Replay eventsReplayCmd `cmd:"" help:"Give dead letters to the consumers that failed once more, and to nobody else."`
}

// letterFlags choose dead letters.
type letterFlags struct {
	Consumer string `help:"Only those of this consumer." placeholder:"NAME"`
	ID       string `help:"Only those of this event." name:"id" placeholder:"ID"`
	Tenant   string `help:"Only those of this shop." placeholder:"ID"`
	Subject  string `help:"Only those whose subject begins like this." placeholder:"evt.…"`
}

func (f letterFlags) filter() bus.LetterFilter {
	return bus.LetterFilter{Consumer: f.Consumer, Event: f.ID, Tenant: f.Tenant, Subject: f.Subject}
}

type eventsDeadCmd struct {
	configFlags
	letterFlags

	JSON bool `help:"Print a JSON array." name:"json"`
}

// letter is one row of the list.
type letter struct {
	Sequence  uint64    `json:"sequence"`
	Time      time.Time `json:"time"`
	Consumer  string    `json:"consumer"`
	Subject   string    `json:"subject"`
	Event     string    `json:"event"`
	Tenant    string    `json:"tenant"`
	Aggregate string    `json:"aggregate"`
	Attempts  int       `json:"attempts"`
	Error     string    `json:"error"`
}

// Run reads only.
func (c *eventsDeadCmd) Run(ctx context.Context) error {
	e, err := c.openEvents(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	letters := []letter{}
	if err := bus.EachLetter(ctx, e.js, c.filter(), func(l bus.Letter) error {
		letters = append(letters, letter{
			Sequence: l.Sequence, Time: l.Time.UTC().Truncate(time.Millisecond), Consumer: l.Consumer, Subject: l.Subject, Event: l.Event,
			Tenant: l.Tenant, Aggregate: l.Aggregate, Attempts: l.Attempts, Error: l.Error,
		})
		return nil
	}); err != nil {
		return err
	}
	if c.JSON {
		to := json.NewEncoder(os.Stdout)
		to.SetIndent("", "  ")
		return to.Encode(letters)
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	if len(letters) > 0 {
		fmt.Fprintln(table, "TIME\tCONSUMER\tSUBJECT\tEVENT\tTENANT\tATTEMPTS\tERROR")
	}
	for _, l := range letters {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", l.Time.Format(time.RFC3339), l.Consumer, l.Subject, l.Event, l.Tenant, l.Attempts, l.Error)
	}
	fmt.Fprintf(table, "%d dead letters.\n", len(letters))
	return table.Flush()
}

type eventsReplayCmd struct {
	configFlags
	letterFlags

	All bool `help:"All there are."`
}

// Run may be repeated, and be broken off at any point.
func (c *eventsReplayCmd) Run(ctx context.Context) error {
	if c.All == (c.filter() != bus.LetterFilter{}) {
		return errors.New("say which: with --consumer, --id, --tenant or --subject, or with --all")
	}
	e, err := c.openEvents(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	sent, err := bus.Replay(ctx, e.js, c.filter())
	fmt.Printf("%d dead letters are on their way. Those that fail again are listed by `sovecom events dead`.\n", sent)
	return err
}

// events is a connection to the streams of a shop, for tools.
type events struct {
	js    jetstream.JetStream
	close func()
}

// errStopped is what a tool meets when there is no shop whose events it could look at.
var errStopped = errors.New("no shop runs from this data folder, and none has")

// openEvents finds the shop's events: on the configured server, in the shop that runs from this data folder, or in what
// such a shop has left there.
func (f configFlags) openEvents(ctx context.Context) (*events, error) {
	cfg, _, err := f.load()
	if err != nil {
		return nil, err
	}
	if cfg.NATSURL != "" {
		conn, err := nats.Connect(cfg.NATSURL.Reveal(), nats.Timeout(5*time.Second))
		if err != nil {
			return nil, fmt.Errorf("NATS does not answer: %w", err)
		}
		return eventsOver(conn, conn.Close)
	}
	if r, ok := readRunning(cfg.DataDir); ok && r.NATSURL != "" {
		if conn, err := nats.Connect(r.NATSURL, nats.Timeout(5*time.Second)); err == nil {
			return eventsOver(conn, conn.Close)
		}
	}
	if _, err := os.Stat(natsDir(cfg)); errors.Is(err, fs.ErrNotExist) {
		return nil, errStopped
	}
	server, err := embed.StartNATS(embed.NATSConfig{StoreDir: natsDir(cfg), Logger: newLogger(cfg), MaxPayload: maxPayload})
	if err != nil {
		return nil, err
	}
	stop := func() { _ = server.Stop(context.WithoutCancel(ctx)) }
	conn, err := server.Connect()
	if err != nil {
		stop()
		return nil, err
	}
	return eventsOver(conn, stop)
}

func eventsOver(conn *nats.Conn, done func()) (*events, error) {
	js, err := jetstream.New(conn)
	if err != nil {
		done()
		return nil, fmt.Errorf("JetStream: %w", err)
	}
	return &events{js: js, close: done}, nil
}
