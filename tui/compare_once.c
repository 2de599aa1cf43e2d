// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/compare_once.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "core/command/command_parse.h"
#include "core/command/memory_file.h"
#include "core/command/session_run.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/matrix_text.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/output.h"
#include "tui/target.h"

static const struct session_out silent = {0};

// Runs one command of the session; an error names the argument that it came from.
static int run(struct session *s, enum command_id id, const char *arg)
{
	struct command_call call;
	struct session_error error;
	char err[COMMAND_ERROR];
	if (command_make(id, arg, &call, err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_WRONG;
	}
	enum exit_status how = session_run(s, &call, &silent, &error);
	if (how != EXIT_OK)
		complain("%s", error.text);
	return how == EXIT_OK ? -1 : (int)how;
}

// In the given order, because that is the order in which the program sets them.
static bool take_option(void *data, enum cli_option_id id, const char *value)
{
	static const enum command_id made[CLI_OPT_COUNT] = {
		[CLI_OPT_SET] = CMD_SET,
		[CLI_OPT_DEVICE] = CMD_DEVICE,
		[CLI_OPT_PROTO] = CMD_PROTO,
	};
	bool known = id == CLI_OPT_SET || id == CLI_OPT_DEVICE || id == CLI_OPT_PROTO;
	return !data || !known || run(data, made[id], value) < 0;
}

// The third operand, or a second one that is not a port.
static const char *other(const struct cli_line *line)
{
	unsigned long n;
	bool second = line->count == 2 && number_parse(line->operands[1], ULONG_MAX, &n) < 0;
	return line->count > 2 ? line->operands[2] : second ? line->operands[1] : NULL;
}

static int aim(struct session *s, const struct cli_line *line)
{
	const char *port = line->count > 1 && line->operands[1] != other(line) ? line->operands[1] : NULL;
	unsigned long n;
	if (port && number_parse(port, UINT16_MAX, &n) < 0) {
		complain("'%.80s' is not a port (0 to 65535)", port);
		return EXIT_WRONG;
	}
	int status = run(s, CMD_ADDRESS, line->operands[0]);
	if (status < 0 && port)
		status = run(s, CMD_PORT, port);
	if (status < 0 && line->value[CLI_OPT_UNPRIVILEGED])
		status = run(s, CMD_UNPRIVILEGED, "on");
	return status;
}

static int write_json(const struct session *s, FILE *out)
{
	json_memory_watch();
	json_t *root = json_object();
	json_object_set_new(root, "compare", versus_json(&s->versus));
	json_object_set_new(root, "matrix", matrix_json(&s->matrix));
	char *text = json_text_print(root, JSON_INDENT(2));
	int err = json_memory_lost() || !text ? -ENOMEM : 0;
	if (!err)
		fprintf(out, "%s\n", text);
	free(text);
	json_decref(root);
	return err;
}

static int write_markdown(const struct session *s, FILE *out)
{
	int err = versus_markdown(&s->versus, out);
	fputc('\n', out);
	return err ? err : matrix_markdown(&s->matrix, out);
}

static int write_text(const struct session *s, struct report_style style, FILE *out)
{
	enum { WIDEST = 160 };
	unsigned width = output_width() < WIDEST ? output_width() : WIDEST;
	struct row row;
	for (unsigned n = 0; versus_text_line(&s->versus, width, n, &row); n++)
		report_print(&row, style, out);
	fputc('\n', out);
	for (unsigned n = 0; matrix_text_line(&s->matrix, width, n, &row); n++)
		report_print(&row, style, out);
	return 0;
}

static int print(const struct session *s, const struct cli_line *line)
{
	const struct report_style style = output_style(line->value[CLI_OPT_COLOR], line->value[CLI_OPT_ASCII]);
	struct memory_file memory;
	int rc = memory_file_open(&memory);
	if (rc == 0)
		rc = memory_file_close(&memory, line->value[CLI_OPT_JSON]       ? write_json(s, memory.file)
						: line->value[CLI_OPT_MARKDOWN] ? write_markdown(s, memory.file)
										: write_text(s, style, memory.file));
	enum exit_status how = output_memory(&memory, rc, "comparison");
	bool same = walk_errno(&s->versus.walk[0]->walk) == walk_errno(&s->versus.walk[1]->walk);
	return (int)(how != EXIT_OK ? how : same ? EXIT_OK : EXIT_REFUSED);
}

int compare_main(int argc, char **argv)
{
	static struct session s; // some hundred kilobytes
	struct cli_line line;
	char err[512];
	int status = arguments_read(CLI_COMPARE, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (line.count == 0 || line.count > 3) {
		complain(line.count ? "one argument too many; expected ADDRESS [PORT] [OTHER]"
				    : "compare needs an address, as in: bindwalk compare 192.0.2.1");
		return EXIT_WRONG;
	}
	if (line.value[CLI_OPT_JSON] && line.value[CLI_OPT_MARKDOWN]) {
		complain("--json and --markdown exclude each other");
		return EXIT_WRONG;
	}
	const struct target place = target_of(&line);
	if ((status = target_enter(&place)) >= 0)
		return status;
	if (session_open(&s, NULL, target_read_only(&place), err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	status = aim(&s, &line);
	// Again, now that there is an attempt to set options on.
	if (status < 0 && arguments_read(CLI_COMPARE, argc, argv, take_option, &s, &line) >= 0)
		status = EXIT_WRONG;
	if (status < 0)
		status = run(&s, CMD_COMPARE_WITH, other(&line) ? other(&line) : "other");
	if (status < 0)
		status = run(&s, CMD_COMPARE, "");
	if (status < 0)
		status = print(&s, &line);
	session_close(&s);
	return status;
}
