// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/perf_ring.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST_OF_A_RECORD = 512 };

int perf_open(const struct perf_event_attr *attr, pid_t thread, int cpu, int leader)
{
	int fd = (int)syscall(SYS_perf_event_open, attr, thread, cpu, leader, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int perf_ring_map(struct perf_ring *r, int fd, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *memory = mmap(NULL, page + size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return errno == EPERM ? -ENOBUFS : -errno;
	*r = (struct perf_ring){.page = memory, .data = (const uint8_t *)memory + page, .size = size};
	return 0;
}

void perf_ring_unmap(struct perf_ring *r)
{
	if (r->page)
		munmap(r->page, (size_t)(r->data - (const uint8_t *)r->page) + r->size);
	r->page = NULL;
}

int perf_ring_share(int owner, int fd)
{
	return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, owner) < 0 ? -errno : 0;
}

static void copy_out(const struct perf_ring *r, uint64_t at, void *to, size_t len)
{
	size_t start = (size_t)(at % r->size), first = r->size - start < len ? r->size - start : len;
	memcpy(to, r->data + start, first);
	memcpy((uint8_t *)to + first, r->data, len - first);
}

bool perf_ring_begin(struct perf_ring *r)
{
	r->head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
	r->at = r->page->data_tail;
	return r->head - r->at <= r->size - MOST_OF_A_RECORD;
}

bool perf_ring_has(const struct perf_ring *r, uint32_t type)
{
	struct perf_event_header header = {0};
	for (uint64_t at = r->at; at < r->head && header.type != type; at += header.size) {
		copy_out(r, at, &header, sizeof header);
		if (header.size < sizeof header)
			return false;
	}
	return header.type == type;
}

int perf_ring_next(struct perf_ring *r, struct perf_record *out)
{
	struct perf_event_header header;
	if (r->at >= r->head)
		return 0;
	copy_out(r, r->at, &header, sizeof header);
	if (header.size < sizeof header || header.size > r->head - r->at) {
		r->at = r->head;
		return -EBADMSG;
	}
	size_t len = header.size - sizeof header;
	out->type = header.type;
	out->len = len < sizeof out->body ? len : sizeof out->body;
	copy_out(r, r->at + sizeof header, out->body, out->len);
	r->at += header.size;
	return 1;
}

void perf_ring_end(struct perf_ring *r)
{
	__atomic_store_n(&r->page->data_tail, r->at, __ATOMIC_RELEASE);
}

bool perf_record_take(const struct perf_record *r, size_t *at, void *to, size_t len)
{
	if (*at > r->len || len > r->len - *at)
		return false;
	memcpy(to, r->body + *at, len);
	*at += len;
	return true;
}
