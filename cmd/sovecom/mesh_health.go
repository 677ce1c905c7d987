package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/sovecom/sovecom/kit/app"
)

// A room that runs alone tells over NATS how it is. The gateway asks all of them at once, so that its /health is that of
// the whole shop.

func healthSubject(room string) string { return "mesh.health." + room }

// healthPatience is how long the gateway waits for a room to say that it is well.
const healthPatience = time.Second

// tellHealth answers who asks for this room's health, until the returned function is called. Every replica answers.
func (p *process) tellHealth(room string) (stop func() error, err error) {
	sub, err := p.calls.Subscribe(healthSubject(room), func(m *nats.Msg) {
		if body, err := json.Marshal(p.app.Readiness(context.Background())); err == nil {
			_ = m.Respond(body) // who does not hear it takes the room for down
		}
	})
	if err != nil {
		return nil, fmt.Errorf("tell the health of %s: %w", room, err)
	}
	return sub.Unsubscribe, nil
}

var (
	errNotWell  = errors.New("its own health check fails")
	errNoAnswer = errors.New("no replica answers")
)

// askHealth is the report of the first replica of a room that may take calls.
func (p *process) askHealth(ctx context.Context, room string) (app.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	inbox := p.calls.NewRespInbox()
	answers, err := p.calls.SubscribeSync(inbox)
	if err != nil {
		return app.Report{}, fmt.Errorf("health of %s: %w", room, err)
	}
	defer answers.Unsubscribe() //nolint:errcheck // the connection is gone, and with it the subscription
	if err := p.calls.PublishRequest(healthSubject(room), inbox, nil); err != nil {
		return app.Report{}, fmt.Errorf("health of %s: %w", room, err)
	}
	var last app.Report
	fault := errNoAnswer
	for {
		msg, err := answers.NextMsgWithContext(ctx)
		if err != nil { // nobody is there, or time is up
			return last, fault
		}
		var report app.Report
		if err := json.Unmarshal(msg.Data, &report); err != nil {
			continue
		}
		if report.Status != app.Down {
			return report, nil
		}
		last, fault = report, errNotWell // another replica may be well
	}
}

// watchRooms makes the other rooms part of the gateway's health. None is critical: a gateway that said "down" because one
// room is missing would turn the failure of a part into one of the whole.
func (p *process) watchRooms() {
	for _, r := range rooms() {
		if r.name == p.target {
			continue
		}
		p.app.AddCheck(app.Check{Name: r.name, Run: func(ctx context.Context) error {
			_, err := p.askHealth(ctx, r.name)
			return err
		}})
	}
	for check, room := range map[string]string{checkStorageName: "media", checkEngineName: "search"} {
		p.app.AddCheck(app.Check{Name: check, Run: func(ctx context.Context) error {
			report, err := p.askHealth(ctx, room)
			if err != nil {
				return err
			}
			if report.Checks[check].Status != app.OK {
				return fmt.Errorf("%s: %w", room, errNotWell)
			}
			return nil
		}})
	}
}
