// SPDX-License-Identifier: GPL-3.0-or-later
// What a trace says: the line of a call whatever the names in it are, the short walk, remedies for those who run a
// program, the analysis, and its JSON.
#include <netinet/in.h>
#include <signal.h>

#include "core/model/remedy_order.h"
#include "core/model/trace_summary.h"
#include "core/record/event_json.h"
#include "core/record/trace_json.h"
#include "core/text/event_row.h"
#include "core/text/json_memory.h"
#include "core/text/trace_analysis.h"
#include "core/text/trace_row.h"
#include "core/text/trace_walk.h"
#include "core/text/visible.h"
#include "tests/unit/made_walk.h"

static const char LONGEST[] = "2001:db8:1111:2222:3333:4444:5555:6666";

static struct bind_event event(const char *addr, uint16_t port, int err)
{
	struct addr a;
	assert_int_equal(addr_parse(addr, &a), 0);
	struct bind_event e = {.source = SOURCE_PTRACE,
			       .when = 1796061792123456789,
			       .pid = 1234,
			       .thread = 1234,
			       .program = "nginx",
			       .uid_known = true,
			       .netns = 4026532000,
			       .netns_ours = true,
			       .family = a.family,
			       .fd = 3,
			       .addr_known = true,
			       .socket_known = true,
			       .attempt = attempt_new(&a),
			       .err = err};
	e.addrlen = a.family == AF_INET ? (int)sizeof(struct sockaddr_in) : (int)sizeof(struct sockaddr_in6);
	e.attempt.port = port;
	return e;
}

static struct event_verdict verdict(enum code code, enum agreement agreement, const char *sentence)
{
	struct event_verdict v = {
		.present = true, .code = code, .class = code_info(code)->class, .agreement = agreement};
	snprintf(v.sentence, sizeof v.sentence, "%s", sentence);
	return v;
}

static size_t points(const char *text)
{
	size_t n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

// As it must be, whatever it is made of.
static void check_line(const struct bind_event *e, const struct event_verdict *v, uint64_t again, bool ascii,
		       struct row *r)
{
	trace_row(e, v, again, ascii, r);
	if (points(r->text) > TRACE_ROW)
		fail_msg("%zu code points: %s", points(r->text), r->text);
	assert_int_equal(visible_span(r->text, r->used), r->used);
	assert_int_equal(strncmp(r->text, trace_row_mine, strlen(trace_row_mine)), 0);
	if (strstr(r->text, "  "))
		fail_msg("two blanks: %s", r->text);
	for (const char *at = r->text; ascii && *at; at++)
		assert_true((unsigned char)*at < 0x80);
	if (e->err)
		assert_non_null(strstr(r->text, errno_name(e->err)));
}

static void test_line(void **state)
{
	(void)state;
	struct event_verdict v = verdict(CODE_ADDR_NOT_LOCAL, AGREES, "It is not here.");
	struct bind_event e = event("192.0.2.1", 80, EADDRNOTAVAIL);
	struct row r;
	check_line(&e, &v, 0, false, &r);
	assert_string_equal(r.text, "bindwalk: ADDRESS nginx[1234] tcp4 192.0.2.1:80 EADDRNOTAVAIL It is not here.");
	assert_false(r.truncated);
	strcpy(e.unit, "web.service");
	check_line(&e, &v, 4, false, &r);
	assert_string_equal(r.text, "bindwalk: ADDRESS nginx[1234] web.service tcp4 192.0.2.1:80 EADDRNOTAVAIL "
				    "(again, 5 times) It is not here.");
	strcpy(e.container, "docker 1a2b");
	e.pid = 0;
	check_line(&e, NULL, 0, false, &r);
	assert_string_equal(r.text, "bindwalk: UNEXPLAINED nginx[?] docker 1a2b tcp4 192.0.2.1:80 EADDRNOTAVAIL");
}

static void test_line_of_a_success(void **state)
{
	(void)state;
	struct event_verdict v = verdict(CODE_ADDR_LOCAL, AGREES, "It is here.");
	struct bind_event e = event("127.0.0.1", 0, 0);
	struct row r;
	e.local_known = true;
	e.local = e.attempt.addr;
	e.local_port = 40123;
	check_line(&e, &v, 0, false, &r);
	assert_string_equal(r.text, "bindwalk: OK nginx[1234] tcp4 127.0.0.1:40123 (asked for port 0)");
	e.attempt.port = 40123;
	check_line(&e, &v, 0, false, &r);
	assert_string_equal(r.text, "bindwalk: OK nginx[1234] tcp4 127.0.0.1:40123");
	e.local_known = false;
	e.attempt.port = 0;
	e.local_port = 0;
	check_line(&e, &v, 0, false, &r);
	assert_string_equal(r.text, "bindwalk: OK nginx[1234] tcp4 127.0.0.1:0");
}

static void test_classes(void **state)
{
	(void)state;
	static const struct {
		enum code code;
		enum agreement agreement;
		const char *class;
	} cases[] = {
		{CODE_ADDR_NOT_LOCAL, AGREES, "ADDRESS"},
		{CODE_PORT_TAKEN, AGREES, "PORT"},
		{CODE_PORT_PRIVILEGED, AGREES, "PERMISSION"},
		{CODE_SCOPE_MISSING, AGREES, "ARGUMENT"},
		{CODE_HOOK_REFUSED, HOOK, "HOOK"},
		{CODE_PORT_TAKEN, OPEN, "OPEN"},
		{CODE_CHANGED_SINCE, CHANGED, "CHANGED"},
		{CODE_PORT_TAKEN, DISAGREES, "DISAGREEMENT"},
		{CODE_ADDR_LOCAL, NOT_TRIED, "UNEXPLAINED"},
	};
	struct bind_event e = event("192.0.2.1", 80, EACCES);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct event_verdict v = verdict(cases[i].code, cases[i].agreement, "");
		assert_string_equal(trace_row_class(&e, &v), cases[i].class);
	}
	const struct event_verdict missing = {.why_not = "nobody knows"};
	assert_string_equal(trace_row_class(&e, &missing), "UNEXPLAINED");
	e.err = 0;
	assert_string_equal(trace_row_class(&e, &missing), "OK");
	e.err = ECONNREFUSED;
	e.call = CALL_CONNECT;
	assert_string_equal(trace_row_class(&e, NULL), "CONNECT");
}

static void test_other_calls(void **state)
{
	(void)state;
	struct bind_event e = event("192.0.2.1", 80, EPERM);
	char text[EVENT_ROW_TEXT];
	e.call = CALL_CONNECT;
	assert_string_equal(event_row_asked(&e, text), "tcp4 192.0.2.1:80 connect()");
	e.call = CALL_SETSOCKOPT;
	assert_string_equal(event_row_asked(&e, text), "tcp4 192.0.2.1:80 setsockopt()");
	attempt_set(&e.attempt, &(struct setting){.option = OPT_REUSEADDR, .value = 1});
	attempt_set(&e.attempt, &(struct setting){.option = OPT_MARK, .value = 7});
	assert_string_equal(event_row_asked(&e, text), "tcp4 192.0.2.1:80 setsockopt(SO_MARK)");
	e.call = CALL_CONNECT;
	e.attempt.then.dest = (struct endpoint){.addr = e.attempt.addr, .port = 443};
	assert_string_equal(event_row_asked(&e, text), "tcp4 192.0.2.1:80 connect() to 192.0.2.1:443");
	e.call = CALL_SOCKET;
	e.socket_known = e.addr_known = false;
	assert_string_equal(event_row_asked(&e, text), "IPv4 socket()");
}

// Names as long as they can be leave the errno, and what the sentence begins with.
static void test_long_names(void **state)
{
	(void)state;
	struct event_verdict v = verdict(CODE_PORT_TAKEN, AGREES, "");
	struct bind_event e = event(LONGEST, 65535, EADDRINUSE);
	memset(e.program, '\x1b', sizeof e.program - 1);
	memset(e.unit, 'u', sizeof e.unit - 1);
	e.pid = 4194304;
	memset(v.sentence, 'w', 9);
	for (size_t i = 9; i < sizeof v.sentence - 1; i++)
		v.sentence[i] = i % 7 ? 'x' : ' ';
	for (int ascii = 0; ascii < 2; ascii++)
		for (unsigned code = 0; code < CODE_COUNT; code++) {
			struct row r;
			v.code = (enum code)code;
			v.class = code_info(v.code)->class;
			check_line(&e, &v, 0, ascii, &r);
			assert_true(r.truncated);
			assert_non_null(strstr(r.text, LONGEST));
			assert_non_null(strstr(r.text, "]:65535 EADDRINUSE wwwwwwwww"));
			assert_non_null(strstr(r.text, "[4194304] u"));
			const char *dots = ascii ? "..." : "…";
			assert_string_equal(r.text + strlen(r.text) - strlen(dots), dots);
		}
}

static void test_cut_at_a_word(void **state)
{
	(void)state;
	struct event_verdict v = verdict(CODE_ADDR_NOT_LOCAL, AGREES, "");
	struct bind_event e = event("192.0.2.1", 80, EADDRNOTAVAIL);
	struct row r;
	for (size_t i = 0; i < 300; i++)
		v.sentence[i] = i % 5 == 4 ? ' ' : 'a';
	check_line(&e, &v, 0, false, &r);
	assert_true(points(r.text) > TRACE_ROW - 8);
	assert_non_null(strstr(r.text, " aaaa …"));
}

static uint32_t random_number(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void random_bytes(uint32_t *seed, char *text, size_t size)
{
	size_t len = random_number(seed) % size;
	bool plain = random_number(seed) % 2;
	for (size_t i = 0; i < len; i++) {
		char c = (char)(random_number(seed) % 255 + 1);
		text[i] = plain && (c < ' ' || c == 0x7f) ? 'p' : c;
	}
	text[len] = '\0';
}

static void random_event(uint32_t *seed, struct bind_event *e, struct event_verdict *v)
{
	static const char *const addrs[] = {"0.0.0.0", "192.0.2.1", "::", LONGEST, "fe80::1111:2222:3333:4444"};
	*e = event(addrs[random_number(seed) % 5], (uint16_t)random_number(seed), (int)(random_number(seed) % 134));
	e->call = (enum call)(random_number(seed) % CALL_COUNT);
	e->pid = (int)(random_number(seed) & INT32_MAX);
	e->attempt.kind = (enum kind)(random_number(seed) % KIND_COUNT);
	e->attempt.scope = random_number(seed) % 2 ? random_number(seed) : 0;
	e->attempt.sa_family = random_number(seed) % 2 ? SA_FAMILY_AS_ADDRESS : (int)(random_number(seed) & 0xffff);
	e->attempt.addrlen = random_number(seed) % 2 ? ADDRLEN_WHOLE : (int)random_number(seed);
	e->addr_known = random_number(seed) % 4;
	e->socket_known = random_number(seed) % 4;
	e->local_known = random_number(seed) % 2;
	e->local = e->attempt.addr;
	e->local_port = (uint16_t)random_number(seed);
	e->lowered = random_number(seed) % 4 == 0;
	if (random_number(seed) % 2) {
		e->attempt.then.dest = (struct endpoint){.addr = e->attempt.addr, .port = e->local_port};
		strcpy(e->reason.code, "CONNECT_REFUSED");
		random_bytes(seed, e->reason.sentence, sizeof e->reason.sentence);
	}
	random_bytes(seed, e->program, sizeof e->program);
	random_bytes(seed, e->unit, sizeof e->unit);
	random_bytes(seed, e->container, random_number(seed) % 2 ? 1 : sizeof e->container);
	*v = verdict((enum code)(random_number(seed) % CODE_COUNT), (enum agreement)(random_number(seed) % 6), "");
	v->present = random_number(seed) % 4;
	random_bytes(seed, v->sentence, sizeof v->sentence);
	random_bytes(seed, v->why_not, sizeof v->why_not);
}

// Blanks within a name, or at a sentence's end, are the name's own.
static void one_blank(char *text)
{
	size_t used = 0;
	for (const char *at = text; *at; at++)
		if (*at != ' ' || (used && text[used - 1] != ' '))
			text[used++] = *at;
	while (used && text[used - 1] == ' ')
		used--;
	text[used] = '\0';
}

static void test_anything(void **state)
{
	(void)state;
	static struct bind_event e;
	static struct event_verdict v;
	uint32_t seed = 2463534242;
	for (unsigned i = 0; i < 3000; i++) {
		struct row r;
		random_event(&seed, &e, &v);
		char *const texts[] = {e.program, e.unit, e.container, v.sentence, v.why_not, e.reason.sentence};
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			one_blank(texts[k]);
		uint64_t again = random_number(&seed) % 3 ? 0 : (uint64_t)random_number(&seed) << 20;
		check_line(&e, random_number(&seed) % 8 ? &v : NULL, again, i % 2, &r);
	}
}

// Rows, one below the other.
struct told {
	char text[16384];
	unsigned rows;
};

static void tell(const struct row *r, void *data)
{
	struct told *t = data;
	size_t used = strlen(t->text);
	snprintf(t->text + used, sizeof t->text - used, "%s\n", r->text);
	t->rows++;
}

static struct bind_event walked; // the event of a short walk
static bool whole;               // or of a whole one

static void short_walk(const char *host, const char *bind, enum program p, const char *unit, struct told *t)
{
	struct host *h;
	static struct walk w;
	struct trace_program program = {.known = p, .exe = "/usr/sbin/it"};
	const struct trace_owner o = {.program = &program, .unit = unit};
	*t = (struct told){0};
	made_decide(host, bind, &h, &w);
	struct addr none = {0};
	walk_observe(&w, CALL_BIND, w.predicted.err, &none, 0, 0);
	w.agreement = AGREES;
	(whole ? trace_walk_full : trace_walk_rows)(made_facts(h), &w, &walked, &o, 78, tell, t);
	host_free(h);
}

#define WEB "lo; link v0; addr 192.0.2.9/24 dev v0; ports tcp"

static const char *first_remedy(const struct told *t)
{
	const char *at = strstr(t->text, "\nremedy ");
	assert_non_null(at);
	return at + strlen("\nremedy ");
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static void test_short_walk(void **state)
{
	(void)state;
	static struct told t;
	walked = event("127.0.0.1", 80, 0);
	short_walk(WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "", &t);
	static const char *const there[] = {" table ", " classify ", " nonlocal ", " acceptable ",
					    "\ncode   ADDR_NOT_LOCAL"};
	static const char *const not_there[] = {"not reached", " 1 socket ", " family ", " result ",
						"is not an address"};
	for (size_t i = 0; i < sizeof there / sizeof *there; i++)
		if (!strstr(t.text, there[i]))
			fail_msg("no '%s' in\n%s", there[i], t.text);
	for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
		if (strstr(t.text, not_there[i]))
			fail_msg("'%s' in\n%s", not_there[i], t.text);
	short_walk(WEB "; sock tcp4 0.0.0.0 80 listen", "tcp6 :: 80", PROGRAM_NGINX, "", &t);
	assert_true(begins(t.text, "holder "));
	assert_null(strstr(t.text, " table "));
	assert_true(begins(first_remedy(&t), "nginx: listen ... ipv6only=on"));
}

// Its remedies are for there.
static void test_another_namespace(void **state)
{
	(void)state;
	static struct told t;
	walked = event("127.0.0.1", 80, 0);
	walked.netns_ours = false;
	short_walk(WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "", &t);
	assert_non_null(strstr(t.text, "where "));
	assert_non_null(strstr(t.text, "nsenter -t 1234 -n"));
	strcpy(walked.netns_name, "blue");
	short_walk(WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "", &t);
	assert_non_null(strstr(t.text, "ip netns exec blue "));
	strcpy(walked.netns_name, "a;b");
	short_walk(WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "", &t);
	assert_null(strstr(t.text, "a;b"));
	walked.netns = 0;
	short_walk(WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "", &t);
	assert_non_null(strstr(t.text, "not known"));
}

static void test_remedies_of_programs(void **state)
{
	(void)state;
	walked = event("127.0.0.1", 80, 0);
	static const struct {
		const char *host, *bind;
		enum program program;
		const char *unit, *first;
	} cases[] = {
		{WEB, "tcp4 192.0.2.1 80", PROGRAM_HAPROXY, "", "haproxy: bind ... transparent"},
		{WEB, "tcp4 192.0.2.1 80", PROGRAM_UNBOUND, "", "unbound: ip-freebind: yes"},
		{WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "", "set IP_FREEBIND on the socket"},
		{WEB, "tcp4 192.0.2.1 80", PROGRAM_COUNT, "app.service", "set IP_FREEBIND on the socket"},
		{WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_WEBHOOK, "hook.service", "webhook: -port "},
		{WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_KEEPALIVED, "vip.service",
		 "vip.service: AmbientCapabilities=CAP_NET_BIND_SERVICE"},
	};
	static struct told t;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		short_walk(cases[i].host, cases[i].bind, cases[i].program, cases[i].unit, &t);
		if (!begins(first_remedy(&t), cases[i].first))
			fail_msg("'%s' is not first in\n%s", cases[i].first, t.text);
	}
	short_walk(WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_WEBHOOK, "", &t);
	assert_non_null(strstr(t.text, "setcap cap_net_bind_service+ep /usr/sbin/it "));
	short_walk(WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_PYTHON, "", &t);
	assert_null(strstr(t.text, "/usr/sbin/it"));
	assert_null(strstr(t.text, "setcap"));
	assert_non_null(strstr(t.text, " --ambient-caps=+net_bind_service COMMAND"));
	// What the trace itself took away is not granted once more.
	walked.lowered = true;
	walked.err = EACCES;
	short_walk(WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_WEBHOOK, "", &t);
	assert_null(strstr(t.text, "remedy"));
	whole = true;
	short_walk(WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_WEBHOOK, "", &t);
	assert_null(strstr(t.text, "remedy"));
	walked.lowered = false;
	walked.netns_ours = false;
	short_walk(WEB, "tcp4 127.0.0.1 80 uid=1000", PROGRAM_WEBHOOK, "", &t);
	assert_non_null(strstr(t.text, "remedy"));
	assert_true(begins(t.text, "where "));
	walked.netns_ours = true;
	whole = false;
	// What only its author can do is not offered to those who run it.
	short_walk(WEB, "tcp4 192.0.2.1 80", PROGRAM_REDIS, "", &t);
	assert_null(strstr(t.text, "set IP_FREEBIND"));
	assert_non_null(strstr(t.text, "ip addr add 192.0.2.1"));
}

static struct remedy remedy(enum remedy_reach reach, enum spelled what, bool remains)
{
	struct remedy r = {.reach = reach, .verified = true, .spelling = {.what = what, .port = 1}};
	r.then.remains = remains;
	return r;
}

static void test_order(void **state)
{
	(void)state;
	struct remedy all[] = {remedy(REACH_SOCKET, SPELLED_NOT, false), remedy(REACH_SOCKET, SPELLED_V6ONLY, true),
			       remedy(REACH_HOST, SPELLED_NOT, false), remedy(REACH_PROGRAM, SPELLED_CAP_BIND, false),
			       remedy(REACH_SOCKET, SPELLED_V6ONLY, false)};
	struct remedy_choice out[REMEDIES];
	assert_int_equal(remedy_order(all, 5, PROGRAM_NGINX, "web.service", out), 3);
	assert_int_equal(out[0].way, WAY_SPELLED);
	assert_ptr_equal(out[0].remedy, &all[4]);
	assert_int_equal(out[1].way, WAY_UNIT);
	assert_int_equal(out[2].way, WAY_HOST);
	// A user's own units are none of systemd's.
	assert_int_equal(remedy_order(all, 5, PROGRAM_NGINX, "user@1000.service", out), 3);
	assert_int_equal(out[1].way, WAY_HOST);
	assert_ptr_equal(out[1].remedy, &all[2]);
	// Of a program that is not known the model's order stays, and nothing is left out but what leaves an obstacle.
	assert_int_equal(remedy_order(all, 5, PROGRAM_COUNT, "", out), 4);
	assert_ptr_equal(out[0].remedy, &all[0]);
	assert_ptr_equal(out[3].remedy, &all[4]);
	all[2].mends = true;
	assert_int_equal(remedy_order(all, 5, PROGRAM_NGINX, "", out), 3);
	assert_ptr_equal(out[0].remedy, &all[2]);
	// Time is the host's; of one spelling there is one; a port that nobody knows comes last.
	struct remedy more[] = {remedy(REACH_SOCKET, SPELLED_NOT, false), remedy(REACH_SOCKET, SPELLED_FREEBIND, false),
				remedy(REACH_SOCKET, SPELLED_TRANSPARENT, false),
				remedy(REACH_SOCKET, SPELLED_NOT, false)};
	more[0].kind = REMEDY_PORT;
	more[3].kind = REMEDY_WAIT;
	assert_int_equal(remedy_order(more, 4, PROGRAM_HAPROXY, "", out), 2);
	assert_int_equal(out[0].way, WAY_HOST);
	assert_ptr_equal(out[0].remedy, &more[3]);
	assert_ptr_equal(out[1].remedy, &more[1]);
	assert_int_equal(remedy_order(more, 4, PROGRAM_PYTHON, "", out), 4);
	assert_ptr_equal(out[0].remedy, &more[3]);
	assert_ptr_equal(out[3].remedy, &more[0]);
	// What leaves an obstacle that somebody can mend is better than such a port.
	more[1].joined = true;
	more[1].then.remains = false;
	more[2].then.remains = true;
	assert_int_equal(remedy_order(&more[1], 2, PROGRAM_PYTHON, "", out), 2);
	assert_ptr_equal(out[0].remedy, &more[2]);
	assert_int_equal(remedy_order(&more[1], 2, PROGRAM_NGINX, "", out), 1);
	assert_ptr_equal(out[0].remedy, &more[2]);
	more[1] = remedy(REACH_HOST, SPELLED_NOT, true);
	more[2] = remedy(REACH_SOCKET, SPELLED_NOT, true);
	assert_int_equal(remedy_order(&more[1], 2, PROGRAM_NGINX, "", out), 1);
	assert_ptr_equal(out[0].remedy, &more[1]);
	// Another program's socket is not in this one's configuration.
	struct remedy theirs = remedy(REACH_OTHER_PROGRAM, SPELLED_V6ONLY, false);
	assert_int_equal(remedy_order(&theirs, 1, PROGRAM_NGINX, "", out), 1);
	assert_int_equal(out[0].way, WAY_HOST);
	// All that there is.
	assert_int_equal(remedy_order(all, 2, PROGRAM_COUNT, "", out), 1);
	assert_int_equal(remedy_order(&all[1], 1, PROGRAM_COUNT, "", out), 1);
	assert_int_equal(remedy_order(all, 1, PROGRAM_NGINX, "", out), 1);
	assert_int_equal(remedy_order(all, 0, PROGRAM_NGINX, "", out), 0);
}

static const struct trace_program nginx = {.known = PROGRAM_NGINX};

static void add(struct trace_summary *s, struct bind_event e, unsigned times)
{
	const struct event_verdict v = verdict(CODE_ADDR_NOT_LOCAL, AGREES, "It is not here.");
	for (unsigned i = 0; i < times; i++)
		trace_summary_add(s, &e, e.err ? &v : NULL, NULL, &nginx);
}

static void test_analysis(void **state)
{
	(void)state;
	static struct trace_summary s;
	static struct told t;
	const struct event_look utc = {0};
	struct bind_event connect = event("192.0.2.5", 443, ECONNREFUSED), option = event("0.0.0.0", 0, EPERM);
	struct row head;
	connect.call = CALL_CONNECT;
	option.call = CALL_SETSOCKOPT;
	add(&s, event("192.0.2.1", 80, EADDRNOTAVAIL), 3);
	add(&s, event("192.0.2.1", 81, EADDRINUSE), 2);
	add(&s, event("192.0.2.1", 82, 0), 1);
	add(&s, event("192.0.2.1", 80, 0), 1);
	add(&s, connect, 4);
	add(&s, option, 5);
	connect.err = EINPROGRESS;
	add(&s, connect, 1);
	trace_summary_note(&s, "nginx[1234] has fewer capabilities");
	assert_true(s.first.present && s.first.bound_later);
	assert_int_equal(s.binds, 7);
	assert_int_equal(s.refused, 5);
	trace_summary_end(&s, TRACE_END_STATUS, 1);
	trace_analysis_head(&s, &head);
	assert_string_equal(head.text, "bindwalk: ANALYSIS 7 binds, 5 refused; the program ended with status 1");
	trace_analysis_rows(&s, &utc, tell, &t);
	static const char *const there[] = {
		"first   18:03:12.123456 nginx[1234] tcp4 192.0.2.1:80 EADDRNOTAVAIL",
		"It is not here.",
		"\nremedy ",
		"2 x nginx EADDRNOTAVAIL tcp4 192.0.2.1:80",
		"2 x nginx EADDRINUSE tcp4 192.0.2.1:81",
		"\noption  5 x nginx EPERM tcp4 0.0.0.0:0 setsockopt()",
		"\nother   4 x nginx ECONNREFUSED tcp4 192.0.2.5:443 connect()  not a bind",
		"\nnote    nginx[1234] has fewer capabilities",
	};
	for (size_t i = 0; i < sizeof there / sizeof *there; i++)
		if (!strstr(t.text, there[i]))
			fail_msg("no '%s' in\n%s", there[i], t.text);
	assert_null(strstr(t.text, "EINPROGRESS"));
	json_t *root = trace_summary_json(&s);
	assert_int_equal(json_integer_value(json_object_get(root, "refused")), 5);
	assert_int_equal(json_integer_value(json_object_get(root, "status")), 1);
	assert_true(json_is_null(json_object_get(root, "signal")));
	assert_int_equal(json_array_size(json_object_get(root, "refusals")), 2);
	assert_int_equal(json_array_size(json_object_get(root, "options")), 1);
	assert_int_equal(json_array_size(json_object_get(root, "others")), 1);
	assert_int_equal(json_array_size(json_object_get(root, "notes")), 1);
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "first"), "configured_as")),
			    "nginx");
	json_decref(root);
	trace_summary_free(&s);
}

// Where nothing went wrong, one line is all.
static void test_nothing_refused(void **state)
{
	(void)state;
	struct trace_summary s = {0};
	static struct told t;
	const struct event_look utc = {0};
	struct row head;
	t = (struct told){0};
	trace_summary_end(&s, TRACE_END_NONE, 0);
	trace_analysis_head(&s, &head);
	assert_string_equal(head.text, "bindwalk: ANALYSIS no binds");
	trace_summary_free(&s);
	s = (struct trace_summary){0};
	add(&s, event("192.0.2.1", 82, 0), 1);
	trace_summary_end(&s, TRACE_END_SIGNAL, SIGKILL);
	trace_analysis_head(&s, &head);
	assert_string_equal(head.text, "bindwalk: ANALYSIS 1 bind, none refused; the program was killed by SIGKILL");
	trace_analysis_rows(&s, &utc, tell, &t);
	assert_int_equal(t.rows, 0);
	trace_summary_free(&s);
}

static void round_trip(const struct bind_event *e, struct bind_event *back)
{
	const struct event_verdict v = verdict(CODE_ADDR_LOCAL, AGREES, "It is here.");
	struct event_verdict said;
	char err[EVENT_ERROR] = "";
	char *line = event_json_line(event_json(e, &v));
	assert_non_null(line);
	if (event_json_read(line, strlen(line), back, &said, err, sizeof err) < 0)
		fail_msg("%s: %s", err, line);
	char *again = event_json_line(event_json(back, &said));
	assert_string_equal(line, again);
	free(line);
	free(again);
}

static void test_json(void **state)
{
	(void)state;
	static struct bind_event e, back;
	json_memory_watch();
	e = event("::1", 0, 0);
	e.local_known = true;
	e.local = e.attempt.addr;
	e.local_port = 40123;
	e.local_scope = 7;
	round_trip(&e, &back);
	assert_true(back.local_known && addr_equal(&e.local, &back.local));
	assert_int_equal(back.local_port, 40123);
	assert_int_equal(back.local_scope, 7);
	assert_int_equal(back.source, SOURCE_PTRACE);
	for (int call = 0; call < CALL_COUNT; call++) {
		e = event("192.0.2.1", 80, EPERM);
		e.call = (enum call)call;
		e.addrlen = call == CALL_BIND || call == CALL_CONNECT ? e.addrlen : -1;
		round_trip(&e, &back);
		assert_int_equal(back.call, call);
		assert_false(back.local_known);
	}
	static const char wrong[] = "{\"time\":\"2026-11-30T18:03:12.123456789Z\",\"error\":0,\"local\":{\"port\":1}}";
	struct event_verdict v;
	char err[EVENT_ERROR] = "";
	assert_true(event_json_read(wrong, strlen(wrong), &back, &v, err, sizeof err) < 0);
	assert_non_null(strstr(err, "local"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_line_of_a_success),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_other_calls),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_cut_at_a_word),
		cmocka_unit_test(test_anything),
		cmocka_unit_test(test_short_walk),
		cmocka_unit_test(test_another_namespace),
		cmocka_unit_test(test_remedies_of_programs),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_analysis),
		cmocka_unit_test(test_nothing_refused),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
