// SPDX-License-Identifier: GPL-3.0-or-later
// The system calls around a bind. Pure.
#ifndef BINDWALK_CALL_H
#define BINDWALK_CALL_H

#include <stdbool.h>

enum call {
	CALL_BIND, // which all is about: what says nothing else is one
	CALL_SOCKET,
	CALL_SETSOCKOPT,
	CALL_GETSOCKNAME,
	CALL_CLOSE,
	CALL_LISTEN, // after the walk: attempt.then
	CALL_CONNECT,
	CALL_COUNT
};

const char *call_name(enum call c);
// Did it fail? A connect() that is under way, or was before, has not.
bool call_is_refused(enum call c, int err);

#endif
