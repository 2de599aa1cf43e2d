// SPDX-License-Identifier: GPL-3.0-or-later
// An answer that may be missing: what could not be read is not known, and never its default. Pure.
#ifndef BINDWALK_TRI_H
#define BINDWALK_TRI_H

enum tri { NO, YES, UNKNOWN };

#endif
