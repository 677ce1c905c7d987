// Package obs makes the three things a running process tells about itself: logs, metrics and traces. It keeps no global state, so two
// processes' worth of rooms can live in one test binary.
//
//	logs     slog, JSON lines on the given writer, always on; context attributes added by functions the caller passes
//	metrics  Prometheus text from a registry of our own, always on, read by whoever may reach /metrics
//	traces   W3C Trace Context ids always; spans leave the process by OTLP/HTTP only if an endpoint is configured
//
// Nothing is ever sent to anyone by default. Personal data and secrets do not belong in a log line (GDPR art. 5(1)(c), data
// minimisation): give them the type Personal, and see NewLogger for the net below that.
package obs
