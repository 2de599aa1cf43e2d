// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_user.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/complain.h"

static gid_t *groups_of(const struct passwd *p, size_t *n)
{
	int count = 0;
	getgrouplist(p->pw_name, p->pw_gid, NULL, &count);
	gid_t *groups = calloc((size_t)count, sizeof *groups);
	if (groups && getgrouplist(p->pw_name, p->pw_gid, groups, &count) < 0) {
		free(groups);
		groups = NULL;
	}
	*n = (size_t)count;
	return groups;
}

enum exit_status trace_user_find(const char *name, struct launch_user *out)
{
	*out = (struct launch_user){0};
	if (geteuid() != 0) {
		complain("--user needs root: sudo bindwalk trace --user %.80s -- COMMAND", name);
		return EXIT_MISSING;
	}
	const struct passwd *p = getpwnam(name);
	if (!p) {
		complain("--user '%.80s' is not a user of this host; expected a name, as in /etc/passwd", name);
		return EXIT_WRONG;
	}
	*out = (struct launch_user){.uid = p->pw_uid,
				    .gid = p->pw_gid,
				    .name = strdup(p->pw_name),
				    .home = strdup(p->pw_dir),
				    .shell = strdup(p->pw_shell[0] ? p->pw_shell : "/bin/sh")};
	out->groups = groups_of(p, &out->ngroups);
	if (out->name && out->home && out->shell && out->groups)
		return EXIT_OK;
	complain("out of memory");
	trace_user_free(out);
	return EXIT_MISSING;
}

void trace_user_free(struct launch_user *u)
{
	free((void *)u->name);
	free((void *)u->home);
	free((void *)u->shell);
	free((void *)u->groups);
	*u = (struct launch_user){0};
}

char *trace_user_own(void)
{
	char *number = NULL;
	const struct passwd *p = getpwuid(getuid());
	if (p)
		return strdup(p->pw_name);
	return asprintf(&number, "%u", getuid()) < 0 ? NULL : number;
}
