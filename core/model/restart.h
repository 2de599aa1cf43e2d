// SPDX-License-Identifier: GPL-3.0-or-later
// The restart check: would a socket bind again, if its program began anew? Pure.
#ifndef BINDWALK_RESTART_H
#define BINDWALK_RESTART_H

#include "core/model/host.h"
#include "core/model/question.h"
#include "core/model/step.h"

enum { RESTART_TEXT = 512 };

struct restart {
	enum tri binds; // UNKNOWN: it rests on an option that can't be seen
	int err;        // of the first call that fails, or would, with the options that can be seen
	enum code code;
	char why[RESTART_TEXT]; // the verdict's sentence
};

// Does a restart bind it? Sockets that listen, or that are bound and not connected.
bool restart_counts(const struct sock *s);

// Is `s` a connection that the listener accepted, as far as its own end tells? It goes with the listener; what is in
// TIME_WAIT stays.
bool restart_is_of(const struct sock *s, const struct sock *listener);

// Tries the same attempt with the options that can be seen, among `others`: the sockets of its protocol and port,
// without itself and without its connections. With every capability, since a server gives up after its start what it
// needed for it.
void restart_check(const struct host *h, const struct sock *s, struct sock *others, size_t nothers,
		   struct restart *out);

// The connections that it accepted, so many, stay in TIME_WAIT when it ends first, and keep the port from a socket
// without SO_REUSEADDR: makes a restart that would bind one that may not.
void restart_leaves(const struct sock *s, size_t accepted, struct restart *out);

#endif
