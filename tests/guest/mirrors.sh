# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Where this machine's apt gets Debian from. To be sourced.

# "RELEASE URI" of each source that the machine's apt is configured with.
# shellcheck disable=SC2016 # apt-get expands them
machine_sources()
{
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null | sort -u
}

# mirrors_for SUITE SOURCES: the mirrors that may have a suite: those of the machine's own security suite, or of its main one.
mirrors_for()
{
	own=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
	echo "$2" | awk -v suite="$1" -v own="$own" '
		{ is_security = sub(/-security$/, "", $1) }
		is_security == (suite ~ /-security$/) && $1 ~ "^(" own "|(old)*stable|testing|unstable|sid)$" && !seen[$2]++ {
			print $2
		}'
}
