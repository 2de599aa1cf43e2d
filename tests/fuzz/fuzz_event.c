// SPDX-License-Identifier: GPL-3.0-or-later
// A line of a watch's file from a stranger: read or refused with a sentence; what was read shows its row, and is
// written as a line that reads the same.
#include <string.h>

#include "core/record/event_json.h"
#include "core/text/event_row.h"
#include "core/text/trace_row.h"
#include "core/text/visible.h"
#include "tests/fuzz/fuzz.h"

static void show(const struct bind_event *e, const struct event_verdict *v)
{
	struct event_counts c = {0};
	struct row r;
	event_row(e, v, &(struct event_look){.date = true}, &r);
	FUZZ_REQUIRE(strlen(r.text) == r.used && visible_span(r.text, r.used) == r.used);
	trace_row(e, v, 0, true, &r);
	FUZZ_REQUIRE(r.used <= TRACE_ROW && visible_span(r.text, r.used) == r.used);
	event_count(&c, e, v);
	event_count_sort(&c);
	event_row_group(&c.groups[0], &r);
	event_count_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bind_event e, again;
	static struct event_verdict v, said;
	char err[EVENT_ERROR] = "";
	if (event_json_read((const char *)data, size, &e, &v, err, sizeof err) < 0) {
		FUZZ_REQUIRE(err[0]);
		return 0;
	}
	show(&e, &v);
	char *line = event_json_line(event_json(&e, &v));
	FUZZ_REQUIRE(line && strlen(line) <= EVENT_LINE);
	if (event_json_read(line, strlen(line), &again, &said, err, sizeof err) < 0) {
		fprintf(stderr, "%s: %s\n", err, line);
		abort();
	}
	char *same = event_json_line(event_json(&again, &said));
	FUZZ_REQUIRE(same && strcmp(line, same) == 0);
	free(line);
	free(same);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	static const char *const seeds[] = {
		"{\"time\":\"2026-11-30T18:03:12.123456789Z\",\"nanoseconds\":5000,\"source\":\"bpf\",\"pid\":1234,"
		"\"thread\":1235,\"program\":\"python3\",\"uid\":0,\"unit\":null,\"container\":{\"bytes\":\"9b\"},"
		"\"cgroup\":77,\"netns\":4026532000,\"netns_ours\":false,\"fd\":3,\"family\":\"inet\",\"protocol\":\"tcp\","
		"\"address\":\"192.0.2.7\",\"port\":80,\"addrlen\":16,\"options\":{\"freebind\":\"1\",\"portrange\":"
		"\"5000-5010\"},\"error\":99,\"inner\":{\"present\":true,\"watched\":[\"__sys_bind\"],"
		"\"absent\":[\"hook_socket_bind\"],\"refused\":[],\"counts\":{\"__sys_bind\":1},\"calls\":[{\"function\":\"inet_addr_type_table\",\"table\":255,\"returned\":1}]},"
		"\"verdict\":{\"code\":\"ADDR_NOT_LOCAL\",\"agreement\":\"agrees\",\"sentence\":\"So.\"}}",
		"{\"time\":\"2026-11-30T18:03:12.123456789Z\",\"family\":10,\"protocol\":\"raw\",\"raw_protocol\":89,"
		"\"address\":\"fe80::1\",\"scope\":3,\"sa_family\":2,\"error\":0,\"inner\":{\"missing\":\"none\"}}",
		"{\"time\":\"1970-01-01T00:00:00.000000000Z\",\"error\":14,\"verdict\":{\"missing\":\"gone\"}}",
		"{\"time\":\"1970-01-01T00:00:00.000000000Z\",\"source\":\"ptrace\",\"call\":\"connect\","
		"\"family\":\"inet6\",\"protocol\":\"tcp\",\"address\":\"::1\",\"port\":0,\"addrlen\":28,"
		"\"local\":{\"address\":\"::1\",\"port\":4000,\"scope\":null},\"error\":0}",
		"[[[[[[[[[[[[[[[[[[[[[[",
	};
	return n < sizeof seeds / sizeof *seeds ? fuzz_copy(seeds[n], size) : NULL;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"{\"time\":\"2026-11-30T18:03:12.123456789Z\",\"error\":99,",
					    "}",
					    "]",
					    ",",
					    "null",
					    "-1",
					    "4294967295",
					    "\"address\":\"::\"",
					    "\"family\":10",
					    "\"protocol\":\"tcp\"",
					    "\"options\":{",
					    "\"device\":\"x\"",
					    "\"inner\":{\"present\":true,\"watched\":[],\"absent\":[],"
					    "\"refused\":[],\"counts\":{},\"calls\":[",
					    "\"calls\":[{\"function\":\"__sys_bind\",\"returned\":",
					    "\"verdict\":{\"code\":\"NONE\""};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
