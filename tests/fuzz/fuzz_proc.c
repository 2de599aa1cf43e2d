// SPDX-License-Identifier: GPL-3.0-or-later
// Files of /proc with any content: the first byte says which one.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/observe/proc.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1500 };

enum which { PORTS, FIELD, ICMP, ICMP6, TRIESTAT, TRIE, PROTOCOLS, RANGE, FILES };

static const char *const names[FILES] = {
	[PORTS] = NULL,
	[FIELD] = NULL,
	[ICMP] = "/proc/thread-self/net/icmp",
	[ICMP6] = "/proc/thread-self/net/icmp6",
	[TRIESTAT] = "/proc/thread-self/net/fib_triestat",
	[TRIE] = "/proc/thread-self/net/fib_trie",
	[PROTOCOLS] = "/proc/thread-self/net/protocols",
	[RANGE] = "/proc/sys/net/ipv4/ip_local_port_range",
};

static const char *root;
static int files[FILES];

static void make_file(enum which which)
{
	char path[256];
	snprintf(path, sizeof path, "%s%s", root, names[which]);
	for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdir(path, 0700);
	}
	files[which] = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	FUZZ_REQUIRE(files[which] >= 0);
}

static void make_root(void)
{
	root = fuzz_folder();
	for (int i = 0; i < FILES; i++)
		if (names[i])
			make_file((enum which)i);
}

static void check_ports(const char *text)
{
	uint8_t map[8192];
	unsigned n = 0;
	int err = proc_ports(text, map);
	for (size_t i = 0; i < sizeof map; i++)
		n += map[i] != 0;
	FUZZ_REQUIRE(!err || n == 0);
	FUZZ_REQUIRE(err || !n == !strcspn(text, "\n"));
}

static void check_socks(uint16_t ident)
{
	struct question q = {0};
	if (proc_pings(root, ident, &q) == 0)
		for (size_t i = 0; i < q.nsocks; i++) {
			const struct sock *s = &q.socks[i];
			FUZZ_REQUIRE(s->addr.family == s->family && (!ident || s->port == ident));
			for (size_t j = 0; j < i; j++)
				FUZZ_REQUIRE(q.socks[j].inode != s->inode);
		}
	question_free(&q);
}

static bool has(const char *text, size_t size, const char *word)
{
	return memmem(text, size, word, strlen(word)) != NULL;
}

static void check_file(enum which which, const char *text, size_t size)
{
	enum tri a = UNKNOWN, b = UNKNOWN, kinds[KIND_COUNT];
	unsigned unicast;
	unsigned long value;
	static struct host *h;
	switch (which) {
	case PORTS:
		check_ports(text);
		break;
	case FIELD:
		if (proc_field(text, "Seccomp", 10, &value) == 0)
			FUZZ_REQUIRE(strstr(text, "Seccomp:"));
		break;
	case ICMP:
	case ICMP6:
		check_socks(0);
		check_socks(80);
		break;
	case TRIESTAT:
		FUZZ_REQUIRE(proc_tables(root, &a, &b) == 0 && a != UNKNOWN && b != UNKNOWN);
		FUZZ_REQUIRE(a == NO || has(text, size, "Local:\n"));
		break;
	case TRIE: {
		int n = proc_trie_sample(root, 20, &unicast);
		FUZZ_REQUIRE(n >= 0 && n <= 20 && unicast <= (unsigned)n);
		break;
	}
	case PROTOCOLS:
		proc_protocols(root, kinds, &a);
		break;
	default:
		if (!h)
			h = host_new();
		FUZZ_REQUIRE(h);
		proc_sysctls(root, h);
		FUZZ_REQUIRE(!proc_sysctls(root, h)); // the same file again: no change
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[MOST + 1];
	if (!size)
		return 0;
	if (!root)
		make_root();
	enum which which = (enum which)(data[0] % FILES);
	size = size - 1 > MOST ? MOST : size - 1;
	memcpy(text, data + 1, size);
	text[size] = '\0';
	if (names[which])
		FUZZ_REQUIRE(ftruncate(files[which], 0) == 0 && pwrite(files[which], text, size, 0) == (ssize_t)size);
	check_file(which, text, size);
	return 0;
}

static const char *const seeds[] = {
	"00-7,80,8080-8090\n",
	"1Name:\tx\nSeccomp:\t2\nNoNewPrivs:\t1\n",
	"2  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"
	"   80: 0100007F:0050 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 4711 2 0000000000000000 0\n",
	"3  sl  local_address\n   80: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 07 "
	"00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 0\n",
	"4Basic info: size of leaf: 48 bytes, size of tnode: 40 bytes.\nMain:\n\tAver depth: 2.5\nLocal:\n\tAver depth: 1\n",
	"5Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 192.0.2.0\n        /24 link UNICAST\n     |-- 192.0.2.2\n        /32 host LOCAL\n",
	"6protocol  size sockets  memory press maxhdr\nMPTCPv6   2000 0 0 no 0\nTCPv6 2400 1 1 no\nMPTCP 1 1\nSCTP 1 1\n",
	"732768\t60999\n"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"0",
					    "1",
					    "2",
					    "3",
					    "4",
					    "5",
					    "6",
					    "7",
					    "\n",
					    ":",
					    "-",
					    ",",
					    "65535",
					    "65536",
					    "18446744073709551616",
					    "0100007F:0050 ",
					    "Main:\n",
					    "Local:\n",
					    "/32 host LOCAL\n",
					    "Seccomp:",
					    "\nSCTP ",
					    "FFFFFFFF"};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
