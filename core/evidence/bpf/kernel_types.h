// SPDX-License-Identifier: GPL-3.0-or-later
// Of the kernel's types just the fields that the BPF programs read. Where they stand is found when the programs are
// loaded (CO-RE), so that one object serves all kernels. A type "NAME___SUFFIX" is NAME as some kernels have it.
#ifndef BINDWALK_KERNEL_TYPES_H
#define BINDWALK_KERNEL_TYPES_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
enum { false, true };
#define NULL ((void *)0)

enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_RINGBUF = 27 };
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum bpf_func_id___since_5_17 { BPF_FUNC_get_func_ret___since_5_17 = 184 };

#define CORE __attribute__((preserve_access_index))

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
} CORE;
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp, pc, pstate;
} CORE;
#endif

struct ns_common {
	unsigned int inum;
} CORE;
struct net {
	struct ns_common ns;
} CORE;
typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	unsigned short skc_family;
	unsigned char skc_reuse : 4, skc_reuseport : 1, skc_ipv6only : 1;
	int skc_bound_dev_if;
	possible_net_t skc_net;
} CORE;
struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol, sk_type;
	__u32 sk_mark;
} CORE;
struct file;
struct socket {
	struct file *file;
	struct sock *sk;
	short type;
} CORE;

struct inode {
	unsigned short i_mode;
} CORE;
struct file {
	void *private_data;
	struct inode *f_inode;
} CORE;
struct fdtable {
	unsigned int max_fds;
	struct file **fd;
} CORE;
struct files_struct {
	struct fdtable *fdt;
} CORE;

struct inet_sock {
	unsigned long inet_flags; // since 6.6
} CORE;
struct inet_sock___bits {
	__u8 freebind : 1, transparent : 1, bind_address_no_port : 1;
} CORE;
struct inet_sock___range_struct { // since 6.3
	struct {
		__u16 lo, hi;
	} local_port_range;
} CORE;
struct inet_sock___range_number { // since 6.8
	__u32 local_port_range;
} CORE;

struct net_device {
	int ifindex;
} CORE;
struct in6_addr;
struct fib_table {
	__u32 tb_id;
} CORE;
struct flowi4 {
	__be32 daddr;
} CORE;
struct fib_result {
	unsigned char prefixlen, type;
} CORE;

struct signal_struct {
	struct {
		int counter;
	} live;
} CORE;
struct pid_namespace {
	struct ns_common ns;
} CORE;
struct upid {
	int nr;
	struct pid_namespace *ns;
} CORE;
struct pid {
	unsigned int level;
	struct upid numbers[];
} CORE;
struct task_struct {
	void *stack;
	struct pid *thread_pid;
	struct task_struct *group_leader;
	struct signal_struct *signal;
	struct files_struct *files;
	char comm[16];
} CORE;

#endif
