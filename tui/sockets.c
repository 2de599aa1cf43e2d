// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/memory_file.h"
#include "core/evidence/evidence.h"
#include "core/evidence/sock_list_read.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/sock_rows.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/output.h"
#include "tui/target.h"

struct request {
	struct sock_wish wish;
	bool json;
	struct report_style style;
	struct target place;
};

// PORT, :PORT, ADDRESS or ADDRESS:PORT, or with the port as a word of its own.
static bool take_operand(struct sock_wish *wish, const char *text, const char *second)
{
	struct endpoint at;
	unsigned long port;
	char err[512];
	if (number_parse(*text == ':' ? text + 1 : text, UINT16_MAX, &port) == 0) {
		wish->port = (uint16_t)port;
		if (second)
			complain("'%.80s' is a second port; leave one of them out", second);
		return !second;
	}
	if (endpoint_parse(text, &at, err, sizeof err) < 0) {
		complain("%s; or a port, such as 80", err);
		return false;
	}
	port = at.has_port ? at.port : 0;
	if (second && at.has_port) {
		complain("'%.80s' is a second port; leave one of them out", second);
		return false;
	}
	if (second && number_parse(second, UINT16_MAX, &port) < 0) {
		complain("'%.80s' is not a port (0 to 65535)", second);
		return false;
	}
	wish->addr = at.addr;
	wish->port = (uint16_t)port;
	return true;
}

// -1 to go on, else the exit status.
static int read_request(int argc, char **argv, struct request *r)
{
	struct cli_line line;
	int status = arguments_read(CLI_SOCKETS, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	const char *proto = line.value[CLI_OPT_PROTO];
	r->place = target_of(&line);
	r->json = line.value[CLI_OPT_JSON];
	r->wish.all = line.value[CLI_OPT_ALL];
	r->style = output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]);
	if (proto)
		r->wish.protocol = sock_list_protocol((enum kind)kind_find(proto));
	if (line.count > 2) {
		complain("'%.80s' is one argument too many; expected [ADDRESS][:PORT]", line.operands[2]);
		return EXIT_WRONG;
	}
	const char *port = line.count > 1 ? line.operands[1] : NULL;
	return line.count == 0 || take_operand(&r->wish, line.operands[0], port) ? -1 : EXIT_WRONG;
}

static int write_text(const struct request *r, const struct host *h, const struct sock_list *l, FILE *out)
{
	unsigned width = r->style.width, local = sock_rows_local(h, l, width);
	struct row row;
	if (l->n) {
		sock_rows_head(local, &row);
		report_print(&row, r->style, out);
	}
	for (size_t i = 0; i < l->n; i++)
		for (unsigned n = 0; sock_rows_line(h, &l->rows[i], local, width, n, &row); n++)
			report_print(&row, r->style, out);
	sock_rows_sum(l, &row);
	report_print(&row, r->style, out);
	return 0;
}

static int write_json(const struct host *h, const struct sock_list *l, FILE *out)
{
	json_memory_watch();
	json_t *array = sock_list_json(h, l);
	char *text = json_text_print(array, JSON_INDENT(2));
	int err = json_memory_lost() || !text ? -ENOMEM : 0;
	if (!err)
		fprintf(out, "%s\n", text);
	free(text);
	json_decref(array);
	return err;
}

static enum exit_status print_list(const struct request *r, const struct host *h, const struct sock_list *l)
{
	struct memory_file memory;
	int rc = memory_file_open(&memory);
	if (rc == 0)
		rc = memory_file_close(&memory,
				       r->json ? write_json(h, l, memory.file) : write_text(r, h, l, memory.file));
	enum exit_status how = output_memory(&memory, rc, "list");
	return how != EXIT_OK ? how : l->refused ? EXIT_REFUSED : EXIT_OK;
}

int sockets_main(int argc, char **argv)
{
	static struct inquiry in;
	struct request r = {0};
	struct observer *o = NULL;
	struct sock_list list = {0};
	char err[512];
	int status = read_request(argc, argv, &r);
	if (status < 0)
		status = target_enter(&r.place);
	if (status >= 0)
		return status;
	enum exit_status how = EXIT_MISSING;
	int rc;
	if (observe_open(&o, err, sizeof err) < 0 || evidence_read(o, true, &in, err, sizeof err) < 0)
		complain("%s", err);
	else if ((rc = sock_list_read(in.host, &r.wish, &list)) < 0)
		complain("cannot read the sockets: %s", strerror(-rc));
	else
		how = print_list(&r, in.host, &list);
	sock_list_free(&list);
	inquiry_free(&in);
	observe_close(o);
	return (int)how;
}
