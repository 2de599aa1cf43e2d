// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/bind_json.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/record/witnessed_json.h"

static const char *kind_word(unsigned n)
{
	return kind_info((enum kind)n)->name;
}

static const char *option_word(unsigned n)
{
	return option_info((enum option_id)n)->name;
}

static const char *call_word(unsigned n)
{
	return call_name((enum call)n);
}

static const char *code_word(unsigned n)
{
	return code_info((enum code)n)->name;
}

enum { LOWERED = UNPRIVILEGED_AMBIENT + 1 };

static const char *lowered_word(unsigned n)
{
	return n ? unprivileged_name((enum unprivileged)n) : "no";
}

const char *agreement_word(unsigned n)
{
	static const char *const words[AGREEMENTS] = {"not tried", "agrees", "open", "changed", "hook", "disagrees"};
	return words[n];
}

static const struct field attempt_fields[] = {
	FIELD_U8("family", struct attempt, family),
	FIELD_OF_WORDS("protocol", struct attempt, kind, KIND_COUNT, kind_word),
	FIELD_U8("raw_protocol", struct attempt, raw_protocol),
	FIELD_AT("address", struct attempt, addr),
	FIELD_U32("scope", struct attempt, scope),
	FIELD_BYTES("scope_name", struct attempt, scope_name),
	FIELD_U16("port", struct attempt, port),
	FIELD_INT("sa_family", struct attempt, sa_family),
	FIELD_INT("addrlen", struct attempt, addrlen),
	FIELD("binds", FIELD_NUMBER, struct attempt, binds, BINDS_OTHER),
	FIELD_FLAG("listen", struct attempt, then.listen),
	FIELD_AT("dest", struct attempt, then.dest.addr),
	FIELD_BYTES("dest_scope_name", struct attempt, then.dest.scope),
	FIELD_FLAG("dest_has_port", struct attempt, then.dest.has_port),
	FIELD_U16("dest_port", struct attempt, then.dest.port),
	FIELD_U32("dest_scope", struct attempt, then.dest_scope),
	{0},
};
static const struct field setting_fields[] = {
	FIELD_OF_WORDS("option", struct setting, option, OPT_COUNT, option_word),
	FIELD_U32("value", struct setting, value),
	FIELD_BYTES("device", struct setting, device),
	{0},
};
static const struct field caller_fields[] = {
	FIELD_U32("uid", struct caller, uid),
	FIELD_MAYBE("net_bind_service", struct caller, net_bind_service),
	FIELD_MAYBE("net_raw", struct caller, net_raw),
	FIELD_MAYBE("net_admin", struct caller, net_admin),
	FIELD("lack_bind_service", FIELD_NUMBER, struct caller, lack_bind_service, LACK_NO_NEW_PRIVS),
	FIELD("lack_raw", FIELD_NUMBER, struct caller, lack_raw, LACK_NO_NEW_PRIVS),
	FIELD_FLAG("as_owner", struct caller, as_owner),
	FIELD_MAYBE("ping_group", struct caller, ping_group),
	FIELD_OF_WORDS("unprivileged", struct caller, unprivileged, LOWERED, lowered_word),
	FIELD_U32("ordinary_uid", struct caller, ordinary_uid),
	FIELD_BYTES("owner", struct caller, owner),
	FIELD_U32("gid", struct caller, gid),
	FIELD_BYTES("lsms", struct caller, hooks.lsms),
	FIELD_MAYBE("seccomp", struct caller, hooks.seccomp),
	FIELD_FLAG("no_new_privs", struct caller, hooks.no_new_privs),
	FIELD_INT("cgroup_bind", struct caller, hooks.cgroup_bind),
	FIELD_U32("pid", struct caller, pid),
	FIELD_BYTES("comm", struct caller, comm),
	FIELD("stand_in", FIELD_NUMBER, struct caller, stand_in, SEEN_OF_IT),
	FIELD("differs", FIELD_NUMBER, struct caller, differs, (1 << DIFFERS_COUNT) - 1),
	{0},
};
static const struct field question_fields[] = {
	FIELD_MAYBE("known", struct question, socks_known),
	FIELD_MAYBE("bound_known", struct question, socks_bound),
	FIELD_U16("port", struct question, socks_port),
	FIELD_U8("protocol", struct question, socks_protocol),
	{0},
};
static const struct field sock_fields[] = {
	FIELD_U8("family", struct sock, family),
	FIELD_U8("protocol", struct sock, protocol),
	FIELD_U8("state", struct sock, state),
	FIELD_MAYBE("v6only", struct sock, v6only),
	FIELD_MAYBE("reuseaddr", struct sock, reuseaddr),
	FIELD_MAYBE("reuseport", struct sock, reuseport),
	FIELD_MAYBE("nonlocal", struct sock, nonlocal),
	FIELD_AT("address", struct sock, addr),
	FIELD_U16("port", struct sock, port),
	FIELD_AT("peer", struct sock, peer),
	FIELD_U16("peer_port", struct sock, peer_port),
	FIELD_U32("device", struct sock, device),
	FIELD_U32("uid", struct sock, uid),
	FIELD_FLAG("uid_unmapped", struct sock, uid_unmapped),
	FIELD_U8("timer", struct sock, timer),
	FIELD_U32("expires", struct sock, expires),
	FIELD_U32("inode", struct sock, inode),
	FIELD_FLAG("searched", struct sock, searched),
	FIELD_U32("pid", struct sock, pid),
	FIELD_U32("pid_uid", struct sock, pid_uid),
	FIELD_BYTES("comm", struct sock, comm),
	FIELD("owner", FIELD_NUMBER, struct sock, owner, OWNER_NONE),
	FIELD_U32("likely", struct sock, likely),
	{0},
};
static const struct field fib_fields[] = {
	FIELD_FLAG("asked", struct fib_answer, present),
	FIELD_U32("table", struct fib_answer, table),
	FIELD_U32("address", struct fib_answer, dst),
	FIELD_ERRNO("error", struct fib_answer, err),
	FIELD_U8("type", struct fib_answer, type),
	FIELD("length", FIELD_NUMBER, struct fib_answer, len, 32),
	{0},
};
static const struct field route_fields[] = {
	FIELD_FLAG("asked", struct route_answer, present),
	FIELD_ERRNO("errno", struct route_answer, err),
	FIELD_FLAG("broadcast", struct route_answer, broadcast),
	FIELD_AT("source", struct route_answer, local),
	{0},
};
static const struct field call_fields[] = {
	FIELD_INT("returned", struct call_seen, ret),
	FIELD_ERRNO("errno", struct call_seen, err),
	{0},
};
static const struct field next_fields[] = {
	FIELD_FLAG("made", struct next_seen, present),
	FIELD_ERRNO("errno", struct next_seen, err),
	FIELD_AT("local", struct next_seen, local),
	FIELD_U16("port", struct next_seen, port),
	{0},
};
static const struct field observed_fields[] = {
	FIELD_FLAG("bound", struct frame_bind, observed.present),
	FIELD_OF_WORDS("call", struct frame_bind, observed.call, CALL_COUNT, call_word),
	FIELD_ERRNO("errno", struct frame_bind, observed.err),
	FIELD_AT("local", struct frame_bind, observed.local),
	FIELD_U16("port", struct frame_bind, observed.port),
	FIELD_U32("scope", struct frame_bind, observed.scope),
	{0},
};
static const struct field witness_fields[] = {
	FIELD_FLAG("present", struct frame_bind, witness.present),
	FIELD("lookups", FIELD_NUMBER, struct frame_bind, witness.lookups, UINT32_MAX),
	FIELD_U32("table", struct frame_bind, witness.table),
	FIELD_U32("device", struct frame_bind, witness.oif),
	FIELD_ERRNO("errno", struct frame_bind, witness.err),
	FIELD_BYTES("missing", struct frame_bind, unwitnessed),
	{0},
};
static const struct field verdict_fields[] = {
	FIELD_OF_WORDS("agreement", struct frame_bind, agreement, AGREEMENTS, agreement_word),
	FIELD_OF_WORDS("code", struct frame_bind, code, CODE_COUNT, code_word),
	FIELD_ERRNO("predicted", struct frame_bind, predicted),
	FIELD_NET("holds_for", struct frame_bind, holds_for),
	FIELD("more_holders", FIELD_NUMBER, struct frame_bind, more_socks, UINT32_MAX),
	{0},
};

// An object of which all is zero is left out.
static void set_row(json_t *out, const char *name, const struct field *table, const void *row)
{
	json_t *v = row_json(table, row);
	if (json_object_size(v))
		json_object_set(out, name, v);
	json_decref(v);
}

static json_t *question_json(const struct question *q)
{
	json_t *out = row_json(question_fields, q);
	if (q->nsocks)
		json_object_set_new(out, "holders", list_json(sock_fields, q->socks, q->nsocks, sizeof *q->socks));
	set_row(out, "fib", fib_fields, &q->fib);
	set_row(out, "in_main", fib_fields, &q->in_main);
	set_row(out, "route", route_fields, &q->route);
	if (q->further)
		json_object_set_new(out, "further", question_json(q->further));
	return out;
}

json_t *bind_caller_json(const struct frame_bind *b)
{
	return row_json(caller_fields, &b->caller);
}

json_t *bind_json(const struct frame_bind *b)
{
	json_t *out = json_object(), *attempt = row_json(attempt_fields, &b->attempt);
	json_object_set_new(
		attempt, "settings",
		list_json(setting_fields, b->attempt.settings, b->attempt.nsettings, sizeof *b->attempt.settings));
	json_object_set_new(out, "attempt", attempt);
	json_object_set_new(out, "question", question_json(&b->question));
	json_object_set_new(out, "calls", list_json(call_fields, b->calls, b->ncalls, sizeof *b->calls));
	set_row(out, "observed", observed_fields, b);
	set_row(out, "witness", witness_fields, b);
	if (b->inner.present || b->inner.why_not[0])
		json_object_set_new(out, "inner", witnessed_json(&b->inner));
	set_row(out, "listened", next_fields, &b->listened);
	set_row(out, "connected", next_fields, &b->connected);
	set_row(out, "verdict", verdict_fields, b);
	return out;
}

// Reading.

// Rows of an array into `to`, of which `most` fit; how many.
static size_t take_list(const struct field *table, struct json_place *p, const json_t *object, const char *name,
			void *to, size_t size, size_t most)
{
	const json_t *list = json_member(p, object, name, JSON_ARRAY, false);
	size_t was = json_enter(p, name, 0), n = json_array_size(list);
	if (n > most)
		json_wrong(p, "expected at most %zu", most);
	for (size_t i = 0; i < n && !p->failed; i++) {
		size_t outside = json_enter(p, NULL, i);
		fields_take(table, p, json_array_get(list, i), (char *)to + i * size);
		json_leave(p, outside);
	}
	json_leave(p, was);
	return p->failed ? 0 : n;
}

static bool read_attempt(const json_t *bind, struct json_place *p, struct attempt *a)
{
	size_t was = json_enter(p, "attempt", 0);
	const json_t *from = json_object_get(bind, "attempt");
	bool ok = fields_take(attempt_fields, p, from, a);
	if (ok && a->family != AF_INET && a->family != AF_INET6)
		ok = json_wrong(p, "expected a family of 2 or 10");
	if (ok && !a->addr.family)
		ok = json_wrong(p, "the address is missing");
	if (ok && !a->binds)
		ok = json_wrong(p, "expected 1 or 2 binds");
	if (ok)
		a->nsettings = (unsigned)take_list(setting_fields, p, from, "settings", a->settings,
						   sizeof *a->settings, ATTEMPT_SETTINGS);
	json_leave(p, was);
	return !p->failed;
}

static bool sock_is_sound(const struct sock *s)
{
	return s->addr.family && (s->family == AF_INET || s->family == AF_INET6);
}

static bool read_socks(const json_t *from, struct json_place *p, struct question *q)
{
	size_t n = json_array_size(json_object_get(from, "holders"));
	if (n > FRAME_SOCKS)
		return json_wrong(p, "expected at most %d holders of a port", FRAME_SOCKS);
	q->socks = n ? calloc(n, sizeof *q->socks) : NULL;
	if (n && !q->socks)
		return json_wrong(p, "out of memory");
	q->socks_cap = n;
	q->nsocks = take_list(sock_fields, p, from, "holders", q->socks, sizeof *q->socks, n);
	for (size_t i = 0; i < q->nsocks; i++)
		if (!sock_is_sound(&q->socks[i]))
			return json_wrong(p, "holder %zu has no address or another family than 2 or 10", i);
	return !p->failed;
}

static bool read_question(const json_t *from, struct json_place *p, struct question *q, bool further)
{
	const json_t *more = json_object_get(from, "further");
	bool ok = fields_take(question_fields, p, from, q) && read_socks(from, p, q) &&
		  fields_take_member(fib_fields, p, from, "fib", false, &q->fib) &&
		  fields_take_member(fib_fields, p, from, "in_main", false, &q->in_main) &&
		  fields_take_member(route_fields, p, from, "route", false, &q->route);
	if (!ok || !more || !further)
		return ok;
	size_t was = json_enter(p, "further", 0);
	q->further = calloc(1, sizeof *q->further);
	ok = q->further ? read_question(more, p, q->further, false) : json_wrong(p, "out of memory");
	json_leave(p, was);
	return ok;
}

static bool read_inner(const json_t *from, struct json_place *p, struct witnessed *out)
{
	size_t was = json_enter(p, "inner", 0);
	bool ok = witnessed_json_read(json_object_get(from, "inner"), p, out);
	json_leave(p, was);
	return ok;
}

static bool read_bind(const json_t *from, struct json_place *p, struct frame_bind *b)
{
	if (!read_attempt(from, p, &b->attempt))
		return false;
	size_t was = json_enter(p, "question", 0);
	bool ok = read_question(json_object_get(from, "question"), p, &b->question, true);
	json_leave(p, was);
	if (ok)
		b->ncalls = (unsigned)take_list(call_fields, p, from, "calls", b->calls, sizeof *b->calls,
						sizeof b->calls / sizeof *b->calls);
	return ok && !p->failed && fields_take_member(observed_fields, p, from, "observed", false, b) &&
	       fields_take_member(witness_fields, p, from, "witness", false, b) && read_inner(from, p, &b->inner) &&
	       fields_take_member(next_fields, p, from, "listened", false, &b->listened) &&
	       fields_take_member(next_fields, p, from, "connected", false, &b->connected) &&
	       fields_take_member(verdict_fields, p, from, "verdict", false, b);
}

struct frame_bind *bind_json_read(const json_t *bind, const json_t *caller, struct json_place *p)
{
	struct frame_bind *b = calloc(1, sizeof *b);
	if (!b) {
		json_wrong(p, "out of memory");
		return NULL;
	}
	size_t was = json_enter(p, "caller", 0);
	bool ok = fields_take(caller_fields, p, caller, &b->caller);
	json_leave(p, was);
	was = json_enter(p, "bind", 0);
	ok = ok && read_bind(bind, p, b);
	json_leave(p, was);
	if (ok)
		return b;
	frame_bind_free(b);
	return NULL;
}
