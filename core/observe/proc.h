// SPDX-License-Identifier: GPL-3.0-or-later
// What /proc tells: sysctls, the kernel's release, which IPv4 tables exist. Every path stands under `root`: "" on a
// real host, a folder in tests. /proc/sys and /proc/thread-self/net show the network namespace of the calling thread.
#ifndef BINDWALK_PROC_H
#define BINDWALK_PROC_H

#include <sys/types.h>

#include "core/model/host.h"
#include "core/model/question.h"

// "/proc/PID/NAME", or with pid 0 "/proc/thread-self/NAME". Returns buf.
char *proc_path(pid_t pid, const char *name, char *buf, size_t len);

// A whole small file into buf, with a NUL. Its length; -EMSGSIZE when it does not fit, or -errno.
ssize_t proc_read(const char *root, const char *path, char *buf, size_t len);

// The name of the program that a process runs, raw bytes, cut where it does not fit; "" where it can't be had. Returns
// buf.
char *proc_comm(pid_t pid, char *buf, size_t len);

// The value of "Key:" at the start of a line of /proc/*/status-like text, as a number. 0 or -ENOENT.
int proc_field(const char *text, const char *key, unsigned base, unsigned long *out);

// "net.ipv4.ip_nonlocal_bind" as a path: "/proc/sys/net/ipv4/ip_nonlocal_bind". Returns buf.
char *proc_sysctl_path(const char *name, char *buf, size_t len);

// Reads every sysctl of the option table and the reserved ports into h. What can't be read has the kernel's default and
// is marked as not known. True when something is not as it was in h.
bool proc_sysctls(const char *root, struct host *h);

// "1000-1010,8080" into a bit map of all ports. 0, or -EINVAL and an empty map.
int proc_ports(const char *text, uint8_t map[static 8192]);

// The running kernel's release, with the true patch level where a distribution tells it, and the host name. 0 or
// -errno.
int proc_kernel(struct host *h);

// Which kinds of socket this kernel was built with; UNKNOWN for SCTP when no module is loaded that has it. Asking
// socket() instead could load one. 0 or -errno, and `has` is as it was.
// *inet6: are there IPv6 sockets at all? UNKNOWN when no module is loaded that has them. (IPv6 that is off on all
// interfaces, net.ipv6.conf.all.disable_ipv6, does not count: sockets are there.)
int proc_protocols(const char *root, enum tri has[static KIND_COUNT], enum tri *inet6);

// Adds to q->socks the ping sockets that have the identifier; 0 for all. No privilege is needed, and none tells more. 0
// or -errno.
int proc_pings(const char *root, uint16_t ident, struct question *q);

// Is the raw socket with that inode connected? UNKNOWN where it is not found.
enum tri proc_raw_connected(const char *root, uint32_t inode);

// Which IPv4 tables have been made, from /proc/net/fib_triestat. It walks every route: only for where the kernel can't
// be asked (observe_ask()). 0 or -errno.
int proc_tables(const char *root, enum tri *local, enum tri *main_table);

// Looks at the first routes of /proc/net/fib_trie, at most `max`, whatever their table: how many there are and how many
// of them are unicast. The count or -errno. (Reading on would cost ever more: the kernel begins at the front for each
// page.)
int proc_trie_sample(const char *root, unsigned max, unsigned *unicast);

#endif
