// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/edited.h"

#include <dirent.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/change/inventory_read.h"
#include "core/command/command_edit.h"
#include "core/observe/clock.h"

char state_home[] = "/tmp/bindwalk-journal-XXXXXX";

struct edit line(const char *text)
{
	char err[COMMAND_ERROR] = "";
	struct edit e[COMMAND_EDITS];
	if (command_edit_line(text, e, err, sizeof err) != 1)
		fail_msg("%s: %s", text, err);
	return e[0];
}

void make(struct editor *e, const char *text)
{
	char err[EDIT_ERROR] = "";
	struct edit edit = line(text);
	if (editor_make(e, &edit, err, sizeof err) < 0)
		fail_msg("%s: %s", text, err);
}

enum editor_consent agree(enum editor_act act, const struct edit *e, void *data)
{
	(void)act;
	(void)e;
	++*(unsigned *)data;
	return EDITOR_YES;
}

enum editor_consent decline(enum editor_act act, const struct edit *e, void *data)
{
	(void)act;
	(void)e;
	(void)data;
	return EDITOR_NO;
}

unsigned asked;
struct changer *changer;

struct editor *open_editor(bool journal)
{
	char err[EDIT_ERROR];
	struct editor *e;
	if (editor_open(&e, journal, err, sizeof err) < 0)
		fail_msg("%s", err);
	editor_ask(e, agree, &asked);
	return e;
}

void close_editor(struct editor *e)
{
	char err[EDIT_ERROR] = "";
	if (editor_close(e, err, sizeof err) < 0)
		fail_msg("%s", err);
}

// An address is as it will be when duplicate address detection is over: that may be before the next look, or after it.
struct inventory look(void)
{
	struct inventory s;
	assert_int_equal(inventory_read(&s, INVENTORY_ALL, NULL, NULL), 0);
	for (size_t i = 0; i < s.n; i++)
		if (s.edits[i].kind == EDIT_ADDR && s.edits[i].addr.tentative)
			s.edits[i].addr.flags |= IFA_F_NODAD;
	return s;
}

static bool has(const struct inventory *s, const char *route, const char *dev)
{
	char text[EDIT_TEXT];
	snprintf(text, sizeof text, "route add %.80s dev %s table local proto kernel", route, dev);
	struct edit e = line(text);
	return inventory_holds(s, &e);
}

// Will the kernel give the interface a link-local address (net.ipv6.conf.DEV.addr_gen_mode 0)?
static bool generates_address(const char *dev)
{
	char path[96];
	snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/addr_gen_mode", dev);
	FILE *f = fopen(path, "re");
	bool generates = f && fgetc(f) == '0';
	if (f)
		fclose(f);
	return generates;
}

static bool has_link_local(const struct inventory *s, const char *dev)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct edit *e = &s->edits[i];
		if (e->kind == EDIT_ADDR && edit_family(e) == AF_INET6 && strcmp(e->dev, dev) == 0 &&
		    (addr6_class(&e->addr.addr) & ADDR6_LINKLOCAL))
			return true;
	}
	return false;
}

// Is all there that the kernel makes of IPv6 a moment after an interface came up, or an address was added?
static bool is_settled(const struct inventory *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct edit *e = &s->edits[i];
		struct edit up = {.kind = EDIT_UP, .add = true};
		char text[EDIT_TEXT], addr[ADDR_TEXT];
		memcpy(up.dev, e->dev, sizeof up.dev);
		if ((e->kind != EDIT_ADDR && e->kind != EDIT_LINK) || !inventory_holds(s, &up))
			continue;
		if (e->kind == EDIT_ADDR && edit_family(e) == AF_INET6) {
			snprintf(text, sizeof text, "local %s", addr_print(&e->addr.addr, addr));
			if (!has(s, text, e->dev))
				return false;
		}
		// The address comes a moment after the route: between the two looks at them, both may have come.
		if (e->kind == EDIT_LINK && !e->link.no_carrier && strcmp(e->dev, "lo") != 0 &&
		    (!has(s, "multicast ff00::/8 metric 256", e->dev) ||
		     (generates_address(e->dev) && !has_link_local(s, e->dev))))
			return false;
	}
	return true;
}

struct inventory look_settled(void)
{
	enum { TRIES = 20000, PAUSE_NS = 2000000 };
	for (int i = 0; i < TRIES; i++) {
		struct inventory s = look();
		if (is_settled(&s))
			return s;
		inventory_free(&s);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	fail_msg("the kernel does not make what belongs to the IPv6 addresses");
	return (struct inventory){0};
}

static bool is_ordered(const struct edit *e)
{
	return e->kind == EDIT_RULE || (e->kind == EDIT_ROUTE && e->route.dst.addr.family == AF_INET) ||
	       (e->kind == EDIT_ADDR && e->addr.addr.family == AF_INET6);
}

static const struct edit *next_ordered(const struct inventory *s, size_t *at)
{
	while (*at < s->n)
		if (is_ordered(&s->edits[(*at)++]))
			return &s->edits[*at - 1];
	return NULL;
}

static bool is_same(const struct inventory *before, const struct inventory *now, char text[static EDIT_TEXT])
{
	char was[EDIT_TEXT];
	struct inventory steps = {0};
	assert_int_equal(inventory_difference(now, before, INVENTORY_LOST | INVENTORY_NEW, &steps), 0);
	size_t n = steps.n, i = 0, k = 0;
	if (n)
		edit_print(&steps.edits[0], text, EDIT_TEXT);
	inventory_free(&steps);
	if (n)
		return false;
	for (size_t l = 0; l < before->n; l++) {
		const struct edit *link = &before->edits[l];
		if (link->kind == EDIT_LINK && inventory_find(now, link)->link.index != link->link.index) {
			snprintf(text, EDIT_TEXT, "the index of %s", link->dev);
			return false;
		}
	}
	for (const struct edit *a, *b; (a = next_ordered(before, &i)) && (b = next_ordered(now, &k));)
		if (strcmp(edit_print(a, was, sizeof was), edit_print(b, text, EDIT_TEXT)) != 0)
			return false;
	return true;
}

void assert_same(const struct inventory *before, const char *when)
{
	enum { PATIENCE_MS = 120000, PAUSE_NS = 5000000 };
	char text[EDIT_TEXT] = "";
	for (int64_t end = now_ms() + PATIENCE_MS; now_ms() < end;) {
		struct inventory now = look();
		bool same = is_same(before, &now, text);
		inventory_free(&now);
		if (same)
			return;
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
	fail_msg("%s: still different: %s", when, text);
}

void apply(const char *text)
{
	struct edit e = line(text);
	int rc = edit_apply(changer, &e);
	if (rc < 0)
		fail_msg("%s: %s %s", text, strerror(-rc), change_why(changer));
}

unsigned journals(void)
{
	char path[64];
	unsigned n = 0;
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		n += strncmp(e->d_name, "journal-", 8) == 0;
	if (d)
		closedir(d);
	return n;
}

void clear_journals(void)
{
	char path[400];
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
}

static int furnish(void **state)
{
	(void)state;
	if (change_open(&changer) < 0)
		return -1;
	apply("address add 198.51.100.1/24 dev eth0");
	apply("address add 198.51.100.2/24 dev eth0");
	apply("route add 203.0.113.0/24 via 198.51.100.9 src 198.51.100.1");
	apply("route add default via 192.0.2.1 metric 7");
	apply("route add local 10.1.0.0/16 dev lo");
	apply("nexthop add id 9 dev eth0");
	apply("route add 10.2.0.0/16 nhid 9");
	apply("rule add pref 77 from 10.0.0.0/8 lookup 77");
	apply("-6 route add 2001:db8:7::/48 via 2001:db8::1");
	return 0;
}

static int clear(void **state)
{
	(void)state;
	for (const char *const *l =
		     (const char *const[]){
			     "route del 10.2.0.0/16", "nexthop del id 9", "route del local 10.1.0.0/16 dev lo",
			     "route del default", "route del 203.0.113.0/24", "address del 198.51.100.2/24 dev eth0",
			     "address del 198.51.100.1/24 dev eth0", "rule del pref 77 from 10.0.0.0/8 lookup 77",
			     "-6 route del 2001:db8:7::/48", NULL};
	     *l; l++)
		apply(*l);
	change_close(changer);
	return 0;
}

int edited_run(const struct CMUnitTest *tests, size_t n)
{
	if (!live_enter())
		return 0;
	if (!mkdtemp(state_home) || setenv("XDG_STATE_HOME", state_home, 1) < 0)
		return 99;
	int failed = _cmocka_run_group_tests("tests", tests, n, furnish, clear);
	char path[64];
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	rmdir(path);
	rmdir(state_home);
	return failed;
}
