// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/prompt.h"

#include <stdio.h> // before readline, which needs it
#include <readline/history.h>
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/visible.h"
#include "core/text/width.h"
#include "tui/complain.h"
#include "tui/complete.h"
#include "tui/history.h"
#include "tui/input.h"

enum { QUEUE = 64 };

static struct {
	const struct app *app;
	enum prompt_kind kind;
	bool begun;
	bool open;
	bool ended; // the line is complete, or was given up
	char *line; // NULL: given up
	FILE *null;
	unsigned char queue[QUEUE]; // bytes of whole characters that readline has not taken yet
	size_t head, tail;
	size_t first; // the first byte of the line that is seen
	bool pasting;
	size_t offered; // bytes of the line that were there when it was opened, until the first key
	struct candidates found;
	struct candidates shown; // the matches that readline wants to be listed,
	size_t listed, fitting;  // and how many of them from which one on fit the screen
} prompt;

static int take_byte(FILE *unused)
{
	(void)unused;
	return prompt.head < prompt.tail ? prompt.queue[prompt.head++] : EOF;
}

static int byte_waits(void)
{
	return prompt.head < prompt.tail;
}

static void draw_later(void)
{
	// The loop draws once when all keys are taken.
}

static void show_matches(char **matches, int count, int longest)
{
	(void)longest;
	candidates_free(&prompt.shown);
	size_t most = (size_t)count < COMPLETE_MOST ? (size_t)count : COMPLETE_MOST;
	prompt.shown.text = calloc(most ? most : 1, sizeof *prompt.shown.text);
	if (!prompt.shown.text)
		return;
	prompt.shown.more = prompt.found.more;
	for (size_t i = 0; i < most; i++) {
		const char *slash =
			prompt.found.file ? strrchr(matches[i + 1], '/') : NULL; // the folder is on the line
		visible_copy(slash ? slash + 1 : matches[i + 1], prompt.shown.text[prompt.shown.count++],
			     COMPLETE_TEXT);
	}
}

static char *next_candidate(const char *text, int state)
{
	static size_t at;
	(void)text;
	at = state ? at + 1 : 0;
	return at < prompt.found.count ? strdup(prompt.found.text[at]) : NULL;
}

char **prompt_match_files(const char *text)
{
	rl_filename_completion_desired = 1; // a folder ends with a slash, and can be gone into
	return rl_completion_matches(text, rl_filename_completion_function);
}

static char **complete(const char *text, int start, int end)
{
	candidates_free(&prompt.found);
	complete_line(prompt.app, prompt.kind, rl_line_buffer, (size_t)start, (size_t)end, &prompt.found);
	rl_attempted_completion_over = 1;
	rl_completion_suppress_append = prompt.kind != PROMPT_COMMAND;
	if (prompt.found.file)
		return prompt_match_files(text);
	return prompt.found.count ? rl_completion_matches(text, next_candidate) : NULL;
}

static void on_line(char *line)
{
	rl_callback_handler_remove();
	prompt.open = false;
	prompt.ended = true;
	free(prompt.line);
	prompt.line = line;
}

static int search_history(int count, int key)
{
	bool forward = key == '?' || key == 'N' || key == 'n';
	return forward ? rl_forward_search_history(count, key) : rl_reverse_search_history(count, key);
}

static int do_nothing(int count, int key)
{
	(void)count;
	(void)key;
	return 0;
}

static void replace_command(Keymap map, rl_command_func_t *from, rl_command_func_t *to)
{
	for (int i = 0; i < KEYMAP_SIZE; i++)
		if (map[i].type == ISKMAP)
			replace_command((Keymap)map[i].function, from, to);
		else if (map[i].type == ISFUNC && map[i].function == from)
			map[i].function = to;
}

// The searches become the other kind of search, and "operate-and-get-next", which sets up a next prompt that here asks
// for something else, takes the line.
void prompt_avoid_crashes(void)
{
	static const struct {
		const char *name;
		rl_command_func_t *instead;
	} commands[] = {
		{"non-incremental-forward-search-history", search_history},
		{"non-incremental-reverse-search-history", search_history},
		{"non-incremental-forward-search-history-again", search_history},
		{"non-incremental-reverse-search-history-again", search_history},
		{"vi-search", search_history},
		{"vi-search-again", search_history},
		{"operate-and-get-next", rl_newline},
		{"re-read-init-file", do_nothing}, // may have errors, which readline prints over the screen
	};
	Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		rl_command_func_t *from = rl_named_function(commands[i].name);
		for (size_t m = 0; from && m < sizeof maps / sizeof maps[0]; m++)
			replace_command(maps[m], from, commands[i].instead);
	}
}

// What readline has against the user's inputrc it prints, with all that stands there.
void prompt_initialize(void)
{
	char *text = NULL, *rest = NULL;
	size_t len = 0;
	FILE *real = stderr, *memory = open_memstream(&text, &len);
	if (memory)
		stderr = memory;
	rl_initialize();
	stderr = real;
	if (memory)
		fclose(memory);
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
		complain("%s", line);
	free(text);
}

// Readline takes a while to begin, and many never type into a prompt.
static void begin(void)
{
	if (prompt.begun)
		return;
	prompt.begun = true;
	prompt.null = fopen("/dev/null", "w+e");
	rl_readline_name = "bindwalk";
	rl_instream = prompt.null;
	rl_outstream = prompt.null;
	rl_change_environment = 0;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_prep_term_function = NULL;
	rl_deprep_term_function = NULL;
	rl_getc_function = take_byte;
	rl_input_available_hook = byte_waits;
	rl_redisplay_function = draw_later;
	rl_attempted_completion_function = complete;
	rl_completion_display_matches_hook = show_matches;
	rl_completion_query_items = -1; // never asks whether to list
	rl_basic_word_break_characters = " \t";
	rl_completer_word_break_characters = " \t";
	prompt_initialize();
	rl_variable_bind("bell-style", "none");
	rl_variable_bind("show-all-if-ambiguous", "on");   // one Tab lists
	rl_variable_bind("enable-bracketed-paste", "off"); // the input layer knows what is pasted
	// Alt-Enter would switch to vi's keys, which nobody means by it; whoever wants them says so in inputrc.
	rl_bind_key_in_map('\r', rl_newline, emacs_meta_keymap);
	rl_bind_key_in_map('\n', rl_newline, emacs_meta_keymap);
	prompt_avoid_crashes();
}

void prompt_init(const struct app *app)
{
	prompt.app = app;
}

static void cancel(void)
{
	if (!prompt.open)
		return;
	rl_callback_sigcleanup(); // or the next prompt opens inside an old search
	rl_free_line_state();
	rl_callback_handler_remove();
	prompt.open = false;
	candidates_free(&prompt.shown);
}

void prompt_done(void)
{
	if (!prompt.begun)
		return;
	prompt.begun = false;
	cancel();
	candidates_free(&prompt.found);
	candidates_free(&prompt.shown);
	free(prompt.line);
	prompt.line = NULL;
	history_forget();
	rl_free_line_state();
	if (prompt.null)
		fclose(prompt.null);
	prompt.null = NULL;
}

void prompt_open(enum prompt_kind kind, const char *text)
{
	static const struct {
		const char *head;
		enum history_id history;
	} kinds[] = {[PROMPT_ADDRESS] = {"address: ", HISTORY_ADDRESSES},
		     [PROMPT_PORT] = {"port: ", HISTORY_PORTS},
		     [PROMPT_DEVICE] = {"device: ", HISTORY_DEVICES},
		     [PROMPT_COMMAND] = {":", HISTORY_COMMANDS}};
	begin();
	prompt.kind = kind;
	prompt.head = prompt.tail = prompt.first = 0;
	prompt.ended = prompt.pasting = false;
	prompt.offered = 0;
	candidates_free(&prompt.shown);
	rl_callback_handler_install(kinds[kind].head, on_line);
	prompt.open = true;
	history_use(kinds[kind].history);
	using_history();
	if (text[0])
		rl_insert_text(text);
}

void prompt_offer(enum prompt_kind kind, const char *text)
{
	prompt_open(kind, text);
	prompt.offered = (size_t)rl_end;
}

// A first key that added text at the end has replaced what was offered; any other one edits it.
static void settle_offer(const struct key *key)
{
	int n = (int)prompt.offered;
	const UNDO_LIST *last = prompt.open ? rl_undo_list : NULL;
	bool added = last && last->what == UNDO_INSERT && last->end == rl_end && rl_end > n; // not from the history
	prompt.offered = 0;
	if (n && added && key->code != K_TAB) {
		rl_delete_text(0, n);
		rl_point -= n;
	}
}

void prompt_point(size_t at)
{
	if (prompt.open)
		rl_point = at < (size_t)rl_end ? (int)at : rl_end;
}

const char *prompt_line(void)
{
	return prompt.line ? prompt.line : "";
}

void prompt_remember(enum prompt_kind kind, const char *line)
{
	(void)kind;
	history_keep(line);
}

// Whole characters only: readline's search reads the rest of one in the same call.
static void feed(const struct key *key)
{
	prompt.head = 0;
	prompt.tail = input_bytes(key, (char *)prompt.queue, sizeof prompt.queue);
	while (prompt.head < prompt.tail && prompt.open)
		rl_callback_read_char();
}

// What a search takes itself. All else ends it and does what it means: readline 8.2 crashes when that is two keys
// (Ctrl-X u).
static bool belongs_to_search(const struct key *key)
{
	static const char takes[] = {K_ENTER, K_CTRL('H'), K_CTRL('R'), K_CTRL('S'), K_CTRL('G'), K_ESCAPE};
	bool control = key->code < K_SPACE && memchr(takes, (int)key->code, sizeof takes);
	bool text = (key->code >= K_SPACE && key->code < K_NONE) || key->code == K_BACKSPACE;
	return !key->alt && (text || control);
}

enum prompt_result prompt_key(const struct key *key)
{
	struct key k = *key;
	if (!prompt.open)
		return PROMPT_CANCELLED;
	if (k.code == K_PASTE_BEGIN || k.code == K_PASTE_END) {
		prompt.pasting = k.code == K_PASTE_BEGIN;
		return PROMPT_EDITING;
	}
	// Pasted text is text: no line end in it takes the line, no Tab completes.
	if (prompt.pasting && k.code < K_SPACE)
		k.code = K_SPACE;
	bool vi = rl_editing_mode == 0;
	if (k.code == K_CTRL('C') || (k.code == K_ESCAPE && !vi)) {
		cancel();
		return PROMPT_CANCELLED;
	}
	size_t count = prompt.shown.count;
	int point = rl_point, end = rl_end;
	candidates_free(&prompt.shown);
	if (prompt.pasting) {
		char text[5];
		if (k.code < K_NONE && !k.alt) {
			text[width_encode(k.code, text)] = '\0';
			rl_insert_text(text);
		}
	} else {
		if (RL_ISSTATE(RL_STATE_ISEARCH) && !belongs_to_search(&k))
			feed(&(struct key){.code = K_ESCAPE});
		feed(&k);
	}
	settle_offer(&k);
	// The same list once more: what did not fit.
	bool again = prompt.shown.count && prompt.shown.count == count && rl_point == point && rl_end == end;
	prompt.listed = again ? prompt.listed + prompt.fitting : 0;
	if (!prompt.ended)
		return PROMPT_EDITING;
	prompt.ended = false;
	return prompt.line ? PROMPT_LINE : PROMPT_CANCELLED; // Ctrl-D on an empty line gives it up
}

// Columns of text[0..len) as it is drawn.
static unsigned columns(const char *text, size_t len)
{
	char shown[VISIBLE_MOST];
	unsigned cols = 0;
	for (size_t at = 0; at < len; cols += width_text(shown, strlen(shown)))
		at += visible_one(text + at, len - at, prompt.app->ascii, shown);
	return cols;
}

// The line from its first visible byte on, as far as it fits; always with the cursor in it.
static void scroll(const char *line, size_t len, size_t point, unsigned room)
{
	if (point < prompt.first || prompt.first > len)
		prompt.first = 0;
	while (prompt.first < point && columns(line + prompt.first, point - prompt.first) >= room) {
		uint32_t c;
		prompt.first += width_decode(line + prompt.first, len - prompt.first, &c);
	}
	// Nothing stays hidden in front while there is room behind: the screen has grown, or the line is shorter.
	for (size_t before = prompt.first; before > 0; prompt.first = before) {
		do
			before--;
		while (before > 0 && ((unsigned char)line[before] & 0xc0) == 0x80);
		if (columns(line + before, len - before) >= room)
			break;
	}
}

static void copy_line(const char *line, size_t len, unsigned room, char *out, size_t size)
{
	char shown[VISIBLE_MOST];
	size_t used = 0;
	unsigned cols = 0;
	for (size_t at = prompt.first, n; at < len; used += n) {
		at += visible_one(line + at, len - at, prompt.app->ascii, shown);
		n = strlen(shown);
		cols += width_text(shown, n);
		if (cols > room || used + n >= size)
			break;
		memcpy(out + used, shown, n);
	}
	out[used] = '\0';
}

static unsigned candidate_columns(size_t i)
{
	const char *text = prompt.shown.text[i];
	return width_text(text, strnlen(text, sizeof((struct prompt_view *)0)->match[0] - 1));
}

// How many candidates from `from` on fit, when `rest` columns of the last line are for something else.
static size_t fitting(size_t from, unsigned width, unsigned lines, unsigned rest)
{
	enum { GAP = 2 };
	unsigned line = 1, col = 0;
	size_t i = from;
	for (; i < prompt.shown.count && i - from < PROMPT_MATCHES; i++) {
		unsigned cols = candidate_columns(i), room = line < lines ? width : width > rest ? width - rest : 0;
		if (col > 0 && col + GAP + cols > room) {
			if (line++ == lines)
				break;
			col = 0;
		}
		col += (col ? GAP : 0) + cols;
	}
	return i > from ? i - from : 1;
}

static void list_candidates(unsigned width, unsigned lines, struct prompt_view *v)
{
	enum { MORE = 20 }; // columns of "  and 123 more, Tab"
	size_t count = prompt.shown.count;
	if (prompt.listed >= count)
		prompt.listed = 0;
	if (count == 0)
		return;
	prompt.fitting = fitting(prompt.listed, width, lines, 0);
	if (prompt.fitting < count)
		prompt.fitting = fitting(prompt.listed, width, lines, MORE);
	for (size_t i = prompt.listed; i < prompt.listed + prompt.fitting; i++)
		snprintf(v->match[v->nmatches++], sizeof v->match[0], "%.63s", prompt.shown.text[i]);
	v->more = (unsigned)(count - v->nmatches);
}

bool prompt_view(unsigned width, unsigned lines, struct prompt_view *out)
{
	struct prompt_view v = {0};
	if (prompt.open) {
		const char *head = rl_display_prompt ? rl_display_prompt : "";
		size_t len = strlen(rl_line_buffer), point = (size_t)rl_point, used;
		snprintf(v.text, sizeof v.text / 2, "%s", head);
		used = strlen(v.text);
		unsigned head_cols = columns(v.text, used);
		unsigned room = width > head_cols + 2 ? width - head_cols - 1 : 1;
		scroll(rl_line_buffer, len, point, room);
		copy_line(rl_line_buffer, len, room, v.text + used, sizeof v.text - used);
		v.cursor = head_cols + columns(rl_line_buffer + prompt.first, point - prompt.first);
		list_candidates(width, lines, &v);
		v.offered = prompt.offered > 0;
	}
	bool differs = memcmp(&v, out, sizeof v) != 0;
	*out = v;
	return differs;
}
