// SPDX-License-Identifier: GPL-3.0-or-later
// The language: the table is complete and without contradictions, lines become calls, errors point at the word and name
// what is accepted, completion offers what would be taken.
#include <errno.h>

#include "core/change/edit_inverse.h"
#include "core/command/argument.h"
#include "core/command/attempt_command.h"
#include "core/command/command.h"
#include "core/command/command_complete.h"
#include "core/command/command_edit.h"
#include "core/command/command_parse.h"
#include "core/model/step.h"
#include "tests/unit/made_host.h"

static struct command_call call;
static char err[COMMAND_ERROR];
static size_t column;

static int parse(const char *line)
{
	return command_parse(line, &call, err, sizeof err, &column);
}

static void accepts(const char *line, enum command_id id)
{
	if (parse(line) < 0)
		fail_msg("\"%s\": %s (column %zu)", line, err, column);
	if (call.id != id)
		fail_msg("\"%s\" became \"%s\"", line, command_info(call.id)->name);
}

// The caret stands under the word, and the sentence has these parts.
static void refuses(const char *line, size_t at, const char *part, const char *other)
{
	assert_int_equal(parse(line), -EINVAL);
	if (column != at || !strstr(err, part) || (other && !strstr(err, other)))
		fail_msg("\"%s\": column %zu, %s", line, column, err);
}

static void value_is(unsigned n, const char *text)
{
	const char *v = command_value(&call, n);
	if (!text)
		assert_null(v);
	else if (!v || strcmp(v, text) != 0)
		fail_msg("parameter %u is %s, not %s", n, v ? v : "missing", text);
}

static void test_table_is_complete(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_info((enum command_id)i);
		assert_non_null(c->name);
		assert_true(strlen(c->help) > 3);
		assert_int_equal(strncmp(c->synopsis, c->name, strlen(c->name)), 0);
		assert_non_null(command_group_title(c->group));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(c->name, command_info((enum command_id)j)->name);
		assert_int_equal(command_find(c->name), i);
		if (!(c->needs & NEED_KEY))
			assert_non_null(c->examples[0]);
	}
	assert_int_equal(command_find("nothing"), -1);
}

// The synopsis is written by hand: it names each parameter, in order, and puts what may be left out in brackets.
static void test_synopsis_names_parameters(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_info((enum command_id)i);
		const char *at = c->synopsis + strlen(c->name);
		for (unsigned n = 0; n < command_params((enum command_id)i); n++) {
			const struct parameter *p = &c->params[n];
			if (p->rare || i == CMD_LINK_ADD || i == CMD_NEXTHOP_ADD || (i == CMD_SYSCTL && n == 0))
				continue; // written as alternatives, and a word for who pastes
			const char *word = p->keyword && !p->bare ? p->keyword : p->value;
			assert_non_null(word);
			const char *found = strstr(at, word);
			if (!found)
				fail_msg("%s: no %s in \"%s\"", c->name, word, c->synopsis);
			bool brackets = memchr(c->synopsis, '[', (size_t)(found - c->synopsis)) != NULL;
			if (p->optional && !brackets && strncmp(c->name, "rule", 4) != 0)
				fail_msg("%s: %s may be left out", c->name, word);
			at = found;
		}
	}
}

// A parameter with a few words is named by all of them.
static void test_values_name_words(void **state)
{
	(void)state;
	unsigned named = 0;
	for (int i = 0; i < CMD_COUNT; i++)
		for (unsigned n = 0; n < command_params((enum command_id)i); n++) {
			const struct parameter *p = &command_info((enum command_id)i)->params[n];
			char words[128] = "";
			const char *word;
			if (!p->value || !strchr(p->value, '|') || p->kind == ARG_EXPECTED || p->kind == ARG_SUBJECT)
				continue;
			for (size_t w = 0; (word = argument_word(p->kind, w)); w++)
				snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s", w ? "|" : "",
					 word);
			assert_string_equal(p->value, words);
			named++;
		}
	assert_true(named >= 8);
}

static void test_examples_parse(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++)
		for (int e = 0; e < COMMAND_EXAMPLES && command_info((enum command_id)i)->examples[e]; e++) {
			char text[256], *save = NULL;
			bool named = false;
			snprintf(text, sizeof text, "%s", command_info((enum command_id)i)->examples[e]);
			for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
				if (parse(l) < 0)
					fail_msg("\"%s\": %s", l, err);
				named |= call.id == (enum command_id)i;
			}
			assert_true(named);
		}
}

static void test_values(void **state)
{
	(void)state;
	accepts("route add local 192.168.123.0/24 dev lo table local metric 5 tos 0x10", CMD_ROUTE_ADD);
	value_is(0, "local");
	value_is(1, "192.168.123.0/24");
	value_is(2, "lo");
	value_is(3, NULL);
	value_is(4, "local");
	value_is(5, "5");
	value_is(6, "0x10");
	assert_int_equal(call.column[2], strlen("route add local 192.168.123.0/24 dev "));
	accepts("route append local 10.0.0.0/8 dev lo", CMD_ROUTE_APPEND);
	accepts("route replace local 10.0.0.0/8 dev lo", CMD_ROUTE_REPLACE);
	value_is(2, "lo");
	accepts("  route add 10.0.0.0/8 via 192.0.2.1", CMD_ROUTE_ADD);
	value_is(0, NULL);
	value_is(1, "10.0.0.0/8");
	value_is(3, "192.0.2.1");
	accepts("route add to default dev eth0", CMD_ROUTE_ADD);
	value_is(1, "default");
	accepts("address 10.0.0.1:80", CMD_ADDRESS);
	assert_string_equal(call.arg, "10.0.0.1:80");
	accepts("address add 10.0.0.1/8 nodad dev eth0", CMD_ADDRESS_ADD);
	value_is(0, "10.0.0.1/8");
	value_is(1, "eth0");
	value_is(2, "nodad");
	value_is(3, NULL);
	accepts("bind", CMD_BIND);
	value_is(0, NULL);
	accepts("bind ::1 80", CMD_BIND);
	value_is(1, "80");
	accepts("set freebind=1", CMD_SET);
	value_is(0, "freebind");
	value_is(1, "1");
	accepts("set freebind", CMD_SET);
	value_is(1, NULL);
	accepts("set device eth0", CMD_SET);
	accepts("step 12", CMD_STEP);
	accepts("step next", CMD_STEP_NEXT);
	accepts("next", CMD_STEP_NEXT);
	accepts("link add v0 type veth peer name v1", CMD_LINK_ADD);
	value_is(2, "v1");
	accepts("link add name type veth peer name", CMD_LINK_ADD); // interfaces may be called anything
	value_is(2, "name");
	accepts("link set eth0 master red up", CMD_LINK_SET);
	value_is(3, "red");
	accepts("rule add from all lookup main pref 10", CMD_RULE_ADD);
	accepts("rule add pref 5 to 10.0.0.0/8 iif eth0 fwmark 0x10/0xff prohibit", CMD_RULE_ADD);
	accepts("nexthop add id 7 blackhole", CMD_NEXTHOP_ADD);
	accepts("route add default dev eth0 src 192.0.2.2 proto static scope link onlink", CMD_ROUTE_ADD);
	accepts("address add 10.0.0.1/8 brd 10.255.255.255 scope host dev eth0 preferred_lft 0", CMD_ADDRESS_ADD);
	accepts("undo all", CMD_UNDO);
	accepts("key F5 toggle freebind", CMD_KEY);
	value_is(1, "toggle freebind");
	accepts("filter", CMD_FILTER);
}

// What people paste from elsewhere.
static void test_iproute2(void **state)
{
	(void)state;
	accepts("ip route add local 10.0.0.0/8 dev lo", CMD_ROUTE_ADD);
	accepts("ip -6 r a default dev eth0", CMD_ROUTE_ADD);
	assert_int_equal(call.family, AF_INET6);
	accepts("ip addr add 10.0.0.1/8 dev eth0", CMD_ADDRESS_ADD);
	accepts("ip a d 10.0.0.1/8 dev eth0", CMD_ADDRESS_DEL);
	accepts("ip route delete 10.0.0.0/8", CMD_ROUTE_DEL);
	accepts("ip rule add table 100", CMD_RULE_ADD);
	value_is(2, "100");
	accepts("ip link add dev v0 type veth peer name v1", CMD_LINK_ADD);
	accepts("ip link set dev v0 up", CMD_LINK_SET);
	accepts("ip l s v0 down", CMD_LINK_SET);
	accepts("ip addr", CMD_SHOW);
	value_is(0, "interfaces");
	accepts("ip -6 route show table local", CMD_SHOW);
	value_is(0, "routes");
	value_is(1, "table local");
	accepts("rule list", CMD_SHOW);
	accepts("sysctl -w net.ipv4.ip_local_port_range=\"1000 2000\"", CMD_SYSCTL);
	value_is(2, "1000 2000");
	accepts("sysctl net.ipv4.ip_local_port_range=1000 2000 # narrow", CMD_SYSCTL);
	value_is(2, "1000 2000");
	accepts("sysctl net.ipv4.ip_nonlocal_bind = 1", CMD_SYSCTL);
	value_is(2, "1");
	accepts("sysctl net.ipv4.ip_nonlocal_bind 1 # on", CMD_SYSCTL);
	value_is(2, "1");
	refuses("ip frobnicate", 3, "frobnicate", NULL);
	refuses("ip", 2, "address, route, rule, link", NULL);
	accepts("ip addre ad 10.0.0.1/8 dev eth0", CMD_ADDRESS_ADD);
	accepts("ip rou ap local 10.0.0.0/8 dev lo", CMD_ROUTE_APPEND);
	accepts("ip r r local 10.0.0.0/8 dev lo", CMD_ROUTE_REPLACE);
	accepts("ip nexth dele id 7", CMD_NEXTHOP_DEL);
	accepts("ip l se v0 down", CMD_LINK_SET);
	accepts("ip a s", CMD_SHOW);
	value_is(0, "interfaces");
	accepts("ip ru sho", CMD_SHOW);
	value_is(0, "rules");
	accepts("ip route add 10.0.0.0/8 dev lo protocol static preference 5", CMD_ROUTE_ADD);
	value_is(5, "5");
	accepts("ip rule add order 9 lookup main proto static", CMD_RULE_ADD);
	value_is(0, "9");
	refuses("ip ne add id 7 dev lo", 3, "ne", NULL); // iproute2's neighbours
	refuses("ip ax add 10.0.0.0/8", 3, "ax", NULL);
	refuses("ip addr set 10.0.0.0/8", 8, "address does not know", NULL);
	// An abbreviation that is in no table is none.
	refuses("rou add 10.0.0.0/8", 0, "did you mean route", NULL);
	refuses("ip -6 route add local 10.0.0.0/8 dev lo", 22, "10.0.0.0/8", NULL);
	refuses("ip -4 addr add 2001:db8::1/64 dev lo", 15, "2001:db8::1/64", NULL);
	accepts("ip -6 route add local 2001:db8::/64 dev lo", CMD_ROUTE_ADD);
	accepts("ip -6 rule add from all lookup main", CMD_RULE_ADD);
}

static void test_quotes_and_comments(void **state)
{
	(void)state;
	assert_int_equal(parse(""), -ENODATA);
	assert_int_equal(parse("  \t # only this"), -ENODATA);
	accepts("write \"a file.json\" force # over it", CMD_WRITE);
	value_is(0, "a file.json");
	value_is(2, "force");
	accepts("write a'b c'd", CMD_WRITE);
	value_is(0, "ab cd");
	accepts("write 'force'", CMD_WRITE);
	value_is(0, "force");
	accepts("say It's no. #1, \"quoted\"", CMD_SAY);
	value_is(0, "It's no. #1, \"quoted\"");
	accepts("say \"  indented\"", CMD_SAY);
	value_is(0, "  indented");
	accepts("say", CMD_SAY);
	value_is(0, NULL);
	accepts("bind 127.0.0.1\r", CMD_BIND);
	value_is(0, "127.0.0.1");
	refuses("write \"a file", 6, "quote", NULL);
	refuses("say \"a sentence.", 4, "this quote has no end", NULL);
	refuses("ask  \"Will it bind? [binds refused]", 5, "this quote has no end", NULL);
	refuses("say \"", 4, "this quote has no end", NULL);
	accepts("say 'tis 5\" wide", CMD_SAY);
	accepts("filter \"", CMD_FILTER);
	refuses("'bind' 127.0.0.1", 0, "bind", NULL);
}

// A line is what it looks like: what a terminal acts on, and what can't be seen, is named and refused anywhere in it.
static void test_unseen(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *shown;
	} rows[] = {
		{"\x1b[2K", "\\x1b"},
		{"\b", "\\x08"},
		{"\r", "\\x0d"},
		{"\n", "\\x0a"},
		{"\v", "\\x0b"},
		{"\x7f", "\\x7f"},
		{"\x9b", "\\x9b"},
		{"\xc2\x9b", "\\u009b"},
		{"\xff", "\\xff"},
		{"\xc3(", "\\xc3"},
		{"\xe2\x80\xae", "\\u202e"},
		{"\xe2\x81\xa6", "\\u2066"},
		{"\xe2\x80\x8b", "\\u200b"},
		{"\xe2\x80\xa8", "\\u2028"},
		{"\xef\xbb\xbf", "\\ufeff"},
		{"\xf3\xa0\x81\x81", "\\U000e0041"},
	};
	static const struct {
		const char *before, *after;
	} lines[] = {{"", "keep"},          {"route add local 10.0.0.0/8 dev ", "lo"},
		     {"say ", "hello"},     {"key F5 ", "keep"},
		     {"# a comment ", "x"}, {"write '", "file'"},
		     {"sysctl net.", "x 1"}};
	char line[128];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
			snprintf(line, sizeof line, "%s%s%s", lines[k].before, rows[i].bytes, lines[k].after);
			refuses(line, strlen(lines[k].before), rows[i].shown, NULL);
		}
	struct edit edits[COMMAND_EDITS]; // as a journal is read
	assert_int_equal(command_edit_line("route add local 10.0.0.0/8 dev lo # \x1b[A", edits, err, sizeof err),
			 -EINVAL);
	assert_int_equal(command_make(CMD_DEVICE, "l\x1b[Ao", &call, err, sizeof err), -EINVAL); // a key's, a prompt's
	accepts("say\tGr\xc3\xbc\xc3\x9f"
		"e",
		CMD_SAY);
	accepts("\tkeep\r\n", CMD_KEEP);
}

static void test_errors_point(void **state)
{
	(void)state;
	refuses("route add locl 10.0.0.0/8", 10, "did you mean local?", "PREFIX");
	refuses("route add 10.0.0.0/33", 10, "ADDRESS/LENGTH", NULL);
	refuses("route add 10.0.0.1/8", 10, "10.0.0.1/8", NULL);
	refuses("route add local 10.0.0.0/8 dve lo", 27, "did you mean dev?", "route add");
	refuses("route add local 10.0.0.0/8 dev", 30, "dev needs IF", NULL);
	refuses("route add local 10.0.0.0/8 dev lo dev lo", 34, "dev", NULL);
	refuses("route add", 9, "needs PREFIX", NULL);
	refuses("route", 5, "route", "add, append, replace, del, show");
	refuses("route ad 10.0.0.0/8", 6, "did you mean add?", "del, show");
	refuses("route table 5", 6, "\"table\"", NULL);
	refuses("bnid 127.0.0.1", 0, "did you mean bind?", NULL);
	refuses("zzzzzz", 0, "\"zzzzzz\"", "help");
	refuses("bind 127.0.0.1 http", 15, "0 to 65535", NULL);
	refuses("bind 1.2.3", 5, "1.2.3", NULL);
	refuses("bind 127.0.0.1 80 90", 18, "\"90\"", NULL);
	refuses("reset now", 6, "reset", "now");
	refuses("port 65536", 5, "0 to 65535", NULL);
	refuses("set freebnd", 4, "did you mean freebind?", NULL);
	refuses("set freebind=7", 13, "0 or 1", NULL);
	refuses("set portrange 7", 14, "LOW-HIGH", NULL);
	refuses("set mark", 8, "number", NULL);
	refuses("proto tpc", 6, "did you mean tcp?", NULL);
	refuses("type", 4, "stream|dgram|raw|ping", NULL);
	refuses("show rotes", 5, "did you mean routes?", NULL);
	refuses("expect ADDR_NOT_LOCL", 7, "did you mean ADDR_NOT_LOCAL?", NULL);
	refuses("expect EADDRINUS", 7, "did you mean EADDRINUSE?", NULL);
	refuses("check refused ADDR_NOT_LOCL", 14, "did you mean ADDR_NOT_LOCAL?", NULL);
	assert_null(strstr(err, "ok|refused")); // the words were listed
	refuses("step 0", 5, "next, back", NULL);
	refuses("step nxt", 5, "next, back, first", NULL);
	refuses("link add v0 type veth", 21, "link add NAME", NULL);
	refuses("link add v0 type vrf", 20, "table", NULL);
	refuses("link add v0 type dummy peer v1", 28, "veth", NULL);
	refuses("link add v0 type bridge", 17, "veth, dummy, vrf", NULL);
	refuses("link add a-name-that-is-too-long type dummy", 9, "15 bytes", NULL);
	refuses("link set v0", 11, "up|down", NULL);
	refuses("link set v0 up down", 15, "down", NULL);
	refuses("sysctl kernel.hostname x", 7, "below net.", NULL);
	refuses("sysctl net.ipv4.ip_nonlocal_bnd/../../x 1", 7, "below net.", NULL);
	refuses("rule add pref x lookup 7", 14, "number", NULL);
	refuses("rule add pref 7", 15, "needs lookup T", NULL);
	refuses("rule add lookup 7 blackhole l3mdev", 28, "l3mdev", NULL);
	refuses("nexthop add id 7", 16, "or blackhole", NULL);
	refuses("rule add fwmark x lookup 7", 16, "NUMBER[/MASK]", NULL);
	refuses("address add 10.0.0.1/8", 22, "needs dev IF", NULL);
	refuses("address 1.2.3", 8, "'1.2.3' is not an address", NULL);
	refuses("address foo 80", 8, "'foo' is not an address", NULL);
	refuses("address 99999", 8, "a number from 0 to 65535", NULL);
	refuses("quit-yes", 0, "quit-yes", NULL);
	refuses("unset al", 6, "did you mean all?", NULL);
}

static void test_long_lines(void **state)
{
	(void)state;
	char line[4 * COMMAND_TEXT];
	for (size_t n = COMMAND_ARG - 20; n < sizeof line; n += 7) {
		memset(line, 'x', n);
		line[n - 1] = '\0';
		memcpy(line, "say ", 4);
		int ret = parse(line);
		assert_int_equal(ret, n - 1 - 4 < COMMAND_ARG ? 0 : -EINVAL);
		memcpy(line, "bind", 4);
		assert_int_equal(parse(line), -EINVAL);
	}
}

static void test_make(void **state)
{
	(void)state;
	assert_int_equal(command_make(CMD_TOGGLE, "freebind", &call, err, sizeof err), 0);
	value_is(0, "freebind");
	assert_string_equal(call.arg, "freebind");
	assert_int_equal(command_make(CMD_QUIT_YES, "", &call, err, sizeof err), 0);
	assert_int_equal(call.id, CMD_QUIT_YES);
	assert_int_equal(command_make(CMD_TOGGLE, "nothing", &call, err, sizeof err), -EINVAL);
}

struct offered {
	char text[4096];
	unsigned n, most;
	bool file;
};

static bool take(const char *word, void *data)
{
	struct offered *o = data;
	size_t at = strlen(o->text);
	snprintf(o->text + at, sizeof o->text - at, " %s ", word);
	return ++o->n != o->most;
}

static const struct host *completing;

static struct offered complete(const char *line)
{
	struct offered o = {.text = ""};
	struct completion to = {take, &o, &o.file};
	command_complete(line, strlen(line), completing, &to);
	return o;
}

static void offers(const char *line, const char *words, const char * not )
{
	struct offered o = complete(line);
	char text[256], *save = NULL, padded[64];
	snprintf(text, sizeof text, "%s", words);
	for (char *w = strtok_r(text, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		snprintf(padded, sizeof padded, " %s ", w);
		if (!strstr(o.text, padded))
			fail_msg("\"%s\" offers%s, but not %s", line, o.text, w);
	}
	snprintf(padded, sizeof padded, " %s ", not ? not : "");
	if (not &&strstr(o.text, padded))
		fail_msg("\"%s\" offers %s", line, not );
}

static void test_completion(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link eth0; addr 192.0.2.2/24 dev eth0; addr fe80::2/64 dev eth0; "
				   "altname eth0 enp0s31f6; route local 198.51.100.0/24 dev lo");
	completing = h;
	offers("", "bind route show step help", "quit-yes");
	offers("r", "route rule reset", "bind");
	offers("route ", "add del show", "bind");
	offers("route a", "add", "del");
	offers("ip ", "address link route rule", "bind");
	offers("ip ro", "route", "rule");
	offers("route add ", "local unicast default 198.51.100.0/24", "dev2");
	offers("route add local ", "default dev table", "unicast");
	offers("route add local 10.0.0.0/8 ", "dev via table metric", "local");
	offers("route add local 10.0.0.0/8 dev ", "lo eth0", "via");
	offers("route add local 10.0.0.0/8 dev lo ", "via table", "dev");
	offers("route add local 10.0.0.0/8 table ", "local main default", "eth0");
	offers("bind ", "192.0.2.2 fe80::2%eth0 198.51.100.1 ::1", "eth0");
	offers("bind fe80::2%", "fe80::2%lo fe80::2%eth0 fe80::2%enp0s31f6", NULL);
	offers("device ", "lo eth0 enp0s31f6 none", NULL);
	offers("link set ", "eth0", "enp0s31f6"); // a change takes the own name
	offers("set ", "freebind v6only", "all");
	offers("unset ", "freebind all", NULL);
	offers("sysctl net.ipv4.ip_non", "net.ipv4.ip_nonlocal_bind", NULL);
	offers("expect ", "ok refused ADDR_NOT_LOCAL EADDRINUSE", "E?");
	offers("step ", "next back first deciding", NULL);
	offers("address ", "add del 192.0.2.2", NULL);
	offers("address del ", "192.0.2.2/24", "add");
	offers("link set eth0 up ", "master", "down");
	offers("link set eth0 ", "up down master nomaster", NULL);
	offers("show ", "interfaces events", NULL);
	offers("help fre", "freebind freebind6", "bind");
	offers("help any", "anyip", "bind");
	offers("help -", "--search", "bind");
	offers("help route", "route", NULL);
	offers("key F5 tog", "toggle", NULL);
	offers("key F5 toggle free", "freebind", NULL);
	assert_true(complete("write ").file && complete("write some").file);
	assert_false(complete("writ").file || complete("write some ").file || complete("bind ").file);
	offers("write some ", "force", NULL);
	assert_int_equal(complete("nonsense ").n, 0);
	assert_int_equal(complete("reset ").n, 0);
	completing = NULL;
	offers("bind ", "", "192.0.2.2");
	host_free(h);
}

// Each errno that the model knows can be expected.
static void test_expected(void **state)
{
	(void)state;
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		if (f->err && argument_check(ARG_EXPECTED, errno_name(f->err), err, sizeof err) < 0)
			fail_msg("%s", err);
	}
}

// Whatever is offered for a place is taken there.
static void test_offered_is_taken(void **state)
{
	(void)state;
	for (int kind = ARG_NONE; kind < ARG_COUNT; kind++)
		for (size_t n = 0; argument_word((enum argument)kind, n); n++)
			assert_int_equal(argument_check((enum argument)kind, argument_word((enum argument)kind, n), err,
							sizeof err),
					 0);
	for (int i = 0; i < CMD_COUNT; i++)
		if (!(command_info((enum command_id)i)->needs & NEED_KEY))
			for (unsigned n = 0; n < command_params((enum command_id)i); n++)
				assert_true(command_info((enum command_id)i)->params[n].kind < ARG_COUNT);
}

static void aims(const struct host *h, struct attempt *a, const char *line)
{
	assert_int_equal(parse(line), 0);
	if (attempt_command_run(a, h, &call, err, sizeof err, NULL) < 0)
		fail_msg("\"%s\": %s", line, err);
}

static void misses(const struct host *h, struct attempt *a, const char *line, unsigned param, const char *part)
{
	struct attempt before = *a;
	unsigned at = 99;
	assert_int_equal(parse(line), 0);
	assert_int_equal(attempt_command_run(a, h, &call, err, sizeof err, &at), -EINVAL);
	assert_int_equal(at, param);
	assert_non_null(strstr(err, part));
	assert_true(attempt_equal(&before, a));
}

static void test_aim(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link eth0; link eth1; altname eth1 enp0s31f6");
	struct addr none = {0};
	struct attempt a = attempt_new(&none);
	char text[ATTEMPT_TEXT];
	aims(h, &a, "address fe80::2%eth0");
	assert_int_equal(a.scope, host_link_named(h, "eth0")->index);
	aims(h, &a, "scope eth1");
	assert_string_equal(attempt_print(&a, text), "tcp6 [fe80::2%eth1]:0");
	aims(h, &a, "scope enp0s31f6");
	assert_int_equal(a.scope, host_link_named(h, "eth1")->index);
	aims(h, &a, "scope none");
	assert_int_equal(a.scope, 0);
	aims(h, &a, "bind 192.0.2.2 80");
	assert_string_equal(attempt_print(&a, text), "tcp4 192.0.2.2:80");
	aims(h, &a, "proto");
	assert_int_equal(a.kind, KIND_UDP);
	aims(h, &a, "type stream");
	assert_int_equal(a.kind, KIND_TCP);
	aims(h, &a, "proto mptcp");
	aims(h, &a, "type stream");
	assert_int_equal(a.kind, KIND_MPTCP);
	aims(h, &a, "type ping");
	assert_int_equal(a.kind, KIND_PING);
	aims(h, &a, "device");
	assert_string_equal(attempt_setting(&a, OPT_DEVICE)->device, "lo");
	aims(h, &a, "device");
	aims(h, &a, "device");
	aims(h, &a, "device");
	assert_null(attempt_setting(&a, OPT_DEVICE));
	aims(h, &a, "toggle freebind");
	assert_true(attempt_on(&a, OPT_FREEBIND));
	aims(h, &a, "set freebind 0");
	assert_false(attempt_on(&a, OPT_FREEBIND));
	assert_int_equal(a.nsettings, 1);
	aims(h, &a, "set mark=7");
	aims(h, &a, "unset all");
	assert_int_equal(a.nsettings, 0);
	aims(h, &a, "family inet6");
	aims(h, &a, "sa-family 10");
	aims(h, &a, "addrlen 28");
	aims(h, &a, "again");
	a.kind = KIND_TCP;
	assert_string_equal(attempt_print(&a, text), "tcp6 192.0.2.2:80 sa_family AF_INET6 addrlen 28 again");
	aims(h, &a, "family");
	aims(h, &a, "sa-family");
	aims(h, &a, "addrlen");
	aims(h, &a, "again off");
	assert_string_equal(attempt_print(&a, text), "tcp4 192.0.2.2:80");
	assert_int_equal(parse("family unspec"), -EINVAL);
	assert_int_equal(parse("sa-family 65536"), -EINVAL);
	assert_int_equal(parse("addrlen 65536"), -EINVAL);
	misses(h, &a, "port", 0, "needs NUMBER");
	misses(h, &a, "address fe80::1%eth9", 0, "did you mean eth");
	misses(h, &a, "device wlan0", 0, "lo, eth0, eth1");
	misses(h, &a, "scope eth0", 0, "IPv6");
	misses(h, &a, "toggle mark", 0, "mark=VALUE");
	host_free(h);
}

// What the table says to be for labs only is what can't be undone exactly, whatever the state.
static void check_only_in_a_lab(const char *line)
{
	static const struct inventory nothing;
	struct edit edits[COMMAND_EDITS];
	struct inventory back = {0};
	assert_int_equal(parse(line), 0);
	const struct command *c = command_info(call.id);
	if (!command_changes(call.id) || c->needs & NEED_SCREEN || command_edits(&call, edits, err, sizeof err) != 1)
		return;
	int rc = edit_inverse(&nothing, edits, &back, err, sizeof err);
	if ((rc == -EOPNOTSUPP) != ((c->needs & ONLY_LAB) != 0))
		fail_msg("%s: %d %s", line, rc, err);
	inventory_free(&back);
}

static void test_only_in_a_lab(void **state)
{
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++)
		for (int e = 0; e < COMMAND_EXAMPLES && command_info((enum command_id)i)->examples[e]; e++) {
			char text[256], *save = NULL;
			snprintf(text, sizeof text, "%s", command_info((enum command_id)i)->examples[e]);
			for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
				check_only_in_a_lab(line);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_complete),
		cmocka_unit_test(test_synopsis_names_parameters),
		cmocka_unit_test(test_values_name_words),
		cmocka_unit_test(test_examples_parse),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_iproute2),
		cmocka_unit_test(test_quotes_and_comments),
		cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_errors_point),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_expected),
		cmocka_unit_test(test_offered_is_taken),
		cmocka_unit_test(test_only_in_a_lab),
		cmocka_unit_test(test_aim),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
