// SPDX-License-Identifier: GPL-3.0-or-later
// A recording shows the very walk that was recorded: kept in memory, written as JSON and read again. And one from a
// stranger is refused with the place of the fault, or shows something: it does no harm.
#include "core/model/walk_conclude.h"
#include "core/record/recording_json.h"

#include <stdarg.h>

#include "core/model/host_equal.h"
#include "core/model/inner_fit.h"
#include "core/model/walk_inner.h"
#include "core/record/record_write.h"
#include "core/record/witnessed_json.h"
#include "core/text/json_text.h"
#include "core/text/report.h"
#include "core/text/report_json.h"
#include "tests/unit/made_inner.h"
#include "tests/unit/made_walk.h"
#include "tests/unit/sound_host.h"

static uint32_t drawn = 0x2545f491;

static uint32_t chance(void)
{
	drawn ^= drawn << 13;
	drawn ^= drawn >> 17;
	drawn ^= drawn << 5;
	return drawn;
}

#define ONE_OF(list) (list)[chance() % (sizeof(list) / sizeof *(list))]

static const char *const net =
	"lo; link v0; link v1 down; link v2 nocarrier ignores; altname v0 uplink; vrf red 10; link r0 master red;";
static const char *const statements[] = {
	"addr 192.0.2.1/24 dev v0",
	"addr 192.0.2.9/24 dev v0 secondary",
	"addr 10.0.0.1/24 dev r0",
	"addr 198.51.100.1/24 dev v1 noroute",
	"addr 2001:db8::1/64 dev v0",
	"addr 2001:db8::2/64 dev v0 tentative",
	"addr 2001:db8::3/64 dev v0 tentative optimistic",
	"addr 2001:db8::4/64 dev v0 dadfailed tentative",
	"addr 2001:db8::5/64 dev v1 deprecated",
	"addr 2001:db8:1::1/64 dev r0",
	"addr fe80::1/64 dev v0",
	"addr fe80::2/64 dev v1",
	"left 192.0.2.7 dev v0 with 192.0.2.1",
	"left 2001:db8::7 dev v0",
	"route local 192.168.123.0/24 dev lo",
	"route local 192.168.0.0/16 dev lo table main",
	"route local 10.10.0.0/16 dev lo table 10",
	"route local 2001:db8:123::/64 dev lo",
	"route blackhole 203.0.113.0/24 table local",
	"route unreachable 203.0.113.0/28 table local",
	"route prohibit 198.18.0.0/15 table local metric 3",
	"route throw 192.168.124.0/24 table local",
	"route broadcast 203.0.113.255 dev v0",
	"route anycast 203.0.113.9/32 dev v0",
	"route default dev v0 nhid 7 proto kernel",
	"route 172.16.0.0/12 dev v2 linkdown dead tos 4",
	"split",
	"kernel 5.10",
	"kernel 6.1.192",
	"kernel 7.3",
	"nocaps",
	"noping",
	"unreadcaps",
	"unread",
	"asked 203.0.113.9 22",
	"inmain 192.168.123.123 16",
	"noread net.ipv4.ip_nonlocal_bind",
	"noread net.ipv4.ip_unprivileged_port_start",
	"noread reserved",
	"filter",
	"nohooks",
	"owner",
	"without sctp",
	"maybe udplite",
	"inet6 off",
	"inet6 maybe",
	"sysctl net.ipv4.ip_nonlocal_bind=1",
	"sysctl net.ipv6.ip_nonlocal_bind=1",
	"sysctl net.ipv4.ip_unprivileged_port_start=0",
	"sysctl net.ipv4.ip_local_port_range=5000 5002",
	"sysctl net.ipv6.bindv6only=1",
	"sysctl net.mptcp.enabled=0",
	"reserve 8000 8009",
	"reserve 80 80",
	"ports tcp",
	"ports udp",
	"hidden",
	"sock tcp4 0.0.0.0 80 listen",
	"sock tcp4 192.0.2.1 8080 listen reuse reuseport=?",
	"sock tcp6 :: 80 listen v6only=?",
	"sock tcp4 192.0.2.1 5000 timewait peer=192.0.2.99 peerport=7",
	"sock tcp4 0.0.0.0 5000 dev=v0",
	"sock tcp4 0.0.0.0 5002 ownerless",
	"sock udp4 0.0.0.0 8080 reuse uid=1000",
	"sock udp6 :: 80",
};
static const char *const protos[] = {"tcp4",  "tcp4",  "tcp6",     "tcp6",     "udp4",   "udp6",   "raw4",  "raw6",
				     "ping4", "ping6", "udplite4", "udplite6", "mptcp4", "mptcp6", "sctp4", "sctp6"};
static const char *const addrs4[] = {"0.0.0.0",       "127.0.0.1",       "192.0.2.1",   "192.0.2.7",
				     "192.0.2.255",   "192.168.123.123", "203.0.113.9", "198.18.0.1",
				     "224.0.0.1",     "255.255.255.255", "10.0.0.1",    "10.10.1.1",
				     "192.168.124.1", "203.0.113.255",   "192.168.9.9"};
static const char *const addrs6[] = {"::",
				     "::1",
				     "2001:db8::1",
				     "2001:db8::2",
				     "2001:db8::3",
				     "2001:db8::4",
				     "2001:db8::7",
				     "2001:db8:123::1",
				     "fe80::1",
				     "fe80::2",
				     "fe80::9",
				     "ff02::1",
				     "::ffff:192.0.2.1",
				     "::ffff:203.0.113.9",
				     "2001:db8:1::1"};
static const char *const ports[] = {"0", "0", "80", "5000", "8080", "8001", "65535"};
static const char *const options[] = {
	"freebind",  "freebind6", "transparent", "transparent6", "v6only",   "reuseaddr",           "reuseport",
	"device=v0", "device=r0", "device=gone", "ifindex=999",  "noport",   "portrange=5000-5001", "mark=7",
	"scope=v0",  "scope=999", "len=24",      "len=15",       "family=0", "family=10",           "uid=1000",
	"twice",     "v6only=0",  "freebind=0",
};

// A host and an attempt that nobody thought of. The caller frees the host.
static struct host *random_host(char script[static MADE_TEXT * 4])
{
	size_t used = (size_t)snprintf(script, MADE_TEXT * 4, "%s", net);
	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
		if (chance() % 6 == 0)
			used += (size_t)snprintf(script + used, MADE_TEXT * 4 - used, "%s;", statements[i]);
	return made_host(script);
}

static struct attempt random_attempt(const struct host *h)
{
	char line[256];
	const char *proto = ONE_OF(protos);
	bool six = strchr(proto, '6');
	size_t used = (size_t)snprintf(line, sizeof line, "%s %s %s", proto,
				       six && chance() % 8 ? ONE_OF(addrs6) : ONE_OF(addrs4), ONE_OF(ports));
	for (unsigned n = chance() % 4; n > 0; n--)
		used += (size_t)snprintf(line + used, sizeof line - used, " %s", ONE_OF(options));
	struct attempt a = made_attempt(h, line);
	if (chance() % 8 == 0)
		a.then.listen = true;
	if (chance() % 8 == 0)
		a.then.dest = (struct endpoint){.addr = made_addr("192.0.2.99"), .has_port = true, .port = 443};
	return a;
}

static int random_err(const struct walk *w)
{
	static const int errs[] = {0, EADDRNOTAVAIL, EADDRINUSE, EACCES, EPERM, EINVAL, ENOENT};
	return chance() % 2 ? w->predicted.err : ONE_OF(errs);
}

// What a kernel that nobody knows may have done: any functions with any values.
static struct witnessed random_inner(const struct attempt *a)
{
	static const int64_t values[] = {0, 0, 1, 2, 3, -1, -11, -13, -98, -99, 255, 0xe0001, UINT32_MAX, INT64_MIN};
	struct witnessed in = {.present = true};
	for (unsigned f = 0; f < KERNEL_FUNCTIONS; f++)
		*(chance() % 8   ? &in.sets.watched
		  : chance() % 2 ? &in.sets.absent
				 : &in.sets.refused) |= UINT64_C(1) << f;
	for (in.ncalls = 0; in.ncalls < chance() % (KERNEL_CALLS + 1); in.ncalls++) {
		struct kernel_call *c = &in.calls[in.ncalls];
		*c = (struct kernel_call){.function = (enum kernel_function)(chance() % KERNEL_FUNCTIONS),
					  .returned = ONE_OF(values),
					  .ns = chance(),
					  .addr = chance() % 4 ? a->addr : (struct addr){0},
					  .port = (uint16_t)(chance() % 2 ? a->port : chance()),
					  .scope = chance() % 4,
					  .table = chance() % 2 ? RT_TABLE_LOCAL : chance(),
					  .device = chance() % 4,
					  .capability = (int)(chance() % 16) - 1,
					  .fd = (int)(chance() % 5) - 1,
					  .addrlen = (int)chance(),
					  .rtn = chance() % 256,
					  .len = chance() % 33};
		in.counts[c->function] = (uint16_t)(in.counts[c->function] + 1 + (chance() % 8 ? 0 : chance() % 60000));
	}
	return in;
}

// What evidence_gather() may merge, in its order: the kernel's answers, the calls, the witness, the calls after it.
static void random_evidence(struct inquiry *in)
{
	struct walk *w = &in->walk;
	struct fib_answer *fib = &in->question.fib;
	const struct attempt read = attempt_as_read(&w->attempt);
	if (!fib->present && chance() % 2 && addr_unmapped(&read.addr).family == AF_INET) {
		static const uint8_t types[] = {RTN_LOCAL, RTN_UNICAST, RTN_BROADCAST};
		*fib = (struct fib_answer){.present = true, .table = RT_TABLE_LOCAL, .dst = addr_v4(&read.addr)};
		fib->err = chance() % 3 ? 0 : -ENOENT;
		fib->type = fib->err ? 0 : ONE_OF(types);
		fib->len = fib->err ? 0 : 24;
	}
	const struct facts f = inquiry_facts(in);
	struct attempt a = w->attempt;
	decide(&f, &a, w);
	if (fib->present)
		walk_ask(w, fib->err, fib->type, fib->table, fib->len);
	walk_conclude(w);
	if (chance() % 4 == 0)
		return; // predicted only
	for (unsigned i = 0; i < w->nsteps; i++) {
		if (w->steps[i].step != STEP_SOCKET && w->steps[i].step != STEP_SETSOCKOPT)
			break;
		int err = chance() % 12 ? finding_info(w->steps[i].finding)->err : EPERM;
		walk_observe_call(w, i, err ? -1 : i ? 0 : 3, err);
		if (err)
			break;
	}
	struct addr local = read.addr;
	walk_observe(w, chance() % 8 ? w->predicted.call : CALL_BIND, random_err(w), &local,
		     (uint16_t)(chance() % 2 ? 40000 : a.port), a.scope);
	if (chance() % 3 == 0)
		w->unwitnessed = "its events were lost while bind ran";
	else if (chance() % 3 == 0)
		walk_witness(w, chance() % 3, RT_TABLE_LOCAL, chance() % 2 ? 0 : -ENOENT, chance() % 2);
	struct witnessed inner = {.why_not = "the kernel is locked down"};
	if (chance() % 2)
		inner = random_inner(&read);
	if (chance() % 3)
		walk_witness_inner(w, &inner);
	walk_conclude(w);
	if (chance() % 4 == 0)
		walk_changed(w);
	else if (chance() % 4 == 0)
		walk_unchecked(w);
	if (a.then.listen)
		w->listened = (struct next_seen){.present = true, .err = chance() % 2 ? 0 : EADDRINUSE};
	if (a.then.dest.addr.family) {
		w->connected =
			(struct next_seen){.present = true, .err = chance() % 2 ? 0 : ENETUNREACH, .local = local};
		in->question.route = (struct route_answer){.present = true, .err = ENETUNREACH};
	}
	if (chance() % 3 == 0 && w->agreement == AGREES)
		w->holds_for = made_prefix("192.0.2.0/25");
}

// All that anybody can see of a walk.
static char *seen(const struct inquiry *in)
{
	char *text = NULL;
	size_t len = 0;
	struct row row;
	const struct facts f = inquiry_facts(in);
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	assert_int_equal(report_json(&f, &in->walk, out), 0);
	assert_int_equal(report_text(&f, &in->walk, (struct report_style){.width = 79}, out), 0);
	for (unsigned i = 0; i < in->walk.nsteps; i++) {
		row_clear(&row);
		for (unsigned n = 0; report_detail(&f, &in->walk, i, DETAIL_ALL, 79, n, &row); n++) {
			fprintf(out, "%s\n", row.text);
			row_clear(&row);
		}
	}
	fclose(out);
	return text;
}

static char *written(const struct recording *r, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);
	assert_non_null(out);
	assert_int_equal(record_write(r, RECORD_JSON, out), 0);
	fclose(out);
	return text;
}

static void check_frame(const struct recording *r, size_t n, const char *what, const char *script)
{
	struct inquiry in;
	r->frames[n].at->host->recorded = false; // else it is said everywhere
	assert_true(recording_inquiry(r, n, &in));
	if (!frame_bind_is_same(r->frames[n].bind, &in.walk))
		fail_msg("another end on [%s]", script);
	char *shown = seen(&in);
	size_t at = 0;
	while (what[at] && what[at] == shown[at])
		at++;
	if (what[at] || shown[at])
		fail_msg("[%s]: not the same from '%.200s', but '%.200s'", script, what + (at > 80 ? at - 80 : 0),
			 shown + (at > 80 ? at - 80 : 0));
	free(shown);
	inquiry_free(&in);
}

static void count(const struct walk *w, bool findings[static FINDING_COUNT], unsigned agreements[static DISAGREES + 1],
		  unsigned claims[static EV_COUNT])
{
	agreements[w->agreement]++;
	for (unsigned i = 0; i < w->nsteps; i++) {
		findings[w->steps[i].finding] = true;
		for (int e = 0; e < EV_COUNT; e++)
			claims[e] += w->steps[i].claims[e].present;
	}
}

// What chance does not meet: a host and a bind each.
static const char *const rare[][2] = {
	{"lo", "tcp4 127.0.0.1 0 len=129"},
	{"lo", "tcp4 127.0.0.1 0 noport twice"},
	{"lo", "raw4 127.0.0.1 0 bound"},
	{"lo; route local 10.9.0.0/16 dev lo table main", "tcp4 10.9.1.1 0"},
	{"lo; route multicast 10.9.0.0/16 dev lo table local", "udp4 10.9.1.1 0"},
	{"lo; unread; asked 203.0.113.9 22", "tcp4 203.0.113.9 0"},
	{"lo; link v0; route anycast 2001:db8:: table local", "udp6 2001:db8:: 0"},
	{"link v0 down; addr 2001:db8:5::9/64 dev v0 tentative", "tcp6 2001:db8:5::9 0"},
	{"lo; link v0 down; left 2001:db8:5::9 dev v0", "tcp6 2001:db8:5::9 0"},
	{"lo down", "tcp6 ::1 0"},
	{"lo noipv6", "tcp6 ::1 0"},
	{"lo; route local 10.8.0.0/16 dev lo table local; route unicast 10.8.1.1/32 dev lo", "udp4 10.8.1.1 0"},
	{"lo; link v0; left 192.0.2.7 dev v0", "tcp4 192.0.2.7 0"},
	{"lo down", "tcp4 127.0.0.1 0"},
	{"lo down; addr 10.0.0.1/24", "tcp4 10.0.0.7 0"},
	{"lo; sock tcp4 127.0.0.1 80 reuse", "tcp4 127.0.0.1 80 reuseaddr"},
	{"lo; sock tcp4 127.0.0.1 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr"},
	{"kernel 5.10.223; lo; sock udp4 10.1.0.1 80; sock udp4 10.1.0.2 80; sock udp4 10.1.0.3 80; sock udp4 10.1.0.4 80;"
	 "sock udp4 10.1.0.5 80; sock udp4 10.1.1.1 80; sock udp4 10.1.1.2 80; sock udp4 10.1.1.3 80;"
	 "sock udp4 10.1.1.4 80; sock udp4 10.1.1.5 80; sock udp4 10.1.3.1 80",
	 "udp4 0.0.0.0 80"},
	{"lo; sysctl net.ipv4.ip_local_port_range=50000 50001; sock tcp4 0.0.0.0 50000; sock tcp4 0.0.0.0 50001",
	 "tcp4 127.0.0.1 0"},
	{"lo; sysctl net.ipv4.ip_local_port_range=50000 50002; sock tcp4 127.0.0.1 50000; sock tcp4 127.0.0.1 50001",
	 "tcp4 127.0.0.1 0"},
	{"lo; sysctl net.ipv4.ip_local_port_range=50000 50001; reserve 50000 50001", "tcp4 127.0.0.1 0"},
	{"lo; ports icmp", "ping4 127.0.0.1 14"},
	{"lo", "raw6 ::ffff:127.0.0.1 0"},
	{"lo", "ping4 0.0.0.0 0"},
	{"lo; route local 10.9.0.0/16 dev lo", "tcp4 10.9.1.1 0"},
	{"lo; link v0; addr 2001:db8::2/64 dev v0 tentative", "tcp6 2001:db8::2 0"},
	{"lo", "sctp4 203.0.113.9 0 transparent"},
	{"lo", "sctp6 fe80::1 0 scope=999"},
	{"lo; ports tcp; hidden", "tcp4 127.0.0.1 80"},
	{"lo; link v0; link v1; addr fe80::1/64 dev v1", "tcp6 fe80::1 0 scope=v0"},
	{"lo; split; inmain 10.9.1.1 16", "tcp4 10.9.1.1 0"},
	{"lo; vrf red 10; link v0 master red; addr 10.0.0.1/24 dev v0", "tcp4 10.0.0.1 0"},
	{"lo", "sctp6 ::ffff:127.0.0.1 0 family=2"},
	{"lo", "sctp6 ff02::1 0 scope=999"},
	{"lo", "udp6 ff02::1 0 scope=lo"},
	{"lo; link v0; addr 192.0.2.1/24 dev v0 noroute", "tcp4 192.0.2.1 0"},
	{"lo; link v0; addr 2001:db8::4/64 dev v0 dadfailed tentative", "tcp6 2001:db8::4 0"},
	{"lo; link v0; left 2001:db8::7 dev v0", "tcp6 2001:db8::7 0"},
	{"lo; route local 2001:db8:123::/64 dev lo", "tcp6 2001:db8:123::1 0"},
	{"lo; link v0; addr fe80::1/64 dev v0", "tcp6 fe80::1 0 scope=v0"},
	{"lo", "tcp4 0.0.0.0 0 family=0"},
	{"lo; link v0; addr fe80::1/64 dev v0", "sctp6 fe80::1 0 scope=v0"},
	{"lo; sock ping4 127.0.0.1 14 reuse", "ping4 127.0.0.1 14"},
	{"lo; sock ping6 ::1 14 reuse=?", "ping4 127.0.0.1 14"},
	{"lo; sock ping4 127.0.0.2 14", "ping4 127.0.0.1 14"},
};
enum { RARE = sizeof rare / sizeof *rare, ROUNDS = 160, FRAMES = 6 };

// The facts of a made-up bind, and its walk with random evidence. The caller frees the host, which is lent.
static struct host *make_up(unsigned n, char script[static MADE_TEXT * 4], struct inquiry *in)
{
	drawn = (n + 1) * 0xc2b2ae35; // what is drawn for one bind, say of all functions, changes no other one
	if (n < RARE)
		snprintf(script, MADE_TEXT * 4, "%s", rare[n][0]);
	struct host *h = n < RARE ? made_host(rare[n][0]) : random_host(script);
	struct attempt a = n < RARE ? made_attempt(h, rare[n][1]) : random_attempt(h);
	*in = (struct inquiry){.host = h, .caller = *made_facts(h)->caller, .question = made_question};
	made_question = (struct question){0}; // taken over
	const struct facts facts = inquiry_facts(in);
	decide(&facts, &a, &in->walk);
	random_evidence(in);
	return h;
}

static struct recording read_back(const char *text, size_t len)
{
	char err[RECORDING_ERROR];
	struct recording back;
	if (recording_json_read(text, len, &back, err, sizeof err) < 0)
		fail_msg("%s: %s", err, text);
	return back;
}

// Made-up hosts and binds with all findings and kinds of evidence: kept, written and read, each shows the same walk.
static void test_round_trip(void **state)
{
	(void)state;
	static struct inquiry in;
	bool findings[FINDING_COUNT] = {false};
	unsigned agreements[DISAGREES + 1] = {0}, claims[EV_COUNT] = {0};
	for (unsigned round = 0; round < ROUNDS; round++) {
		char scripts[FRAMES][MADE_TEXT * 4], *what[FRAMES];
		struct recording r = {.title = "round", .lab = "host"};
		size_t len;
		for (unsigned i = 0; i < FRAMES; i++) {
			struct host *h = make_up(round * FRAMES + i, scripts[i], &in);
			count(&in.walk, findings, agreements, claims);
			recording_add_bind(&r, 3, &in);
			what[i] = seen(&in);
			host_free(h);
			inquiry_free(&in);
			if (i == 0)
				check_frame(&r, i, what[i], scripts[i]);
		}
		char *text = written(&r, &len);
		struct recording back = read_back(text, len);
		assert_int_equal(back.n, FRAMES);
		for (unsigned i = 0; i < FRAMES; i++) {
			const char *fault = host_fault(back.frames[i].at->host);
			if (fault)
				fail_msg("%s of [%s]", fault, scripts[i]);
			assert_true(host_equal(back.frames[i].at->host, r.frames[i].at->host));
			check_frame(&back, i, what[i], scripts[i]);
			free(what[i]);
		}
		char *again = written(&back, &len);
		assert_string_equal(text, again);
		free(text);
		free(again);
		recording_free(&r);
		recording_free(&back);
	}
	for (int i = 0; i < FINDING_COUNT; i++)
		if (!findings[i])
			fail_msg("%s is in no walk of this test", finding_info((enum finding_id)i)->name);
	for (int i = 0; i <= DISAGREES; i++)
		assert_true(agreements[i] > 0);
	assert_true(claims[EV_SYSCALL] && claims[EV_ASKED] && claims[EV_KERNEL]);
}

static void bind_on(struct recording *r, const struct host *h, const char *bind)
{
	static struct inquiry in;
	const struct attempt a = made_attempt(h, bind);
	in = (struct inquiry){.host = h, .caller = *made_facts(h)->caller};
	const struct facts facts = inquiry_facts(&in);
	decide(&facts, &a, &in.walk);
	recording_add_bind(r, 0, &in);
	inquiry_free(&in);
}

// Words, changes and binds in their order; nothing is said twice.
static void test_frames(void **state)
{
	(void)state;
	struct recording r = {.title = "A lesson"};
	struct host *h = made_host("lo; link v0; addr 192.0.2.1/24 dev v0"), *later;
	recording_add_text(&r, FRAME_STEP, 2, "One");
	recording_add_text(&r, FRAME_ASK, 3, "Will it? (binds, refused)");
	recording_answer(&r, "binds");
	bind_on(&r, h, "tcp4 192.168.123.123 80 freebind=0 mark=7");
	recording_add_change(&r, 4, "undo all",
			     "ip route del local 10.0.0.0/8 dev lo\nsysctl -w net.ipv4.ip_forward=0");
	later = made_host("lo; link v0; addr 192.0.2.1/24 dev v0; route local 192.168.123.0/24 dev lo");
	bind_on(&r, later, "udp6 ::ffff:192.168.123.123 80");
	bind_on(&r, later, "udp6 ::ffff:192.168.123.123 80");
	assert_ptr_equal(r.first, r.frames[2].at);
	assert_ptr_equal(r.frames[3].at, r.frames[4].at); // the bind has seen what the change left
	assert_ptr_equal(r.frames[5].at, r.frames[4].at);
	size_t len;
	char *text = written(&r, &len);
	struct recording back = read_back(text, len);
	assert_int_equal(back.n, 6);
	assert_string_equal(back.title, "A lesson");
	assert_string_equal(back.frames[0].text, "One");
	assert_string_equal(back.frames[1].answer, "binds");
	assert_int_equal(back.frames[1].line, 3);
	assert_string_equal(back.frames[2].command, "set freebind=0\nset mark=7\nbind 192.168.123.123 80");
	assert_string_equal(back.frames[3].text,
			    "ip route del local 10.0.0.0/8 dev lo\nsysctl -w net.ipv4.ip_forward=0");
	assert_string_equal(back.frames[4].command, "proto udp\nbind ::ffff:192.168.123.123 80");
	assert_ptr_equal(back.frames[5].at, back.frames[4].at);
	assert_ptr_equal(back.first, back.frames[2].at);
	assert_ptr_equal(recording_host(&back, 1), back.first);
	const char *last = strrchr(text, '\n') - 20; // of the last frame: neither the host nor the caller again
	while (last[-1] != '\n' || last[0] != '{')
		last--;
	assert_null(strstr(last, "interfaces"));
	assert_null(strstr(last, "\"caller\""));
	free(text);
	recording_free(&r);
	recording_free(&back);
	host_free(h);
	host_free(later);
}

// A host with very many routes costs no more than another one, shows the same walk, and says what was left out.
static void test_large_host(void **state)
{
	enum { ROUTES = 200000 };
	(void)state;
	char left[128], expected[64];
	struct recording r = {0};
	struct inquiry in;
	struct host *h = made_host("lo; link v0; link v1; addr 192.0.2.1/24 dev v0; route local 192.168.0.0/16 dev lo");
	struct route_info info = {.table = RT_TABLE_MAIN, .type = RTN_UNICAST, .oif = 3};
	for (uint32_t i = 0; i < ROUTES; i++) {
		struct prefix p = {addr_from_v4(0x0a000000 + (i << 4)), 28};
		assert_int_equal(host_add_route(h, &p, &info), 0);
	}
	host_sort(h);
	bind_on(&r, h, "tcp4 192.168.1.1 0");
	bind_on(&r, h, "tcp4 10.0.0.1 0");
	bind_on(&r, h, "tcp4 10.0.0.1 0");
	assert_true(r.bytes < 200000);
	assert_ptr_equal(r.frames[1].at, r.frames[2].at);
	assert_true(recording_inquiry(&r, 0, &in));
	assert_int_equal(in.walk.code, CODE_ADDR_ANYIP);
	inquiry_free(&in);
	assert_true(recording_inquiry(&r, 1, &in));
	assert_int_equal(in.walk.code, CODE_ADDR_NOT_LOCAL);
	inquiry_free(&in);
	frame_host_left(r.frames[0].at, left, sizeof left);
	snprintf(expected, sizeof expected, "left out: %zu IPv4 routes", h->nroutes4 - 1);
	assert_string_equal(left, expected);
	recording_free(&r);
	host_free(h);
}

// A session without an end does not grow without one: the oldest frames go, and are counted.
static void test_long_session(void **state)
{
	(void)state;
	struct recording r = {0};
	struct host *h = made_host("lo; link v0; addr 192.0.2.1/24 dev v0");
	for (unsigned i = 0; i < 3 * RECORDING_FRAMES; i++) {
		if (i % 100 == 0)
			bind_on(&r, h, "tcp4 192.0.2.1 0");
		else
			recording_add_change(&r, i, "link set v0 up", "ip link set v0 up");
		assert_true(r.n <= RECORDING_FRAMES && r.n + r.left_out == i + 1);
	}
	assert_int_equal(r.frames[r.n - 1].line, 3 * RECORDING_FRAMES - 1);
	size_t len;
	char *text = written(&r, &len);
	struct recording back = read_back(text, len);
	assert_int_equal(back.left_out, r.left_out);
	assert_int_equal(back.n, r.n);
	free(text);
	recording_free(&back);
	recording_free(&r);
	assert_int_equal(r.bytes, 0);
	host_free(h);
}

// Ten minutes in which somebody changes a route each second and binds every other one, on a host of some size: far
// below the megabyte that a recording may have.
static void test_ten_minutes(void **state)
{
	enum { SECONDS = 600, ROUTES = 60, MOST = 1 << 19 };
	(void)state;
	struct recording r = {0};
	struct route_info info = {.table = RT_TABLE_MAIN, .type = RTN_UNICAST, .oif = 2};
	for (uint32_t second = 0; second < SECONDS; second++) {
		char line[64];
		uint32_t at = second / 2 % ROUTES; // the route that comes and goes
		struct host *h = made_host("lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0");
		for (uint32_t i = 0; i < ROUTES; i++) {
			struct prefix p = {addr_from_v4(0x0a000000 + (i << 16)), 24};
			if (i != at || second % 2)
				assert_int_equal(host_add_route(h, &p, &info), 0);
		}
		host_sort(h);
		snprintf(line, sizeof line, "ip route %s 10.%u.0.0/24 dev v0", second % 2 ? "add" : "del", at);
		recording_add_change(&r, second, line + 3, line);
		recording_add_text(&r, FRAME_SAY, second, "Look at this, and say what comes next.");
		recording_saw_host(&r, h, NULL);
		if (second % 2)
			bind_on(&r, h, "tcp4 192.168.123.123 80 freebind reuseaddr");
		host_free(h);
	}
	size_t len;
	char *text = written(&r, &len);
	struct recording back = read_back(text, len);
	assert_int_equal(back.n, r.n);
	for (size_t i = 0; i < back.n; i++) {
		assert_int_equal(r.frames[i].kind == FRAME_SAY, !r.frames[i].at);
		if (back.frames[i].at)
			assert_true(host_equal(back.frames[i].at->host, r.frames[i].at->host));
	}
	if (len >= MOST)
		fail_msg("%zu bytes", len);
	free(text);
	recording_free(&r);
	recording_free(&back);
}

// What is wrong, and where.
static void test_errors(void **state)
{
	(void)state;
#define ROOT(frames) "{\"bindwalk_recording\":1,\"frames\":[" frames "]}"
	static const struct {
		const char *text, *err;
	} cases[] = {
		{"", "this is not a recording: line 1, column 0: '[' or '{' expected near end of file"},
		{"{", "this is not a recording: line 1, column 1: string or '}' expected near end of file"},
		{"[]", "this is not a recording of Bindwalk"},
		{"{\"attempt\":{}}", "this is not a recording of Bindwalk"},
		{"{\"bindwalk_recording\":2}", "this is a recording of version 2; expected 1"},
		{"{\"bindwalk_recording\":1}", "frames: expected an array"},
		{"{\"bindwalk_recording\":1,\"bindwalk_recording\":1}",
		 "this is not a recording: line 1, column 44: duplicate object key near '\"bindwalk_recording\"'"},
		{ROOT("7"), "frames[0].kind: expected a string"},
		{ROOT("{\"kind\":\"say\",\"text\":\"a\"},{\"kind\":\"sing\"}"),
		 "frames[1].kind: this version does not know the word 'sing'"},
		{ROOT("{\"kind\":\"say\",\"text\":7}"), "frames[0].text: expected a text, or an array of lines"},
		{ROOT("{\"kind\":\"say\",\"line\":-1}"), "frames[0].line: expected a number from 0 to 4294967295"},
		{ROOT("{\"kind\":\"bind\"}"), "frames[0]: a bind needs a host"},
		{ROOT("{\"kind\":\"bind\",\"host\":[]}"), "frames[0].host: expected an object"},
		{ROOT("{\"kind\":\"bind\",\"host\":{}}"), "frames[0].host.facts: expected an object"},
		{"{\"bindwalk_recording\":1,\"about\":{\"host\":{\"rules\":{\"at\":0,\"cut\":0,\"put\":[]}}},\"frames\":[]}",
		 "about.host.facts: expected an object"},
		{"[[[[[[[[[[[[[[[[[", "byte 17: arrays and objects are nested deeper than 16"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char err[RECORDING_ERROR];
		struct recording r;
		assert_int_equal(recording_json_read(cases[i].text, strlen(cases[i].text), &r, err, sizeof err),
				 -EINVAL);
		assert_string_equal(err, cases[i].err);
		assert_null(r.frames);
	}
}

// Of what was witnessed: names that nobody knows, and more than there can be.
static void test_inner_errors(void **state)
{
	(void)state;
#define INNER(rest) "{\"present\":true,\"watched\":[],\"absent\":[],\"refused\":[]" rest "}"
	static const struct {
		const char *text, *err;
	} cases[] = {
		{"7", "expected an object"},
		{"{\"present\":7}", "present: expected true or false"},
		{"{\"present\":true}", "watched: expected an array"},
		{"{\"present\":true,\"watched\":[\"nobody\"]}",
		 "watched: this version does not know the function 'nobody'"},
		{"{\"present\":true,\"watched\":[7]}", "watched: expected a function's name"},
		{INNER(""), "counts: expected an object"},
		{INNER(",\"counts\":{\"nobody\":1}"), "counts: this version does not know the function 'nobody'"},
		{INNER(",\"counts\":{\"__sys_bind\":65536}"), "counts: expected a number from 0 to 65535"},
		{INNER(",\"counts\":{\"__sys_bind\":true}"), "counts: expected a number from 0 to 65535"},
		{INNER(",\"counts\":{}"), "calls: expected an array"},
		{INNER(",\"counts\":{},\"calls\":[{}]"), "calls[0].function: expected a string"},
		{INNER(",\"counts\":{},\"calls\":[7]"), "calls[0].function: expected a string"},
		{INNER(",\"counts\":{},\"calls\":[{\"function\":\"nobody\"}]"),
		 "calls[0].function: this version does not know the word 'nobody'"},
		{INNER(",\"counts\":{},\"calls\":[{\"function\":\"__sys_bind\",\"length\":33}]"),
		 "calls[0].length: expected a number from 0 to 32"},
		{INNER(",\"counts\":{},\"calls\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"),
		 "calls: expected at most 24"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char err[128] = "";
		struct json_place p = {.err = err, .errlen = sizeof err};
		struct witnessed w = {0};
		json_t *from = json_loads(cases[i].text, JSON_DECODE_ANY, NULL);
		assert_non_null(from);
		assert_false(witnessed_json_read(from, &p, &w));
		assert_string_equal(err, cases[i].err);
		json_decref(from);
	}
	struct witnessed none = {0};
	assert_true(witnessed_json_read(NULL, &(struct json_place){0}, &none)); // as in recordings of old
	assert_false(none.present);
}

// Each member of a written recording in turn is replaced by something else. It is refused with a sentence, or still
// shows a walk.
static void test_hostile(void **state)
{
	(void)state;
	static const char *const evil[] = {"-1",
					   "4294967296",
					   "99999999999999999999",
					   "\"\"",
					   "\"\\u001b[2J\"",
					   "null",
					   "[]",
					   "{}",
					   "true",
					   "{\"bytes\":\"1b5b324a\"}",
					   "{\"bytes\":\"zz\"}",
					   "128"};
	struct recording r = {0};
	struct host *h =
		made_host("lo; link v0; vrf red 10; link v1 master red; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 "
			  "dev v1; left 192.0.2.7 dev v0; altname v0 up; sock tcp4 0.0.0.0 80 listen; reserve 80 81");
	struct question q = made_question;
	made_question = (struct question){0};
	bind_on(&r, h, "tcp4 192.0.2.1 80 freebind device=v0");
	r.frames[0].bind->question = q;
	bind_on(&r, h, "tcp6 2001:db8::1 80 portrange=5000-5002");
	made_inner(&r.frames[0].bind->attempt,
		   "fib_table_lookup=0@255+2/32 inet_addr_type_table=2@255 ?hook_socket_bind",
		   &r.frames[0].bind->inner);
	size_t len, refused = 0, taken = 0;
	char *text = written(&r, &len);
	for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
		size_t value = at[1] == '"' ? 2 + strcspn(at + 2, "\"") : strcspn(at + 1, ",}]");
		for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
			char *changed = NULL, err[RECORDING_ERROR] = "";
			struct recording back;
			int n = asprintf(&changed, "%.*s%s%s", (int)(at + 1 - text), text, evil[i], at + 1 + value);
			assert_true(n > 0);
			int rc = recording_json_read(changed, (size_t)n, &back, err, sizeof err);
			free(changed);
			refused += rc < 0;
			taken += rc == 0;
			assert_int_equal(rc < 0, err[0] != '\0');
			for (size_t k = 0; rc == 0 && k < back.n; k++) {
				struct inquiry in;
				if (!recording_inquiry(&back, k, &in))
					continue;
				char *shown = seen(&in);
				assert_null(strchr(shown, 27));
				free(shown);
				inquiry_free(&in);
			}
			recording_free(&back);
		}
	}
	assert_true(refused > 1000 && taken > 100);
	free(text);
	recording_free(&r);
	host_free(h);
}

// A text that is too long ends with a whole character, wherever the limit falls.
static void test_cut(void **state)
{
	static const char last[] = "\xf0\x9f\x98\x80"; // of four bytes
	char text[RECORDING_TEXT + sizeof last];
	(void)state;
	for (size_t room = 0; room < sizeof last; room++) {
		struct recording r = {0};
		memset(text, 'a', RECORDING_TEXT - room);
		memcpy(text + RECORDING_TEXT - room, last, sizeof last);
		recording_add_text(&r, FRAME_SAY, 0, text);
		assert_int_equal(r.n, 1);
		assert_int_equal(strlen(r.frames[0].text), RECORDING_TEXT - (room == sizeof last - 1 ? 0 : room));
		recording_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_frames),
		cmocka_unit_test(test_large_host),   cmocka_unit_test(test_long_session),
		cmocka_unit_test(test_ten_minutes),  cmocka_unit_test(test_errors),
		cmocka_unit_test(test_hostile),      cmocka_unit_test(test_cut),
		cmocka_unit_test(test_inner_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
