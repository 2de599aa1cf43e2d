// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/change/lab_refusal.h"

// The neighbour's namespace. Held open, since nothing else keeps it.
static int peer_netns = -1;
static bool entered, own_user;
static char remark[LAB_ERROR];

// What the child that builds the lab tells the process that will move in.
struct built {
	int err;        // 0 or -errno
	int namespaces; // CLONE_NEW*
	int peer;       // its descriptor of the peer's namespace, -1 for none
	char why[LAB_ERROR];
};

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ssize_t done = write(fd, text, strlen(text));
	int err = done < 0 ? -errno : 0;
	close(fd);
	return err;
}

static int map_root(uid_t uid, gid_t gid)
{
	char uid_map[32], gid_map[32];
	snprintf(uid_map, sizeof uid_map, "0 %u 1\n", uid);
	snprintf(gid_map, sizeof gid_map, "0 %u 1\n", gid);
	// A program that changed its user or has file capabilities does not own its files in /proc. Behind unshare()
	// there is nothing left to protect: all its rights are in the namespace that its user made.
	prctl(PR_SET_DUMPABLE, 1);
	// Without privilege a group may be mapped only where setgroups(2) is given up.
	int err = write_file("/proc/self/setgroups", "deny");
	if (err == 0)
		err = write_file("/proc/self/gid_map", gid_map);
	if (err == 0)
		err = write_file("/proc/self/uid_map", uid_map);
	return err;
}

static int make_namespaces(struct built *b)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();

	b->namespaces = CLONE_NEWNET;
	if (uid == 0 && unshare(CLONE_NEWNET) == 0) {
		if (own_user) // a lab in a lab: as in map_root()
			prctl(PR_SET_DUMPABLE, 1);
		return 0;
	}
	// An ordinary user, or root without CAP_SYS_ADMIN, as in a container.
	b->namespaces = CLONE_NEWUSER | CLONE_NEWNET;
	int err = unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 ? -errno : 0;
	bool made = err == 0;
	if (made)
		err = map_root(uid, gid);
	if (err == -EPERM && made && uid == 0) // map_write(), kernel/user_namespace.c, since 5.12
		snprintf(
			b->why, sizeof b->why,
			"root without CAP_SYS_ADMIN cannot create a network namespace, and without CAP_SETFCAP no user "
			"namespace either; start the container with --cap-add SYS_ADMIN, or Bindwalk as an ordinary user");
	else if (err < 0)
		lab_refusal("", -err, b->why, sizeof b->why);
	return err;
}

// Fails with the kernel's words on what was being done.
static int failed(struct built *b, const struct changer *c, int err, const char *what)
{
	const char *words = c ? change_why(c) : "";
	if (err < 0)
		snprintf(b->why, sizeof b->why, "the lab's %s failed: %s%s%s", what, strerror(-err), *words ? ": " : "",
			 words);
	return err;
}

bool lab_has_neighbour(void)
{
	return peer_netns >= 0;
}

// A changer stays with the namespace that it was opened in.
static int open_neighbour(struct changer **out)
{
	*out = NULL;
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), err = own < 0 ? -errno : 0;
	if (err == 0 && setns(peer_netns, CLONE_NEWNET) < 0)
		err = -errno;
	if (err == 0) {
		err = change_open(out);
		if (setns(own, CLONE_NEWNET) < 0 && err == 0) {
			err = -errno;
			change_close(*out);
			*out = NULL;
		}
	}
	if (own >= 0)
		close(own);
	return err;
}

// 1 is lo's.
uint32_t lab_peer_index(uint32_t index)
{
	return index > 1 ? index ^ 1 : 0;
}

// The highest and one more, as the kernel does in a fresh namespace.
uint32_t lab_free_index(void)
{
	uint32_t index = 0;
	struct if_nameindex *all = if_nameindex();
	for (struct if_nameindex *i = all; i && i->if_index; i++)
		if (i->if_index >= index)
			index = i->if_index + 1;
	if (all)
		if_freenameindex(all);
	return index;
}

int lab_veth_add(struct changer *c, const char *name, const struct edit_link *l)
{
	struct changer *neighbour;
	if (peer_netns < 0)
		return -ENOENT;
	int err = open_neighbour(&neighbour);
	if (err < 0)
		return err;
	err = change_link_add(c, name, l, peer_netns);
	if (err == 0)
		err = change_link_up(neighbour, l->peer, true);
	change_close(neighbour);
	return err;
}

static int build(struct built *b, lab_furnish *furnish, void *data)
{
	struct changer *lab = NULL, *peer = NULL;
	int err = make_namespaces(b);
	if (err < 0 || !furnish)
		return err;
	// The namespace that we are in becomes the neighbour's, and the lab is one more.
	err = failed(b, NULL, change_open(&peer), "netlink socket");
	if (err == 0) {
		peer_netns = b->peer = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
		if (b->peer < 0) {
			err = -errno;
			lab_refusal("", -err, b->why, sizeof b->why);
		}
	}
	if (err == 0)
		err = failed(b, peer, change_link_up(peer, "lo", true), "second namespace");
	if (err == 0 && unshare(CLONE_NEWNET) < 0) {
		err = -errno;
		lab_refusal("", -err, b->why, sizeof b->why);
	}
	if (err == 0)
		err = failed(b, NULL, change_open(&lab), "netlink socket");
	if (err == 0)
		err = furnish(lab, data, b->why, sizeof b->why);
	change_close(lab);
	change_close(peer);
	return err;
}

// Builds, tells, and stays until the other side has moved in.
_Noreturn static void run_builder(int channel, lab_furnish *furnish, void *data)
{
	struct built b = {.peer = -1};
	char go;

	b.err = build(&b, furnish, data);
	ssize_t done = write(channel, &b, sizeof b);
	if (done == (ssize_t)sizeof b)
		done = read(channel, &go, 1);
	_exit(done < 0);
}

static int open_of(pid_t pid, const char *what)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

// Opens all before it moves: without a descriptor, the process must not stop half way.
static int move_in(pid_t child, const struct built *b)
{
	char peer_path[16];
	int user = -1, peer = -1, net = open_of(child, "ns/net"), err = net < 0 ? net : 0;

	if (err == 0 && (b->namespaces & CLONE_NEWUSER))
		err = (user = open_of(child, "ns/user")) < 0 ? user : 0;
	if (err == 0 && b->peer >= 0) {
		snprintf(peer_path, sizeof peer_path, "fd/%d", b->peer);
		err = (peer = open_of(child, peer_path)) < 0 ? peer : 0;
	}
	// The user namespace first: only its rights lead into the network namespace.
	if (err == 0 && ((user >= 0 && setns(user, CLONE_NEWUSER) < 0) || setns(net, CLONE_NEWNET) < 0))
		err = -errno;
	if (net >= 0)
		close(net);
	if (user >= 0)
		close(user);
	if (err < 0) {
		if (peer >= 0)
			close(peer);
		return err;
	}
	if (peer_netns >= 0)
		close(peer_netns);
	peer_netns = peer;
	entered = true;
	own_user |= user >= 0;
	return 0;
}

static int read_built(int channel, struct built *b)
{
	ssize_t n;
	do
		n = read(channel, b, sizeof *b);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n == (ssize_t)sizeof *b ? 0 : -EIO;
}

static int enter(lab_furnish *furnish, void *data, char *err, size_t errlen)
{
	struct built b = {0};
	int channel[2], result;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) < 0) {
		result = -errno;
		snprintf(err, errlen, "could not start the lab: %s", strerror(-result));
		return result;
	}
	pid_t child = fork();
	if (child == 0) {
		close(channel[0]);
		run_builder(channel[1], furnish, data);
	}
	result = child < 0 ? -errno : 0;
	close(channel[1]);
	if (result == 0)
		result = read_built(channel[0], &b);
	if (result == 0)
		result = b.err < 0 ? b.err : move_in(child, &b);
	if (result < 0 && b.err < 0)
		snprintf(err, errlen, "%s", b.why);
	else if (result < 0)
		snprintf(err, errlen, "could not enter the lab: %s%s", strerror(-result),
			 result == -EINVAL ? " (the process has more than one thread)" : "");
	else
		snprintf(remark, sizeof remark, "%s", b.why);
	close(channel[0]);
	if (child > 0)
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	return result;
}

int lab_enter_with(lab_furnish *furnish, void *data, char *err, size_t errlen)
{
	return enter(furnish, data, err, errlen);
}

int lab_enter_empty(char *err, size_t errlen)
{
	return enter(NULL, NULL, err, errlen);
}

const char *lab_remark(void)
{
	return remark;
}

bool lab_is_entered(void)
{
	return entered;
}

bool lab_has_user(void)
{
	return own_user;
}
