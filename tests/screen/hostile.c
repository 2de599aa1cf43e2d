// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/hostile.h"

// clang-format off
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text/visible.h"
#include "core/text/width.h"

const char hostile_text[] = "\001\033[5m\033]0;title\a\b\t\v\x7f" // C0 and DEL
			    "\x9b"
			    "5m\x9d"
			    "0;t\x9c" // C1, raw
			    "\xc2\x9b"
			    "5m\xc2\x85\xc2\x90"                                            // and as UTF-8
			    "\xff\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xe2\x86"              // not UTF-8
			    "\xd8\x9c\xe2\x80\x8e\xe2\x80\xae\xe2\x81\xa6"                  // bidi
			    "\xe2\x80\x8b\xef\xbb\xbf\xe2\x80\xa8\xf3\xa0\x81\x81\xc2\xad"; // hidden

const char *const hostile_names[HOSTILE_NAMES] = {
	"a\033[5mb\a\x7f",
	"b\033]0;t\a",
	("c\x9b"
	 "5m\x9d"
	 "0;t"),
	("d\xc2\x9b"
	 "5m\xc2\x90"),
	"e\xff\xc0\xaf\xed\xbf\x80",
	"f\xe2\x80\xae\xe2\x81\xa6\xd8\x9c",
	"g\xc2\xad\xef\xbb\xbf\xe2\x80\x8b",
	"h\xe2\x80\xa8\001\b",
};

static void ip(const char *const *words)
{
	const char *argv[16] = {"ip"};
	int status;
	for (size_t i = 0; words[i]; i++)
		argv[i + 1] = words[i];
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execvp("ip", (char *const *)(const void *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status)
		fail_msg("ip %s %s %s ends with %d", words[0], words[1], words[2], status);
}

#define IP(...) ip((const char *const[]){__VA_ARGS__, NULL})

static void hold_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(7777), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int ready[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	pid_t parent = getpid(), pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "p\033[5m\x9b"
				   "5m\xff\nq");
		if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0 || listen(fd, 1) < 0 ||
		    getppid() != parent || write(ready[1], "", 1) < 0)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

void hostile_furnish(void)
{
	static const char name[] = "host\033[5m\x9b"
				   "5m\xe2\x80\xae";
	for (unsigned i = 0; i < HOSTILE_NAMES; i++) {
		char peer[16], four[32], six[48], local[32], other[64];
		snprintf(peer, sizeof peer, "peer%u", i);
		snprintf(four, sizeof four, "10.66.%u.1/24", i);
		snprintf(six, sizeof six, "fe80::66:%u/64", i);
		snprintf(local, sizeof local, "10.67.%u.0/24", i);
		snprintf(other, sizeof other, "other%s", hostile_names[i]);
		IP("link", "add", hostile_names[i], "type", "veth", "peer", "name", peer);
		IP("link", "set", hostile_names[i], "up", "alias", hostile_names[i]);
		IP("link", "property", "add", "dev", hostile_names[i], "altname", other);
		IP("addr", "add", four, "dev", hostile_names[i]);
		IP("addr", "add", six, "dev", hostile_names[i], "nodad");
		IP("route", "add", "local", local, "dev", hostile_names[i]);
		IP("rule", "add", "oif", hostile_names[i], "lookup", "main");
	}
	assert_int_equal(unshare(CLONE_NEWUTS), 0);
	assert_int_equal(sethostname(name, sizeof name - 1), 0);
	hold_port();
}

// The character at bytes, when it may not be shown: what it is.
static const char *judge(const char *bytes, size_t len, size_t *n)
{
	static char what[32];
	uint32_t c;
	*n = width_decode(bytes, len, &c);
	bool broken = *n == 1 && (unsigned char)*bytes >= 0x80;
	if (!broken && visible_char(c))
		return NULL;
	snprintf(what, sizeof what, broken ? "byte %02x" : "U+%04x", broken ? (unsigned char)*bytes : (unsigned)c);
	return what;
}

const char *hostile_in_text(const char *bytes, size_t len, bool ascii)
{
	for (size_t at = 0, n; at < len; at += n) {
		const char *what = judge(bytes + at, len - at, &n);
		if (what && bytes[at] != '\n' && bytes[at] != '\t')
			return what;
		if (ascii && n > 1)
			return "not ASCII";
	}
	return NULL;
}

// What ESC begins, 0 for what curses does not send. A cut one is whole.
static size_t sequence(const char *p, size_t len)
{
	size_t n = 2;
	if (len < 2)
		return len;
	if (p[1] != '[')
		return strchr("()", p[1]) ? 3 : strchr("78=>MHc", p[1]) ? 2 : 0;
	while (n < len && (unsigned char)p[n] >= 0x20 && (unsigned char)p[n] < 0x40)
		n++;
	bool blinks = n == 3 && p[2] == '5' && n < len && p[n] == 'm';
	return blinks || (n < len && !strchr("mHJKdGCABDXbP@LMrhlSTncfIZt", p[n])) ? 0 : n + 1;
}

const char *hostile_in_terminal(const char *bytes, size_t len, bool ascii)
{
	static char what[64];
	for (size_t at = 0, n; at < len; at += n) {
		if (bytes[at] == '\033') {
			n = sequence(bytes + at, len - at);
			if (n)
				continue;
			snprintf(what, sizeof what, "ESC %.*s", (int)(len - at - 1 < 10 ? len - at - 1 : 10),
				 bytes + at + 1);
			return what;
		}
		if (bytes[at] && strchr("\r\n\b\t", bytes[at])) {
			n = 1;
			continue;
		}
		const char *bad = judge(bytes + at, len - at, &n);
		bool cut = len - at < 4 && n == 1; // the rest comes
		if (bad && !cut)
			return bad;
		if (ascii && n > 1)
			return "not ASCII";
	}
	return NULL;
}
