// SPDX-License-Identifier: GPL-3.0-or-later
// The session in a lab: every command's examples run, and what each command changes is seen in the kernel.
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/change/editor_undo.h"
#include "core/command/lab_make.h"
#include "core/command/session.h"
#include "core/command/session_run.h"
#include "tests/live/live.h"

static struct session session;
static struct editor *editor;
static struct session_error error;
static char rows[64 * 1024], object[256 * 1024];

static void keep_row(void *data, const struct row *row)
{
	size_t at = strlen(rows);
	(void)data;
	snprintf(rows + at, sizeof rows - at, "%s\n", row->text);
}

static void keep_object(void *data, const char *json)
{
	(void)data;
	assert_true(strlen(json) < sizeof object);
	strcpy(object, json);
}

static const struct session_out as_rows = {.row = keep_row}, as_json = {.json = keep_object};

static enum exit_status run(const char *line)
{
	rows[0] = '\0';
	return session_line(&session, line, &as_rows, &error);
}

static void runs(const char *line)
{
	enum exit_status how = run(line);
	if (how != EXIT_OK)
		fail_msg("\"%s\": %d %s", line, how, error.text);
}

static void fails(const char *line, enum exit_status how, const char *part)
{
	enum exit_status got = run(line);
	if (got != how || !strstr(error.text, part))
		fail_msg("\"%s\": %d, %s", line, got, error.text);
}

static void says(const char *line, const char *part)
{
	runs(line);
	if (!strstr(rows, part))
		fail_msg("\"%s\" does not say %s but:\n%s", line, part, rows);
}

static void says_not(const char *line, const char *part)
{
	runs(line);
	if (strstr(rows, part))
		fail_msg("\"%s\" says %s:\n%s", line, part, rows);
}

static void fresh(void)
{
	char err[COMMAND_ERROR];
	session_close(&session);
	assert_true(editor_undo(editor, true, err, sizeof err) >= -ENODATA);
	assert_int_equal(session_open(&session, editor, NULL, err, sizeof err), 0);
}

// Where somebody follows the namespace, commands use that host and read nothing themselves.
static void test_followed(void **state)
{
	(void)state;
	char err[256];
	struct host *h;
	fresh();
	assert_int_equal(observe_read(session.observer, &h, err, sizeof err), 0);
	struct observer *own = session.observer;
	session.observer = NULL; // a reading would end the test
	session.followed = h;
	says("show interfaces", "eth0");
	says("show routes", "127.0.0.1");
	says("device eth0", "device=eth0");
	fails("device eth9", EXIT_WRONG, "'eth9'");
	session.observer = own;
	session.followed = NULL;
	host_free(h);
}

static void test_examples(void **state)
{
	unsigned n = 0;
	(void)state;
	for (int i = 0; i < CMD_COUNT; i++) {
		const struct command *c = command_info((enum command_id)i);
		if (c->needs & (NEED_KEY | NEED_SCREEN))
			continue;
		for (int e = 0; e < COMMAND_EXAMPLES && c->examples[e]; e++) {
			char text[256], *save = NULL;
			fresh();
			n++;
			snprintf(text, sizeof text, "%s", c->examples[e]);
			for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
				enum exit_status how = run(line);
				if (how == EXIT_WRONG && strstr(error.text, "not supported"))
					break; // a kernel without this kind of interface
				if (how != EXIT_OK)
					fail_msg("%s, example \"%s\": %s", c->name, line, error.text);
			}
		}
	}
	assert_true(n > 40);
	fresh();
}

static void test_story(void **state)
{
	(void)state;
	fresh();
	says("bind 192.168.123.123", "EADDRNOTAVAIL");
	runs("expect EADDRNOTAVAIL");
	runs("expect ADDR_NOT_LOCAL");
	runs("expect refused");
	fails("expect ok", EXIT_REFUSED, "expected ok, found EADDRNOTAVAIL");
	assert_int_equal(error.column, 7);
	says("ip route add local 192.168.123.0/24 dev lo", "ip route add local 192.168.123.0/24 dev lo");
	runs("expect ok"); // predicted anew, since something has changed
	runs("bind");
	runs("expect ADDR_ANYIP");
	runs("undo");
	runs("bind");
	runs("expect refused");
	runs("set freebind");
	runs("bind");
	runs("expect NONLOCAL_BY_FREEBIND");
	runs("unset all");
	says("sysctl net.ipv4.ip_nonlocal_bind", "sysctl -w net.ipv4.ip_nonlocal_bind=1");
	runs("bind");
	runs("expect NONLOCAL_BY_SYSCTL");
	runs("undo all");
	runs("bind");
	runs("expect refused");
}

static void test_changes_and_undo(void **state)
{
	(void)state;
	fresh();
	runs("address add 198.51.100.1/24 dev eth0");
	says("show interfaces", "198.51.100.1/24 dev eth0");
	says("ip addr show 198.51", "198.51.100.1/24");
	runs("address add 2001:db8:1::1/64 dev eth0 nodad");
	says("show interfaces 2001:db8:1:", "nodad");
	runs("ip -6 route add local 2001:db8:2::/64 dev lo");
	says("show routes 2001:db8:2:", "Any-IP");
	runs("rule add pref 100 from 192.0.2.0/24 lookup 100");
	says("show rules", "100: from 192.0.2.0/24 lookup 100");
	runs("ip -6 rule add pref 101 lookup main");
	says("ip -6 rule", "101: from all lookup main IPv6");
	says_not("ip -4 rule", "101:");
	runs("link set eth0 down");
	says("show interfaces eth0", "eth0 down");
	says("undo", "1 change undone, 5 left");
	says("show interfaces eth0", "eth0 up");
	runs("undo all");
	says_not("show rules", "192.0.2.0/24");
	says_not("show interfaces", "198.51.100.1");
	fails("undo", EXIT_WRONG, "no change");
	runs("undo all");
	assert_string_equal(rows, "0 changes undone, 0 left\n");
	runs("rule add pref 102 not from 10.0.0.0/8 tos 0x10 fwmark 0x5 prohibit");
	says("show rules", "102: not from 10.0.0.0/8 tos 0x10 fwmark 0x5 prohibit IPv4");
	runs("undo all");
	says_not("ip -4 addr show", "2001:db8::2/64");
	says("ip -4 addr show", "192.0.2.2/24");
	says_not("ip -6 addr show dev eth0", "192.0.2.2");
	runs("route add local 203.0.113.0/24 dev lo");
	runs("route replace blackhole 203.0.113.0/24 table local");
	says("show routes 203.0", "blackhole");
	runs("route append local 203.0.113.0/24 dev lo");
	says("show routes 203.0", "Any-IP");
	runs("undo");
	says_not("show routes 203.0", "Any-IP");
	runs("undo");
	says("show routes 203.0", "Any-IP");
	runs("undo");
	runs("address del 192.0.2.2/24 dev eth0");
	runs("reset");
	says("show interfaces", "192.0.2.2/24 dev eth0");
	runs("bind 192.0.2.2");
	runs("expect ok");
}

static void test_errors(void **state)
{
	(void)state;
	fresh();
	fails("bind", EXIT_WRONG, "no address");
	fails("compare", EXIT_WRONG, "no address");
	fails("route add locl 10.0.0.0/8", EXIT_WRONG, "did you mean local?");
	assert_int_equal(error.column, 10);
	fails("route add local 10.0.0.0/8 dev eth9", EXIT_WRONG, "did you mean eth0?");
	assert_int_equal(error.column, 31);
	fails("address fe80::1%nix", EXIT_WRONG, "'nix'");
	fails("zoom", EXIT_WRONG, "zoom");
	fails("help zzzz", EXIT_WRONG, "zzzz");
	runs("bind 192.0.2.2");
	fails("step 99", EXIT_WRONG, "steps");
	fails("sysctl net.ipv4.ip_nonlocal_bnd 1", EXIT_WRONG, "did you mean net.ipv4.ip_nonlocal_bind?");
	assert_int_equal(error.column, 7);
	fails("sysctl net.ipv4.ip_nonlocal_bnd", EXIT_WRONG, "did you mean net.ipv4.ip_nonlocal_bind?");
	fails("sysctl net.zzzz 1", EXIT_WRONG, "has no sysctl net.zzzz");
	// The kernel's own words.
	fails("route add 10.0.0.0/8 via 203.0.113.1", EXIT_WRONG, "invalid gateway");
	session.editor = NULL;
	session.read_only = "this host is read-only";
	fails("route add local 10.0.0.0/8 dev lo", EXIT_MISSING, "route add: this host is read-only");
	fails("compare live", EXIT_MISSING, "read-only");
	runs("compare");
	session.editor = editor;
}

static void test_looking(void **state)
{
	(void)state;
	fresh();
	runs("bind 192.0.2.2 8080");
	says("show walk", "classify");
	says("step first", "socket");
	says("step next", "hooks");
	says("step back", "socket");
	says("step deciding", "classify");
	says("detail", "inet_addr_type_table()");
	says("show options", "[ ] freebind");
	runs("set freebind");
	says("show options", "[x] freebind");
	says("show sysctls port_range", "net.ipv4.ip_local_port_range = ");
	says("show events", "bind tcp4 192.0.2.2:8080: ok");
	assert_int_equal(session_line(&session, "show events 8080", &as_json, &error), EXIT_OK);
	json_t *root = json_loads(object, 0, NULL);
	const json_t *event = json_array_get(json_object_get(root, "events"), 0);
	assert_string_equal(json_string_value(json_object_get(event, "by")), "here");
	assert_int_equal(json_string_value(json_object_get(event, "time"))[10], 'T');
	json_decref(root);
	runs("filter 127");
	says_not("show interfaces", "192.0.2.2");
	runs("filter");
	says("show interfaces", "192.0.2.2");
	says("show routes nosuchthing", "none of");
	says("help route add", "route add");
	says("help tentative waiting", "dad: the topic"); // no name: all texts with these words
	says("help --search dad", "ADDR_DADFAILED: the code");
	fails("help --search zzzz", EXIT_WRONG, "zzzz");
	says("say Some text", "Some text\n");
	says("say", "\n");
	says("ask Why?", "Why?");
	says("help", "compare");
	assert_false(session.quit);
	runs("quit");
	assert_true(session.quit);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(7777)};
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 1), 0);
	says("show sockets 7777", "tcp4 ");
	says("show sockets", " 0.0.0.0:7777 ");
	close(fd);
}

static void test_compare(void **state)
{
	(void)state;
	fresh();
	runs("address 203.0.113.9");
	says("compare", "predicted");
	says("compare live", "bound for real");
	assert_null(strstr(rows, "!"));
	assert_int_equal(editor_count(editor), 0); // nothing stays
	runs("bind");
	runs("expect refused");
	object[0] = '\0';
	assert_int_equal(session_line(&session, "compare live", &as_json, &error), EXIT_OK);
	json_t *root = json_loads(object, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(root, "matrix")), 18);
	size_t i;
	json_t *cell;
	json_array_foreach(json_object_get(root, "matrix"), i, cell)
	{
		const char *with = json_string_value(json_object_get(cell, "with"));
		const char *as = json_string_value(json_object_get(cell, "as"));
		const char *seen = json_string_value(json_object_get(cell, "observed"));
		// Any-IP is what IPv6 does not have.
		bool refused =
			strcmp(with, "nothing") == 0 || (strcmp(with, "Any-IP route") == 0 && strcmp(as, "IPv6") == 0);
		assert_string_equal(seen, refused ? "EADDRNOTAVAIL" : "ok");
	}
	json_decref(root);
}

// A route that is there already stays, and what is different from the row without it is said as it is.
static void test_compare_on_a_changed_host(void **state)
{
	(void)state;
	fresh();
	runs("route add local 203.0.113.0/24 dev lo");
	runs("sysctl net.ipv6.ip_nonlocal_bind 1");
	runs("address 203.0.113.9");
	says("compare live", "bound for real");
	assert_null(strstr(rows, "!"));
	assert_int_equal(editor_count(editor), 2);
	says("show routes 203.0.113.0/24", "Any-IP");
	says("show sysctls v6.ip_nonlocal", "= 1");
	runs("undo all");
}

// What the model predicts for each cell, and what a real bind ends with: for addresses of each kind, protocols,
// devices, and a lab that is not as it was at first.
static void test_compare_each_cell(void **state)
{
	static const char *const labs[][3] = {
		{"address add 198.51.100.7/24 dev eth0", "ip -6 addr add 2001:db8:7::7/64 dev eth0 nodad"},
		{"route add local 203.0.113.0/24 dev lo", "route add local 2001:db8:113::/64 dev lo"},
		{"route add blackhole 203.0.113.0/24 table local", "rule add pref 100 lookup 100"},
		{"link set eth0 down", "sysctl net.ipv6.ip_nonlocal_bind 1"},
		{"link add red type vrf table 10", "link set red up", "link set eth0 master red"},
	};
	static const char *const attempts[] = {
		"address 203.0.113.9:0\ndevice none",
		"proto udp\naddress 203.0.113.9:8053",
		"proto raw\naddress 203.0.113.9",
		"proto tcp\naddress [2001:db8:113::9]:80",
		"address 127.9.9.9:0",
		"address 0.0.0.0:0",
		"address [::1]:0",
		"address 224.0.0.5:0",
		"proto udp\naddress [ff02::5%eth0]:0",
		"address 255.255.255.255:0",
		"proto tcp\naddress [fe80::77%eth0]:0",
		"address 192.0.2.2:0",
		"address 198.51.100.7:0",
		"address [2001:db8:7::7]:0",
		"set reuseaddr\naddress 203.0.113.9:80",
		"unset all\ndevice eth0",
		"address [2001:db8:113::9]:0",
		"unprivileged on\naddress 203.0.113.9:80",
		"unprivileged off\nunset all",
	};
	(void)state;
	for (size_t l = 0; l < sizeof labs / sizeof *labs; l++) {
		fresh();
		if (run(labs[l][0]) == EXIT_WRONG && strstr(error.text, "Unknown device type"))
			continue; // a kernel without VRFs
		for (size_t i = 0; i < 3 && labs[l][i]; i++)
			if (i > 0 || editor_count(editor) == 0)
				runs(labs[l][i]);
		size_t changes = editor_count(editor);
		for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
			char lines[128], *rest = lines;
			snprintf(lines, sizeof lines, "%s", attempts[i]);
			for (char *line; (line = strsep(&rest, "\n"));)
				runs(line);
			rows[0] = '\0';
			enum exit_status how = session_line(&session, "compare live", &as_rows, &error);
			if (how != EXIT_OK || strchr(rows, '!'))
				fail_msg("%s, after %s: %s\n%s", attempts[i], labs[l][0], error.text, rows);
			assert_int_equal(editor_count(editor), changes);
		}
	}
	fresh();
}

static void test_compare_with(void **state)
{
	(void)state;
	fresh();
	fails("compare with before", EXIT_WRONG, "no address");
	runs("bind 192.168.123.123");
	fails("compare with before", EXIT_WRONG, "nothing has changed");
	fails("compare with pinned", EXIT_WRONG, "no walk is pinned");
	fails("compare with before ::1", EXIT_WRONG, "either");
	says("compare with other", "IPv6 tcp6 [2001:db8:123::123]:0");
	says("compare with", "live: EADDRNOTAVAIL");
	says("compare with", "predicted: EADDRNOTAVAIL");
	runs("pin");
	runs("route add local 192.168.123.0/24 dev lo");
	says("compare with before", "What changed: ip route add local 192.168.123.0/24 dev lo");
	says("compare with before", "First difference: classify");
	says("compare with pinned", "pinned");
	says("compare with 127.0.0.1:80", "other tcp4 127.0.0.1:80");
	says("compare with ::1 80", "IPv6 tcp6 [::1]:80");
	says("counterpart", "[2001:db8:123::123]");
	says("counterpart", "192.168.123.123");
	object[0] = '\0';
	assert_int_equal(session_line(&session, "compare with", &as_json, &error), EXIT_OK);
	json_t *root = json_loads(object, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "compare"), "first_difference")),
			    "classify");
	json_decref(root);
	runs("undo all");
}

static bool file_has(const char *path, const char *part)
{
	char text[16384];
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	size_t n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	return strstr(text, part) != NULL;
}

static void test_write_comparisons(void **state)
{
	(void)state;
	fresh();
	runs("bind 203.0.113.9");
	runs("write w.md");
	assert_true(file_has("w.md", "| ✗ | 7 | acceptable |"));
	assert_true(file_has("w.md", "- set IP\\_FREEBIND on the socket"));
	runs("write c.md compare");
	assert_true(file_has("c.md", "| ≠ | classify |"));
	runs("write c.txt compare");
	assert_true(file_has("c.txt", "≠ classify"));
	runs("write c.json compare");
	json_t *root = json_load_file("c.json", 0, NULL);
	assert_non_null(json_object_get(root, "rows"));
	json_decref(root);
	runs("write m.json matrix");
	root = json_load_file("m.json", 0, NULL);
	assert_int_equal(json_array_size(root), 18);
	json_decref(root);
	runs("compare live");
	runs("write m.md matrix");
	assert_true(file_has("m.md", "| address configured | bound (live) |"));
	runs("write m.txt matrix");
	assert_true(file_has("m.txt", "●bound"));
	fails("write m.txt matrix", EXIT_WRONG, "already exists");
	runs("write m.txt matrix force");
	static const char *const written[] = {"w.md", "c.md", "c.txt", "c.json", "m.json", "m.md", "m.txt"};
	for (size_t i = 0; i < sizeof written / sizeof *written; i++)
		assert_int_equal(unlink(written[i]), 0);
}

static void test_write(void **state)
{
	struct stat st;
	(void)state;
	fresh();
	runs("bind 192.0.2.2");
	runs("write a.json");
	json_t *root = json_load_file("a.json", 0, NULL);
	assert_non_null(json_object_get(root, "verdict"));
	json_decref(root);
	fails("write a.json", EXIT_WRONG, "already exists");
	mode_t mask = umask(027);
	runs("write masked.txt");
	umask(mask);
	assert_int_equal(stat("masked.txt", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	runs("write a.json force");
	runs("write 'b c.txt'");
	assert_int_equal(stat("b c.txt", &st), 0);
	assert_true(st.st_size > 200);
	fails("write no/such/folder", EXIT_WRONG, "No such file");
	fails("write . force", EXIT_WRONG, "Is a directory");
	// Only a file is ever replaced, and a link to one stays a link.
	assert_int_equal(mkfifo("pipe", 0600), 0);
	fails("write pipe", EXIT_WRONG, "pipe");
	fails("write pipe force", EXIT_WRONG, "pipe");
	assert_int_equal(lstat("pipe", &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(symlink("a.json", "link"), 0);
	fails("write link", EXIT_WRONG, "already exists");
	runs("write link force");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	fails("write dangling force", EXIT_WRONG, "dangling");
	// "~/" is home.
	char before[PATH_MAX], here[PATH_MAX];
	snprintf(before, sizeof before, "%s", getenv("HOME") ? getenv("HOME") : "");
	assert_non_null(getcwd(here, sizeof here));
	setenv("HOME", here, 1);
	runs("write ~/home.txt");
	setenv("HOME", before, 1);
	assert_int_equal(stat("home.txt", &st), 0);
}

static void test_json(void **state)
{
	(void)state;
	fresh();
	assert_int_equal(session_line(&session, "bind 192.0.2.2", &as_json, &error), EXIT_OK);
	json_t *root = json_loads(object, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(root, "command")), "bind");
	assert_string_equal(json_string_value(json_object_get(root, "result")), "ok");
	assert_non_null(json_object_get(json_object_get(root, "walk"), "steps"));
	json_decref(root);
	assert_int_equal(session_line(&session, "route add locl 10.0.0.0/8", &as_json, &error), EXIT_WRONG);
	root = json_loads(object, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "error"), "column")), 11);
	assert_true(json_is_null(json_object_get(root, "command")));
	json_decref(root);
	assert_int_equal(session_line(&session, "expect refused", &as_json, &error), EXIT_REFUSED);
	root = json_loads(object, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(root, "result")), "failed");
	json_decref(root);
}

// A check is about real binds only, and says what the kernel says.
static void test_check(void **state)
{
	(void)state;
	fresh();
	fails("check ok", EXIT_REFUSED, "nothing was bound since");
	runs("address 203.0.113.9");
	runs("step first"); // a prediction is no proof
	fails("check refused", EXIT_REFUSED, "nothing was bound since");
	runs("bind");
	says("check refused EADDRNOTAVAIL ADDR_NOT_LOCAL", "the kernel says EADDRNOTAVAIL");
	fails("check ok", EXIT_REFUSED, "expected ok, the kernel says EADDRNOTAVAIL");
	assert_int_equal(error.column, 6);
	fails("check refused EACCES", EXIT_REFUSED, "expected EACCES");
	assert_int_equal(error.column, 14);
	// Of another address, with the options of this bind; the walk stays.
	says("check bind 127.0.0.1:8080 ok", "the kernel says ok");
	says("check refused ADDR_NOT_LOCAL", "EADDRNOTAVAIL");
	runs("set freebind");
	says("check bind 203.0.113.9 ok NONLOCAL_BY_FREEBIND", "the kernel says ok");
	// The scope that was given belongs to the address.
	runs("address fe80::2%eth0");
	says("check bind fe80::2 ok", "the kernel says ok");
	runs("scope none");
	fails("check bind fe80::2 ok", EXIT_REFUSED, "EINVAL");
	runs("address ::1");
	fails("check bind fe80::2 ok", EXIT_REFUSED, "EINVAL");
}

static void test_lesson_words(void **state)
{
	(void)state;
	fresh();
	says("lesson \"IPv6 is different\"", "IPv6 is different");
	says("step \"one\"", "one");
	says("step \"One way\"", "One way");
	says("lab host", "");
	fails("lab anyip", EXIT_MISSING, "--with anyip");
	says("do bind 127.0.0.1", "$ bind 127.0.0.1");
	fails("do bind 127.0.0.1.5", EXIT_WRONG, "127.0.0.1.5");
	assert_int_equal(error.column, 8);
	fails("since 4.0 do bind 127.0.0.1.5", EXIT_WRONG, "127.0.0.1.5");
	assert_int_equal(error.column, 18);
	fails("do do bind", EXIT_WRONG, "cannot stand behind");
	says_not("before 4.0 say never", "never");
	says("since 4.0 say always", "always");
	says("ask \"Will it?\" [binds refused]", "Will it? (binds, refused)");
	fails("ask \"Will it?\" [this that]", EXIT_WRONG, "mark the right choice");
	says("hint x", "");
	says("note x", "");
}

// In a renewed lab nothing is left of the old one, and there is nothing to undo.
static void test_renew(void **state)
{
	(void)state;
	char err[COMMAND_ERROR];
	fresh();
	session.first.attempt = session.attempt;
	runs("route add local 198.51.100.0/24 dev lo");
	runs("rule add pref 100 from 192.0.2.0/24 lookup 100");
	runs("link add v0 type veth peer v1");
	says("bind 198.51.100.7", "OK");
	uint64_t events = session.events.ever;
	assert_int_equal(lab_renew("host", err, sizeof err), 0);
	assert_int_equal(session_move(&session, err, sizeof err), 0);
	assert_string_equal(lab_recipe_here(), "host");
	assert_int_equal(editor_count(editor), 0);
	assert_true(session.events.ever == events);
	fails("bind", EXIT_WRONG, "no address yet");
	says_not("show interfaces", "v0");
	says("show interfaces", "192.0.2.2");
	says("bind 198.51.100.7", "EADDRNOTAVAIL");
	says("show rules", "lookup local");
	says_not("show rules", "lookup 100");
	runs("link add v0 type veth peer v1"); // the editor changes this one
	says("show interfaces", "v0");
	assert_true(lab_renew("no such recipe", err, sizeof err) < 0);
	says("show interfaces", "v0");
}

int main(void)
{
	char folder[] = "/tmp/bindwalk-session-XXXXXX", err[COMMAND_ERROR];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_followed),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_lesson_words),
		cmocka_unit_test(test_renew),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_changes_and_undo),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_looking),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_compare_on_a_changed_host),
		cmocka_unit_test(test_compare_each_cell),
		cmocka_unit_test(test_compare_with),
		cmocka_unit_test(test_write_comparisons),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_json),
	};
	if (!live_enter())
		return 0;
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return 99;
	if (editor_open(&editor, false, err, sizeof err) < 0 ||
	    session_open(&session, editor, NULL, err, sizeof err) < 0) {
		printf("Bail out! %s\n", err);
		return 1;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	session_close(&session);
	editor_close(editor, err, sizeof err);
	if (system("rm -r -- \"$PWD\"") != 0)
		failed++;
	return failed;
}
