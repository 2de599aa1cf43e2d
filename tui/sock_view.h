// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the pane of sockets up to date while it is on the screen: it is read when it is opened, and after whatever may
// have changed it. Nothing is read on a clock.
#ifndef BINDWALK_SOCK_VIEW_H
#define BINDWALK_SOCK_VIEW_H

#include "core/evidence/sock_reader.h"
#include "tui/app.h"

// All zeros at first.
struct sock_view {
	struct sock_reader *reader;
	bool shown;  // the pane is on the screen
	bool wanted; // another reading
	bool gone;   // a socket is: another one, but of a busy port not for each of them
	int64_t began;
	int heard_protocol; // of whose sockets that are gone the loop hears; 0: of none
	uint16_t heard_port;
};

// 0 or -errno.
int sock_view_open(struct sock_view *v);
void sock_view_close(struct sock_view *v);
// Before the loop waits: begins a reading if one is due.
void sock_view_keep_up(struct sock_view *v, struct app *app);
// Its descriptor is readable.
void sock_view_take(struct sock_view *v, struct app *app);

// Hears of the sockets of the port that is shown, and of no others: *gone is the descriptor for that, -1 for none.
void sock_view_hear(struct sock_view *v, const struct app *app, int *gone);

#endif
