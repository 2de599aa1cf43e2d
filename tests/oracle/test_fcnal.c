// SPDX-License-Identifier: GPL-3.0-or-later
// The cases that the kernel's own functional tests of bind go through (fcnal: local, foreign, loopback and VRF
// addresses; bound to nothing, to a device, to a VRF), held against the model, the live bind, and the result that the
// kernel promises.
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/change/change.h"
#include "core/change/lab.h"
#include "core/evidence/merge.h"
#include "core/evidence/trial.h"
#include "core/model/decide.h"
#include "core/observe/observe.h"
#include "core/text/report.h"
#include "tests/live/live.h"

// The topology: eth1 with a global address of each family, loopback with another, and a VRF with a third.
#define ETH1      "172.16.1.1"
#define LO        "172.16.2.1"
#define VRF       "172.16.3.1"
#define FOREIGN   "172.17.1.1"
#define ETH1_6    "2001:db8:1::1"
#define LO_6      "2001:db8:2::1"
#define VRF_6     "2001:db8:3::1"
#define FOREIGN_6 "2001:db8:4::1"
#define BROADCAST "255.255.255.255"
#define MULTICAST "224.0.0.1"

struct bind_case {
	const char *text;
	enum kind kind;
	const char *address;
	const char *device; // NULL for none
	bool freebind;
	int err;
};

// clang-format off
static const struct bind_case plain[] = {
	{"raw, own address", KIND_RAW, ETH1, NULL, false, 0},
	{"raw, own address, bound to its device", KIND_RAW, ETH1, "eth1", false, 0},
	{"raw, loopback's address", KIND_RAW, LO, NULL, false, 0},
	{"raw, loopback's address, bound to another device", KIND_RAW, LO, "eth1", false, 0},
	{"raw, foreign address", KIND_RAW, FOREIGN, NULL, false, EADDRNOTAVAIL},
	{"raw, foreign address, freebind", KIND_RAW, FOREIGN, NULL, true, 0},
	{"raw, foreign address, freebind, bound to a device", KIND_RAW, FOREIGN, "eth1", true, 0},
	{"ping, own address", KIND_PING, ETH1, NULL, false, 0},
	{"ping, foreign address", KIND_PING, FOREIGN, NULL, false, EADDRNOTAVAIL},
	{"ping, foreign address, freebind", KIND_PING, FOREIGN, NULL, true, 0},
	{"ping, broadcast", KIND_PING, BROADCAST, NULL, false, EADDRNOTAVAIL},
	{"ping, broadcast, freebind", KIND_PING, BROADCAST, NULL, true, EADDRNOTAVAIL},
	{"ping, multicast", KIND_PING, MULTICAST, NULL, false, EADDRNOTAVAIL},
	{"ping, multicast, freebind", KIND_PING, MULTICAST, NULL, true, EADDRNOTAVAIL},
	{"tcp, own address", KIND_TCP, ETH1, NULL, false, 0},
	{"tcp, own address, bound to its device", KIND_TCP, ETH1, "eth1", false, 0},
	{"tcp, loopback's address, bound to another device", KIND_TCP, LO, "eth1", false, 0},
	{"tcp, foreign address", KIND_TCP, FOREIGN, NULL, false, EADDRNOTAVAIL},
	{"tcp, foreign address, freebind", KIND_TCP, FOREIGN, NULL, true, 0},
	{"udp, own address, bound to its device", KIND_UDP, ETH1, "eth1", false, 0},
	{"udp, broadcast", KIND_UDP, BROADCAST, NULL, false, 0},
	{"udp, multicast", KIND_UDP, MULTICAST, NULL, false, 0},
	{"raw6, own address", KIND_RAW, ETH1_6, NULL, false, 0},
	{"raw6, own address, bound to its device", KIND_RAW, ETH1_6, "eth1", false, 0},
	{"raw6, loopback's address, bound to another device", KIND_RAW, LO_6, "eth1", false, 0},
	{"raw6, foreign address", KIND_RAW, FOREIGN_6, NULL, false, EADDRNOTAVAIL},
	{"raw6, foreign address, freebind", KIND_RAW, FOREIGN_6, NULL, true, 0},
	{"raw6, foreign address, freebind, bound to a device", KIND_RAW, FOREIGN_6, "eth1", true, 0},
	{"ping6, own address", KIND_PING, ETH1_6, NULL, false, 0},
	{"ping6, foreign address", KIND_PING, FOREIGN_6, NULL, false, EADDRNOTAVAIL},
	{"ping6, foreign address, freebind", KIND_PING, FOREIGN_6, NULL, true, 0},
	{"tcp6, own address", KIND_TCP, ETH1_6, NULL, false, 0},
	{"tcp6, own address, bound to its device", KIND_TCP, ETH1_6, "eth1", false, 0},
	{"tcp6, loopback's address, bound to another device", KIND_TCP, LO_6, "eth1", false, 0},
	{"tcp6, foreign address", KIND_TCP, FOREIGN_6, NULL, false, EADDRNOTAVAIL},
	{"tcp6, foreign address, freebind", KIND_TCP, FOREIGN_6, NULL, true, 0},
	{"udp6, own address", KIND_UDP, ETH1_6, NULL, false, 0},
};

static const struct bind_case in_vrf[] = {
	{"raw, VRF's own device address, unbound", KIND_RAW, ETH1, NULL, false, EADDRNOTAVAIL},
	{"raw, VRF address, unbound", KIND_RAW, VRF, NULL, false, EADDRNOTAVAIL},
	{"raw, device address, bound to the device", KIND_RAW, ETH1, "eth1", false, 0},
	{"raw, device address, bound to the VRF", KIND_RAW, ETH1, "red", false, 0},
	{"raw, VRF address, bound to the device", KIND_RAW, VRF, "eth1", false, 0},
	{"raw, VRF address, bound to the VRF", KIND_RAW, VRF, "red", false, 0},
	{"raw, loopback's address, bound to the VRF", KIND_RAW, LO, "red", false, EADDRNOTAVAIL},
	{"raw, foreign address, freebind, bound to the VRF", KIND_RAW, FOREIGN, "red", true, 0},
	{"ping, broadcast, bound to the VRF", KIND_PING, BROADCAST, "red", false, EADDRNOTAVAIL},
	{"ping, multicast, bound to the VRF", KIND_PING, MULTICAST, "red", false, EADDRNOTAVAIL},
	{"ping, foreign address, freebind, bound to the VRF", KIND_PING, FOREIGN, "red", true, 0},
	{"tcp, device address, unbound", KIND_TCP, ETH1, NULL, false, EADDRNOTAVAIL},
	{"tcp, device address, bound to the VRF", KIND_TCP, ETH1, "red", false, 0},
	{"tcp, VRF address, bound to the device", KIND_TCP, VRF, "eth1", false, 0},
	{"tcp, loopback's address, bound to the VRF", KIND_TCP, LO, "red", false, EADDRNOTAVAIL},
	{"tcp, loopback's address, bound to the device", KIND_TCP, LO, "eth1", false, EADDRNOTAVAIL},
	{"raw6, device address, unbound", KIND_RAW, ETH1_6, NULL, false, EADDRNOTAVAIL},
	{"raw6, device address, bound to the device", KIND_RAW, ETH1_6, "eth1", false, 0},
	{"raw6, VRF address, bound to the VRF", KIND_RAW, VRF_6, "red", false, 0},
	{"raw6, loopback's address, bound to the VRF", KIND_RAW, LO_6, "red", false, EADDRNOTAVAIL},
	{"raw6, foreign address, freebind, bound to the VRF", KIND_RAW, FOREIGN_6, "red", true, 0},
	{"tcp6, device address, unbound", KIND_TCP, ETH1_6, NULL, false, EADDRNOTAVAIL},
	{"tcp6, device address, bound to the VRF", KIND_TCP, ETH1_6, "red", false, 0},
	{"tcp6, VRF address, bound to the device", KIND_TCP, VRF_6, "eth1", false, 0},
	{"tcp6, loopback's address, bound to the VRF", KIND_TCP, LO_6, "red", false, EADDRNOTAVAIL},
	{"tcp6, loopback's address, bound to the device", KIND_TCP, LO_6, "eth1", false, EADDRNOTAVAIL},
	{"udp6, loopback's address, bound to the VRF", KIND_UDP, LO_6, "red", false, EADDRNOTAVAIL},
};
// clang-format on

static struct walk walk;

static int add(struct changer *c, const char *dev, const char *text, unsigned len)
{
	struct addr a;
	assert_int_equal(addr_parse(text, &a), 0);
	return change_addr_add(c, dev, &a, len, a.family == AF_INET6 ? IFA_F_NODAD : 0, UINT32_MAX, NULL);
}

static int enter(void **state)
{
	struct changer *c;
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(change_link_up(c, "lo", true), 0);
	assert_int_equal(change_veth_add(c, "eth1", "peer", -1), 0);
	assert_int_equal(change_link_up(c, "peer", true), 0);
	assert_int_equal(change_link_up(c, "eth1", true), 0);
	assert_int_equal(add(c, "lo", LO, 32), 0);
	assert_int_equal(add(c, "lo", LO_6, 128), 0);
	assert_int_equal(add(c, "eth1", ETH1, 24), 0);
	assert_int_equal(add(c, "eth1", ETH1_6, 64), 0);
	// Our own group; an ordinary user's lab has no other.
	assert_int_equal(change_sysctl("net.ipv4.ping_group_range", "0 0"), 0);
	*state = c;
	return 0;
}

static int leave(void **state)
{
	change_close(*state);
	return 0;
}

static struct attempt attempt_of(const struct bind_case *c)
{
	struct addr a;
	assert_int_equal(addr_parse(c->address, &a), 0);
	struct attempt at = attempt_new(&a);
	at.kind = c->kind;
	if (c->device) {
		struct setting s = {.option = OPT_DEVICE};
		snprintf(s.device, sizeof s.device, "%s", c->device);
		attempt_set(&at, &s);
	}
	// A raw IPv6 socket takes the option at the IPv6 level only.
	if (c->freebind)
		attempt_set(&at, &(struct setting){.option = a.family == AF_INET6 ? OPT_FREEBIND6 : OPT_FREEBIND,
						   .value = 1});
	return at;
}

static void check(const struct bind_case *cases, size_t n)
{
	char err[256];
	struct observer *o;
	struct host *h;
	assert_int_equal(observe_open(&o, err, sizeof err), 0);
	assert_int_equal(observe_read(o, &h, err, sizeof err), 0);
	for (size_t i = 0; i < n; i++) {
		struct attempt at = attempt_of(&cases[i]);
		struct trial t;
		int promised = cases[i].err;
		// Before 5.17 raw IPv4 sockets knew no nonlocal bind.
		if (cases[i].kind == KIND_RAW && at.family == AF_INET && cases[i].freebind &&
		    !kernel_has(&h->kernel, TRAIT_RAW4_NONLOCAL))
			promised = EADDRNOTAVAIL;
		decide(live_facts(h, false), &at, &walk);
		assert_int_equal(trial_run(&at, &live_root, &t), 0);
		merge_bind(&t, NULL, NULL, &walk);
		if (walk.agreement != AGREES || t.err != promised) {
			report_text(live_facts(h, false), &walk, (struct report_style){0}, stderr);
			fail_msg("%s: promised %s, predicted %s, %s", cases[i].text, errno_name(promised),
				 errno_name(walk.predicted.err), errno_name(t.err));
		}
	}
	host_free(h);
	observe_close(o);
}

static void without_vrf(void **state)
{
	(void)state;
	check(plain, sizeof plain / sizeof *plain);
}

static void with_vrf(void **state)
{
	struct changer *c = *state;
	int err = change_vrf_add(c, "red", 10);
	if (err < 0) {
		print_message("# SKIP this kernel has no VRF: %s\n", strerror(-err));
		skip();
	}
	assert_int_equal(change_link_up(c, "red", true), 0);
	assert_int_equal(add(c, "red", VRF, 32), 0);
	assert_int_equal(add(c, "red", VRF_6, 128), 0);
	assert_int_equal(change_link_master(c, "eth1", "red"), 0);
	add(c, "eth1", ETH1_6, 64); // going into a VRF takes the device down and up, and its IPv6 addresses away
	check(in_vrf, sizeof in_vrf / sizeof *in_vrf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_vrf),
		cmocka_unit_test(with_vrf),
	};
	char err[LAB_ERROR];
	if (lab_enter_empty(err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	return cmocka_run_group_tests(tests, enter, leave);
}
