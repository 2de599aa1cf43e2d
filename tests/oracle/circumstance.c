// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/circumstance.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/model/option.h"

const char *circumstance_name(enum circumstance w)
{
	static const char *const names[CIRCUMSTANCES] = {
		[PLAIN] = "plain", [UNREADABLE] = "sysctls", [DESCRIPTORS] = "descriptors",
		[USERS] = "users", [FILTER] = "filters",     [CHANGES] = "changes"};
	return names[w];
}

// An empty file in its place: it is there, and says nothing.
static bool mask(const char *name)
{
	char path[128] = "/proc/sys/", empty[] = "/tmp/bindwalk-oracle.XXXXXX";
	size_t at = strlen(path);
	for (; *name && at + 1 < sizeof path; name++)
		path[at++] = *name == '.' ? '/' : *name;
	path[at] = '\0';
	int fd = mkstemp(empty);
	if (fd < 0)
		return false;
	bool done = mount(empty, path, NULL, MS_BIND, NULL) == 0;
	close(fd);
	unlink(empty);
	return done;
}

static bool enter_unreadable(struct state *s, struct chance *c)
{
	static const char *const besides[] = {"net.ipv4.ip_local_reserved_ports", "net.ipv6.conf.all.disable_ipv6",
					      "net.ipv4.conf.all.ignore_routes_with_linkdown"};
	unsigned how = chance_below(c, 10), masked = 0;
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return false;
	if (how == 0) {
		state_note(s, "no /proc\n");
		return mount("none", "/proc", "tmpfs", 0, NULL) == 0;
	}
	if (how == 1) {
		state_note(s, "/proc with subset=pid\n");
		return mount("proc", "/proc", "proc", 0, "subset=pid") == 0;
	}
	if (how == 2) {
		state_note(s, "no /proc/sys/net\n");
		return mount("none", "/proc/sys/net", "tmpfs", 0, NULL) == 0;
	}
	for (unsigned n = 1 + chance_below(c, 6); n > 0; n--) {
		const char *name = chance_percent(c, 85)
					   ? sysctl_info((enum sysctl_id)chance_below(c, SYSCTL_COUNT))->name
					   : CHANCE_OF(c, besides);
		bool done = mask(name);
		masked += done;
		state_note(s, "%s is %s\n", name, done ? "unreadable" : "as it was");
	}
	return masked > 0;
}

static bool enter_descriptors(struct state *s, struct chance *c)
{
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	unsigned left = chance_below(c, 8);
	if (next < 0)
		return false;
	close(next);
	struct rlimit most = {.rlim_cur = (rlim_t)next + left, .rlim_max = (rlim_t)next + left};
	state_note(s, "%u descriptors are left\n", left);
	return setrlimit(RLIMIT_NOFILE, &most) == 0;
}

static bool write_map(pid_t pid, const char *which, const char *map)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, which);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, map, strlen(map)) == (ssize_t)strlen(map);
	if (fd >= 0)
		close(fd);
	return good;
}

// A user namespace, whose maps a process outside has to write.
static bool enter_user_namespace(const char *uids, const char *gids)
{
	int begin[2];
	pid_t self = getpid();
	char go = 0;
	if (pipe2(begin, O_CLOEXEC) < 0)
		return false;
	pid_t writer = fork();
	if (writer == 0) {
		close(begin[1]);
		bool good = read(begin[0], &go, 1) == 1 && write_map(self, "uid_map", uids) &&
			    write_map(self, "gid_map", gids);
		_exit(!good);
	}
	close(begin[0]);
	int status = 1;
	bool entered = writer > 0 && unshare(CLONE_NEWUSER) == 0 && write(begin[1], &go, 1) == 1;
	close(begin[1]);
	if (writer > 0)
		waitpid(writer, &status, 0);
	return entered && status == 0;
}

static bool become(uid_t uid, gid_t gid, size_t n, const gid_t *groups)
{
	return setgroups(n, groups) == 0 && setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}

static bool enter_users(struct state *s, struct chance *c)
{
	static const char *const ranges[] = {"0 2147483647", "0 0",         "5000 5000",
					     "7 7",          "100 150",     "1 0",
					     "2000 2001",    "65534 65534", "4294967294 4294967294"};
	static const char *const uid_maps[] = {"0 0 1", "0 1000 1", "0 1000 1\n7 3000 1", "0 0 1\n1000 1000 1",
					       "0 2000 1"};
	static const char *const gid_maps[] = {"0 0 1", "0 5000 1", "0 0 1\n7 5000 1", "0 100 50"};
	static const gid_t groups[] = {0, 5000, 7, 100, 2000, 65534};
	static const uid_t users[] = {0, 1000, 2000, 65534};
	const char *range = CHANCE_OF(c, ranges);
	gid_t more[3] = {CHANCE_OF(c, groups), CHANCE_OF(c, groups), CHANCE_OF(c, groups)};
	size_t nmore = chance_below(c, 4);
	if (change_sysctl("net.ipv4.ping_group_range", range) == 0)
		state_note(s, "sysctl -w net.ipv4.ping_group_range='%s'\n", range);
	if (chance_percent(c, 40)) {
		uid_t uid = CHANCE_OF(c, users);
		gid_t gid = CHANCE_OF(c, groups);
		state_note(s, "uid %u, gid %u, %zu groups: %u %u %u\n", uid, gid, nmore, more[0], more[1], more[2]);
		return become(uid, gid, nmore, more);
	}
	const char *uids = CHANCE_OF(c, uid_maps), *gids = CHANCE_OF(c, gid_maps);
	bool keeps_groups = chance_percent(c, 50) && setgroups(nmore, more) == 0; // some without a number in there
	state_note(s, "user namespace, uid_map %s, gid_map %s, groups %s\n", uids, gids,
		   keeps_groups ? "from outside" : "none");
	if (!enter_user_namespace(uids, gids))
		return false;
	return keeps_groups ? setresgid(0, 0, 0) == 0 && setresuid(0, 0, 0) == 0 : become(0, 0, 0, NULL);
}

// One system call, of some families where it has one as its first argument.
static bool enter_filter(struct state *s, struct chance *c)
{
	static const struct {
		const char *name;
		unsigned nr;
	} calls[] = {{"socket", SYS_socket}, {"setsockopt", SYS_setsockopt}, {"bind", SYS_bind}};
	static const int errnos[] = {EPERM,        EACCES,     EINVAL,          ENOSYS,      EADDRNOTAVAIL,
				     EAFNOSUPPORT, EADDRINUSE, EPROTONOSUPPORT, ENOPROTOOPT, ENOTSUP};
	unsigned which = chance_below(c, 3), argument = 0, value = 0;
	int err = CHANCE_OF(c, errnos);
	if (which == 0)
		value = chance_percent(c, 50) ? AF_INET6 : AF_INET;
	if (which == 1) {
		argument = 1;
		value = chance_percent(c, 50) ? SOL_SOCKET : SOL_IP;
	}
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[which].nr, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, args) + 8 * argument),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, which == 2 ? 0 : 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
	state_note(s, "a filter answers %s to %s, argument %u %u\n", state_result(-err), calls[which].name, argument,
		   value);
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

// Another process that changes something every millisecond or so, as long as this one lives.
static bool enter_changes(struct state *s, struct chance *c)
{
	pid_t asks = getpid(), changes = fork();
	if (changes != 0)
		return changes > 0;
	s->nholders = 0;
	while (getppid() == asks) { // PR_SET_PDEATHSIG ends where a socket's owner is chosen by setfsuid()
		s->logged = 0;
		if (s->nholders > 4 && chance_percent(c, 30))
			state_drop(s);
		state_change(s, c);
		usleep(500 + chance_below(c, 1500));
	}
	_exit(0);
}

bool circumstance_enter(enum circumstance w, struct state *s, struct chance *c)
{
	static bool (*const enters[CIRCUMSTANCES])(struct state *,
						   struct chance *) = {[UNREADABLE] = enter_unreadable,
								       [DESCRIPTORS] = enter_descriptors,
								       [USERS] = enter_users,
								       [FILTER] = enter_filter,
								       [CHANGES] = enter_changes};
	state_note(s, "%s:\n", circumstance_name(w));
	return !enters[w] || enters[w](s, c);
}
