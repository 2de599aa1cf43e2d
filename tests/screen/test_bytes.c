// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes from outside that a terminal would act on, or that hide: pushed in by every way, looked for in everything that
// comes out. Interfaces, processes and the host have such names; arguments, environment, scripts, config, history and
// what is typed hold such text.
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/command/lab_make.h"
#include "core/text/visible.h"
#include "tests/screen/hostile.h"
#include "tests/screen/pty_lab.h"

enum { WORDS = 12, NOT_STARTED = 99, OUTPUT = 1 << 20 };

static unsigned runs, screens, objects;

struct run {
	const char *words[WORDS]; // of the command line; "{}" in one becomes the hostile text
	const char *input;        // standard input, likewise; NULL for none
	const char *name, *value; // of the environment, likewise
	bool json, silent;        // silent: nothing of the text comes out
	bool c_locale;
};

// Puts the hostile text where {} stands. The caller frees it.
static char *fill(const char *template, const char *text)
{
	const char *at = template ? strstr(template, "{}") : NULL;
	char *out = NULL;
	if (!at)
		return template ? strdup(template) : NULL;
	assert_true(asprintf(&out, "%.*s%s%s", (int)(at - template), template, text, at + 2) > 0);
	return out;
}

static int memory_with(const char *text)
{
	int fd = memfd_create("text", MFD_CLOEXEC);
	assert_true(fd >= 0);
	if (text) {
		assert_int_equal(write(fd, text, strlen(text)), strlen(text));
		lseek(fd, 0, SEEK_SET);
	}
	return fd;
}

static char *read_all(int fd, size_t *len)
{
	char *out = calloc(1, OUTPUT);
	assert_non_null(out);
	lseek(fd, 0, SEEK_SET);
	ssize_t n = read(fd, out, OUTPUT - 1);
	assert_in_range(n, 0, OUTPUT - 2);
	*len = (size_t)n;
	close(fd);
	return out;
}

// Each line or the whole is one object.
static void expect_json(const char *text, const char *what)
{
	json_error_t error;
	for (const char *p = text; *p;) {
		json_t *object = json_loads(p, JSON_DISABLE_EOF_CHECK, &error);
		if (!object)
			fail_msg("%s: %s in:\n%s", what, error.text, p);
		json_decref(object);
		p += error.position;
		p += strspn(p, "\n");
		objects++;
	}
}

static bool shows_escape(const char *text)
{
	return strstr(text, "\\x1b") || strstr(text, "\\x9b") || strstr(text, "\\u") || strstr(text, "\\xff") ||
	       strstr(text, "\\U");
}

static void run_with(const struct run *r, const char *text)
{
	char *argv[WORDS + 1] = {program}, *input = fill(r->input, text), *value = fill(r->value, text);
	for (size_t i = 0; r->words[i]; i++)
		argv[i + 1] = fill(r->words[i], text);
	int in = memory_with(input), out = memory_with(NULL), err = memory_with(NULL), status;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(in, STDIN_FILENO);
		dup2(out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		if (r->c_locale)
			setenv("LC_ALL", "C", 1);
		if (r->name)
			setenv(r->name, value, 1);
		execv(program, argv);
		_exit(NOT_STARTED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != NOT_STARTED);
	char what[256] = "";
	for (size_t i = 0, at = 0; r->words[i] && at < sizeof what; i++)
		at += (size_t)snprintf(what + at, sizeof what - at, "%s ", r->words[i]);
	size_t nout, nerr;
	char *said = read_all(out, &nout), *complained = read_all(err, &nerr);
	const char *bad = hostile_in_text(said, nout, r->json || r->c_locale);
	const char *bad_error = hostile_in_text(complained, nerr, r->c_locale);
	if (bad || bad_error)
		fail_msg("%s(%s, %s): %s in:\n%s%s", what, r->input ? r->input : "", r->name ? r->name : "",
			 bad ? bad : bad_error, said, complained);
	if (r->json)
		expect_json(said, what);
	if (!r->silent && !shows_escape(said) && !shows_escape(complained))
		fail_msg("%s(%s, %s) says nothing of it:\n%s%s", what, r->input ? r->input : "", r->name ? r->name : "",
			 said, complained);
	runs++;
	free(said);
	free(complained);
	free(input);
	free(value);
	close(in);
	for (size_t i = 1; argv[i]; i++)
		free(argv[i]);
}

static void run_in_both(struct run r, const char *text)
{
	run_with(&r, text);
	r.c_locale = true;
	run_with(&r, text);
}

static void test_arguments(void **state)
{
	(void)state;
	static const struct run list[] = {
		{.words = {"{}"}},
		{.words = {"127.0.0.1", "{}"}},
		{.words = {"--{}"}},
		{.words = {"--color={}"}},
		{.words = {"explain", "{}"}},
		{.words = {"explain", "fe80::1%{}"}},
		{.words = {"explain", "127.0.0.1", "{}"}},
		{.words = {"explain", "127.0.0.1", "1", "{}"}},
		{.words = {"explain", "127.0.0.1:1", "--port", "{}"}},
		{.words = {"explain", "127.0.0.1", "--port", "{}", "--json"}},
		{.words = {"explain", "127.0.0.1", "--device", "{}"}},
		{.words = {"explain", "fe80::1", "--scope", "{}"}},
		{.words = {"explain", "127.0.0.1", "--scope", "{}"}},
		{.words = {"explain", "127.0.0.1", "--set", "{}"}},
		{.words = {"explain", "127.0.0.1", "--set", "device={}"}},
		{.words = {"explain", "127.0.0.1", "--set", "portrange={}"}},
		{.words = {"explain", "127.0.0.1", "--proto", "{}"}},
		{.words = {"explain", "127.0.0.1", "--type", "{}"}},
		{.words = {"explain", "127.0.0.1", "--kernel", "{}"}},
		{.words = {"explain", "127.0.0.1", "--netns", "{}"}},
		{.words = {"run", "{}"}},
		{.words = {"run", "-", "{}"}},
		{.words = {"run", "--with", "{}", "-"}},
		{.words = {"lab", "{}"}},
		{.words = {"lab", "--with={}"}},
		{.words = {"lab", "--", "{}"}},
		{.words = {"lab", "127.0.0.1", "{}"}},
		{.words = {"help", "{}"}},
		{.words = {"help", "--search", "{}"}},
	};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		run_in_both(list[i], hostile_text);
}

static void test_environment(void **state)
{
	(void)state;
	static const struct {
		const char *name, *value;
	} values[] = {
		{"TERM", "{}"},
		{"LANG", "{}"},
		{"LC_ALL", "{}"},
		{"LC_CTYPE", "{}"},
		{"COLUMNS", "{}"},
		{"LINES", "{}"},
		{"INPUTRC", "/{}"},
		{"HOME", "/{}"},
		{"NO_COLOR", "{}"},
		{"COLORFGBG", "{}"},
		{"XDG_CONFIG_HOME", "/{}"},
		{"XDG_STATE_HOME", "/dev/null/{}"},
		{"BINDWALK_LAB", "{}"},
		{"TZ", "{}"},
		{"PATH", "{}"},
		{"TMPDIR", "{}"},
	};
	static const struct run list[] = {
		{.words = {"--version"}},
		{.words = {"explain", "127.0.0.1"}},
		{.words = {"run", "-"}, .input = "bind 127.0.0.1\nshow events\n"},
		{.words = {"run", "--edit", "--yes", "-"}, .input = "route add local 192.168.123.0/24 dev lo\n"},
	};
	for (size_t v = 0; v < sizeof values / sizeof *values; v++)
		for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
			struct run r = list[i];
			r.name = values[v].name;
			r.value = values[v].value;
			r.silent = true;
			run_with(&r, hostile_text);
		}
}

static void test_script_lines(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"{}",
		"bind {}",
		"bind 127.0.0.1 {}",
		"address fe80::1%{}",
		"device {}",
		"proto {}",
		"set {}",
		"set mark {}",
		"unset {}",
		"say {}",
		"say a\rb{}",
		"ask {}",
		"help {}",
		"help --search {}",
		"show {}",
		"show interfaces {}",
		"filter {}",
		"expect {}",
		"write /proc/{}",
		"sysctl {}",
		"sysctl net.ipv4.{} 1",
		"sysctl net.ipv4.ip_nonlocal_bind {}",
		"route add local 192.168.123.0/24 dev {}",
		"route add local {} dev lo",
		"addr add {} dev lo",
		"link add {} type dummy",
		"rule add {}",
		"theme {}",
		"key {} quit",
		"witness {}",
		"step {}",
	};
	// The kernel's isspace() ends no word here, so text without blanks makes one word.
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct run r = {.words = {"run", "--lab", "-"}, .input = lines[i], .silent = true};
		run_in_both(r, hostile_text);
		r = (struct run){
			.words = {"run", "--lab", "--json", "-"}, .input = lines[i], .json = true, .silent = true};
		run_with(&r, hostile_text);
	}
	static const struct run loud[] = {
		{.words = {"run", "-"}, .input = "{}"},
		{.words = {"run", "-", "--json"}, .input = "bind {}", .json = true},
	};
	for (size_t i = 0; i < sizeof loud / sizeof *loud; i++)
		run_with(&loud[i], hostile_text);
}

// What the kernel has such names for.
static void test_names(void **state)
{
	(void)state;
	static const char *const shows[] = {"show interfaces",
					    "show routes",
					    "show rules",
					    "bind 127.0.0.1 7777",
					    "bind 127.0.0.1 7777\nshow walk",
					    "bind fe80::66:0",
					    "bind fe80::66:0\ndetail"};
	for (size_t i = 0; i < sizeof shows / sizeof *shows; i++) {
		char input[128];
		snprintf(input, sizeof input, "%s\n", shows[i]);
		struct run r = {.words = {"run", "-"}, .input = input};
		run_in_both(r, "");
		r = (struct run){.words = {"run", "-", "--json"}, .input = input, .json = true};
		run_with(&r, "");
	}
	static const struct run holder[] = {
		{.words = {"explain", "127.0.0.1", "7777"}},
		{.words = {"explain", "127.0.0.1", "7777", "--json"}, .json = true},
	};
	for (size_t i = 0; i < sizeof holder / sizeof *holder; i++)
		run_in_both(holder[i], "");
	for (size_t i = 0; i < HOSTILE_NAMES; i++) {
		static const struct run list[] = {
			{.words = {"explain", "fe80::66:0%{}"}},
			{.words = {"explain", "127.0.0.1", "--device", "{}"}},
			{.words = {"explain", "10.66.0.1", "--set", "device={}"}},
			{.words = {"explain", "fe80::66:0", "--scope", "{}", "--json"}, .json = true},
			{.words = {"explain", "127.0.0.1", "--device", "{}", "--json"}, .json = true},
		};
		for (size_t k = 0; k < sizeof list / sizeof *list; k++) {
			struct run r = list[k];
			r.silent = r.json; // it has them as JSON's escapes, or a complaint
			run_in_both(r, hostile_names[i]);
		}
	}
}

// A file in the home of the test; both with the text for {}. The caller frees its path.
static char *file_with(const char *name, const char *text)
{
	char *path = NULL, *called = fill(name, hostile_text);
	assert_true(asprintf(&path, "%s/%s", home, called) > 0);
	free(called);
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	char *filled = fill(text, hostile_text);
	fputs(filled, f);
	fclose(f);
	free(filled);
	return path;
}

static void test_files(void **state)
{
	(void)state;
	char *script = file_with("script\033[5m\x9b\xe2\x80\xae", "bind 127.0.0.1\n{}\n");
	struct run r = {.words = {"run", script}};
	run_in_both(r, "");
	r = (struct run){.words = {"run", "--json", script}, .json = true};
	run_with(&r, "");
	free(script);
}

// A program on a terminal, and everything that it sent there.
static struct {
	struct pty *pty;
	bool ascii;
	char *bytes;
	size_t n;
} now;

static void keep_bytes(const char *bytes, size_t n)
{
	now.bytes = realloc(now.bytes, now.n + n + 1);
	assert_non_null(now.bytes);
	memcpy(now.bytes + now.n, bytes, n);
	now.n += n;
	now.bytes[now.n] = '\0';
}

static void start(int rows, int cols, const char *term, const char *const *argv)
{
	now.n = 0;
	now.pty = pty_start(rows, cols, term, argv);
	now.pty->saw = keep_bytes;
}

static void expect_clean_stream(const char *when)
{
	const char *bad = hostile_in_terminal(now.bytes, now.n, now.ascii);
	if (bad)
		fail_msg("%s at %dx%d: %s was sent", when, now.pty->cols, now.pty->rows, bad);
}

static void end(void)
{
	pty_wait(now.pty);
	expect_clean_stream("the end");
	pty_close(now.pty);
}

static void expect_clean(const char *when)
{
	pty_until_waiting(now.pty);
	expect_clean_stream(when);
	for (int y = 0; y < now.pty->rows; y++)
		for (int x = 0; x < now.pty->cols; x++) {
			VTermScreenCell cell = {0};
			vterm_screen_get_cell(now.pty->vts, (VTermPos){.row = y, .col = x}, &cell);
			assert_false(cell.attrs.blink);
			for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
				if (cell.chars[i] != (uint32_t)-1 && !visible_char(cell.chars[i]))
					fail_msg("%s at %dx%d: U+%04x stands at %d,%d", when, now.pty->cols,
						 now.pty->rows, cell.chars[i], y, x);
		}
	screens++;
}

static void press(const char *keys)
{
	pty_type(now.pty, keys);
	expect_clean(keys);
}

// What a person can type or paste: characters. ESC and what follows is a key.
static const char typed[] = "\x7f\xc2\x9b"
			    "5m\xc2\x90\xe2\x80\xae\xe2\x80\x8b\xf3\xa0\x81\x81";

static void look_at_panes(void)
{
	unsigned seen = 0;
	static const char *const panes[] = {"\033OQ", "\033OR", "\033OS", "\033[15~"}; // F2 to F5
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		press(panes[i]);
		for (int page = 0; page < 3; page++) {
			press("\006");
			seen += pty_shows(now.pty, "\\x") || pty_shows(now.pty, "\\u");
		}
		press("Gx");
	}
	assert_true(seen > 0);
}

// Each interface is taken, and taken away: the latter asks, or says why not.
static void use_interfaces(void)
{
	press("1g");
	for (unsigned i = 0; i < HOSTILE_NAMES + 2; i++) {
		press("\r1jjj-");
		press("n");
	}
}

static void type_commands(void)
{
	static const char *const lines[] = {
		":show interfaces\r",
		":show routes\r",
		":show rules\r",
		":show events\r",
		":address 127.0.0.1:7777\r",
		":bind\r",
		":detail\r",
		":help a{}\r",
		":{}\r",
		":say {}\r",
		"a{}\r",
		":device \t\t\t",
		":\033[A",
		"a\025fe80::66:0%\t\t",
		"/{}\r",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char *keys = fill(lines[i], typed);
		press(keys);
		free(keys);
		press("\003n"); // out of a prompt, or to the question whether to quit and back
	}
}

// At several sizes, in a locale without UTF-8, and with an environment of such text.
static void test_screens(void **state)
{
	(void)state;
	static const struct {
		int rows, cols;
		const char *locale;
	} sizes[] = {{18, 60, "C.UTF-8"}, {24, 80, "C"}, {36, 120, "C.UTF-8"}, {60, 200, "C.UTF-8"}};
	static const char *const names[] = {"COLUMNS", "LINES", "COLORFGBG", "ESCDELAY", "LANG", "XDG_STATE_HOME"};
	const char *argv[] = {program, "--edit", "192.168.123.123", NULL};
	setenv("XDG_CONFIG_HOME", home, 1);
	free(file_with("bindwalk/config", "{}\n"));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		bool worst = i == 0;
		for (size_t n = 0; n < sizeof names / sizeof *names; n++)
			worst ? setenv(names[n], hostile_text, 1) : unsetenv(names[n]);
		setenv("LC_ALL", sizes[i].locale, 1);
		now.ascii = strcmp(sizes[i].locale, "C") == 0;
		start(sizes[i].rows, sizes[i].cols, "xterm-256color", argv);
		pty_until(now.pty, "config:1");
		expect_clean("the start");
		look_at_panes();
		if (i < 2) {
			use_interfaces();
			type_commands();
		}
		kill(now.pty->child, SIGTERM);
		pty_wait(now.pty);
		pty_expect_restored(now.pty);
		end();
	}
	now.ascii = false;
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("XDG_CONFIG_HOME");
}

// What a run that was killed left behind, and somebody wrote to.
static void test_journal(void **state)
{
	(void)state;
	const char *argv[] = {program, "--edit", "192.168.123.123", NULL};
	start(24, 80, "xterm-256color", argv);
	pty_until(now.pty, "192.0.2.2");
	pty_type(now.pty, ":route add local 192.168.123.0/24 dev lo\r");
	pty_until(now.pty, "Change this host:");
	say_yes(now.pty);
	pty_until(now.pty, "1 change");
	kill(now.pty->child, SIGKILL);
	end();
	char pattern[256],
		*line = fill("change 2 {}\nback 2 {}\nready 2\nroute add local 10.9.0.0/24 dev {}\n{}\n", hostile_text);
	glob_t found;
	snprintf(pattern, sizeof pattern, "%s/.local/state/bindwalk/journal*", home);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *f = fopen(found.gl_pathv[i], "ae");
		assert_non_null(f);
		fputs(line, f);
		fclose(f);
	}
	globfree(&found);
	free(line);
	static const char *const starts[][4] = {
		{program, "--edit"}, {program, "192.168.123.123"}, {program, "run", "--edit", "-"}};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		start(24, 200, "xterm-256color", starts[i]);
		pty_until(now.pty, "indwalk");
		expect_clean("the journal");
		kill(now.pty->child, SIGKILL);
		end();
	}
}

// The shell's line is drawn by readline.
static void test_shell(void **state)
{
	(void)state;
	char *inputrc = file_with("inputrc", "set bell-style none\nset enable-bracketed-paste off\n{}\n$include /{}\n");
	setenv("INPUTRC", inputrc, 1);
	free(file_with(".local/state/bindwalk/history", "say {}\n"));
	free(file_with("dir/{}", ""));
	const char *argv[] = {program, "run", "--lab", "-", NULL};
	start(24, 100, "xterm-256color", argv);
	pty_until(now.pty, "bindwalk (lab)> ");
	expect_clean("the start");
	press("say a\xc2\x9b"
	      "5mb\xe2\x80\xae"
	      "c\x9b");
	pty_until(now.pty, "say a\\u009b5mb\\u202ec");
	press("\r");
	press("\022title"); // in the history
	pty_until(now.pty, "\\x1b]0;title");
	char *file;
	assert_true(asprintf(&file, "\007\025write %s/dir/\t\t", home) > 0);
	press(file);
	pty_until(now.pty, "\\x1b]0;title");
	free(file);
	press("\025device \t\t");
	press("\025quit\r");
	end();
	free(inputrc);
	setenv("INPUTRC", "/dev/null", 1);
}

// The terminal's name stands in what is said of it.
static void test_terminal_name(void **state)
{
	(void)state;
	const char *argv[] = {program, NULL};
	start(24, 80,
	      "x\033[5m\033]0;t\a\x9b"
	      "5m",
	      argv);
	pty_until(now.pty, "terminal type 'x\\x1b[5m");
	end();
}

static int enter(void **state)
{
	(void)state;
	char err[LAB_ERROR];
	if (lab_enter(err, sizeof err) < 0)
		fail_msg("%s", err);
	hostile_furnish();
	return 0;
}

static int leave(void **state)
{
	(void)state;
	print_message("%d kinds of bytes: %u runs with %u JSON objects, %u screens\n", HOSTILE_KINDS, runs, objects,
		      screens);
	free(now.bytes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arguments, enter),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_script_lines),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_screens),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_shell),
		cmocka_unit_test_teardown(test_terminal_name, leave),
	};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
