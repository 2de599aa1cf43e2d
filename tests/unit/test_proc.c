// SPDX-License-Identifier: GPL-3.0-or-later
// core/observe/proc over a /proc of our own making.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/observe/proc.h"
#include "core/observe/sockstat.h"

static char root[] = "/tmp/bindwalk-proc-XXXXXX";

static void put_file(const char *path, const char *text)
{
	char full[512];
	snprintf(full, sizeof full, "%s%s", root, path);
	for (char *slash = full + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(full, 0700) < 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	FILE *f = fopen(full, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int make_root(void **state)
{
	(void)state;
	strcpy(strrchr(root, '-'), "-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void files(void **state)
{
	(void)state;
	char buf[8];
	put_file("/proc/a", "1234567");
	assert_int_equal(proc_read(root, "/proc/a", buf, sizeof buf), 7);
	assert_string_equal(buf, "1234567");
	put_file("/proc/a", "12345678");
	assert_int_equal(proc_read(root, "/proc/a", buf, sizeof buf), -EMSGSIZE);
	assert_int_equal(proc_read(root, "/proc/none", buf, sizeof buf), -ENOENT);
	put_file("/proc/a", "");
	assert_int_equal(proc_read(root, "/proc/a", buf, sizeof buf), 0);
	assert_string_equal(buf, "");
}

static void fields(void **state)
{
	static const char text[] =
		"Name:\tx\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t3\nCapEff:\t00000000a80425fb\n";
	(void)state;
	unsigned long value;
	assert_int_equal(proc_field(text, "Seccomp", 10, &value), 0);
	assert_int_equal(value, 2);
	assert_int_equal(proc_field(text, "CapEff", 16, &value), 0);
	assert_int_equal(value, 0xa80425fb);
	assert_int_equal(proc_field(text, "Privs", 10, &value), -ENOENT); // only the end of a key
	assert_int_equal(proc_field("", "Seccomp", 10, &value), -ENOENT);
}

static struct host *empty_host(void)
{
	struct host *h = host_new();
	assert_non_null(h);
	return h;
}

static void sysctls(void **state)
{
	(void)state;
	struct host *h = empty_host();
	put_file("/proc/sys/net/ipv4/ip_nonlocal_bind", "1\n");
	put_file("/proc/sys/net/ipv4/ip_local_port_range", "40000\t50000\n");
	put_file("/proc/sys/net/ipv4/ping_group_range", "0\t2147483647\n");
	put_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "1000-1002,8080\n");
	assert_true(proc_sysctls(root, h));
	assert_int_equal(h->sysctl[SYSCTL_V4_NONLOCAL], 1);
	assert_true(h->sysctl_known[SYSCTL_V4_NONLOCAL]);
	assert_int_equal(h->sysctl[SYSCTL_PORT_LOW], 40000);
	assert_int_equal(h->sysctl[SYSCTL_PORT_HIGH], 50000);
	assert_int_equal(h->sysctl[SYSCTL_PING_GID_HIGH], 2147483647);
	// A missing file has the kernel's default, and counts as unknown.
	assert_int_equal(h->sysctl[SYSCTL_UNPRIV_PORT], 1024);
	assert_false(h->sysctl_known[SYSCTL_UNPRIV_PORT]);
	assert_false(h->sysctl_hidden[SYSCTL_UNPRIV_PORT]); // the others are there, so this kernel has none
	assert_int_equal(h->reserved_ports[1000 / 8], 0x07);
	assert_int_equal(h->reserved_ports[8080 / 8], 0x01);
	assert_false(proc_sysctls(root, h)); // nothing new
	put_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
	assert_true(proc_sysctls(root, h));
	assert_int_equal(h->reserved_ports[1000 / 8], 0);
	assert_false(h->reserved_hidden);
	put_file("/proc/sys/net/ipv4/ip_local_reserved_ports", ""); // masked, as containers do it
	proc_sysctls(root, h);
	assert_true(h->reserved_hidden);
	put_file("/proc/sys/net/ipv4/ip_local_reserved_ports", "\n");
	put_file("/proc/sys/net/ipv4/ip_local_port_range", "40000\n"); // the second number is missing
	assert_true(proc_sysctls(root, h));
	assert_true(h->sysctl_known[SYSCTL_PORT_LOW]);
	assert_false(h->sysctl_known[SYSCTL_PORT_HIGH]);
	assert_int_equal(h->sysctl[SYSCTL_PORT_HIGH], 60999);
	assert_true(h->sysctl_hidden[SYSCTL_PORT_HIGH]);
	assert_false(h->sysctl_hidden[SYSCTL_PORT_LOW] || h->reserved_hidden);
	// No /proc/sys at all: nothing is known of any.
	assert_true(proc_sysctls("/nowhere", h));
	for (int i = 0; i < SYSCTL_COUNT; i++)
		assert_true(h->sysctl_hidden[i] && !h->sysctl_known[i]);
	assert_true(h->reserved_hidden);
	assert_false(proc_sysctls("/nowhere", h));
	host_free(h);
}

static void many_reserved_ports(void **state)
{
	(void)state;
	enum { STEP = 2, TEXT = 1 << 18 };
	char *text = malloc(TEXT);
	assert_non_null(text);
	size_t used = 0;
	for (unsigned port = 1; port <= 65535; port += STEP)
		used += (size_t)snprintf(text + used, TEXT - used, "%s%u", port > 1 ? "," : "", port);
	snprintf(text + used, TEXT - used, "\n");
	put_file("/proc/sys/net/ipv4/ip_local_reserved_ports", text);
	free(text);
	struct host *h = empty_host();
	proc_sysctls(root, h);
	for (unsigned i = 0; i < sizeof h->reserved_ports; i++)
		assert_int_equal(h->reserved_ports[i], 0xaa);
	host_free(h);
}

static void port_lists(void **state)
{
	static const char *const wrong[] = {"x", "1-", "-1", "1,,2", "2-1", "65536", "99999999999", "1 2", ",1", "1;2"};
	(void)state;
	uint8_t map[8192];
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(proc_ports(wrong[i], map), -EINVAL);
		for (unsigned k = 0; k < sizeof map; k++)
			assert_int_equal(map[k], 0);
	}
	assert_int_equal(proc_ports("0-65535\n", map), 0);
	for (unsigned k = 0; k < sizeof map; k++)
		assert_int_equal(map[k], 0xff);
	assert_int_equal(proc_ports("", map), 0);
	assert_int_equal(map[0], 0);
	assert_int_equal(proc_ports("7,65535", map), 0);
	assert_int_equal(map[0], 0x80);
	assert_int_equal(map[8191], 0x80);
}

static void paths(void **state)
{
	(void)state;
	char buf[64];
	assert_string_equal(proc_sysctl_path("net.ipv4.ip_nonlocal_bind", buf, sizeof buf),
			    "/proc/sys/net/ipv4/ip_nonlocal_bind");
}

static void pings(void **state)
{
	(void)state;
	struct question q = {0};
	assert_int_equal(proc_pings(root, 0, &q), -ENOENT);
	put_file(
		"/proc/thread-self/net/icmp",
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref\n"
		"   50: 0100007F:004D 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 4711 2 0 0\n"
		"   51: 0200007F:004E 0100007F:0001 01 00000000:00000000 00:00000000 00000000     0        0 4712 2 0 0\n"
		"   52: 0200007F:004E 0100007F\n"
		"   53: 02000:004E 0100007F:0001 01 00000000:00000000 00:00000000 00000000     0        0 4713 2 0 0\n"
		"   54\n");
	assert_int_equal(proc_pings(root, 0, &q), 0);
	assert_int_equal(q.nsocks, 2);
	char text[ADDR_TEXT];
	const struct sock *s = q.socks;
	assert_string_equal(addr_print(&s->addr, text), "127.0.0.1");
	assert_int_equal(s->port, 77);
	assert_int_equal(s->state, 7);
	assert_int_equal(s->uid, 1000);
	assert_int_equal(s->inode, 4711);
	assert_int_equal(s->protocol, IPPROTO_ICMP);
	assert_int_equal(s->reuseaddr, UNKNOWN);
	assert_int_equal(q.socks[1].state, 1);

	// The sockets of both families, those of the first one a second time.
	put_file(
		"/proc/thread-self/net/icmp6",
		"  sl  local_address                         remote_address                        st tx_queue rx_queue\n"
		"   50: 00000000000000000000000000000000:004D 00000000000000000000000000000000:0000 07 00000000:00000000 "
		"00:00000000 00000000  1000        0 4711 2 0 0\n"
		"   50: B80D0120000000000000000001000000:004D 00000000000000000000000000000000:0000 07 00000000:00000000 "
		"00:00000000 00000000     0        0 4714 2 0 0\n");
	question_forget_socks(&q);
	assert_int_equal(proc_pings(root, 77, &q), 0);
	assert_int_equal(q.nsocks, 2);
	assert_int_equal(q.socks[0].family, AF_INET);
	assert_int_equal(q.socks[1].family, AF_INET6);
	assert_string_equal(addr_print(&q.socks[1].addr, text), "2001:db8::1");
	assert_int_equal(q.socks[1].inode, 4714);
	question_free(&q);
}

static enum tri inet6_of(void)
{
	enum tri has[KIND_COUNT], six;
	proc_protocols(root, has, &six);
	return six;
}

// What can't be read is not known to be there.
static void kinds_unread(void **state)
{
	(void)state;
	enum tri has[KIND_COUNT] = {[KIND_MPTCP] = YES, [KIND_SCTP] = YES}, six;
	assert_true(proc_protocols(root, has, &six) < 0);
	assert_int_equal(has[KIND_MPTCP], UNKNOWN);
	assert_int_equal(has[KIND_SCTP], UNKNOWN);
}

static void inet6(void **state)
{
	(void)state;
	assert_int_equal(inet6_of(), UNKNOWN);
	put_file("/sys/module/ipv6/parameters/disable", "0\n");
	put_file("/proc/thread-self/net/protocols", "protocol  size sockets\nTCP 2400 1\n");
	assert_int_equal(inet6_of(), UNKNOWN);
	put_file("/proc/thread-self/net/protocols", "protocol  size sockets\nTCPv6 2560 0\nTCP 2400 1\n");
	assert_int_equal(inet6_of(), YES);
	put_file("/proc/thread-self/net/protocols", "protocol  size sockets\nTCP 2400 1\n");
	put_file("/sys/module/ipv6/parameters/disable", "1\n");
	assert_int_equal(inet6_of(), NO);
}

// How many ports may be held.
static void counts(void **state)
{
	(void)state;
	unsigned n = 99;
	assert_int_equal(sockstat_most(root, IPPROTO_TCP, &n), -ENOENT);
	put_file("/proc/thread-self/net/sockstat", "sockets: used 120\nTCP: inuse 5 orphan 0 tw 2 alloc 7 mem 1\n"
						   "UDP: inuse 3 mem 2\nUDPLITE: inuse 0\nRAW: inuse 0\n");
	assert_int_equal(sockstat_most(root, IPPROTO_TCP, &n), 0);
	assert_int_equal(n, 9);
	assert_int_equal(sockstat_most(root, IPPROTO_UDP, &n), 0);
	assert_int_equal(n, 3);
	put_file("/proc/thread-self/net/sockstat6", "TCP6: inuse 5\nUDP6: inuse 4\nUDPLITE6: inuse 1\n");
	assert_int_equal(sockstat_most(root, IPPROTO_TCP, &n), 0); // both families are in alloc
	assert_int_equal(n, 9);
	assert_int_equal(sockstat_most(root, IPPROTO_UDP, &n), 0);
	assert_int_equal(n, 7);
	assert_int_equal(sockstat_most(root, IPPROTO_UDPLITE, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(sockstat_most(root, IPPROTO_SCTP, &n), -ENOTSUP);
	put_file("/proc/thread-self/net/sockstat", "sockets: used 120\nTCP: inuse 5\nUDP: inuse\n");
	assert_int_equal(sockstat_most(root, IPPROTO_TCP, &n), -EBADMSG);
	assert_int_equal(sockstat_most(root, IPPROTO_UDP, &n), -EBADMSG);
}

static void tables(void **state)
{
	(void)state;
	enum tri local, main_table;
	assert_int_equal(proc_tables(root, &local, &main_table), -ENOENT);
	put_file("/proc/thread-self/net/fib_triestat",
		 "Basic info: size of leaf: 48 bytes, size of tnode: 40 bytes.\nMain:\n\tAver depth:     1.60\n");
	assert_int_equal(proc_tables(root, &local, &main_table), 0);
	assert_int_equal(local, NO);
	assert_int_equal(main_table, YES);
	put_file("/proc/thread-self/net/fib_triestat",
		 "Basic info:\nMain:\n\tLeaves: 2\nCounters:\n---------\ngets = 10\nLocal:\nCounters:\nId 10:\n");
	assert_int_equal(proc_tables(root, &local, &main_table), 0);
	assert_int_equal(local, YES);
	assert_int_equal(main_table, YES);
	put_file("/proc/thread-self/net/fib_triestat", "Basic info:\nId 254:\nLocal: none\n");
	assert_int_equal(proc_tables(root, &local, &main_table), 0);
	assert_int_equal(local, NO);
	assert_int_equal(main_table, NO);
}

static void trie_sample(void **state)
{
	(void)state;
	unsigned unicast = 0;
	assert_int_equal(proc_trie_sample(root, 10, &unicast), -ENOENT);
	put_file(
		"/proc/thread-self/net/fib_trie",
		"Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     +-- 127.0.0.0/8 2 0 2\n"
		"        |-- 127.0.0.0\n           /8 host LOCAL\n           /31 link BROADCAST\n"
		"        |-- 192.0.2.0\n           /24 link UNICAST\n");
	assert_int_equal(proc_trie_sample(root, 10, &unicast), 4);
	assert_int_equal(unicast, 2);
	assert_int_equal(proc_trie_sample(root, 3, &unicast), 3);
	assert_int_equal(unicast, 1);
}

static void this_kernel(void **state)
{
	(void)state;
	struct host *h = empty_host();
	assert_int_equal(proc_kernel(h), 0);
	assert_true(h->kernel.major >= 4);
	assert_string_not_equal(h->kernel.release, "");
	assert_string_not_equal(h->name, "");
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files, make_root, drop_root),
		cmocka_unit_test(fields),
		cmocka_unit_test_setup_teardown(sysctls, make_root, drop_root),
		cmocka_unit_test_setup_teardown(many_reserved_ports, make_root, drop_root),
		cmocka_unit_test(port_lists),
		cmocka_unit_test(paths),
		cmocka_unit_test_setup_teardown(pings, make_root, drop_root),
		cmocka_unit_test_setup_teardown(kinds_unread, make_root, drop_root),
		cmocka_unit_test_setup_teardown(inet6, make_root, drop_root),
		cmocka_unit_test_setup_teardown(counts, make_root, drop_root),
		cmocka_unit_test_setup_teardown(tables, make_root, drop_root),
		cmocka_unit_test_setup_teardown(trie_sample, make_root, drop_root),
		cmocka_unit_test(this_kernel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
