// SPDX-License-Identifier: GPL-3.0-or-later
// Runs inside the kernel: for each bind a record, which the functions on its way fill as they return. Two programs for
// each function of kernel_functions.def: fexit, and for kernels where that does not attach a pair of kprobes. Where
// neither can be had, two programs on the tracepoints of the system call record how it begins and ends.
#include "core/evidence/bpf/kernel_types.h"

#define __VMLINUX_H__ 1 // for bpf_tracing.h: the fields of pt_regs have the kernel's own names
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "core/evidence/bind_record.h"

char terms[] SEC("license") = "GPL";

enum { IPV4 = 2, IPV6 = 10, SCTP = 132, EFAULT = 14 };
enum { FILE_TYPE = 0170000, FILE_SOCKET = 0140000 }; // of inode.i_mode
// Bits of inet_sock.inet_flags, whose enum has no name that could be looked up: the same in 6.6 to 7.3.
enum { BIT_FREEBIND = 11, BIT_TRANSPARENT = 15, BIT_NOPORT = 18 };
enum { BINDS_AT_ONCE = 1024, PID_LEVELS = 32, FRAMES = 16 };

struct bind_control control;

// A function that kprobes saw begin: at its return its arguments are gone.
struct frame {
	__u64 function;
	__u64 a[4];
};

// A bind that runs; the record is what is handed over.
struct running {
	struct bind_record record;
	__u32 depth;  // of frames
	__u32 missed; // a function's beginning or return was
	struct frame frames[FRAMES];
};
static const struct running fresh; // too large for a stack

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BINDS_AT_ONCE);
	__type(key, __u32); // the thread
	__type(value, struct running);
} binds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20); // the reader may choose another size
} ring SEC(".maps");

// The processes of a command that is watched.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u8);
} tree SEC(".maps");

static __always_inline __u32 thread(void)
{
	return (__u32)bpf_get_current_pid_tgid();
}

// A softirq came upon this thread, and what it calls is not the thread's doing. Neighbour discovery asks for addresses,
// too, and packets for routes. It has a stack of its own.
static __always_inline bool on_other_stack(__u64 stack_pointer)
{
	enum { STACK_MOST = 64 * 1024 };
	const struct task_struct *task = (void *)bpf_get_current_task();
	return stack_pointer - (__u64)BPF_CORE_READ(task, stack) >= STACK_MOST;
}

// The arguments of an fexit program are on the stack. To the verifier a pointer is a number once it has been read.
static __always_inline __u64 stack_of(const void *ctx)
{
	const void *volatile pointer = ctx;
	__u64 number = 0;
	bpf_probe_read_kernel(&number, sizeof number, (const void *)&pointer);
	return number;
}

static __always_inline struct bind_record *bind_of_thread(void)
{
	__u32 key = thread();
	return bpf_map_lookup_elem(&binds, &key);
}

// Its number in the reader's pid namespace, 0 where it has none there.
static __always_inline __u32 number_of(const struct task_struct *task)
{
	const struct pid *pid = BPF_CORE_READ(task, thread_pid);
	const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);
	const __u32 level = BPF_CORE_READ(pid, level);
	for (__u32 i = 0; i <= level && i < PID_LEVELS; i++) {
		const struct upid *number = (const void *)(numbers + i * bpf_core_type_size(struct upid));
		if (BPF_CORE_READ(number, ns, ns.inum) == control.pidns)
			return BPF_CORE_READ(number, nr);
	}
	return 0;
}

static __always_inline __u32 process_of(const struct task_struct *task)
{
	return number_of(BPF_CORE_READ(task, group_leader));
}

// What a sockaddr says by the family of the socket, which is how the kernel reads it.
static __always_inline void look_for(struct bind_record *r, __u16 family)
{
	r->by_family = family == IPV6 ? 6 : 4;
	if (family == IPV6)
		__builtin_memcpy(r->looked, r->sockaddr + 8, 16);
	else
		__builtin_memcpy(r->looked, r->sockaddr + 4, 4);
}

static __always_inline void take_sockaddr(struct bind_record *r, const void *from, __s32 addrlen, bool of_user)
{
	__u64 len = addrlen < 0 ? 0 : addrlen > RECORD_SOCKADDR ? RECORD_SOCKADDR : addrlen;
	asm volatile("" : "+r"(len)); // the compiler knows that the next line does nothing; the verifier does not
	len &= 31;
	long err =
		of_user ? bpf_probe_read_user(r->sockaddr, len, from) : bpf_probe_read_kernel(r->sockaddr, len, from);
	r->got = err == 0 ? len : 0; // of a short one the rest is 0
}

static __always_inline void take_options(struct bind_record *r, struct sock *sk)
{
	struct inet_sock *inet = (void *)sk;
	struct inet_sock___bits *bits = (void *)sk;
	if (BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_reuse))
		r->options |= SOCKET_REUSEADDR;
	if (BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_reuseport))
		r->options |= SOCKET_REUSEPORT;
	if (BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_ipv6only))
		r->options |= SOCKET_V6ONLY;
	if (bpf_core_field_exists(inet->inet_flags)) {
		unsigned long flags = BPF_CORE_READ(inet, inet_flags);
		r->options |= flags >> BIT_FREEBIND & 1 ? SOCKET_FREEBIND : 0;
		r->options |= flags >> BIT_TRANSPARENT & 1 ? SOCKET_TRANSPARENT : 0;
		r->options |= flags >> BIT_NOPORT & 1 ? SOCKET_NOPORT : 0;
	} else {
		r->options |= BPF_CORE_READ_BITFIELD_PROBED(bits, freebind) ? SOCKET_FREEBIND : 0;
		r->options |= BPF_CORE_READ_BITFIELD_PROBED(bits, transparent) ? SOCKET_TRANSPARENT : 0;
		r->options |= BPF_CORE_READ_BITFIELD_PROBED(bits, bind_address_no_port) ? SOCKET_NOPORT : 0;
	}
	struct inet_sock___range_struct *pair = (void *)sk;
	struct inet_sock___range_number *number = (void *)sk;
	if (bpf_core_field_exists(pair->local_port_range.lo))
		r->port_range = BPF_CORE_READ(pair, local_port_range.lo) |
				(__u32)BPF_CORE_READ(pair, local_port_range.hi) << 16;
	else if (bpf_core_field_exists(number->local_port_range))
		r->port_range = BPF_CORE_READ(number, local_port_range);
}

static __always_inline void take_state(struct bind_record *r, struct socket *socket)
{
	struct sock *sk = BPF_CORE_READ(socket, sk);
	r->got_socket = 1;
	r->type = BPF_CORE_READ(socket, type);
	r->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	r->protocol = BPF_CORE_READ(sk, sk_protocol);
	r->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	r->device = BPF_CORE_READ(sk, __sk_common.skc_bound_dev_if);
	r->mark = BPF_CORE_READ(sk, sk_mark);
	bool as_v4 = r->protocol == SCTP && *(__u16 *)r->sockaddr == IPV4; // SCTP reads what the address says it is
	look_for(r, as_v4 ? IPV4 : r->family);
	if (r->family == IPV4 || r->family == IPV6)
		take_options(r, sk);
}

static __noinline void take_socket(struct bind_record *r, struct socket *socket, const void *addr, __s32 addrlen)
{
	if (r->got_socket)
		return;
	take_sockaddr(r, addr, addrlen, false);
	take_state(r, socket);
}

// The socket that has that fd in this process, NULL for none: what sockfd_lookup_light() finds.
static __always_inline struct socket *socket_of(__s32 fd)
{
	const struct task_struct *task = (void *)bpf_get_current_task();
	const struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	if ((__u32)fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	struct file *file = NULL;
	bpf_probe_read_kernel(&file, sizeof file, BPF_CORE_READ(table, fd) + fd);
	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & FILE_TYPE) != FILE_SOCKET)
		return NULL;
	struct socket *socket = BPF_CORE_READ(file, private_data);
	return socket && BPF_CORE_READ(socket, file) == file && BPF_CORE_READ(socket, sk) ? socket : NULL;
}

static __always_inline void lose(void)
{
	__sync_fetch_and_add(&control.lost, 1);
}

// False where there is no room for the record.
static __always_inline bool has_begun(__u8 function, __s32 fd, const void *addr, __s32 addrlen, struct socket *socket)
{
	if (!control.on)
		return true;
	const struct task_struct *task = (void *)bpf_get_current_task();
	__u32 key = thread(), number = number_of(task), process = process_of(task);
	if ((control.thread && control.thread != number) || (control.tree && !bpf_map_lookup_elem(&tree, &process)))
		return true;
	if (bind_of_thread()) // its end was missed
		lose();
	// Before 6.4 an error of this is no negative number: it comes as an int, whose upper half is 0.
	bpf_map_update_elem(&binds, &key, &fresh, BPF_ANY);
	struct bind_record *r = bpf_map_lookup_elem(&binds, &key);
	if (!r)
		return false;
	r->began = bpf_ktime_get_ns();
	r->cgroup = bpf_get_current_cgroup_id();
	r->pid = process;
	r->thread = number;
	r->uid = (__u32)bpf_get_current_uid_gid();
	r->entered = function;
	r->fd = fd;
	r->addrlen = addrlen;
	BPF_CORE_READ_STR_INTO(&r->program, task, group_leader, comm);
	take_sockaddr(r, addr, addrlen, !socket);
	look_for(r, *(__u16 *)r->sockaddr); // a guess, until the socket is known
	return true;
}

static __noinline void begin(__u8 function, __s32 fd, const void *addr, __s32 addrlen, struct socket *socket)
{
	if (!has_begun(function, fd, addr, addrlen, socket))
		lose();
}

// The same from inside, with what the kernel copied.
static __noinline void begin_socket(struct socket *socket, const void *addr, __s32 addrlen)
{
	struct bind_record *r = bind_of_thread();
	if (!r) { // io_uring
		begin(RF___sys_bind_socket, -1, addr, addrlen, socket);
		r = bind_of_thread();
	}
	if (r)
		take_socket(r, socket, addr, addrlen);
}

// To wake a reader costs more than all else. It looks again by itself a little later.
static __always_inline __u64 wake(void)
{
	const __u64 now = bpf_ktime_get_ns();
	if (now - control.woken < RECORD_CALM_NS)
		return BPF_RB_NO_WAKEUP;
	control.woken = now;
	return BPF_RB_FORCE_WAKEUP; // without force it wakes nobody who has records left to read
}

static __noinline void end(__u8 function, __s64 returned)
{
	struct bind_record *r = bind_of_thread();
	if (!r || r->entered != function)
		return;
	r->ns = bpf_ktime_get_ns() - r->began;
	r->returned = (__s32)returned;
	const __u32 n = r->ncalls > RECORD_CALLS ? RECORD_CALLS : r->ncalls;
	const __u32 len = __builtin_offsetof(struct bind_record, calls) + n * sizeof(struct call_record);
	// Netlink sockets bind all the time. What is no socket may have been meant as one of IP.
	const bool other = r->got_socket && r->family != IPV4 && r->family != IPV6;
	const bool wanted = !other && (r->returned || !control.refused_only);
	// Kprobes miss returns where many threads are in a function: what is not in the record may have been called.
	const struct running *running = (const void *)r;
	const bool missed = running->missed || running->depth;
	if ((missed && !other) || (wanted && bpf_ringbuf_output(&ring, r, len, wake()) < 0))
		lose();
	else if (!other)
		__sync_fetch_and_add(&control.seen, 1);
	__u32 key = thread();
	bpf_map_delete_elem(&binds, &key);
}

// Room for the call of a function that has returned, NULL where nothing of it is to be kept. Its place in the record
// becomes known only now: children return before their parents.
static __always_inline struct call_record *add_call(struct bind_record *r, __u8 function, __s64 returned)
{
	if (r->counts[function] < 0xffff)
		r->counts[function]++;
	if (r->counts[function] > RECORD_CALLS_EACH)
		return NULL;
	__u32 at = r->ncalls;
	if (at >= RECORD_CALLS)
		return NULL;
	r->ncalls = at + 1;
	struct call_record *c = &r->calls[at];
	c->function = function;
	c->returned = returned;
	c->ns = bpf_ktime_get_ns() - r->began;
	c->number = -1;
	return c;
}

// Is an address of the kernel's the one that this bind is about? An interrupt may have come in between.
static __always_inline bool is_looked4(const struct bind_record *r, __u32 addr)
{
	return addr == *(const __u32 *)(r->by_family == 6 ? r->looked + 12 : r->looked);
}

static __always_inline bool is_looked6(const struct bind_record *r, const __u64 addr[2])
{
	const __u64 *looked = (const __u64 *)r->looked;
	return r->by_family == 6 && addr[0] == looked[0] && addr[1] == looked[1];
}

static __always_inline void call4(struct bind_record *r, __u8 f, __s64 returned, __u32 addr, __u32 table, __u32 device,
				  const struct fib_result *found)
{
	if (!is_looked4(r, addr))
		return;
	struct call_record *c = add_call(r, f, returned);
	if (!c)
		return;
	c->address = 4;
	__builtin_memcpy(c->addr, &addr, 4);
	c->table = table;
	c->device = device;
	if (found) {
		c->rtn = BPF_CORE_READ(found, type);
		c->len = BPF_CORE_READ(found, prefixlen);
	}
}

static __always_inline void call6(struct bind_record *r, __u8 f, __s64 returned, const void *from,
				  const struct net_device *dev)
{
	__u64 addr[2];
	if (bpf_probe_read_kernel(addr, sizeof addr, from) < 0 || !is_looked6(r, addr))
		return;
	struct call_record *c = add_call(r, f, returned);
	if (!c)
		return;
	c->address = 6;
	__builtin_memcpy(c->addr, addr, 16);
	c->device = dev ? BPF_CORE_READ(dev, ifindex) : 0;
}

// The functions below are what enum kernel_takes lists: each reads such arguments.
#define TAKE(name) static __noinline void take_##name(struct bind_record *r, __u8 f, __s64 ret, const __u64 a[4])

TAKE(NONE)
{
	(void)a;
	add_call(r, f, ret);
}

TAKE(SOCK_ONLY)
{
	(void)a;
	add_call(r, f, ret);
}

TAKE(SYSCALL)
{
	struct call_record *c = add_call(r, f, ret);
	if (!c)
		return;
	c->number = (__s32)a[0];
	c->addrlen = (__s32)a[2];
}

static __always_inline void take_address(struct bind_record *r, __u8 f, __s64 ret, const void *from)
{
	__u8 s[RECORD_SOCKADDR];
	struct call_record *c = add_call(r, f, ret);
	if (!c || bpf_probe_read_kernel(s, sizeof s, from) < 0)
		return;
	c->address = r->by_family;
	__builtin_memcpy(&c->port, s + 2, 2);
	if (r->by_family == 6) {
		__builtin_memcpy(c->addr, s + 8, 16);
		__builtin_memcpy(&c->scope, s + 24, 4);
	} else {
		__builtin_memcpy(c->addr, s + 4, 4);
	}
}

TAKE(SOCKET)
{
	take_socket(r, (struct socket *)a[0], (const void *)a[1], (__s32)a[2]);
	take_address(r, f, ret, (const void *)a[1]);
}

// A hook may have put another address in its place: that is the one which is looked for from here on.
TAKE(SOCK)
{
	__u8 s[RECORD_SOCKADDR];
	take_address(r, f, ret, (const void *)a[1]);
	if (f != RF___cgroup_bpf_run_filter_sock_addr || bpf_probe_read_kernel(s, sizeof s, (const void *)a[1]) < 0)
		return;
	if (r->by_family == 6)
		__builtin_memcpy(r->looked, s + 8, 16);
	else
		__builtin_memcpy(r->looked, s + 4, 4);
}

TAKE(PORT)
{
	struct call_record *c = add_call(r, f, ret);
	if (c)
		c->port = (__u16)a[1] << 8 | (__u16)a[1] >> 8;
}

TAKE(ADDR6)
{
	call6(r, f, ret, (const void *)a[0], NULL);
}

// As with addresses: an interrupt asks about other devices.
TAKE(DEVICE)
{
	const __u32 device = a[0] ? BPF_CORE_READ((const struct net_device *)a[0], ifindex) : 0;
	if (r->got_socket && device != r->device)
		return;
	struct call_record *c = add_call(r, f, ret);
	if (c)
		c->device = device;
}

TAKE(NET_DEVICE)
{
	struct call_record *c = add_call(r, f, ret);
	if (c)
		c->device = (__u32)a[1];
}

TAKE(NET_ADDR4)
{
	call4(r, f, ret, (__u32)a[1], 0, 0, NULL);
}

TAKE(NET_ADDR4_TABLE)
{
	call4(r, f, ret, (__u32)a[1], (__u32)a[2], 0, NULL);
}

TAKE(NET_DEVICE_ADDR4)
{
	const struct net_device *dev = (const void *)a[1];
	call4(r, f, ret, (__u32)a[2], 0, dev ? BPF_CORE_READ(dev, ifindex) : 0, NULL);
}

TAKE(FLOW4)
{
	const struct flowi4 *flow = (const void *)a[1];
	call4(r, f, ret, BPF_CORE_READ(flow, daddr), BPF_CORE_READ((const struct fib_table *)a[0], tb_id), 0,
	      ret == 0 ? (const struct fib_result *)a[2] : NULL);
}

TAKE(NET_ADDR6_DEVICE)
{
	call6(r, f, ret, (const void *)a[1], (const void *)a[2]);
}

TAKE(CAPABILITY)
{
	struct call_record *c = add_call(r, f, ret);
	if (c)
		c->number = (__s32)a[1];
}

// A return value is 64 bits; of an int the upper half means nothing.
#define GIVE_ERRNO(x)   ((__s64)(__s32)(x))
#define GIVE_RTN(x)     ((__s64)(__u32)(x))
#define GIVE_TABLE(x)   ((__s64)(__u32)(x))
#define GIVE_CLASS6(x)  ((__s64)(__u32)(x))
#define GIVE_FOUND(x)   (((__u32)(x)&0xff) != 0)
#define GIVE_POINTER(x) ((x) != 0)

// The value of an fexit program's function with n arguments. 5.10 has no helper for it; there it follows them, and the
// place must be a constant that the compiler does not compute.
#define RETURNED(ctx, n)                                                                                               \
	({                                                                                                             \
		__u64 value = 0;                                                                                       \
		if (bpf_core_enum_value_exists(enum bpf_func_id___since_5_17, BPF_FUNC_get_func_ret___since_5_17))     \
			bpf_get_func_ret(ctx, &value);                                                                 \
		else                                                                                                   \
			asm volatile("%[v] = *(u64 *)(%[c] + %[o])" : [v] "=r"(value) : [c] "r"(ctx), [o] "i"((n)*8)); \
		value;                                                                                                 \
	})

SEC("fentry/__sys_bind") int enter___sys_bind(unsigned long long *ctx)
{
	begin(RF___sys_bind, (__s32)ctx[0], (const void *)ctx[1], (__s32)ctx[2], NULL);
	return 0;
}

SEC("fentry/__sys_bind_socket") int enter___sys_bind_socket(unsigned long long *ctx)
{
	begin_socket((struct socket *)ctx[0], (const void *)ctx[1], (__s32)ctx[2]);
	return 0;
}

static __always_inline void push(struct running *running, __u32 function, struct pt_regs *ctx)
{
	const __u32 at = running->depth;
	if (at >= FRAMES) {
		running->missed = 1;
		return;
	}
	struct frame *f = &running->frames[at & (FRAMES - 1)];
	f->function = function;
	f->a[0] = PT_REGS_PARM1(ctx);
	f->a[1] = PT_REGS_PARM2(ctx);
	f->a[2] = PT_REGS_PARM3(ctx);
	f->a[3] = PT_REGS_PARM4(ctx);
	running->depth = at + 1;
}

// The arguments of the innermost call of that function; NULL where its beginning was missed. Those on top of it have
// returned unseen.
static __always_inline const __u64 *pop(struct running *running, __u32 function)
{
	for (int i = 0; i < FRAMES; i++) {
		const __u32 at = running->depth - 1;
		if (at >= FRAMES)
			break;
		running->depth = at;
		if (running->frames[at & (FRAMES - 1)].function == function)
			return running->frames[at & (FRAMES - 1)].a;
		running->missed = 1;
	}
	running->missed = 1;
	return NULL;
}

static __always_inline int entering(__u32 function, struct pt_regs *ctx)
{
	if (!control.on)
		return 0;
	if (function == RF___sys_bind)
		begin(function, (__s32)PT_REGS_PARM1(ctx), (const void *)PT_REGS_PARM2(ctx), (__s32)PT_REGS_PARM3(ctx),
		      NULL);
	else if (function == RF___sys_bind_socket)
		begin_socket((struct socket *)PT_REGS_PARM1(ctx), (const void *)PT_REGS_PARM2(ctx),
			     (__s32)PT_REGS_PARM3(ctx));
	struct bind_record *r = bind_of_thread();
	if (r && !on_other_stack(PT_REGS_SP(ctx)))
		push((struct running *)r, function, ctx);
	return 0;
}

#define TAKEN_1                                                                                                        \
	{                                                                                                              \
		ctx[0]                                                                                                 \
	}
#define TAKEN_2                                                                                                        \
	{                                                                                                              \
		ctx[0], ctx[1]                                                                                         \
	}
#define TAKEN_3                                                                                                        \
	{                                                                                                              \
		ctx[0], ctx[1], ctx[2]                                                                                 \
	}
#define TAKEN_4                                                                                                        \
	{                                                                                                              \
		ctx[0], ctx[1], ctx[2], ctx[3]                                                                         \
	}
#define TAKEN_5 TAKEN_4
#define TAKEN_6 TAKEN_4

// What a function returned: each is kept as the table says.
static __always_inline void returning(struct bind_record *r, __u32 function, __u64 value, const __u64 a[4])
{
	switch (function) {
#define FUNCTION(name, step, takes, gives, n, quiet)                                                                   \
	case RF_##name:                                                                                                \
		take_##takes(r, RF_##name, GIVE_##gives(value), a);                                                    \
		break;
#include "core/model/kernel_functions.def"
#undef FUNCTION
	}
	if (function == RF___sys_bind || function == RF___sys_bind_socket)
		end(function, (__s32)value);
}

static __always_inline int leaving(__u32 function, struct pt_regs *ctx)
{
	struct bind_record *r = bind_of_thread();
	const __u64 *a = r && !on_other_stack(PT_REGS_SP(ctx)) ? pop((struct running *)r, function) : NULL;
	if (a)
		returning(r, function, PT_REGS_RC(ctx), a);
	return 0;
}

#define FUNCTION(name, step, takes, gives, n, quiet)                                                                   \
	SEC("fexit/" #name) int exit_##name(unsigned long long *ctx)                                                   \
	{                                                                                                              \
		struct bind_record *r = bind_of_thread();                                                              \
		if (r && !on_other_stack(stack_of(ctx))) {                                                             \
			const __u64 a[4] = TAKEN_##n;                                                                  \
			returning(r, RF_##name, RETURNED(ctx, n), a);                                                  \
		}                                                                                                      \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("kprobe/" #name) int entry_##name(struct pt_regs *ctx)                                                     \
	{                                                                                                              \
		return entering(RF_##name, ctx);                                                                       \
	}                                                                                                              \
	SEC("kretprobe/" #name) int return_##name(struct pt_regs *ctx)                                                 \
	{                                                                                                              \
		return leaving(RF_##name, ctx);                                                                        \
	}

#include "core/model/kernel_functions.def"
#undef FUNCTION

// Of many functions at once, each of which has its number for a cookie.
SEC("kprobe.multi") int entry_of_many(struct pt_regs *ctx)
{
	return entering((__u32)bpf_get_attach_cookie(ctx), ctx);
}

SEC("kretprobe.multi") int return_of_many(struct pt_regs *ctx)
{
	return leaving((__u32)bpf_get_attach_cookie(ctx), ctx);
}

// What tracepoints of system calls have, at the same places in all kernels.
struct call_begins {
	__u64 common, number, fd, addr, addrlen;
};
struct call_ends {
	__u64 common, number, returned;
};

// What returns 0 hides the event from all perf events of the host, such as another Bindwalk's witness.
enum { PASS_ON = 1 };

// The socket that has the fd now is the one that bind finds, unless another thread changes that right now.
SEC("tracepoint/syscalls/sys_enter_bind") int point_enter(struct call_begins *ctx)
{
	const void *addr = (const void *)ctx->addr;
	const __s32 fd = (__s32)ctx->fd;
	const bool room = has_begun(RF___sys_bind, fd, addr, (__s32)ctx->addrlen, NULL);
	struct bind_record *r = room ? bind_of_thread() : NULL;
	struct socket *socket = r ? socket_of(fd) : NULL;
	if (!r)
		return PASS_ON; // point_exit() counts it
	r->from = ctx->addr;
	if (socket)
		take_state(r, socket);
	return PASS_ON;
}

SEC("tracepoint/syscalls/sys_exit_bind") int point_exit(struct call_ends *ctx)
{
	const __s32 returned = (__s32)ctx->returned;
	struct bind_record *r = bind_of_thread();
	// Its memory was not there yet when bind began; bind has brought it.
	if (r && !r->got && returned != -EFAULT)
		take_sockaddr(r, (const void *)r->from, r->addrlen, true);
	// A seccomp filter answered in bind's place, or it began before it was watched.
	if (!r && !has_begun(RF___sys_bind, -1, NULL, -1, NULL))
		lose();
	end(RF___sys_bind, returned);
	return PASS_ON;
}

// Where kprobes watch bind: the end of one whose return they missed.
SEC("tracepoint/syscalls/sys_exit_bind") int point_missed(struct call_ends *ctx)
{
	__u32 key = thread();
	(void)ctx;
	if (!bind_of_thread())
		return PASS_ON;
	lose();
	bpf_map_delete_elem(&binds, &key);
	return PASS_ON;
}

// Of a command that is watched: its children are as well.
SEC("raw_tp/sched_process_fork") int forked(unsigned long long *ctx)
{
	const struct task_struct *parent = (const void *)ctx[0], *child = (const void *)ctx[1];
	__u32 from = process_of(parent), to = process_of(child);
	__u8 yes = 1;
	if (bpf_map_lookup_elem(&tree, &from))
		bpf_map_update_elem(&tree, &to, &yes, BPF_ANY);
	return 0;
}

SEC("raw_tp/sched_process_exit") int exited(unsigned long long *ctx)
{
	const struct task_struct *task = (const void *)ctx[0];
	__u32 process = process_of(task);
	if (BPF_CORE_READ(task, signal, live.counter) == 0)
		bpf_map_delete_elem(&tree, &process);
	return 0;
}
