// SPDX-License-Identifier: GPL-3.0-or-later
// Everything of a run of Bindwalk that is not screen: the attempt, its walk, the host, changes and their undo. Scripts,
// the shell and the explorer's ":" carry commands out through it.
#ifndef BINDWALK_SESSION_H
#define BINDWALK_SESSION_H

#include "core/change/editor.h"
#include "core/command/command.h"
#include "core/command/event_log.h"
#include "core/command/exit_status.h"
#include "core/command/held.h"
#include "core/evidence/witness.h"
#include "core/model/counterpart.h"
#include "core/model/inquiry.h"
#include "core/model/matrix.h"
#include "core/observe/observe.h"
#include "core/record/recording.h"
#include "core/text/rows.h"
#include "core/text/walks_seen.h"

// What `write` saves without an argument.
enum session_shows { SHOWS_WALK, SHOWS_VERSUS, SHOWS_MATRIX, SHOWS_SESSION };

struct session {
	struct attempt attempt;
	enum unprivileged unprivileged; // as whom it is made
	struct {
		struct attempt attempt;
		enum unprivileged unprivileged;
	} first;                     // what `reset` restores
	struct inquiry now;          // the walk, and what it was made on
	bool walked;                 // the walk is one of the attempt as it is
	unsigned step;               // selected in the walk
	const struct host *followed; // lent by who follows the namespace; NULL: each look is a reading
	struct host *looked;         // the last look
	struct observer *observer;   // own; for single readings
	struct witness *witness;     // NULL: off
	struct editor *editor;       // NULL: the namespace may not be changed
	const char *read_only;       // then, why
	struct walks_seen seen;
	char changed[VERSUS_TITLE]; // on the host since the last walk, "" for nothing
	struct snapshot other;      // the walk that was set beside the present one
	struct versus versus;       // has_versus: the last comparison; else void
	struct matrix matrix;       // has_matrix: the last one, of the attempt matrix_of; else void
	struct attempt matrix_of;
	bool has_versus, has_matrix;
	struct pairs pairs;
	enum session_shows shows;
	char filter[COMMAND_ARG]; // of `show`
	bool quit;
	struct event_log events;
	struct held_list held;      // by other processes, for this session
	struct recording recording; // of all that was done here
	unsigned line;              // of the script or lesson, that a command comes from; 0: none
};

// Where results go. Any member may be NULL.
struct session_out {
	void (*row)(void *data, const struct row *row);   // a line of text
	void (*json)(void *data, const char *object);     // one JSON object with all of the result, without a newline
	void (*wait)(void *data, const struct row *text); // `ask` and `pause`: come back when somebody has gone on
	void *data;
	unsigned line;  // of the script, for JSON; 0: none
	unsigned width; // columns that texts are wrapped to
	bool ascii;
};

// The message about a command that failed, and the byte of the line it is about.
struct session_error {
	char text[COMMAND_ERROR];
	size_t column;
	bool has_column; // else it is about the command as a whole
};

// An editor (lent; may be NULL) lets the session change the namespace of the calling thread; without one `read_only`
// says why it may not. 0, or -errno with a sentence in err.
int session_open(struct session *s, struct editor *editor, const char *read_only, char *err, size_t errlen);
// Of a recording: no namespace is observed, and none may be changed.
void session_open_replay(struct session *s);
void session_close(struct session *s);
// Into the namespace of the calling thread, a lab like the one before: what was changed, bound and compared there is
// forgotten, also by the recording; the events stay. 0, or -errno with a sentence in err, and the session is where it
// was.
int session_move(struct session *s, char *err, size_t errlen);

// The current walk becomes the one on the screen; the last different one becomes `before`.
void session_saw_walk(struct session *s);
// Records what changed on the host, for comparing before and after.
void session_changed(struct session *s, const char *what);
// Adds to what `show events` lists; returns its number. The second one is something that was done here.
__attribute__((format(printf, 3, 4))) uint64_t session_event(struct session *s, enum event_by by, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) uint64_t session_note(struct session *s, const char *fmt, ...);
void session_note_bind(struct session *s, const struct inquiry *in);
// Who binds in this session, on that host. 0, or -errno with a sentence in err.
int session_caller(const struct session *s, const struct host *h, struct caller *out, char *err, size_t errlen);
// The host as it is now, sorted, for who completes or shows; good until the next look. NULL when it can't be read, with
// a sentence in err.
const struct host *session_look(struct session *s, char *err, size_t errlen);

#endif
