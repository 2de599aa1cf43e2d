// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/probe_types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/evidence/unseen_mount.h"
#include "core/model/fail.h"

// The next function of the types, NULL at the end.
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

static void find_kernels(const struct btf *btf, struct probe_types *out)
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

static void find_modules(struct btf *kernel, struct probe_types *out)
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

static void read_mode(char *mode, size_t len)
{
	int folder = open("/sys/kernel/debug", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    fd = openat(folder, "sched/preempt", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (folder >= 0)
			close(folder);
		folder = unseen_mount("debugfs");
		fd = openat(folder, "sched/preempt", O_RDONLY | O_CLOEXEC);
	}
	ssize_t n = fd < 0 ? -1 : read(fd, mode, len - 1);
	mode[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
}

static bool preempts(void)
{
	struct utsname u;
	char mode[64];
	read_mode(mode, sizeof mode);
	return uname(&u) < 0 || probe_preempts(u.version, mode);
}

// libbpf looks in other places as well, and gives the last one's errno.
static int no_types(char *err, size_t errlen)
{
	static const char file[] = "/sys/kernel/btf/vmlinux";
	int fd = open(file, O_RDONLY | O_CLOEXEC), code = fd < 0 ? -errno : -ENOMEM;
	if (fd >= 0)
		close(fd);
	if (code == -ENOENT && access("/sys/kernel", F_OK) < 0)
		return fail(code, err, errlen, "/sys is not mounted; as root: mount -t sysfs sysfs /sys");
	if (code == -ENOENT)
		return fail(code, err, errlen,
			    "this kernel does not describe its types (CONFIG_DEBUG_INFO_BTF): boot one that does");
	return fail(code, err, errlen, "the kernel's description of its types (%s) cannot be read: %s", file,
		    code == -EMFILE ? "too many open files: ulimit -n" : strerror(-code));
}

int probe_types_read(struct probe_types *out, char *err, size_t errlen)
{
	*out = (struct probe_types){0};
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		out->arguments[f] = -1;
	struct btf *btf = btf__load_vmlinux_btf();
	if (!btf)
		return no_types(err, errlen);
	find_kernels(btf, out);
	find_modules(btf, out);
	out->preempts = preempts();
	btf__free(btf);
	return 0;
}
