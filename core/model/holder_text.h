// SPDX-License-Identifier: GPL-3.0-or-later
// Describes the socket that holds a port, in words. Pure.
#ifndef BINDWALK_HOLDER_TEXT_H
#define BINDWALK_HOLDER_TEXT_H

#include "core/model/holder.h"

enum { HOLDER_TEXT = 512 };

// Each writes at most len bytes, always ends with NUL, and returns buf.

// An end of a socket, with the device that it is bound to: "0.0.0.0%br9:67", "[::1]:80".
char *sock_local_print(const struct host *h, const struct sock *s, char *buf, size_t len);
// The other end; "" for none.
char *sock_peer_print(const struct sock *s, char *buf, size_t len);
// "LISTEN", "TIME_WAIT"; of a socket that only has its port "bound".
const char *sock_state_name(const struct sock *s);
// "br9", or "interface 3, which is gone"; "" for none.
char *sock_device_print(const struct host *h, const struct sock *s, char *buf, size_t len);
// "process", "kernel", "hidden", "none", "unsearched".
const char *sock_owner_name(enum sock_owner o);

// Both ends, what it does, and whose it is, in brief: "tcp 0.0.0.0:80 LISTEN, pid 77 (nginx)".
char *sock_print(const struct facts *f, const struct sock *s, char *buf, size_t len);
// The same of one that is not there any more: "tcp 0.0.0.0:80 LISTEN, pid 77 (nginx) is gone".
char *sock_gone_print(const struct facts *f, const struct sock *s, char *buf, size_t len);
// All that is known of it: also its device, its user, and the range that its port comes from.
char *holder_print(const struct facts *f, const struct sock *s, char *buf, size_t len);
// The condition of sharing that fails between the walk's socket and its holder; "" where none does.
char *sharing_print(const struct facts *f, const struct walk *w, char *buf, size_t len);

#endif
