// SPDX-License-Identifier: GPL-3.0-or-later
// Configs of any bytes: a file that is read unasked never acts, and one line of text reports a fault in it.
#include <string.h>

#include "core/model/host_order.h"
#include "core/text/width.h"
#include "tests/fuzz/fuzz.h"
#include "tui/app_update.h"
#include "tui/settings_read.h"

static const struct host *some_host(void)
{
	static struct host *h;
	if (h)
		return h;
	h = host_new();
	FUZZ_REQUIRE(h);
	host_add_link(h, &(struct link){.index = 1, .name = "lo"});
	host_add_link(h, &(struct link){.index = 2, .name = "eth0"});
	host_sort(h);
	return h;
}

static void check_keys(void)
{
	const struct binding *b;
	char name[KEY_NAME];
	for (size_t i = 0; (b = keys_at(i)); i++) {
		FUZZ_REQUIRE(b->command < CMD_COUNT);
		keys_name(b->key, name);
		FUZZ_REQUIRE(memchr(name, '\0', sizeof name));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct app app;
	struct script script;
	struct addr local;
	addr_parse("127.0.0.1", &local);
	struct attempt first = attempt_new(&local);
	app_init(&app, &first, data && size && data[0] & 1);
	app_set_host(&app, some_host());
	app_take_effects(&app);
	script_begin(&script, "config", (const char *)data, size);
	unsigned wrong = settings_run(&app, &script);
	FUZZ_REQUIRE(wrong <= script.line);
	FUZZ_REQUIRE(!wrong == !app.message[0] && memchr(app.message, '\0', sizeof app.message));
	FUZZ_REQUIRE(!wrong || strncmp(app.message, "config:", 7) == 0);
	FUZZ_REQUIRE(!(app.effects &
		       (EFFECT_QUIT | EFFECT_SUSPEND | EFFECT_BIND | EFFECT_PROMPT | EFFECT_SYSCTL | EFFECT_COMMAND)));
	FUZZ_REQUIRE(app.mode == MODE_MAIN && !app.changes && app.theme < THEME_COUNT);
	FUZZ_REQUIRE(app.attempt.nsettings <= ATTEMPT_SETTINGS);
	check_keys();
	app_free(&app);
	keys_reset();
	return 0;
}

static const char *const seeds[] = {"theme light\nmouse off\n",
				    "# mine\nproto udp\nport 53\nset freebind 1\n",
				    "key F5 bind 127.0.0.1 80\nkey x toggle transparent\n",
				    "unprivileged on\nwitness off\n",
				    "key Space show routes table local\nkey Ctrl-A step first",
				    "address [fe80::2%eth0]:53\nscope eth0\ndevice eth0"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"\n",   "key",      "F12", "Ctrl-", "Space",
					    "PgUp", "\xc3\xa4", "on",  "off",   "dark"};
	if (n < sizeof words / sizeof words[0])
		return words[n];
	n -= sizeof words / sizeof words[0];
	return n < CMD_COUNT ? command_info((enum command_id)n)->name : NULL;
}
