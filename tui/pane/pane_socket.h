// SPDX-License-Identifier: GPL-3.0-or-later
// The socket: address, options, sysctls. Pure.
#ifndef BINDWALK_PANE_SOCKET_H
#define BINDWALK_PANE_SOCKET_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_socket;

#endif
