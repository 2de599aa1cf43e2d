// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/stream_end.h"

#include <errno.h>

int stream_end(FILE *out)
{
	return fflush(out) || ferror(out) ? -(errno ? errno : EIO) : 0;
}
