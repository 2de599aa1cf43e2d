// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are read or written without being asked for: whatever stands in the place of the config, the history or
// readline's file, nothing hangs, nothing elsewhere is touched, and one sentence says what is wrong.
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <readline/history.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "tests/unit/made_host.h"
#include "tui/app_update.h"
#include "tui/history.h"
#include "tui/inputrc.h"
#include "tui/settings_read.h"

static char home[] = "/tmp/bindwalk-own-XXXXXX";
static struct app app;
static struct host *host;

static const char *at(const char *path)
{
	static char paths[4][OWN_PATH];
	static unsigned turn;
	char *out = paths[turn++ % 4];
	snprintf(out, OWN_PATH, "%s/%s", home, path);
	return out;
}

static void put(const char *path, const char *text)
{
	int fd = open(at(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static char *get(const char *path)
{
	static char text[256 * 1024];
	int fd = open(at(path), O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

static int empty_home(void **state)
{
	(void)state;
	nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	setenv("HOME", home, 1);
	setenv("INPUTRC", at("inputrc"), 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	for (const char *const *p = (const char *const[]){".config", ".config/bindwalk", ".local", ".local/state",
							  ".local/state/bindwalk", NULL};
	     *p; p++)
		assert_int_equal(mkdir(at(*p), 0700), 0);
	clear_history();
	return 0;
}

// Things that may replace a file. Each gets the path of the good file. False if it cannot be made.
static bool link_there(const char *path)
{
	return rename(path, at("target")) == 0 && symlink(at("target"), path) == 0;
}

static bool dangling_link(const char *path)
{
	return unlink(path) == 0 && symlink("/nowhere/at/all", path) == 0;
}

static bool two_names(const char *path)
{
	return link(path, at("target")) == 0;
}

static bool fifo(const char *path)
{
	return unlink(path) == 0 && mkfifo(path, 0600) == 0;
}

static bool folder(const char *path)
{
	return unlink(path) == 0 && mkdir(path, 0700) == 0;
}

static bool socket_file(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(sa.sun_path, sizeof sa.sun_path, "%.100s", path);
	bool made = unlink(path) == 0 && bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0;
	close(fd);
	return made;
}

static bool zero_device(const char *path)
{
	return unlink(path) == 0 && mknod(path, S_IFCHR | 0600, makedev(1, 5)) == 0;
}

static bool another_uid(const char *path)
{
	return chown(path, 12345, 12345) == 0;
}

static bool for_all(const char *path)
{
	return chmod(path, 0666) == 0;
}

static bool for_group(const char *path)
{
	return chmod(path, 0664) == 0;
}

static bool sparse(const char *path)
{
	return truncate(path, (off_t)1 << 40) == 0;
}

// And in that of its folder.
static bool other_folder(const char *path, bool as_link)
{
	char dir[OWN_PATH];
	snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(path, '/') - path), path);
	return as_link ? rename(dir, at("target")) == 0 && symlink(at("target"), dir) == 0 : chmod(dir, 0777) == 0;
}

static bool linked_folder(const char *path)
{
	return other_folder(path, true);
}

static bool open_folder(const char *path)
{
	return other_folder(path, false);
}

static const struct {
	bool (*make)(const char *path);
	const char *why;
} attacks[] = {{link_there, "is a link"},
	       {dangling_link, "is a link"},
	       {two_names, "has 2 names"},
	       {fifo, "is not a regular file"},
	       {folder, "is not a regular file"},
	       {socket_file, "is not a regular file"},
	       {zero_device, "is not a regular file"},
	       {another_uid, "belongs to uid 12345"},
	       {for_all, "chmod go-w"},
	       {for_group, "chmod go-w"},
	       {sparse, "is larger than"},
	       {linked_folder, "is a link"},
	       {open_folder, "chmod go-w"}};
enum { ATTACKS = sizeof attacks / sizeof *attacks };

static void config_is_ours(void **state)
{
	unsigned made = 0;
	put(".config/bindwalk/config", "port 53\n");
	settings_read(&app);
	assert_string_equal(app.message, "");
	assert_int_equal(app.attempt.port, 53);
	for (size_t i = 0; i < ATTACKS; i++) {
		empty_home(state);
		app.attempt.port = 0;
		app_say(&app, ROLE_PLAIN, "%s", "");
		put(".config/bindwalk/config", "port 53\n");
		if (!attacks[i].make(at(".config/bindwalk/config")))
			continue;
		made++;
		settings_read(&app);
		if (!strstr(app.message, attacks[i].why) || !strstr(app.message, home) || app.attempt.port)
			fail_msg("%s: %s", attacks[i].why, app.message);
	}
	print_message("# %u of %d attacks\n", made, ATTACKS);
	assert_true(made >= ATTACKS - 2); // an ordinary user can't make two of them
}

static void history_is_ours(void **state)
{
	unsigned made = 0;
	char err[MESSAGE_TEXT], before[4096];
	for (size_t i = 0; i < ATTACKS; i++) {
		struct stat was, now;
		empty_home(state);
		put(".local/state/bindwalk/history", "one\ntwo\n");
		if (!attacks[i].make(at(".local/state/bindwalk/history")))
			continue;
		made++;
		bool kept = access(at("target"), F_OK) == 0 && stat(at("target"), &was) == 0 && S_ISREG(was.st_mode);
		snprintf(before, sizeof before, "%s", kept ? get("target") : "");
		assert_false(history_check(err, sizeof err));
		if (!strstr(err, attacks[i].why) || !strstr(err, home))
			fail_msg("%s: %s", attacks[i].why, err);
		history_load();
		assert_int_equal(history_length, 0);
		lstat(at(".local/state/bindwalk/history"), &was);
		history_keep("three");
		assert_int_equal(history_length, 1);
		lstat(at(".local/state/bindwalk/history"), &now);
		if (attacks[i].make != sparse)
			assert_int_equal(now.st_size, was.st_size);
		if (kept)
			assert_string_equal(get("target"), before);
	}
	print_message("# %u of %d attacks\n", made, ATTACKS);
	assert_true(made >= ATTACKS - 2);
}

// The newest lines stay, in a file that takes the place of the old one whole.
static void long_history_is_cut(void **state)
{
	(void)state;
	char line[256], err[MESSAGE_TEXT];
	FILE *f = fopen(at(".local/state/bindwalk/history"), "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		fprintf(f, "%0200d\n", i);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(at(".local/state/bindwalk/history"), 0600), 0);
	assert_true(history_check(err, sizeof err));
	history_load();
	assert_int_equal(history_length, 500);
	snprintf(line, sizeof line, "%0200d\n", 500);
	assert_memory_equal(get(".local/state/bindwalk/history"), line, 201);
	assert_int_equal(strlen(get(".local/state/bindwalk/history")), 500 * 201);
	history_keep("more");
	assert_int_equal(strlen(get(".local/state/bindwalk/history")), 500 * 201 + 5);
}

// Where there is nothing yet, all is made, for us alone whatever the umask.
static void what_is_made_is_private(void **state)
{
	(void)state;
	static const mode_t masks[] = {0, 022, 0177, 0777};
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		struct stat st;
		nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		clear_history();
		mode_t before = umask(masks[i]);
		history_keep("one");
		umask(before);
		assert_int_equal(stat(at(".local/state/bindwalk/history"), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		for (const char *const *p =
			     (const char *const[]){".local", ".local/state", ".local/state/bindwalk", NULL};
		     *p; p++) {
			assert_int_equal(stat(at(*p), &st), 0);
			assert_int_equal(st.st_mode & 07777, 0700);
		}
		assert_string_equal(get(".local/state/bindwalk/history"), "one\n");
	}
}

static void folder_is_opened_once(void **state)
{
	(void)state;
	struct own_folder f;
	char err[PATH_MAX], why[OWN_FILE_WHY], *text;
	assert_int_equal(own_folder_open(&f, OWN_STATE, false, err, sizeof err), 0);
	put(".local/state/bindwalk/x", "ours");
	// Somebody puts a folder of theirs in its place.
	assert_int_equal(rename(at(".local/state/bindwalk"), at("moved")), 0);
	assert_int_equal(mkdir(at(".local/state/bindwalk"), 0700), 0);
	put(".local/state/bindwalk/x", "theirs");
	int fd = own_file_open(&f, "x", O_RDONLY, why, sizeof why);
	assert_true(fd >= 0);
	assert_int_equal(own_file_read(fd, 10, &text, why, sizeof why), 4);
	assert_string_equal(text, "ours");
	free(text);
	assert_true(own_file_is_at(&f, "x", fd));
	close(fd);
	assert_int_equal(own_file_replace(&f, "x", "new", 3), 0);
	assert_string_equal(get("moved/x"), "new");
	assert_string_equal(get(".local/state/bindwalk/x"), "theirs");
	// A file that can't be written whole leaves the old one.
	assert_int_equal(mkdir(at("moved/y"), 0700), 0);
	assert_true(own_file_replace(&f, "y", "new", 3) < 0);
	struct stat st;
	assert_int_equal(stat(at("moved/y"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	char beside[64];
	snprintf(beside, sizeof beside, "moved/y.%d~", (int)getpid());
	assert_int_equal(stat(at(beside), &st), -1);
	own_folder_close(&f);
}

static int open_state(char path[static OWN_PATH], bool make)
{
	struct own_folder f;
	char err[PATH_MAX] = "";
	int rc = own_folder_open(&f, OWN_STATE, make, err, sizeof err);
	snprintf(path, OWN_PATH, "%s", f.path);
	own_folder_close(&f);
	assert_true(rc == 0 || err[0]);
	return rc;
}

static void home_that_is_not_ours_is_not_used(void **state)
{
	(void)state;
	char path[OWN_PATH], of_passwd[OWN_PATH] = "";
	const struct passwd *user = getpwuid(geteuid());
	if (user)
		snprintf(of_passwd, sizeof of_passwd, "%s/.local/state/bindwalk", user->pw_dir);
	static const char *const homes[] = {NULL, "", "relative", "."};
	for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
		unsetenv("HOME");
		if (homes[i])
			setenv("HOME", homes[i], 1);
		setenv("XDG_STATE_HOME", "also/relative", 1);
		open_state(path, false);
		assert_string_equal(path, of_passwd);
	}
	// Variables that are ours.
	setenv("XDG_STATE_HOME", home, 1);
	open_state(path, false);
	assert_string_equal(path, at("bindwalk"));
	unsetenv("XDG_STATE_HOME");
	// A home that is missing is not made, and what is not a folder is none.
	setenv("HOME", at("none"), 1);
	assert_int_equal(open_state(path, true), -ENOENT);
	put("file", "");
	setenv("HOME", at("file"), 1);
	assert_true(open_state(path, true) < 0);
	assert_int_equal(open_state(path, false), -ENOENT);
	// sudo may leave a user's HOME to root.
	setenv("HOME", home, 1);
	assert_int_equal(open_state(path, false), 0);
	if (chown(home, 12345, 12345) < 0)
		return;
	open_state(path, false);
	assert_string_equal(path, of_passwd);
	setenv("XDG_STATE_HOME", at("not/made/yet"), 1);
	open_state(path, false);
	assert_string_equal(path, of_passwd);
	assert_int_equal(chown(home, geteuid(), getegid()), 0);
	// One on the way to ours.
	unsetenv("XDG_STATE_HOME");
	assert_int_equal(chown(at(".local/state"), 12345, 12345), 0);
	assert_int_equal(open_state(path, true), -EPERM);
	assert_int_equal(chown(at(".local/state"), geteuid(), getegid()), 0);
	assert_int_equal(chown(at(".local/state/bindwalk"), 12345, 12345), 0);
	assert_int_equal(open_state(path, true), -EPERM);
}

// Runs the check in a child, whose environment it may change. Returns the INPUTRC found there.
static const char *checked(bool fine)
{
	char err[MESSAGE_TEXT] = "";
	if (inputrc_check(err, sizeof err) != fine || fine == !!err[0])
		fail_msg("%s: %s", getenv("INPUTRC"), err);
	return getenv("INPUTRC");
}

static void inputrc_never_waits(void **state)
{
	static const struct {
		const char *text;
		bool (*make)(const char *path);
		bool fine;
	} files[] = {
		{"set editing-mode vi\n", NULL, true},
		{"set editing-mode vi\n", link_there, true}, // readline's own rules
		{"set editing-mode vi\n", dangling_link, true},
		{"", fifo, false},
		{"", folder, false},
		{"", socket_file, false},
		{"", zero_device, false},
		{"", sparse, false},
		{"$include nowhere\n", NULL, true},
		{"$include ~/fine\n", NULL, true},
		{"$include ~/inputrc\n", NULL, false}, // without an end
		{"$if mode=vi\n  $ INCLUDE  ~/fifo\n$endif\n", NULL, false},
		{"$include ~/includes-fifo\n", NULL, false},
		{"$include /dev/zero\n", NULL, false},
		{"# $include ~/fifo\n", NULL, true},
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		empty_home(state);
		put("inputrc", files[i].text);
		put("fine", "set bell-style none\n");
		put("includes-fifo", "$include ~/fifo\n");
		assert_int_equal(mkfifo(at("fifo"), 0600), 0);
		if (files[i].make && !files[i].make(at("inputrc")))
			continue;
		assert_string_equal(checked(files[i].fine), files[i].fine ? at("inputrc") : "/dev/null");
	}
	checked(true); // /dev/null itself
	unsetenv("INPUTRC");
	assert_null(checked(true));
	assert_int_equal(mkfifo(at(".inputrc"), 0600), 0);
	assert_string_equal(checked(false), "/dev/null");
}

static int begin(void **state)
{
	struct addr a;
	(void)state;
	if (!mkdtemp(home))
		return -1;
	host = made_host("lo");
	addr_parse("192.0.2.2", &a);
	struct attempt first = attempt_new(&a);
	app_init(&app, &first, true);
	app_set_host(&app, host);
	using_history();
	return 0;
}

static int end(void **state)
{
	empty_home(state);
	nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	clear_history();
	app_free(&app);
	host_free(host);
	return rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(config_is_ours, empty_home),
		cmocka_unit_test_setup(history_is_ours, empty_home),
		cmocka_unit_test_setup(long_history_is_cut, empty_home),
		cmocka_unit_test_setup(what_is_made_is_private, empty_home),
		cmocka_unit_test_setup(folder_is_opened_once, empty_home),
		cmocka_unit_test_setup(home_that_is_not_ours_is_not_used, empty_home),
		cmocka_unit_test_setup(inputrc_never_waits, empty_home),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
