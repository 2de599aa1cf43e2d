// SPDX-License-Identifier: GPL-3.0-or-later
// Do two readings say the same? Pure.
#ifndef BINDWALK_HOST_EQUAL_H
#define BINDWALK_HOST_EQUAL_H

#include "core/model/host.h"

// Of two sorted hosts: in all that a bind may rest on or a pane shows. The remaining lifetimes of addresses, which
// change on their own, do not count.
bool host_equal(const struct host *a, const struct host *b);

// The same of single objects; of a link without its other names.
bool link_equal(const struct link *a, const struct link *b);
bool host_addr_equal(const struct host_addr *a, const struct host_addr *b);
bool rule_equal(const struct rule *a, const struct rule *b);

#endif
