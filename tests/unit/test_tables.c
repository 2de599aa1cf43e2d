// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of text are whole, their names unique, and whatever the model finds has its words: shown by thousands of
// walks that between them reach every finding.
#include "core/model/bind_path.h"
#include "core/model/option.h"
#include "core/text/report.h"
#include "tests/unit/made_walk.h"

static bool filled(const char *text)
{
	return text && *text;
}

// Only characters that a terminal without UTF-8 is given a stand-in for.
static void check_characters(const char *text)
{
	char ascii[2048];
	unsigned before = 0, after = 0;
	report_ascii(text, ascii, sizeof ascii);
	for (const char *p = text; *p; p++) {
		before += *p == '?';
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			fail_msg("control byte in: %s", text);
	}
	for (const char *p = ascii; *p; p++)
		after += *p == '?';
	if (before != after)
		fail_msg("no ASCII stand-in: %s", text);
}

static void check_ascii(const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p >= 0x80)
			fail_msg("not ASCII: %s", text);
	check_characters(text);
}

// Names are what JSON, --set and the help are made of: lower case, digits, "-" and "_".
static void check_name(const char *name, bool upper)
{
	static const char lower_set[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
	static const char upper_set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	if (!filled(name) || name[strspn(name, upper ? upper_set : lower_set)])
		fail_msg("not a name: '%s'", name ? name : "");
}

// Braces and angle brackets in pairs, braces around names of inputs.
static void check_template(const char *text)
{
	bool optional = false;
	for (const char *p = text; *p; p++) {
		if (*p == '<' || *p == '>') {
			if (optional == (*p == '<'))
				fail_msg("unpaired %c in: %s", *p, text);
			optional = *p == '<';
		}
		assert_int_not_equal(*p, '}');
		if (*p != '{')
			continue;
		const char *close = strchr(p, '}');
		bool known = false;
		if (!close)
			fail_msg("unpaired { in: %s", text);
		for (int i = 0; i < IN_COUNT; i++) {
			const char *name = input_name((enum input_id)i);
			known = known ||
				(strlen(name) == (size_t)(close - p - 1) && strncmp(name, p + 1, strlen(name)) == 0);
		}
		if (!known)
			fail_msg("unknown input in: %s", text);
		p = close;
	}
	assert_false(optional);
}

static void test_steps(void **state)
{
	(void)state;
	for (int i = 0; i < STEP_COUNT; i++) {
		const struct step *s = step_info((enum step_id)i);
		check_name(s->name, false);
		assert_int_equal(step_find(s->name), i); // so names are unique
		assert_true(strlen(s->name) <= 12);      // the column of the report
		assert_true(filled(s->question) && filled(s->paragraph) && filled(s->watch));
		check_ascii(s->question);
		check_ascii(s->paragraph);
		check_ascii(s->watch);
		assert_int_equal(s->question[strlen(s->question) - 1], '?');
		assert_true(strlen(s->question) <= 72);
		assert_int_equal(s->paragraph[strlen(s->paragraph) - 1], '.');
		assert_null(strstr(s->paragraph, "  "));
		assert_true(strlen(s->paragraph) >= 100);
	}
	assert_int_equal(step_find("nosuch"), -1);
	assert_int_equal(step_find(""), -1);
}

static void test_inputs(void **state)
{
	(void)state;
	for (int i = 0; i < IN_COUNT; i++) {
		check_name(input_name((enum input_id)i), false);
		assert_true(strlen(input_name((enum input_id)i)) <= 12);
		for (int n = 0; n < i; n++) {
			bool same = strcmp(input_name((enum input_id)i), input_name((enum input_id)n)) == 0;
			// A socket's type and a route's never stand in one step.
			assert_true(!same || (i == IN_TYPE && n == IN_SOCKTYPE));
		}
	}
}

static void test_findings(void **state)
{
	(void)state;
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		check_name(f->name, true);
		assert_true((int)f->step >= 0 && f->step < STEP_COUNT);
		assert_true((int)f->code >= 0 && f->code < CODE_COUNT);
		assert_true(filled(f->text));
		check_characters(f->text);
		check_template(f->text);
		assert_true(strlen(f->text) <= 110);
		assert_int_equal(f->outcome == REFUSES, f->err != 0);
		assert_string_not_equal(errno_name(f->err), "E?");
		enum code_class class = code_info(f->code)->class;
		// What refuses or accepts can decide, so it has a code: one with a class when it refuses.
		if (f->outcome == REFUSES && (f->code == CODE_NONE || class == CLASS_NONE))
			fail_msg("%s refuses without a class", f->name);
		if (f->outcome == ACCEPTS && (f->code == CODE_NONE || class != CLASS_NONE))
			fail_msg("%s accepts with %s", f->name, code_info(f->code)->name);
		if (f->outcome != REFUSES && f->outcome != ACCEPTS && f->code != CODE_NONE)
			fail_msg("%s has a code, but never decides", f->name);
	}
}

// A step that never refuses demands nothing, so no answer of it meets a demand. What nobody knows speaks for nothing.
static void test_speaking_for(void **state)
{
	(void)state;
	bool demands[STEP_COUNT] = {[STEP_RESULT] = true}, speaks[STEP_COUNT] = {0};
	for (int i = 0; i < FINDING_COUNT; i++)
		demands[finding_info((enum finding_id)i)->step] |= finding_info((enum finding_id)i)->outcome == REFUSES;
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		if (f->outcome != SPEAKS_FOR)
			continue;
		speaks[f->step] = true;
		if (!demands[f->step])
			fail_msg("%s speaks for a bind that its step never refuses", f->name);
		if (strstr(f->name, "UNREAD") || strstr(f->name, "UNASKED") || strstr(f->name, "PERHAPS"))
			fail_msg("%s speaks for the bind, and nobody knows", f->name);
	}
	for (int s = 0; s < STEP_COUNT; s++) // what it demands may be there: only a tick or a full dot tells
		if (demands[s] && !speaks[s] && s != STEP_TYPE && s != STEP_MULTICAST && s != STEP_ADDRESS_LIST)
			fail_msg("nothing that step %s finds speaks for the bind", step_info((enum step_id)s)->name);
}

// Each mark can be told from the others without colour, also where only ASCII is shown.
static void test_marks(void **state)
{
	(void)state;
	char a[8], b[8];
	for (int m = 0; m < MARK_COUNT; m++)
		for (int n = 0; n < m; n++) {
			if (m == MARK_OPEN && n == MARK_UNSEEN)
				continue; // both say that nobody knows
			const char *one = mark_info((enum mark)m)->text, *other = mark_info((enum mark)n)->text;
			assert_string_not_equal(one, other);
			assert_string_not_equal(report_ascii(one, a, sizeof a), report_ascii(other, b, sizeof b));
			assert_int_equal(strlen(a), 1);
		}
	assert_int_equal(mark_info(MARK_FOR)->role, ROLE_OK);
	assert_int_equal(mark_info(MARK_DECIDED)->role, ROLE_OK);
	assert_int_equal(mark_info(MARK_ENDED)->role, ROLE_FAIL);
	assert_int_not_equal(mark_info(MARK_GOES_ON)->role, ROLE_OK);
	assert_int_not_equal(mark_info(MARK_PREDICTED)->role, ROLE_OK);
}

static void test_codes(void **state)
{
	(void)state;
	for (int i = 0; i < CODE_COUNT; i++) {
		const struct code_info *c = code_info((enum code)i);
		check_name(c->name, true);
		for (int n = 0; n < i; n++)
			assert_string_not_equal(c->name, code_info((enum code)n)->name);
		assert_non_null(c->sentence);
		check_ascii(c->sentence);
		check_template(c->sentence);
		if (i == CODE_NONE)
			continue;
		assert_true(filled(c->sentence));
		char last = c->sentence[strlen(c->sentence) - 1];
		assert_true(last == '.' || last == '>');
	}
	static const char *const classes[] = {"ADDRESS", "PORT", "PERMISSION", "ARGUMENT"};
	assert_null(code_class_name(CLASS_NONE));
	for (int i = 0; i < 4; i++)
		assert_string_equal(code_class_name((enum code_class)(CLASS_ADDRESS + i)), classes[i]);
}

static void test_options(void **state)
{
	(void)state;
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		check_name(o->name, false);
		check_name(o->symbol, true);
		assert_int_equal(option_find(o->name), i);
		for (int n = 0; n < i; n++) {
			const struct sockopt *p = option_info((enum option_id)n);
			assert_true(o->level != p->level || o->number != p->number);
			assert_string_not_equal(o->symbol, p->symbol);
		}
		assert_true(o->inet || o->inet6);
		assert_true(filled(o->meaning) && o->since);
		check_ascii(o->meaning);
		struct kernel k;
		if (*o->since)
			assert_int_equal(kernel_parse(o->since, &k), 0);
	}
}

static void test_sysctls(void **state)
{
	(void)state;
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *s = sysctl_info((enum sysctl_id)i);
		assert_true(filled(s->name) && filled(s->label) && filled(s->meaning));
		check_ascii(s->name);
		check_ascii(s->label);
		check_ascii(s->meaning);
		assert_true(strncmp(s->name, "net.", 4) == 0);
		for (int n = 0; n < i; n++) {
			const struct sysctl *t = sysctl_info((enum sysctl_id)n);
			assert_true(strcmp(s->name, t->name) != 0 || s->field != t->field);
			assert_string_not_equal(s->label, t->label);
		}
		assert_true(!s->toggle || s->initial == 0 || s->initial == 1);
	}
}

static void test_paths(void **state)
{
	(void)state;
	size_t n = 0;
	for (const struct bind_path *p; (p = bind_path_at(n)); n++) {
		bool seen[STEP_COUNT] = {false};
		const struct path_step *s = p->steps;
		assert_true(filled(p->name) && filled(p->function));
		for (size_t m = 0; m < n; m++)
			assert_string_not_equal(p->name, bind_path_at(m)->name);
		assert_int_equal(s->step, STEP_HOOKS); // a security module comes before everything
		assert_true(p->addrlen_min >= 16 && p->addrlen_min <= 28);
		for (;; s++) {
			assert_true(s < p->steps + PATH_STEPS);
			assert_false(seen[s->step]);
			seen[s->step] = true;
			assert_true(filled(s->function) && filled(s->file));
			check_ascii(s->function);
			assert_true(strncmp(s->file, "net/", 4) == 0 || strncmp(s->file, "include/net/", 12) == 0 ||
				    strncmp(s->file, "security/", 9) == 0);
			const char *end = s->file + strlen(s->file) - 2;
			assert_true(strcmp(end, ".c") == 0 || strcmp(end, ".h") == 0);
			if (s->step == STEP_RESULT)
				break;
		}
		assert_false(seen[STEP_SOCKET] || seen[STEP_SETSOCKOPT]); // they come before bind()
		assert_true(seen[STEP_FAMILY] && seen[STEP_CLASSIFY] && seen[STEP_NONLOCAL] && seen[STEP_STATE]);
		assert_true(seen[STEP_ACCEPTABLE] != seen[STEP_ADDRESS_LIST]);
	}
	assert_null(bind_path_at(n));

	// Each path is some socket's.
	bool used[64] = {false};
	static const char *const addrs[] = {"127.0.0.1", "::1", "::ffff:127.0.0.1"};
	for (int k = 0; k < KIND_COUNT; k++) {
		for (size_t i = 0; i < 3; i++) {
			struct addr addr = made_addr(addrs[i]);
			struct attempt a = attempt_new(&addr);
			a.kind = (enum kind)k;
			const struct bind_path *p = bind_path_of(&a);
			for (size_t m = 0; m < n; m++)
				used[m] = used[m] || bind_path_at(m) == p;
			assert_int_equal(p->addrlen_min, i == 0 ? 16 : k == KIND_PING || k == KIND_SCTP ? 28 : 24);
		}
	}
	for (size_t m = 0; m < n; m++)
		assert_true(used[m]);
}

static const char *const hosts[] = {
	"",
	"tables",
	"lo",
	"lo; nocaps; noping",
	"lo; kernel 5.10.0; route local 10.9.0.0/16 table main",
	"lo; kernel 5.15.55; ports tcp; hidden",
	"lo; kernel 7.3.4; split; inmain 10.9.0.1 16",
	"lo; without mptcp; without sctp; maybe udp",
	"lo; sysctl net.ipv4.ip_nonlocal_bind=1; sysctl net.ipv6.ip_nonlocal_bind=1; sysctl net.ipv6.bindv6only=1",
	"lo; sysctl net.ipv4.ip_local_port_range=50000 50000; sock tcp4 0.0.0.0 50000; sock tcp4 0.0.0.0 80 listen",
	"lo; sysctl net.ipv4.ip_local_port_range=50000 50002; sock tcp4 0.0.0.0 50000; sock tcp4 0.0.0.0 50001",
	"lo; reserve 32768 60999",
	"lo; sysctl net.ipv4.ip_local_port_range=50000 50000; sock udp6 :: 50000; sock udp6 :: 80 reuse=?",
	"lo; sock tcp6 :: 80 reuse reuseport; sock tcp4 9.9.9.9 50000",
	"lo; sysctl net.mptcp.enabled=0",
	"lo; inet6 off",
	"lo; sock sctp6 :: 80 listen",
	"lo; ports icmp",
	"lo; sock ping4 0.0.0.0 80 reuse; sock ping6 :: 5000",
	"lo; sock ping4 0.0.0.0 80 reuse=?",
	"lo; ports sctp",
	"lo; left 10.1.0.1 dev v0; left 10.1.0.2 dev v0 with 10.1.0.1; left 2001:db8::1 dev v0",
	"lo; link v0; link v1; addr 10.1.0.1/24 dev v0; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v1; ports tcp;"
	"route local 10.9.0.0/16 dev lo table main; route local 10.8.0.0/16 dev lo; route blackhole 10.8.0.1 table local;"
	"route unicast 10.8.0.2 dev v0 table local; route multicast 10.8.0.3 table local; route prohibit 10.8.0.4 table local;"
	"route local 2001:db8:2::/64 dev lo; route anycast 2001:db8:: table local",
	"lo; link v0; addr 2001:db8::1/64 dev v0 tentative; addr fe80::1/64 dev v0 tentative dadfailed; ports udp",
	"lo; vrf red 10; link d0 master red; addr 10.1.0.1/24 dev d0; addr 2001:db8::1/64 dev d0; addr fe80::1/64 dev d0",
	"lo; link v0 down; link v1 nocarrier; addr 10.1.0.2/24 dev v0; addr 2001:db8::1/64 dev v1 tentative; ports udp",
	"lo down; link v0; addr 10.1.0.1/24 dev v0",
	"lo; link v0 noipv6; link v1 noipv6; addr 10.1.0.1/24 dev v0 noroute; split",
	"link lo; tables; unread",
	"lo; unreadcaps",
	"lo; nocaps; lack dropped",
	"lo; nocaps; lack bounding",
	"lo; nocaps; lack no_new_privs",
	"link lo; tables; unread; asked 10.8.0.1 22",
	"lo; kernel 6.18.20; sock udp4 10.1.0.1 80; sock udp4 10.1.0.2 80; sock udp4 10.1.0.3 80; sock udp4 10.1.0.4 80;"
	"sock udp4 10.2.0.1 80; sock udp4 10.2.0.2 80; sock udp4 10.2.0.3 80; sock udp4 10.2.0.4 80;"
	"sock udp4 10.3.0.1 80; sock udp4 10.3.0.2 80; sock udp4 10.3.0.3 80; sock udp4 10.3.0.4 80",
};

static const char *const addresses[] = {
	"0.0.0.0",
	"127.0.0.1",
	"10.1.0.1",
	"10.1.0.2",
	"10.1.0.255",
	"10.8.0.1",
	"10.8.0.2",
	"10.8.0.3",
	"10.8.0.4",
	"10.8.0.5",
	"10.9.0.1",
	"224.0.0.1",
	"255.255.255.255",
	"::",
	"::1",
	"2001:db8::1",
	"2001:db8::",
	"2001:db8::9",
	"2001:db8:2::1",
	"fe80::1",
	"fe80::9",
	"ff02::1",
	"ff0e::1",
	"::ffff:0.0.0.0",
	"::ffff:127.0.0.1",
	"::ffff:10.9.0.1",
	"::ffff:10.1.0.1",
};

static const char *const settings[] = {
	"",
	"freebind",
	"freebind6",
	"transparent",
	"transparent6",
	"noport",
	"reuseaddr",
	"reuseport",
	"v6only",
	"v6only=0",
	"ifindex=2",
	"ifindex=1",
	"ifindex=999",
	"ifindex=4294967295",
	"dev=nosuch",
	"mark=1",
	"portrange=9-8",
	"noport twice",
	"twice",
	"bound",
	"family=0",
	"family=2",
	"family=77",
	"len=8",
	"len=24",
	"len=129",
	"scope=2",
	"scope=999",
	"uid=1000",
	"uid=1000 ifindex=1 ifindex=2",
};

// Walks over all of these together; each finding must come up somewhere.
static void test_every_finding(void **state)
{
	(void)state;
	static const int ports[] = {0, 80, 5000};
	bool seen[FINDING_COUNT] = {false}, codes[CODE_COUNT] = {false};
	unsigned walks = 0;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		struct host *h = made_host(hosts[i]);
		for (size_t j = 0; j < sizeof addresses / sizeof *addresses; j++) {
			for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
				for (int kind = 0; kind < KIND_COUNT; kind++) {
					char line[160];
					struct walk w;
					bool six = strchr(addresses[j], ':');
					snprintf(line, sizeof line, "%s%c %s %d %s", kind_info((enum kind)kind)->name,
						 six ? '6' : '4', addresses[j], ports[(i + j + (size_t)kind) % 3],
						 settings[k]);
					struct attempt a = made_attempt(h, line);
					decide(made_facts(h), &a, &w);
					made_check_shape(h, &w, line);
					walks++;
					codes[w.code] = true;
					for (unsigned n = 0; n < w.nsteps; n++)
						seen[w.steps[n].finding] = true;
				}
			}
		}
		host_free(h);
	}
	assert_true(walks > 40000);
	for (int i = 0; i < FINDING_COUNT; i++)
		if (!seen[i])
			fail_msg("%s was never found", finding_info((enum finding_id)i)->name);
	for (int i = 0; i < CODE_COUNT; i++) {
		// These come from what was observed, and CODE_NONE never decides: test_walk.c has them.
		bool observed = i == CODE_HOOK_REFUSED || i == CODE_HOOK_FAKED || i == CODE_HOOK_REWROTE ||
				i == CODE_HOOK_WAIVED || i == CODE_FAMILY_FILTERED || i == CODE_UNFORESEEN ||
				i == CODE_HOST_CHANGED || i == CODE_CHANGED_SINCE || i == CODE_DISAGREEMENT;
		if (codes[i] == (observed || i == CODE_NONE))
			fail_msg("%s", code_info((enum code)i)->name);
	}
}

static void test_errno_names(void **state)
{
	(void)state;
	assert_string_equal(errno_name(0), "ok");
	assert_string_equal(errno_name(EADDRNOTAVAIL), "EADDRNOTAVAIL");
	assert_string_equal(errno_name(EACCES), "EACCES");
	assert_string_equal(errno_name(-EINVAL), "E?");
	assert_string_equal(errno_name(9999), "E?");
	for (int e = 1; e < 200; e++)
		for (int f = 0; f < e; f++)
			assert_true(strcmp(errno_name(e), errno_name(f)) != 0 || strcmp(errno_name(e), "E?") == 0);
	static const char *const calls[] = {"bind",  "socket", "setsockopt", "getsockname",
					    "close", "listen", "connect"};
	for (int i = 0; i < CALL_COUNT; i++)
		assert_string_equal(call_name((enum call)i), calls[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),       cmocka_unit_test(test_inputs),
		cmocka_unit_test(test_findings),    cmocka_unit_test(test_speaking_for),
		cmocka_unit_test(test_marks),       cmocka_unit_test(test_codes),
		cmocka_unit_test(test_options),     cmocka_unit_test(test_sysctls),
		cmocka_unit_test(test_paths),       cmocka_unit_test(test_every_finding),
		cmocka_unit_test(test_errno_names),
	};
	return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
