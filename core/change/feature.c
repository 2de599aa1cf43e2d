// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/feature.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/model/fail.h"

enum { VRF_TABLE = 4711 };

static int add_vrf(void)
{
	struct changer *c;
	int err = unshare(CLONE_NEWNET) < 0 ? -errno : change_open(&c);
	if (err < 0)
		return err;
	err = change_vrf_add(c, "vrf", VRF_TABLE);
	change_close(c);
	return err;
}

// In a child, so that the present namespace does not get another interface index.
static int try_vrf(void)
{
	int status = 0;
	pid_t child = fork();
	if (child == 0)
		_exit(-add_vrf());
	if (child < 0)
		return -errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

int feature_try(const char *name, char *why, size_t len)
{
	if (strcmp(name, "ipv6") == 0)
		return access("/proc/net/if_inet6", F_OK) == 0 ? 0
							       : fail(-EOPNOTSUPP, why, len, "this kernel has no IPv6");
	if (strcmp(name, "vrf") != 0)
		return fail(-EINVAL, why, len, "'%.40s' is not a feature (vrf, ipv6)", name);
	int err = try_vrf();
	if (err == -EOPNOTSUPP)
		return fail(err, why, len, "this kernel has no VRFs; as root: modprobe vrf");
	return err < 0 ? fail(-EOPNOTSUPP, why, len, "cannot create a VRF here: %s", strerror(-err)) : 0;
}
