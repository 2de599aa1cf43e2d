// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/credentials.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/observe/proc.h"

// What follows "Key:" at the start of a line, NULL for no such line.
static const char *value_of(const char *text, const char *key)
{
	size_t len = strlen(key);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " \t");
	}
	return NULL;
}

static bool read_ids(const char *text, const char *key, uint32_t ids[static IDS])
{
	const char *at = value_of(text, key);
	unsigned n = 0;
	while (at && n < IDS && credentials_next_group(&at, &ids[n]))
		n++;
	return n == IDS;
}

static bool read_set(const char *text, const char *key, uint64_t *set)
{
	const char *at = value_of(text, key);
	char *end = NULL;
	*set = at ? strtoull(at, &end, 16) : 0;
	return at && end != at;
}

int credentials_parse(const char *text, struct credentials *out)
{
	unsigned long value;
	const char *name = value_of(text, "Name"), *state = value_of(text, "State");
	out->groups = value_of(text, "Groups");
	bool whole = name && state && out->groups && read_ids(text, "Uid", out->uid) &&
		     read_ids(text, "Gid", out->gid) && read_set(text, "CapInh", &out->inheritable) &&
		     read_set(text, "CapPrm", &out->permitted) && read_set(text, "CapEff", &out->effective) &&
		     read_set(text, "CapBnd", &out->bounding);
	if (!whole)
		return -EBADMSG;
	read_set(text, "CapAmb", &out->ambient);
	snprintf(out->comm, sizeof out->comm, "%.*s", (int)strcspn(name, "\n"), name);
	out->state = *state;
	out->no_new_privs = proc_field(text, "NoNewPrivs", 10, &value) == 0 && value != 0;
	// A kernel without seccomp has no such line.
	out->seccomp = proc_field(text, "Seccomp", 10, &value) == 0 && value != 0 ? YES : NO;
	out->filters = proc_field(text, "Seccomp_filters", 10, &value) == 0 ? value : 0;
	return 0;
}

int credentials_read(pid_t pid, struct credentials *out)
{
	char path[64];
	ssize_t got = proc_read("", proc_path(pid, "status", path, sizeof path), out->text, sizeof out->text);
	if (got < 0)
		return pid && got == -ENOENT ? -ESRCH : (int)got;
	return credentials_parse(out->text, out);
}

bool credentials_next_group(const char **at, uint32_t *gid)
{
	const char *p = *at + strspn(*at, " \t");
	char *end;
	if (*p < '0' || *p > '9')
		return false;
	*gid = (uint32_t)strtoul(p, &end, 10);
	*at = end;
	return true;
}

bool credentials_same_groups(const struct credentials *a, const struct credentials *b)
{
	const char *x = a->groups, *y = b->groups;
	uint32_t one = 0, other = 0;
	bool more = true, still = true, same = memcmp(a->gid, b->gid, sizeof a->gid) == 0;
	while (same && more && still) { // the kernel keeps them sorted
		more = credentials_next_group(&x, &one);
		still = credentials_next_group(&y, &other);
		same = more == still && (!more || one == other);
	}
	return same;
}
