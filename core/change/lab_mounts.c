// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/lab_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/model/fail.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

// What no file system of the lab's own needs.
enum { PLAIN = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC };

// A second mount of the tree at path, attached to no directory yet; or -1.
static int take(const char *path, unsigned recursive)
{
	return (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive);
}

// Attaches it. Closes the descriptor. 0 or -errno.
static int put(int tree, const char *path)
{
	const unsigned flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS;
	int err = syscall(SYS_move_mount, tree, "", AT_FDCWD, path, flags) < 0 ? -errno : 0;
	close(tree);
	return err;
}

static int set_attributes(int dir, const char *path, unsigned flags, uint64_t set, uint64_t clear)
{
	struct mount_attr attr = {.attr_set = set, .attr_clr = clear};
	return syscall(SYS_mount_setattr, dir, path, flags, &attr, sizeof attr) < 0 ? -errno : 0;
}

// With what is mounted beneath, which stays as it is. Where the kernel has the mount locked, read-only.
static int take_writable(const char *path)
{
	int tree = take(path, AT_RECURSIVE);
	set_attributes(tree, "", AT_EMPTY_PATH, 0, MOUNT_ATTR_RDONLY);
	return tree;
}

static int put_fresh(const char *type, const char *path, unsigned attributes, const char *option, const char *value)
{
	int context = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), tree = -1;
	if (context < 0)
		return -errno;
	int err = option ? (int)syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, option, value, 0) : 0;
	if (err == 0)
		err = (int)syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (err == 0)
		err = tree = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
	err = err < 0 ? -errno : 0;
	close(context);
	return err < 0 ? err : put(tree, path);
}

// Interfaces to the kernel, wherever they are mounted, are not a place for a command's results.
static bool is_files(const struct statfs *fs)
{
	static const unsigned kernel[] = {PROC_SUPER_MAGIC,    SYSFS_MAGIC,      CGROUP_SUPER_MAGIC,
					  CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,    TRACEFS_MAGIC,
					  BPF_FS_MAGIC,        SECURITYFS_MAGIC, DEVPTS_SUPER_MAGIC};
	for (size_t i = 0; i < LENGTH(kernel); i++)
		if ((unsigned)fs->f_type == kernel[i])
			return false;
	return true;
}

// All that is mounted is read-only and without devices, except the directories where a command leaves its results.
static int protect_files(const char *cwd)
{
	const char *const writable[] = {"/tmp", "/var/tmp", getenv("TMPDIR"), getenv("HOME"), cwd};
	bool was[LENGTH(writable)] = {false};
	for (size_t i = 0; i < LENGTH(writable); i++) {
		struct statfs fs;
		was[i] = writable[i] && writable[i][0] == '/' && writable[i][strspn(writable[i], "/.")] &&
			 statfs(writable[i], &fs) == 0 && !(fs.f_flags & MS_RDONLY) && is_files(&fs);
	}
	int err = set_attributes(AT_FDCWD, "/", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, 0);
	for (size_t i = 0; i < LENGTH(writable) && err == 0; i++) {
		int tree = was[i] ? take_writable(writable[i]) : -1;
		if (tree >= 0)
			err = put(tree, writable[i]);
	}
	return err;
}

static const char *const devices[] = {"/dev/console", "/dev/null",    "/dev/zero", "/dev/full",
				      "/dev/random",  "/dev/urandom", "/dev/tty",  "/dev/net/tun"};

// Takes the devices that a command may have before they are covered. The console is the terminal that it was started
// on, so that ttyname(3) finds a name for it.
static void take_devices(int trees[static LENGTH(devices)])
{
	char name[64];
	bool tty = ttyname_r(STDIN_FILENO, name, sizeof name) == 0;
	for (size_t i = 0; i < LENGTH(devices); i++)
		trees[i] = i > 0 ? take(devices[i], 0) : tty ? take(name, 0) : -1;
}

// Terminals of the lab's own: writing to another one is reaching outside.
static int put_devices(const int trees[static LENGTH(devices)])
{
	static const char *const links[][2] = {
		{"pts/ptmx", "/dev/ptmx"},          {"/proc/self/fd", "/dev/fd"},
		{"/proc/self/fd/0", "/dev/stdin"},  {"/proc/self/fd/1", "/dev/stdout"},
		{"/proc/self/fd/2", "/dev/stderr"},
	};
	int err = put_fresh("tmpfs", "/dev", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, "mode", "755");
	if (err == 0 && (mkdir("/dev/net", 0755) < 0 || mkdir("/dev/pts", 0755) < 0 || mkdir("/dev/shm", 0755) < 0))
		err = -errno;
	for (size_t i = 0; i < LENGTH(devices) && err == 0; i++) {
		int file = trees[i] < 0 ? -1 : open(devices[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (file < 0)
			continue;
		close(file);
		err = put(trees[i], devices[i]);
	}
	for (size_t i = 0; i < LENGTH(links) && err == 0; i++)
		err = symlink(links[i][0], links[i][1]) < 0 ? -errno : 0;
	if (err == 0)
		err = put_fresh("devpts", "/dev/pts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, "ptmxmode", "666");
	return err < 0 ? err : put_fresh("tmpfs", "/dev/shm", PLAIN, "mode", "1777");
}

// Closes the tree, for which there may be nothing to show (-1), and nowhere to show it.
static int put_read_only(int tree, const char *path)
{
	const unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
	int err = tree < 0 ? -ENOENT : put(tree, path);
	if (err == 0 && syscall(SYS_mount, NULL, path, NULL, flags, NULL) < 0)
		err = -errno;
	return err == -ENOENT ? 0 : err;
}

// A /proc of the PID namespace's own. Whole-system switches in it are read-only: root could write them without any
// capability. /proc/sys/net belongs to the network namespace.
static int put_proc(char *why, size_t whylen)
{
	static const char *const whole[] = {"/proc/acpi", "/proc/bus", "/proc/driver",
					    "/proc/fs",   "/proc/irq", "/proc/mtrr",
					    "/proc/scsi", "/proc/sys", "/proc/sysrq-trigger"};
	int err = put_fresh("proc", "/proc", PLAIN, NULL, NULL);
	// In a user namespace a fresh /proc may not show what is covered in the present one (mount_too_revealing(),
	// fs/namespace.c), as in containers and in a lab's lab. The present one shows processes that can't be reached.
	if (err == -EPERM && lab_has_user()) {
		snprintf(why, whylen,
			 "this system refuses the lab a /proc of its own; /proc shows processes outside, "
			 "but they cannot be reached");
		err = put(take_writable("/proc"), "/proc");
	}
	int net = take_writable("/proc/sys/net");
	for (size_t i = 0; i < LENGTH(whole) && err == 0; i++)
		err = put_read_only(take(whole[i], AT_RECURSIVE), whole[i]);
	if (net >= 0 && err == 0)
		err = put(net, "/proc/sys/net");
	else if (net >= 0)
		close(net);
	return err;
}

// Of the network namespace. Where it is refused, as above, there is none.
static int put_sys(void)
{
	int security = take("/sys/kernel/security", 0); // read by who wants to know the security modules
	int err = put_fresh("sysfs", "/sys", PLAIN | MOUNT_ATTR_RDONLY, NULL, NULL);
	if (err == -EPERM && lab_has_user())
		err = put_fresh("tmpfs", "/sys", PLAIN | MOUNT_ATTR_RDONLY, "mode", "755");
	if (err == 0)
		return put_read_only(security, "/sys/kernel/security");
	if (security >= 0)
		close(security);
	return err;
}

// Sockets of services, which do for root whatever they are asked.
static int put_run(void)
{
	static const char *const places[] = {"/run", "/var/run"};
	int err = 0;
	for (size_t i = 0; i < LENGTH(places) && err == 0; i++) {
		struct stat st;
		if (lstat(places[i], &st) == 0 && S_ISDIR(st.st_mode))
			err = put_fresh("tmpfs", places[i], PLAIN, "mode", "755");
	}
	return err;
}

int lab_mounts(char *why, size_t whylen)
{
	char cwd[PATH_MAX];
	int trees[LENGTH(devices)], err;

	if (!getcwd(cwd, sizeof cwd))
		return fail(-errno, why, whylen, "the current directory");
	if (syscall(SYS_mount, NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return fail(-errno, why, whylen, "mounts");
	take_devices(trees);
	*why = '\0';
	err = protect_files(cwd);
	if (err == -ENOSYS)
		snprintf(why, whylen, "this kernel cannot make a lab's files read-only (Linux 5.12 and newer can)");
	else if (err < 0)
		return fail(err, why, whylen, "read-only files");
	if ((err = put_devices(trees)) < 0)
		return fail(err, why, whylen, "/dev");
	if ((err = put_sys()) < 0)
		return fail(err, why, whylen, "/sys");
	if ((err = put_run()) < 0)
		return fail(err, why, whylen, "/run");
	if ((err = put_proc(why, whylen)) < 0)
		return fail(err, why, whylen, "/proc");
	return chdir(cwd) < 0 ? fail(-errno, why, whylen, "a lab hides the current directory %s", cwd) : 0;
}
