package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// sniffJSON recognises Wolf's API and docker inspect by their first keys. A
// log of JSON lines has neither.
func sniffJSON(head []byte) Kind {
	i := jsonStart(head)
	if i < 0 || !isIntroduction(head[:i]) {
		return None
	}
	t := head[i:]
	dec := json.NewDecoder(bytes.NewReader(t))
	var first json.RawMessage
	if dec.Decode(&first) == nil {
		t = first // what comes after it may be the next line of a log
	}
	flat := string(bytes.Join(bytes.Fields(t[:min(len(t), 2048)]), nil))
	if strings.Contains(flat, `"HostConfig":`) || strings.Contains(flat, `"State":{"Status"`) || strings.HasPrefix(flat, `[{"Id":"`) {
		return DockerInspect
	}
	if strings.Contains(flat, `"success":`) || strings.HasPrefix(flat, `{"sessions":`) {
		for _, k := range []struct {
			key  string
			kind Kind
		}{{`"lobbies":[`, WolfLobbies}, {`"sessions":[`, WolfSessions}, {`"apps":[`, WolfApps}, {`"clients":[`, WolfClients}} {
			if strings.Contains(flat, k.key) {
				return k.kind
			}
		}
	}
	return None
}

// isIntroduction reports whether the text before a JSON value is what a person
// writes above a paste: a few lines, none of which comes from a log.
func isIntroduction(b []byte) bool {
	lines := firstLines(b, 9)
	for _, l := range lines {
		if strings.Contains(l, " | ") || strings.Contains(l, "|  ") || l[0] >= '0' && l[0] <= '9' || l[0] == '[' || l[0] == '{' {
			return false
		}
	}
	return len(lines) < 9
}

func (s *Snapshot) wolfAPI(data []byte) error {
	r, base, err := readReply(data)
	if err != nil {
		at := int64(base) + r.end
		what := fmt.Sprintf("is no valid JSON from byte %d on (%v)", at, err)
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			what = fmt.Sprintf("is cut off at byte %d", at)
		}
		if !r.began {
			return fmt.Errorf("wolf api: %s: expected an object with success and a list", what)
		}
		s.cut = true
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s; what was whole before is used: %s", what, quantity(r.whole(), "object", "objects")))
	}
	if r.success != nil && !*r.success {
		s.fact(1, "", "Wolf's API answered with an error: "+r.error, "the API thread is alive")
		return nil
	}
	switch s.Kind {
	case WolfSessions:
		s.sessions(r.lists["sessions"])
	case WolfLobbies:
		s.lobbies(r.lists["lobbies"])
	case WolfApps:
		s.fact(1, "", s.atLeast()+quantity(len(r.lists["apps"]), "app is", "apps are")+" configured", "apps are configuration, not load")
	case WolfClients:
		s.fact(1, "", s.atLeast()+quantity(len(r.lists["clients"]), "client is", "clients are")+" paired", "")
	}
	return nil
}

// atLeast qualifies a number that was counted in a reply that is cut off.
func (s *Snapshot) atLeast() string {
	if s.cut {
		return "at least "
	}
	return ""
}

func quantity(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (s *Snapshot) sessions(list []map[string]any) {
	for _, m := range list {
		s.Sessions = append(s.Sessions, Session{ID: text(m["client_id"]), AppID: text(m["app_id"]),
			Width: whole(m["video_width"]), Height: whole(m["video_height"]), FPS: whole(m["video_refresh_rate"])})
	}
	said := s.atLeast() + quantity(len(list), "live session", "live sessions")
	if len(list) == 1 {
		if mode := s.Sessions[0].mode(); mode != "" {
			said += " (" + mode + ")"
		}
	}
	bears := "Wolf's API answers: its API thread is alive"
	if len(list) <= 2 && !s.cut {
		s.fact(1, "fact-encoder-sessions-low", said, bears+"; too few sessions for an encoder limit")
		return
	}
	s.fact(1, "", said, bears)
}

// mode is what is known of a session's picture: 3024×1890 at 60 Hz.
func (x Session) mode() string {
	var parts []string
	if x.Width > 0 && x.Height > 0 {
		parts = append(parts, fmt.Sprintf("%d×%d", x.Width, x.Height))
	}
	if x.FPS > 0 {
		parts = append(parts, fmt.Sprintf("at %d Hz", x.FPS))
	}
	return strings.Join(parts, " ")
}

func (s *Snapshot) lobbies(list []map[string]any) {
	s.Lobbies = len(list)
	empty := 0
	for _, m := range list {
		if c, ok := m["connected_sessions"].([]any); ok && len(c) == 0 {
			empty++
		}
	}
	said := fmt.Sprintf("%s%s, %d of them with nobody connected", s.atLeast(), quantity(len(list), "lobby", "lobbies"), empty)
	if empty > 0 {
		s.fact(1, "fact-lobbies-empty", said, "each lobby holds a compositor, producers and a container: supports session-leak")
		return
	}
	s.fact(1, "", said, "")
}
