// SPDX-License-Identifier: GPL-3.0-or-later
// The socket between stage and notes: either side first, either side killed and back, several readers, one that does
// not read, strange bytes, and things that stand in its place.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/lesson/notes_channel.h"
#include "core/observe/clock.h"

static char runtime[] = "/tmp/bindwalk-run-XXXXXX";
static char err[NOTES_ERROR];
static struct notes_sender stage;
static struct notes_reader notes;
static struct stage_page got;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static int empty(void **state)
{
	(void)state;
	nftw(runtime, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	setenv("XDG_RUNTIME_DIR", runtime, 1);
	return 0;
}

static void open_stage(struct notes_sender *s)
{
	if (notes_sender_open(s, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static void open_notes(struct notes_reader *r)
{
	if (notes_reader_open(r, err, sizeof err) < 0)
		fail_msg("%s", err);
}

static struct stage_page page(unsigned step)
{
	return (struct stage_page){.talk = "T", .title = "title", .step = step, .steps = 9, .elapsed_ms = -1};
}

static void tell(unsigned step)
{
	const struct stage_page p = page(step);
	notes_sender_tell(&stage, &p);
}

// Both sides do what there is to do, until the notes have seen all of that; false after five seconds.
static bool until(struct notes_reader *r, unsigned wanted)
{
	int64_t end = now_ms() + 5000;
	while (wanted && now_ms() < end) {
		notes_sender_accept(&stage);
		wanted &= ~notes_reader_look(r, &got);
		int wait = notes_reader_patience(r);
		struct pollfd fds[] = {{.fd = r->fd, .events = POLLIN},
				       {.fd = r->watch, .events = POLLIN},
				       {.fd = stage.listener, .events = POLLIN}};
		if (wanted)
			poll(fds, 3, wait >= 0 && wait < 1000 ? wait : 1000);
	}
	return wanted == 0;
}

static void expect_step(struct notes_reader *r, unsigned step)
{
	int64_t end = now_ms() + 5000;
	do
		assert_true(until(r, NOTES_PAGE));
	while (got.step != step && now_ms() < end);
	assert_int_equal(got.step, step);
}

static void test_stage_first(void **state)
{
	(void)state;
	open_stage(&stage);
	tell(1);
	open_notes(&notes);
	expect_step(&notes, 1);
	tell(2);
	tell(3);
	expect_step(&notes, 3);
	notes_sender_close(&stage);
	assert_true(until(&notes, NOTES_LOST));
	notes_reader_close(&notes);
}

// Neither waits by a clock for the other.
static void test_notes_first(void **state)
{
	(void)state;
	open_notes(&notes);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_NOTHING);
	assert_int_equal(notes_reader_patience(&notes), -1);
	open_stage(&stage);
	tell(4);
	int64_t began = now_ms();
	expect_step(&notes, 4);
	assert_true(now_ms() - began < 1000);
	notes_reader_close(&notes); // and the stage goes on
	tell(5);
	open_notes(&notes);
	expect_step(&notes, 5);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
}

// A stage that was killed leaves its socket behind.
static void kill_stage(void)
{
	close(stage.listener);
	for (unsigned i = 0; i < stage.readers; i++)
		close(stage.reader[i]);
	own_folder_close(&stage.folder);
	stage = (struct notes_sender){.listener = -1};
}

static void test_killed(void **state)
{
	(void)state;
	open_stage(&stage);
	tell(1);
	open_notes(&notes);
	expect_step(&notes, 1);
	kill_stage();
	assert_true(until(&notes, NOTES_LOST));
	notes_reader_look(&notes, &got);
	assert_int_equal(notes.fd, -1);
	open_stage(&stage);
	tell(7);
	expect_step(&notes, 7);
	notes_sender_close(&stage);
	notes_reader_close(&notes);
}

// The one that started last; its end takes nothing of another away.
static void test_two_stages(void **state)
{
	(void)state;
	struct notes_sender first;
	open_stage(&stage);
	tell(1);
	open_notes(&notes);
	expect_step(&notes, 1);
	first = stage;
	open_stage(&stage);
	tell(2);
	expect_step(&notes, 2);
	notes_sender_close(&first);
	struct notes_reader more;
	open_notes(&more);
	expect_step(&more, 2);
	notes_reader_close(&more);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
	char left[128];
	snprintf(left, sizeof left, "%s/bindwalk/stage", runtime);
	assert_int_equal(access(left, F_OK), -1);
}

static void test_many(void **state)
{
	(void)state;
	struct notes_reader many[NOTES_READERS];
	open_stage(&stage);
	tell(1);
	for (unsigned i = 0; i < NOTES_READERS; i++) {
		open_notes(&many[i]);
		expect_step(&many[i], 1);
	}
	tell(2);
	for (unsigned i = 0; i < NOTES_READERS; i++)
		expect_step(&many[i], 2);
	open_notes(&notes); // one more has no place, and does not ask all the time
	assert_true(until(&notes, NOTES_FOUND | NOTES_LOST));
	assert_true(notes_reader_patience(&notes) > 0);
	notes_reader_close(&many[0]); // until one is free
	expect_step(&notes, 2);
	for (unsigned i = 1; i < NOTES_READERS; i++)
		notes_reader_close(&many[i]);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
}

// One that does not read costs the stage nothing, and finds the present page when it does.
static void test_stuck(void **state)
{
	(void)state;
	enum { PAGES = 2000, LONG_MS = 5000 };
	struct notes_reader stuck;
	open_stage(&stage);
	tell(1);
	open_notes(&notes);
	open_notes(&stuck);
	expect_step(&notes, 1);
	expect_step(&stuck, 1);
	int64_t began = now_ms();
	for (unsigned i = 2; i <= PAGES; i++) {
		tell(i);
		notes_reader_look(&notes, &got);
	}
	assert_true(now_ms() - began < LONG_MS);
	assert_int_equal(got.step, PAGES);
	assert_int_equal(stage.readers, 1); // the stuck one was let go
	expect_step(&stuck, PAGES);
	notes_reader_close(&stuck);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
}

// The clock of a page goes on until it is read.
static void test_elapsed(void **state)
{
	(void)state;
	struct stage_page p = page(1);
	open_stage(&stage);
	p.elapsed_ms = 5000;
	notes_sender_tell(&stage, &p);
	stage.told -= 60000;
	open_notes(&notes);
	expect_step(&notes, 1);
	assert_in_range(got.elapsed_ms, 65000, 125000);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
}

static int imposter(int type)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	snprintf(a.sun_path, sizeof a.sun_path, "%s/bindwalk", runtime);
	mkdir(a.sun_path, 0700);
	snprintf(a.sun_path, sizeof a.sun_path, "%s/bindwalk/stage", runtime);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

// Bytes that are no page: said, and not shown; the next page is taken.
static void test_strange(void **state)
{
	(void)state;
	static char huge[3 * PAGE_BYTES];
	int fd = imposter(SOCK_SEQPACKET);
	stage = (struct notes_sender){.listener = -1};
	open_notes(&notes);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_FOUND);
	int one = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	assert_true(one >= 0);
	memset(huge, '[', sizeof huge);
	assert_int_equal(send(one, huge, sizeof huge, MSG_NOSIGNAL), sizeof huge);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_STRANGE);
	assert_int_equal(send(one, "\033[2J\033]0;x\007", 9, MSG_NOSIGNAL), 9);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_STRANGE);
	const struct stage_page p = page(6);
	char *good = stage_page_print(&p);
	assert_true(send(one, good, strlen(good), MSG_NOSIGNAL) > 0);
	free(good);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_PAGE);
	assert_int_equal(got.step, 6);
	for (int i = 0; i < 1000; i++) // a flood does not keep us
		if (send(one, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
			break;
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_STRANGE);
	close(one);
	close(fd);
	notes_reader_close(&notes);
}

// Nothing of these is connected to, and a stage puts its own there.
static void test_in_its_place(void **state)
{
	(void)state;
	char path[128], elsewhere[128];
	snprintf(path, sizeof path, "%s/bindwalk/stage", runtime);
	snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", runtime);
	for (int kind = 0; kind < 3; kind++) {
		int fd = -1;
		empty(NULL);
		if (kind == 0) {
			fd = imposter(SOCK_STREAM);
		} else if (kind == 1) {
			fd = imposter(SOCK_SEQPACKET);
			assert_int_equal(rename(path, elsewhere), 0);
			assert_int_equal(symlink(elsewhere, path), 0);
		} else {
			close(imposter(SOCK_STREAM));
			unlink(path);
			fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
		}
		open_notes(&notes);
		assert_int_equal(notes_reader_look(&notes, &got), NOTES_NOTHING);
		open_stage(&stage);
		tell(3);
		expect_step(&notes, 3);
		notes_reader_close(&notes);
		notes_sender_close(&stage);
		close(fd);
	}
}

// A folder that others can write into, or a link, is not used, by neither.
static void test_folder(void **state)
{
	(void)state;
	char path[128], other[128];
	snprintf(path, sizeof path, "%s/bindwalk", runtime);
	snprintf(other, sizeof other, "%s/other", runtime);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(notes_sender_open(&stage, err, sizeof err), -EPERM);
	assert_non_null(strstr(err, "others can write to"));
	assert_int_equal(notes_reader_open(&notes, err, sizeof err), -EPERM);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(notes_sender_open(&stage, err, sizeof err), -ELOOP);
	tell(1); // does nothing
	notes_sender_accept(&stage);
	notes_sender_close(&stage);
}

// The folder goes, as at the end of a login session, and comes back.
static void test_folder_gone(void **state)
{
	(void)state;
	open_notes(&notes);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_NOTHING);
	char path[128];
	snprintf(path, sizeof path, "%s/bindwalk", runtime);
	assert_int_equal(rmdir(path), 0);
	open_stage(&stage);
	tell(2);
	expect_step(&notes, 2);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
}

// No descriptors to be had: a clock tries again once a second.
static void test_no_watch(void **state)
{
	(void)state;
	struct rlimit before;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
	close(lowest);
	const struct rlimit few = {.rlim_cur = (rlim_t)lowest + 1, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	open_notes(&notes);
	assert_int_equal(notes.watch, -1);
	assert_int_equal(notes_reader_look(&notes, &got), NOTES_NOTHING);
	assert_in_range(notes_reader_patience(&notes), 1, 1000);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	open_stage(&stage);
	tell(8);
	expect_step(&notes, 8);
	assert_true(notes.watch >= 0);
	notes_reader_close(&notes);
	notes_sender_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_stage_first, empty),  cmocka_unit_test_setup(test_notes_first, empty),
		cmocka_unit_test_setup(test_killed, empty),       cmocka_unit_test_setup(test_two_stages, empty),
		cmocka_unit_test_setup(test_many, empty),         cmocka_unit_test_setup(test_stuck, empty),
		cmocka_unit_test_setup(test_elapsed, empty),      cmocka_unit_test_setup(test_strange, empty),
		cmocka_unit_test_setup(test_in_its_place, empty), cmocka_unit_test_setup(test_folder, empty),
		cmocka_unit_test_setup(test_folder_gone, empty),  cmocka_unit_test_setup(test_no_watch, empty),
	};
	if (!mkdtemp(runtime))
		return 99;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	empty(NULL);
	rmdir(runtime);
	return failed;
}
