// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/end_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { CUTS = 3, STACK_BYTES = 64 * 1024 };

static volatile sig_atomic_t noted;
static volatile sig_atomic_t cuts[CUTS] = {-1, -1, -1}; // descriptors; -1 for none
static int nothing = -1, last_words = -1;               // /dev/null; standard error as it was
static void (*restore)(void);
static bool interrupt;
static pid_t owner; // a child inherits the handlers, but the terminal is its parent's
static struct sigaction before[NSIG];
static bool caught[NSIG];
static char stack[STACK_BYTES]; // a stack overflow leaves no other

// As signal(7) has them: what ends with a core dump is a fault.
enum end_way end_signal_way(int sig)
{
	switch (sig) {
	case SIGQUIT:
	case SIGILL:
	case SIGTRAP:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGSEGV:
	case SIGXCPU:
	case SIGSYS:
		return END_AT_ONCE;
	case SIGPIPE: // the program ignores both: a write that fails is reported where it was made
	case SIGXFSZ:
	case SIGCHLD:
	case SIGCONT:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGURG:
	case SIGWINCH:
	case SIGKILL: // it does end the program, but nobody is asked
		return END_NOT;
	default:
		return (sig > 0 && sig < __SIGRTMIN) || (sig >= SIGRTMIN && sig <= SIGRTMAX) ? END_ORDERLY : END_NOT;
	}
}

static void orderly(sigset_t *set, int (*change)(sigset_t *, int))
{
	for (int sig = 1; sig < NSIG; sig++)
		if (end_signal_way(sig) == END_ORDERLY)
			change(set, sig);
}

static void cut_all(void)
{
	for (int i = 0; i < CUTS; i++)
		if (cuts[i] >= 0)
			dup2(nothing, cuts[i]);
}

static void note(int sig)
{
	int err = errno;
	if (!noted)
		noted = sig;
	cut_all();
	dup2(nothing, STDERR_FILENO);
	errno = err;
}

static void end_at_once(int sig)
{
	cut_all(); // another thread that draws goes on for a while
	if (restore && getpid() == owner)
		restore();
	sigaction(sig, &before[sig], NULL); // a sanitizer's
	raise(sig);                         // delivered when this handler returns
}

static void catch_one(int sig, void (*handler)(int), int flags)
{
	struct sigaction act = {.sa_handler = handler, .sa_flags = flags};
	sigfillset(&act.sa_mask);
	if (!caught[sig] && sigaction(sig, NULL, &before[sig]) < 0)
		return;
	caught[sig] = true;
	if (before[sig].sa_handler != SIG_IGN)
		sigaction(sig, &act, NULL);
}

void end_signal_catch_again(void)
{
	for (int sig = 1; sig < NSIG; sig++) {
		enum end_way way = end_signal_way(sig);
		if (way == END_AT_ONCE && restore)
			catch_one(sig, end_at_once, SA_ONSTACK);
		else if (way == END_ORDERLY && (sig != SIGINT || interrupt))
			catch_one(sig, note, 0);
	}
}

void end_signal_catch(bool with_interrupt, void (*how)(void))
{
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	if (nothing < 0)
		nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (last_words < 0)
		last_words = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	interrupt = with_interrupt;
	restore = how;
	owner = getpid();
	sigaltstack(&alternate, NULL);
	end_signal_catch_again();
}

void end_signal_stop_restoring(void)
{
	for (int sig = 1; sig < NSIG; sig++)
		if (caught[sig] && end_signal_way(sig) == END_AT_ONCE) {
			sigaction(sig, &before[sig], NULL);
			caught[sig] = false;
		}
	restore = NULL;
}

static void put(int what, int instead)
{
	for (int i = 0; i < CUTS; i++)
		if (cuts[i] == what) {
			cuts[i] = instead;
			return;
		}
}

void end_signal_spare(int fd)
{
	put(fd, -1);
}

void end_signal_cut(int fd)
{
	end_signal_spare(fd);
	put(-1, fd);
}

int end_signal_noted(void)
{
	return noted;
}

void end_signal_hold(void)
{
	sigset_t set;
	sigemptyset(&set);
	orderly(&set, sigaddset);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void end_signal_unmask(sigset_t *mask)
{
	orderly(mask, sigdelset);
}

void end_signal_let_in(sigset_t *mask)
{
	sigset_t set;
	sigemptyset(&set);
	orderly(&set, sigaddset);
	sigprocmask(SIG_UNBLOCK, &set, mask);
}

void end_signal_release(int sig)
{
	sigset_t mask;
	end_signal_let_in(&mask);
	if (!sig)
		sig = noted;
	if (sig) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
}

size_t end_signal_write_now(int fd, const char *bytes, size_t len)
{
	int flags = fcntl(fd, F_GETFL);
	size_t used = 0;
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return 0;
	while (used < len) {
		ssize_t n = write(fd, bytes + used, len - used);
		if (n < 0 && errno != EINTR)
			break;
		used += n > 0 ? (size_t)n : 0;
	}
	fcntl(fd, F_SETFL, flags);
	return used;
}

void end_signal_say(const char *bytes, size_t len)
{
	sigset_t mask;
	if (noted) {
		end_signal_write_now(last_words, bytes, len);
		return;
	}
	end_signal_let_in(&mask);
	for (size_t used = 0; used < len;) {
		ssize_t n = write(STDERR_FILENO, bytes + used, len - used);
		if (n < 0 && errno != EINTR)
			break;
		used += n > 0 ? (size_t)n : 0;
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
}
