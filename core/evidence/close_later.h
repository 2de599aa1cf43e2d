// SPDX-License-Identifier: GPL-3.0-or-later
// Descriptors that take long to close, such as those of BPF programs: nobody has to wait for it.
#ifndef BINDWALK_CLOSE_LATER_H
#define BINDWALK_CLOSE_LATER_H

// Another process, which is no child of ours, holds these as well. When the caller has closed its own and then the
// returned descriptor (-1: there is no such process), that process closes the last ones and is gone.
int close_later(const int *fds, unsigned n);

#endif
