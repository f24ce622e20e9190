#!/bin/sh
# Gathers the evidence of a Wolf server into one folder: logs, states, crash
# dumps. Printed by `wolfdiag collect`; read it, then run it:
#
#   wolfdiag collect | sh                    into ./wolfdiag-<time>
#   wolfdiag collect | sh -s -- FOLDER       into FOLDER
#   wolfdiag collect | ssh HOST sh -s -- FOLDER
#
# It reads only, changes nothing outside FOLDER, goes on when a tool is missing
# or refuses, and ends with 0. Settings: WOLF (container, pod), NAMESPACE, TAIL
# (lines of each log, default 20000), WOLFDIAG (the program that masks).
set -u
umask 077
LC_ALL=C
export LC_ALL

out=${1:-wolfdiag-$(date -u +%Y%m%dT%H%M%SZ)}
tail_lines=${TAIL:-20000}
wolfdiag=${WOLFDIAG:-wolfdiag}
patience=30 # seconds for one command
found=      # something of Wolf's is here
mkdir -p "$out" || exit 1

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Secrets that need no wolfdiag to be found: keys of sessions, certificates of
# clients, and the values of variables that are called so.
without_secrets() {
	sed -E \
		-e 's/("?(aes_key|aes_iv|pair_secret|pin|client_cert|rikey)"?[[:space:]]*[:=][[:space:]]*)("[^"]*"|[^",}[:space:]]+)/\1"masked"/g' \
		-e 's/([A-Za-z0-9_]*(PASS|PASSWORD|TOKEN|SECRET|AUTH|APIKEY|API_KEY|PRIVATE_KEY)[A-Za-z0-9_]*"?[=:][[:space:]]*"?)[^",[:space:]]+/\1masked/g'
}

# keep FILE COMMAND...: what the command prints, its complaints with it.
keep() {
	file=$out/$1
	shift
	mkdir -p "$(dirname "$file")"
	if ! have "$1"; then
		printf 'sh: %s: not found\n' "$1" >"$file"
		return 0
	fi
	if have timeout; then
		timeout "$patience" "$@" </dev/null 2>&1 | without_secrets >"$file"
	else
		"$@" </dev/null 2>&1 | without_secrets >"$file"
	fi
	[ -s "$file" ] || rm -f "$file"
	return 0
}

# dumps FOLDER: the newest crash dumps of a configuration folder.
dumps() {
	[ -d "$1" ] || return 0
	found=$(find "$1" -maxdepth 3 -type f -name 'backtrace*.dump*' -size -4096k 2>/dev/null | sort -r | head -n 50)
	[ -n "$found" ] || return 0
	mkdir -p "$out/dumps"
	printf '%s\n' "$found" | while IFS= read -r dump; do
		cp -p "$dump" "$out/dumps/" 2>/dev/null || say "cannot read $dump"
	done
	return 0
}

# config FOLDER: Wolf's config.toml without the certificates of its clients.
config() {
	for file in "$1/cfg/config.toml" "$1/config.toml"; do
		[ -r "$file" ] || continue
		keep config.toml cat "$file"
		return 0
	done
	return 0
}

# engine docker|podman: everything that one engine knows.
engine() {
	e=$1
	if ! have "$e"; then
		printf 'sh: %s: not found\n' "$e" >"$out/$e-ps.txt"
		return 0
	fi
	say "asking $e"
	keep "$e-ps.txt" "$e" ps -a --no-trunc
	"$e" ps -aq >/dev/null 2>&1 || return 0
	keep "$e-version.txt" "$e" version
	keep "$e-info.txt" "$e" info
	keep "$e-stats.txt" "$e" stats --no-stream
	keep "$e-disk.txt" "$e" system df
	wolf=${WOLF:-$("$e" ps -a --format '{{.Names}}' 2>/dev/null | grep wolf | head -n 1)}
	# The containers that Wolf starts are WolfPulseAudio and Wolf<App>_<session>.
	apps=$("$e" ps -a --format '{{.Names}}' 2>/dev/null | grep -E '^Wolf|_[0-9]{8,}$' | head -n 20)
	for name in $apps; do
		keep "logs/$name.log" "$e" logs --timestamps --tail "$tail_lines" "$name"
	done
	# shellcheck disable=SC2086 # a list of names
	[ -z "$wolf$apps" ] || keep "$e-inspect.json" "$e" inspect $wolf $apps
	if [ -z "$wolf" ]; then
		say "no container of $e is called wolf: set WOLF"
		return 0
	fi
	found=yes
	keep "logs/$wolf.log" "$e" logs --timestamps --tail "$tail_lines" "$wolf"
	inside "$e" exec "$wolf"
	for target in /etc/wolf /wolf/cfg; do
		folder=$("$e" inspect -f "{{range .Mounts}}{{if eq .Destination \"$target\"}}{{.Source}}{{end}}{{end}}" "$wolf" 2>/dev/null)
		[ -n "$folder" ] || continue
		keep wolf-folder.txt ls -la "$folder"
		config "$folder"
		dumps "$folder"
	done
	files=$("$e" inspect -f '{{index .Config.Labels "com.docker.compose.project.config_files"}}' "$wolf" 2>/dev/null | cut -d, -f1)
	if [ -n "$files" ] && [ -r "$files" ]; then
		keep compose.yaml "$e" compose -f "$files" config
	fi
	return 0
}

# inside COMMAND...: the state as Wolf's container sees it, entered with COMMAND.
# shellcheck disable=SC2016 # variables of the container
inside() {
	keep nvidia-smi.container.txt "$@" nvidia-smi
	keep vainfo.container.txt "$@" sh -c 'vainfo --display drm --device "${WOLF_RENDER_NODE:-/dev/dri/renderD128}"'
	keep eglinfo.container.txt "$@" eglinfo -B
	keep devices.container.txt "$@" sh -c 'ls -la /dev/dri /dev/nvidia* /dev/uinput /dev/uhid'
	keep sockets.container.txt "$@" sh -c 'ls -la "${XDG_RUNTIME_DIR:-/tmp/sockets}"'
	keep descriptors.container.txt "$@" sh -c 'p=$(pgrep -x wolf || echo 1); ls /proc/$p/fd | wc -l; grep "open files" /proc/$p/limits'
	for what in sessions lobbies apps; do
		keep "wolf-$what.json" "$@" sh -c "for s in \"\${WOLF_SOCKET_PATH:-}\" /var/run/wolf/wolf.sock /etc/wolf/cfg/wolf.sock /tmp/wolf.sock; do [ -S \"\$s\" ] && exec curl -sS -m 5 --unix-socket \"\$s\" http://localhost/api/v1/$what; done; echo 'curl: (7) no socket of the API was found' >&2"
	done
}

kubernetes() {
	have kubectl || return 0
	say "asking Kubernetes"
	keep kubectl-pods.txt kubectl get pods -A -o wide --request-timeout=10s
	kubectl get pods -A --request-timeout=10s >/dev/null 2>&1 || return 0
	keep kubectl-nodes.txt kubectl get nodes -o wide
	kubectl get pods -A --no-headers 2>/dev/null | awk '/wolf/ { print $1, $2 }' | head -n 10 | while read -r ns pod; do
		keep "logs/$ns-$pod.log" kubectl logs -n "$ns" "$pod" --all-containers --prefix --timestamps --tail="$tail_lines"
		keep "logs/$ns-$pod.before.log" kubectl logs -n "$ns" "$pod" --all-containers --prefix --timestamps --previous --tail="$tail_lines"
		keep "kubectl-$ns-$pod.txt" kubectl describe pod -n "$ns" "$pod"
	done
	ns=${NAMESPACE:-$(kubectl get pods -A --no-headers 2>/dev/null | awk '/wolf/ { print $1; exit }')}
	pod=${WOLF:-$(kubectl get pods -A --no-headers 2>/dev/null | awk '/wolf/ { print $2; exit }')}
	[ -n "$pod" ] || return 0
	found=yes
	inside kubectl exec -n "$ns" "$pod" --
}

host() {
	say "asking the host"
	keep uname.txt uname -a
	keep os-release.txt cat /etc/os-release
	keep uptime.txt uptime
	keep memory.txt free -m
	keep disk.txt df -h
	keep lspci.txt lspci -nnk
	keep devices.host.txt sh -c 'ls -la /dev/dri /dev/nvidia* /dev/uinput /dev/uhid 2>/dev/null'
	keep nvidia-smi.host.txt nvidia-smi
	if have nvidia-smi; then
		keep nvidia-smi-q.host.txt nvidia-smi -q
		keep nvidia-encoders.host.txt nvidia-smi encodersessions -c 1
		keep nvidia-apps.host.csv nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv
		keep nvidia-module.txt cat /proc/driver/nvidia/version
	fi
	if have vainfo; then keep vainfo.host.txt vainfo --display drm; fi
	if have vulkaninfo; then keep vulkaninfo.host.txt vulkaninfo --summary; fi
	keep ports.txt sh -c "ss -lntup | grep -E ':(479[0-9][0-9]|480[0-9][0-9]|481[0-9][0-9]|482[0-9][0-9]) '"
	if have journalctl; then
		for unit in wolf docker podman containerd kubelet; do
			keep "logs/$unit.journal.log" sh -c "journalctl -q -u $unit -b -o short-iso --no-pager -n 5000 2>/dev/null | grep -v '^-- '"
		done
	fi
	dumps "${WOLF_CFG_FOLDER:-/etc/wolf}"
	if have systemctl && systemctl cat wolf >/dev/null 2>&1; then found=yes; fi
	if [ -d /etc/wolf ] || [ -d /dev/dri ] || have nvidia-smi; then found=yes; fi
	[ -n "$found" ] || return 0 # what this kernel says is not Wolf's
	# Of the kernel what bears on graphics, input and memory.
	keep logs/kernel.log sh -c "(dmesg -T 2>/dev/null || journalctl -q -k -b --no-pager 2>/dev/null) | grep -iE 'nvidia|nvrm|xid|amdgpu|radeon|i915|\\[drm|drm:|xe 0000|gpu|oom|out of memory|uinput|uhid|wolf' | tail -n 5000"
	return 0
}

engine docker
engine podman
kubernetes
host

# Masked where wolfdiag is at hand; what it does not know by form stays.
if have "$wolfdiag" && "$wolfdiag" redact --help >/dev/null 2>&1; then
	if said=$("$wolfdiag" redact "$out" -o "$out.masked" 2>&1) && [ -d "$out.masked" ]; then
		[ ! -d "$out/dumps" ] || [ -d "$out.masked/dumps" ] || cp -pR "$out/dumps" "$out.masked/"
		say "masked: $out.masked (the originals are in $out)"
		out=$out.masked
	else
		say "not masked: wolfdiag redact did not do it: $said"
	fi
else
	say "not masked: wolfdiag redact is not at hand; look through it before you share it"
fi
say "collected in $out; now: wolfdiag analyze $out"
exit 0
