// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/event_about.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "core/evidence/unseen_mount.h"
#include "core/observe/cgroup_path.h"
#include "core/observe/proc.h"
#include "core/observe/process.h"
#include "core/observe/unit.h"

enum { KEPT = 256, NAMES_MOST = 4096, HANDLE_KERNFS = 0xfe };

static const char names_folder[] = "/run/netns";

struct known_cgroup {
	uint64_t id;
	char path[CGROUP_TEXT];
	char unit[UNIT_TEXT], container[UNIT_TEXT];
};

struct known_netns {
	uint64_t inode;
	char name[NETNS_TEXT];
};

struct event_about {
	uint64_t netns;
	dev_t namespaces; // the device of their inodes
	int cgroups;      // a mount of the hierarchy; negative: none
	char root[32];    // where its paths begin, "" at the hierarchy's root
	struct known_cgroup groups[KEPT];
	size_t next_group;
	struct timespec folder; // when the names were read, by the folder's own time
	struct known_netns *names;
	size_t nnames;
	struct bind_event last; // the one that was filled last: most come in rows
};

// A mount of our own needs CAP_SYS_ADMIN; `ip netns exec` hides the system's.
static void open_cgroups(struct event_about *a)
{
	static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	struct statfs fs;
	int mount = unseen_mount("cgroup2"); // a handle is not opened with a mere path, as this is
	a->cgroups = mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (mount >= 0)
		close(mount);
	for (size_t i = 0; i < sizeof places / sizeof *places && a->cgroups < 0; i++) {
		if (statfs(places[i], &fs) < 0 || fs.f_type != CGROUP2_SUPER_MAGIC)
			continue;
		a->cgroups = open(places[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		snprintf(a->root, sizeof a->root, "%s", places[i]);
	}
}

int event_about_open(struct event_about **out)
{
	struct stat own;
	struct event_about *a = *out = calloc(1, sizeof *a);
	if (!a)
		return -ENOMEM;
	if (stat("/proc/thread-self/ns/net", &own) == 0) {
		a->netns = own.st_ino;
		a->namespaces = own.st_dev;
	}
	open_cgroups(a);
	return 0;
}

void event_about_close(struct event_about *a)
{
	if (!a)
		return;
	if (a->cgroups >= 0)
		close(a->cgroups);
	free(a->names);
	free(a);
}

uint64_t event_about_netns(const struct event_about *a)
{
	return a->netns;
}

// By its handle, which is its id; needs CAP_DAC_READ_SEARCH. Its path as this process sees it.
static bool path_by_id(const struct event_about *a, uint64_t id, char path[static CGROUP_TEXT])
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + sizeof id];
	} handle = {.head = {.handle_bytes = sizeof id, .handle_type = HANDLE_KERNFS}};
	char link[64], seen[PATH_MAX];
	size_t skip = strlen(a->root);
	memcpy(handle.head.f_handle, &id, sizeof id);
	int fd = a->cgroups < 0 ? -1 : open_by_handle_at(a->cgroups, &handle.head, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return false;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, seen, sizeof seen - 1);
	close(fd);
	if (n < 0)
		return false;
	seen[n] = '\0';
	if (strncmp(seen, a->root, skip) != 0 || n - (ssize_t)skip >= CGROUP_TEXT || strstr(seen, " (deleted)"))
		return false;
	snprintf(path, CGROUP_TEXT, "%s", seen[skip] ? seen + skip : "/");
	return true;
}

// By its process, if that is still in the same group.
static bool path_by_process(const struct event_about *a, const struct bind_event *e, char path[static CGROUP_TEXT])
{
	char name[64], text[PATH_MAX + 64];
	struct stat st;
	if (!e->pid || !process_is_from_before(e->pid, e->when) ||
	    proc_read("", proc_path(e->pid, "cgroup", name, sizeof name), text, sizeof text) <= 0)
		return false;
	const char *line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return false;
	line = strchr(line, '/');
	int len = line ? (int)strcspn(line, "\n") : 0;
	if (len == 0 || len >= CGROUP_TEXT)
		return false;
	snprintf(path, CGROUP_TEXT, "%.*s", len, line);
	return !e->cgroup || (a->cgroups >= 0 && fstatat(a->cgroups, path[1] ? path + 1 : ".", &st, 0) == 0 &&
			      st.st_ino == e->cgroup);
}

// A machine that is registered with systemd.
static void machine_of(const char *unit, char container[static UNIT_TEXT])
{
	char link[64 + UNIT_TEXT], name[UNIT_TEXT];
	if (!unit[0] || strchr(unit, '/'))
		return;
	snprintf(link, sizeof link, "/run/systemd/machines/unit:%s", unit);
	ssize_t n = readlink(link, name, sizeof name - 1);
	if (n > 0)
		snprintf(container, UNIT_TEXT, "%.*s", (int)n, name);
}

static void fill_group(const struct event_about *a, const struct bind_event *e, struct known_cgroup *g)
{
	*g = (struct known_cgroup){.id = e->cgroup};
	if (!(e->cgroup && path_by_id(a, e->cgroup, g->path)) && !path_by_process(a, e, g->path)) {
		g->path[0] = '\0';
		return;
	}
	cgroup_path_unit(g->path, g->unit);
	if (!cgroup_path_container(g->path, g->container))
		machine_of(g->unit, g->container);
}

// The same process a moment later.
static bool is_next(const struct bind_event *e, const struct bind_event *last)
{
	const int64_t moment = 1000000000;
	return e->pid && e->pid == last->pid && e->cgroup == last->cgroup && e->when >= last->when &&
	       e->when - last->when < moment;
}

static void take_group(struct event_about *a, struct bind_event *e)
{
	struct known_cgroup found, *g = NULL;
	for (size_t i = 0; i < KEPT && e->cgroup && !g; i++)
		g = a->groups[i].id == e->cgroup ? &a->groups[i] : NULL;
	if (!g) {
		fill_group(a, e, &found);
		g = &found;
		if (found.id && found.path[0])
			a->groups[a->next_group++ % KEPT] = found;
	}
	memcpy(e->cgroup_path, g->path, sizeof g->path);
	memcpy(e->unit, g->unit, sizeof g->unit);
	memcpy(e->container, g->container, sizeof g->container);
	// On a host of the older hierarchies all are in the root of this one.
	if (strcmp(e->cgroup_path, "/") == 0 && e->pid && process_is_from_before(e->pid, e->when)) {
		unit_of(e->pid, e->unit);
		container_of(e->pid, e->unit, e->container);
	}
}

static int compare_names(const void *a, const void *b)
{
	const struct known_netns *x = a, *y = b;
	return strcmp(x->name, y->name);
}

// False: the name is there, and what it stands for not yet.
static bool add_name(struct event_about *a, int folder, const char *name)
{
	struct stat st;
	if (a->nnames == NAMES_MOST || strlen(name) >= NETNS_TEXT || fstatat(folder, name, &st, 0) < 0)
		return true;
	if (st.st_dev != a->namespaces)
		return false;
	struct known_netns *more = reallocarray(a->names, a->nnames + 1, sizeof *more);
	if (!more)
		return true;
	a->names = more;
	a->names[a->nnames] = (struct known_netns){.inode = st.st_ino};
	snprintf(a->names[a->nnames++].name, NETNS_TEXT, "%s", name);
	return true;
}

static bool read_folder(struct event_about *a)
{
	struct dirent *entry;
	bool whole = true;
	DIR *dir = opendir(names_folder);
	a->nnames = 0;
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			whole &= add_name(a, dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
	if (a->nnames)
		qsort(a->names, a->nnames, sizeof *a->names, compare_names);
	return whole;
}

// An inode can be another namespace's soon after its end, so they are read again when the folder has changed. Its time
// moves in ticks of the clock: as long as it is young, it does not tell two changes apart.
static void read_names(struct event_about *a)
{
	enum { YOUNG = 1 };
	struct timespec now;
	struct stat st = {0};
	stat(names_folder, &st);
	if (st.st_mtim.tv_sec == a->folder.tv_sec && st.st_mtim.tv_nsec == a->folder.tv_nsec)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	bool whole = read_folder(a), young = now.tv_sec - st.st_mtim.tv_sec <= YOUNG;
	a->folder = whole && !young ? st.st_mtim : (struct timespec){.tv_nsec = -1};
}

static void take_netns(struct event_about *a, struct bind_event *e)
{
	char path[64];
	struct stat st;
	if (!e->netns && e->source != SOURCE_PTRACE && e->pid && process_is_from_before(e->pid, e->when) &&
	    stat(proc_path(e->pid, "ns/net", path, sizeof path), &st) == 0)
		e->netns = st.st_ino;
	e->netns_ours = e->netns && e->netns == a->netns;
	read_names(a);
	for (size_t i = 0; i < a->nnames && e->netns; i++)
		if (a->names[i].inode == e->netns) {
			memcpy(e->netns_name, a->names[i].name, sizeof e->netns_name);
			break;
		}
}

void event_about_fill(struct event_about *a, struct bind_event *e)
{
	e->unit[0] = e->container[0] = e->cgroup_path[0] = e->netns_name[0] = '\0';
	take_netns(a, e);
	if (is_next(e, &a->last)) {
		memcpy(e->cgroup_path, a->last.cgroup_path, sizeof e->cgroup_path);
		memcpy(e->unit, a->last.unit, sizeof e->unit);
		memcpy(e->container, a->last.container, sizeof e->container);
		return;
	}
	take_group(a, e);
	a->last = *e;
}
