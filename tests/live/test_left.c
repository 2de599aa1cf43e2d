// SPDX-License-Identifier: GPL-3.0-or-later
// Journals that were left behind and can't be trusted: none of them hangs us, is undone, or is removed, and a sentence
// names each. And journals that others would like to have: a living process keeps its own.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "core/change/editor_undo.h"
#include "core/change/journal_file.h"
#include "core/change/journal_left.h"
#include "core/command/command_edit.h"
#include "tests/live/edited.h"

static char journal[PATH_MAX];      // where it is
static char elsewhere[] = "/other"; // under the state home

static const char *other_path(void)
{
	static char path[PATH_MAX];
	snprintf(path, sizeof path, "%s%s", state_home, elsewhere);
	return path;
}

static void name_journal(const char *boot)
{
	char id[JOURNAL_ID];
	assert_int_equal(journal_id(id), 0);
	if (boot)
		memcpy(strchr(id, '-') + 1, boot, strlen(boot));
	snprintf(journal, sizeof journal, "%s/bindwalk/journal-%s-77.0", state_home, id);
}

// A journal of this namespace that says so, with the lines after its head. %s in `head` is the namespace; NULL: usual.
static void write_journal(const char *head, const char *lines, size_t len)
{
	char id[JOURNAL_ID], folder[PATH_MAX], first[JOURNAL_HEAD];
	assert_int_equal(journal_id(id), 0);
	name_journal(NULL);
	snprintf(folder, sizeof folder, "%s/bindwalk", state_home);
	mkdir(folder, 0700);
	int fd = open(journal, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	size_t n = journal_head(id, first);
	if (head)
		n = (size_t)snprintf(first, sizeof first, "%s", head);
	assert_int_equal(write(fd, first, n), n);
	assert_int_equal(write(fd, lines, len), len);
	close(fd);
}

#define ROUTE "change 1 route add local 10.9.0.0/16 dev lo\nback 1 route del local 10.9.0.0/16 dev lo\nready 1\n"

static void write_good(void)
{
	write_journal(NULL, ROUTE, strlen(ROUTE));
}

static unsigned left(char err[static JOURNAL_ERROR])
{
	return journal_left(command_edit_line, err, JOURNAL_ERROR);
}

static int recover(struct editor **e, char err[static JOURNAL_ERROR])
{
	*e = open_editor(true);
	return editor_recover(*e, command_edit_line, err, JOURNAL_ERROR);
}

// Nothing of it counts, a sentence says why and names it, and it is still there.
static void assert_refused(const char *what, const char *why)
{
	char err[JOURNAL_ERROR];
	struct editor *e;
	struct stat before, now;
	const char *name = strrchr(journal, '/') + 1;
	assert_int_equal(lstat(journal, &before), 0);
	for (int take = 0; take < 2; take++) {
		int n = take ? recover(&e, err) : (int)left(err);
		if (n != 0 || !strstr(err, why) || !strstr(err, name))
			fail_msg("%s: %d, %s", what, n, err);
		if (take)
			editor_leave(e);
	}
	assert_int_equal(lstat(journal, &now), 0);
	assert_int_equal(now.st_ino, before.st_ino);
	assert_int_equal(now.st_size, before.st_size);
	assert_int_equal(remove(journal), 0);
}

static void becomes_link(void)
{
	assert_int_equal(rename(journal, other_path()), 0);
	assert_int_equal(symlink(other_path(), journal), 0);
}

static void becomes_dangling(void)
{
	unlink(journal);
	assert_int_equal(symlink("/nowhere/at/all", journal), 0);
}

static void becomes_two_names(void)
{
	assert_int_equal(link(journal, other_path()), 0);
}

static void becomes_fifo(void)
{
	unlink(journal);
	assert_int_equal(mkfifo(journal, 0600), 0);
}

static void becomes_folder(void)
{
	unlink(journal);
	assert_int_equal(mkdir(journal, 0700), 0);
}

static void becomes_socket(void)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), here = open(".", O_RDONLY | O_CLOEXEC);
	char *slash = strrchr(journal, '/');
	snprintf(sa.sun_path, sizeof sa.sun_path, "%.100s", slash + 1);
	unlink(journal);
	*slash = '\0';
	assert_int_equal(chdir(journal), 0);
	*slash = '/';
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof sa), 0);
	assert_int_equal(fchdir(here), 0);
	close(here);
	close(fd);
}

static void becomes_writable(void)
{
	assert_int_equal(chmod(journal, 0666), 0);
}

static void becomes_group_writable(void)
{
	assert_int_equal(chmod(journal, 0620), 0);
}

static void becomes_sparse(void)
{
	assert_int_equal(truncate(journal, (off_t)1 << 40), 0);
}

static void gets_two_million_lines(void)
{
	FILE *f = fopen(journal, "a");
	assert_non_null(f);
	for (unsigned i = 0; i < 2000000; i++)
		fputs("undone 1\n", f);
	assert_int_equal(fclose(f), 0);
}

static void what_is_no_file_of_ours_is_not_read(void **state)
{
	(void)state;
	static const struct {
		void (*make)(void);
		const char *why;
	} attacks[] = {{becomes_link, "is a link"},
		       {becomes_dangling, "is a link"},
		       {becomes_two_names, "has 2 names"},
		       {becomes_fifo, "is not a regular file"},
		       {becomes_folder, "is not a regular file"},
		       {becomes_socket, "is not a regular file"},
		       {becomes_writable, "can be written by others"},
		       {becomes_group_writable, "can be written by others"},
		       {becomes_sparse, "is larger than"},
		       {gets_two_million_lines, "is larger than"}};
	struct inventory before = look_settled();
	apply("route add local 10.9.0.0/16 dev lo");
	for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
		write_good();
		attacks[i].make();
		assert_refused(attacks[i].why, attacks[i].why);
		unlink(other_path());
	}
	apply("route del local 10.9.0.0/16 dev lo"); // fails where somebody undid it
	assert_same(&before, "files");
	inventory_free(&before);
	print_message("# %zu attacks\n", sizeof attacks / sizeof *attacks);
}

// Needs real root.
static void another_user_s_and_devices_are_not_read(void **state)
{
	(void)state;
	write_good();
	if (chown(journal, 12345, 0) < 0) {
		unlink(journal);
		skip(); // this namespace of users has no other one
	}
	assert_refused("uid", "belongs to uid 12345");
	const dev_t devices[] = {makedev(1, 3), makedev(1, 5), makedev(5, 0)}; // null, zero, tty
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
		if (mknod(journal, S_IFCHR | 0600, devices[i]) < 0)
			skip();
		assert_refused("device", "is not a regular file");
	}
}

static void what_is_not_understood_is_not_used(void **state)
{
	(void)state;
#define CHANGE  "change 1 route add local 10.9.0.0/16 dev lo\n"
#define BACK    "back 1 route del local 10.9.0.0/16 dev lo\n"
#define TEXT(t) (t), sizeof(t) - 1
	static const struct {
		const char *text;
		size_t len;
		const char *why;
	} attacks[] = {
		{TEXT(ROUTE "rm -rf /\n"), "line 5 "},
		{TEXT(ROUTE "\n"), "line 5 "},
		{TEXT(ROUTE "# more\n"), "line 5 "},
		{TEXT(ROUTE "\x1b[2Jkept\n"), "line 5 "},
		{TEXT("change 1 route add local 10.9.0.0/16 dev lo\x1b[8m\n" BACK "ready 1\n"), "line 2 "},
		{TEXT(CHANGE "back 1 route del local 10.9.0.0/16 dev lo\0 or not\nready 1\n"), "line 3 "},
		{TEXT(CHANGE BACK "ready 1\r\n"), "line 4 "},
		// What undoing would run is not the opposite.
		{TEXT(CHANGE "ready 1\n"), "line 3 "},
		{TEXT(CHANGE "back 1 route del default\nready 1\n"), "line 4 "},
		{TEXT(CHANGE BACK "back 1 route del default\nready 1\n"), "line 5 "},
		{TEXT(CHANGE "back 1 route del local 10.9.0.0/17 dev lo\nready 1\n"), "line 4 "},
		{TEXT(CHANGE "back 1 route del local 10.9.0.0/16 dev eth0\nready 1\n"), "line 4 "},
		{TEXT(CHANGE "back 1 route del 10.9.0.0/16\nready 1\n"), "line 4 "},
		{TEXT(CHANGE "back 1 route add local 10.9.0.0/16 dev lo\nready 1\n"), "line 4 "},
		{TEXT(CHANGE "back 1 sysctl net.ipv4.ip_forward 1\nready 1\n"), "line 4 "},
		{TEXT(CHANGE "back 1 link del eth0\nready 1\n"), "line 4 "},
		{TEXT("change 1 route del 10.9.0.0/16\nback 1 route add 10.9.0.0/16 via 192.0.2.9\nready 1\n"),
		 "line 4 "},
		{TEXT("change 1 sysctl net.ipv4.ip_nonlocal_bind 1\nback 1 sysctl net.ipv4.ip_local_port_range '1 2'\n"
		      "ready 1\n"),
		 "line 4 "},
		{TEXT("change 1 link set dev lo up\nback 1 link set dev eth0 down\nready 1\n"), "line 4 "},
		{TEXT("change 1 link set dev lo up\nback 1 link set dev lo down\n"
		      "back 1 address del 192.0.2.2/24 dev eth0\nready 1\n"),
		 "line 5 "},
		{TEXT("change 1 address del 10.9.0.1/16 dev lo\nback 1 address add 10.9.0.2/16 dev lo\nready 1\n"),
		 "line 4 "},
		// What --edit never does.
		{TEXT("change 1 link add x type dummy\nback 1 link del dev x\nready 1\n"), "line 4 "},
		{TEXT("change 1 route replace local 10.9.0.0/16 dev lo\n" BACK "ready 1\n"), "line 4 "},
		{TEXT("change 1 sysctl net.ipv4.ip_forward 1\nback 1 sysctl net.ipv4.ip_forward 0\nready 1\n"),
		 "line 4 "},
		// The grammar.
		{TEXT("change 1 bind\n" BACK "ready 1\n"), "line 2 "},
		{TEXT(CHANGE "back 1 link set lo up nomaster\nready 1\n"), "line 3 "},
		{TEXT(CHANGE "back 2 route del local 10.9.0.0/16 dev lo\nready 1\n"), "line 3 "},
		{TEXT(BACK "ready 1\n"), "line 2 "},
		{TEXT("ready 1\n"), "line 2 "},
		{TEXT("ready 0\n"), "line 2 "},
		{TEXT(ROUTE ROUTE), "line 5 "},
		{TEXT("change 0 route add local 10.9.0.0/16 dev lo\n"), "line 2 "},
		{TEXT("change -1 route add local 10.9.0.0/16 dev lo\n"), "line 2 "},
		{TEXT("change 99999999999999999999 link set dev lo up\n"), "line 2 "},
		{TEXT("change 1\n"), "line 2 "},
		{TEXT(ROUTE "undone 1 really\n"), "line 5 "},
	};
	struct inventory before = look_settled();
	for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
		write_journal(NULL, attacks[i].text, attacks[i].len);
		assert_refused(attacks[i].text, attacks[i].why);
	}
	write_journal("# What bindwalk changed in network namespace 1.1-1, and how to take it back.\n", ROUTE,
		      strlen(ROUTE));
	assert_refused("another namespace", "line 1 ");
	assert_same(&before, "lines");
	inventory_free(&before);
	print_message("# %zu attacks\n", sizeof attacks / sizeof *attacks + 1);
}

// What --edit writes down it believes, whatever the kind of change.
static void each_kind_of_change_is_believed(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"address add 10.9.0.1/16 dev eth0",
		"address add 10.8.0.1 peer 10.8.0.2/32 dev eth0",
		"-6 address add 2001:db8:9::1/64 dev eth0 nodad",
		"address del 198.51.100.2/24 dev eth0",
		"route add blackhole 10.6.0.0/16 metric 7",
		"route add 10.5.0.0/16 via 192.0.2.9 dev eth0 tos 0x10 table 77 metric 3 proto static onlink",
		"-6 route add unreachable 2001:db8:66::/48",
		"route del 203.0.113.0/24",
		"route del 10.2.0.0/16",
		"route del default",
		"-6 route del 2001:db8:7::/48",
		"rule add from 10.3.0.0/16 lookup 12",
		"rule add pref 6 not to 10.3.0.0/16 iif lo fwmark 0x3/0xff lookup main",
		"-6 rule add pref 7 from 2001:db8:9::/64 lookup 13",
		"rule del pref 77 from 10.0.0.0/8 lookup 77",
		"sysctl net.ipv4.ip_local_port_range '2000 60000'",
		"sysctl net.ipv4.ip_local_reserved_ports 4711-4712,8080",
		"link set lo up",
	};
	enum { LINES = sizeof lines / sizeof *lines };
	char err[JOURNAL_ERROR] = "";
	apply("address del 127.0.0.1/8 dev lo");
	apply("link set lo down");
	struct inventory before = look_settled();
	struct editor *e = open_editor(true);
	for (size_t i = 0; i < LINES; i++)
		make(e, lines[i]);
	assert_int_equal(editor_count(e), LINES);
	editor_leave(e);
	assert_int_equal(left(err), LINES);
	assert_string_equal(err, "");
	assert_int_equal(recover(&e, err), LINES);
	assert_string_equal(err, "");
	close_editor(e);
	assert_same(&before, "all kinds");
	inventory_free(&before);
	apply("link set lo up");
	apply("route add local 10.1.0.0/16 dev lo"); // went along
}

// Memory and time stay bounded by the changes that a journal may hold.
static void too_many_changes_are_refused(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	assert_non_null(f);
	for (unsigned i = 1; i <= JOURNAL_CHANGES + 1; i++)
		fprintf(f, "change %u link set dev lo up\nback %u link set dev lo down\nready %u\n", i, i, i);
	assert_int_equal(fclose(f), 0);
	write_journal(NULL, text, len);
	assert_refused("many changes", "is one change too many");
	free(text);
}

// A change that was torn off was not made; the journal is whole again before more is written into it.
static void torn_end_is_left_out(void **state)
{
	(void)state;
	static const char torn[] = ROUTE
		"change 2 route add local 10.8.0.0/16 dev lo\nback 2 route del local 10.8.0.0/16 dev lo\nready 2\n"
		"change 3 route add local 10.7.0.0/16 dev lo\nback 3 route del loc";
	char err[JOURNAL_ERROR] = "";
	struct inventory before = look_settled();
	struct editor *e;
	apply("route add local 10.9.0.0/16 dev lo");
	apply("route add local 10.8.0.0/16 dev lo");
	write_journal(NULL, torn, strlen(torn));
	assert_int_equal(recover(&e, err), 2);
	assert_int_equal(editor_undo(e, false, err, sizeof err), 1);
	editor_leave(e);
	assert_int_equal(left(err), 1);
	assert_string_equal(err, "");
	assert_int_equal(recover(&e, err), 1);
	close_editor(e);
	assert_int_equal(journals(), 0);
	assert_same(&before, "torn");
	inventory_free(&before);
}

// Another boot's may be another host's, with the same home.
static void other_boots_are_left_alone(void **state)
{
	(void)state;
	char err[JOURNAL_ERROR] = "", ours[PATH_MAX];
	struct editor *e;
	struct stat st;
	write_good();
	memcpy(ours, journal, sizeof ours);
	name_journal("00000000-0000-0000-0000-000000000000");
	assert_int_equal(rename(ours, journal), 0);
	assert_int_equal(left(err), 0);
	assert_string_equal(err, "");
	assert_int_equal(recover(&e, err), 0);
	assert_string_equal(err, "");
	close_editor(e);
	assert_int_equal(stat(journal, &st), 0);
	assert_int_equal(st.st_size > (off_t)strlen(ROUTE), true);
	assert_int_equal(unlink(journal), 0);
}

static void reading_removes_nothing(void **state)
{
	(void)state;
	char err[JOURNAL_ERROR] = "";
	struct editor *e;
	write_journal(NULL, ROUTE "undone 1\n", strlen(ROUTE "undone 1\n"));
	assert_int_equal(left(err), 0);
	assert_string_equal(err, "");
	assert_int_equal(journals(), 1);
	assert_int_equal(recover(&e, err), 0);
	close_editor(e);
	assert_int_equal(journals(), 0);
}

// Each one is looked at once. (With a search that begins anew after each, the test takes minutes.)
static void many_journals_are_many(void **state)
{
	(void)state;
	enum { MANY = 1500, TAKEN = 200 };
	char err[JOURNAL_ERROR] = "", to[PATH_MAX + 16];
	struct editor *e;
	for (unsigned i = 0; i < MANY; i++) {
		write_good();
		snprintf(to, sizeof to, "%.*s%u", (int)strlen(journal) - 1, journal, i + 1);
		assert_int_equal(rename(journal, to), 0);
	}
	assert_int_equal(left(err), MANY);
	assert_string_equal(err, "");
	// Not more at once than there are descriptors for.
	assert_int_equal(recover(&e, err), TAKEN);
	assert_non_null(strstr(err, "more undo journals"));
	editor_leave(e);
	clear_journals();
}

// The question about a journal is open while somebody puts another one in its place.
static void what_was_shown_is_what_is_undone(void **state)
{
	(void)state;
	static const char evil[] =
		"change 1 route add 203.0.113.0/24 via 198.51.100.9\nback 1 route del 203.0.113.0/24\n"
		"ready 1\n";
	char err[JOURNAL_ERROR] = "", text[EDIT_TEXT];
	struct inventory before = look_settled();
	struct editor *e;
	struct stat st;
	apply("route add local 10.9.0.0/16 dev lo");
	write_good();
	assert_int_equal(recover(&e, err), 1);
	assert_int_equal(editor_back(e, 0)->n, 1);
	assert_string_equal(edit_shell(&editor_back(e, 0)->edits[0], text, sizeof text),
			    "ip route del local 10.9.0.0/16 dev lo");
	unlink(journal);
	write_journal(NULL, evil, strlen(evil));
	close_editor(e);
	assert_same(&before, "replaced");
	assert_int_equal(stat(journal, &st), 0); // and that one is not ours to remove
	clear_journals();
	inventory_free(&before);
}

static void path_of_own(char out[static PATH_MAX])
{
	char folder[PATH_MAX - 300];
	snprintf(folder, sizeof folder, "%s/bindwalk", state_home);
	DIR *d = opendir(folder);
	for (struct dirent *entry; d && (entry = readdir(d));)
		if (strncmp(entry->d_name, "journal-", 8) == 0)
			snprintf(out, PATH_MAX, "%s/%s", folder, entry->d_name);
	if (d)
		closedir(d);
}

// Without its file nothing more is changed, what was is undone, and the file that is there now stays.
static void journal_that_was_removed_allows_nothing(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "", path[PATH_MAX] = "";
	struct inventory before = look_settled();
	struct edit more = line("route add local 10.8.0.0/16 dev lo");
	for (int renamed = 0; renamed < 3; renamed++) {
		struct editor *e = open_editor(true);
		make(e, "route add local 10.9.0.0/16 dev lo");
		path_of_own(path);
		assert_int_equal(renamed ? rename(path, other_path()) : unlink(path), 0);
		if (renamed == 2)
			assert_int_equal(close(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600)), 0);
		assert_int_equal(editor_make(e, &more, err, sizeof err), -ENOENT);
		assert_non_null(strstr(err, "nothing was changed"));
		close_editor(e);
		assert_same(&before, "removed");
		assert_int_equal(journals(), renamed == 2);
		unlink(other_path());
		clear_journals();
	}
	inventory_free(&before);
}

static bool has_head(void)
{
	char path[PATH_MAX] = "";
	struct stat st;
	path_of_own(path);
	return stat(path, &st) == 0 && st.st_size > 0;
}

// A process is held at each of its system calls, and meanwhile another one starts and looks for what was left.
static void living_process_keeps_its_journal(void **state)
{
	(void)state;
	struct inventory before = look_settled();
	const char *step = getenv("BINDWALK_KILL_STEP");
	unsigned points = 0;
	bool ended = false, made = false;
	// At each point until the journal is there; later both the entry and the return of a call are met.
	for (unsigned n = 1; !ended; n += step ? (unsigned)atoi(step) : made ? 7 : 1, points++) {
		char err[JOURNAL_ERROR] = "";
		int status;
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct editor *e;
			struct edit edit = line("route add local 10.9.0.0/16 dev lo");
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
			raise(SIGSTOP);
			if (editor_open(&e, true, err, sizeof err) < 0)
				_exit(1);
			editor_ask(e, agree, &asked);
			if (editor_make(e, &edit, err, sizeof err) < 0)
				_exit(2);
			if (journals() < 1)
				_exit(3);
			_exit(editor_close(e, err, sizeof err) < 0 ? 4 : 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(uintptr_t)PTRACE_O_EXITKILL);
		for (unsigned i = 0; i < n && !ended; i++) {
			assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
			assert_int_equal(waitpid(pid, &status, 0), pid);
			ended = WIFEXITED(status);
		}
		struct editor *other;
		made |= has_head();
		assert_int_equal(recover(&other, err), 0);
		assert_string_equal(err, "");
		close_editor(other);
		if (!ended) {
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			assert_int_equal(waitpid(pid, &status, 0), pid);
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("held at stop %u: status 0x%x", n, status);
		assert_int_equal(journals(), 0);
	}
	print_message("# held at %u points\n", points);
	assert_same(&before, "held");
	inventory_free(&before);
}

// Fills the file system. Returns the name of the file that fills it.
static const char *fill(void)
{
	static char path[PATH_MAX];
	char block[4096] = "";
	snprintf(path, sizeof path, "%s/bindwalk/fill", state_home);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	while (write(fd, block, sizeof block) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
	return path;
}

static void full_or_read_only_disk_changes_nothing(void **state)
{
	(void)state;
	char err[JOURNAL_ERROR] = "", path[PATH_MAX];
	struct inventory before = look_settled();
	snprintf(path, sizeof path, "%s/bindwalk", state_home);
	mkdir(path, 0700);
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", path, "tmpfs", 0, "size=64k,mode=0700") < 0)
		skip();
	struct editor *e = open_editor(true);
	struct edit edit = line("route add local 10.9.0.0/16 dev lo");
	const char *filler = fill();
	// The rest of the page that holds the journal's head.
	for (int rc = 0, i = 0; rc == 0; i++) {
		char text[64];
		snprintf(text, sizeof text, "route add local 10.7.%d.%d dev lo", i / 250, i % 250);
		struct edit one = line(text);
		rc = editor_make(e, &one, err, sizeof err);
		assert_true(rc == 0 || rc == -ENOSPC);
	}
	assert_non_null(strstr(err, "nothing was changed"));
	assert_int_equal(editor_make(e, &edit, err, sizeof err), -ENOSPC);
	assert_int_equal(unlink(filler), 0);
	make(e, "route add local 10.9.0.0/16 dev lo"); // comes after what did not fit
	size_t made = editor_count(e);
	editor_leave(e);
	assert_int_equal(left(err), made);
	assert_string_equal(err, "");
	assert_int_equal(mount("none", path, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	assert_int_equal(left(err), made);
	assert_true(editor_open(&e, true, err, sizeof err) < 0);
	assert_non_null(strstr(err, strerror(EROFS)));
	assert_int_equal(mount("none", path, NULL, MS_REMOUNT, NULL), 0);
	assert_int_equal(recover(&e, err), made);
	close_editor(e);
	assert_int_equal(journals(), 0);
	assert_int_equal(umount(path), 0);
	assert_same(&before, "full");
	inventory_free(&before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_file_of_ours_is_not_read),
		cmocka_unit_test(another_user_s_and_devices_are_not_read),
		cmocka_unit_test(what_is_not_understood_is_not_used),
		cmocka_unit_test(each_kind_of_change_is_believed),
		cmocka_unit_test(too_many_changes_are_refused),
		cmocka_unit_test(torn_end_is_left_out),
		cmocka_unit_test(other_boots_are_left_alone),
		cmocka_unit_test(reading_removes_nothing),
		cmocka_unit_test(many_journals_are_many),
		cmocka_unit_test(what_was_shown_is_what_is_undone),
		cmocka_unit_test(journal_that_was_removed_allows_nothing),
		cmocka_unit_test(living_process_keeps_its_journal),
		cmocka_unit_test(full_or_read_only_disk_changes_nothing),
	};
	return edited_run(tests, sizeof tests / sizeof *tests);
}
