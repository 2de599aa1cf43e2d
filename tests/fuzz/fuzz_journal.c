// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a journal that a process left behind: what is to be undone is printed and read again as the same, and has
// a way back that is its opposite.
#include <string.h>

#include "core/change/edit_inverse.h"
#include "core/change/journal_read.h"
#include "core/command/command_edit.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1200, PRINTED = 1 << 16 };

static const char id[] = "4026531840.17-3f0c6a52-6c1a-4d7e-9b55-0f6f3a2d9c11";

static void forget(struct journal *j)
{
	journal_clear(j);
	free(j->changes);
}

// The changes of a journal as the lines that it would have. Their length.
static size_t print(struct journal *j, char out[static PRINTED])
{
	char line[EDIT_TEXT];
	size_t n = journal_head(id, out);
	for (size_t i = 0; i < j->n; i++) {
		const struct journal_change *c = &j->changes[i];
		n += (size_t)snprintf(out + n, PRINTED - n, "change %u %s\n", c->number,
				      edit_print(&c->edit, line, sizeof line));
		for (size_t k = 0; k < c->back.n; k++)
			n += (size_t)snprintf(out + n, PRINTED - n, "back %u %s\n", c->number,
					      edit_print(&c->back.edits[k], line, sizeof line));
		n += (size_t)snprintf(out + n, PRINTED - n, "ready %u\n", c->number);
		FUZZ_REQUIRE(n < PRINTED);
	}
	return n;
}

static void check_changes(struct journal *j)
{
	static char text[PRINTED], parsed[PRINTED], again[PRINTED];
	char why[256];
	struct journal copy = {.fd = -1};
	for (size_t i = 0; i < j->n; i++) {
		FUZZ_REQUIRE(!j->changes[i].done && j->changes[i].number > (i ? j->changes[i - 1].number : 0));
		FUZZ_REQUIRE(edit_is_undone_by(&j->changes[i].edit, &j->changes[i].back));
	}
	size_t len = print(j, text);
	for (size_t i = 0; i < len; i++)
		FUZZ_REQUIRE(text[i] == '\n' || (unsigned char)text[i] >= ' ');
	memcpy(parsed, text, len);
	FUZZ_REQUIRE(journal_parse(&copy, id, parsed, len, command_edit_line, why, sizeof why) == 0);
	FUZZ_REQUIRE(copy.n == j->n && print(&copy, again) == len && memcmp(again, text, len) == 0);
	forget(&copy);
}

// Its first line, and the input after that.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[256] = "";
	struct journal j = {.fd = -1};
	size = size > MOST ? MOST : size;
	char *text = malloc(JOURNAL_HEAD + size);
	FUZZ_REQUIRE(text);
	size_t head = journal_head(id, text);
	if (size)
		memcpy(text + head, data, size);
	int rc = journal_parse(&j, id, text, head + size, command_edit_line, why, sizeof why);
	if (rc == 0)
		check_changes(&j);
	else
		FUZZ_REQUIRE(rc < 0 && why[0] && memchr(why, '\0', sizeof why));
	forget(&j);
	free(text);
	return 0;
}

static const char *const seeds[] = {
	"change 1 route add local 10.0.0.0/8 dev lo\nback 1 route del local 10.0.0.0/8 dev lo\nready 1\n",
	"change 1 sysctl net.ipv4.ip_nonlocal_bind 1\nback 1 sysctl net.ipv4.ip_nonlocal_bind 0\nready 1\nundone 1\n",
	"change 1 address add 10.0.0.1/8 dev lo\nback 1 address del 10.0.0.1/8 dev lo\nready 1\nkept\n"
	"change 2 link set eth0 up\nback 2 link set eth0 down\nready 2\n",
	"change 1 rule add pref 100 from 192.0.2.0/24 lookup 100\nback 1 rule del pref 100 from 192.0.2.0/24 lookup 100\n"
	"ready 1\nfailed 1"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {
		"\n",      "change 1 ",        "back 1 ",      "ready 1\n",        "undone 1\n",       "failed 1\n",
		"kept\n",  "change 2 ",        "ready 2\n",    "4294967296",       "route add local ", "10.0.0.0/8",
		" dev lo", "sysctl net.ipv4.", "address add ", "back 1 rule del ", "link set lo up"};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
