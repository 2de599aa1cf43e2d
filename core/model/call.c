// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/call.h"

#include <errno.h>

const char *call_name(enum call c)
{
	static const char *const names[CALL_COUNT] = {
		[CALL_BIND] = "bind",
		[CALL_SOCKET] = "socket",
		[CALL_SETSOCKOPT] = "setsockopt",
		[CALL_GETSOCKNAME] = "getsockname",
		[CALL_CLOSE] = "close",
		[CALL_LISTEN] = "listen",
		[CALL_CONNECT] = "connect",
	};
	return names[c];
}

bool call_is_refused(enum call c, int err)
{
	bool under_way = err == EINPROGRESS || err == EALREADY || err == EISCONN || err == EINTR;
	return err && !(c == CALL_CONNECT && under_way);
}
