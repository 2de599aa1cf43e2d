// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies that change the network namespace, or wait for it to change. Inside the model. Pure.
#ifndef BINDWALK_REMEDY_HOST_H
#define BINDWALK_REMEDY_HOST_H

#include "core/model/remedy_list.h"

// A sysctl with one number.
void remedy_by_sysctl(struct remedy_list *l, enum sysctl_id id, int64_t value);
// A local route for the address, where there is none with its key.
void remedy_by_route(struct remedy_list *l);
// Without the route that hides the local one.
void remedy_by_unshadowing(struct remedy_list *l);
// The address back where it was; on an interface of its subnet, else on any one that will do.
void remedy_by_adding(struct remedy_list *l);
// An interface set up that is down.
void remedy_by_link(struct remedy_list *l);
// IPv6 on, where it is off.
void remedy_by_ipv6(struct remedy_list *l);
// A carrier for the interface on which duplicate detection waits for one.
void remedy_by_carrier(struct remedy_list *l);
// Duplicate detection ends.
void remedy_by_dad(struct remedy_list *l);
// More ports to choose from.
void remedy_by_range(struct remedy_list *l);

#endif
