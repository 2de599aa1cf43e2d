// SPDX-License-Identifier: GPL-3.0-or-later
// `lab --with copy`: what binds in the original binds in the copy, for the same reason.
//
//   BINDWALK_COPY_SEED    for the first original (1); "random" draws one
//   BINDWALK_COPY_STATES  how many originals (3)
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/change/inventory_read.h"
#include "core/change/lab_copy.h"
#include "core/command/command_edit.h"
#include "core/command/lab_make.h"
#include "core/command/lab_recipe.h"
#include "core/evidence/trial.h"
#include "core/model/decide.h"
#include "core/model/host_equal.h"
#include "core/observe/clock.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"
#include "tests/oracle/state.h"
#include "tests/oracle/tries.h"

enum { ROUTES = 1000, ATTEMPTS = 1000 };

struct verdict {
	enum call predicted_call, call;
	int predicted, observed;
	enum code code;
};

static uint64_t seed;
static struct attempt attempts[ATTEMPTS];
static bool low[ATTEMPTS]; // made without capabilities
static struct verdict before[ATTEMPTS];
static struct walk walk;

static struct host *observe(void)
{
	char err[256];
	struct observer *o;
	struct host *h = NULL;
	if (observe_open(&o, err, sizeof err) < 0 || observe_read(o, &h, err, sizeof err) < 0)
		fail_msg("%s", err);
	observe_close(o);
	return h;
}

static struct verdict judge(struct host *h, const struct attempt *a, bool unprivileged)
{
	struct trial t;
	decide(live_facts(h, unprivileged), a, &walk);
	assert_int_equal(trial_run(a, unprivileged ? &live_low : &live_root, &t), 0);
	return (struct verdict){walk.predicted.call, t.call, walk.predicted.err, t.err, walk.code};
}

static void add_routes(struct chance *c, const struct host *h)
{
	static const uint8_t types[] = {RTN_LOCAL, RTN_UNICAST, RTN_UNICAST, RTN_BLACKHOLE, RTN_BROADCAST};
	static const uint32_t tables[] = {RT_TABLE_LOCAL, RT_TABLE_MAIN, RT_TABLE_MAIN, 10, 77};
	struct changer *ch;
	assert_int_equal(change_open(&ch), 0);
	for (int i = 0, made = 0; made < ROUTES && i < 4 * ROUTES; i++) {
		uint8_t len = (uint8_t)(8 + chance_below(c, 25));
		struct addr any = addr_from_v4(chance_next(c) & 0x7fffffff);
		if (chance_percent(c, 40))
			any = random_v4(c);
		struct edit_route r = {.dst = {.addr = addr_masked(&any, len), .len = len},
				       .type = CHANCE_OF(c, types),
				       .table = CHANCE_OF(c, tables),
				       .metric = chance_below(c, 3)};
		const char *dev = r.type == RTN_BLACKHOLE ? NULL : h->links[chance_below(c, (unsigned)h->nlinks)].name;
		made += change_route(ch, true, dev, &r) == 0;
	}
	change_close(ch);
}

// Each line a comment of the TAP; cmocka's own messages end after some 1,000 characters.
static void print_log(const char *log)
{
	while (*log) {
		int len = (int)strcspn(log, "\n");
		printf("# %.*s\n", len, log);
		log += len + (log[len] != '\0');
	}
}

// The copy leaves out an address that turned out to be a duplicate. What is refused is refused there as well, but not
// always for the same reason: the duplicate is not a near miss there, nor is its prefix's anycast address.
static bool has_duplicate(const struct host *h)
{
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].flags & IFA_F_DADFAILED)
			return true;
	return false;
}

static unsigned compare(const struct state *s, const struct host *original, struct host *copy)
{
	unsigned differ = 0;
	for (unsigned i = 0; i < ATTEMPTS; i++) {
		struct verdict now = judge(copy, &attempts[i], low[i]);
		char text[ATTEMPT_TEXT];
		if (now.predicted == EADDRNOTAVAIL && before[i].predicted == EADDRNOTAVAIL && has_duplicate(original))
			now.code = before[i].code;
		if (memcmp(&now, &before[i], sizeof now) == 0)
			continue;
		if (differ++)
			continue;
		printf("# seed %llu, %s: original %s %s (%s), copy %s %s (%s)\n", (unsigned long long)seed,
		       attempt_print(&attempts[i], text), errno_name(before[i].predicted),
		       errno_name(before[i].observed), code_info(before[i].code)->name, errno_name(now.predicted),
		       errno_name(now.observed), code_info(now.code)->name);
		print_log(s->log);
	}
	return differ;
}

// Has the kernel heard of the carrier that is there, or is not? What it tells its routes comes with that
// (linkwatch_do_dev(), net/core/link_watch.c).
static bool is_heard(const struct link *l)
{
	if (!(l->flags & IFF_UP) || l->flags & IFF_LOOPBACK)
		return true;
	return l->flags & IFF_LOWER_UP ? l->operstate == IF_OPER_UP : l->operstate == IF_OPER_LOWERLAYERDOWN;
}

// Duplicate detection ends on its own, in the original as in the copy. Where it began before the carrier was lost it
// goes on; where it did not it waits for the carrier, and nothing tells which of the two it is: so for that, no longer
// than it can take.
static struct host *observe_settled(void)
{
	enum { PAUSE_MS = 20, DAD_MS = 3000, PATIENCE_MS = 120000 };
	int64_t deadline = now_ms() + PATIENCE_MS;
	for (int waited = 0;; waited += PAUSE_MS) {
		struct host *h = observe();
		bool goes_on = false, waits = false;
		for (size_t i = 0; i < h->nlinks; i++)
			goes_on |= !is_heard(&h->links[i]);
		for (size_t i = 0; i < h->naddrs; i++) {
			const struct link *l = host_link(h, h->addrs[i].index);
			bool detecting = (h->addrs[i].flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == IFA_F_TENTATIVE;
			if (detecting && l->flags & IFF_UP)
				*(l->operstate == IF_OPER_UP ? &goes_on : &waits) = true;
		}
		if (!goes_on && (!waits || waited >= DAD_MS))
			return h;
		if (now_ms() > deadline)
			fail_msg("seed %llu: the namespace does not settle", (unsigned long long)seed);
		host_free(h);
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
	}
}

// What happens to the original, and what is known of the copy, is of one and the same state: where the kernel, held up,
// still changed it meanwhile, once more. It settles for good, so that no more than a few times.
static struct host *judge_original(const struct state *s, const struct chance *from, struct lab_copy *copy)
{
	enum { TRIES = 10 };
	char err[1024] = "";
	for (int i = 0; i < TRIES; i++) {
		struct chance c = *from;
		struct host *h = observe_settled();
		for (unsigned k = 0; k < ATTEMPTS; k++) {
			attempts[k] = random_attempt(h, s, &c, &low[k]);
			before[k] = judge(h, &attempts[k], low[k]);
		}
		if (lab_copy_read(copy, err, sizeof err) < 0)
			fail_msg("%s", err);
		struct host *now = observe();
		bool same = host_equal(h, now);
		host_free(now);
		if (same)
			return h;
		host_free(h);
		lab_copy_free(copy);
	}
	fail_msg("seed %llu: the original never stays as it is", (unsigned long long)seed);
	return NULL;
}

// A difference in the copy also counts unless the kernel changed it meanwhile.
static unsigned compare_settled(const struct state *s, const struct host *original, struct host **copy)
{
	enum { TRIES = 10 };
	unsigned differ = compare(s, original, *copy);
	for (int i = 0; differ && i < TRIES; i++) {
		struct host *now = observe();
		bool same = host_equal(*copy, now);
		host_free(now);
		if (same)
			break;
		host_free(*copy);
		*copy = observe_settled();
		differ = compare(s, original, *copy);
	}
	return differ;
}

// In a child, which ends in the copy. The number of differences.
static unsigned copy_one(uint64_t from)
{
	static struct state s;
	struct chance c = chance_new(from);
	struct lab_copy copy;
	char err[1024] = "";
	if (lab_enter_empty(err, sizeof err) < 0)
		fail_msg("%s", err);
	memset(before, 0, sizeof before);
	state_make(&s, &c, false); // they are not copied
	struct host *h = observe();
	add_routes(&c, h);
	host_free(h);
	h = judge_original(&s, &c, &copy);
	if (lab_enter_with(lab_copy_furnish, &copy, err, sizeof err) < 0)
		fail_msg("%s", err);
	if (lab_remark()[0])
		print_message("# %s\n", lab_remark());
	struct host *there = observe_settled();
	print_message(
		"# %zu links, %zu addresses, %zu IPv4 routes of those that bind asks for, %zu rules; in the copy %zu, "
		"%zu, %zu, %zu\n",
		h->nlinks, h->naddrs, h->nroutes4, h->nrules, there->nlinks, there->naddrs, there->nroutes4,
		there->nrules);
	unsigned differ = compare_settled(&s, h, &there);
	host_free(h);
	host_free(there);
	lab_copy_free(&copy);
	return differ;
}

static void same_verdicts(void **state)
{
	(void)state;
	const char *wanted = getenv("BINDWALK_COPY_STATES");
	int states = wanted ? atoi(wanted) : 3;
	for (int i = 0; i < states; i++, seed++) {
		int status;
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			unsigned differ = copy_one(seed);
			fflush(stdout);
			_exit(differ > 100 ? 100 : (int)differ);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			fail_msg("seed %llu: status %d", (unsigned long long)seed, status);
	}
}

// A device with its other end elsewhere, which is down: up here, without a carrier.
static void make_without_carrier(struct changer *c, const char *name)
{
	int here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_true(here >= 0);
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	int there = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_true(there >= 0);
	assert_int_equal(setns(here, CLONE_NEWNET), 0);
	assert_int_equal(change_veth_add(c, name, name, there), 0);
	assert_int_equal(change_link_up(c, name, true), 0);
	close(here); // the other one stays, with its end of the pair
}

static void make(struct changer *c, const char *text)
{
	char err[COMMAND_ERROR];
	struct edit e[COMMAND_EDITS];
	if (command_edit_line(text, e, err, sizeof err) != 1)
		fail_msg("%s: %s", text, err);
	if (edit_apply(c, e) < 0)
		fail_msg("%s: %s", text, change_why(c));
}

// How many of the things in `what` are missing, or new, or in another order.
static unsigned lacks(const struct inventory *was, unsigned what)
{
	struct inventory now, steps = {0};
	char text[EDIT_TEXT], other[EDIT_TEXT];
	unsigned n = 0;
	assert_int_equal(inventory_read(&now, what, NULL, NULL), 0);
	assert_int_equal(inventory_difference(&now, was, INVENTORY_LOST | INVENTORY_NEW, &steps), 0);
	for (size_t i = 0; i < steps.n; i++, n++)
		printf("# %s\n", edit_print(&steps.edits[i], text, sizeof text));
	for (size_t i = 0; i < was->n && i < now.n && was->edits[i].kind == EDIT_RULE; i++)
		n += strcmp(edit_print(&was->edits[i], text, sizeof text),
			    edit_print(&now.edits[i], other, sizeof other)) != 0;
	inventory_free(&steps);
	inventory_free(&now);
	return n;
}

// In a child, which ends in the copy.
static unsigned copy_of_host_without_carrier(void)
{
	struct changer *c;
	struct inventory rules, rest;
	struct lab_copy copy;
	char err[1024] = "";
	if (lab_enter_empty(err, sizeof err) < 0)
		fail_msg("%s", err);
	assert_int_equal(change_open(&c), 0);
	make_without_carrier(c, "with-15-letters");
	make_without_carrier(c, "with-15-letterz");
	make(c, "link add v7 type veth peer v8");
	make(c, "address add 172.17.0.1/16 dev with-15-letters");
	make(c, "address add 2001:db8:17::1/64 dev with-15-letterz nodad");
	make(c, "rule add pref 50 lookup 99");
	make(c, "rule add pref 50 to 10.0.0.0/8 lookup 98");
	make(c, "rule add pref 50 lookup 97 protocol boot");
	make(c, "-6 rule add pref 50 lookup 99 protocol static");
	change_close(c);
	assert_int_equal(inventory_read(&rules, 1 << EDIT_RULE, NULL, NULL), 0);
	assert_int_equal(inventory_read(&rest, 1 << EDIT_UP | 1 << EDIT_ADDR, NULL, NULL), 0);
	struct host *h = observe();
	if (lab_copy_read(&copy, err, sizeof err) < 0 || lab_enter_with(lab_copy_furnish, &copy, err, sizeof err) < 0)
		fail_msg("%s", err);
	struct host *there = observe();
	unsigned n = strstr(lab_remark(), "could not be copied") != NULL;
	if (n)
		printf("# %s\n", lab_remark());
	n += lacks(&rules, 1 << EDIT_RULE);
	const char *const names[] = {"lo", "with-15-letters", "with-15-letterz", "v7", "v8"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct link *a = host_link_named(h, names[i]), *b = host_link_named(there, names[i]);
		if (!a || !b || a->index != b->index || (a->flags ^ b->flags) & (IFF_UP | IFF_LOWER_UP)) {
			printf("# %s is not as in the original\n", names[i]);
			n++;
		}
	}
	for (size_t i = 0; i < rest.n; i++) {
		struct inventory now;
		assert_int_equal(inventory_read(&now, 1 << EDIT_UP | 1 << EDIT_ADDR, NULL, NULL), 0);
		n += !inventory_holds(&now, &rest.edits[i]);
		inventory_free(&now);
	}
	host_free(h);
	host_free(there);
	lab_copy_free(&copy);
	inventory_free(&rules);
	inventory_free(&rest);
	return n;
}

static void nothing_is_dropped(void **state)
{
	(void)state;
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		unsigned n = copy_of_host_without_carrier();
		fflush(stdout);
		_exit(n > 100 ? 100 : (int)n);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void wrong_places_are_named(void **state)
{
	(void)state;
	char err[LAB_ERROR];
	assert_int_equal(lab_enter_recipe("nowhere", err, sizeof err), -EINVAL);
	assert_string_equal(err, "'nowhere' is not a lab (host, empty, anyip, router, copy)");
}

static void each_place_is_made(void **state)
{
	(void)state;
	for (size_t i = 0; lab_recipe(i); i++) {
		int status;
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			char err[LAB_ERROR] = "";
			if (lab_enter_recipe(lab_recipe(i)->name, err, sizeof err) < 0)
				fail_msg("%s: %s", lab_recipe(i)->name, err);
			struct host *h = observe();
			bool empty = strcmp(lab_recipe(i)->name, "empty") == 0;
			const struct link *lo = host_link_named(h, "lo"), *eth0 = host_link_named(h, "eth0");
			bool ok = lo && ((lo->flags & 1) != 0) == !empty && (eth0 != NULL) == !empty &&
				  (empty || (eth0->operstate == 6 && h->naddrs >= 5));
			for (size_t a = 0; a < h->naddrs; a++)
				ok &= !(h->addrs[a].flags & 0x40); // nothing tentative
			if (lab_remark()[0])
				print_message("# %s\n", lab_remark());
			fflush(stdout);
			_exit(!ok);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status)
			fail_msg("%s: status %d", lab_recipe(i)->name, status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_verdicts),
		cmocka_unit_test(nothing_is_dropped),
		cmocka_unit_test(each_place_is_made),
		cmocka_unit_test(wrong_places_are_named),
	};
	seed = chance_seed("BINDWALK_COPY_SEED", 1);
	if (!live_enter())
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
