// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/export_python.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

#include "core/text/quoting.h"

enum { TCP_AT_CLOSE = 7, TCP_AT_LISTEN = 10, TCP_AT_BOUND = 13 }; // TCP_*; BOUND: TCP_BOUND_INACTIVE

// 95 has two names, of which Python knows the other one.
const char export_python_prelude[] =
	"import errno, os, socket, struct, sys\n"
	"\n"
	"held = []\n"
	"\n"
	"def refused(kind, error, trace):\n"
	"    if not isinstance(error, OSError):\n"
	"        return sys.__excepthook__(kind, error, trace)\n"
	"    print(\"EOPNOTSUPP\" if error.errno == 95 else errno.errorcode.get(error.errno, \"E?\"))\n"
	"\n"
	"sys.excepthook = refused\n"
	"\n"
	"# An index that no interface has.\n"
	"def absent(index):\n"
	"    while index in [i for i, name in socket.if_nameindex()]:\n"
	"        index += 1000\n"
	"    return index\n"
	"\n"
	"# Somebody else's socket.\n"
	"def hold(family, kind, protocol, address, options, listen=False, another_user=False):\n"
	"    try:\n"
	"        if another_user:\n"
	"            os.seteuid(65534)\n"
	"        s = socket.socket(family, kind, protocol)\n"
	"        if another_user:\n"
	"            os.seteuid(0)\n"
	"        for option in options:\n"
	"            s.setsockopt(*option)\n"
	"        s.bind(address)\n"
	"        if listen:\n"
	"            s.listen()\n"
	"        held.append(s)\n"
	"    except OSError as error:\n"
	"        if error.errno != errno.EADDRINUSE: # another one of them has it\n"
	"            user = \", which takes root to be another user's\" if another_user else \"\"\n"
	"            print(\"skipped: cannot hold the port%s: %s\" % (user, os.strerror(error.errno)))\n"
	"            sys.exit()\n"
	"\n"
	"def libc(function, *arguments):\n"
	"    import ctypes\n"
	"    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) < 0:\n"
	"        raise OSError(ctypes.get_errno(), function)\n"
	"\n"
	"# As a set of bits.\n"
	"def keep_capabilities(bits):\n"
	"    libc(\"capset\", struct.pack(\"=Ii\", 0x20080522, 0), struct.pack(\"=6I\", bits, bits, 0, 0, 0, 0))\n"
	"\n"
	"# bind() with these very bytes: Python's own would correct them.\n"
	"def bind(s, address, length):\n"
	"    libc(\"bind\", s.fileno(), address.ljust(128, b\"\\0\"), length)\n";

static int found_err(const struct frame_bind *b)
{
	return b->observed.present ? b->observed.err : b->predicted;
}

// With port 0, only a refusal depends on who holds which port.
static bool holders_count(const struct frame_bind *b)
{
	return b->attempt.port != 0 || found_err(b) == EADDRINUSE;
}

const char *export_python_cannot(const struct frame_bind *b)
{
	if (b->agreement == HOOK)
		return "a hook outside the network stack answered, which a script cannot build";
	if (b->agreement == CHANGED)
		return "the host changed while it was made";
	if (b->caller.pid != 0)
		return "it was made as another process";
	if (b->attempt.port == 0 && holders_count(b) && b->more_socks > 0)
		return "more sockets held ports than the recording keeps";
	return NULL;
}

static const char *family_name(int family)
{
	return family == AF_INET6 ? "socket.AF_INET6" : "socket.AF_INET";
}

static const char *type_name(int type)
{
	return type == SOCK_STREAM  ? "socket.SOCK_STREAM"
	       : type == SOCK_DGRAM ? "socket.SOCK_DGRAM"
				    : "socket.SOCK_RAW";
}

// The number that an interface has where the program runs.
static void put_index(const struct host *h, uint32_t index, FILE *out)
{
	const struct link *l = h ? host_link(h, index) : NULL;
	if (index == 0) {
		fputs("0", out);
	} else if (!l) {
		fprintf(out, "absent(%u)", index);
	} else {
		fputs("socket.if_nametoindex(", out);
		quote_python(l->name, out);
		fputs(")", out);
	}
}

static void put_address(const struct addr *a, uint16_t port, uint32_t scope, const struct host *h, FILE *out)
{
	char text[ADDR_TEXT];
	fprintf(out, "(\"%s\", %u", addr_print(a, text), port);
	if (a->family == AF_INET6 && scope) {
		fputs(", 0, ", out);
		put_index(h, scope, out);
	}
	fputs(")", out);
}

static void put_number(uint32_t value, FILE *out)
{
	fprintf(out, value > INT_MAX ? "struct.pack(\"=I\", %u)" : "%u", value);
}

static void put_setting(const struct setting *s, const struct host *h, FILE *out)
{
	const struct sockopt *o = option_info(s->option);
	fprintf(out, "s.setsockopt(%d, %d, ", o->level, o->number);
	if (o->value == VALUE_DEVICE)
		quote_python(s->device, out);
	else if (s->option == OPT_IFINDEX)
		put_index(h, s->value, out);
	else
		put_number(s->value, out);
	fprintf(out, ") # %s", o->symbol);
	if (o->value == VALUE_RANGE)
		fprintf(out, " %u-%u", s->value & 0xffff, s->value >> 16);
	fputc('\n', out);
}

static bool is_stream(int protocol)
{
	return protocol == IPPROTO_TCP || protocol == kind_info(KIND_MPTCP)->protocol || protocol == IPPROTO_SCTP;
}

static void put_option(bool *first, enum option_id id, uint32_t value, FILE *out)
{
	const struct sockopt *o = option_info(id);
	fprintf(out, "%s(%d, %d, %u)", *first ? "" : ", ", o->level, o->number, value);
	*first = false;
}

// A flag that nobody could read is as the kernel's answer shows it.
static uint32_t flag(enum tri known, const struct frame_bind *b)
{
	return known == UNKNOWN ? found_err(b) == 0 : known == YES;
}

static void put_holder(const struct sock *s, const struct frame_bind *b, const struct host *h, FILE *out)
{
	const struct link *device = h ? host_link(h, s->device) : NULL;
	bool first = true, listens = is_stream(s->protocol) && s->state == TCP_AT_LISTEN;
	fprintf(out, "hold(%s, %s, %u, ", family_name(s->family),
		type_name(is_stream(s->protocol) ? SOCK_STREAM : SOCK_DGRAM), s->protocol);
	put_address(&s->addr, s->port, s->addr.family == AF_INET6 && addr6_needs_scope(&s->addr) ? s->device : 0, h,
		    out);
	fputs(", [", out);
	put_option(&first, OPT_REUSEADDR, flag(s->reuseaddr, b), out);
	put_option(&first, OPT_REUSEPORT, flag(s->reuseport, b), out);
	if (s->family == AF_INET6)
		put_option(&first, OPT_V6ONLY, flag(s->v6only, b), out);
	put_option(&first, OPT_FREEBIND, 1, out); // it had its address before, whatever has become of that
	if (device) {
		const struct sockopt *o = option_info(OPT_DEVICE);
		fprintf(out, ", (%d, %d, ", o->level, o->number);
		quote_python(device->name, out);
		fputs(")", out);
	}
	fprintf(out, "]%s", listens ? ", listen=True" : "");
	if (!s->uid_unmapped && s->uid != b->caller.uid)
		fputs(", another_user=True", out);
	fputs(")\n", out);
}

// A connection that a listener accepted holds what that holds.
static bool is_told_by_listener(const struct question *q, const struct sock *s)
{
	if (s->protocol != IPPROTO_TCP || s->state == TCP_AT_LISTEN || s->state == TCP_AT_CLOSE ||
	    s->state == TCP_AT_BOUND)
		return false;
	for (size_t i = 0; i < q->nsocks; i++)
		if (q->socks[i].state == TCP_AT_LISTEN && q->socks[i].port == s->port)
			return true;
	return false;
}

static void put_bind(const struct attempt *a, const struct host *h, FILE *out)
{
	bool plain = a->family == a->addr.family && a->sa_family == SA_FAMILY_AS_ADDRESS && a->addrlen == ADDRLEN_WHOLE;
	char text[ADDR_TEXT];
	if (plain) {
		fputs("s.bind(", out);
		put_address(&a->addr, a->port, a->scope, h, out);
		fputs(")\n", out);
		return;
	}
	struct sockaddr_storage ss;
	unsigned len = attempt_sockaddr(a, &ss);
	fprintf(out, "bind(s, struct.pack(\"=H2s%s\", %u, (%u).to_bytes(2, \"big\"), ",
		a->addr.family == AF_INET ? "4s8x" : "4x16sI", ss.ss_family, a->port);
	fprintf(out, "socket.inet_pton(%s, \"%s\")", family_name(a->addr.family), addr_print(&a->addr, text));
	if (a->addr.family == AF_INET6) {
		fputs(", ", out);
		put_index(h, a->scope, out);
	}
	fprintf(out, "), %d)\n", (int)len);
}

void export_python(const struct frame_bind *b, const struct host *h, FILE *out)
{
	const struct attempt *a = &b->attempt;
	const struct question *q = &b->question;
	const struct kind_info *kind = kind_info(a->kind);
	int protocol = a->kind == KIND_RAW && a->raw_protocol ? a->raw_protocol
		       : a->family == AF_INET6                ? kind->protocol6
							      : kind->protocol;
	for (size_t i = 0; i < q->nsocks && holders_count(b); i++)
		if (!is_told_by_listener(q, &q->socks[i]) && (a->port == 0 || q->socks[i].port == a->port))
			put_holder(&q->socks[i], b, h, out);
	if (b->caller.unprivileged) // of the bounding set alone nothing takes effect
		fprintf(out, "keep_capabilities(%s\n",
			b->caller.unprivileged == UNPRIVILEGED_AMBIENT ? "1 << 10) # CAP_NET_BIND_SERVICE" : "0)");
	fprintf(out, "s = socket.socket(%s, %s, %d)\n", family_name(a->family), type_name(kind->sock_type), protocol);
	for (unsigned i = 0; i < a->nsettings; i++)
		put_setting(&a->settings[i], h, out);
	for (unsigned i = 0; i < (a->binds > 1 ? 2 : 1); i++)
		put_bind(a, h, out);
	fputs("print(\"ok\")\n", out);
}
