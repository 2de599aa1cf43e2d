// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/stage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_open.h"
#include "core/lesson/lesson_play.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/output.h"
#include "tui/replay.h"

// -1 to go on with *name, else the exit status.
static int read_request(int argc, char **argv, struct explorer_options *o, const char **name)
{
	struct cli_line line;
	int status = arguments_read(CLI_STAGE, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (line.count != 1) {
		if (line.count == 0)
			complain("stage needs a stage file, or the name of a talk: demo");
		else
			complain("'%.80s' is one argument too many; expected one FILE or NAME", line.operands[1]);
		return EXIT_WRONG;
	}
	*name = line.operands[0];
	arguments_look(&line, o);
	o->paced = true;
	return -1;
}

static int play(struct lesson *talk, const struct listed_lesson *listed, struct explorer_options *o,
		int (*explore)(struct explorer_options *o))
{
	char why[COMMAND_ERROR];
	o->place = (struct target){.lab = true, .with = talk->lab};
	int status = target_enter(&o->place);
	// A room that waits is better served by what the kernel answered once than by nothing.
	if (status == EXIT_MISSING)
		replay_lesson(listed ? listed->name : talk->name, o, &status);
	if (status < 0 && !lesson_is_possible(talk, why, sizeof why)) {
		complain("%.80s is not played: %s", talk->name, why);
		return EXIT_MISSING;
	}
	if (status >= 0)
		return status;
	if (listed)
		talk->name = listed->name; // under which its recording is kept
	o->lesson = talk;
	return explore(o);
}

int stage_main(int argc, char **argv, struct explorer_options *o, int (*explore)(struct explorer_options *o))
{
	static struct lesson talk;
	struct lesson_error error;
	const char *name;
	int status = read_request(argc, argv, o, &name);
	if (status >= 0)
		return status;
	int rc = lesson_open(&talk, name, &error);
	if (rc < 0) {
		complain("%s", error.text);
		status = rc == -EINVAL || rc == -ENOENT ? EXIT_WRONG : EXIT_MISSING;
	} else if (!output_terminal()) {
		complain("a stage needs a terminal; without one: bindwalk rehearse %.80s", name);
		status = EXIT_MISSING;
	} else {
		status = play(&talk, strchr(name, '/') ? NULL : listed_lesson_find(name), o, explore);
	}
	lesson_free(&talk);
	return status;
}
