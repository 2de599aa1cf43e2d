// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/traced_reason.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/observe/proc.h"

// "Max open files            1024                 524288               files": the soft one.
static bool read_limit(pid_t tid, uint64_t *out)
{
	static const char key[] = "Max open files";
	char path[64], text[4096], *end;
	if (proc_read("", proc_path(tid, "limits", path, sizeof path), text, sizeof text) <= 0)
		return false;
	const char *line = strstr(text, key);
	if (!line)
		return false;
	*out = strtoull(line + sizeof key - 1, &end, 10);
	return end != line + sizeof key - 1;
}

static bool count_open(pid_t tid, uint64_t *out)
{
	char path[64];
	DIR *dir = opendir(proc_path(tid, "fd", path, sizeof path));
	if (!dir)
		return false;
	*out = 0;
	for (struct dirent *d; (d = readdir(dir));)
		*out += d->d_name[0] != '.';
	closedir(dir);
	return true;
}

static bool say_descriptors(pid_t tid, struct call_reason *out)
{
	char n[REASON_NUMBER], most[REASON_NUMBER];
	uint64_t open, limit;
	if (!count_open(tid, &open) || !read_limit(tid, &limit))
		return false;
	reason_say(out, REASON_DESCRIPTORS, reason_number(open, n), reason_number(limit, most));
	return true;
}

static bool of_socket(pid_t tid, struct bind_event *e)
{
	if (e->err == EMFILE)
		return say_descriptors(tid, &e->reason);
	if (e->err == ENFILE)
		reason_say(&e->reason, REASON_DESCRIPTORS_SYSTEM);
	else if (!e->socket_known)
		reason_say(&e->reason, REASON_SOCKET_KIND);
	else
		return false;
	return true;
}

// Where the value's bytes are too few, or can't be read.
static bool of_value(const struct option_call *c, const struct sockopt *o, struct call_reason *out)
{
	char n[REASON_NUMBER], wanted[REASON_NUMBER];
	bool whole = o->level == SOL_SOCKET || o->level == SOL_IPV6 || o->value == VALUE_RANGE;
	int least = o->value == VALUE_DEVICE ? 0 : whole ? (int)sizeof(uint32_t) : 1; // SOL_IP takes a byte for an int
	int want = c->len < (int)sizeof c->value ? c->len : (int)sizeof c->value;
	if (c->len < least)
		reason_say(out, REASON_OPTION_LENGTH, o->symbol, reason_number(c->len > 0 ? (uint64_t)c->len : 0, n),
			   reason_number((uint64_t)least, wanted));
	else if (c->len > least && o->value == VALUE_RANGE) // the one option that wants it exact
		reason_say(out, REASON_OPTION_SIZE, o->symbol, reason_number((uint64_t)c->len, n),
			   reason_number((uint64_t)least, wanted));
	else if (c->got < want)
		reason_say(out, REASON_OPTION_MEMORY, o->symbol);
	else
		return false;
	return true;
}

// ipv6_setsockopt(): inet_num.
static bool is_late(const struct option_call *c, const struct bind_event *e)
{
	return option_numbered(c->level, c->number) == OPT_V6ONLY && e->err == EINVAL && e->local_known &&
	       e->local_port && e->attempt.kind != KIND_RAW;
}

static bool of_option(const struct option_call *c, struct bind_event *e)
{
	int id = option_numbered(c->level, c->number);
	char at[ADDR_TEXT], bound[ADDR_TEXT + 16];
	if (id < 0 || !e->socket_known)
		return false;
	const struct sockopt *o = option_info((enum option_id)id);
	if ((e->err == EINVAL || e->err == EFAULT) && of_value(c, o, &e->reason))
		return true;
	if (!is_late(c, e))
		return false;
	snprintf(bound, sizeof bound, e->local.family == AF_INET6 ? "[%s]:%u" : "%s:%u", addr_print(&e->local, at),
		 e->local_port);
	reason_say(&e->reason, REASON_OPTION_BOUND, o->symbol, bound);
	return true;
}

static bool of_connect(struct bind_event *e)
{
	char n[REASON_NUMBER];
	uint8_t family = e->attempt.then.dest.addr.family;
	bool other = e->err == EAFNOSUPPORT && e->socket_known && family != e->attempt.family;
	if (other || (!family && e->err == EINVAL))
		reason_say(&e->reason, REASON_CONNECT_ADDRESS,
			   reason_number(e->addrlen > 0 ? (uint64_t)e->addrlen : 0, n));
	if (!family || other)
		return e->reason.code[0];
	if (e->err == ECONNREFUSED)
		reason_say(&e->reason, REASON_CONNECT_REFUSED);
	else if (e->err == ETIMEDOUT)
		reason_say(&e->reason, REASON_CONNECT_TIMED_OUT);
	else
		return false;
	return true;
}

bool traced_reason(pid_t tid, const struct option_call *option, struct bind_event *e)
{
	if (e->err == ENOMEM || e->err == ENOBUFS)
		reason_say(&e->reason, REASON_NO_MEMORY);
	else if (e->call == CALL_SOCKET)
		return of_socket(tid, e);
	else if (e->call == CALL_SETSOCKOPT)
		return of_option(option, e);
	else if (e->call == CALL_CONNECT)
		return of_connect(e);
	else
		return false;
	return true;
}
