// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies that change whose bind it is: capabilities, groups, the user. Inside the model. Pure.
#ifndef BINDWALK_REMEDY_CALLER_H
#define BINDWALK_REMEDY_CALLER_H

#include "core/model/remedy_list.h"

enum remedy_capability { REMEDY_NET_BIND_SERVICE, REMEDY_NET_RAW, REMEDY_NET_ADMIN };

void remedy_by_capability(struct remedy_list *l, enum remedy_capability cap);
// For ping sockets: a group that may, or its own group may.
void remedy_by_ping_group(struct remedy_list *l);
// SO_REUSEPORT shares among sockets of one user.
void remedy_by_user(struct remedy_list *l);

#endif
