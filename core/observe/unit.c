// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/observe/cgroup_path.h"
#include "config.h"

#ifdef HAVE_LIBSYSTEMD

#include <dlfcn.h>
#include <systemd/sd-login.h>

static struct {
	bool tried;
	__typeof__(sd_pid_get_unit) *unit, *user_unit, *machine;
} lib;

static bool load(void)
{
	if (lib.tried)
		return lib.unit && lib.user_unit && lib.machine;
	lib.tried = true;
	void *so = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!so)
		return false;
	lib.unit = (__typeof__(lib.unit))dlsym(so, "sd_pid_get_unit");
	lib.user_unit = (__typeof__(lib.unit))dlsym(so, "sd_pid_get_user_unit");
	lib.machine = (__typeof__(lib.unit))dlsym(so, "sd_pid_get_machine_name");
	return lib.unit && lib.user_unit && lib.machine;
}

bool unit_can_tell(const char **why)
{
	*why = "cannot load libsystemd.so.0";
	return load();
}

static bool ask(__typeof__(sd_pid_get_unit) *f, pid_t pid, char out[static UNIT_TEXT])
{
	char *name = NULL;
	if (f(pid, &name) < 0)
		return false;
	snprintf(out, UNIT_TEXT, "%s", name);
	free(name);
	return true;
}

void unit_of(pid_t pid, char unit[static UNIT_TEXT])
{
	unit[0] = '\0';
	if (load() && !ask(lib.user_unit, pid, unit))
		ask(lib.unit, pid, unit);
}

void container_of(pid_t pid, const char *unit, char container[static UNIT_TEXT])
{
	container[0] = '\0';
	if (load() && !cgroup_unit_container(unit, container))
		ask(lib.machine, pid, container);
}

#else

bool unit_can_tell(const char **why)
{
	*why = "built without libsystemd (Debian: libsystemd-dev)";
	return false;
}

void unit_of(pid_t pid, char unit[static UNIT_TEXT])
{
	(void)pid;
	unit[0] = '\0';
}

void container_of(pid_t pid, const char *unit, char container[static UNIT_TEXT])
{
	(void)pid;
	(void)unit;
	container[0] = '\0';
}

#endif
