// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/call_text.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/rt_names.h"
#include "core/model/walk_text.h"
#include "core/text/width.h"

// What a call may hold, in the order in which a line has it.
enum { FD, ADDRESS, ENDPOINT, PORT, TABLE, DEVICE, CAPABILITY, LENGTH, KINDS };
#define HAS(kind) (1U << (kind))

static const struct {
	const char *name, *lead;
} kinds[KINDS] = {
	[FD] = {"fd", "fd "},
	[ADDRESS] = {"address", ""},
	[ENDPOINT] = {"address", ""},
	[PORT] = {"port", ""},
	[TABLE] = {"table", "table "},
	[DEVICE] = {"device", "dev "},
	[CAPABILITY] = {"capability", ""},
	[LENGTH] = {"addrlen", "length "},
};

static const unsigned takes[] = {
	[TAKES_NONE] = 0,
	[TAKES_SYSCALL] = HAS(FD) | HAS(LENGTH),
	[TAKES_SOCKET] = HAS(ENDPOINT),
	[TAKES_SOCK] = HAS(ENDPOINT),
	[TAKES_SOCK_ONLY] = 0,
	[TAKES_PORT] = HAS(PORT),
	[TAKES_ADDR6] = HAS(ADDRESS),
	[TAKES_DEVICE] = HAS(DEVICE),
	[TAKES_NET_DEVICE] = HAS(DEVICE),
	[TAKES_NET_ADDR4] = HAS(ADDRESS),
	[TAKES_NET_ADDR4_TABLE] = HAS(ADDRESS) | HAS(TABLE),
	[TAKES_NET_DEVICE_ADDR4] = HAS(ADDRESS) | HAS(DEVICE),
	[TAKES_FLOW4] = HAS(ADDRESS) | HAS(TABLE),
	[TAKES_NET_ADDR6_DEVICE] = HAS(ADDRESS) | HAS(DEVICE),
	[TAKES_CAPABILITY] = HAS(CAPABILITY),
};

static const char *device_name(const struct host *h, uint32_t index, char buf[static 16])
{
	if (h)
		return host_link_name(h, index, buf);
	snprintf(buf, 16, "%u", index);
	return buf;
}

static void print_capability(int capability, char *buf, size_t len)
{
	const char *name = capability == CAP_NET_BIND_SERVICE ? "CAP_NET_BIND_SERVICE"
			   : capability == CAP_NET_RAW        ? "CAP_NET_RAW"
			   : capability == CAP_NET_ADMIN      ? "CAP_NET_ADMIN"
							      : NULL;
	if (name)
		snprintf(buf, len, "%s", name);
	else
		snprintf(buf, len, "capability %d", capability);
}

static void print_endpoint(const struct kernel_call *c, const struct host *h, char *buf, size_t len)
{
	char addr[ADDR_TEXT], dev[16];
	addr_print(&c->addr, addr);
	if (c->addr.family == AF_INET)
		snprintf(buf, len, "%s:%u", addr, c->port);
	else
		snprintf(buf, len, "[%s%s%s]:%u", addr, c->scope ? "%" : "",
			 c->scope ? device_name(h, c->scope, dev) : "", c->port);
}

// A value of 0 means that there is none, or that it could not be read.
static bool is_there(const struct kernel_call *c, int kind)
{
	switch (kind) {
	case ADDRESS:
	case ENDPOINT:
		return c->addr.family != 0;
	case DEVICE:
		return c->device != 0;
	case FD:
		return c->fd >= 0;
	case CAPABILITY:
		return c->capability >= 0;
	default:
		return true;
	}
}

static void set_number(struct call_argument *a, int64_t n)
{
	a->is_number = true;
	a->number = n;
	snprintf(a->text, sizeof a->text, "%lld", (long long)n);
}

static void take(const struct kernel_call *c, const struct host *h, int kind, struct call_argument *out)
{
	char buf[16];
	*out = (struct call_argument){.name = kinds[kind].name, .lead = kinds[kind].lead};
	switch (kind) {
	case ADDRESS:
		addr_print(&c->addr, out->text);
		break;
	case ENDPOINT:
		out->is_endpoint = true;
		print_endpoint(c, h, out->text, sizeof out->text);
		break;
	case DEVICE:
		snprintf(out->text, sizeof out->text, "%s", device_name(h, c->device, buf));
		break;
	case CAPABILITY:
		print_capability(c->capability, out->text, sizeof out->text);
		break;
	case TABLE:
		set_number(out, c->table);
		snprintf(out->text, sizeof out->text, "%s", table_name(c->table, buf));
		break;
	default:
		set_number(out, kind == FD ? c->fd : kind == PORT ? c->port : c->addrlen);
	}
}

unsigned call_arguments(const struct kernel_call *c, const struct host *h, struct call_argument out[CALL_ARGUMENTS])
{
	unsigned n = 0, has = takes[kernel_function_info(c->function)->takes];
	for (int kind = 0; kind < KINDS; kind++)
		if (has & HAS(kind) && is_there(c, kind))
			take(c, h, kind, &out[n++]);
	return n;
}

// The name of an errno as the kernel returns it.
static const char *negative_errno(int64_t returned)
{
	enum { MOST = 4095 };
	return returned < 0 && returned >= -MOST ? errno_name((int)-returned) : NULL;
}

// What a lookup in a table found.
static void note_lookup(const struct kernel_call *c, char *note, size_t len)
{
	if (c->returned == -EAGAIN)
		snprintf(note, len, "no route found");
	else if (c->returned == 0)
		snprintf(note, len, "%s, matched /%u", rtn_symbol(c->rtn), c->len);
}

struct call_value call_value(const struct kernel_call *c)
{
	const struct kernel_function_info *f = kernel_function_info(c->function);
	const unsigned n = (unsigned)c->returned;
	const char *note = "";
	struct call_value v = {0};
	snprintf(v.number, sizeof v.number, "%lld", (long long)c->returned);
	switch (f->gives) {
	case GIVES_ERRNO:
		v.name = negative_errno(c->returned);
		break;
	case GIVES_RTN:
		v.name = rtn_symbol(n);
		break;
	case GIVES_TABLE:
		v.name = n ? rt_name(LIST_TABLES, n) : NULL;
		note = n ? "" : "no VRF";
		break;
	case GIVES_CLASS6:
		snprintf(v.number, sizeof v.number, "%#x", n);
		v.name = class6_name(n & 0xffff);
		break;
	case GIVES_POINTER:
		v.number[0] = '\0';
		v.name = n ? "a device" : "NULL";
		note = n ? "in the list" : "not in the list";
		break;
	case GIVES_FOUND:
		break;
	}
	snprintf(v.note, sizeof v.note, "%s", note);
	if (f->takes == TAKES_FLOW4)
		note_lookup(c, v.note, sizeof v.note);
	return v;
}

// 1204 as "1,204".
static void print_thousands(uint32_t n, char *buf, size_t len)
{
	enum { THOUSAND = 1000 };
	const uint32_t millions = n / THOUSAND / THOUSAND, thousands = n / THOUSAND % THOUSAND;
	if (millions)
		snprintf(buf, len, "%u,%03u,%03u", millions, thousands, n % THOUSAND);
	else if (thousands)
		snprintf(buf, len, "%u,%03u", thousands, n % THOUSAND);
	else
		snprintf(buf, len, "%u", n);
}

// What a line has of a call, from all to the least.
enum room { ROOM_ALL, ROOM_NO_TIME, ROOM_NO_NOTE, ROOM_ONE_ARGUMENT, ROOM_LEAST };

static void add_arguments(const struct kernel_call *c, const struct host *h, enum room room, struct row *out)
{
	struct call_argument arguments[CALL_ARGUMENTS];
	unsigned n = call_arguments(c, h, arguments), shown = room < ROOM_ONE_ARGUMENT ? n : room == ROOM_ONE_ARGUMENT;
	for (unsigned i = 0; i < n && i < shown; i++)
		row_add(out, ROLE_VALUE, "%s%s%s", i ? ", " : "", arguments[i].lead, arguments[i].text);
	if (shown < n)
		row_add(out, ROLE_VALUE, "%s", shown ? ", …" : "…");
}

void call_add_value(const struct kernel_call *c, bool note, struct row *out)
{
	struct call_value v = call_value(c);
	row_add(out, ROLE_KERNEL, "%s%s%s", v.number, v.number[0] && v.name ? " " : "", v.name ? v.name : "");
	if (note && v.note[0])
		row_add(out, ROLE_KERNEL, ": %s", v.note);
}

static void add(const struct kernel_call *c, const struct host *h, enum room room, struct row *out)
{
	char time[16];
	row_add(out, ROLE_VALUE, "%s(", kernel_function_info(c->function)->name);
	add_arguments(c, h, room, out);
	row_add(out, ROLE_VALUE, ") = ");
	call_add_value(c, room < ROOM_NO_NOTE, out);
	print_thousands(c->ns, time, sizeof time);
	if (room == ROOM_ALL && c->ns)
		row_add(out, ROLE_DIM, "  +%s ns", time);
}

void call_add(const struct kernel_call *c, const struct host *h, unsigned width, struct row *out)
{
	struct row r;
	enum room room = ROOM_ALL;
	do {
		row_clear(&r);
		add(c, h, room, &r);
	} while (width_text(r.text, r.used) > width && room++ < ROOM_LEAST);
	row_add_part(out, &r, 0, r.used);
}
