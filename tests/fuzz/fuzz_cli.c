// SPDX-License-Identifier: GPL-3.0-or-later
// Command lines: the input is a number for the subcommand, then arguments, each ended by a newline.
#include <string.h>

#include "core/command/cli.h"
#include "core/command/nearest.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 400, ARGUMENTS = 24 };

static bool take(void *data, enum cli_option_id id, const char *value)
{
	FUZZ_REQUIRE(id < CLI_OPT_COUNT && value);
	++*(unsigned *)data;
	return true;
}

static int split(char *text, char **argv)
{
	int n = 0;
	argv[n++] = text; // the program, or the subcommand
	for (char *p = text; n < ARGUMENTS && (p = strchr(p, '\n'));) {
		*p++ = '\0';
		argv[n++] = p;
	}
	argv[n] = NULL;
	return n;
}

static bool among(const char *word, char *const *argv, int n)
{
	for (int i = 0; i < n; i++)
		if (argv[i] == word)
			return true;
	return false;
}

static void check(enum cli_command c, const struct cli_line *l, char *const *all, int argc, unsigned taken)
{
	unsigned given = 0;
	FUZZ_REQUIRE(l->count >= 0 && l->count < argc && !l->wrong[0]);
	for (int i = 0; i < l->count; i++)
		FUZZ_REQUIRE(among(l->operands[i], all, argc));
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const char *value = l->value[i], *word;
		bool known = !cli_word((enum cli_option_id)i, 0);
		if (!value)
			continue;
		given++;
		FUZZ_REQUIRE(cli_has(c, (enum cli_option_id)i));
		FUZZ_REQUIRE(cli_option((enum cli_option_id)i)->kind != ARG_NONE || !*value);
		for (size_t n = 0; (word = cli_word((enum cli_option_id)i, n)); n++)
			known |= strcmp(word, value) == 0;
		FUZZ_REQUIRE(known);
	}
	FUZZ_REQUIRE(taken >= given);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[MOST + 1], *argv[ARGUMENTS + 1], *all[ARGUMENTS + 1];
	struct cli_line l;
	unsigned taken = 0;
	if (!size)
		return 0;
	enum cli_command c = (enum cli_command)(data[0] % CLI_COUNT);
	size = size > MOST ? MOST : size;
	memcpy(text, data, size);
	text[size] = '\0';
	int argc = split(text, argv);
	memcpy(all, argv, sizeof all);
	if (cli_parse(c, argc, argv, take, &taken, &l))
		check(c, &l, all, argc, taken);
	else
		FUZZ_REQUIRE(l.wrong[0] && memchr(l.wrong, '\0', sizeof l.wrong));
	for (int i = 1; i < argc; i++)
		FUZZ_REQUIRE(cli_find(all[i]) < CLI_COUNT);
	return 0;
}

static const char *const seeds[] = {"0\n--edit\n127.0.0.1:80",
				    "1\n--with=copy\n192.0.2.1",
				    "1\n--\nip\naddr",
				    "3\n--lab\n--json\n-",
				    "4\n--search\nlocal",
				    "2\n--help",
				    "0\n--netns\nblue\n--mouse",
				    "0\n--print-config",
				    "3\n--edit\n--yes\nfile",
				    "0\n--color=never\n--ascii",
				    "2\n::1\n80\n--set\nmark=1\n--proto=udp\n--json"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static char words[CLI_OPT_COUNT][40];
	static const char *const others[] = {"\n", "\n--\n", "=", "off", "copy", "always", "-"};
	if (n < CLI_OPT_COUNT) {
		snprintf(words[n], sizeof words[n], "\n--%s", cli_option((enum cli_option_id)n)->name);
		return words[n];
	}
	n -= CLI_OPT_COUNT;
	return n < sizeof others / sizeof others[0] ? others[n] : NULL;
}
