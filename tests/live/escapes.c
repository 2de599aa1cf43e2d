// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/escapes.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static char reached[320];

__attribute__((format(printf, 1, 2))) static const char *say(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(reached, sizeof reached, fmt, args);
	va_end(args);
	return reached;
}

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, text, strlen(text)) < 0)
		errno = 0; // whoever is outside looks at what came of it
	if (fd >= 0)
		close(fd);
}

// Opens without writing: a lab that does not hold must not hurt the machine of the tests.
static const char *open_any(const char *const *paths)
{
	for (; *paths; paths++) {
		int fd = open(*paths, O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			return close(fd), say("%s can be written", *paths);
	}
	return NULL;
}

static const char *write_sysfs_mtu(const struct outside *o)
{
	(void)o;
	write_to("/sys/class/net/lo/mtu", "1400");
	write_to("/sys/devices/virtual/net/lo/mtu", "1400");
	return NULL;
}

static const char *write_sysfs(const struct outside *o)
{
	static const char *const paths[] = {"/sys/power/state",
					    "/sys/kernel/uevent_helper",
					    "/sys/kernel/mm/ksm/run",
					    "/sys/kernel/mm/transparent_hugepage/enabled",
					    "/sys/module/kernel/parameters/panic",
					    "/sys/kernel/tracing/tracing_on",
					    "/sys/kernel/debug/tracing/tracing_on",
					    "/sys/fs/cgroup/cgroup.procs",
					    "/sys/fs/cgroup/unified/cgroup.procs",
					    "/sys/fs/cgroup/memory/cgroup.procs",
					    "/sys/class/net/lo/mtu",
					    NULL};
	(void)o;
	return open_any(paths);
}

static const char *write_sysctls(const struct outside *o)
{
	static const char *const paths[] = {"/proc/sys/kernel/core_pattern",
					    "/proc/sys/kernel/hostname",
					    "/proc/sys/kernel/modprobe",
					    "/proc/sys/kernel/panic",
					    "/proc/sys/vm/swappiness",
					    "/proc/sys/vm/drop_caches",
					    "/proc/sys/fs/file-max",
					    "/proc/sys/user/max_net_namespaces",
					    "/proc/sysrq-trigger",
					    "/proc/mtrr",
					    "/proc/irq/default_smp_affinity",
					    NULL};
	(void)o;
	return open_any(paths);
}

static const char *write_net_sysctl(const struct outside *o)
{
	(void)o;
	write_to("/proc/sys/net/ipv4/ip_forward", "1");
	return NULL;
}

// Calls with each process in /proc, except this one, which may have another number there.
static const char *each_process(const char *(*call)(const char *pid))
{
	const char *found = NULL;
	char self[16] = "";
	if (readlink("/proc/self", self, sizeof self - 1) < 0)
		return say("/proc has no self");
	DIR *proc = opendir("/proc");
	for (struct dirent *e; proc && !found && (e = readdir(proc));)
		if (atoi(e->d_name) > 0 && strcmp(e->d_name, self) != 0)
			found = call(e->d_name);
	if (proc)
		closedir(proc);
	return found;
}

// Linux 5.10 takes a link that it refuses to follow for the directory that it is in.
static bool is_other(const char *path, const char *than)
{
	struct stat a, b;
	return stat(path, &a) == 0 && stat(than, &b) == 0 && (a.st_mode & S_IFMT) == (b.st_mode & S_IFMT) &&
	       (a.st_ino != b.st_ino || a.st_dev != b.st_dev);
}

static const char *look_into(const char *pid)
{
	char root[64], net[64], mtu[128];
	snprintf(root, sizeof root, "/proc/%s/root/.", pid);
	snprintf(net, sizeof net, "/proc/%s/ns/net", pid);
	snprintf(mtu, sizeof mtu, "/proc/%s/root/sys/class/net/lo/mtu", pid);
	write_to(mtu, "1400");
	if (is_other(net, "/proc/self/ns/net"))
		return say("%s is of another network", net);
	return is_other(root, "/") ? say("%s is another root", root) : NULL;
}

static const char *process_root(const struct outside *o)
{
	(void)o;
	return each_process(look_into);
}

static const char *join(const char *pid)
{
	static const char *const kinds[] = {"net", "mnt", "pid", "ipc", "uts", "user", "cgroup"};
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		char path[64], own[64];
		snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, kinds[i]);
		snprintf(own, sizeof own, "/proc/self/ns/%s", kinds[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		bool joined = is_other(path, own) && setns(fd, 0) == 0;
		close(fd);
		if (joined)
			return say("%s was joined", path);
	}
	return NULL;
}

static const char *join_namespaces(const struct outside *o)
{
	(void)o;
	return each_process(join);
}

static const char *use_descriptors(const struct outside *o)
{
	(void)o;
	for (int fd = STDERR_FILENO + 1; fd < 1024; fd++) {
		struct stat st;
		if (fstat(fd, &st) == 0 && !S_ISFIFO(st.st_mode))
			return say("descriptor %d is open", fd);
	}
	return NULL;
}

// With nothing but the question whether it may, or with a signal that nobody in the lab minds.
static const char *signal_outside(const struct outside *o)
{
	if (kill(o->victim, 0) == 0)
		return say("process %d takes signals", (int)o->victim);
	if (kill(-1, 0) == 0)
		return say("there is somebody for kill(-1)");
	signal(SIGUSR1, SIG_IGN);
	kill(0, SIGUSR1);
	return NULL;
}

static const char *trace(const char *pid)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
	pid_t p = (pid_t)atoi(pid);
	char path[64];
	snprintf(path, sizeof path, "/proc/%s/mem", pid);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0)
		return close(fd), say("%s can be written", path);
	if (p == getpid()) // in a /proc of more processes than can be reached, that number is somebody else's
		return NULL;
	if (ptrace(PTRACE_SEIZE, p, NULL, NULL) == 0)
		return say("process %s can be traced", pid);
	if (process_vm_readv(p, &here, 1, &there, 1, 0) >= 0 || errno == EFAULT)
		return say("process %s can be read", pid);
	return NULL;
}

static const char *trace_others(const struct outside *o)
{
	char pid[16];
	snprintf(pid, sizeof pid, "%d", (int)o->victim);
	const char *found = each_process(trace);
	return found ? found : trace(pid);
}

static const char *mount_again(const struct outside *o)
{
	static const char *const covered[] = {"/proc/sys", "/proc/sys/net", "/proc", "/sys", "/dev", "/run", "/tmp"};
	(void)o;
	for (size_t i = 0; i < LENGTH(covered); i++)
		if (umount2(covered[i], MNT_DETACH) == 0)
			return say("%s was unmounted", covered[i]);
	struct statfs root;
	if (statfs("/", &root) == 0 && (root.f_flags & ST_RDONLY) &&
	    mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL) == 0)
		return say("/ was mounted anew for writing");
	if (mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return say("/proc/sys was mounted anew for writing");
	if (mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return say("/sys was mounted anew for writing");
	return NULL;
}

static const char *mount_kernel(const struct outside *o)
{
	static const char *const types[] = {"tracefs", "debugfs",  "securityfs", "devtmpfs",
					    "pstore",  "efivarfs", "configfs"};
	(void)o;
	for (size_t i = 0; i < LENGTH(types); i++)
		if (mount("none", "/var/tmp", types[i], 0, NULL) == 0)
			return umount2("/var/tmp", MNT_DETACH), say("%s can be mounted", types[i]);
	return NULL;
}

static const char *make_device(const struct outside *o)
{
	char path[64];
	(void)o;
	snprintf(path, sizeof path, "/tmp/bindwalk-device-%d-%u", (int)getpid(), (unsigned)getuid());
	unlink(path);
	const char *found = NULL;
	if (mknod(path, S_IFCHR | 0666, makedev(1, 5)) == 0) { // zero: it hurts nobody
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		found = fd < 0 ? NULL : say("a device was made and opened");
		if (fd >= 0)
			close(fd);
	}
	unlink(path);
	return found;
}

static const char *open_devices(const struct outside *o)
{
	static const char *const good[] = {"console", "null", "zero", "full", "random", "urandom", "tty"};
	const char *found = NULL;
	(void)o;
	DIR *dev = opendir("/dev");
	for (struct dirent *e; dev && !found && (e = readdir(dev));) {
		struct stat st;
		bool known = fstatat(dirfd(dev), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			     (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode));
		for (size_t i = 0; i < LENGTH(good); i++)
			known |= strcmp(good[i], e->d_name) == 0;
		if (!known)
			found = say("there is /dev/%s", e->d_name);
	}
	if (dev)
		closedir(dev);
	return found;
}

static const char *load_module(const struct outside *o)
{
	(void)o;
	if (syscall(SYS_init_module, "not a module", 12UL, "") == 0 || (errno != EPERM && errno != ENOSYS))
		return say("modules may be loaded: %s", strerror(errno));
	if (syscall(SYS_delete_module, "bindwalk_no_such", 0) == 0 || (errno != EPERM && errno != ENOSYS))
		return say("modules may be removed: %s", strerror(errno));
	return NULL;
}

static const char *load_bpf(const struct outside *o)
{
	// r0 = 0; exit
	static const struct bpf_insn code[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	static const unsigned types[] = {BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_CGROUP_SOCK, BPF_PROG_TYPE_CGROUP_SKB,
					 BPF_PROG_TYPE_TRACEPOINT, BPF_PROG_TYPE_XDP};
	(void)o;
	for (size_t i = 0; i < LENGTH(types); i++) {
		union bpf_attr attr = {0};
		attr.prog_type = types[i];
		attr.insn_cnt = LENGTH(code);
		attr.insns = (uintptr_t)code;
		attr.license = (uintptr_t) "GPL";
		int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
		if (fd >= 0 && types[i] != BPF_PROG_TYPE_CGROUP_SKB) // that one is every user's, where BPF is
			return close(fd), say("BPF programs of type %u can be loaded", types[i]);
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static const char *send_outside(const struct outside *o)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)o->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
	struct {
		uint16_t from, to, len, sum;
		char text[4];
	} packet = {htons(9), htons((uint16_t)o->port), htons(12), 0, "out"};
	// Whoever listens outside looks whether something came.
	if (udp >= 0 && sendto(udp, "out", 4, 0, (struct sockaddr *)&to, sizeof to) < 0)
		errno = 0;
	if (raw >= 0 && sendto(raw, &packet, sizeof packet, 0, (struct sockaddr *)&to, sizeof to) < 0)
		errno = 0;
	if (udp >= 0)
		close(udp);
	if (raw >= 0)
		close(raw);
	return NULL;
}

static const char *connect_abstract(const struct outside *o)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(to.sun_path + 1, o->name, strlen(o->name));
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(o->name));
	bool is_there = fd >= 0 && connect(fd, (struct sockaddr *)&to, len) == 0;
	if (fd >= 0)
		close(fd);
	return is_there ? say("the socket @%s was reached", o->name) : NULL;
}

static const char *list_run(const struct outside *o)
{
	const char *found = NULL;
	(void)o;
	DIR *run = opendir("/run");
	for (struct dirent *e; run && !found && (e = readdir(run));)
		if (e->d_name[0] != '.')
			found = say("there is /run/%s", e->d_name);
	if (run)
		closedir(run);
	return found;
}

static const char *leave_chroot(const struct outside *o)
{
	char dir[64];
	struct stat root, now;
	(void)o;
	snprintf(dir, sizeof dir, "/tmp/bindwalk-chroot-%d-%u", (int)getpid(), (unsigned)getuid());
	mkdir(dir, 0700);
	int up = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool left = stat("/", &root) == 0 && chroot(dir) == 0 && fchdir(up) == 0 && chdir("../../../..") == 0 &&
		    chroot(".") == 0 && stat("/", &now) == 0 &&
		    (now.st_ino != root.st_ino || now.st_dev != root.st_dev);
	close(up);
	rmdir(dir);
	return left ? say("chroot led out of the lab") : NULL;
}

static const char *open_by_handle(const struct outside *o)
{
	struct {
		struct file_handle head;
		unsigned char bytes[128];
	} handle = {.head.handle_bytes = 128};
	int mount_id;
	(void)o;
	if (name_to_handle_at(AT_FDCWD, "/", &handle.head, &mount_id, 0) < 0)
		return NULL;
	int dir = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = open_by_handle_at(dir, &handle.head, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool writable = fd >= 0 && faccessat(fd, ".", W_OK, 0) == 0;
	if (fd >= 0)
		close(fd);
	close(dir);
	return writable ? say("/ was opened by its handle, through /tmp") : NULL;
}

static const char *write_files(const struct outside *o)
{
	static const char *const dirs[] = {"", "/etc", "/usr", "/var/lib", "/boot", "/home", "/root/.."};
	(void)o;
	for (size_t i = 0; i < LENGTH(dirs); i++) {
		char path[64];
		snprintf(path, sizeof path, "%s/bindwalk-escape", dirs[i]);
		int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd >= 0)
			return unlink(path), close(fd), say("%s was made", path);
	}
	return NULL;
}

static const char *name_host(const struct outside *o)
{
	(void)o;
	return sethostname("escaped", 7) == 0 ? say("the host was named") : NULL;
}

static const char *use_shared_memory(const struct outside *o)
{
	return shmget(o->key, 0, 0) >= 0 ? say("the shared memory %#x is there", (unsigned)o->key) : NULL;
}

// Each with arguments that change nothing.
static const char *administer(const struct outside *o)
{
	struct timespec now;
	(void)o;
	clock_gettime(CLOCK_REALTIME, &now);
	if (clock_settime(CLOCK_REALTIME, &now) == 0)
		return say("the clock can be set");
	if (reboot(RB_DISABLE_CAD) == 0)
		return say("reboot() is obeyed");
	if (swapon("/nonexistent", 0) == 0 || errno != EPERM)
		return say("swapon() is obeyed: %s", strerror(errno));
	if (acct("/nonexistent") == 0 || (errno != EPERM && errno != ENOSYS))
		return say("acct() is obeyed: %s", strerror(errno));
	int kmsg = open("/proc/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg >= 0)
		return close(kmsg), say("the kernel's log can be read");
	return NULL;
}

static const struct escape escapes[] = {
	{"write the MTU in /sys", write_sysfs_mtu},
	{"write to /sys", write_sysfs},
	{"write sysctls of the whole system", write_sysctls},
	{"write a sysctl of the network", write_net_sysctl},
	{"look through /proc/PID/root and ns", process_root},
	{"join the namespaces of other processes", join_namespaces},
	{"use inherited descriptors", use_descriptors},
	{"send signals", signal_outside},
	{"trace and read other processes", trace_others},
	{"unmount, and mount for writing", mount_again},
	{"mount the kernel's file systems", mount_kernel},
	{"make a device and open it", make_device},
	{"find a device", open_devices},
	{"load a module", load_module},
	{"load a BPF program", load_bpf},
	{"send packets", send_outside},
	{"connect to an abstract socket", connect_abstract},
	{"find the sockets of services", list_run},
	{"leave by chroot", leave_chroot},
	{"open a file by its handle", open_by_handle},
	{"write files", write_files},
	{"name the host", name_host},
	{"use shared memory", use_shared_memory},
	{"set the clock, reboot, swap, account, read the log", administer},
};

size_t escape_count(void)
{
	return LENGTH(escapes);
}

const struct escape *escape_at(size_t n)
{
	return &escapes[n];
}
