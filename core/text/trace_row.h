// SPDX-License-Identifier: GPL-3.0-or-later
// A call of a traced program as one line that grep finds whole. Pure.
#ifndef BINDWALK_TRACE_ROW_H
#define BINDWALK_TRACE_ROW_H

#include "core/model/bind_event.h"
#include "core/model/event_verdict.h"
#include "core/text/rows.h"

enum { TRACE_ROW = 160 }; // columns at most

// "ADDRESS nginx[1234] web.service tcp4 192.0.2.1:80 EADDRNOTAVAIL 192.0.2.1 is not an address of this host …": class,
// program, unit or container, what was asked, errno, sentence. Text from outside is raw. `v` may be NULL.
void trace_row(const struct bind_event *e, const struct event_verdict *v, struct row *out);

// May the refusal come from the trace itself? Then the line says that the program has fewer capabilities than untraced.
bool trace_row_is_lowered(const struct bind_event *e);

#endif
