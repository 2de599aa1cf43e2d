// SPDX-License-Identifier: GPL-3.0-or-later
// Walks as text: the lines of whole reports, marks, evidence, details, and what stands in for characters beyond ASCII.
// Prose is not compared: a line is a pattern, with * in the place of a sentence.
#include <fnmatch.h>

#include "core/model/decide_range.h"
#include "core/model/walk_conclude.h"
#include "core/text/report.h"
#include "core/text/report_holder.h"
#include "tests/unit/made_walk.h"

#define NET "lo; link v0; addr 192.0.2.1/24 dev v0; addr fe80::1/64 dev v0;"

static char *text_of(const struct host *h, const struct walk *w, struct report_style style)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	assert_int_equal(report_text(made_facts(h), w, style, out), 0);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

// Where a sentence went on below, it is one line again, and a step has one line: how they are wrapped depends on
// their words. Remedies are lines.
static void unwrap(char *text)
{
	for (char *at = text; (at = strchr(at, '\n')) && strncmp(at + 1, "remedy", 6) != 0;) {
		size_t n = strspn(++at, " ");
		size_t cut = n == 18 && strncmp(at + n, "kernel:", 7) != 0 ? strcspn(at, "\n") + 1 : 0;
		if (n == 7 || n == 20) {
			at[-1] = ' ';
			cut = n;
		}
		memmove(at, at + cut, strlen(at + cut) + 1);
		at -= cut > 0;
	}
}

static void expect_style(const struct host *h, const struct walk *w, struct report_style style,
			 const char *const *lines)
{
	char *text = text_of(h, w, style), *rest = text;
	unwrap(text);
	for (; *lines; lines++) {
		const char *line = strsep(&rest, "\n");
		if (!line || fnmatch(*lines, line, 0) != 0)
			fail_msg("\n  is     '%s'\n  wanted '%s'", line ? line : "", *lines);
	}
	if (rest && *rest)
		fail_msg("more: '%s'", rest);
	free(text);
}

static bool has_line(const char *text, const char *pattern)
{
	char around[128];
	snprintf(around, sizeof around, "*\n%s\n*", pattern);
	return fnmatch(around, text, 0) == 0;
}

static void expect(const struct host *h, const struct walk *w, const char *const *lines)
{
	expect_style(h, w, (struct report_style){0}, lines);
}

// Whose another namespace is comes below the head, and what may be done there.
static void test_owner(void **state)
{
	(void)state;
	struct row row;
	struct host *h = made_host(NET);
	made_caller = (struct caller){0};
	report_owner(&made_caller, &row);
	assert_int_equal(row.used, 0);
	strcpy(made_caller.owner, "user namespace 4026532259 of uid 1000");
	report_owner(&made_caller, &row);
	assert_string_equal(row.text, "owned by user namespace 4026532259 of uid 1000; held there: no CAP_NET_*");
	made_caller.net_admin = made_caller.net_bind_service = true;
	report_owner(&made_caller, &row);
	assert_string_equal(row.text, "owned by user namespace 4026532259 of uid 1000; held there: CAP_NET_ADMIN, "
				      "CAP_NET_BIND_SERVICE");
	made_caller.net_raw = true;
	report_owner(&made_caller, &row);
	assert_string_equal(row.text, "owned by user namespace 4026532259 of uid 1000; held there: every CAP_NET_*");
	host_free(h);
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"bind tcp4 192.0.2.99:0                                             Linux 6.18.44",
		"ADDRESS EADDRNOTAVAIL  *192.0.2.99 *192.0.2.1/24 on v0*",
		"✓  1 socket       AF_INET, SOCK_STREAM, tcp                          syscall",
		"\\?  2 hooks        *",
		"✓  3 family       AF_INET, 16 bytes                                  model",
		"–  4 table        * model",
		"–  5 classify     unicast 192.0.2.0/24 dev v0*RTN_UNICAST*model+asked+kernel",
		"                  kernel: *table local*, dev v0",
		"–  6 nonlocal     * model",
		"✗  7 acceptable   * model",
		"·  8 privilege    not reached: bind ends at acceptable",
		"·  9 state        not reached: bind ends at acceptable",
		"· 10 port         not reached: bind ends at acceptable",
		"✗ 11 result       bind() = -1 EADDRNOTAVAIL                          syscall",
		"*bind()*EADDRNOTAVAIL",
		"code ADDR_NOT_LOCAL, the same for 192.0.2.64/26",
		"remedy *IP_FREEBIND*(*)",
		"       bind to 0.0.0.0*(*)",
		"       *IP_TRANSPARENT*(*CAP_NET_RAW*)",
		"       ip route add local 192.0.2.99 dev lo*(*)",
		"       ip addr add 192.0.2.99/32 dev v0*(*)",
		"       sysctl -w net.ipv4.ip_nonlocal_bind=1*(*)",
		"config systemd: FreeBind=yes; *",
		"       *",
		NULL};
	struct host *h;
	struct walk w;
	made_decide(NET, "tcp4 192.0.2.99 0", &h, &w);
	decide_range(made_facts(h), &w);
	walk_ask(&w, 0, RTN_UNICAST, 255, 24);
	walk_observe_call(&w, 0, 3, 0);
	walk_observe(&w, CALL_BIND, EADDRNOTAVAIL, NULL, 0, 0);
	walk_witness(&w, 1, 255, 0, 2);
	walk_conclude(&w);
	expect(h, &w, lines);
	host_free(h);
}

static void test_accepted(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"bind udp4 198.51.100.7:0 freebind                                  Linux 6.18.44",
		"OK  198.51.100.7 *local 198.51.100.0/24 dev lo*",
		"✓  1 socket       AF_INET, SOCK_DGRAM, udp                           syscall",
		"✓  2 setsockopt   IP_FREEBIND = 1                                    syscall",
		"\\?  3 hooks        *",
		"✓  4 family       AF_INET, 16 bytes                                  model",
		"–  5 table        * model",
		"●  6 classify     local 198.51.100.0/24 dev lo*model+asked",
		"✓  7 nonlocal     * model",
		"✓  8 acceptable   * model",
		"✓  9 privilege    * model",
		"✓ 10 state        * model",
		"✓ 11 port         * model",
		"✓ 12 result       bind() = 0*198.51.100.7:40123 *syscall",
		"*bind()*: ok",
		"code ADDR_ANYIP, the same for 198.51.100.0/24",
		NULL};
	static const char *const ascii[] = {
		"bind udp4 198.51.100.7:0 freebind                                  Linux 6.18.44",
		"OK  198.51.100.7 *local 198.51.100.0/24 dev lo*",
		"v  1 socket       AF_INET, SOCK_DGRAM, udp                           syscall",
		"v  2 setsockopt   IP_FREEBIND = 1                                    syscall",
		"\\?  3 hooks        *",
		"v  4 family       AF_INET, 16 bytes                                  model",
		"-  5 table        * model",
		"\\*  6 classify     local 198.51.100.0/24 dev lo*model+asked",
		"v  7 nonlocal     * model",
		"v  8 acceptable   * model",
		"v  9 privilege    * model",
		"v 10 state        * model",
		"v 11 port         * model",
		"v 12 result       bind() = 0*198.51.100.7:40123 *syscall",
		"*bind()*: ok",
		"code ADDR_ANYIP, the same for 198.51.100.0/24",
		NULL};
	struct host *h;
	struct walk w;
	made_decide(NET "route local 198.51.100.0/24 dev lo", "udp4 198.51.100.7 0 freebind", &h, &w);
	decide_range(made_facts(h), &w);
	walk_observe_call(&w, 0, 3, 0);
	walk_observe_call(&w, 1, 0, 0);
	walk_ask(&w, 0, RTN_LOCAL, 255, 24);
	walk_observe(&w, CALL_BIND, 0, &w.attempt.addr, 40123, 0);
	walk_conclude(&w);
	expect(h, &w, lines);
	expect_style(h, &w, (struct report_style){.ascii = true}, ascii);
	host_free(h);
}

static void test_predicted_only(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"bind tcp6 \\[fe80::1]:443                                            Linux 6.18.44",
		"ARGUMENT EINVAL  *fe80::1 *fe80::1%v0*",
		"✓  1 socket       AF_INET6, SOCK_STREAM, tcp                         model",
		"\\?  2 hooks        *",
		"✓  3 family       AF_INET6, 28 bytes                                 model",
		"–  4 type         * model",
		"–  5 multicast    * model",
		"✓  6 privilege    * model",
		"✓  7 state        * model",
		"–  8 mapped       * model",
		"✗  9 scope        * model",
		"· 10 device       not reached: bind ends at scope",
		"· 11 classify     not reached: bind ends at scope",
		"· 12 nonlocal     not reached: bind ends at scope",
		"· 13 address-list not reached: bind ends at scope",
		"· 14 port         not reached: bind ends at scope",
		"✗ 15 result       bind() = -1 EINVAL                                 model",
		"predicted only*",
		"code SCOPE_MISSING",
		"remedy *fe80::1%v0*(*may*)", // who holds the port was not asked
		"       *v0*(*may*)",
		NULL};
	struct host *h;
	struct walk w;
	made_decide(NET, "tcp6 fe80::1 443", &h, &w);
	decide_range(made_facts(h), &w);
	expect(h, &w, lines);
	host_free(h);
}

static void test_option_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"bind udp6 \\[2001:db8::9]:80 freebind transparent unprivileged       Linux 6.18.44",
		"asked as an ordinary user: uid 1000, without capabilities",
		"PERMISSION EPERM  *IP_TRANSPARENT*",
		"✓  1 socket       AF_INET6, SOCK_DGRAM, udp                          syscall",
		"✓  2 setsockopt   IP_FREEBIND = 1                                    syscall",
		"✗  3 setsockopt   * syscall",
		"·  4 hooks        not reached: setsockopt() fails",
		"·  5 family       not reached: setsockopt() fails",
		"·  6 type         not reached: setsockopt() fails",
		"·  7 multicast    not reached: setsockopt() fails",
		"·  8 privilege    not reached: setsockopt() fails",
		"·  9 state        not reached: setsockopt() fails",
		"· 10 mapped       not reached: setsockopt() fails",
		"· 11 scope        not reached: setsockopt() fails",
		"· 12 device       not reached: setsockopt() fails",
		"· 13 classify     not reached: setsockopt() fails",
		"· 14 nonlocal     not reached: setsockopt() fails",
		"· 15 address-list not reached: setsockopt() fails",
		"· 16 port         not reached: setsockopt() fails",
		"✗ 17 result       setsockopt() = -1 EPERM",
		"*setsockopt()*EPERM",
		"code OPTION_REFUSED",
		"remedy *IP_TRANSPARENT*port*", // both obstacles
		"       *(*)",
		"       *IP_TRANSPARENT*(*)", // the first one alone
		" then  EACCES: *80*",
		"       *",
		"       setcap cap_net_raw+ep PROGRAM*port*",
		"       *(*)",
		"       setcap cap_net_raw+ep PROGRAM*(*)",
		" then  EACCES: *80*",
		"       *",
		"config systemd: *",
		NULL};
	struct host *h;
	struct walk w;
	made_decide(NET, "udp6 2001:db8::9 80 freebind transparent uid=1000", &h, &w);
	decide_range(made_facts(h), &w);
	walk_observe_call(&w, 0, 3, 0);
	walk_observe_call(&w, 1, 0, 0);
	walk_observe_call(&w, 2, -1, EPERM);
	walk_observe(&w, CALL_SETSOCKOPT, EPERM, NULL, 0, 0);
	walk_conclude(&w);
	expect(h, &w, lines);
	host_free(h);
}

static void test_hook(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"bind tcp6 \\[::1]:443                                                Linux 6.18.44",
		"PERMISSION EACCES  *EACCES*",
		"✓  1 socket       AF_INET6, SOCK_STREAM, tcp                         model",
		"\\?  2 hooks        *",
		"✓  3 family       AF_INET6, 28 bytes                                 model",
		"–  4 type         * model",
		"–  5 multicast    * model",
		"✓  6 privilege    * model",
		"✓  7 state        * model",
		"–  8 mapped       * model",
		"–  9 scope        * model",
		"– 10 device       * model",
		"· 11 classify     *",
		"– 12 nonlocal     * model",
		"● 13 address-list * model",
		"✓ 14 port         * model",
		"! 15 result       bind() = -1 EACCES *model≠syscall",
		"hook: *ok*bind()*EACCES*landlock*2 cgroup BPF*",
		"code HOOK_REFUSED",
		"remedy none*",
		NULL};
	struct host *h = made_host("lo; sock tcp6 :: 80 listen");
	struct walk w;
	struct attempt a = made_attempt(h, "tcp6 ::1 443");
	strcpy(made_caller.hooks.lsms, "capability,landlock");
	made_caller.hooks.no_new_privs = true;
	made_caller.hooks.cgroup_bind = 2;
	decide(made_facts(h), &a, &w);
	decide_range(made_facts(h), &w);
	walk_observe(&w, CALL_BIND, EACCES, NULL, 0, 0);
	walk_conclude(&w);
	expect(h, &w, lines);
	host_free(h);
}

// The holder, and why it does not share, in lines of 80 columns.
static void test_holder(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	struct row r;
	unsigned lines = 0, labels = 0;
	char all[1024] = "";
	made_decide("lo; sock tcp4 192.0.2.2 40000 peer=192.0.2.2 peerport=2379", "tcp6 :: 40000", &h, &w);
	for (int id = 0; id < SYSCTL_COUNT; id++)
		h->sysctl_known[id] = true;
	for (; report_holder(made_facts(h), &w, false, 80, lines, &r); lines++) {
		labels += r.text[0] != ' ';
		assert_true(strlen(r.text) <= 80);
		strcat(all, r.text + 8);
		strcat(all, " ");
	}
	assert_true(lines > 2);
	assert_int_equal(labels, 2);
	assert_non_null(strstr(all, "192.0.2.2:40000 -> 192.0.2.2:2379"));
	assert_non_null(strstr(all, "ip_local_port_range 32768-60999"));
	assert_non_null(strstr(all, "IPV6_V6ONLY"));
	// It holds no port any more once bind() has succeeded: nothing fails.
	walk_observe(&w, CALL_BIND, 0, NULL, 0, 0);
	walk_conclude(&w);
	for (lines = 0; report_holder(made_facts(h), &w, false, 80, lines, &r); lines++)
		assert_null(strstr(r.text, "sharing"));
	host_free(h);
}

// The last lines for each kind of agreement.
static void test_agreement(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind;
		int err;
		const char *verdict, *agreement;
	} cases[] = {
		{"lo", "tcp4 127.0.0.1 0", 0, "OK  127.0.0.1 *local 127.0.0.1 dev lo*", "*bind()*: ok"},
		{"lo", "tcp4 127.0.0.1 80", EADDRINUSE, "PORT EADDRINUSE  Port 80 *", "open: *bind()*EADDRINUSE"},
		{"lo", "tcp4 127.0.0.1 0", EADDRNOTAVAIL, "DISAGREEMENT EADDRNOTAVAIL  *",
		 "DISAGREEMENT: *bind() = ok*bind()*=*EADDRNOTAVAIL"},
		{"lo", "tcp4 9.9.9.9 0", 0, "DISAGREEMENT OK  *", "DISAGREEMENT: *bind() = EADDRNOTAVAIL*bind()*=*ok"},
		{"lo", "tcp6 ::1 0", 0, "OK  *::1/128 on lo*", "*bind() = 0*\\[::1]:40000*"},
		{"lo; nocaps", "tcp6 2001:db8::9 80", EACCES, "PERMISSION EACCES  Port 80 *1024*",
		 "       setcap cap_net_bind_service+ep PROGRAM*(*)"},
		{"link lo; tables; unread", "tcp4 10.0.0.1 0", 0, "OK  *", "open: *bind()* ok"},
		{"link lo; tables; unread", "tcp4 10.0.0.1 0", EINVAL, "REFUSED EINVAL  *", "open: *bind()*EINVAL"},
		{"lo; nocaps", "tcp4 9.9.9.9 0 transparent", 0, "DISAGREEMENT OK  *",
		 "DISAGREEMENT: *setsockopt() = EPERM*bind()*=*ok"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		walk_observe(&w, CALL_BIND, cases[i].err, &w.attempt.addr, w.attempt.port ? w.attempt.port : 40000, 0);
		walk_conclude(&w);
		char *text = text_of(h, &w, (struct report_style){0});
		if (!has_line(text, cases[i].verdict) || !has_line(text, cases[i].agreement))
			fail_msg("%s:\n%s", cases[i].bind, text);
		free(text);
		host_free(h);
	}
	// The same end by another way.
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
	walk_ask(&w, 0, RTN_UNICAST, 255, 24);
	walk_observe(&w, CALL_BIND, EADDRNOTAVAIL, NULL, 0, 0);
	walk_conclude(&w);
	char *text = text_of(h, &w, (struct report_style){0});
	assert_true(has_line(text, "DISAGREEMENT: *bind()*EADDRNOTAVAIL*classify*"));
	free(text);
	host_free(h);
	// A host that never stood still.
	made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
	walk_observe(&w, CALL_BIND, 0, &w.attempt.addr, 40000, 0);
	walk_conclude(&w);
	walk_changed(&w);
	text = text_of(h, &w, (struct report_style){0});
	assert_true(has_line(text, "changed: *bind()* ok *"));
	free(text);
	host_free(h);
	// Not certain, not tried.
	made_decide("lo", "tcp4 127.0.0.1 80", &h, &w);
	text = text_of(h, &w, (struct report_style){0});
	assert_true(has_line(text, "OK (*)  127.0.0.1 *"));
	free(text);
	host_free(h);
}

static void test_color(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
	char *plain = text_of(h, &w, (struct report_style){0}),
	     *color = text_of(h, &w, (struct report_style){.color = true});
	assert_null(strchr(plain, '\033'));
	assert_non_null(strstr(color, "\033[31mEADDRNOTAVAIL\033[0m"));
	assert_non_null(strstr(color, "\033[34m model\033[0m"));
	// Without the sequences it is the same text.
	char *to = color;
	for (const char *from = color; *from;) {
		if (*from == '\033')
			from += strcspn(from, "m") + 1;
		else
			*to++ = *from++;
	}
	*to = '\0';
	assert_string_equal(color, plain);
	free(plain);
	free(color);
	host_free(h);
}

static void test_full_device(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		skip();
	assert_int_equal(report_text(made_facts(h), &w, (struct report_style){0}, full), -ENOSPC);
	fclose(full);
	host_free(h);
}

static void test_marks(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 127.0.0.1 0 len=3", &h, &w);
	assert_int_equal(report_mark(&w, &w.steps[0]), MARK_FOR);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_HOOKS)), MARK_UNSEEN);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_FAMILY)), MARK_ENDED);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_TABLE)), MARK_NOT_REACHED);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_RESULT)), MARK_ENDED);
	walk_observe_call(&w, 0, -1, EMFILE);
	assert_int_equal(report_mark(&w, &w.steps[0]), MARK_CONTRADICTS);
	host_free(h);
	made_decide("lo", "tcp6 ::1 0", &h, &w);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_ADDRESS_LIST)), MARK_DECIDED);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_CLASSIFY)), MARK_NOT_REACHED); // passed by
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_RESULT)), MARK_FOR);
	host_free(h);
	// a call that the model could not tell failed: no step of it speaks for the bind
	struct row r;
	made_decide("lo; maybe sctp", "sctp4 127.0.0.1 0", &h, &w);
	assert_int_equal(report_mark(&w, &w.steps[0]), MARK_OPEN);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_RESULT)), MARK_OPEN);
	walk_observe_call(&w, 0, -1, EPROTONOSUPPORT);
	walk_observe(&w, CALL_SOCKET, EPROTONOSUPPORT, NULL, 0, 0);
	walk_conclude(&w);
	assert_int_equal(w.agreement, OPEN);
	assert_int_equal(report_mark(&w, &w.steps[0]), MARK_ENDED);
	assert_int_equal(report_mark(&w, walk_find(&w, STEP_RESULT)), MARK_ENDED);
	report_step(made_facts(h), &w, 0, &r);
	assert_non_null(strstr(r.text, "sctp → EPROTONOSUPPORT"));
	host_free(h);
}

static unsigned columns(const char *text)
{
	unsigned n = 0;
	for (; *text; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

// Texts are wrapped inside the width, and lose no word by it.
static void test_detail(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide(NET, "tcp4 192.0.2.99 0 freebind", &h, &w);
	walk_ask(&w, 0, RTN_UNICAST, 255, 24);
	walk_witness(&w, 1, 255, 0, 2);
	for (unsigned step = 0; step < w.nsteps; step++) {
		const struct step *s = step_info(w.steps[step].step);
		for (unsigned width = 1; width <= 120; width += width < 20 ? 1 : 7) {
			char all[8192] = "";
			struct row row;
			unsigned n = 0, question = 0;
			for (; report_detail(made_facts(h), &w, step, DETAIL_ALL, width, n, &row); n++) {
				bool wrapped = row.nspans == 1 &&
					       (row.spans[0].role == ROLE_TITLE || row.spans[0].role == ROLE_PLAIN);
				if (wrapped && width >= 4 && columns(row.text) > width)
					fail_msg("%u columns: '%s'", width, row.text);
				question += row.nspans == 1 && row.spans[0].role == ROLE_TITLE;
				if (wrapped && row.spans[0].role == ROLE_PLAIN && *row.text != ' ')
					strcat(strcat(all, all[0] && width >= 40 ? " " : ""), row.text);
				assert_true(n < 5000);
			}
			assert_true(question >= 1);
			if (width >= 40)
				assert_string_equal(all, s->paragraph);
			assert_false(report_detail(made_facts(h), &w, step, DETAIL_ALL, width, n + 5, &row));
		}
		struct row row;
		assert_true(report_detail(made_facts(h), &w, step, DETAIL_ALL, 0, 0,
					  &row)); // no width is not the end of the world
	}
	host_free(h);
}

// A whole report keeps to its width between words, at whatever width; only what has no blank may be longer.
static void test_widths(void **state)
{
	(void)state;
	static const char *const attempts[][2] = {{NET, "tcp4 203.0.113.9 443 reuseaddr"},
						  {NET, "tcp6 fe80::1 0"},
						  {NET "; sock tcp4 127.0.0.1 80 listen", "tcp4 127.0.0.1 80"}};
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
		for (unsigned width = 40; width <= 200; width += 1 + width / 50)
			for (int ascii = 0; ascii < 2; ascii++) {
				struct report_style style = {.width = width, .ascii = ascii};
				struct host *h;
				struct walk w;
				made_decide(attempts[i][0], attempts[i][1], &h, &w);
				char *text = text_of(h, &w, style), *end;
				for (char *line = text; *line; line = end + 1) {
					end = strchr(line, '\n');
					*end = '\0';
					if (columns(line) > width && strchr(line + strspn(line, " "), ' '))
						fail_msg("%u columns: '%s'", width, line);
					if (line > text && columns(line) == 0)
						fail_msg("%u columns: an empty line", width);
				}
				free(text);
				host_free(h);
			}
}

static void expect_detail(const struct host *h, const struct walk *w, unsigned step, unsigned n, const char *pattern)
{
	struct row row;
	assert_true(report_detail(made_facts(h), w, step, DETAIL_ALL, 78, n, &row));
	if (fnmatch(pattern, row.text, 0) != 0)
		fail_msg("'%s' is not as '%s'", row.text, pattern);
}

static void test_detail_lines(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"*?",
		"inet_addr_type_table() in net/ipv4/fib_frontend.c",
		"  address     192.0.2.99",
		"  table       local",
		"  route       unicast 192.0.2.0/24 dev v0",
		"  route_table main",
		"  lookup      ok",
		"  type        RTN_UNICAST",
		"  asked       *table local: RTN_LOCAL*/24  (*)",
		"  kernel      *table local*, dev v0",
		" ",
	};
	struct host *h;
	struct walk w;
	made_decide(NET, "tcp4 192.0.2.99 0", &h, &w);
	walk_ask(&w, 0, RTN_LOCAL, 255, 24);
	walk_witness(&w, 1, 255, 0, 2);
	for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++)
		expect_detail(h, &w, 4, i, lines[i]);
	// A sysctl is named beside its value.
	expect_detail(h, &w, 5, 2, "  sysctl      0  net.ipv4.ip_nonlocal_bind");
	// Other kinds of claims.
	walk_ask(&w, -EAGAIN, 0, 255, 0);
	walk_witness(&w, 0, 0, 0, 0);
	expect_detail(h, &w, 4, 8, "  asked       *table local: EAGAIN  (*)");
	expect_detail(h, &w, 4, 9, "  kernel      no *  (*)");
	walk_witness(&w, 1, 10, -EINVAL, 0);
	expect_detail(h, &w, 4, 9, "  kernel      *table 10*: EINVAL  (*)");
	w.steps[4].claims[EV_KERNEL].present = false;
	w.unwitnessed = "its events were lost while bind ran";
	expect_detail(h, &w, 4, 9, "  kernel      its events were lost while bind ran");
	char *text = text_of(h, &w, (struct report_style){0});
	assert_true(has_line(text, "                  kernel: its events were lost while bind ran"));
	free(text);
	walk_observe_call(&w, 0, -1, EMFILE);
	expect_detail(h, &w, 0, 4, "  syscall     returned -1 EMFILE  (*)");
	walk_observe_call(&w, 0, 3, 0);
	expect_detail(h, &w, 0, 4, "  syscall     returned 3");
	host_free(h);
}

static void test_ascii(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"✓ ✗ ● · –", "v x * . -"},
		{"a → b ≠ c … ▸", "a -> b != c ... >"},
		{"é", "\\u00e9"},
		{"日本", "\\u65e5\\u672c"},
		{"𝄞!", "\\U0001d11e!"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char buf[64];
		assert_ptr_equal(report_ascii(cases[i].in, buf, sizeof buf), buf);
		assert_string_equal(buf, cases[i].out);
	}
	for (size_t len = 1; len < 20; len++) {
		char buf[32];
		memset(buf, '~', sizeof buf);
		report_ascii("→→→→→→", buf, len);
		assert_true(strlen(buf) < len);
		assert_int_equal(buf[len], '~');
		report_ascii("plain text that is longer", buf, len);
		assert_true(strlen(buf) < len);
	}
	char none = '~';
	report_ascii("x", &none, 0);
	assert_int_equal(none, '~');
}

// The widest rows that the model can make stay inside what a row holds.
static void test_rows_fit(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	struct row row;
	made_decide(
		"lo; link a12345678901234; addr ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 dev a12345678901234 tentative",
		"udp6 2001:db8:1111:2222:3333:4444:5555:6666 65535 dev=a12345678901234 freebind=0 freebind6=0 transparent=0 "
		"transparent6=0 reuseaddr reuseport v6only noport portrange=50000-60000 mark=4294967295 ifindex=2 dev=lo freebind=0 "
		"freebind6=0 mark=4294967295",
		&h, &w);
	assert_int_equal(w.attempt.nsettings, ATTEMPT_SETTINGS);
	report_head(made_facts(h), &w, &row);
	assert_false(row.truncated);
	report_verdict(made_facts(h), &w, &row);
	assert_false(row.truncated);
	for (unsigned i = 0; i < w.nsteps; i++) {
		report_step(made_facts(h), &w, i, &row);
		assert_false(row.truncated);
	}
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),        cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_predicted_only), cmocka_unit_test(test_option_refused),
		cmocka_unit_test(test_hook),           cmocka_unit_test(test_holder),
		cmocka_unit_test(test_agreement),      cmocka_unit_test(test_color),
		cmocka_unit_test(test_full_device),    cmocka_unit_test(test_marks),
		cmocka_unit_test(test_widths),         cmocka_unit_test(test_detail),
		cmocka_unit_test(test_detail_lines),   cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_rows_fit),       cmocka_unit_test(test_owner),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
