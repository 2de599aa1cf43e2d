// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_main.h"

#include <stdio.h>
#include <string.h>

#include "core/lesson/lesson_open.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/lesson_check.h"
#include "tui/lesson_index.h"
#include "tui/lesson_print.h"
#include "tui/lesson_report.h"
#include "tui/lesson_review.h"
#include "tui/output.h"
#include "tui/replay.h"

struct request {
	const char *what, *of; // the operands
	bool json;
	struct report_style style;
};

// -1 to go on, else the exit status.
static int read_request(int argc, char **argv, struct request *r, struct explorer_options *o)
{
	struct cli_line line;
	int status = arguments_read(CLI_LESSON, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	*r = (struct request){
		.what = line.count > 0 ? line.operands[0] : NULL,
		.of = line.count > 1 ? line.operands[1] : NULL,
		.json = line.value[CLI_OPT_JSON],
		.style = output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]),
	};
	if (!r->what) {
		complain("lesson needs a name, a number or a file; bindwalk lesson list shows all lessons");
		return EXIT_WRONG;
	}
	bool takes = strcmp(r->what, "check") == 0 || strcmp(r->what, "report") == 0;
	if (takes && !r->of) {
		complain("lesson %s needs a %s", r->what, r->what[0] == 'c' ? "file" : "folder with progress files");
		return EXIT_WRONG;
	}
	if (line.count > 1 + takes) {
		complain("'%.80s' is one argument too many; see bindwalk lesson --help", line.operands[1 + takes]);
		return EXIT_WRONG;
	}
	arguments_look(&line, o);
	return -1;
}

static enum exit_status play_straight(const struct request *r, const struct lesson *l)
{
	static struct lesson_place place;
	struct lesson_printer printer = {.lesson = l, .style = r->style, .json = r->json};
	const struct lesson_watcher watcher = lesson_watcher(&printer);
	struct lesson_stop stop;
	char err[COMMAND_ERROR];
	if (!lesson_is_possible(l, err, sizeof err)) {
		complain("%.80s is not played: %s", l->name, err);
		return EXIT_MISSING;
	}
	if (lesson_place_open(&place, l->lab, err, sizeof err) < 0) {
		int status = EXIT_MISSING;
		complain("no lab: %s", err);
		replay_lesson_print(r->what, l->title, r->json, r->style, &status);
		return (enum exit_status)status;
	}
	lesson_print_head(&printer);
	enum exit_status how = lesson_play(&place.session, l, 0, l->nsteps, &watcher, &stop);
	if (how == EXIT_OK)
		lesson_print_end(&printer);
	else
		lesson_print_stop(l, &stop);
	lesson_place_close(&place);
	return output_finish() == EXIT_OK ? how : EXIT_MISSING;
}

static int play_in_explorer(const struct request *r, struct lesson *l, struct explorer_options *o,
			    int (*explore)(struct explorer_options *o))
{
	char err[COMMAND_ERROR];
	if (!lesson_is_possible(l, err, sizeof err)) {
		complain("%.80s is not played: %s", l->name, err);
		return EXIT_MISSING;
	}
	o->place = (struct target){.lab = true, .with = l->lab};
	o->lesson = l;
	int status = target_enter(&o->place);
	if (status == EXIT_MISSING)
		replay_lesson(r->what, o, &status);
	return status >= 0 ? status : explore(o);
}

static int play(const struct request *r, struct explorer_options *o, int (*explore)(struct explorer_options *o))
{
	static struct lesson l;
	struct lesson_error error;
	int rc = lesson_open(&l, r->what, &error), status;
	if (rc < 0) {
		complain("%s", error.text);
		status = EXIT_WRONG;
	} else if (r->json || !output_terminal()) {
		status = (int)play_straight(r, &l);
	} else {
		status = play_in_explorer(r, &l, o, explore);
	}
	lesson_free(&l);
	return status;
}

int lesson_main(int argc, char **argv, struct explorer_options *o, int (*explore)(struct explorer_options *o))
{
	struct request r;
	int status = read_request(argc, argv, &r, o);
	if (status >= 0)
		return status;
	if (strcmp(r.what, "list") == 0)
		return (int)lesson_index_print(r.json, r.style);
	if (strcmp(r.what, "review") == 0)
		return (int)lesson_review_ask(r.json, r.style);
	if (strcmp(r.what, "check") == 0)
		return (int)lesson_check_file(r.of, r.json, r.style);
	if (strcmp(r.what, "report") == 0)
		return (int)lesson_report_print(r.of, r.json, r.style);
	return play(&r, o, explore);
}
