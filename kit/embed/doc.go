// Package embed runs the infrastructure a single machine needs inside or beside
// the program: a private PostgreSQL cluster as a supervised child process, a
// NATS server with JetStream in the process, and a Redis look-alike in the
// process. `sovecom up` and the tests use it; everything else speaks to it
// through ordinary connection strings and cannot tell it from a server of the
// operator's own.
//
//	DataDir/
//	├── sovecom.lock      held by the one program that may use the folder
//	├── postgres/         the cluster, mode 0700
//	├── postgres.lock     held by the supervisor of the cluster
//	├── postgres.log(.1)  what the server wrote, at most two files of 10 MiB
//	└── run/              the server's socket, mode 0700
//
// Every part is safe against the death of the program at any line: locks are
// released by the kernel, a half-made cluster is never taken for a whole one,
// and the PostgreSQL child ends with its parent.
//
// The context given to a Start function bounds the start only. A part lives
// until its Stop, because what serves requests is drained after the program's
// context has ended and still needs its database.
package embed
