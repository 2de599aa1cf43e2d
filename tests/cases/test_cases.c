// SPDX-License-Identifier: GPL-3.0-or-later
// Situations that people met, each in namespaces of its own: what is attempted there is answered as the case file
// says, every verified remedy is carried out, each in a fresh copy of the situation, and the bind succeeds then.
// Speaks TAP.
//
//   BINDWALK_CASES       names of the cases that are run (all)
//   BINDWALK_CASES_JOBS  how many at once (4: most of the time they wait for the kernel)
#include <err.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#include <jansson.h>

#include "core/change/lab.h"
#include "core/command/lab_make.h"
#include "core/observe/clock.h"
#include "tests/cases/case_answer.h"
#include "tests/cases/case_file.h"
#include "tests/cases/world.h"

enum { PASSED, FAILED, SKIPPED = 77, COLUMNS = 80, LONGEST_WAIT_MS = 20000, COMMAND = 4096 };

// What all set-ups may use.
static const char prelude[] =
	"PATH=$PATH:/usr/sbin:/sbin\n"
	"up() { ip link set lo up; }\n"
	"pair() { ip link add eth0 type veth peer name p0; ip link set eth0 up; ip link set p0 up; }\n"
	// Until a command succeeds, a minute at most.
	"await() { for i in $(seq 3000); do if eval \"$1\"; then return; fi; sleep 0.02; done; false; }\n";

// One case under way. The files are shared with the processes in its namespaces.
struct run {
	const struct one_case *c;
	FILE *wrong;  // the faults found, one per line; for a skip the first is its reason
	int left;     // a file: the remedies to carry out elsewhere
	json_t *from; // one of them, with the number of its attempt
};

// Runs a script; its status.
static int ran(const char *script, const char *what, FILE *wrong, bool *good)
{
	int status;
	char *command = NULL;
	if (asprintf(&command, "%s%s", prelude, script) < 0)
		err(1, "memory");
	free(shell_output(command, 0, &status));
	free(command);
	if (status && status != SKIPPED) {
		fprintf(wrong, "%s ends with %d\n", what, status);
		*good = false;
	}
	return status;
}

// The situation; PASSED when it is there.
static int set_up(const struct run *r)
{
	bool good = true;
	int status;
	for (size_t i = 0; i < r->c->nneeds; i++) {
		char *command = NULL;
		if (asprintf(&command, "%s{ %s; } >/dev/null 2>&1", prelude, r->c->needs[i].command) < 0)
			err(1, "memory");
		free(shell_output(command, 0, &status));
		free(command);
		if (status) {
			fprintf(r->wrong, "%s\n", r->c->needs[i].what);
			return SKIPPED;
		}
	}
	ran(r->c->setup, "the set-up", r->wrong, &good);
	return good ? PASSED : FAILED;
}

// Becomes a member of the group that may have ping sockets.
static char in_ping_group[] = "setpriv --clear-groups --regid $(cut -f1 /proc/sys/net/ipv4/ping_group_range)";

static void explain_command(char command[static COMMAND], const struct case_attempt *a, bool json)
{
	snprintf(command, COMMAND, "PATH=$PATH:/usr/sbin:/sbin; exec %s%sbindwalk explain%s", a->via ? a->via : "",
		 a->via ? " " : "", json ? " --json" : "");
}

// The columns that a line takes.
static int width_of(const char *line, size_t n)
{
	wchar_t wide[1024];
	char copy[1024];
	snprintf(copy, sizeof copy, "%.*s", (int)n, line);
	size_t length = mbstowcs(wide, copy, 1024);
	int columns = length == (size_t)-1 ? -1 : wcswidth(wide, length);
	return columns < 0 ? (int)n : columns;
}

// Nothing is broken in mid-word at 80 columns, and nobody is asked to report what is explained.
static bool text_is_good(const struct case_attempt *a, FILE *wrong)
{
	char command[COMMAND];
	int status;
	bool good = true;
	if (a->via && strstr(a->via, "ioctl")) // which says how wide a terminal is
		return true;
	explain_command(command, a, false);
	snprintf(command + strlen(command), COMMAND - strlen(command), " --color never %s", a->arguments);
	char *text = shell_output(command, COLUMNS, &status);
	if (strstr(text, "please report")) {
		fprintf(wrong, "explain %s: asks to report the walk\n", a->arguments);
		good = false;
	}
	for (char *line = text, *next; line && good; line = next) {
		next = strchr(line, '\n');
		size_t n = strcspn(line, "\r\n");
		if (next)
			next++;
		if (width_of(line, n) > COLUMNS && memchr(line + strspn(line, " "), ' ', n - strspn(line, " "))) {
			fprintf(wrong, "explain %s: wider than %d columns: %.*s\n", a->arguments, COLUMNS, (int)n,
				line);
			good = false;
		}
	}
	free(text);
	return good;
}

// The answer of a whole command; NULL when there is none.
static json_t *answer_of(const char *command, FILE *wrong)
{
	int status;
	char *text = shell_output(command, 0, &status);
	json_t *walks = answer_walks(text);
	if (!walks || !json_array_size(walks) || status > 3) {
		fprintf(wrong, "no answer, status %d: %s\n", status, command);
		json_decref(walks);
		walks = NULL;
	} else if (status == 3) {
		fprintf(wrong, "model and kernel disagree: %s\n", command);
	}
	free(text);
	return walks;
}

static bool waits(const json_t *remedy)
{
	return strcmp(string_of(remedy, "kind"), "wait") == 0;
}

// The remedy was carried out: does the bind end as it says? Duplicate detection and what a remedy waits for take their
// time.
static bool is_remedied(const struct case_attempt *a, const json_t *remedy, FILE *wrong)
{
	char command[COMMAND];
	const json_t *then = json_object_get(remedy, "then"), *arguments = json_object_get(remedy, "arguments");
	const char *wanted = json_is_object(then) ? string_of(then, "errno") : "ok", *kind = string_of(remedy, "kind");
	// Another process has what this one lacks: root's, or one with the group that may have ping sockets.
	bool in_group = strcmp(kind, "group") == 0;
	bool becomes = in_group || strcmp(kind, "capability") == 0 || strcmp(kind, "user") == 0;
	size_t i;
	json_t *argument;
	struct case_attempt other = {.via = in_group ? in_ping_group : becomes ? NULL : a->via};
	if (!json_is_array(arguments)) {
		fprintf(wrong, "remedy \"%s\" has no arguments\n", string_of(remedy, "change"));
		return false;
	}
	explain_command(command, &other, true);
	json_array_foreach(arguments, i, argument)
	{
		const char *word = json_string_value(argument);
		if (becomes && strcmp(word, "--as") == 0)
			i++;
		else if (strcmp(word, "--json") != 0 && (!becomes || strcmp(word, "--unprivileged") != 0))
			shell_quote(command, sizeof command, word);
	}
	for (int64_t end = now_ms() + LONGEST_WAIT_MS;;) {
		json_t *walks = answer_of(command, wrong);
		const json_t *walk = json_array_get(walks, 0);
		if (!walk)
			return false;
		bool good = strcmp(answer_errno(walk), wanted) == 0,
		     wait = waits(remedy) || strcmp(answer_code(walk), "ADDR_TENTATIVE") == 0;
		if (good || !wait || now_ms() > end) {
			if (!good)
				fprintf(wrong, "remedy \"%s\": %s (%s) instead of %s: %s\n",
					string_of(remedy, "change"), answer_errno(walk), answer_code(walk), wanted,
					strstr(command, "bindwalk explain"));
			json_decref(walks);
			return good;
		}
		json_decref(walks);
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	}
}

// Does it take more than other arguments?
static bool changes_host(const json_t *remedy)
{
	return waits(remedy) || json_array_size(json_object_get(remedy, "commands"));
}

// In namespaces that are as the case has them: carries out one remedy, which changes them.
static int remedy_elsewhere(void *arg)
{
	struct run *r = arg;
	const json_t *remedy = json_object_get(r->from, "remedy");
	const struct case_attempt *a = &r->c->attempt[json_integer_value(json_object_get(r->from, "attempt"))];
	bool good = set_up(r) == PASSED;
	size_t i;
	json_t *command;
	json_array_foreach(json_object_get(remedy, "commands"), i, command)
	{
		ran(json_string_value(command), json_string_value(command), r->wrong, &good);
	}
	// Where the wait cannot be made to pass, it is too long for a test.
	if (*r->c->pass && waits(remedy) && ran(r->c->pass, "what lets the wait pass", r->wrong, &good) == SKIPPED)
		return PASSED;
	return good && is_remedied(a, remedy, r->wrong) ? PASSED : FAILED;
}

// Remedies of a walk: at once, or noted for later.
static bool remedies_hold(const struct run *r, size_t attempt, const json_t *walk)
{
	bool good = true;
	size_t i;
	json_t *remedy;
	json_array_foreach(json_object_get(walk, "remedies"), i, remedy)
	{
		if (!json_is_true(json_object_get(remedy, "verified")))
			continue;
		if (!changes_host(remedy)) {
			good = is_remedied(&r->c->attempt[attempt], remedy, r->wrong) && good;
			continue;
		}
		json_t *note = json_pack("{s:i, s:O}", "attempt", (int)attempt, "remedy", remedy);
		char *line = json_dumps(note, JSON_COMPACT);
		if (!line || dprintf(r->left, "%s\n", line) < 0)
			err(1, "note");
		free(line);
		json_decref(note);
	}
	return good;
}

static bool command_holds(const struct case_attempt *a, FILE *wrong)
{
	char command[COMMAND];
	int status;
	snprintf(command, sizeof command, "%s%s", prelude, a->arguments);
	char *output = shell_output(command, 0, &status);
	bool good = output_as_expected(output, status, a, wrong);
	free(output);
	return good;
}

static bool attempt_holds(const struct run *r, size_t attempt)
{
	const struct case_attempt *a = &r->c->attempt[attempt];
	char command[COMMAND];
	size_t i;
	json_t *walk;
	explain_command(command, a, true);
	snprintf(command + strlen(command), COMMAND - strlen(command), " %s", a->arguments);
	json_t *walks = answer_of(command, r->wrong);
	bool good = walks && answer_as_expected(walks, a, r->wrong);
	json_array_foreach(walks, i, walk)
	{
		good = answer_holds(walk, r->wrong) && remedies_hold(r, attempt, walk) && good;
	}
	json_decref(walks);
	return text_is_good(a, r->wrong) && good;
}

static int attempts(void *arg)
{
	const struct run *r = arg;
	int result = set_up(r);
	for (size_t i = 0; i < r->c->nattempts && result != SKIPPED; i++) {
		const struct case_attempt *a = &r->c->attempt[i];
		if (a->runs ? command_holds(a, r->wrong) : attempt_holds(r, i))
			continue;
		fprintf(r->wrong, "  (of: %s%s%s%s)\n", a->via ? a->via : "", a->via ? " " : "",
			a->runs ? "" : "explain ", a->arguments);
		result = FAILED;
	}
	return result;
}

// Runs the whole case. Prints each fault on standard output.
static int run_case(const struct one_case *c, const char *folder)
{
	char template[128], line[65536];
	snprintf(template, sizeof template, "%s/%s", folder, c->name);
	if (mkdir(template, 0755) < 0 || chdir(template) < 0)
		err(1, "%s", template);
	struct run r = {
		.c = c, .wrong = stdout, .left = open("remedies", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
	setvbuf(stdout, NULL, _IOLBF, 0);
	int result = world_run(attempts, &r, !c->all_processes);
	FILE *left = fdopen(r.left, "r");
	if (!left)
		err(1, "remedies");
	rewind(left);
	while (result >= 0 && fgets(line, sizeof line, left)) {
		r.from = json_loads(line, 0, NULL);
		if (!r.from || world_run(remedy_elsewhere, &r, !c->all_processes) != PASSED)
			result = FAILED;
		json_decref(r.from);
	}
	fclose(left);
	if (result < 0)
		printf("its namespaces are refused, or it crashed\n");
	return result < 0 ? FAILED : result;
}

// Programs are copied to where other users reach them, and come first in PATH.
static void install(const char *folder)
{
	static const char *const programs[] = {"bindwalk", "tests/cases/hold", "tests/cases/deny"};
	const char *build = getenv("top_builddir"), *others = getenv("PATH");
	char to[PATH_MAX], *path = NULL;
	int status;
	snprintf(to, sizeof to, "%s/bin", folder);
	if (mkdir(to, 0755) < 0 || asprintf(&path, "%s:%s", to, others ? others : "/usr/bin:/bin") < 0)
		err(1, "%s", to);
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		char command[COMMAND] = "install -m 755", from[PATH_MAX];
		snprintf(from, sizeof from, "%s/%s", build ? build : ".", programs[i]);
		shell_quote(command, sizeof command, from);
		shell_quote(command, sizeof command, to);
		free(shell_output(command, 0, &status));
		if (status)
			errx(1, "cannot copy %s", from);
	}
	setenv("PATH", path, 1);
	free(path);
}

// Prints what a case said as TAP, and says whether it is good.
static bool report(size_t number, const struct one_case *c, int result, const char *folder)
{
	char path[256], line[4096], reason[4096] = "";
	snprintf(path, sizeof path, "%s/%s.out", folder, c->name);
	FILE *f = fopen(path, "re");
	if (result == SKIPPED && f && fgets(reason, sizeof reason, f))
		reason[strcspn(reason, "\n")] = 0;
	printf("%sok %zu - %s: %s%s%s\n", result == PASSED || result == SKIPPED ? "" : "not ", number, c->name,
	       c->title, result == SKIPPED ? " # SKIP " : "", reason);
	while (f && fgets(line, sizeof line, f))
		printf("# %s", line);
	if (f)
		fclose(f);
	fflush(stdout);
	return result == PASSED || result == SKIPPED;
}

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

static bool is_wanted(const char *path)
{
	const char *names = getenv("BINDWALK_CASES"), *name = strrchr(path, '/') + 1;
	size_t n = strcspn(name, ".");
	if (!names)
		return true;
	for (const char *at = names; *at; at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == n && strncmp(at, name, n) == 0)
			return true;
	return false;
}

// A case in a process of its own, whose output goes to a file.
static pid_t begin(const struct one_case *c, const char *folder)
{
	char path[PATH_MAX];
	fflush(stdout);
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid > 0)
		return pid;
	snprintf(path, sizeof path, "%s/%s.out", folder, c->name);
	int out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (out < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
		err(1, "%s", path);
	int result = run_case(c, folder);
	fflush(stdout);
	_exit(result);
}

// Runs some cases at once, and reports them in their order.
static bool run_cases(struct one_case *const *cases, size_t n, const char *folder)
{
	const char *wanted = getenv("BINDWALK_CASES_JOBS");
	size_t jobs = wanted ? strtoul(wanted, NULL, 10) : 4, begun = 0, reported = 0, under_way = 0;
	pid_t *pids = calloc(n + 1, sizeof *pids);
	int *results = calloc(n + 1, sizeof *results);
	bool good = true;
	if (!pids || !results)
		err(1, "memory");
	while (reported < n) {
		int status;
		for (; begun < n && (!under_way || under_way < jobs); begun++, under_way++)
			pids[begun] = begin(cases[begun], folder);
		pid_t ended = wait(&status);
		for (size_t i = reported; i < begun; i++)
			if (pids[i] == ended) {
				results[i] = WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
				pids[i] = 0;
				under_way--;
			}
		for (; reported < begun && !pids[reported]; reported++)
			good = report(reported + 1, cases[reported], results[reported], folder) && good;
	}
	printf("1..%zu\n", n);
	free(pids);
	free(results);
	return good;
}

int main(void)
{
	const char *source = getenv("top_srcdir");
	char folder[] = "/tmp/bindwalk-cases-XXXXXX", error[LAB_ERROR], pattern[PATH_MAX], command[COMMAND] = "rm -rf";
	glob_t files;
	size_t n = 0;
	int status;
	setlocale(LC_ALL, "C.UTF-8");
	if (geteuid() != 0 && lab_enter(error, sizeof error) < 0) {
		printf("1..0 # SKIP %s\n", error);
		return 0;
	}
	if (world_run(nothing, NULL, true) != 0) {
		printf("1..0 # SKIP no namespaces of its own for a test\n");
		return 0;
	}
	snprintf(pattern, sizeof pattern, "%s/tests/cases/*.case", source ? source : ".");
	if (glob(pattern, 0, NULL, &files) != 0)
		errx(1, "no cases: %s", pattern);
	struct one_case **cases = calloc(files.gl_pathc, sizeof *cases);
	if (!cases || !mkdtemp(folder) || chmod(folder, 0755) < 0)
		err(1, "%s", folder);
	install(folder);
	for (size_t i = 0; i < files.gl_pathc; i++)
		if (is_wanted(files.gl_pathv[i]))
			cases[n++] = case_read(files.gl_pathv[i]);
	bool good = run_cases(cases, n, folder);
	shell_quote(command, sizeof command, folder);
	free(shell_output(command, 0, &status));
	for (size_t i = 0; i < n; i++)
		case_free(cases[i]);
	free(cases);
	globfree(&files);
	return !good;
}
