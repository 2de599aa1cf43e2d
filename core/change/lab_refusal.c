// SPDX-License-Identifier: GPL-3.0-or-later
// Why a system refuses a private namespace. Each system has its own switch, and all of them answer with the same few
// errnos.
#include "core/change/lab_refusal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A number in a file under root, or -1 when there is none.
static long read_number(const char *root, const char *path)
{
	char name[512], line[64];
	long value = -1;

	snprintf(name, sizeof name, "%s%s", root, path);
	FILE *f = fopen(name, "re");
	if (!f)
		return -1;
	if (fgets(line, sizeof line, f)) {
		char *end;
		value = strtol(line, &end, 10);
		if (end == line)
			value = -1;
	}
	fclose(f);
	return value;
}

static long read_status(const char *root, const char *key)
{
	char name[512], line[256];
	size_t len = strlen(key);
	long value = -1;

	snprintf(name, sizeof name, "%s/proc/self/status", root);
	FILE *f = fopen(name, "re");
	if (!f)
		return -1;
	while (value < 0 && fgets(line, sizeof line, f))
		if (strncmp(line, key, len) == 0 && line[len] == ':')
			value = strtol(line + len + 1, NULL, 10);
	fclose(f);
	return value;
}

static bool is_there(const char *root, const char *path)
{
	char name[512];
	snprintf(name, sizeof name, "%s%s", root, path);
	return access(name, F_OK) == 0;
}

char *lab_refusal(const char *root, int err, char *buf, size_t len)
{
	const char *why = NULL;

	if (!is_there(root, "/proc/self/status"))
		why = "a lab needs /proc, which is not mounted; as root: mount -t proc proc /proc";
	else if (!is_there(root, "/proc/self/ns/net"))
		why = "this kernel was built without network namespaces (CONFIG_NET_NS)";
	else if (!is_there(root, "/proc/self/ns/user"))
		why = "this kernel was built without user namespaces (CONFIG_USER_NS); run Bindwalk as root";
	else if (read_number(root, "/proc/sys/user/max_user_namespaces") == 0)
		why = "user namespaces are switched off (user.max_user_namespaces is 0); "
		      "as root: sysctl -w user.max_user_namespaces=15000";
	else if (read_number(root, "/proc/sys/user/max_net_namespaces") == 0)
		why = "network namespaces are switched off (user.max_net_namespaces is 0); "
		      "as root: sysctl -w user.max_net_namespaces=15000";
	else if (err == ENOSPC)
		why = "the limit on namespaces is reached; "
		      "as root: raise the sysctls user.max_user_namespaces and user.max_net_namespaces";
	else if (err == EUSERS)
		why = "user namespaces are nested too deeply here (32 levels); start Bindwalk outside of them";
	else if (err == EINVAL)
		why = "a process with several threads cannot enter a user namespace";
	else if (err == EPERM || err == EACCES || err == ENOSYS) {
		bool filtered = read_status(root, "Seccomp") == 2;
		bool apparmor = read_number(root, "/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1;
		if (err != ENOSYS && read_number(root, "/proc/sys/kernel/unprivileged_userns_clone") == 0)
			why = "only root may create user namespaces here (kernel.unprivileged_userns_clone is 0); "
			      "as root: sysctl -w kernel.unprivileged_userns_clone=1";
		// A container shows its host's switch. It lets the namespace be made, and nothing be done in it.
		else if (apparmor && (err == EACCES || (err == EPERM && !filtered)))
			why = "AppArmor denies user namespaces to ordinary users here "
			      "(kernel.apparmor_restrict_unprivileged_userns is 1); "
			      "as root: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0, or run Bindwalk as root";
		else if (filtered)
			why = "a seccomp filter, as is usual in containers, refuses namespaces; start the container with "
			      "--security-opt seccomp=unconfined, or with --cap-add SYS_ADMIN, "
			      "or run Bindwalk outside of it";
		else if (err != ENOSYS)
			why = "the system refuses user namespaces to this process (a chroot or a security module); "
			      "run Bindwalk as root, or outside of it";
	}
	if (why)
		snprintf(buf, len, "%s", why);
	else
		snprintf(buf, len, "the system refuses a private network namespace: %s", strerror(err));
	return buf;
}
