// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings from strangers: read or refused with a sentence; what was read shows its walks with their remedies, and is
// written as a recording that reads the same.
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/walk_conclude.h"
#include "core/record/recording_json.h"
#include "core/text/report.h"
#include "core/text/report_json.h"
#include "tests/fuzz/fuzz.h"

static void show(const struct recording *r)
{
	FILE *out = fopen("/dev/null", "we");
	FUZZ_REQUIRE(out);
	for (size_t i = 0; i < r->n; i++) {
		static struct inquiry in;
		struct row row;
		if (!recording_inquiry(r, i, &in))
			continue;
		const struct facts f = inquiry_facts(&in);
		FUZZ_REQUIRE(report_text(&f, &in.walk, (struct report_style){.width = 60}, out) == 0);
		FUZZ_REQUIRE(report_json(&f, &in.walk, out) == 0);
		row_clear(&row);
		for (unsigned step = 0; step < in.walk.nsteps; step++)
			for (unsigned n = 0; report_detail(&f, &in.walk, step, DETAIL_ALL, 60, n, &row); n++)
				row_clear(&row);
		inquiry_free(&in);
	}
	fclose(out);
}

static char *written(const struct recording *r, size_t *len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len);
	FUZZ_REQUIRE(out && recording_json_write(r, out) == 0);
	fclose(out);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char err[RECORDING_ERROR] = "";
	struct recording r, again;
	if (recording_json_read((const char *)data, size, &r, err, sizeof err) < 0) {
		FUZZ_REQUIRE(err[0] && !r.n && !r.frames);
		return 0;
	}
	FUZZ_REQUIRE(!err[0] && r.n <= RECORDING_FRAMES);
	show(&r);
	size_t len, second;
	char *text = written(&r, &len);
	FUZZ_REQUIRE(recording_json_read(text, len, &again, err, sizeof err) == 0);
	char *same = written(&again, &second);
	FUZZ_REQUIRE(len == second && memcmp(text, same, len) == 0);
	free(text);
	free(same);
	recording_free(&r);
	recording_free(&again);
	return 0;
}

// A bind on a host that has next to nothing, so that the whole recording fits an input.
static uint8_t *bind_seed(const char *address, uint16_t port, size_t *size)
{
	static struct inquiry in;
	struct recording r = {.title = "seed"};
	struct host *h = host_new();
	struct addr addr;
	const struct sock holder = {.family = AF_INET, .protocol = IPPROTO_TCP, .state = 10, .port = 80};
	FUZZ_REQUIRE(h && addr_parse(address, &addr) == 0 && kernel_parse("6.18.44", &h->kernel) == 0);
	FUZZ_REQUIRE(host_add_link(h, &(struct link){.index = 1, .name = "lo", .flags = 9}) == 0);
	FUZZ_REQUIRE(host_add_addr(h, &(struct host_addr){.addr = addr, .prefixlen = 8, .index = 1}) == 0);
	struct prefix p = {addr, addr.family == AF_INET ? 32 : 128};
	FUZZ_REQUIRE(host_add_route(h, &p, &(struct route_info){.table = 255, .type = 2, .oif = 1}) == 0);
	in = (struct inquiry){.host = h};
	const struct facts f = inquiry_facts(&in);
	struct attempt a = attempt_new(&addr);
	a.port = port;
	if (port) {
		in.question.socks_known = in.question.socks_bound = YES;
		struct sock s = holder;
		s.addr = addr;
		FUZZ_REQUIRE(question_add_sock(&in.question, &s) == 0);
	}
	decide(&f, &a, &in.walk);
	walk_observe(&in.walk, CALL_BIND, port ? EADDRINUSE : 0, &addr, 40000, 0);
	walk_conclude(&in.walk);
	recording_add_bind(&r, 1, &in);
	uint8_t *text = (uint8_t *)written(&r, size);
	recording_free(&r);
	inquiry_free(&in);
	host_free(h);
	return text;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	static const char *const seeds[] = {
		"{\"bindwalk_recording\":1,\"about\":{\"title\":\"t\",\"lab\":\"host\"},\"frames\":[{\"kind\":\"say\","
		"\"text\":\"hello\"},{\"kind\":\"change\",\"text\":[\"ip a\",\"ip b\"],\"command\":\"undo\"}]}",
		"{\"bindwalk_recording\":1,\"frames\":[{\"kind\":\"ask\",\"text\":\"?\",\"answer\":\"\\u001b[2J\"}]}",
		"{\"bindwalk_recording\":1,\"frames\":[]}",
		"[[[[[[[[[[[[[[[[[[[[[[",
	};
	static const char *const addrs[] = {"127.0.0.1", "::1", "fe80::1", "::ffff:9.9.9.9"};
	enum { TEXTS = sizeof seeds / sizeof *seeds, ADDRS = sizeof addrs / sizeof *addrs };
	if (n < TEXTS)
		return fuzz_copy(seeds[n], size);
	n -= TEXTS;
	return n < 2 * ADDRS ? bind_seed(addrs[n / 2], n % 2 ? 80 : 0, size) : NULL;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"{\"bindwalk_recording\":1,\"frames\":[",
					    "]}",
					    "{\"kind\":\"bind\",",
					    "\"host\":{",
					    "\"bind\":{",
					    "\"attempt\":{",
					    "\"question\":{",
					    "}",
					    "]",
					    ",",
					    "null",
					    "true",
					    "0",
					    "4294967295",
					    "-1",
					    "\"address\":\"::\"",
					    "\"family\":10",
					    "\"routes4\":["};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
