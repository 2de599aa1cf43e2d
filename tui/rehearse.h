// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk rehearse`: the whole talk without anybody, and what would fail in it.
#ifndef BINDWALK_REHEARSE_H
#define BINDWALK_REHEARSE_H

int rehearse_main(int argc, char **argv);

#endif
