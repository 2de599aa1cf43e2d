// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets that hold ports: bound, listening, connected, closing; of several kinds, users and devices.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/evidence/evidence.h"
#include "core/observe/caller_read.h"
#include "tests/oracle/state.h"

static const uid_t other_users[] = {1000, 1000, 2000, 3000};

static struct addr random_place(struct chance *c, bool six)
{
	struct addr v4 = chance_percent(c, 50)   ? addr_from_v4(0)
			 : chance_percent(c, 50) ? addr_from_v4(0x7f000001)
						 : random_v4(c);
	if (!six)
		return v4;
	if (chance_percent(c, 25))
		return mapped_v4(&v4);
	return chance_percent(c, 50) ? (struct addr){.family = AF_INET6} : random_v6(c);
}

static enum kind random_kind(const struct state *s, struct chance *c)
{
	static const enum kind kinds[] = {KIND_TCP, KIND_TCP, KIND_TCP, KIND_TCP,  KIND_UDP,
					  KIND_UDP, KIND_UDP, KIND_UDP, KIND_PING, KIND_UDPLITE};
	return s->sctp && chance_percent(c, 20) ? KIND_SCTP : chance_percent(c, 4) ? KIND_MPTCP : CHANCE_OF(c, kinds);
}

static bool alone;

void state_alone(void)
{
	int status;
	if (unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		return;
	fflush(NULL);
	pid_t child = fork();
	if (child > 0) {
		waitpid(child, &status, 0);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1); // no sanitizer could start a thread any more
	}
	alone = child == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0)
		mount("proc", "/proc", "proc", 0, NULL);
}

// A socket's owner is who makes it.
static int make_socket(const struct attempt *a, uid_t owner)
{
	const struct kind_info *kind = kind_info(a->kind);
	int protocol = a->family == AF_INET6 ? kind->protocol6 : kind->protocol;
	uid_t user = owner ? (uid_t)setfsuid(owner) : 0;
	int fd = socket(a->family, kind->sock_type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (owner)
		setfsuid(user);
	if (owner && alone)
		prctl(PR_SET_PDEATHSIG, SIGKILL); // which setfsuid() takes away
	return fd;
}

static void set(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof value);
}

static int call(int (*fn)(int, const struct sockaddr *, socklen_t), int fd, const struct attempt *a)
{
	struct sockaddr_storage sa;
	return fn(fd, (struct sockaddr *)&sa, attempt_sockaddr(a, &sa));
}

// Keeps a socket, if there is one and room for it.
static void hold(struct state *s, int fd, const struct attempt *a)
{
	if (fd >= 0 && s->nholders == STATE_HOLDERS) {
		close(fd);
	} else if (fd >= 0) {
		s->held[s->nholders] = *a;
		s->holders[s->nholders++] = fd;
	}
}

void random_holder(struct state *s, struct chance *c)
{
	bool six = chance_percent(c, 50);
	struct addr addr = random_place(c, six);
	struct attempt a = attempt_new(&addr);
	char text[ATTEMPT_TEXT];
	a.kind = random_kind(s, c);
	a.port = random_port(c);
	a.port = a.port ? a.port : (uint16_t)(50000 + chance_below(c, 4));
	a.scope = six && addr6_needs_scope(&addr) ? if_nametoindex(CHANCE_OF(c, state_devices)) : 0;
	uid_t owner = chance_percent(c, 20) ? CHANCE_OF(c, other_users) : 0;
	bool reuse = chance_percent(c, 40), port = chance_percent(c, 30), only = six && chance_percent(c, 30),
	     bound = chance_percent(c, 20), turns = chance_percent(c, 15),
	     listens = kind_info(a.kind)->sock_type == SOCK_STREAM && chance_percent(c, 50);
	const char *dev = CHANCE_OF(c, state_devices);
	int fd = make_socket(&a, owner);
	if (fd < 0)
		return;
	set(fd, SOL_IP, IP_FREEBIND, 1);
	set(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	set(fd, SOL_SOCKET, SO_REUSEPORT, port);
	if (only)
		set(fd, SOL_IPV6, IPV6_V6ONLY, 1);
	if (bound)
		setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, (socklen_t)strlen(dev));
	bool ok = call(bind, fd, &a) == 0 && (!listens || listen(fd, 1) == 0);
	state_note(s, "holder %s of uid %u%s%s%s%s%s%s%s: %s\n", attempt_print(&a, text), owner,
		   reuse ? " reuseaddr" : "", port ? " reuseport" : "", only ? " v6only" : "", bound ? " device " : "",
		   bound ? dev : "", listens ? " listens" : "", turns ? ", then the other way round" : "",
		   ok ? "ok" : "refused");
	if (turns) { // for those that come later
		set(fd, SOL_SOCKET, SO_REUSEADDR, !reuse);
		set(fd, SOL_SOCKET, SO_REUSEPORT, !port);
	}
	if (ok)
		hold(s, fd, &a);
	else
		close(fd);
}

// What a socket got by connecting or by being chosen a port, as another attempt may want it.
static void learn_local(int fd, struct attempt *a)
{
	struct sockaddr_in6 six = {0};
	struct sockaddr_in four;
	socklen_t len = sizeof six;
	if (getsockname(fd, (struct sockaddr *)&six, &len) < 0)
		return;
	memcpy(&four, &six, sizeof four);
	a->port = ntohs(six.sin6_port);
	if (a->family == AF_INET6)
		memcpy(a->addr.bytes, &six.sin6_addr, sizeof six.sin6_addr);
	else
		a->addr = addr_from_v4(ntohl(four.sin_addr.s_addr));
}

// A TCP connection within the namespace, for which an interface with the address must be up: both ends stay, or either
// one is closed, or one after the other; the listener stays or goes. An IPv6 end is dual-stack unless it was bound to
// its address.
void random_connection(struct state *s, struct chance *c)
{
	static const char *const places[][2] = {{"127.0.0.1", "127.0.0.1"},
						{"::1", "::1"},
						{"::", "::1"},
						{"::ffff:127.0.0.1", "::ffff:127.0.0.1"},
						{"::", "::ffff:127.0.0.1"}};
	static const int closed[][2] = {{-1, -1}, {0, -1}, {1, -1}, {0, 1}, {1, 0}};
	const int *order = closed[chance_below(c, sizeof closed / sizeof *closed)];
	const char *const *place = places[chance_below(c, sizeof places / sizeof *places)];
	struct addr here, there;
	addr_parse(place[0], &here);
	addr_parse(place[1], &there);
	struct addr any = {.family = there.family};
	struct attempt server = attempt_new(&here), to = attempt_new(&there),
		       client = attempt_new(chance_percent(c, 50) ? &any : &there);
	server.port = to.port = (uint16_t)(7001 + chance_below(c, 3));
	client.port = chance_percent(c, 50) ? (uint16_t)(50000 + chance_below(c, 4)) : 0;
	bool reuse = chance_percent(c, 50), share = chance_percent(c, 30), stays = chance_percent(c, 60);
	int listening = make_socket(&server, 0), ends[2] = {make_socket(&client, 0), -1};
	for (int i = 0; i < 2; i++) {
		set(i ? ends[0] : listening, SOL_SOCKET, SO_REUSEADDR, reuse);
		set(i ? ends[0] : listening, SOL_SOCKET, SO_REUSEPORT, share);
	}
	bool ok = call(bind, listening, &server) == 0 && listen(listening, 1) == 0 &&
		  (!client.port || call(bind, ends[0], &client) == 0);
	// Over lo it is there before connect() returns.
	if (ok && call(connect, ends[0], &to) < 0)
		ends[1] = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	state_note(s, "connection from :%u to [%s]:%u at [%s]%s%s, %s, closes %d %d: %s\n", client.port, place[1],
		   server.port, place[0], reuse ? " reuseaddr" : "", share ? " reuseport" : "",
		   stays ? "still listens" : "no longer listens", order[0], order[1], ends[1] >= 0 ? "ok" : "refused");
	if (ends[1] < 0) {
		close(ends[0]);
		close(listening);
		return;
	}
	learn_local(ends[0], &client);
	learn_local(ends[1], &to);
	for (int i = 0; i < 2; i++) {
		if (order[i] >= 0) {
			close(ends[order[i]]);
			ends[order[i]] = -1;
		}
	}
	if (stays)
		hold(s, listening, &server);
	else
		close(listening);
	hold(s, ends[0], &client);
	hold(s, ends[1], &to);
}

// A UDP socket that is connected, bound before or not: so one at a wildcard comes to an address.
void random_peer(struct state *s, struct chance *c)
{
	bool six = chance_percent(c, 70);
	struct addr addr = random_place(c, six), far = random_place(c, six);
	struct attempt a = attempt_new(&addr), to = attempt_new(&far);
	char text[ATTEMPT_TEXT], text2[ATTEMPT_TEXT];
	a.kind = to.kind = chance_percent(c, 80) ? KIND_UDP : KIND_UDPLITE;
	a.port = random_port(c);
	a.port = a.port ? a.port : (uint16_t)(50000 + chance_below(c, 4));
	to.port = 9;
	a.scope = to.scope = six ? if_nametoindex(CHANCE_OF(c, state_devices)) : 0;
	bool binds = chance_percent(c, 80), reuse = chance_percent(c, 40), port = chance_percent(c, 30),
	     parts = chance_percent(c, 20);
	int fd = make_socket(&a, chance_percent(c, 20) ? CHANCE_OF(c, other_users) : 0);
	if (fd < 0)
		return;
	set(fd, SOL_IP, IP_FREEBIND, 1);
	set(fd, SOL_SOCKET, SO_BROADCAST, 1);
	set(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
	set(fd, SOL_SOCKET, SO_REUSEPORT, port);
	bool ok = !binds || call(bind, fd, &a) == 0;
	bool connected = ok && call(connect, fd, &to) == 0;
	if (connected && parts)
		connect(fd, &(struct sockaddr){.sa_family = AF_UNSPEC}, sizeof(struct sockaddr));
	state_note(s, "%s %s connects to %s%s%s: %s, %s%s\n", binds ? "bound" : "unbound", attempt_print(&a, text),
		   attempt_print(&to, text2), reuse ? " reuseaddr" : "", port ? " reuseport" : "",
		   ok ? "ok" : "refused", connected ? "ok" : "refused", connected && parts ? ", and parts" : "");
	if (ok)
		learn_local(fd, &a);
	if (ok && a.port)
		hold(s, fd, &a);
	else
		close(fd);
}

// So many UDP sockets in one slot of the kernel's first hash, each at an address of its own, that it takes to its
// second one: on one port, or on others whose numbers come to the same slot.
void random_crowd(struct state *s, struct chance *c)
{
	static const uint16_t same_slot[] = {7003 + 16384, 7003 + 2 * 16384, 7003 + 3 * 16384};
	unsigned n = 8 + chance_below(c, 8), families = chance_below(c, 4), made = 0;
	bool reuse = chance_percent(c, 20), port = chance_percent(c, 20), others = chance_percent(c, 50);
	for (unsigned i = 0; i < n; i++) {
		struct addr v4 = addr_from_v4(0x7f000100 + i),
			    v6 = {.family = AF_INET6, .bytes = {0x20, 1, [15] = (uint8_t)i}};
		struct addr mapped = mapped_v4(&v4), *addrs[] = {&v4, &v6, i % 2 ? &v4 : &v6, &mapped};
		struct attempt a = attempt_new(addrs[families]);
		a.kind = KIND_UDP;
		a.port = others ? CHANCE_OF(c, same_slot) : 7003;
		int fd = make_socket(&a, 0);
		set(fd, SOL_IP, IP_FREEBIND, 1);
		set(fd, SOL_SOCKET, SO_REUSEADDR, reuse);
		set(fd, SOL_SOCKET, SO_REUSEPORT, port);
		if (call(bind, fd, &a) == 0) {
			hold(s, fd, &a);
			made++;
		} else {
			close(fd);
		}
	}
	state_note(s, "a crowd of %u on udp %s 7003, families %u%s%s\n", made,
		   others ? "ports of the same slot as" : "port", families, reuse ? " reuseaddr" : "",
		   port ? " reuseport" : "");
}

static int option_of(int fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof value;
	return getsockopt(fd, level, name, &value, &len) < 0 ? 0 : value;
}

static int protocol_of(const struct attempt *held)
{
	return kind_port_protocol(held->kind);
}

// bind() at an IPv6 address of its own makes a socket IPv6 only (__inet6_bind(), net/ipv6/af_inet6.c). Of MPTCP that is
// the TCP socket, which holds the port; the one that we ask does not tell of it.
static enum tri is_v6only(int fd, const struct attempt *held)
{
	bool own = held->kind == KIND_MPTCP && !addr_is_any(&held->addr) && !addr_is_mapped(&held->addr);
	return held->family == AF_INET6 && (own || option_of(fd, SOL_IPV6, IPV6_V6ONLY)) ? YES : NO;
}

static void tell_holder(int fd, const struct attempt *held, struct question *q)
{
	enum { STATE_BOUND_INACTIVE = 13 };
	struct sock k = {
		.family = held->family,
		.protocol = (uint8_t)protocol_of(held),
		.state = STATE_BOUND_INACTIVE,
		.v6only = is_v6only(fd, held),
		.reuseaddr = option_of(fd, SOL_SOCKET, SO_REUSEADDR) ? YES : NO,
		.reuseport = option_of(fd, SOL_SOCKET, SO_REUSEPORT) ? YES : NO,
		.addr = held->addr,
		.port = held->port,
		.device = (uint32_t)option_of(fd, SOL_SOCKET, option_info(OPT_IFINDEX)->number),
	};
	struct stat st;
	k.uid = fstat(fd, &st) == 0 ? st.st_uid : geteuid();
	question_add_sock(q, &k);
}

static bool is_connected(int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	return getpeername(fd, (struct sockaddr *)&sa, &len) == 0;
}

void state_tell_bound(const struct state *s, struct question *q)
{
	if (q->socks_known != YES || q->socks_bound == YES)
		return;
	for (unsigned i = 0; i < s->nholders; i++)
		if (protocol_of(&s->held[i]) == q->socks_protocol &&
		    (!q->socks_port || q->socks_port == s->held[i].port) &&
		    !option_of(s->holders[i], SOL_SOCKET, SO_ACCEPTCONN) && !is_connected(s->holders[i]))
			tell_holder(s->holders[i], &s->held[i], q);
	q->socks_bound = YES;
}

void state_drop(struct state *s)
{
	while (s->nholders)
		close(s->holders[--s->nholders]);
}

void state_look(const struct state *s, struct inquiry *now, const struct attempt *a, bool unprivileged)
{
	caller_read(0, now->host, &now->caller);
	if (unprivileged)
		now->caller = caller_unprivileged(&now->caller);
	question_free(&now->question);
	evidence_holders(now, a, true);
	state_tell_bound(s, &now->question);
}
