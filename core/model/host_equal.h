// SPDX-License-Identifier: GPL-3.0-or-later
// Do two readings say the same? Pure.
#ifndef BINDWALK_HOST_EQUAL_H
#define BINDWALK_HOST_EQUAL_H

#include "core/model/host.h"

// Of two sorted hosts: in all that a bind may rest on or a pane shows. The remaining lifetimes of addresses, which change by
// themselves, do not count.
bool host_equal(const struct host *a, const struct host *b);

#endif
