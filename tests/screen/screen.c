// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/walk_conclude.h"
#include "tests/screen/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/evidence/merge.h"
#include "core/model/option.h"
#include "core/text/width.h"
#include "tests/screen/cells.h"
#include "tests/screen/made_up.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/paint.h"
#include "tui/prompt.h"
#include "tui/prompt_keys.h"

static int on_property(VTermProp prop, VTermValue *value, void *data)
{
	struct screen *s = data;
	if (prop == VTERM_PROP_ALTSCREEN)
		s->alternate = value->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		s->cursor_visible = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

// What the explorer's loop does for the effects, without a kernel: a bind goes as predicted, a sysctl is what was
// written.
static void carry_out(struct screen *s)
{
	for (unsigned e; (e = app_take_effects(&s->app)) != 0;) {
		struct trial trial;
		s->quit |= (e & EFFECT_QUIT) != 0;
		s->suspended += (e & EFFECT_SUSPEND) != 0;
		s->redrawn += (e & EFFECT_REDRAW) != 0;
		if (e & EFFECT_REDRAW)
			clearok(curscr, TRUE);
		if (e & EFFECT_THEME)
			term_set_theme(&s->term, s->app.theme);
		if (e & EFFECT_MOUSE)
			term_set_mouse(&s->term, s->app.mouse);
		if (e & EFFECT_SYSCTL) {
			s->host->sysctl[s->app.sysctl.id] = s->app.sysctl.value;
			app_decide_again(&s->app);
		}
		if (e & EFFECT_PROMPT)
			prompt_keys_open(&s->app);
		if (e & EFFECT_BIND) {
			app_decide(&s->app);
			app_take_effects(&s->app);
			made_up_trial(&s->app.now.walk, &trial);
			merge_bind(&trial, NULL, NULL, &s->app.now.walk);
			app_walk_changed(&s->app);
		}
	}
}

static void feed_emulator(struct screen *s)
{
	char buf[4096];
	ssize_t n;
	fflush(s->out);
	while ((n = pread(fileno(s->out), buf, sizeof buf, s->seen)) > 0) {
		vterm_input_write(s->vt, buf, (size_t)n);
		s->seen += n;
	}
}

void screen_draw(struct screen *s)
{
	prompt_keys_show(&s->app);
	paint(&s->app, &s->term);
	feed_emulator(s);
}

struct screen *screen_open(int rows, int cols, const struct screen_options *o)
{
	struct screen *s = calloc(1, sizeof *s);
	struct term_options look = {.color = o->color ? o->color : "always", .ascii = o->ascii};
	struct addr addr;
	char err[256];
	assert_non_null(s);
	s->vt = vterm_new(rows, cols);
	vterm_set_utf8(s->vt, 1);
	s->vts = vterm_obtain_screen(s->vt);
	vterm_screen_set_callbacks(s->vts, &callbacks, s);
	vterm_screen_enable_altscreen(s->vts, 1);
	vterm_screen_reset(s->vts, 1);
	s->out = fdopen(memfd_create("screen", MFD_CLOEXEC), "w+");
	s->in = fopen("/dev/null", "re");
	if (term_open(&s->term, o->type ? o->type : "xterm-256color", s->out, s->in, &look, err, sizeof err) < 0)
		fail_msg("%s", err);
	s->rows = rows;
	s->cols = cols;
	term_set_size(&s->term, rows, cols);
	assert_int_equal(addr_parse("192.168.123.123", &addr), 0);
	struct attempt first = attempt_new(&addr);
	app_init(&s->app, &first, !o->read_only);
	s->app.caller = made_up_caller();
	s->app.ascii = s->term.ascii;
	s->app.theme = s->term.theme;
	prompt_init(&s->app);
	app_resize(&s->app, rows, cols);
	if (!o->empty)
		screen_set_host(s, o->large ? made_up_large_host() : made_up_host());
	screen_draw(s);
	return s;
}

void screen_close(struct screen *s)
{
	prompt_done();
	app_free(&s->app);
	term_close(&s->term);
	feed_emulator(s);
	assert_false(s->alternate); // whatever happened: back to the shell's screen, with a cursor
	assert_true(s->cursor_visible);
	vterm_free(s->vt);
	fclose(s->out);
	fclose(s->in);
	host_free(s->host);
	free(s);
}

void screen_set_host(struct screen *s, struct host *h)
{
	app_keep_selection(&s->app);
	app_set_host(&s->app, h);
	host_free(s->host);
	s->host = h;
	carry_out(s);
}

void screen_resize(struct screen *s, int rows, int cols)
{
	feed_emulator(s);
	// To the same size: libvterm 0.3 would give blank lines another colour, which no terminal does.
	if (rows != s->rows || cols != s->cols)
		vterm_set_size(s->vt, rows, cols);
	s->rows = rows;
	s->cols = cols;
	term_set_size(&s->term, rows, cols);
	app_resize(&s->app, rows, cols);
	screen_draw(s);
}

void screen_key(struct screen *s, struct key key)
{
	prompt_keys_key(&s->app, &key);
	carry_out(s);
}

static uint32_t code_of(const char *name, size_t len)
{
	char have[KEY_NAME], want[KEY_NAME] = "";
	uint32_t c;
	assert_true(len < sizeof want);
	memcpy(want, name, len);
	if (width_decode(name, len, &c) == len)
		return c;
	for (uint32_t code = K_NONE + 1; code < K_END_OF_KEYS; code++)
		if (strcmp(keys_name(code, have), want) == 0)
			return code;
	for (uint32_t code = 1; code <= K_SPACE; code++)
		if (strcmp(keys_name(code, have), want) == 0)
			return code;
	fail_msg("no key is called %s", want);
	return K_NONE;
}

void screen_keys(struct screen *s, const char *keys)
{
	while (*keys) {
		size_t len = strcspn(keys, " ");
		if (*keys == ' ') {
			keys++;
		} else if (*keys == '\'') {
			for (keys++; *keys != '\'';) {
				struct key key = {0};
				keys += width_decode(keys, strlen(keys), &key.code);
				screen_key(s, key);
			}
			keys++;
		} else {
			screen_key(s, (struct key){.code = code_of(keys, len)});
			keys += len;
		}
	}
	screen_draw(s);
}

static bool get_cell(struct screen *s, int y, int x, VTermScreenCell *cell)
{
	VTermPos pos = {.row = y, .col = x};
	*cell = (VTermScreenCell){0}; // what follows the last character is not filled in
	vterm_screen_get_cell(s->vts, pos, cell);
	return cell->chars[0] != (uint32_t)-1; // else the right half of a wide character
}

const char *screen_line(struct screen *s, int y)
{
	static char line[SCREEN_COLS_MAX * VTERM_MAX_CHARS_PER_CELL * 4 + 1];
	size_t used = 0, end = 0;
	for (int x = 0; x < s->cols; x++) {
		VTermScreenCell cell;
		if (!get_cell(s, y, x, &cell))
			continue;
		if (!cell.chars[0]) {
			line[used++] = ' ';
			continue;
		}
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			used += width_encode(cell.chars[i], line + used);
		if (cell.chars[0] != ' ')
			end = used;
	}
	line[end] = '\0';
	return line;
}

bool screen_shows(struct screen *s, const char *text)
{
	for (int y = 0; y < s->rows; y++)
		if (strstr(screen_line(s, y), text))
			return true;
	return false;
}

static char attribute_letter(const VTermScreenCell *c)
{
	bool blank = !c->chars[0] || c->chars[0] == ' ';
	bool colored = (!blank && !VTERM_COLOR_IS_DEFAULT_FG(&c->fg)) || !VTERM_COLOR_IS_DEFAULT_BG(&c->bg);
	char letter = c->attrs.reverse          ? 'r'
		      : c->attrs.underline      ? 'u'
		      : c->attrs.bold && !blank ? 'b'
		      : colored                 ? 'c'
						: '.';
	return colored && letter != 'c' ? (char)(letter - 'a' + 'A') : letter;
}

static void print_screen(struct screen *s, bool attributes, FILE *out)
{
	VTermPos cursor;
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	fprintf(out, "size %dx%d cursor %d,%d%s alternate %d\n", s->cols, s->rows, cursor.row, cursor.col,
		s->cursor_visible ? "" : " hidden", s->alternate);
	for (int y = 0; y < s->rows; y++)
		fprintf(out, "%s\n", screen_line(s, y));
	for (int y = 0; attributes && y < s->rows; y++) {
		for (int x = 0; x < s->cols; x++) {
			VTermScreenCell cell;
			get_cell(s, y, x, &cell);
			fputc(attribute_letter(&cell), out);
		}
		fputc('\n', out);
	}
}

static char *read_all(const char *path)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = fopen(path, "re");
	if (f && getdelim(&text, &len, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}

static void show_difference(const char *name, const char *want, const char *got)
{
	for (int line = 1; *want || *got; line++) {
		size_t w = strcspn(want, "\n"), g = strcspn(got, "\n");
		if (w != g || memcmp(want, got, w) != 0)
			print_error("%s:%d\n  want |%.*s|\n  got  |%.*s|\n", name, line, (int)w, want, (int)g, got);
		want += w + (want[w] != '\0');
		got += g + (got[g] != '\0');
	}
}

void screen_expect(struct screen *s, const char *name, bool attributes)
{
	char path[512], *got = NULL;
	size_t len = 0;
	const char *top = getenv("top_srcdir");
	snprintf(path, sizeof path, "%s/tests/screen/golden/%s.txt", top ? top : ".", name);
	FILE *memory = open_memstream(&got, &len);
	assert_non_null(memory);
	print_screen(s, attributes, memory);
	fclose(memory);
	if (getenv("UPDATE_GOLDEN")) {
		FILE *f = fopen(path, "we");
		assert_non_null(f);
		fputs(got, f);
		fclose(f);
	}
	char *want = read_all(path);
	bool same = want && strcmp(want, got) == 0;
	if (!same)
		show_difference(name, want ? want : "", got);
	free(want);
	free(got);
	if (!same)
		fail_msg("%s differs; when the new screen is right: UPDATE_GOLDEN=1 make check", name);
}

void screen_expect_clean(struct screen *s, const char *after)
{
	static VTermScreenCell before[SCREEN_ROWS_MAX][SCREEN_COLS_MAX];
	for (int y = 0; y < s->rows; y++)
		for (int x = 0; x < s->cols; x++)
			get_cell(s, y, x, &before[y][x]);
	clearok(curscr, TRUE);
	screen_draw(s);
	for (int y = 0; y < s->rows; y++)
		for (int x = 0; x < s->cols; x++) {
			VTermScreenCell cell;
			get_cell(s, y, x, &cell);
			if (!same_picture(&cell, &before[y][x]))
				fail_msg("stale cell at line %d column %d after %s: 0x%x, redrawn 0x%x", y, x, after,
					 (unsigned)before[y][x].chars[0], (unsigned)cell.chars[0]);
		}
}
