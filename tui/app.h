// SPDX-License-Identifier: GPL-3.0-or-later
// All state of the explorer, and what a command does to it. Nothing here touches a terminal or the kernel: what must be
// done out there is asked for in `effects`, and the loop does it. Pure.
#ifndef BINDWALK_APP_H
#define BINDWALK_APP_H

#include "core/command/command.h"
#include "core/model/inquiry.h"
#include "core/model/remedy.h"
#include "tui/bind_opened.h"
#include "tui/cover.h"
#include "tui/changed.h"
#include "tui/compare_state.h"
#include "tui/host_items.h"
#include "tui/keys.h"
#include "tui/layout.h"
#include "tui/lesson_shown.h"
#include "tui/list.h"
#include "tui/picked.h"
#include "tui/remedy_drawn.h"
#include "tui/stage_view.h"
#include "tui/palette.h"
#include "tui/theme.h"
#include "tui/traced.h"
#include "tui/watched.h"

// What a command changed.
enum dirty {
	DIRTY_SCREEN = 1,  // something to be drawn
	DIRTY_LAYOUT = 2,  // rectangles
	DIRTY_ATTEMPT = 4, // the attempt; it was decided anew
	DIRTY_EFFECT = 8   // something is asked of the loop
};

enum effect {
	EFFECT_QUIT = 1,
	EFFECT_SUSPEND = 2,
	EFFECT_REDRAW = 4,
	EFFECT_BIND = 8,       // try the attempt for real
	EFFECT_ASK = 16,       // the attempt was decided anew: ask the kernel what belongs to it
	EFFECT_PROMPT = 32,    // open app.ask
	EFFECT_SYSCTL = 64,    // write app.sysctl
	EFFECT_THEME = 128,    // app.theme changed
	EFFECT_MOUSE = 256,    // app.mouse changed
	EFFECT_WITNESS = 512,  // app.witness changed
	EFFECT_COMMAND = 1024, // app.command is for the session: it changes or shows more than this screen
	EFFECT_LESSON = 2048,  // app.lesson.want is for the player
	EFFECT_TRACE = 8192,   // begin or end what app.traced.order says
	EFFECT_OPEN = 4096     // read what the walk of app.opening is decided on
};

enum mode { MODE_MAIN, MODE_FILTER, MODE_CONFIRM, MODE_PROMPT };

enum prompt_kind { PROMPT_ADDRESS, PROMPT_PORT, PROMPT_DEVICE, PROMPT_COMMAND };

enum { PROMPT_TEXT = 512, PROMPT_MATCHES = 64, MESSAGE_TEXT = 512, QUESTION_TEXT = 900 };

// What tui/prompt shows: kept here so that everything on the screen comes from one place.
struct prompt_view {
	char text[PROMPT_TEXT];  // the part that fits, UTF-8
	unsigned cursor;         // in columns
	unsigned offered;        // not 0: the next character that is typed replaces the line
	unsigned nmatches, more; // possible completions: listed, and not here
	char match[PROMPT_MATCHES][64];
};

// What a command showed: kept until the walk is looked at again.
struct output {
	struct row *rows;
	size_t n, cap;
	bool more;  // than are kept
	bool shown; // in the place of the selected step
	char title[64];
};

struct app {
	bool lab;
	bool editable; // no lab, but changes may be made: each is asked about
	bool ascii;
	bool mouse;
	bool witness; // live binds are witnessed from inside the kernel
	enum theme_id theme;
	char status[80]; // "reading: 120000 routes", "" for none
	char place[48];  // "lab router", "netns blue", "" for this host
	char join[96];   // how to join the lab from a shell, "" for no lab
	size_t changes;  // that would be undone

	struct attempt attempt;
	enum unprivileged unprivileged; // as whom it is made
	struct caller caller;           // we ourselves
	struct inquiry now; // the walk of the attempt, and what it was decided on; the host is borrowed: app_set_host()
	struct remedy remedies[REMEDIES]; // of a refusal
	unsigned nremedies;
	bool tells_remedies; // it is a refusal
	struct remedy_applied applied;

	enum mode mode;
	enum view_id view;
	struct {
		enum view_id view;
		enum pane_id focus;
	} under;               // the help or the palette
	enum pane_id explored; // had the focus in the explore view
	int rows, cols;
	struct {
		int verdict, hint, walk, other, lesson, binds, program; // lines that the layout was made for
	} fitted;
	struct layout layout;
	enum pane_id focus;
	enum pane_id side; // of the panes that share a place, the one that had the focus last
	bool zoom, detail;
	bool unfolded; // steps that are not reached have a line each
	bool stepped;  // somebody chose the selected step; else it is where the walk was decided
	struct cover cover;
	struct list lists[PANE_COUNT];
	struct host_items links, routes;
	struct picking picking;
	uint8_t *info_matches; // by slot of infos4, then of infos6: which words of the filter of the routes it has

	size_t wrong_at;            // the byte of a typed line that an error is about, SIZE_MAX for none
	char message[MESSAGE_TEXT]; // until the next key
	enum role message_role;

	struct changed changed; // since the last key
	struct watched watched;
	struct traced traced;

	unsigned effects; // enum effect, taken by app_take_effects()
	struct {
		enum prompt_kind kind;
		char text[COMMAND_ARG]; // to begin with
	} ask;
	struct {
		enum sysctl_id id;
		int64_t value;
	} sysctl;
	struct command_call command;  // EFFECT_COMMAND
	char typed[COMMAND_ARG];      // the line that command was typed as, "" for a key's
	char question[QUESTION_TEXT]; // MODE_CONFIRM: what is asked before this host is changed; "": whether to quit
	struct output output;
	struct palette palette;
	struct compare compare;
	struct bind_opening opening;
	struct bind_opened opened;
	struct lesson_view lesson;
	struct stage_view stage;
	struct prompt_view prompt;
	bool pasting;                     // a paste goes on that nothing takes
	struct identity kept[PANE_COUNT]; // the selection, kept across readings
};
unsigned app_take_effects(struct app *app);
// Is it a recording that is shown?
bool app_is_replay(const struct app *app);
// May what the command changes be changed here?
bool app_may(const struct app *app, enum command_id id);
// Has the explore view the three columns of the largest screens?
bool app_is_huge(const struct app *app);
enum key_context app_context(const struct app *app);
enum key_context app_pane_context(enum pane_id pane);
// Is a lesson on the screen, so that its keys count? Does its question wait there?
bool app_plays(const struct app *app);
bool app_awaits_answer(const struct app *app);
// Is the view that of a talk? Does a comparison stand where the talk was, until a key goes on with it?
bool app_is_on_stage(const struct app *app);
bool app_is_beside_stage(const struct app *app);
// Is another view on the screen only because the lesson shows it?
bool app_passes_by(const struct app *app);
// Are two walks compared on the screen, in the place of the one?
bool app_compares(const struct app *app);
// Something of the walk is hidden: nothing may tell it, wherever it would stand.
bool app_covers(const struct app *app);
// The pane whose selected line the details are about: the last one of the view.
enum pane_id app_explained_pane(const struct app *app);
// The selected step (NULL: no walk yet), and its number.
const struct walk_step *app_step(const struct app *app);
unsigned app_step_index(const struct app *app);

#endif
