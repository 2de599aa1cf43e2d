// SPDX-License-Identifier: GPL-3.0-or-later
// What all live tests share: a lab of their own, and addresses from text.
#ifndef BINDWALK_LIVE_H
#define BINDWALK_LIVE_H

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/model/addr.h"
#include "core/model/facts.h"
#include "core/change/lab.h"
#include "core/command/lab_make.h"
#include "core/observe/caller_read.h"

// Moves into a lab, or prints the TAP for a skipped program: then the caller returns 0 from main(). Root may hand over
// to an ordinary user before, named by number: tests/as-user.sh.
static inline bool live_enter(void)
{
	char err[LAB_ERROR] = "this user can't be become";
	const char *user = getenv("BINDWALK_TEST_USER");
	uid_t uid = user ? (uid_t)strtoul(user, NULL, 10) : 0;
	// Whose own program this were could look at it in /proc.
	if ((!uid || (setgid((gid_t)uid) == 0 && setuid(uid) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0)) &&
	    lab_enter(err, sizeof err) == 0)
		return true;
	printf("1..0 # SKIP %s\n", err);
	return false;
}

static inline struct addr live_addr(const char *text)
{
	struct addr a = {0};
	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

__attribute__((unused)) static struct attempt live_attempt(const char *text, uint16_t port)
{
	struct addr addr = live_addr(text);
	struct attempt a = attempt_new(&addr);
	a.port = port;
	return a;
}

static inline struct prefix live_prefix(const char *text)
{
	struct prefix p = {0};
	assert_int_equal(prefix_parse(text, &p), 0);
	return p;
}

// We ourselves on that host, and nothing that was asked; good until the next call.
__attribute__((unused)) static const struct facts *live_facts(const struct host *h, bool unprivileged)
{
	static struct caller caller;
	static struct question unasked;
	static struct facts f;
	assert_int_equal(caller_read(0, h, &caller), 0);
	if (unprivileged)
		caller = caller_unprivileged(&caller);
	f = (struct facts){h, &caller, &unasked};
	return &f;
}

// Whom a trial is made as.
static const struct caller live_root __attribute__((unused)), live_low __attribute__((unused)) = {.unprivileged = true};

#endif
