package loggen

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Transport wraps lines the way a log collector does.
type Transport string

// The transports.
const (
	Plain         Transport = "plain"
	Compose       Transport = "compose"
	ComposeV1     Transport = "compose-v1"
	ComposeColour Transport = "compose-colour"
	ComposeTimes  Transport = "compose-timestamps"
	DockerTimes   Transport = "docker-timestamps"
	JSONFile      Transport = "json-file"
	CRI           Transport = "cri"
	Journald      Transport = "journald"
	JournaldJSON  Transport = "journald-json"
	CRLF          Transport = "crlf"
)

// Transports lists them all.
func Transports() []Transport {
	return []Transport{Plain, Compose, ComposeV1, ComposeColour, ComposeTimes, DockerTimes, JSONFile, CRI, Journald, JournaldJSON, CRLF}
}

// Wrap renders lines in a transport.
func Wrap(t Transport, lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		if l.Service == "" && !fromCompose(t) {
			continue // only compose prints these
		}
		b.WriteString(wrapLine(t, l))
		b.WriteByte('\n')
	}
	return b.String()
}

// fromCompose: what passed through compose, with its prefixes or (plain, crlf)
// without.
func fromCompose(t Transport) bool {
	switch t {
	case Plain, CRLF, Compose, ComposeV1, ComposeColour, ComposeTimes:
		return true
	}
	return false
}

func wrapLine(t Transport, l Line) string {
	stamp := l.Time.Format("2006-01-02T15:04:05.000000000Z07:00")
	service := l.Service
	if service == "" && t != CRLF { // compose's own word
		if t == ComposeV1 {
			return strings.Replace(l.Text, "-1 exited", "_1 exited", 1)
		}
		return l.Text
	}
	stream := "stdout"
	if l.Stderr {
		stream = "stderr"
	}
	switch t {
	case Compose:
		return service + "-1  | " + l.Text
	case ComposeV1:
		return service + "_1  | " + l.Text
	case ComposeColour:
		return "\x1b[36m" + service + "-1  | \x1b[0m" + paint(l.Text)
	case ComposeTimes:
		return service + "-1  | " + stamp + " " + l.Text
	case DockerTimes:
		return stamp + " " + l.Text
	case JSONFile:
		j, _ := json.Marshal(map[string]string{"log": l.Text + "\n", "stream": stream, "time": stamp}) // strings always marshal
		return string(j)
	case CRI:
		return stamp + " " + stream + " F " + l.Text
	case Journald:
		return l.Time.Format(time.Stamp) + " rig " + service + "[1381]: " + l.Text
	case JournaldJSON:
		j, _ := json.Marshal(map[string]any{"__REALTIME_TIMESTAMP": fmt.Sprint(l.Time.UnixMicro()), "MESSAGE": l.Text, "CONTAINER_NAME": service, "PRIORITY": "3"})
		return string(j)
	case CRLF:
		return l.Text + "\r"
	}
	return l.Text
}

// paint colours Wolf's own lines as Wolf does.
func paint(s string) string {
	if i := strings.Index(s, " | "); i == 24 {
		code := "37"
		switch strings.TrimSpace(s[19:24]) {
		case "WARN":
			code = "33"
		case "ERROR":
			code = "31"
		}
		return "\x1b[" + code + ";1m" + s + "\x1b[0m"
	}
	return s
}
