// SPDX-License-Identifier: GPL-3.0-or-later
// What is to be known of a traced process besides its calls. Pure.
#ifndef BINDWALK_TRACE_NOTE_H
#define BINDWALK_TRACE_NOTE_H

enum trace_note {
	TRACE_BEGUN,      // it is traced from now on; a launched program begins right after this
	TRACE_LOWERED,    // its file would give it privileges that it does not get while it is traced; once per file
	TRACE_FOREIGN,    // of another word size: its calls are not seen
	TRACE_IO_URING,   // it has a ring: binds through it are not seen
	TRACE_OWN_FILTER, // it has put a seccomp filter on itself that may refuse a bind: then ours does not see it
	TRACE_ENDED,      // the program that was launched has ended, and children of it go on
	TRACE_NOTES
};

// What stands behind the process's name: "is a 32-bit program: …", without a period. "" for TRACE_BEGUN.
const char *trace_note_text(enum trace_note note);

#endif
