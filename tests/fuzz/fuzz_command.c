// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of the command language: parsing, aiming, edits, completion at every kind of place.
#include <errno.h>
#include <string.h>

#include "core/change/edit.h"
#include "core/command/argument.h"
#include "core/command/attempt_command.h"
#include "core/command/command_complete.h"
#include "core/command/command_edit.h"
#include "core/command/command_parse.h"
#include "core/model/host_order.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1200 };

static const struct host *some_host(void)
{
	static struct host *h;
	struct host_addr a = {.prefixlen = 24, .index = 2};
	struct prefix p;
	if (h)
		return h;
	h = host_new();
	FUZZ_REQUIRE(h);
	host_add_link(h, &(struct link){.index = 1, .name = "lo"});
	host_add_link(h, &(struct link){.index = 2, .name = "eth0"});
	addr_parse("192.0.2.2", &a.addr);
	host_add_addr(h, &a);
	addr_parse("fe80::2", &a.addr);
	host_add_addr(h, &a);
	prefix_parse("198.51.100.0/24", &p);
	host_add_route(h, &p, &(struct route_info){.table = 255, .type = 2, .oif = 1});
	host_sort(h);
	return h;
}

static bool count(const char *word, void *data)
{
	FUZZ_REQUIRE(word[0]);
	return ++*(unsigned *)data < 5000;
}

static void check_call(const char *line, const struct command_call *call)
{
	size_t len = strlen(line);
	FUZZ_REQUIRE(call->id < CMD_COUNT);
	FUZZ_REQUIRE(!(command_info(call->id)->needs & NEED_KEY));
	FUZZ_REQUIRE(call->end <= len);
	FUZZ_REQUIRE(memchr(call->arg, '\0', sizeof call->arg));
	char err[COMMAND_ERROR];
	for (unsigned i = 0; i < COMMAND_PARAMS; i++) {
		const char *value = command_value(call, i);
		if (!value)
			continue;
		FUZZ_REQUIRE(i < command_params(call->id));
		FUZZ_REQUIRE(call->column[i] <= len);
		FUZZ_REQUIRE(memchr(value, '\0', (size_t)(call->text + sizeof call->text - value)));
		FUZZ_REQUIRE(command_info(call->id)->params[i].kind == ARG_NONE ||
			     argument_check(command_info(call->id)->params[i].kind, value, err, sizeof err) == 0);
	}
	for (unsigned i = 0; i < command_params(call->id); i++)
		FUZZ_REQUIRE(command_info(call->id)->params[i].optional || call->at[i]);
}

// Printed text parses to the same command again.
static void check_edits(const char *line, const struct command_call *call)
{
	struct edit edits[COMMAND_EDITS], again[COMMAND_EDITS];
	char err[COMMAND_ERROR], text[EDIT_TEXT], twice[EDIT_TEXT];
	int n = command_edits(call, edits, err, sizeof err);
	FUZZ_REQUIRE(n <= COMMAND_EDITS && (n > 0 || n == -EINVAL || n == -ENODATA));
	for (int i = 0; i < n; i++) {
		edit_print(&edits[i], text, sizeof text);
		if (strpbrk(line, "\"'#")) // neither in a kernel's value nor in anybody's interface
			continue;
		FUZZ_REQUIRE(command_edit_line(text, again, err, sizeof err) == 1);
		FUZZ_REQUIRE(strcmp(edit_print(again, twice, sizeof twice), text) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[MOST + 1], err[COMMAND_ERROR];
	struct command_call call, again;
	size_t column = 0;
	unsigned offered = 0;
	struct addr none = {0};
	struct attempt a = attempt_new(&none);
	struct completion to = {count, &offered, NULL};
	if (size > MOST)
		size = MOST;
	memcpy(line, data, size);
	line[size] = '\0';
	size = strlen(line);
	int ret = command_parse(line, &call, err, sizeof err, &column);
	FUZZ_REQUIRE(ret == 0 || ret == -EINVAL || ret == -ENODATA);
	if (ret == -EINVAL) {
		FUZZ_REQUIRE(err[0] && memchr(err, '\0', sizeof err));
		FUZZ_REQUIRE(column <= size);
	}
	if (ret == 0) {
		check_call(line, &call);
		if (command_changes(call.id) && !(command_info(call.id)->needs & NEED_SCREEN))
			check_edits(line, &call);
		if (attempt_command_knows(call.id)) {
			unsigned param;
			attempt_command_run(&a, some_host(), &call, err, sizeof err, &param);
			FUZZ_REQUIRE(a.nsettings <= ATTEMPT_SETTINGS);
		}
		// What a key would be given does the same.
		if (call.id != CMD_SHOW && call.family == 0 && strlen(call.arg) + 40 < COMMAND_ARG)
			command_make(call.id, call.arg, &again, err, sizeof err);
	}
	if (size % 4 == 0) // what costs most
		command_complete(line, size, some_host(), &to);
	else if (size % 4 == 1)
		command_complete(line, size / 2, NULL, &to);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	for (int i = 0; i < CMD_COUNT; i++)
		for (int e = 0; e < COMMAND_EXAMPLES && command_info((enum command_id)i)->examples[e]; e++)
			if (n-- == 0) {
				char *text = strdup(command_info((enum command_id)i)->examples[e]);
				*size = text ? strlen(text) : 0;
				return (uint8_t *)text;
			}
	return NULL;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {
		"ip",         "-6",      "-4",           "\"",  "'",    "#",       "=",    "show",
		"name",       "to",      "10.0.0.0/8",   "::1", "eth0", "80",      "0x10", "net.ipv4.x",
		"9999999999", "default", "fe80::1%eth0", "\t",  "\\",   "\xc3\xa4"};
	if (n < sizeof words / sizeof words[0])
		return words[n];
	n -= sizeof words / sizeof words[0];
	for (int i = 0; i < CMD_COUNT; i++) {
		if (n-- == 0)
			return command_info((enum command_id)i)->name;
		for (unsigned p = 0; p < command_params((enum command_id)i); p++)
			if (command_info((enum command_id)i)->params[p].keyword && n-- == 0)
				return command_info((enum command_id)i)->params[p].keyword;
	}
	for (int k = 0; k < ARG_COUNT; k++)
		for (size_t w = 0; argument_word((enum argument)k, w); w++)
			if (n-- == 0)
				return argument_word((enum argument)k, w);
	return NULL;
}
