# SPDX-License-Identifier: GPL-3.0-or-later
# Turns the samples of one row into lines of the table, and appends a JSON object for each to the file `json`.

function median(program, metric,   n, i, k, v, t)
{
	n = count[program, metric]
	for (i = 1; i <= n; i++)
		v[i] = sample[program, metric, i]
	for (i = 2; i <= n; i++)
		for (k = i; k > 1 && v[k] < v[k - 1]; k--) {
			t = v[k]; v[k] = v[k - 1]; v[k - 1] = t
		}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

function quoted(text)
{
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}

function show(number)
{
	return number >= 100 ? sprintf("%.0f", number) : sprintf("%.2f", number)
}

FILENAME ~ /programs$/ { program[++programs] = $1; next }
FILENAME ~ /skipped$/ { skipped[$1] = $2; next }
{ sample[$1, $2, ++count[$1, $2]] = $3 + 0 }

END {
	ours = program[1]
	if (ours in skipped) {
		printf "%-36s skipped: %s %s\n", row, ours, skipped[ours]
		printf "{\"row\": %s, \"program\": %s, \"skipped\": %s}\n", quoted(row), quoted(ours), quoted(skipped[ours]) >>json
		exit
	}
	metrics_n = split(metrics, metric, ",")
	for (m = 1; m <= metrics_n; m++) {
		for (p = 2; p <= programs || p == 2; p++) {
			if (p > 2 && !((program[p], metric[m]) in count) && !(program[p] in skipped))
				continue
			peer = program[p]
			mine = median(ours, metric[m])
			object = sprintf("{\"row\": %s, \"metric\": %s, \"program\": %s, \"value\": %.3f, \"rounds\": %d", quoted(row),
				quoted(metric[m]), quoted(ours), mine, count[ours, metric[m]])
			line = sprintf("%-36s %-13s %12s", m == 1 && p == 2 ? row : "", metric[m], show(mine))
			if (peer in skipped) {
				line = line sprintf("  %-18s skipped: %s", peer, skipped[peer])
				object = object sprintf(", \"peer\": %s, \"skipped\": %s", quoted(peer), quoted(skipped[peer]))
			} else if ((peer, metric[m]) in count) {
				theirs = median(peer, metric[m])
				line = line sprintf("  %-18s %12s %8s", peer, show(theirs), theirs > 0 ? sprintf("%.2f", mine / theirs) : "-")
				object = object sprintf(", \"peer\": %s, \"peer_value\": %.3f, \"ratio\": %s", quoted(peer), theirs,
					theirs > 0 ? sprintf("%.3f", mine / theirs) : "null")
			}
			print line
			print object "}" >>json
		}
	}
}
