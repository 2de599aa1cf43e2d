// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the explorer from a recording: the host, the attempt and the walk of a frame take the place of the kernel's.
// Pure.
#ifndef BINDWALK_REPLAY_SHOW_H
#define BINDWALK_REPLAY_SHOW_H

#include "core/record/recording.h"
#include "tui/app.h"

struct replay {
	const struct recording *recording; // lent, or `own`; NULL: nothing is replayed
	struct recording own;              // of a lesson
	char name[64];                     // whose own it is
	char place[48];                    // app.place before
	struct host *host;                 // owned: as it is at the frame that is shown
	struct attempt first;              // before the first frame
	size_t next;                       // the frame after the one that is shown
};

// Shows what was there before the first frame: of the recording of a lesson the attempt of a lab, else (NULL) the first
// one to come, as a prediction. Without memory for it, it shows nothing.
void replay_begin(struct replay *r, struct app *app, const struct recording *recording, const char *lesson);
// The same with another lesson's own recording. 0, or -errno with a sentence in err, and nothing has changed.
int replay_open(struct replay *r, struct app *app, const char *lesson, char *err, size_t errlen);
// The same with any recording, which it takes over.
void replay_take(struct replay *r, struct app *app, struct recording *own, const char *lesson);
// What is shown is the kernel's again: call it before the app gets another host.
void replay_leave(struct replay *r, struct app *app);
void replay_end(struct replay *r);
// As it was before the first frame.
void replay_rewind(struct replay *r, struct app *app);
// The host of a frame, and of a bind also the attempt and its walk. What changed since the last one is marked.
void replay_show(struct replay *r, struct app *app, size_t frame);

#endif
