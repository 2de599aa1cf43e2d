// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program in a terminal of its own, types keys at it, and writes what a person would see: the last screen as a
// picture, or all of them as an asciinema cast, with times that come from what there is to read.
//
//   picture [--check] ROWSxCOLS OUT.svg|OUT.cast TITLE [KEYS TEXT]... -- COMMAND [ARGUMENT]...
//
// Each of KEYS is typed, and then TEXT is waited for. With --check the file is compared with what would be written, and
// each screen has some time to become the one in the file.
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/picture.h"

enum { REST_MS = 300, PATIENCE_MS = 20000, TRY_MS = 20 };

struct terminal {
	int fd;
	pid_t pid;
	VTerm *vt;
	struct picture at;
};

static void start(struct terminal *t, char **command)
{
	struct winsize size = {.ws_row = (unsigned short)t->at.rows, .ws_col = (unsigned short)t->at.cols};
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid < 0) {
		perror("picture: forkpty");
		exit(1);
	}
	if (t->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		unsetenv("NO_COLOR");
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	t->vt = vterm_new(t->at.rows, t->at.cols);
	vterm_set_utf8(t->vt, 1);
	t->at.screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->at.screen, 1);
	vterm_screen_reset(t->at.screen, 1);
}

// Reads until nothing has come for so long. False at the end of the program.
static bool rest(struct terminal *t, int ms)
{
	char buf[4096];
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	while (poll(&p, 1, ms) > 0) {
		ssize_t n = read(t->fd, buf, sizeof buf);
		if (n <= 0)
			return false;
		vterm_input_write(t->vt, buf, (size_t)n);
		size_t answer = vterm_output_read(t->vt, buf, sizeof buf);
		if (answer && write(t->fd, buf, answer) < 0)
			return false;
	}
	return true;
}

static bool shows(const struct picture *p, const char *text)
{
	char line[4096];
	for (int row = 0; row < p->rows; row++) {
		size_t used = 0;
		for (int col = 0; col < p->cols && used + 8 < sizeof line; col++) {
			VTermScreenCell cell = picture_cell(p, row, col);
			used += picture_utf8(picture_char(&cell), line + used);
		}
		line[used] = '\0';
		if (strstr(line, text))
			return true;
	}
	return false;
}

// What a screen gives: all of the picture, or one line of the cast.
static char *render(const struct picture *p, bool cast, unsigned long ms)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	if (!out)
		exit(1);
	if (cast)
		picture_cast_step(p, ms, out);
	else
		picture_svg(p, out);
	fclose(out);
	return text;
}

static char *read_whole(const char *path)
{
	char *text = NULL;
	size_t len;
	FILE *in = fopen(path, "r"), *out = open_memstream(&text, &len);
	for (int c; in && out && (c = getc(in)) != EOF;)
		putc(c, out);
	if (in)
		fclose(in);
	fclose(out);
	return text;
}

// Is this what the file goes on with? *file then comes behind it.
static bool is_next(const char **file, const char *text)
{
	size_t len = strlen(text);
	if (strncmp(*file, text, len) != 0)
		return false;
	*file += len;
	return true;
}

// Waits for the text; with a file to compare, until the screen is the one there as well.
static bool settle(struct terminal *t, const char *text, bool cast, bool last, unsigned long ms, const char **file)
{
	for (int tries = 0; tries < PATIENCE_MS / TRY_MS; tries++) {
		bool goes_on = rest(t, TRY_MS);
		if (!shows(&t->at, text)) {
			if (!goes_on)
				return false;
			continue;
		}
		if (!*file)
			return rest(t, REST_MS);
		if (!cast && !last)
			return true;
		char *now = render(&t->at, cast, ms);
		bool same = is_next(file, now);
		free(now);
		if (same)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct terminal t = {0};
	bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
	char **arg = argv + 1 + check;
	int n = 0;
	while (arg[n] && strcmp(arg[n], "--") != 0)
		n++;
	if (n < 5 || n % 2 == 0 || !arg[n] || !arg[n + 1] || sscanf(arg[0], "%dx%d", &t.at.rows, &t.at.cols) != 2) {
		fputs("usage: picture [--check] ROWSxCOLS OUT.svg|OUT.cast TITLE [KEYS TEXT]... -- COMMAND [ARGUMENT]...\n",
		      stderr);
		return 2;
	}
	bool cast = strstr(arg[1], ".cast");
	char *whole = check ? read_whole(arg[1]) : NULL, *made = NULL;
	const char *file = whole;
	size_t made_len;
	FILE *out = open_memstream(&made, &made_len);
	if (cast) {
		picture_cast_head(&t.at, arg[2], out);
		fflush(out);
		if (file && !is_next(&file, made))
			file = "";
	}
	start(&t, arg + n + 1);
	unsigned long ms = 0;
	int failed = 0;
	for (int i = 3; i + 1 < n && !failed; i += 2) {
		bool last = i + 3 > n;
		if (*arg[i] && write(t.fd, arg[i], strlen(arg[i])) < 0)
			failed = 1;
		failed |= !settle(&t, arg[i + 1], cast, last, ms, &file);
		if (failed) {
			fprintf(stderr, "picture: %s: step %d: the screen %s \"%s\"\n", arg[1], (i - 1) / 2,
				shows(&t.at, arg[i + 1]) ? "is not the one in the file, but it has" : "never showed",
				arg[i + 1]);
			break;
		}
		if (cast || last) {
			char *text = render(&t.at, cast, ms);
			fputs(text, out);
			free(text);
		}
		ms += picture_cast_pace(&t.at);
		failed = !picture_take(&t.at);
	}
	fclose(out);
	FILE *to = check || failed ? NULL : fopen(arg[1], "w");
	if (!check && !failed && (!to || fputs(made, to) < 0 || fclose(to) != 0)) {
		perror(arg[1]);
		failed = 1;
	}
	if (check && !failed && *file) {
		fprintf(stderr, "picture: %s goes on where it should end\n", arg[1]);
		failed = 1;
	}
	kill(t.pid, SIGTERM);
	waitpid(t.pid, NULL, 0);
	free(whole);
	free(made);
	free(t.at.cells);
	vterm_free(t.vt);
	return failed;
}
