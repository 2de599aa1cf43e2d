// SPDX-License-Identifier: GPL-3.0-or-later
// Who conflicts on a port: the rules written out a second time, over every pair, and the surprising pairs one by one.
#include "core/model/port_conflict.h"
#include "tests/unit/made_host.h"

enum { ANY4, ONE4, TWO4, MAPPED_ANY, MAPPED_ONE, ANY6, ONE6, TWO6, ADDRS };

static const char *const addrs[ADDRS] = {"0.0.0.0",          "127.0.0.1", "127.0.0.2", "::ffff:0.0.0.0",
					 "::ffff:127.0.0.1", "::",        "::1",       "2001:db8::1"};

static const char script[] = "lo; vrf red 10; link d0 master red; link v0; link v1";

// What a socket looks like once it is bound.
struct end {
	int addr, dev, uid;
	bool v6only, reuse, reuseport, listens;
};

enum shape { V4, V6ANY, V6ONE };

static enum shape shape(int addr)
{
	return addr == ANY6 ? V6ANY : addr == ONE6 || addr == TWO6 ? V6ONE : V4;
}

static int v4_value(int addr) // 0: any
{
	return addr == ONE4 || addr == MAPPED_ONE ? 1 : addr == TWO4 ? 2 : 0;
}

static bool meets(const struct end *b, const struct end *a)
{
	enum shape x = shape(b->addr), y = shape(a->addr);
	if (x == V4 && y == V4)
		return v4_value(b->addr) == v4_value(a->addr) || !v4_value(b->addr) || !v4_value(a->addr);
	if (x == V6ANY && y == V4)
		return !b->v6only;
	if (x == V4 && y == V6ANY)
		return !a->v6only;
	if (x == V6ONE && y == V6ONE)
		return a->addr == b->addr;
	return x != V4 && y != V4;
}

static bool expect(const struct end *b, const struct end *a, bool tcp, const int *domain)
{
	if (a->dev && b->dev && a->dev != b->dev)
		return false;
	if (tcp && domain[a->dev] != domain[b->dev])
		return false;
	if (!meets(b, a))
		return false;
	if (a->reuse && b->reuse && !(tcp && a->listens))
		return false;
	return !(a->reuseport && b->reuseport && a->uid == b->uid);
}

static struct claimant claimant(const struct end *b, const uint32_t *devices, bool tcp)
{
	return (struct claimant){.addr = made_addr(addrs[b->addr]),
				 .protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP,
				 .v6only = b->v6only || shape(b->addr) == V6ONE,
				 .reuseaddr = b->reuse,
				 .reuseport = b->reuseport,
				 .device = devices[b->dev],
				 .uid = (uint32_t)b->uid};
}

static struct sock holder(const struct end *a, const uint32_t *devices, bool tcp)
{
	struct addr addr = made_addr(addrs[a->addr]);
	return (struct sock){.family = addr.family,
			     .protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP,
			     .state = a->listens && tcp ? 10
				      : tcp             ? 13
							: 7,
			     .v6only = a->v6only || shape(a->addr) == V6ONE ? YES : NO,
			     .reuseaddr = a->reuse ? YES : NO,
			     .reuseport = a->reuseport ? YES : NO,
			     .addr = addr,
			     .port = 80,
			     .device = devices[a->dev],
			     .uid = (uint32_t)a->uid};
}

static struct end end_of(unsigned bits, bool listens)
{
	return (struct end){.addr = (int)(bits & 7),
			    .dev = (int)(bits >> 3) % 5,
			    .uid = (int)(bits >> 3) / 5 & 1,
			    .v6only = (bits >> 3) / 10 & 1,
			    .reuse = (bits >> 3) / 20 & 1,
			    .reuseport = (bits >> 3) / 40 & 1,
			    .listens = listens};
}

// All 640 x 640 pairs, times listening, protocol and tcp_l3mdev_accept; devices: none, v0, v1, the VRF, its slave.
static void test_all_pairs(void **state)
{
	(void)state;
	enum { ENDS = 8 * 5 * 2 * 2 * 2 * 2 };
	struct host *h = made_host(script);
	const uint32_t devices[5] = {0, made_index(h, "v0"), made_index(h, "v1"), made_index(h, "red"),
				     made_index(h, "d0")};
	static const int apart[5] = {0, 0, 0, 1, 1}, together[5] = {0};
	static struct sock holders[ENDS][2];
	unsigned conflicts = 0;
	for (int variant = 0; variant < 3; variant++) {
		bool tcp = variant < 2;
		h->sysctl[SYSCTL_TCP_L3MDEV] = variant == 1;
		for (unsigned j = 0; j < ENDS; j++)
			for (int listens = 0; listens < 2; listens++) {
				struct end a = end_of(j, listens);
				holders[j][listens] = holder(&a, devices, tcp);
			}
		for (unsigned i = 0; i < ENDS; i++) {
			struct end b = end_of(i, false);
			struct claimant me = claimant(&b, devices, tcp);
			for (unsigned j = 0; j < ENDS; j++)
				for (int listens = 0; listens < 2; listens++) {
					struct end a = end_of(j, listens);
					bool wanted = expect(&b, &a, tcp, variant == 0 ? apart : together);
					enum tri got = port_conflict(h, &me, &holders[j][listens], false);
					conflicts += wanted;
					if (got != (wanted ? YES : NO))
						fail_msg("%s b=%u a=%u listens=%d: %d", tcp ? "tcp" : "udp", i, j,
							 listens, got);
					struct sharing s = port_sharing(h, &me, &holders[j][listens]);
					if ((s.fails != CONDITION_MET) != wanted || s.open)
						fail_msg("%s b=%u a=%u listens=%d: %s %s", tcp ? "tcp" : "udp", i, j,
							 listens, condition_name(s.fails), side_name(s.side));
				}
		}
	}
	assert_true(conflicts > 100000); // the table has both answers in plenty
	host_free(h);
}

struct pair {
	const char *host, *bind;
	enum tri conflicts;
};

static struct claimant claimant_of(const struct host *h, const char *line)
{
	struct attempt a = made_attempt(h, line);
	bool uni6 = a.family == AF_INET6 && !addr_is_any(&a.addr) && !addr_is_mapped(&a.addr);
	const struct setting *dev = attempt_setting(&a, OPT_DEVICE);
	return (struct claimant){.addr = a.addr,
				 .protocol = (uint8_t)kind_info(a.kind)->protocol,
				 .v6only = uni6 || attempt_on(&a, OPT_V6ONLY),
				 .reuseaddr = attempt_on(&a, OPT_REUSEADDR),
				 .reuseport = attempt_on(&a, OPT_REUSEPORT),
				 .device = dev ? made_index(h, dev->device) : 0,
				 .uid = made_unprivileged ? 1000 : 0};
}

static enum tri judge(const char *made, const char *line, bool strict)
{
	struct host *h = made_host(made);
	struct claimant me = claimant_of(h, line);
	enum tri result = port_conflict(h, &me, &made_question.socks[0], strict);
	host_free(h);
	return result;
}

static void check(const struct pair *pairs, size_t n, bool strict)
{
	for (size_t i = 0; i < n; i++) {
		enum tri got = judge(pairs[i].host, pairs[i].bind, strict);
		if (got != pairs[i].conflicts)
			fail_msg("%s against [%s]: %d", pairs[i].bind, pairs[i].host, got);
	}
}

#define CHECK(pairs, strict) check(pairs, sizeof(pairs) / sizeof *(pairs), strict)

static void test_pairs(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		// surprising cases
		{"lo; sock tcp4 0.0.0.0 80 reuse", "tcp4 127.0.0.1 80 reuseaddr", NO},
		{"lo; sock tcp4 0.0.0.0 80 listen reuse", "tcp4 127.0.0.1 80 reuseaddr", YES},
		{"lo; sock udp4 0.0.0.0 80 reuse", "udp4 127.0.0.1 80 reuseaddr", NO},
		{"lo; vrf red 10; sock tcp4 0.0.0.0 80 listen", "tcp4 10.0.0.1 80 dev=red", NO},
		{"lo; vrf red 10; sysctl net.ipv4.tcp_l3mdev_accept=1; sock tcp4 0.0.0.0 80 listen",
		 "tcp4 10.0.0.1 80 dev=red", YES},
		{"lo; vrf red 10; sock udp4 0.0.0.0 80", "udp4 10.0.0.1 80 dev=red", YES},
		{"lo; sock tcp6 ::ffff:0.0.0.0 80", "tcp6 ::ffff:127.0.0.1 80", YES},
		{"lo; sock tcp6 :: 80 v6only", "tcp6 :: 80", YES}, // V6ONLY does not matter between two "::"
		{"lo; sock tcp6 :: 80 v6only", "tcp4 0.0.0.0 80", NO},
		{"lo; sock tcp6 :: 80", "tcp4 127.0.0.1 80", YES},
		// what connect() or accept() brought to an IPv6 address still meets the IPv4 wildcard
		{"lo; sock tcp6 ::1 80 v6only", "tcp4 0.0.0.0 80", NO},
		{"lo; sock tcp6 ::1 80", "tcp4 0.0.0.0 80", YES},
		{"lo; sock tcp6 ::1 80 timewait", "tcp4 0.0.0.0 80", YES},
		{"lo; sock udp6 ::1 80", "udp4 0.0.0.0 80", YES},
		{"lo; sock tcp6 ::1 80 reuse", "tcp4 0.0.0.0 80 reuseaddr", NO},
		{"lo; sock tcp6 ::1 80", "tcp6 ::ffff:0.0.0.0 80", NO}, // an AF_INET6 socket compares IPv6 addresses
		{"lo; sock tcp6 ::1 80", "tcp4 127.0.0.1 80", NO},
		{"lo; sock tcp6 ::1 80", "tcp4 127.0.0.6 80", NO},
		{"lo; sock udp6 ::1 80", "udp4 127.0.0.6 80", YES},
		{"lo; sock udp6 ::1 80 v6only", "udp4 127.0.0.6 80", NO},
		{"lo; sock udp6 ::1 80", "udp4 127.0.0.1 80", NO},
		{"lo; sock udp6 ::1 80", "udp6 ::ffff:127.0.0.6 80", NO},
		{"kernel 5.10.223; lo; sock tcp6 ::1 80", "tcp4 127.0.0.6 80", YES},
		{"kernel 5.10.223; lo; sock tcp6 ::1 80", "tcp4 127.0.0.1 80", NO},
		{"kernel 5.10.223; lo; sock tcp6 ::1 80 v6only", "tcp4 127.0.0.6 80", NO},
		// 6.1 to 6.7 overlook one pair, TCP only, and only in this order
		{"kernel 6.1.192; lo; sock tcp6 ::ffff:0.0.0.0 80", "tcp6 ::ffff:127.0.0.1 80", NO},
		{"kernel 6.7.3; lo; sock tcp6 ::ffff:0.0.0.0 80", "tcp6 ::ffff:127.0.0.1 80", NO},
		{"kernel 6.8.1; lo; sock tcp6 ::ffff:0.0.0.0 80", "tcp6 ::ffff:127.0.0.1 80", YES},
		{"kernel 6.1.192; lo; sock udp6 ::ffff:0.0.0.0 80", "udp6 ::ffff:127.0.0.1 80", YES},
		{"kernel 6.1.192; lo; sock tcp6 ::ffff:127.0.0.1 80", "tcp6 ::ffff:0.0.0.0 80", YES},
		{"kernel 6.1.192; lo; sock tcp6 ::ffff:0.0.0.0 80", "tcp6 ::ffff:0.0.0.0 80", YES},
		{"kernel 6.1.192; lo; sock tcp4 0.0.0.0 80", "tcp6 ::ffff:127.0.0.1 80", YES},
		{"kernel 6.1.192; lo; sock tcp6 ::ffff:0.0.0.0 80", "tcp4 127.0.0.1 80", YES},
		// other tables of sockets
		{"lo; sock udp4 0.0.0.0 80", "tcp4 0.0.0.0 80", NO},
		{"lo; sock udplite4 0.0.0.0 80", "udp4 0.0.0.0 80", NO},
		{"lo; sock udplite4 0.0.0.0 80", "udplite4 127.0.0.1 80", YES},
		// the same user only
		{"lo; sock tcp4 0.0.0.0 80 listen reuseport uid=0", "tcp4 0.0.0.0 80 reuseport", NO},
		{"lo; sock tcp4 0.0.0.0 80 listen reuseport uid=5", "tcp4 0.0.0.0 80 reuseport", YES},
		{"lo; sock tcp4 0.0.0.0 80 timewait reuseport uid=5", "tcp4 0.0.0.0 80 reuseport", NO},
		{"lo; sock tcp4 0.0.0.0 80 timewait reuse uid=5", "tcp4 0.0.0.0 80 reuseaddr", NO},
		{"lo; sock tcp4 0.0.0.0 80 timewait uid=5", "tcp4 0.0.0.0 80 reuseaddr", YES},
	};
	CHECK(pairs, false);
}

// What sock_diag does not tell about the holder.
static void test_unknown(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{"lo; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr", UNKNOWN},
		{"lo; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80",
		 YES}, // we do not share, so it does not matter
		{"lo; sock tcp4 0.0.0.0 80 listen reuse=?", "tcp4 127.0.0.1 80 reuseaddr", YES},
		{"lo; sock udp4 0.0.0.0 80 listen reuse=?", "udp4 127.0.0.1 80 reuseaddr", UNKNOWN},
		{"lo; sock tcp4 0.0.0.0 80 reuseport=?", "tcp4 127.0.0.1 80 reuseport", UNKNOWN},
		{"lo; sock tcp4 0.0.0.0 80 reuseport=? uid=5", "tcp4 127.0.0.1 80 reuseport", YES},
		{"lo; sock tcp4 0.0.0.0 80 reuse=? reuseport", "tcp4 127.0.0.1 80 reuseaddr reuseport", NO},
		{"lo; sock tcp4 0.0.0.0 80 reuse reuseport=?", "tcp4 127.0.0.1 80 reuseaddr reuseport", NO},
		{"lo; sock tcp4 0.0.0.0 80 reuse=? reuseport=?", "tcp4 127.0.0.1 80 reuseaddr reuseport", UNKNOWN},
		{"lo; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr reuseport", UNKNOWN},
		{"lo; sock tcp4 0.0.0.0 80 reuseport=?", "tcp4 127.0.0.1 80 reuseaddr reuseport", UNKNOWN},
		{"lo; sock tcp6 :: 80 v6only=?", "tcp4 127.0.0.1 80", UNKNOWN},
		{"lo; sock tcp6 :: 80 v6only=?", "tcp6 ::1 80", YES},
		{"lo; sock tcp6 :: 80 v6only=? reuse", "tcp4 127.0.0.1 80 reuseaddr", NO},
		{"lo; sock tcp6 :: 80 v6only=? reuse=?", "tcp4 127.0.0.1 80 reuseaddr", UNKNOWN},
		{"lo; sock tcp6 ::1 80 v6only=? reuse=?", "tcp4 127.0.0.1 80 reuseaddr", NO},
		{"lo; sock tcp6 ::1 80 v6only=?", "tcp4 0.0.0.0 80", UNKNOWN},
		{"lo; sock udp6 ::1 80 v6only=?", "udp4 127.0.0.6 80", UNKNOWN},
	};
	CHECK(pairs, false);
}

// A port that the kernel chooses is not shared, whatever both sides have set.
static void test_strict(void **state)
{
	(void)state;
	static const struct pair pairs[] = {
		{"lo; sock tcp4 0.0.0.0 80 reuse", "tcp4 127.0.0.1 80 reuseaddr", YES},
		{"lo; sock tcp4 0.0.0.0 80 reuseport", "tcp4 127.0.0.1 80 reuseport", YES},
		{"lo; sock tcp4 127.0.0.2 80", "tcp4 127.0.0.1 80", NO},
		{"lo; sock tcp6 :: 80 v6only=?", "tcp4 127.0.0.1 80 reuseaddr", UNKNOWN},
	};
	CHECK(pairs, true);
}

// The condition that fails, and where.
static void test_sharing(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind;
		struct sharing sharing;
	} rows[] = {
		{"lo; sock tcp4 0.0.0.0 80", "tcp4 127.0.0.1 80", {CONDITION_REUSEADDR, SIDE_BOTH, false}},
		{"lo; sock tcp4 0.0.0.0 80 reuse", "tcp4 127.0.0.1 80", {CONDITION_REUSEADDR, SIDE_HERE, false}},
		{"lo; sock tcp4 0.0.0.0 80", "tcp4 127.0.0.1 80 reuseaddr", {CONDITION_REUSEADDR, SIDE_THERE, false}},
		{"lo; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80", {CONDITION_REUSEADDR, SIDE_HERE, true}},
		{"lo; sock tcp4 0.0.0.0 80 timewait reuse=?",
		 "tcp4 127.0.0.1 80 reuseaddr",
		 {CONDITION_REUSEADDR, SIDE_THERE, true}},
		{"lo; sock tcp4 0.0.0.0 80 reuse", "tcp4 127.0.0.1 80 reuseaddr", {CONDITION_MET, SIDE_NONE, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen reuse", "tcp4 127.0.0.1 80", {CONDITION_REUSEPORT, SIDE_BOTH, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen reuse",
		 "tcp4 127.0.0.1 80 reuseaddr",
		 {CONDITION_LISTEN, SIDE_THERE, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen",
		 "tcp4 127.0.0.1 80 reuseaddr",
		 {CONDITION_LISTEN, SIDE_THERE, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen reuseport",
		 "tcp4 0.0.0.0 80",
		 {CONDITION_REUSEPORT, SIDE_HERE, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen",
		 "tcp4 0.0.0.0 80 reuseport",
		 {CONDITION_REUSEPORT, SIDE_THERE, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen reuseport uid=5",
		 "tcp4 0.0.0.0 80 reuseport",
		 {CONDITION_UID, SIDE_BOTH, false}},
		{"lo; sock tcp4 0.0.0.0 80 listen uid=5", "tcp4 0.0.0.0 80", {CONDITION_LISTEN, SIDE_THERE, false}},
		{"lo; sock udp4 0.0.0.0 80 reuseport uid=5",
		 "udp4 0.0.0.0 80 reuseport",
		 {CONDITION_UID, SIDE_BOTH, false}},
		// what parts the two without sharing
		{"lo; sock tcp4 0.0.0.0 80 listen reuse", "tcp6 :: 80", {CONDITION_V6ONLY, SIDE_HERE, false}},
		{"lo; sock tcp6 :: 80 listen", "tcp4 127.0.0.1 80", {CONDITION_V6ONLY, SIDE_THERE, false}},
		{"lo; sock tcp6 :: 80 listen v6only=?", "tcp4 127.0.0.1 80", {CONDITION_V6ONLY, SIDE_THERE, true}},
		{"lo; link br9; sock udp4 0.0.0.0 67 dev=br9", "udp4 0.0.0.0 67", {CONDITION_DEVICE, SIDE_HERE, false}},
		{"lo; link br9; sock udp4 0.0.0.0 67",
		 "udp4 0.0.0.0 67 dev=br9",
		 {CONDITION_DEVICE, SIDE_THERE, false}},
		// but not what was tried already
		{"lo; link br9; sock udp4 0.0.0.0 67 dev=br9",
		 "udp4 0.0.0.0 67 reuseaddr",
		 {CONDITION_REUSEADDR, SIDE_THERE, false}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct host *h = made_host(rows[i].host);
		struct claimant me = claimant_of(h, rows[i].bind);
		struct sharing got = port_sharing(h, &me, &made_question.socks[0]), want = rows[i].sharing;
		if (got.fails != want.fails || got.side != want.side || got.open != want.open)
			fail_msg("%s against [%s]: %s %s%s", rows[i].bind, rows[i].host, condition_name(got.fails),
				 side_name(got.side), got.open ? " open" : "");
		host_free(h);
	}
}

// An owner whose uid is not mapped here never counts as one whose uid is, nor as another unmapped one.
static void test_no_number(void **state)
{
	(void)state;
	struct host *h = made_host("lo; sock tcp4 0.0.0.0 80 listen reuseport uid=65534");
	struct claimant me = claimant_of(h, "tcp4 0.0.0.0 80 reuseport");
	struct sock *holder = &made_question.socks[0];
	me.uid = 65534;
	assert_int_equal(port_conflict(h, &me, holder, false), NO);
	holder->uid_unmapped = true;
	assert_int_equal(port_conflict(h, &me, holder, false), UNKNOWN);
	struct sharing s = port_sharing(h, &me, holder);
	assert_true(s.fails == CONDITION_UID && s.open);
	me.uid = 1000;
	assert_int_equal(port_conflict(h, &me, holder, false), YES);
	assert_false(port_sharing(h, &me, holder).open);
	host_free(h);
}

// What the kernel has for a tunnel shares with nobody; of another socket of its own that is not known.
static void test_tunnel(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link vx0; sock udp4 0.0.0.0 4789 ownerless reuse=? reuseport=?");
	struct claimant me = claimant_of(h, "udp4 127.0.0.1 4789 reuseaddr");
	struct sock *holder = &made_question.socks[0];
	assert_int_equal(port_conflict(h, &me, holder, false), UNKNOWN);
	holder->likely = made_index(h, "vx0");
	assert_int_equal(port_conflict(h, &me, holder, false), UNKNOWN); // by its kind only
	for (size_t i = 0; i < h->nlinks; i++)
		h->links[i].tunnel_port = h->links[i].index == holder->likely ? 4789 : 0;
	assert_int_equal(port_conflict(h, &me, holder, false), YES);
	struct sharing s = port_sharing(h, &me, holder);
	assert_true(s.fails == CONDITION_REUSEADDR && s.side == SIDE_THERE && !s.open);
	holder->owner = OWNER_HIDDEN; // it may be a process's
	assert_int_equal(port_conflict(h, &me, holder, false), UNKNOWN);
	host_free(h);
}

// Requests that wait for their last packet hold no port of their own: their listener does.
static void test_requests(void **state)
{
	(void)state;
	struct host *h = made_host("lo; sock tcp4 0.0.0.0 80 listen");
	struct claimant me = {.addr = made_addr("127.0.0.1"), .protocol = IPPROTO_TCP};
	for (uint8_t tcp_state = 1; tcp_state < 14; tcp_state++) {
		made_question.socks[0].state = tcp_state;
		bool request = tcp_state == 3 || tcp_state == 12;
		assert_int_equal(port_conflict(h, &me, &made_question.socks[0], false), request ? NO : YES);
	}
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_pairs), cmocka_unit_test(test_pairs),    cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_strict),    cmocka_unit_test(test_requests), cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_no_number), cmocka_unit_test(test_tunnel),
	};
	return cmocka_run_group_tests_name("conflict", tests, NULL, NULL);
}
