// SPDX-License-Identifier: GPL-3.0-or-later
// What an argument may be: one row per kind, its fixed words, and the check of one value.
#include "core/command/argument.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/lab_recipe.h"
#include "core/model/attempt.h"
#include "core/model/step.h"

enum { NAME_SIZE = 16 }; // IFNAMSIZ

// What is accepted, for errors; and the fixed words.
static const struct {
	const char *accepted; // NULL: the words
	const char *words[10];
} kinds[ARG_COUNT] = {
	[ARG_PORT] = {"a number from 0 to 65535", {NULL}},
	[ARG_DEVICE] = {"the name of an interface, or none", {"none"}},
	[ARG_LINK] = {"the name of an interface", {NULL}},
	[ARG_NEW_LINK] = {"a name of 1 to 15 bytes without blanks or slashes", {NULL}},
	[ARG_LINK_KIND] = {NULL, {"veth", "dummy", "vrf"}},
	[ARG_SYSCTL] = {"a name below net., as in net.ipv4.ip_nonlocal_bind", {NULL}},
	[ARG_PREFIX] = {"ADDRESS/LENGTH, as in 192.0.2.0/24, or default", {"default"}},
	[ARG_CIDR] = {"ADDRESS/LENGTH, as in 192.0.2.1/24", {NULL}},
	[ARG_ADDR] = {"an IPv4 or IPv6 address", {NULL}},
	[ARG_ROUTE_TYPE] = {NULL,
			    {"unicast", "local", "broadcast", "multicast", "anycast", "blackhole", "unreachable",
			     "prohibit", "throw"}},
	[ARG_TABLE] = {"local, main, default or a number from 1 to 4294967295", {"local", "main", "default"}},
	[ARG_NUMBER] = {"a number from 0 to 4294967295", {NULL}},
	[ARG_TOS] = {"a number from 0 to 255, also as 0x10", {NULL}},
	[ARG_PROTOCOL] = {"static, boot, kernel, dhcp, ra, redirect or a number from 0 to 255",
			  {"static", "boot", "kernel", "dhcp", "ra", "redirect"}},
	[ARG_RANGE] = {"global, site, link, host, nowhere or a number from 0 to 255",
		       {"global", "site", "link", "host", "nowhere"}},
	[ARG_SECONDS] = {"a number of seconds, or forever", {"forever"}},
	[ARG_MARK] = {"NUMBER[/MASK], both also as 0x10", {NULL}},
	[ARG_STEP] = {"next, back, first, deciding or the number of a step", {NULL}},
	[ARG_SHOWN] = {NULL, {"interfaces", "routes", "rules", "options", "sysctls", "sockets", "walk", "events"}},
	[ARG_EXPECTED] = {"ok, refused, an errno such as EADDRNOTAVAIL, or a code such as ADDR_NOT_LOCAL", {NULL}},
	[ARG_SWITCH] = {NULL, {"on", "off"}},
	[ARG_ALL] = {NULL, {"all"}},
	[ARG_PANE] = {NULL, {"interfaces", "routes", "socket", "walk"}},
	[ARG_THEME] = {NULL, {"dark", "light", "mono"}},
	[ARG_WHEN] = {NULL, {"auto", "always", "never"}},
};

enum { WORDS = sizeof kinds[0].words / sizeof kinds[0].words[0] };

// What bind() and the calls before it can end with.
static const int expected_errnos[] = {EADDRNOTAVAIL, EADDRINUSE,  EACCES,     EPERM,           EINVAL, EAFNOSUPPORT,
				      ENODEV,        ENOPROTOOPT, EOPNOTSUPP, EPROTONOSUPPORT, EDOM,   ENOMEM,
				      ENOBUFS,       EAGAIN,      EFAULT,     ENOENT,          EIO,    ESOCKTNOSUPPORT};

// ok, refused, the codes, then the errnos.
static const char *expected_word(size_t n)
{
	if (n < 2)
		return n == 0 ? "ok" : "refused";
	n -= 2;
	if (n < CODE_COUNT - 1)
		return code_info((enum code)(n + 1))->name;
	n -= CODE_COUNT - 1;
	return n < sizeof expected_errnos / sizeof expected_errnos[0] ? errno_name(expected_errnos[n]) : NULL;
}

// Each once, in the order of the kinds.
static const char *type_word(size_t n)
{
	for (int k = 0; k < KIND_COUNT; k++) {
		const char *type = kind_info((enum kind)k)->type;
		if (kind_of_type(type) == k && n-- == 0)
			return type;
	}
	return NULL;
}

static const char *lab_word(size_t n)
{
	size_t recipes = 0;
	while (lab_recipe(recipes))
		recipes++;
	return n < recipes ? lab_recipe(n)->name : n == recipes ? "copy" : NULL;
}

const char *argument_word(enum argument kind, size_t n)
{
	switch (kind) {
	case ARG_TYPE:
		return type_word(n);
	case ARG_PROTO:
		return n < KIND_COUNT ? kind_info((enum kind)n)->name : NULL;
	case ARG_LAB:
		return lab_word(n);
	case ARG_OPTION:
	case ARG_SETTING:
		return n < OPT_COUNT ? option_info((enum option_id)n)->name : NULL;
	case ARG_OPTION_ALL:
		return n < OPT_COUNT ? option_info((enum option_id)n)->name : n == OPT_COUNT ? "all" : NULL;
	case ARG_SYSCTL:
		return n < SYSCTL_COUNT ? sysctl_info((enum sysctl_id)n)->name : NULL;
	case ARG_EXPECTED:
		return expected_word(n);
	default:
		return n < WORDS ? kinds[kind].words[n] : NULL;
	}
}

bool argument_switch(const char *text, bool now)
{
	return text ? strcmp(text, "on") == 0 : !now;
}

bool argument_is_word(enum argument kind, const char *text)
{
	const char *word;
	for (size_t n = 0; (word = argument_word(kind, n)); n++)
		if (strcmp(word, text) == 0)
			return true;
	return false;
}

// The least number of inserted, left out, wrong or swapped letters, at most `limit` + 1.
static unsigned distance(const char *a, const char *b, unsigned limit)
{
	enum { MOST = 48 };
	size_t la = strlen(a), lb = strlen(b);
	unsigned rows[3][MOST + 1], least_before = 0;
	if (la > MOST || lb > MOST || (la > lb ? la - lb : lb - la) > limit)
		return limit + 1;
	for (unsigned j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		unsigned least = row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
			least = best < least ? best : least;
		}
		if (least > limit && least_before > limit) // a swap looks two rows back
			return limit + 1;
		least_before = least;
	}
	return rows[la % 3][lb];
}

const char *nearest_word(const char *typed, const char *(*word)(void *data, size_t n), void *data)
{
	size_t len = strlen(typed);
	unsigned limit = len < 3 ? 1 : len < 6 ? 2 : 3, best = limit + 1;
	size_t found = 0;
	const char *w;
	for (size_t n = 0; (w = word(data, n)); n++) {
		if (!w[0])
			continue;
		unsigned d = distance(typed, w, limit);
		// A word that was begun well but not ended counts as near.
		if (d > limit && len >= 3 && strncmp(typed, w, len) == 0)
			d = limit;
		if (d < best) {
			best = d;
			found = n;
		}
	}
	return best <= limit ? word(data, found) : NULL;
}

static const char *word_of_kind(void *data, size_t n)
{
	return argument_word(*(enum argument *)data, n);
}

void argument_list(enum argument kind, char *buf, size_t len)
{
	const char *word;
	size_t at = 0;
	buf[0] = '\0';
	for (size_t n = 0; (word = argument_word(kind, n)) && at + 24 < len; n++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", n ? ", " : "", word);
}

static int refuse(enum argument kind, const char *text, char *err, size_t errlen)
{
	char words[320];
	const char *accepted = kinds[kind].accepted;
	const char *near = nearest_word(text, word_of_kind, &kind);
	if (!accepted) {
		argument_list(kind, words, sizeof words);
		accepted = words;
	}
	if (near)
		snprintf(err, errlen, "\"%.60s\" is not taken here; did you mean %s? Accepted: %s", text, near,
			 accepted);
	else
		snprintf(err, errlen, "\"%.60s\" is not taken here. Accepted: %s", text, accepted);
	return -EINVAL;
}

static bool is_link_name(const char *text)
{
	return text[0] && strlen(text) < NAME_SIZE && !strpbrk(text, "/ \t:") && strcmp(text, ".") != 0 &&
	       strcmp(text, "..") != 0;
}

// Nothing but what changes the namespace itself: no other part of /proc/sys, and no way round.
static bool is_sysctl_name(const char *text)
{
	if (strncmp(text, "net.", 4) != 0 || !text[4] || strstr(text, "..") || strstr(text, "//"))
		return false;
	for (const char *p = text; *p; p++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@", *p))
			return false;
	return strlen(text) < 128;
}

// Decimal, or hexadecimal after 0x.
static bool is_number(const char *text, size_t len, unsigned long max)
{
	char word[16];
	unsigned long n;
	if (len == 0 || len >= sizeof word)
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	if (strncmp(word, "0x", 2) != 0)
		return number_parse(word, max, &n) == 0;
	size_t digits = strspn(word + 2, "0123456789abcdefABCDEF");
	return digits > 0 && digits <= 8 && word[2 + digits] == '\0' && strtoul(word, NULL, 16) <= max;
}

static bool is_mark(const char *text)
{
	size_t n = strcspn(text, "/");
	return is_number(text, n, UINT32_MAX) &&
	       (!text[n] || is_number(text + n + 1, strlen(text + n + 1), UINT32_MAX));
}

static int check_prefix(const char *text, char *err, size_t errlen)
{
	struct prefix p;
	struct addr a;
	char bare[ADDR_TEXT], masked[PREFIX_TEXT];
	if (strcmp(text, "default") == 0 || strcmp(text, "all") == 0 || strcmp(text, "any") == 0)
		return 0;
	if (prefix_parse(text, &p) < 0)
		return refuse(ARG_PREFIX, text, err, errlen);
	snprintf(bare, sizeof bare, "%.*s", (int)strcspn(text, "/"), text);
	if (addr_parse(bare, &a) == 0 && !addr_equal(&a, &p.addr)) {
		snprintf(err, errlen, "\"%.60s\" has bits set beyond its length; accepted: %s", text,
			 prefix_print(&p, masked));
		return -EINVAL;
	}
	return 0;
}

int argument_check(enum argument kind, const char *text, char *err, size_t errlen)
{
	unsigned long number;
	struct prefix p;
	struct addr a;
	struct endpoint ep;
	bool good = true;
	switch (kind) {
	case ARG_ENDPOINT:
		return endpoint_parse(text, &ep, err, errlen);
	case ARG_PREFIX:
		return check_prefix(text, err, errlen);
	case ARG_PORT:
		good = number_parse(text, 65535, &number) == 0;
		break;
	case ARG_DEVICE:
	case ARG_LINK:
	case ARG_NEW_LINK:
		good = is_link_name(text);
		break;
	case ARG_SYSCTL:
		good = is_sysctl_name(text);
		break;
	case ARG_CIDR:
		good = prefix_parse(text, &p) == 0;
		break;
	case ARG_ADDR:
		good = addr_parse(text, &a) == 0;
		break;
	case ARG_TABLE:
		good = argument_is_word(kind, text) || (number_parse(text, UINT32_MAX, &number) == 0 && number > 0);
		break;
	case ARG_NUMBER:
		good = number_parse(text, UINT32_MAX, &number) == 0;
		break;
	case ARG_TOS:
		good = is_number(text, strlen(text), 255);
		break;
	case ARG_PROTOCOL:
	case ARG_RANGE:
		good = argument_is_word(kind, text) || is_number(text, strlen(text), 255);
		break;
	case ARG_SECONDS:
		good = argument_is_word(kind, text) || number_parse(text, UINT32_MAX, &number) == 0;
		break;
	case ARG_MARK:
		good = is_mark(text);
		break;
	case ARG_STEP:
		good = number_parse(text, 99, &number) == 0 && number > 0;
		break;
	case ARG_TYPE:
	case ARG_PROTO:
	case ARG_LINK_KIND:
	case ARG_OPTION:
	case ARG_OPTION_ALL:
	case ARG_SETTING:
	case ARG_ROUTE_TYPE:
	case ARG_SHOWN:
	case ARG_EXPECTED:
	case ARG_SWITCH:
	case ARG_ALL:
	case ARG_PANE:
	case ARG_THEME:
	case ARG_WHEN:
	case ARG_LAB:
		good = argument_is_word(kind, text);
		break;
	case ARG_NONE:
	case ARG_FILE:
	case ARG_KEY:
	case ARG_WORD:
	case ARG_LINE:
	case ARG_TEXT:
	case ARG_WORDS:
	case ARG_SUBJECT:
	case ARG_NETNS:
	case ARG_RELEASE:
	case ARG_COUNT:
		break;
	}
	return good ? 0 : refuse(kind, text, err, errlen);
}
