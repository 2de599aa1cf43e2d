// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/bind_points.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "core/evidence/tracefs.h"
#include "core/model/fail.h"

// As trace-cmd and perf know them: what the record's common_flags say of where the kernel was.
enum { FLAG_HARDIRQ = 0x08, FLAG_SOFTIRQ = 0x10 };

static const char *const names[BIND_POINTS] = {
	[POINT_FIB4] = "fib/fib_table_lookup",
	[POINT_FIB6] = "fib6/fib6_table_lookup",
	[POINT_ENTER] = "syscalls/sys_enter_bind",
	[POINT_EXIT] = "syscalls/sys_exit_bind",
};

const char *bind_point_name(enum bind_point p)
{
	return names[p];
}

static bool has(const struct bind_points *p, enum bind_point point)
{
	return p->have >> point & 1;
}

static int read_point(struct bind_points *out, int tracefs, enum bind_point p, bool needed, char *err, size_t errlen)
{
	int code = tracefs_read(tracefs, names[p], &out->points[p]);
	if (code == 0)
		out->have |= 1u << p;
	else if (code == -ENOENT && !needed)
		return 0;
	else if (code == -EINVAL)
		return fail(code, err, errlen, "Bindwalk does not understand the format of tracepoint %s", names[p]);
	else if (code == -ENOENT)
		return tracefs_no_point(names[p], err, errlen);
	return code == 0 ? 0 : tracefs_refusal(code, err, errlen);
}

// Every record begins with the same common fields.
static int find_fields(struct bind_points *p, char *err, size_t errlen)
{
	const enum bind_point any = has(p, POINT_FIB4) ? POINT_FIB4 : POINT_EXIT;
	const struct {
		const struct trace_field **to;
		enum bind_point point;
		const char *name;
	} fields[] = {
		{&p->type, any, "common_type"},   {&p->flags, any, "common_flags"},
		{&p->thread, any, "common_pid"},  {&p->fd, POINT_ENTER, "fd"},
		{&p->ret, POINT_EXIT, "ret"},     {&p->addrlen, POINT_ENTER, "addrlen"},
		{&p->table, POINT_FIB4, "tb_id"}, {&p->err, POINT_FIB4, "err"},
		{&p->dst, POINT_FIB4, "dst"},     {&p->name, POINT_FIB4, "name"},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		*fields[i].to = tracepoint_field(&p->points[fields[i].point], fields[i].name);
		if (!*fields[i].to && has(p, fields[i].point))
			return fail(-EINVAL, err, errlen, "tracepoint %s has no field '%s' in this kernel",
				    names[fields[i].point], fields[i].name);
	}
	return 0;
}

int bind_points_read(struct bind_points *out, unsigned needed, char *err, size_t errlen)
{
	*out = (struct bind_points){0};
	int tracefs = tracefs_open();
	if (tracefs < 0)
		return tracefs_refusal(tracefs, err, errlen);
	int code = 0;
	for (int p = 0; p < BIND_POINTS && code == 0; p++)
		code = read_point(out, tracefs, (enum bind_point)p, needed >> p & 1, err, errlen);
	close(tracefs);
	return code < 0 ? code : find_fields(out, err, errlen);
}

static bool take_call(const struct bind_points *p, const void *record, size_t len, struct bind_trace *out)
{
	int64_t fd, addrlen;
	if (!trace_number(p->fd, record, len, &fd) || !trace_number(p->addrlen, record, len, &addrlen))
		return false;
	out->fd = (int)fd; // the kernel takes the lower half of what the program passes, too
	out->addrlen = (int)addrlen;
	return true;
}

static bool take_end(const struct bind_points *p, const void *record, size_t len, struct bind_trace *out)
{
	int64_t ret;
	if (!trace_number(p->ret, record, len, &ret))
		return false;
	out->ret = (long)ret;
	return true;
}

static bool take_lookup(const struct bind_points *p, const void *record, size_t len, struct bind_trace *out)
{
	int64_t table, err;
	uint32_t dst;
	if (!trace_number(p->table, record, len, &table) || !trace_number(p->err, record, len, &err) ||
	    !trace_bytes(p->dst, record, len, &dst, sizeof dst) ||
	    !trace_text(p->name, record, len, out->device, sizeof out->device))
		return false;
	out->table = (uint32_t)table;
	out->err = (int)err;
	out->dst = ntohl(dst);
	if (strcmp(out->device, "-") == 0)
		out->device[0] = '\0';
	return true;
}

bool bind_points_take(const struct bind_points *p, const void *record, size_t len, struct bind_trace *out)
{
	int64_t type, flags, thread;
	*out = (struct bind_trace){.point = BIND_POINTS};
	if (!trace_number(p->type, record, len, &type) || !trace_number(p->flags, record, len, &flags) ||
	    !trace_number(p->thread, record, len, &thread))
		return false;
	out->interrupted = flags & (FLAG_HARDIRQ | FLAG_SOFTIRQ);
	out->thread = (uint32_t)thread;
	for (int i = 0; i < BIND_POINTS; i++)
		if (has(p, (enum bind_point)i) && type == p->points[i].id)
			out->point = (enum bind_point)i;
	switch (out->point) {
	case POINT_ENTER:
		return take_call(p, record, len, out);
	case POINT_EXIT:
		return take_end(p, record, len, out);
	case POINT_FIB4:
		return take_lookup(p, record, len, out);
	default:
		return true;
	}
}
