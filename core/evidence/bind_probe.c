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
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/evidence/bind_points.h"
#include "core/evidence/bind_record.h"
#include "core/evidence/close_later.h"
#include "core/evidence/perf_ring.h"
#include "core/evidence/tracing_refusal.h"
#include "core/model/kernel.h"

_Static_assert(RECORD_FUNCTIONS == (int)KERNEL_FUNCTIONS && RECORD_CALLS == (int)KERNEL_CALLS &&
		       RECORD_CALLS_EACH == (int)KERNEL_CALLS_EACH,
	       "the record and the model say the same");

// The object that the build made of core/evidence/bpf/bind.bpf.c.
__asm__(".section .rodata\n.balign 8\nbind_object:\n.incbin \"core/evidence/bpf/bind.bpf.o\"\nbind_object_end:\n.byte 0\n"
	".previous\n");
extern const unsigned char bind_object[] __attribute__((visibility("hidden")));
extern const unsigned char bind_object_end[] __attribute__((visibility("hidden")));

// How a function is watched. fexit programs slow a function down the least, and miss nothing; but each is attached by
// itself, and before 6.13 takes a tenth of a second to detach. For one's own few binds it is quicker to attach kprobes
// to many functions at once, where the kernel can (5.18): to all but those that packets pass, and the system call.
enum way { BY_NONE, BY_FEXIT, BY_MANY, BY_KPROBE };

enum { LINKS = KERNEL_FUNCTIONS * 2 + 4 };

struct bind_probe {
	struct bpf_object *object;
	struct bpf_link *links[LINKS];
	unsigned nlinks;
	struct ring_buffer *ring;
	int readable, later; // an epoll of the ring and of a timer; that timer
	struct bind_control *control;
	int tree;
	enum way way[KERNEL_FUNCTIONS];
	struct function_sets sets;
	int no_bind; // why __sys_bind() is not watched: -errno
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

static const int arguments[] = {
#define FUNCTION(name, step, takes, gives, arguments, quiet) arguments,
#include "core/model/kernel_functions.def"
#undef FUNCTION
};

// What the types of the kernel and its modules say.
struct functions {
	int arguments[KERNEL_FUNCTIONS]; // -1: the kernel itself has no such function
	uint64_t of_modules;             // 1 << enum kernel_function
	bool many;                       // kprobes can be attached to many functions at once
	bool tells_values;               // an fexit program may ask what a function returned
};

// The next function among them, NULL at the end.
static const struct btf_type *next_function(const struct btf *btf, uint32_t *id, const char **name)
{
	for (; *id < btf__type_cnt(btf); ++*id) {
		const struct btf_type *t = btf__type_by_id(btf, *id);
		if (!btf_is_func(t))
			continue;
		*name = btf__name_by_offset(btf, t->name_off);
		++*id;
		return t;
	}
	return NULL;
}

static void find_kernels(const struct btf *btf, struct functions *out)
{
	const char *name;
	uint32_t id = 1;
	for (const struct btf_type *t; (t = next_function(btf, &id, &name)) != NULL;) {
		int f = kernel_function_find(name);
		if (f >= 0)
			out->arguments[f] = btf_vlen(btf__type_by_id(btf, t->type));
		out->many |= strcmp(name, "register_fprobe_ips") == 0;
		out->tells_values |= strcmp(name, "get_func_ret") == 0;
	}
}

static void find_modules(struct btf *kernel, struct functions *out)
{
	const char *name;
	uint32_t id = btf__type_cnt(kernel);
	struct btf *sctp = btf__load_module_btf("sctp", kernel);
	while (sctp && next_function(sctp, &id, &name)) {
		int f = kernel_function_find(name);
		out->of_modules |= f < 0 ? 0 : 1ull << f;
	}
	btf__free(sctp);
}

static int find_functions(struct functions *out, char *err, size_t errlen)
{
	*out = (struct functions){0};
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		out->arguments[f] = -1;
	struct btf *btf = btf__load_vmlinux_btf();
	if (!btf)
		return fail(
			-errno, err, errlen, "%s",
			errno == ENOENT || errno == ESRCH
				? "this kernel does not describe its types (CONFIG_DEBUG_INFO_BTF): boot one that does"
				: "the kernel's description of its types (/sys/kernel/btf/vmlinux) cannot be read");
	find_kernels(btf, out);
	find_modules(btf, out);
	btf__free(btf);
	return 0;
}

static enum way best_way(enum kernel_function f, const struct functions *known, const struct bind_probe_how *how)
{
	const struct kernel_function_info *info = kernel_function_info(f);
	bool of_module = known->of_modules >> f & 1;
	if (how->quiet && !info->quiet)
		return BY_NONE;
	if (how->kprobes || (known->arguments[f] < 0 && !of_module))
		return BY_KPROBE;
	if (how->own_thread && known->many && info->quiet && f != KF___sys_bind)
		return BY_MANY;
	if (of_module) // an fexit program of a module needs CAP_SYS_ADMIN
		return BY_KPROBE;
	// Where a value can't be asked for, it stands behind the arguments.
	return known->tells_values || known->arguments[f] == arguments[f] ? BY_FEXIT : BY_KPROBE;
}

static int plan(struct bind_probe *p, const struct bind_probe_how *how, char *err, size_t errlen)
{
	struct functions known;
	int rc = find_functions(&known, err, errlen);
	for (int f = 0; f < KERNEL_FUNCTIONS && rc == 0; f++)
		p->way[f] = best_way((enum kernel_function)f, &known, how);
	return rc;
}

static struct bpf_program *the_program(const struct bind_probe *p, const char *name)
{
	return bpf_object__find_program_by_name(p->object, name);
}

static struct bpf_program *program_named(const struct bind_probe *p, const char *prefix, const char *name)
{
	char whole[64];
	snprintf(whole, sizeof whole, "%s_%s", prefix, name);
	return the_program(p, whole);
}

static struct bpf_program *program_of(const struct bind_probe *p, const char *prefix, enum kernel_function f)
{
	return program_named(p, prefix, kernel_function_info(f)->name);
}

// The program that begins a record where fexit programs fill it, NULL for none.
static struct bpf_program *beginning(const struct bind_probe *p, enum kernel_function f)
{
	return f == KF___sys_bind || f == KF___sys_bind_socket ? program_of(p, "enter", f) : NULL;
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
			if (beginning(p, function))
				bpf_program__set_autoload(beginning(p, function), true);
		} else if (p->way[f] == BY_KPROBE) {
			bpf_program__set_autoload(program_of(p, "entry", function), true);
			bpf_program__set_autoload(program_of(p, "return", function), true);
		} else if (p->way[f] == BY_MANY) {
			bpf_program__set_autoload(program_named(p, "entry", "of_many"), true);
			bpf_program__set_autoload(program_named(p, "return", "of_many"), true);
		}
	}
	if (how->tracepoints) {
		bpf_program__set_autoload(the_program(p, "point_enter"), true);
		bpf_program__set_autoload(the_program(p, "point_exit"), true);
	}
	if (how->tree) {
		bpf_program__set_autoload(the_program(p, "forked"), true);
		bpf_program__set_autoload(the_program(p, "exited"), true);
	}
}

static int keep(struct bind_probe *p, struct bpf_link *link)
{
	if (!link)
		return -errno;
	p->links[p->nlinks++] = link;
	return 0;
}

static int attach(struct bind_probe *p, struct bpf_program *program)
{
	return keep(p, bpf_program__attach(program));
}

// The programs of a function; the one that begins a record comes last, so that nothing is missing from it.
static int attach_function(struct bind_probe *p, enum kernel_function f)
{
	bool fexit = p->way[f] == BY_FEXIT;
	struct bpf_program *first = program_of(p, fexit ? "exit" : "return", f),
			   *last = fexit ? beginning(p, f) : program_of(p, "entry", f);
	int rc = attach(p, first);
	return rc < 0 || !last ? rc : attach(p, last);
}

static int attach_many(struct bind_probe *p)
{
	const char *names[KERNEL_FUNCTIONS];
	__u64 numbers[KERNEL_FUNCTIONS];
	LIBBPF_OPTS(bpf_kprobe_multi_opts, returns, .syms = names, .cookies = numbers, .retprobe = true);
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		if (p->way[f] != BY_MANY)
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
static int attach_point(struct bind_probe *p, const char *program, const struct bind_points *points, enum bind_point at)
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
static int attach_points(struct bind_probe *p, char *err, size_t errlen)
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

static void note_missing(struct bind_probe *p, enum kernel_function f, int code)
{
	*(code == -ENOENT ? &p->sets.absent : &p->sets.refused) |= 1ull << f;
	p->way[f] = BY_NONE;
	if (f == KF___sys_bind)
		p->no_bind = code;
}

// Where there are many links, the last descriptor of each is another's: see enum way.
static void detach(struct bind_probe *p)
{
	enum { FEW = 4 };
	int fds[LINKS], gate = -1;
	for (unsigned i = 0; i < p->nlinks; i++)
		fds[i] = bpf_link__fd(p->links[i]);
	if (p->nlinks > FEW)
		gate = close_later(fds, p->nlinks);
	while (p->nlinks)
		bpf_link__destroy(p->links[--p->nlinks]);
	if (gate >= 0)
		close(gate);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void let_go(struct bind_probe *p)
{
	detach(p);
	ring_buffer__free(p->ring);
	close_fd(&p->readable);
	close_fd(&p->later);
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

static void set_entries(const struct bind_probe *p, const char *map, uint32_t n)
{
	bpf_map__set_max_entries(bpf_object__find_map_by_name(p->object, map), n);
}

// All that were to be watched in one way are so in another. False where there were none.
static bool replan(struct bind_probe *p, enum way from, enum way to)
{
	bool any = false;
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		any |= p->way[f] == from;
		p->way[f] = p->way[f] == from ? to : p->way[f];
	}
	return any;
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
		set_entries(p, "ring", (uint32_t)how->room);
	if (how->own_thread) {
		set_entries(p, "binds", 1);
		set_entries(p, "begun", KERNEL_FUNCTIONS);
	}
	if (!how->tree)
		set_entries(p, "tree", 1);
	choose_programs(p, how);
	int rc = bpf_object__load(p->object);
	if (rc == 0)
		rc = map_control(p);
	if (rc < 0)
		return rc;
	if (how->tree && (attach(p, the_program(p, "forked")) < 0 || attach(p, the_program(p, "exited")) < 0))
		return -errno;
	if (attach_many(p) < 0) {
		replan(p, BY_MANY, BY_FEXIT);
		*again = true;
		return 0;
	}
	for (int f = KERNEL_FUNCTIONS; f-- > 0;) {
		if (p->way[f] == BY_NONE || p->way[f] == BY_MANY) {
			p->sets.watched |= p->way[f] == BY_MANY ? 1ull << f : 0;
			continue;
		}
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

static int load(struct bind_probe *p, const struct bind_probe_how *how, char *err, size_t errlen)
{
	enum { ROUNDS = 3 };
	bool again = true;
	int rc = how->tracepoints ? 0 : plan(p, how, err, errlen);
	if (rc < 0)
		return rc;
	for (int i = 0; i < ROUNDS && again; i++) {
		let_go(p);
		rc = try_plan(p, how, &again);
		if (rc < 0 && rc != -EPERM) {
			bool fexit = replan(p, BY_FEXIT, BY_KPROBE), many = replan(p, BY_MANY, BY_KPROBE);
			again = fexit || many;
		}
	}
	if (rc == 0 && how->tracepoints)
		rc = attach_points(p, err, errlen);
	else if (rc == 0 && !(p->sets.watched >> KF___sys_bind & 1))
		rc = p->no_bind == -EPERM || p->no_bind == -EACCES
			     ? perf_refusal(p->no_bind, "__sys_bind()", err, errlen)
			     : fail(-ENOENT, err, errlen, "nothing can be attached to __sys_bind() in this kernel");
	else if (rc < 0)
		rc = tracing_refusal(rc, last_words, err, errlen);
	return rc;
}

static bool add_readable(const struct bind_probe *p, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};
	return fd >= 0 && epoll_ctl(p->readable, EPOLL_CTL_ADD, fd, &event) == 0;
}

// Of many records at once only the first one wakes the reader (see bind.bpf.c), who looks again a little later.
static int open_readable(struct bind_probe *p)
{
	p->readable = epoll_create1(EPOLL_CLOEXEC);
	p->later = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return p->readable >= 0 && add_readable(p, ring_buffer__epoll_fd(p->ring)) && add_readable(p, p->later)
		       ? 0
		       : -errno;
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

// Does a process that is killed while it lets go of such programs hang, and with it all tracing on this host? So it is
// where the init of its pid namespace ends meanwhile: letting go waits for RCU tasks, they wait for the init, and that
// for the process. Until 6.9 (exit_tasks_rcu_start(), kernel/rcu/tasks.h); before 5.18 nothing waits. Kprobes that are
// attached one by one never do.
static bool may_hang(ino_t pidns)
{
	const ino_t first = 0xEFFFFFFC; // PROC_PID_INIT_INO, which never ends
	struct utsname u;
	struct kernel k;
	return pidns != first && (uname(&u) < 0 || kernel_parse(u.release, &k) < 0 ||
				  (kernel_compare(&k, 5, 18) >= 0 && kernel_compare(&k, 6, 9) < 0));
}

int bind_probe_open(const struct bind_probe_how *how, struct bind_probe **out, char *err, size_t errlen)
{
	struct bind_probe_how safe = *how;
	struct stat ns;
	*out = NULL;
	if (stat("/proc/self/ns/pid", &ns) < 0)
		return fail(-errno, err, errlen, "/proc/self/ns/pid cannot be read (%s): mount /proc", strerror(errno));
	struct bind_probe *p = calloc(1, sizeof *p);
	if (!p)
		return fail(-ENOMEM, err, errlen, "no memory for the BPF programs");
	p->readable = p->later = -1;
	last_words[0] = '\0';
	libbpf_set_print(keep_words);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	raise_limit();
	safe.kprobes |= may_hang(ns.st_ino);
	int rc = load(p, &safe, err, errlen);
	if (rc == 0) {
		p->ring = ring_buffer__new(bpf_object__find_map_fd_by_name(p->object, "ring"), hand_over, p, NULL);
		rc = p->ring ? open_readable(p) : -errno;
		if (rc < 0)
			fail(rc, err, errlen, "the records of binds can't be read: %s", strerror(-rc));
	}
	if (rc < 0) {
		bind_probe_close(p);
		return rc;
	}
	p->tree = bpf_object__find_map_fd_by_name(p->object, "tree");
	p->control->pidns = (uint32_t)ns.st_ino;
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
	return p->readable;
}

int bind_probe_read(struct bind_probe *p, void (*take)(void *data, const struct bind_record *r, size_t len), void *data)
{
	p->take = take;
	p->data = data;
	int n = ring_buffer__consume(p->ring);
	const struct itimerspec soon = {.it_value.tv_nsec = 2 * RECORD_CALM_NS};
	uint64_t times;
	// Where there was nothing, one that still runs must go on: the next record may wake nobody.
	if (n > 0)
		timerfd_settime(p->later, 0, &soon, NULL);
	else if (read(p->later, &times, sizeof times) < 0 && errno != EAGAIN)
		return -errno;
	return n;
}

struct bind_counts bind_probe_counts(const struct bind_probe *p)
{
	return (struct bind_counts){
		.seen = __atomic_load_n(&p->control->seen, __ATOMIC_SEQ_CST),
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
