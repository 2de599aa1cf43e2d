// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of a namespace, their way back, and reset.
#include <errno.h>
#include <string.h>

#include "core/change/editor_undo.h"
#include "core/command/command_edit.h"
#include "tests/live/edited.h"

static void what_makes_no_difference_is_no_change(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled();
	struct edit again = line("route add local 10.1.0.0/16 dev lo"), none = line("route del 172.31.0.0/16"),
		    same = line("link set eth0 up");
	for (int journal = 0; journal < 2; journal++) {
		struct editor *e = open_editor(journal);
		assert_int_equal(editor_make(e, &again, err, sizeof err), -EEXIST);
		assert_int_equal(editor_make(e, &none, err, sizeof err), journal ? -ENOENT : -ESRCH);
		assert_int_equal(editor_make(e, &same, err, sizeof err), 0);
		assert_int_equal(editor_count(e), 0);
		assert_int_equal(editor_undo(e, false, err, sizeof err), -ENODATA);
		close_editor(e);
	}
	assert_same(&before, "no change");
	inventory_free(&before);
}

// Undo leaves somebody else's change in between alone, and reports it.
static void change_from_outside_is_left_alone(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct editor *e = open_editor(true);
	make(e, "sysctl net.ipv4.ip_unprivileged_port_start 80");
	make(e, "route add local 10.9.0.0/16 dev lo");
	apply("sysctl net.ipv4.ip_unprivileged_port_start 443");
	apply("route del local 10.9.0.0/16 dev lo");
	assert_int_equal(editor_undo(e, true, err, sizeof err), 0);
	assert_non_null(strstr(err, "changed since"));
	close_editor(e);
	struct inventory now = look();
	struct edit theirs = line("sysctl net.ipv4.ip_unprivileged_port_start 443");
	assert_true(inventory_holds(&now, &theirs));
	inventory_free(&now);
	apply("sysctl net.ipv4.ip_unprivileged_port_start 1024");
}

// An interface that is gone keeps its own change from being undone, and no other one.
static void what_can_not_be_undone_keeps_nothing_else(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled(), now;
	apply("link add v7 type veth peer v8");
	apply("address add 10.77.0.1/16 dev v7");
	struct editor *e = open_editor(true);
	make(e, "sysctl net.ipv4.ip_nonlocal_bind 1");
	make(e, "address del 10.77.0.1/16 dev v7");
	make(e, "route add local 10.9.0.0/16 dev lo");
	apply("link del v7");
	assert_int_equal(editor_undo(e, true, err, sizeof err), -ENODEV);
	assert_non_null(strstr(err, "ip address add 10.77.0.1/16 dev v7"));
	assert_int_equal(editor_count(e), 1);
	editor_leave(e);
	assert_same(&before, "all but one");
	// The interface comes back, and the next start undoes it there as well.
	apply("link add v7 type veth peer v8");
	e = open_editor(true);
	assert_int_equal(editor_recover(e, command_edit_line, err, sizeof err), 1);
	close_editor(e);
	now = look();
	struct edit address = line("address add 10.77.0.1/16 dev v7");
	assert_true(inventory_holds(&now, &address));
	inventory_free(&now);
	apply("link del v7");
	assert_same(&before, "that one");
	assert_int_equal(journals(), 0);
	inventory_free(&before);
}

static void nothing_happens_unconfirmed(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled();
	struct editor *e = open_editor(true);
	struct edit edit = line("route add local 10.9.0.0/16 dev lo");
	editor_ask(e, NULL, NULL);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), -ECANCELED);
	editor_ask(e, decline, NULL);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), -ECANCELED);
	assert_int_equal(editor_count(e), 0);
	struct inventory now = look();
	assert_false(inventory_holds(&now, &edit));
	inventory_free(&now);
	asked = 0;
	editor_ask(e, agree, &asked);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), 0);
	assert_int_equal(asked, 1);
	close_editor(e);
	assert_same(&before, "confirmation");
	inventory_free(&before);
	e = open_editor(false); // a lab: nobody is asked
	asked = 0;
	make(e, "route add local 10.9.0.0/16 dev lo");
	assert_int_equal(asked, 0);
	assert_int_equal(editor_undo(e, true, err, sizeof err), 1);
	close_editor(e);
}

// Somebody else changes the host while the question is open.
static enum editor_consent change_meanwhile(enum editor_act act, const struct edit *e, void *data)
{
	const char *const *lines = data;
	(void)act;
	(void)e;
	for (asked++; asked == 1 && *lines; lines++)
		apply(*lines);
	return asked == 1 ? EDITOR_YES_NOW : EDITOR_NO;
}

// The change made is the one confirmed, and its undo restores the state before it.
static void the_host_changes_while_it_is_asked(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	const char *ttl[] = {"sysctl net.ipv4.ip_default_ttl 65", NULL};
	const char *other[] = {"route del local 10.9.0.0/16 dev lo", "route add blackhole 10.9.0.0/16 table local",
			       NULL};
	struct editor *e = open_editor(true);
	struct edit edit = line("sysctl net.ipv4.ip_default_ttl 70"), meanwhile = line(ttl[0]);
	apply("sysctl net.ipv4.ip_default_ttl 64");
	asked = 0;
	editor_ask(e, change_meanwhile, ttl);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), 0);
	assert_int_equal(asked, 1);
	assert_int_equal(editor_undo(e, true, err, sizeof err), 1);
	struct inventory now = look();
	assert_true(inventory_holds(&now, &meanwhile));
	inventory_free(&now);
	// Another thing than was asked about is asked about again.
	apply("route add local 10.9.0.0/16 dev lo");
	edit = line("route del 10.9.0.0/16 table local");
	asked = 0;
	editor_ask(e, change_meanwhile, other);
	assert_int_equal(editor_make(e, &edit, err, sizeof err), -ECANCELED);
	assert_int_equal(asked, 2);
	close_editor(e);
	apply("route del blackhole 10.9.0.0/16 table local"); // fails the test when it is not there
	apply("sysctl net.ipv4.ip_default_ttl 64");
}

static void kept_changes_stay(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct editor *e = open_editor(true);
	make(e, "route add local 10.9.0.0/16 dev lo");
	assert_int_equal(editor_keep(e, err, sizeof err), 0);
	close_editor(e);
	assert_int_equal(journals(), 0);
	apply("route del local 10.9.0.0/16 dev lo"); // fails the test when it is not there
}

// Whatever was done from anywhere, reset leads back.
static void reset_leads_back(void **state)
{
	(void)state;
	static const char *const lines[] = {"link set lo down",
					    "address del 192.0.2.2/24 dev eth0",
					    "sysctl net.ipv6.conf.all.disable_ipv6 1",
					    "link add x0 type veth peer x1",
					    "link set x0 up",
					    "rule del pref 77 from 10.0.0.0/8 lookup 77",
					    "rule add pref 5 lookup 12",
					    "sysctl net.ipv4.ip_forward 1",
					    "address add 10.10.10.10/8 dev x0",
					    "nexthop del id 9"};
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled();
	struct editor *e = open_editor(false);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		apply(lines[i]);
	for (unsigned i = 0; i < 1000; i++) {
		char text[64];
		snprintf(text, sizeof text, "route add local 172.16.%u.%u dev x0", i / 250, i % 250);
		apply(text);
	}
	make(e, "link del x0");
	if (editor_reset(e, err, sizeof err) < 0)
		fail_msg("%s", err);
	assert_string_equal(err, "");
	assert_int_equal(editor_count(e), 0);
	assert_same(&before, "reset");
	inventory_free(&before);
	close_editor(e);
}

// What was kept is what reset leads back to.
static void reset_leads_back_to_what_was_kept(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	struct editor *e = open_editor(false);
	make(e, "route add local 10.77.0.0/16 dev lo");
	assert_int_equal(editor_keep(e, err, sizeof err), 0);
	assert_int_equal(editor_count(e), 0);
	struct inventory kept = look_settled();
	make(e, "route del local 10.77.0.0/16 dev lo");
	make(e, "sysctl net.ipv4.ip_nonlocal_bind 1");
	assert_int_equal(editor_reset(e, err, sizeof err), 0);
	assert_same(&kept, "reset after keep");
	inventory_free(&kept);
	close_editor(e);
	apply("route del local 10.77.0.0/16 dev lo");
}

static void reset_to(const struct inventory *before, const char *change)
{
	char err[EDIT_ERROR] = "";
	struct editor *e = open_editor(false);
	unsigned mtu;
	if (sscanf(change, "mtu %u", &mtu) == 1)
		assert_int_equal(change_link_mtu(changer, "eth0", mtu), 0);
	else
		apply(change);
	if (editor_reset(e, err, sizeof err) < 0 || err[0])
		fail_msg("%s: %s", change, err);
	close_editor(e);
	assert_same(before, change);
	struct inventory now = look();
	struct edit own = line("route add local 2001:db8::2 dev eth0 table local proto kernel");
	const struct edit *found = inventory_find(&now, &own);
	assert_non_null(found);
	assert_int_equal(found->route.metric, 0); // the kernel's: one made by hand has 1024, and outlives the address
	inventory_free(&now);
}

// What the kernel makes along with an interface or an address is there again, and made as it makes it.
static void reset_is_as_the_kernel_makes_it(void **state)
{
	(void)state;
	apply("link add v5 type veth peer v6");
	apply("sysctl net.ipv6.conf.v5.addr_gen_mode 1"); // none that come later
	apply("sysctl net.ipv6.conf.v6.addr_gen_mode 1");
	apply("link set v5 up");
	apply("link set v6 up");
	apply("address add 10.55.0.1/24 dev v5");
	apply("address add 10.55.0.2/24 dev v6");
	struct inventory before = look_settled();
	reset_to(&before, "mtu 1000"); // too small for IPv6, which leaves the interface
	reset_to(&before, "mtu 1400");
	reset_to(&before, "link del eth0");
	reset_to(&before, "route del local 2001:db8::2 dev eth0 table local");
	reset_to(&before, "route del 10.55.0.0/24 dev v6"); // v5 has one of the same key
	inventory_free(&before);
	apply("link del v5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_makes_no_difference_is_no_change),
		cmocka_unit_test(change_from_outside_is_left_alone),
		cmocka_unit_test(what_can_not_be_undone_keeps_nothing_else),
		cmocka_unit_test(nothing_happens_unconfirmed),
		cmocka_unit_test(the_host_changes_while_it_is_asked),
		cmocka_unit_test(kept_changes_stay),
		cmocka_unit_test(reset_leads_back),
		cmocka_unit_test(reset_leads_back_to_what_was_kept),
		cmocka_unit_test(reset_is_as_the_kernel_makes_it),
	};
	return edited_run(tests, sizeof tests / sizeof *tests);
}
