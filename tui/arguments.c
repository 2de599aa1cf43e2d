// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/arguments.h"

#include <string.h>

#include "tui/complain.h"
#include "tui/output.h"

int arguments_read(enum cli_command c, int argc, char **argv, cli_take *take, void *data, struct cli_line *out)
{
	if (!cli_parse(c, argc, argv, take, data, out)) {
		if (out->wrong[0])
			complain("%s", out->wrong);
		return EXIT_WRONG;
	}
	if (!out->value[CLI_OPT_HELP])
		return -1;
	cli_usage(c, output_width(), stdout);
	return (int)output_finish();
}

void arguments_look(const struct cli_line *line, struct explorer_options *o)
{
	o->color = line->value[CLI_OPT_COLOR];
	o->ascii = line->value[CLI_OPT_ASCII];
	o->mouse = !line->value[CLI_OPT_MOUSE] || strcmp(line->value[CLI_OPT_MOUSE], "on") == 0;
}
