// SPDX-License-Identifier: GPL-3.0-or-later
// Every lesson and challenge that the program brings, on this kernel: played straight to its end, with the kernel as
// the judge of each check and each question; and each step reached by a jump has the state of the straight way.
#include <linux/if.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "core/command/session_run.h"
#include "core/evidence/sock_list_read.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_play.h"
#include "core/model/host_equal.h"
#include "core/model/host_order.h"
#include "tests/live/live.h"

enum { STATE_TEXT = 512 };

static struct lesson lesson;
static struct lesson_place place;
static char release[sizeof((struct utsname *)NULL)->release];

// All that a step begins with.
struct state {
	struct host *host;
	struct attempt attempt;
	bool unprivileged, walked;
	unsigned step; // selected in the walk
	size_t changes;
	char walk[STATE_TEXT];
	char sockets[STATE_TEXT];
	char filter[COMMAND_ARG];
};

static struct state straight[LESSON_STEPS], jumped;

static void forget(struct state *s)
{
	host_free(s->host);
	*s = (struct state){0};
}

// fe80::/64 with a number made from an interface's random hardware address.
static bool is_random(const uint8_t *a)
{
	return a[0] == 0xfe && a[1] == 0x80 && a[11] == 0xff && a[12] == 0xfe;
}

// Of an interface that has come up: fe80::/64, fe80:: (anycast), ff00::/8.
static bool comes_with_link(const struct route6 *r)
{
	static const uint8_t zero[14];
	const uint8_t *a = r->dst.s6_addr;
	bool rest = memcmp(a + 2, zero, sizeof zero) == 0;
	return rest && ((a[0] == 0xfe && a[1] == 0x80) || (a[0] == 0xff && a[1] == 0 && r->len == 8));
}

// What changes on its own a moment later, or is random, does not count: duplicate address detection ends, a link comes
// up, and the kernel gives it a link-local address and routes.
static void settle(struct host *h)
{
	size_t n = 0;
	for (size_t i = 0; i < h->naddrs; i++)
		if (h->addrs[i].addr.family != AF_INET6 || !is_random(h->addrs[i].addr.bytes))
			h->addrs[n++] = h->addrs[i];
	h->naddrs = n;
	for (size_t i = n = 0; i < h->nroutes6; i++)
		if (!is_random(h->routes6[i].dst.s6_addr) && !comes_with_link(&h->routes6[i]))
			h->routes6[n++] = h->routes6[i];
	h->nroutes6 = n;
	for (size_t i = 0; i < h->naddrs; i++)
		h->addrs[i].flags &= ~(uint32_t)IFA_F_TENTATIVE;
	for (size_t i = 0; i < h->nlinks; i++) {
		h->links[i].operstate = 0;
		h->links[i].flags &= ~(uint32_t)(IFF_RUNNING | IFF_LOWER_UP);
	}
}

// Which questions were asked, and how it ended.
static void describe_walk(const struct session *s, char out[static STATE_TEXT])
{
	const struct walk *w = &s->now.walk;
	size_t used = 0;
	out[0] = '\0';
	if (!s->walked)
		return;
	for (unsigned i = 0; i < w->nsteps; i++)
		used += (size_t)snprintf(out + used, STATE_TEXT - used, "%s%s ", step_info(w->steps[i].step)->name,
					 w->steps[i].decisive  ? "!"
					 : w->steps[i].reached ? ""
							       : "-");
	snprintf(out + used, STATE_TEXT - used, "%s %s %d", code_info(w->code)->name,
		 errno_name(w->observed.present ? w->observed.err : w->predicted.err), w->observed.present);
}

static int by_socket(const void *a, const void *b)
{
	return sock_compare(a, b);
}

// Ports that the kernel chose are other ones each time.
static void describe_sockets(const struct host *h, char out[static STATE_TEXT])
{
	struct question all = {0};
	size_t used = 0;
	out[0] = '\0';
	assert_int_equal(socks_read_all(&h->kernel, 0, 0, &all), 0);
	if (all.nsocks)
		qsort(all.socks, all.nsocks, sizeof *all.socks, by_socket);
	for (size_t i = 0; i < all.nsocks; i++) {
		char text[ADDR_TEXT];
		const struct sock *s = &all.socks[i];
		used += (size_t)snprintf(out + used, STATE_TEXT - used, "%u/%u %s:%u ", s->protocol, s->state,
					 addr_print(&s->addr, text), s->port < 32768 ? s->port : 0U);
		assert_true(used < STATE_TEXT);
	}
	question_free(&all);
}

static void look(struct state *out)
{
	const struct session *s = &place.session;
	char err[COMMAND_ERROR];
	forget(out);
	if (observe_read(s->observer, &out->host, err, sizeof err) < 0)
		fail_msg("%s", err);
	host_sort(out->host);
	describe_sockets(out->host, out->sockets);
	settle(out->host);
	out->attempt = s->attempt;
	out->unprivileged = s->unprivileged;
	out->walked = s->walked;
	out->step = s->step;
	out->changes = editor_count(s->editor);
	describe_walk(s, out->walk);
	snprintf(out->filter, sizeof out->filter, "%s", s->filter);
}

// Of two hosts that are not equal.
static const char *host_difference(const struct host *a, const struct host *b)
{
	if (a->nlinks != b->nlinks || a->naddrs != b->naddrs || a->nrules != b->nrules)
		return "how many interfaces, addresses or rules there are";
	if (a->nroutes4 != b->nroutes4 || a->nroutes6 != b->nroutes6)
		return "how many routes there are";
	for (size_t i = 0; i < a->nlinks; i++)
		if (!link_equal(&a->links[i], &b->links[i]))
			return a->links[i].name;
	for (size_t i = 0; i < a->naddrs; i++)
		if (!host_addr_equal(&a->addrs[i], &b->addrs[i]))
			return "an address";
	for (size_t i = 0; i < a->nrules; i++)
		if (!rule_equal(&a->rules[i], &b->rules[i]))
			return "a rule";
	if (memcmp(a->sysctl, b->sysctl, sizeof a->sysctl) != 0)
		return "a sysctl";
	if (a->trie != b->trie || a->has_local4 != b->has_local4 || a->has_main4 != b->has_main4)
		return "the tries";
	return "a route, or something else";
}

// What differs, NULL for nothing.
static const char *difference(const struct state *a, const struct state *b)
{
	return !host_equal(a->host, b->host)              ? host_difference(a->host, b->host)
	       : !attempt_equal(&a->attempt, &b->attempt) ? "the bind"
	       : a->unprivileged != b->unprivileged       ? "who binds"
	       : strcmp(a->walk, b->walk) != 0            ? "the walk"
	       : a->walked != b->walked                   ? "whether the walk is of this bind"
	       : a->step != b->step                       ? "the selected step"
	       : a->changes != b->changes                 ? "what can be undone"
	       : strcmp(a->sockets, b->sockets) != 0      ? "the sockets"
	       : strcmp(a->filter, b->filter) != 0        ? "the filter"
							  : NULL;
}

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// The state as soon as it is the wanted one, since the kernel does some things a moment later; else as it stays.
static const char *await_state(const struct state *want, long ms, struct state *out)
{
	const char *differs;
	for (long until = now_ms() + ms;; usleep(10000)) {
		look(out);
		differs = difference(want, out);
		if (!differs || now_ms() > until)
			return differs;
	}
}

static void read_lesson(const struct listed_lesson *at)
{
	struct lesson_error error;
	lesson_free(&lesson);
	if (lesson_read(&lesson, at->file, at->text, strlen(at->text), release, &error) < 0)
		fail_msg("%s:%u:%zu: %s", at->file, error.line, error.column + 1, error.text);
}

// False with a line for a lesson about what this kernel does not have.
static bool can_be_played(void)
{
	char why[COMMAND_ERROR];
	if (lesson_is_possible(&lesson, why, sizeof why))
		return true;
	print_message("# %s: %s\n", lesson.name, why);
	return false;
}

static void open_place(void)
{
	char err[LAB_ERROR];
	if (lesson_place_open(&place, lesson.lab, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static unsigned judged;

#ifdef __SANITIZE_ADDRESS__
static const bool sanitized = true;
#else
static const bool sanitized = false;
#endif

// Where the same steps are played once more (under emulation, with sanitizers, as an ordinary user) only two: in the
// middle, and the last.
static bool is_taken(unsigned step)
{
	bool all = !sanitized && !getenv("BINDWALK_EMULATED") && !getenv("BINDWALK_TEST_USER");
	return all || step + 1 == lesson.nsteps || step == lesson.nsteps / 2;
}

// What waits at the beginning of a step, and what is opened there, does not depend on the way to it either.
static void check_position(const struct lesson_state *s)
{
	static struct lesson_state jumped_to;
	lesson_start(&jumped_to, s->lesson, s->paced);
	lesson_enter(&jumped_to, s->step);
	assert_int_equal(jumped_to.step, s->step);
	assert_int_equal(jumped_to.item, s->item);
	assert_int_equal(jumped_to.wait, s->wait);
	assert_int_equal(jumped_to.hints, s->hints);
	assert_int_equal(jumped_to.failed, s->failed);
	assert_int_equal(jumped_to.solution, s->solution);
	assert_int_equal(jumped_to.solved, s->solved);
	assert_int_equal(jumped_to.solution_due, s->solution_due);
}

static void at_step(void *data, const struct lesson_state *s)
{
	struct state *states = data;
	check_position(s);
	if (is_taken(s->step))
		look(&states[s->step]);
}

// One of the choices is what the kernel says, so that somebody can be right.
static void at_answer(void *data, const struct prediction *p, bool answered)
{
	(void)data;
	(void)answered;
	struct ask ask;
	char err[COMMAND_ERROR];
	size_t at;
	const struct lesson_item *i = &lesson.items[p->item];
	const struct walk *w = &place.session.now.walk;
	assert_int_equal(ask_parse(i->text, &ask, err, sizeof err, &at), 0);
	bool possible = ask.judge == ASK_AUTHOR || (ask.judge == ASK_STEP && w->observed.err);
	for (unsigned k = 0; k < ask.nchoices && ask.judge == ASK_KERNEL; k++)
		possible |= ask_outcome_is(w, ask.choice[k]);
	if (!possible || p->judgement == JUDGED_NEVER)
		fail_msg("%s:%u: nobody can be right: the kernel says %s (%s)", lesson.name, i->line,
			 errno_name(w->observed.err), code_info(w->code)->name);
	judged++;
}

static unsigned count_questions(void)
{
	unsigned n = 0;
	for (unsigned i = 0; i < lesson.nitems; i++)
		n += lesson.items[i].kind == ITEM_ASK;
	return n;
}

// Fills `straight`.
static void play(void)
{
	const struct lesson_watcher watcher = {.step = at_step, .judged = at_answer, .data = straight};
	struct lesson_stop stop;
	judged = 0;
	open_place();
	enum exit_status how = lesson_play(&place.session, &lesson, 0, lesson.nsteps, &watcher, &stop);
	if (how != EXIT_OK)
		fail_msg("%s:%u: \"%s\" ends with %d: %s", lesson.name, stop.item->line, stop.item->text, how,
			 stop.error.text);
	if (judged != count_questions())
		fail_msg("%s: of %u questions the kernel answered %u", lesson.name, count_questions(), judged);
}

static void jump(unsigned step)
{
	struct lesson_stop stop;
	enum exit_status how = lesson_jump(&place, &lesson, step, &stop);
	if (how != EXIT_OK)
		fail_msg("%s: no jump to step %u: %s", lesson.name, step + 1, stop.error.text);
}

// The straight way again, for what had not come about yet when it was first looked at.
static void walk_to(unsigned step, struct state *out)
{
	static const struct lesson_watcher nobody;
	struct lesson_stop stop;
	open_place();
	assert_int_equal(lesson_play(&place.session, &lesson, 0, step, &nobody, &stop), EXIT_OK);
	if (step == 0)
		assert_int_equal(lesson_replay(&place.session, &lesson, 0, &stop), EXIT_OK);
	usleep(500000);
	look(out);
}

static void jump_and_compare(unsigned step)
{
	jump(step);
	const char *differs = await_state(&straight[step], 200, &jumped);
	if (differs) {
		print_message("# %s, step %u: once more, for %s\n", lesson.name, step + 1, differs);
		walk_to(step, &straight[step]);
		jump(step);
		differs = await_state(&straight[step], 5000, &jumped);
	}
	const struct state *a = &straight[step], *b = &jumped;
	if (differs)
		fail_msg(
			"%s, step %u: %s is not that of the straight way\nstraight: %s | %s | %zu\njumped:   %s | %s | %zu",
			lesson.name, step + 1, differs, a->walk, a->sockets, a->changes, b->walk, b->sockets,
			b->changes);
}

// Backwards, so that no jump finds what the one before it left.
static unsigned jump_to_each_step(void)
{
	unsigned n = 0;
	for (unsigned step = lesson.nsteps; step-- > 0;)
		if (is_taken(step)) {
			jump_and_compare(step);
			n++;
		}
	return n;
}

static void test_lessons(void **state)
{
	(void)state;
	const struct listed_lesson *at;
	unsigned lessons = 0, jumps = 0, steps = 0;
	long longest = 0;
	for (size_t n = 0; (at = listed_lesson(n)); n++) {
		read_lesson(at);
		if (!can_be_played())
			continue;
		play();
		long began = now_ms();
		unsigned done = jump_to_each_step();
		long each = done ? (now_ms() - began) / (long)done : 0;
		longest = each > longest ? each : longest;
		jumps += done;
		steps += lesson.nsteps;
		lessons++;
		for (unsigned i = 0; i < LESSON_STEPS; i++)
			forget(&straight[i]);
		forget(&jumped);
	}
	lesson_place_close(&place);
	print_message("# %u lessons with %u steps, %u jumps, at most %ld ms each with its look\n", lessons, steps,
		      jumps, longest);
	assert_true(lessons > 0);
}

// A jump in a place that a learner has wrecked is exact, too.
static void test_jump_after_damage(void **state)
{
	(void)state;
	static const char *const damage[] = {"link set lo down", "link del eth0", "rule add pref 9 lookup 9",
					     "sysctl net.ipv4.ip_nonlocal_bind 1"};
	const struct listed_lesson *at = listed_lesson(0);
	struct lesson_stop stop;
	struct session_error error;
	static const struct session_out nobody;
	read_lesson(at);
	play();
	for (size_t i = 0; i < sizeof damage / sizeof *damage; i++)
		if (session_line(&place.session, damage[i], &nobody, &error) != EXIT_OK)
			fail_msg("%s: %s", damage[i], error.text);
	unsigned last = lesson.nsteps - 1;
	assert_int_equal(lesson_jump(&place, &lesson, last, &stop), EXIT_OK);
	assert_null(await_state(&straight[last], 5000, &jumped));
	for (unsigned i = 0; i < LESSON_STEPS; i++)
		forget(&straight[i]);
	forget(&jumped);
	lesson_place_close(&place);
}

static const char *read_text(const char *text)
{
	struct lesson_error error;
	lesson_free(&lesson);
	if (lesson_read(&lesson, "test", text, strlen(text), release, &error) < 0)
		fail_msg("%u: %s", error.line, error.text);
	return text;
}

static enum exit_status play_text(const char *text, struct lesson_stop *stop)
{
	static const struct lesson_watcher nobody;
	read_text(text);
	open_place();
	enum exit_status how = lesson_play(&place.session, &lesson, 0, lesson.nsteps, &nobody, stop);
	lesson_place_close(&place);
	return how;
}

// A step that this kernel answers differently, a command that it refuses, a task whose solution solves nothing.
static void test_failures(void **state)
{
	(void)state;
	struct lesson_stop stop;
	assert_int_equal(play_text("lesson \"t\"\nstep \"a\"\ndo bind 203.0.113.9\ncheck ok\n", &stop), EXIT_REFUSED);
	assert_int_equal(stop.item->line, 4);
	assert_non_null(strstr(stop.error.text, "EADDRNOTAVAIL"));
	assert_int_equal(play_text("lesson \"t\"\nstep \"a\"\ndo ip addr del 203.0.113.9/32 dev eth0\n", &stop),
			 EXIT_WRONG);
	assert_int_equal(stop.item->line, 3);
	assert_int_equal(play_text("lesson \"t\"\naddress 203.0.113.9\nstep \"a\"\nsolution port 80\ncheck bind "
				   "203.0.113.9 ok\n",
				   &stop),
			 EXIT_REFUSED);
	assert_int_equal(play_text("lesson \"t\"\naddress 203.0.113.9\nstep \"a\"\nsolution set freebind\ncheck bind "
				   "203.0.113.9 ok\n",
				   &stop),
			 EXIT_OK);
	// Without a bind there is nothing to check.
	assert_int_equal(play_text("lesson \"t\"\nstep \"a\"\ndo address 127.0.0.1\ncheck ok\n", &stop), EXIT_REFUSED);
}

struct answers {
	int choice;
	unsigned asked, right, wrong, never;
	char said[ASK_WORD], truth[ASK_WORD];
};

static int give_answer(void *data, const struct lesson_item *i, const struct ask *ask)
{
	struct answers *a = data;
	(void)i;
	(void)ask;
	a->asked++;
	return a->choice;
}

static void keep_judgement(void *data, const struct prediction *p, bool answered)
{
	struct answers *a = data;
	a->right += answered && p->judgement == JUDGED_RIGHT;
	a->wrong += answered && p->judgement == JUDGED_WRONG;
	a->never += !answered;
	snprintf(a->said, sizeof a->said, "%s", p->said);
	snprintf(a->truth, sizeof a->truth, "%s", p->truth);
}

static struct answers play_with(const char *text, int choice, unsigned from)
{
	struct answers a = {.choice = choice};
	const struct lesson_watcher watcher = {.answer = give_answer, .judged = keep_judgement, .data = &a};
	struct lesson_stop stop;
	read_text(text);
	assert_int_equal(lesson_jump(&place, &lesson, from, &stop), EXIT_OK);
	assert_int_equal(lesson_play(&place.session, &lesson, from, lesson.nsteps, &watcher, &stop), EXIT_OK);
	lesson_place_close(&place);
	return a;
}

// The kernel's answer decides who is right: to the next bind, whoever makes it, in this step or a later one.
static void test_judged(void **state)
{
	(void)state;
	static const char text[] = "lesson \"t\"\nstep \"a\"\ndo ip route add local 198.51.100.0/24 dev lo\n"
				   "step \"b\"\nask \"Will it?\" [binds refused]\ndo bind 198.51.100.7\n"
				   "step \"c\"\nsay \"And now.\"\n";
	for (unsigned from = 0; from < 2; from++) {
		struct answers a = play_with(text, 0, from);
		assert_int_equal(a.asked, 1);
		assert_int_equal(a.right, 1);
		assert_string_equal(a.said, "binds");
		a = play_with(text, 1, from);
		assert_int_equal(a.wrong, 1);
		assert_string_equal(a.truth, "binds");
		a = play_with(text, -1, from);
		assert_int_equal(a.right + a.wrong, 0);
		assert_int_equal(a.never, 1);
		assert_string_equal(a.truth, "binds");
	}
	assert_int_equal(play_with(text, 0, 2).asked, 0);
	static const char later[] = "lesson \"t\"\nstep \"a\"\nask \"What?\" [EACCES EADDRNOTAVAIL]\nstep \"b\"\n"
				    "address 203.0.113.9\nbind\n";
	assert_int_equal(play_with(later, 1, 0).right, 1);
	assert_int_equal(play_with(later, 0, 0).wrong, 1);
	static const char step[] = "lesson \"t\"\nstep \"a\"\nask \"Which step?\" [step]\ndo bind 203.0.113.9\n";
	struct answers a = play_with(step, 0, 0);
	assert_int_equal(a.wrong, 1);
	int truth = atoi(a.truth + strlen("step "));
	assert_true(truth > 1);
	assert_int_equal(play_with(step, truth - 1, 0).right, 1);
	static const char author[] = "lesson \"t\"\nstep \"a\"\nask \"Which?\" [one +two three]\n";
	assert_int_equal(play_with(author, 1, 0).right, 1);
	assert_int_equal(play_with(author, 2, 0).wrong, 1);
}

// Lines for other kernels do not count here.
static void test_versions(void **state)
{
	(void)state;
	struct lesson_stop stop;
	assert_int_equal(
		play_text("lesson \"t\"\nstep \"a\"\nbefore 4.0 do bind 203.0.113.9\nsince 4.0 do bind 127.0.0.1\n"
			  "check ok\nbefore 4.0 check refused\nsince 99.0 check refused\n",
			  &stop),
		EXIT_OK);
}

int main(void)
{
	struct utsname u;
	// The player itself does not depend on the kernel.
	const struct CMUnitTest shipped[] = {cmocka_unit_test(test_lessons)};
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_lessons),  cmocka_unit_test(test_jump_after_damage),
		cmocka_unit_test(test_failures), cmocka_unit_test(test_judged),
		cmocka_unit_test(test_versions),
	};
	if (!live_enter())
		return 0;
	if (uname(&u) == 0)
		snprintf(release, sizeof release, "%s", u.release);
	int failed = getenv("BINDWALK_EMULATED") ? cmocka_run_group_tests_name("lessons", shipped, NULL, NULL)
						 : cmocka_run_group_tests_name("lessons", all, NULL, NULL);
	lesson_free(&lesson);
	return failed;
}
