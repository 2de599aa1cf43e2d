// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/tracee.h"

#include <stdlib.h>
#include <string.h>

#include "core/observe/proc.h"
#include "core/trace/traced_call.h"

// The place of that id, or where it would be.
static size_t place_of(const struct tracees *t, pid_t tid)
{
	size_t lo = 0, hi = t->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (t->at[mid]->tid < tid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct tracee *tracee_find(const struct tracees *t, pid_t tid)
{
	size_t i = place_of(t, tid);
	return i < t->n && t->at[i]->tid == tid ? t->at[i] : NULL;
}

struct tracee *tracee_process(const struct tracees *t, struct tracee *x)
{
	struct tracee *first = tracee_find(t, x->tgid);
	return first ? first : x;
}

static void inherit(const struct tracees *t, struct tracee *x, const struct tracee *maker)
{
	char path[64], text[8192];
	unsigned long tgid = 0, parent = 0;
	if (proc_read("", proc_path(x->tid, "status", path, sizeof path), text, sizeof text) > 0 &&
	    proc_field(text, "Tgid", 10, &tgid) == 0 && proc_field(text, "PPid", 10, &parent) == 0)
		x->tgid = (pid_t)tgid;
	const struct tracee *from = maker ? maker : tracee_find(t, x->tgid);
	from = from ? from : tracee_find(t, (pid_t)parent);
	if (from) {
		x->lowered = from->lowered;
		x->foreign = from->foreign;
		x->own_no_new_privs = from->own_no_new_privs;
		x->said_ring = from->said_ring;
		x->said_filter = from->said_filter;
	}
}

struct tracee *tracee_add(struct tracees *t, pid_t tid, const struct tracee *maker)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 16;
		struct tracee **more = reallocarray(t->at, cap, sizeof(struct tracee *));
		if (!more)
			return NULL;
		t->at = more;
		t->cap = cap;
	}
	struct tracee *x = calloc(1, sizeof *x);
	if (!x)
		return NULL;
	*x = (struct tracee){.tid = tid, .tgid = tid};
	inherit(t, x, maker);
	size_t i = place_of(t, tid);
	memmove(t->at + i + 1, t->at + i, (t->n - i) * sizeof *t->at);
	t->at[i] = x;
	t->n++;
	return x;
}

static void drop(struct tracee *x)
{
	traced_call_free(x->call);
	free(x);
}

void tracee_remove(struct tracees *t, pid_t tid)
{
	size_t i = place_of(t, tid);
	if (i == t->n || t->at[i]->tid != tid)
		return;
	drop(t->at[i]);
	memmove(t->at + i, t->at + i + 1, (t->n - i - 1) * sizeof *t->at);
	t->n--;
}

void tracees_free(struct tracees *t)
{
	for (size_t i = 0; i < t->n; i++)
		drop(t->at[i]);
	free(t->at);
	*t = (struct tracees){0};
}
