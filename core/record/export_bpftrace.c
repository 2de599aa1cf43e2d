// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/export_bpftrace.h"

#include <errno.h>
#include <string.h>

#include "core/record/handout.h"
#include "core/text/quoting.h"
#include "core/text/stream_end.h"

#define BY_SCRIPT "/strncmp(comm, \"python3\", 7) == 0/"

// What a function returns, and how to print it. A return of int arrives with its upper half empty.
enum returns { A_DESCRIPTOR, AN_ERRNO, A_ROUTE_TYPE, A_CLASS, A_TABLE, A_DEVICE, A_FOUND };
static const char *const printed[] = {
	[A_DESCRIPTOR] = "%d (a descriptor, or minus the errno)\\n\", \"NAME\", (int32)retval",
	[AN_ERRNO] = "%d (0, or minus the errno)\\n\", \"NAME\", (int32)retval",
	[A_ROUTE_TYPE] =
		"type %d (1 unicast, 2 local, 3 broadcast, 4 anycast, 5 multicast)\\n\", \"NAME\", (int32)retval",
	[A_CLASS] = "class 0x%x\\n\", \"NAME\", (uint32)retval",
	[A_TABLE] = "table %d (0: none but local)\\n\", \"NAME\", (int32)retval",
	[A_DEVICE] = "%s\\n\", \"NAME\", retval == 0 ? \"no such device\" : \"the device\"",
	[A_FOUND] = "%d (1: an interface has this address)\\n\", \"NAME\", (int32)retval",
};

// Functions that stand by themselves in every kernel from 5.10 on, so that a probe finds them; the others are compiled
// into their callers.
static const struct probe {
	const char *function;
	enum returns returns;
	const char *about;
} probes[] = {
	{"__sys_socket", A_DESCRIPTOR, "socket(): may this process create such a socket?"},
	{"__sys_setsockopt", AN_ERRNO, "setsockopt(): does the kernel accept this option?"},
	{"security_socket_bind", AN_ERRNO, "does a security module object?"},
	{"inet_bind", AN_ERRNO, "length and family; all of bind() for IPv4"},
	{"inet6_bind", AN_ERRNO, "length and family; all of bind() for IPv6"},
	{"inet_bind_sk", AN_ERRNO, "length and family; all of bind() for IPv4"},
	{"inet6_bind_sk", AN_ERRNO, "length and family; all of bind() for IPv6"},
	{"__inet_bind", AN_ERRNO, "IPv4: the address, then the privilege, then the port"},
	{"__inet6_bind", AN_ERRNO, "IPv6: the privilege, then the address, then the port"},
	{"raw_bind", AN_ERRNO, "all of bind() for an IPv4 raw socket"},
	{"rawv6_bind", AN_ERRNO, "all of bind() for an IPv6 raw socket"},
	{"ping_bind", AN_ERRNO, "all of bind() for a ping socket"},
	{"l3mdev_fib_table_by_index", A_TABLE, "does the bound device belong to a VRF?"},
	{"l3mdev_fib_table_rcu", A_TABLE, "does the bound device belong to a VRF?"},
	{"fib_table_lookup", AN_ERRNO, "the route; -11: none, or throw"},
	{"inet_addr_type_table", A_ROUTE_TYPE, "what the routing table says this IPv4 address is"},
	{"inet_addr_type_dev_table", A_ROUTE_TYPE, "the same for a v4-mapped address"},
	{"__ipv6_addr_type", A_CLASS, "0x20011 ::1, 0xe0001 global, 0xe1000 v4-mapped, 0x20021 link-local"},
	{"dev_get_by_index_rcu", A_DEVICE, "does the bound device exist?"},
	{"ipv6_chk_addr", A_FOUND, "IPv6 never asks a routing table, but the list of addresses"},
	{"inet_csk_get_port", AN_ERRNO, "TCP: is the port available?"},
	{"udp_v4_get_port", AN_ERRNO, "UDP: is the port available?"},
	{"udp_v6_get_port", AN_ERRNO, "UDP: is the port available?"},
	{"ping_get_port", AN_ERRNO, "ping: is the identifier available?"},
};

enum { PROBES = sizeof probes / sizeof *probes };

struct watching {
	bool on[PROBES];
	unsigned binds;
};

// Kernels before 6.6 have one function less on the way.
static const char *in_kernel(const char *function, const struct kernel *k)
{
	if (kernel_has(k, TRAIT_BIND_SK))
		return function;
	return strcmp(function, "inet_bind_sk") == 0    ? "inet_bind"
	       : strcmp(function, "inet6_bind_sk") == 0 ? "inet6_bind"
							: function;
}

static bool watch(struct watching *w, const char *function, const struct kernel *k)
{
	for (size_t i = 0; i < PROBES; i++)
		if (strcmp(probes[i].function, in_kernel(function, k)) == 0) {
			w->on[i] = true;
			return true;
		}
	return false;
}

// Where the checks of a path are that no probe can find.
static const char *body_of(const struct bind_path *p)
{
	return strcmp(p->function, "inet_bind") == 0    ? "__inet_bind"
	       : strcmp(p->function, "inet6_bind") == 0 ? "__inet6_bind"
							: p->function;
}

static void watch_walk(struct watching *w, const struct walk *walk, const struct kernel *k)
{
	if (!walk->path)
		return;
	for (unsigned i = 0; i < walk->nsteps; i++) {
		const struct walk_step *s = &walk->steps[i];
		if (!s->reached || finding_info(s->finding)->outcome == PASSED_BY)
			continue;
		bool found = s->where && watch(w, s->where->function, k);
		if (s->where && !found)
			watch(w, body_of(walk->path), k);
		if (s->step == STEP_CLASSIFY && found)
			watch(w, "fib_table_lookup", k);
		if (!s->where && s->decisive)
			watch(w, s->step == STEP_SOCKET ? "__sys_socket" : "__sys_setsockopt", k);
	}
}

// "// 3. bind tcp4 192.0.2.1:80: EADDRNOTAVAIL, decided by step acceptable in inet_addr_valid_or_nonlocal()".
static void put_bind(const struct frame_bind *b, const struct walk *walk, const struct kernel *k, unsigned number,
		     FILE *out)
{
	char what[HANDOUT_LINE];
	const struct walk_step *s = walk->nsteps ? &walk->steps[walk->decisive] : NULL;
	fprintf(out, "// %u. bind ", number);
	quote_comment(handout_bind(b, what, sizeof what), out);
	fprintf(out, ": %s", handout_answer(b));
	if (s)
		fprintf(out, ", decided by step %s", step_info(s->step)->name);
	if (s && s->where)
		fprintf(out, " in %s(), %s", in_kernel(s->where->function, k), s->where->file);
	fputc('\n', out);
}

static void put_probe(const struct probe *p, FILE *out)
{
	const char *text = printed[p->returns], *name = strstr(text, "NAME");
	fprintf(out, "\n// %s\nkretprobe:%s\n" BY_SCRIPT "\n{\n\tprintf(\"  %%-26s ", p->about, p->function);
	fprintf(out, "%.*s%s%s);\n}\n", (int)(name - text), text, p->function, name + strlen("NAME"));
}

static void put_probes(const struct watching *w, FILE *out)
{
	fputs("\nkprobe:__sys_bind\n" BY_SCRIPT
	      "\n{\n\tprintf(\"bind(%d, ..., %d)\\n\", (int32)arg0, (int32)arg2);\n}\n",
	      out);
	for (size_t i = 0; i < PROBES; i++)
		if (w->on[i])
			put_probe(&probes[i], out);
	fputs("\nkretprobe:__sys_bind\n" BY_SCRIPT "\n{\n\tprintf(\"bind() = %d\\n\\n\", (int32)retval);\n}\n", out);
}

int export_bpftrace(const struct recording *r, FILE *out)
{
	struct watching w = {0};
	fputs("#!/usr/bin/env bpftrace\n// Watches the kernel functions that decided the binds of a session of Bindwalk. Start it "
	      "as root,\n// and run the session's shell script in another terminal.\n// Recorded on Linux ",
	      out);
	quote_comment(r->kernel, out);
	fputs("; its functions may have other names in other kernels.\n", out);
	if (r->title[0]) {
		fputs("// ", out);
		quote_comment(r->title, out);
		fputc('\n', out);
	}
	for (size_t i = 0; i < r->n; i++) {
		struct handout_walk at;
		if (r->frames[i].kind != FRAME_BIND)
			continue;
		int err = handout_walk(r, i, &at);
		if (err < 0)
			return err;
		watch_walk(&w, &at.in.walk, &at.host.kernel);
		put_bind(r->frames[i].bind, &at.in.walk, &at.host.kernel, ++w.binds, out);
		inquiry_free(&at.in);
	}
	put_probes(&w, out);
	return stream_end(out);
}
