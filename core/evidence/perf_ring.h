// SPDX-License-Identifier: GPL-3.0-or-later
// Perf events, and the memory through which their records come.
#ifndef BINDWALK_PERF_RING_H
#define BINDWALK_PERF_RING_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Opens an event. Its descriptor, or -errno.
int perf_open(const struct perf_event_attr *attr, pid_t thread, int cpu, int leader);

struct perf_ring {
	struct perf_event_mmap_page *page; // NULL: none
	const uint8_t *data;
	size_t size;       // of the data, a power of two
	uint64_t at, head; // while it is read: the next record, and the end
};

// Maps `size` bytes for the records of that event. 0 or -errno: -ENOBUFS beyond the limit of locked
// memory.
int perf_ring_map(struct perf_ring *r, int fd, size_t size);
void perf_ring_unmap(struct perf_ring *r);
// Has the records of another event written into it: of one on the same CPU, or of the same thread. 0 or -errno.
int perf_ring_share(int owner, int fd);

// A record: the kernel's header, and what follows it.
struct perf_record {
	uint32_t type; // PERF_RECORD_*
	size_t len;
	uint8_t body[768];
};

// Begins to read; what comes in later has to wait for the next time. False where so little room was left that records
// may be missing: the kernel itself tells of a loss only before the next record that fits.
bool perf_ring_begin(struct perf_ring *r);
// Is there a record of that type among those to read?
bool perf_ring_has(const struct perf_ring *r, uint32_t type);
// Takes the next record. Of one that is longer than a body the rest is left out. 1; 0 where there is none; -EBADMSG
// where the ring makes no sense: all that is in it is left out then.
int perf_ring_next(struct perf_ring *r, struct perf_record *out);
// The kernel may use the room of what was taken again.
void perf_ring_end(struct perf_ring *r);

// Copies the `len` bytes at `*at` of a record's body, and moves on. False where it has fewer.
bool perf_record_take(const struct perf_record *r, size_t *at, void *to, size_t len);

#endif
