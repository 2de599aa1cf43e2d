// SPDX-License-Identifier: GPL-3.0-or-later
// The sockets of the namespace. Pure.
#ifndef BINDWALK_PANE_SOCKETS_H
#define BINDWALK_PANE_SOCKETS_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_sockets;

#endif
