// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/trial.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/evidence/stand_in.h"

_Static_assert(TRIAL_CALLS >= ATTEMPT_SETTINGS + 5, "room for socket, two binds, getsockname and close");

// The thread's capabilities as they were. libc's wrappers would change those of all threads; the system call does not.
struct saved_caps {
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
};

static int set_caps(const struct __user_cap_data_struct *data)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	return syscall(SYS_capset, &head, data) < 0 ? -errno : 0;
}

// Clears the effective set, but for what c keeps. The permitted one stays, which is what lets them come back.
static int lower_caps(const struct caller *c, struct saved_caps *saved)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	if (syscall(SYS_capget, &head, saved->data) < 0)
		return -errno;
	struct saved_caps low = *saved;
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		low.data[i].effective &= (uint32_t)(stand_in_keeps(c->unprivileged) >> 32 * i);
	return set_caps(low.data);
}

// Going on without the rights that the caller counts on would make every later answer wrong.
static void raise_caps(const struct caller *c, const struct saved_caps *saved)
{
	if (c->unprivileged && set_caps(saved->data) < 0)
		abort();
}

static int socket_protocol(const struct attempt *a)
{
	const struct kind_info *kind = kind_info(a->kind);
	if (a->kind == KIND_RAW && a->raw_protocol)
		return a->raw_protocol;
	return a->family == AF_INET6 ? kind->protocol6 : kind->protocol;
}

// Notes a call's result. The first failure is the trial's.
static bool note(struct trial *t, enum call call, unsigned setting, int ret)
{
	int err = ret < 0 ? errno : 0;
	t->calls[t->ncalls++] = (struct trial_call){.call = call, .ret = ret, .err = err, .setting = setting};
	if (err && !t->err) {
		t->call = call;
		t->err = err;
	}
	return ret >= 0;
}

static int set_option(int fd, const struct setting *s)
{
	const struct sockopt *o = option_info(s->option);
	if (o->value == VALUE_DEVICE)
		return setsockopt(fd, o->level, o->number, s->device, (socklen_t)strnlen(s->device, sizeof s->device));
	return setsockopt(fd, o->level, o->number, &s->value, sizeof s->value);
}

static int read_local(int fd, struct trial *t)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof ss;
	int ret = getsockname(fd, (struct sockaddr *)&ss, &len);
	if (ret < 0)
		return ret;
	if (ss.ss_family == AF_INET6) {
		struct sockaddr_in6 sin6;
		memcpy(&sin6, &ss, sizeof sin6);
		t->local = addr_from_in6(&sin6.sin6_addr);
		t->port = ntohs(sin6.sin6_port);
		t->scope = sin6.sin6_scope_id;
	} else if (ss.ss_family == AF_INET) {
		struct sockaddr_in sin;
		memcpy(&sin, &ss, sizeof sin);
		t->local = addr_from_in(&sin.sin_addr);
		t->port = ntohs(sin.sin_port);
	}
	return ret;
}

static void read_device(int fd, struct trial *t)
{
	int index = 0;
	socklen_t len = sizeof index;
	const struct sockopt *o = option_info(OPT_IFINDEX);
	if (getsockopt(fd, o->level, o->number, &index, &len) == 0 && len == sizeof index) {
		t->device = (uint32_t)index;
		t->device_known = true;
	}
}

static void bind_and_read(int fd, const struct attempt *a, struct trial *t, void (*around)(bool, void *), void *data)
{
	struct sockaddr_storage ss;
	socklen_t len = attempt_sockaddr(a, &ss);
	unsigned binds = a->binds > 1 ? 2 : 1;
	bool good = true;

	for (unsigned i = 0; i < binds && good; i++) {
		if (around)
			around(true, data);
		int ret = bind(fd, (const struct sockaddr *)&ss, len);
		int saved = errno;
		if (around)
			around(false, data);
		errno = saved;
		good = note(t, CALL_BIND, 0, ret);
	}
	read_device(fd, t);
	if (good)
		note(t, CALL_GETSOCKNAME, 0, read_local(fd, t));
}

// The attempt's socket with its options set, or -1.
static int open_socket(const struct attempt *a, struct trial *t)
{
	int fd = socket(a->family, kind_info(a->kind)->sock_type | SOCK_CLOEXEC, socket_protocol(a));
	if (fd >= 0 && fd <= STDERR_FILENO) { // a filter answers with success, and these were open before: not ours
		errno = ENOTSOCK;
		fd = -1;
	}
	bool good = note(t, CALL_SOCKET, 0, fd);
	for (unsigned i = 0; i < a->nsettings && good; i++)
		good = note(t, CALL_SETSOCKOPT, i, set_option(fd, &a->settings[i]));
	return fd;
}

static void run_calls(const struct attempt *a, struct trial *t, void (*around)(bool, void *), void *data)
{
	int fd = open_socket(a, t);
	if (fd < 0)
		return;
	if (!t->err)
		bind_and_read(fd, a, t, around, data);
	else
		read_device(fd, t);
	note(t, CALL_CLOSE, 0, close(fd));
}

// A stand_in_fn: the child has the identity that the bind needs.
static int run_as_it_is(const void *data, void *result)
{
	struct trial *out = result;
	*out = (struct trial){.call = CALL_BIND};
	run_calls(data, out, NULL, NULL);
	return 0;
}

// A full table of descriptors says nothing about the attempt.
static int check(int rc, const struct trial *t)
{
	if (rc == 0 && t->call == CALL_SOCKET && (t->err == EMFILE || t->err == ENFILE || t->err == ENOMEM))
		return -t->err;
	return rc;
}

int trial_run_around(const struct attempt *a, const struct caller *c, struct trial *out,
		     void (*around)(bool before, void *data), void *data)
{
	struct saved_caps saved;

	*out = (struct trial){.call = CALL_BIND};
	// Who watches watches this thread, and so made sure that the uid is its own.
	bool other = c->uid != geteuid() || c->unprivileged > UNPRIVILEGED_ON;
	if (c->unprivileged && !around && other)
		return check(stand_in_lowered(c, run_as_it_is, a, out, sizeof *out), out);
	if (c->unprivileged) {
		int err = lower_caps(c, &saved);
		if (err < 0)
			return err;
	}
	run_calls(a, out, around, data);
	raise_caps(c, &saved);
	return check(0, out);
}

int trial_run(const struct attempt *a, const struct caller *c, struct trial *out)
{
	return trial_run_around(a, c, out, NULL, NULL);
}

// The answer to a connect() that goes on: its errno, EINPROGRESS when none came in time.
static int await_answer(int fd, int wait_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int err = EINPROGRESS;
	socklen_t len = sizeof err;
	if (poll(&p, 1, wait_ms) > 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	return err;
}

static int connect_to(int fd, const struct attempt *a, int wait_ms)
{
	struct sockaddr_storage to;
	unsigned len = attempt_dest(a, &to);
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return errno;
	if (connect(fd, (const struct sockaddr *)&to, len) == 0)
		return 0;
	return errno == EINPROGRESS ? await_answer(fd, wait_ms) : errno;
}

int trial_open(const struct attempt *a, struct trial *out)
{
	*out = (struct trial){.call = CALL_BIND};
	int fd = open_socket(a, out);
	if (fd >= 0 && !out->err)
		bind_and_read(fd, a, out, NULL, NULL);
	if (fd >= 0 && out->err) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int trial_next(const struct attempt *a, enum call call, const struct caller *c, int wait_ms, struct next_seen *out)
{
	struct saved_caps saved;
	struct trial t = {0};
	int err = c->unprivileged ? lower_caps(c, &saved) : 0;
	*out = (struct next_seen){0};
	if (err < 0)
		return err;
	int fd = trial_open(a, &t);
	if (fd >= 0) {
		out->present = true;
		out->err = call == CALL_CONNECT ? connect_to(fd, a, wait_ms) : listen(fd, 1) < 0 ? errno : 0;
		if (read_local(fd, &t) == 0) {
			out->local = t.local;
			out->port = t.port;
		}
		close(fd);
	}
	raise_caps(c, &saved);
	return 0;
}

int trial_route(const struct attempt *a, const struct caller *c, struct route_answer *out)
{
	struct saved_caps saved;
	struct trial t = {0};
	struct attempt probe = *a;
	int on = 1, err = c->unprivileged ? lower_caps(c, &saved) : 0;
	*out = (struct route_answer){0};
	if (err < 0)
		return err;
	probe.kind = KIND_UDP;
	probe.port = 0;
	attempt_unset(&probe, OPT_NOPORT);
	attempt_unset(&probe, OPT_PORTRANGE);
	int fd = trial_open(&probe, &t);
	if (fd >= 0) {
		out->present = true;
		out->err = connect_to(fd, &probe, 0);
		if (out->err == EACCES && setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) == 0) {
			out->err = connect_to(fd, &probe, 0);
			out->broadcast = out->err == 0;
		}
		if (out->err == 0 && read_local(fd, &t) == 0)
			out->local = t.local;
		close(fd);
	}
	raise_caps(c, &saved);
	return 0;
}

int trial_run_as(const struct attempt *a, pid_t pid, struct trial *out, unsigned *missing)
{
	unsigned needed = DIFFERS(USER_NS) | DIFFERS(UID) | DIFFERS(CAPABILITIES);
	if (a->kind == KIND_PING)
		needed |= DIFFERS(GROUPS);
	*out = (struct trial){.call = CALL_BIND};
	return check(stand_in_process(pid, needed, run_as_it_is, a, out, sizeof *out, missing), out);
}

// A text that grows in the caller's buffer and is cut at its end.
struct text {
	char *buf;
	size_t len, used;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int n = t->used < t->len ? vsnprintf(t->buf + t->used, t->len - t->used, fmt, args) : 0;
	va_end(args);
	if (n > 0)
		t->used += (size_t)n;
}

static const char *type_name(int type)
{
	return type == SOCK_STREAM ? "SOCK_STREAM" : type == SOCK_DGRAM ? "SOCK_DGRAM" : "SOCK_RAW";
}

// "IPPROTO_TCP", or a number: the protocol of raw trials has no name.
static void put_protocol(struct text *t, int protocol)
{
	bool six = protocol == IPPROTO_ICMPV6;
	const char *name = protocol == IPPROTO_RAW ? "raw" : protocol_name(six ? IPPROTO_ICMP : protocol);
	if (!name || protocol == kind_info(KIND_RAW)->protocol) {
		put(t, "%d", protocol);
		return;
	}
	put(t, "IPPROTO_");
	for (; *name; name++)
		put(t, "%c", toupper((unsigned char)*name));
	put(t, six ? "V6" : "");
}

static void put_setsockopt(struct text *t, int fd, const struct setting *s)
{
	const struct sockopt *o = option_info(s->option);
	const char *level = o->level == SOL_SOCKET ? "SOL_SOCKET" : o->level == IPPROTO_IPV6 ? "SOL_IPV6" : "SOL_IP";

	put(t, "setsockopt(%d, %s, %s, ", fd, level, o->symbol);
	if (o->value == VALUE_DEVICE)
		put(t, "\"%s\", %zu)", s->device, strnlen(s->device, sizeof s->device));
	else if (o->value == VALUE_RANGE)
		put(t, "[%u << 16 | %u], %zu)", s->value >> 16, s->value & 0xffff, sizeof s->value);
	else
		put(t, "[%u], %zu)", s->value, sizeof s->value);
}

static void put_sockaddr(struct text *t, int sa_family, int family, const struct addr *a, uint16_t port, uint32_t scope)
{
	char addr[ADDR_TEXT];
	const char *name = sa_family_symbol(sa_family);

	if (name)
		put(t, "{sa_family=%s, ", name);
	else
		put(t, "{sa_family=%d, ", sa_family);
	if (family == AF_INET) {
		struct addr v4 = {.family = AF_INET};
		memcpy(v4.bytes, a->bytes, 4);
		put(t, "sin_port=htons(%u), sin_addr=inet_addr(\"%s\")}", port, addr_print(&v4, addr));
	} else {
		put(t, "sin6_port=htons(%u), inet_pton(AF_INET6, \"%s\", &sin6_addr), sin6_scope_id=%u}", port,
		    addr_print(a, addr), scope);
	}
}

char *trial_call_print(const struct attempt *a, const struct trial *t, unsigned call, char *buf, size_t len)
{
	struct text out = {.buf = buf, .len = len};
	struct sockaddr_storage ss;

	if (len)
		buf[0] = '\0';
	if (call >= t->ncalls)
		return buf;
	const struct trial_call *c = &t->calls[call];
	int fd = t->calls[0].ret;
	switch (c->call) {
	case CALL_SOCKET:
		put(&out, "socket(%s, %s|SOCK_CLOEXEC, ", a->family == AF_INET6 ? "AF_INET6" : "AF_INET",
		    type_name(kind_info(a->kind)->sock_type));
		put_protocol(&out, socket_protocol(a));
		put(&out, ")");
		break;
	case CALL_SETSOCKOPT:
		put_setsockopt(&out, fd, &a->settings[c->setting]);
		break;
	case CALL_BIND:
		put(&out, "bind(%d, ", fd);
		unsigned length = attempt_sockaddr(a, &ss);
		put_sockaddr(&out, ss.ss_family, a->addr.family, &a->addr, a->port, a->scope);
		put(&out, ", %u)", length);
		break;
	case CALL_GETSOCKNAME:
		put(&out, "getsockname(%d, ", fd);
		if (c->err)
			put(&out, "…)");
		else {
			put_sockaddr(&out, t->local.family, t->local.family, &t->local, t->port, t->scope);
			size_t size =
				t->local.family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
			put(&out, ", [%zu])", size);
		}
		break;
	default:
		put(&out, "close(%d)", fd);
		break;
	}
	if (c->err)
		put(&out, " = -1 %s (%s)", errno_name(c->err), strerror(c->err));
	else
		put(&out, " = %d", c->ret);
	return buf;
}
