// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/probe_attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/evidence/bind_points.h"
#include "core/evidence/close_later.h"
#include "core/evidence/perf_ring.h"
#include "core/evidence/tracing_refusal.h"
#include "core/model/fail.h"

static struct bpf_program *the_program(const struct probe_programs *p, const char *name)
{
	return bpf_object__find_program_by_name(p->object, name);
}

static struct bpf_program *program_named(const struct probe_programs *p, const char *prefix, const char *name)
{
	char whole[64];
	snprintf(whole, sizeof whole, "%s_%s", prefix, name);
	return the_program(p, whole);
}

static struct bpf_program *program_of(const struct probe_programs *p, const char *prefix, enum kernel_function f)
{
	return program_named(p, prefix, kernel_function_info(f)->name);
}

// The program that begins a record where fexit programs fill it, NULL for none.
static struct bpf_program *beginning(const struct probe_programs *p, enum kernel_function f)
{
	return f == KF___sys_bind || f == KF___sys_bind_socket ? program_of(p, "enter", f) : NULL;
}

static void want(struct bpf_program *program)
{
	bpf_program__set_autoload(program, true);
}

static void choose_of(const struct probe_programs *p, enum kernel_function f)
{
	switch (p->plan.way[f]) {
	case BY_FEXIT:
		want(program_of(p, "exit", f));
		if (beginning(p, f))
			want(beginning(p, f));
		break;
	case BY_KPROBE:
		want(program_of(p, "entry", f));
		want(program_of(p, "return", f));
		break;
	case BY_MANY:
		want(program_named(p, "entry", "of_many"));
		want(program_named(p, "return", "of_many"));
		break;
	case BY_NONE:
		break;
	}
}

// A kprobe sees only some returns at a time: of one's own thread that is enough.
static bool may_miss(const struct probe_programs *p, const struct bind_probe_how *how)
{
	enum probe_way way = p->plan.way[KF___sys_bind];
	return !how->own_thread && !how->tracepoints && (way == BY_KPROBE || way == BY_MANY);
}

void probe_choose(const struct probe_programs *p, const struct bind_probe_how *how)
{
	for (struct bpf_program *any = NULL; (any = bpf_object__next_program(p->object, any)) != NULL;)
		bpf_program__set_autoload(any, false);
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		choose_of(p, (enum kernel_function)f);
	if (may_miss(p, how))
		want(the_program(p, "point_missed"));
	if (how->tracepoints) {
		want(the_program(p, "point_enter"));
		want(the_program(p, "point_exit"));
	}
	if (how->tree) {
		want(the_program(p, "forked"));
		want(the_program(p, "exited"));
	}
}

static int keep(struct probe_programs *p, struct bpf_link *link)
{
	if (!link)
		return -errno;
	p->links[p->nlinks++] = link;
	return 0;
}

static int attach(struct probe_programs *p, struct bpf_program *program)
{
	return keep(p, bpf_program__attach(program));
}

int probe_attach_tree(struct probe_programs *p)
{
	int rc = attach(p, the_program(p, "forked"));
	return rc < 0 ? rc : attach(p, the_program(p, "exited"));
}

// The programs of a function; the one that begins a record comes last, so that nothing is missing from it.
static int attach_function(struct probe_programs *p, enum kernel_function f)
{
	bool fexit = p->plan.way[f] == BY_FEXIT;
	struct bpf_program *first = program_of(p, fexit ? "exit" : "return", f),
			   *last = fexit ? beginning(p, f) : program_of(p, "entry", f);
	int rc = attach(p, first);
	return rc < 0 || !last ? rc : attach(p, last);
}

int probe_attach_many(struct probe_programs *p)
{
	const char *names[KERNEL_FUNCTIONS];
	__u64 numbers[KERNEL_FUNCTIONS];
	struct bpf_kprobe_multi_opts returns = {
		.sz = sizeof returns, .syms = names, .cookies = numbers, .retprobe = true};
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		if (p->plan.way[f] != BY_MANY)
			continue;
		names[returns.cnt] = kernel_function_info((enum kernel_function)f)->name;
		numbers[returns.cnt++] = (__u64)f;
	}
	if (!returns.cnt)
		return 0;
	struct bpf_kprobe_multi_opts entries = returns;
	entries.retprobe = false;
	int rc = keep(p, bpf_program__attach_kprobe_multi_opts(program_named(p, "return", "of_many"), NULL, &returns));
	if (rc == 0)
		rc = keep(p,
			  bpf_program__attach_kprobe_multi_opts(program_named(p, "entry", "of_many"), NULL, &entries));
	return rc;
}

// A program on a tracepoint runs on all processors, whichever one its event is for. libbpf knows tracepoints only where
// tracefs is mounted.
static int attach_point(struct probe_programs *p, const char *program, const struct bind_points *points,
			enum bind_point at)
{
	enum { MOST = 8192 };
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof attr, .config = points->points[at].id, .disabled = 1};
	int fd = -ENODEV;
	for (int cpu = 0; cpu < MOST && fd == -ENODEV; cpu++)
		fd = perf_open(&attr, -1, cpu, -1);
	if (fd < 0)
		return fd;
	int rc = keep(p, bpf_program__attach_perf_event(the_program(p, program), fd));
	if (rc < 0)
		close(fd);
	return rc;
}

// Where the programs expect them.
static bool fit(const struct bind_points *points)
{
	enum { FD = 16, ADDRLEN = 32, RETURNED = 16 }; // struct call_begins, struct call_ends
	return points->fd->offset == FD && points->addrlen->offset == ADDRLEN && points->ret->offset == RETURNED;
}

// Its end comes first: a bind that began is seen to end.
int probe_attach_points(struct probe_programs *p, char *err, size_t errlen)
{
	struct bind_points points;
	enum bind_point at = POINT_EXIT;
	int rc = bind_points_read(&points, 1u << POINT_ENTER | 1u << POINT_EXIT, err, errlen);
	if (rc < 0)
		return rc;
	if (!fit(&points))
		return fail(-EINVAL, err, errlen, "Bindwalk does not understand the format of tracepoint %s",
			    bind_point_name(POINT_ENTER));
	rc = attach_point(p, "point_exit", &points, at);
	if (rc == 0)
		rc = attach_point(p, "point_enter", &points, at = POINT_ENTER);
	return rc < 0 ? perf_refusal(rc, bind_point_name(at), err, errlen) : 0;
}

void probe_attach_missed(struct probe_programs *p, const struct bind_probe_how *how)
{
	struct bind_points points;
	char why[WITNESSED_WHY];
	if (may_miss(p, how) && bind_points_read(&points, 1u << POINT_EXIT, why, sizeof why) == 0)
		attach_point(p, "point_missed", &points, POINT_EXIT);
}

static void note_missing(struct probe_programs *p, enum kernel_function f, int code)
{
	*(code == -ENOENT ? &p->sets.absent : &p->sets.refused) |= 1ull << f;
	p->plan.way[f] = BY_NONE;
	if (f == KF___sys_bind)
		p->no_bind = code;
}

bool probe_attach_each(struct probe_programs *p)
{
	bool again = false;
	for (int i = KERNEL_FUNCTIONS; i-- > 0;) { // outer functions last
		enum kernel_function f = (enum kernel_function)i;
		enum probe_way *way = &p->plan.way[f];
		int rc = *way == BY_FEXIT || *way == BY_KPROBE ? attach_function(p, f) : 0;
		if (rc < 0 && *way == BY_FEXIT) {
			*way = BY_KPROBE;
			again = true;
		} else if (rc < 0) {
			note_missing(p, f, rc);
		} else if (*way != BY_NONE) {
			p->sets.watched |= 1ull << f;
		}
	}
	return again;
}

// A program without which a bind is not seen at all.
static bool is_vital(const struct bpf_program *program)
{
	static const char *const names[] = {"enter___sys_bind", "exit___sys_bind", "entry___sys_bind",
					    "point_enter",      "point_exit",      "point_missed"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(bpf_program__name(program), names[i]) == 0)
			return true;
	return false;
}

struct probe_missed probe_missed(const struct probe_programs *p)
{
	struct probe_missed missed = {0};
	for (struct bpf_program *any = NULL; (any = bpf_object__next_program(p->object, any)) != NULL;) {
		struct bpf_prog_info info = {0};
		__u32 len = sizeof info;
		if (bpf_program__fd(any) < 0 || bpf_obj_get_info_by_fd(bpf_program__fd(any), &info, &len) < 0)
			continue;
		missed.all += info.recursion_misses;
		if (info.recursion_misses && is_vital(any))
			missed.vital += info.recursion_misses;
	}
	return missed;
}

// Where there are many links, the last descriptor of each is another's: see enum probe_way.
void probe_detach(struct probe_programs *p)
{
	enum { FEW = 4 };
	int fds[PROBE_LINKS], gate = -1;
	for (unsigned i = 0; i < p->nlinks; i++)
		fds[i] = bpf_link__fd(p->links[i]);
	if (p->nlinks > FEW)
		gate = close_later(fds, p->nlinks);
	while (p->nlinks)
		bpf_link__destroy(p->links[--p->nlinks]);
	if (gate >= 0)
		close(gate);
}
