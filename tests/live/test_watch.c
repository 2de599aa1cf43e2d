// SPDX-License-Identifier: GPL-3.0-or-later
// The watch by BPF: binds of children in namespaces and control groups of their own, with their addresses and options,
// and what the kernel's functions answered where those can be watched; which binds are seen at all; and the command
// line, with a command of its own.
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/magic.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#include "core/evidence/event_about.h"
#include "core/evidence/event_walk.h"
#include "core/evidence/trial.h"
#include "core/evidence/watch.h"
#include "core/record/event_json.h"
#include "core/text/json_text.h"
#include "tests/live/live.h"
#include "tui/watch.h"

static const char *self; // the path of this program
// Opened once: to attach to the kernel's functions takes a while.
static struct watch *refused, *all;

// The events that were read last: also those of other tests that run meanwhile, however many.
static struct bind_event *events;
static size_t nevents, room;

static void keep(void *data, const struct bind_event *e)
{
	(void)data;
	if (nevents == room) {
		room = 2 * room + 64;
		events = reallocarray(events, room, sizeof *events);
		assert_non_null(events);
	}
	events[nevents++] = *e;
}

static size_t read_all(struct watch *w)
{
	nevents = 0;
	assert_true(watch_read(w, keep, NULL) >= 0);
	return nevents;
}

// The only event of that process, NULL for none.
static const struct bind_event *event_of(pid_t pid)
{
	const struct bind_event *found = NULL;
	for (size_t i = 0; i < nevents; i++)
		if (events[i].pid == pid) {
			assert_null(found);
			found = &events[i];
		}
	return found;
}

static struct watch *open_watch(bool succeeding, bool tree)
{
	const struct watch_how how = {.all = succeeding, .tree = tree, .no_tracepoints = true};
	char err[WATCH_ERROR];
	struct watch *w;
	if (watch_open(&how, &w, err, sizeof err) < 0)
		fail_msg("%s", err);
	return w;
}

static bool lo_up(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &r) == 0;
	close(fd);
	return up;
}

// Where a child binds, and how.
struct place {
	struct attempt attempt;
	bool elsewhere;     // in a network namespace of its own
	const char *cgroup; // the folder of a control group, NULL for ours
};

static bool move_to(const char *cgroup)
{
	char path[160];
	snprintf(path, sizeof path, "%s/cgroup.procs", cgroup);
	int fd = open(path, O_WRONLY);
	bool moved = fd >= 0 && write(fd, "0", 1) == 1;
	close(fd);
	return moved;
}

// A child that binds once and then stops, so that it can be looked at. Its bind has ended then.
static pid_t start(const struct place *p)
{
	pid_t child = fork();
	if (child == 0) {
		struct trial t;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if ((p->cgroup && !move_to(p->cgroup)) || (p->elsewhere && (unshare(CLONE_NEWNET) < 0 || !lo_up())) ||
		    trial_run(&p->attempt, &live_root, &t) < 0)
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	return child;
}

static void finish(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static uint64_t netns_of(pid_t pid)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

// Where the kernel lets its functions be watched.
static void expect_return(const struct bind_event *e, enum kernel_function f, int64_t wanted)
{
	const struct kernel_call *c = witnessed_call(&e->inner, f);
	if (e->source != SOURCE_BPF)
		return;
	if (!c)
		fail_msg("%s() did not run", kernel_function_info(f)->name);
	assert_int_equal(c->returned, wanted);
}

static void toggle(struct attempt *a, enum option_id option)
{
	assert_int_equal(attempt_toggle(a, option), 0);
}

static void test_refused(void **state)
{
	(void)state;
	struct place p = {.attempt = live_attempt("192.0.2.7", 80), .elsewhere = true};
	toggle(&p.attempt, OPT_REUSEADDR);
	toggle(&p.attempt, OPT_REUSEPORT);
	pid_t child = start(&p);
	read_all(refused);
	const struct bind_event *e = event_of(child);
	assert_non_null(e);
	assert_int_equal(e->err, EADDRNOTAVAIL);
	assert_true(e->addr_known && e->socket_known);
	assert_true(addr_equal(&e->attempt.addr, &p.attempt.addr));
	assert_int_equal(e->attempt.port, 80);
	assert_int_equal(e->attempt.kind, KIND_TCP);
	assert_true(attempt_on(&e->attempt, OPT_REUSEADDR) && attempt_on(&e->attempt, OPT_REUSEPORT));
	assert_false(attempt_on(&e->attempt, OPT_FREEBIND));
	assert_int_equal(e->thread, child);
	assert_int_equal(e->netns, netns_of(child));
	assert_true(e->netns != netns_of(getpid()));
	expect_return(e, KF_inet_addr_type_table, 1);
	finish(child);
}

static void test_six(void **state)
{
	(void)state;
	struct place p = {.attempt = live_attempt("2001:db8::7", 443), .elsewhere = true};
	p.attempt.kind = KIND_UDP;
	toggle(&p.attempt, OPT_V6ONLY);
	pid_t child = start(&p);
	read_all(refused);
	const struct bind_event *e = event_of(child);
	assert_non_null(e);
	assert_int_equal(e->err, EADDRNOTAVAIL);
	assert_int_equal(e->attempt.family, AF_INET6);
	assert_int_equal(e->attempt.kind, KIND_UDP);
	assert_true(addr_equal(&e->attempt.addr, &p.attempt.addr));
	assert_true(attempt_on(&e->attempt, OPT_V6ONLY));
	expect_return(e, KF_ipv6_chk_addr, 0);
	finish(child);
}

// Success is counted by each watch, and told by one.
static void test_all(void **state)
{
	(void)state;
	read_all(all); // what came before
	uint64_t before = watch_counts(refused).seen;
	struct place p = {.attempt = live_attempt("127.0.0.1", 0), .elsewhere = true};
	pid_t child = start(&p);
	read_all(refused);
	assert_null(event_of(child));
	assert_true(watch_counts(refused).seen > before);
	read_all(all);
	const struct bind_event *e = event_of(child);
	assert_non_null(e);
	assert_int_equal(e->err, 0);
	expect_return(e, KF_inet_addr_type_table, 2);
	assert_int_equal(watch_counts(all).lost, 0);
	finish(child);
}

// Where the default hierarchy of control groups is mounted, NULL for nowhere.
static const char *cgroups(void)
{
	static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	struct statfs fs;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (statfs(places[i], &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC)
			return places[i];
	return NULL;
}

static void test_cgroup(void **state)
{
	(void)state;
	const char *root = cgroups();
	if (!root || access(root, W_OK) < 0) {
		print_message("no control group can be made here\n");
		skip();
	}
	char folder[64], below[96];
	struct event_about *about;
	snprintf(folder, sizeof folder, "%s/bindwalk-%d.slice", root, (int)getpid());
	snprintf(below, sizeof below, "%s/web.service", folder);
	assert_true(mkdir(folder, 0755) == 0 && mkdir(below, 0755) == 0);
	assert_int_equal(event_about_open(&about), 0);
	const struct place p = {.attempt = live_attempt("192.0.2.7", 80), .elsewhere = true, .cgroup = below};
	pid_t child = start(&p);
	read_all(refused);
	const struct bind_event *seen = event_of(child);
	assert_non_null(seen);
	struct bind_event e = *seen;
	finish(child); // found by its number, not by the process
	event_about_fill(about, &e);
	assert_string_equal(e.cgroup_path, below + strlen(root));
	assert_string_equal(e.unit, "web.service");
	assert_false(e.netns_ours);
	assert_true(rmdir(below) == 0 && rmdir(folder) == 0);
	event_about_close(about);
	assert_int_equal(event_about_open(&about), 0);
	event_about_fill(about, &e);
	assert_string_equal(e.cgroup_path, ""); // gone, and nothing is made up
	event_about_close(about);
}

// The walk behind a bind in another namespace has what was witnessed of it.
static void test_walk(void **state)
{
	(void)state;
	const struct place p = {.attempt = live_attempt("192.0.2.7", 80), .elsewhere = true};
	uint64_t here = netns_of(getpid());
	pid_t child = start(&p);
	read_all(refused);
	const struct bind_event *e = event_of(child);
	assert_non_null(e);
	struct event_walk *walk;
	assert_int_equal(event_walk_begin(e, &walk), 0);
	assert_true(event_walk_wait(walk, -1));
	const struct event_verdict *v = event_walk_verdict(walk);
	assert_true(v->present);
	assert_int_equal(v->agreement, AGREES);
	assert_int_equal(v->code, CODE_ADDR_NOT_LOCAL);
	const struct walk *steps = &event_walk_inquiry(walk)->walk;
	assert_int_equal(steps->inner.present, e->source == SOURCE_BPF);
	unsigned said = 0;
	for (unsigned i = 0; i < steps->nsteps; i++)
		said += steps->steps[i].claims[EV_KERNEL].present;
	assert_int_equal(said > 0, e->source == SOURCE_BPF);
	assert_int_equal(netns_of(getpid()), here);
	event_walk_close(walk);
	finish(child);
}

// Sockets of other families bind as well: nobody asked for those.
static bool bind_other(void)
{
	struct sockaddr_storage none = {.ss_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&none, sizeof none.ss_family) == 0;
	close(fd);
	return bound;
}

static void test_tree(void **state)
{
	(void)state;
	struct watch *w = open_watch(true, true);
	int gate[2];
	assert_int_equal(pipe(gate), 0);
	pid_t watched = fork();
	if (watched == 0) { // its child binds
		char go;
		close(gate[1]);
		if (read(gate[0], &go, 1) != 1)
			_exit(1);
		struct attempt a = live_attempt("192.0.2.7", 81);
		struct trial t;
		pid_t deeper = fork();
		if (deeper == 0)
			_exit(!bind_other() || trial_run(&a, &live_root, &t) < 0);
		waitpid(deeper, NULL, 0);
		_exit(0);
	}
	assert_int_equal(watch_add(w, watched), 0);
	const struct place other = {.attempt = live_attempt("192.0.2.7", 82)};
	pid_t unwatched = start(&other);
	assert_int_equal(write(gate[1], "", 1), 1);
	assert_int_equal(waitpid(watched, NULL, 0), watched);
	assert_int_equal(read_all(w), 1);
	assert_int_equal(watch_counts(w).seen, 1);
	assert_int_equal(events[0].attempt.port, 81);
	assert_int_not_equal(events[0].pid, unwatched);
	finish(unwatched);
	close(gate[0]);
	close(gate[1]);
	watch_close(w);
}

// Runs `bindwalk watch ...` with standard output to a file; its exit status, and the file's text.
static int run_watch(char **argv, char *text, size_t len)
{
	char path[] = "/tmp/bindwalk-watch-XXXXXX";
	int fd = mkstemp(path), argc = 0, status;
	assert_true(fd >= 0);
	while (argv[argc])
		argc++;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		dup2(fd, STDOUT_FILENO);
		exit(watch_main(argc, argv));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	ssize_t n = pread(fd, text, len - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	unlink(path);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static unsigned count_lines(const char *text)
{
	unsigned n = 0;
	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

// Only the command's binds, its own output as well, and its exit status.
static void test_command(void **state)
{
	(void)state;
	static char text[1 << 16];
	char *failing[] = {"watch", "--json", "--", (char *)self, "bind", "192.0.2.7", "83", "7", NULL};
	assert_int_equal(run_watch(failing, text, sizeof text), 7);
	assert_int_equal(count_lines(text), 1);
	struct bind_event e;
	struct event_verdict v;
	char err[EVENT_ERROR] = "";
	if (event_json_read(text, strcspn(text, "\n"), &e, &v, err, sizeof err) < 0)
		fail_msg("%s: %s", err, text);
	assert_int_equal(e.err, EADDRNOTAVAIL);
	assert_int_equal(e.attempt.port, 83);
	assert_true(e.netns_ours && v.present);
	char *each[] = {"watch", "--all", "--json", "--", (char *)self, "bind", "127.0.0.1", "0", "0", NULL};
	assert_int_equal(run_watch(each, text, sizeof text), 0);
	assert_int_equal(count_lines(text), 1);
	char *killed[] = {"watch", "--", (char *)self, "die", NULL};
	assert_int_equal(run_watch(killed, text, sizeof text), 128 + SIGTERM);
	char *missing[] = {"watch", "--", "/nonexistent", NULL};
	assert_int_equal(run_watch(missing, text, sizeof text), 127);
}

// As the command of a watch: bind ADDRESS PORT STATUS, or die.
static int be_command(char **argv)
{
	struct trial t;
	struct addr addr;
	if (strcmp(argv[1], "die") == 0)
		raise(SIGTERM);
	if (!argv[2] || !argv[3] || !argv[4] || addr_parse(argv[2], &addr) < 0)
		return 99;
	struct attempt a = attempt_new(&addr);
	a.port = (uint16_t)strtoul(argv[3], NULL, 10);
	return trial_run(&a, &live_root, &t) < 0 ? 99 : (int)strtol(argv[4], NULL, 10);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused), cmocka_unit_test(test_six),  cmocka_unit_test(test_all),
		cmocka_unit_test(test_cgroup),  cmocka_unit_test(test_walk), cmocka_unit_test(test_tree),
		cmocka_unit_test(test_command),
	};
	const struct watch_how how = {.no_tracepoints = true};
	char err[WATCH_ERROR];
	if (argc > 1)
		return be_command(argv);
	self = "/proc/self/exe";
	static char path[256];
	ssize_t n = readlink(self, path, sizeof path - 1);
	self = n > 0 ? path : argv[0];
	if (watch_open(&how, &refused, err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	all = open_watch(true, false);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	watch_close(refused);
	watch_close(all);
	return failed;
}
