// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/random_keys.h"

#include <stdio.h>
#include <string.h>

#include "core/command/command.h"
#include "core/text/width.h"
#include "tui/keys.h"

// As xterm and others send the keys that are not characters.
static const char *const special[] = {
	"\033[A", "\033[B", "\033[C",   "\033[D",   "\033OA",  "\033OB",   "\033OC",    "\033OD",    "\033[H",
	"\033[F", "\033OH", "\033[1~",  "\033[4~",  "\033[2~", "\033[3~",  "\033[5~",   "\033[6~",   "\033[Z",
	"\033OP", "\033OQ", "\033[15~", "\033[24~", "\033[I",  "\033[O",   "\033[1;5C", "\033[1;3A", "\177",
	"\t",     "\r",     "\033",     "\033f",    "\033b",   "\033\177", "\001",      "\005",      "\013",
	"\027",   "\025",   "\002",     "\006",     "\004",    "\014",     "\032",      "\020",      "\016"};

// Beginnings without an end, ends without a beginning, and what no terminal sends.
static const char *const broken[] = {
	"\033[",     "\033O",        "\033[1;",      "\033[<0;3", "\033[20",      "\033[201~", "\033[200",   "\033[M",
	"\033[999z", "\033]0;x\007", "\033P1$r",     "\033\\",    "\033[?1;2c",   "\033[3;4R", "\033[\033[", "\xff",
	"\xc3",      "\xe6\xbc",     "\xf0\x9f\x98", "\xc0\x80",  "\xed\xa0\x80", "\23331m",   "\033[38;5;1"};

static const char *const others[] = {
	"ä", "ß", "漢",       "字",           "😀",        "e\xcc\x81", "\xe2\x80\xae", "\xe2\x80\x8b",
	"…", "│", "\xc2\x9b", "\xef\xbb\xbf", "\xcc\x81", "한"};

static size_t put(char *out, const char *text)
{
	size_t len = strlen(text);
	memcpy(out, text, len);
	return len;
}

static bool ends_it(uint32_t code)
{
	return code == 'q' || code == K_CTRL('C');
}

static size_t table_key(struct chance *c, char *out)
{
	size_t n = 0;
	while (keys_at(n))
		n++;
	uint32_t code = keys_at(chance_below(c, (unsigned)n))->key;
	if (code >= K_NONE)
		return put(out, CHANCE_OF(c, special));
	if (ends_it(code) && !chance_percent(c, 3))
		code = K_SPACE;
	return width_encode(code, out);
}

static size_t text(struct chance *c, char *out, unsigned most)
{
	size_t n = 1 + chance_below(c, most);
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(' ' + chance_below(c, 95));
	return n;
}

// An example of a command's, whole or broken off, with or without Enter.
static size_t command(struct chance *c, char *out)
{
	enum command_id id = (enum command_id)chance_below(c, CMD_COUNT);
	const char *line = command_info(id)->examples[chance_below(c, COMMAND_EXAMPLES)];
	if (!line || (id == CMD_QUIT && !chance_percent(c, 10)))
		line = "route add local 198.51.100.0/24 dev lo";
	size_t len = strcspn(line, "\n"), n = 0;
	if (chance_percent(c, 20))
		len = chance_below(c, (unsigned)len + 1);
	out[n++] = ':';
	memcpy(out + n, line, len);
	n += len;
	out[n++] = chance_percent(c, 80) ? '\r' : '\t';
	return n;
}

static size_t paste(struct chance *c, char *out)
{
	size_t n = put(out, "\033[200~");
	n += text(c, out + n, 40);
	if (chance_percent(c, 30))
		out[n++] = '\r';
	return n + (chance_percent(c, 90) ? put(out + n, "\033[201~") : 0);
}

// In the screen, or beyond it.
static size_t mouse(struct chance *c, int rows, int cols, char *out)
{
	static const unsigned buttons[] = {0, 0, 0, 1, 2, 64, 65, 35};
	unsigned button = CHANCE_OF(c, buttons), x = 1 + chance_below(c, (unsigned)cols + 2),
		 y = 1 + chance_below(c, (unsigned)rows + 2);
	if (chance_percent(c, 90))
		return (size_t)snprintf(out, KEY_BYTES, "\033[<%u;%u;%u%c", button, x, y,
					chance_percent(c, 50) ? 'M' : 'm');
	return (size_t)snprintf(out, KEY_BYTES, "\033[M%c%c%c", (int)(button + 32), (int)(32 + x % 90),
				(int)(32 + y % 90));
}

size_t random_keys(struct chance *c, int rows, int cols, char out[static KEY_BYTES], unsigned *keys)
{
	unsigned what = chance_below(c, 100);
	size_t n;
	*keys = 1;
	if (what < 60)
		return table_key(c, out);
	if (what < 70)
		return put(out, CHANCE_OF(c, special));
	if (what < 78)
		return mouse(c, rows, cols, out);
	if (what < 84)
		return put(out, CHANCE_OF(c, others));
	if (what < 90)
		return put(out, CHANCE_OF(c, broken));
	if (what < 92)
		n = paste(c, out);
	else if (what < 96)
		n = command(c, out);
	else
		n = text(c, out, 4);
	*keys = (unsigned)n;
	return n;
}
