// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, prefixes, endpoints, settings, releases from text: what is taken prints as something that is taken, and is
// the same.
#include <string.h>
#include <sys/socket.h>

#include "core/model/attempt.h"
#include "core/model/kernel.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 400 };

static void check_addr(const char *text)
{
	struct addr a, b;
	char printed[ADDR_TEXT];
	if (addr_parse(text, &a) < 0)
		return;
	FUZZ_REQUIRE(addr_parse(addr_print(&a, printed), &b) == 0);
	FUZZ_REQUIRE(addr_equal(&a, &b));
	FUZZ_REQUIRE(addr_compare(&a, &b) == 0);
}

static void check_prefix(const char *text)
{
	struct prefix p, q;
	char printed[PREFIX_TEXT];
	if (prefix_parse(text, &p) < 0)
		return;
	FUZZ_REQUIRE(p.len <= (p.addr.family == AF_INET6 ? 128 : 32));
	FUZZ_REQUIRE(prefix_covers(&p, &p.addr));
	FUZZ_REQUIRE(prefix_parse(prefix_print(&p, printed), &q) == 0);
	FUZZ_REQUIRE(p.len == q.len && addr_equal(&p.addr, &q.addr));
}

static void check_setting(const char *text)
{
	struct setting s, t;
	char err[512], printed[48];
	if (setting_parse(text, &s, err, sizeof err) < 0) {
		FUZZ_REQUIRE(err[0]);
		return;
	}
	FUZZ_REQUIRE(setting_parse(setting_print(&s, printed), &t, err, sizeof err) == 0);
	FUZZ_REQUIRE(s.option == t.option && s.value == t.value && strcmp(s.device, t.device) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[MOST + 1], err[512] = "", printed[ATTEMPT_TEXT];
	struct endpoint ep;
	struct kernel k;
	unsigned long n;
	if (size > MOST)
		size = MOST;
	memcpy(text, data, size);
	text[size] = '\0';
	check_addr(text);
	check_prefix(text);
	check_setting(text);
	if (endpoint_parse(text, &ep, err, sizeof err) == 0) {
		struct attempt a = attempt_new(&ep.addr);
		struct sockaddr_storage sa;
		memcpy(a.scope_name, ep.scope, sizeof a.scope_name);
		attempt_print(&a, printed);
		FUZZ_REQUIRE(attempt_sockaddr(&a, &sa) <= sizeof sa);
	} else {
		FUZZ_REQUIRE(err[0] && memchr(err, '\0', sizeof err));
	}
	if (number_parse(text, 65535, &n) == 0)
		FUZZ_REQUIRE(n <= 65535);
	kernel_parse(text, &k);
	return 0;
}

static const char *const seeds[] = {"192.0.2.1:80", "[fe80::1%eth0]:53", "::ffff:192.0.2.1",
				    "10.0.0.0/8",   "2001:db8::/32",     "portrange=50000-50010",
				    "device=eth0",  "freebind=1",        "6.18.44-generic+deb1",
				    "fe80::1%12",   "0.0.0.0",           "65535"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {":",   "::",   ".",   "/", "%", "[",    "]",   "0",
					    "255", "ffff", "256", "=", "-", "eth0", "mark"};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
