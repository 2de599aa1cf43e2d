// SPDX-License-Identifier: GPL-3.0-or-later
// What was seen inside of a bind, from a text: the functions in the order in which they returned, with their values,
// "inet_addr_type_table=1 __inet_bind=-99". Behind a value: "@255" the table, "%2" the device, ":12" the capability or
// the port, "+2/32" the route that was found. "!name" is a function that is not watched, "?name" one that this kernel
// does not have; all others are watched.
#ifndef BINDWALK_MADE_INNER_H
#define BINDWALK_MADE_INNER_H

#include <linux/capability.h>

#include "core/model/kernel_call.h"
#include "tests/unit/made_host.h"

MADE void made_do_call(const struct attempt *a, const char *word, struct witnessed *w)
{
	char name[48];
	size_t len = strcspn(word, "=");
	snprintf(name, sizeof name, "%.*s", (int)len, word);
	int f = kernel_function_find(name);
	if (f < 0 || word[len] != '=')
		fail_msg("no call: %s", word);
	const struct attempt read = attempt_as_read(a);
	struct kernel_call *c = &w->calls[w->ncalls++];
	*c = (struct kernel_call){.function = (enum kernel_function)f, .addr = read.addr, .port = a->port, .fd = -1};
	c->capability = kernel_function_info(c->function)->takes == TAKES_CAPABILITY ? CAP_NET_BIND_SERVICE : -1;
	char *end;
	c->returned = strtoll(word + len + 1, &end, 0);
	while (*end) {
		char what = *end++;
		unsigned number = (unsigned)strtoul(end, &end, 10);
		if (what == '@')
			c->table = number;
		else if (what == '%')
			c->device = number;
		else if (what == '+')
			c->rtn = number;
		else if (what == '/')
			c->len = number;
		else if (what == ':' && c->capability >= 0)
			c->capability = (int)number;
		else if (what == ':')
			c->port = (uint16_t)number;
		else
			fail_msg("no call: %s", word);
	}
	w->counts[f]++;
}

MADE void made_inner(const struct attempt *a, const char *calls, struct witnessed *w)
{
	char copy[1024], *save = NULL;
	*w = (struct witnessed){.present = true, .sets.watched = (UINT64_C(1) << KERNEL_FUNCTIONS) - 1};
	snprintf(copy, sizeof copy, "%s", calls);
	for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		if (*word != '!' && *word != '?') {
			made_do_call(a, word, w);
			continue;
		}
		int f = kernel_function_find(word + 1);
		assert_true(f >= 0);
		w->sets.watched &= ~(UINT64_C(1) << f);
		*(*word == '?' ? &w->sets.absent : &w->sets.refused) |= UINT64_C(1) << f;
	}
}

#endif
