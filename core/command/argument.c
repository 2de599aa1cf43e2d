// SPDX-License-Identifier: GPL-3.0-or-later
// What an argument may be: one row per kind.
#include "core/command/argument.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/lab_recipe.h"
#include "core/command/nearest.h"
#include "core/model/attempt.h"
#include "core/model/kernel.h"
#include "core/model/rt_names.h"
#include "core/model/step.h"

enum { NAME_SIZE = 16 }; // IFNAMSIZ

static bool is_anything(const char *text)
{
	(void)text;
	return true;
}

static bool is_up_to(const char *text, unsigned long max)
{
	unsigned long n;
	return number_parse(text, max, &n) == 0;
}

static bool is_u16(const char *text)
{
	return is_up_to(text, 65535);
}

static bool is_u32(const char *text)
{
	return is_up_to(text, UINT32_MAX);
}

static bool is_pid(const char *text)
{
	return is_up_to(text, INT32_MAX) && strspn(text, "0") != strlen(text);
}

static bool is_table(const char *text)
{
	return is_u32(text) && strspn(text, "0") != strlen(text);
}

static bool is_ordinal(const char *text)
{
	return is_up_to(text, 99) && strspn(text, "0") != strlen(text);
}

static bool is_minutes(const char *text)
{
	return is_up_to(text, 60) && strspn(text, "0") != strlen(text);
}

static bool is_version(const char *text)
{
	struct kernel k;
	return text[strspn(text, "0123456789.")] == '\0' && kernel_parse(text, &k) == 0;
}

static bool is_section(const char *text)
{
	return is_up_to(text, 9) && strspn(text, "0") != strlen(text);
}

static bool is_byte(const char *text)
{
	unsigned long n;
	return rt_number(text, 255, &n);
}

static bool is_mark(const char *text)
{
	const char *slash = strchrnul(text, '/');
	char mark[16];
	unsigned long n;
	snprintf(mark, sizeof mark, "%.*s", (int)(slash - text), text);
	return slash - text < (int)sizeof mark && rt_number(mark, UINT32_MAX, &n) &&
	       (!*slash || rt_number(slash + 1, UINT32_MAX, &n));
}

static bool is_addr(const char *text)
{
	struct addr a;
	return addr_parse(text, &a) == 0;
}

static bool is_cidr(const char *text)
{
	struct prefix p;
	return prefix_parse(text, &p) == 0;
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

static const struct {
	const char *accepted; // how errors describe it; NULL: by its words
	enum rt_list list;    // its words come from this list, or from
	const char *words[9];
	const char *besides;            // how errors describe what fits beside the words
	bool (*fits)(const char *text); // NULL: only the words do
} kinds[ARG_COUNT] = {
	[ARG_NONE] = {.fits = is_anything},
	[ARG_PORT] = {"a number from 0 to 65535", .fits = is_u16},
	[ARG_FAMILY] = {.words = {"inet", "inet6"}},
	[ARG_SA_FAMILY] = {.words = {"inet", "inet6", "unspec"}, .besides = "a number from 0 to 65535", .fits = is_u16},
	[ARG_ADDRLEN] = {"a number of bytes from 0 to 65535", .fits = is_u16},
	[ARG_DEVICE] = {"the name of an interface, or none", .words = {"none"}, .fits = is_link_name},
	[ARG_LINK] = {"the name of an interface", .fits = is_link_name},
	[ARG_NEW_LINK] = {"a name of 1 to 15 bytes without blanks or slashes", .fits = is_link_name},
	[ARG_LINK_KIND] = {.words = {"veth", "dummy", "vrf"}},
	[ARG_SETTINGS] = {"OPTION[=VALUE], or several with commas between", .fits = is_anything},
	[ARG_SYSCTL] = {"a name below net., as in net.ipv4.ip_nonlocal_bind", .fits = is_sysctl_name},
	[ARG_PREFIX] = {"ADDRESS/LENGTH, as in 192.0.2.0/24, or default", .words = {"default"}},
	[ARG_CIDR] = {"ADDRESS/LENGTH, as in 192.0.2.1/24", .fits = is_cidr},
	[ARG_ADDR] = {"an IPv4 or IPv6 address", .fits = is_addr},
	[ARG_ROUTE_TYPE] = {.list = LIST_ROUTE_TYPES},
	[ARG_TABLE] = {.list = LIST_TABLES, .besides = "a number from 1 to 4294967295", .fits = is_table},
	[ARG_NUMBER] = {"a number from 0 to 4294967295", .fits = is_u32},
	[ARG_TOS] = {"a number from 0 to 255 (or 0x10)", .fits = is_byte},
	[ARG_PROTOCOL] = {.list = LIST_PROTOCOLS, .besides = "a number from 0 to 255", .fits = is_byte},
	[ARG_RANGE] = {.list = LIST_SCOPES, .besides = "a number from 0 to 255", .fits = is_byte},
	[ARG_SECONDS] = {"a number of seconds, or forever", .words = {"forever"}, .fits = is_u32},
	[ARG_MARK] = {"NUMBER[/MASK] (or 0x10)", .fits = is_mark},
	[ARG_STEP] = {"next, back, first, deciding, at NAME, the number of a step, or a title in quotes",
		      .fits = is_ordinal},
	[ARG_STEP_NAME] = {NULL},
	[ARG_ORDINAL] = {"a number from 1 to 99", .fits = is_ordinal},
	[ARG_LESSON_AT] = {.words = {"next", "back"}, .besides = "the number of a step", .fits = is_ordinal},
	[ARG_MINUTES] = {"a number of minutes from 1 to 60", .fits = is_minutes},
	[ARG_RECIPE] = {NULL},
	[ARG_FEATURE] = {.words = {"vrf", "ipv6"}},
	[ARG_SECTION] = {"next, back or a number from 1 to 9", .fits = is_section},
	[ARG_SHOWN] = {.words = {"interfaces", "routes", "rules", "options", "sysctls", "sockets", "walk", "events"}},
	[ARG_BESIDE] = {.words = {"other", "before", "pinned"}},
	[ARG_SIDE] = {.words = {"left", "right"}},
	[ARG_WRITTEN] = {.words = {"walk", "compare", "matrix", "session"}},
	[ARG_EXPECTED] = {.accepted = "ok, refused, an errno such as EADDRNOTAVAIL, or a code such as ADDR_NOT_LOCAL"},
	[ARG_SWITCH] = {.words = {"on", "off"}},
	[ARG_WATCHED] = {.words = {"on", "all", "off"}},
	[ARG_PRIVILEGES] = {.words = {"on", "off", "bounding", "ambient"}},
	[ARG_ALL] = {.words = {"all"}},
	[ARG_PANE] = {.words = {"interfaces", "routes", "socket", "walk"}},
	[ARG_ANSWER] = {.words = {"binds", "refused", "here", "none"}},
	[ARG_VIEW] = {.words = {"explore", "compare", "matrix", "sockets", "events", "binds"}},
	[ARG_THEME] = {.words = {"dark", "light", "mono"}},
	[ARG_FILE] = {.fits = is_anything},
	[ARG_KEY] = {.fits = is_anything},
	[ARG_WORD] = {.fits = is_anything},
	[ARG_LINE] = {.fits = is_anything},
	[ARG_TEXT] = {.fits = is_anything},
	[ARG_WORDS] = {.fits = is_anything},
	[ARG_COMMAND] = {.fits = is_anything},
	[ARG_SUBJECT] = {.fits = is_anything},
	[ARG_WHEN] = {.words = {"auto", "always", "never"}},
	[ARG_FORMAT] = {.words = {"json", "md", "html", "sh", "bt", "cast"}},
	[ARG_NETNS] = {.fits = is_anything},
	[ARG_PID] = {"the id of a process", .fits = is_pid},
	[ARG_RELEASE] = {.fits = is_anything},
	[ARG_VERSION] = {"MAJOR.MINOR of a kernel, as in 6.3", .fits = is_version},
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

// Each type once, in the order of the kinds.
static const char *type_word(size_t n)
{
	for (int k = 0; k < KIND_COUNT; k++) {
		const char *type = kind_info((enum kind)k)->type;
		if (kind_of_type(type) == k && n-- == 0)
			return type;
	}
	return NULL;
}

// The options that need no value.
static const char *switch_word(size_t n)
{
	for (int o = 0; o < OPT_COUNT; o++)
		if (option_info((enum option_id)o)->value == VALUE_BOOL && n-- == 0)
			return option_info((enum option_id)o)->name;
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
	case ARG_RECIPE:
		return lab_recipe(n) ? lab_recipe(n)->name : NULL;
	case ARG_STEP_NAME:
		return n < STEP_COUNT ? step_info((enum step_id)n)->name : NULL;
	case ARG_OPTION:
	case ARG_SETTING:
		return n < OPT_COUNT ? option_info((enum option_id)n)->name : NULL;
	case ARG_SETTINGS:
		return switch_word(n);
	case ARG_OPTION_ALL:
		return n < OPT_COUNT ? option_info((enum option_id)n)->name : n == OPT_COUNT ? "all" : NULL;
	case ARG_SYSCTL:
		return n < SYSCTL_COUNT ? sysctl_info((enum sysctl_id)n)->name : NULL;
	case ARG_EXPECTED:
		return expected_word(n);
	default:
		if (kinds[kind].list)
			return rt_word(kinds[kind].list, n);
		return n < WORDS ? kinds[kind].words[n] : NULL;
	}
}

bool argument_is_list(enum argument kind)
{
	return kind != ARG_SWITCH && kind != ARG_EXPECTED && !(kinds[kind].fits && kind != ARG_SYSCTL);
}

bool argument_switch(const char *text, bool now)
{
	return text ? strcmp(text, "on") == 0 : !now;
}

enum unprivileged argument_unprivileged(const char *text, enum unprivileged now)
{
	if (text && strcmp(text, "bounding") == 0)
		return UNPRIVILEGED_BOUNDING;
	if (text && strcmp(text, "ambient") == 0)
		return UNPRIVILEGED_AMBIENT;
	return argument_switch(text, now != UNPRIVILEGED_OFF) ? UNPRIVILEGED_ON : UNPRIVILEGED_OFF;
}

static bool is_word(enum argument kind, const char *text)
{
	const char *word;
	for (size_t n = 0; (word = argument_word(kind, n)); n++)
		if (strcmp(word, text) == 0)
			return true;
	return false;
}

char *argument_list(enum argument kind, char *buf, size_t len)
{
	const char *word;
	size_t at = 0;
	buf[0] = '\0';
	for (size_t n = 0; (word = argument_word(kind, n)) && at + 24 < len; n++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s", n ? ", " : "", word);
	if (kinds[kind].besides)
		snprintf(buf + at, len - at, " or %s", kinds[kind].besides);
	return buf;
}

static const char *word_of_kind(void *data, size_t n)
{
	return argument_word(*(enum argument *)data, n);
}

static int refuse(enum argument kind, const char *text, char *err, size_t errlen)
{
	char words[320];
	const char *near = nearest_word(text, word_of_kind, &kind);
	snprintf(err, errlen, "\"%.60s\" is not valid here%s%s%s Expected: %s", text, near ? "; did you mean " : ".",
		 near ? near : "", near ? "?" : "",
		 kinds[kind].accepted ? kinds[kind].accepted : argument_list(kind, words, sizeof words));
	return -EINVAL;
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
		snprintf(err, errlen, "\"%.60s\" has bits set beyond its length; expected %s", text,
			 prefix_print(&p, masked));
		return -EINVAL;
	}
	return 0;
}

static int check_settings(const char *text, char *err, size_t errlen)
{
	char one[64];
	struct setting s;
	for (size_t len; *text; text += len + (text[len] == ',')) {
		len = strcspn(text, ",");
		snprintf(one, sizeof one, "%.*s", (int)len, text);
		if (setting_parse(one, &s, err, errlen) < 0)
			return -EINVAL;
	}
	return 0;
}

int argument_check(enum argument kind, const char *text, char *err, size_t errlen)
{
	struct endpoint ep;
	if (kind == ARG_ENDPOINT)
		return endpoint_parse(text, &ep, err, errlen);
	if (kind == ARG_PREFIX)
		return check_prefix(text, err, errlen);
	if (kind == ARG_SETTINGS)
		return check_settings(text, err, errlen);
	if (kinds[kind].fits && kinds[kind].fits(text))
		return 0;
	// The words of ARG_SYSCTL serve completion only.
	return kind != ARG_SYSCTL && is_word(kind, text) ? 0 : refuse(kind, text, err, errlen);
}
