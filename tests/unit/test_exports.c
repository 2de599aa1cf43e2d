// SPDX-License-Identifier: GPL-3.0-or-later
// What a session is written as: the same bytes each time, and whatever a recording holds stays text in it, be it in
// shell, Python, HTML, Markdown, bpftrace or JSON.
#include <ctype.h>
#include <jansson.h>
#include <math.h>

#include "core/command/command_edit.h"
#include "core/command/lab_recipe.h"
#include "core/model/walk_conclude.h"
#include "core/record/host_edits.h"
#include "core/record/record_write.h"
#include "core/record/recording_json.h"
#include "core/text/quoting.h"
#include "tests/unit/made_walk.h"

static char *written(const struct recording *r, enum record_format f)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	assert_int_equal(record_write(r, f, out), 0);
	fclose(out);
	assert_int_equal(strlen(text), len);
	return text;
}

static char *quoted(void (*quote)(const char *text, FILE *out), const char *text)
{
	char *to = NULL;
	size_t len;
	FILE *out = open_memstream(&to, &len);
	quote(text, out);
	fclose(out);
	return to;
}

static void quotes(void (*quote)(const char *text, FILE *out), const char *text, const char *wanted)
{
	char *got = quoted(quote, text);
	assert_string_equal(got, wanted);
	free(got);
}

static void test_quoting(void **state)
{
	(void)state;
	quotes(quote_shell, "eth0", "eth0");
	quotes(quote_shell, "", "''");
	quotes(quote_shell, "a b", "'a b'");
	quotes(quote_shell, "it's $(x)`y`\\", "'it'\\''s $(x)`y`\\'");
	quotes(quote_shell, "\xc3\xa9'%$(x)\n\\", "\"$(printf '\\303\\251\\047\\045$(x)\\012\\134')\"");
	quotes(quote_python, "eth0", "b\"eth0\"");
	quotes(quote_python, "a\"\\\n\xc3\xa9", "b\"a\\x22\\x5c\\x0a\\xc3\\xa9\"");
	quotes(quote_html, "<a href=\"x\">&'\n", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\\x0a");
	quotes(quote_html, "\xff\xe2\x80\xae\xc3\xa9", "\\xff\\u202e\xc3\xa9");
	quotes(quote_comment, "a\nb\r\xe2\x80\xa8", "a\\x0ab\\x0d\\u2028");
}

// As a script has them, words of edits are whole whatever is in them; what would be cut is not written at all.
static void test_edit_script(void **state)
{
	(void)state;
	char text[EDIT_TEXT];
	struct edit e = {.kind = EDIT_UP, .add = true, .dev = "a';x$(y)"};
	assert_true(edit_script(&e, text, sizeof text));
	assert_string_equal(text, "ip link set dev 'a'\\'';x$(y)' up");
	assert_false(edit_script(&e, text, 16));
	e = (struct edit){.kind = EDIT_SYSCTL, .sysctl = {.name = "net.x; reboot", .value = "1 2"}};
	assert_true(edit_script(&e, text, sizeof text));
	assert_string_equal(text, "sysctl -q -w 'net.x; reboot=1 2'");
}

static char edits[4096];

static void keep_edit(const struct edit *e, void *data)
{
	char text[EDIT_TEXT];
	(void)data;
	size_t used = strlen(edits);
	snprintf(edits + used, sizeof edits - used, "%s%s\n", edit_print(e, text, sizeof text),
		 e->kind == EDIT_ADDR && e->addr.tentative ? " tentative" : "");
}

static void leads(const char *from, const char *to, const char *wanted)
{
	struct host *a = from ? made_host(from) : NULL, *b = made_host(to);
	edits[0] = '\0';
	host_edits(a, b, keep_edit, NULL);
	if (strcmp(edits, wanted) != 0)
		fail_msg("from [%s] to [%s]:\n%s", from ? from : "nothing", to, edits);
	host_free(a);
	host_free(b);
}

#define BASE "lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0;"

static void test_host_edits(void **state)
{
	(void)state;
	leads(BASE, BASE, "");
	leads(NULL, BASE,
	      "link add dev v0 type veth peer v0 netns neighbour\n"
	      "link set dev lo up\n"
	      "sysctl net.ipv6.conf.v0.addr_gen_mode 1\n"
	      "link set dev v0 up\n"
	      "address add 192.0.2.1/24 dev v0\n"
	      "address add 2001:db8::1/64 dev v0 nodad\n");
	leads(BASE, BASE "route local 10.0.0.0/8 dev lo", "route add local 10.0.0.0/8 dev lo\n");
	leads(BASE "route local 10.0.0.0/8 dev lo", BASE, "route del local 10.0.0.0/8 dev lo\n");
	leads(BASE, BASE "sysctl net.ipv4.ip_local_port_range=5000 5001",
	      "sysctl net.ipv4.ip_local_port_range '5000 5001'\n");
	leads(BASE "sysctl net.ipv4.ip_nonlocal_bind=1", BASE, "sysctl net.ipv4.ip_nonlocal_bind 0\n");
	leads(BASE, BASE "reserve 8080 8081; reserve 9000 9000",
	      "sysctl net.ipv4.ip_local_reserved_ports 8080-8081,9000\n");
	leads(BASE, BASE "split", "rule add pref 1 lookup main\nrule del pref 1 lookup main\n");
	leads(BASE, BASE "vrf red 10; link r0 master red; addr 10.0.0.1/8 dev r0",
	      "link add dev red type vrf table 10\n"
	      "link add dev r0 type veth peer r0 netns neighbour\n"
	      "sysctl net.ipv6.conf.red.addr_gen_mode 1\n"
	      "link set dev red up\n"
	      "sysctl net.ipv6.conf.r0.addr_gen_mode 1\n"
	      "link set dev r0 master red\n"
	      "link set dev r0 up\n"
	      "rule add pref 1 lookup main\n"
	      "rule del pref 1 lookup main\n"
	      "address add 10.0.0.1/8 dev r0\n");
	leads(BASE, "lo; link v0;", "address del 192.0.2.1/24 dev v0\naddress del 2001:db8::1/64 dev v0\n");
	leads(BASE, BASE "addr 2001:db8::9/64 dev v0 tentative", "address add 2001:db8::9/64 dev v0 tentative\n");
	leads(BASE "addr 2001:db8::9/64 dev v0 tentative", BASE "addr 2001:db8::9/64 dev v0",
	      "address del 2001:db8::9/64 dev v0 tentative\naddress add 2001:db8::9/64 dev v0 nodad\n");
	// A route that the kernel made, and that somebody deleted.
	leads("lo; link v0; addr 192.0.2.1/32 dev v0", "lo; link v0; addr 192.0.2.1/32 dev v0 noroute",
	      "route del local 192.0.2.1 dev v0\n");
	leads(NULL, "lo; link v0; addr 192.0.2.1/32 dev v0 noroute",
	      "link add dev v0 type veth peer v0 netns neighbour\n"
	      "link set dev lo up\n"
	      "sysctl net.ipv6.conf.v0.addr_gen_mode 1\n"
	      "link set dev v0 up\n"
	      "address add 192.0.2.1/32 dev v0\n"
	      "route del local 192.0.2.1 dev v0\n");
}

#define HOSTILE_TEXT "</p><script>x</script>\nEND\n```\n'; reboot #\"\x1b[2J\xe2\x80\xae$(reboot)`reboot`&"

static const struct {
	const char *host, *bind;
} binds[] = {
	{BASE, "tcp4 192.0.2.1 80"},
	{BASE, "tcp4 198.51.100.1 0 freebind"},
	{BASE, "udp6 2001:db8::1 53 v6only uid=1000"},
	{BASE, "tcp6 fe80::1 0 scope=v0"},
	{BASE, "tcp6 fe80::1 0 scope=999 ifindex=77"},
	{BASE, "udp4 192.0.2.1 0 dev=v0 portrange=50000-50010 mark=4294967295"},
	{BASE, "raw4 198.51.100.9 0"},
	{BASE, "ping6 2001:db8::1 7"},
	{BASE, "tcp4 192.0.2.1 80 family=77"},
	{BASE, "tcp6 2001:db8::1 80 len=24 twice"},
	{BASE "ports tcp; sock tcp4 192.0.2.1 80 listen uid=7; sock tcp6 :: 80 reuse=? dev=v0 v6only=?",
	 "tcp4 192.0.2.1 80"},
	{BASE "ports udp; sock udp4 0.0.0.0 53 reuseport", "udp4 192.0.2.1 53 reuseport"},
	{BASE "kernel 5.10", "tcp4 192.0.2.1 80"},
	{BASE "filter", "tcp6 192.0.2.1 80"},
};

// Every bind, and hostile names and words wherever a recording has room for them.
static struct recording make_recording(void)
{
	static struct inquiry in;
	struct recording r = {.read = command_edit_line, .recipe = lab_recipe_script};
	char text[512];
	snprintf(r.title, sizeof r.title, "%s", HOSTILE_TEXT);
	snprintf(r.lab, sizeof r.lab, "%s", "host\n'; reboot #");
	for (enum frame_kind k = FRAME_STEP; k < FRAME_CHANGE; k++)
		recording_add_text(&r, k, 1, HOSTILE_TEXT);
	for (size_t i = 0; i < sizeof binds / sizeof *binds; i++) {
		struct host *h = made_host(binds[i].host);
		struct attempt a = made_attempt(h, binds[i].bind);
		in = (struct inquiry){.host = h, .caller = *made_facts(h)->caller, .question = made_question};
		for (size_t l = 0; l < h->nlinks; l++)
			if (strcmp(h->links[l].name, "lo") != 0)
				snprintf(h->links[l].name, sizeof h->links[l].name, "%s", "a';r\n$(x)\"\\`<");
		for (unsigned s = 0; s < a.nsettings; s++)
			if (a.settings[s].device[0])
				snprintf(a.settings[s].device, sizeof a.settings[s].device, "%s", "a';r\n$(x)\"\\`<");
		snprintf(a.scope_name, sizeof a.scope_name, "%s", a.scope ? "'\n;<b>$(x)" : "");
		snprintf(h->kernel.release, sizeof h->kernel.release, "%u.%u'\n$(reboot)<b>\"", h->kernel.major,
			 h->kernel.minor);
		snprintf(in.caller.comm, sizeof in.caller.comm, "%s", "'\n<b>");
		const struct facts f = inquiry_facts(&in);
		decide(&f, &a, &in.walk);
		walk_observe(&in.walk, in.walk.predicted.call, in.walk.predicted.err, &a.addr, a.port ? a.port : 40000,
			     a.scope);
		walk_conclude(&in.walk);
		recording_add_bind(&r, 1, &in);
		snprintf(text, sizeof text, "link set dev \"a';r$(x)%zu\" up", i);
		recording_add_change(&r, 1, text, HOSTILE_TEXT);
		recording_saw_host(&r, h, &a);
		host_free(h);
	}
	static const char *const sysctls[] = {"kernel.core_pattern",
					      "net.ipv4/../../kernel/hostname",
					      "net/../kernel/x",
					      "net.ipv4.x;reboot",
					      "net",
					      "netx.y"};
	for (size_t i = 0; i < sizeof sysctls / sizeof *sysctls; i++) {
		snprintf(text, sizeof text, "sysctl %s '|/evil'", sysctls[i]);
		recording_add_change(&r, 1, text, HOSTILE_TEXT);
	}
	recording_add_change(&r, 1, "sysctl net.ipv4.ip_nonlocal_bind 1", "");
	recording_add_change(&r, 1, "route add local 203.0.113.0/24 dev lo", "");
	assert_int_equal(r.left_out, 0);
	return r;
}

// The same session gives the same bytes, also when it was kept as a recording and read again.
static void test_same_bytes(void **state)
{
	(void)state;
	struct recording r = make_recording(), again;
	char *json = written(&r, RECORD_JSON), err[512];
	if (recording_json_read(json, strlen(json), &again, err, sizeof err) < 0)
		fail_msg("%s", err);
	again.read = r.read;
	again.recipe = r.recipe;
	for (enum record_format f = 0; f < RECORD_FORMATS; f++) {
		char *one = written(&r, f), *two = written(&r, f), *three = written(&again, f);
		assert_string_equal(one, two);
		assert_string_equal(one, three);
		free(one);
		free(two);
		free(three);
	}
	free(json);
	recording_free(&r);
	recording_free(&again);
}

static const char *line_of(const char **text, char line[static 2048])
{
	size_t len = strcspn(*text, "\n");
	if (!**text)
		return NULL;
	assert_true(len < 2048);
	memcpy(line, *text, len);
	line[len] = '\0';
	*text += len + ((*text)[len] == '\n');
	return line;
}

// Does a shell read the line as words alone? No substitution but of a printf's text, no second command, nothing that
// can't be seen.
static bool only_words(const char *line)
{
	bool inside = false, printed = false;
	for (; *line; line++) {
		if (*line < ' ' || *line > '~')
			return false;
		if (!inside && strncmp(line, "\"$(printf '", 11) == 0) {
			line += 10;
			inside = printed = true;
		} else if (printed && strncmp(line, "')\"", 3) == 0) {
			line += 2;
			inside = printed = false;
		} else if (*line == '\'') {
			if (printed)
				return false;
			inside = !inside;
		} else if (!inside && line[0] == '\\' && line[1] == '\'') {
			line++;
		} else if (!inside && !isalnum((unsigned char)*line) && !strchr(" _./:=@%+-,", *line)) {
			return false;
		}
	}
	return !inside;
}

static void test_shell_is_safe(void **state)
{
	(void)state;
	struct recording r = make_recording();
	char *text = written(&r, RECORD_SHELL), line[2048];
	const char *at = strstr(text, "\nrecorded=");
	bool python = false;
	unsigned attempts = 0, runs = 0;
	assert_non_null(at);
	for (at++; strncmp(at, "\nif [ -n \"$differ\" ]", 20) != 0 && line_of(&at, line);) {
		char *here = strstr(line, " <<'END'");
		if (python) {
			for (const char *c = line; *c; c++)
				if (*c < ' ' || *c > '~')
					fail_msg("Python: %s", line);
			python = strcmp(line, "END") != 0;
			continue;
		}
		if (line[0] == '#') {
			for (const char *c = line; *c; c++)
				assert_true((unsigned char)*c >= ' ');
			continue;
		}
		if (*line && strncmp(line, "run ", 4) != 0 && strncmp(line, "attempt ", 8) != 0 &&
		    strncmp(line, "echo ", 5) != 0 && strncmp(line, "skip ", 5) != 0 &&
		    strncmp(line, "recorded=", 9) != 0)
			fail_msg("a command: %s", line);
		if (line[0] == 'r' && strstr(line, "evil"))
			fail_msg("a sysctl of the host: %s", line);
		attempts += strncmp(line, "attempt ", 8) == 0;
		runs += strncmp(line, "run ", 4) == 0;
		if (here && !here[8])
			*here = '\0';
		else
			here = NULL;
		if (!only_words(line))
			fail_msg("not words alone: %s", line);
		python = here;
	}
	assert_false(python);
	assert_int_equal(attempts, sizeof binds / sizeof *binds);
	assert_true(runs > 10);
	assert_non_null(strstr(text, "run sysctl -q -w net.ipv4.ip_nonlocal_bind=1\n"));
	assert_non_null(strstr(text, "hold(socket.AF_INET, socket.SOCK_STREAM, 6, (\"192.0.2.1\", 80)"));
	free(text);
	recording_free(&r);
}

// Tags that are known, close and nest; attributes in quotes; no other < or &.
static void check_markup(const char *html)
{
	static const char *const empty[] = {"meta"}, *const known[] = {"html",   "head",    "title", "style",
								       "body",   "main",    "h1",    "h2",
								       "h3",     "p",       "pre",   "blockquote",
								       "strong", "section", "table", "thead",
								       "tbody",  "tr",      "th",    "td",
								       "span",   "ul",      "li",    "code"};
	char stack[32][16];
	int depth = 0;
	const char *c = html + strlen("<!DOCTYPE html>");
	for (; *c; c++) {
		char name[16];
		int n = 0;
		if (*c == '&' && strncmp(c, "&amp;", 5) != 0 && strncmp(c, "&lt;", 4) != 0 &&
		    strncmp(c, "&gt;", 4) != 0 && strncmp(c, "&quot;", 6) != 0 && strncmp(c, "&#39;", 5) != 0)
			fail_msg("a bare & at: %.60s", c);
		assert_true((unsigned char)*c >= ' ' || *c == '\n' || (unsigned char)*c >= 0x80);
		if (*c == '>')
			fail_msg("a bare > at: %.60s", c);
		if (*c != '<')
			continue;
		bool end = c[1] == '/', alone = false, ours = false;
		const char *start = c;
		if (sscanf(c + 1 + end, "%15[a-z0-9]%n", name, &n) != 1)
			fail_msg("a bare < at: %.60s", c);
		for (c += 1 + end + n; *c && *c != '>'; c++) {
			if (*c == '"')
				for (c++; *c != '"'; c++)
					assert_true(*c && *c != '<' && *c != '>');
			alone = *c == '/';
		}
		for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
			ours = ours || (alone && strcmp(name, empty[i]) == 0);
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			ours = ours || strcmp(name, known[i]) == 0;
		if (!ours)
			fail_msg("not one of our tags: %.60s", start);
		if (alone)
			continue;
		if (end) {
			if (depth == 0 || strcmp(stack[depth - 1], name) != 0)
				fail_msg("</%s> closes <%s>", name, depth ? stack[depth - 1] : "");
			depth--;
		} else {
			assert_true(depth < 32);
			memcpy(stack[depth++], name, sizeof name);
		}
	}
	assert_int_equal(depth, 0);
}

static double light(unsigned rgb)
{
	double sum = 0;
	static const double weights[] = {0.0722, 0.7152, 0.2126};
	for (int i = 0; i < 3; i++) {
		double c = (rgb >> 8 * i & 0xff) / 255.0;
		sum += weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

// Each colour of text on each ground: WCAG's contrast.
static void check_contrast(const char *html)
{
	const char *end = strstr(html, "</style>");
	unsigned ground[8], grounds = 0, fg, colors = 0;
	for (const char *c = html; (c = strstr(c, "background: #")) && c < end; c++)
		assert_int_equal(sscanf(c, "background: #%x", &ground[grounds++]), 1);
	assert_true(grounds >= 2);
	for (const char *c = html; (c = strstr(c, "color: #")) && c < end; c++) {
		assert_int_equal(sscanf(c, "color: #%x", &fg), 1);
		for (unsigned i = 0; i < grounds; i++) {
			double contrast = (light(ground[i]) + 0.05) / (light(fg) + 0.05);
			if (contrast < 7)
				fail_msg("#%06x on #%06x: %.2f", fg, ground[i], contrast);
		}
		colors++;
	}
	assert_true(colors >= 5);
}

static void test_html(void **state)
{
	(void)state;
	struct recording r = make_recording();
	char *text = written(&r, RECORD_HTML);
	check_markup(text);
	check_contrast(text);
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "src="));
	assert_null(strstr(text, "href="));
	assert_null(strstr(text, "url("));
	free(text);
	recording_free(&r);
}

static void test_markdown(void **state)
{
	(void)state;
	struct recording r = make_recording();
	char *text = written(&r, RECORD_MARKDOWN), line[2048];
	bool code = false;
	for (const char *at = text; line_of(&at, line);) {
		if (strncmp(line, "```", 3) == 0)
			code = !code;
		for (const char *c = line; *c; c++) {
			assert_true((unsigned char)*c >= ' ');
			if (!code && *c == '<' && (c == line || c[-1] != '\\'))
				fail_msg("a tag: %s", line);
		}
		if (code && strncmp(line, "```", 3) != 0)
			assert_int_equal(line[0], '#');
	}
	assert_false(code);
	free(text);
	recording_free(&r);
}

static void test_cast(void **state)
{
	(void)state;
	struct recording r = make_recording();
	char *text = written(&r, RECORD_CAST), *save = NULL;
	double last = 0;
	unsigned events = 0;
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		json_t *value = json_loads(line, 0, NULL);
		if (!value)
			fail_msg("no JSON: %s", line);
		if (events++ == 0) {
			assert_int_equal(json_integer_value(json_object_get(value, "version")), 2);
			assert_null(json_object_get(value, "timestamp"));
			json_decref(value);
			continue;
		}
		double at = json_number_value(json_array_get(value, 0));
		assert_true(at >= last);
		last = at;
		assert_string_equal(json_string_value(json_array_get(value, 1)), "o");
		const char *shown = json_string_value(json_array_get(value, 2));
		for (const char *c = shown; *c; c++) { // only ours: colours and line ends
			int n = 0;
			if (*c == '\033')
				assert_true(sscanf(c, "\033[%*[0-9;]m%n", &n) == 0 && n > 0);
			else
				assert_true((unsigned char)*c >= ' ' || *c == '\r' || *c == '\n');
		}
		json_decref(value);
	}
	assert_true(events > 100 && last > 60);
	free(text);
	recording_free(&r);
}

static void test_bpftrace(void **state)
{
	(void)state;
	struct recording r = make_recording();
	char *text = written(&r, RECORD_BPFTRACE), line[2048];
	const char *at = strstr(text, "\n\nkprobe:__sys_bind\n");
	assert_non_null(at);
	for (const char *c = text; c < at; c++) // before the probes are comments
		if (c[0] == '\n' && c[1] != '/' && c + 1 < at)
			fail_msg("no comment: %.60s", c);
	for (const char *c = at; line_of(&c, line);)
		for (const char *b = line; *b; b++)
			assert_true(*b == '\t' || (*b >= ' ' && *b <= '~'));
	// The kernel of the last binds that go that way has no inet_bind_sk().
	assert_non_null(strstr(text, "kretprobe:inet_bind\n"));
	assert_non_null(strstr(text, "kretprobe:inet_bind_sk\n"));
	assert_non_null(strstr(text, "kretprobe:ipv6_chk_addr\n"));
	free(text);
	recording_free(&r);
}

// Without anybody who knows the language or the lab, the hosts alone tell what to do.
static void test_hosts_alone(void **state)
{
	(void)state;
	static struct inquiry in;
	struct recording r = {0};
	static const char *const hosts[] = {BASE, BASE "route local 10.0.0.0/8 dev lo", BASE};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		struct host *h = made_host(hosts[i]);
		struct attempt a = made_attempt(h, "tcp4 10.0.0.1 80");
		in = (struct inquiry){.host = h, .caller = *made_facts(h)->caller, .question = made_question};
		const struct facts f = inquiry_facts(&in);
		decide(&f, &a, &in.walk);
		recording_add_bind(&r, 0, &in);
		host_free(h);
	}
	char *text = written(&r, RECORD_SHELL);
	const char *add = strstr(text, "\nrun ip route add local 10.0.0.0/8 dev lo\n# predicted only\nattempt 2 ok "),
		   *del = strstr(
			   text,
			   "\nrun ip route del local 10.0.0.0/8 dev lo\n# predicted only\nattempt 3 EADDRNOTAVAIL ");
	assert_non_null(strstr(text, "\nrun cable v0 v0 up\n"));
	if (!add || !del || add > del)
		fail_msg("%s", strstr(text, "recorded="));
	free(text);
	recording_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoting),       cmocka_unit_test(test_edit_script),
		cmocka_unit_test(test_host_edits),    cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_shell_is_safe), cmocka_unit_test(test_html),
		cmocka_unit_test(test_markdown),      cmocka_unit_test(test_cast),
		cmocka_unit_test(test_bpftrace),      cmocka_unit_test(test_hosts_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
