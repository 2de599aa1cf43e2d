// SPDX-License-Identifier: GPL-3.0-or-later
// What happened in a session, so that it can be shown again without a kernel: what was said and asked, each change of
// the namespace made from here, and each real bind with all that its walk rests on. A walk itself is not kept: decide()
// makes it again from the facts of the frame, and what the kernel did is merged in as it was the first time. Pure.
#ifndef BINDWALK_RECORDING_H
#define BINDWALK_RECORDING_H

#include "core/change/edit.h"
#include "core/record/frame_bind.h"
#include "core/record/frame_host.h"

enum frame_kind {
	// Words of scripts, lessons and stage files: `text` is what they say.
	FRAME_STEP, // the title of a step
	FRAME_SAY,  // a paragraph
	FRAME_ASK,  // a question; `command` has its choices as well; `answer` is what the user predicted
	FRAME_NOTE, // for the speaker
	FRAME_DONE, // the last words
	// What was done, in `command` as a line of our command language.
	FRAME_CHANGE, // `text`: the same as ip and sysctl commands, a line each (more than one of an undo or a reset)
	FRAME_BIND,   // `bind`: see there
	FRAME_KINDS
};

const char *frame_kind_name(enum frame_kind kind); // "step": stable, for JSON

struct frame {
	enum frame_kind kind;
	unsigned line;                 // of the script or lesson; 0: a key, or typed
	char *text, *command, *answer; // owned; NULL for none
	struct frame_host *at;         // the host then (of a change: after it); NULL where it was not read
	struct frame_bind *bind;       // owned; FRAME_BIND only
};

enum {
	RECORDING_FRAMES = 2000,            // then the oldest are left out
	RECORDING_BYTES = 16 * 1024 * 1024, // of memory, likewise
	RECORDING_TEXT = 4096               // bytes of one text
};

// All zeros: nothing was recorded yet.
struct recording {
	char title[128];          // of the lesson, the script or the file; "" for none
	char lab[32];             // the lab's recipe ("host", "anyip", ...); "" for a real host
	char kernel[KERNEL_TEXT]; // release, of the first host; "" before
	struct frame_host *first; // the host before the first frame; NULL where it was not read
	struct frame *frames;     // in the order in which they happened
	size_t n, cap;
	size_t left_out; // frames before the first one, or for which there was no memory
	size_t bytes;    // about what the frames take
	// For exports, lent by who knows the command language; NULL: they go by the hosts alone.
	edit_reader *read;                      // reads the lines of changes
	const char *(*recipe)(const char *lab); // the changes that make a lab, NULL where there is none of that name
};

void recording_free(struct recording *r);

// Each adds a frame. Nothing fails: what there is no room or memory for is counted in left_out. Texts are copied, and
// cut at RECORDING_TEXT.
void recording_add_text(struct recording *r, enum frame_kind kind, unsigned line, const char *text);
void recording_add_ask(struct recording *r, unsigned line, const char *text, const char *question);
void recording_add_change(struct recording *r, unsigned line, const char *command, const char *shell);
// The walk of an inquiry, and what it was made on.
void recording_add_bind(struct recording *r, unsigned line, const struct inquiry *in);
// The walk of frame n again, with all it rests on: see frame_bind_inquiry(). False for a frame that is no bind.
bool recording_inquiry(const struct recording *r, size_t n, struct inquiry *out);
// A frame that was read. Takes over what it owns, also where there is no memory for it.
void recording_adopt(struct recording *r, struct frame *f);
// The host at frame n: its own, or the last one that was read before it. NULL if none was.
const struct frame_host *recording_host(const struct recording *r, size_t n);
// What the user answered to the last FRAME_ASK.
void recording_answer(struct recording *r, const char *answer);
// The host before anything was done; later it does nothing. `a` (may be NULL) is the attempt then, which says which
// routes of a large host to keep.
void recording_begins(struct recording *r, const struct host *h, const struct attempt *a);
// The host as it is after the last change, if nothing was bound since; else as recording_begins().
void recording_saw_host(struct recording *r, const struct host *h, const struct attempt *a);

#endif
