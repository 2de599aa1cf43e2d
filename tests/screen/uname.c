// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded: the kernel's release and the host's name as they are in pictures, so that these do not depend on where
// they are made. The release is a long one: otherwise the title has room for the way into the lab whenever the process
// id in it is a short one.
#include <dlfcn.h>
#include <stdio.h>
#include <sys/utsname.h>

int uname(struct utsname *u)
{
	int (*real)(struct utsname *) = NULL;
	*(void **)&real = dlsym(RTLD_NEXT, "uname");
	int rc = real ? real(u) : -1;
	if (rc == 0) {
		snprintf(u->nodename, sizeof u->nodename, "host");
		snprintf(u->release, sizeof u->release, "6.18.44-amd64");
	}
	return rc;
}
