// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/observed.h"

#include <linux/rtnetlink.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>

#include "core/evidence/trial.h"

struct changer *c;
struct observer *o;

int enter_here(void **state)
{
	(void)state;
	char err[256];
	return change_open(&c) < 0 || observe_open(&o, err, sizeof err) < 0 ? -1 : 0;
}

int enter_fresh(void **state)
{
	return unshare(CLONE_NEWNET) < 0 ? -1 : enter_here(state);
}

int enter_up(void **state)
{
	return enter_fresh(state) < 0 || change_link_up(c, "lo", true) < 0 ? -1 : 0;
}

int leave(void **state)
{
	(void)state;
	change_close(c);
	observe_close(o);
	return 0;
}

struct host *observe(void)
{
	struct host *h;
	char err[256] = "";
	if (observe_read(o, &h, err, sizeof err) < 0)
		fail_msg("%s", err);
	return h;
}

int bind_to(const char *text)
{
	struct trial t;
	struct addr a = live_addr(text);
	struct attempt attempt = attempt_new(&a);
	assert_int_equal(trial_run(&attempt, &live_root, &t), 0);
	return t.err;
}

int route(bool add, const char *dst, uint8_t type, uint32_t table, const char *dev)
{
	return change_route(c, add, dev, &(struct edit_route){.dst = live_prefix(dst), .type = type, .table = table});
}

int rule(bool add, uint32_t priority, uint32_t table, const char *from)
{
	struct edit_rule r = {.rule = {.family = AF_INET, .priority = priority, .table = table}, .has_priority = true};
	if (from)
		r.rule.from = live_prefix(from);
	return change_rule(c, add, &r);
}

const struct route_info *find_route(const struct host *h, const char *text, uint32_t table)
{
	struct prefix want = live_prefix(text);
	bool v4 = want.addr.family == AF_INET;
	for (size_t i = 0; i < (v4 ? h->nroutes4 : h->nroutes6); i++) {
		struct prefix p = v4 ? host_prefix4(h, i) : host_prefix6(h, i);
		const struct route_info *info = v4 ? host_info4(h, i) : host_info6(h, i);
		if (p.len == want.len && addr_equal(&p.addr, &want.addr) && info->table == table)
			return info;
	}
	return NULL;
}

const struct route_info *the_route(const struct host *h, const char *text, uint32_t table)
{
	const struct route_info *info = find_route(h, text, table);
	if (!info)
		fail_msg("no route %s in table %u", text, table);
	return info;
}

const struct host_addr *find_addr(const struct host *h, const char *text)
{
	struct addr a = live_addr(text);
	size_t i = host_find_addr(h, &a);
	return i < h->naddrs ? &h->addrs[i] : NULL;
}

const struct host_addr *the_addr(const struct host *h, const char *text)
{
	const struct host_addr *a = find_addr(h, text);
	if (!a)
		fail_msg("no address %s", text);
	return a;
}

time_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

struct host *observe_with(const char *text, uint32_t table)
{
	time_t end = now() + PATIENCE;
	struct host *h = observe();
	while (!find_route(h, text, table) && now() <= end) {
		host_free(h);
		h = observe();
	}
	return h;
}

void add_and_delete_rule(void)
{
	assert_int_equal(rule(true, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	assert_int_equal(rule(false, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
}

int open_socket(int family, int type, const char *text, uint16_t port)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	struct addr a = live_addr(text);
	struct attempt at = attempt_new(&a);
	at.port = port;
	struct sockaddr_storage ss;
	unsigned len = attempt_sockaddr(&at, &ss);
	assert_int_equal(bind(fd, (struct sockaddr *)&ss, len), 0);
	return fd;
}
