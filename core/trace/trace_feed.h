// SPDX-License-Identifier: GPL-3.0-or-later
// A trace on a thread of its own, for a caller that must not wait, such as the explorer: it takes what came when it has
// time. The program does not wait for that: where too much comes, the oldest is dropped, and counted.
#ifndef BINDWALK_TRACE_FEED_H
#define BINDWALK_TRACE_FEED_H

#include "core/evidence/event_walk.h"
#include "core/trace/tracer.h"

enum feed_state {
	FEED_NONE,
	FEED_BEGINS,
	FEED_RUNS,
	FEED_STOPS, // it was asked to
	FEED_ENDED
};

struct feed_status {
	enum feed_state state;
	pid_t process;              // 0: not yet
	char program[PROGRAM_TEXT]; // its name, raw bytes
	bool attached;              // it ran before, and goes on after
	bool stopped;               // by trace_feed_stop()
	bool status_known;          // how the launched program ended, as waitpid() has it
	int status;
	char why[TRACER_ERROR];        // it was not traced, or could not begin: a sentence without a period; "" else
	char slow[TRACER_ERROR];       // why it runs slower than it could, "" where it does not
	uint64_t binds, refused, lost; // lost: dropped before they were taken
};

struct feed_how {
	char **command; // to launch, copied; its output is taken, and its input is empty. NULL: `pid`
	pid_t pid;
	void (*prepare)(void); // see tracer.h
};

// What came, in its order; all is lent but the walk, which is the taker's to close, and may be NULL.
struct feed_out {
	void (*bind)(void *data, const struct bind_event *e, struct event_walk *walk);
	void (*note)(void *data, enum trace_note note, pid_t process, const char *program);
	void (*line)(void *data, const char *text); // see output_tail.h
	void *data;
};

struct trace_feed;

// 0 or -errno. What else can go wrong is in its status.
int trace_feed_open(const struct feed_how *how, struct trace_feed **out);
// Becomes readable when something came, or its status changed.
int trace_feed_fd(const struct trace_feed *f);
void trace_feed_take(struct trace_feed *f, const struct feed_out *out);
struct feed_status trace_feed_status(struct trace_feed *f);
// Ends it soon: a launched program is killed, another one let go. Never blocks.
void trace_feed_stop(struct trace_feed *f);
// Stops it, and waits some seconds at most until it is done. NULL is fine.
void trace_feed_close(struct trace_feed *f);

#endif
