// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/place.h"

#include <unistd.h>

#include "core/model/fail.h"

int place_open(struct place *p, char *err, size_t errlen)
{
	int rc = observe_open(&p->observer, err, errlen);
	if (rc == 0)
		rc = observe_follow(p->observer, err, errlen);
	if (rc < 0)
		return rc;
	rc = owner_search_open(&p->owners);
	if (rc == 0)
		rc = sock_view_open(&p->sockets);
	return rc < 0 ? fail(rc, err, errlen, "out of memory, or of file descriptors") : 0;
}

void place_close(struct place *p)
{
	witness_close(p->witness);
	if (p->observer)
		observe_close(p->observer);
	owner_search_close(p->owners);
	sock_view_close(&p->sockets);
	*p = (struct place){0};
}

void place_attend(const struct place *p, struct loop *l)
{
	if (l->gone >= 0)
		close(l->gone);
	l->gone = -1;
	l->host = observe_fd(p->observer);
	l->owners = owner_search_fd(p->owners);
	l->socks = sock_reader_fd(p->sockets.reader);
}
