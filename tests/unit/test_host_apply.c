// SPDX-License-Identifier: GPL-3.0-or-later
// Single events: where a route goes among its equals, what an event leaves open, and which doubts it raises.
#include "tests/unit/made_event.h"

static struct host *host;
static struct host_apply apply;
static struct host_changes changes;

// Flags of links below: 0x1 up, 0x8 loopback, 0x40 running, 0x10000 carrier.

static void begin(const char *script)
{
	host_free(host);
	host = made_host(script);
	host->trie = TRIE_MERGED;
	host->has_local4 = host->has_main4 = YES;
	host->routes4_read = true;
	host_changes_clear(&changes);
	apply = (struct host_apply){.changes = &changes};
}

static unsigned take(const struct message *m)
{
	unsigned stale = host_apply(host, &m->head, &apply);
	const char *fault = host_fault(host);
	if (fault)
		fail_msg("after an event this is not sound: %s", fault);
	return stale;
}

static unsigned route(const char *text)
{
	struct message m = made_route_event(text);
	return take(&m);
}

static unsigned addr(const char *text)
{
	struct message m = made_addr_event(text);
	return take(&m);
}

static unsigned link_event(const char *text)
{
	struct message m = made_link_event(text);
	return take(&m);
}

// The devices of the routes of a family, in the order of the list.
static const char *devices(bool six)
{
	static char text[256];
	int n = 0;
	text[0] = '\0';
	for (size_t i = 0; i < (six ? host->nroutes6 : host->nroutes4); i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s%u", i ? " " : "",
			      (six ? host_info6(host, i) : host_info4(host, i))->oif);
	return text;
}

// fib_table_insert(), net/ipv4/fib_trie.c: the flags of an event say where the route went.
static void test_places(void **state)
{
	(void)state;
	static const struct {
		const char *event, *devices;
		bool stale;
	} rows[] = {
		{"new 10.0.0.0/8 oif 3 excl", "3", false},
		{"new 10.0.0.0/8 oif 4 append", "3 4", false},
		{"new 10.0.0.0/8 oif 2 prepend", "2 3 4", false},
		{"new 10.0.0.0/8 oif 5 replace", "5 3 4", false},
		{"new 10.0.0.0/8 oif 9 metric 7 excl", "5 3 4 9", false},
		{"new 10.0.0.0/8 oif 8 tos 4 excl", "8 5 3 4 9", false},
		{"new 10.0.0.0/8 oif 7 table 254 excl", "8 5 3 4 9 7", false},
		{"del 10.0.0.0/8 oif 3", "8 5 4 9 7", false},
		{"new 10.0.0.0/16 oif 6 excl", "8 5 4 9 7 6", false},
		{"new 9.0.0.0/8 oif 1 excl", "1 8 5 4 9 7 6", false},
		// A table that does not count.
		{"new 9.0.0.0/8 oif 1 table 99 excl", "1 8 5 4 9 7 6", false},
		// Something was missed.
		{"del 10.0.0.0/8 oif 33", "1 8 5 4 9 7 6", true},
		{"del 10.0.0.0/8 oif 5 src 10.0.0.1", "1 8 5 4 9 7 6", true},
		{"del 10.0.0.0/8 oif 5 via 3", "1 8 5 4 9 7 6", true},
		{"new 10.0.0.0/8 oif 5 append", "1 8 5 4 9 7 6", true},
		{"new 10.0.0.0/8 oif 44 excl", "1 8 5 4 44 9 7 6", true},
		{"new 10.0.0.0/9 oif 1 append", "1 8 5 4 44 9 7 1 6", true},
		{"new 10.0.0.0/10 oif 1 replace", "1 8 5 4 44 9 7 1 1 6", true},
		{"new 10.0.0.0/11 oif 1 prepend", "1 8 5 4 44 9 7 1 1 1 6", true},
		{"new 10.0.0.0/12 oif 1", "1 8 5 4 44 9 7 1 1 1 1 6", true},
		// Only flags, of hardware that took the route over.
		{"new 9.0.0.0/8 oif 1 flags 0x4000", "1 8 5 4 44 9 7 1 1 1 1 6", false},
	};
	begin("");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned stale = route(rows[i].event);
		if (strcmp(devices(false), rows[i].devices) != 0 || stale != (rows[i].stale ? DUMP_ROUTES4 : 0))
			fail_msg("%s: %s, stale %x", rows[i].event, devices(false), stale);
	}
}

// fib6_add_rt2node(), net/ipv6/ip6_fib.c: behind its equals, unless they may become next hops of one route.
static void test_places6(void **state)
{
	(void)state;
	static const struct {
		const char *event, *devices;
		bool stale;
	} rows[] = {
		{"new ff00::/8 oif 3 type 5 excl", "3", false},
		{"new ff00::/8 oif 1 type 5 prepend", "3 1", false},
		{"new ff00::/8 oif 2 type 5 append", "3 1 2", false},
		{"del ff00::/8 oif 1 type 5", "3 2", false},
		{"del ff00::/8 oif 1 type 5", "3 2", true},
		{"new ff00::/8 oif 4 type 5 replace", "4 2", true},
		{"new ff00::/8 oif 5 type 5 via 7 append", "4 2", true},
		{"new ff00::/8 hops 5 6 type 5 append", "4 2", true},
		{"new 2001:db8::/64 oif 1 excl", "1 4 2", false},
		{"new 2001:db8::/64 oif 2 replace", "2 4 2", false},
		{"new 2001:db8::/64 oif 3 excl", "2 3 4 2", true},
		{"new 2001:db8:1::/64 oif 3 replace", "2 3 3 4 2", true},
		{"new 2001:db8:2::/64 oif 3 table 254 excl", "2 3 3 4 2", false},
	};
	begin("");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned stale = route(rows[i].event);
		if (strcmp(devices(true), rows[i].devices) != 0 || stale != (rows[i].stale ? DUMP_ROUTES6 : 0))
			fail_msg("%s: %s, stale %x", rows[i].event, devices(true), stale);
	}
	// The route of an address that was not announced.
	begin("link v0");
	assert_int_equal(route("new 2001:db8::9 oif 1 proto 2 excl"), DUMP_ADDRS);
	assert_int_equal(addr("new 2001:db8::8/64 dev 1"), 0);
	assert_int_equal(route("new 2001:db8::8 oif 1 proto 2 excl"), 0);
	// A VRF's table counts for some types only, and another type may take their place.
	begin("vrf red 10");
	assert_int_equal(route("new 2001:db8::/64 table 10 oif 1 excl"), 0);
	assert_int_equal(route("new 2001:db8:1::/64 table 10 type 1 oif 1 excl"), 0);
	assert_int_equal(host->nroutes6, 1);
	assert_int_equal(route("new 2001:db8::/64 table 10 type 1 oif 1 replace"), DUMP_ROUTES6);
}

// Events that a reading may include already: each object ends as its newest event says. Where the order may be wrong,
// or the reading have a gap, another reading is due.
static void test_older_events(void **state)
{
	(void)state;
	static const struct dump_edge edge = {0x0b000000, 0x0b000005};
	begin("");
	assert_int_equal(route("new 10.0.0.0/8 oif 1 excl"), 0);
	apply.unsure = DUMP_ROUTES4;
	apply.edges = &edge;
	apply.nedges = 1;
	assert_int_equal(route("new 10.0.0.0/8 oif 1 excl"), 0);
	assert_int_equal(route("del 10.0.0.0/8 oif 2"), 0);
	assert_int_equal(route("new 10.0.0.0/8 oif 2 replace"), 0);
	assert_int_equal(route("new 10.0.0.0/8 oif 2 replace"), 0);
	assert_int_equal(route("new 10.0.0.0/16 oif 2 replace"), 0);
	assert_int_equal(route("del 10.0.0.0/16 oif 2"), 0);
	assert_string_equal(devices(false), "2");
	assert_int_equal(route("new 10.0.0.0/8 oif 3 append"), DUMP_ROUTES4);
	assert_int_equal(route("new 10.0.0.0/8 oif 4 replace"), DUMP_ROUTES4);
	assert_int_equal(route("del 10.0.0.0/8 oif 3"), DUMP_ROUTES4);
	// A route that was added where it had no equals is alone: later events will add the others again.
	assert_int_equal(route("new 10.0.0.0/8 oif 5 append"), DUMP_ROUTES4);
	assert_int_equal(route("new 10.0.0.0/8 oif 6 excl"), 0);
	assert_string_equal(devices(false), "6");
	assert_int_equal(route("new 10.0.0.0/8 oif 6 excl"), 0);
	assert_string_equal(devices(false), "6");
	// Where a datagram ended, and the next one began.
	assert_int_equal(route("new 10.255.255.255 oif 3 excl"), 0);
	assert_int_equal(route("new 11.0.0.0 oif 3 excl"), DUMP_ROUTES4);
	assert_int_equal(route("new 11.0.0.5 oif 3 excl"), DUMP_ROUTES4);
	assert_int_equal(route("new 11.0.0.6 oif 3 excl"), 0);
	assert_int_equal(route("del 2001:db8::/64 oif 3"), DUMP_ROUTES6); // of these nothing was read
	apply.unsure = DUMP_ROUTES6;
	assert_int_equal(route("del 2001:db8::/64 oif 3"), 0);
	assert_int_equal(route("new 2001:db8::/64 oif 3 excl"), 0);
	assert_int_equal(route("new 2001:db8::/64 oif 3 excl"), 0);
	assert_int_equal(route("new 2001:db8::/64 oif 4 append"), DUMP_ROUTES6);

	// A reading that has only one of two routes left does not show which one was replaced.
	begin("");
	route("new 10.0.0.0/8 oif 1 excl");
	struct message m = made_route_event("new 10.0.0.0/8 oif 3 replace");
	assert_int_equal(host_foresee(host, &m.head), 0);
	route("new 10.0.0.0/8 oif 2 append");
	assert_int_equal(host_foresee(host, &m.head), DUMP_ROUTES4);
	m = made_addr_event("new 10.0.0.1/8 dev 1");
	assert_int_equal(host_foresee(host, &m.head), 0);
}

// Of routes that look the same, one goes: which one shows only where another stands between them.
static void test_look_alikes(void **state)
{
	(void)state;
	begin("");
	route("new 10.0.0.0/8 oif 1 excl");
	union host_value first = host_value(host, HOST_ROUTES4, 0);
	assert_int_equal(host_insert(host, HOST_ROUTES4, 0, &first, NULL), 0);
	assert_int_equal(route("del 10.0.0.0/8 oif 1"), 0);
	assert_string_equal(devices(false), "1");
	route("new 10.0.0.0/8 oif 2 append");
	assert_int_equal(host_insert(host, HOST_ROUTES4, 2, &first, NULL), 0);
	assert_string_equal(devices(false), "1 2 1");
	assert_int_equal(route("del 10.0.0.0/8 oif 1"), DUMP_ROUTES4);
}

// What an event does not say of the tries and tables has to be asked.
static void test_tables(void **state)
{
	(void)state;
	begin("");
	host->has_local4 = NO;
	assert_int_equal(route("new 10.0.0.1 oif 1 excl"), DUMP_RULES);
	assert_int_equal(route("new 10.0.0.1 oif 1 table 254 excl"), 0);
	host->has_local4 = YES;
	host->has_main4 = NO;
	assert_int_equal(route("new 10.0.0.2 oif 1 table 254 excl"), DUMP_RULES);
	assert_int_equal(route("new 10.0.0.3 oif 1 excl"), DUMP_RULES); // comes with main
	host->trie = TRIE_SPLIT;
	assert_int_equal(route("new 10.0.0.4 oif 1 excl"), 0);
	size_t n = host->nroutes4;
	assert_int_equal(route("new 10.0.0.5 oif 1 table 254 excl"), DUMP_RULES);
	assert_int_equal(host->nroutes4, n); // but it does not count
	host->trie = TRIE_UNKNOWN;
	assert_int_equal(route("new 10.0.0.6 oif 1 excl"), DUMP_RULES);
	assert_int_equal(addr("new 10.0.0.7/8 dev 1"), DUMP_RULES);
	host->routes4_read = false;
	host->trie = TRIE_MERGED;
	host->has_main4 = YES;
	n = host->nroutes4;
	assert_int_equal(route("new 10.0.0.8 oif 1 excl"), 0);
	assert_int_equal(host->nroutes4, n);
}

static void test_addrs(void **state)
{
	(void)state;
	begin("lo; link v0");
	size_t own = host->naddrs;
	assert_int_equal(addr("new 10.0.0.1/24 dev 2"), 0);
	assert_int_equal(addr("new 10.0.0.1/16 dev 2"), 0); // another one
	assert_int_equal(addr("new 10.0.0.1/24 dev 2 peer 10.9.0.1"), 0);
	assert_int_equal(addr("new 10.0.0.1/24 dev 2 peer 10.9.0.2"), 0);
	assert_int_equal(addr("new 2001:db8::1/64 dev 2 flags 0x40"), 0);
	assert_int_equal(host->naddrs, own + 5);
	size_t noted = changes.n;
	assert_int_equal(addr("new 10.0.0.1/24 dev 2"), 0);
	assert_int_equal(changes.n, noted); // nothing new
	assert_int_equal(addr("new 2001:db8::1/64 dev 2 flags 0x80"), 0);
	assert_int_equal(changes.item[noted].how, CHANGE_ALTERED);
	assert_int_equal(changes.item[noted].before.addr.flags, 0x40);
	assert_int_equal(changes.item[noted].after.addr.flags, 0x80);
	assert_int_equal(addr("del 10.0.0.1/24 dev 2 peer 10.9.0.1"), 0);
	assert_int_equal(addr("del 10.0.0.1/24 dev 2 peer 10.9.0.1"), 0); // gone already
	assert_int_equal(addr("del 10.0.0.1/24 dev 3"), 0);
	assert_int_equal(host->naddrs, own + 4);
}

static unsigned settle(void)
{
	return host_settle(host, &apply.doubts);
}

// What the kernel drops silently is read again, if it is still there after all events.
static void test_doubts(void **state)
{
	(void)state;
	static const char with_routes[] = "lo; link v0; link v1";
	static const struct {
		const char *routes, *event;
		unsigned stale;
	} rows[] = {
		// An address takes the routes with it that prefer it as their source.
		{"new 10.0.0.0/8 oif 3 src 192.0.2.1 table 254 excl", "del 192.0.2.1/24 dev 2", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 3 src 192.0.2.3 table 254 excl", "del 192.0.2.1/24 dev 2", 0},
		{"new 10.0.0.0/8 oif 3 table 254 excl", "del 192.0.2.1/24 dev 2", 0},
		// The last one all routes of its device.
		{"new 10.0.0.0/8 oif 2 scope 254 excl", "del 192.0.2.9/24 dev 2", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 3 scope 254 excl", "del 192.0.2.9/24 dev 2", 0},
		// A link those that are not of a local address.
		{"new 10.0.0.0/8 oif 2 excl", "new v0 index 2 flags 0", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 2 scope 254 excl", "new v0 index 2 flags 0", 0},
		{"new 10.0.0.0/8 hops 3 2 excl", "new v0 index 2 flags 0", DUMP_ROUTES4},
		{"new 10.0.0.0/8 hops 3 3 excl", "new v0 index 2 flags 0", 0},
		{"new ff00::/8 oif 2 type 5 excl", "new v0 index 2 flags 0", DUMP_ROUTES6},
		{"new 10.0.0.0/8 oif 2 scope 254 excl", "del v0 index 2", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 3 scope 254 excl", "del v0 index 2", 0},
		{"new 10.0.0.0/8 oif 3 excl", "del v0 index 2", 0},
		// Carrier: routes say the same as the link, or have to be read.
		{"new 10.0.0.0/8 oif 2 excl", "new v0 index 2 flags 0x10041", 0},
		{"new 10.0.0.0/8 oif 2 excl", "new v0 index 2 flags 1", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 2 flags 16 excl", "new v0 index 2 flags 1", 0},
		{"new 10.0.0.0/8 oif 2 flags 16 excl", "new v0 index 2 flags 0x10001", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 2 flags 1 excl", "new v0 index 2 flags 0x10001", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 2 scope 254 excl", "new v0 index 2 flags 1", 0},
		{"new 10.0.0.0/8 hops 2 3 excl", "new v0 index 2 flags 0x10041", DUMP_ROUTES4},
		{"new 10.0.0.0/8 nhid 7 excl", "new v0 index 2 flags 0x10041", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 3 nhid 7 excl", "new v0 index 2 flags 0x10041", 0},
		{"new ff00::/8 oif 2 type 5 excl", "new v0 index 2 flags 1", DUMP_ROUTES6},
		{"new 2001:db8::1 oif 2 excl", "new v0 index 2 flags 1", 0},
		// A new address wakes next hops that were dead.
		{"new 10.0.0.0/8 oif 2 flags 16 excl", "new 192.0.2.1/24 dev 2", DUMP_ROUTES4},
		// A VRF takes all routes of a device that joins or leaves it; a bridge none.
		{"new 10.0.0.0/8 oif 2 scope 254 excl", "new v0 index 2 flags 0x10041 master 4", DUMP_ROUTES4},
		{"new 10.0.0.0/8 oif 2 scope 254 excl", "new v0 index 2 flags 0x10041 master 3", 0},
		{"new 10.0.0.0/8 oif 3 scope 254 excl", "new v1 index 3 flags 0x10041 master 9", DUMP_ROUTES4},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		begin(with_routes);
		assert_int_equal(link_event("new v0 index 2 flags 0x10041") & ~(unsigned)DUMP_ADDRS, 0);
		assert_int_equal(link_event("new red index 4 vrf 10 flags 1"), DUMP_ROUTES4 | DUMP_ROUTES6);
		assert_int_equal(addr("new 192.0.2.9/24 dev 2"), 0);
		assert_int_equal(addr("new 192.0.2.7/24 dev 3"), 0);
		if (strstr(rows[i].event, "del 192.0.2.1"))
			addr("new 192.0.2.1/24 dev 2");
		assert_int_equal(settle(), 0);
		route(rows[i].routes);
		if (strchr(rows[i].event, '/'))
			addr(rows[i].event);
		else
			link_event(rows[i].event);
		if (strncmp(rows[i].event, "del v0", 6) == 0) // its addresses are announced
			addr("del 192.0.2.9/24 dev 2");
		unsigned stale = settle();
		if (stale != rows[i].stale)
			fail_msg("%s; %s: stale %x", rows[i].routes, rows[i].event, stale);
		assert_int_equal(settle(), 0); // once
	}
}

static void test_doubts_of_links(void **state)
{
	(void)state;
	begin("lo; link v0; link v1 master v0; addr 10.0.0.1/8 dev v0; addr 2001:db8::1/64 dev v0");
	size_t routes = host->nroutes6;
	assert_true(routes > 0);
	// Addresses that are still there when their link is not, or is down; and links of a master that is gone.
	link_event("new v0 index 2 flags 0");
	assert_int_equal(settle() & (DUMP_ADDRS | DUMP_ROUTES6), DUMP_ADDRS | DUMP_ROUTES6);
	link_event("del v0 index 2");
	assert_int_equal(settle() & (DUMP_ADDRS | DUMP_LINKS), DUMP_ADDRS | DUMP_LINKS);
	// The route of an IPv6 address goes with it.
	begin("lo; link v0; addr 2001:db8::1/64 dev v0; addr 2001:db8::2/64 dev v0");
	addr("del 2001:db8::1/64 dev 2");
	assert_int_equal(settle(), DUMP_ROUTES6);
	begin("lo; link v0; addr 2001:db8::1/64 dev v0; addr 2001:db8::2/64 dev v0");
	addr("del 2001:db8::1/64 dev 2");
	addr("new 2001:db8::1/64 dev 2");
	assert_int_equal(settle(), 0);
	// With its last one a device loses all IPv6 routes.
	begin("lo; link v0");
	addr("new 2001:db8::1/64 dev 2");
	addr("new 2001:db8::2/64 dev 2");
	route("new ff00::/8 oif 2 type 5 excl");
	addr("del 2001:db8::2/64 dev 2");
	assert_int_equal(settle(), 0);
	addr("del 2001:db8::1/64 dev 2");
	assert_int_equal(settle(), DUMP_ROUTES6);
	// A reading may have an address that was added after the last one had gone.
	begin("lo; link v0; addr 192.0.2.1/24 dev v0");
	assert_int_equal(addr("new 192.0.2.2/24 dev 2"), 0);
	addr("del 192.0.2.1/24 dev 2");
	assert_int_equal(settle(), 0);
	apply.unsure = DUMP_ADDRS;
	addr("del 192.0.2.1/24 dev 2");
	assert_int_equal(settle(), DUMP_ROUTES4);
	// More than can be noted: all of it.
	begin("lo");
	for (unsigned i = 0; i < HOST_DOUBTS; i++) {
		char text[64];
		snprintf(text, sizeof text, "new x%u index %u flags 1", i, 10 + i);
		link_event(text);
	}
	assert_int_equal(settle(), 0);
	for (unsigned i = 0; i <= HOST_DOUBTS; i++) {
		char text[64];
		snprintf(text, sizeof text, "new x%u index %u flags 1", i, 10 + i);
		link_event(text);
	}
	assert_int_equal(settle(), DUMP_LINKS | DUMP_ADDRS | DUMP_ROUTES4 | DUMP_ROUTES6);
}

static void test_links(void **state)
{
	(void)state;
	begin("lo");
	assert_int_equal(link_event("new v7 index 7 flags 0"), 0);
	assert_int_equal(link_event("new v5 index 5 flags 0 altname other"), 0);
	assert_string_equal(host_link_named(host, "other")->name, "v5");
	assert_int_equal(link_event("new w5 index 5 flags 0 altname third"), 0);
	assert_string_equal(host_link_named(host, "third")->name, "w5");
	assert_null(host_link_named(host, "other"));
	size_t noted = changes.n;
	assert_int_equal(link_event("new w5 index 5 flags 0 altname third"), 0);
	assert_int_equal(changes.n, noted);
	assert_int_equal(link_event("new w5 index 5 flags 0"), 0);
	assert_int_equal(host->naltnames, 0);
	assert_int_equal(changes.n, noted + 1);
	// Up and running, it may have addresses that are not announced yet; on the loopback they are.
	assert_int_equal(link_event("new w5 index 5 flags 0x10041"), DUMP_ADDRS);
	assert_int_equal(link_event("new w5 index 5 flags 0x10041"), 0);
	assert_int_equal(link_event("new w9 index 9 flags 0x49"), 0);
	assert_int_equal(link_event("new red index 8 flags 0 vrf 10"), DUMP_ROUTES4 | DUMP_ROUTES6);
	assert_int_equal(link_event("new red index 8 flags 1 vrf 10"), 0);
	assert_int_equal(link_event("del red index 8 flags 1 vrf 10"), DUMP_ROUTES4 | DUMP_ROUTES6);
	assert_int_equal(link_event("del v7 index 7"), 0);
	assert_int_equal(link_event("del v7 index 7"), 0);
	assert_null(host_link(host, 7));
	struct message m = made_link_event("new w5 index 5 flags 0");
	put_attr(&m, IFLA_WIRELESS, "", 0); // a message that has only this
	assert_int_equal(take(&m), 0);
	assert_int_equal(host_link(host, 5)->flags, 0x10041);
	// A link's own event may be older than what RTM_NEWNETCONF said of this switch.
	enum { SWITCH = IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN };
	uint32_t conf[SWITCH] = {[SWITCH - 1] = 1};
	m = made_link_event("new w5 index 5 flags 0x10041");
	struct nlattr *families = begin_nest(&m, IFLA_AF_SPEC), *inet = begin_nest(&m, AF_INET);
	put_attr(&m, IFLA_INET_CONF, conf, sizeof conf);
	end_nest(&m, inet);
	end_nest(&m, families);
	assert_int_equal(take(&m), DUMP_LINKS | DUMP_ROUTES4);
	assert_false(host_link(host, 5)->ignores_linkdown);
}

static unsigned netconf(int32_t index, uint32_t value)
{
	struct netconfmsg head = {.ncm_family = AF_INET};
	struct message m = message(RTM_NEWNETCONF, &head, sizeof head);
	put_attr(&m, NETCONFA_IFINDEX, &index, sizeof index);
	put_attr(&m, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, &value, sizeof value);
	return take(&m);
}

static void test_netconf(void **state)
{
	(void)state;
	begin("lo; link v0; link v1");
	assert_int_equal(netconf(2, 1), 0);
	assert_true(host_link(host, 2)->ignores_linkdown);
	assert_int_equal(netconf(9, 1), 0);
	assert_int_equal(netconf(NETCONFA_IFINDEX_DEFAULT, 1), DUMP_LINKS);
	assert_int_equal(netconf(NETCONFA_IFINDEX_ALL, 1), 0);
	route("new 10.0.0.0/8 oif 2 flags 16 excl");
	assert_int_equal(netconf(2, 1), 0); // as it was
	assert_int_equal(netconf(2, 0), DUMP_ROUTES4);
	assert_int_equal(netconf(3, 1), 0);
	assert_int_equal(netconf(NETCONFA_IFINDEX_ALL, 0), DUMP_ROUTES4);
	assert_int_equal(netconf(NETCONFA_IFINDEX_DEFAULT, 0), DUMP_LINKS | DUMP_ROUTES4);
	assert_false(host_link(host, 2)->ignores_linkdown);
	// A newer reading may include it already.
	apply.unsure = DUMP_LINKS;
	assert_int_equal(netconf(2, 0), DUMP_ROUTES4);
}

static void test_nexthops(void **state)
{
	(void)state;
	struct nhmsg head = {.nh_family = AF_INET};
	struct message add = message(RTM_NEWNEXTHOP, &head, sizeof head),
		       del = message(RTM_DELNEXTHOP, &head, sizeof head);
	begin("");
	route("new 10.0.0.0/8 oif 1 excl");
	assert_int_equal(take(&add) | take(&del), 0); // no route uses any
	route("new 10.0.0.0/16 oif 1 nhid 3 excl");
	assert_int_equal(take(&add), DUMP_ROUTES4);
	assert_int_equal(take(&del), DUMP_ROUTES4);
	// When it changes, the kernel announces each of its routes as one that replaces itself.
	assert_int_equal(route("new 10.0.0.0/16 oif 1 nhid 3 replace"), 0);
	assert_int_equal(route("new 10.0.0.0/16 oif 2 nhid 3 replace"), 0);
	route("new 10.0.0.0/16 oif 4 append");
	assert_int_equal(route("new 10.0.0.0/16 oif 3 nhid 3 replace"), DUMP_ROUTES4);
	assert_int_equal(route("del 10.0.0.0/16 oif 3 nhid 3"), 0);
	assert_int_equal(take(&del), 0);
	route("new 2001:db8::/64 nhid 3 excl");
	assert_int_equal(take(&del), DUMP_ROUTES6);
}

static unsigned rule(uint16_t type, uint8_t family, uint32_t priority, uint32_t mark)
{
	struct fib_rule_hdr head = {.family = family, .action = FR_ACT_TO_TBL, .table = RT_TABLE_MAIN};
	struct message m = message(type, &head, sizeof head);
	put_attr(&m, FRA_PRIORITY, &priority, sizeof priority);
	put_attr(&m, FRA_FWMARK, &mark, sizeof mark);
	return take(&m);
}

static void test_rules(void **state)
{
	(void)state;
	begin("");
	assert_int_equal(rule(RTM_NEWRULE, AF_INET, 10, 1), DUMP_RULES); // may change the tries
	assert_int_equal(host->nrules, 0);
	assert_int_equal(rule(RTM_NEWRULE, AF_INET6, 10, 1), 0);
	assert_int_equal(rule(RTM_NEWRULE, AF_INET6, 20, 2), 0);
	assert_int_equal(rule(RTM_NEWRULE, AF_INET6, 10, 3), 0);
	assert_int_equal(host->rules[1].mark, 3); // behind its equals
	assert_int_equal(rule(RTM_DELRULE, AF_INET6, 10, 1), 0);
	assert_int_equal(rule(RTM_DELRULE, AF_INET6, 10, 1), DUMP_RULES);
	assert_int_equal(host->nrules, 2);
	apply.unsure = DUMP_RULES;
	assert_int_equal(rule(RTM_NEWRULE, AF_INET6, 10, 4), DUMP_RULES);
}

// An unreadable message makes only its own object doubtful.
static void test_malformed(void **state)
{
	(void)state;
	const struct message good[] = {
		made_route_event("new 10.0.0.0/8 oif 1 excl"), made_route_event("del 2001:db8::/64 oif 1"),
		made_addr_event("new 10.0.0.1/8 dev 1"), made_link_event("new v0 index 2 flags 1")};
	static const unsigned kinds[] = {DUMP_ROUTES4 | DUMP_ROUTES6, DUMP_ROUTES4 | DUMP_ROUTES6,
					 DUMP_ADDRS | DUMP_ROUTES4,
					 DUMP_LINKS | DUMP_ADDRS | DUMP_ROUTES4 | DUMP_ROUTES6};
	for (size_t i = 0; i < 4; i++) {
		begin("lo");
		struct message m = good[i];
		m.head.nlmsg_len = sizeof m.head + 4; // less than the head of its kind
		uint64_t generation = host->generation;
		assert_int_equal(take(&m), kinds[i]);
		for (uint32_t len = good[i].head.nlmsg_len - 1; len > sizeof m.head; len--) {
			m = good[i];
			m.head.nlmsg_len = len;
			unsigned stale = take(&m);
			assert_true(stale == 0 || (stale & ~kinds[i] & ~(unsigned)DUMP_RULES) == 0);
		}
		assert_true(host->generation >= generation);
	}
	begin("lo");
	struct message other = message(RTM_NEWNEIGH, "abcdefgh", 8);
	assert_int_equal(take(&other), 0);
}

static void test_record(void **state)
{
	(void)state;
	begin("");
	uint64_t before = host->generation;
	route("new 10.0.0.2 oif 1 excl");
	route("new 10.0.0.1 oif 1 excl");
	route("del 10.0.0.2 oif 1");
	assert_int_equal(host->generation, before + 3);
	assert_int_equal(changes.n, 3);
	assert_int_equal(changes.item[0].how, CHANGE_ADDED);
	assert_int_equal(changes.item[1].at, 0); // before the other one
	assert_int_equal(changes.item[2].how, CHANGE_REMOVED);
	assert_int_equal(changes.item[2].at, 1);
	assert_int_equal(addr_v4(&changes.item[2].before.route.dst.addr), 0x0a000002);
	assert_int_equal(changes.item[2].before.route.info.oif, 1);
	for (unsigned i = 0; i < 100; i++) {
		char text[64];
		snprintf(text, sizeof text, "new 10.1.0.%u oif 1 excl", i);
		route(text);
	}
	assert_int_equal(changes.n, HOST_CHANGES);
	assert_int_equal(changes.more, 103 - HOST_CHANGES);
	// Without a record.
	apply.changes = NULL;
	assert_int_equal(route("new 10.2.0.1 oif 1 excl"), 0);
}

// Infos that no route has any more make room for others.
static void test_infos(void **state)
{
	(void)state;
	begin("");
	for (unsigned i = 0; i < 3; i++) {
		char text[64];
		snprintf(text, sizeof text, "new 10.0.0.%u oif 1 metric %u excl", i, i);
		route(text);
	}
	for (unsigned i = 3; i < 300; i++) {
		char text[64];
		snprintf(text, sizeof text, "new 10.0.0.%u oif 1 metric %u excl", i % 3, i);
		assert_int_equal(route(text), 0);
		snprintf(text, sizeof text, "del 10.0.0.%u oif 1 metric %u", i % 3, i - 3);
		assert_int_equal(route(text), 0);
	}
	assert_int_equal(host->nroutes4, 3);
	assert_int_equal(host->infos4.used, 3);
	assert_true(host->infos4.n <= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),       cmocka_unit_test(test_places6),
		cmocka_unit_test(test_older_events), cmocka_unit_test(test_look_alikes),
		cmocka_unit_test(test_tables),       cmocka_unit_test(test_addrs),
		cmocka_unit_test(test_doubts),       cmocka_unit_test(test_doubts_of_links),
		cmocka_unit_test(test_links),        cmocka_unit_test(test_netconf),
		cmocka_unit_test(test_nexthops),     cmocka_unit_test(test_rules),
		cmocka_unit_test(test_malformed),    cmocka_unit_test(test_record),
		cmocka_unit_test(test_infos),
	};
	int failed = cmocka_run_group_tests_name("host_apply", tests, NULL, NULL);
	host_free(host);
	return failed;
}
