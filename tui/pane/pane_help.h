// SPDX-License-Identifier: GPL-3.0-or-later
// The help. Pure.
#ifndef BINDWALK_PANE_HELP_H
#define BINDWALK_PANE_HELP_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_help;

// The section of the help that is on the screen: 0 before the first. The help must be open.
unsigned pane_help_section(const struct app *app);
enum { HELP_SECTIONS = 9 };
// The line at which a section begins.
size_t pane_help_line(const struct app *app, unsigned section);

#endif
