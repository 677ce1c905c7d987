package pg

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sovecom/sovecom/kit/fault"
)

// ErrUnavailable is what callers see while the database is away.
var ErrUnavailable = fault.Unavailable("shop.unavailable", "The shop's database is not answering right now. Please try again.").
	WithRetryAfter(time.Second)

// ErrBusy is what callers see when rows stayed locked by others through every retry.
var ErrBusy = fault.Unavailable("shop.busy", "Too many people are changing this at once. Please try again.").
	WithRetryAfter(time.Second)

// ErrOpening is what callers see when a room has not heard of their shop yet: the event that opens its books is under way.
var ErrOpening = fault.Unavailable("shop.opening", "The shop is opening. Please try again in a moment.").
	WithRetryAfter(time.Second)

// ofTenants is how PostgreSQL names the foreign keys of nouns to tenants.
const ofTenants = "_tenant_id_fkey"

// IsUnique reports whether err says that a row like this exists already, by the name of the violated constraint.
func IsUnique(err error, constraint string) bool { return violates(err, "23505", constraint) }

// IsForeignKey reports whether err says that a row points at nothing, or is still pointed at.
func IsForeignKey(err error, constraint string) bool { return violates(err, "23503", constraint) }

// IsCheck reports whether err says that a check constraint does not hold.
func IsCheck(err error, constraint string) bool { return violates(err, "23514", constraint) }

// Constraint is the name of the constraint that err says is violated; empty when it is another error.
func Constraint(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.ConstraintName
	}
	return ""
}

func violates(err error, state, constraint string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == state && e.ConstraintName == constraint
}

func retryable(err error) bool {
	return errors.Is(err, ErrBusy)
}

// brokenError marks a connection that died; the work on it did not commit.
type brokenError struct{ cause error }

func (e *brokenError) Error() string { return "pg: connection lost: " + e.cause.Error() }
func (e *brokenError) Unwrap() error { return e.cause }

// translate sorts driver errors: outages become ErrUnavailable, lock trouble ErrBusy, a new shop ErrOpening, the rest stays for the room to read.
func translate(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch {
		case e.Code == "40001" || e.Code == "40P01" || e.Code == "55P03":
			return ErrBusy.WithCause(err)
		case strings.HasPrefix(e.Code, "57P"), strings.HasPrefix(e.Code, "08"):
			return ErrUnavailable.WithCause(&brokenError{err})
		case e.Code == "53300", e.Code == "25006", e.Code == "25P03":
			return ErrUnavailable.WithCause(err)
		case e.Code == "23503" && strings.HasSuffix(e.ConstraintName, ofTenants):
			return ErrOpening.WithCause(err)
		}
		return err
	}
	var ne net.Error
	var ce *pgconn.ConnectError
	switch {
	case errors.As(err, &ce):
		return ErrUnavailable.WithCause(err)
	case errors.As(err, &ne), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		strings.Contains(err.Error(), "conn closed"), strings.Contains(err.Error(), "closed pool"):
		return ErrUnavailable.WithCause(&brokenError{err})
	case errors.Is(err, pgx.ErrNoRows):
		return err
	}
	return err
}

// redact keeps passwords out of messages: parse errors of pgx quote the URL.
func redact(err error) error {
	var pe *pgconn.ParseConfigError
	if errors.As(err, &pe) {
		return errors.New("it is not a valid PostgreSQL URL")
	}
	return err
}
