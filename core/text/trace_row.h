// SPDX-License-Identifier: GPL-3.0-or-later
// A call of a traced program as one line that grep finds whole. Pure.
#ifndef BINDWALK_TRACE_ROW_H
#define BINDWALK_TRACE_ROW_H

#include "core/model/bind_event.h"
#include "core/model/event_verdict.h"
#include "core/text/rows.h"

enum { TRACE_ROW = 160 }; // code points at most, whatever the names hold

extern const char trace_row_mine[]; // "bindwalk: ", which each line begins with

// The first word of the line, to grep for: "ADDRESS", "HOOK", "UNEXPLAINED", "OK".
const char *trace_row_class(const struct bind_event *e, const struct event_verdict *v);

// "bindwalk: ADDRESS nginx[1234] web.service tcp4 192.0.2.1:80 EADDRNOTAVAIL 192.0.2.1 is not an address of this …":
// class, program, unit or container, what was asked, errno, and as much of the sentence as there is room for. Of a bind
// that succeeded what the socket is bound to, and no sentence. `again`: how often it was told before; the line says
// which time this one is. Text from outside is raw; `v` may be NULL. out->truncated: something of the sentence, or of a
// name, was left out.
void trace_row(const struct bind_event *e, const struct event_verdict *v, uint64_t again, bool ascii, struct row *out);

// May the refusal come from the trace itself? Then the line says that the program has fewer capabilities than untraced.
bool trace_row_is_lowered(const struct bind_event *e);

#endif
