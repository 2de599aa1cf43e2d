// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/bind_probe.h"

#include <errno.h>

#include "core/model/fail.h"
#include "config.h"

#ifdef HAVE_BPF

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/evidence/bind_record.h"
#include "core/evidence/tracing_refusal.h"

_Static_assert(RECORD_FUNCTIONS == (int)KERNEL_FUNCTIONS && RECORD_CALLS == (int)KERNEL_CALLS &&
		       RECORD_CALLS_EACH == (int)KERNEL_CALLS_EACH,
	       "the record and the model say the same");

// The object that the build made of core/evidence/bpf/bind.bpf.c.
__asm__(".section .rodata\n.balign 8\nbind_object:\n.incbin \"core/evidence/bpf/bind.bpf.o\"\nbind_object_end:\n.byte 0\n"
	".previous\n");
extern const unsigned char bind_object[] __attribute__((visibility("hidden")));
extern const unsigned char bind_object_end[] __attribute__((visibility("hidden")));

// How a function is watched.
enum way { BY_NONE, BY_FEXIT, BY_KPROBE };

struct bind_probe {
	struct bpf_object *object;
	struct bpf_link *links[KERNEL_FUNCTIONS * 2 + 4];
	unsigned nlinks;
	struct ring_buffer *ring;
	struct bind_control *control;
	int tree;
	enum way way[KERNEL_FUNCTIONS];
	struct function_sets sets;
	void (*take)(void *data, const struct bind_record *r, size_t len);
	void *data;
};

// libbpf prints its complaints; the last line of them is what a sentence can quote.
static _Thread_local char last_words[256];

static int keep_words(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN)
		vsnprintf(last_words, sizeof last_words, format, args);
	return 0;
}

// Which functions are to be watched, and how: fexit where the kernel's own types name the function.
static int plan(struct bind_probe *p, const struct bind_probe_how *how, char *err, size_t errlen)
{
	struct btf *btf = btf__load_vmlinux_btf();
	if (!btf)
		return fail(
			-errno, err, errlen, "%s",
			errno == ENOENT || errno == ESRCH
				? "this kernel does not describe its types (CONFIG_DEBUG_INFO_BTF): boot one that does"
				: "the kernel's description of its types (/sys/kernel/btf/vmlinux) cannot be read");
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		const struct kernel_function_info *info = kernel_function_info((enum kernel_function)f);
		if (how->quiet && !info->quiet)
			p->way[f] = BY_NONE;
		else if (how->kprobes || btf__find_by_name_kind(btf, info->name, BTF_KIND_FUNC) < 0)
			p->way[f] = BY_KPROBE;
		else
			p->way[f] = BY_FEXIT;
	}
	btf__free(btf);
	return 0;
}

static struct bpf_program *program_of(const struct bind_probe *p, const char *prefix, enum kernel_function f)
{
	char name[64];
	snprintf(name, sizeof name, "%s_%s", prefix, kernel_function_info(f)->name);
	return bpf_object__find_program_by_name(p->object, name);
}

static void load_also(const struct bind_probe *p, const char *name)
{
	bpf_program__set_autoload(bpf_object__find_program_by_name(p->object, name), true);
}

static void choose_programs(struct bind_probe *p, const struct bind_probe_how *how)
{
	struct bpf_program *program;
	bpf_object__for_each_program (program, p->object)
		bpf_program__set_autoload(program, false);
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		enum kernel_function function = (enum kernel_function)f;
		if (p->way[f] == BY_FEXIT) {
			bpf_program__set_autoload(program_of(p, "exit", function), true);
		} else if (p->way[f] == BY_KPROBE) {
			bpf_program__set_autoload(program_of(p, "entry", function), true);
			bpf_program__set_autoload(program_of(p, "return", function), true);
		}
	}
	if (p->way[KF___sys_bind] == BY_FEXIT)
		load_also(p, "enter_sys_bind");
	if (p->way[KF___sys_bind_socket] == BY_FEXIT)
		load_also(p, "enter_sys_bind_socket");
	if (how->tree) {
		load_also(p, "forked");
		load_also(p, "exited");
	}
}

static int attach(struct bind_probe *p, struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach(program);
	if (!link)
		return -errno;
	p->links[p->nlinks++] = link;
	return 0;
}

// The programs of a function; the one that begins a record comes last, so that nothing is missing from it.
static int attach_function(struct bind_probe *p, enum kernel_function f)
{
	if (p->way[f] == BY_FEXIT) {
		const char *enter = f == KF___sys_bind          ? "enter_sys_bind"
				    : f == KF___sys_bind_socket ? "enter_sys_bind_socket"
								: NULL;
		int rc = attach(p, program_of(p, "exit", f));
		return rc < 0 || !enter ? rc : attach(p, bpf_object__find_program_by_name(p->object, enter));
	}
	int rc = attach(p, program_of(p, "return", f));
	return rc < 0 ? rc : attach(p, program_of(p, "entry", f));
}

static void note_missing(struct bind_probe *p, enum kernel_function f, int code)
{
	*(code == -ENOENT ? &p->sets.absent : &p->sets.refused) |= 1ull << f;
	p->way[f] = BY_NONE;
}

static void let_go(struct bind_probe *p)
{
	while (p->nlinks)
		bpf_link__destroy(p->links[--p->nlinks]);
	ring_buffer__free(p->ring);
	if (p->control)
		munmap(p->control, sizeof *p->control);
	bpf_object__close(p->object);
	p->control = NULL;
	p->ring = NULL;
	p->object = NULL;
	p->sets.watched = 0;
}

// The programs' variables: a map that can be mapped into memory.
static struct bpf_map *variables(const struct bind_probe *p)
{
	struct bpf_map *map;
	bpf_object__for_each_map (map, p->object) {
		const char *name = bpf_map__name(map), *dot = strrchr(name, '.');
		if (dot && strcmp(dot, ".bss") == 0)
			return map;
	}
	return NULL;
}

static int map_control(struct bind_probe *p)
{
	struct bpf_map *map = variables(p);
	if (!map || bpf_map__value_size(map) < sizeof *p->control)
		return -EINVAL;
	void *memory = mmap(NULL, sizeof *p->control, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return -errno;
	p->control = memory;
	return 0;
}

// Loads and attaches by the plan. Where fexit does not attach the plan becomes another, and *again true.
static int try_plan(struct bind_probe *p, const struct bind_probe_how *how, bool *again)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "bindwalk");
	*again = false;
	p->object = bpf_object__open_mem(bind_object, (size_t)(bind_object_end - bind_object), &options);
	if (!p->object)
		return -errno;
	if (how->room)
		bpf_map__set_max_entries(bpf_object__find_map_by_name(p->object, "ring"), (uint32_t)how->room);
	choose_programs(p, how);
	int rc = bpf_object__load(p->object);
	if (rc == 0)
		rc = map_control(p);
	if (rc < 0)
		return rc;
	if (how->tree && (attach(p, bpf_object__find_program_by_name(p->object, "forked")) < 0 ||
			  attach(p, bpf_object__find_program_by_name(p->object, "exited")) < 0))
		return -errno;
	for (int f = KERNEL_FUNCTIONS; f-- > 0;) {
		if (p->way[f] == BY_NONE)
			continue;
		rc = attach_function(p, (enum kernel_function)f);
		if (rc < 0 && p->way[f] == BY_FEXIT) {
			p->way[f] = BY_KPROBE;
			*again = true;
		} else if (rc < 0) {
			note_missing(p, (enum kernel_function)f, rc);
		} else {
			p->sets.watched |= 1ull << f;
		}
	}
	return 0;
}

static int all_by_kprobes(struct bind_probe *p)
{
	bool any = false;
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		any |= p->way[f] == BY_FEXIT;
		p->way[f] = p->way[f] == BY_NONE ? BY_NONE : BY_KPROBE;
	}
	return any;
}

static int load(struct bind_probe *p, const struct bind_probe_how *how, char *err, size_t errlen)
{
	enum { ROUNDS = 3 };
	bool again = true;
	int rc = plan(p, how, err, errlen);
	if (rc < 0)
		return rc;
	for (int i = 0; i < ROUNDS && again; i++) {
		let_go(p);
		rc = try_plan(p, how, &again);
		if (rc < 0 && rc != -EPERM && all_by_kprobes(p))
			again = true;
	}
	if (rc == 0 && !(p->sets.watched >> KF___sys_bind & 1))
		rc = fail(-ENOENT, err, errlen, "nothing can be attached to __sys_bind() in this kernel");
	else if (rc < 0)
		rc = tracing_refusal(rc, last_words, err, errlen);
	return rc;
}

static int hand_over(void *data, void *record, size_t len)
{
	struct bind_probe *p = data;
	if (len >= offsetof(struct bind_record, calls) && p->take)
		p->take(p->data, record, len);
	return 0;
}

// A map in 5.10 counts as locked memory.
static void raise_limit(void)
{
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	setrlimit(RLIMIT_MEMLOCK, &all);
}

int bind_probe_open(const struct bind_probe_how *how, struct bind_probe **out, char *err, size_t errlen)
{
	struct stat ns;
	*out = NULL;
	struct bind_probe *p = calloc(1, sizeof *p);
	if (!p)
		return fail(-ENOMEM, err, errlen, "no memory for the BPF programs");
	last_words[0] = '\0';
	libbpf_set_print(keep_words);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	raise_limit();
	int rc = load(p, how, err, errlen);
	if (rc == 0) {
		p->ring = ring_buffer__new(bpf_object__find_map_fd_by_name(p->object, "ring"), hand_over, p, NULL);
		rc = p->ring ? 0 : fail(-errno, err, errlen, "no memory for the records of binds: %s", strerror(errno));
	}
	if (rc < 0) {
		bind_probe_close(p);
		return rc;
	}
	p->tree = bpf_object__find_map_fd_by_name(p->object, "tree");
	if (stat("/proc/self/ns/pid", &ns) == 0) {
		p->control->pidns_dev = ns.st_dev;
		p->control->pidns_ino = ns.st_ino;
	}
	p->control->thread = how->own_thread ? (uint32_t)gettid() : 0;
	p->control->tree = how->tree;
	p->control->refused_only = how->refused_only;
	*out = p;
	return 0;
}

void bind_probe_close(struct bind_probe *p)
{
	if (!p)
		return;
	let_go(p);
	free(p);
}

void bind_probe_on(struct bind_probe *p, bool on)
{
	__atomic_store_n(&p->control->on, on, __ATOMIC_SEQ_CST);
}

void bind_probe_refused_only(struct bind_probe *p, bool on)
{
	__atomic_store_n(&p->control->refused_only, on, __ATOMIC_SEQ_CST);
}

int bind_probe_add(struct bind_probe *p, pid_t process)
{
	uint32_t key = (uint32_t)process;
	uint8_t yes = 1;
	return bpf_map_update_elem(p->tree, &key, &yes, BPF_ANY) < 0 ? -errno : 0;
}

struct function_sets bind_probe_sets(const struct bind_probe *p)
{
	return p->sets;
}

int bind_probe_fd(const struct bind_probe *p)
{
	return ring_buffer__epoll_fd(p->ring);
}

int bind_probe_read(struct bind_probe *p, void (*take)(void *data, const struct bind_record *r, size_t len), void *data)
{
	p->take = take;
	p->data = data;
	return ring_buffer__consume(p->ring);
}

struct bind_counts bind_probe_counts(const struct bind_probe *p)
{
	return (struct bind_counts){
		.seen = __atomic_load_n(&p->control->seen, __ATOMIC_SEQ_CST),
		.sent = __atomic_load_n(&p->control->sent, __ATOMIC_SEQ_CST),
		.lost = __atomic_load_n(&p->control->lost, __ATOMIC_SEQ_CST),
	};
}

#else

// Built without: there is none, and whoever asks is told.
int bind_probe_open(const struct bind_probe_how *how, struct bind_probe **out, char *err, size_t errlen)
{
	(void)how;
	*out = NULL;
	return fail(-ENOSYS, err, errlen,
		    "this Bindwalk was built without BPF (it needs libbpf and clang when it is built)");
}

void bind_probe_close(struct bind_probe *p)
{
	(void)p;
}

void bind_probe_on(struct bind_probe *p, bool on)
{
	(void)p;
	(void)on;
}

void bind_probe_refused_only(struct bind_probe *p, bool on)
{
	(void)p;
	(void)on;
}

int bind_probe_add(struct bind_probe *p, pid_t process)
{
	(void)p;
	(void)process;
	return -ENOSYS;
}

struct function_sets bind_probe_sets(const struct bind_probe *p)
{
	(void)p;
	return (struct function_sets){0};
}

int bind_probe_fd(const struct bind_probe *p)
{
	(void)p;
	return -1;
}

int bind_probe_read(struct bind_probe *p, void (*take)(void *data, const struct bind_record *r, size_t len), void *data)
{
	(void)p;
	(void)take;
	(void)data;
	return 0;
}

struct bind_counts bind_probe_counts(const struct bind_probe *p)
{
	(void)p;
	return (struct bind_counts){0};
}

#endif
