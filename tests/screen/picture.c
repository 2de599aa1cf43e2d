// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program in a terminal of its own, types keys at it, and writes what a person would see as an SVG picture.
//
//   picture ROWSxCOLS OUT.svg WAIT-TEXT KEYS... -- COMMAND [ARGUMENT]...
//
// Each of KEYS is typed once the screen shows something new and has come to rest; the picture is taken when WAIT-TEXT
// shows.
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
#include <vterm.h>

enum { CELL_W = 9, CELL_H = 19, MARGIN = 12, REST_MS = 300, PATIENCE = 40 };

struct terminal {
	int fd, rows, cols;
	pid_t pid;
	VTerm *vt;
	VTermScreen *screen;
};

static void start(struct terminal *t, char **command)
{
	struct winsize size = {.ws_row = (unsigned short)t->rows, .ws_col = (unsigned short)t->cols};
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
	t->vt = vterm_new(t->rows, t->cols);
	vterm_set_utf8(t->vt, 1);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
}

// Reads until nothing has come for a while. False at the end of the program.
static bool rest(struct terminal *t)
{
	char buf[4096];
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	while (poll(&p, 1, REST_MS) > 0) {
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

static size_t put_utf8(uint32_t c, char *out)
{
	if (c < 0x80)
		return (size_t)sprintf(out, c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "%c", (int)c);
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

static VTermScreenCell cell_at(const struct terminal *t, int row, int col)
{
	VTermScreenCell cell;
	vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
	return cell;
}

static bool shows(const struct terminal *t, const char *text)
{
	char line[4096];
	for (int row = 0; row < t->rows; row++) {
		size_t used = 0;
		for (int col = 0; col < t->cols && used + 8 < sizeof line; col++) {
			VTermScreenCell cell = cell_at(t, row, col);
			used += put_utf8(cell.chars[0] ? cell.chars[0] : ' ', line + used);
		}
		line[used] = '\0';
		if (strstr(line, text))
			return true;
	}
	return false;
}

struct look {
	unsigned fg, bg; // 0xRRGGBB
	bool bold;
};

static unsigned rgb(const struct terminal *t, VTermColor color)
{
	vterm_screen_convert_color_to_rgb(t->screen, &color);
	return (unsigned)color.rgb.red << 16 | (unsigned)color.rgb.green << 8 | color.rgb.blue;
}

static struct look look_of(const struct terminal *t, const VTermScreenCell *cell)
{
	// The emulator's own defaults are not colours of a terminal that one would look at.
	unsigned fg = VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) ? 0xd8dee4 : rgb(t, cell->fg);
	unsigned bg = VTERM_COLOR_IS_DEFAULT_BG(&cell->bg) ? 0x101418 : rgb(t, cell->bg);
	struct look l = {.fg = fg, .bg = bg, .bold = cell->attrs.bold};
	if (cell->attrs.reverse) {
		l.fg = bg;
		l.bg = fg;
	}
	return l;
}

static bool same_look(struct look a, struct look b)
{
	return a.fg == b.fg && a.bg == b.bg && a.bold == b.bold;
}

static uint32_t character(const VTermScreenCell *cell)
{
	return cell->chars[0] && cell->chars[0] != 0xffffffff ? cell->chars[0] : ' ';
}

// One word: viewers treat blanks differently, so none is written, and each word is held to its cells.
static int draw_word(const struct terminal *t, int row, int col, struct look look, FILE *out)
{
	char text[4096];
	size_t used = 0;
	int end = col;
	for (; end < t->cols && used + 8 < sizeof text; end++) {
		VTermScreenCell cell = cell_at(t, row, end);
		if (character(&cell) == ' ' || !same_look(look_of(t, &cell), look))
			break;
		used += put_utf8(character(&cell), text + used);
	}
	text[used] = '\0';
	fprintf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s>%s</text>\n", MARGIN + col * CELL_W,
		MARGIN + row * CELL_H + 14, (end - col) * CELL_W, look.fg, look.bold ? " font-weight=\"bold\"" : "",
		text);
	return end;
}

static int draw_background(const struct terminal *t, int row, int col, struct look look, FILE *out)
{
	int end = col;
	for (; end < t->cols; end++) {
		VTermScreenCell cell = cell_at(t, row, end);
		if (look_of(t, &cell).bg != look.bg)
			break;
	}
	if (look.bg != 0x101418)
		fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
			MARGIN + col * CELL_W, MARGIN + row * CELL_H, (end - col) * CELL_W, CELL_H, look.bg);
	return end;
}

static void draw_line(const struct terminal *t, int row, FILE *out)
{
	for (int col = 0; col < t->cols;) {
		VTermScreenCell cell = cell_at(t, row, col);
		col = draw_background(t, row, col, look_of(t, &cell), out);
	}
	for (int col = 0; col < t->cols;) {
		VTermScreenCell cell = cell_at(t, row, col);
		col = character(&cell) == ' ' ? col + 1 : draw_word(t, row, col, look_of(t, &cell), out);
	}
}

static int draw(const struct terminal *t, const char *path)
{
	FILE *out = fopen(path, "w");
	if (!out)
		return -1;
	int width = t->cols * CELL_W + 2 * MARGIN, height = t->rows * CELL_H + 2 * MARGIN;
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
		"<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"
		"<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#101418\"/>\n"
		"<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14.5\">\n",
		width, height, width, height, width, height);
	for (int row = 0; row < t->rows; row++)
		draw_line(t, row, out);
	fputs("</g>\n</svg>\n", out);
	return fclose(out);
}

int main(int argc, char **argv)
{
	struct terminal t = {0};
	int i = 4;
	while (i < argc && strcmp(argv[i], "--") != 0)
		i++;
	if (argc < 6 || i + 1 >= argc || sscanf(argv[1], "%dx%d", &t.rows, &t.cols) != 2) {
		fputs("usage: picture ROWSxCOLS OUT.svg WAIT-TEXT KEYS... -- COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	start(&t, argv + i + 1);
	rest(&t);
	for (int k = 4; k < i; k++) {
		if (write(t.fd, argv[k], strlen(argv[k])) < 0 || !rest(&t)) {
			fputs("picture: the program ended early\n", stderr);
			return 1;
		}
	}
	bool shown = false;
	for (int tries = 0; tries < PATIENCE && !(shown = shows(&t, argv[3])); tries++)
		rest(&t);
	int status = shown ? draw(&t, argv[2]) : -1;
	if (!shown)
		fprintf(stderr, "picture: the screen never showed \"%s\"\n", argv[3]);
	kill(t.pid, SIGTERM);
	waitpid(t.pid, NULL, 0);
	return status ? 1 : 0;
}
