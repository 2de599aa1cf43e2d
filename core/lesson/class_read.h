// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the progress files of a class. They come from others: nothing is followed, waited for or believed.
#ifndef BINDWALK_CLASS_READ_H
#define BINDWALK_CLASS_READ_H

#include "core/lesson/class_report.h"

// Reads each regular file in a folder as a learner of its name (without .txt or .progress), and `progress` or
// `bindwalk/progress` in each folder there. 0, with what could not be read counted in *out; -errno with a sentence in
// err when the folder can't be read. Free it.
int class_read(const char *path, struct class_report *out, char *err, size_t errlen);

#endif
