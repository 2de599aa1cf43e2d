// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/trace_row.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text/event_row.h"
#include "core/text/row_print.h"
#include "core/text/visible.h"

const char trace_row_mine[] = "bindwalk: ";

enum part { PART_CLASS, PART_PROGRAM, PART_PID, PART_WHERE, PART_ASKED, PART_ERRNO, PART_AGAIN, PART_SENTENCE, PARTS };

// How much of each there is room for: as much as there is, where all fits.
enum {
	PART_TEXT = 4 * VERDICT_TEXT,
	SENTENCE_GOOD = 60,
	WHERE_LEAST = 8,
	PROGRAM_LEAST = 8,
	ASKED_LEAST = 66,
	MOST = 999999
};

struct line {
	char text[PARTS][PART_TEXT]; // each visible, with a blank at its end where one follows
	bool ascii, cut;
};

// The word for a refusal that nothing explains.
static const char *of_call(const struct bind_event *e)
{
	static const char *const words[CALL_COUNT] = {[CALL_SOCKET] = "SOCKET",
						      [CALL_SETSOCKOPT] = "OPTION",
						      [CALL_LISTEN] = "LISTEN",
						      [CALL_CONNECT] = "CONNECT"};
	return words[e->call] ? words[e->call] : "UNEXPLAINED";
}

const char *trace_row_class(const struct bind_event *e, const struct event_verdict *v)
{
	static const char *const words[] = {
		[OPEN] = "OPEN", [CHANGED] = "CHANGED", [HOOK] = "HOOK", [DISAGREES] = "DISAGREEMENT"};
	if (!e->err)
		return "OK";
	enum code_class class = v && v->present ? v->class : e->reason.code[0] ? e->reason.class : CLASS_NONE;
	if (e->call == CALL_CONNECT) // no bind, so not among those of its class
		return of_call(e);
	if (v && v->present && v->agreement >= OPEN && v->agreement <= DISAGREES)
		return words[v->agreement];
	return code_class_name(class) ? code_class_name(class) : of_call(e);
}

static bool begins_point(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static size_t points(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += begins_point(*text);
	return n;
}

// The bytes of so many code points.
static size_t bytes_of(const char *text, size_t n)
{
	size_t at = 0;
	while (text[at] && (n > 0 || !begins_point(text[at])))
		n -= begins_point(text[at++]);
	return at;
}

__attribute__((format(printf, 3, 4))) static void set(struct line *l, enum part p, const char *fmt, ...)
{
	char raw[VERDICT_TEXT], shown[PART_TEXT];
	va_list args;
	va_start(args, fmt);
	vsnprintf(raw, sizeof raw, fmt, args);
	va_end(args);
	visible_copy(raw, shown, sizeof shown);
	if (l->ascii)
		report_ascii(shown, l->text[p], PART_TEXT);
	else
		snprintf(l->text[p], PART_TEXT, "%s", shown);
}

// Where to cut a text of more than n code points: behind a word, unless that would leave too little.
static size_t cut_at(const char *text, size_t n)
{
	size_t end = bytes_of(text, n), at = end;
	while (at > end / 2 && text[at] != ' ')
		at--;
	if (at <= end / 2)
		return end;
	while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == ',' || text[at - 1] == ':'))
		at--;
	return at;
}

// Leaves at most so many code points of a part, the ellipsis included.
static void fit(struct line *l, enum part p, size_t room)
{
	const char *dots = l->ascii ? "..." : "…";
	char *text = l->text[p];
	if (points(text) <= room)
		return;
	l->cut = true;
	size_t tail = points(dots);
	if (room <= tail + 1) {
		*text = '\0';
		return;
	}
	bool words = p == PART_SENTENCE;
	size_t at = words ? cut_at(text, room - tail - 1) : bytes_of(text, room - tail);
	if (at == 0)
		*text = '\0';
	else
		snprintf(text + at, PART_TEXT - at, "%s%s", words ? " " : "", dots);
}

static size_t total(const struct line *l)
{
	size_t n = sizeof trace_row_mine - 1;
	bool any = false;
	for (int p = 0; p < PARTS; p++) {
		n += points(l->text[p]);
		n += any && l->text[p][0] && p != PART_PID; // the blank before it
		any |= l->text[p][0] != '\0';
	}
	return n;
}

// Takes from a part what is too much of the whole, but not more than to that least.
static void give_way(struct line *l, enum part p, size_t least, size_t room)
{
	size_t have = total(l), part = points(l->text[p]);
	if (have <= room || part <= least)
		return;
	size_t over = have - room;
	fit(l, p, part > over + least ? part - over : least);
}

// The names give way first, as long as the sentence says too little.
static void fit_all(struct line *l)
{
	static _Thread_local char sentence[PART_TEXT];
	size_t whole = points(l->text[PART_SENTENCE]), wanted = whole < SENTENCE_GOOD ? whole : SENTENCE_GOOD;
	size_t room = TRACE_ROW - (whole ? wanted + 1 : 0);
	memcpy(sentence, l->text[PART_SENTENCE], sizeof sentence);
	l->text[PART_SENTENCE][0] = '\0';
	give_way(l, PART_WHERE, WHERE_LEAST, room);
	give_way(l, PART_PROGRAM, PROGRAM_LEAST, room);
	give_way(l, PART_ASKED, ASKED_LEAST, room);
	size_t used = total(l);
	memcpy(l->text[PART_SENTENCE], sentence, sizeof sentence);
	fit(l, PART_SENTENCE, used + 1 < TRACE_ROW ? TRACE_ROW - used - 1 : 0);
}

// What the socket is bound to, of one that was; else what was asked for.
static void set_asked(const struct bind_event *e, struct line *l)
{
	char text[EVENT_ROW_TEXT];
	struct bind_event bound = *e;
	bool chosen = !e->err && e->local_known && e->socket_known && e->call == CALL_BIND;
	if (chosen) {
		bound.attempt.addr = e->local;
		bound.attempt.port = e->local_port;
		bound.attempt.scope = e->local_scope;
		bound.attempt.scope_name[0] = '\0';
		bound.attempt.sa_family = SA_FAMILY_AS_ADDRESS;
		bound.attempt.addrlen = ADDRLEN_WHOLE;
	}
	if (e->call == CALL_CONNECT) // whose destination would have no room beside its source
		bound.addr_known = false;
	event_row_asked(&bound, text);
	set(l, PART_ASKED, "%s", text);
}

static void set_parts(const struct bind_event *e, const struct event_verdict *v, uint64_t again, struct line *l)
{
	set(l, PART_CLASS, "%s", trace_row_class(e, v));
	set(l, PART_PROGRAM, "%s", e->program[0] ? e->program : "?");
	set(l, PART_PID, e->pid ? "[%d]" : "[?]", e->pid);
	set(l, PART_WHERE, "%s", e->container[0] ? e->container : e->unit);
	set_asked(e, l);
	if (!e->err && e->call == CALL_BIND) {
		bool chose = e->socket_known && e->addr_known && e->attempt.port == 0 && e->local_port;
		set(l, PART_SENTENCE, "%s", chose ? "(asked for port 0)" : "");
		return;
	}
	set(l, PART_ERRNO, "%s", errno_name(e->err));
	if (trace_row_is_lowered(e))
		set(l, PART_AGAIN, "(fewer capabilities)");
	else if (again)
		set(l, PART_AGAIN, "(again, %llu times)", (unsigned long long)(again < MOST ? again + 1 : MOST));
	set(l, PART_SENTENCE, "%s", event_row_sentence(e, v));
}

bool trace_row_is_lowered(const struct bind_event *e)
{
	return e->lowered && (e->err == EACCES || e->err == EPERM);
}

void trace_row(const struct bind_event *e, const struct event_verdict *v, uint64_t again, bool ascii, struct row *out)
{
	static const enum role ok[PARTS] = {
		[PART_CLASS] = ROLE_OK,   [PART_PROGRAM] = ROLE_LABEL, [PART_PID] = ROLE_LABEL, [PART_WHERE] = ROLE_DIM,
		[PART_ASKED] = ROLE_ADDR, [PART_ERRNO] = ROLE_OK,      [PART_AGAIN] = ROLE_DIM};
	static _Thread_local struct line l; // large
	memset(&l, 0, sizeof l);
	l.ascii = ascii;
	set_parts(e, v, again, &l);
	fit_all(&l);
	row_clear(out);
	row_add(out, ROLE_PLAIN, "%s", trace_row_mine);
	for (int p = 0; p < PARTS; p++) {
		bool failed = e->err && (p == PART_CLASS || p == PART_ERRNO);
		if (l.text[p][0])
			row_add(out, failed ? ROLE_FAIL : ok[p], "%s%s", p && p != PART_PID ? " " : "", l.text[p]);
	}
	out->truncated |= l.cut;
}
