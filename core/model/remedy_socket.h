// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies that change this socket alone: its options, address, port and kind. Inside the model. Pure.
#ifndef BINDWALK_REMEDY_SOCKET_H
#define BINDWALK_REMEDY_SOCKET_H

#include "core/model/remedy_list.h"

// Each offers what helps of its kind.
void remedy_by_option(struct remedy_list *l, enum option_id id);
void remedy_by_clearing_v6only(struct remedy_list *l);
// Without the option of the setsockopt() that fails, or with the one of the right level.
void remedy_without_option(struct remedy_list *l);
void remedy_by_scope(struct remedy_list *l);
// Another bound device, or none.
void remedy_by_device(struct remedy_list *l);
// Port 0, or a free one that needs no privilege.
void remedy_by_any_port(struct remedy_list *l);
void remedy_by_unprivileged_port(struct remedy_list *l);
// The wildcard, or one address of the host instead of the wildcard.
void remedy_by_address(struct remedy_list *l);
// An IPv4 socket in the place of an IPv6 one.
void remedy_by_ipv4(struct remedy_list *l);
void remedy_by_kind(struct remedy_list *l, enum kind kind);
// The corners: address length, sockaddr family, a second bind.
void remedy_by_argument(struct remedy_list *l);

#endif
