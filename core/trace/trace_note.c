// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_note.h"

const char *trace_note_text(enum trace_note note)
{
	static const char *const texts[TRACE_NOTES] = {
		[TRACE_BEGUN] = "",
		[TRACE_LOWERED] = "has fewer capabilities than usual, since it is traced",
		[TRACE_FOREIGN] = "is a 32-bit program: its binds are not seen",
		[TRACE_IO_URING] = "uses io_uring: binds that it makes through that are not seen",
		[TRACE_OWN_FILTER] = "has put a seccomp filter on itself, and calls that this refuses are not seen",
		[TRACE_ENDED] = "has ended; what it started goes on",
	};
	return texts[note];
}
