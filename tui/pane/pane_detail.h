// SPDX-License-Identifier: GPL-3.0-or-later
// The details of the selected step, or what a command showed. Pure.
#ifndef BINDWALK_PANE_DETAIL_H
#define BINDWALK_PANE_DETAIL_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_detail;

// Do the details list the remedies?
bool pane_detail_tells_remedies(const struct app *app);
// Line n of what the help says about a topic, below a blank line and its name; returns how many lines there are.
size_t pane_detail_topic(const char *topic, size_t n, unsigned width, struct row *out);

#endif
