// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/probe_load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "core/evidence/bind_record.h"
#include "core/evidence/probe_types.h"
#include "core/evidence/tracing_refusal.h"
#include "core/model/fail.h"

// The object that the build made of core/evidence/bpf/bind.bpf.c, and how many bytes it has.
__asm__(".section .rodata\n.balign 8\nbind_object:\n.incbin \"core/evidence/bpf/bind.bpf.o\"\nbind_object_end:\n"
	".balign 8\nbind_object_size:\n.quad bind_object_end - bind_object\n.previous\n");
extern const unsigned char bind_object[] __attribute__((visibility("hidden")));
extern const uint64_t bind_object_size __attribute__((visibility("hidden")));

// libbpf prints its complaints; the last line of them is what a sentence can quote.
static _Thread_local char last_words[256];

static int keep_words(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(last_words, sizeof last_words, format, args);
	last_words[strcspn(last_words, "\n")] = '\0';
	return 0;
}

// A map in 5.10 counts as locked memory.
static void raise_limit(void)
{
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	setrlimit(RLIMIT_MEMLOCK, &all);
}

// The programs' variables: a map that can be mapped into memory.
static struct bpf_map *variables(const struct probe_loaded *l)
{
	struct bpf_map *map;
	bpf_object__for_each_map (map, l->programs.object) {
		const char *name = bpf_map__name(map), *dot = strrchr(name, '.');
		if (dot && strcmp(dot, ".bss") == 0)
			return map;
	}
	return NULL;
}

static int map_control(struct probe_loaded *l)
{
	struct bpf_map *map = variables(l);
	if (!map || bpf_map__value_size(map) < sizeof *l->control)
		return -EINVAL;
	void *memory = mmap(NULL, sizeof *l->control, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return -errno;
	l->control = memory;
	return 0;
}

static void set_entries(const struct probe_loaded *l, const char *map, uint32_t n)
{
	bpf_map__set_max_entries(bpf_object__find_map_by_name(l->programs.object, map), n);
}

static void set_sizes(const struct probe_loaded *l, const struct bind_probe_how *how)
{
	if (how->room)
		set_entries(l, "ring", (uint32_t)how->room);
	if (how->own_thread)
		set_entries(l, "binds", 1);
	if (!how->tree)
		set_entries(l, "tree", 1);
}

// Loads and attaches by the plan. Where that can't be attached the plan becomes another, and *again true.
static int try_plan(struct probe_loaded *l, const struct bind_probe_how *how, bool *again)
{
	const struct bpf_object_open_opts options = {.sz = sizeof options, .object_name = "bindwalk"};
	struct probe_programs *p = &l->programs;
	*again = false;
	p->object = bpf_object__open_mem(bind_object, bind_object_size, &options);
	if (!p->object)
		return -errno;
	set_sizes(l, how);
	probe_choose(p, how);
	int rc = bpf_object__load(p->object);
	if (rc == 0)
		rc = map_control(l);
	if (rc == 0 && how->tree)
		rc = probe_attach_tree(p);
	if (rc < 0)
		return rc;
	if (probe_attach_many(p) < 0)
		*again = probe_plan_instead(&p->plan, BY_MANY, BY_FEXIT);
	else
		*again = probe_attach_each(p);
	return 0;
}

static int load_functions(struct probe_loaded *l, const struct bind_probe_how *how)
{
	enum { ROUNDS = 3 };
	bool again = true;
	int rc = 0;
	for (int i = 0; i < ROUNDS && again; i++) {
		probe_unload(l);
		rc = try_plan(l, how, &again);
		if (rc < 0 && rc != -EPERM) {
			bool fexit = probe_plan_instead(&l->programs.plan, BY_FEXIT, BY_KPROBE),
			     many = probe_plan_instead(&l->programs.plan, BY_MANY, BY_KPROBE);
			again = fexit || many;
		}
	}
	return rc;
}

static int no_bind(int code, char *err, size_t errlen)
{
	return code == -EPERM || code == -EACCES
		       ? perf_refusal(code, "__sys_bind()", err, errlen)
		       : fail(-ENOENT, err, errlen, "nothing can be attached to __sys_bind() in this kernel");
}

static int plan(struct probe_plan *out, const struct bind_probe_how *how, char *err, size_t errlen)
{
	struct probe_types types;
	int rc = probe_types_read(&types, err, errlen);
	if (rc == 0)
		probe_plan_make(&types, how, out);
	return rc;
}

int probe_load(const struct bind_probe_how *how, struct probe_loaded *out, char *err, size_t errlen)
{
	last_words[0] = '\0';
	libbpf_set_print(keep_words);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	raise_limit();
	int rc = how->tracepoints ? 0 : plan(&out->programs.plan, how, err, errlen);
	if (rc < 0)
		return rc;
	rc = load_functions(out, how);
	if (rc < 0)
		return tracing_refusal(rc, last_words, err, errlen);
	probe_attach_missed(&out->programs, how);
	if (how->tracepoints)
		return probe_attach_points(&out->programs, err, errlen);
	return out->programs.sets.watched >> KF___sys_bind & 1 ? 0 : no_bind(out->programs.no_bind, err, errlen);
}

void probe_unload(struct probe_loaded *l)
{
	probe_detach(&l->programs);
	if (l->control)
		munmap(l->control, sizeof *l->control);
	bpf_object__close(l->programs.object);
	l->control = NULL;
	l->programs.object = NULL;
	l->programs.sets.watched = 0;
}

int probe_map(const struct probe_loaded *l, const char *name)
{
	return bpf_object__find_map_fd_by_name(l->programs.object, name);
}
