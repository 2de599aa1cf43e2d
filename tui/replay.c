// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/replay.h"

#include <errno.h>
#include <string.h>

#include "core/change/lab.h"
#include "core/command/command_edit.h"
#include "core/command/lab_recipe.h"
#include "core/command/memory_file.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/recording_file.h"
#include "core/record/record_text.h"
#include "core/record/record_write.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/end_signal.h"
#include "tui/output.h"

static enum exit_status load(const char *path, struct recording *out)
{
	char err[RECORDING_ERROR];
	int rc = recording_file_read(path, out, err, sizeof err);
	if (rc < 0)
		complain("%s", err);
	return rc == 0 ? EXIT_OK : rc == -EINVAL || rc == -EFBIG ? EXIT_WRONG : EXIT_MISSING;
}

// As text, or as JSON: an object for each frame. `name` stands for a title that there is none of.
static enum exit_status print(const struct recording *r, const char *name, bool json, struct report_style style)
{
	struct memory_file memory;
	int rc = memory_file_open(&memory);
	if (rc == 0)
		rc = memory_file_close(&memory, json ? record_json_lines(r, memory.file)
						     : record_text(r, name, style, memory.file));
	return output_memory(&memory, rc, "recording");
}

static enum exit_status explore(const struct explorer_options *o)
{
	int end_signal;
	end_signal_hold();
	int status = explorer_run(o, &end_signal);
	end_signal_release(end_signal);
	return (enum exit_status)status;
}

// As a file of that format, for which there may be no lab and no kernel here.
static enum exit_status convert(struct recording *r, const char *format)
{
	struct memory_file memory;
	char file[16];
	snprintf(file, sizeof file, "a.%s", format);
	r->read = command_edit_line;
	r->recipe = lab_recipe_script;
	int rc = memory_file_open(&memory);
	if (rc == 0)
		rc = memory_file_close(&memory,
				       record_write(r, (enum record_format)record_format_of(file), memory.file));
	return output_memory(&memory, rc, "recording");
}

static enum exit_status show(struct recording *r, const char *name, const struct cli_line *line)
{
	const char *slash = strrchr(name, '/');
	struct explorer_options o = {.recording = r};
	arguments_look(line, &o);
	if (!r->title[0])
		snprintf(r->title, sizeof r->title, "%.100s", slash ? slash + 1 : name);
	return explore(&o);
}

int replay_main(int argc, char **argv)
{
	struct cli_line line;
	struct recording r = {0};
	int status = arguments_read(CLI_REPLAY, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (line.count != 1) {
		complain("replay needs one FILE; see bindwalk replay --help");
		return EXIT_WRONG;
	}
	enum exit_status how = load(line.operands[0], &r);
	if (how == EXIT_OK && line.value[CLI_OPT_TO])
		how = convert(&r, line.value[CLI_OPT_TO]);
	else if (how == EXIT_OK && output_terminal() && !line.value[CLI_OPT_JSON])
		how = show(&r, line.operands[0], &line);
	else if (how == EXIT_OK)
		how = print(&r, line.operands[0], line.value[CLI_OPT_JSON],
			    output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]));
	recording_free(&r);
	return (int)how;
}

// Its name, NULL where there is no recording.
static const char *open_lesson(const char *what, struct recording *out)
{
	const struct listed_lesson *listed = listed_lesson_find(what);
	const char *name = listed ? listed->name : what;
	if (recording_of(what, out) < 0)
		return NULL;
	complain("playing %.80s from its recording", name);
	return name;
}

bool replay_lesson(const char *what, const struct explorer_options *o, int *status)
{
	static struct recording recording;
	struct explorer_options replay = {.color = o->color, .ascii = o->ascii, .mouse = o->mouse, .paced = o->paced};
	char notice[LAB_ERROR + 128];
	replay.recorded = open_lesson(what, &recording);
	if (!replay.recorded)
		return false;
	snprintf(notice, sizeof notice, "a recording, because there is no lab: %s", target_refusal());
	replay.recording = &recording;
	replay.notice = notice;
	*status = (int)explore(&replay);
	recording_free(&recording);
	return true;
}

bool replay_lesson_print(const char *what, const char *title, bool json, struct report_style style, int *status)
{
	static struct recording recording;
	if (!open_lesson(what, &recording))
		return false;
	*status = (int)print(&recording, title, json, style);
	recording_free(&recording);
	return true;
}
