// SPDX-License-Identifier: GPL-3.0-or-later
// Makes random changes in a namespace, as fast as `ip -batch` can, also during the first reading. In the end the
// followed host must equal a fresh reading of the kernel's lists in everything, including the order of equal routes.
// Environment:
//   BINDWALK_STORMS      how many namespaces (20)
//   BINDWALK_STORM_SEED  the first one's seed (1)
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/oracle/chance.h" // before what has variables of short names

#include "core/model/host_equal.h"
#include "tests/live/observed.h"

enum { LINE = 256, CHUNK = 60, CHUNKS = 4 };

static struct chance chance;
static bool has_vrf, skips_notes;
static unsigned long seed;

static const char *const devices[] = {"v0", "v1", "v2", "v3", "lo"};
static const char *const prefixes4[] = {"10.0.0.0/8",  "10.0.0.0/16",   "10.0.0.0/24", "10.0.0.1/32",    "10.0.0.2/32",
					"10.1.0.0/16", "10.0.0.255/32", "default",     "192.0.2.0/24",   "192.0.2.7/32",
					"10.0.0.0/32", "10.1.2.3/32",   "0.0.0.0/1",   "198.51.100.0/25"};
static const char *const prefixes6[] = {"2001:db8::/32", "2001:db8::/64", "2001:db8::1/128", "2001:db8:1::/48",
					"default",       "ff00::/8",      "2001:db8::/128"};
static const char *const addrs4[] = {"10.0.0.1/24",
				     "10.0.0.2/24",
				     "10.0.0.3/24",
				     "10.0.0.1/16",
				     "10.0.0.1/32",
				     "192.0.2.1/24",
				     "10.0.0.2/8",
				     "10.0.0.1 peer 10.9.0.1/32",
				     "10.0.0.1 peer 10.9.0.2/32"};
static const char *const addrs6[] = {"2001:db8::1/64", "2001:db8::2/64", "2001:db8::1/128", "fe80::77/64"};
static const char *const tables[] = {"local", "local", "main", "main", "10", "20"};
static const char *const masters[] = {"red", "blue"};

#define PICK(array) CHANCE_OF(&chance, array)

static unsigned below(unsigned n)
{
	return chance_below(&chance, n);
}

static void route4(char *out)
{
	static const char *const verbs[] = {"add", "add", "append", "prepend", "replace", "change", "del", "del"};
	static const char *const types[] = {"", "local", "local", "broadcast", "blackhole", "unreachable", "throw"};
	const char *verb = PICK(verbs), *type = PICK(types), *dev = PICK(devices);
	int n = snprintf(out, LINE, "route %s %s %s table %s", verb, type, PICK(prefixes4), PICK(tables));
	if (below(3) == 0)
		n += snprintf(out + n, (size_t)(LINE - n), " metric %u", below(2) * 10);
	if (below(6) == 0)
		n += snprintf(out + n, (size_t)(LINE - n), " tos 0x10");
	bool refuses = *type == 'b' && type[1] == 'l';
	if (refuses || *type == 'u' || *type == 't')
		return;
	unsigned way = *type ? 3 : below(6);
	if (way == 0)
		n += snprintf(out + n, (size_t)(LINE - n), " nhid %u", 1 + below(5));
	else if (way == 1)
		n += snprintf(out + n, (size_t)(LINE - n), " nexthop dev %s weight %u nexthop via 10.0.0.%u dev %s",
			      PICK(devices), 1 + below(3), 1 + below(3), PICK(devices));
	else if (way == 2)
		n += snprintf(out + n, (size_t)(LINE - n), " via 10.0.0.%u dev %s onlink", 1 + below(3), dev);
	else
		n += snprintf(out + n, (size_t)(LINE - n), " dev %s", dev);
	if (below(4) == 0)
		n += snprintf(out + n, (size_t)(LINE - n), " src 10.0.0.%u", 1 + below(3));
	if (below(8) == 0)
		snprintf(out + n, (size_t)(LINE - n), " mtu %u", 1300 + below(2));
}

static void route6(char *out)
{
	static const char *const verbs[] = {"add", "add", "append", "replace", "del"};
	static const char *const types[] = {"local", "local", "anycast", "", "unreachable"};
	const char *type = PICK(types);
	int n = snprintf(out, LINE, "-6 route %s %s %s table %s", PICK(verbs), type, PICK(prefixes6), PICK(tables));
	if (below(3) == 0)
		n += snprintf(out + n, (size_t)(LINE - n), " metric %u", 10 + below(2));
	if (*type == 'u')
		return;
	if (!*type && below(3) == 0)
		snprintf(out + n, (size_t)(LINE - n), " nexthop via fe80::1 dev %s nexthop via fe80::2 dev %s",
			 PICK(devices), PICK(devices));
	else if (!*type && below(3) == 0)
		snprintf(out + n, (size_t)(LINE - n), " nhid %u", 11 + below(2));
	else
		snprintf(out + n, (size_t)(LINE - n), " dev %s", PICK(devices));
}

static void address(char *out)
{
	bool add = below(3) != 0;
	const char *dev = PICK(devices);
	if (below(8) == 0)
		snprintf(out, LINE, "addr flush dev %s", dev);
	else if (below(2))
		snprintf(out, LINE, "addr %s %s %s dev %s", add ? "add" : "del", PICK(addrs4),
			 add && below(2) ? "brd +" : "", dev);
	else
		snprintf(out, LINE, "addr %s %s dev %s %s", add ? "add" : "del", PICK(addrs6), dev,
			 add && below(2) ? "nodad" : "");
}

static void link_line(char *out)
{
	const char *dev = PICK(devices);
	unsigned pair = below(2) * 2;
	switch (below(has_vrf ? 9 : 6)) {
	case 0:
	case 1:
	case 2:
		snprintf(out, LINE, "link set dev %s %s", dev, below(3) ? "up" : "down");
		break;
	case 3:
		snprintf(out, LINE, "link del v%u", pair);
		break;
	case 4:
		snprintf(out, LINE, "link add v%u type veth peer name v%u", pair, pair + 1);
		break;
	case 5:
		snprintf(out, LINE, "link set dev %s mtu %u", dev, 1400 + below(3));
		break;
	case 6:
		snprintf(out, LINE, "link add red type vrf table 10");
		break;
	case 7:
		snprintf(out, LINE, below(3) ? "link set dev red up" : "link del red");
		break;
	default:
		if (below(2))
			snprintf(out, LINE, "link set dev %s master %s", dev, PICK(masters));
		else
			snprintf(out, LINE, "link set dev %s nomaster", dev);
	}
}

static void rule_line(char *out)
{
	snprintf(out, LINE, "%srule %s pref %u from 192.0.2.%u lookup %s", below(2) ? "-6 " : "",
		 below(2) ? "add" : "del", 100 + below(2), below(2), PICK(tables));
	if (strncmp(out, "-6", 2) == 0)
		snprintf(out, LINE, "-6 rule %s pref %u from 2001:db8::%u lookup %s", below(2) ? "add" : "del",
			 100 + below(2), below(2), PICK(tables));
}

static void nexthop(char *out)
{
	static const char *const verbs[] = {"add", "replace", "del"};
	const char *verb = PICK(verbs);
	unsigned id = 1 + below(3);
	if (*verb == 'd')
		snprintf(out, LINE, "nexthop del id %u", below(2) ? id : 4 + below(2));
	else if (below(4) == 0)
		snprintf(out, LINE, "nexthop %s id 4 group %u/%u", verb, 1 + below(2), 3);
	else if (below(6) == 0)
		snprintf(out, LINE, "nexthop %s id 5 blackhole", verb);
	else if (below(4) == 0)
		snprintf(out, LINE, "-6 nexthop %s id %u dev %s", verb, 11 + below(2), PICK(devices));
	else
		snprintf(out, LINE, "nexthop %s id %u dev %s", verb, id, PICK(devices));
}

static void flush(char *out)
{
	snprintf(out, LINE, "%sroute flush table %s", below(2) ? "-6 " : "", PICK(tables));
}

// One line for `ip -batch`.
static void change(char *out)
{
	unsigned what = below(100);
	if (what < 45)
		route4(out);
	else if (what < 58)
		route6(out);
	else if (what < 73)
		address(out);
	else if (what < 86)
		link_line(out);
	else if (what < 90)
		rule_line(out);
	else if (what < 97)
		nexthop(out);
	else
		flush(out);
}

static void write_sysctl(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof path, "/proc/sys/net/%s", name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, value, strlen(value)) < 0)
		errno = 0; // not all kernels have all, nor take all
	close(fd);
}

// Switches that decide what goes with what, and what of it is announced.
static void flip_sysctl(void)
{
	static const char *const names[] = {"ipv4/conf/all/promote_secondaries",
					    "ipv4/conf/all/ignore_routes_with_linkdown",
					    "ipv4/conf/default/ignore_routes_with_linkdown",
					    "ipv4/conf/v0/ignore_routes_with_linkdown",
					    "ipv6/conf/v0/ignore_routes_with_linkdown",
					    "ipv6/conf/all/keep_addr_on_down",
					    "ipv4/ip_nonlocal_bind",
					    "ipv4/ip_unprivileged_port_start"};
	write_sysctl(PICK(names), below(2) ? "1" : "0");
	// With both, routes of a device without addresses go without any event.
	if (below(8) == 0)
		write_sysctl(skips_notes ? "ipv6/route/skip_notify_on_dev_down" : "ipv6/conf/v2/disable_ipv6",
			     below(2) ? "1" : "0");
}

static void take(unsigned milliseconds)
{
	struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
	if (poll(&p, 1, (int)milliseconds) > 0)
		assert_true(observe_on_readable(o) >= 0);
}

static bool follows(void)
{
	return observe_fd(o) >= 0;
}

static void begin_to_follow(void)
{
	char err[256] = "";
	if (!follows() && observe_follow(o, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static FILE *start_ip(void)
{
	FILE *ip = popen("ip -force -batch - >/dev/null 2>&1", "we");
	assert_non_null(ip);
	return ip;
}

// Runs some changes in a process of their own while we follow them. ip ends at some errors even with -force.
static void run_changes(unsigned count, FILE *log)
{
	char line[LINE];
	FILE *ip = start_ip();
	for (unsigned i = 0; i < count; i++) {
		change(line);
		fprintf(log, "%s\n", line);
		if (fprintf(ip, "%s\n", line) < 0 || (below(8) == 0 && fflush(ip) != 0)) {
			pclose(ip);
			ip = start_ip();
		}
		if (below(8) == 0) {
			flip_sysctl();
			if (i > count / 4)
				begin_to_follow();
			if (follows())
				take(below(3));
		}
	}
	pclose(ip);
}

static void tell_route(const struct host *h, bool six, size_t i, const char *who)
{
	if (i >= (six ? h->nroutes6 : h->nroutes4)) {
		print_error("  %s: none\n", who);
		return;
	}
	const struct route_info *r = six ? host_info6(h, i) : host_info4(h, i);
	struct prefix p = six ? host_prefix6(h, i) : host_prefix4(h, i);
	char text[PREFIX_TEXT];
	print_error(
		"  %s: %s type %u table %u oif %u nhid %u metric %u tos %u protocol %u scope %u flags %u src %x rest %llx\n",
		who, prefix_print(&p, text), r->type, r->table, r->oif, r->nhid, r->metric, r->tos, r->protocol,
		r->scope, r->flags, r->prefsrc, (unsigned long long)r->rest);
}

static void tell_routes(const struct host *a, const struct host *b, bool six)
{
	size_t n = six ? a->nroutes6 : a->nroutes4, m = six ? b->nroutes6 : b->nroutes4;
	for (size_t i = 0; i < n || i < m; i++) {
		struct prefix p, q;
		if (i < n && i < m) {
			p = six ? host_prefix6(a, i) : host_prefix4(a, i);
			q = six ? host_prefix6(b, i) : host_prefix4(b, i);
			if (p.len == q.len && addr_equal(&p.addr, &q.addr) &&
			    route_info_equal(six ? host_info6(a, i) : host_info4(a, i),
					     six ? host_info6(b, i) : host_info4(b, i)))
				continue;
		}
		print_error("route %zu of %zu and %zu:\n", i, n, m);
		tell_route(a, six, i, "followed");
		tell_route(b, six, i, "fresh");
		return;
	}
}

static void tell_difference(const struct host *a, const struct host *b)
{
	char text[ADDR_TEXT];
	print_error(
		"followed and fresh: links %zu %zu, altnames %zu %zu, addresses %zu %zu, rules %zu %zu, trie %d %d, "
		"tables %d%d %d%d\n",
		a->nlinks, b->nlinks, a->naltnames, b->naltnames, a->naddrs, b->naddrs, a->nrules, b->nrules, a->trie,
		b->trie, a->has_local4, a->has_main4, b->has_local4, b->has_main4);
	for (size_t i = 0; i < a->nlinks && i < b->nlinks; i++)
		if (!link_equal(&a->links[i], &b->links[i]))
			print_error("link %s flags %x %x operstate %u %u master %u %u ignores %d %d\n",
				    a->links[i].name, a->links[i].flags, b->links[i].flags, a->links[i].operstate,
				    b->links[i].operstate, a->links[i].master, b->links[i].master,
				    a->links[i].ignores_linkdown, b->links[i].ignores_linkdown);
	for (size_t i = 0; i < a->naddrs || i < b->naddrs; i++) {
		if (i < a->naddrs && i < b->naddrs && host_addr_equal(&a->addrs[i], &b->addrs[i]))
			continue;
		for (int who = 0; who < 2; who++) {
			const struct host *h = who ? b : a;
			if (i < h->naddrs)
				print_error("  %s: %s/%u on %u flags %x scope %u\n", who ? "fresh" : "followed",
					    addr_print(&h->addrs[i].addr, text), h->addrs[i].prefixlen,
					    h->addrs[i].index, h->addrs[i].flags, h->addrs[i].scope);
		}
		break;
	}
	tell_routes(a, b, false);
	tell_routes(a, b, true);
}

// Waits until the host equals a fresh reading. The observer must get there on its own.
static void await_equal(const char *log)
{
	struct host *fresh = NULL;
	for (time_t end = now() + 20; now() <= end;) {
		while (observe_busy(o) || *observe_status(o)) {
			take(100);
			if (now() > end)
				break;
		}
		take(5);
		host_free(fresh);
		fresh = observe();
		if (host_equal(observe_host(o), fresh)) {
			host_free(fresh);
			return;
		}
		// The kernel does not announce a table that it made for a route that it then refused.
		if (fresh->has_local4 != observe_host(o)->has_local4 || fresh->has_main4 != observe_host(o)->has_main4)
			observe_refresh(o);
		// Where nothing is local, a fresh reading can't find out what the observer still knows.
		if (fresh->trie == TRIE_UNKNOWN && observe_host(o)->trie != TRIE_UNKNOWN &&
		    system("ip link set lo up; ip route add local 10.250.0.1 dev lo 2>/dev/null"))
			errno = 0;
		take(20);
	}
	for (const char *line = log; *line; line += strcspn(line, "\n") + 1)
		print_error("  %.*s\n", (int)strcspn(line, "\n"), line);
	tell_difference(observe_host(o), fresh);
	host_free(fresh);
	fail_msg("seed %lu: the host is not as a fresh reading; status \"%s\", busy %d", seed, observe_status(o),
		 observe_busy(o));
}

static void one_storm(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *log = open_memstream(&text, &size);
	assert_non_null(log);
	chance = chance_new(seed);
	skips_notes = below(2);
	static const char *const begin[] = {"link set dev lo up",
					    "link add v0 type veth peer name v1",
					    "link add v2 type veth peer name v3",
					    "link set dev v0 up",
					    "link set dev v1 up",
					    "link set dev v2 up",
					    "addr add 10.0.0.1/24 brd + dev v0",
					    "addr add 10.0.0.2/24 dev v0",
					    "addr add 10.0.0.3/24 dev v1",
					    "addr add 2001:db8::1/64 dev v0 nodad",
					    "nexthop add id 1 dev v0",
					    "nexthop add id 2 dev v2",
					    "nexthop add id 3 dev v0",
					    "nexthop add id 4 group 1/2",
					    "route add 10.1.0.0/16 nhid 4"};
	char command[LINE];
	for (size_t i = 0; i < sizeof begin / sizeof *begin; i++) {
		snprintf(command, sizeof command, "ip %s 2>/dev/null", begin[i]);
		if (below(8) && system(command)) // some follow from others
			errno = 0;
	}
	if (below(3) == 0) // changes what a dump says of next hop objects; the kernel does not announce that
		write_sysctl("ipv4/nexthop_compat_mode", "0");
	if (below(4)) // else addresses are tentative for a while
		write_sysctl("ipv6/conf/default/accept_dad", "0");
	for (unsigned i = 0; i < CHUNKS; i++) {
		run_changes(1 + below(CHUNK), log);
		begin_to_follow();
		fflush(log);
		if (below(2))
			await_equal(text);
	}
	await_equal(text);
	fclose(log);
	free(text);
}

static void storms(void **state)
{
	const char *count = getenv("BINDWALK_STORMS"), *first = getenv("BINDWALK_STORM_SEED");
	seed = first ? strtoul(first, NULL, 10) : 1;
	struct observe_counts sum = {0};
	for (unsigned long left = count ? strtoul(count, NULL, 10) : 20; left > 0; left--, seed++) {
		assert_int_equal(enter_fresh(state), 0);
		has_vrf = system("ip link add red type vrf table 10 2>/dev/null && ip link del red") == 0;
		leave(state);
		assert_int_equal(enter_fresh(state), 0);
		one_storm();
		struct observe_counts one = observe_counts(o);
		sum.events += one.events;
		sum.routes4 += one.routes4;
		sum.routes6 += one.routes6;
		sum.links += one.links;
		leave(state);
	}
	print_message("# %s VRF; %lu events; read again: links %lu, IPv4 routes %lu, IPv6 routes %lu\n",
		      has_vrf ? "with" : "without", sum.events, sum.links, sum.routes4, sum.routes6);
}

// What the kernel itself says, without a list that could be interrupted.
static bool is_thrown(uint32_t dst)
{
	struct fib_answer a;
	assert_int_equal(observe_ask(o, RT_TABLE_LOCAL, dst, &a), 0);
	return a.err == -EAGAIN;
}

static int throw_route(bool add)
{
	return route(add, "10.0.0.1/32", RTN_THROW, RT_TABLE_MAIN, NULL);
}

// In a process of its own, until it is killed.
static pid_t start_flipping(void)
{
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (change_open(&c) < 0) // a socket of its own
		_exit(1);
	for (bool there = false;; there = !there)
		if (throw_route(!there) < 0)
			_exit(1);
}

// Without an address the tries are told by comparison with the routes. A route that comes and goes between the reading
// of the routes and the question must not leave the wrong answer behind.
static void tries_while_routes_change(void **state)
{
	enum { READINGS = 3, LOOKS = 100 };
	const int rounds = getenv("BINDWALK_EMULATED") ? 2 : 6; // there each takes ten times as long
	int status;
	assert_int_equal(route(true, "10.0.0.0/8", RTN_BLACKHOLE, RT_TABLE_LOCAL, NULL), 0);
	for (int round = 0; round < rounds; round++) {
		pid_t pid = start_flipping();
		assert_true(pid > 0);
		while (!is_thrown(0x0a000001))
			assert_int_equal(waitpid(pid, &status, WNOHANG), 0); // it still flips
		begin_to_follow();
		// The first reading is made again because of what came before it; a later one has nothing to repair it.
		for (int i = 0; i < LOOKS && observe_counts(o).rules < READINGS; i++)
			take(10);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		throw_route(true); // it may be there
		await_equal("");
		assert_int_equal(observe_host(o)->trie, TRIE_MERGED);
		assert_int_equal(throw_route(false), 0);
		leave(state);
		assert_int_equal(enter_here(state), 0);
	}
}

int main(void)
{
	if (!live_enter())
		return 0;
	if (system("ip -V >/dev/null 2>&1")) {
		puts("1..0 # SKIP no ip");
		return 0;
	}
	signal(SIGPIPE, SIG_IGN);
	const struct CMUnitTest tests[] = {cmocka_unit_test(storms), IN(tries_while_routes_change, enter_fresh)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
