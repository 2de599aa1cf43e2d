// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/tier_try.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/change/lab_refusal.h"
#include "core/evidence/bind_probe.h"
#include "core/evidence/witness.h"
#include "core/observe/caller_read.h"

// A process cannot leave a namespace again, so a child tries, and its exit status is the errno.
static bool try_lab(char *why, size_t len)
{
	char err[LAB_ERROR];
	int status;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		_exit(-lab_enter_empty(err, sizeof err));
	if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) {
		snprintf(why, len, "Bindwalk could not try it: %s", strerror(errno));
		return false;
	}
	if (WEXITSTATUS(status))
		lab_refusal("", WEXITSTATUS(status), why, len);
	return WEXITSTATUS(status) == 0;
}

static bool try_net(char *why, size_t len)
{
	struct host *h = host_new();
	struct caller caller;
	int err = h ? caller_read(0, h, &caller) : -ENOMEM;
	host_free(h);
	if (err < 0) {
		snprintf(why, len, "Bindwalk could not try it: %s", strerror(-err));
		return false;
	}
	snprintf(why, len, "this needs CAP_NET_ADMIN or CAP_NET_RAW; run Bindwalk as root, or in a lab");
	return caller.net_admin == YES || caller.net_raw == YES;
}

static bool try_trace(char *why, size_t len)
{
	return witness_points(why, len) == 0;
}

// The few functions that only bind calls stand for all.
static bool try_bpf(char *why, size_t len)
{
	const struct bind_probe_how how = {.own_thread = true, .quiet = true};
	struct bind_probe *p = NULL;
	int rc = bind_probe_open(&how, &p, why, len);
	if (rc == 0)
		bind_probe_close(p);
	return rc == 0;
}

bool tier_try(enum tier t, char *why, size_t len)
{
	switch (t) {
	case TIER_USER:
		return true;
	case TIER_LAB:
		return try_lab(why, len);
	case TIER_NET:
		return try_net(why, len);
	case TIER_TRACE:
		return try_trace(why, len);
	default:
		return try_bpf(why, len);
	}
}
