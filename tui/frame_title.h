// SPDX-License-Identifier: GPL-3.0-or-later
// The first line of the screen: where we are, whether it may be changed, and the keys to help and to leave. Pure.
#ifndef BINDWALK_FRAME_TITLE_H
#define BINDWALK_FRAME_TITLE_H

#include "tui/app.h"

// Leaves out how to join a lab, then the host's name, then the kernel's release, where they have no room.
void frame_title(const struct app *app, unsigned width, struct row *out);
// The key whose name or label stands in column x (less than width), K_NONE for none.
uint32_t frame_title_key_at(const struct app *app, unsigned width, unsigned x);

#endif
