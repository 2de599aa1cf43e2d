// SPDX-License-Identifier: GPL-3.0-or-later
// Ready-made labs, and the making of one from its script.
#include "core/change/lab_recipe.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/edit.h"
#include "core/change/edit_apply.h"
#include "core/change/edit_parse.h"
#include "core/change/lab.h"
#include "core/observe/clock.h"
#include "core/observe/nl.h"
#include "core/observe/nl_parse.h"

enum { ABSENT = 8, SETTLE_MS = 60000 };

// lo first: a namespace that never had an address has no IPv4 table, and every IPv4 bind succeeds in it. Addresses without
// duplicate detection, and none of the kernel's own making, which would be tentative for their first seconds.
#define HOST                                                                                                           \
	"link set lo up\n"                                                                                             \
	"link add eth0 type veth peer eth0 netns neighbour\n"                                                          \
	"sysctl net.ipv6.conf.eth0.addr_gen_mode 1\n"                                                                  \
	"link set eth0 up\n"                                                                                           \
	"address add 192.0.2.2/24 dev eth0\n"                                                                          \
	"address add 2001:db8::2/64 dev eth0 nodad\n"                                                                  \
	"address add fe80::2/64 dev eth0 nodad\n"

static const struct lab_recipe places[] = {
	{"host", "lo, and eth0 with addresses of both families", HOST},
	{"empty", "nothing: lo is down, and IPv4 has no table yet", ""},
	{"anyip", "host, and a prefix of each family routed to it as local",
	 HOST "route add local 192.168.123.0/24 dev lo\n"
	      "route add local 2001:db8:123::/64 dev lo\n"},
	{"router", "host, and two VRFs, red and blue, with the same addresses in both",
	 HOST "link add red type vrf table 10\n"
	      "link add blue type vrf table 20\n"
	      "link set red up\n"
	      "link set blue up\n"
	      "link add eth1 type veth peer eth1 netns neighbour\n"
	      "link add eth2 type veth peer eth2 netns neighbour\n"
	      "link set eth1 master red\n"
	      "link set eth2 master blue\n"
	      "sysctl net.ipv6.conf.eth1.addr_gen_mode 1\n"
	      "sysctl net.ipv6.conf.eth2.addr_gen_mode 1\n"
	      "link set eth1 up\n"
	      "link set eth2 up\n"
	      "address add 10.0.0.1/24 dev eth1\n"
	      "address add 10.0.0.1/24 dev eth2\n"
	      "address add 2001:db8:1::1/64 dev eth1 nodad\n"
	      "address add 2001:db8:1::1/64 dev eth2 nodad\n"
	      "route add local 10.10.0.0/16 dev lo table 10\n"
	      "sysctl net.ipv4.ip_forward 1\n"},
};

const struct lab_recipe *lab_recipe(size_t n)
{
	return n < sizeof places / sizeof *places ? &places[n] : NULL;
}

static int is_up(const struct nlmsghdr *m, void *data)
{
	struct link link;
	if (nl_parse_link(m, &link) == 0)
		*(bool *)data = link.operstate == IF_OPER_UP || strcmp(link.kind, "veth") != 0;
	return 0;
}

// The kernel settles the state of a link a moment after its carrier is there. Not waiting would show it differently each time.
void lab_await_up(const char *name)
{
	_Alignas(struct nlmsghdr) char buf[256] = {0};
	struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct nl *nl = NULL;
	int64_t deadline = now_ms() + SETTLE_MS;
	bool up = false;

	if (fd < 0 || bind(fd, (struct sockaddr *)&group, sizeof group) < 0 || nl_open(&nl, NETLINK_ROUTE) < 0)
		goto out;
	for (;;) {
		struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
		m->nlmsg_type = RTM_GETLINK;
		mnl_nlmsg_put_extra_header(m, sizeof(struct ifinfomsg));
		mnl_attr_put_strz(m, IFLA_IFNAME, name);
		bool late = now_ms() >= deadline; // the look after the deadline is the last one, not the one before
		if (nl_query(nl, m, is_up, &up) < 0 || up || late)
			break;
		// Any event of a link is a reason to look again.
		int64_t left = deadline - now_ms();
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (left > 0 && poll(&p, 1, (int)left) < 0 && errno != EINTR)
			break;
		recv(fd, buf, sizeof buf, MSG_DONTWAIT);
	}
out:
	nl_close(nl);
	if (fd >= 0)
		close(fd);
}

// What this kernel does not have, so that lines about it are left out.
struct absent {
	char names[ABSENT][16];
	unsigned n;
};

static bool is_absent(const struct absent *a, const char *name)
{
	for (unsigned i = 0; i < a->n; i++)
		if (name[0] && strcmp(a->names[i], name) == 0)
			return true;
	return false;
}

static void add_absent(struct absent *a, const char *name)
{
	if (a->n < ABSENT)
		snprintf(a->names[a->n++], sizeof a->names[0], "%s", name);
}

// A kernel without IPv6, or one told to keep off it, still has an IPv4 lab.
static bool without_ipv6(const struct edit *e, int err)
{
	bool six = (e->kind == EDIT_ADDR && e->addr.addr.family == AF_INET6) ||
		   (e->kind == EDIT_ROUTE && e->route.dst.addr.family == AF_INET6);
	if (e->kind == EDIT_SYSCTL)
		return err == -ENOENT;
	return six && (err == -EOPNOTSUPP || err == -EAFNOSUPPORT || err == -EACCES || err == -EPROTONOSUPPORT ||
		       err == -EINVAL);
}

// One remark after the other, each once.
__attribute__((format(printf, 3, 4))) static void note(char *why, size_t whylen, const char *fmt, ...)
{
	char text[LAB_ERROR];
	size_t used = strlen(why);
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (!strstr(why, text))
		snprintf(why + used, whylen - used, "%s%s", used ? "; " : "", text);
}

// 0 when the lab can do without it; else err as it was.
static int do_without(struct changer *c, const struct edit *e, int err, struct absent *absent, char *why, size_t whylen)
{
	if (e->kind == EDIT_LINK && err == -EOPNOTSUPP && strcmp(e->link.type, "vrf") == 0) {
		add_absent(absent, e->dev);
		note(why, whylen, "no VRFs in this kernel, so the lab goes without; as root: modprobe vrf");
		return 0;
	}
	if (e->kind == EDIT_LINK && err == -EOPNOTSUPP && e->link.neighbour) {
		if (change_dummy_add(c, e->dev) == 0)
			return 0;
		snprintf(why, whylen, "this kernel has no veth interfaces for the lab; as root: modprobe veth");
		return err;
	}
	bool hidden = err == -ENOENT && access("/proc/sys/net", F_OK) < 0;
	if (e->kind == EDIT_SYSCTL && (err == -EROFS || hidden)) {
		note(why, whylen,
		     "/proc/sys is %s, as containers have it, so the lab's sysctls stay as they are; start the "
		     "container with --security-opt systempaths=unconfined, or Bindwalk outside of it",
		     hidden ? "hidden" : "read-only");
		return 0;
	}
	if (without_ipv6(e, err))
		return 0;
	char text[EDIT_TEXT];
	const char *words = change_why(c);
	snprintf(why, whylen, "the lab can't be made: %.200s: %s%s%s", edit_print(e, text, sizeof text), strerror(-err),
		 *words ? ": " : "", words);
	return err;
}

static int furnish(struct changer *c, void *data, char *why, size_t whylen)
{
	struct absent absent = {0};
	struct edit e;
	char line[EDIT_TEXT], slow[ABSENT][16];
	unsigned nslow = 0;
	int err = 0;
	for (const char *p = data; *p && err == 0; p += *p == '\n') {
		size_t len = strcspn(p, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, p);
		p += len;
		err = edit_parse(line, &e, why, whylen);
		if (err < 0 || is_absent(&absent, e.dev) || (e.kind == EDIT_MASTER && is_absent(&absent, e.master)))
			continue;
		if (e.kind == EDIT_LINK && e.link.neighbour && nslow < ABSENT) {
			memcpy(slow[nslow++], e.dev, sizeof slow[0]);
			lab_want_index(c);
		}
		err = edit_apply(c, &e);
		if (err == -EBUSY) // one of the indexes is taken, so the kernel chooses
			err = edit_apply(c, &e);
		if (err < 0)
			err = do_without(c, &e, err, &absent, why, whylen);
	}
	for (unsigned i = 0; i < nslow && err == 0; i++)
		lab_await_up(slow[i]);
	return err;
}

int lab_enter_recipe(const char *name, char *err, size_t errlen)
{
	size_t used = 0;
	char names[128] = "";
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (strcmp(places[i].name, name) == 0) {
			char *script = (char *)(uintptr_t)places[i].script; // only read
			return lab_enter_with(furnish, script, err, errlen);
		}
		used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", places[i].name);
	}
	snprintf(err, errlen, "no lab is called '%.60s'; there are %s, copy", name, names);
	return -EINVAL;
}

int lab_enter(char *err, size_t errlen)
{
	return lab_enter_recipe("host", err, errlen);
}
